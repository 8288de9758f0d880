#ifndef SOTH_INFLATE_H
#define SOTH_INFLATE_H

#include "soth/buf.h"

/*
 * Content codings, by name (RFC 9110 section 8.4.1): gzip x-gzip deflate br
 * zstd identity. "deflate" takes both kinds that are met, zlib and raw. One
 * stream, fed as it comes; what comes out never passes the limit of `out`,
 * and memory inside is bounded too.
 */
struct inflater;

bool inflater_knows(struct bytes coding);
struct inflater *inflater_new(struct bytes coding);	/* NULL: not known */

/* False: the stream is broken, or `out` is full; what came out before stands. */
bool inflater_feed(struct inflater *i, struct bytes more, struct buf *out, struct fault *why) MUST_USE;
bool inflater_ended(const struct inflater *i);	/* the stream said so itself */
void inflater_free(struct inflater *i);

#endif
