/* Flows in groups, counted as they come. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grouping.h"
#include "grouping_inside.h"
#include "sight.h"
#include "soth/map.h"

enum { AT_ONCE_US = 5000, BESIDE_US = 2000, KIDS_MAX = 20000, LEVELS_MAX = 24 };

/* The one copy of a name. */
static const char *
grouping_name(struct grouping *g, const char *name)
{
	char *kept = map_find(g->names, bytes_of(name));

	if (!kept) {
		kept = xstrdup(name);
		(void)map_put(g->names, bytes_of(name), kept);
	}
	return kept;
}

static struct group *
group_new(struct grouping *g, struct group *up, const char *name)
{
	struct group *group = xalloc(sizeof(*group));

	if (g->groups == g->groups_room) {
		g->groups_room = g->groups_room ? g->groups_room * 2 : 64;
		g->group = xgrow(g->group, g->groups_room, sizeof(*g->group));
	}
	g->group[g->groups++] = group;
	group->number = (uint32_t)g->groups;
	group->name = grouping_name(g, name);
	group->up = up;
	group->level = up ? up->level + 1 : 0;
	group->newest = group->oldest = group->splitting = GROUP_NONE;
	return group;
}

static void
groups_free(struct grouping *g)
{
	for (size_t i = 0; i < g->groups; i++) {
		free(g->group[i]->kid);
		free(g->group[i]);
	}
	g->groups = 0;
	map_free(g->within, NULL);
	map_free(g->names, free);
}

static void
groups_begin(struct grouping *g)
{
	g->names = map_new();
	g->within = map_new();
	g->waiting = NULL;
	g->all = group_new(g, NULL, "");
	g->all->open = g->all->split = true;
}

struct grouping *
grouping_new(const struct catalog *c)
{
	struct grouping *g = xalloc(sizeof(*g));

	watch_open(&g->watch, c);
	g->key = &group_keys[0];
	groups_begin(g);
	if (!grouping_sort(g, "name"))
		abort();
	return g;
}

void
grouping_free(struct grouping *g)
{
	if (!g)
		return;
	groups_free(g);
	watch_close(&g->watch);
	free(g->group);
	free(g->place);
	free(g->line);
	free(g);
}

static void
places_empty(struct grouping *g)
{
	if (g->places)
		memset(g->place, 0, g->places * sizeof(*g->place));
}

bool
grouping_by(struct grouping *g, const char *name)
{
	for (const struct group_key *key = group_keys; key->name; key++) {
		if (strcmp(key->name, name))
			continue;
		groups_free(g);
		g->key = key;
		watch_close(&g->watch);
		watch_open(&g->watch, g->watch.catalog);
		places_empty(g);
		groups_begin(g);
		grouping_lay(g);
		return true;
	}
	return false;
}

const struct group_key *
grouping_key(const struct grouping *g)
{
	return g->key;
}

const struct group *
grouping_all(const struct grouping *g)
{
	return g->all;
}

/* What a group is found by: its name, and the number of the one it lies in. */
static struct bytes
within_key(const struct group *in, const char *name, char out[GROUP_NAME_MAX + sizeof(uint32_t)])
{
	size_t len = strlen(name);

	memcpy(out, &in->number, sizeof(in->number));
	memcpy(out + sizeof(in->number), name, len);
	return (struct bytes){ (uint8_t *)out, sizeof(in->number) + len };
}

static struct group *
group_find(const struct grouping *g, const struct group *in, const char *name)
{
	char key[GROUP_NAME_MAX + sizeof(uint32_t)];

	return map_find(g->within, within_key(in, name, key));
}

const struct group *
grouping_within(const struct grouping *g, const struct group *in, const char *name)
{
	return strlen(name) < GROUP_NAME_MAX ? group_find(g, in, name) : NULL;
}

/* The one of that name, made where it is not there; of too many, that of the rest. */
static struct group *
group_within(struct grouping *g, struct group *in, const char *name)
{
	char key[GROUP_NAME_MAX + sizeof(uint32_t)];
	struct group *kid = group_find(g, in, name);

	if (kid)
		return kid;
	if (in->kids >= KIDS_MAX && in->rest)
		return in->rest;
	kid = group_new(g, in, in->kids < KIDS_MAX ? name : "(others)");
	kid->others = in->kids >= KIDS_MAX;
	if (kid->others)
		in->rest = kid;
	else
		(void)map_put(g->within, within_key(in, name, key), kid);
	group_add(g, in, kid);
	return kid;
}

/* The deepest group that there is for it. */
static struct group *
group_for(struct grouping *g, struct group *in, const struct row *r)
{
	char name[GROUP_NAME_MAX];

	while (in->split && g->key->part(r, in->level, name))
		in = group_within(g, in, name);
	return in;
}

/* Counts a flow in a group and all that it lies in, up to one that has it already. */
static void
group_count(struct group *group, const struct group *past, const struct sighting *s, uint64_t begun, int sign)
{
	unsigned class = s->status / 100 < GROUP_CLASSES ? s->status / 100u : 0;

	for (; group != past; group = group->up) {
		group->flows += (uint32_t)sign;
		group->failed += s->failed ? (uint32_t)sign : 0;
		group->status[class] += (uint32_t)sign;
		group->bytes += sign < 0 ? -s->bytes : s->bytes;
		group->ended += s->ended ? (uint32_t)sign : 0;
		group->took += sign < 0 ? -s->took : s->took;
		if (begun > group->last)
			group->last = begun;
		if (group->up)
			group->up->stale = true;
	}
}

static void
place_leave(struct grouping *g, uint32_t index)
{
	struct place *p = &g->place[index];
	struct group *of = g->group[p->group - 1];

	*(p->newer == GROUP_NONE ? &of->newest : &g->place[p->newer].older) = p->older;
	*(p->older == GROUP_NONE ? &of->oldest : &g->place[p->older].newer) = p->newer;
	if (of->splitting == index)
		of->splitting = p->newer;
	of->own--;
	p->group = 0;
}

static void
place_take(struct grouping *g, uint32_t index, struct group *of)
{
	uint32_t newer = GROUP_NONE, older = of->newest;

	for (; older != GROUP_NONE && older > index; older = g->place[older].older)
		newer = older;
	g->place[index] = (struct place){ of->number, newer, older };
	*(newer == GROUP_NONE ? &of->newest : &g->place[newer].older) = index;
	*(older == GROUP_NONE ? &of->oldest : &g->place[older].newer) = index;
	of->own++;
}

static void
places_grow(struct grouping *g, size_t index)
{
	size_t room = g->places ? g->places : 256;

	while (room <= index)
		room *= 2;
	if (room == g->places)
		return;
	g->place = xgrow(g->place, room, sizeof(*g->place));
	memset(g->place + g->places, 0, (room - g->places) * sizeof(*g->place));
	g->places = room;
}

static void
grouping_changed(void *of, size_t index, const struct sighting *was, const struct row *is, bool over)
{
	struct grouping *g = of;
	struct group *from, *to;
	struct sighting now;

	(void)over;
	places_grow(g, index);
	from = g->place[index].group ? g->group[g->place[index].group - 1] : NULL;
	to = is ? group_for(g, g->all, is) : NULL;
	if (from && was)
		group_count(from, NULL, was, 0, -1);
	if (from && from != to)
		place_leave(g, (uint32_t)index);
	if (!is)
		return;
	now = sighting_of(index, is);
	group_count(to, NULL, &now, is->begun, 1);
	if (from != to)
		place_take(g, (uint32_t)index, to);
}

/* Nothing is in any group; those that are open stay so. */
static void
grouping_anew(void *of)
{
	struct grouping *g = of;

	for (size_t i = 0; i < g->groups; i++) {
		struct group *group = g->group[i];

		group->flows = group->failed = group->ended = group->own = 0;
		group->bytes = group->took = group->last = 0;
		memset(group->status, 0, sizeof(group->status));
		group->newest = group->oldest = group->splitting = GROUP_NONE;
	}
	places_empty(g);
}

/* The oldest of its flows that was not looked at yet goes to a group within, where there is one for it. */
static void
split_one(struct grouping *g, struct group *group)
{
	uint32_t index = group->splitting;
	const struct sighting *seen = watch_sighting(&g->watch, index);
	struct sighting now;
	struct group *to;
	struct row r;

	group->splitting = g->place[index].newer;
	if (store_rows(g->watch.catalog->store, index, 1, &r) != 1)
		return;
	to = group_for(g, group, &r);
	if (to == group)
		return;
	now = sighting_of(index, &r);
	place_leave(g, index);
	group_count(to, group, seen ? seen : &now, r.begun, 1);
	place_take(g, index, to);
}

static void group_split(struct grouping *g, struct group *group);

/* Where there is nothing to choose, the one that is there opens. */
static void
split_done(struct grouping *g, struct group *group)
{
	if (group->own || group->kids != 1 || group->kid[0]->split)
		return;
	group->kid[0]->open = true;
	group_split(g, group->kid[0]);
}

static bool
grouping_split(struct grouping *g, uint64_t until)
{
	while (g->waiting) {
		struct group *group = g->waiting;

		for (unsigned n = 1; group->splitting != GROUP_NONE; n++) {
			split_one(g, group);
			if (n % 16 == 0 && sight_clock() > until)
				return false;
		}
		g->waiting = group->waits;
		split_done(g, group);
	}
	return true;
}

static void
group_split(struct grouping *g, struct group *group)
{
	if (group->split || group->others || !g->key->deep || group->level >= LEVELS_MAX)
		return;
	group->split = true;
	group->splitting = group->oldest;
	group->waits = g->waiting;
	g->waiting = group;
}

bool
grouping_refresh(struct grouping *g)
{
	static const struct watcher watcher = { grouping_anew, grouping_changed };
	uint64_t until = sight_clock() + (catalog_busy(g->watch.catalog) ? BESIDE_US : AT_ONCE_US);	/* cores are wanted then */
	bool all = grouping_split(g, until);

	all = watch_look(&g->watch, until, &watcher, g) && all;
	grouping_lay(g);
	return all;
}

void
grouping_turn(struct grouping *g, size_t i)
{
	struct group *group = g->group[g->line[i].group - 1];

	group->open = !group->open;
	if (group->open)
		group_split(g, group);
	grouping_lay(g);
}

bool
grouping_filter(const struct grouping *g, size_t i, struct buf *out, struct fault *why)
{
	const struct group *group = g->group[g->line[i].group - 1];

	if (group->others)
		return fault(why, "these have no name in common: a filter makes them fewer");
	g->key->expression(group, out);
	return true;
}
