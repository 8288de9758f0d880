/* The thread between the workers' rings and the store. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "soth/ring.h"
#include "store_inside.h"

/* After a batch the next one may gather for a while: being woken for each note
 * costs more than the note. The longer they come without a rest, the longer, up
 * to what a screen does not show; one that comes alone is there at once. */
enum { GATHER_LEAST_MS = 1, GATHER_MOST_MS = 6 };

struct recorder {
	struct store *store;
	struct ring **rings;
	size_t count;
	struct pollfd *fd;	/* the rings', and the stop's */
	atomic_bool stop;
	pthread_t thread;
};

/* Those of no session. */
static void
keys_note(struct recorder *r, struct note *n)
{
	struct fault why;

	if (!keylog_note(&r->store->keys, n, &why))
		store_keys_stopped(r->store, &why);
	note_drop(n);
}

/* Everything there is, ring by ring; whether there was anything. */
static bool
drain(struct recorder *r)
{
	bool any = false;
	struct note n;

	keylog_turn(&r->store->keys);
	for (size_t i = 0; i < r->count; i++) {
		while (ring_pop(r->rings[i], &n)) {
			if (keylog_takes(&n))
				keys_note(r, &n);
			else
				store_note(r->store, &n);
			any = true;
		}
	}
	return any;
}

static void *
recorder_run(void *arg)
{
	struct recorder *r = arg;
	int gather = GATHER_LEAST_MS;

	for (;;) {
		bool stop = atomic_load(&r->stop), parked = true;

		if (drain(r)) {
			store_flush(r->store);
			for (size_t i = 0; i < r->count; i++)
				ring_nap(r->rings[i]);
			poll(r->fd, r->count + 1, gather);
			gather = 2 * gather < GATHER_MOST_MS ? 2 * gather : GATHER_MOST_MS;
			continue;
		}
		gather = GATHER_LEAST_MS;
		if (stop)
			break;
		for (size_t i = 0; i < r->count; i++)
			parked = ring_park(r->rings[i]) && parked;
		if (parked && !stop)
			poll(r->fd, r->count + 1, -1);
	}
	store_end(r->store);
	return NULL;
}

struct recorder *
recorder_start(struct store *s, struct ring **rings, size_t count)
{
	struct recorder *r = xalloc(sizeof(*r));

	r->store = s;
	r->rings = rings;
	r->count = count;
	r->fd = xalloc((count + 1) * sizeof(*r->fd));
	for (size_t i = 0; i < count; i++)
		r->fd[i] = (struct pollfd){ ring_fd(rings[i]), POLLIN, 0 };
	r->fd[count] = (struct pollfd){ eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), POLLIN, 0 };
	if (pthread_create(&r->thread, NULL, recorder_run, r))
		abort();
	return r;
}

void
recorder_stop(struct recorder *r)
{
	atomic_store(&r->stop, true);
	(void)!write(r->fd[r->count].fd, &(uint64_t){ 1 }, 8);
	pthread_join(r->thread, NULL);
	close(r->fd[r->count].fd);
	free(r->fd);
	free(r);
}
