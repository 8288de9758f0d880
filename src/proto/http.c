/* Requests and answers, from when they come until they are over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"
#include "h1.h"
#include "h2.h"
#include "inside.h"
#include "onboard.h"
#include "page.h"
#include "peek.h"
#include "proxyauth.h"
#include "replayed.h"

const char *
http_scheme(const struct relay *r)
{
	return r->to.tls ? "https" : "http";
}

bool
http_must_h2(const struct relay *r)
{
	return r->mode->kind == MODE_REVERSE && r->mode->scheme == SCHEME_H2C;
}

bool
http_begin(struct relay *r, bool h2, struct fault *why)
{
	struct link *l = tunnel_link(r);
	struct switches w;

	r->client_h2 = h2;
	r->phase = PHASE_HTTP;
	if (!link_http(r->client, h2, why))
		return false;
	if (!l)
		return true;
	l->tunnel = false;
	if (l->ended) {		/* a request will call it again */
		link_drop(l);
		return true;
	}
	options_switches(r->world.options, r->to.host, r->to.port, relay_process(r), &w);
	if (!link_http(l, h2 || (http_must_h2(r) && w.http2), why))
		return false;
	l->stage = l->h2 && !link_agreed_h2(l) ? LINK_PREFACE : LINK_OPEN;
	if (l->stage == LINK_PREFACE)
		link_wait(l, r->world.options->head_timeout);
	link_feed_held(l);
	return true;
}

/* As one stream of HTTP/2 would come: what it may become at the server is left open. */
void
http_own(struct relay *r)
{
	char of[24];

	snprintf(of, sizeof(of), "%llu", (unsigned long long)r->replay_of);
	r->client_h2 = true;
	r->phase = PHASE_HTTP;
	relay_begin(r, http_scheme(r), r->to.host, r->to.port);
	relay_step(r, r->flow, STEP_REPLAYED, (struct field[]){ { LIT("of"), bytes_of(of) } }, 1);
}

void
http_abandon(struct relay *r, struct stream *s, uint32_t code)
{
	struct link *l = s->server;
	uint32_t id = s->id[SERVER];
	bool idle = l && l->stage == LINK_OPEN && s->waits;

	stream_leave(r, s);
	if (l && l->h2 && id)
		link_send(l, id, (struct part){ .kind = PART_RESET, .code = code });
	else if (l && !l->h2 && !l->streams && !idle)
		link_drop(l);
}

static void
http_page(struct relay *r, struct stream *s, unsigned status, const char *words)
{
	struct head *head;
	struct slice body;

	page_make(status, words, &head, &body);
	if (s->request && bytes_are(head_method(s->request), "HEAD")) {		/* RFC 9110 section 9.3.2 */
		slice_drop(&body);
		body = (struct slice){ 0 };
	}
	stream_tell(r, s, SERVER, (struct part){ .kind = PART_HEAD, .head = head_ref(head) });
	if (body.bytes.len)
		stream_tell(r, s, SERVER, (struct part){ .kind = PART_DATA, .data = slice_ref(body) });
	stream_tell(r, s, SERVER, (struct part){ .kind = PART_END });
	link_send(r->client, s->id[CLIENT], (struct part){ .kind = PART_HEAD, .head = head });
	if (body.bytes.len)
		link_send(r->client, s->id[CLIENT], (struct part){ .kind = PART_DATA, .data = body });
	link_send(r->client, s->id[CLIENT], (struct part){ .kind = PART_END });
}

/*
 * soth's own answer, where the server's has not begun; else the client learns
 * that it breaks off. A client of HTTP/1 is let go after it: the rest of its
 * request may be on its way.
 */
void
http_answer(struct relay *r, struct stream *s, unsigned status, enum close_code close, const char *words)
{
	bool held = s->hold[SERVER], begun = (s->exchange.half[SERVER].begun && !held) || s->raw;
	bool ended = s->exchange.half[CLIENT].ended, over = s->exchange.half[SERVER].ended && !held;

	if (s->gone)
		return;
	http_abandon(r, s, H2_CANCEL);
	if (!r->client) {
		stream_gone(r, s, close, words);
		return;
	}
	hold_drop(r, s, CLIENT);
	hold_drop(r, s, SERVER);
	if (held)
		hold_tell(r, s, SERVER, HAND_EDITED, slice_text("soth"));
	if (!over)
		stream_tell(r, s, SERVER, (struct part){ .kind = PART_RESET, .code = status, .data = slice_text(words) });
	if (!begun) {
		http_page(r, s, status, words);
	} else if (!over) {
		link_send(r->client, s->id[CLIENT], (struct part){ .kind = PART_RESET, .code = H2_INTERNAL_ERROR });
	}
	if (r->client_h2 && (!begun || over) && !ended)
		link_send(r->client, s->id[CLIENT], (struct part){ .kind = PART_RESET, .code = H2_NO_ERROR });
	stream_gone(r, s, close, words);
	if (!r->client_h2)
		relay_stop(r, close, words);
	serve_waiting(r);
}

void
http_refuse(struct relay *r, unsigned status, enum close_code close, const char *words)
{
	struct stream *s = stream_new(r, 0, http_scheme(r), r->to.host, r->to.port);

	http_answer(r, s, status, close, words);
}

static bool
http_may(const struct relay *r, const struct head *h)
{
	bool proxy = !r->inner && !r->own && (r->mode->kind == MODE_REGULAR || r->mode->kind == MODE_UPSTREAM);

	return !proxy || !*r->world.options->proxyauth || proxyauth_fits(h, r->world.options->proxyauth);
}

/* A tunnel is asked for. The request is answered when the server is there. */
static bool
http_tunnels(struct relay *r, const struct head *h)
{
	return target_is_authority(h) && !r->inner && !r->client_h2 &&
		(r->mode->kind == MODE_REGULAR || r->mode->kind == MODE_UPSTREAM);
}

void
http_serve(struct relay *r, struct stream *s)
{
	char words[sizeof(r->trouble_why.text)];

	if (r->trouble) {	/* its server could not be had */
		memcpy(words, r->trouble_why.text, sizeof(words));
		http_answer(r, s, r->trouble, r->trouble_close, words);
		return;
	}
	serve_stream(r, s);
	if (!s->gone && s->waits)
		stream_pause(r, s, CLIENT, PAUSE_DIAL, true);
}

void
http_go(struct relay *r, struct stream *s)
{
	if (s->matching && replayed_known(r, s))
		replayed_decide(r, s);
	else if (!s->matching && !s->server && !s->answered)
		s->onboarding ? onboard_answer(r, s) : http_serve(r, s);
}

static void
http_request(struct relay *r, uint32_t id, struct part *p)
{
	struct fault why = { "" };
	struct head *head = p->head;
	struct target t = { 0 };
	struct place to = { 0 };
	char known[256] = "", words[WORDS_ROOM];
	struct stream *s;
	bool ok = target_read(head, &t, &why), may = http_may(r, head), direct;

	if (ok && may && http_tunnels(r, head)) {
		tunnel_connect(r, head);
		return;
	}
	if (ok && bytes_are(head_method(head), "CONNECT") && (target_is_authority(head) || !bridge_websocket(head)))
		ok = fault(&why, "CONNECT is not for here");
	direct = ok && onboard_direct(r, &t, &to);
	ok = ok && (direct || http_route(r, &t, &to, &why));
	if (ok)
		http_known_as(r, head, &to, known);
	else
		snprintf(known, sizeof(known), "%s", t.host);
	s = stream_new(r, id, ok && to.tls ? "https" : "http", known, ok ? to.port : t.port);
	s->to = to;
	s->request = head_ref(head);
	s->h1_only = r->h1_only;
	s->verbatim = slice_ref(r->verbatim);
	s->list = r->list;
	s->direct = direct;
	s->onboarding = ok && (direct || onboard_named(r, head, &t, to.host));
	s->exchange.half[CLIENT].begun = true;
	if (!may) {
		stream_tell(r, s, CLIENT, part_ref(p));
		http_answer(r, s, 407, CLOSE_BLOCKED, "this proxy asks for a user and a password (proxyauth)");
	} else if (ok && !s->onboarding && verdict_of_request(r, s, known, to.port, words)) {
		stream_tell(r, s, CLIENT, part_ref(p));
		http_answer(r, s, 403, CLOSE_BLOCKED, words);
	} else if (!ok || (r->trouble && !s->onboarding && !replayed_wants(r, s))) {
		stream_tell(r, s, CLIENT, part_ref(p));
		http_answer(r, s, ok ? r->trouble : 400, ok ? r->trouble_close : CLOSE_HTTP_ERROR,
			ok ? r->trouble_why.text : why.text);
	} else {
		s->matching = !s->onboarding && replayed_wants(r, s);
		stream_part(r, s, CLIENT, p);
		s->again = true;
		if (!s->gone && !s->hold[CLIENT])	/* else when it is let go */
			http_go(r, s);
	}
}

void
http_switch(struct relay *r, struct stream *s)
{
	struct link *l = s->server;
	struct fault why = { "" };
	bool ok = true;

	stream_raw(r, s);
	r->client->dirty = true;
	chain_settle(r->client->chain);
	if (r->phase == PHASE_OVER)
		return;
	if (!r->client_h2)
		ok = chain_swap(r->client->chain, &layer_raw, NULL, &why);
	if (ok && !r->client_h2 && r->half_closed)
		chain_end(r->client->chain);
	if (ok && l && !s->gone && s->server == l && !l->h2) {
		l->dirty = true;
		ok = chain_swap(l->chain, &layer_raw, NULL, &why);
	}
	if (!ok)
		http_answer(r, s, 502, CLOSE_RELAY_ERROR, why.text);
	else if (!s->gone)
		ruled_opened(r, s);
}

enum close_code
http_completed(const struct stream *s)
{
	return s->raw && !s->exchange.websocket ? CLOSE_RELAY_EOF : exchange_close(&s->exchange);
}

/* What is over for us is so for both ends: of a WebSocket the one that has
 * said close need not have ended its stream. */
static void
http_end_streams(struct relay *r, struct stream *s)
{
	if (r->client_h2 && !s->exchange.half[CLIENT].ended)
		link_send(r->client, s->id[CLIENT], (struct part){ .kind = PART_RESET, .code = H2_NO_ERROR });
	if (s->server && s->server->h2 && (!s->exchange.half[SERVER].ended || (!r->client_h2 && !s->raw &&
			bridge_websocket(s->request))))
		link_send(s->server, s->id[SERVER], (struct part){ .kind = PART_RESET, .code = H2_CANCEL });
}

void
http_done(struct relay *r, struct stream *s)
{
	struct link *l = s->server;
	struct h1 *client = r->client_h2 ? NULL : chain_find(r->client->chain, &layer_h1);
	struct h1 *server = l && !l->h2 ? chain_find(l->chain, &layer_h1) : NULL;
	bool stays = r->client_h2 || (client && h1_persists(client) && !r->half_closed && !s->raw);

	http_end_streams(r, s);
	stream_gone(r, s, http_completed(s), "");
	if (l)
		l->reused = true;
	if (l && !l->h2 && (s->raw || l->ended || !server || !h1_persists(server)))
		link_drop(l);
	if (!stays)
		relay_stop(r, CLOSE_HTTP_COMPLETED, "");
	else
		serve_waiting(r);
}

static bool
switches_protocol(const struct stream *s, enum side from, const struct part *p)
{
	unsigned status = from == SERVER && p->kind == PART_HEAD ? head_status(p->head) : 0;

	return status == 101 || (status >= 200 && status < 300 && s->request && bridge_websocket(s->request));
}

/* The client's h1 wants a 101 for what HTTP/2 answers with 200, and the other
 * way: whether it agreed is seen in what the server said. */
static bool
websocket_agreed(const struct stream *s, const struct part *p)
{
	return s->server->h2 ? head_status(p->head) < 300 && head_status(p->head) >= 200 : head_status(p->head) == 101;
}

/* What HTTP/2 says with 200 is 101 to a client of HTTP/1, and in the notes too:
 * both sides are bytes from there on. */
static void
http_agrees(struct relay *r, struct stream *s, struct part *p)
{
	struct fault why;
	struct head *head = r->client_h2 || !s->server->h2 ? NULL :
		bridge_response(p->head, &(struct bridge){ .request = s->request }, &why);

	if (!head)
		return;
	head_drop(p->head);
	p->head = head;
}

/* Both sides have ended; or one, and both have said close before: a client of
 * HTTP/2 need not end its stream then. */
static bool
http_over(const struct relay *r, const struct stream *s, enum part_kind last)
{
	bool client = s->exchange.half[CLIENT].ended, server = s->exchange.half[SERVER].ended;

	return (client && server) || (r->client_h2 && s->raw && last == PART_END && s->exchange.websocket &&
		exchange_close(&s->exchange) == CLOSE_WEBSOCKET_COMPLETED);
}

void
http_passed(struct relay *r, struct stream *s, enum part_kind kind)
{
	if (!stream_keeps(s, SERVER) && http_over(r, s, kind))
		http_done(r, s);
}

/* What soth itself says in a WebSocket. */
static void
http_framed(struct part *p)
{
	struct slice wire = line_frame(CLIENT, PART_MESSAGE, p->code, p->data);

	part_drop(p);
	*p = (struct part){ .kind = PART_DATA, .data = wire };
}

void
http_part(struct link *from, uint32_t id, struct part *p)
{
	struct relay *r = from->relay;
	struct stream *s = stream_at(r, from, id);
	enum part_kind kind = p->kind;
	bool switching;

	if (from->side == CLIENT && kind == PART_HEAD) {
		http_request(r, id, p);
		return;
	}
	if (r->own && kind == PART_MESSAGE)
		http_framed(p);
	if (from->side == SERVER && s) {
		unpack_part(r, s, p);
		recode_part(r, s, p);
		s = s->gone ? NULL : s;
	}
	kind = p->kind;
	if (kind == PART_NONE)
		return;
	if (kind == PART_RESET) {
		http_reset(from, s, id, p);
		return;
	}
	if (!s)
		return;
	if (kind == PART_FAULT) {
		stream_tell(r, s, from->side, part_move(p));
		return;
	}
	if (from->side == CLIENT && kind == PART_DATA)
		s->again = false;
	if (r->peek && kind == PART_DATA && !peek_bytes(r->peek, r, s, from->side, p->data.bytes)) {
		peek_free(r->peek);
		r->peek = NULL;
	}
	switching = switches_protocol(s, from->side, p) && websocket_agreed(s, p);
	if (switching && !s->switches.websocket && bridge_websocket(s->request))
		relay_blocks(r, s->flow, "websocket", "passed the messages as bytes");
	if (switching)
		http_agrees(r, s, p);
	stream_part(r, s, from->side, p);
	if (s->gone || r->phase == PHASE_OVER)
		return;
	if (s->giving)		/* what the client says may be the end of it */
		ruled_due(r, r->world.now(r->world.arg));
	if (s->matching && from->side == CLIENT && !s->hold[CLIENT] && replayed_known(r, s))
		replayed_decide(r, s);
	else if (switching)
		http_switch(r, s);
	else
		http_passed(r, s, kind);
}

struct loss { struct link *l; enum fail code; const char *words; bool prior; };

static void
stream_lost(struct relay *r, struct stream *s, void *arg)
{
	const struct loss *loss = arg;
	struct link *l = loss->l;
	bool open = l->stage == LINK_OPEN;

	if (s->server != l || s->gone)
		return;
	if (loss->prior && !s->list) {
		stream_leave(r, s);
		serve_stream(r, s);
	} else if (s->exchange.half[SERVER].ended) {
		if (stream_keeps(s, SERVER))	/* it is all there, whatever becomes of who sent it */
			stream_leave(r, s);
		else
			http_done(r, s);
	} else if (s->raw) {
		stream_tell(r, s, SERVER, (struct part){ .kind = PART_RESET, .data = slice_text(loss->words) });
		http_abandon(r, s, H2_CANCEL);
		link_send(r->client, s->id[CLIENT], (struct part){ .kind = PART_RESET, .code = H2_CONNECT_ERROR });
		stream_gone(r, s, CLOSE_RELAY_ERROR, loss->words);
		if (!r->client_h2)
			relay_stop(r, CLOSE_RELAY_ERROR, loss->words);
	} else if (loss->code != FAIL_RESET || !http_retry(r, s, false)) {
		http_answer(r, s, fail_status(loss->code), loss->code == FAIL_TLS ? CLOSE_TLS_FAILED :
			open ? CLOSE_HTTP_ERROR : CLOSE_CONNECT_FAILED, loss->words);
	}
}

void
http_link_lost(struct link *l, enum fail code, const char *words)
{
	struct relay *r = l->relay;
	struct h2 *h2 = l->h2 ? chain_find(l->chain, &layer_h2) : NULL;
	/* A server of HTTP/1 alone answers the preface, or breaks off at it; no request was on its way yet. */
	struct loss loss = { l, code, words,
		l->stage == LINK_PREFACE && h2 && (h2_alien(h2) || code == FAIL_RESET) && !http_must_h2(r) };

	if (loss.prior)
		r->no_prior = true;
	if (l->stage < LINK_OPEN && code != FAIL_TLS && !loss.prior)
		relay_step(r, l->flow, STEP_CONNECT_FAILED, (struct field[]){ { LIT("detail"), bytes_of(words) } }, 1);
	l->ended = true;
	streams_each(r, stream_lost, &loss);
	link_drop(l);
	serve_waiting(r);
}

void
http_link_ended(struct link *l)
{
	struct relay *r = l->relay;
	struct stream *s = l->h2 ? NULL : stream_at(r, l, 0);

	/* An answer that is whole ends by itself. */
	if (s && !s->raw && s->exchange.half[SERVER].begun && !s->exchange.half[SERVER].ended)
		return;
	if (s && s->raw)	/* it upgraded, and ended at once: behind what it said in between */
		chain_end(l->chain);
	else if (s && s->exchange.half[SERVER].ended && !stream_keeps(s, SERVER))
		http_done(r, s);
	else
		http_link_lost(l, FAIL_RESET, s ? "the server closed the connection without an answer" :
			"the server closed the connection");
}

void
http_client_ended(struct relay *r)
{
	r->half_closed = true;
	hold_left(r, CLIENT);
	if (!r->streams || r->client_h2)
		relay_stop(r, CLOSE_RELAY_EOF, "the client closed the connection");
}

void
http_full(struct link *at, uint32_t id, bool full)
{
	struct relay *r = at->relay;
	struct stream *s = stream_at(r, at, id);

	if (!id)
		at->full = full;
	if (s)
		stream_pause(r, s, !at->side, PAUSE_FULL, full);
}
