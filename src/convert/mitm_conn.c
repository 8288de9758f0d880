/*
 * Both connections of a flow, as the origin and the steps that soth knows:
 *
 *	both		peername sockname id transport_protocol error tls certificate_list alpn alpn_offers
 *			cipher cipher_list tls_version sni timestamp_start timestamp_end timestamp_tls_setup
 *	client_conn	mitmcert proxy_mode
 *	server_conn	address timestamp_tcp_setup via
 *
 * Versions 18 and 19 call a client's peername address, a server's ip_address.
 * Every flow of a connection has a copy: the first one has the steps.
 */
#include <string.h>

#include "mitm_inside.h"
#include "soth/tlsreason.h"

enum { ADDRESS_ROOM = 600, OFFERED_ROOM = 1024, HOST_MAX = 1024 };

/* [host, port, ..] */
static bool
address(struct tnet list, char out[ADDRESS_ROOM])
{
	struct tnet host, port;

	*out = 0;
	return list.tag == TNET_LIST && tnet_next(&list.data, &host) && tnet_next(&list.data, &port) &&
		mitm_address_write(tnet_text(host), tnet_int(port, -1), out, ADDRESS_ROOM);
}

static bool
address_of(struct tnet conn, const char *name, const char *earlier, char out[ADDRESS_ROOM])
{
	return address(tnet_find(conn, name), out) || address(tnet_find(conn, earlier), out);
}

static void
step(struct mitm_reading *r, enum side side, uint64_t when, enum step_kind kind, const struct field *values, size_t count)
{
	mitm_tell(r, (struct note){ .kind = NOTE_STEP, .side = side, .when = when, .step = step_new(kind, values, count) });
}

static struct field
field_of(const char *name, struct tnet conn, const char *key)
{
	return (struct field){ bytes_of(name), tnet_text(tnet_find(conn, key)) };
}

static struct bytes
offered(struct tnet list, char out[OFFERED_ROOM])
{
	size_t len = 0;
	struct tnet one;

	while (list.tag == TNET_LIST && tnet_next(&list.data, &one)) {
		struct bytes name = tnet_text(one);

		if (!name.len || name.len + 1 > OFFERED_ROOM - len)
			continue;
		if (len)
			out[len++] = ',';
		memcpy(out + len, name.at, name.len);
		len += name.len;
	}
	return (struct bytes){ (const uint8_t *)out, len };
}

static bool
has_tls(struct tnet conn)
{
	return tnet_true(tnet_find(conn, "tls")) || tnet_micros(tnet_find(conn, "timestamp_tls_setup"));
}

static void
tls_begin(struct mitm_reading *r, enum side side, struct tnet conn, uint64_t when)
{
	char list[OFFERED_ROOM];
	struct field v[] = {
		{ LIT("peer"), side == CLIENT ? LIT("downstream") : LIT("upstream") },
		field_of("sni", conn, "sni"),
		{ LIT("alpn_offered"), offered(tnet_find(conn, "alpn_offers"), list) },
	};

	step(r, side, when, STEP_TLS_STARTED, v, ARRAY_LEN(v));
}

static void
tls_end(struct mitm_reading *r, enum side side, struct tnet conn)
{
	uint64_t when = tnet_micros(tnet_find(conn, "timestamp_tls_setup"));
	struct bytes cipher = tnet_text(tnet_find(conn, "cipher")), error = tnet_text(tnet_find(conn, "error"));
	struct field peer = { LIT("peer"), side == CLIENT ? LIT("downstream") : LIT("upstream") };

	if (!cipher.len)
		cipher = tnet_text(tnet_find(conn, "cipher_name"));	/* version 18 */
	if (when)
		step(r, side, when, STEP_TLS_ESTABLISHED, (struct field[]){ peer, field_of("sni", conn, "sni"),
			{ LIT("version"), mitm_tls_here(tnet_text(tnet_find(conn, "tls_version"))) },
			{ LIT("cipher"), cipher }, field_of("negotiated_alpn", conn, "alpn") }, 5);
	else if (error.len)
		step(r, side, tnet_micros(tnet_find(conn, "timestamp_end")), STEP_TLS_FAILED, (struct field[]){ peer,
			field_of("sni", conn, "sni"),
			{ LIT("tls_failure_reason"), bytes_of(tls_reason_name(tls_reason_of_words(error, TLS_OTHER))) },
			{ LIT("detail"), error }, { LIT("tls_ops_provider"), LIT("mitmproxy") },
			{ LIT("source_confidence"), LIT("inferred") } }, 6);
}

static void
server_steps(struct mitm_reading *r, struct tnet conn)
{
	uint64_t dialed = tnet_micros(tnet_find(conn, "timestamp_start")),
		connected = tnet_micros(tnet_find(conn, "timestamp_tcp_setup"));
	struct tnet host = { 0 }, port = { 0 }, to = tnet_find(conn, "address");
	struct bytes error = tnet_text(tnet_find(conn, "error"));
	char where[ADDRESS_ROOM];

	if (to.tag == TNET_LIST && tnet_next(&to.data, &host))
		tnet_next(&to.data, &port);
	if (dialed || connected || error.len)
		step(r, SERVER, dialed, STEP_DIALING, (struct field[]){ { LIT("host"), tnet_text(host) },
			{ LIT("port"), port.tag == TNET_INT ? port.data : (struct bytes){ 0 } } }, 2);
	if (connected)
		step(r, SERVER, connected, STEP_CONNECTED, (struct field[]){ { LIT("address"),
			address_of(conn, "peername", "ip_address", where) ? bytes_of(where) : (struct bytes){ 0 } } }, 1);
	else if (error.len)
		step(r, SERVER, 0, STEP_CONNECT_FAILED, (struct field[]){ { LIT("detail"), error } }, 1);
	if (connected && has_tls(conn)) {
		tls_begin(r, SERVER, conn, connected);
		tls_end(r, SERVER, conn);
	}
}

/* "http://host:port" of [scheme, [host, port]] */
static void
parent_step(struct mitm_reading *r, struct tnet conn)
{
	struct tnet via = tnet_find(conn, "via"), scheme, to;
	char where[ADDRESS_ROOM], text[ADDRESS_ROOM + 40];

	if (via.tag != TNET_LIST || !tnet_next(&via.data, &scheme) || !tnet_next(&via.data, &to) || !address(to, where))
		return;
	snprintf(text, sizeof(text), "%.*s://%s", (int)(scheme.data.len < 32 ? scheme.data.len : 32),
		(const char *)scheme.data.at, where);
	step(r, SERVER, tnet_micros(tnet_find(conn, "timestamp_tcp_setup")), STEP_PARENT,
		(struct field[]){ { LIT("proxy"), bytes_of(text) } }, 1);
}

void
mitm_server_steps(struct mitm_reading *r, const struct mitm_flow *f)
{
	if (!f->new_server)
		return;
	server_steps(r, f->server);
	parent_step(r, f->server);
}

/* QUIC that passed unread is datagrams whose first offered a protocol. */
static void
quic_step(struct mitm_reading *r, const struct mitm_flow *f)
{
	char list[OFFERED_ROOM];
	struct bytes offers = offered(tnet_find(f->client, "alpn_offers"), list);
	bool third = offers.len > 1 && (!memcmp(offers.at, "h3", 2) || memmem(offers.at, offers.len, ",h3", 3));

	if (bytes_are(tnet_text(tnet_find(f->state, "type")), "udp") && offers.len && !has_tls(f->client))
		step(r, CLIENT, 0, STEP_HTTP3_PASSTHROUGH, (struct field[]){
			{ LIT("passthrough_protocol"), third ? LIT("http3") : LIT("quic") },
			{ LIT("passthrough_mode"), LIT("tunnel") }, field_of("sni", f->client, "sni"), { LIT("alpn"), offers } }, 4);
}

static flow_id
first_of(struct mitm_reading *r, struct tnet conn)
{
	struct bytes id = tnet_text(tnet_find(conn, "id"));
	void *known = id.len ? map_find(r->conns, id) : NULL;

	if (!known && id.len)
		map_put(r->conns, id, (void *)(uintptr_t)r->flow);
	return (flow_id)(uintptr_t)known;
}

/* "reverse" of "reverse:https://host:port@8080" */
static struct bytes
mode_of(struct tnet conn)
{
	struct bytes mode = tnet_text(tnet_find(conn, "proxy_mode"));
	size_t len = 0;

	while (len < mode.len && len < 32 && mode.at[len] != ':' && mode.at[len] != '@')
		len++;
	return (struct bytes){ mode.at, len };
}

/* When the connection came, for its first flow; else when the flow did. */
static uint64_t
begun(const struct mitm_flow *f)
{
	uint64_t made = tnet_micros(tnet_find(f->state, "timestamp_created")),
		asked = tnet_micros(tnet_find(f->request, "timestamp_start")),
		came = tnet_micros(tnet_find(f->client, "timestamp_start"));

	if (!made || (asked && asked < made))
		made = asked;
	return came && (!made || (f->new_client && came < made)) ? came : made;
}

void
mitm_flow_begin(struct mitm_reading *r, struct mitm_flow *f, struct bytes scheme, struct bytes host, uint16_t port)
{
	char client[ADDRESS_ROOM], listener[ADDRESS_ROOM];
	struct origin o = { .mode = mode_of(f->client), .scheme = scheme, .host = host, .port = port };
	uint64_t asked = tnet_micros(tnet_find(f->request, "timestamp_start"));

	r->flow++;
	address_of(f->client, "peername", "address", client);
	address_of(f->client, "sockname", "sockname", listener);
	o.client = bytes_of(client);
	o.listener = bytes_of(listener);
	o.opened_by = first_of(r, f->client);
	if (o.host.len > HOST_MAX)
		o.host.len = HOST_MAX;
	f->new_client = !o.opened_by;
	f->new_server = !first_of(r, f->server);
	f->late = asked && tnet_micros(tnet_find(f->server, "timestamp_start")) > asked;
	r->last = begun(f);
	mitm_tell(r, (struct note){ .kind = NOTE_FLOW, .when = r->last, .origin = origin_new(&o) });
	if (f->new_client && has_tls(f->client))
		tls_begin(r, CLIENT, f->client, tnet_micros(tnet_find(f->client, "timestamp_start")));
	if (!f->late)
		mitm_server_steps(r, f);
	quic_step(r, f);
	if (f->new_client && has_tls(f->client))
		tls_end(r, CLIENT, f->client);
}
