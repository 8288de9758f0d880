/* Which flows are shown: found out by threads. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "picking.h"
#include "soth/study.h"

enum { THREADS_MAX = 8, CHUNK = 1 << 16, BATCH = 64, SCAN_MS = 40, SHOW_MS = 60, REST_MS = 5, LIVES_MAX = 1 << 16, PASS = 4096 };
enum { TAKEN = 1, LIVE = 2 };

struct live { uint32_t index, notes; bool taken; };

struct picking {
	struct store *store;
	struct filter *filter;
	struct ranking *ranking;
	bool invert;
	struct study *study;
	struct lens *lens[THREADS_MAX];
	unsigned threads;

	/* The study's own. */
	size_t looked;
	uint64_t gone;			/* of the store's flows, when what is here was last without them */
	uint32_t *shown;		/* in the order they came */
	size_t count, room;
	struct live *live;
	size_t lives, lives_room;
	bool changed, moved;		/* since it was shown */
	uint64_t shown_ms, cost_ms;	/* when, and how long that took */

	/* One scan's: shared by its threads. */
	atomic_size_t next;
	size_t from, to;
	uint64_t until;
	uint8_t found[CHUNK];

	pthread_mutex_t lock;
	struct picked *newest;		/* guarded by the lock */
};

static uint64_t
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool
picks(const struct picking *p, struct lens *l, const struct row *r)
{
	return !p->filter || filter_takes(p->filter, l, r) != p->invert;
}

static uint8_t
looked_at(const struct picking *p, struct lens *l, const struct row *r)
{
	return (uint8_t)((picks(p, l, r) ? TAKEN : 0) | (r->ended ? 0 : LIVE));
}

/* Batches, as long as there are some and there is time. */
static void
scan(struct picking *p, struct lens *l)
{
	struct row *row = xgrow(NULL, BATCH, sizeof(*row));
	size_t at;

	while (clock_ms() < p->until && (at = atomic_fetch_add(&p->next, BATCH)) < p->to) {
		size_t n = store_rows(p->store, at, p->to - at < BATCH ? p->to - at : BATCH, row);

		for (size_t i = 0; i < n; i++)
			p->found[at + i - p->from] = row[i].id ? looked_at(p, l, &row[i]) : 0;
	}
	free(row);
}

struct scanner { struct picking *p; struct lens *lens; pthread_t thread; };

static void *
scan_run(void *arg)
{
	struct scanner *s = arg;

	scan(s->p, s->lens);
	return NULL;
}

/* By all threads. What has been begun is complete when it returns. */
static void
scan_all(struct picking *p)
{
	struct scanner other[THREADS_MAX];
	unsigned started = 0;

	for (unsigned i = 1; i < p->threads && p->to - p->from > BATCH; i++) {
		other[started] = (struct scanner){ .p = p, .lens = p->lens[i] };
		started += !pthread_create(&other[started].thread, NULL, scan_run, &other[started]);
	}
	scan(p, p->lens[0]);
	for (unsigned i = 0; i < started; i++)
		pthread_join(other[i].thread, NULL);
}

static void *
grown(void *at, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return at;
	*room = *room ? *room * 2 : 256;
	return xgrow(at, *room, size);
}

static void
put(struct picking *p, uint32_t index)
{
	p->shown = grown(p->shown, p->count, &p->room, sizeof(*p->shown));
	p->shown[p->count++] = index;
	p->changed = true;
}

static void
rank(struct picking *p, uint32_t index)
{
	struct row r;

	if (p->ranking && store_rows(p->store, index, 1, &r) == 1)
		ranking_put(p->ranking, index, &r);
}

static void
look(struct picking *p, uint32_t index, uint8_t found)
{
	if (found & TAKEN) {
		put(p, index);
		rank(p, index);
	}
	if (found & LIVE && p->lives < LIVES_MAX) {
		p->live = grown(p->live, p->lives, &p->lives_room, sizeof(*p->live));
		p->live[p->lives++] = (struct live){ .index = index, .taken = found & TAKEN };
	}
}

/* Where an index is among the shown, or would be. */
static size_t
place(const struct picking *p, uint32_t index)
{
	size_t low = 0, high = p->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (p->shown[middle] < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* It was taken, and is not, or the other way round. */
static void
turn(struct picking *p, struct live *l)
{
	size_t at = place(p, l->index);

	l->taken = !l->taken;
	p->changed = p->moved = true;
	if (l->taken) {
		p->shown = grown(p->shown, p->count, &p->room, sizeof(*p->shown));
		memmove(p->shown + at + 1, p->shown + at, (p->count++ - at) * sizeof(*p->shown));
		p->shown[at] = l->index;
	} else {
		p->count--;
		memmove(p->shown + at, p->shown + at + 1, (p->count - at) * sizeof(*p->shown));
		if (p->ranking)
			ranking_take(p->ranking, l->index);
	}
}

/* Those that go on, where something has come; those that have ended for the last time. */
static void
look_again(struct picking *p)
{
	struct row r;
	size_t kept = 0;

	for (size_t i = 0; i < p->lives; i++) {
		struct live *l = &p->live[i];

		if (store_rows(p->store, l->index, 1, &r) != 1 || !r.id)
			continue;
		if (l->notes != r.notes) {
			l->notes = r.notes;
			if (picks(p, p->lens[0], &r) != l->taken)
				turn(p, l);
			if (l->taken && p->ranking) {
				ranking_put(p->ranking, l->index, &r);
				p->changed = true;
			}
		}
		if (!r.ended)
			p->live[kept++] = *l;
	}
	p->lives = kept;
}

static void
show(struct picking *p)
{
	struct picked *new = xalloc(sizeof(*new));
	uint64_t begun = clock_ms();

	if (p->ranking)
		p->moved = ranking_settle(p->ranking) || p->moved;
	new->count = p->ranking ? ranking_count(p->ranking) : p->count;
	new->line = xgrow(NULL, new->count + 1, sizeof(*new->line));
	if (!p->ranking && p->count)
		memcpy(new->line, p->shown, p->count * sizeof(*new->line));
	for (size_t i = 0; p->ranking && i < new->count; i++)
		new->line[i] = (uint32_t)ranking_at(p->ranking, i);
	new->looked = p->looked;
	new->moved = p->moved;
	pthread_mutex_lock(&p->lock);
	new->moved = new->moved || (p->newest && p->newest->moved);
	picked_free(p->newest);
	p->newest = new;
	pthread_mutex_unlock(&p->lock);
	p->changed = p->moved = false;
	p->shown_ms = clock_ms();
	p->cost_ms = p->shown_ms - begun;
}

/* What costs much is not done all the time. */
static bool
rest(void)
{
	(void)poll(NULL, 0, REST_MS);
	return true;
}

/* Without the flows that are gone. */
static void
pass_gone(struct picking *p, const struct store_stats *stats)
{
	size_t left = 0, n;

	if (p->gone == stats->gone)
		return;
	p->gone = stats->gone;
	for (size_t at = 0; at < p->count; at += n) {
		n = p->count - at < PASS ? p->count - at : PASS;
		memmove(p->shown + left, p->shown + at, n * sizeof(*p->shown));
		left += store_left(p->store, p->shown + left, n);
	}
	p->count = left;
	if (p->ranking)
		ranking_pass(p->ranking, p->store);
	p->changed = p->moved = true;
}

/* The study's step. True: there is more. */
static bool
pick(void *of)
{
	struct picking *p = of;
	struct store_stats stats = store_stats(p->store);
	size_t flows = stats.flows, all;
	uint64_t now = clock_ms();

	pass_gone(p, &stats);
	look_again(p);
	if (p->looked < stats.first)
		p->looked = stats.first;
	p->from = p->looked;
	p->to = flows - p->from > CHUNK ? p->from + CHUNK : flows;
	p->until = now + SCAN_MS;
	atomic_store(&p->next, p->from);
	scan_all(p);
	all = atomic_load(&p->next);
	p->looked = all < p->to ? all : p->to;
	for (size_t i = p->from; i < p->looked; i++)
		look(p, (uint32_t)i, p->found[i - p->from]);
	p->changed = p->changed || p->looked > p->from;
	if (p->looked == flows && p->changed && clock_ms() - p->shown_ms < p->cost_ms * 4)
		return rest();
	if (p->looked == flows ? p->changed : clock_ms() - p->shown_ms > SHOW_MS + p->cost_ms * 4)
		show(p);
	return p->looked < flows;
}

struct picking *
picking_new(struct store *s, struct filter *filter, bool invert, struct ranking *ranking, int wake)
{
	struct picking *p = xalloc(sizeof(*p));
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	p->store = s;
	p->filter = filter;
	p->invert = invert;
	p->ranking = ranking;
	p->threads = cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (unsigned)cores;
	for (unsigned i = 0; i < p->threads; i++)
		p->lens[i] = lens_new(s);
	p->changed = p->moved = true;
	pthread_mutex_init(&p->lock, NULL);
	p->study = study_start(pick, p, wake);
	return p;
}

static void
release(void *of)
{
	struct picking *p = of;

	for (unsigned i = 0; i < p->threads; i++)
		lens_free(p->lens[i]);
	filter_free(p->filter);
	ranking_free(p->ranking);
	picked_free(p->newest);
	pthread_mutex_destroy(&p->lock);
	free(p->shown);
	free(p->live);
	free(p);
}

void
picking_leave(struct picking *p)
{
	if (p)
		study_leave(p->study, release);
}

void
picking_poke(struct picking *p)
{
	study_poke(p->study);
}

bool
picking_wait(struct picking *p, unsigned milliseconds)
{
	return study_wait(p->study, milliseconds);
}

bool
picking_busy(struct picking *p)
{
	return study_busy(p->study);
}

struct picked *
picking_take(struct picking *p)
{
	struct picked *newest;

	pthread_mutex_lock(&p->lock);
	newest = p->newest;
	p->newest = NULL;
	pthread_mutex_unlock(&p->lock);
	return newest;
}

void
picked_free(struct picked *p)
{
	if (!p)
		return;
	free(p->line);
	free(p);
}
