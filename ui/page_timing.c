/* When each thing happened, and what was said of TLS. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page.h"
#include "soth/decode.h"
#include "words.h"

enum { BAR = 40, EVENTS_MAX = 256 };

struct event { uint64_t when; const char *what; char detail[160]; enum role role; };
struct events { struct event of[EVENTS_MAX]; size_t count; };

static void
event_add(struct events *e, uint64_t when, const char *what, enum role role, struct bytes detail)
{
	struct event *to;

	if (!when || e->count == EVENTS_MAX)
		return;
	to = &e->of[e->count++];
	*to = (struct event){ .when = when, .what = what, .role = role };
	snprintf(to->detail, sizeof(to->detail), "%.*s", (int)detail.len, (const char *)detail.at);
}

static int
event_order(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	return x->when < y->when ? -1 : x->when > y->when;
}

/* What is said of a step beside its name. */
static struct bytes
step_words(const struct step *s)
{
	static const char *const names[] = { "detail", "address", "target", "version", "sni", "host", "action",
		"parse_error_detail", "what", "proxy", "downstream" };
	struct bytes found;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if ((found = step_find(s, names[i])).len)
			return found;
	return found;
}

static void
events_of(const struct flow *f, struct events *e)
{
	static const char *const half[2][2] = { { "request head", "request complete" },
		{ "response head", "response complete" } };

	event_add(e, f->begun, "flow began", ROLE_FAINT, LIT(""));
	for (size_t i = 0; i < f->moments; i++) {
		const struct step *s = f->moment[i].step;
		bool bad = s && (step_kind(s) == STEP_TLS_FAILED || step_kind(s) == STEP_CONNECT_FAILED ||
			step_kind(s) == STEP_PARSE_FAILED);
		char what[16];

		if (!s)
			snprintf(what, sizeof(what), "%u", head_status(f->moment[i].interim));
		event_add(e, f->moment[i].when, s ? step_event(step_kind(s)) : "interim response",
			bad ? ROLE_BAD : ROLE_TEXT, s ? step_words(s) : bytes_of(what));
	}
	for (int side = CLIENT; side <= SERVER; side++) {
		event_add(e, f->half[side].begun, half[side][0], ROLE_TEXT, LIT(""));
		event_add(e, f->half[side].ended, half[side][1], ROLE_TEXT, LIT(""));
	}
	event_add(e, f->ended, "flow over", ROLE_FAINT, bytes_of(close_name(f->close)));
	qsort(e->of, e->count, sizeof(*e->of), event_order);
}

/* From `from` to `to` of a flow that took `all`, as a bar on its own scale. */
static void
timing_bar(struct doc *to, const char *name, enum role role, uint64_t begun, uint64_t all, uint64_t from, uint64_t till)
{
	char text[WORDS_MAX];
	unsigned start, cells;

	if (!from || !till || till < from || from < begun)
		return;
	start = all ? (unsigned)((from - begun) * BAR / all) : 0;
	cells = all ? (unsigned)((till - from) * BAR / all) : 0;
	doc_putf(to, ROLE_KEY, "%-12s", name);
	doc_putf(to, ROLE_NUMBER, "%8s  ", words_time(till - from, text));
	doc_putf(to, ROLE_TEXT, "%*s", (int)start, "");
	for (unsigned i = 0; i < (cells ? cells : 1) && start + i <= BAR; i++)
		doc_putf(to, role, cells ? "█" : "▏");
	doc_line(to);
}

static uint64_t
moment_of(const struct flow *f, enum step_kind kind, const char *peer)
{
	for (size_t i = 0; i < f->moments; i++) {
		const struct step *s = f->moment[i].step;

		if (s && step_kind(s) == kind && (!peer || bytes_are(step_find(s, "peer"), peer)))
			return f->moment[i].when;
	}
	return 0;
}

void
page_timing(const struct page *p, struct doc *to)
{
	const struct flow *f = p->flow;
	uint64_t end = f->ended ? f->ended : p->desk->now, all = end > f->begun ? end - f->begun : 0;
	const struct half *request = &f->half[CLIENT], *response = &f->half[SERVER];
	struct events *e = xalloc(sizeof(*e));
	char text[WORDS_MAX];

	timing_bar(to, "connect", ROLE_WORD, f->begun, all, moment_of(f, STEP_DIALING, NULL), moment_of(f, STEP_CONNECTED, NULL));
	timing_bar(to, "TLS, server", ROLE_STRING, f->begun, all, moment_of(f, STEP_TLS_STARTED, "upstream"),
		moment_of(f, STEP_TLS_ESTABLISHED, "upstream"));
	timing_bar(to, "TLS, client", ROLE_STRING, f->begun, all, moment_of(f, STEP_TLS_STARTED, "downstream"),
		moment_of(f, STEP_TLS_ESTABLISHED, "downstream"));
	timing_bar(to, "request", ROLE_KEY, f->begun, all, request->begun, request->ended);
	timing_bar(to, "waiting", ROLE_MARK, f->begun, all, request->ended, response->begun);
	timing_bar(to, "response", ROLE_GOOD, f->begun, all, response->begun, response->ended ? response->ended : end);
	events_of(f, e);
	if (doc_lines(to))
		doc_line(to);
	for (size_t i = 0; i < e->count; i++) {
		const struct event *v = &e->of[i];

		doc_putf(to, ROLE_FAINT, "%s ", words_clock(v->when, true, text));
		doc_putf(to, ROLE_NUMBER, "%+9.3f ms  ", (double)(int64_t)(v->when - f->begun) / 1000);
		doc_putf(to, v->role, "%-24s ", v->what);
		doc_put(to, ROLE_FAINT, bytes_of(v->detail));
		doc_line(to);
	}
	free(e);
}

static const char *
tls_heading(const struct step *s)
{
	bool server = bytes_are(step_find(s, "peer"), "upstream");

	switch (step_kind(s)) {
	case STEP_TLS_STARTED:
		return server ? "Server side: handshake begun" : "Client side: handshake begun";
	case STEP_TLS_ESTABLISHED:
		return server ? "Server side: established" : "Client side: established";
	case STEP_TLS_FAILED:
		return server ? "Server side: failed" : "Client side: failed";
	case STEP_TLS_ASKED:
		return "Server side: asked for a certificate within the session";
	default:
		return NULL;
	}
}

/* The event log's names, as short as they are wide here. */
static const char *
tls_label(struct bytes name, char room[64])
{
	static const struct { const char *name, *label; } labels[] = {
		{ "tls_failure_reason", "reason" }, { "raw_provider_error", "raw error" },
		{ "tls_ops_provider", "provider" }, { "source_confidence", "confidence" }, { "tls_stage", "stage" },
		{ "verify_status", "verdict" }, { "alert_name", "alert name" }, { "alert_by", "alert by" },
		{ "alpn_offered", "alpn offered" }, { "versions_offered", "versions" }, { "negotiated_alpn", "alpn" },
		{ "upstream_ocsp_staple_present", "staple" }, { "upstream_ocsp_staple_status", "staple status" },
		{ "revocation_policy_mode", "revocation" }, { "revocation_decision", "signal" },
		{ "not_before", "from" }, { "not_after", "until" },
		{ "client_certificate", "client cert" }, { "shown_certificate", "cert shown" },
	};

	for (size_t i = 0; i < ARRAY_LEN(labels); i++)
		if (bytes_are(name, labels[i].name))
			return labels[i].label;
	snprintf(room, 64, "%.*s", (int)(name.len < 64 ? name.len : 63), name.at ? (const char *)name.at : "");
	return room;
}

/* What the peer showed, its own certificate first. */
static void
tls_chain(const struct page *p, const struct step *s, struct doc *to)
{
	const char *peer = bytes_are(step_find(s, "peer"), "upstream") ? "Server" : "Client";
	struct bytes count = step_find(s, "count");
	char heading[80];
	unsigned shown = 0;

	for (size_t k = 0; k < step_count(s); k++) {
		struct field v = step_value(s, k);
		struct decode *d;

		if (!bytes_are(v.name, "certificate"))
			continue;
		snprintf(heading, sizeof(heading), "%s side: certificate %u of %.*s", peer, ++shown,
			(int)(count.len < 8 ? count.len : 8), count.at ? (const char *)count.at : "");
		page_heading(to, heading);
		doc_in(to);
		d = decode_new(p->desk->decoders, NULL, &(struct hint){ .type = LIT("application/pkix-cert") }, to);
		decode_feed(d, v.value);
		decode_end(d);
		decode_free(d);
		doc_out(to);
	}
}

void
page_tls(const struct page *p, struct doc *to)
{
	const struct flow *f = p->flow;

	for (size_t i = 0; i < f->moments; i++) {
		const struct step *s = f->moment[i].step;
		const char *heading = s ? tls_heading(s) : NULL;
		char name[64];

		if (s && step_kind(s) == STEP_CERTIFICATES)
			tls_chain(p, s, to);
		if (!heading)
			continue;
		page_heading(to, heading);
		doc_in(to);
		for (size_t k = 0; k < step_count(s); k++) {
			struct field v = step_value(s, k);

			page_pair(to, tls_label(v.name, name), step_kind(s) == STEP_TLS_FAILED ? ROLE_ERROR : ROLE_TEXT, v.value);
		}
		doc_out(to);
	}
	if (doc_lines(to))
		return;
	if (f->origin && f->origin->opened_by && f->origin->opened_by != f->id)
		doc_putf(to, ROLE_FAINT, "The handshakes of this connection are told by flow %llu, which opened it.",
			(unsigned long long)f->origin->opened_by);
	else
		doc_putf(to, ROLE_FAINT, "No TLS: this was sent in the clear.");
	doc_line(to);
}
