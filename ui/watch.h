#ifndef UI_WATCH_H
#define UI_WATCH_H

#include "catalog.h"

/*
 * What becomes of the flows of a catalog, for those who count them or put them
 * together: each is told of once when it is shown, and again when it has
 * changed, until it has ended. Little is done at a time.
 */
struct sighting {		/* of a flow, as it was told of last */
	uint32_t index;		/* of the store */
	uint32_t notes;
	uint64_t bytes;		/* of both bodies */
	uint64_t took;		/* microseconds; where it has ended */
	uint16_t status;
	bool failed, ended, shown, over;
};

struct watch {
	const struct catalog *catalog;
	uint64_t era;
	size_t seen;		/* at so many */
	struct sighting *live;	/* those that went on when they were seen, by index */
	size_t lives, room;
	size_t next;		/* of them, to be looked at */
};

/* `was`: what was told of it last; NULL: it was not shown. `is`: NULL: it is not
 * any more. `over`: nothing more is told of it. */
struct watcher {
	void (*anew)(void *of);		/* other flows are meant: forget all */
	void (*changed)(void *of, size_t index, const struct sighting *was, const struct row *is, bool over);
};

/* Borrows the catalog, which is brought up to date before this is. */
void watch_open(struct watch *w, const struct catalog *c);
void watch_close(struct watch *w);
/* Until that time of sight_clock(); false: there is more to look at. */
bool watch_look(struct watch *w, uint64_t until, const struct watcher *watcher, void *of);
/* What was told of a flow that goes on; NULL: it is over, and as its row says. */
const struct sighting *watch_sighting(const struct watch *w, size_t index);
struct sighting sighting_of(size_t index, const struct row *r);

#endif
