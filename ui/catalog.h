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
	char by[RANKING_NAME];			/* the column; "": in the order they came */
	bool on, invert;
	bool fold;			/* what is the same, as one line, where they are as they came */
	uint32_t *mark;			/* indices, in order: the runs with them are open */
	size_t marks;
	struct picking *picking;	/* NULL: all flows, as they came */
	struct picked *picked;		/* NULL: nothing yet */
	bool fresh;			/* asked for, and not waited for yet */
	uint64_t version;		/* of the store, when the threads heard of it */
	size_t flows, came;		/* that are there; that ever were */
	uint64_t gone;			/* of the store's flows */
	bool gapped;			/* some are gone: lines are not indices */
	uint64_t moved;			/* grows when lines have */
	uint64_t era;			/* grows when other flows are meant: those who watch begin anew */
	bool sifted, waits;		/* they were a filter's; they are to be another's, which are not there yet */
};

void catalog_open(struct catalog *c, struct store *s, int wake, unsigned patience);
void catalog_close(struct catalog *c);
/* False: the expression is wrong, at byte *at, and nothing has changed. "": all flows. */
bool catalog_filter(struct catalog *c, const char *text, struct fault *why, size_t *at) MUST_USE;
void catalog_switch(struct catalog *c, bool on, bool invert);
/* By "host", "-size"; "": as they came. False: no column is called so. */
bool catalog_sort(struct catalog *c, const char *by) MUST_USE;
/* All of that at once; likewise. */
struct catalog_wish { const char *filter, *by; bool invert; };
bool catalog_show(struct catalog *c, const struct catalog_wish *wish, struct fault *why, size_t *at) MUST_USE;
void catalog_refresh(struct catalog *c);	/* with what has come, and what the threads have found */
bool catalog_busy(const struct catalog *c);	/* not all flows have been looked at */
bool catalog_filters(const struct catalog *c);
void catalog_fold(struct catalog *c, bool on);
/* The run that a line is of; NULL: none. Good until the next refresh. */
const struct run *catalog_run(const struct catalog *c, size_t line);
size_t catalog_newest(const struct catalog *c, const struct run *r);	/* of its flows, as an index of the store */
bool catalog_turn(struct catalog *c, size_t line);	/* opens or closes it; false: there is none, or too many are open */

/* For those who watch. Up to which index of the store it is known what is shown; whether one below is, lines
 * or not; and whether that may change. */
size_t catalog_known(const struct catalog *c);
bool catalog_shows(const struct catalog *c, size_t index);
bool catalog_settled(const struct catalog *c, size_t index);

size_t catalog_flows(const struct catalog *c);	/* that are shown, on lines of their own or not */
/* Lines: */
size_t catalog_count(const struct catalog *c);
size_t catalog_nth(const struct catalog *c, size_t n);	/* of the flows, as they came, as an index of the store */
size_t catalog_index(const struct catalog *c, size_t line);	/* of the store */
/* The flows of a line, each for catalog_nth(): all of a run that is closed. */
struct stretch { size_t from, count; };
struct stretch catalog_stretch(const struct catalog *c, size_t line);
/* The line where that index is, or its run, or what is next to it; SIZE_MAX: it is in no order, and not there. */
size_t catalog_line(const struct catalog *c, size_t index);

#endif
