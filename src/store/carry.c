/* What flows that go on began with, gathered from what goes. */
#include <stdlib.h>
#include <string.h>

#include "carry.h"
#include "soth/map.h"

enum { NOTES_MAX = 256, READ_MAX = 80 << 20, FIRST = 16 };

struct carry {
	struct map *place;		/* by its flow, an index + 1 */
	struct carried *flow;
	size_t flows, room;
};

struct carry *
carry_new(void)
{
	struct carry *c = xalloc(sizeof(*c));

	c->place = map_new();
	return c;
}

void
carry_free(struct carry *c)
{
	for (size_t i = 0; i < c->flows; i++) {
		for (size_t k = 0; k < c->flow[i].notes; k++)
			note_drop(&c->flow[i].note[k]);
		free(c->flow[i].note);
	}
	map_free(c->place, NULL);
	free(c->flow);
	free(c);
}

static struct bytes
id_key(const flow_id *id)
{
	return (struct bytes){ (const uint8_t *)id, sizeof(*id) };
}

void
carry_flow(struct carry *c, flow_id id)
{
	if (c->flows == c->room) {
		c->room = c->room ? c->room * 2 : FIRST;
		c->flow = xgrow(c->flow, c->room, sizeof(*c->flow));
	}
	c->flow[c->flows++] = (struct carried){ .id = id };
	(void)map_put(c->place, id_key(&id), (void *)(uintptr_t)c->flows);
}

const struct carried *
carry_at(const struct carry *c, size_t i)
{
	return i < c->flows ? &c->flow[i] : NULL;
}

/* Takes the note. Of a flow that breaks rule after rule, the first are enough. */
static void
carried_keep(struct carried *f, struct note *n)
{
	if (f->notes == NOTES_MAX) {
		note_drop(n);
		return;
	}
	if (!(f->notes & (f->notes - 1)))
		f->note = xgrow(f->note, f->notes ? f->notes * 2 : 1, sizeof(*f->note));
	f->note[f->notes++] = *n;
}

/* What went of that side, as one note. */
static void
carried_count(struct carried *f, enum side side)
{
	struct note n = { .kind = NOTE_PART, .side = side, .flow = f->id, .when = f->when, .order = f->order,
		.flow_order = f->flow_order,
		.part = { .kind = PART_SKIP, .count = f->bytes[side], .code = (uint32_t)f->messages[side] } };

	if (f->bytes[side] || f->messages[side])
		carried_keep(f, &n);
	f->bytes[side] = f->messages[side] = 0;
}

static uint64_t
bytes_of_part(const struct glance *g)
{
	return g->part == PART_DATA ? g->len : g->part == PART_MESSAGE || g->part == PART_SKIP ? g->count : 0;
}

static uint64_t
messages_of_part(const struct carried *f, const struct glance *g)
{
	struct part like = { .kind = g->part, .code = g->code };

	if (g->part == PART_SKIP)
		return g->code;
	return g->part == PART_DATA ? f->datagrams : part_is_message(&like);
}

static bool
is_counted(const struct glance *g)
{
	return g->kind == NOTE_PART && (g->part == PART_DATA || g->part == PART_MESSAGE || g->part == PART_SKIP ||
		g->part == PART_MARK || g->part == PART_FRAME);
}

static bool
ends_bytes(const struct glance *g)
{
	return g->kind == NOTE_PART && (g->part == PART_TRAILER || g->part == PART_END || g->part == PART_RESET);
}

static bool
carried_hear(struct carried *f, struct volume *v, struct journal_window *w, const struct glance *g, struct buf *scratch,
	struct fault *why)
{
	uint64_t back, next;
	struct note n;

	if (is_counted(g)) {
		f->bytes[g->side] += bytes_of_part(g);
		f->messages[g->side] += messages_of_part(f, g);
	} else {
		if (!journal_read_near(v, w, g->at, scratch, &n, &back, &next, why))
			return false;
		if (ends_bytes(g))
			carried_count(f, g->side);
		if (n.kind == NOTE_FLOW)
			f->datagrams = bytes_are(n.origin->scheme, "udp");
		carried_keep(f, &n);
	}
	f->when = g->when;
	f->order = g->order;
	f->flow_order = g->flow_order;
	return true;
}

/* The last has the numbers of the last that went, so that what comes behind it goes on from there. */
static void
carried_end(struct carried *f)
{
	carried_count(f, CLIENT);
	carried_count(f, SERVER);
	if (!f->notes)
		return;
	f->note[f->notes - 1].order = f->order;
	f->note[f->notes - 1].flow_order = f->flow_order;
}

bool
carry_read(struct carry *c, struct volume *v, uint64_t to, struct fault *why)
{
	struct journal_window w = { 0 };
	struct buf scratch;
	struct glance g;
	bool ok = true;

	buf_init(&scratch, READ_MAX);
	for (uint64_t at = volume_first(v); ok && c->flows && at < to; at = g.next) {
		uintptr_t place;

		ok = journal_glance(v, &w, at, &g, why);
		place = ok ? (uintptr_t)map_find(c->place, id_key(&g.flow)) : 0;
		if (place)
			ok = carried_hear(&c->flow[place - 1], v, &w, &g, &scratch, why);
	}
	for (size_t i = 0; i < c->flows; i++)
		carried_end(&c->flow[i]);
	buf_release(&scratch);
	free(w.at);
	return ok;
}

static bool
is_answer(const struct note *n)
{
	unsigned status = n->kind == NOTE_PART && n->part.kind == PART_HEAD ? head_status(n->part.head) : 100;

	return status < 100 || status >= 200 || status == 101;
}

static bool
carried_pack(struct carried *f, uint64_t first, struct buf *out)
{
	f->last = f->head[CLIENT] = f->head[SERVER] = 0;
	for (size_t i = 0; i < f->notes; i++) {
		const struct note *n = &f->note[i];
		uint64_t at = first + out->len;

		if (!journal_pack(n, f->last, out))
			return false;
		f->last = at;
		if (is_answer(n))
			f->head[n->side] = at;
	}
	return true;
}

/* Their places are in them, and have more digits or fewer: so it is done until they fit. */
bool
carry_pack(struct carry *c, uint64_t to, struct buf *out)
{
	uint64_t first = to;

	for (int turn = 0; turn < 8; turn++) {
		buf_eat(out, out->len);
		for (size_t i = 0; i < c->flows; i++)
			if (!carried_pack(&c->flow[i], first, out))
				return false;
		if (out->len > to)
			return false;
		if (first + out->len == to)
			return true;
		first = to - out->len;
	}
	return false;
}
