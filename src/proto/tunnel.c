/* A tunnel before anything is known of it: its server, its answer, and TLS with both ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "h1.h"
#include "h2.h"
#include "hello.h"
#include "inside.h"
#include "onboard.h"
#include "peek.h"
#include "soth/ca.h"
#include "tls.h"

unsigned
fail_status(enum fail code)
{
	return code == FAIL_TIMEOUT ? 504 : code == FAIL_LOOP ? 508 : 502;
}

struct link *
tunnel_link(const struct relay *r)
{
	struct link *l = r->servers;

	while (l && !l->tunnel)
		l = l->next;
	return l;
}

bool
tunnel_is_proxy(const struct relay *r)
{
	return r->mode->kind == MODE_REGULAR || r->mode->kind == MODE_UPSTREAM;
}

/* Modes in which nothing is HTTP. */
bool
tunnel_is_bytes(const struct relay *r)
{
	return r->mode->kind == MODE_REVERSE && (r->mode->scheme == SCHEME_TCP || r->mode->scheme == SCHEME_TLS);
}

/* The host whose switches hold. */
void
tunnel_switches(const struct relay *r, struct switches *out)
{
	options_switches(r->world.options, *r->sni ? r->sni : r->to.host, r->to.port, relay_process(r), out);
}

void
tunnel_dial(struct relay *r, const char *scheme)
{
	struct link *l;

	relay_begin(r, scheme, r->to.host, r->to.port);
	verdict_reach(r);
	if (verdict_blocks(r)) {
		tunnel_refuse(r);
		return;
	}
	r->phase = PHASE_TUNNEL_DIAL;
	r->itself = onboard_tunnel(r);
	if (r->itself)		/* as if it had been called: when the client's layer has returned */
		return;
	l = link_dial(r, &r->to, r->flow);
	if (l)
		l->tunnel = true;
	else
		tunnel_server_failed(r, FAIL_OTHER, "too many connections to servers");
}

void
tunnel_to(struct relay *r, const char *host, uint16_t port)
{
	if (!r->flow)
		r->first = 0;	/* behind other requests: the steps of this tunnel are a flow of its own */
	snprintf(r->to.host, sizeof(r->to.host), "%s", host);
	r->to.port = port;
	r->to.tls = false;
	r->inner = true;
	r->client_tls = false;
	r->secured = 0;
	r->decided = false;
	*r->sni = *r->peer = *r->named = 0;
	relay_begin(r, "tcp", host, port);
}

void
tunnel_connect(struct relay *r, const struct head *request)
{
	struct fault why;
	struct target t;

	if (!target_read(request, &t, &why))
		return;		/* http.c has read it before */
	tunnel_to(r, t.host, t.port);
	relay_step(r, r->flow, STEP_CONNECT_RECEIVED, (struct field[]){ { LIT("target"), head_target(request) } }, 1);
	r->connect = true;
	relay_wait(r, 0);	/* its head is whole */
	while (r->servers)
		link_drop(r->servers);
	tunnel_dial(r, "tcp");
}

void
tunnel_begin(struct relay *r)
{
	char host[256];
	int port;

	if (tunnel_is_bytes(r)) {
		tunnel_dial(r, "tcp");
	} else if (r->mode->kind == MODE_TRANSPARENT && address_split(bytes_of(r->original), host, sizeof(host), &port) &&
			port > 0) {
		tunnel_to(r, host, (uint16_t)port);
		tunnel_dial(r, "tcp");
	} else if (r->mode->kind == MODE_TRANSPARENT) {
		relay_begin(r, "tcp", "", 0);
		relay_stop(r, CLOSE_ROUTE_FAILED, "transparent: nothing was turned to us here: the client called soth itself");
	}
}

/* The client's bytes, for the layer that is new on top; and its end, where that came meanwhile. */
void
tunnel_feed(struct relay *r, struct slice held)
{
	struct chain *c = r->client->chain;
	bool ended = r->half_closed;

	r->half_closed = false;
	chain_feed(c, held);
	if (ended)
		chain_end(c);
}

/* The client's h1 layer goes; what it had read beyond the CONNECT is kept. It
 * is not asked to settle: it would tell of the client's end, which is not for now. */
static void
tunnel_answer_connect(struct relay *r)
{
	static const char ok[] = "HTTP/1.1 200 Connection established\r\n\r\n";
	struct chain *c = r->client->chain;
	struct fault why;
	struct slice rest;

	r->connect = false;
	link_send(r->client, 0, (struct part){ .kind = PART_HEAD, .head = head_parse(bytes_of(ok), HEAD_RESPONSE, &why) });
	r->half_closed = h1_eof(chain_find(c, &layer_h1));
	rest = chain_pop(c);
	(void)!buf_add(&r->held, rest.bytes);
	slice_drop(&rest);
}

void
tunnel_send(struct relay *r, struct buf *out)
{
	if (out->len)
		link_command(r->client, (struct command){ .kind = CMD_SEND, .data = buf_seal(out) });
	buf_release(out);
}

void
tunnel_answer_socks(struct relay *r, enum socks_answer answer, struct bytes bound)
{
	struct buf out;

	buf_init(&out, 512);
	socks_reply(answer, bound, &out);
	tunnel_send(r, &out);
	free(r->socks);
	r->socks = NULL;
}

/* The name to show the client a certificate for. */
static void
leaf_name(const struct relay *r, char name[300])
{
	int port;

	if (*r->sni)
		snprintf(name, 300, "%s", r->sni);
	else if (r->mode->kind == MODE_REVERSE || !*r->to.host)
		(void)address_split(bytes_of(r->listener), name, 256, &port);
	else
		snprintf(name, 300, "%s", r->to.host);
}

/* What the client may speak: what its server agreed to, where there is one. */
static void
client_alpn(const struct relay *r, const struct link *server, char alpn[ALPN_ROOM])
{
	struct tls *tls = server ? chain_find(server->chain, &layer_tls) : NULL;
	struct bytes agreed = tls && !r->trouble ? tls_alpn(tls) : (struct bytes){ 0 };
	struct switches w;

	tunnel_switches(r, &w);
	if (agreed.len)
		snprintf(alpn, ALPN_ROOM, "%.*s", (int)agreed.len, (const char *)agreed.at);
	else if (w.http2 && r->mode->kind == MODE_REVERSE && r->mode->scheme == SCHEME_H2C)
		snprintf(alpn, ALPN_ROOM, "h2,http/1.1");
	else
		snprintf(alpn, ALPN_ROOM, r->trouble && w.http2 && !alpn_has(r->alpn, "http/1.1") ? "h2" : "http/1.1");
}

/* The ClientHello in as few records as it fits in: GnuTLS does not take it in ever so many. */
static struct slice
client_records(struct relay *r, const struct hello *h)
{
	struct buf whole;

	if (h->records < 2)
		return buf_seal(&r->held);
	buf_init(&whole, HELD_MAX);
	hello_records(h, &whole);
	buf_eat(&r->held, h->taken);
	(void)!buf_add(&whole, buf_bytes(&r->held));
	buf_release(&r->held);
	return buf_seal(&whole);
}

static bool
client_tls_push(struct relay *r, struct tls_args *args, struct fault *why)
{
	struct hello h;
	bool ok;

	args->hello = hello_read(buf_bytes(&r->held), &h) == HELLO_WHOLE ? &h : NULL;
	r->client->dirty = true;
	ok = chain_push(r->client->chain, &layer_tls, args, why);
	if (ok)
		tunnel_feed(r, client_records(r, &h));
	hello_release(&h);
	return ok;
}

static bool
client_tls_start(struct relay *r, struct fault *why)
{
	struct link *l = tunnel_link(r);
	struct tls *server = l ? chain_find(l->chain, &layer_tls) : NULL;
	struct bytes mirror = server && !r->trouble && l->to.tls ? tls_peer_certificate(server) : (struct bytes){ 0 };
	char name[300], alpn[ALPN_ROOM];
	const char *offer[3] = { alpn, NULL, NULL };
	struct leaf *leaf;
	bool ok;

	leaf_name(r, name);
	client_alpn(r, l, alpn);
	if (!strcmp(alpn, "h2,http/1.1")) {
		offer[0] = "h2";
		offer[1] = "http/1.1";
	}
	leaf = ca_leaf(r->world.ca, bytes_of(name), mirror, why);
	if (!leaf)
		return false;
	ok = client_tls_push(r, &(struct tls_args){ .server = true, .leaf = leaf, .alpn = offer }, why);
	leaf_drop(leaf);
	return ok;
}

/* The server is ready, or will not be had: now the client's TLS. */
void
tunnel_client_tls(struct relay *r)
{
	struct fault why;

	r->phase = PHASE_TLS_CLIENT;
	r->client_tls = true;
	relay_wait(r, r->world.options->head_timeout);
	if (!client_tls_start(r, &why))
		relay_stop(r, CLOSE_TLS_FAILED, why.text);
}

/* The server has the first word. Where that may be the SETTINGS of HTTP/2, the client speaks too, and that decides. */
static bool
server_begins(const struct relay *r, const struct link *l)
{
	return l && l->held.len && (tunnel_is_bytes(r) || !h2_server_preface(buf_bytes(&l->held)));
}

static void
tunnel_open(struct relay *r)
{
	struct link *l = tunnel_link(r);

	r->phase = PHASE_TUNNEL_SNIFF;
	if (server_begins(r, l) || (l && verdict_tunnels(r) && !verdict_waits(r)))
		tunnel_raw(r, l);
	else
		tunnel_sniff(r);
}

void
tunnel_server_tls(struct relay *r, struct link *l)
{
	struct fault why;

	r->phase = PHASE_TLS_SERVER;
	if (!link_tls(l, &why))
		tunnel_server_failed(r, FAIL_TLS, why.text);
}

/* Bytes reach the server. */
void
tunnel_server_there(struct relay *r, struct link *l)
{
	verdict_reach(r);
	if (verdict_blocks(r)) {
		tunnel_refuse(r);
		return;
	}
	if (r->mode->kind == MODE_REVERSE && verdict_tunnels(r)) {
		tunnel_raw(r, l);
		return;
	}
	if (r->mode->kind == MODE_REVERSE && l->to.tls) {
		tunnel_server_tls(r, l);
		return;
	}
	if (r->mode->kind == MODE_REVERSE && !tunnel_is_bytes(r)) {
		tunnel_client_tls(r);
		return;
	}
	if (r->connect)
		tunnel_answer_connect(r);
	else if (r->socks)
		tunnel_answer_socks(r, SOCKS_OK, (struct bytes){ 0 });
	tunnel_open(r);
}

void
tunnel_itself(struct relay *r)
{
	r->itself = false;
	if (r->connect)
		tunnel_answer_connect(r);
	else if (r->socks)
		tunnel_answer_socks(r, SOCKS_OK, (struct bytes){ 0 });
	relay_wait(r, r->world.options->head_timeout);
	tunnel_open(r);
}

void
tunnel_server_secured(struct relay *r, struct link *l)
{
	l->stage = LINK_THERE;
	if (tunnel_is_bytes(r) && !r->held.len)
		tunnel_open(r);
	else if (tunnel_is_bytes(r) && r->phase == PHASE_TLS_SERVER && !*r->alpn && !r->client_tls)
		tunnel_open(r);
	else
		tunnel_client_tls(r);
}

void
tunnel_client_secured(struct relay *r, struct bytes alpn)
{
	struct fault why;

	relay_wait(r, 0);
	r->secured = r->world.now(r->world.arg);
	if (!bytes_are(alpn, "h2") || tunnel_is_bytes(r))
		tunnel_open(r);
	else if (!http_begin(r, true, &why))
		relay_stop(r, CLOSE_RELAY_ERROR, why.text);
}

static void
trouble(struct relay *r, enum fail code, const char *words)
{
	r->trouble = fail_status(code);
	r->trouble_close = code == FAIL_TLS ? CLOSE_TLS_FAILED : CLOSE_CONNECT_FAILED;
	fault(&r->trouble_why, "%s", words);
}

/* Where the client waits for an answer it gets one; else what it asks next is
 * answered, over TLS if that is what it begins with. */
static void
tunnel_unanswered(struct relay *r, enum fail code, const char *words)
{
	if (r->connect && r->world.answers && *r->world.answers && !verdict_tunnels(r)) {	/* they need no server */
		tunnel_answer_connect(r);
		relay_wait(r, r->world.options->head_timeout);
		tunnel_open(r);
	} else if (r->connect) {
		r->connect = false;
		http_refuse(r, r->trouble, r->trouble_close, words);
	} else if (r->socks) {
		tunnel_answer_socks(r, socks_answer_of(code), (struct bytes){ 0 });
		relay_stop(r, r->trouble_close, words);
	} else if (tunnel_is_bytes(r) || verdict_tunnels(r)) {
		relay_stop(r, r->trouble_close, words);
	} else if (r->mode->kind == MODE_REVERSE) {
		tunnel_client_tls(r);
	} else {
		relay_wait(r, r->world.options->head_timeout);
		tunnel_open(r);
	}
}

void
tunnel_server_failed(struct relay *r, enum fail code, const char *words)
{
	struct link *l = tunnel_link(r);
	enum phase phase = r->phase;
	char kept[WORDS_ROOM];

	snprintf(kept, sizeof(kept), "%s", words);
	if (code != FAIL_TLS && !(l && l->association))	/* nothing was dialled for that one */
		relay_step(r, r->flow, STEP_CONNECT_FAILED, (struct field[]){ { LIT("detail"), bytes_of(kept) } }, 1);
	if (l)
		link_drop(l);
	if ((phase == PHASE_TLS_CLIENT || (phase == PHASE_TUNNEL_SNIFF && r->client_tls)) && !tunnel_is_bytes(r))
		return;		/* a request will call it again, and be answered */
	trouble(r, code, kept);
	if (phase == PHASE_TUNNEL_DIAL)
		tunnel_unanswered(r, code, kept);
	else if (phase == PHASE_TLS_SERVER && !tunnel_is_bytes(r))
		tunnel_client_tls(r);
	else
		relay_stop(r, code == FAIL_TLS ? CLOSE_TLS_FAILED : CLOSE_RELAY_ERROR, kept);
}

void
tunnel_bytes(struct relay *r, struct slice *data)
{
	if (!buf_add(&r->held, data->bytes)) {
		relay_stop(r, CLOSE_RELAY_ERROR, "too many bytes before the server was there");
		return;
	}
	if (r->phase == PHASE_START || r->phase == PHASE_TUNNEL_SNIFF || r->phase == PHASE_SOCKS)
		tunnel_sniff(r);
}

/* Bytes pass both ways from now on. */
void
tunnel_raw(struct relay *r, struct link *l)
{
	struct slice held = buf_seal(&r->held);
	struct switches w;
	struct stream *s;
	struct fault why = { "" };

	tunnel_switches(r, &w);
	if (!w.rawtcp && !tunnel_is_bytes(r) && !verdict_tunnels(r)) {
		slice_drop(&held);
		relay_blocks(r, r->flow, "rawtcp", "closed what is not HTTP");
		relay_stop(r, CLOSE_BLOCKED, "rawtcp is off, and this is not HTTP");
		return;
	}
	r->phase = PHASE_RAW;
	relay_wait(r, 0);
	l->tunnel = false;
	l->stage = LINK_OPEN;
	s = stream_new(r, 0, "tcp", r->to.host, r->to.port);
	s->raw = true;
	stream_join(r, s, l);
	stream_number(r, s);
	if (verdict_tunnels(r))
		r->peek = peek_new();
	if (!link_raw(r->client, &why) || !link_raw(l, &why)) {
		slice_drop(&held);
		relay_stop(r, CLOSE_RELAY_ERROR, why.text);
		return;
	}
	tunnel_feed(r, held);
	if (r->phase == PHASE_RAW)
		link_feed_held(l);
	if (r->phase == PHASE_RAW && l->ended)
		chain_end(l->chain);
}

void
tunnel_server_ended(struct relay *r, struct link *l)
{
	if (l->held.len)
		return;		/* the client shall have that first */
	if (tunnel_is_bytes(r))
		relay_stop(r, CLOSE_RELAY_EOF, "the server closed the connection");
	else
		link_drop(l);	/* a request will call it again */
}

/* What it said before that still passes (RFC 9110 section 9.3.6). What may have
 * become a request, or a ClientHello, never will. */
void
tunnel_client_ended(struct relay *r)
{
	struct link *l = tunnel_link(r);

	if ((r->phase == PHASE_TUNNEL_SNIFF || r->phase == PHASE_START) && !verdict_tunnels(r) && nohello_cut(r, false))
		return;
	if (nohello_left(r, NULL))
		return;
	if (r->phase == PHASE_TUNNEL_DIAL && r->held.len) {
		r->half_closed = true;
	} else if (r->phase == PHASE_TUNNEL_SNIFF && r->held.len && l) {
		r->half_closed = true;
		tunnel_raw(r, l);
	} else {
		relay_stop(r, CLOSE_RELAY_EOF, "the client closed the connection");
	}
}

void
tunnel_late(struct relay *r)
{
	struct link *l = tunnel_link(r);

	if ((r->phase == PHASE_TUNNEL_SNIFF || r->phase == PHASE_START) && !verdict_tunnels(r) && nohello_cut(r, true))
		return;
	if (r->phase == PHASE_TUNNEL_SNIFF && r->held.len && l)
		tunnel_raw(r, l);
	else if (r->phase == PHASE_TLS_CLIENT)		/* at the bottom, so that TLS can tell of it */
		link_event(r->client, &(struct event){ .kind = EV_FAIL, .code = FAIL_TIMEOUT,
			.data = slice_text("the TLS handshake with the client took too long") });
	else
		relay_stop(r, CLOSE_STAGE_TIMEOUT, r->phase == PHASE_SOCKS ?
			"the client's SOCKS request did not come in time" : "the client said nothing in time");
}

/* A server that speaks first: no TLS, and no HTTP but HTTP/2. While the client is busy with
 * its own handshake that waits. */
void
tunnel_server_bytes(struct relay *r, struct slice *data)
{
	struct link *l = tunnel_link(r);

	if (!l)
		return;
	if (!buf_add(&l->held, data->bytes))
		relay_stop(r, CLOSE_RELAY_ERROR, "the server said too much before the client was there");
	else if (r->phase == PHASE_TUNNEL_SNIFF && server_begins(r, l))
		tunnel_raw(r, l);
}
