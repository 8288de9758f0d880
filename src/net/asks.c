/* Questions that threads answer, and the loops that asked them. */
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "asks.h"
#include "loop.h"

struct asker {
	struct watch *watch;
	int fd;
	struct ask *answered;	/* under the lock, as what follows */
	unsigned open;
	bool closed;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void
asker_drop(struct asker *a)
{
	close(a->fd);
	free(a);
}

/* Hands q back, under the lock; true: it was the last of an asker that is
 * closed, which is the caller's to drop. */
static bool
give_back(struct ask *q)
{
	struct asker *a = q->from;

	a->open--;
	if (a->closed) {
		q->pool->drop(q);
		return !a->open;
	}
	q->next = a->answered;
	a->answered = q;
	(void)!write(a->fd, &(uint64_t){ 1 }, 8);
	return false;
}

static struct ask *
pool_wait(struct pool_state *s)
{
	struct ask *q;

	pthread_mutex_lock(&lock);
	s->idle++;
	while (!s->first)
		pthread_cond_wait(&s->asked, &lock);
	s->idle--;
	s->queued--;
	q = s->first;
	s->first = q->next;
	pthread_mutex_unlock(&lock);
	return q;
}

static void *
pool_run(void *arg)
{
	const struct pool *pool = arg;

	for (;;) {
		struct ask *q = pool_wait(pool->state);
		struct asker *a = q->from;
		bool last;

		pool->answer(q);
		pthread_mutex_lock(&lock);
		last = give_back(q);
		pthread_mutex_unlock(&lock);
		if (last)
			asker_drop(a);
	}
	return NULL;
}

static void
asker_ready(void *arg)
{
	struct asker *a = arg;
	struct ask *q, *next;
	uint64_t count;

	(void)!read(a->fd, &count, sizeof(count));
	pthread_mutex_lock(&lock);
	q = a->answered;
	a->answered = NULL;
	pthread_mutex_unlock(&lock);
	for (; q; q = next) {
		next = q->next;
		if (!q->cancelled)
			q->pool->tell(q);
		q->pool->drop(q);
	}
}

struct asker *
asker_new(struct loop *loop)
{
	struct asker *a = xalloc(sizeof(*a));

	a->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	a->watch = watch_new(loop, a->fd, WATCH_READS, asker_ready, a);
	watch_on(a->watch);
	return a;
}

void
asker_free(struct asker *a)
{
	bool last;

	watch_free(a->watch);
	pthread_mutex_lock(&lock);
	for (struct ask *q = a->answered, *next; q; q = next) {
		next = q->next;
		q->pool->drop(q);
	}
	a->closed = true;
	last = !a->open;
	pthread_mutex_unlock(&lock);
	if (last)
		asker_drop(a);
}

/* Under the lock. A question that waits behind a slow one gets a thread of its
 * own, as long as there are any. */
static bool
pool_has_thread(const struct pool *pool)
{
	struct pool_state *s = pool->state;
	pthread_t thread;

	if (s->queued >= s->idle && s->threads < pool->threads_most &&
	    !pthread_create(&thread, NULL, pool_run, (void *)(uintptr_t)pool)) {
		pthread_detach(thread);
		s->threads++;
	}
	return s->threads;
}

static void
pool_queue(struct pool_state *s, struct ask *q)
{
	q->next = NULL;
	if (s->first)
		s->last->next = q;
	else
		s->first = q;
	s->last = q;
	s->queued++;
	pthread_cond_signal(&s->asked);
}

bool
ask(struct asker *a, const struct pool *pool, struct ask *q)
{
	bool takes;

	q->from = a;
	q->pool = pool;
	pthread_mutex_lock(&lock);
	takes = pool->state->queued < pool->queue_most && pool_has_thread(pool);
	if (takes) {
		a->open++;
		pool_queue(pool->state, q);
	}
	pthread_mutex_unlock(&lock);
	return takes;
}

void
ask_answered(struct asker *a, const struct pool *pool, struct ask *q)
{
	q->from = a;
	q->pool = pool;
	pthread_mutex_lock(&lock);
	a->open++;
	(void)give_back(q);	/* a is open: its loop asks */
	pthread_mutex_unlock(&lock);
}

void
ask_cancel(struct ask *q)
{
	q->cancelled = true;
}
