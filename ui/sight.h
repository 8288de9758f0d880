#ifndef UI_SIGHT_H
#define UI_SIGHT_H

#include "soth/store.h"

/*
 * The flow that the panes look at: read from the session when it is asked for
 * and when it has changed since, once for all of them. A live flow that grows
 * quickly is not read again before ten times as long as reading it took has
 * passed, so that looking at a long download costs little.
 */
struct sight;

struct sight *sight_new(struct store *s, int wake);	/* see study.h */
void sight_free(struct sight *s);

/* The flow, without bodies; NULL: there is none, or nothing of it can be read,
 * or there is so much that it takes longer than `patience` milliseconds (see
 * `why`). Good until the next call. *version changes when what is shown does.
 * `now` in microseconds. */
const struct flow *sight_flow(struct sight *s, flow_id id, uint64_t now, unsigned patience,
	uint64_t *version, struct fault *why);

/* Microseconds, to measure what something took. */
uint64_t sight_clock(void);

#endif
