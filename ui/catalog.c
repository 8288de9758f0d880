/* Which flows the list shows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "sight.h"

enum { AT_ONCE_US = 12000, ROWS = 64, LIVES_MAX = 2000 };

void
catalog_open(struct catalog *c, struct store *s)
{
	*c = (struct catalog){ .store = s };
}

static void
catalog_reset(struct catalog *c)
{
	char by[16];

	c->looked = c->count = c->lives = 0;
	c->remarks = store_stats(c->store).remarks;
	c->moved++;
	if (!c->ranking)
		return;
	snprintf(by, sizeof(by), "%s", ranking_by(c->ranking));
	ranking_free(c->ranking);
	c->ranking = ranking_new(by);
}

void
catalog_close(struct catalog *c)
{
	filter_free(c->filter);
	ranking_free(c->ranking);
	free(c->shown);
	free(c->live);
}

bool
catalog_filter(struct catalog *c, const char *text, struct fault *why, size_t *at)
{
	struct filter *made = NULL;

	text += strspn(text, " ");
	if (*text && !(made = filter_parse(text, why, at)))
		return false;
	filter_free(c->filter);
	c->filter = made;
	snprintf(c->text, sizeof(c->text), "%s", text);
	c->on = made;
	c->invert = false;
	catalog_reset(c);
	return true;
}

void
catalog_switch(struct catalog *c, bool on, bool invert)
{
	c->on = on && c->filter;
	c->invert = invert;
	catalog_reset(c);
}

bool
catalog_sort(struct catalog *c, const char *by)
{
	struct ranking *r = *by ? ranking_new(by) : NULL;

	if (*by && !r)
		return false;
	ranking_free(c->ranking);
	c->ranking = r;
	catalog_reset(c);
	return true;
}

bool
catalog_filters(const struct catalog *c)
{
	return c->on;
}

static bool
catalog_takes(const struct catalog *c, const struct row *r)
{
	return !c->on || filter_takes(c->filter, c->store, r) != c->invert;
}

static size_t *
grown(size_t *at, size_t count, size_t *room)
{
	if (count < *room)
		return at;
	*room = *room ? *room * 2 : 256;
	return xgrow(at, *room, sizeof(*at));
}

/* Where an index is among the shown, or would be. */
static size_t
catalog_place(const struct catalog *c, size_t index)
{
	size_t low = 0, high = c->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->shown[middle] < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
catalog_set(struct catalog *c, size_t index, const struct row *r)
{
	size_t at = catalog_place(c, index);
	bool there = at < c->count && c->shown[at] == index, shown = catalog_takes(c, r);

	if (shown && c->ranking)
		ranking_put(c->ranking, index, r);
	if (there == shown)
		return;
	c->moved++;
	if (there && c->ranking)
		ranking_take(c->ranking, index);
	if (shown) {
		c->shown = grown(c->shown, c->count, &c->room);
		memmove(c->shown + at + 1, c->shown + at, (c->count - at) * sizeof(*c->shown));
		c->shown[at] = index;
		c->count++;
	} else {
		c->count--;
		memmove(c->shown + at, c->shown + at + 1, (c->count - at) * sizeof(*c->shown));
	}
}

/* Those that go on may have changed; those that have ended are looked at for the last time. */
static void
catalog_again(struct catalog *c)
{
	struct row r;
	size_t kept = 0;

	for (size_t i = 0; i < c->lives; i++) {
		if (store_rows(c->store, c->live[i], 1, &r) != 1)
			continue;
		catalog_set(c, c->live[i], &r);
		if (!r.ended)
			c->live[kept++] = c->live[i];
	}
	c->lives = kept;
}

/* Those that a person said something of may be others now, though they have ended. */
static bool
catalog_remarked(struct catalog *c)
{
	uint64_t until = sight_clock() + AT_ONCE_US;
	struct row r;
	size_t index;

	while ((index = store_remarked(c->store, c->remarks)) != SIZE_MAX) {
		if (sight_clock() > until)
			return false;
		c->remarks++;
		if (index < c->looked && store_rows(c->store, index, 1, &r) == 1)
			catalog_set(c, index, &r);
	}
	return true;
}

static void
catalog_look(struct catalog *c, size_t index, const struct row *r)
{
	if (catalog_takes(c, r)) {
		c->shown = grown(c->shown, c->count, &c->room);
		c->shown[c->count++] = index;
		if (c->ranking)
			ranking_put(c->ranking, index, r);
	}
	if (!r->ended && c->lives < LIVES_MAX) {
		c->live = grown(c->live, c->lives, &c->lives_room);
		c->live[c->lives++] = index;
	}
}

static bool
catalog_read(struct catalog *c)
{
	uint64_t until = sight_clock() + AT_ONCE_US;
	static struct row rows[ROWS];

	while (c->looked < c->flows) {
		size_t n = store_rows(c->store, c->looked, ROWS, rows);

		if (!n)
			return true;
		for (size_t i = 0; i < n; i++) {
			catalog_look(c, c->looked++, &rows[i]);
			if (sight_clock() > until)
				return c->looked == c->flows;
		}
	}
	return true;
}

bool
catalog_refresh(struct catalog *c)
{
	bool all;

	c->flows = store_stats(c->store).flows;
	if (!c->on && !c->ranking)
		return true;
	catalog_again(c);
	all = catalog_remarked(c) && catalog_read(c);
	if (c->ranking)
		c->moved += ranking_settle(c->ranking);
	return all;
}

size_t
catalog_count(const struct catalog *c)
{
	return c->ranking ? ranking_count(c->ranking) : c->on ? c->count : c->flows;
}

size_t
catalog_index(const struct catalog *c, size_t line)
{
	if (c->ranking)
		return ranking_at(c->ranking, line);
	return c->on && line < c->count ? c->shown[line] : line;
}

size_t
catalog_line(const struct catalog *c, size_t index)
{
	size_t at = index;

	if (c->ranking)
		return ranking_place(c->ranking, index);
	if (c->on)
		at = catalog_place(c, index);
	return at < catalog_count(c) ? at : SIZE_MAX;
}
