/* Messages that do not pass on yet: a person has them, or they are wanted whole before somebody decides. */
#include <stdio.h>
#include <stdlib.h>

#include "h1.h"
#include "h2.h"
#include "inside.h"
#include "soth/buf.h"
#include "soth/fieldlist.h"

enum { PARTS_FIRST = 4, MICROS = 1000000, VERBATIM_MAX = 1 << 20 };

void
hold_tell(struct relay *r, struct stream *s, enum side side, enum hand what, struct slice words)
{
	relay_note(r, s->flow, (struct note){ .kind = NOTE_HAND, .side = side,
		.part = { .kind = PART_DATA, .code = what, .data = words } });
}

/* Nobody has it any more. */
static void
hold_uncount(struct relay *r, struct hold *h)
{
	if (!h->since)
		return;
	h->since = 0;
	r->holds--;
	atomic_fetch_sub(&r->world.hands->held, 1);
	if (!r->holds)
		r->hold_deadline = 0;
}

void
hold_drop(struct relay *r, struct stream *s, enum side side)
{
	struct hold *h = s->hold[side];

	if (!h)
		return;
	s->hold[side] = NULL;
	hold_uncount(r, h);
	for (size_t i = 0; i < h->parts; i++)
		part_drop(&h->part[i]);
	slice_drop(&h->raw);
	slice_drop(&h->read);
	free(h->part);
	free(h);
}

/* Takes the text. */
static void
hold_sends_list(struct relay *r, struct stream *s, enum side side, struct link *l, struct slice text)
{
	struct bytes all = text.bytes;
	struct fieldlist list;
	struct fault why;
	char words[100];
	size_t at;

	if (!fieldlist_read(text, &list, &at, &why))	/* it was read before it came here */
		return;
	snprintf(words, sizeof(words), "%zu fields and %zu bytes of body as they were typed", list.fields, list.body.bytes.len);
	hold_tell(r, s, side, HAND_RAW, slice_text(words));
	hold_tell(r, s, side, HAND_TYPED, slice_copy((struct bytes){ all.at, all.len - list.body.bytes.len }));
	h2_instead(chain_find(l->chain, &layer_h2), s->id[l->side], &list);
}

void
hold_sends_raw(struct relay *r, struct stream *s, enum side side, struct link *l, struct slice bytes, bool list)
{
	char words[64];

	if (list) {
		hold_sends_list(r, s, side, l, bytes);
		return;
	}

	snprintf(words, sizeof(words), "%zu bytes as they were typed", bytes.bytes.len);
	hold_tell(r, s, side, HAND_RAW, slice_text(words));
	if (bytes.bytes.len <= VERBATIM_MAX)
		hold_tell(r, s, side, HAND_VERBATIM, slice_ref(bytes));
	h1_instead(chain_find(l->chain, &layer_h1), bytes);
}

/* Of a request, what the server is to get; of an answer, what the client gets. Takes them. */
static void
hold_raw_goes(struct relay *r, struct stream *s, enum side side, struct slice bytes, bool list)
{
	if (side == SERVER) {
		hold_sends_raw(r, s, side, r->client, bytes, list);
		return;
	}
	slice_drop(&s->verbatim);
	s->verbatim = bytes;
	s->list = list;
	s->h1_only = !list;
	s->again = false;
}

static void
hold_add(struct hold *h, struct part part)
{
	if (h->parts == h->room) {
		h->room = h->room ? h->room * 2 : PARTS_FIRST;
		h->part = xgrow(h->part, h->room, sizeof(*h->part));
	}
	h->part[h->parts++] = part;
	h->bytes += part.kind == PART_DATA ? part.data.bytes.len : 0;
	h->whole |= part.kind == PART_END;
}

/* Nothing of it but a head has a say in whether it can be sent twice. */
static bool
is_bare(const struct hold *h)
{
	for (size_t i = 0; i < h->parts; i++)
		if (h->part[i].kind != PART_HEAD && h->part[i].kind != PART_END)
			return false;
	return true;
}

/* On its way, in order. What comes of it may end the stream. */
void
hold_pass(struct relay *r, struct stream *s, enum side side)
{
	struct hold *h = s->hold[side];

	s->hold[side] = NULL;
	hold_uncount(r, h);
	if (side == CLIENT)
		s->again = is_bare(h);
	if (h->raw.bytes.len)
		hold_raw_goes(r, s, side, h->raw, h->list);
	for (size_t i = 0; i < h->parts; i++) {
		if (s->gone)
			part_drop(&h->part[i]);
		else if (side == CLIENT)
			stream_forward(r, s, h->part[i]);
		else
			stream_answer_part(r, s, h->part[i]);
	}
	if (!s->gone && side == CLIENT)
		http_go(r, s);
	else if (!s->gone && side == SERVER && h->whole)
		http_passed(r, s, PART_END);
	slice_drop(&h->read);
	free(h->part);
	free(h);
}

/* Takes the words. */
static void
hold_free(struct relay *r, struct stream *s, enum side side, struct slice words)
{
	hold_tell(r, s, side, HAND_FREED, words);
	hold_pass(r, s, side);
}

/* A limit is reached. */
static void
hold_over(struct relay *r, struct stream *s, enum side side, const char *limit)
{
	if (!s->hold[side]->since)
		hold_pass(r, s, side);
	else if (r->world.options->hold_kill)
		http_kill(r, s, limit);
	else
		hold_free(r, s, side, slice_text(limit));
}

/* The body as far as it is here. */
static void
hold_body(const struct hold *h, struct buf *out)
{
	for (size_t i = 0; i < h->parts; i++)
		if (h->part[i].kind == PART_DATA && !buf_add(out, h->part[i].data.bytes))
			return;
}

void
hold_replace(struct hold *h, struct part *part, size_t count)
{
	for (size_t i = 0; i < h->parts; i++)
		part_drop(&h->part[i]);
	h->parts = 0;
	h->bytes = 0;
	for (size_t i = 0; i < count; i++)
		hold_add(h, part[i]);
}

static unsigned
decide(struct relay *r, struct stream *s, enum side side, const struct head *head, const struct hold *h, struct rule_changes *c)
{
	enum rule_stage stage = side == CLIENT ? (h ? RULE_REQUEST_WHOLE : RULE_REQUEST_HEAD) :
		h ? RULE_RESPONSE_WHOLE : RULE_RESPONSE_HEAD;
	struct decider *d = r->world.decider;
	struct scene scene = { .flow = s->flow, .now = r->world.now(r->world.arg), .origin = s->origin,
		.step = r->step, .steps = r->steps, .side = side, .head = { s->request, NULL } };
	struct buf body;
	unsigned decision;

	scene.head[side] = head;
	buf_init(&body, r->world.options->hold_size + 1);
	if (h) {
		hold_body(h, &body);
		scene.body[side] = buf_bytes(&body);
		scene.whole[side] = h->whole;
	}
	decision = d->decide(d, &s->ruling, &scene, stage, c);
	buf_release(&body);
	return decision;
}

/* Each of these is a request to be held, whatever it is. */
static bool
is_next(struct hands *hands)
{
	unsigned left = atomic_load(&hands->next);

	while (left && !atomic_compare_exchange_weak(&hands->next, &left, left - 1))
		;
	return left;
}

void
hold_wait(struct relay *r, uint64_t since)
{
	uint64_t end = since + (uint64_t)r->world.options->hold_age * MICROS;

	if (r->world.options->hold_age && (!r->hold_deadline || end < r->hold_deadline))
		r->hold_deadline = end;
}

/* A person has it from now on. */
static void
hold_begin(struct relay *r, struct stream *s, enum side side, const char *why)
{
	struct hold *h = s->hold[side];
	unsigned most = r->world.options->hold_count;

	h->since = r->world.now(r->world.arg);
	r->holds++;
	hold_tell(r, s, side, HAND_HELD, slice_text(why));
	hold_wait(r, h->since);
	if (atomic_fetch_add(&r->world.hands->held, 1) >= most && most)
		hold_over(r, s, side, "hold-count: too many are held");
}

/* What both sides become with it they become at once: rules may change it, and nobody holds it. */
static unsigned
hold_asks_switch(struct relay *r, struct stream *s, const struct part *p, struct rule_changes *c)
{
	return r->world.decider->active ? decide(r, s, SERVER, p->head, NULL, c) & DECIDE_CHANGE : DECIDE_PASS;
}

/* With its head: is it to be held, or wanted whole first? */
static unsigned
hold_asks(struct relay *r, struct stream *s, enum side side, const struct part *p, struct rule_changes *c)
{
	struct hands *hands = r->world.hands;
	unsigned status = side == SERVER && p->kind == PART_HEAD ? head_status(p->head) : 200;

	if (side == SERVER && p->kind == PART_HEAD && r->world.decider) {
		head_drop(s->response);
		s->response = head_ref(p->head);
	}
	if (!r->world.decider || p->kind != PART_HEAD || s->raw || (status < 200 && status != 101) || (side == SERVER && s->answered))
		return DECIDE_PASS;
	if (status == 101)
		return hold_asks_switch(r, s, p, c);
	if (side == CLIENT && atomic_load_explicit(&hands->next, memory_order_relaxed) && is_next(hands))
		return DECIDE_HOLD;
	return r->world.decider->active ? decide(r, s, side, p->head, NULL, c) : DECIDE_PASS;
}

/* A file is wanted first. */
static void
hold_reads(struct relay *r, struct hold *h, struct rule_changes *c)
{
	h->reading = ++r->reads ? r->reads : ++r->reads;
	h->read = slice_ref(c->read);
	relay_effect(r, (struct effect){ .kind = FX_READ, .conn = h->reading, .data = slice_ref(c->read) });
	rule_changes_release(c);
}

static void
hold_is_whole(struct relay *r, struct stream *s, enum side side)
{
	struct hold *h = s->hold[side];
	struct rule_changes c = { 0 };
	unsigned decision = decide(r, s, side, h->part[0].head, h, &c);

	h->asked = true;
	if (decision & DECIDE_READ) {
		hold_reads(r, h, &c);
		return;
	}
	if (decision & DECIDE_CHANGE && ruled_whole(r, s, side, h, &c)) {
		rule_changes_release(&c);
		return;
	}
	rule_changes_release(&c);
	if (decision & DECIDE_HOLD)
		hold_begin(r, s, side, "intercept");
	else if (!h->until)
		hold_pass(r, s, side);
}

static void
hold_grows(struct relay *r, struct stream *s, enum side side, bool wanted)
{
	struct hold *h = s->hold[side];

	h->wanted |= wanted;
	if (h->whole && h->wanted && !h->since && !h->reading) {
		h->wanted = false;
		hold_is_whole(r, s, side);
	} else if (h->bytes > r->world.options->hold_size) {
		hold_over(r, s, side, "hold-size: the message is too large");
	}
}

/* As if it came now. */
static void
hold_again(struct relay *r, struct stream *s, enum side side)
{
	struct hold *h = s->hold[side];

	s->hold[side] = NULL;
	s->again = is_bare(h);
	for (size_t i = 0; i < h->parts; i++) {
		if (!s->gone)
			stream_on(r, s, side, &h->part[i]);
		part_drop(&h->part[i]);
	}
	if (!s->gone && !s->hold[side])
		http_go(r, s);
	free(h->part);
	free(h);
}

void
hold_read(struct relay *r, struct stream *s, struct local_file *file)
{
	struct hold *h = s->hold[CLIENT];

	r->world.decider->read(r->world.decider, &s->ruling, h->read, file);
	*file = (struct local_file){ NULL };
	h->read = (struct slice){ 0 };
	h->reading = 0;
	if (h->asked)
		hold_is_whole(r, s, CLIENT);
	else
		hold_again(r, s, CLIENT);
}

bool
hold_takes(struct relay *r, struct stream *s, enum side side, struct part *p)
{
	bool begins = !s->hold[side], switches = side == SERVER && p->kind == PART_HEAD && head_status(p->head) == 101;
	struct rule_changes c = { 0 };
	unsigned decision = begins ? hold_asks(r, s, side, p, &c) : DECIDE_PASS;
	bool done = decision & DECIDE_CHANGE && ruled_head(r, s, side, p, &c);
	uint64_t delay = switches ? 0 : c.delay;

	if (decision & DECIDE_READ) {
		s->hold[side] = xalloc(sizeof(struct hold));
		hold_reads(r, s->hold[side], &c);
		begins = false;
	}
	rule_changes_release(&c);
	if (done)
		return true;
	if (begins && !(decision & (DECIDE_HOLD | DECIDE_WHOLE | DECIDE_READ)) && !delay)
		return false;
	if (begins) {
		s->hold[side] = xalloc(sizeof(struct hold));
		s->hold[side]->until = delay ? r->world.now(r->world.arg) + delay : 0;
		ruled_due(r, s->hold[side]->until);
	}
	hold_add(s->hold[side], part_move(p));
	if (decision & DECIDE_HOLD)
		hold_begin(r, s, side, "intercept");
	else
		hold_grows(r, s, side, decision & DECIDE_WHOLE);
	return true;
}

/* HTTP/2 has frames: no bytes can stand in their place, and HTTP/1 has none. */
static bool
takes_raw(const struct relay *r, const struct stream *s, const struct order *o, struct fault *why)
{
	struct fieldlist l;
	size_t at;

	if (o->side == SERVER && r->client_h2 != o->list)
		return fault(why, "not edited: the client speaks HTTP/%s", r->client_h2 ? "2: its fields are typed, not bytes" :
			"1: bytes are typed for it, not the fields of HTTP/2");
	if (o->side == CLIENT && !o->list && http_must_h2(r))
		return fault(why, "not edited: the server speaks HTTP/2: its fields are typed, not bytes");
	if (o->side == CLIENT && o->list && serve_without_h2(r, s))
		return fault(why, "not edited: the server speaks HTTP/1: bytes are typed for it, not the fields of HTTP/2");
	if (!o->list)
		return true;
	if (!fieldlist_read(slice_ref(o->raw), &l, &at, why))
		return false;
	fieldlist_release(&l);
	return true;
}

/* What is said so that the bytes go out: what they are is told, and may be no message. */
static void
hold_raw_parts(struct stream *s, struct hold *h, const struct order *o)
{
	static const char said[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	struct head *told = parts_at(o->parts, 0)->head;
	struct fault why;

	h->raw = slice_ref(o->raw);
	h->list = o->list;
	if (o->side == SERVER) {
		told = head_parse(LIT(said), HEAD_RESPONSE, &why);
	} else if (bytes_like(head_find(told, "upgrade"), "websocket") || !http_goes(s, told, &why)) {
		told = head_ref(s->request);
	} else {
		told = head_ref(told);
	}
	hold_add(h, (struct part){ .kind = PART_HEAD, .count = 1, .head = told });
	hold_add(h, (struct part){ .kind = PART_END });
}

/* By a person; or by what a person wrote, which may be no request. */
static void
hold_edit(struct relay *r, struct stream *s, const struct order *o)
{
	const struct part *first = parts_count(o->parts) ? parts_at(o->parts, 0) : NULL;
	struct hold *h = s->hold[o->side];
	struct fault why = { "not a message" };

	bool raw = o->raw.bytes.len;

	if (!first || first->kind != PART_HEAD || !h->whole || (raw && !takes_raw(r, s, o, &why)) ||
			(!raw && o->side == CLIENT && !http_goes(s, first->head, &why))) {
		hold_tell(r, s, o->side, HAND_HELD, slice_text(h->whole ? why.text : "not edited: it is still coming"));
		return;
	}
	hold_replace(h, NULL, 0);
	slice_drop(&h->raw);
	if (raw)
		hold_raw_parts(s, h, o);
	hold_tell(r, s, o->side, HAND_EDITED, slice_ref(o->text));
	for (size_t i = 0; i < parts_count(o->parts); i++) {
		stream_tell(r, s, o->side, part_ref(parts_at(o->parts, i)));
		if (!raw)
			hold_add(h, part_ref(parts_at(o->parts, i)));
	}
}

/* Here and now: the request goes no further. */
static void
hold_answer(struct relay *r, struct stream *s, const struct order *o)
{
	hold_tell(r, s, CLIENT, HAND_FREED, slice_ref(o->text));
	hold_drop(r, s, CLIENT);
	s->answered = true;
	for (size_t i = 0; i < parts_count(o->parts) && !s->gone; i++) {
		struct part p = part_ref(parts_at(o->parts, i));

		stream_part(r, s, SERVER, &p);
		part_drop(&p);
	}
	if (!s->gone)
		http_passed(r, s, PART_END);
}

void
hold_order(struct relay *r, struct stream *s, const struct order *o)
{
	struct hold *h = s->hold[o->side];

	line_order(r, s, o);
	if (s->gone)
		return;
	if (o->kind == ORDER_EDIT && h && h->since)
		hold_edit(r, s, o);
	else if (o->kind == ORDER_ANSWER && s->hold[CLIENT] && s->hold[CLIENT]->since)
		hold_answer(r, s, o);
	for (int side = CLIENT; side <= SERVER && o->kind == ORDER_RESUME; side++)
		if (!s->gone && s->hold[side] && s->hold[side]->since)
			hold_free(r, s, (enum side)side, slice_ref(o->text));
}

static void
stream_left(struct relay *r, struct stream *s, void *arg)
{
	enum side side = *(const enum side *)arg;
	bool held = (s->hold[CLIENT] && s->hold[CLIENT]->since) || (s->hold[SERVER] && s->hold[SERVER]->since) ||
		line_waits(s, CLIENT) || line_waits(s, SERVER);

	if (held && !s->gone)
		hold_tell(r, s, side, HAND_LEFT, (struct slice){ 0 });
}

void
hold_left(struct relay *r, enum side side)
{
	if (r->holds)
		streams_each(r, stream_left, &side);
}

static void
stream_aged(struct relay *r, struct stream *s, void *arg)
{
	uint64_t now = *(const uint64_t *)arg, age = (uint64_t)r->world.options->hold_age * MICROS;

	for (int side = CLIENT; side <= SERVER; side++) {
		struct hold *h = s->gone ? NULL : s->hold[side];

		if (!s->gone && line_aged(r, s, (enum side)side, now))
			continue;
		if (h && h->since && age && h->since + age <= now)
			hold_over(r, s, (enum side)side, "hold-age: it was held too long");
		else if (h && h->since)
			hold_wait(r, h->since);
	}
}

void
hold_tick(struct relay *r)
{
	uint64_t now = r->world.now(r->world.arg);

	if (!r->hold_deadline || now < r->hold_deadline)
		return;
	r->hold_deadline = 0;
	streams_each(r, stream_aged, &now);
}
