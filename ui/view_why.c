/* Why TLS failed: of the line under the cursor of the view "tls". */
#include <stdio.h>
#include <string.h>

#include "folio.h"
#include "page_why.h"
#include "sight.h"
#include "words.h"

enum { DOC_MAX = 1 << 20 };

struct why_view {
	struct desk *desk;
	struct folio folio;
	struct sight *sight;		/* its own: the flow of a failure is not the one that is looked at */
	flow_id line;
	uint64_t version, flow_version;
	unsigned columns, epoch;
	uint64_t second;
	struct handshakes of;		/* as it was told last */
};

static void
why_open(void *st, struct desk *desk)
{
	struct why_view *w = st;

	w->desk = desk;
	w->version = UINT64_MAX;
	w->sight = sight_new(desk->store, desk->wake);
	folio_set(&w->folio, doc_new(DOC_MAX), false);
}

static void
why_tell(struct why_view *w, size_t i, unsigned columns, const struct flow *flow, bool same)
{
	struct doc *to = doc_new(DOC_MAX);
	struct story story;

	casebook_story(w->desk->casebook, i, &story);
	page_why(&(struct why_page){ w->desk, &story, flow, columns }, to);
	folio_set(&w->folio, to, same);
}

static bool
why_empty(struct why_view *w)
{
	struct doc *to = doc_new(DOC_MAX);
	bool was = w->of.number;

	doc_putf(to, ROLE_FAINT, "Nothing is looked at: L shows what came of TLS.");
	doc_line(to);
	folio_set(&w->folio, to, false);
	w->of = (struct handshakes){ .number = 0 };
	w->line = 0;
	return was;
}

/* The store's line may have changed; options too, which hold by the second. */
static bool
why_refresh(void *st, unsigned columns)
{
	struct why_view *w = st;
	const struct casebook *c = w->desk->casebook;
	size_t i = c ? casebook_find(c, (uint32_t)w->desk->line) : SIZE_MAX;
	bool same = w->line == w->desk->line;
	uint64_t flow_version;
	const struct flow *flow;
	struct fault why;

	if (i == SIZE_MAX || !w->desk->line)
		return why_empty(w);
	w->of = *casebook_line(c, i);
	flow = sight_flow(w->sight, w->of.failures ? w->of.failed_in : w->of.succeeded_in, w->desk->now, w->desk->patience,
		&flow_version, &why);
	if (same && casebook_version(c) == w->version && columns == w->columns && flow_version == w->flow_version &&
	    w->desk->now / 1000000 == w->second && w->epoch == w->desk->epoch)
		return false;
	why_tell(w, i, columns, flow, same);
	w->line = w->desk->line;
	w->version = casebook_version(c);
	w->flow_version = flow_version;
	w->columns = columns;
	w->second = w->desk->now / 1000000;
	w->epoch = w->desk->epoch;
	return !same;
}

static size_t
why_lines(void *st)
{
	struct why_view *w = st;

	return folio_lines(&w->folio);
}

static void
why_line(void *st, size_t i, struct line *out)
{
	struct why_view *w = st;

	folio_line(&w->folio, i, out);
}

static void
why_title(void *st, struct line *out, unsigned columns)
{
	struct why_view *w = st;
	char place[HANDSHAKES_PLACE];

	(void)columns;
	line_putf(out, ROLE_TITLE, w->of.failures ? "Why" : "TLS");
	if (w->of.number)
		line_putf(out, ROLE_FAINT, "  %s with %s", w->of.process,
			w->of.side == CLIENT ? "soth, for " : "soth, which calls ");
	if (w->of.number)
		line_putf(out, ROLE_HOST, "%s", handshakes_place(&w->of, place));
}

static void
why_fold(void *st, size_t i)
{
	struct why_view *w = st;

	folio_fold(&w->folio, i);
}

static bool
why_act(void *st, const char *action, size_t i, struct fault *why)
{
	struct why_view *w = st;

	(void)i;
	if (strcmp(action, "copy") || !w->of.number)
		return false;
	(void)!why_copy(w->desk, &w->of, why);
	return true;
}

static void
why_close(void *st)
{
	struct why_view *w = st;

	sight_free(w->sight);
	folio_release(&w->folio);
}

const struct view_ops view_why = {
	.name = "why", .about = "why the handshakes of a line of TLS failed", .size = sizeof(struct why_view), .wraps = true,
	.open = why_open, .refresh = why_refresh, .lines = why_lines, .line = why_line, .title = why_title, .fold = why_fold, .act = why_act,
	.close = why_close,
};
