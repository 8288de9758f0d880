/* The connections of a relay: the client's, and how those to servers are made. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "h1.h"
#include "h2.h"
#include "inside.h"
#include "soth/ca.h"
#include "tls.h"

enum { MICROS = 1000000, OFFERS_MAX = 8, LEFT_SECONDS = 1 };

static void link_up(void *arg, struct event *ev);

static void
link_down(void *arg, struct command *cmd)
{
	struct link *l = arg;

	relay_effect(l->relay, (struct effect){ FX_COMMAND, l->conn, .command = *cmd });
	*cmd = (struct command){ .kind = CMD_GO };
}

static struct link *
link_new(struct relay *r, enum side side, unsigned conn)
{
	struct link *l = xalloc(sizeof(*l));

	l->relay = r;
	l->side = side;
	l->conn = conn;
	l->chain = chain_new((struct chain_ends){ link_up, link_down, l });
	l->next_stream = 1;
	buf_init(&l->held, HELD_MAX);
	return l;
}

struct link *
link_client(struct relay *r)
{
	struct link *l = link_new(r, CLIENT, RELAY_CLIENT);

	l->stage = LINK_OPEN;
	return l;
}

/* Where to call: the parent of an upstream mode, or the place itself. */
static struct bytes
link_where(const struct link *l, char room[300])
{
	const struct mode *m = l->relay->mode;

	return m->kind == MODE_UPSTREAM ? target_text(m->host, m->port, 0, room) :
		target_text(l->to.host, l->to.port, 0, room);
}

struct link *
link_dial(struct relay *r, const struct place *to, flow_id flow)
{
	char where[300], port[8];
	struct link *l;

	if (r->links == LINKS_MAX)
		return NULL;
	l = link_new(r, SERVER, ++r->last_conn);
	l->to = *to;
	l->flow = flow;
	snprintf(l->name, sizeof(l->name), "%s", to->host);
	snprintf(l->alpn, sizeof(l->alpn), "http/1.1");
	l->next = r->servers;
	r->servers = l;
	r->links++;
	snprintf(port, sizeof(port), "%u", to->port);
	relay_step(r, flow, STEP_DIALING, (struct field[]){
		{ LIT("host"), bytes_of(to->host) }, { LIT("port"), bytes_of(port) } }, 2);
	relay_effect(r, (struct effect){ FX_DIAL, l->conn, .data = slice_copy(link_where(l, where)) });
	return l;
}

struct link *
link_associate(struct relay *r, flow_id flow)
{
	struct link *l = link_new(r, SERVER, ++r->last_conn);

	l->association = l->tunnel = true;
	l->flow = flow;
	l->next = r->servers;
	r->servers = l;
	r->links++;
	relay_effect(r, (struct effect){ .kind = FX_ASSOCIATE, .conn = l->conn });
	return l;
}

void
link_drop(struct link *l)
{
	struct relay *r = l->relay;

	if (l->gone)
		return;
	chain_command(l->chain, (struct command){ .kind = CMD_CLOSE });
	l->gone = true;
	if (l->side == SERVER) {
		struct link **at = &r->servers;

		while (*at != l)
			at = &(*at)->next;
		*at = l->next;
		r->links--;
	} else {
		r->client = NULL;
	}
	l->next = r->gone_links;
	r->gone_links = l;
}

void
link_command(struct link *l, struct command cmd)
{
	if (l->gone) {
		command_drop(&cmd);
		return;
	}
	l->dirty = true;
	chain_command(l->chain, cmd);
}

void
link_send(struct link *l, uint32_t stream, struct part part)
{
	link_command(l, (struct command){ .kind = CMD_PART, .stream = stream, .part = part });
}

void
link_event(struct link *l, struct event *ev)
{
	l->dirty = true;
	chain_event(l->chain, *ev);
	*ev = (struct event){ .kind = EV_EOF };
}

void
link_wait(struct link *l, unsigned seconds)
{
	struct relay *r = l->relay;

	l->deadline = seconds ? r->world.now(r->world.arg) + (uint64_t)seconds * MICROS : 0;
}

void
link_settle(struct relay *r)
{
	struct link *l;

	do {
		l = r->client && r->client->dirty ? r->client : r->servers;
		while (l && !l->dirty)
			l = l->next;
		if (l) {
			l->dirty = false;
			chain_settle(l->chain);
		}
	} while (l);
}

bool
alpn_has(const char *list, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = list; *at; at += strcspn(at, ","), at += *at == ',')
		if (strcspn(at, ",") == len && !memcmp(at, name, len))
			return true;
	return false;
}

/* As layer_tls wants it: pointers into `room`, which is a copy. */
static void
alpn_split(const char *list, char room[ALPN_ROOM], const char *offer[OFFERS_MAX + 1])
{
	size_t n = 0;
	char *save = NULL;

	snprintf(room, ALPN_ROOM, "%s", list);
	for (char *one = strtok_r(room, ",", &save); one && n < OFFERS_MAX; one = strtok_r(NULL, ",", &save))
		offer[n++] = one;
	offer[n] = NULL;
}

static bool
link_push_tls(struct link *l, const char *name, const char *alpn, bool proxy, struct fault *why)
{
	struct relay *r = l->relay;
	const struct options *o = r->world.options;
	struct trust *trust;
	const char *offer[OFFERS_MAX + 1];
	char room[ALPN_ROOM];
	struct switches w;
	bool ok;

	options_switches(o, name, proxy ? r->mode->port : l->to.port, relay_process(r), &w);
	trust = ca_trust(r->world.ca, !w.insecure, why);
	if (!trust)
		return false;
	alpn_split(alpn, room, offer);
	link_wait(l, o->head_timeout);
	l->dirty = true;
	ok = chain_push(l->chain, &layer_tls, &(struct tls_args){
		.trust = trust, .proxy = proxy, .name = bytes_of(name), .alpn = offer }, why);
	trust_drop(trust);
	return ok;
}

bool
link_tls(struct link *l, struct fault *why)
{
	l->stage = LINK_TLS;
	return link_push_tls(l, l->name, l->alpn, false, why);
}

/* Of a client that asks for this and that, what holds for all hosts. */
static bool
link_lenient(const struct link *l)
{
	struct relay *r = l->relay;
	struct switches w;

	if (l->side == CLIENT)
		tunnel_switches(r, &w);
	else
		options_switches(r->world.options, *l->name ? l->name : l->to.host, l->to.port, relay_process(r), &w);
	return !w.validate;
}

bool
link_http(struct link *l, bool h2, struct fault *why)
{
	struct relay *r = l->relay;
	bool server = l->side == CLIENT, lenient = link_lenient(l);
	struct h2_args two = { .server = server, .proxy = server && !r->inner && r->mode->kind != MODE_REVERSE,
		.tls = l->to.tls, .websocket = true, .head_limit = r->world.options->head_limit, .lenient = lenient };
	struct h1_args one = { .server = server, .head_limit = r->world.options->head_limit, .lenient = lenient };

	l->h2 = h2;
	l->dirty = true;
	return h2 ? chain_push(l->chain, &layer_h2, &two, why) : chain_push(l->chain, &layer_h1, &one, why);
}

bool
link_raw(struct link *l, struct fault *why)
{
	l->dirty = true;
	return chain_push(l->chain, &layer_raw, NULL, why);
}

void
link_feed_held(struct link *l)
{
	if (l->held.len)
		chain_feed(l->chain, buf_seal(&l->held));
}

bool
link_agreed_h2(const struct link *l)
{
	struct tls *tls = l->to.tls ? chain_find(l->chain, &layer_tls) : NULL;

	return tls && bytes_are(tls_alpn(tls), "h2");
}

static void
link_failed(struct link *l, enum fail code, const char *words)
{
	struct relay *r = l->relay;

	if (l->tunnel && l->stage != LINK_OPEN)
		tunnel_server_failed(r, code, words);
	else if (r->phase == PHASE_RAW)
		relay_stop(r, CLOSE_RELAY_ERROR, words);
	else
		http_link_lost(l, code, words);
}

/* The protocol above bytes, and TLS where there is to be any. */
static void
link_secured(struct link *l)
{
	bool agreed = link_agreed_h2(l);
	struct fault why;

	link_wait(l, 0);
	if (l->tunnel) {
		tunnel_server_secured(l->relay, l);
		return;
	}
	if (!link_http(l, agreed || (!l->to.tls && l->prior), &why)) {
		link_failed(l, FAIL_OTHER, why.text);
	} else if (l->h2 && !agreed) {
		l->stage = LINK_PREFACE;
		link_wait(l, l->relay->world.options->head_timeout);
	} else {
		l->stage = LINK_OPEN;
		serve_opened(l);
	}
}

static void
link_there(struct link *l)
{
	struct fault why;

	l->stage = LINK_THERE;
	link_wait(l, 0);
	if (l->tunnel)
		tunnel_server_there(l->relay, l);
	else if (!l->to.tls)
		link_secured(l);
	else if (!link_tls(l, &why))
		link_failed(l, FAIL_TLS, why.text);
}

static void
link_ask_parent(struct link *l)
{
	const struct mode *m = l->relay->mode;
	const struct options *o = l->relay->world.options;
	char proxy[300];
	struct parent_args args = { .host = l->to.host, .port = l->to.port, .auth = o->upstream_auth,
		.proxy = (const char *)target_text(m->host, m->port, 0, proxy).at, .head_limit = o->head_limit };
	struct fault why;

	/* Plain requests are asked of an HTTP parent as they are. */
	if (m->kind != MODE_UPSTREAM || l->absolute) {
		link_there(l);
		return;
	}
	l->stage = LINK_PARENT;
	l->dirty = true;
	link_wait(l, o->connect_timeout);
	if (!chain_push(l->chain, m->scheme == SCHEME_SOCKS5 ? &layer_socks : &layer_connect, &args, &why))
		link_failed(l, FAIL_OTHER, why.text);
}

static void
link_connected(struct link *l, struct bytes address)
{
	const struct mode *m = l->relay->mode;
	struct fault why;
	int port;

	relay_step(l->relay, l->flow, STEP_CONNECTED, (struct field[]){ { LIT("address"), address } }, 1);
	if (l->tunnel && m->kind != MODE_UPSTREAM && !address_split(address, l->relay->peer, sizeof(l->relay->peer), &port))
		*l->relay->peer = '\0';
	if (m->kind != MODE_UPSTREAM || !m->tls) {
		link_ask_parent(l);
		return;
	}
	l->stage = LINK_PARENT_TLS;
	if (!link_push_tls(l, m->host, "http/1.1", true, &why))
		link_failed(l, FAIL_TLS, why.text);
}

static void
link_agreed(struct link *l)
{
	char proxy[300];
	const struct mode *m = l->relay->mode;

	relay_step(l->relay, l->flow, STEP_PARENT, (struct field[]){
		{ LIT("proxy"), target_text(m->host, m->port, 0, proxy) } }, 1);
	link_there(l);
}

static void
link_opened(struct link *l, struct event *ev)
{
	if (l->side == CLIENT) {
		if (l->relay->phase == PHASE_TLS_CLIENT)
			tunnel_client_secured(l->relay, ev->data.bytes);
		return;
	}
	switch (l->stage) {
	case LINK_DIAL:
		if (l->association)
			tunnel_associated(l->relay, ev->data.bytes);
		else
			link_connected(l, ev->data.bytes);
		break;
	case LINK_PARENT_TLS:
		link_ask_parent(l);
		break;
	case LINK_PARENT:
		link_agreed(l);
		break;
	case LINK_TLS:
		link_secured(l);
		break;
	case LINK_PREFACE:
		l->stage = LINK_OPEN;
		link_wait(l, 0);
		serve_opened(l);
		break;
	case LINK_THERE:
	case LINK_OPEN:
		break;		/* HTTP/2 by ALPN: open before its SETTINGS came */
	}
}

/* Whether a client left so soon behind its handshake that it is about that; tells of it, and ends.
 * Browsers make connections ahead, and leave them later. */
static bool
client_left(struct relay *r, unsigned code, const char *said)
{
	uint64_t now = r->world.now(r->world.arg);
	struct tls *t = r->secured && r->flow ? chain_find(r->client->chain, &layer_tls) : NULL;
	struct step *s = t && now - r->secured < LEFT_SECONDS * MICROS ? tls_left(t, code, said) : NULL;
	char words[WORDS_ROOM];

	if (!s)
		return false;
	words_of_bytes(step_find(s, "detail"), words);
	relay_note(r, r->flow, (struct note){ .kind = NOTE_STEP, .side = CLIENT, .step = s });
	relay_stop(r, CLOSE_TLS_FAILED, words);
	return true;
}

static void
link_ended(struct link *l)
{
	struct relay *r = l->relay;

	l->ended = true;
	if (l->side == CLIENT && client_left(r, FAIL_RESET, NULL))
		return;
	if (l->side == SERVER && l->stage != LINK_OPEN && l->stage != LINK_THERE)
		link_failed(l, FAIL_RESET, "the server closed the connection");
	else if (r->phase == PHASE_TLS_CLIENT && l->side == SERVER)
		tunnel_server_ended(r, l);
	else if (r->phase == PHASE_HTTP && l->side == CLIENT)
		http_client_ended(r);
	else if (r->phase == PHASE_HTTP)
		http_link_ended(l);
	else if (l->side == CLIENT)
		tunnel_client_ended(r);
	else
		relay_stop(r, CLOSE_RELAY_EOF, "the server closed the connection");
}

static void
client_failed(struct relay *r, const struct event *ev)
{
	char room[WORDS_ROOM];

	if ((ev->code == FAIL_RESET || ev->code == FAIL_OTHER) &&
	    (client_left(r, ev->code, words_of_bytes(ev->data.bytes, room)) || nohello_left(r, words_of_bytes(ev->data.bytes, room))))
		return;
	/* A rule broken before there was any request is a row all the same. */
	if (ev->code == FAIL_PROTOCOL && !r->flow && !r->streams) {
		relay_begin(r, http_scheme(r), r->to.host, r->to.port);
		relay_step(r, r->flow, STEP_PARSE_FAILED, (struct field[]){
			{ LIT("parse_error_detail"), ev->data.bytes } }, 1);
	}
	relay_stop(r, ev->code == FAIL_TIMEOUT ? CLOSE_IDLE : ev->code == FAIL_TLS ? CLOSE_TLS_FAILED :
		ev->code == FAIL_PROTOCOL ? CLOSE_HTTP_ERROR : CLOSE_RELAY_ERROR, words_of_bytes(ev->data.bytes, room));
}

static void
link_stepped(struct link *l, struct event *ev)
{
	struct relay *r = l->relay;
	flow_id flow = l->side == CLIENT ? r->first : l->flow;

	if (!relay_has(r, flow))
		return;
	relay_note(r, flow, (struct note){ .kind = NOTE_STEP, .side = l->side, .step = step_ref(ev->step) });
	if (step_kind(ev->step) == STEP_TLS_FAILED)
		verdict_learn(r, flow, ev->step);
}

static void
link_up(void *arg, struct event *ev)
{
	struct link *l = arg;
	struct relay *r = l->relay;
	char room[WORDS_ROOM];

	if (r->phase == PHASE_OVER || l->gone)
		return;
	switch (ev->kind) {
	case EV_OPEN:
		link_opened(l, ev);
		break;
	case EV_DATA:
		if (l->side == CLIENT)
			tunnel_bytes(r, &ev->data);
		else
			tunnel_server_bytes(r, &ev->data);
		break;
	case EV_PART:
		http_part(l, ev->stream, &ev->part);
		break;
	case EV_STEP:
		link_stepped(l, ev);
		break;
	case EV_KEYS:
		relay_note(r, 0, (struct note){ .kind = NOTE_LOG, .part = { .kind = PART_DATA, .code = LOG_KEYS, .data = ev->data } });
		*ev = (struct event){ .kind = EV_EOF };
		break;
	case EV_EOF:
		link_ended(l);
		break;
	case EV_FAIL:
		if (l->side == CLIENT)
			client_failed(r, ev);
		else
			link_failed(l, ev->code, words_of_bytes(ev->data.bytes, room));
		break;
	case EV_FULL:
	case EV_DRAINED:
		http_full(l, ev->stream, ev->kind == EV_FULL);
		break;
	}
}

/* Whoever waits no longer says so at the bottom, so that TLS can tell of it. */
void
link_late(struct link *l)
{
	static const char *const words[] = {
		[LINK_DIAL] = "no connection in time",
		[LINK_PARENT_TLS] = "the TLS handshake with the parent proxy took too long",
		[LINK_PARENT] = "the parent proxy did not answer in time",
		[LINK_THERE] = "", [LINK_OPEN] = "",
		[LINK_TLS] = "the TLS handshake with the server took too long",
		[LINK_PREFACE] = "the server's HTTP/2 SETTINGS did not come in time",
	};

	link_wait(l, 0);
	link_event(l, &(struct event){ .kind = EV_FAIL, .code = FAIL_TIMEOUT, .data = slice_text(words[l->stage]) });
}
