/* Requests that are answered out of a recording. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"
#include "replayed.h"
#include "soth/answers.h"

enum { MATCHED_MAX = 64 << 20, FULL_MICROS = 20000 };	/* of a body that is looked at */

static const char NONE[] = "no recorded answer is to this request (server-replay)";

static struct answers *
answers_of(const struct relay *r)
{
	return r->world.answers ? *r->world.answers : NULL;
}

bool
replayed_wants(const struct relay *r, const struct stream *s)
{
	return answers_of(r) && !r->own && s->request;
}

bool
replayed_known(const struct relay *r, const struct stream *s)
{
	return bridge_websocket(s->request) || s->exchange.half[CLIENT].ended || s->exchange.half[CLIENT].bytes > MATCHED_MAX || !answers_want_body(answers_of(r));
}

/* The whole body, out of what waits. */
static struct slice
body_of(const struct stream *s)
{
	struct buf b;

	buf_init(&b, MATCHED_MAX);
	for (size_t i = 0; i < s->waits; i++)
		if (s->waiting[i].kind == PART_DATA && !buf_add(&b, s->waiting[i].data.bytes))
			break;
	return buf_seal(&b);
}

static const struct answer *
answer_of(struct relay *r, struct stream *s)
{
	struct slice body = body_of(s);
	const struct answer *a = s->exchange.half[CLIENT].bytes > MATCHED_MAX ? NULL :
		answers_find(answers_of(r), &(struct answers_request){ .scheme = r->origin->scheme, .host = r->origin->host,
			.port = r->origin->port, .head = s->request, .body = body.bytes }, r->world.options->server_replay_reuse);

	slice_drop(&body);
	return a;
}

static void
say(struct relay *r, struct stream *s, struct part p)
{
	if (!s->gone)
		stream_part(r, s, SERVER, &p);
	part_drop(&p);
}

/* A stream of messages, as it is given. */
struct giving {
	struct head *head, *trailer;
	struct sayings *says;
	bool websocket, begun;
	uint64_t since;		/* that its head was said */
	size_t next;
};

void
replayed_drop(struct stream *s)
{
	struct giving *g = s->giving;

	if (!g)
		return;
	s->giving = NULL;
	head_drop(g->head);
	head_drop(g->trailer);
	sayings_drop(g->says);
	free(g);
}

static double
speed_of(const struct relay *r)
{
	double speed = 1;

	return sayings_speed(r->world.options->server_replay_speed, &speed, &(struct fault){ "" }) ? speed : 1;
}

/* Takes the head of an answer to a WebSocket, whichever version of HTTP it was recorded in; NULL: it is none for this client. */
static struct head *
agreed(const struct relay *r, const struct stream *s, struct head *head)
{
	struct fault why;
	struct head *agrees = bridge_agrees(head, s->request, &why);

	head_drop(head);
	head = agrees;
	if (head && head_version(head) == HTTP_2 && !r->client_h2) {
		agrees = bridge_response(head, &(struct bridge){ .request = s->request }, &why);
		head_drop(head);
		head = agrees;
	}
	return head;
}

/* Its head goes when this turn is over: the connection may become something else. */
static bool
give_timed(struct relay *r, struct stream *s, const struct answer *a)
{
	bool websocket = bridge_websocket(s->request);
	uint64_t now = r->world.now(r->world.arg);
	struct head *head = answer_head(a, r->world.options->server_replay_refresh, now);

	if (websocket)
		head = agreed(r, s, head);
	if (!head)
		return false;
	s->giving = xalloc(sizeof(*s->giving));
	*s->giving = (struct giving){ .head = head, .trailer = a->trailer ? head_ref(a->trailer) : NULL,
		.says = sayings_ref(a->says), .websocket = websocket };
	ruled_due(r, now);
	return true;
}

static void
giving_begin(struct relay *r, struct stream *s, uint64_t now)
{
	struct giving *g = s->giving;

	g->begun = true;
	g->since = now;
	say(r, s, (struct part){ .kind = PART_HEAD, .head = head_ref(g->head) });
	if (!s->gone && g->websocket)
		http_switch(r, s);
}

/* Everything is said. */
static void
giving_end(struct relay *r, struct stream *s)
{
	struct head *trailer = s->giving->trailer ? head_ref(s->giving->trailer) : NULL;

	replayed_drop(s);
	if (trailer)
		say(r, s, (struct part){ .kind = PART_TRAILER, .head = trailer });
	say(r, s, (struct part){ .kind = PART_END });
	if (!s->gone && s->exchange.half[CLIENT].ended)
		http_done(r, s);
}

static void
giving_say(struct relay *r, struct stream *s, const struct part *p)
{
	if (p->kind == PART_MESSAGE)
		say(r, s, (struct part){ .kind = PART_DATA, .data = line_frame(SERVER, PART_MESSAGE, p->code, p->data) });
	else
		say(r, s, part_ref(p));
}

/* The client of a WebSocket has said good-bye, or has left: so does who answers. */
static bool
is_left(const struct stream *s)
{
	return s->giving->websocket && (s->exchange.half[CLIENT].closed || s->exchange.half[CLIENT].ended);
}

static void
giving_leave(struct relay *r, struct stream *s)
{
	const struct sayings *says = s->giving->says;
	size_t count = sayings_count(says);

	if (count && !s->exchange.half[SERVER].closed)	/* its last is one: a WebSocket's always is */
		giving_say(r, s, &sayings_at(says, count - 1)->part);
	if (!s->gone)
		giving_end(r, s);
}

void
replayed_go(struct relay *r, struct stream *s, uint64_t now)
{
	double speed = speed_of(r);

	if (!s->giving->begun)
		giving_begin(r, s, now);
	while (!s->gone && s->giving && !s->paused[SERVER] && r->phase != PHASE_OVER) {
		struct giving *g = s->giving;
		bool last = g->next == sayings_count(g->says);
		uint64_t after = last ? sayings_end(g->says) : sayings_at(g->says, g->next)->after;

		if (is_left(s)) {
			giving_leave(r, s);
			return;
		}
		if (g->since + sayings_time(after, speed) > now) {
			ruled_due(r, g->since + sayings_time(after, speed));
			return;
		}
		if (last)
			giving_end(r, s);
		else
			giving_say(r, s, &sayings_at(g->says, g->next++)->part);
	}
	if (!s->gone && s->giving)	/* the client takes no more for now */
		ruled_due(r, now + FULL_MICROS);
}

/* As if the server had said it. */
static void
give(struct relay *r, struct stream *s, const struct answer *a)
{
	bool bare = !a->body.bytes.len && !a->trailer;
	uint64_t now = r->world.now(r->world.arg);

	s->answered = true;
	if (a->says) {
		if (!give_timed(r, s, a))
			http_answer(r, s, 502, CLOSE_HTTP_ERROR, "the recorded answer cannot be given to this request");
		return;
	}
	say(r, s, (struct part){ .kind = PART_HEAD, .count = bare,
		.head = answer_head(a, r->world.options->server_replay_refresh, now) });
	if (a->body.bytes.len)
		say(r, s, (struct part){ .kind = PART_DATA, .data = slice_ref(a->body) });
	if (a->trailer)
		say(r, s, (struct part){ .kind = PART_TRAILER, .head = head_ref(a->trailer) });
	say(r, s, (struct part){ .kind = PART_END });
	if (!s->gone && s->exchange.half[CLIENT].ended)
		http_done(r, s);
}

static void
extra_forward(struct relay *r, struct stream *s)
{
	http_serve(r, s);
}

static void
extra_kill(struct relay *r, struct stream *s)
{
	http_kill(r, s, NONE);
}

static void
extra_status(struct relay *r, struct stream *s)
{
	http_answer(r, s, (unsigned)atoi(r->world.options->server_replay_extra), CLOSE_BLOCKED, NONE);
}

static const struct { const char *name; void (*act)(struct relay *r, struct stream *s); } extras[] = {
	{ "forward", extra_forward }, { "kill", extra_kill }, { "204", extra_status }, { "400", extra_status },
	{ "404", extra_status }, { "500", extra_status },
};

void
replayed_decide(struct relay *r, struct stream *s)
{
	const struct answer *a = answer_of(r, s);
	const char *extra = r->world.options->server_replay_extra;
	char of[24];
	size_t i = 0;

	s->matching = false;
	snprintf(of, sizeof(of), "%llu", (unsigned long long)(a ? a->flow : 0));
	relay_step(r, s->flow, STEP_ANSWERED, (struct field[]){ { LIT("result"), a ? LIT("answered") : LIT("no answer") },
		{ LIT("of"), bytes_of(of) }, { LIT("action"), bytes_of(a ? "" : extra) } }, 3);
	if (a) {
		give(r, s, a);
		return;
	}
	while (i < ARRAY_LEN(extras) - 1 && strcmp(extras[i].name, extra))
		i++;
	extras[strcmp(extras[i].name, extra) ? 0 : i].act(r, s);
}
