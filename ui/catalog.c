/* Which flows the list shows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "taken.h"

enum { MARKS_MAX = 4096 };

void
catalog_open(struct catalog *c, struct store *s, int wake, unsigned patience)
{
	*c = (struct catalog){ .store = s, .wake = wake, .patience = patience };
}

void
catalog_close(struct catalog *c)
{
	picking_leave(c->picking);
	picked_free(c->picked);
	free(c->mark);
}

/* Others are meant: at once, or when the threads have some. */
static void
catalog_turn_over(struct catalog *c)
{
	c->waits = c->on;
	c->era += c->sifted && !c->on;
	c->sifted = c->on;
}

/* The threads begin anew. What they had stays in sight until they have something. */
static void
catalog_begin(struct catalog *c)
{
	struct pick what = { .invert = c->invert, .fold = c->fold };
	struct fault why;
	size_t at;

	picking_leave(c->picking);
	c->picking = NULL;
	c->moved++;
	catalog_turn_over(c);
	if (c->on)
		what.filter = filter_parse(c->text, &why, &at);
	if (!what.filter && !*c->by && !c->fold && !c->gapped) {
		picked_free(c->picked);
		c->picked = NULL;
		return;
	}
	c->version = store_stats(c->store).version;
	what.ranking = *c->by ? ranking_new(c->by) : NULL;
	c->picking = picking_new(c->store, what, c->wake);
	if (c->fold)
		picking_open(c->picking, c->mark, c->marks);
	c->fresh = true;
}

/* Whether there is such an order. */
static bool
is_order(const char *by)
{
	struct ranking *r = *by ? ranking_new(by) : NULL;

	ranking_free(r);
	return r || !*by;
}

bool
catalog_show(struct catalog *c, const struct catalog_wish *wish, struct fault *why, size_t *at)
{
	const char *text = wish->filter + strspn(wish->filter, " ");
	struct filter *made = NULL;

	*at = 0;
	if (strlen(text) >= sizeof(c->text)) {
		*at = sizeof(c->text) - 1;
		return fault(why, "it is too long");
	}
	if (!is_order(wish->by))
		return fault(why, "no column is called '%.40s'", wish->by);
	if (*text && !(made = filter_parse(text, why, at)))
		return false;
	filter_free(made);
	snprintf(c->text, sizeof(c->text), "%s", text);
	if (wish->by != c->by)
		snprintf(c->by, sizeof(c->by), "%s", wish->by);
	c->on = *text;
	c->invert = c->on && wish->invert;
	catalog_begin(c);
	return true;
}

bool
catalog_filter(struct catalog *c, const char *text, struct fault *why, size_t *at)
{
	return catalog_show(c, &(struct catalog_wish){ .filter = text, .by = c->by }, why, at);
}

void
catalog_switch(struct catalog *c, bool on, bool invert)
{
	c->on = on && *c->text;
	c->invert = invert;
	catalog_begin(c);
}

bool
catalog_sort(struct catalog *c, const char *by)
{
	if (!is_order(by))
		return false;
	snprintf(c->by, sizeof(c->by), "%s", by);
	catalog_begin(c);
	return true;
}

bool
catalog_filters(const struct catalog *c)
{
	return c->on;
}

bool
catalog_busy(const struct catalog *c)
{
	return c->picking && picking_busy(c->picking);
}

static void
catalog_take(struct catalog *c)
{
	struct picked *newest = picking_take(c->picking);

	if (!newest)
		return;
	c->moved += newest->moved;
	c->era += c->waits;
	c->waits = false;
	picked_free(c->picked);
	c->picked = newest;
}

void
catalog_refresh(struct catalog *c)
{
	struct store_stats stats = store_stats(c->store);

	c->flows = stats.flows - stats.gone;
	c->came = stats.flows;
	c->era += c->gone != stats.gone;	/* those who watch count anew */
	c->gone = stats.gone;
	if (stats.gone && !c->gapped) {
		c->gapped = true;
		catalog_begin(c);
	}
	if (!c->picking)
		return;
	if (c->version != stats.version)
		picking_poke(c->picking);
	if (c->fresh || c->version != stats.version)
		(void)picking_wait(c->picking, c->patience);
	c->version = stats.version;
	c->fresh = false;
	catalog_take(c);
}

static bool
is_in(const uint32_t *at, size_t count, size_t index)
{
	size_t place = index_place(at, count, index);

	return place < count && at[place] == index;
}

size_t
catalog_known(const struct catalog *c)
{
	return !c->on ? c->flows : c->picked ? c->picked->looked : 0;
}

bool
catalog_shows(const struct catalog *c, size_t index)
{
	return !c->on || (c->picked && is_in(c->picked->shown, c->picked->shows, index));
}

bool
catalog_settled(const struct catalog *c, size_t index)
{
	return !c->on || (c->picked && !is_in(c->picked->live, c->picked->lives, index));
}

size_t
catalog_flows(const struct catalog *c)
{
	return c->picked ? c->picked->shows : c->on ? 0 : c->flows;
}

size_t
catalog_nth(const struct catalog *c, size_t n)
{
	return c->picked ? c->picked->shown[n] : n;
}

size_t
catalog_count(const struct catalog *c)
{
	return c->picked ? c->picked->count : c->on ? 0 : c->came;
}

size_t
catalog_index(const struct catalog *c, size_t line)
{
	return c->picked ? (line < c->picked->count ? c->picked->line[line] : SIZE_MAX) : line;
}

const struct run *
catalog_run(const struct catalog *c, size_t line)
{
	return c->picked ? folding_run(c->picked->run, c->picked->runs, line) : NULL;
}

size_t
catalog_line(const struct catalog *c, size_t index)
{
	const struct picked *p = c->picked;
	size_t line = p && !*c->by ? index_place(p->line, p->count, index) : index;

	if (!p || !*c->by)
		return line < catalog_count(c) ? line : SIZE_MAX;
	for (size_t i = 0; i < p->count; i++)
		if (p->line[i] == index)
			return i;
	return SIZE_MAX;
}

struct stretch
catalog_stretch(const struct catalog *c, size_t line)
{
	const struct run *r = catalog_run(c, line);
	const struct picked *p = c->picked;

	if (line >= catalog_count(c))
		return (struct stretch){ 0, 0 };
	if (!p)
		return (struct stretch){ line, 1 };
	if (!r || r->open)
		return (struct stretch){ index_place(p->shown, p->shows, p->line[line]), 1 };
	return (struct stretch){ index_place(p->shown, p->shows, r->first), r->count };
}

void
catalog_fold(struct catalog *c, bool on)
{
	if (on == c->fold)
		return;
	c->fold = on;
	c->marks = 0;
	catalog_begin(c);
}

size_t
catalog_newest(const struct catalog *c, const struct run *r)
{
	return catalog_index(c, r->line + (r->open ? r->count - 1 : 0));
}

/* One mark opens a run; all those within go where it closes. */
bool
catalog_turn(struct catalog *c, size_t line)
{
	const struct run *r = c->picking ? catalog_run(c, line) : NULL;
	size_t from, past, kept;

	if (!r || (!r->open && c->marks == MARKS_MAX))
		return false;
	from = index_place(c->mark, c->marks, r->first);
	past = index_place(c->mark, c->marks, catalog_newest(c, r) + 1);
	kept = c->marks - past;
	c->mark = xgrow(c->mark, c->marks + 1, sizeof(*c->mark));
	memmove(c->mark + from + !r->open, c->mark + past, kept * sizeof(*c->mark));
	c->mark[from] = r->open ? c->mark[from] : r->first;
	c->marks = from + !r->open + kept;
	picking_open(c->picking, c->mark, c->marks);
	c->fresh = true;
	return true;
}
