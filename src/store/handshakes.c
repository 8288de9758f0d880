/* What came of TLS, by host, port, process and side: a bounded table, folded from notes. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handshakes.h"
#include "rolling.h"
#include "soth/map.h"

enum { LOOKED_AT = 64, HOST_KEPT = 255, PROCESS_KEPT = 63, KEY_MAX = 4 + HOST_KEPT + PROCESS_KEPT, SECOND = 1000000 };

struct line {
	struct line *newer, *older;	/* in the list that it is in */
	struct handshakes of;
	struct rolling successes, failures[TLS_REASON_COUNT];	/* of late */
	flow_id flow;			/* that it heard of last */
	size_t key;
	uint8_t name[KEY_MAX];		/* ... in the map */
};

_Static_assert((int)ROLLING_S == (int)HANDSHAKES_RECENT_S, "what is of late is the same for all");

/* A list, the newest first. */
struct lines {
	struct line *newest, *oldest;
};

struct handshake_table {
	struct map *by_name;
	struct map *by_host;		/* whatever the port: the line that failed last, or else one of them */
	struct lines well, failing;	/* without a failure so far; and the others */
	uint32_t numbers;
	uint64_t version;
};

struct handshake_table *
handshake_table_new(void)
{
	struct handshake_table *t = xalloc(sizeof(*t));

	t->by_name = map_new();
	t->by_host = map_new();
	return t;
}

void
handshake_table_free(struct handshake_table *t)
{
	map_free(t->by_host, NULL);
	map_free(t->by_name, free);
	free(t);
}

uint64_t
handshake_version(const struct handshake_table *t)
{
	return t->version;
}

static struct lines *
line_list(struct handshake_table *t, const struct line *l)
{
	return l->of.failures ? &t->failing : &t->well;
}

static void
lines_take(struct lines *in, struct line *l)
{
	*(l->newer ? &l->newer->older : &in->newest) = l->older;
	*(l->older ? &l->older->newer : &in->oldest) = l->newer;
	l->newer = l->older = NULL;
}

static void
lines_put(struct lines *in, struct line *l)
{
	l->older = in->newest;
	*(in->newest ? &in->newest->newer : &in->oldest) = l;
	in->newest = l;
}

static void
text_put(char *to, size_t room, struct bytes text)
{
	if (text.len >= room)
		text.len = room - 1;
	if (text.len)
		memcpy(to, text.at, text.len);
	to[text.len] = 0;
}
#define TEXT_PUT(to, text) text_put(to, sizeof(to), text)

static bool
is_address(const char *host)
{
	uint8_t ip[16];

	return inet_pton(AF_INET, host, ip) == 1 || inet_pton(AF_INET6, host, ip) == 1;
}

/* Where a flow was turned to us it knows an address alone, and the handshake the name. */
static struct bytes
host_of(const struct kept *k, struct bytes sni)
{
	const char *host = k->host ? k->host : "";

	return sni.len && (!*host || is_address(host)) ? sni : bytes_of(host);
}

/* Side, port, host and process, one behind the other; a host has no NUL in it that counts. */
static struct bytes
key_of(enum side side, struct bytes host, uint16_t port, const char *process, uint8_t out[KEY_MAX])
{
	size_t len = strlen(process), host_len = host.len < HOST_KEPT ? host.len : HOST_KEPT;

	len = len < PROCESS_KEPT ? len : PROCESS_KEPT;
	out[0] = (uint8_t)side;
	out[1] = (uint8_t)(port >> 8);
	out[2] = (uint8_t)port;
	if (host_len)
		memcpy(out + 3, host.at, host_len);
	out[3 + host_len] = 0;
	memcpy(out + 4 + host_len, process, len);
	return (struct bytes){ out, 4 + host_len + len };
}

static struct line *
line_find(const struct handshake_table *t, enum side side, struct bytes host, uint16_t port, const char *process)
{
	uint8_t key[KEY_MAX];

	return map_find(t->by_name, key_of(side, host, port, process, key));
}

static struct bytes
host_key(const struct line *l, uint8_t out[KEY_MAX])
{
	return key_of(l->of.side, bytes_of(l->of.host), 0, l->of.process, out);
}

/* At that port, or else at the one that it is likeliest about. */
static struct line *
line_anywhere(const struct handshake_table *t, enum side side, struct bytes host, uint16_t port, const char *process)
{
	struct line *l = line_find(t, side, host, port, process);
	uint8_t key[KEY_MAX];

	return l ? l : map_find(t->by_host, key_of(side, host, 0, process, key));
}

static void
line_forget(struct handshake_table *t, struct line *l)
{
	uint8_t key[KEY_MAX];
	struct bytes host = host_key(l, key);

	lines_take(line_list(t, l), l);
	if (map_find(t->by_host, host) == l)
		map_take(t->by_host, host);
	map_take(t->by_name, (struct bytes){ l->name, l->key });
	free(l);
}

static struct line *
line_new(struct handshake_table *t, enum side side, struct bytes host, uint16_t port, const char *process)
{
	struct line *l = xalloc(sizeof(*l));

	if (map_count(t->by_name) >= HANDSHAKES_MAX)
		line_forget(t, t->well.oldest ? t->well.oldest : t->failing.oldest);
	l->of = (struct handshakes){ .number = ++t->numbers, .side = side, .port = port, .alert = -1 };
	TEXT_PUT(l->of.host, host);
	TEXT_PUT(l->of.process, bytes_of(process));
	l->key = key_of(side, host, port, process, l->name).len;
	(void)map_put(t->by_name, (struct bytes){ l->name, l->key }, l);
	lines_put(&t->well, l);
	return l;
}

static int
number_of(struct bytes digits)
{
	int n = 0;

	if (!digits.len || digits.len > 3)
		return -1;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.at[i] < '0' || digits.at[i] > '9')
			return -1;
		n = n * 10 + digits.at[i] - '0';
	}
	return n;
}

/* What the server showed, of which a session that goes on tells nothing. */
static void
line_showed(struct handshakes *h, flow_id flow, const struct step *s)
{
	int count = number_of(step_find(s, "count"));

	if (h->side != SERVER || !step_find(s, "not_after").len)
		return;
	h->shown_in = flow;
	h->shown = count > 0 ? (uint32_t)count : h->shown ? h->shown : 1;
	TEXT_PUT(h->subject, step_find(s, "subject"));
	TEXT_PUT(h->issuer, step_find(s, "issuer"));
	TEXT_PUT(h->names, step_find(s, "names"));
	TEXT_PUT(h->not_before, step_find(s, "not_before"));
	TEXT_PUT(h->not_after, step_find(s, "not_after"));
}

static void
line_offered(struct handshakes *h, const struct step *s)
{
	if (step_find(s, "alpn_offered").len)
		TEXT_PUT(h->alpn, step_find(s, "alpn_offered"));
	if (step_find(s, "versions_offered").len)
		TEXT_PUT(h->versions, step_find(s, "versions_offered"));
}

static void
line_begun(struct handshakes *h, const struct note *n)
{
	if (h->last_failed && n->when - h->last_failed < HANDSHAKES_SOON_S * (uint64_t)SECOND)
		h->again++;
	else
		h->again = 0;
}

static void
line_succeeded(struct line *l, const struct kept *k, const struct note *n)
{
	struct handshakes *h = &l->of;

	h->successes++;
	h->before += !h->failures;
	h->since += h->failures != 0;
	h->last_succeeded = n->when;
	h->succeeded_in = k->id;
	TEXT_PUT(h->version, step_find(n->step, "version"));
	rolling_add(&l->successes, n->when);
}

/* A refusal may come behind what looked like success: then there was none. */
static void
line_take_back(struct line *l, const struct kept *k)
{
	struct handshakes *h = &l->of;

	if (h->succeeded_in != k->id || !h->successes)
		return;
	h->successes--;
	h->before -= !h->failures && h->before;
	h->since -= h->failures && h->since;
	rolling_take(&l->successes, h->last_succeeded);
	h->succeeded_in = 0;
	h->last_succeeded = h->successes ? h->last_succeeded : 0;
}

static enum alert_by
alert_by_of(struct bytes who)
{
	return bytes_are(who, "client") ? ALERT_BY_CLIENT : bytes_are(who, "server") ? ALERT_BY_SERVER :
		bytes_are(who, "soth") ? ALERT_BY_SOTH : ALERT_BY_NOBODY;
}

static void
line_why(struct handshakes *h, const struct step *s)
{
	h->reason = tls_reason_of(step_find(s, "tls_failure_reason"));
	h->early = bytes_are(step_find(s, "tls_stage"), "hello");
	h->late = bytes_are(step_find(s, "tls_stage"), "after_handshake");
	h->asked = h->side == SERVER && step_find(s, "client_certificate").len;
	h->inferred = bytes_are(step_find(s, "source_confidence"), "inferred");
	h->alert = number_of(step_find(s, "alert"));
	h->alert_by = h->alert < 0 ? ALERT_BY_NOBODY : alert_by_of(step_find(s, "alert_by"));
	TEXT_PUT(h->alert_name, step_find(s, "alert_name"));
	TEXT_PUT(h->raw, step_find(s, "raw_provider_error"));
	TEXT_PUT(h->detail, step_find(s, "detail"));
	TEXT_PUT(h->sni, step_find(s, "sni"));
	TEXT_PUT(h->verify, step_find(s, "verify_status"));
	h->by_reason[h->reason]++;
}

static void
line_failed(struct handshake_table *t, struct line *l, const struct kept *k, const struct note *n)
{
	struct handshakes *h = &l->of;
	uint8_t key[KEY_MAX];

	line_take_back(l, k);
	lines_take(line_list(t, l), l);
	h->failures++;
	lines_put(&t->failing, l);
	h->first_failed = h->first_failed ? h->first_failed : n->when;
	h->last_failed = n->when;
	h->failed_in = k->id;
	h->since = 0;
	h->plain = h->quic = 0;
	line_why(h, n->step);
	rolling_add(&l->failures[h->reason], n->when);
	(void)map_put(t->by_host, host_key(l, key), l);
}

static void
line_heard(struct handshake_table *t, struct line *l, const struct kept *k, const struct note *n)
{
	struct lines *in = line_list(t, l);
	uint8_t key[KEY_MAX];
	struct bytes host = host_key(l, key);

	l->flow = k->id;
	l->of.last = n->when;
	t->version++;
	if (!map_find(t->by_host, host))
		(void)map_put(t->by_host, host, l);
	lines_take(in, l);
	lines_put(in, l);
}

static struct line *
lines_of_flow(const struct lines *in, flow_id flow, enum side side)
{
	struct line *l = in->newest;

	for (size_t looked = 0; l && (l->flow != flow || l->of.side != side); l = l->older)
		if (++looked == LOOKED_AT)
			return NULL;
	return l;
}

/* What was shown is told without a name: of a flow that knows an address alone, it is of the line that heard of it just now. */
static struct line *
line_shown(const struct handshake_table *t, const struct kept *k, enum side side, const char *process)
{
	struct line *l = line_find(t, side, bytes_of(k->host ? k->host : ""), k->port, process);

	if (!l)
		l = lines_of_flow(&t->failing, k->id, side);
	return l ? l : lines_of_flow(&t->well, k->id, side);
}

static void
step_heard(struct handshake_table *t, const struct kept *k, const char *process, const struct note *n)
{
	enum side side = bytes_are(step_find(n->step, "peer"), "upstream") ? SERVER : CLIENT;
	struct bytes host = host_of(k, step_find(n->step, "sni"));
	bool shown = step_kind(n->step) == STEP_CERTIFICATES;
	struct line *l = shown ? line_shown(t, k, side, process) : line_find(t, side, host, k->port, process);

	if (!l && shown)
		return;
	if (!l)
		l = line_new(t, side, host, k->port, process);
	line_offered(&l->of, n->step);
	line_showed(&l->of, k->id, n->step);
	if (step_kind(n->step) == STEP_TLS_STARTED)
		line_begun(&l->of, n);
	else if (step_kind(n->step) == STEP_TLS_ESTABLISHED)
		line_succeeded(l, k, n);
	else if (step_kind(n->step) == STEP_TLS_FAILED)
		line_failed(t, l, k, n);
	line_heard(t, l, k, n);
}

/* QUIC passes unread: what is known of it is the name. */
static void
quic_heard(struct handshake_table *t, const struct kept *k, const char *process, const struct note *n)
{
	struct line *l = line_anywhere(t, CLIENT, host_of(k, step_find(n->step, "sni")), k->port, process);

	if (!l)
		return;
	t->version++;
	l->of.quic_first = l->of.quic_first ? l->of.quic_first : n->when;
	if (!l->of.last_failed || l->of.quic)
		return;
	l->of.quic = n->when;
	l->of.quic_in = k->id;
}

static void
plain_heard(struct handshake_table *t, const struct kept *k, const char *process, const struct note *n)
{
	bool plain = bytes_are(n->origin->scheme, "http");
	struct line *l = plain ? line_anywhere(t, CLIENT, n->origin->host, (uint16_t)n->origin->port, process) : NULL;

	if (!l || !l->of.last_failed || l->of.plain)
		return;
	t->version++;
	l->of.plain = n->when;
	l->of.plain_in = k->id;
}

/* "h3=":443"" and its drafts, "h3-29=":443"". */
static void
answer_heard(struct handshake_table *t, const struct kept *k, const char *process, const struct note *n)
{
	struct bytes services = head_find(n->part.head, "alt-svc");
	struct line *l;

	if (!services.len || !memmem(services.at, services.len, "h3", 2))
		return;
	l = line_find(t, CLIENT, bytes_of(k->host ? k->host : ""), k->port, process);
	if (!l || l->of.alt_svc)
		return;
	l->of.alt_svc = true;
	t->version++;
}

const char *
handshakes_place(const struct handshakes *h, char out[HANDSHAKES_PLACE])
{
	const char *host = *h->host ? h->host : "?";

	if (!h->port || h->port == 443)
		return host;
	snprintf(out, HANDSHAKES_PLACE, strchr(host, ':') ? "[%s]:%u" : "%s:%u", host, h->port);
	return out;
}

bool
handshakes_named(const struct handshakes *h)
{
	const char *p = h->process;

	return *p && !(strpbrk(p, ".:") && p[strspn(p, "0123456789abcdef.:")] == '\0');
}

void
handshake_note(struct handshake_table *t, const struct kept *k, const char *process, const struct note *n)
{
	enum step_kind kind;

	if (n->kind == NOTE_FLOW && t->failing.newest)
		plain_heard(t, k, process, n);
	if (n->kind == NOTE_PART && n->part.kind == PART_HEAD && n->side == SERVER && map_count(t->by_name))
		answer_heard(t, k, process, n);
	if (n->kind != NOTE_STEP)
		return;
	kind = step_kind(n->step);
	if (kind == STEP_TLS_STARTED || kind == STEP_TLS_ESTABLISHED || kind == STEP_TLS_FAILED || kind == STEP_CERTIFICATES)
		step_heard(t, k, process, n);
	else if (kind == STEP_HTTP3_PASSTHROUGH)
		quic_heard(t, k, process, n);
}

static void
line_copy(const struct line *l, uint64_t now, struct handshakes *out)
{
	*out = l->of;
	out->recent_successes = rolling_count(&l->successes, now);
	for (unsigned i = 0; i < TLS_REASON_COUNT; i++)
		out->recent_failures += out->recent_by_reason[i] = rolling_count(&l->failures[i], now);
}

size_t
handshake_lines(const struct handshake_table *t, uint64_t now, struct handshakes *out, size_t count)
{
	size_t n = 0;

	for (const struct line *l = t->failing.newest; l && n < count; l = l->older)
		line_copy(l, now, &out[n++]);
	for (const struct line *l = t->well.newest; l && n < count; l = l->older)
		if (l->of.successes)	/* else it has only begun */
			line_copy(l, now, &out[n++]);
	return n;
}

uint32_t
handshake_of(const struct handshake_table *t, const struct kept *k, const char *process)
{
	struct bytes host = bytes_of(k->host ? k->host : "");
	const struct line *l = k->tls_failed < 0 ? NULL : t->failing.newest;

	while (l && l->of.failed_in != k->id)
		l = l->older;
	if (!l)
		l = line_find(t, k->tls_failed < 0 ? CLIENT : (enum side)k->tls_failed, host, k->port, process);
	return l ? l->of.number : 0;
}
