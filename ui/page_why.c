/* Why TLS failed, what shows it, what came then, and what helps. */
#include <stdio.h>
#include <string.h>

#include "casebook.h"
#include "glyph.h"
#include "page.h"
#include "page_why.h"
#include "remedies.h"
#include "trusting.h"
#include "words.h"

enum { INDENT = 3, COLUMNS_LEAST = 30 };

/* So much of a text that no word is cut in two, where that can be. */
static size_t
words_fit(const char *text, unsigned columns)
{
	size_t len = glyph_fit(bytes_of(text), columns), end = len;

	while (text[len] && end && text[end] != ' ')
		end--;
	return end ? end : len ? len : 1;
}

/* A sentence on as many lines as it takes, each begun with so many spaces. */
static void
put_words(const struct why_page *p, struct doc *to, enum role role, unsigned indent, const char *text)
{
	unsigned most = p->columns > indent + COLUMNS_LEAST ? p->columns - indent - 1 : COLUMNS_LEAST;

	while (*text) {
		size_t end = words_fit(text, most);

		doc_putf(to, ROLE_TEXT, "%*s", (int)indent, "");
		doc_put(to, role, (struct bytes){ (const uint8_t *)text, end });
		doc_line(to);
		text += end + strspn(text + end, " ");
	}
}

static void
put_key(const struct why_page *p, const struct remedy_key *r, struct doc *to)
{
	const struct handshakes *h = p->story->line;
	const char *process = remedy_process(h);
	bool alone = casebook_alone(p->desk->casebook), ours, holds;
	char words[40], host[REMEDY_HOST];

	ours = remedy_there(r, p->desk, h, alone && *process ? process : "", host, words);
	holds = ours || remedy_holds(r, p->desk, h, words);
	doc_putf(to, ROLE_TEXT, "%*s", INDENT, "");
	doc_putf(to, ROLE_KEYCAP, "%c", r->key);
	doc_putf(to, holds ? ROLE_EDITED : ROLE_TEXT, "  %s", r->about);
	if (holds)
		doc_putf(to, ROLE_GOOD, "  holds%s%s%s", *words ? ", " : "", words, *words ? " left" : "");
	if (ours)
		doc_putf(to, ROLE_GOOD, ": %c takes it back", r->key);
	else if (holds)
		doc_putf(to, ROLE_GOOD, alone ? " for all: see P" : " for it alone: see P");
	doc_line(to);
}

/* Whom the keys are about. */
static void
put_whom(const struct why_page *p, struct doc *to)
{
	const char *process = remedy_process(p->story->line);
	bool alone = casebook_alone(p->desk->casebook);

	if (!alone && !*process)
		return;
	doc_putf(to, ROLE_TEXT, "%*s", INDENT, "");
	doc_putf(to, ROLE_KEYCAP, "P");
	if (!alone)
		doc_putf(to, ROLE_TEXT, "  do it for %s alone: these keys are about all processes", process);
	else if (*process)
		doc_putf(to, ROLE_EDITED, "  do it for all processes: these keys are about %s alone", process);
	else
		doc_putf(to, ROLE_WARN, "  do it for all processes: which one this is is not known");
	doc_line(to);
}

static void
put_remedy(const struct why_page *p, enum remedy remedy, struct doc *to)
{
	const struct remedy_key *r = remedy_of(remedy);

	if (r) {
		put_key(p, r, to);
	} else if (*remedy_words(remedy)) {
		doc_putf(to, ROLE_TEXT, "%*s", INDENT, "");
		doc_putf(to, ROLE_FAINT, "–  %s", remedy_words(remedy));
		doc_line(to);
	}
}

static void
put_explanation(const struct why_page *p, const struct explanation *e, struct doc *to)
{
	doc_putf(to, e->score >= 55 ? ROLE_BAD : ROLE_WARN, "%s", e->title);
	doc_putf(to, ROLE_FAINT, "  %s", sure_word(e->sure));
	doc_line(to);
	put_words(p, to, ROLE_TEXT, INDENT, e->words);
	for (size_t i = 0; i < e->evidences; i++) {
		char text[200];

		snprintf(text, sizeof(text), "· %s", e->evidence[i]);
		put_words(p, to, ROLE_FAINT, INDENT, text);
	}
}

/* Remedies of all explanations, the best first, each once. */
static void
put_remedies(const struct why_page *p, const struct explanation *e, size_t count, struct doc *to)
{
	bool told[REMEDY_COUNT] = { false };

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < REMEDIES_MAX && e[i].remedy[k] != REMEDY_NONE; k++) {
			if (!told[e[i].remedy[k]])
				put_remedy(p, e[i].remedy[k], to);
			told[e[i].remedy[k]] = true;
		}
	for (const struct remedy_key *r = remedies; r->name; r++) {
		char words[40];

		if ((r->remedy == REMEDY_NONE || !told[r->remedy]) && remedy_holds(r, p->desk, p->story->line, words))
			put_key(p, r, to);
	}
	put_whom(p, to);
}

static bool
helps(const struct explanation *e, enum remedy remedy)
{
	for (size_t i = 0; i < REMEDIES_MAX; i++)
		if (e->remedy[i] == remedy)
			return true;
	return false;
}

/* The likeliest in full with what helps, then the others. True: to trust soth is what helps best. */
static bool
put_explanations(const struct why_page *p, struct doc *to)
{
	struct explanation e[EXPLANATIONS_MAX];
	size_t count = explain(p->story, e);

	if (!count)
		return false;
	put_explanation(p, &e[0], to);
	put_remedies(p, e, count, to);
	if (count > 1)
		page_heading(to, "It may also be");
	for (size_t i = 1; i < count; i++)
		put_explanation(p, &e[i], to);
	return helps(&e[0], REMEDY_TRUST);
}

static void
put_next(const struct why_page *p, struct doc *to)
{
	struct next n[NEXTS_MAX];
	size_t count = explain_next(p->story, n);

	if (!count)
		return;
	page_heading(to, "What the client did then");
	for (size_t i = 0; i < count; i++) {
		doc_putf(to, ROLE_TEXT, "%*s", INDENT, "");
		doc_putf(to, n[i].well ? ROLE_WORD : ROLE_TEXT, "%s", n[i].words);
		if (n[i].flow)
			doc_putf(to, ROLE_FAINT, "  flow %llu", (unsigned long long)n[i].flow);
		doc_line(to);
	}
}

static const char *const alert_ways[][2] = {
	[ALERT_BY_NOBODY] = { "", "" }, [ALERT_BY_CLIENT] = { "client → soth", "client → soth" },
	[ALERT_BY_SERVER] = { "server → soth", "server → soth" }, [ALERT_BY_SOTH] = { "soth → client", "soth → server" },
};

void
why_pair(const struct why_page *p, struct doc *to, const char *name, enum role role, const char *value)
{
	unsigned most = p->columns > PAGE_NAME_COLUMNS + COLUMNS_LEAST ? p->columns - PAGE_NAME_COLUMNS - 3 : COLUMNS_LEAST;

	while (*value) {
		size_t len = words_fit(value, most);

		page_pair(to, name, role, (struct bytes){ (const uint8_t *)value, len });
		value += len + strspn(value + len, " ");
		name = "";
	}
}

static void
put_count(const struct why_page *p, struct doc *to, const char *name, uint32_t failures, uint32_t successes,
	const uint32_t by_reason[TLS_REASON_COUNT])
{
	char reasons[160], text[240];

	tls_reasons_words(by_reason, reasons, sizeof(reasons));
	snprintf(text, sizeof(text), "%u failed, %u went well%s%s", failures, successes, *reasons ? ": " : "", reasons);
	why_pair(p, to, name, ROLE_NUMBER, text);
}

static void
put_counts(const struct why_page *p, const struct handshakes *h, struct doc *to)
{
	put_count(p, to, "Counts", h->failures, h->successes, h->by_reason);
	put_count(p, to, "In 5 minutes", h->recent_failures, h->recent_successes, h->recent_by_reason);
}

/* What its flow has of it and the line has not. */
static void
put_step(const struct why_page *p, struct doc *to)
{
	static const char *const names[][2] = {
		{ "cipher", "Cipher" }, { "group", "Group" }, { "ja3", "JA3" }, { "ja4", "JA4" }, { "ja3s", "JA3S" },
		{ "upstream_ocsp_staple_status", "OCSP staple" },
	};
	const char *peer = p->story->line->side == CLIENT ? "downstream" : "upstream";

	for (size_t k = 0; p->flow && k < ARRAY_LEN(names); k++) {
		struct bytes value = { 0 };

		for (size_t i = 0; i < p->flow->moments; i++) {
			const struct step *s = p->flow->moment[i].step;

			if (s && bytes_are(step_find(s, "peer"), peer) && step_find(s, names[k][0]).len)
				value = step_find(s, names[k][0]);
		}
		page_pair(to, names[k][1], ROLE_TEXT, value);
	}
}

static void
put_evidence(const struct why_page *p, struct doc *to)
{
	const struct handshakes *h = p->story->line;
	flow_id flow = h->failures ? h->failed_in : h->succeeded_in;
	char text[WORDS_MAX];

	page_heading(to, h->failures ? "What is known of the last failure" : "What is known of it");
	if (h->failures) {
		page_pairf(to, "Reason", ROLE_ERROR, "%s, %s", tls_reason_name(h->reason), h->inferred ? "inferred: nobody said so" :
			"authoritative");
		why_pair(p, to, "Said", ROLE_TEXT, h->detail);
		if (h->alert >= 0)
			page_pairf(to, "Alert", ROLE_TEXT, "%d %s, %s", h->alert, h->alert_name, alert_ways[h->alert_by][h->side]);
		why_pair(p, to, "GnuTLS", ROLE_TEXT, h->raw);
		page_pair(to, "Verification", ROLE_TEXT, bytes_of(h->verify));
	}
	page_pair(to, "Name asked for", ROLE_TEXT, bytes_of(h->sni));
	page_pair(to, "ALPN offered", ROLE_TEXT, bytes_of(h->alpn));
	page_pair(to, "TLS offered", ROLE_TEXT, bytes_of(h->versions));
	page_pair(to, "TLS agreed on", ROLE_TEXT, bytes_of(h->version));
	put_step(p, to);
	put_counts(p, h, to);
	if (h->last_failed && h->last_succeeded)
		page_pairf(to, "Went well last", ROLE_TEXT, "%s", words_clock(h->last_succeeded, false, text));
	if (flow)
		page_pairf(to, "Flow", ROLE_TEXT, "%llu, at %s%s", (unsigned long long)flow,
			words_clock(h->failures ? h->last_failed : h->last_succeeded, true, text), p->flow ? "" : ", which is gone");
}

bool
why_copy(struct desk *d, const struct handshakes *h, struct fault *why)
{
	const struct guide *g = trusting_of(h->process);
	struct guide_line line;

	if (!d->ca_path || !*d->ca_path || !trusting_command(g ? g : guide_at(0), d->ca_path, &line))
		return fault(why, "nothing to copy: `soth ca` says how a program trusts soth");
	return desk_copy(d, bytes_of(line.text), why);
}

static void
put_guide(const struct why_page *p, const struct guide *g, struct doc *to)
{
	const char *at = g->steps, *name = g->system;
	struct guide_line line;

	while (guide_next(&at, p->desk->ca_path, "HASH.0", &line)) {
		why_pair(p, to, name, ROLE_TEXT, line.text);
		name = "";
	}
}

/* For its program alone, where that is known; else for all there is. */
static void
put_guides(const struct why_page *p, struct doc *to)
{
	const struct guide *only = trusting_of(p->story->line->process), *g;

	page_heading(to, "How a program trusts soth");
	if (!p->desk->ca_path || !*p->desk->ca_path) {
		doc_putf(to, ROLE_FAINT, "`soth ca` says it for each.");
	} else {
		for (size_t i = 0; (g = guide_at(i)); i++)
			if (!only || g == only)
				put_guide(p, g, to);
		doc_putf(to, ROLE_FAINT, only ? "y copies the command; `soth ca doctor` says which programs of this machine trust soth." :
			"y copies the first command; `soth ca doctor` says which programs of this machine trust soth.");
	}
	doc_line(to);
}

void
page_why(const struct why_page *p, struct doc *to)
{
	bool trust, known = trusting_of(p->story->line->process);

	if (!p->story->line->failures) {
		doc_putf(to, ROLE_GOOD, "All went well.");
		doc_line(to);
		put_remedies(p, NULL, 0, to);
	}
	trust = put_explanations(p, to);
	put_next(p, to);
	if (trust && known)	/* else there are many, and they come last */
		put_guides(p, to);
	page_chain(p, to);
	put_evidence(p, to);
	if (trust && !known)
		put_guides(p, to);
}
