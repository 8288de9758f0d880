#ifndef SOTH_SCENE_H
#define SOTH_SCENE_H

#include "soth/note.h"

/*
 * An exchange as it stands while somebody decides about it. All of it is
 * borrowed for the call.
 */
struct scene {
	flow_id flow;
	uint64_t now;			/* microseconds since the epoch */
	const struct origin *origin;
	struct step *const *step;	/* of its connection, so far */
	size_t steps;
	const struct head *head[2];	/* NULL: has not come */
	struct bytes body[2];		/* as on the wire, behind the transfer coding; as much as is kept back */
	bool whole[2];			/* ... that is all of it */
	enum side side;			/* whose message it is about */
};

#endif
