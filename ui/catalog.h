#ifndef UI_CATALOG_H
#define UI_CATALOG_H

#include "picking.h"

/*
 * Which flows the list shows: those that a filter takes, in the order they
 * came or in that of a column. Threads find that out (see picking.h); until
 * they have something to show, what was shown before stands.
 */
struct catalog {
	struct store *store;
	int wake;
	unsigned patience;		/* milliseconds that a frame waits for what was just asked for */
	char text[512];			/* of the filter, as the person wrote it; "": none was given */
	char by[16];			/* the column; "": in the order they came */
	bool on, invert;
	struct picking *picking;	/* NULL: all flows, as they came */
	struct picked *picked;		/* NULL: nothing yet */
	bool fresh;			/* asked for, and not waited for yet */
	uint64_t version;		/* of the store, when the threads heard of it */
	size_t flows, came;		/* that are there; that ever were */
	bool gapped;			/* some are gone: lines are not indices */
	uint64_t moved;			/* grows when lines have */
};

void catalog_open(struct catalog *c, struct store *s, int wake, unsigned patience);
void catalog_close(struct catalog *c);
/* False: the expression is wrong, at byte *at, and nothing has changed. "": all flows. */
bool catalog_filter(struct catalog *c, const char *text, struct fault *why, size_t *at) MUST_USE;
void catalog_switch(struct catalog *c, bool on, bool invert);
/* By "host", "-size"; "": as they came. False: no column is called so. */
bool catalog_sort(struct catalog *c, const char *by) MUST_USE;
void catalog_refresh(struct catalog *c);	/* with what has come, and what the threads have found */
bool catalog_busy(const struct catalog *c);	/* not all flows have been looked at */
bool catalog_filters(const struct catalog *c);
size_t catalog_count(const struct catalog *c);
size_t catalog_index(const struct catalog *c, size_t line);	/* of the store */
/* The line where that index is, or what is next to it; SIZE_MAX: it is in no order, and not there. */
size_t catalog_line(const struct catalog *c, size_t index);

#endif
