#ifndef UI_PICKING_H
#define UI_PICKING_H

#include "folding.h"
#include "ranking.h"
#include "soth/filter.h"

/*
 * Which flows are shown, and in which order: found out by threads, which look
 * at all there are, at those that come, and again at those that go on. The
 * screen takes what they have when it draws, and waits for nothing.
 */
struct picking;

/* What the screen has: indices of the store, a line each. */
struct picked {
	uint32_t *line;
	size_t count;
	size_t looked;		/* at so many flows of the store */
	uint32_t *shown;	/* all flows that are, as they came */
	size_t shows;
	struct run *run;	/* by line */
	size_t runs;
	uint32_t *live;		/* those that are looked at again, as they came */
	size_t lives;
	bool moved;		/* lines have other places than in the one before */
};

/* What is asked for. */
struct pick {
	struct filter *filter;		/* NULL: all */
	bool invert;
	struct ranking *ranking;	/* NULL: as they came */
	bool fold;			/* what is the same, as one line; where they are as they came */
};

/* Takes what is in `what`. `wake`: an eventfd for progress. */
struct picking *picking_new(struct store *s, struct pick what, int wake);
void picking_leave(struct picking *p);		/* NULL is fine; it ends by itself */
void picking_poke(struct picking *p);		/* there may be something new in the store */
/* The runs with these flows in them, indices in order, are open. Copies them. */
void picking_open(struct picking *p, const uint32_t *mark, size_t marks);
bool picking_wait(struct picking *p, unsigned milliseconds);	/* until all has been looked at */
bool picking_busy(struct picking *p);
/* The newest there is, or NULL where it has been taken; freed by picked_free(). */
struct picked *picking_take(struct picking *p);
void picked_free(struct picked *p);		/* NULL is fine */

#endif
