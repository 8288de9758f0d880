#ifndef NET_ASKS_H
#define NET_ASKS_H

#include <pthread.h>

#include "soth/base.h"

/*
 * Questions that take a while, asked from a loop: threads that all workers
 * share answer them, and the answer comes to the loop that asked. So no worker
 * waits for a name, or for /proc.
 */
struct loop;
struct asker;			/* a worker's */

struct ask {			/* the first member of whoever's question */
	struct ask *next;
	struct asker *from;
	const struct pool *pool;
	bool cancelled;		/* the loop's alone */
};

struct pool {			/* threads for questions of one kind; static */
	void (*answer)(struct ask *q);		/* on one of them; any may be asked at once where there are several */
	void (*tell)(struct ask *q);		/* on the loop, once; not where it was cancelled */
	void (*drop)(struct ask *q);		/* frees it */
	unsigned threads_most, queue_most;
	struct pool_state *state;
};
/* asks.c's. */
struct pool_state {
	pthread_cond_t asked;
	struct ask *first, *last;
	unsigned threads, idle, queued;
};
#define POOL_STATE { .asked = PTHREAD_COND_INITIALIZER }

struct asker *asker_new(struct loop *loop);
void asker_free(struct asker *a);		/* answers still out are dropped */

/* Takes q. False: too many wait, or there is no thread, and it has not taken it. */
bool ask(struct asker *a, const struct pool *pool, struct ask *q) MUST_USE;
void ask_answered(struct asker *a, const struct pool *pool, struct ask *q);	/* the same, with its answer in it already */
void ask_cancel(struct ask *q);			/* tell() will not be called */

#endif
