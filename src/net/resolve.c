/* Names to addresses, by getaddrinfo in a few threads. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "loop.h"
#include "resolve.h"

enum { THREADS = 4, QUEUE_MOST = 1024 };

struct question {
	struct question *next;
	struct resolver *from;
	char host[256];
	void (*done)(void *arg, struct addrinfo *found, const char *why);
	void *arg;
	struct addrinfo *found;
	int rc;
	bool cancelled;		/* the loop's alone */
};

struct resolver {
	struct watch *watch;
	int fd;
	struct question *answered;	/* under the lock, as what follows */
	unsigned open;
	bool closed;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t asked = PTHREAD_COND_INITIALIZER;
static struct question *queue, **queue_end = &queue;
static unsigned threads, idle, queued;

static void
question_free(struct question *q)
{
	if (q->found)
		freeaddrinfo(q->found);
	free(q);
}

static void
resolver_drop(struct resolver *r)
{
	close(r->fd);
	free(r);
}

/* Hands q back, under the lock; true: it was the last of a resolver that is
 * closed, which is the caller's to drop. */
static bool
question_answered(struct question *q)
{
	struct resolver *r = q->from;

	r->open--;
	if (r->closed) {
		question_free(q);
		return !r->open;
	}
	q->next = r->answered;
	r->answered = q;
	(void)!write(r->fd, &(uint64_t){ 1 }, 8);
	return false;
}

static struct question *
question_wait(void)
{
	struct question *q;

	pthread_mutex_lock(&lock);
	idle++;
	while (!queue)
		pthread_cond_wait(&asked, &lock);
	idle--;
	q = queue;
	queued--;
	queue = q->next;
	if (!queue)
		queue_end = &queue;
	pthread_mutex_unlock(&lock);
	return q;
}

static void *
resolve_thread(void *arg)
{
	const struct addrinfo want = { .ai_socktype = SOCK_STREAM };

	(void)arg;
	for (;;) {
		struct question *q = question_wait();
		struct resolver *r = q->from;
		bool last;

		q->rc = getaddrinfo(q->host, NULL, &want, &q->found);
		pthread_mutex_lock(&lock);
		last = question_answered(q);
		pthread_mutex_unlock(&lock);
		if (last)
			resolver_drop(r);
	}
	return NULL;
}

static void
resolver_ready(void *arg)
{
	struct resolver *r = arg;
	struct question *q, *next;
	uint64_t count;

	(void)!read(r->fd, &count, sizeof(count));
	pthread_mutex_lock(&lock);
	q = r->answered;
	r->answered = NULL;
	pthread_mutex_unlock(&lock);
	for (; q; q = next) {
		struct addrinfo *found = q->found;

		next = q->next;
		if (!q->cancelled) {
			q->found = NULL;
			q->done(q->arg, found, q->rc ? gai_strerror(q->rc) : "");
		}
		question_free(q);
	}
}

struct resolver *
resolver_new(struct loop *loop)
{
	struct resolver *r = xalloc(sizeof(*r));

	r->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	r->watch = watch_new(loop, r->fd, WATCH_READS, resolver_ready, r);
	watch_on(r->watch);
	return r;
}

void
resolver_free(struct resolver *r)
{
	bool last;

	watch_free(r->watch);
	pthread_mutex_lock(&lock);
	for (struct question *q = r->answered, *next; q; q = next) {
		next = q->next;
		question_free(q);
	}
	r->closed = true;
	last = !r->open;
	pthread_mutex_unlock(&lock);
	if (last)
		resolver_drop(r);
}

/* Under the lock. A question that waits behind a slow name gets a thread of
 * its own, as long as there are any. */
static void
question_queue(struct question *q)
{
	pthread_t thread;

	*queue_end = q;
	queue_end = &q->next;
	if (++queued > idle && threads < THREADS && !pthread_create(&thread, NULL, resolve_thread, NULL)) {
		pthread_detach(thread);
		threads++;
	}
	pthread_cond_signal(&asked);
}

struct question *
resolve(struct resolver *r, const char *host,
	void (*done)(void *arg, struct addrinfo *found, const char *why), void *arg)
{
	struct question *q = xalloc(sizeof(*q));

	q->from = r;
	q->done = done;
	q->arg = arg;
	snprintf(q->host, sizeof(q->host), "%s", host);
	pthread_mutex_lock(&lock);
	r->open++;
	if (queued < QUEUE_MOST) {
		question_queue(q);
	} else {
		q->rc = EAI_AGAIN;
		(void)question_answered(q);	/* r is open: its loop asks */
	}
	pthread_mutex_unlock(&lock);
	return q;
}

void
resolve_cancel(struct question *q)
{
	q->cancelled = true;
}
