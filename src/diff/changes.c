/* What was found: groups of changes, in the order of what matters. */
#include <stdlib.h>
#include <string.h>

#include "diff_inside.h"

enum { RATIO_TIMES = 1000, SIZE_FLOOR = 1024, SLOWER_FLOOR = 20000 };

static const char *const words[] = {
#define DIFF_WORD(name, word, about) word,
	DIFFS(DIFF_WORD)
#undef DIFF_WORD
};

const char *
diff_word(enum diff_kind kind)
{
	return words[kind];
}

bool
diff_kinds(const char *list, unsigned *kinds, struct fault *why)
{
	*kinds = 0;
	for (size_t n; *list; list += n + (list[n] == ',')) {
		size_t i = 0;

		n = strcspn(list, ",");
		while (i < DIFF_COUNT && (strlen(words[i]) != n || memcmp(words[i], list, n)))
			i++;
		if (i == DIFF_COUNT)
			return fault(why, "'%.*s': no kind of difference (man soth lists them)", (int)(n < 40 ? n : 40), list);
		*kinds |= 1u << i;
	}
	return *kinds || fault(why, "no kind of difference is named");
}

void
diff_how_init(struct diff_how *how)
{
	*how = (struct diff_how){ .kinds = (1u << DIFF_COUNT) - 1, .slower = 1.5, .larger = 1.5, .floor = SLOWER_FLOOR };
}

char *
text_cut(struct bytes from)
{
	size_t n = from.len <= VALUE_MAX ? from.len : VALUE_MAX;
	char *out;

	if (!from.at)
		return NULL;
	while (n < from.len && n && (from.at[n] & 0xc0) == 0x80)	/* not amid a character */
		n--;
	out = xalloc(n + sizeof("..."));
	memcpy(out, from.at, n);
	for (size_t i = 0; i < n; i++)		/* it is a string from here on */
		out[i] = out[i] ? out[i] : ' ';
	if (n < from.len)
		strcpy(out + n, "...");
	return out;
}

struct diff_group *
diff_group_new(struct diff *d)
{
	if (!(d->groups & (d->groups - 1)))
		d->group = xgrow(d->group, d->groups ? d->groups * 2 : 1, sizeof(*d->group));
	d->group[d->groups] = (struct diff_group){ .changes = 0 };
	return &d->group[d->groups++];
}

static void
group_free(struct diff_group *g)
{
	for (size_t i = 0; i < g->changes; i++) {
		struct diff_change *c = &g->change[i];

		free(c->where);
		free(c->value[0]);
		free(c->value[1]);
		free(c->lines);
	}
	free(g->change);
	free(g->method);
	free(g->host);
	free(g->path);
}

void
group_drop(struct diff *d)
{
	group_free(&d->group[--d->groups]);
}

struct diff_change *
group_change(struct diff *d, struct diff_group *g, const struct diff_how *how, enum diff_kind kind, enum side side)
{
	if (!(how->kinds >> kind & 1))
		return NULL;
	if (!(g->changes & (g->changes - 1)))
		g->change = xgrow(g->change, g->changes ? g->changes * 2 : 1, sizeof(*g->change));
	g->change[g->changes] = (struct diff_change){ .kind = kind, .side = side };
	d->found[kind]++;
	return &g->change[g->changes++];
}

void
group_amounts(struct diff *d, struct diff_group *g, const struct diff_how *how, const char *where, enum diff_unit unit,
	const uint64_t amount[2])
{
	bool time = unit == UNIT_MICROSECONDS, more = amount[1] > amount[0];
	uint64_t low = amount[0] < amount[1] ? amount[0] : amount[1], high = more ? amount[1] : amount[0];
	struct diff_change *c;

	if ((time && !low) || high - low < (time ? how->floor : SIZE_FLOOR) ||
			(double)high < (double)low * (time ? how->slower : how->larger))
		return;
	c = group_change(d, g, how, time ? (more ? DIFF_SLOWER : DIFF_FASTER) : more ? DIFF_LARGER : DIFF_SMALLER, SERVER);
	if (!c)
		return;
	c->where = xstrdup(where);
	c->unit = unit;
	memcpy(c->amount, amount, sizeof(c->amount));
}

/* How much of a change it is, among those of its kind. */
static double
change_weight(const struct diff_change *c)
{
	double low, high;

	if (c->unit == UNIT_NONE)
		return c->kind == DIFF_STATUS && c->value[1] ? *c->value[1] : 0;
	low = (double)(c->amount[0] < c->amount[1] ? c->amount[0] : c->amount[1]);
	high = (double)(c->amount[0] < c->amount[1] ? c->amount[1] : c->amount[0]);
	return high / (low + 1);
}

static int
change_order(const struct diff_change *a, const struct diff_change *b)
{
	double wa = change_weight(a), wb = change_weight(b);

	return a->kind != b->kind ? (int)a->kind - (int)b->kind : wa < wb ? 1 : wa > wb ? -1 : 0;
}

/* Those of a kind stay as they were found. */
void
group_sort(struct diff_group *g)
{
	struct diff_change *sorted = xgrow(NULL, g->changes, sizeof(*sorted));
	size_t n = 0;

	for (unsigned kind = 0; kind < DIFF_COUNT; kind++)
		for (size_t i = 0; i < g->changes; i++)
			if (g->change[i].kind == kind)
				sorted[n++] = g->change[i];
	if (n)
		memcpy(g->change, sorted, n * sizeof(*sorted));
	free(sorted);
}

static int
by_weight(const void *a, const void *b)
{
	const struct diff_group *x = a, *y = b;
	uint64_t fx = x->flows[0] + x->flows[1], fy = y->flows[0] + y->flows[1];
	int order = change_order(x->change, y->change);

	if (!order)
		order = fx < fy ? 1 : fx > fy ? -1 : strcmp(x->host, y->host);
	if (!order)
		order = strcmp(x->path, y->path);
	return order ? order : strcmp(x->method, y->method);
}

void
diff_sort(struct diff *d)
{
	for (size_t i = 0; i < d->groups; i++)
		group_sort(&d->group[i]);
	if (d->groups)
		qsort(d->group, d->groups, sizeof(*d->group), by_weight);
}

void
diff_free(struct diff *d)
{
	if (!d)
		return;
	while (d->groups)
		group_drop(d);
	free(d->group);
	free(d);
}
