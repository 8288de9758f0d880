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
/* The same, as long as `out` has room for 16 KiB more: what was read is taken
 * from *more. *full: there may be more to come out, once there is room; call
 * again, with what is left, even if that is nothing. */
bool inflater_some(struct inflater *i, struct bytes *more, struct buf *out, bool *full, struct fault *why) MUST_USE;
bool inflater_ended(const struct inflater *i);	/* the stream said so itself */
/* gzip and deflate: between two blocks, and bytes; *check is what the end would
 * say of all that came out: CRC-32 or Adler-32. */
bool inflater_between(const struct inflater *i, uint32_t *check) MUST_USE;
bool inflater_is_raw(const struct inflater *i);		/* deflate: without zlib's frame, and so without a check */
void inflater_free(struct inflater *i);

/*
 * Messages of permessage-deflate (RFC 7692 section 7.2.2): raw deflate, one
 * after the other without the 00 00 ff ff at each one's end; the window goes
 * on from one to the next. What `out` has no room for is unpacked all the
 * same, for the sake of the window, and left out.
 */
struct inflater *inflater_new_messages(unsigned window_bits);	/* 8 to 15 */
/* A piece of a message, `last` of it. `*cut` is set where something was left
 * out, and not touched else. False: it is broken, and so is the window. */
bool inflater_message(struct inflater *i, struct bytes piece, bool last, struct buf *out, bool *cut,
	struct fault *why) MUST_USE;
void inflater_reset(struct inflater *i);		/* of messages: an empty window (no context takeover) */

#endif
