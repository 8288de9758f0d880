#ifndef UI_GROUPING_INSIDE_H
#define UI_GROUPING_INSIDE_H

#include "group.h"
#include "watch.h"

/* What grouping.c, which counts, and grouping_lines.c, which puts in order and shows, both know. */
struct place {			/* of a flow */
	uint32_t group;		/* 0: in none */
	uint32_t newer, older;	/* beside it there; or GROUP_NONE */
};

struct laid {			/* a line */
	uint32_t group;
	uint32_t index;		/* of the flow; GROUP_NONE: the group's own */
	uint32_t more;		/* flows that are not shown */
};

struct group_order;

struct grouping {
	struct watch watch;
	const struct group_key *key;
	const struct group_order *order;
	char sorted[16];
	bool back;
	struct map *names;	/* each that there is, once */
	struct map *within;	/* groups, by the one they lie in and their name */
	struct group *all;
	struct group **group;	/* by number - 1 */
	size_t groups, groups_room;
	struct place *place;	/* by index of the store */
	size_t places;
	struct group *waiting;	/* to be split */
	struct laid *line;
	size_t lines, lines_room;
};

void group_add(struct grouping *g, struct group *in, struct group *kid);	/* in its order */
void grouping_lay(struct grouping *g);		/* the lines, as the groups are now */

#endif
