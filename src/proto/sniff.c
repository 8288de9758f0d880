/* A client's first bytes, and what they decide: SOCKS, TLS, HTTP of either version, or none of these. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "h2.h"
#include "hello.h"
#include "inside.h"
#include "onboard.h"

enum {
	SNIFF_SECONDS = 1,	/* for the rest of a method */
	HEAD_PEEKED = 16 << 10,	/* of a head, for its Host */
	ALERT_PROTOCOL_VERSION = 70,
};

/* "GET ", "M-SEARCH ": a method and a space. 1 yes, 0 no, -1 not enough yet.
 * Small letters are tokens too, but in no method, and in many a greeting. */
static int
looks_like_http(struct bytes first)
{
	for (size_t i = 0; i < first.len && i < 32; i++) {
		uint8_t c = first.at[i];

		if (c == ' ')
			return i > 0;
		if (!(c >= 'A' && c <= 'Z') && c != '-' && c != '_')
			return i == 0 && c == '\r' ? 1 : 0;
	}
	return first.len >= 32 ? 0 : -1;
}

static void
sniffed_http(struct relay *r, bool h2)
{
	struct slice held = buf_seal(&r->held);
	struct fault why;

	relay_wait(r, 0);
	if (!http_begin(r, h2, &why)) {
		slice_drop(&held);
		relay_stop(r, CLOSE_RELAY_ERROR, why.text);
		return;
	}
	tunnel_feed(r, held);
}

/* Names that can be listed; what a client greases with cannot (RFC 8701). */
static void
keep_alpn(struct relay *r, const struct hello *h)
{
	size_t len = 0;

	*r->alpn = 0;
	for (size_t i = 0; i < h->alpns; i++) {
		struct bytes name = h->alpn[i];
		bool plain = name.len && len + name.len + 2 < sizeof(r->alpn);

		for (size_t j = 0; plain && j < name.len; j++)
			plain = name.at[j] > ' ' && name.at[j] < 0x7f && name.at[j] != ',';
		if (plain)
			len += (size_t)snprintf(r->alpn + len, sizeof(r->alpn) - len, "%s%.*s", len ? "," : "",
				(int)name.len, (const char *)name.at);
	}
}

/* What the client offers, as far as it may be. */
static void
offer_alpn(const struct relay *r, struct link *l)
{
	size_t len = 0;
	struct switches w;

	tunnel_switches(r, &w);
	*l->alpn = 0;
	for (const char *at = r->alpn; *at; at += strcspn(at, ","), at += *at == ',') {
		int n = (int)strcspn(at, ",");

		/* gRPC's own name for HTTP/2 comes beside the usual one. */
		if ((!w.http2 && n == 2 && !memcmp(at, "h2", 2)) || (n == 8 && !memcmp(at, "grpc-exp", 8)))
			continue;
		len += (size_t)snprintf(l->alpn + len, sizeof(l->alpn) - len, "%s%.*s", len ? "," : "", n, at);
	}
	if (!len)
		snprintf(l->alpn, sizeof(l->alpn), "http/1.1");
	if (*r->sni && (r->mode->kind != MODE_REVERSE || r->world.options->keep_host))
		snprintf(l->name, sizeof(l->name), "%s", r->sni);
}

static void
sniffed_hello(struct relay *r, const struct hello *h)
{
	struct link *l = tunnel_link(r);

	relay_wait(r, 0);
	snprintf(r->sni, sizeof(r->sni), "%.*s", (int)(h->name.len < 255 ? h->name.len : 0),
		h->name.len ? (const char *)h->name.at : "");
	keep_alpn(r, h);
	if (l && onboard_tunnel(r)) {	/* whoever it was that was called is not asked */
		link_drop(l);
		l = NULL;
	}
	if (r->phase == PHASE_START && r->mode->kind == MODE_REVERSE) {
		tunnel_dial(r, "https");
		l = tunnel_link(r);
		if (l)
			offer_alpn(r, l);
		return;
	}
	if (r->decided)
		verdict_reach(r);
	if (verdict_blocks(r)) {
		tunnel_refuse(r);
	} else if (l && verdict_tunnels(r)) {
		tunnel_raw(r, l);
	} else if (!l || tunnel_is_bytes(r)) {		/* TLS to the proxy itself, or nobody to ask */
		if (!r->inner)
			relay_begin(r, "https", *r->sni ? r->sni : r->to.host, r->to.port);
		r->to.tls = r->to.tls || r->inner;
		tunnel_client_tls(r);
	} else {
		r->to.tls = l->to.tls = true;
		offer_alpn(r, l);
		tunnel_server_tls(r, l);
	}
}

/* RFC 1928 section 7. Which port the client will send from it often does not know yet. */
static void
socks_associates(struct relay *r)
{
	relay_begin(r, "udp", "", 0);
	relay_step(r, r->flow, STEP_CONNECT_RECEIVED, (struct field[]){
		{ LIT("target"), LIT("datagrams") }, { LIT("by"), LIT("socks5") } }, 2);
	relay_step(r, r->flow, STEP_DECIDED, (struct field[]){
		{ LIT("action"), LIT("tunnel") }, { LIT("reason"), LIT("default_intercept") } }, 2);
	r->phase = PHASE_TUNNEL_DIAL;
	link_associate(r, r->flow);
}

void
tunnel_associated(struct relay *r, struct bytes bound)
{
	tunnel_link(r)->stage = LINK_OPEN;
	r->phase = PHASE_DATAGRAMS;
	tunnel_answer_socks(r, SOCKS_OK, bound);
}

static void
socks_wants(struct relay *r)
{
	struct socks *k = r->socks;
	char target[300];

	relay_wait(r, 0);
	if (k->command == SOCKS_UDP) {
		socks_associates(r);
		return;
	}
	tunnel_to(r, k->host, k->port);
	relay_step(r, r->flow, STEP_CONNECT_RECEIVED, (struct field[]){
		{ LIT("target"), target_text(k->host, k->port, 0, target) }, { LIT("by"), LIT("socks5") } }, 2);
	tunnel_dial(r, "tcp");
}

static void
socks_refused(struct relay *r)
{
	struct fault why = r->socks->why;

	relay_begin(r, "tcp", r->socks->host, r->socks->port);
	relay_step(r, r->flow, STEP_PARSE_FAILED, (struct field[]){ { LIT("parse_error_detail"), bytes_of(why.text) } }, 1);
	relay_stop(r, CLOSE_PARSE_FAILED, why.text);
}

static void
tunnel_socks(struct relay *r)
{
	struct bytes all = buf_bytes(&r->held), rest = all;
	struct buf out;

	if (!r->socks) {
		r->socks = xalloc(sizeof(*r->socks));
		socks_init(r->socks, r->world.options->proxyauth);
		r->phase = PHASE_SOCKS;
		relay_wait(r, r->world.options->head_timeout);
	}
	buf_init(&out, 4096);
	socks_read(r->socks, &rest, &out);
	buf_eat(&r->held, all.len - rest.len);
	tunnel_send(r, &out);
	if (r->socks->state == SOCKS_FAILED)
		socks_refused(r);
	else if (r->socks->state == SOCKS_DONE)
		socks_wants(r);
}

static void
sniffed_refused(struct relay *r)
{
	relay_begin(r, "http", r->to.host, r->to.port);
	relay_blocks(r, r->flow, "http2", "refused HTTP/2 with prior knowledge");
	relay_stop(r, CLOSE_BLOCKED, "http2 is off, and the client speaks nothing else");
}

/* Someone may have said all that it has to say, and waits for the server. */
static void
tunnel_undecided(struct relay *r, unsigned seconds)
{
	if (r->phase == PHASE_TUNNEL_SNIFF && !r->deadline)
		relay_wait(r, seconds);
}

/* The Host field of a request of HTTP/1, as far as it has come: 1 it is there, 0 there is none, -1 not enough yet. */
static int
peek_host(struct bytes first, char host[256])
{
	struct bytes line;
	int port;

	for (;;) {
		const uint8_t *end = first.len ? memchr(first.at, '\n', first.len) : NULL;

		if (!end)
			return first.len > HEAD_PEEKED ? 0 : -1;
		line = (struct bytes){ first.at, (size_t)(end - first.at) };
		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		if (!line.len)
			return 0;
		first = bytes_from(first, (size_t)(end - first.at) + 1);
		if (line.len > 5 && !strncasecmp((const char *)line.at, "host:", 5))
			return address_split(bytes_trim(bytes_from(line, 5)), host, 256, &port) && *host;
	}
}

/* A request inside a tunnel says of its server what no address does. False: its Host field is yet to come. */
static bool
sniffed_host(struct relay *r, struct bytes first)
{
	int found = peek_host(first, r->named);

	if (found < 0)
		return false;
	if (!found)
		*r->named = 0;
	verdict_reach(r);
	if (!verdict_blocks(r))
		return true;
	r->trouble = 403;
	r->trouble_close = CLOSE_BLOCKED;
	policy_words(&r->verdict, r->trouble_why.text, sizeof(r->trouble_why.text));
	link_drop(tunnel_link(r));
	return true;
}

static void
sniffed_other(struct relay *r, struct bytes first)
{
	struct link *l = tunnel_link(r);
	struct switches w;
	int preface = h2_preface(first), http = looks_like_http(first);
	int sslv2 = tunnel_is_bytes(r) || r->client_tls ? 0 : hello_sslv2(first);

	if (l && !r->client_tls && http == 1 && preface == 0 && verdict_waits(r)) {
		if (!sniffed_host(r, first)) {
			tunnel_undecided(r, r->world.options->head_timeout);
			return;
		}
		l = tunnel_link(r);
	}
	if (l && verdict_tunnels(r) && !r->client_tls) {
		tunnel_raw(r, l);
		return;
	}
	if (sslv2 == 1) {
		nohello_bad(r, ALERT_PROTOCOL_VERSION, "it is one of SSLv2, which is no more");
		return;
	}
	if (sslv2 < 0) {
		tunnel_undecided(r, SNIFF_SECONDS);
		return;
	}
	tunnel_switches(r, &w);
	if (tunnel_is_bytes(r) && l)
		tunnel_raw(r, l);
	else if (preface == 1 && w.http2)
		sniffed_http(r, true);
	else if (preface == 1 && l)
		tunnel_raw(r, l);
	else if (preface == 1)
		sniffed_refused(r);
	else if (preface < 0)
		tunnel_undecided(r, SNIFF_SECONDS);
	else if (http == 1 || !l)
		sniffed_http(r, false);	/* whatever it is, there is nobody else to answer */
	else if (http == 0)
		tunnel_raw(r, l);
	else
		tunnel_undecided(r, SNIFF_SECONDS);
}

void
tunnel_sniff(struct relay *r)
{
	struct bytes first = buf_bytes(&r->held);
	enum hello_kind kind = HELLO_OTHER;
	struct hello h;

	if (!first.len)
		return;
	if (r->phase == PHASE_SOCKS || (r->phase == PHASE_START &&
			(r->mode->kind == MODE_SOCKS5 || (tunnel_is_proxy(r) && socks_begins(first))))) {
		tunnel_socks(r);
		return;
	}
	if (!r->client_tls)
		kind = hello_read(first, &h);
	if (kind == HELLO_SHORT && r->phase == PHASE_START && !r->deadline)
		relay_wait(r, r->world.options->head_timeout);
	if (kind == HELLO_SHORT) {
		tunnel_undecided(r, r->world.options->head_timeout);
	} else if (kind == HELLO_WHOLE) {
		sniffed_hello(r, &h);
		hello_release(&h);
	} else if (kind == HELLO_BAD && !tunnel_is_bytes(r) && !verdict_tunnels(r)) {
		nohello_bad(r, h.alert, h.why);
	} else {
		sniffed_other(r, first);
	}
}
