/* Views of the flow under the list's cursor: pages, chosen by tabs. */
#include <stdio.h>
#include <string.h>

#include "cell.h"
#include "desk.h"
#include "folio.h"
#include "glyph.h"
#include "page.h"
#include "sight.h"
#include "transcript.h"
#include "words.h"

enum { DOC_MAX = 64 << 20 };

/* A page; or, without one to write, the messages. */
struct tab {
	const char *name;
	void (*write)(const struct page *p, struct doc *to);
	bool instead;		/* shown first where it says more, until the person chooses */
};

static const struct tab detail_tabs[] = {
	{ "Overview", page_overview, false }, { "Request", page_request, false }, { "Response", page_response, false },
	{ "Messages", NULL, false }, { "Timing", page_timing, false }, { "TLS", page_tls, false }, { NULL, NULL, false },
};
static const struct tab request_tabs[] = {
	{ "Request", page_request, false }, { "Overview", page_overview, false }, { NULL, NULL, false },
};
static const struct tab response_tabs[] = {
	{ "Response", page_response, false }, { "Messages", NULL, true }, { "Timing", page_timing, false },
	{ "TLS", page_tls, false }, { NULL, NULL, false },
};
static const struct tab content_tabs[] = {
	{ "Response body", page_response_body, false }, { "Request body", page_request_body, false },
	{ "Messages", NULL, true }, { NULL, NULL, false },
};
static const struct tab messages_tabs[] = { { "Messages", NULL, true }, { NULL, NULL, false } };

struct look {			/* what is shown; another one is another page */
	flow_id flow;
	size_t tab;
	const struct decoder *how;
};

struct sheet {
	struct desk *desk;
	const struct tab *tabs;
	size_t most;		/* of a body */
	struct look want, have;
	unsigned columns;
	bool chosen;		/* want.tab, by the person */
	bool likely, first;	/* of the flow: it has messages; they say more than its bodies */
	uint64_t version;
	uint64_t second;	/* of a live flow: its times go on */
	uint64_t again;		/* not to be written before, in the same place */
	struct folio folio;
	struct transcript *transcript;
	char flow[700];		/* its name, for the title */
};

static void
sheet_open(struct sheet *s, struct desk *desk, const struct tab *tabs, size_t most)
{
	s->desk = desk;
	s->tabs = tabs;
	s->most = most;
	s->have.tab = SIZE_MAX;
	s->transcript = transcript_new(desk);
}

static void
detail_open(void *st, struct desk *desk)
{
	sheet_open(st, desk, detail_tabs, SIGHT_BODY_MAX);
}

static void
request_open(void *st, struct desk *desk)
{
	sheet_open(st, desk, request_tabs, SIGHT_BODY_MAX);
}

static void
response_open(void *st, struct desk *desk)
{
	sheet_open(st, desk, response_tabs, SIGHT_BODY_MAX);
}

static void
content_open(void *st, struct desk *desk)
{
	sheet_open(st, desk, content_tabs, SIGHT_WHOLE_MAX);
}

static void
messages_open(void *st, struct desk *desk)
{
	sheet_open(st, desk, messages_tabs, SIGHT_WHOLE_MAX);
}

static void
sheet_name(struct sheet *s, const struct flow *f)
{
	const struct head *h = f->half[CLIENT].head;
	struct bytes method = h ? head_method(h) : LIT("connection to"), host = f->origin ? f->origin->host : LIT("");
	struct bytes target = h ? head_target(h) : LIT("");
	bool whole = target.len && memmem(target.at, target.len, "://", 3);

	snprintf(s->flow, sizeof(s->flow), "%llu  %.*s %.*s%.*s", (unsigned long long)f->id,
		(int)(method.len < 24 ? method.len : 24), (const char *)method.at,
		whole ? 0 : (int)(host.len < 128 ? host.len : 128), (const char *)host.at,
		(int)(target.len < 512 ? target.len : 512), (const char *)target.at);
}

static bool
sheet_has(const struct sheet *s, size_t tab)
{
	return s->tabs[tab].write || s->likely || !tab;
}

/* The tab that was chosen; where this flow does not have it, another. */
static size_t
sheet_tab(const struct sheet *s)
{
	for (size_t i = 0; !s->chosen && s->first && s->tabs[i].name; i++)
		if (s->tabs[i].instead)
			return i;
	return sheet_has(s, s->want.tab) ? s->want.tab : 0;
}

static bool
sheet_is_messages(const struct sheet *s)
{
	return s->have.tab != SIZE_MAX && !s->tabs[s->have.tab].write;
}

static struct doc *
sheet_doc(struct sheet *s, const struct flow *f, const struct fault *why)
{
	struct doc *doc = doc_new(DOC_MAX);
	struct page page = { s->desk, f, s->want.how };

	if (f) {
		s->tabs[s->have.tab].write(&page, doc);
	} else {
		doc_putf(doc, ROLE_FAINT, "%s", s->want.flow ? why->text : "Nothing is chosen.");
		doc_line(doc);
	}
	return doc;
}

static void
sheet_write(struct sheet *s, const struct flow *f, bool other, const struct fault *why)
{
	uint64_t before = sight_clock();

	*s->flow = '\0';
	if (f)
		sheet_name(s, f);
	if (f && sheet_is_messages(s))
		transcript_show(s->transcript, f, s->have.how, !other);
	else
		folio_set(&s->folio, sheet_doc(s, f, why), !other);
	s->again = s->desk->now + 10 * (sight_clock() - before);
}

static bool
sheet_refresh(void *st, unsigned columns)
{
	struct sheet *s = st;
	struct look look;
	struct fault why;
	uint64_t version, second = 0;
	const struct flow *f;
	bool other, turned;

	s->columns = columns;
	s->want.flow = s->desk->flow;
	f = sight_flow(s->desk->sight, s->want.flow, s->most, s->desk->now, &version, &why);
	s->likely = f && messages_likely(f);
	s->first = f && s->likely && flow_protocol(f) != PROTOCOL_NDJSON;
	look = (struct look){ s->want.flow, sheet_tab(s), s->want.how };
	turned = look.flow != s->have.flow || look.tab != s->have.tab;
	other = turned || look.how != s->have.how;
	if (f && !f->ended)
		second = s->desk->now / 1000000;
	if (sheet_is_messages(s))
		(void)transcript_grew(s->transcript);
	if (!other && ((version == s->version && second == s->second) || s->desk->now < s->again))
		return false;
	s->have = look;
	s->version = version;
	s->second = second;
	if (f && sheet_is_messages(s))
		other = turned;	/* another decoder leaves open what is open */
	sheet_write(s, f, other, &why);
	return other;
}

static size_t
sheet_lines(void *st)
{
	struct sheet *s = st;

	return sheet_is_messages(s) ? transcript_lines(s->transcript) : folio_lines(&s->folio);
}

static void
sheet_line(void *st, size_t i, struct line *out)
{
	struct sheet *s = st;

	if (sheet_is_messages(s))
		transcript_line(s->transcript, i, s->columns, out);
	else
		folio_line(&s->folio, i, out);
	out->flow = s->have.flow;
}

static bool
sheet_follows(void *st)
{
	struct sheet *s = st;

	return sheet_is_messages(s) && transcript_live(s->transcript);
}

/* The tabs there are; where there is no room for all of them, the one that is shown. */
static void
title_tabs(const struct sheet *s, struct line *out, bool all)
{
	bool first = true;

	for (size_t i = 0; s->tabs[i].name; i++) {
		if (!sheet_has(s, i) || (!all && i != s->have.tab))
			continue;
		line_putf(out, ROLE_FAINT, !all ? "‹ " : first ? "" : "  ");
		line_putf(out, i == s->have.tab ? ROLE_TITLE : ROLE_FAINT, "%s", s->tabs[i].name);
		line_putf(out, ROLE_FAINT, all ? "" : " ›");
		first = false;
	}
}

static unsigned
title_columns(const struct sheet *s)
{
	unsigned columns = 0;

	for (size_t i = 0; s->tabs[i].name; i++)
		columns += sheet_has(s, i) ? (unsigned)strlen(s->tabs[i].name) + 2 : 0;
	return columns;
}

enum { NAME_LEAST = 8, TITLE_FRAME = 12, TITLE_RULE = 4, SUMS = 34 };

static void
sheet_title(void *st, struct line *out, unsigned columns)
{
	struct sheet *s = st;
	unsigned tabs = title_columns(s), name = glyph_columns(bytes_of(s->flow)), used = TITLE_RULE;
	unsigned sums = sheet_is_messages(s) ? SUMS : 0;
	bool all = columns >= tabs + sums + TITLE_RULE;

	if (!all)
		tabs = s->have.tab == SIZE_MAX ? 0 : (unsigned)strlen(s->tabs[s->have.tab].name) + 4;
	if (*s->flow && columns >= tabs + sums + NAME_LEAST + TITLE_FRAME) {
		if (name > columns - tabs - sums - TITLE_FRAME)
			name = columns - tabs - sums - TITLE_FRAME;
		cell_put(out, ROLE_TEXT, bytes_of(s->flow), name, CUT_MIDDLE);
		line_putf(out, ROLE_RULE, " ── ");
		used = name + TITLE_FRAME;
	}
	title_tabs(s, out, all);
	if (sums)
		transcript_sums(s->transcript, out, columns > used + tabs ? columns - used - tabs : 0);
	if (s->want.how)
		line_putf(out, ROLE_WORD, "  as %s", s->want.how->name);
}

static void
sheet_fold(void *st, size_t i)
{
	struct sheet *s = st;

	if (sheet_is_messages(s))
		transcript_fold(s->transcript, i);
	else if (i < folio_lines(&s->folio))	/* none before the first drawing */
		folio_fold(&s->folio, i);
}

static bool
sheet_turn(struct sheet *s, size_t way)
{
	size_t tabs = 0;

	while (s->tabs[tabs].name)
		tabs++;
	s->want.tab = sheet_tab(s);
	s->chosen = true;
	do
		s->want.tab = (s->want.tab + tabs + way) % tabs;
	while (!sheet_has(s, s->want.tab));
	return true;
}

static bool
sheet_decoder(struct sheet *s, struct fault *why)
{
	const char *name = s->desk->arg;
	const struct decoder *how = decoder_named(s->desk->decoders, name);

	if (!*name)
		return false;
	if (!how && strcmp(name, "auto"))
		return fault(why, "no decoder is called '%.40s': m and Tab list them", name) || true;
	s->want.how = how;
	return true;
}

static bool
sheet_act(void *st, const char *action, size_t i, struct fault *why)
{
	struct sheet *s = st;

	if (!strcmp(action, "tab_next"))
		return sheet_turn(s, 1);
	if (!strcmp(action, "tab_prev"))
		return sheet_turn(s, (size_t)-1);
	if (!strcmp(action, "enter"))
		return sheet_fold(s, i), true;
	if (!strcmp(action, "copy"))
		return sheet_is_messages(s) && transcript_copy(s->transcript, i, why);
	return !strcmp(action, "decoder") && sheet_decoder(s, why);
}

static void
sheet_close(void *st)
{
	struct sheet *s = st;

	folio_release(&s->folio);
	transcript_free(s->transcript);
}

#define SHEET(name_, about_) \
	const struct view_ops view_##name_ = { \
		.name = #name_, .about = about_, .size = sizeof(struct sheet), .wraps = true, \
		.open = name_##_open, .refresh = sheet_refresh, .lines = sheet_lines, .line = sheet_line, \
		.title = sheet_title, .follows = sheet_follows, .fold = sheet_fold, .act = sheet_act, .close = sheet_close, \
	}

SHEET(detail, "the flow under the list's cursor: overview, request, response, messages, timing, TLS");
SHEET(request, "its request");
SHEET(response, "its response");
SHEET(messages, "its messages, as far as they were recorded");
SHEET(content, "its bodies alone, as far as they were recorded");
