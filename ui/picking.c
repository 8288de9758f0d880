/* Which flows are shown: found out by threads. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "picking.h"
#include "soth/study.h"
#include "taken.h"

enum { THREADS_MAX = 8, CHUNK = 1 << 16, BATCH = 256, SCAN_MS = 40, SHOW_MS = 60, REST_MS = 5, LIVES_MAX = 1 << 16, REMARKS = 1 << 14,
	NOTES_MOST = 100000, TRIES = 200, TAKEN = 1, LIVE = 2, SHORT = 4 };

struct live {
	uint32_t index, notes;
	bool taken, lacks;	/* its data is not all in the file */
	uint16_t tries;
};

struct picking {
	struct store *store;
	struct pick what;
	uint64_t seed;			/* of keys */
	struct study *study;
	struct lens *lens[THREADS_MAX];
	unsigned threads;

	/* The study's: */
	size_t looked;
	uint64_t remarks;		/* that were heard of */
	struct taken taken;		/* with keys, where what is the same is folded */
	uint32_t *mark;			/* the runs with them are open */
	size_t marks;
	uint64_t gone;			/* of the store's flows, when what is here was last without them */
	struct live *live;
	size_t lives, lives_room;
	bool changed, moved;		/* since it was shown */
	bool lacks;			/* one of `live` does */
	uint64_t shown_ms, cost_ms;	/* when, and how long that took */

	/* One scan's: shared by its threads. */
	atomic_size_t next;
	size_t from, to;
	uint64_t until;
	uint8_t found[CHUNK];
	uint64_t *found_key;
	char (*found_said)[FACT_TEXT];	/* where the order asks for data */

	pthread_mutex_t lock;		/* guards what follows */
	struct picked *newest;
	uint32_t *asked;		/* marks that are to be; NULL: those that are */
	size_t asked_marks;
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
	return !p->what.filter || filter_takes(p->what.filter, l, r) != p->what.invert;
}

static uint8_t
looked_at(const struct picking *p, struct lens *l, const struct row *r)
{
	return (uint8_t)((picks(p, l, r) ? TAKEN : 0) | (r->ended ? 0 : LIVE));
}

/* By its heads alone, where those that it may be in are there. */
static bool
read_heads(const struct fact *f, struct lens *l, const struct row *r, char out[FACT_TEXT])
{
	struct flow flow = { .id = r->id };
	bool there = r->ended, any = false;
	enum side side;

	for (size_t i = 0; there && !*out && fact_head(f, i, &side); i++) {
		there = any = (flow.half[side].head = lens_head(l, r->id, side));
		if (there)
			(void)!fact_read(f, lens_store(l), &flow, out);
	}
	head_drop(flow.half[CLIENT].head);
	head_drop(flow.half[SERVER].head);
	return there && any;
}

/* What the order asks of its data. False: more of it may come. */
static bool
read_said(const struct picking *p, struct lens *l, const struct row *r, char out[FACT_TEXT])
{
	const struct fact *f = ranking_fact(p->what.ranking);
	struct flow flow;
	struct fault why;
	bool all;

	*out = '\0';
	if (!fact_likely(f, r) || read_heads(f, l, r, out))
		return true;
	if (r->notes > NOTES_MOST) {
		snprintf(out, FACT_TEXT, FACT_LARGE);
		return true;
	}
	if (!lens_flow(l, r->id, &flow, &why))
		return false;
	all = fact_read(f, p->store, &flow, out) || flow.ended || !r->ended;
	flow_release(&flow);
	return all;
}

/* Batches, as long as there are some and there is time. */
static void
scan(struct picking *p, struct lens *l)
{
	struct row *row = xgrow(NULL, BATCH, sizeof(*row));
	size_t at;

	while (clock_ms() < p->until && (at = atomic_fetch_add(&p->next, BATCH)) < p->to) {
		size_t n = store_rows(p->store, at, p->to - at < BATCH ? p->to - at : BATCH, row);

		for (size_t i = 0; i < n; i++) {
			p->found[at + i - p->from] = row[i].id ? looked_at(p, l, &row[i]) : 0;
			if (p->found_said && p->found[at + i - p->from] & TAKEN && !read_said(p, l, &row[i], p->found_said[at + i - p->from]))
				p->found[at + i - p->from] |= LIVE | SHORT;
			if (p->what.fold)
				p->found_key[at + i - p->from] = folding_key(&row[i], p->seed);
		}
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

/* `again`: it will be put in once more, also if it has ended meanwhile. */
static void
rank(struct picking *p, uint32_t index, struct row *r, bool again, const char *said)
{
	r->ended = again ? 0 : r->ended;
	ranking_put(p->what.ranking, index, r, said);
}

/* Its data is read here. */
static bool
rank_read(struct picking *p, uint32_t index, const struct row *r)
{
	char said[FACT_TEXT] = "";
	bool all = !p->found_said || read_said(p, p->lens[0], r, said);
	struct row copy = *r;

	rank(p, index, &copy, !all, said);
	return all;
}

static void
look(struct picking *p, uint32_t index, uint8_t found)
{
	struct row r = { .ended = !(found & LIVE) };	/* which is all that counts where its data has been read */

	if (found & TAKEN) {
		taken_put(&p->taken, index, p->what.fold ? p->found_key[index - p->from] : 0);
		if (p->what.ranking && (p->found_said || store_rows(p->store, index, 1, &r) == 1))
			rank(p, index, &r, found & LIVE, p->found_said ? p->found_said[index - p->from] : NULL);
		p->lacks = p->lacks || found & SHORT;
	}
	if (found & LIVE && p->lives < LIVES_MAX) {
		p->live = grown(p->live, p->lives, &p->lives_room, sizeof(*p->live));
		p->live[p->lives++] = (struct live){ .index = index, .taken = found & TAKEN };
	}
}

/* It was taken, and is not, or the other way round. */
static void
turn(struct picking *p, struct live *l)
{
	l->taken = !l->taken;
	p->changed = p->moved = true;
	if (l->taken) {
		taken_put(&p->taken, l->index, 0);
		return;
	}
	taken_drop(&p->taken, l->index);
	if (p->what.ranking)
		ranking_take(p->what.ranking, l->index);
}

/* Something has come for it. */
static void
hear_of(struct picking *p, struct live *l, const struct row *r)
{
	l->notes = r->notes;
	if (picks(p, p->lens[0], r) != l->taken)
		turn(p, l);
	if (!l->taken)
		return;
	if (p->what.ranking) {
		l->lacks = !rank_read(p, l->index, r) && l->tries++ < TRIES;
		p->changed = true;
	}
	taken_rekey(&p->taken, l->index, p->what.fold ? folding_key(r, p->seed) : 0);
}

/* Those that go on, where something has come; those that have ended for the last time. */
static void
look_again(struct picking *p)
{
	struct row r;
	size_t kept = 0;

	p->lacks = false;
	for (size_t i = 0; i < p->lives; i++) {
		struct live *l = &p->live[i];

		if (store_rows(p->store, l->index, 1, &r) != 1 || !r.id)
			continue;
		if (l->notes != r.notes || l->lacks)
			hear_of(p, l, &r);
		if (!r.ended || l->lacks)
			p->live[kept++] = *l;
		p->lacks = p->lacks || (l->lacks && r.ended);
	}
	p->changed = p->changed || kept < p->lives;
	p->lives = kept;
}

/* Whether it is among those that go on, which are looked at anyway. */
static bool
is_live(const struct picking *p, uint32_t index)
{
	size_t low = 0, high = p->lives;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (p->live[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low < p->lives && p->live[low].index == index;
}

static int
by_index(const void *a, const void *b)
{
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;

	return (i > k) - (i < k);
}

/* Those that a person said something of since, each once, in order: of those that are looked at no more. */
static size_t
heard_of(struct picking *p, uint32_t heard[REMARKS])
{
	size_t count = 0, n = 0, index;

	while (count < REMARKS && (index = store_remarked(p->store, p->remarks)) != SIZE_MAX) {
		p->remarks++;
		if (index < p->looked && !is_live(p, (uint32_t)index))
			heard[count++] = (uint32_t)index;
	}
	qsort(heard, count, sizeof(*heard), by_index);
	for (size_t i = 0; i < count; i++)
		if (!n || heard[n - 1] != heard[i])
			heard[n++] = heard[i];
	return n;
}

/* They may be others now, though they have ended: all at once, for there may be many. True: there are more. */
static bool
look_remarked(struct picking *p)
{
	uint32_t *heard = xgrow(NULL, REMARKS, sizeof(*heard));
	size_t count = heard_of(p, heard), taken = 0;
	uint64_t *key = xgrow(NULL, count + 1, sizeof(*key));
	struct row r;

	if (count) {
		taken_drop_all(&p->taken, heard, count);
		if (p->what.ranking)
			ranking_take_all(p->what.ranking, heard, count);
		p->changed = p->moved = true;
	}
	for (size_t i = 0; i < count; i++) {
		if (store_rows(p->store, heard[i], 1, &r) != 1 || !picks(p, p->lens[0], &r))
			continue;
		key[taken] = p->what.fold ? folding_key(&r, p->seed) : 0;
		if (p->what.ranking)
			(void)rank_read(p, heard[i], &r);
		heard[taken++] = heard[i];
	}
	taken_put_all(&p->taken, heard, key, taken);
	free(heard);
	free(key);
	return store_remarked(p->store, p->remarks) != SIZE_MAX;
}

/* In the order of a column. */
static void
show_ranked(struct picking *p, struct picked *new)
{
	p->moved = ranking_settle(p->what.ranking) || p->moved;
	new->count = ranking_count(p->what.ranking);
	new->line = xgrow(NULL, new->count + 1, sizeof(*new->line));
	for (size_t i = 0; i < new->count; i++)
		new->line[i] = (uint32_t)ranking_at(p->what.ranking, i);
}

/* What is the same, as one line. Half of the flows may begin a run. */
static void
show_folded(struct picking *p, struct picked *new)
{
	const struct taken *t = &p->taken;
	struct folding f = { t->index, t->key, t->count, p->mark, p->marks };

	new->line = xgrow(NULL, t->count + 1, sizeof(*new->line));
	new->run = xgrow(NULL, t->count / 2 + 1, sizeof(*new->run));
	folding_lay(&f, new->line, &new->count, new->run, &new->runs);
	new->line = xgrow(new->line, new->count + 1, sizeof(*new->line));
	new->run = xgrow(new->run, new->runs + 1, sizeof(*new->run));
	p->moved = true;
}

/* As they came; and which of them may change their minds. */
static void
show_all(const struct picking *p, struct picked *new)
{
	new->shows = new->count = p->taken.count;
	new->shown = new->line = xgrow(NULL, new->count + 1, sizeof(*new->line));
	if (new->count)
		memcpy(new->line, p->taken.index, new->count * sizeof(*new->line));
	new->live = xgrow(NULL, p->lives + 1, sizeof(*new->live));
	for (size_t i = 0; i < p->lives; i++)
		new->live[new->lives++] = p->live[i].index;
}

static void
show(struct picking *p)
{
	struct picked *new = xalloc(sizeof(*new));
	uint64_t begun = clock_ms();

	show_all(p, new);
	if (p->what.ranking)
		show_ranked(p, new);
	else if (p->what.fold)
		show_folded(p, new);
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

/* Of other runs that are to be open. */
static void
hear(struct picking *p)
{
	pthread_mutex_lock(&p->lock);
	if (p->asked) {
		free(p->mark);
		p->mark = p->asked;
		p->marks = p->asked_marks;
		p->asked = NULL;
		p->changed = true;
	}
	pthread_mutex_unlock(&p->lock);
}

/* What costs much is not done all the time. */
static bool
rest(void)
{
	return poll(NULL, 0, REST_MS) || true;
}

/* Without the flows that are gone. */
static void
pass_gone(struct picking *p, const struct store_stats *stats)
{
	if (p->gone == stats->gone)
		return;
	p->gone = stats->gone;
	taken_pass(&p->taken, p->store);
	if (p->what.ranking)
		ranking_pass(p->what.ranking, p->store);
	p->changed = p->moved = true;
}

/* The study's step. True: there is more. */
static bool
pick(void *of)
{
	struct picking *p = of;
	struct store_stats stats = store_stats(p->store);
	size_t flows = stats.flows, all;
	bool remarked;
	uint64_t now = clock_ms();

	hear(p);
	pass_gone(p, &stats);
	look_again(p);
	if (p->looked < stats.first)
		p->looked = stats.first;
	remarked = look_remarked(p);
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
	return remarked || p->looked < flows || (p->lacks && rest());
}

struct picking *
picking_new(struct store *s, struct pick what, int wake)
{
	struct picking *p = xalloc(sizeof(*p));
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	p->store = s;
	p->remarks = store_stats(s).remarks;
	p->what = what;
	p->what.fold = what.fold && !what.ranking;
	p->taken.keyed = p->what.fold;
	p->found_key = p->what.fold ? xgrow(NULL, CHUNK, sizeof(*p->found_key)) : NULL;
	p->found_said = what.ranking && ranking_fact(what.ranking) ? xgrow(NULL, CHUNK, sizeof(*p->found_said)) : NULL;
	(void)!getrandom(&p->seed, sizeof(p->seed), 0);
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
	filter_free(p->what.filter);
	ranking_free(p->what.ranking);
	picked_free(p->newest);
	pthread_mutex_destroy(&p->lock);
	taken_release(&p->taken);
	free(p->found_key);
	free(p->found_said);
	free(p->mark);
	free(p->asked);
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

void
picking_open(struct picking *p, const uint32_t *mark, size_t marks)
{
	uint32_t *copy = xgrow(NULL, marks + 1, sizeof(*copy));

	if (marks)
		memcpy(copy, mark, marks * sizeof(*copy));
	pthread_mutex_lock(&p->lock);
	free(p->asked);
	p->asked = copy;
	p->asked_marks = marks;
	pthread_mutex_unlock(&p->lock);
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
	free(p->line != p->shown ? p->line : NULL);
	free(p->shown);
	free(p->run);
	free(p->live);
	free(p);
}
