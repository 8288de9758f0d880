/* Two flows of messages: which are there both times, and what is different in those. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diff_inside.h"
#include "soth/messages.h"

enum { MESSAGES_MAX = 20000, MESSAGE_MAX = 1 << 20, WHERE_ROOM = 40, WITHOUT_CODE = 1005 };	/* WITHOUT_CODE: RFC 6455 section 7.1.5 */

struct list {			/* what one side said in one of the flows */
	struct messages *from;
	uint32_t *at;		/* indices there */
	uint64_t *name;		/* what is equal for those that are alike */
	uint32_t count;
	unsigned close;		/* the code of the first close frame; 0: there was none */
	bool cut;		/* one is longer than it is compared */
	struct buf scratch;
};

struct talk {
	struct diff *d;
	struct diff_group *g;
	const struct diff_how *how;
	enum side side;
	struct list of[2];
};

static void
list_add(struct list *l, size_t index)
{
	struct message m = messages_get(l->from, index, MESSAGE_MAX + 1, &l->scratch);

	l->cut = l->cut || m.bytes.len > MESSAGE_MAX;

	if (!(l->count & (l->count - 1))) {
		l->at = xgrow(l->at, l->count ? l->count * 2 : 1, sizeof(*l->at));
		l->name = xgrow(l->name, l->count ? l->count * 2 : 1, sizeof(*l->name));
	}
	l->at[l->count] = (uint32_t)index;
	l->name[l->count++] = alike_hash(m.bytes);
}

static void
list_close(struct list *l, size_t index)
{
	struct bytes b = messages_get(l->from, index, 2, &l->scratch).bytes;

	if (!l->close)
		l->close = b.len < 2 ? WITHOUT_CODE : (unsigned)b.at[0] << 8 | b.at[1];
}

/* False: there are more than are compared. */
static bool
list_read(struct list *l, struct store *s, flow_id id, enum side side)
{
	size_t count;

	buf_init(&l->scratch, MESSAGE_MAX * 2);
	l->from = messages_new(s, id);
	while (messages_read(l->from))
		;
	count = messages_count(l->from);
	for (size_t i = 0; i < count; i++) {
		struct message m = messages_at(l->from, i);
		struct part as = { .kind = m.kind, .code = m.code };

		if (m.side != side)
			continue;
		if (m.kind == PART_MESSAGE && (m.code & WS_OPCODE) == WS_CLOSE)
			list_close(l, i);
		if (!part_is_message(&as) || (m.code & WS_OPCODE) == WS_CLOSE)
			continue;
		if (l->count == MESSAGES_MAX)
			return false;
		list_add(l, i);
	}
	return true;
}

static void
list_release(struct list *l)
{
	messages_free(l->from);
	free(l->at);
	free(l->name);
	buf_release(&l->scratch);
}

static bool
list_binary(struct list *l, uint32_t i)
{
	return (messages_at(l->from, l->at[i]).code & WS_OPCODE) == WS_BINARY;
}

static struct bytes
list_get(struct list *l, uint32_t i)
{
	return messages_get(l->from, l->at[i], MESSAGE_MAX, &l->scratch).bytes;
}

/* What the message at i has; "(binary, 12 bytes)". */
static char *
said(struct talk *t, int which, uint32_t i)
{
	struct bytes b = list_get(&t->of[which], i);
	char room[WHERE_ROOM];

	if (text_is_plain(b))
		return text_cut(b);
	snprintf(room, sizeof(room), "(binary, %zu bytes)", b.len);
	return xstrdup(room);
}

static struct diff_change *
tell(struct talk *t, uint32_t number)
{
	struct diff_change *c = NULL;
	char where[WHERE_ROOM];

	if (t->g->changes >= CHANGES_MAX)
		t->d->members_cut = true;
	else
		c = group_change(t->d, t->g, t->how, DIFF_MESSAGE, t->side);

	snprintf(where, sizeof(where), "%u", number + 1);
	if (c)
		c->where = xstrdup(where);
	return c;
}

static void
tell_one(struct talk *t, int which, uint32_t i)
{
	struct diff_change *c = tell(t, i);

	if (c)
		c->value[which] = said(t, which, i);
}

/* What json_compare() has found is of that message. */
static void
tell_members(struct talk *t, size_t from, uint32_t number)
{
	for (size_t i = from; i < t->g->changes; i++) {
		struct diff_change *c = &t->g->change[i];
		char *where = NULL;

		if (asprintf(&where, "%u: %s", number + 1, c->where) < 0)
			abort();
		free(c->where);
		c->where = where;
		c->kind = DIFF_MESSAGE;
		t->d->found[DIFF_BODY]--;
		t->d->found[DIFF_MESSAGE]++;
	}
}

static void
compare_json(struct talk *t, const struct json_tree tree[2], uint32_t number)
{
	struct diff_how how = *t->how;
	size_t from = t->g->changes;

	how.kinds = t->how->kinds >> DIFF_MESSAGE & 1 ? 1u << DIFF_BODY : 0;
	json_compare(t->d, t->g, &how, t->side, tree);
	tell_members(t, from, number);
}

/* It is text the one time, and binary the other. */
static void
tell_kinds(struct talk *t, uint32_t number, bool was_binary)
{
	struct diff_change *c = tell(t, number);

	if (c) {
		c->value[0] = xstrdup(was_binary ? "(binary)" : "(text)");
		c->value[1] = xstrdup(was_binary ? "(text)" : "(binary)");
	}
}

static char *
code_text(unsigned code)
{
	char room[16];

	snprintf(room, sizeof(room), "%u", code);
	return code ? xstrdup(room) : NULL;
}

static void
compare_close(struct talk *t)
{
	struct diff_change *c = t->of[0].close == t->of[1].close ? NULL : tell(t, 0);

	if (!c)
		return;
	free(c->where);
	c->where = xstrdup(DIFF_CLOSE_WHERE);
	c->value[0] = code_text(t->of[0].close);
	c->value[1] = code_text(t->of[1].close);
}

static void
compare_two(struct talk *t, uint32_t a, uint32_t b)
{
	struct bytes m[2] = { list_get(&t->of[0], a), list_get(&t->of[1], b) };
	struct json_tree tree[2] = { { .node = NULL }, { .node = NULL } };
	struct diff_change *c = NULL;

	if (list_binary(&t->of[0], a) != list_binary(&t->of[1], b))
		tell_kinds(t, a, list_binary(&t->of[0], a));
	if (bytes_same(m[0], m[1]))
		return;
	if (tree_read(&tree[0], m[0]) && tree_read(&tree[1], m[1])) {
		compare_json(t, tree, a);
	} else if ((c = tell(t, a)) && text_is_plain(m[0]) && text_is_plain(m[1])) {
		c->value[0] = text_cut(m[0]);
		c->value[1] = text_cut(m[1]);
	} else if (c) {
		c->unit = UNIT_BYTES;
		c->amount[0] = m[0].len;
		c->amount[1] = m[1].len;
	}
	tree_free(&tree[0]);
	tree_free(&tree[1]);
}

/* Between two that are alike: in turn, and then those that have none to stand against. */
static void
compare_gap(struct talk *t, const uint32_t from[2], const uint32_t to[2])
{
	uint32_t i = from[0], k = from[1];

	while (i < to[0] && k < to[1])
		compare_two(t, i++, k++);
	for (; i < to[0]; i++)
		tell_one(t, 0, i);
	for (; k < to[1]; k++)
		tell_one(t, 1, k);
}

static void
compare_lists(struct talk *t)
{
	const struct list *a = &t->of[0], *b = &t->of[1];
	uint32_t *pair = xgrow(NULL, a->count + 1, sizeof(*pair)), from[2] = { 0, 0 };

	lcs_pairs(a->name, a->count, b->name, b->count, pair);
	for (uint32_t i = 0; i <= a->count; i++) {
		uint32_t k = i < a->count ? pair[i] : b->count;

		if (k == LCS_NONE)
			continue;
		compare_gap(t, from, (uint32_t[]){ i, k });
		if (i < a->count)
			compare_two(t, i, k);
		from[0] = i + 1;
		from[1] = k + 1;
	}
	free(pair);
}

void
messages_compare(struct diff *d, struct diff_group *g, const struct diff_how *how, enum side side, struct store *const s[2],
	const flow_id id[2])
{
	struct talk t = { .d = d, .g = g, .how = how, .side = side };

	for (int i = 0; i < 2; i++)
		d->messages_cut = !list_read(&t.of[i], s[i], id[i], side) || t.of[i].cut || d->messages_cut;
	compare_lists(&t);
	compare_close(&t);
	list_release(&t.of[0]);
	list_release(&t.of[1]);
}
