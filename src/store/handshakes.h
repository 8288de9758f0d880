#ifndef STORE_HANDSHAKES_H
#define STORE_HANDSHAKES_H

#include "row.h"
#include "soth/handshakes.h"

/* The table behind soth/handshakes.h. With the store's lock held. */
struct handshake_table;

struct handshake_table *handshake_table_new(void);
void handshake_table_free(struct handshake_table *t);
/* A note of that flow, whose row has heard it; `process`: whose connection it is. */
void handshake_note(struct handshake_table *t, const struct kept *k, const char *process, const struct note *n);
size_t handshake_lines(const struct handshake_table *t, uint64_t now, struct handshakes *out, size_t count);
uint64_t handshake_version(const struct handshake_table *t);
uint32_t handshake_of(const struct handshake_table *t, const struct kept *k, const char *process);

#endif
