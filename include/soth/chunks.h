#ifndef SOTH_CHUNKS_H
#define SOTH_CHUNKS_H

#include "soth/head.h"

/* A body in chunks, as whoever receives it reads it (RFC 9112 section 7.1). */
struct chunks {
	struct slice body;	/* without what is between the chunks */
	struct head *trailer;	/* NULL: there are no fields behind them */
};

/* Of all that stands behind such a head. False: it says nothing of chunks, or
 * what is there is not just chunks up to the last one and its empty line, and
 * why; *out is empty, and *why too where there is no word of chunks. */
bool chunks_read(const struct head *head, struct bytes framed, struct chunks *out, struct fault *why) MUST_USE;
void chunks_release(struct chunks *c);

#endif
