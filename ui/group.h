#ifndef UI_GROUP_H
#define UI_GROUP_H

#include "soth/buf.h"
#include "soth/store.h"

/*
 * A group of flows that have something in common, such as a host; within it,
 * groups of those that have more in common. What is counted is of all of them.
 */
enum { GROUP_NAME_MAX = 256, GROUP_CLASSES = 6, GROUP_NONE = UINT32_MAX };

struct group {
	const char *name;	/* shared by all that are called so */
	struct group *up;	/* NULL: the group of all */
	unsigned level;		/* how many are above */
	uint32_t number;	/* from 1 */
	uint32_t flows, failed;
	uint32_t status[GROUP_CLASSES];	/* by class; [0]: none yet */
	uint32_t ended;
	uint64_t took;		/* microseconds, by those that have ended, together */
	uint64_t bytes;		/* of both bodies */
	uint64_t last;		/* when the newest began */
	bool open;		/* its lines are shown */
	bool split;		/* its flows lie in groups within, where they can */
	bool others;		/* of what there were too many names for */
	/* grouping.c's: */
	struct group **kid, *rest;
	size_t kids, room;
	bool mixed;		/* its kids are in another order than is asked for */
	bool stale;		/* ... or may be, by what has been counted */
	uint32_t newest, oldest, own;	/* the flows that are in no group within */
	uint32_t splitting;	/* the next of them to be looked at; or GROUP_NONE */
	struct group *waits;	/* the next that is to be split */
};

/*
 * By what flows are grouped. To add one, add its line to ui/group_keys.c.
 */
struct group_key {
	const char *name, *about;
	bool deep;		/* there are groups within groups */
	/* The name of a flow's group of that level; false: it lies in none so deep. */
	bool (*part)(const struct row *r, unsigned level, char out[GROUP_NAME_MAX]);
	/* The filter that takes what is in the group. */
	void (*expression)(const struct group *g, struct buf *out);
};

extern const struct group_key group_keys[];	/* ends with a NULL name; the first is what it begins with */

#endif
