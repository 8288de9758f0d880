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

enum { SIGHT_BODY_MAX = 1 << 20, SIGHT_WHOLE_MAX = 16 << 20 };

struct sight *sight_new(struct store *s);
void sight_free(struct sight *s);

/* The flow, with at most `most` bytes of each body; NULL: there is none, or
 * nothing of it can be read (see `why`). Good until the next call. *version
 * changes when what is shown does. `now` in microseconds. */
const struct flow *sight_flow(struct sight *s, flow_id id, size_t most, uint64_t now,
	uint64_t *version, struct fault *why);

/* Microseconds, to measure what something took. */
uint64_t sight_clock(void);

#endif
