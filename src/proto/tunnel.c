/* What a client asks for before there is HTTP: CONNECT, first bytes, TLS. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "h1.h"
#include "hello.h"
#include "inside.h"
#include "soth/ca.h"
#include "tls.h"

unsigned
fail_status(enum fail code)
{
	return code == FAIL_TIMEOUT ? 504 : code == FAIL_LOOP ? 508 : 502;
}

static void
decided(struct relay *r)
{
	relay_step(r, STEP_DECIDED, (struct field[]){
		{ LIT("action"), LIT("intercept") }, { LIT("reason"), LIT("default_intercept") } }, 2);
}

void
tunnel_connect(struct relay *r, const struct head *request)
{
	struct fault why;
	struct target t;

	if (!target_read(request, &t, &why))
		return;		/* http.c has read it before */
	snprintf(r->host, sizeof(r->host), "%s", t.host);
	r->port = t.port;
	r->inner = true;
	r->inner_tls = false;
	relay_begin(r, "tcp", r->host, r->port);
	relay_step(r, STEP_CONNECT_RECEIVED, (struct field[]){ { LIT("target"), head_target(request) } }, 1);
	decided(r);
	r->phase = PHASE_TUNNEL_DIAL;
	relay_hang_up(r, SERVER);
	relay_dial(r);
}

void
tunnel_reverse(struct relay *r)
{
	snprintf(r->host, sizeof(r->host), "%s", r->mode->host);
	r->port = r->mode->port;
	r->tls = r->mode->tls;
	relay_begin(r, "https", r->host, r->port);
	decided(r);
	r->phase = PHASE_TUNNEL_DIAL;
	relay_dial(r);
}

/* The client's h1 layer goes; what it had read beyond the CONNECT is kept. */
static void
tunnel_answer_connect(struct relay *r)
{
	static const char ok[] = "HTTP/1.1 200 Connection established\r\n\r\n";
	struct chain *c = relay_client(r)->chain;
	struct fault why;
	struct head *head = head_parse(bytes_of(ok), HEAD_RESPONSE, &why);
	struct slice rest;

	chain_command(c, (struct command){ .kind = CMD_PART, .part = { .kind = PART_HEAD, .head = head } });
	chain_settle(c);
	rest = chain_pop(c);
	(void)!buf_add(&r->held, rest.bytes);
	slice_drop(&rest);
}

bool
server_tls_start(struct relay *r, struct fault *why)
{
	static const char *const http[] = { "http/1.1", NULL };
	const struct options *o = r->world.options;
	struct trust *trust = ca_trust(r->world.ca, o->trusted_ca, !o->insecure, why);
	const char *name = *r->sni ? r->sni : r->host;
	bool ok;

	if (!trust)
		return false;
	ok = chain_push(relay_server(r)->chain, &layer_tls, &(struct tls_args){
		.trust = trust, .name = bytes_of(name), .alpn = http }, why);
	trust_drop(trust);
	relay_wait(r, o->head_timeout);
	return ok;
}

void
tunnel_server_open(struct relay *r)
{
	struct fault why;

	if (r->phase == PHASE_HTTP && !r->tls) {
		http_server_open(r);
	} else if (r->phase == PHASE_HTTP || (r->mode->kind == MODE_REVERSE && r->tls)) {
		if (r->phase == PHASE_TUNNEL_DIAL)
			r->phase = PHASE_TLS_SERVER;
		if (!server_tls_start(r, &why))
			tunnel_server_failed(r, FAIL_TLS, why.text);
	} else if (r->mode->kind == MODE_REVERSE) {
		relay_server(r)->open = true;
		tunnel_server_tls_open(r);
	} else {
		relay_server(r)->open = true;
		tunnel_answer_connect(r);
		r->phase = PHASE_TUNNEL_SNIFF;
		tunnel_sniff(r);
	}
}

/* The name to show the client a certificate for. */
static void
leaf_name(const struct relay *r, char name[300])
{
	int port;

	if (*r->sni)
		snprintf(name, 300, "%s", r->sni);
	else if (r->mode->kind == MODE_REVERSE || !*r->host)
		(void)address_split(bytes_of(r->listener), name, 256, &port);
	else
		snprintf(name, 300, "%s", r->host);
}

static bool
client_tls_start(struct relay *r, struct fault *why)
{
	static const char *const http[] = { "http/1.1", NULL };
	struct tls *server = relay_server(r)->chain ? chain_find(relay_server(r)->chain, &layer_tls) : NULL;
	struct bytes mirror = server && !r->trouble ? tls_peer_certificate(server) : (struct bytes){ 0 };
	char name[300];
	struct leaf *leaf;
	bool ok;

	leaf_name(r, name);
	leaf = ca_leaf(r->world.ca, bytes_of(name), mirror, why);
	if (!leaf)
		return false;
	ok = chain_push(relay_client(r)->chain, &layer_tls, &(struct tls_args){
		.server = true, .leaf = leaf, .alpn = http }, why);
	leaf_drop(leaf);
	if (ok)
		chain_feed(relay_client(r)->chain, buf_seal(&r->held));
	return ok;
}

/* The server is ready, or will not be had: now the client's TLS. */
void
tunnel_server_tls_open(struct relay *r)
{
	struct fault why;

	r->phase = PHASE_TLS_CLIENT;
	r->inner_tls = true;
	relay_wait(r, r->world.options->head_timeout);
	if (!client_tls_start(r, &why))
		relay_stop(r, CLOSE_TLS_FAILED, why.text);
}

void
tunnel_client_tls_open(struct relay *r)
{
	relay_wait(r, 0);
	r->phase = PHASE_TUNNEL_SNIFF;
	tunnel_sniff(r);
}

static void
trouble(struct relay *r, enum fail code, const char *words)
{
	r->trouble = fail_status(code);
	r->trouble_close = code == FAIL_TLS ? CLOSE_TLS_FAILED : CLOSE_CONNECT_FAILED;
	fault(&r->trouble_why, "%s", words);
}

/*
 * Before CONNECT was answered, the answer says so. After that, and where there
 * was none, the client gets its TLS first, so that it can read the answer.
 */
void
tunnel_server_failed(struct relay *r, enum fail code, const char *words)
{
	enum phase phase = r->phase;

	if (code != FAIL_TLS)
		relay_step(r, STEP_CONNECT_FAILED, (struct field[]){ { LIT("detail"), bytes_of(words) } }, 1);
	trouble(r, code, words);
	relay_hang_up(r, SERVER);
	if (phase == PHASE_TLS_SERVER || (phase == PHASE_TUNNEL_DIAL && r->mode->kind == MODE_REVERSE))
		tunnel_server_tls_open(r);
	else if (phase == PHASE_TUNNEL_DIAL)
		http_answer(r, r->trouble, r->trouble_close, words);
	else if (phase != PHASE_TLS_CLIENT)
		relay_stop(r, CLOSE_RELAY_ERROR, words);
}

void
tunnel_bytes(struct relay *r, struct slice *data)
{
	if (!buf_add(&r->held, data->bytes)) {
		relay_stop(r, CLOSE_RELAY_ERROR, "too many bytes before the server was there");
		return;
	}
	if (r->phase == PHASE_START || r->phase == PHASE_TUNNEL_SNIFF)
		tunnel_sniff(r);
}

/* "GET ", "PROPFIND ": a method and a space. 1 yes, 0 no, -1 not enough yet. */
static int
looks_like_http(struct bytes first)
{
	for (size_t i = 0; i < first.len && i < 32; i++) {
		uint8_t c = first.at[i];

		if (c == ' ')
			return i > 0;
		if (c < '!' || c > 'z' || strchr("\"(),/:;<=>?@[\\]{}", c))
			return i == 0 && c == '\r' ? 1 : 0;
	}
	return first.len >= 32 ? 0 : -1;
}

static void
sniffed_http(struct relay *r)
{
	struct slice held = buf_seal(&r->held);
	struct fault why;

	if (!http_start(r, CLIENT, &why) ||
			(relay_server(r)->chain && relay_server(r)->open && !http_start(r, SERVER, &why))) {
		slice_drop(&held);
		relay_stop(r, CLOSE_RELAY_ERROR, why.text);
		return;
	}
	r->phase = PHASE_HTTP;
	chain_feed(relay_client(r)->chain, held);
}

static void
sniffed_hello(struct relay *r, const struct hello *h)
{
	struct fault why;

	snprintf(r->sni, sizeof(r->sni), "%.*s", (int)(h->name.len < 255 ? h->name.len : 0),
		h->name.len ? (const char *)h->name.at : "");
	if (r->mode->kind == MODE_REVERSE) {
		tunnel_reverse(r);
	} else if (!r->inner) {		/* TLS to the proxy itself */
		relay_begin(r, "https", r->sni, 0);
		tunnel_server_tls_open(r);
	} else {
		r->phase = PHASE_TLS_SERVER;
		relay_server(r)->open = false;
		if (!server_tls_start(r, &why))
			tunnel_server_failed(r, FAIL_TLS, why.text);
	}
}

void
tunnel_sniff(struct relay *r)
{
	struct bytes first = buf_bytes(&r->held);
	enum hello_kind kind = HELLO_OTHER;
	struct hello h;

	if (!first.len)
		return;
	if (!r->inner_tls)
		kind = hello_read(first, &h);
	if (kind == HELLO_SHORT)
		return;
	if (kind == HELLO_WHOLE) {
		sniffed_hello(r, &h);
		hello_release(&h);
	} else if (looks_like_http(first) == 1 || !relay_server(r)->open) {
		sniffed_http(r);	/* whatever it is, there is nobody else to answer */
	} else if (looks_like_http(first) == 0) {
		relay_raw(r);
	}
}
