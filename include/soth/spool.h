#ifndef SOTH_SPOOL_H
#define SOTH_SPOOL_H

#include "soth/base.h"

/*
 * Bytes that grow at the end and stay where they are: one thread adds, any
 * other may look at what is there. Little is kept in memory; more goes to a
 * file without a name, in $TMPDIR or /var/tmp, and is looked at through a
 * mapping of it.
 */
struct spool;

struct spool *spool_new(uint64_t most);		/* bytes it may come to; address space alone */
void spool_free(struct spool *s);		/* NULL is fine; nobody may look any more */
bool spool_add(struct spool *s, struct bytes more, struct fault *why) MUST_USE;
struct bytes spool_bytes(const struct spool *s);	/* all of it so far */
/* What is mapped and was looked at need not stay in memory. */
void spool_rest(struct spool *s);

#endif
