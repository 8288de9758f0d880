/* Which flows the list shows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"

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
}

/* The threads begin anew. What they had stays in sight until they have something. */
static void
catalog_begin(struct catalog *c)
{
	struct filter *filter = NULL;
	struct fault why;
	size_t at;

	picking_leave(c->picking);
	c->picking = NULL;
	c->moved++;
	if (c->on)
		filter = filter_parse(c->text, &why, &at);
	if (!filter && !*c->by && !c->gapped) {
		picked_free(c->picked);
		c->picked = NULL;
		return;
	}
	c->version = store_stats(c->store).version;
	c->picking = picking_new(c->store, filter, c->invert, *c->by ? ranking_new(c->by) : NULL, c->wake);
	c->fresh = true;
}

bool
catalog_filter(struct catalog *c, const char *text, struct fault *why, size_t *at)
{
	struct filter *made = NULL;

	text += strspn(text, " ");
	if (strlen(text) >= sizeof(c->text)) {
		*at = sizeof(c->text) - 1;
		return fault(why, "it is too long");
	}
	if (*text && !(made = filter_parse(text, why, at)))
		return false;
	filter_free(made);
	snprintf(c->text, sizeof(c->text), "%s", text);
	c->on = *text;
	c->invert = false;
	catalog_begin(c);
	return true;
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
	struct ranking *r = *by ? ranking_new(by) : NULL;

	if (*by && !r)
		return false;
	ranking_free(r);
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
	picked_free(c->picked);
	c->picked = newest;
}

void
catalog_refresh(struct catalog *c)
{
	struct store_stats stats = store_stats(c->store);

	c->flows = stats.flows - stats.gone;
	c->came = stats.flows;
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

size_t
catalog_count(const struct catalog *c)
{
	return c->picked ? c->picked->count : c->on || *c->by ? 0 : c->came;
}

size_t
catalog_index(const struct catalog *c, size_t line)
{
	return c->picked ? (line < c->picked->count ? c->picked->line[line] : SIZE_MAX) : line;
}

static size_t
line_in_order(const struct picked *p, size_t index)
{
	size_t low = 0, high = p->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (p->line[middle] < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low < p->count ? low : SIZE_MAX;
}

size_t
catalog_line(const struct catalog *c, size_t index)
{
	const struct picked *p = c->picked;

	if (!p)
		return index < catalog_count(c) ? index : SIZE_MAX;
	if (!*c->by)
		return line_in_order(p, index);
	for (size_t i = 0; i < p->count; i++)
		if (p->line[i] == index)
			return i;
	return SIZE_MAX;
}
