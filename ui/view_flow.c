/* Views of the flow under the list's cursor: pages, chosen by tabs. */
#include <stdio.h>
#include <string.h>

#include "cell.h"
#include "desk.h"
#include "folio.h"
#include "glyph.h"
#include "page.h"
#include "sight.h"
#include "words.h"

enum { DOC_MAX = 64 << 20 };

struct tab { const char *name; void (*write)(const struct page *p, struct doc *to); };

static const struct tab detail_tabs[] = {
	{ "Overview", page_overview }, { "Request", page_request }, { "Response", page_response },
	{ "Timing", page_timing }, { "TLS", page_tls }, { NULL, NULL },
};
static const struct tab request_tabs[] = { { "Request", page_request }, { "Overview", page_overview }, { NULL, NULL } };
static const struct tab response_tabs[] = {
	{ "Response", page_response }, { "Timing", page_timing }, { "TLS", page_tls }, { NULL, NULL },
};
static const struct tab content_tabs[] = {
	{ "Response body", page_response_body }, { "Request body", page_request_body }, { NULL, NULL },
};

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
	uint64_t version;
	uint64_t second;	/* of a live flow: its times go on */
	struct folio folio;
	char flow[700];		/* its name, for the title */
};

static void
sheet_open(struct sheet *s, struct desk *desk, const struct tab *tabs, size_t most)
{
	s->desk = desk;
	s->tabs = tabs;
	s->most = most;
	s->have.tab = SIZE_MAX;
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

static struct doc *
sheet_write(struct sheet *s, const struct flow *f, const struct fault *why)
{
	struct doc *doc = doc_new(DOC_MAX);
	struct page page = { s->desk, f, s->want.how };

	*s->flow = '\0';
	if (f) {
		sheet_name(s, f);
		s->tabs[s->want.tab].write(&page, doc);
	} else {
		doc_putf(doc, ROLE_FAINT, "%s", s->want.flow ? why->text : "Nothing is chosen.");
		doc_line(doc);
	}
	return doc;
}

static bool
look_same(const struct look *a, const struct look *b)
{
	return a->flow == b->flow && a->tab == b->tab && a->how == b->how;
}

static bool
sheet_refresh(void *st, unsigned columns)
{
	struct sheet *s = st;
	struct fault why;
	uint64_t version, second = 0;
	const struct flow *f;
	bool other;

	(void)columns;
	s->want.flow = s->desk->flow;
	f = sight_flow(s->desk->sight, s->want.flow, s->most, s->desk->now, &version, &why);
	other = !look_same(&s->want, &s->have);
	if (f && !f->ended)
		second = s->desk->now / 1000000;
	if (!other && version == s->version && second == s->second)
		return false;
	folio_set(&s->folio, sheet_write(s, f, &why), !other);
	s->have = s->want;
	s->version = version;
	s->second = second;
	return other;
}

static size_t
sheet_lines(void *st)
{
	struct sheet *s = st;

	return folio_lines(&s->folio);
}

static void
sheet_line(void *st, size_t i, struct line *out)
{
	struct sheet *s = st;

	folio_line(&s->folio, i, out);
	out->flow = s->have.flow;
}

static void
sheet_title(void *st, struct line *out, unsigned columns)
{
	struct sheet *s = st;
	unsigned tabs = 0, name;

	for (size_t i = 0; s->tabs[i].name; i++)
		tabs += (unsigned)strlen(s->tabs[i].name) + 2;
	name = glyph_columns(bytes_of(s->flow));
	if (*s->flow && columns > tabs + 20) {
		if (name > columns - tabs - 12)
			name = columns - tabs - 12;
		cell_put(out, ROLE_TEXT, bytes_of(s->flow), name, CUT_MIDDLE);
		line_putf(out, ROLE_RULE, " ──");
	}
	for (size_t i = 0; s->tabs[i].name; i++) {
		line_putf(out, ROLE_FAINT, i ? "  " : " ");
		line_putf(out, i == s->want.tab ? ROLE_TITLE : ROLE_FAINT, "%s", s->tabs[i].name);
	}
	if (s->want.how)
		line_putf(out, ROLE_WORD, "  as %s", s->want.how->name);
}

static void
sheet_fold(void *st, size_t i)
{
	struct sheet *s = st;

	folio_fold(&s->folio, i);
}

static bool
sheet_turn(struct sheet *s, size_t way)
{
	size_t tabs = 0;

	while (s->tabs[tabs].name)
		tabs++;
	s->want.tab = (s->want.tab + tabs + way) % tabs;
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

	(void)i;
	if (!strcmp(action, "tab_next"))
		return sheet_turn(s, 1);
	if (!strcmp(action, "tab_prev"))
		return sheet_turn(s, (size_t)-1);
	return !strcmp(action, "decoder") && sheet_decoder(s, why);
}

static void
sheet_close(void *st)
{
	struct sheet *s = st;

	folio_release(&s->folio);
}

#define SHEET(name_, about_) \
	const struct view_ops view_##name_ = { \
		.name = #name_, .about = about_, .size = sizeof(struct sheet), .wraps = true, \
		.open = name_##_open, .refresh = sheet_refresh, .lines = sheet_lines, .line = sheet_line, \
		.title = sheet_title, .fold = sheet_fold, .act = sheet_act, .close = sheet_close, \
	}

SHEET(detail, "the flow under the list's cursor: overview, request, response, timing, TLS");
SHEET(request, "its request");
SHEET(response, "its response");
SHEET(content, "its bodies alone, as far as they were recorded");
