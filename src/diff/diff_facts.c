/* What flows of a shape had: names of fields, types of bodies, members of JSON. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shape.h"

enum { NAME_ROOM = 256 };

struct walk {
	struct gathered *g;
	struct shape *s;
	int which;
	uint8_t class;
	struct json_tree tree;
	struct place place;
};

struct fact *
fact_note(struct gathered *g, struct shape *s, const struct fact *like, const char *text)
{
	char key[PLACE_ROOM + 8];
	int len = snprintf(key, sizeof(key), "%d%d%s", like->kind, like->class, text);
	struct fact *f = map_find(s->known, (struct bytes){ (uint8_t *)key, (size_t)len });

	if (!f) {
		if (s->facts == FACTS_MAX || g->facts == FACTS_ALL_MAX)
			return NULL;
		f = xalloc(sizeof(*f) + strlen(text) + 1);
		*f = *like;
		strcpy(f->text, text);
		map_put(s->known, (struct bytes){ (uint8_t *)key, (size_t)len }, f);
		if (!(s->facts & (s->facts - 1)))
			s->fact = xgrow(s->fact, s->facts ? s->facts * 2 : 1, sizeof(struct fact *));
		s->fact[s->facts++] = f;
		g->facts++;
	}
	return f;
}

static void
note_lower(struct gathered *g, struct shape *s, int which, enum fact_kind kind, struct bytes text)
{
	const struct fact like = { .kind = kind };
	char name[NAME_ROOM];
	struct fact *f;
	size_t n = 0;

	for (; n < text.len && n < sizeof(name) - 1; n++)
		name[n] = (char)tolower(text.at[n]);
	name[n] = '\0';
	f = n ? fact_note(g, s, &like, name) : NULL;
	if (f)
		f->of[which] = 1;
}

void
facts_of_fields(struct gathered *g, struct shape *s, int which, const struct head *h)
{
	for (size_t i = 0; i < head_count(h); i++)
		note_lower(g, s, which, FACT_FIELD, head_field(h, i).name);
	note_lower(g, s, which, FACT_TYPE, head_find(h, "content-type"));
}

static void walk_value(struct walk *w, uint32_t i, const struct fact *parent, bool named);

/* Members whose names are numbers and the like are one. */
static void
walk_object(struct walk *w, uint32_t i, const struct fact *self)
{
	const struct json_node *node = w->tree.node;

	for (uint32_t at = i + 1; at < node[i].next; at = node[at + 1].next) {
		struct bytes name = { w->tree.bytes.at + node[at].at, node[at].len };
		const char *shape = path_word(name);
		size_t back = place_name(&w->place, shape ? bytes_of(shape) : name);

		walk_value(w, at + 1, self, true);
		place_back(&w->place, back);
	}
}

static void
walk_array(struct walk *w, uint32_t i, const struct fact *self)
{
	size_t back = place_index(&w->place, LCS_NONE);

	for (uint32_t at = i + 1; at < w->tree.node[i].next; at = w->tree.node[at].next)
		walk_value(w, at, self, false);
	place_back(&w->place, back);
}

static void
walk_value(struct walk *w, uint32_t i, const struct fact *parent, bool named)
{
	const struct fact like = { .kind = FACT_MEMBER, .class = w->class, .named = named, .parent = parent };
	struct fact *f = fact_note(w->g, w->s, &like, w->place.text);
	uint8_t kind = w->tree.node[i].kind;

	if (!f) {
		w->g->d->members_cut = true;
		return;
	}
	f->of[w->which] |= (uint16_t)(1u << kind);
	if (kind == JSON_KIND_OBJECT)
		walk_object(w, i, f);
	else if (kind == JSON_KIND_ARRAY)
		walk_array(w, i, f);
}

void
facts_of_json(struct gathered *g, struct shape *s, int which, uint8_t class, struct bytes json)
{
	struct walk w = { .g = g, .s = s, .which = which, .class = class };

	if (!tree_read(&w.tree, json))
		return;
	place_init(&w.place, "$");
	walk_value(&w, 0, NULL, false);
	tree_free(&w.tree);
}
