#ifndef UI_CATALOG_H
#define UI_CATALOG_H

#include "ranking.h"
#include "soth/filter.h"

/*
 * Which flows the list shows: those that a filter takes, in the order they
 * came, or that of a column. They are looked through a little at a time; those that go on are
 * looked at again until they end.
 */
struct catalog {
	struct store *store;
	struct filter *filter;		/* NULL: none was given */
	char text[512];			/* of it, as the person wrote it */
	bool on, invert;
	struct ranking *ranking;	/* NULL: in the order they came */
	uint64_t moved;			/* grows when lines have */
	size_t flows;			/* in the store */
	uint64_t remarks;		/* that were heard of */
	size_t looked;			/* at so many */
	size_t *shown;			/* indices of the store, in order */
	size_t count, room;
	size_t *live;			/* looked at while they went on */
	size_t lives, lives_room;
};

void catalog_open(struct catalog *c, struct store *s);
void catalog_close(struct catalog *c);
/* False: the expression is wrong, at byte *at, and nothing has changed. "": all flows. */
bool catalog_filter(struct catalog *c, const char *text, struct fault *why, size_t *at) MUST_USE;
void catalog_switch(struct catalog *c, bool on, bool invert);
/* By "host", "-size"; "": as they came. False: no column is called so. */
bool catalog_sort(struct catalog *c, const char *by) MUST_USE;
/* With what has come; false: there is more to look at. */
bool catalog_refresh(struct catalog *c);
bool catalog_filters(const struct catalog *c);
size_t catalog_count(const struct catalog *c);
size_t catalog_index(const struct catalog *c, size_t line);	/* of the store */
/* The line where that index is, or what is next to it; SIZE_MAX: it is in no order, and not there. */
size_t catalog_line(const struct catalog *c, size_t index);

#endif
