#ifndef SOTH_TRAIL_H
#define SOTH_TRAIL_H

#include "soth/journal.h"
#include "soth/store.h"

/*
 * The records of one flow, from its first on, as far as they have come. A
 * flow leads back from its last record: a trail goes there once, and keeps
 * the way. Belongs to one thread, which may be another than the store's.
 */
struct trail;

struct trail *trail_new(struct store *s, flow_id id);
void trail_free(struct trail *t);
/* The next one; false: there is none yet, or `why` (empty else) says what is
 * wrong with it. */
bool trail_next(struct trail *t, struct glance *g, struct fault *why) MUST_USE;
/* It said that there is none, but it is still on its way back: ask again. */
bool trail_busy(const struct trail *t);
int trail_fd(const struct trail *t);		/* the file they are in */
/* Tells a flow the next of its notes, without bodies, at most `most` of them.
 * True: there may be more at once. */
bool trail_tell(struct trail *t, struct flow *f, size_t most, struct buf *scratch, struct fault *why);

/* Of store.c: the offset of a flow's last record in the file; 0: none. */
uint64_t store_last(struct store *s, flow_id id);
int store_file(const struct store *s);

#endif
