/* Views of the flow under the list's cursor: pages, chosen by tabs. */
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "cell.h"
#include "desk.h"
#include "folio.h"
#include "glyph.h"
#include "hunt.h"
#include "only.h"
#include "page.h"
#include "pair.h"
#include "reading.h"
#include "sight.h"
#include "transcript.h"
#include "words.h"

enum { DOC_MAX = 64 << 20, NO_BODY = -1 };

/* A page: what is written before a body and behind it; or, without one to
 * write, the messages. */
struct tab {
	const char *name;
	void (*write)(const struct page *p, struct doc *to);
	void (*foot)(const struct page *p, struct doc *to);
	int body;		/* CLIENT, SERVER: whose; NO_BODY: it has none */
	bool instead;		/* shown first where it says more, until the person chooses */
};

#define TAB_PAGE(name, write)		{ name, write, NULL, NO_BODY, false }
#define TAB_BODY(name, page, side)	{ name, page, page##_foot, side, false }
#define TAB_MESSAGES(instead)		{ "Messages", NULL, NULL, NO_BODY, instead }
#define TAB_ANSWER			{ "Answer", page_answer, NULL, NO_BODY, false }
#define TAB_END				{ NULL, NULL, NULL, NO_BODY, false }

static const struct tab detail_tabs[] = {
	TAB_PAGE("Overview", page_overview), TAB_BODY("Request", page_request, CLIENT),
	TAB_BODY("Response", page_response, SERVER), TAB_MESSAGES(false), TAB_ANSWER,
	TAB_PAGE("Timing", page_timing),
	TAB_PAGE("TLS", page_tls), TAB_END,
};
static const struct tab request_tabs[] = {
	TAB_BODY("Request", page_request, CLIENT), TAB_PAGE("Overview", page_overview), TAB_END,
};
static const struct tab response_tabs[] = {
	TAB_BODY("Response", page_response, SERVER), TAB_MESSAGES(true), TAB_ANSWER,
	TAB_PAGE("Timing", page_timing),
	TAB_PAGE("TLS", page_tls), TAB_END,
};
static const struct tab content_tabs[] = {
	TAB_BODY("Response body", page_response_body, SERVER), TAB_BODY("Request body", page_request_body, CLIENT),
	TAB_MESSAGES(true), TAB_ANSWER, TAB_END,
};
static const struct tab messages_tabs[] = { TAB_MESSAGES(true), TAB_ANSWER, TAB_END };

struct look {			/* what is shown; another one is another page */
	flow_id flow;
	size_t tab;
};

struct sheet {
	struct desk *desk;
	const struct tab *tabs;
	struct look want, have;
	unsigned columns;
	bool chosen;		/* want.tab, by the person */
	struct search_hit hit;	/* to be gone to; .flow 0: none is */
	unsigned hits;		/* that were shown anywhere, when this one was */
	bool likely, first;	/* of the flow: it has messages; they say more than its bodies */
	uint64_t version;
	uint64_t second;	/* of a live flow: its times go on */
	uint64_t said;		/* remarks on any flow, so far */
	uint64_t again;		/* not to be written before, in the same place */
	const struct flow *seen;	/* NULL: it was not there then */
	bool body;		/* this page has one */
	struct folio folio, foot;
	struct reading *reading;
	bool chain;		/* a line says how the body was read; not so where that is the header */
	struct transcript *transcript;
	struct answer *answer;
	char flow[700];		/* its name, for the title */
};

static void
sheet_open(struct sheet *s, struct desk *desk, const struct tab *tabs, bool chain)
{
	s->desk = desk;
	s->tabs = tabs;
	s->chain = chain;
	s->reading = reading_new(desk);
	s->answer = answer_new(desk);
	s->have.tab = SIZE_MAX;
	s->transcript = transcript_new(desk);
}

static void
detail_open(void *st, struct desk *desk)
{
	sheet_open(st, desk, detail_tabs, true);
}

static void
request_open(void *st, struct desk *desk)
{
	sheet_open(st, desk, request_tabs, true);
}

static void
response_open(void *st, struct desk *desk)
{
	sheet_open(st, desk, response_tabs, true);
}

static void
content_open(void *st, struct desk *desk)
{
	sheet_open(st, desk, content_tabs, false);
}

static void
messages_open(void *st, struct desk *desk)
{
	sheet_open(st, desk, messages_tabs, false);
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
	if (s->tabs[tab].write == page_answer)
		return answer_llm(s->answer);
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

static bool
sheet_is_body(const struct sheet *s)
{
	return s->have.tab != SIZE_MAX && s->tabs[s->have.tab].body != NO_BODY && s->body;
}

static struct doc *
sheet_doc(struct sheet *s, const struct flow *f, void (*write)(const struct page *p, struct doc *to),
	const struct fault *why)
{
	struct doc *doc = doc_new(DOC_MAX);
	struct page page = { s->desk, f, answer_llm(s->answer) };

	if (f && write) {
		write(&page, doc);
	} else if (!f) {
		doc_putf(doc, ROLE_FAINT, "%s", s->want.flow ? why->text : "Nothing is chosen.");
		doc_line(doc);
	}
	return doc;
}

static void
sheet_write(struct sheet *s, const struct flow *f, bool other, const struct fault *why)
{
	const struct tab *tab = &s->tabs[s->have.tab];
	uint64_t before = sight_clock();

	*s->flow = '\0';
	if (f)
		sheet_name(s, f);
	s->body = f && tab->body != NO_BODY && f->half[tab->body].bytes;
	if (f && sheet_is_messages(s)) {
		transcript_show(s->transcript, f, !other);
	} else {
		folio_set(&s->folio, sheet_doc(s, f, tab->write, why), !other);
		folio_set(&s->foot, sheet_doc(s, f, f ? tab->foot : NULL, why), !other);
	}
	s->again = s->desk->now + 10 * (sight_clock() - before);
}

/* What is read meanwhile. */
static bool
sheet_read(struct sheet *s, const struct flow *f, bool grew)
{
	if (sheet_is_messages(s))
		(void)transcript_grew(s->transcript);
	if (f && sheet_is_body(s))
		return reading_show(s->reading, f, (enum side)s->tabs[s->have.tab].body, grew);
	return false;
}

/* A hit that is shown in the held flow: on its page. */
static void
sheet_hit(struct sheet *s)
{
	const struct search_hit *h;
	unsigned count;
	size_t at;

	if (!s->desk->pinned || !(h = hunt_shown(s->desk->hunt, &at, &count)) || count == s->hits || h->flow != s->want.flow)
		return;
	s->hits = count;
	s->hit = *h;
	for (size_t i = 0; s->tabs[i].name; i++)
		if (h->where == SEARCH_MESSAGE ? !s->tabs[i].write : s->tabs[i].body == (int)h->side)
			s->want.tab = i;
	s->chosen = true;
}

static bool
sheet_refresh(void *st, unsigned columns)
{
	struct sheet *s = st;
	struct look look;
	struct fault why;
	uint64_t version, said, second = 0;
	const struct flow *f;
	bool other, grew, more;

	s->columns = columns;
	s->want.flow = s->desk->flow;
	sheet_hit(s);
	f = sight_flow(s->desk->sight, s->want.flow, s->desk->now, s->desk->patience, &version, &why);
	s->likely = f && messages_likely(f);
	s->first = f && s->likely && flow_protocol(f) != PROTOCOL_NDJSON;
	more = answer_show(s->answer, f);
	look = (struct look){ s->want.flow, sheet_tab(s) };
	other = look.flow != s->have.flow || look.tab != s->have.tab;
	if (f && !f->ended)
		second = s->desk->now / 1000000;
	said = store_stats(s->desk->store).remarks;
	if (!other && f == s->seen && !more && said == s->said && ((version == s->version && second == s->second) || s->desk->now < s->again))
		return sheet_read(s, f, false);
	grew = version != s->version;
	s->seen = f;
	s->have = look;
	s->version = version;
	s->second = second;
	s->said = said;
	sheet_write(s, f, other, &why);
	return sheet_read(s, f, grew) || other;
}

/* Where line i stands: before the body, in it, behind it. */
struct spot { enum { IN_HEAD, IN_CHAIN, IN_BODY, IN_FOOT } in; size_t i; };

static struct spot
sheet_spot(const struct sheet *s, size_t i)
{
	size_t head = folio_lines(&s->folio), chain = s->chain && sheet_is_body(s), body = 0;

	if (sheet_is_body(s))
		body = reading_lines(s->reading);
	if (i < head)
		return (struct spot){ IN_HEAD, i };
	i -= head;
	if (i < chain)
		return (struct spot){ IN_CHAIN, 0 };
	i -= chain;
	return i < body ? (struct spot){ IN_BODY, i } : (struct spot){ IN_FOOT, i - body };
}

static size_t
sheet_lines(void *st)
{
	struct sheet *s = st;

	if (sheet_is_messages(s))
		return transcript_lines(s->transcript);
	return folio_lines(&s->folio) + folio_lines(&s->foot) +
		(sheet_is_body(s) ? s->chain + reading_lines(s->reading) : 0);
}

static void
sheet_line(void *st, size_t i, struct line *out)
{
	struct sheet *s = st;

	struct spot at = sheet_spot(s, i);

	if (sheet_is_messages(s))
		transcript_line(s->transcript, i, s->columns, out);
	else if (at.in == IN_HEAD)
		folio_line(&s->folio, at.i, out);
	else if (at.in == IN_CHAIN)
		reading_chain(s->reading, out);
	else if (at.in == IN_BODY)
		reading_line(s->reading, at.i, out);
	else if (at.i < folio_lines(&s->foot))
		folio_line(&s->foot, at.i, out);
	out->flow = s->have.flow;
}

static bool
body_goal(struct sheet *s, struct goal *g)
{
	size_t line = 0;

	if (!sheet_is_body(s) || !reading_line_of(s->reading, s->hit.at, &line))
		return false;
	g->line = g->from = folio_lines(&s->folio) + s->chain + line;
	g->before = line ? 0 : s->hit.before;
	return true;
}

static bool
trailer_goal(struct sheet *s, struct goal *g)
{
	size_t foot = folio_lines(&s->foot);

	if (sheet_is_body(s) && reading_grows(s->reading))
		return false;
	g->line = g->from = sheet_lines(s) - foot;
	g->before = s->hit.before;
	return true;
}

static bool
message_goal(struct sheet *s, struct goal *g)
{
	if (!sheet_is_messages(s) || !transcript_reach(s->transcript, s->hit.message, &g->line, &g->to))
		return false;
	g->from = g->line + (g->to > g->line + 1);
	g->before = s->hit.before;
	return true;
}

static bool
head_goal(struct sheet *s, struct goal *g)
{
	g->before = s->hit.before;
	return true;
}

static bool
sheet_goes(void *st, struct goal *out)
{
	static bool (*const goal[])(struct sheet *s, struct goal *g) = { [SEARCH_HEAD] = head_goal, [SEARCH_BODY] = body_goal,
		[SEARCH_TRAILER] = trailer_goal, [SEARCH_MESSAGE] = message_goal };
	struct sheet *s = st;

	*out = (struct goal){ .to = SIZE_MAX };
	if (!s->hit.flow || !s->seen || s->have.flow != s->hit.flow || !goal[s->hit.where](s, out))
		return false;
	hunt_reads(&s->hit, out->text, sizeof(out->text));
	s->hit.flow = 0;
	return true;
}

static bool
sheet_follows(void *st)
{
	struct sheet *s = st;

	return sheet_is_messages(s) && transcript_live(s->transcript);
}

static bool
sheet_grows(void *st)
{
	struct sheet *s = st;

	return sheet_is_body(s) && reading_grows(s->reading);
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
}

static void
sheet_header(void *st, struct line *out)
{
	struct sheet *s = st;

	line_putf(out, ROLE_TEXT, " ");
	if (sheet_is_body(s))
		reading_chain(s->reading, out);
	else if (sheet_is_messages(s))
		transcript_header(s->columns, out);
}

static void
sheet_fold(void *st, size_t i)
{
	struct sheet *s = st;

	struct spot at = sheet_spot(s, i);

	if (sheet_is_messages(s))
		transcript_fold(s->transcript, i);
	else if (at.in == IN_HEAD)
		folio_fold(&s->folio, at.i);
	else if (at.in == IN_BODY)
		reading_fold(s->reading, at.i);
	else if (at.in == IN_FOOT && at.i < folio_lines(&s->foot))	/* none before the first drawing */
		folio_fold(&s->foot, at.i);
}

static bool
sheet_has_text(void *st, size_t i, struct bytes what)
{
	struct sheet *s = st;

	return sheet_is_messages(s) && transcript_has(s->transcript, i, what);
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

/* What is of the body: with the cursor in it or not. */
static bool
sheet_body_act(struct sheet *s, const char *action, size_t i, struct fault *why)
{
	struct spot at = sheet_spot(s, i);
	size_t to = SIZE_MAX;

	if (!reading_act(s->reading, action, at.in == IN_BODY ? at.i : SIZE_MAX, &to, why))
		return false;
	if (to != SIZE_MAX)
		s->desk->go = folio_lines(&s->folio) + s->chain + to;
	return true;
}

/* What a line names; false: nothing that a filter knows. */
static bool
sheet_place(const struct sheet *s, struct spot at, enum only_place *out)
{
	static const struct { const char *heading; enum only_place place; } sections[] = {
		{ "", ONLY_HEAD }, { "query", ONLY_QUERY }, { "cookies", ONLY_COOKIE },
	}, steps[] = { { "json", ONLY_MEMBER }, { "form", ONLY_FORM } };
	bool page = s->have.tab != SIZE_MAX && s->tabs[s->have.tab].body == NO_BODY;

	*out = ONLY_OVERVIEW;
	if (at.in == IN_HEAD && page)
		return s->tabs[s->have.tab].write == page_overview;
	for (size_t i = 0; at.in == IN_HEAD && i < ARRAY_LEN(sections); i++)
		if (bytes_are(folio_heading(&s->folio, at.i), sections[i].heading))
			return *out = sections[i].place, true;
	for (size_t i = 0; at.in == IN_BODY && i < ARRAY_LEN(steps); i++)
		if (!strcmp(reading_last(s->reading), steps[i].heading))
			return *out = steps[i].place, true;
	return false;
}

/* With the cursor on a line with a name: it is its value that is meant. */
static bool
sheet_only(struct sheet *s, const char *action, size_t i, struct fault *why)
{
	struct spot at = sheet_spot(s, i);
	char term[ONLY_TERM_MAX], command[ONLY_TERM_MAX + 16];
	struct line l = { .spans = 0 };
	enum only_place place;
	struct pair p;
	enum side side;

	if (*s->desk->arg || s->have.tab == SIZE_MAX || !sheet_place(s, at, &place))
		return false;
	sheet_line(s, i, &l);
	side = place == ONLY_OVERVIEW ? CLIENT : (enum side)s->tabs[s->have.tab].body;
	if (!pair_of(&l, &p) || !only_field(place, side, (struct bytes){ p.name, p.names }, (struct bytes){ p.value, p.values }, term))
		return false;
	snprintf(command, sizeof(command), "%s %s", action, term);
	if (action_run(s->desk, command, why))
		desk_say(s->desk, "the list shows %s %.150s", *action == 'o' ? "only" : "all but", term);
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
	if (sheet_is_messages(s))
		return transcript_act(s->transcript, action, i, why);
	if (!strcmp(action, "only") || !strcmp(action, "except"))
		return sheet_only(s, action, i, why);
	if (!strcmp(action, "enter"))
		return sheet_fold(s, i), true;
	return sheet_is_body(s) && sheet_body_act(s, action, i, why);
}

static void
sheet_close(void *st)
{
	struct sheet *s = st;

	folio_release(&s->folio);
	folio_release(&s->foot);
	reading_free(s->reading);
	answer_free(s->answer);
	transcript_free(s->transcript);
}

#define SHEET(name_, about_, header_) \
	const struct view_ops view_##name_ = { \
		.name = #name_, .about = about_, .size = sizeof(struct sheet), .wraps = true, \
		.open = name_##_open, .refresh = sheet_refresh, .lines = sheet_lines, .line = sheet_line, \
		.title = sheet_title, .header = header_, .follows = sheet_follows, .grows = sheet_grows, .fold = sheet_fold, \
		.has = sheet_has_text, .goes = sheet_goes, .act = sheet_act, .close = sheet_close, \
	}

SHEET(detail, "the flow under the list's cursor: overview, request, response, messages, timing, TLS", NULL);
SHEET(request, "its request", NULL);
SHEET(response, "its response", NULL);
SHEET(messages, "its messages, as far as they were recorded", sheet_header);
SHEET(content, "its bodies alone, as far as they were recorded", sheet_header);
