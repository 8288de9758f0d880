/* Search through a session: by threads, in the order of the flows. */
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "search_inside.h"
#include "soth/study.h"

enum { THREADS_MAX = 8, CHUNK = 1 << 16, BATCH = SEARCH_BATCH, SCAN_MS = 40, REST_MS = 10, LIVES_MAX = 1 << 16, AGAIN = 10 };

struct worker { struct search *search; struct finder finder; pthread_t thread; };

struct search {
	struct store *store;
	struct query *query;
	struct filter *filter;
	struct trigrams *trigrams;
	struct study *study;
	atomic_bool stop;
	struct worker worker[THREADS_MAX];
	unsigned workers;

	/* The study's own. */
	bool begun, over;
	uint64_t *without;		/* NULL: any flow may have it */
	size_t upto;
	size_t looked;
	struct live *live;
	size_t lives, lives_room;

	/* One scan's: shared by its threads. */
	atomic_size_t next, found;
	size_t to;
	uint64_t until;

	pthread_mutex_t lock;		/* of all that follows */
	struct search_hit *hit;
	size_t room;
	struct search_state state;
};

static uint64_t
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool
ruled_out(const struct search *s, size_t index)
{
	return s->without && index < s->upto && s->without[index / 64] >> index % 64 & 1;
}

/* BATCH is as many as a word of `without` has bits. */
static bool
all_ruled_out(const struct search *s, size_t first)
{
	return s->without && first < s->upto && first % BATCH == 0 && s->without[first / 64] == UINT64_MAX;
}

static void
worker_batch(struct worker *w, size_t first, size_t count)
{
	struct search *s = w->search;
	struct finder *f = &w->finder;
	bool each = s->without && first < s->upto;
	size_t n = each ? count : store_rows(s->store, first, count, f->row);

	for (size_t i = 0; i < n && !finder_full(f); i++)
		if (!ruled_out(s, first + i) && (!each || store_rows(s->store, first + i, 1, &f->row[i]) == 1))
			finder_look(f, (uint32_t)(first + i), &f->row[i]);
}

/* Batches, as long as there are some, and there is time. */
static void
worker_scan(struct worker *w)
{
	struct search *s = w->search;
	size_t at;

	while (!atomic_load(&s->stop) && atomic_load(&s->found) <= SEARCH_HITS_MAX && clock_ms() < s->until &&
			(at = atomic_fetch_add(&s->next, BATCH)) < s->to)
		if (!all_ruled_out(s, at))
			worker_batch(w, at, s->to - at < BATCH ? s->to - at : BATCH);
}

static void *
worker_run(void *arg)
{
	worker_scan(arg);
	return NULL;
}

/* By all threads. What has been begun is complete when it returns. */
static void
scan_all(struct search *s)
{
	unsigned started = 1;

	for (; started < s->workers && s->to - s->looked > BATCH; started++)
		if (pthread_create(&s->worker[started].thread, NULL, worker_run, &s->worker[started]))
			break;
	worker_scan(&s->worker[0]);
	while (started > 1)
		pthread_join(s->worker[--started].thread, NULL);
}

static uint64_t
hit_rank(const struct search_hit *h)
{
	return h->where == SEARCH_MESSAGE ? (uint64_t)1 << 32 | h->message : (uint64_t)h->side << 2 | h->where;
}

static int
hit_order(const void *x, const void *y)
{
	const struct search_hit *a = x, *b = y;
	uint64_t ra = hit_rank(a), rb = hit_rank(b);

	if (a->index != b->index)
		return a->index < b->index ? -1 : 1;
	if (ra != rb)
		return ra < rb ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

/* Those that a thread has, put behind the others. The lock is held. */
static void
take(struct search *s, struct finder *f)
{
	if (s->state.hits + f->hits > s->room) {
		s->room = (s->state.hits + f->hits) * 2;
		s->hit = xgrow(s->hit, s->room, sizeof(*s->hit));
	}
	if (f->hits)
		memcpy(s->hit + s->state.hits, f->hit, f->hits * sizeof(*s->hit));
	s->state.hits += f->hits;
	s->state.read += f->read;
	s->state.given_up += f->given_up;
	f->hits = f->read = f->given_up = 0;
}

/* `known`: they are of a flow that is counted. */
static void
count(struct search *s, size_t first, bool known)
{
	if (s->state.hits > SEARCH_HITS_MAX) {
		s->state.hits = SEARCH_HITS_MAX;
		s->state.more = s->over = true;
	}
	for (size_t i = first; i < s->state.hits && !known; i++)
		s->state.flows += !i || s->hit[i - 1].index != s->hit[i].index;
}

/* What the threads have found is there for the screen. */
static void
publish(struct search *s, bool known)
{
	size_t first;

	pthread_mutex_lock(&s->lock);
	first = s->state.hits;
	for (unsigned i = 0; i < s->workers; i++)
		take(s, &s->worker[i].finder);
	if (s->state.hits > first)
		qsort(s->hit + first, s->state.hits - first, sizeof(*s->hit), hit_order);
	count(s, first, known);
	s->state.looked = s->looked;
	pthread_mutex_unlock(&s->lock);
}

static void
keep_lives(struct search *s, struct finder *f)
{
	size_t n = LIVES_MAX - s->lives < f->lives ? LIVES_MAX - s->lives : f->lives;

	if (s->lives + n > s->lives_room) {
		s->lives_room = (s->lives + n) * 2;
		s->live = xgrow(s->live, s->lives_room, sizeof(*s->live));
	}
	if (n)
		memcpy(s->live + s->lives, f->live, n * sizeof(*s->live));
	s->lives += n;
	f->lives = 0;
}

/* Hits that are there already, of a flow that was looked at before, are taken
 * out. True: it had some. Only this thread puts hits in: it may read them
 * without the lock. */
static bool
forget(const struct search *s, struct finder *f)
{
	size_t kept = 0;
	bool had = false, known;

	for (size_t i = 0; i < f->hits; i++) {
		known = false;
		for (size_t k = 0; k < s->state.hits && !known; k++) {
			had = had || s->hit[k].index == f->hit[i].index;
			known = !hit_order(&s->hit[k], &f->hit[i]);
		}
		if (!known)
			f->hit[kept++] = f->hit[i];
	}
	f->hits = kept;
	return had;
}

/* False: it is over. */
static bool
look_again(struct search *s, struct live *l)
{
	struct finder *f = &s->worker[0].finder;
	uint64_t begun = clock_ms();
	struct row r;
	bool had;

	if (store_rows(s->store, l->index, 1, &r) != 1)
		return false;
	finder_look(f, l->index, &r);
	f->read = 0;
	had = forget(s, f);
	publish(s, had);
	l->due_ms = clock_ms() + (clock_ms() - begun) * AGAIN;
	if (!f->lives)
		return false;
	l->last = f->live[0].last;
	f->lives = 0;
	return true;
}

/* Those of which more is in the file. True: there are some that are not due yet. */
static bool
look_at_lives(struct search *s)
{
	size_t kept = 0, i = 0;
	bool waits = false;

	for (; i < s->lives && !s->over && !atomic_load(&s->stop); i++) {
		struct live l = s->live[i];
		uint64_t last = store_last(s->store, l.flow);
		bool goes_on = true;

		if (last != l.last && clock_ms() < l.due_ms)
			waits = true;
		else if (last != l.last)
			goes_on = look_again(s, &l);
		if (goes_on)
			s->live[kept++] = l;
	}
	if (i < s->lives)
		memmove(s->live + kept, s->live + i, (s->lives - i) * sizeof(*s->live));
	s->lives = kept + s->lives - i;
	return waits;
}

/* Where a flow went on behind its end, nothing is known for good. */
static void
begin(struct search *s)
{
	bool late = store_stats(s->store).late;

	s->begun = true;
	for (unsigned i = 0; i < s->workers; i++)
		s->worker[i].finder.trigrams = late ? NULL : s->trigrams;
	if (late)
		return;
	trigrams_learn(s->trigrams, s->worker[0].finder.lens);
	s->without = trigrams_without(s->trigrams, query_literal(s->query), &s->upto);
}

static void
scan(struct search *s, size_t flows)
{
	size_t reached;

	s->to = flows - s->looked > CHUNK ? s->looked + CHUNK : flows;
	s->until = clock_ms() + SCAN_MS;
	atomic_store(&s->next, s->looked);
	atomic_store(&s->found, s->state.hits);
	scan_all(s);
	reached = atomic_load(&s->next);
	s->looked = reached < s->to ? reached : s->to;
	for (unsigned i = 0; i < s->workers; i++)
		keep_lives(s, &s->worker[i].finder);
	publish(s, false);
	trigrams_tell(s->trigrams, s->store, false);
}

/* The study's step. True: there is more. */
static bool
step(void *of)
{
	struct search *s = of;
	size_t flows = store_stats(s->store).flows;
	bool waits;

	if (s->over || atomic_load(&s->stop))
		return false;
	if (!s->begun)
		begin(s);
	pthread_mutex_lock(&s->lock);
	s->state.all = flows;
	pthread_mutex_unlock(&s->lock);
	if (s->looked < flows)
		scan(s, flows);
	waits = look_at_lives(s);
	if (s->over || s->looked < flows)
		return !s->over;
	if (waits)
		(void)poll(NULL, 0, REST_MS);
	return waits;
}

struct search *
search_new(struct store *store, struct query *q, struct filter *f, bool invert, struct trigrams *t, int wake)
{
	struct search *s = xalloc(sizeof(*s));
	struct finder how = { .query = q, .filter = f, .invert = invert, .stop = &s->stop, .found = &s->found };
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	s->store = store;
	s->query = q;
	s->filter = f;
	s->trigrams = trigrams_ref(t);
	s->workers = cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (unsigned)cores;
	for (unsigned i = 0; i < s->workers; i++) {
		s->worker[i].search = s;
		finder_init(&s->worker[i].finder, store, &how);
	}
	pthread_mutex_init(&s->lock, NULL);
	s->study = study_start(step, s, wake);
	return s;
}

static void
release(void *of)
{
	struct search *s = of;

	for (unsigned i = 0; i < s->workers; i++)
		finder_release(&s->worker[i].finder);
	query_free(s->query);
	filter_free(s->filter);
	trigrams_tell(s->trigrams, s->store, true);
	trigrams_drop(s->trigrams);
	pthread_mutex_destroy(&s->lock);
	free(s->without);
	free(s->live);
	free(s->hit);
	free(s);
}

void
search_leave(struct search *s)
{
	if (!s)
		return;
	atomic_store(&s->stop, true);
	study_leave(s->study, release);
}

void
search_poke(struct search *s)
{
	study_poke(s->study);
}

bool
search_wait(struct search *s, unsigned milliseconds)
{
	return study_wait(s->study, milliseconds);
}

void
search_state(struct search *s, struct search_state *out)
{
	pthread_mutex_lock(&s->lock);
	*out = s->state;
	pthread_mutex_unlock(&s->lock);
	out->busy = study_busy(s->study);
}

size_t
search_hits(struct search *s, size_t first, size_t max, struct search_hit *out)
{
	size_t n = 0;

	pthread_mutex_lock(&s->lock);
	for (; n < max && first + n < s->state.hits; n++)
		out[n] = s->hit[first + n];
	pthread_mutex_unlock(&s->lock);
	return n;
}
