/* What came of TLS: a line for each host, port, process and side, failures first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "casebook.h"
#include "cell.h"
#include "desk.h"
#include "layout.h"
#include "page_why.h"
#include "regex.h"
#include "remedies.h"
#include "words.h"

enum { PROCESS = 15, SIDE = 7, REASON = 16, WHY = 15, COUNT = 7, LAST = 9, HOLDS = 16, PROCESS_FROM = 60, REASON_FROM = 100, HOLDS_FROM = 120, SURE = 15, VERSION = 8, SURE_FROM = 140,
	FILTER_MAX = 1500 };

struct tls_view {
	struct desk *desk;
	unsigned columns;
};

static void
tls_open(void *st, struct desk *desk)
{
	struct tls_view *t = st;

	t->desk = desk;
	if (!desk->casebook)
		desk->casebook = casebook_new(desk);
}

static bool
tls_refresh(void *st, unsigned columns)
{
	struct tls_view *t = st;

	t->columns = columns;
	return casebook_refresh(t->desk->casebook);
}

static bool
tls_follows(void *st)
{
	(void)st;
	return false;
}

static size_t
tls_lines(void *st)
{
	struct tls_view *t = st;
	size_t lines = casebook_lines(t->desk->casebook);

	return lines ? lines : 1;
}

static size_t
tls_where(void *st, flow_id id)
{
	struct tls_view *t = st;

	return IS_CASEBOOK_LINE(id) ? casebook_find(t->desk->casebook, (uint32_t)id) : SIZE_MAX;
}

static unsigned
tls_hosts(const struct tls_view *t)
{
	unsigned used = 3 + SIDE + WHY + (t->columns >= PROCESS_FROM ? PROCESS + 2 * COUNT + LAST : 0) + (t->columns >= REASON_FROM ? REASON : 0) +
		(t->columns >= HOLDS_FROM ? HOLDS + 2 : 0) + (t->columns >= SURE_FROM ? SURE + VERSION : 0);

	return t->columns > used + 12 ? t->columns - used : 12;
}

/* "3/12": failures of all. */
static void
put_count(struct line *out, enum role role, uint32_t failures, uint32_t successes)
{
	char text[32] = "";

	if (failures && successes)
		snprintf(text, sizeof(text), "%u/%u", failures, failures + successes);
	else if (failures + successes)
		snprintf(text, sizeof(text), "%u", failures + successes);
	cell_right(out, role, bytes_of(text), COUNT);
}

static void
tls_sure(const struct handshakes *h, struct line *out)
{
	cell_put(out, ROLE_FAINT, bytes_of(!h->failures ? "" : h->inferred ? "inferred" : "authoritative"), SURE, CUT_END);
	cell_put(out, ROLE_FAINT, bytes_of(h->version), VERSION, CUT_END);
}

static void
tls_one(const struct tls_view *t, size_t i, struct line *out)
{
	const struct handshakes *h = casebook_line(t->desk->casebook, i);
	enum role role = !h->failures ? ROLE_GOOD : h->since ? ROLE_WARN : ROLE_BAD;
	char text[WORDS_MAX], holds[80], place[HANDSHAKES_PLACE];

	remedies_hold(t->desk, h, holds);
	out->flow = CASEBOOK_LINE(h->number);
	line_putf(out, *holds ? ROLE_EDITED : role, " %s ", *holds ? "✓" : h->failures ? "⚠" : " ");
	cell_put(out, ROLE_HOST, bytes_of(handshakes_place(h, place)), tls_hosts(t) - 1, CUT_START);
	line_putf(out, ROLE_TEXT, " ");
	if (t->columns >= PROCESS_FROM) {
		cell_put(out, ROLE_TEXT, bytes_of(h->process), PROCESS - 1, CUT_END);
		line_putf(out, ROLE_TEXT, " ");
	}
	cell_put(out, ROLE_FAINT, bytes_of(h->side == CLIENT ? "client" : "server"), SIDE, CUT_END);
	if (t->columns >= REASON_FROM)
		cell_put(out, role, bytes_of(h->failures ? tls_reason_name(h->reason) : "–"), REASON, CUT_END);
	if (t->columns >= SURE_FROM)
		tls_sure(h, out);
	cell_put(out, h->failures ? role : ROLE_FAINT, bytes_of(h->failures ? casebook_why(t->desk->casebook, i) :
		t->columns >= SURE_FROM ? "" : h->version), WHY, CUT_END);
	if (t->columns < PROCESS_FROM)
		return;
	put_count(out, h->recent_failures ? role : ROLE_FAINT, h->recent_failures, h->recent_successes);
	put_count(out, ROLE_NUMBER, h->failures, h->successes);
	cell_right(out, ROLE_FAINT, bytes_of(words_clock(h->last, false, text)), LAST);
	if (t->columns < HOLDS_FROM)
		return;
	line_putf(out, ROLE_TEXT, "  ");
	cell_put(out, ROLE_EDITED, bytes_of(holds), HOLDS, CUT_END);
}

static void
tls_line(void *st, size_t i, struct line *out)
{
	struct tls_view *t = st;

	out->single = true;
	if (i < casebook_lines(t->desk->casebook))
		tls_one(t, i, out);
	else
		line_putf(out, ROLE_FAINT, " There was no handshake of TLS yet.");
}

/* Of all of them. */
static void
title_recent(const struct casebook *c, struct line *out)
{
	uint32_t recent[TLS_REASON_COUNT] = { 0 };
	char text[160];

	for (size_t i = 0; i < casebook_lines(c); i++)
		for (unsigned k = 0; k < TLS_REASON_COUNT; k++)
			recent[k] += casebook_line(c, i)->recent_by_reason[k];
	tls_reasons_words(recent, text, sizeof(text));
	if (*text)
		line_putf(out, ROLE_FAINT, "  in 5 min: %s", text);
}

static void
tls_title(void *st, struct line *out, unsigned columns)
{
	struct tls_view *t = st;
	const struct casebook *c = t->desk->casebook;
	size_t failing = 0;

	for (size_t i = 0; i < casebook_lines(c); i++)
		failing += casebook_line(c, i)->failures && !casebook_line(c, i)->since;
	line_putf(out, ROLE_TITLE, "TLS");
	if (!casebook_lines(c))
		return;
	line_putf(out, failing ? ROLE_BAD : ROLE_FAINT, failing ? "  %zu failing" : "  none failing", failing);
	line_putf(out, ROLE_FAINT, " of %zu", casebook_lines(c));
	if (casebook_lines(c) == HANDSHAKES_MAX)
		line_putf(out, ROLE_FAINT, ", of more there were the latest");
	if (columns >= REASON_FROM)
		title_recent(c, out);
}

static void
tls_header(void *st, struct line *out)
{
	struct tls_view *t = st;

	line_putf(out, ROLE_HEADER, "   %-*s", (int)tls_hosts(t), "HOST");
	if (t->columns >= PROCESS_FROM)
		line_putf(out, ROLE_HEADER, "%-*s", PROCESS, "PROCESS");
	line_putf(out, ROLE_HEADER, "%-*s", SIDE, "WITH");
	if (t->columns >= REASON_FROM)
		line_putf(out, ROLE_HEADER, "%-*s", REASON, "REASON");
	if (t->columns >= SURE_FROM)
		line_putf(out, ROLE_HEADER, "%-*s%-*s", SURE, "CONFIDENCE", VERSION, "TLS");
	line_putf(out, ROLE_HEADER, "%-*s", WHY, "WHY");
	if (t->columns >= PROCESS_FROM)
		line_putf(out, ROLE_HEADER, "%*s%*s%*s", COUNT, "5 MIN", COUNT, "ALL", LAST, "LAST");
	if (t->columns >= HOLDS_FROM)
		line_putf(out, ROLE_HEADER, "  %-*s", HOLDS, "HOLDS");
}

/* The flows of a line: those that failed on its side, or all over TLS. */
static void
tls_expression(const struct handshakes *h, char out[FILTER_MAX])
{
	struct regex name = { .used = 0 }, host = { .used = 0 }, client = { .used = 0 };
	char by_name[REGEX_TERM_MAX], by_flow[REGEX_TERM_MAX], by_client[REGEX_TERM_MAX], by_port[20] = "";
	bool address = *h->process && !handshakes_named(h);
	struct bytes process = { (const uint8_t *)h->process, strnlen(h->process, ROW_PROCESS) };

	regex_put(&name, "^");
	regex_value(&name, bytes_of(h->host), false, "$");
	regex_term(&name, "sni", by_name);
	regex_put(&host, "^");
	regex_value(&host, bytes_of(h->host), false, ":");
	regex_term(&host, "dst", by_flow);
	regex_put(&client, "^");
	regex_value(&client, process, process.len == ROW_PROCESS, address ? ":" : "$");
	regex_term(&client, address ? "src" : "process", by_client);
	if (h->port)
		snprintf(by_port, sizeof(by_port), " & ~dst :%u$", h->port);
	snprintf(out, FILTER_MAX, "%s & (%s | %s)%s%s%s", !h->failures ? "~tls" : h->side == CLIENT ? "~tlsfail & ~side client" :
		"~tlsfail & ~side server", by_name, by_flow, by_port, *h->process ? " & " : "", *h->process ? by_client : "");
}

/* The view is closed then, and its state is gone. */
static bool
tls_enter(struct desk *desk, const struct handshakes *h, struct fault *why)
{
	char command[FILTER_MAX + 10] = "filter ";

	tls_expression(h, command + strlen(command));
	if (layout_show(desk->layout, "list", why))
		(void)!action_run(desk, command, why);
	return true;
}

static bool
tls_act(void *st, const char *action, size_t i, struct fault *why)
{
	struct tls_view *t = st;
	const struct casebook *c = t->desk->casebook;

	if (strcmp(action, "enter") && strcmp(action, "copy"))
		return false;
	if (i >= casebook_lines(c))
		return fault(why, "no handshake is on this line") || true;
	if (!strcmp(action, "enter"))
		return tls_enter(t->desk, casebook_line(c, i), why);
	(void)!why_copy(t->desk, casebook_line(c, i), why);
	return true;
}

const struct view_ops view_tls = {
	.name = "tls", .about = "what came of TLS, by host, port, process and side", .size = sizeof(struct tls_view), .rows = true,
	.companion = "why", .open = tls_open, .refresh = tls_refresh, .lines = tls_lines, .line = tls_line, .title = tls_title,
	.header = tls_header, .where = tls_where, .follows = tls_follows, .act = tls_act,
};
