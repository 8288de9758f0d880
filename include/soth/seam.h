#ifndef SOTH_SEAM_H
#define SOTH_SEAM_H

#include "soth/buf.h"

/*
 * A body behind one content coding into which something is put: gzip, x-gzip,
 * deflate, br or zstd. Up to a cut between two of its blocks it passes as it
 * is, and is kept here. From there on what its sender packed is unpacked, and
 * goes on, with what is put in between, in blocks of the same coding that are
 * not packed: they need nothing of what was before.
 *
 *	s = seam_new(coding);
 *	seam_keep(s, came);		all of it, as it comes
 *	seam_cut(s, &why);		SEAM_CUT: now
 *	seam_put(s, plain, &out);	out: what goes on
 *	seam_came(s, came, &out, &why);
 *	seam_end(s, &out);		and its checksum
 */
struct seam;

enum { SEAM_KEPT_MAX = 512 << 10 };

enum seam_cut {
	SEAM_CUT,
	SEAM_NOT_YET,		/* not between two blocks: there may be such a place when more has come */
	SEAM_NEVER,		/* why says what is in the way */
};

struct seam *seam_new(struct bytes coding);	/* NULL: none of these */
void seam_free(struct seam *s);			/* NULL is fine */

void seam_keep(struct seam *s, struct bytes came);
enum seam_cut seam_cut(struct seam *s, struct fault *why) MUST_USE;

/* Behind a cut. False: `out` has no room, or what came is broken. */
bool seam_put(struct seam *s, struct bytes plain, struct buf *out) MUST_USE;
bool seam_came(struct seam *s, struct bytes came, struct buf *out, struct fault *why) MUST_USE;
bool seam_end(struct seam *s, struct buf *out) MUST_USE;

#endif
