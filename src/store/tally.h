#ifndef STORE_TALLY_H
#define STORE_TALLY_H

#include "soth/note.h"
#include "soth/tlscount.h"

/* The counts of tlscount.h. For one thread, or whoever has a lock. */
struct tally;

struct tally *tally_new(void);
void tally_free(struct tally *t);	/* NULL is fine */

/* With this one: of its host, its side, its reason, of all. */
struct tallied { uint64_t host, side, reason, all; };
/* A TLS_FAILED of a flow to `host`. */
struct tallied tally_add(struct tally *t, const struct note *n, struct bytes host);

size_t tally_counts(const struct tally *t, uint64_t now, struct tls_count *out, size_t room);
struct tls_sums tally_sums(const struct tally *t, uint64_t now);

#endif
