/* What was spoken in a flow, for its overview. */
#include <stdio.h>
#include <string.h>

#include "badge.h"
#include "codes.h"
#include "page.h"
#include "soth/buf.h"
#include "soth/percent.h"
#include "words.h"

enum { FAULTS_SHOWN = 5, MESSAGE_MAX = 4096 };

static const char *const abouts[PROTOCOL_COUNT] = {
#define PROTOCOL_ABOUT(name, text, about) [PROTOCOL_##name] = about,
	PROTOCOLS(PROTOCOL_ABOUT)
};

static const char *const versions[] = { "HTTP/1.0", "HTTP/1.1", "HTTP/2" };

static const struct step *
step_of(const struct flow *f, enum step_kind kind)
{
	for (size_t i = f->moments; i--;)
		if (f->moment[i].step && step_kind(f->moment[i].step) == kind)
			return f->moment[i].step;
	return NULL;
}

/* "HTTP/2, stream 5" */
static void
page_side(const struct flow *f, enum side side, const char *name, struct doc *to)
{
	const struct half *h = &f->half[side];

	if (h->head && h->stream)
		page_pairf(to, name, ROLE_TEXT, "%s, stream %u", versions[head_version(h->head)], h->stream);
	else if (h->head)
		page_pairf(to, name, ROLE_TEXT, "%s", versions[head_version(h->head)]);
}

static unsigned
number_of(struct bytes s)
{
	unsigned n = 0;

	for (size_t i = 0; i < s.len && i < 6; i++)
		n = s.at[i] >= '0' && s.at[i] <= '9' ? n * 10 + s.at[i] - '0' : n;
	return n;
}

static void
page_grpc(const struct flow *f, struct doc *to)
{
	const struct half *h = &f->half[SERVER];
	const struct head *from = h->trailer && head_has(h->trailer, "grpc-status") ? h->trailer : h->head;
	const struct code *c;
	struct bytes status;
	struct buf words;

	if (!from || !head_has(from, "grpc-status"))
		return;
	status = head_find(from, "grpc-status");
	c = code_grpc(number_of(status));
	page_pairf(to, "gRPC status", c->role, "%.*s %s", (int)status.len, (const char *)status.at, c->name);
	buf_init(&words, MESSAGE_MAX);
	(void)!percent_decode(head_find(from, "grpc-message"), false, &words);	/* as much as there is room for */
	page_pair(to, "gRPC message", c->role, buf_bytes(&words));
	buf_release(&words);
}

static void
page_close(struct bytes b, enum side side, struct doc *to)
{
	unsigned number = b.len >= 2 ? (unsigned)(b.at[0] << 8 | b.at[1]) : 1005;
	const struct code *c = code_close(number);

	page_pairf(to, side == CLIENT ? "Client closed" : "Server closed", c->role, "%u %s%s%.*s", number, c->name,
		b.len > 2 ? ": " : "", b.len > 2 ? (int)b.len - 2 : 0, (const char *)b.at + (b.len > 2 ? 2 : 0));
}

/* What a WebSocket's sides said last, and the rules that were broken. */
static void
page_last(const struct half *h, enum side side, struct doc *to)
{
	if (h->closed)
		page_close(h->farewell.bytes, side, to);
	for (size_t i = 0; i < h->faults && i < FAULTS_SHOWN; i++)
		page_pair(to, side == CLIENT ? "Client broke" : "Server broke", ROLE_ERROR, h->fault[i].bytes);
	if (h->faults > FAULTS_SHOWN)
		page_pairf(to, "", ROLE_FAINT, "and %zu times more", h->faults - FAULTS_SHOWN);
}

static void
page_messages(const struct flow *f, struct doc *to)
{
	char up[WORDS_MAX], down[WORDS_MAX];

	if (f->half[CLIENT].messages || f->half[SERVER].messages)
		page_pairf(to, "Messages", ROLE_NUMBER, "↑ %s  ↓ %s", words_count(f->half[CLIENT].messages, up),
			words_count(f->half[SERVER].messages, down));
}

static void
page_value(const struct step *s, const char *value, const char *label, struct doc *to)
{
	page_pair(to, label, ROLE_TEXT, step_find(s, value));
}

static void
page_unread(const struct flow *f, struct doc *to)
{
	const struct step *s = step_of(f, STEP_HTTP3_PASSTHROUGH);

	if (!s)
		return;
	page_pairf(to, "Passed on", ROLE_TUNNEL, "%s passes through unread: http3-passthrough=no keeps clients from it",
		protocol_title(flow_protocol(f)));
	page_value(s, "sni", "Server name", to);
	page_value(s, "alpn", "ALPN", to);
	page_value(s, "version", "QUIC version", to);
}

/* What policy said of the connection at last, unless that is what it says of all. */
static void
page_policy(const struct flow *f, struct doc *to)
{
	const struct step *s = step_of(f, STEP_DECIDED);
	struct bytes reason = s ? step_find(s, "reason") : LIT(""), rule = s ? step_find(s, "override_rule_id") : LIT("");
	struct bytes pattern = s ? step_find(s, "override_host_pattern") : LIT(""), action = s ? step_find(s, "action") : LIT("");

	if (!s || bytes_are(reason, "default_intercept"))
		return;
	page_name(to, "Policy");
	doc_put(to, bytes_are(action, "block") ? ROLE_BAD : ROLE_TUNNEL, action);
	doc_putf(to, ROLE_TEXT, ", because of ");
	doc_put(to, ROLE_STRING, rule.len ? rule : reason);
	doc_putf(to, ROLE_FAINT, "  ");
	doc_put(to, ROLE_FAINT, rule.len ? reason : LIT(""));
	doc_putf(to, ROLE_FAINT, pattern.len ? "  " : "");
	doc_put(to, ROLE_FAINT, pattern);
	doc_line(to);
}

/* What the hellos of a tunnel said. */
static void
page_peeked(const struct flow *f, struct doc *to)
{
	for (size_t i = 0; i < f->moments; i++) {
		const struct step *s = f->moment[i].step;

		if (!s || step_kind(s) != STEP_PEEKED)
			continue;
		page_value(s, "sni", "Server name", to);
		page_value(s, "alpn_offered", "ALPN offered", to);
		page_value(s, "versions_offered", "TLS offered", to);
		page_value(s, "ja4", "JA4", to);
		page_value(s, "version", "TLS agreed", to);
		page_value(s, "cipher", "Cipher suite", to);
		page_value(s, "negotiated_alpn", "ALPN agreed", to);
	}
}

/* Steps that say what soth did by itself; `line`: how a person calls that. */
static const struct { enum step_kind kind; const char *line; enum role role; } told[] = {
	{ STEP_SWITCHED, "Switch", ROLE_WARN }, { STEP_PARENT, "Parent proxy", ROLE_TEXT },
	{ STEP_REPLAYED, "Replay of flow", ROLE_TEXT }, { STEP_ANSWERED, "Recording", ROLE_TEXT },
	{ STEP_ONBOARDING, "Answered", ROLE_TEXT }, { STEP_LEARNING, "Learning", ROLE_TUNNEL },
};

/* Composed, or out of a file: there is no flow that it is of. */
static bool
is_of_none(const struct step *s)
{
	return step_kind(s) == STEP_REPLAYED && bytes_are(step_find(s, "of"), "0");
}

/* "name=value: what it did", of every switch that did something, and the like. */
static void
page_steps(const struct flow *f, struct doc *to)
{
	for (size_t i = 0; i < f->moments; i++) {
		const struct step *s = f->moment[i].step;
		struct buf words;
		size_t t = 0;

		while (t < ARRAY_LEN(told) && (!s || step_kind(s) != told[t].kind))
			t++;
		if (t == ARRAY_LEN(told))
			continue;
		if (is_of_none(s)) {
			page_pair(to, "Sent by", ROLE_TEXT, LIT("soth, and no replay of a flow"));
			continue;
		}
		buf_init(&words, STEP_TEXT_MAX);
		for (size_t k = 0; k < step_count(s); k++) {
			struct bytes value = step_value(s, k).value;

			if (value.len && words.len && !buf_add(&words, k == 1 && step_kind(s) == STEP_SWITCHED ? LIT("=") : LIT(", ")))
				break;
			if (!buf_add(&words, value))
				break;
		}
		page_pair(to, told[t].line, told[t].role, buf_bytes(&words));
		buf_release(&words);
	}
}

void
page_protocol(const struct page *p, struct doc *to)
{
	const struct flow *f = p->flow;
	enum protocol protocol = flow_protocol(f);

	page_grpc(f, to);
	page_last(&f->half[CLIENT], CLIENT, to);
	page_last(&f->half[SERVER], SERVER, to);
	page_heading(to, "Protocol");
	page_name(to, "Spoken");
	doc_putf(to, ROLE_TEXT, "%s", protocol_title(protocol));
	doc_putf(to, ROLE_FAINT, "  %s", abouts[protocol]);
	doc_line(to);
	page_side(f, CLIENT, "With client", to);
	page_side(f, SERVER, "With server", to);
	page_messages(f, to);
	page_policy(f, to);
	page_peeked(f, to);
	page_unread(f, to);
	page_steps(f, to);
}
