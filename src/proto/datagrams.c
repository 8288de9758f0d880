/* A flow of datagrams: what passes, and what is told of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fingerprint.h"
#include "quic.h"
#include "soth/datagram.h"

enum { HELLO_TRIES = 8, ALPN_ROOM = 256 };	/* datagrams that may go by before the ClientHello is whole */

struct datagrams {
	struct datagrams_world world;
	const struct mode *mode;
	char *client, *listener;
	char host[256], process[64];	/* "": not known */
	uint16_t port;
	flow_id flow;
	struct switches switches;
	struct quic *quic;	/* while its ClientHello is waited for */
	unsigned tried;
	bool looked;		/* at the client's first datagram */
	bool is_quic, quic_told, dialed, over;
	uint64_t moved, told[2], skipped[2];
	uint32_t skips[2];	/* the datagrams of `skipped` */
};

static void
tell(struct datagrams *d, struct note n)
{
	n.flow = d->flow;
	n.when = d->world.now(d->world.arg);
	d->world.note(d->world.arg, &n);
}

static void
tell_step(struct datagrams *d, enum step_kind kind, enum side side, const struct field *values, size_t count)
{
	if (!d->over)
		tell(d, (struct note){ .kind = NOTE_STEP, .side = side, .step = step_new(kind, values, count) });
}

static void
tell_origin(struct datagrams *d)
{
	struct origin *o = origin_new(&(struct origin){ .opened_by = d->flow, .client = bytes_of(d->client),
		.listener = bytes_of(d->listener), .mode = bytes_of(d->mode->name), .scheme = LIT("udp"),
		.host = bytes_of(d->host), .port = d->port });

	tell(d, (struct note){ .kind = NOTE_FLOW, .origin = o });
}

static char *
keep(struct bytes text)
{
	char *kept = xalloc(text.len + 1);

	if (text.len)
		memcpy(kept, text.at, text.len);
	return kept;
}

/* All that is not blocked passes unread anyhow. */
static void
ask_policy(struct datagrams *d)
{
	const struct policy *p = d->world.policy ? *d->world.policy : NULL;
	struct policy_question q = { .name = { d->host }, .port = d->port, .process = d->process };
	struct policy_said by_hand;
	struct policy_verdict v;
	char words[200];

	if (!policy_says(p, d->world.options) && !temporaries_count(d->world.temporaries))
		return;
	if (temporaries_find(d->world.temporaries, false, &q, d->world.now(d->world.arg), &by_hand))
		q.by_hand = &by_hand;
	policy_ask(p, d->world.options, &q, &v);
	if (v.action != POLICY_BLOCK)
		return;
	policy_words(&v, words, sizeof(words));
	tell_step(d, STEP_DECIDED, CLIENT, (struct field[]){
		{ LIT("action"), LIT("block") }, { LIT("reason"), bytes_of(policy_reason_word(v.reason)) },
		{ LIT("override_rule_id"), bytes_of(v.rule) }, { LIT("override_host_pattern"), bytes_of(v.pattern) } }, *v.pattern ? 4 : 3);
	datagrams_end(d, CLOSE_BLOCKED, words);
}

struct datagrams *
datagrams_new(const struct datagrams_world *world, const struct datagrams_from *from)
{
	struct datagrams *d = xalloc(sizeof(*d));

	d->world = *world;
	d->mode = from->mode;
	d->client = keep(from->client);
	d->listener = keep(from->listener);
	snprintf(d->host, sizeof(d->host), "%.*s", (int)(from->host.len < 255 ? from->host.len : 255),
		from->host.len ? (const char *)from->host.at : "");
	d->port = from->port;
	d->flow = world->next_id(world->arg);
	d->moved = world->now(world->arg);
	options_switches(world->options, d->host, d->port, "", &d->switches);
	tell_origin(d);
	ask_policy(d);
	return d;
}

void
datagrams_client_is(struct datagrams *d, struct step *who)
{
	struct bytes name = step_find(who, "name");

	if (d->over) {
		step_drop(who);
		return;
	}
	snprintf(d->process, sizeof(d->process), "%.*s", (int)name.len, name.len ? (const char *)name.at : "");
	options_switches(d->world.options, d->host, d->port, d->process, &d->switches);
	tell(d, (struct note){ .kind = NOTE_STEP, .step = who });
	ask_policy(d);
}

/* Names that can be listed: what a client greases with cannot (RFC 8701). */
static void
alpn_list(const struct hello *h, char list[ALPN_ROOM])
{
	size_t len = 0;

	*list = 0;
	for (size_t i = 0; h && i < h->alpns; i++) {
		bool plain = h->alpn[i].len && len + h->alpn[i].len + 2 < ALPN_ROOM;

		for (size_t j = 0; plain && j < h->alpn[i].len; j++)
			plain = h->alpn[i].at[j] > ' ' && h->alpn[i].at[j] < 0x7f && h->alpn[i].at[j] != ',';
		if (plain)
			len += (size_t)snprintf(list + len, ALPN_ROOM - len, "%s%.*s", len ? "," : "",
				(int)h->alpn[i].len, (const char *)h->alpn[i].at);
	}
}

static void
tell_quic(struct datagrams *d, const struct hello *h)
{
	char alpn[ALPN_ROOM], version[QUIC_VERSION_ROOM], ja4[JA4_ROOM] = "";
	struct bytes name = h ? h->name : (struct bytes){ 0 };

	alpn_list(h, alpn);
	if (h)
		hello_ja4(h, 'q', ja4);
	quic_version_text(quic_version(d->quic), version);
	d->quic_told = true;
	/* "h3", "h3-29": RFC 9114 section 3.1. */
	tell_step(d, STEP_HTTP3_PASSTHROUGH, CLIENT, (struct field[]){
		{ LIT("passthrough_protocol"), !strncmp(alpn, "h3", 2) || strstr(alpn, ",h3") ? LIT("http3") : LIT("quic") },
		{ LIT("passthrough_mode"), LIT("tunnel") },
		{ LIT("requested_by"), bytes_of(d->mode->name) },
		{ LIT("sni"), name }, { LIT("alpn"), bytes_of(alpn) }, { LIT("version"), bytes_of(version) },
		{ LIT("ja4"), bytes_of(ja4) } }, h ? 7 : 6);
	if (name.len && name.len < sizeof(d->host) && !bytes_are(name, d->host)) {
		snprintf(d->host, sizeof(d->host), "%.*s", (int)name.len, (const char *)name.at);
		options_switches(d->world.options, d->host, d->port, d->process, &d->switches);
		tell_origin(d);
	}
}

static void
quic_block(struct datagrams *d)
{
	tell_step(d, STEP_SWITCHED, CLIENT, (struct field[]){ { LIT("name"), LIT("http3-passthrough") },
		{ LIT("value"), LIT("no") }, { LIT("what"), LIT("dropped QUIC") } }, 3);
	datagrams_end(d, CLOSE_BLOCKED, "http3-passthrough is off, and this is QUIC");
}

/*
 * The first datagram says whether it is QUIC. Those after it may still bring
 * the name: packets are lost, overtake each other, and a version that the
 * server does not have is followed by one that it has.
 */
static void
look_for_quic(struct datagrams *d, struct bytes datagram)
{
	enum quic_kind kind = quic_read(d->quic, datagram);
	bool waits;

	d->is_quic = d->is_quic || kind != QUIC_NOT;
	waits = d->is_quic && kind != QUIC_HELLO && ++d->tried < HELLO_TRIES;
	if (waits && (d->quic_told || quic_readable(quic_version(d->quic))))
		return;
	if (d->is_quic && (kind == QUIC_HELLO || !d->quic_told)) {
		tell_quic(d, quic_hello(d->quic));
		if (!d->switches.http3)
			quic_block(d);
		else if (kind == QUIC_HELLO)
			ask_policy(d);
	}
	if (waits)
		return;
	quic_free(d->quic);
	d->quic = NULL;
}

static void
look_for_negotiation(struct datagrams *d, struct bytes datagram)
{
	char versions[200] = "negotiation of ";

	if (d->is_quic && quic_negotiation(datagram, versions + strlen(versions), sizeof(versions) - strlen(versions)))
		tell_step(d, STEP_HTTP3_PASSTHROUGH, SERVER, (struct field[]){
			{ LIT("passthrough_protocol"), LIT("quic") }, { LIT("passthrough_mode"), LIT("tunnel") },
			{ LIT("requested_by"), bytes_of(d->mode->name) }, { LIT("version"), bytes_of(versions) } }, 4);
}

static void
tell_datagram(struct datagrams *d, enum side from, struct bytes datagram)
{
	uint64_t most = d->switches.store_streamed ? UINT64_MAX : d->switches.record_bodies;

	if (d->is_quic || d->told[from] + datagram.len > most) {
		d->skipped[from] += datagram.len;
		d->skips[from]++;
		return;
	}
	d->told[from] += datagram.len;
	tell(d, (struct note){ .kind = NOTE_PART, .side = from,
		.part = { .kind = PART_DATA, .data = slice_copy(datagram) } });
}

bool
datagrams_pass(struct datagrams *d, enum side from, struct bytes datagram)
{
	if (d->over)
		return false;
	d->moved = d->world.now(d->world.arg);
	if (from == CLIENT && !d->looked && datagram.len && datagram.at[0] & 0x80)
		d->quic = quic_new();	/* a long header: RFC 8999 section 5.1 */
	d->looked = d->looked || from == CLIENT;
	if (from == CLIENT && d->quic)
		look_for_quic(d, datagram);
	else if (d->quic)
		look_for_negotiation(d, datagram);
	if (d->over)
		return false;
	tell_datagram(d, from, datagram);
	return true;
}

static void
tell_dialing(struct datagrams *d)
{
	char port[8];

	snprintf(port, sizeof(port), "%u", d->port);
	if (!d->dialed)
		tell_step(d, STEP_DIALING, SERVER, (struct field[]){
			{ LIT("host"), bytes_of(d->host) }, { LIT("port"), bytes_of(port) } }, 2);
	d->dialed = true;
}

void
datagrams_connected(struct datagrams *d, struct bytes address)
{
	tell_dialing(d);
	tell_step(d, STEP_CONNECTED, SERVER, (struct field[]){ { LIT("address"), address } }, 1);
}

void
datagrams_refused(struct datagrams *d, const char *words)
{
	tell_dialing(d);
	tell_step(d, STEP_CONNECT_FAILED, SERVER, (struct field[]){ { LIT("detail"), bytes_of(words) } }, 1);
	d->dialed = false;
}

void
datagrams_failed(struct datagrams *d, const char *words)
{
	datagrams_refused(d, words);
	datagrams_end(d, CLOSE_CONNECT_FAILED, words);
}

void
datagrams_settle(struct datagrams *d)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		if (d->skips[side])
			tell(d, (struct note){ .kind = NOTE_PART, .side = (enum side)side,
				.part = { .kind = PART_SKIP, .code = d->skips[side], .count = d->skipped[side] } });
		d->skips[side] = 0;
		d->skipped[side] = 0;
	}
}

void
datagrams_end(struct datagrams *d, enum close_code code, const char *detail)
{
	if (d->over)
		return;
	if (d->is_quic && !d->quic_told)
		tell_quic(d, NULL);
	datagrams_settle(d);
	tell(d, (struct note){ .kind = NOTE_GONE, .part = { .kind = PART_RESET, .code = code, .data = slice_text(detail) } });
	d->over = true;
}

bool
datagrams_over(const struct datagrams *d)
{
	return d->over;
}

flow_id
datagrams_flow(const struct datagrams *d)
{
	return d->flow;
}

uint64_t
datagrams_moved(const struct datagrams *d)
{
	return d->moved;
}

void
datagrams_free(struct datagrams *d)
{
	datagrams_end(d, CLOSE_RELAY_EOF, "soth ended");
	quic_free(d->quic);
	free(d->client);
	free(d->listener);
	free(d);
}
