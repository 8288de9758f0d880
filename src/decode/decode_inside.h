#ifndef DECODE_INSIDE_H
#define DECODE_INSIDE_H

#include "soth/buf.h"
#include "soth/coding.h"

/* A decoder at work; for decode.c and paper.c. */
struct decode {
	const struct decoder *const *all;
	const struct decoder *how;	/* NULL: not chosen yet */
	struct hint hint;
	struct choice choice;
	char *texts;			/* of the hint */
	struct doc *doc;
	struct coding *coding;		/* NULL: what comes is plain */
	size_t place;			/* of choices, taken by codings of who stands outside */
	struct buf tail;		/* fed, and not yet read */
	struct bytes now;		/* what is being read */
	uint64_t base;			/* ... and where it begins */
	bool adrift;			/* these bytes are no part of the outermost ones */
	bool failed, fallen, ended;
	unsigned depth;			/* of decoders in decoders */
	unsigned nest;			/* the doc's, when it was chosen */
	struct report report;
	struct report inner[DECODE_STEPS_MAX];
	size_t inners;
	void *st;
};

struct decode *decode_begin(const struct decoder *const *all, const struct choice *c, const struct hint *h,
	struct doc *doc);
/* Whether it is chosen who decodes; for which `unread` is looked at. */
bool decode_ready(struct decode *d, struct bytes unread, bool last);
/* The best for it by its first bytes; and whether so many are enough to tell. */
const struct decoder *decode_best(const struct decode *d, struct bytes first);
bool decode_told(struct bytes first, bool last);
/* Reads on; how many of the bytes have been read. `last`: no more come. */
size_t decode_over(struct decode *d, struct bytes unread, bool last);
#endif
