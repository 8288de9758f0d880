/* What becomes of the flows of a catalog. */
#include <stdlib.h>
#include <string.h>

#include "sight.h"
#include "watch.h"

enum { ROWS = 64, LIVES_AT_ONCE = 2000 };

void
watch_open(struct watch *w, const struct catalog *c)
{
	*w = (struct watch){ .catalog = c, .era = c->era };
}

void
watch_close(struct watch *w)
{
	free(w->live);
}

struct sighting
sighting_of(size_t index, const struct row *r)
{
	return (struct sighting){ .index = (uint32_t)index, .notes = r->notes, .bytes = r->bytes[CLIENT] + r->bytes[SERVER],
		.took = r->ended > r->begun ? r->ended - r->begun : 0, .status = r->status, .failed = r->state == ROW_FAILED,
		.ended = r->ended };
}

/* The catalog has looked a little earlier, when what has ended now may have gone on. */
static struct sighting
watch_see(const struct watch *w, size_t index, const struct row *r)
{
	struct sighting s = sighting_of(index, r);

	s.shown = catalog_shows(w->catalog, index);
	s.over = r->ended && catalog_settled(w->catalog, index);
	return s;
}

static void
watch_again(struct watch *w, struct sighting *s, const struct watcher *watcher, void *of)
{
	struct sighting was = *s;
	struct row r;

	if (store_rows(w->catalog->store, was.index, 1, &r) != 1)
		return;
	*s = watch_see(w, was.index, &r);
	if (s->shown != was.shown || (s->shown && (s->notes != was.notes || s->over)))
		watcher->changed(of, s->index, was.shown ? &was : NULL, s->shown ? &r : NULL, s->over);
}

static void
watch_lives(struct watch *w, const struct watcher *watcher, void *of)
{
	size_t past = w->next + LIVES_AT_ONCE < w->lives ? w->next + LIVES_AT_ONCE : w->lives, kept = w->next;

	for (size_t i = w->next; i < past; i++) {
		watch_again(w, &w->live[i], watcher, of);
		if (!w->live[i].over)
			w->live[kept++] = w->live[i];
	}
	memmove(w->live + kept, w->live + past, (w->lives - past) * sizeof(*w->live));
	w->lives -= past - kept;
	w->next = kept < w->lives ? kept : 0;
}

static void
watch_keep(struct watch *w, const struct sighting *s)
{
	if (w->lives == w->room) {
		w->room = w->room ? w->room * 2 : 64;
		w->live = xgrow(w->live, w->room, sizeof(*w->live));
	}
	w->live[w->lives++] = *s;
}

static void
watch_new(struct watch *w, size_t index, const struct row *r, const struct watcher *watcher, void *of)
{
	struct sighting s = watch_see(w, index, r);

	if (!s.over)
		watch_keep(w, &s);
	if (s.shown)
		watcher->changed(of, index, NULL, r, s.over);
}

bool
watch_look(struct watch *w, uint64_t until, const struct watcher *watcher, void *of)
{
	size_t known = catalog_known(w->catalog), n = 1;
	static struct row rows[ROWS];

	if (w->catalog->waits)
		return true;
	if (w->era != w->catalog->era) {
		w->era = w->catalog->era;
		w->seen = w->lives = w->next = 0;
		watcher->anew(of);
	}
	if (w->lives)
		watch_lives(w, watcher, of);
	while (n && w->seen < known && sight_clock() < until) {
		n = store_rows(w->catalog->store, w->seen, known - w->seen < ROWS ? known - w->seen : ROWS, rows);
		for (size_t i = 0; i < n; i++)
			watch_new(w, w->seen++, &rows[i], watcher, of);
	}
	return w->seen >= known;
}

const struct sighting *
watch_sighting(const struct watch *w, size_t index)
{
	size_t low = 0, high = w->lives;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (w->live[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low < w->lives && w->live[low].index == index ? &w->live[low] : NULL;
}
