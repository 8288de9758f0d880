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
/* Of a message that was edited: what went on in its place (as it begins), what
 * came, or both. Before the first trail_next(). */
enum trail_shows { TRAIL_WENT, TRAIL_CAME, TRAIL_BOTH };
void trail_show(struct trail *t, enum trail_shows what);
/* The next one; false: there is none yet, or `why` (empty else) says what is
 * wrong with it. */
bool trail_next(struct trail *t, struct glance *g, struct fault *why) MUST_USE;
/* It said that there is none, but it is still on its way back: ask again. */
bool trail_busy(const struct trail *t);
struct volume *trail_file(const struct trail *t);		/* the file they are in */
/* Tells a flow the next of its notes, without bodies, at most `most` of them.
 * True: there may be more at once. */
bool trail_tell(struct trail *t, struct flow *f, size_t most, struct buf *scratch, struct fault *why);

/* For those who read many flows: what was read for one is there for the next.
 * Belongs to one thread. */
struct lens;
struct lens *lens_new(struct store *s);
void lens_free(struct lens *l);			/* NULL is fine */
struct store *lens_store(const struct lens *l);
struct trail *trail_by(struct lens *l, flow_id id);	/* a trail that lives no longer than the lens */
/* As store_flow(). */
bool lens_flow(struct lens *l, flow_id id, struct flow *out, struct fault *why) MUST_USE;
/* That side's head (of responses the final one), read alone; the caller drops
 * it. NULL: there is none, or it is not in the file yet. */
struct head *lens_head(struct lens *l, flow_id id, enum side side);
/* As journal_data(); borrowed until the next call. */
bool lens_data(struct lens *l, const struct glance *g, struct bytes *data, struct fault *why) MUST_USE;
/* All of a flow will be read: where it is short, at once. */
void lens_reach(struct lens *l, flow_id id);
/* The note that it stands for, whole; the caller drops it. */
bool lens_note(struct lens *l, const struct glance *g, struct note *n, struct fault *why) MUST_USE;

/* Of store.c: the offset of a flow's last record in the file; 0: none. */
uint64_t store_last(struct store *s, flow_id id);
uint64_t store_carried(struct store *s, flow_id id);	/* of the last record of its beginning that was written anew; 0: none was */
uint64_t store_head(struct store *s, flow_id id, enum side side);	/* of a head's record; 0: none is in the file */
uint64_t store_trigrams(struct store *s, size_t i);	/* of the i-th record of them; 0: there are no more */
struct volume *store_file(const struct store *s);
/* Tells the flow what its row has of remarks: the file may not have it. */
void store_say(struct store *s, struct flow *f);

#endif
