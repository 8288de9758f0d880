/* A thread that reads on for the screen. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "soth/study.h"

enum { TELL_MS = 30, BEHIND = 19 };

struct study {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool (*read)(void *of);
	void *of;
	int wake;
	bool busy, poked, stop;
	void (*release)(void *of);	/* once it is left: the thread drops it all */
	uint64_t told;			/* the thread's: milliseconds */
};

/* Those that were left and are not over yet. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned count;
} left = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 };

static uint64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void
study_tell(struct study *s, bool at_once)
{
	uint64_t now = now_ms();

	if (!at_once && now - s->told < TELL_MS)
		return;
	s->told = now;
	pthread_mutex_lock(&s->lock);
	if (s->wake >= 0)
		(void)!write(s->wake, &(uint64_t){ 1 }, 8);
	pthread_mutex_unlock(&s->lock);
}

/* Waits until somebody says there may be more. The lock is held. */
static bool
study_rest(struct study *s)
{
	s->busy = false;
	pthread_cond_broadcast(&s->changed);
	while (!s->poked && !s->stop)
		pthread_cond_wait(&s->changed, &s->lock);
	s->busy = true;
	s->poked = false;
	return !s->stop;
}

static void
study_drop(struct study *s)
{
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

/* Nobody waits for it. */
static void
study_gone(struct study *s)
{
	s->release(s->of);
	study_drop(s);
	pthread_mutex_lock(&left.lock);
	left.count--;
	pthread_cond_broadcast(&left.changed);
	pthread_mutex_unlock(&left.lock);
}

static void *
study_run(void *arg)
{
	struct study *s = arg;
	bool more, gone;

	/* Whoever carries traffic, or draws, goes before; so do threads that this one starts. Of Linux: of a thread. */
	setpriority(PRIO_PROCESS, (id_t)gettid(), BEHIND);
	pthread_mutex_lock(&s->lock);
	while (!s->stop) {
		pthread_mutex_unlock(&s->lock);
		more = s->read(s->of);
		study_tell(s, !more);
		pthread_mutex_lock(&s->lock);
		if (!more && !s->poked && !study_rest(s))
			break;
		s->poked = more ? s->poked : false;
	}
	s->busy = false;
	pthread_cond_broadcast(&s->changed);
	gone = s->release;
	pthread_mutex_unlock(&s->lock);
	if (gone)
		study_gone(s);
	return NULL;
}

struct study *
study_start(bool (*read)(void *of), void *of, int wake)
{
	struct study *s = xalloc(sizeof(*s));
	pthread_condattr_t clock;

	*s = (struct study){ .read = read, .of = of, .wake = wake, .busy = true };
	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&s->changed, &clock);
	pthread_condattr_destroy(&clock);
	if (pthread_create(&s->thread, NULL, study_run, s))
		abort();
	return s;
}

void
study_poke(struct study *s)
{
	pthread_mutex_lock(&s->lock);
	s->poked = true;
	s->busy = true;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

bool
study_wait(struct study *s, unsigned milliseconds)
{
	struct timespec until;
	bool idle;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += milliseconds / 1000;
	until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&s->lock);
	while (s->busy && !pthread_cond_timedwait(&s->changed, &s->lock, &until))
		;
	idle = !s->busy;
	pthread_mutex_unlock(&s->lock);
	return idle;
}

bool
study_busy(struct study *s)
{
	bool busy;

	pthread_mutex_lock(&s->lock);
	busy = s->busy;
	pthread_mutex_unlock(&s->lock);
	return busy;
}

void
study_stop(struct study *s)
{
	if (!s)
		return;
	pthread_mutex_lock(&s->lock);
	s->stop = true;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	study_drop(s);
}

void
study_leave(struct study *s, void (*release)(void *of))
{
	pthread_mutex_lock(&left.lock);
	left.count++;
	pthread_mutex_unlock(&left.lock);
	pthread_detach(s->thread);
	pthread_mutex_lock(&s->lock);
	s->wake = -1;
	s->release = release;
	s->stop = true;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

void
studies_wait(void)
{
	pthread_mutex_lock(&left.lock);
	while (left.count)
		pthread_cond_wait(&left.changed, &left.lock);
	pthread_mutex_unlock(&left.lock);
}
