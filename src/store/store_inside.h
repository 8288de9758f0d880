#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "keylog.h"
#include "row.h"
#include "shelf.h"
#include "soth/journal.h"

/*
 * The lock guards everything but the journal's batch and the event log, which
 * `writing` does, and the file, which only grows, but for what eviction.c lets go.
 */
struct store {
	pthread_rwlock_t lock;
	pthread_mutex_t writing;	/* held by whoever puts notes in, before the other */
	struct journal *journal;	/* NULL: an opened file, or recording has stopped */
	struct volume *file;		/* to read flows from */
	struct shelf row;		/* of struct kept */
	size_t rows;			/* that there were: those that are gone have no flow */
	struct shelf ended;		/* uint32_t: indices + 1, in the order they ended */
	size_t ends;
	size_t told;			/* of them, those that are in the file to their end */
	struct shelf at;		/* uint32_t: index + 1 of a flow, by its id: ids are dense */
	uint32_t *remarked;		/* indices, in the order of remarks */
	size_t remarked_room;
	bool remarks_alone;		/* an opened file, which is written on with nothing else */
	flow_id highest;
	struct map *far;		/* ... but for those that a file may make up */
	struct map *hosts;
	struct handshake_table *handshakes;
	uint64_t heard;			/* when the last note came */
	uint64_t *trigrams;		/* where their records are */
	size_t learned;
	struct eventlog *log;		/* NULL: none. The recorder's */
	struct keylog keys;		/* likewise */
	struct store_stats stats;
	struct ordering ordering;
	uint64_t order;
	int wake;
	bool wanted, changed;
	struct loading *loading;	/* NULL: nothing is being read */
	struct eviction *eviction;	/* NULL: all is kept */
	struct map *carried;		/* of flows whose beginning was written anew: where the last record of it is */
};

struct store *store_new(const char *path);
/* rows.c. With the lock held. */
struct kept *store_row_new(struct store *s, flow_id id);
struct kept *store_row(const struct store *s, flow_id id);	/* NULL: it has none */
size_t store_place(const struct store *s, flow_id id);		/* of its row; SIZE_MAX: it has none */
struct kept *store_kept(const struct store *s, size_t index);	/* NULL: there is none, or it is gone */
const char *store_process(const struct store *s, const struct kept *k);	/* whose connection its flow came by */
void store_forget(struct store *s, size_t index);		/* it is there */
void store_carry(struct store *s, flow_id id, uint64_t at);	/* the last record of its beginning; 0: of nothing */
/* With the lock held: a note that is in the file already, at `at`; and that there is something new. */
void store_hear(struct store *s, struct note *n, uint64_t at);
void store_tell(struct store *s);
void store_keys_stopped(struct store *s, const struct fault *why);	/* without the lock */
void store_remark_row(struct store *s, struct kept *k, const struct note *n);

/* eviction.c. With `writing` held: a batch is in the file. */
struct eviction;
void eviction_turn(struct store *s);
void eviction_free(struct eviction *e);		/* NULL is fine */

/* The thread that reads an opened file. */
struct loading;
void loading_stop(struct loading *l);	/* leaves the rest unread; it is gone then */

#endif
