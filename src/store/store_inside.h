#ifndef STORE_INSIDE_H
#define STORE_INSIDE_H

#include <pthread.h>

#include "row.h"
#include "soth/journal.h"

/*
 * The lock guards everything but the journal's batch and the event log, which
 * `writing` does, and the file, which only grows.
 */
struct store {
	pthread_mutex_t lock;
	pthread_mutex_t writing;	/* held by whoever puts notes in, before the other */
	struct journal *journal;	/* NULL: an opened file, or recording has stopped */
	int fd;				/* to read flows from */
	struct kept *row;
	size_t rows, room;
	uint32_t *ended;		/* indices, in the order they ended */
	size_t ends, ends_room;
	uint32_t *remarked;		/* indices, in the order of remarks */
	size_t remarked_room;
	bool remarks_alone;		/* an opened file, which is written on with nothing else */
	uint32_t *at;			/* index + 1 of a flow, by its id: ids are dense */
	size_t at_room;
	flow_id highest;
	struct map *far;		/* ... but for those that a file may make up */
	struct map *hosts;
	struct eventlog *log;		/* NULL: none. The recorder's */
	struct store_stats stats;
	struct ordering ordering;
	uint64_t order;
	int wake;
	bool wanted, changed;
	struct loading *loading;	/* NULL: nothing is being read */
};

struct store *store_new(const char *path);
/* With the lock held: a note that is in the file already, at `at`; and that there is something new. */
void store_hear(struct store *s, struct note *n, uint64_t at);
void store_tell(struct store *s);
struct kept *store_row(struct store *s, flow_id id);	/* NULL: there is none */
void store_remark_row(struct store *s, struct kept *k, const struct note *n);

/* The thread that reads an opened file. */
struct loading;
void loading_stop(struct loading *l);	/* leaves the rest unread; it is gone then */

#endif
