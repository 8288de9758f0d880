#ifndef SOTH_PAPER_H
#define SOTH_PAPER_H

#include "soth/decode.h"

/*
 * A doc of any length, over bytes that stay where they are. One thread reads
 * on and counts lines; another lays out those in sight, from the nearest
 * place where the decoder's state was put aside. So a body of gigabytes costs
 * some megabytes. Decoders without feed() write a doc of PAPER_DOC_MAX, which
 * is there when they are done.
 *
 * The bytes are given anew to each call: all of them so far, from the first.
 */
struct paper;

enum { PAPER_DOC_MAX = 32 << 20 };

/* `place`: how many steps of the choice were taken before (see coding_steps).
 * Copies what the others point to. */
struct paper *paper_new(const struct decoder *const *all, const struct choice *c, const struct hint *h, size_t place);
void paper_free(struct paper *p);

/* The reader's: a little at a time. False: there is nothing more to do for now.
 * `last`: no more bytes come. */
bool paper_read(struct paper *p, struct bytes all, bool last);
/* ... as if the first few bytes were enough to choose a decoder by. */
bool paper_read_early(struct paper *p, struct bytes all);
/* Whether more bytes would have made another choice. */
bool paper_mistaken(struct paper *p, struct bytes all, bool last);

/* Anyone's. */
size_t paper_lines(struct paper *p);		/* so far; the last may go on */
bool paper_done(struct paper *p);
uint64_t paper_reached(struct paper *p);	/* bytes read so far */
size_t paper_reports(struct paper *p, struct report *out, size_t max);

/* The screen's. Lines are those of paper_lines(). */
struct paper_line {
	const struct doc *doc;	/* good until the next call */
	size_t line;		/* of it */
};
struct paper_line paper_line(struct paper *p, struct bytes all, size_t i);
/* The next line behind i that is no deeper; paper_lines() where there is none. */
size_t paper_past(struct paper *p, struct bytes all, size_t i);
/* The line that line i is nested in; i itself where there is none. */
size_t paper_parent(struct paper *p, struct bytes all, size_t i);
/* The last line whose mark begins at `offset` or before it; 0 where none does. */
size_t paper_at(struct paper *p, struct bytes all, uint64_t offset);

#endif
