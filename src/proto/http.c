/* Requests and answers of one connection, one exchange after the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "h1.h"
#include "inside.h"
#include "page.h"

bool
http_start(struct relay *r, enum side side, struct fault *why)
{
	return chain_push(r->link[side].chain, &layer_h1, &(struct h1_args){
		.server = side == CLIENT, .head_limit = r->world.options->head_limit }, why);
}

static void
http_flush(struct relay *r)
{
	for (size_t i = 0; i < r->waits; i++)
		relay_send_part(r, SERVER, part_move(&r->waiting[i]));
	r->waits = 0;
	relay_pause(r, CLIENT, PAUSE_DIAL, false);
}

/* To the server, now or when it is there. */
static void
http_forward(struct relay *r, struct part p)
{
	if (relay_server(r)->open) {
		relay_send_part(r, SERVER, p);
		return;
	}
	r->waiting = xgrow(r->waiting, r->waits + 1, sizeof(*r->waiting));
	r->waiting[r->waits++] = p;
}

void
http_server_open(struct relay *r)
{
	struct fault why;

	if (!http_start(r, SERVER, &why)) {
		http_answer(r, 502, CLOSE_RELAY_ERROR, why.text);
		return;
	}
	relay_server(r)->open = true;
	http_flush(r);
}

void
http_answer(struct relay *r, unsigned status, enum close_code close, const char *words)
{
	struct exchange_half *answer = &r->exchange.half[SERVER];
	struct head *head;
	struct slice body;

	if (!r->flow)
		relay_begin(r, r->inner_tls ? "https" : "http", r->host, r->port);
	relay_tell(r, SERVER, (struct part){ .kind = PART_RESET, .code = status, .data = slice_text(words) });
	if (!(r->exchanging && answer->begun)) {
		page_make(status, words, &head, &body);
		relay_tell(r, SERVER, (struct part){ .kind = PART_HEAD, .head = head_ref(head) });
		relay_tell(r, SERVER, (struct part){ .kind = PART_DATA, .data = slice_ref(body) });
		relay_tell(r, SERVER, (struct part){ .kind = PART_END });
		relay_send_part(r, CLIENT, (struct part){ .kind = PART_HEAD, .head = head });
		relay_send_part(r, CLIENT, (struct part){ .kind = PART_DATA, .data = body });
		relay_send_part(r, CLIENT, (struct part){ .kind = PART_END });
	}
	relay_stop(r, close, words);
}

/* Whether the server's link leads to where this request wants to go. */
static bool
http_same_server(const struct relay *r, const char *host, uint16_t port, bool tls)
{
	return r->link[SERVER].chain && !r->link[SERVER].ended &&
		r->port == port && r->tls == tls && !strcmp(r->host, host);
}

/* The server for this request; in r->host, r->port, r->tls. */
static bool
http_route(struct relay *r, struct target *t, bool *same, struct fault *why)
{
	const char *host = t->host;
	uint16_t port = t->port;
	bool tls = t->tls;

	if (r->inner) {
		*same = true;
		return true;
	}
	if (r->mode->kind == MODE_REVERSE) {
		host = r->mode->host;
		port = r->mode->port;
		tls = r->mode->tls;
	} else if (!t->absolute) {
		return fault(why, "this is a proxy: the request names no host to go to");
	}
	*same = http_same_server(r, host, port, tls);
	snprintf(r->host, sizeof(r->host), "%s", host);
	r->port = port;
	r->tls = tls;
	return true;
}

/* In reverse mode servers want their own name; a tunnel's Host stays as it is. */
static struct bytes
http_host_for(const struct relay *r, char room[300])
{
	if (r->inner || r->mode->kind != MODE_REVERSE || r->world.options->keep_host)
		return (struct bytes){ 0 };
	return target_text(r->host, r->port, r->tls ? 443 : 80, room);
}

static const char *
http_scheme(const struct relay *r)
{
	return r->inner ? (r->inner_tls ? "https" : "http") : r->tls ? "https" : "http";
}

static bool
is_connect(const struct head *h)
{
	return bytes_are(head_method(h), "CONNECT");
}

static bool
rewrites(const struct relay *r, const struct target *t, const struct head *h)
{
	return t->absolute || (r->mode->kind == MODE_REVERSE && !r->world.options->keep_host && !r->inner) ||
		head_has(h, "proxy-connection") || head_has(h, "proxy-authorization");
}

static void
http_request(struct relay *r, struct part *p)
{
	struct fault why = { 0 };
	struct target t;
	char room[300];
	struct head *head = p->head, *sent;
	bool same, ok = target_read(head, &t, &why);

	if (ok && is_connect(head) && !r->inner && r->mode->kind == MODE_REGULAR) {
		tunnel_connect(r, head);
		return;
	}
	ok = ok && http_route(r, &t, &same, &why);
	relay_begin(r, ok ? http_scheme(r) : "http", ok ? r->host : t.host, ok ? r->port : t.port);
	r->taken = true;
	exchange_init(&r->exchange, r->flow, (struct exchange_limits){
		r->world.options->record_bodies, r->world.options->body_limit, true });
	r->exchanging = true;
	r->exchange.half[CLIENT].begun = true;
	relay_tell(r, CLIENT, (struct part){ .kind = PART_HEAD, .head = head_ref(head) });
	if (!ok || r->trouble) {
		http_answer(r, ok ? r->trouble : 400, ok ? r->trouble_close : CLOSE_HTTP_ERROR,
			ok ? r->trouble_why.text : why.text);
		return;
	}
	sent = rewrites(r, &t, head) ? target_rewrite(head, &t, http_host_for(r, room), &why) : head_ref(head);
	if (!sent) {
		http_answer(r, 400, CLOSE_HTTP_ERROR, why.text);
		return;
	}
	head_drop(r->again);
	r->again = relay_server(r)->reused ? head_ref(sent) : NULL;
	if (!same) {
		relay_hang_up(r, SERVER);
		relay_pause(r, CLIENT, PAUSE_DIAL, true);
		relay_dial(r);
	}
	http_forward(r, (struct part){ .kind = PART_HEAD, .head = sent });
}

/* After a 101 or a CONNECT through a tunnel both sides are bytes. */
static void
http_switch(struct relay *r)
{
	struct fault why;

	r->phase = PHASE_RAW;
	chain_settle(relay_client(r)->chain);
	if (!chain_swap(relay_client(r)->chain, &layer_raw, NULL, &why) ||
			!chain_swap(relay_server(r)->chain, &layer_raw, NULL, &why))
		relay_stop(r, CLOSE_RELAY_ERROR, why.text);
	r->exchange.half[CLIENT] = r->exchange.half[SERVER] = (struct exchange_half){ 0 };
}

static void
http_done(struct relay *r)
{
	struct h1 *client = chain_find(relay_client(r)->chain, &layer_h1);
	struct h1 *server = relay_server(r)->chain ? chain_find(relay_server(r)->chain, &layer_h1) : NULL;
	bool stays = client && h1_persists(client) && !r->half_closed;

	relay_gone(r, CLOSE_HTTP_COMPLETED, "");
	relay_server(r)->reused = true;
	if (!stays)
		relay_stop(r, CLOSE_HTTP_COMPLETED, "");
	else if (server && (!h1_persists(server) || relay_server(r)->ended) && r->inner)
		relay_stop(r, CLOSE_HTTP_COMPLETED, "");
	else if (server && (!h1_persists(server) || relay_server(r)->ended))
		relay_hang_up(r, SERVER);
}

/* What the layer of `from` could not read. */
static void
http_broken(struct relay *r, enum side from, struct part *p)
{
	char words[200];
	struct bytes b = p->data.bytes;

	snprintf(words, sizeof(words), "%.*s", (int)(b.len < 190 ? b.len : 190), b.len ? (const char *)b.at : "");
	if (from == CLIENT && !r->flow) {
		relay_begin(r, http_scheme(r), r->host, r->port);
		relay_step(r, STEP_PARSE_FAILED, (struct field[]){ { LIT("parse_error_detail"), b } }, 1);
		http_answer(r, p->code, CLOSE_PARSE_FAILED, words);
		return;
	}
	/* What a server says unasked, a late 408 say, is nobody's answer. */
	if (from == SERVER && (!r->exchanging || (r->again && !r->exchange.half[SERVER].begun))) {
		http_server_lost(r, FAIL_RESET, words);
		return;
	}
	relay_tell(r, from, part_move(p));
	http_answer(r, from == CLIENT ? p->code ? p->code : 400 : 502, CLOSE_HTTP_ERROR, words);
}

static void
http_carry_out(struct relay *r, enum side from)
{
	for (size_t i = 0; i < r->moves.count; i++) {
		struct move *m = &r->moves.at[i];

		if (r->phase == PHASE_OVER || !r->exchanging)
			part_drop(&m->part);
		else if (m->kind == MOVE_TELL)
			relay_tell(r, from, m->part);
		else if (m->kind == MOVE_REFUSE)
			http_answer(r, from == CLIENT ? 413 : 502, CLOSE_HTTP_ERROR, from == CLIENT ?
				"the request's body is longer than body-size-limit" :
				"the response's body is longer than body-size-limit");
		else if (from == CLIENT)
			http_forward(r, m->part);
		else
			relay_send_part(r, CLIENT, m->part);
	}
	r->moves.count = 0;
}

void
http_part(struct relay *r, enum side from, struct part *p)
{
	enum part_kind kind = p->kind;
	bool switching = from == SERVER && kind == PART_HEAD && head_status(p->head) == 101;

	if (kind == PART_RESET) {
		http_broken(r, from, p);
		return;
	}
	if (from == CLIENT && kind == PART_HEAD) {
		http_request(r, p);
		return;
	}
	if (!r->exchanging)
		return;
	if (from == CLIENT && kind == PART_DATA) {
		head_drop(r->again);
		r->again = NULL;
	}
	r->moves.count = 0;
	exchange_part(&r->exchange, from, p, &r->moves);
	http_carry_out(r, from);
	if (!r->exchanging || r->phase != PHASE_HTTP)
		return;
	if (switching)
		http_switch(r);
	else if (r->exchange.half[CLIENT].ended && r->exchange.half[SERVER].ended)
		http_done(r);
}

/* A kept connection that the server closed just as we used it: once more, on
 * a new one (RFC 9112 section 9.3.1), where nothing but a head was sent. */
static bool
http_retry(struct relay *r)
{
	struct head *again = r->again;

	if (!again || r->inner || !r->exchanging || r->exchange.half[SERVER].begun)
		return false;
	r->again = NULL;
	relay_hang_up(r, SERVER);
	relay_pause(r, CLIENT, PAUSE_DIAL, true);
	relay_dial(r);
	http_forward(r, (struct part){ .kind = PART_HEAD, .head = again });
	if (r->exchange.half[CLIENT].ended)
		http_forward(r, (struct part){ .kind = PART_END });
	return true;
}

void
http_server_lost(struct relay *r, enum fail code, const char *words)
{
	if (!r->exchanging) {
		if (r->inner)
			relay_stop(r, CLOSE_RELAY_EOF, words);
		else
			relay_hang_up(r, SERVER);
		return;
	}
	if (r->exchange.half[SERVER].ended)
		relay_stop(r, CLOSE_HTTP_COMPLETED, "");
	else if (code != FAIL_RESET || !http_retry(r))
		http_answer(r, fail_status(code), code == FAIL_TLS ? CLOSE_TLS_FAILED :
			relay_server(r)->open ? CLOSE_HTTP_ERROR : CLOSE_CONNECT_FAILED, words);
}

void
http_client_ended(struct relay *r)
{
	r->half_closed = true;
	if (!r->exchanging)
		relay_stop(r, CLOSE_RELAY_EOF, "the client closed the connection");
}

void
http_server_ended(struct relay *r)
{
	if (!r->exchanging)
		http_server_lost(r, FAIL_RESET, "the server closed the connection");
	else if (r->exchange.half[SERVER].ended)
		relay_stop(r, CLOSE_HTTP_COMPLETED, "");
	else if (!r->exchange.half[SERVER].begun && !http_retry(r))
		http_answer(r, 502, CLOSE_HTTP_ERROR, "the server closed the connection without an answer");
}
