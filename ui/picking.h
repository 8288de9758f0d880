#ifndef UI_PICKING_H
#define UI_PICKING_H

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
	bool moved;		/* lines have other places than in the one before */
};

/* `filter` NULL: all; `ranking` NULL: as they came. Takes both. `wake`: an
 * eventfd for progress. */
struct picking *picking_new(struct store *s, struct filter *filter, bool invert, struct ranking *ranking, int wake);
void picking_leave(struct picking *p);		/* NULL is fine; it ends by itself */
void picking_poke(struct picking *p);		/* there may be something new in the store */
bool picking_wait(struct picking *p, unsigned milliseconds);	/* until all has been looked at */
bool picking_busy(struct picking *p);
/* The newest there is, or NULL where it has been taken; freed by picked_free(). */
struct picked *picking_take(struct picking *p);
void picked_free(struct picked *p);		/* NULL is fine */

#endif
