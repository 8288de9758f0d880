/* Runs of flows that ask the same again and again. */
#include <stdlib.h>
#include <string.h>

#include "folding.h"
#include "sight.h"

enum { AT_ONCE_US = 6000 };

void
folding_open(struct folding *f, const struct catalog *c)
{
	*f = (struct folding){ 0 };
	watch_open(&f->watch, c);
	f->row_index = SIZE_MAX;
}

void
folding_close(struct folding *f)
{
	watch_close(&f->watch);
	free(f->run);
}

void
folding_switch(struct folding *f, bool on)
{
	const struct catalog *c = f->watch.catalog;

	if (on == f->on)
		return;
	folding_close(f);
	folding_open(f, c);
	f->on = on;
	f->moved++;
}

static bool
folds(const struct folding *f)
{
	return f->runs && !f->watch.catalog->ranking;
}

/* How many runs begin at that index or before it. */
static size_t
runs_to(const struct folding *f, size_t index)
{
	size_t low = 0, high = f->runs;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (f->run[middle].first <= index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The run that a flow is in; SIZE_MAX: none. */
static size_t
run_of(const struct folding *f, size_t index)
{
	size_t k = runs_to(f, index);

	return k && index <= f->run[k - 1].last ? k - 1 : SIZE_MAX;
}

static void
run_changed(struct folding *f, size_t k)
{
	if (k + 1 < f->true_to)
		f->true_to = k + 1;
	f->moved++;
}

static void
run_insert(struct folding *f, size_t k, struct run new)
{
	if (f->runs == f->room) {
		f->room = f->room ? f->room * 2 : 64;
		f->run = xgrow(f->run, f->room, sizeof(*f->run));
	}
	memmove(f->run + k + 1, f->run + k, (f->runs - k) * sizeof(*f->run));
	f->run[k] = new;
	f->runs++;
	if (k < f->true_to)
		f->true_to = k;
	f->moved++;
}

static void
run_remove(struct folding *f, size_t k)
{
	f->runs--;
	memmove(f->run + k, f->run + k + 1, (f->runs - k) * sizeof(*f->run));
	if (k < f->true_to)
		f->true_to = k;
	f->moved++;
}

/* Makes a run of what is on these lines of the catalog, or none of what is too little for one. */
static void
run_between(struct folding *f, size_t k, size_t from, size_t past, bool open)
{
	const struct catalog *c = f->watch.catalog;

	if (past < from + 2)
		return;
	run_insert(f, k, (struct run){ (uint32_t)catalog_index(c, from), (uint32_t)catalog_index(c, past - 1),
		(uint32_t)(past - from), 0, open });
}

/* What is before it and what is behind it are no run any more. */
static void
folding_cut(struct folding *f, size_t index, bool shown)
{
	const struct catalog *c = f->watch.catalog;
	size_t k = run_of(f, index), at, from, past;
	struct run was;

	if (k == SIZE_MAX)
		return;
	was = f->run[k];
	at = catalog_place(c, index);
	from = catalog_place(c, was.first);
	past = catalog_place(c, was.last + 1u);
	run_remove(f, k);
	run_between(f, k, at + shown, past, was.open);
	run_between(f, k, from, at, was.open);
}

/* The row of one that is over; NULL: it goes on. */
static const struct row *
folding_row(struct folding *f, size_t index, struct row *room)
{
	if (index >= f->watch.seen || watch_sighting(&f->watch, index))
		return NULL;
	if (index == f->row_index)
		return &f->row;
	return store_rows(f->watch.catalog->store, index, 1, room) == 1 ? room : NULL;
}

static bool
paths_same(const char *a, const char *b)
{
	size_t len = strcspn(a, "?");

	return len == strcspn(b, "?") && !memcmp(a, b, len);
}

static bool
rows_same(const struct row *a, const struct row *b)
{
	return a->request && b->request && a->status == b->status && a->state == b->state && a->port == b->port && a->grpc == b->grpc &&
		!strcmp(a->host, b->host) && !strcmp(a->method, b->method) && paths_same(a->path, b->path);
}

/* Two that follow each other, into one run. */
static void
folding_join(struct folding *f, size_t a, size_t b)
{
	size_t i = run_of(f, a), k = run_of(f, b);

	if (i != SIZE_MAX && k != SIZE_MAX && i != k) {
		f->run[i].last = f->run[k].last;
		f->run[i].count += f->run[k].count;
		f->run[i].open = f->run[i].open || f->run[k].open;
		run_remove(f, k);
	} else if (i != SIZE_MAX && i != k) {
		f->run[i].last = (uint32_t)b;
		f->run[i].count++;
	} else if (k != SIZE_MAX && i != k) {
		f->run[k].first = (uint32_t)a;
		f->run[k].count++;
		i = k;
	} else if (i == SIZE_MAX) {
		i = runs_to(f, a);
		run_insert(f, i, (struct run){ (uint32_t)a, (uint32_t)b, 2, 0, false });
	}
	run_changed(f, i);
}

/* The flows on two lines of the catalog, where both are over and say the same. */
static void
folding_try(struct folding *f, size_t line, size_t next)
{
	const struct catalog *c = f->watch.catalog;
	size_t lines = c->on ? c->count : c->flows, a, b;
	struct row room[2];
	const struct row *first, *second;

	if (line == SIZE_MAX || next >= lines)
		return;
	a = catalog_came(c, line);
	b = catalog_came(c, next);
	first = folding_row(f, a, &room[0]);
	second = first ? folding_row(f, b, &room[1]) : NULL;
	if (second && rows_same(first, second))
		folding_join(f, a, b);
}
