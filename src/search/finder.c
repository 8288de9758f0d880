/* What a thread of a search does with one flow: finds, and learns its trigrams. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "search_inside.h"

enum { BEFORE = 60, SAME_MAX = 2000 };

void
finder_init(struct finder *f, struct store *s, const struct finder *how)
{
	*f = *how;
	f->lens = lens_new(s);
	f->row = xgrow(NULL, SEARCH_BATCH, sizeof(*f->row));
	signer_init(&f->signer);
}

void
finder_release(struct finder *f)
{
	lens_free(f->lens);
	signer_release(&f->signer);
	free(f->row);
	free(f->hit);
	free(f->live);
}

/* The line that a match is in, as far as there is room; no letter is cut in the middle. */
static void
hit_context(struct search_hit *h, struct bytes text, size_t begin, size_t end)
{
	size_t from = begin, to = begin, room;

	while (from && begin - from < BEFORE && text.at[from - 1] != '\n')
		from--;
	while (from < begin && ((text.at[from] & 0xc0) == 0x80 || isspace(text.at[from])))
		from++;
	room = sizeof(h->text) - (begin - from);
	while (to < text.len && to - begin < room && (to == begin || (text.at[to] != '\n' && text.at[to] != '\r')))
		to++;
	while (to < text.len && to > begin + 1 && (text.at[to] & 0xc0) == 0x80)
		to--;
	h->mark = (uint16_t)(begin - from);
	h->marked = (uint16_t)((end < to ? end : to) - begin);
	h->used = (uint16_t)(to - from);
	memcpy(h->text, text.at + from, h->used);
}

/* Whether a person who looks for what b reads finds a. */
static bool
reads_same(const struct search_hit *a, const struct search_hit *b)
{
	const char *x = a->text + a->mark, *y = b->text + b->mark;
	bool exact = false;

	if (a->marked != b->marked)
		return false;
	for (size_t i = 0; i < b->marked; i++)
		exact = exact || isupper((unsigned char)y[i]);
	return exact ? !memcmp(x, y, a->marked) : !strncasecmp(x, y, a->marked);
}

/* Mostly all matches of a text are the same bytes. */
static void
hit_before(const struct finder *f, struct search_hit *h)
{
	const struct search_hit *last = f->hits > f->first ? &f->hit[f->hits - 1] : NULL;

	if (last && last->marked == h->marked && !memcmp(last->text + last->mark, h->text + h->mark, h->marked)) {
		h->before = last->before + 1;
		return;
	}
	for (size_t i = f->first; i < f->hits && i - f->first < SAME_MAX; i++)
		h->before += reads_same(&f->hit[i], h);
}

static void
finder_hit(struct finder *f, const struct text *t, size_t begin, size_t end)
{
	struct search_hit h = { .flow = f->of->id, .index = f->index, .message = t->message, .where = t->where,
		.side = t->side, .at = begin, .len = end - begin };

	hit_context(&h, t->bytes, begin, end);
	hit_before(f, &h);
	if (f->hits == f->room) {
		f->room = f->room ? f->room * 2 : 16;
		f->hit = xgrow(f->hit, f->room, sizeof(*f->hit));
	}
	f->hit[f->hits++] = h;
	atomic_fetch_add(f->found, 1);
}

/* One more than there may be: so it is seen that there are more. */
bool
finder_full(const struct finder *f)
{
	return f->hits > SEARCH_HITS_MAX;
}

static void
finder_text(void *arg, const struct text *t)
{
	struct finder *f = arg;
	size_t at = 0, begin, end;
	bool gave_up = false;

	if (f->signs)
		signer_text(&f->signer, t->bytes);
	f->first = f->hits;
	while (!finder_full(f) && !atomic_load_explicit(f->stop, memory_order_relaxed) &&
			query_next(f->query, t->bytes, at, &begin, &end, &gave_up)) {
		finder_hit(f, t, begin, end);
		at = end;
	}
	f->given_up += gave_up;
}

static void
finder_goes_on(struct finder *f, uint32_t index, uint64_t last)
{
	if (f->lives == f->lives_room) {
		f->lives_room = f->lives_room ? f->lives_room * 2 : 64;
		f->live = xgrow(f->live, f->lives_room, sizeof(*f->live));
	}
	f->live[f->lives++] = (struct live){ .flow = f->of->id, .last = last, .index = index };
}

/* A flow goes on until its end is in the file. */
void
finder_look(struct finder *f, uint32_t index, const struct row *r)
{
	uint64_t last = store_last(lens_store(f->lens), r->id);
	bool over = r->ended;

	f->of = r;
	f->index = index;
	if (!f->filter || filter_takes(f->filter, f->lens, r) != f->invert) {
		f->read++;
		f->signs = f->trigrams && r->ended && !trigrams_know(f->trigrams, index);
		if (f->signs)
			signer_begin(&f->signer);
		over = texts_of(f->lens, r->id, f->stop, finder_text, f);
		if (over && f->signs && !finder_full(f))
			trigrams_put(f->trigrams, index, r->id, &f->signer);
	}
	if (!over)
		finder_goes_on(f, index, last);
}
