/* Messages of a stream that wait for a person, and what waits behind them. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "inside.h"
#include "observe.h"
#include "soth/buf.h"
#include "ws.h"

enum { WAITING_FIRST = 8, EDGES_FIRST = 8, MICROS = 1000000, GRPC_PREFIX = 5 };

struct waiting {		/* what goes on when its turn comes */
	struct part part;	/* DATA: a message on the wire, or what is none */
	struct slice said;	/* what it says, where that is not what is on the wire */
	enum part_kind kind;	/* as it was told: MESSAGE, MARK; DATA of bytes */
	uint32_t code;
	uint64_t number;	/* of the messages of its side, from 1; 0: it is none */
	bool held;
	uint64_t until;		/* a rule delays it so long; 0: it does not */
};

struct line {
	struct buf begun;	/* of a message that has not come whole */
	struct waiting *at;
	size_t count, room;
	uint64_t bytes;
	uint64_t since;		/* that the first is held, and that was told; 0: it is not */
	bool remake;		/* a WebSocket's: its window of compression is not the peer's any more */
};

void
line_edge(struct relay *r, enum part_kind kind, uint32_t code, uint64_t count, struct slice said)
{
	struct edges *e = &r->edges;

	if (e->count == e->room) {
		e->room = e->room ? e->room * 2 : EDGES_FIRST;
		e->at = xgrow(e->at, e->room, sizeof(*e->at));
	}
	e->at[e->count++] = (struct edge){ kind, code, count, said };
}

void
line_edges_drop(struct relay *r)
{
	for (size_t i = 0; i < r->edges.count; i++)
		slice_drop(&r->edges.at[i].said);
	r->edges.count = 0;
}

static void
waiting_drop(struct waiting *w)
{
	part_drop(&w->part);
	slice_drop(&w->said);
}

static void
line_tell(struct relay *r, struct stream *s, enum side side, enum hand what, uint64_t number, struct slice words)
{
	relay_note(r, s->flow, (struct note){ .kind = NOTE_HAND, .side = side,
		.part = { .kind = PART_DATA, .code = what, .count = number, .data = words } });
}

static void
line_uncount(struct relay *r, struct line *l)
{
	if (!l->since)
		return;
	l->since = 0;
	r->holds--;
	atomic_fetch_sub(&r->world.hands->held, 1);
	if (!r->holds)
		r->hold_deadline = 0;
}

void
line_drop(struct relay *r, struct stream *s, enum side side)
{
	struct line *l = s->line[side];

	if (!l)
		return;
	s->line[side] = NULL;
	line_uncount(r, l);
	for (size_t i = 0; i < l->count; i++)
		waiting_drop(&l->at[i]);
	free(l->at);
	buf_release(&l->begun);
	free(l);
}

static struct bytes
waiting_said(const struct waiting *w)
{
	size_t skip = w->kind == PART_MARK && (w->code & MARK_KIND) == MARK_GRPC_MESSAGE ? GRPC_PREFIX : 0;

	return w->kind == PART_MESSAGE ? w->said.bytes : bytes_from(w->part.data.bytes, skip);
}

/* A frame of RFC 6455 section 5.2, which is not compressed. */
static struct slice
ws_frame(enum side side, uint32_t code, struct bytes said)
{
	size_t head = 2 + (said.len > 65535 ? 8 : said.len > 125 ? 2 : 0), mask = side == CLIENT ? 4 : 0;
	uint8_t *at, *start, key[4] = { 0 };
	struct slice s = slice_new(head + mask + said.len, &start);

	at = start;
	*at++ = (uint8_t)(WS_FIN | (code & WS_OPCODE));
	*at++ = (uint8_t)((mask ? 0x80 : 0) | (said.len > 65535 ? 127 : said.len > 125 ? 126 : said.len));
	for (size_t i = head - 2; i--;)
		*at++ = (uint8_t)((uint64_t)said.len >> (8 * i));
	if (mask) {
		(void)!getrandom(key, sizeof(key), 0);
		memcpy(at, key, mask);
	}
	if (said.len)
		ws_unmask(at + mask, said.at, said.len, key, 0);
	return s;
}

/* In the form that its protocol has on the wire. */
struct slice
line_frame(enum side side, enum part_kind kind, uint32_t code, struct slice said)
{
	struct slice s;
	uint8_t *at;

	if (kind == PART_MESSAGE)
		return ws_frame(side, code, said.bytes);
	if (kind != PART_MARK || (code & MARK_KIND) != MARK_GRPC_MESSAGE)
		return slice_ref(said);
	s = slice_new(GRPC_PREFIX + said.bytes.len, &at);
	*at++ = code & MARK_COMPRESSED ? 1 : 0;
	for (int i = 24; i >= 0; i -= 8)
		*at++ = (uint8_t)(said.bytes.len >> i);
	if (said.bytes.len)
		memcpy(at, said.bytes.at, said.bytes.len);
	return s;
}

/* False: the connection cannot go on. */
static bool
line_remade(struct relay *r, struct stream *s, enum side side, struct waiting *w)
{
	struct slice wire;

	if (!s->line[side]->remake || w->kind != PART_MESSAGE || !(w->code & WS_DEFLATED))
		return true;
	if (w->code & WS_CUT) {
		http_kill(r, s, "a message behind an edited one is compressed, and too large to be written anew");
		return false;
	}
	wire = line_frame(side, w->kind, w->code, w->said);
	part_drop(&w->part);
	w->part = (struct part){ .kind = PART_DATA, .data = wire };
	return true;
}

static void
line_wait(struct relay *r, struct stream *s, enum side side)
{
	struct line *l = s->line[side];
	unsigned most = r->world.options->hold_count;

	l->since = r->world.now(r->world.arg);
	r->holds++;
	line_tell(r, s, side, HAND_HELD, l->at[0].number, slice_text("intercept"));
	if (r->world.options->hold_age)
		hold_wait(r, l->since);
	if (atomic_fetch_add(&r->world.hands->held, 1) < most || !most)
		return;
	line_tell(r, s, side, HAND_FREED, l->at[0].number, slice_text("hold-count: too many are held"));
	line_uncount(r, l);
	l->at[0].held = false;
}

/* The first in line, on its way. */
static void
line_pass(struct relay *r, struct stream *s, enum side side)
{
	struct line *l = s->line[side];
	struct waiting w = l->at[0];

	memmove(l->at, l->at + 1, --l->count * sizeof(*l->at));
	l->bytes -= w.part.kind == PART_DATA ? w.part.data.bytes.len : 0;
	slice_drop(&w.said);
	if (side == CLIENT)
		stream_forward(r, s, w.part);
	else
		stream_answer_part(r, s, w.part);
}

static bool
line_delays(struct relay *r, const struct waiting *w)
{
	bool delays = w->until > r->world.now(r->world.arg);

	if (delays)
		ruled_due(r, w->until);
	return delays;
}

/* Whatever need not wait goes; what that ends has ended then. */
static void
line_go(struct relay *r, struct stream *s, enum side side)
{
	enum part_kind last = PART_NONE;

	while (!s->gone && s->line[side] && s->line[side]->count) {
		struct line *l = s->line[side];

		if (l->at[0].held && !l->since)
			line_wait(r, s, side);
		if (l->at[0].held || line_delays(r, &l->at[0]))
			return;
		if (!line_remade(r, s, side, &l->at[0]))
			return;
		last = l->at[0].part.kind;
		line_pass(r, s, side);
	}
	if (s->gone || !s->line[side])
		return;
	if (!s->line[side]->begun.len && !s->line[side]->remake && !r->world.decider->active)
		line_drop(r, s, side);
	if (last == PART_END)
		http_passed(r, s, PART_END);
}

/* Of a message: is it held, and what do rules make of it? */
static unsigned
line_asks(struct relay *r, struct stream *s, enum side side, const struct waiting *w, struct rule_changes *c)
{
	struct decider *d = r->world.decider;
	struct scene scene = { .flow = s->flow, .now = r->world.now(r->world.arg), .origin = s->origin,
		.step = r->step, .steps = r->steps, .side = side, .head = { s->request, s->response },
		.websocket = s->exchange.websocket, .message = waiting_said(w), .message_kind = w->kind, .message_code = w->code };

	scene.messages[side] = w->number;
	if (!scene.message.at)
		scene.message.at = (const uint8_t *)"";
	return d->active && w->number ? d->decide(d, &s->ruling, &scene, RULE_MESSAGE, c) : DECIDE_PASS;
}

/* As this, from now on. */
static void
waiting_says(struct line *l, enum side side, struct waiting *w, struct slice said)
{
	struct slice wire;

	l->remake = l->remake || (w->kind == PART_MESSAGE && w->code & WS_DEFLATED);
	if (w->kind == PART_MESSAGE)
		w->code &= ~(uint32_t)(WS_CUT | WS_DEFLATED);
	wire = line_frame(side, w->kind, w->code, said);
	part_drop(&w->part);
	w->part = (struct part){ .kind = PART_DATA, .data = wire };
	slice_drop(&w->said);
	w->said = slice_ref(said);
}

/* False: the message goes no further. */
static bool
line_ruled(struct relay *r, struct stream *s, enum side side, struct waiting *w, struct rule_changes *c)
{
	struct line *l = s->line[side];
	char words[80];

	ruled_tell(r, s, side, w->number, c);
	if (c->broken.kind != BREAK_NONE)
		ruled_fault(r, s, c);
	if (c->drop || c->broken.kind != BREAK_NONE) {
		ruled_words(c, words, sizeof(words));
		line_tell(r, s, side, HAND_DROPPED, w->number, slice_text(words));
		l->remake = l->remake || (w->kind == PART_MESSAGE && w->code & WS_DEFLATED);
		return false;
	}
	if (c->delay)
		w->until = r->world.now(r->world.arg) + c->delay;
	if (c->has_body) {
		waiting_says(l, side, w, c->body);
		line_tell(r, s, side, HAND_MESSAGE, w->number, slice_ref(c->body));
	}
	return true;
}

static void
line_add(struct relay *r, struct stream *s, enum side side, struct waiting w)
{
	struct line *l = s->line[side];
	struct rule_changes c = { 0 };
	unsigned decision = line_asks(r, s, side, &w, &c);
	bool goes = !(decision & DECIDE_CHANGE) || line_ruled(r, s, side, &w, &c);

	rule_changes_release(&c);
	if (!goes) {
		waiting_drop(&w);
		return;
	}
	if (l->count == l->room) {
		l->room = l->room ? l->room * 2 : WAITING_FIRST;
		l->at = xgrow(l->at, l->room, sizeof(*l->at));
	}
	w.held = decision & DECIDE_HOLD;
	l->bytes += w.part.kind == PART_DATA ? w.part.data.bytes.len : 0;
	l->at[l->count++] = w;
}

/* What has begun goes as it is: nobody asks about it any more. */
static void
line_flush(struct relay *r, struct stream *s, enum side side)
{
	struct line *l = s->line[side];

	if (l->begun.len)
		line_add(r, s, side, (struct waiting){ .part = { .kind = PART_DATA, .data = buf_seal(&l->begun) } });
}

bool
line_counts(const struct edge *e)
{
	struct part p = { .kind = e->kind, .code = e->code };

	return e->kind == PART_DATA || part_is_message(&p);
}

/* Cut where messages end; the rest has begun. Takes the data. */
static void
line_cut(struct relay *r, struct stream *s, enum side side, struct slice data)
{
	struct line *l = s->line[side];
	size_t at = 0;

	for (size_t i = 0; i < r->edges.count; i++) {
		struct edge *e = &r->edges.at[i];
		size_t n = e->count >= l->begun.len ? (size_t)(e->count - l->begun.len) : 0;
		struct waiting w = { .said = e->said, .kind = e->kind, .code = e->code,
			.number = line_counts(e) ? ++s->numbers[side] : 0 };
		struct slice piece = slice_cut(data, at, n < data.bytes.len - at ? n : data.bytes.len - at);

		e->said = (struct slice){ 0 };
		at += piece.bytes.len;
		if (l->begun.len && buf_add(&l->begun, piece.bytes)) {
			slice_drop(&piece);
			piece = buf_seal(&l->begun);
		}
		w.part = (struct part){ .kind = PART_DATA, .data = piece };
		line_add(r, s, side, w);
	}
	if (at < data.bytes.len && !buf_add(&l->begun, bytes_from(data.bytes, at))) {
		line_flush(r, s, side);
		line_add(r, s, side, (struct waiting){ .part = { .kind = PART_DATA, .data = slice_cut(data, at, data.bytes.len - at) } });
	}
	slice_drop(&data);
}

static void
line_over(struct relay *r, struct stream *s, enum side side, const char *limit)
{
	struct line *l = s->line[side];

	if (r->world.options->hold_kill) {
		http_kill(r, s, limit);
		return;
	}
	if (l->since)
		line_tell(r, s, side, HAND_FREED, l->at[0].number, slice_text(limit));
	line_uncount(r, l);
	line_flush(r, s, side);
	for (size_t i = 0; i < l->count; i++)
		l->at[i].held = false;
	line_go(r, s, side);
}

/* Its messages can be told apart, or each run of bytes is one. */
static bool
line_may(struct relay *r, struct stream *s, enum side side)
{
	const struct observer *o = s->exchange.observer[side];
	bool bytes = s->raw && !s->exchange.websocket;

	if (!r->world.decider || !r->world.decider->active || s->hold[side])
		return false;
	return bytes || (o && (s->exchange.websocket ? observer_replaces(o) : !observer_coded(o)));
}

/* Bytes of what has begun and passed on, for no one holds it back. */
static void
line_count(struct relay *r, struct stream *s, enum side side, size_t len)
{
	s->open[side] += len;
	for (size_t i = 0; i < r->edges.count; i++) {
		uint64_t n = r->edges.at[i].count;

		s->numbers[side] += line_counts(&r->edges.at[i]);
		s->open[side] = s->open[side] > n ? s->open[side] - n : 0;
	}
}

bool
line_takes(struct relay *r, struct stream *s, enum side side, struct part *p)
{
	struct line *l = s->line[side];
	bool may = line_may(r, s, side);

	if (p->kind == PART_DATA && may && s->raw && !s->exchange.websocket)
		line_edge(r, PART_DATA, 0, p->data.bytes.len, (struct slice){ 0 });
	if (!l && (!may || s->open[side] || p->kind != PART_DATA)) {
		if (p->kind == PART_DATA)
			line_count(r, s, side, p->data.bytes.len);
		line_edges_drop(r);
		return false;
	}
	if (!l) {
		l = s->line[side] = xalloc(sizeof(*l));
		buf_init(&l->begun, r->world.options->hold_size + 1);
	}
	if (p->kind == PART_DATA) {
		line_cut(r, s, side, p->data);
		*p = (struct part){ .kind = PART_NONE };
	} else {
		line_flush(r, s, side);
		line_add(r, s, side, (struct waiting){ .part = part_move(p) });
	}
	line_edges_drop(r);
	if (s->exchange.websocket && !observer_replaces(s->exchange.observer[side]))
		line_flush(r, s, side);
	if (l->bytes + l->begun.len > r->world.options->hold_size)
		line_over(r, s, side, "hold-size: too much waits");
	else
		line_go(r, s, side);
	return true;
}

bool
line_waits(const struct stream *s, enum side side)
{
	return s->line[side] && s->line[side]->count;
}

/* Takes the words. */
static void
line_free(struct relay *r, struct stream *s, enum side side, struct slice words)
{
	struct line *l = s->line[side];

	line_tell(r, s, side, HAND_FREED, l->at[0].number, words);
	line_uncount(r, l);
	l->at[0].held = false;
	line_go(r, s, side);
}

/* The message that waits goes on as this; it still waits. */
static void
line_edit(struct relay *r, struct stream *s, const struct order *o)
{
	struct line *l = s->line[o->side];
	const struct part *p = parts_count(o->parts) ? parts_at(o->parts, 0) : NULL;
	struct waiting *w = &l->at[0];

	if (!p || p->kind != PART_MESSAGE)
		return;
	if (w->kind == PART_MESSAGE && p->code & WS_OPCODE)
		w->code = (w->code & ~(uint32_t)WS_OPCODE) | (p->code & WS_OPCODE);
	if (w->kind == PART_MARK)
		w->code = (w->code & ~(uint32_t)MARK_COMPRESSED) | (p->code & MARK_COMPRESSED);
	l->bytes -= w->part.data.bytes.len;
	waiting_says(l, o->side, w, p->data);
	l->bytes += w->part.data.bytes.len;
	line_tell(r, s, o->side, HAND_MESSAGE, w->number, slice_ref(p->data));
}

/* The message that waits goes nowhere. */
static void
line_leave_out(struct relay *r, struct stream *s, const struct order *o)
{
	struct line *l = s->line[o->side];
	struct waiting w = l->at[0];

	line_tell(r, s, o->side, HAND_DROPPED, w.number, slice_ref(o->text));
	line_uncount(r, l);
	l->remake = l->remake || (w.kind == PART_MESSAGE && w.code & WS_DEFLATED);
	memmove(l->at, l->at + 1, --l->count * sizeof(*l->at));
	l->bytes -= w.part.data.bytes.len;
	waiting_drop(&w);
	line_go(r, s, o->side);
}

void
line_order(struct relay *r, struct stream *s, const struct order *o)
{
	struct line *l = s->line[o->side];

	if (o->kind == ORDER_EDIT && l && l->since)
		line_edit(r, s, o);
	else if (o->kind == ORDER_DROP && l && l->since)
		line_leave_out(r, s, o);
	for (int side = CLIENT; side <= SERVER && o->kind == ORDER_RESUME; side++) {
		uint64_t newest = s->line[side] && s->line[side]->count ? s->line[side]->at[s->line[side]->count - 1].number : 0;

		/* One of this flow; all, where all flows are meant: but none that comes meanwhile. */
		do {
			l = s->gone ? NULL : s->line[side];
			if (l && l->since)
				line_free(r, s, (enum side)side, slice_ref(o->text));
			l = s->gone ? NULL : s->line[side];
		} while (!o->flow && l && l->since && l->at[0].number <= newest);
	}
}

void
line_due(struct relay *r, struct stream *s, enum side side)
{
	if (s->line[side] && s->line[side]->count)
		line_go(r, s, side);
}

bool
line_aged(struct relay *r, struct stream *s, enum side side, uint64_t now)
{
	struct line *l = s->line[side];
	uint64_t age = (uint64_t)r->world.options->hold_age * MICROS;

	if (!l || !l->since || !age)
		return false;
	if (l->since + age <= now)
		line_free(r, s, side, slice_text("hold-age: it was held too long"));
	else
		hold_wait(r, l->since);
	return true;
}
