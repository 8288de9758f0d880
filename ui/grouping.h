#ifndef UI_GROUPING_H
#define UI_GROUPING_H

#include "catalog.h"
#include "group.h"

/*
 * The flows that a catalog shows, in groups, as lines that open and close. It
 * follows the catalog, and looks at what is new or has changed, a little at a
 * time. Flows cost 12 bytes each; groups are made only in those that were
 * opened, from their flows.
 */
struct grouping;

struct grouping *grouping_new(const struct catalog *c);		/* borrows it */
void grouping_free(struct grouping *g);				/* NULL is fine */
/* False: there is nothing of that name, and nothing has changed. */
bool grouping_by(struct grouping *g, const char *key) MUST_USE;
bool grouping_sort(struct grouping *g, const char *order) MUST_USE;	/* "-flows": the other way round */
const struct group_key *grouping_key(const struct grouping *g);
const char *grouping_sorted(const struct grouping *g);		/* as it was given */
const char *grouping_order(size_t i);				/* the names there are; NULL past the last */

/* With what has come; false: there is more to look at. */
bool grouping_refresh(struct grouping *g);
const struct group *grouping_all(const struct grouping *g);
uint64_t group_took(const struct group *g);			/* microseconds, one of those that have ended, in the mean */
/* What is counted so far of a group in another; NULL: there is none. */
const struct group *grouping_within(const struct grouping *g, const struct group *in, const char *name);

/* A group; a flow in the open group above; or how many more of those there are. */
struct group_line {
	const struct group *group;
	enum { LINE_GROUP, LINE_FLOW, LINE_MORE } kind;
	uint32_t index;		/* of the flow, in the store; or how many more */
};

size_t grouping_lines(const struct grouping *g);
struct group_line grouping_line(const struct grouping *g, size_t i);
void grouping_turn(struct grouping *g, size_t i);		/* opens or closes the group of that line */
/* The line where it is now, or the nearest group around it; SIZE_MAX: there is none. */
size_t grouping_find(const struct grouping *g, struct group_line what);
const struct group *grouping_numbered(const struct grouping *g, uint32_t number);	/* NULL: there is none */
/* The filter that takes what is in its group, and nothing else. */
bool grouping_filter(const struct grouping *g, size_t i, struct buf *out, struct fault *why) MUST_USE;

#endif
