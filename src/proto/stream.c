/* An exchange on its way between a stream of the client's and one of a server's. */
#include <stdlib.h>
#include <string.h>

#include "bridge.h"
#include "inside.h"

static struct stream **
bucket_of(struct relay *r, const struct link *l, uint32_t id)
{
	return l->side == CLIENT ? &r->bucket[(id >> 1) % STREAM_BUCKETS] :
		&r->server_bucket[((id >> 1) + l->conn) % STREAM_BUCKETS];
}

struct stream *
stream_at(struct relay *r, const struct link *l, uint32_t id)
{
	struct stream *s = *bucket_of(r, l, id);

	if (l->side == CLIENT)
		while (s && s->id[CLIENT] != id)
			s = s->next;
	else
		while (s && (s->server != l || s->id[SERVER] != id))
			s = s->next_server;
	return s;
}

struct stream *
stream_new(struct relay *r, uint32_t id, const char *scheme, const char *host, uint16_t port)
{
	struct stream *s = xalloc(sizeof(*s)), **at = bucket_of(r, r->client, id);
	const struct switches *w = &s->switches;

	relay_begin(r, scheme, host, port);
	s->flow = r->flow;
	r->flow = 0;		/* it has its request */
	s->id[CLIENT] = id;
	s->origin = r->world.decider ? origin_ref(r->origin) : NULL;
	options_switches(r->world.options, host, port, relay_process(r), &s->switches);
	exchange_init(&s->exchange, s->flow, (struct exchange_limits){
		w->store_streamed ? UINT64_MAX : w->record_bodies, w->body_limit, w->websocket });
	s->next = *at;
	*at = s;
	r->streams++;
	return s;
}

void
streams_each(struct relay *r, void (*fn)(struct relay *r, struct stream *s, void *arg), void *arg)
{
	for (size_t i = 0; i < STREAM_BUCKETS; i++)
		for (struct stream *s = r->bucket[i], *next; s; s = next) {
			next = s->next;
			fn(r, s, arg);
		}
}

void
stream_free(struct stream *s)
{
	exchange_release(&s->exchange);
	for (size_t i = 0; i < s->waits; i++)
		part_drop(&s->waiting[i]);
	free(s->waiting);
	head_drop(s->request);
	head_drop(s->sent);
	slice_drop(&s->verbatim);
	head_drop(s->response);
	origin_drop(s->origin);
	free(s);
}

/* In its bucket only once the link is open and its id is known. */
void
stream_number(struct relay *r, struct stream *s)
{
	struct link *l = s->server;
	struct stream **at;

	if (l->h2) {
		s->id[SERVER] = l->next_stream;
		l->next_stream += 2;
	}
	at = bucket_of(r, l, s->id[SERVER]);
	s->next_server = *at;
	*at = s;
	if (r->client->full && !r->client_h2)
		stream_pause(r, s, SERVER, PAUSE_FULL, true);
	if (l->full && !l->h2)
		stream_pause(r, s, CLIENT, PAUSE_FULL, true);
}

void
stream_join(struct relay *r, struct stream *s, struct link *l)
{
	(void)r;
	s->server = l;
	l->streams++;
}

void
stream_leave(struct relay *r, struct stream *s)
{
	struct link *l = s->server;
	struct stream **at;

	if (!l)
		return;
	at = bucket_of(r, l, s->id[SERVER]);
	while (*at && *at != s)
		at = &(*at)->next_server;
	if (*at)
		*at = s->next_server;
	if (s->paused[SERVER] && !l->gone)
		link_command(l, (struct command){ .kind = CMD_GO, .stream = s->id[SERVER] });
	s->paused[SERVER] = 0;
	s->id[SERVER] = 0;
	s->server = NULL;
	l->streams--;
	stream_pause(r, s, CLIENT, PAUSE_FULL, false);
}

static void
note_part(struct relay *r, struct stream *s, enum side side, struct part part)
{
	relay_note(r, s->flow, (struct note){ .kind = NOTE_PART, .side = side, .stream = s->id[side], .part = part });
}

/* A side gets no further: what came of it stays readable. */
static void
stream_rest(struct relay *r, struct stream *s, enum side side)
{
	struct moves rest = { 0 };

	exchange_rest(&s->exchange, side, &rest);
	for (size_t i = 0; i < rest.count; i++)
		note_part(r, s, side, rest.at[i].part);
	free(rest.at);
}

void
stream_gone(struct relay *r, struct stream *s, enum close_code code, const char *detail)
{
	struct stream **at;

	if (s->gone)
		return;
	s->gone = true;
	stream_rest(r, s, CLIENT);
	stream_rest(r, s, SERVER);
	hold_drop(r, s, CLIENT);
	hold_drop(r, s, SERVER);
	line_drop(r, s, CLIENT);
	line_drop(r, s, SERVER);
	pace_drop(s);
	inject_drop(s);
	replayed_drop(s);
	unpack_drop(s);
	recode_drop(s);
	if (s->ruling)
		r->world.decider->forget(r->world.decider, s->ruling);
	s->ruling = NULL;
	relay_gone(r, s->flow, code, detail);
	stream_leave(r, s);
	if (s->paused[CLIENT] && r->client)
		link_command(r->client, (struct command){ .kind = CMD_GO, .stream = s->id[CLIENT] });
	at = &r->bucket[(s->id[CLIENT] >> 1) % STREAM_BUCKETS];
	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	s->next_gone = r->gone_streams;
	r->gone_streams = s;
	r->streams--;
}

void
stream_tell(struct relay *r, struct stream *s, enum side side, struct part part)
{
	if (part.kind == PART_HEAD)
		part.count = 0;		/* is for who sends it on */
	if (s->gone) {
		part_drop(&part);
		return;
	}
	if (part.kind == PART_RESET)
		stream_rest(r, s, side);
	note_part(r, s, side, part);
}

void
stream_pause(struct relay *r, struct stream *s, enum side side, enum pause why, bool on)
{
	struct link *l = side == CLIENT ? r->client : s->server;
	unsigned before = s->paused[side];

	s->paused[side] = on ? before | why : before & ~(unsigned)why;
	if (l && !before != !s->paused[side])
		link_command(l, (struct command){ .kind = on ? CMD_PAUSE : CMD_GO, .stream = s->id[side] });
}

static bool
stream_served(const struct stream *s)
{
	return s->server && s->server->stage == LINK_OPEN;
}

/* The GET that asks for a WebSocket ends at once, the CONNECT that it becomes
 * on HTTP/2 goes on (RFC 8441 section 5). */
static bool
stream_goes_on(const struct relay *r, const struct stream *s, const struct part *p)
{
	return p->kind == PART_END && !s->raw && s->request && s->server->h2 && !r->client_h2 && bridge_websocket(s->request);
}

static void
stream_send(struct relay *r, struct stream *s, struct part part)
{
	if (!stream_goes_on(r, s, &part))
		link_send(s->server, s->id[SERVER], part);
}

void
stream_forward(struct relay *r, struct stream *s, struct part part)
{
	if (s->answered) {
		part_drop(&part);
		return;
	}
	if (stream_served(s) && !s->waits) {
		stream_send(r, s, part);
		return;
	}
	s->waiting = xgrow(s->waiting, s->waits + 1, sizeof(*s->waiting));
	s->waiting[s->waits++] = part;
	if (s->waits > 1 && !s->matching)
		stream_pause(r, s, CLIENT, PAUSE_DIAL, true);
}

/* The server is there. What is sent may lead back here: it goes in order. */
void
stream_flush(struct relay *r, struct stream *s)
{
	const struct link *l = s->server;
	struct part *waiting = s->waiting;
	size_t waits = s->waits;

	s->waiting = NULL;
	s->waits = 0;
	for (size_t i = 0; i < waits; i++) {
		if (s->gone || s->server != l)	/* elsewhere it is sent anew */
			part_drop(&waiting[i]);
		else
			stream_send(r, s, waiting[i]);
	}
	free(waiting);
	if (!s->gone && s->server == l)
		stream_pause(r, s, CLIENT, PAUSE_DIAL, false);
}

bool
stream_keeps(const struct stream *s, enum side side)
{
	return s->hold[side] || line_waits(s, side) || s->pace[side].parts;
}

/* What the server says, as the client's version of HTTP has it. */
void
stream_answer_part(struct relay *r, struct stream *s, struct part part)
{
	struct fault why;

	if (!r->client) {
		part_drop(&part);
		return;
	}
	if (part.kind == PART_HEAD) {
		bool strip = !s->switches.http3 && bridge_announces_http3(part.head);
		struct head *head = bridge_response(part.head, &(struct bridge){ .to_h2 = r->client_h2,
			.ended = part.count, .strip_alt_svc = strip, .request = s->request }, &why);

		if (strip)
			relay_blocks(r, s->flow, "http3-passthrough", "took Alt-Svc out of the response");
		part_drop(&part);
		if (!head) {
			http_answer(r, s, 502, CLOSE_HTTP_ERROR, why.text);
			return;
		}
		part = (struct part){ .kind = PART_HEAD, .head = head };
	}
	link_send(r->client, s->id[CLIENT], part);
}

/* Told; and where it says that a message ends, for who may hold that back. */
static void
stream_told(struct relay *r, struct stream *s, struct move *m)
{
	if (m->part.kind == PART_MARK && !(m->part.code & MARK_DECODED))
		line_edge(r, PART_MARK, m->part.code, m->part.count, (struct slice){ 0 });
	stream_tell(r, s, m->side, m->part);
}

static void
stream_edge(struct relay *r, struct stream *s, struct move *m)
{
	(void)s;
	line_edge(r, m->part.kind, m->part.code, m->part.count, m->part.data);
}

void
stream_on(struct relay *r, struct stream *s, enum side side, struct part *p)
{
	if (line_takes(r, s, side, p) || hold_takes(r, s, side, p))
		return;
	if (side == CLIENT)
		stream_forward(r, s, part_move(p));
	else
		stream_answer_part(r, s, part_move(p));
}

static void
stream_pass(struct relay *r, struct stream *s, struct move *m)
{
	if (s->answered && m->side == CLIENT) {		/* it has its answer */
		line_edges_drop(r);
		part_drop(&m->part);
	} else if (!ruled_breaks(r, s, m->side, &m->part) && !pace_takes(r, s, m->side, &m->part)) {
		stream_on(r, s, m->side, &m->part);
	}
}

static void
stream_refuse(struct relay *r, struct stream *s, struct move *m)
{
	bool request = m->side == CLIENT;

	http_answer(r, s, request ? 413 : 502, CLOSE_HTTP_ERROR, request ?
		"the request's body is longer than body-size-limit" : "the response's body is longer than body-size-limit");
}

static void
stream_move(struct relay *r, struct stream *s, struct move *m)
{
	static void (*const does[])(struct relay *r, struct stream *s, struct move *m) = {
		[MOVE_PART] = stream_pass, [MOVE_TELL] = stream_told, [MOVE_EDGE] = stream_edge, [MOVE_REFUSE] = stream_refuse,
	};

	if (s->gone)
		part_drop(&m->part);
	else
		does[m->kind](r, s, m);
}

/* What passes may come back as something else: the moves are ours alone meanwhile. */
void
stream_part(struct relay *r, struct stream *s, enum side from, struct part *p)
{
	struct moves moves = r->moves;

	r->moves = (struct moves){ 0 };
	moves.count = 0;
	exchange_part(&s->exchange, from, p, &moves);
	inject_count(s, from, &moves);
	for (size_t i = 0; i < moves.count; i++)
		stream_move(r, s, &moves.at[i]);
	line_edges_drop(r);
	inject_go(r, s, from);
	if (r->moves.at)
		free(moves.at);
	else
		r->moves = moves;
}

/* Both halves begin anew: what ended was the request that asked for this. */
void
stream_raw(struct relay *r, struct stream *s)
{
	s->raw = true;
	s->again = false;
	s->mid[CLIENT] = s->mid[SERVER] = 0;
	if (!r->client_h2)
		s->exchange.half[CLIENT] = (struct exchange_half){ 0 };
	s->exchange.half[SERVER] = (struct exchange_half){ 0 };
}
