/* What every flow has in mitmproxy's files: its connections, its error. Put in mitmproxy's order: see mitm_conn.c. */
#include <string.h>

#include "mitm_inside.h"

enum { ID_ROOM = 40 };
enum id_kind { ID_FLOW = 1, ID_CLIENT, ID_SERVER };

/* SplitMix64: https://prng.di.unimi.it/splitmix64.c is its reference. */
static uint64_t
mix(uint64_t n)
{
	n += 0x9e3779b97f4a7c15u;
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9u;
	n = (n ^ n >> 27) * 0x94d049bb133111ebu;
	return n ^ n >> 31;
}

/* A UUID of version 4 (RFC 9562 section 5.4), the same for the same flow of a session. */
static struct bytes
id_of(const char *type, enum id_kind kind, const struct flow *f, char out[ID_ROOM])
{
	uint64_t a = mix(f->begun ^ mix(f->id * 8 + kind) ^ (uint64_t)*type << 40), b = mix(a);
	int n = snprintf(out, ID_ROOM, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(a >> 32), (unsigned)(a >> 16 & 0xffff),
		(unsigned)(a & 0xfff), (unsigned)(0x8000 | (b >> 48 & 0x3fff)), (unsigned long long)(b & 0xffffffffffffu));

	return (struct bytes){ (const uint8_t *)out, (size_t)n };
}

static bool
is_peer(const struct step *s, int side)
{
	struct bytes peer = step_find(s, "peer");

	return side < 0 || bytes_are(peer, side == CLIENT ? "downstream" : "upstream");
}

static const struct moment *
last_step(const struct flow *f, enum step_kind kind, int side)
{
	for (size_t i = f->moments; i--;)
		if (f->moment[i].step && step_kind(f->moment[i].step) == kind && is_peer(f->moment[i].step, side))
			return &f->moment[i];
	return NULL;
}

const struct moment *
mitm_step(const struct mitm_writing *w, enum step_kind kind, int side)
{
	const struct moment *own = last_step(&w->flow, kind, side);

	return own ? own : last_step(&w->opener, kind, side);
}

static struct bytes
words(const struct moment *m, const char *name)
{
	return m ? step_find(m->step, name) : (struct bytes){ 0 };
}

static uint64_t
when(const struct moment *m)
{
	return m ? m->when : 0;
}

bool
mitm_is_h3(const struct mitm_writing *w, enum side side)
{
	return bytes_are(words(mitm_step(w, STEP_TLS_ESTABLISHED, (int)side), "negotiated_alpn"), "h3");
}

static void
put_time_or_null(struct tnet_out *o, const char *key, uint64_t at)
{
	if (at)
		tnet_put_time(o, key, at);
	else
		tnet_put_null(o, key);
}

static void
put_text_or_null(struct tnet_out *o, const char *key, struct bytes text)
{
	if (text.len)
		tnet_put_text(o, key, text);
	else
		tnet_put_null(o, key);
}

static void
put_bytes_or_null(struct tnet_out *o, const char *key, struct bytes b)
{
	if (b.len)
		tnet_put_bytes(o, key, b);
	else
		tnet_put_null(o, key);
}

static void
put_empty(struct tnet_out *o, const char *key, enum tnet_tag tag)
{
	tnet_put(o, key, tag, (struct bytes){ 0 });
}

static void
put_address(struct tnet_out *o, const char *key, struct bytes host, uint16_t port)
{
	size_t list = tnet_open(o, TNET_LIST);

	tnet_put_int(o, NULL, port);
	tnet_put_text(o, NULL, host);
	tnet_close(o, key, list);
}

/* The client's must be there. */
static void
put_address_text(struct tnet_out *o, const char *key, struct bytes text, bool must)
{
	struct bytes host;
	uint16_t port;

	if (mitm_address_read(text, &host, &port))
		put_address(o, key, host, port);
	else if (must)
		put_address(o, key, (struct bytes){ 0 }, 0);
	else
		tnet_put_null(o, key);
}

/* Last to first. */
static void
put_offers(struct tnet_out *o, struct bytes list)
{
	size_t opened = tnet_open(o, TNET_LIST);

	while (list.len) {
		const uint8_t *comma = memrchr(list.at, ',', list.len);
		size_t at = comma ? (size_t)(comma - list.at) + 1 : 0;

		if (list.len > at)
			tnet_put_bytes(o, NULL, bytes_from(list, at));
		list.len = at ? at - 1 : 0;
	}
	tnet_close(o, "alpn_offers", opened);
}

struct ends { struct bytes peername, sockname; uint64_t begun, ended; struct bytes error; struct bytes id; };

/* From peername to timestamp_tls_setup. A server's address may be unknown. */
static void
put_connection(struct mitm_writing *w, enum side side, const struct ends *e)
{
	struct tnet_out *o = &w->o;
	const struct moment *begun = mitm_step(w, STEP_TLS_STARTED, (int)side),
		*done = mitm_step(w, STEP_TLS_ESTABLISHED, (int)side);
	const struct moment *quic = side == CLIENT ? mitm_step(w, STEP_HTTP3_PASSTHROUGH, -1) : NULL;
	struct bytes scheme = w->flow.origin->scheme;
	bool udp = bytes_are(scheme, "udp") || mitm_is_h3(w, side);

	put_address_text(o, "peername", e->peername, side == CLIENT);
	put_address_text(o, "sockname", e->sockname, side == CLIENT);
	tnet_put_text(o, "id", e->id);
	tnet_put_text(o, "transport_protocol", udp ? LIT("udp") : LIT("tcp"));
	put_text_or_null(o, "error", e->error);
	tnet_put_bool(o, "tls", begun || done || bytes_are(scheme, "https"));
	put_empty(o, "certificate_list", TNET_LIST);
	put_bytes_or_null(o, "alpn", words(done, "negotiated_alpn"));
	put_offers(o, quic ? words(quic, "alpn") : words(begun, "alpn_offered"));
	put_text_or_null(o, "cipher", words(done, "cipher"));
	put_empty(o, "cipher_list", TNET_LIST);
	put_text_or_null(o, "tls_version", mitm_tls_there(words(done, "version")));
	put_text_or_null(o, "sni", words(quic ? quic : done ? done : begun, "sni"));
	put_time_or_null(o, "timestamp_start", e->begun);
	put_time_or_null(o, "timestamp_end", e->ended);
	put_time_or_null(o, "timestamp_tls_setup", when(done));
}

/* Those that need no more than their name. */
static struct bytes
mode_of(struct bytes mode)
{
	static const char *const plain[] = { "regular", "transparent", "socks5", "dns" };

	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		if (bytes_are(mode, plain[i]))
			return mode;
	return LIT("regular");
}

static const struct flow *
opener(const struct mitm_writing *w)
{
	return w->opener.origin ? &w->opener : &w->flow;
}

/* A connection is known to have ended with a flow that was nothing else. */
static uint64_t
ended(const struct mitm_writing *w)
{
	return w->flow.half[CLIENT].head ? 0 : w->flow.ended;
}

static void
put_client(struct mitm_writing *w)
{
	const struct origin *o = w->flow.origin;
	char id[ID_ROOM];
	struct ends e = { o->client, o->listener, opener(w)->begun, ended(w),
		words(mitm_step(w, STEP_TLS_FAILED, CLIENT), "detail"), id_of("c", ID_CLIENT, opener(w), id) };
	size_t dict = tnet_open(&w->o, TNET_DICT);

	if (!e.begun)
		e.begun = 1;	/* it may not be null */
	put_connection(w, CLIENT, &e);
	tnet_put_null(&w->o, "mitmcert");
	tnet_put_text(&w->o, "proxy_mode", mode_of(o->mode));
	tnet_close(&w->o, "client_conn", dict);
}

/* [scheme, [host, port]] of "http://host:port" */
static void
put_via(struct mitm_writing *w)
{
	static const char *const schemes[] = { "http", "https" };
	struct bytes proxy = words(mitm_step(w, STEP_PARENT, -1), "proxy"), host;
	const uint8_t *slashes = proxy.len ? memmem(proxy.at, proxy.len, "://", 3) : NULL;
	struct bytes scheme = { proxy.at, slashes ? (size_t)(slashes - proxy.at) : 0 };
	uint16_t port;

	for (size_t i = 0; slashes && i < ARRAY_LEN(schemes); i++) {
		size_t list;

		if (!bytes_are(scheme, schemes[i]) || !mitm_address_read(bytes_from(proxy, scheme.len + 3), &host, &port))
			continue;
		list = tnet_open(&w->o, TNET_LIST);
		put_address(&w->o, NULL, host, port);
		tnet_put_text(&w->o, NULL, scheme);
		tnet_close(&w->o, "via", list);
		return;
	}
	tnet_put_null(&w->o, "via");
}

static void
put_server(struct mitm_writing *w)
{
	const struct moment *dialed = mitm_step(w, STEP_DIALING, -1), *connected = mitm_step(w, STEP_CONNECTED, -1),
		*failed = mitm_step(w, STEP_CONNECT_FAILED, -1);
	bool own = last_step(&w->flow, STEP_DIALING, -1);
	char id[ID_ROOM];
	struct ends e = { words(connected, "address"), { 0 }, when(dialed), dialed ? ended(w) : 0, { 0 },
		id_of("s", ID_SERVER, own ? &w->flow : opener(w), id) };
	size_t dict = tnet_open(&w->o, TNET_DICT);

	e.error = words(connected && failed && connected->when >= failed->when ? NULL : failed, "detail");
	if (!e.error.len)
		e.error = words(mitm_step(w, STEP_TLS_FAILED, SERVER), "detail");
	put_connection(w, SERVER, &e);
	put_address(&w->o, "address", w->flow.origin->host, w->flow.origin->port);
	put_time_or_null(&w->o, "timestamp_tcp_setup", when(connected));
	put_via(w);
	tnet_close(&w->o, "server_conn", dict);
}

/* Why it failed, in words; empty: it did not. */
static struct bytes
trouble(const struct flow *f)
{
	bool well = f->close == CLOSE_HTTP_COMPLETED || f->close == CLOSE_RELAY_EOF || f->close == CLOSE_WEBSOCKET_COMPLETED;

	for (int side = SERVER; side >= CLIENT; side--)
		if (f->half[side].broken.bytes.len)
			return f->half[side].broken.bytes;
	if (!f->ended || well || bytes_are(f->detail.bytes, MITM_UNFINISHED))
		return (struct bytes){ 0 };
	return f->detail.bytes.len ? f->detail.bytes : bytes_of(close_name(f->close));
}

static void
put_error(struct mitm_writing *w)
{
	const struct flow *f = &w->flow;
	struct bytes msg = trouble(f);
	size_t dict;

	if (!msg.len) {
		tnet_put_null(&w->o, "error");
		return;
	}
	dict = tnet_open(&w->o, TNET_DICT);
	tnet_put_text(&w->o, "msg", msg);
	tnet_put_time(&w->o, "timestamp", f->ended ? f->ended : f->begun);
	tnet_close(&w->o, "error", dict);
}

/* A colour alone as mitmproxy calls it; anything else as it is. */
static void
put_marked(struct mitm_writing *w)
{
	static const char *const names[][2] = { { "●", ":default:" }, { "red", ":red_circle:" }, { "orange", ":orange_circle:" },
		{ "yellow", ":yellow_circle:" }, { "green", ":green_circle:" }, { "blue", ":blue_circle:" }, { "purple", ":purple_circle:" } };
	struct bytes said = w->flow.remark[REMARK_MARK].bytes;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (bytes_are(said, names[i][0])) {
			tnet_put_text(&w->o, "marked", bytes_of(names[i][1]));
			return;
		}
	tnet_put_text(&w->o, "marked", said);
}

void
mitm_put_flow(struct mitm_writing *w, const char *type, struct bytes comment)
{
	struct tnet_out *o = &w->o;
	char id[ID_ROOM];

	tnet_put_int(o, "version", MITM_VERSION);
	tnet_put_text(o, "type", bytes_of(type));
	tnet_put_text(o, "id", id_of(type, ID_FLOW, &w->flow, id));
	put_error(w);
	put_client(w);
	put_server(w);
	tnet_put_bool(o, "intercepted", false);
	tnet_put_null(o, "is_replay");
	put_marked(w);
	put_empty(o, "metadata", TNET_DICT);
	tnet_put_text(o, "comment", comment);
	tnet_put_time(o, "timestamp_created", w->flow.begun);
	tnet_put_null(o, "backup");
}
