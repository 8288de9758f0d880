/* What rules want done to messages on their way. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "h2.h"
#include "inside.h"

enum { WORDS = 200 };

void
ruled_words(const struct rule_changes *c, char *out, size_t room)
{
	size_t len = (size_t)snprintf(out, room, c->touches == 1 ? "rule" : "rules");

	for (size_t i = 0; i < c->touches && i < RULES_TOUCHED_MAX && len < room; i++)
		len += (size_t)snprintf(out + len, room - len, "%s %u", i ? "," : "", c->touched[i]);
}

void
ruled_tell(struct relay *r, struct stream *s, enum side side, uint64_t number, const struct rule_changes *c)
{
	char words[WORDS], told[WORDS * 2];

	ruled_words(c, words, sizeof(words));
	snprintf(told, sizeof(told), "%s%s%.180s", words, *c->trouble.text ? ": " : "", c->trouble.text);
	relay_note(r, s->flow, (struct note){ .kind = NOTE_HAND, .side = side, .part = { .kind = PART_DATA, .code = HAND_RULED,
		.count = number, .data = slice_text(told) } });
}

void
ruled_due(struct relay *r, uint64_t when)
{
	if (when && (!r->due || when < r->due))
		r->due = when;
}

/* In the server's place; what the client still says goes nowhere. */
static void
ruled_answer(struct relay *r, struct stream *s, struct rule_changes *c)
{
	struct part part[] = {
		{ .kind = PART_HEAD, .head = head_ref(c->answer), .count = !c->answer_body.bytes.len },
		{ .kind = c->answer_body.bytes.len ? PART_DATA : PART_NONE, .data = slice_ref(c->answer_body) },
		{ .kind = PART_END },
	};

	hold_drop(r, s, CLIENT);
	s->answered = true;
	for (size_t i = 0; i < ARRAY_LEN(part); i++) {
		if (!s->gone && part[i].kind != PART_NONE)
			stream_part(r, s, SERVER, &part[i]);
		else if (part[i].kind == PART_NONE)
			slice_drop(&part[i].data);
		part_drop(&part[i]);
	}
	if (!s->gone)
		http_passed(r, s, PART_END);
}

/* True: that is the end of it. */
static bool
ruled_ends(struct relay *r, struct stream *s, enum side side, struct rule_changes *c)
{
	char words[WORDS];

	ruled_words(c, words, sizeof(words));
	if (c->close)
		http_kill(r, s, words);
	else if (c->answer && side == CLIENT)
		ruled_answer(r, s, c);
	else
		return false;
	return true;
}

/* Where it goes now, with that head. */
static bool
ruled_goes(struct stream *s, struct rule_changes *c, struct head *head, struct fault *why)
{
	return c->url.bytes.len ? http_goes_to(s, head, c->url.bytes, why) : http_goes(s, head, why);
}

static void
ruled_paced(struct stream *s, const struct rule_changes *c)
{
	if (c->throttle.up)
		s->pace[CLIENT].rate = c->throttle.up;
	if (c->throttle.down)
		s->pace[SERVER].rate = c->throttle.down;
	if (c->broken.kind != BREAK_NONE) {
		s->broken.kind = c->broken.kind;
		s->broken.side = c->broken.side;
		s->broken.at = c->broken.at;
		s->broken.code = c->broken.code;
		s->broken.passed = 0;
	}
}

/* A number between, from a clock that nobody can foresee. */
static uint64_t
jitter(const struct relay *r, uint64_t most)
{
	return most ? r->world.now(r->world.arg) * 2654435761u % (most + 1) : 0;
}

bool
ruled_head(struct relay *r, struct stream *s, enum side side, struct part *p, struct rule_changes *c)
{
	struct head *head = c->head ? c->head : c->url.bytes.len ? p->head : NULL;
	struct fault why;
	char words[WORDS];

	if (c->touches)
		ruled_tell(r, s, side, 0, c);
	ruled_paced(s, c);
	c->delay += c->throttle.latency + jitter(r, c->throttle.jitter);
	if (ruled_ends(r, s, side, c)) {
		part_drop(p);
		return true;
	}
	if (!head)
		return false;
	if (side == CLIENT && !ruled_goes(s, c, head, &why)) {
		http_answer(r, s, 502, CLOSE_ROUTE_FAILED, why.text);
		part_drop(p);
		return true;
	}
	if (c->head) {
		ruled_words(c, words, sizeof(words));
		hold_tell(r, s, side, HAND_EDITED, slice_text(words));
		head_drop(p->head);
		p->head = head_ref(c->head);
		stream_tell(r, s, side, part_ref(p));
	}
	return false;
}

/* The message anew, as it is told and as it goes on. */
static void
ruled_anew(struct relay *r, struct stream *s, enum side side, struct hold *h, struct rule_changes *c)
{
	struct part part[3], told;
	char words[WORDS];
	size_t n = 0;

	part[n++] = (struct part){ .kind = PART_HEAD, .head = head_ref(c->head ? c->head : h->part[0].head),
		.count = !c->body.bytes.len };
	if (c->body.bytes.len)
		part[n++] = (struct part){ .kind = PART_DATA, .data = slice_ref(c->body) };
	part[n++] = (struct part){ .kind = PART_END };
	ruled_words(c, words, sizeof(words));
	hold_tell(r, s, side, HAND_EDITED, slice_text(words));
	for (size_t i = 0; i < n; i++) {
		told = part_ref(&part[i]);
		stream_tell(r, s, side, told);
	}
	hold_replace(h, part, n);
}

bool
ruled_whole(struct relay *r, struct stream *s, enum side side, struct hold *h, struct rule_changes *c)
{
	struct fault why;

	if (c->touches)
		ruled_tell(r, s, side, 0, c);
	ruled_paced(s, c);
	if (ruled_ends(r, s, side, c))
		return true;
	if (side == CLIENT && (c->head || c->url.bytes.len) && !ruled_goes(s, c, c->head ? c->head : h->part[0].head, &why)) {
		http_answer(r, s, 502, CLOSE_ROUTE_FAILED, why.text);
		return true;
	}
	if (c->has_body) {
		ruled_anew(r, s, side, h, c);
	} else if (c->head) {
		head_drop(h->part[0].head);
		h->part[0].head = head_ref(c->head);
	}
	if (c->delay && !h->until) {
		h->until = r->world.now(r->world.arg) + c->delay;
		ruled_due(r, h->until);
	}
	return false;
}

static const char FAULT[] = "a fault that a rule asked for";

/* The stream was not looked at, those before it go on; with an error nothing does (RFC 9113 section 6.8). */
static void
ruled_goaway(struct relay *r, struct stream *s)
{
	struct part code = { .kind = PART_RESET, .code = s->broken.code };

	link_command(r->client, (struct command){ .kind = CMD_SHUT, .stream = s->id[CLIENT], .part = code });
	if (code.code) {
		relay_stop(r, CLOSE_BLOCKED, FAULT);
		return;
	}
	http_abandon(r, s, H2_CANCEL);
	stream_gone(r, s, CLOSE_BLOCKED, FAULT);
	serve_waiting(r);
}

static void
ruled_goodbye(struct relay *r, struct stream *s)
{
	s->closing = true;
	inject_close(r, s, SERVER, s->broken.code);
	if (!s->gone)
		inject_close(r, s, CLIENT, s->broken.code);
}

/* The place of the fault has been reached. */
static void
ruled_break(struct relay *r, struct stream *s)
{
	static const enum kill_how hows[] = { [BREAK_TRUNCATE] = KILL_CLOSE, [BREAK_RESET] = KILL_RESET,
		[BREAK_GOAWAY] = KILL_CLOSE, [BREAK_TLS_ALERT] = KILL_ALERT, [BREAK_CLOSE_CODE] = KILL_CLOSE };
	enum rule_break kind = s->broken.kind;

	s->broken.kind = BREAK_NONE;
	s->broken.due = false;
	if (kind == BREAK_CLOSE_CODE)
		ruled_goodbye(r, s);
	else if (kind == BREAK_GOAWAY && r->client && r->client_h2 && !r->own)
		ruled_goaway(r, s);
	else
		http_kill_by(r, s, hows[kind], s->broken.code, FAULT);
}

/* Whoever passes messages on is in the middle of it. */
static void
ruled_break_soon(struct relay *r, struct stream *s)
{
	s->broken.due = true;
	ruled_due(r, r->world.now(r->world.arg));
}

void
ruled_fault(struct relay *r, struct stream *s, const struct rule_changes *c)
{
	ruled_paced(s, c);
	s->broken.at = 0;
	if (s->broken.kind != BREAK_STALL)
		ruled_break_soon(r, s);
}

void
ruled_opened(struct relay *r, struct stream *s)
{
	if (s->broken.kind == BREAK_CLOSE_CODE && s->exchange.websocket)
		ruled_break_soon(r, s);
}

bool
ruled_breaks(struct relay *r, struct stream *s, enum side side, struct part *p)
{
	uint64_t left = s->broken.at > s->broken.passed ? s->broken.at - s->broken.passed : 0;
	enum rule_break kind = s->broken.kind;

	if (s->broken.due || (s->closing && p->kind == PART_DATA && !s->inject[side].count)) {
		part_drop(p);
		return true;
	}
	if (kind == BREAK_NONE || kind == BREAK_CLOSE_CODE || s->broken.side != side || (p->kind == PART_HEAD && s->broken.at))
		return false;
	if (p->kind == PART_DATA && p->data.bytes.len < left) {
		s->broken.passed += p->data.bytes.len;
		return false;
	}
	if (p->kind == PART_DATA && left) {
		p->data.bytes.len = (size_t)left;
		s->broken.passed = s->broken.at;
		return false;
	}
	if (kind != BREAK_STALL)
		ruled_break(r, s);
	part_drop(p);
	return true;
}

static void
stream_due(struct relay *r, struct stream *s, void *arg)
{
	uint64_t now = *(const uint64_t *)arg;

	if (s->broken.due)
		ruled_break(r, s);
	if (!s->gone && s->giving)
		replayed_go(r, s, now);
	for (int side = CLIENT; side <= SERVER && !s->gone; side++) {
		struct hold *h;

		if (s->pace[side].parts)
			pace_go(r, s, (enum side)side);
		if (!s->gone)
			line_due(r, s, (enum side)side);
		h = s->gone ? NULL : s->hold[side];
		if (!h || !h->until)
			continue;
		if (h->until > now) {
			ruled_due(r, h->until);
			continue;
		}
		h->until = 0;
		if (!h->since && !h->wanted)
			hold_pass(r, s, (enum side)side);
	}
}

void
ruled_tick(struct relay *r)
{
	uint64_t now = r->world.now(r->world.arg);

	if (!r->due || now < r->due)
		return;
	r->due = 0;
	streams_each(r, stream_due, &now);
}
