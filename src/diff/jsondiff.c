/* Two values of JSON: what appeared, went and changed, by its path. */
#include <stdlib.h>
#include <string.h>

#include "diff_inside.h"

struct walk {
	struct diff *d;
	struct diff_group *g;
	const struct diff_how *how;
	enum side side;
	const struct json_tree *t;	/* two */
	struct place place;
};

struct member { uint64_t name; uint32_t at; };	/* the node of the value */

/* What is in an array, and by what its elements are known. */
struct elements { uint32_t *at, count; uint64_t *name; };

static void
tell(struct walk *w, const uint32_t *was, const uint32_t *is)
{
	struct diff_change *c;

	if (w->g->changes >= CHANGES_MAX) {
		w->d->members_cut = true;
		return;
	}
	c = group_change(w->d, w->g, w->how, DIFF_BODY, w->side);
	if (!c)
		return;
	c->where = xstrdup(w->place.text);
	c->value[0] = was ? text_cut(tree_bytes(&w->t[0], *was)) : NULL;
	c->value[1] = is ? text_cut(tree_bytes(&w->t[1], *is)) : NULL;
}

static void compare_values(struct walk *w, uint32_t was, uint32_t is);

static int
by_name(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* By name; of two of one name the first comes first. To be freed. */
static struct member *
members(const struct json_tree *t, uint32_t object, size_t *count)
{
	const struct json_node *node = t->node;
	struct member *m = NULL;

	*count = 0;
	for (uint32_t at = object + 1; at < node[object].next; at = node[at + 1].next) {
		if (!(*count & (*count - 1)))
			m = xgrow(m, *count ? *count * 2 : 1, sizeof(*m));
		m[(*count)++] = (struct member){ node[at].hash, at + 1 };
	}
	if (*count)
		qsort(m, *count, sizeof(*m), by_name);
	return m;
}

static const struct member *
member_named(const struct member *m, size_t count, uint64_t name)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m[mid].name < name)
			low = mid + 1;
		else
			high = mid;
	}
	return low < count && m[low].name == name ? &m[low] : NULL;
}

/* Each member of one object beside what the other has of its name. */
static void
walk_members(struct walk *w, int which, uint32_t object, uint32_t other)
{
	const struct json_tree *t = &w->t[which];
	size_t count;
	struct member *m = members(&w->t[!which], other, &count);

	for (uint32_t at = object + 1; at < t->node[object].next; at = t->node[at + 1].next) {
		const struct member *there = member_named(m, count, t->node[at].hash);
		size_t back = place_name(&w->place, (struct bytes){ t->bytes.at + t->node[at].at, t->node[at].len });
		uint32_t value = at + 1;

		if (there && !which)
			compare_values(w, value, there->at);
		else if (!there)
			tell(w, which ? NULL : &value, which ? &value : NULL);
		place_back(&w->place, back);
	}
	free(m);
}

static struct elements
elements(const struct json_tree *t, uint32_t array)
{
	struct elements e = { .count = 0 };

	for (uint32_t at = array + 1; at < t->node[array].next; at = t->node[at].next) {
		if (!(e.count & (e.count - 1)))
			e.at = xgrow(e.at, e.count ? e.count * 2 : 1, sizeof(*e.at));
		e.at[e.count++] = at;
	}
	e.name = xgrow(NULL, e.count, sizeof(*e.name));
	for (uint32_t i = 0; i < e.count; i++)
		e.name[i] = t->node[e.at[i]].hash;
	return e;
}

static void
elements_free(struct elements *e)
{
	free(e->at);
	free(e->name);
}

/* The hash of that member's value, a text or a number; 0: it has none. */
static uint64_t
identity(const struct json_tree *t, uint32_t object, const char *name)
{
	const struct json_node *node = t->node;
	struct bytes want = bytes_of(name);

	if (node[object].kind != JSON_KIND_OBJECT)
		return 0;
	for (uint32_t at = object + 1; at < node[object].next; at = node[at + 1].next)
		if (node[at].len == want.len && !memcmp(t->bytes.at + node[at].at, want.at, want.len))
			return node[at + 1].kind == JSON_KIND_STRING || node[at + 1].kind == JSON_KIND_NUMBER ? node[at + 1].hash : 0;
	return 0;
}

static bool
all_have(const struct json_tree *t, const struct elements *e, const char *name)
{
	for (uint32_t i = 0; i < e->count; i++)
		if (!identity(t, e->at[i], name))
			return false;
	return e->count;
}

/* Things that have a name of their own are known by it, so that one that changed is still itself. */
static bool
elements_name(const struct walk *w, struct elements e[2])
{
	static const char *const names[] = { "id", "_id", "uuid", "key", "name" };

	for (size_t n = 0; n < ARRAY_LEN(names); n++) {
		if (!all_have(&w->t[0], &e[0], names[n]) || !all_have(&w->t[1], &e[1], names[n]))
			continue;
		for (int side = 0; side < 2; side++)
			for (uint32_t i = 0; i < e[side].count; i++)
				e[side].name[i] = identity(&w->t[side], e[side].at[i], names[n]);
		return true;
	}
	return false;
}

static void
tell_element(struct walk *w, uint32_t index, const uint32_t *was, const uint32_t *is)
{
	size_t back = place_index(&w->place, index);

	if (was && is)
		compare_values(w, *was, *is);
	else
		tell(w, was, is);
	place_back(&w->place, back);
}

/* Between two pairs: in turn, where nothing tells that they are not the same. */
static void
walk_gap(struct walk *w, const struct elements e[2], const uint32_t from[2], const uint32_t to[2], bool named)
{
	uint32_t i = from[0], k = from[1];

	while (!named && i < to[0] && k < to[1]) {
		tell_element(w, i, &e[0].at[i], &e[1].at[k]);
		i++;
		k++;
	}
	for (; i < to[0]; i++)
		tell_element(w, i, &e[0].at[i], NULL);
	for (; k < to[1]; k++)
		tell_element(w, k, NULL, &e[1].at[k]);
}

static void
walk_elements(struct walk *w, uint32_t was, uint32_t is)
{
	struct elements e[2] = { elements(&w->t[0], was), elements(&w->t[1], is) };
	bool named = elements_name(w, e);
	uint32_t *pair = xgrow(NULL, e[0].count, sizeof(*pair)), from[2] = { 0, 0 };

	lcs_pairs(e[0].name, e[0].count, e[1].name, e[1].count, pair);
	for (uint32_t i = 0; i <= e[0].count; i++) {
		uint32_t k = i < e[0].count ? pair[i] : e[1].count;

		if (k == LCS_NONE)
			continue;
		walk_gap(w, e, from, (uint32_t[]){ i, k }, named);
		if (i < e[0].count)
			tell_element(w, i, &e[0].at[i], &e[1].at[k]);
		from[0] = i + 1;
		from[1] = k + 1;
	}
	free(pair);
	elements_free(&e[0]);
	elements_free(&e[1]);
}

static void
compare_values(struct walk *w, uint32_t was, uint32_t is)
{
	const struct json_node *a = &w->t[0].node[was], *b = &w->t[1].node[is];

	if (a->hash == b->hash)
		return;
	if (a->kind == b->kind && a->kind == JSON_KIND_OBJECT) {
		walk_members(w, 0, was, is);
		walk_members(w, 1, is, was);
	} else if (a->kind == b->kind && a->kind == JSON_KIND_ARRAY) {
		walk_elements(w, was, is);
	} else {
		tell(w, &was, &is);
	}
}

void
json_compare(struct diff *d, struct diff_group *g, const struct diff_how *how, enum side side, const struct json_tree t[2])
{
	struct walk w = { .d = d, .g = g, .how = how, .side = side, .t = t };

	place_init(&w.place, "$");
	compare_values(&w, 0, 0);
}
