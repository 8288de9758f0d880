/* Requests that are answered out of a recording. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"
#include "replayed.h"
#include "soth/answers.h"

enum { MATCHED_MAX = 64 << 20 };	/* of a body that is looked at */

static const char NONE[] = "no recorded answer is to this request (server-replay)";

static struct answers *
answers_of(const struct relay *r)
{
	return r->world.answers ? *r->world.answers : NULL;
}

bool
replayed_wants(const struct relay *r, const struct stream *s)
{
	return answers_of(r) && !r->own && s->request && !bridge_websocket(s->request);
}

bool
replayed_known(const struct relay *r, const struct stream *s)
{
	return s->exchange.half[CLIENT].ended || s->exchange.half[CLIENT].bytes > MATCHED_MAX || !answers_want_body(answers_of(r));
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

/* As if the server had said it. */
static void
give(struct relay *r, struct stream *s, const struct answer *a)
{
	bool bare = !a->body.bytes.len && !a->trailer;
	uint64_t now = r->world.now(r->world.arg);

	s->recorded = true;
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
