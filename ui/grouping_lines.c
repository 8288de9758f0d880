/* Groups in their order, and the lines of those that are open. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grouping.h"
#include "grouping_inside.h"

enum { FLOWS_SHOWN = 1000 };

static uint64_t flows(const struct group *g) { return g->flows; }
static uint64_t failed(const struct group *g) { return g->failed; }
uint64_t group_took(const struct group *g) { return g->ended ? g->took / g->ended : 0; }
static uint64_t bytes(const struct group *g) { return g->bytes; }
static uint64_t last(const struct group *g) { return g->last; }

/* To add one, add its line. Of numbers, the largest comes first. */
static const struct group_order {
	const char *name;
	uint64_t (*number)(const struct group *g);	/* NULL: by name */
} orders[] = {
	{ "name", NULL }, { "flows", flows }, { "failed", failed }, { "size", bytes }, { "took", group_took }, { "last", last },
};

const char *
grouping_order(size_t i)
{
	return i < ARRAY_LEN(orders) ? orders[i].name : NULL;
}

const char *
grouping_sorted(const struct grouping *g)
{
	return g->sorted;
}

bool
grouping_sort(struct grouping *g, const char *by)
{
	bool back = *by == '-';

	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		if (strcmp(orders[i].name, by + back))
			continue;
		g->order = &orders[i];
		g->back = back;
		snprintf(g->sorted, sizeof(g->sorted), "%s", by);
		for (size_t k = 0; k < g->groups; k++)
			g->group[k]->mixed = true;
		return true;
	}
	return false;
}

/* Those without a name of their own are the last; what is equal stays as it came. */
static int
compared(const struct grouping *g, const struct group *a, const struct group *b)
{
	uint64_t x = g->order->number ? g->order->number(a) : 0;
	uint64_t y = g->order->number ? g->order->number(b) : 0;
	int way = g->order->number ? (x < y) - (x > y) : strverscmp(a->name, b->name);

	if (a->others != b->others)
		return a->others ? 1 : -1;
	if (way)
		return g->back ? -way : way;
	return (a->number > b->number) - (a->number < b->number);
}

static int
by_order(const void *a, const void *b, void *g)
{
	return compared(g, *(struct group *const *)a, *(struct group *const *)b);
}

void
group_add(struct grouping *g, struct group *in, struct group *kid)
{
	size_t low = 0, high = in->kids;

	if (in->kids == in->room) {
		in->room = in->room ? in->room * 2 : 4;
		in->kid = xgrow(in->kid, in->room, sizeof(*in->kid));
	}
	while (low < high && !g->order->number) {
		size_t middle = low + (high - low) / 2;

		if (compared(g, in->kid[middle], kid) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (g->order->number)
		low = high;
	memmove(in->kid + low + 1, in->kid + low, (in->kids - low) * sizeof(*in->kid));
	in->kid[low] = kid;
	in->kids++;
}

static void
lay_line(struct grouping *g, struct laid line)
{
	if (g->lines == g->lines_room) {
		g->lines_room = g->lines_room ? g->lines_room * 2 : 256;
		g->line = xgrow(g->line, g->lines_room, sizeof(*g->line));
	}
	g->line[g->lines++] = line;
}

/* The newest come first. */
static void
lay_flows(struct grouping *g, const struct group *group)
{
	uint32_t at = group->newest, n = 0;

	for (; at != GROUP_NONE && n < FLOWS_SHOWN; at = g->place[at].older, n++)
		lay_line(g, (struct laid){ group->number, at, 0 });
	if (n < group->own)
		lay_line(g, (struct laid){ group->number, GROUP_NONE, group->own - n });
}

static void
lay_group(struct grouping *g, struct group *group)
{
	if (group->kids && (group->mixed || (group->stale && g->order->number)))
		qsort_r(group->kid, group->kids, sizeof(*group->kid), by_order, g);
	group->mixed = group->stale = false;
	for (size_t i = 0; i < group->kids; i++) {
		struct group *kid = group->kid[i];

		if (!kid->flows)
			continue;
		lay_line(g, (struct laid){ kid->number, GROUP_NONE, 0 });
		if (kid->open)
			lay_group(g, kid);
	}
	if (group->splitting == GROUP_NONE)
		lay_flows(g, group);
}

void
grouping_lay(struct grouping *g)
{
	g->lines = 0;
	lay_group(g, g->all);
}

size_t
grouping_lines(const struct grouping *g)
{
	return g->lines;
}

struct group_line
grouping_line(const struct grouping *g, size_t i)
{
	const struct laid *l = &g->line[i];
	struct group_line line = { .group = g->group[l->group - 1] };

	if (l->more) {
		line.kind = LINE_MORE;
		line.index = l->more;
	} else if (l->index != GROUP_NONE) {
		line.kind = LINE_FLOW;
		line.index = l->index;
	}
	return line;
}

const struct group *
grouping_numbered(const struct grouping *g, uint32_t number)
{
	return number && number <= g->groups ? g->group[number - 1] : NULL;
}

static size_t
line_of_group(const struct grouping *g, uint32_t number, bool more)
{
	for (size_t i = 0; i < g->lines; i++)
		if (g->line[i].group == number && g->line[i].index == GROUP_NONE && (g->line[i].more != 0) == more)
			return i;
	return SIZE_MAX;
}

static size_t
line_of_flow(const struct grouping *g, uint32_t index)
{
	for (size_t i = 0; i < g->lines; i++)
		if (g->line[i].index == index)
			return i;
	return SIZE_MAX;
}

size_t
grouping_find(const struct grouping *g, struct group_line what)
{
	const struct group *group = what.group;
	size_t i = SIZE_MAX;

	if (what.kind == LINE_FLOW) {
		i = line_of_flow(g, what.index);
		group = what.index < g->places ? grouping_numbered(g, g->place[what.index].group) : NULL;
	} else if (what.kind == LINE_MORE) {
		i = line_of_group(g, group->number, true);
	}
	for (; group && i == SIZE_MAX; group = group->up)
		i = line_of_group(g, group->number, false);
	return i;
}
