/* A session's file, read on a thread of its own while it is looked at. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "store_inside.h"

enum { READ_MAX = 80 << 20, TELL_US = 20000, NOTES = 256 };

struct loading {
	struct store *store;
	pthread_t thread;
	uint64_t at;
	atomic_bool stop;
};

static uint64_t
clock_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* Some notes, of which the store hears. False: there are no more. */
static bool
loading_some(struct loading *l, struct journal_window *w, struct buf *scratch, struct fault *cut)
{
	struct store *s = l->store;
	struct note n[NOTES];
	uint64_t place[NOTES + 1], back;
	size_t count = 0;
	bool more = true;

	for (; more && count < NOTES; count += more) {
		place[count] = l->at;
		more = journal_skim(s->file, w, l->at, scratch, &n[count], &back, &l->at, cut);
	}
	pthread_rwlock_wrlock(&s->lock);
	for (size_t i = 0; i < count; i++)
		store_hear(s, &n[i], place[i]);
	s->told = s->ends;
	s->stats.file_bytes = s->stats.done = more ? l->at : place[count];
	pthread_rwlock_unlock(&s->lock);
	for (size_t i = 0; i < count; i++)
		note_drop(&n[i]);
	return more;
}

static void
loading_end(struct loading *l, const struct fault *cut)
{
	struct store *s = l->store;

	pthread_rwlock_wrlock(&s->lock);
	if (*cut->text)
		snprintf(s->stats.trouble, sizeof(s->stats.trouble), "%.180s", cut->text);
	s->stats.reading = false;
	s->changed = true;
	store_tell(s);
	pthread_rwlock_unlock(&s->lock);
}

static void *
loading_run(void *arg)
{
	struct loading *l = arg;
	struct journal_window window = { 0 };
	struct fault cut = { "" };
	struct buf scratch;
	uint64_t told = clock_us();

	buf_init(&scratch, READ_MAX);
	while (!atomic_load(&l->stop) && loading_some(l, &window, &scratch, &cut)) {
		if (clock_us() - told < TELL_US)
			continue;
		told = clock_us();
		pthread_rwlock_wrlock(&l->store->lock);
		store_tell(l->store);
		pthread_rwlock_unlock(&l->store->lock);
	}
	free(window.at);
	buf_release(&scratch);
	loading_end(l, &cut);
	return NULL;
}

void
loading_stop(struct loading *l)
{
	atomic_store(&l->stop, true);
	pthread_join(l->thread, NULL);
	free(l);
}

static struct store *
opened(const char *path, struct fault *why)
{
	struct volume *file = volume_open(path, why);
	struct store *s;

	if (!file)
		return NULL;
	s = store_new(path);
	s->file = file;
	s->stats.size = volume_size(file);
	s->stats.reading = true;
	return s;
}

struct store *
store_begin(const char *path, struct fault *why)
{
	struct store *s = opened(path, why);
	struct loading *l;

	if (!s)
		return NULL;
	l = xalloc(sizeof(*l));
	l->store = s;
	l->at = volume_first(s->file);
	if (!pthread_create(&l->thread, NULL, loading_run, l)) {
		s->loading = l;
		return s;
	}
	(void)loading_run(l);
	free(l);
	return s;
}

struct store *
store_open(const char *path, struct fault *why)
{
	struct store *s = opened(path, why);
	struct loading l = { .store = s };

	if (!s)
		return NULL;
	l.at = volume_first(s->file);
	(void)loading_run(&l);
	return s;
}
