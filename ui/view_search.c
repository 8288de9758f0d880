/* What a search through the session has found: a line each. */
#include <stdio.h>
#include <string.h>

#include "badge.h"
#include "cell.h"
#include "glyph.h"
#include "hunt.h"
#include "words.h"

enum { PLACE = 17, NAME_MOST = 60 };

struct hits {
	struct desk *desk;
	unsigned columns;
	unsigned count;		/* of the hunt, that is shown */
	unsigned shown;		/* hits that were shown, when the cursor was moved to one */
	struct search_state state;
	struct search_hit hit;	/* of the line that is drawn */
	flow_id before;		/* the flow of the line above */
};

static void
hits_open(void *st, struct desk *desk)
{
	struct hits *v = st;
	size_t i;

	v->desk = desk;
	(void)hunt_shown(desk->hunt, &i, &v->shown);
}

static bool
hits_refresh(void *st, unsigned columns)
{
	struct hits *v = st;
	bool other = v->count != hunt_count(v->desk->hunt);

	v->columns = columns;
	v->count = hunt_count(v->desk->hunt);
	hunt_refresh(v->desk->hunt);
	hunt_state(v->desk->hunt, &v->state);
	return other;
}

static size_t
hits_lines(void *st)
{
	struct hits *v = st;

	return v->state.hits ? v->state.hits : 1;
}

static unsigned
name_columns(const struct hits *v)
{
	unsigned columns = v->columns * 2 / 5;

	return columns < NAME_MOST ? columns : NAME_MOST;
}

/* "GET api.example.com/v2/users", faint where the line above has it too. */
static void
hits_name(const struct hits *v, bool again, struct line *out)
{
	char name[sizeof(((struct row *)0)->host) + sizeof(((struct row *)0)->path)];
	unsigned columns = name_columns(v), method;
	struct row r = { .id = 0 };

	(void)store_rows(v->desk->store, v->hit.index, 1, &r);
	snprintf(name, sizeof(name), "%s%s", r.host, r.path);
	method = (unsigned)strlen(row_method(&r)) + 1;
	cell_put(out, again ? ROLE_FAINT : ROLE_METHOD, bytes_of(row_method(&r)), method, CUT_END);
	cell_put(out, again ? ROLE_FAINT : ROLE_PATH, bytes_of(name), columns > method + 4 ? columns - method : 4, CUT_MIDDLE);
	line_putf(out, ROLE_TEXT, "  ");
}

static void
hits_place(const struct hits *v, struct line *out)
{
	static const char *const what[] = { "", " body", " trailer" };
	const struct search_hit *h = &v->hit;
	char place[40];

	if (h->where == SEARCH_MESSAGE)
		snprintf(place, sizeof(place), "%s message %u", h->side == CLIENT ? "↑" : "↓", h->message + 1);
	else
		snprintf(place, sizeof(place), "%s%s", h->side == CLIENT ? "request" : "response", what[h->where]);
	cell_put(out, h->side == CLIENT ? ROLE_WORD : ROLE_KEY, bytes_of(place), PLACE, CUT_END);
}

/* So much of what stands before it that the match is in sight. */
static void
hits_context(const struct hits *v, unsigned columns, struct line *out)
{
	const struct search_hit *h = &v->hit;
	struct bytes text = { (const uint8_t *)h->text, h->used };
	size_t from = 0, most = columns / 3;

	while (h->mark - from > most)
		from++;
	while (from < h->mark && (text.at[from] & 0xc0) == 0x80)
		from++;
	if (from)
		line_putf(out, ROLE_FAINT, "…");
	line_put(out, ROLE_TEXT, (struct bytes){ text.at + from, h->mark - from });
	line_put(out, ROLE_MATCH, (struct bytes){ text.at + h->mark, h->marked });
	line_put(out, ROLE_TEXT, (struct bytes){ text.at + h->mark + h->marked, text.len - h->mark - h->marked });
}

static void
hits_none(const struct hits *v, struct line *out)
{
	if (!*hunt_text(v->desk->hunt))
		line_putf(out, ROLE_FAINT, "Nothing was searched for: find asks for a text, find_regex for a regular expression.");
	else if (v->state.looked < v->state.all)
		line_putf(out, ROLE_FAINT, "Nothing has been found yet.");
	else
		line_putf(out, ROLE_FAINT, "None of %zu flow%s has it.", v->state.all, v->state.all == 1 ? "" : "s");
}

static void
hits_line(void *st, size_t i, struct line *out)
{
	struct hits *v = st;
	unsigned used = name_columns(v) + 2 + PLACE + 1;
	flow_id above = 0;

	out->single = true;
	if (i && hunt_hit(v->desk->hunt, i - 1, &v->hit))
		above = v->hit.flow;
	if (!hunt_hit(v->desk->hunt, i, &v->hit)) {
		hits_none(v, out);
		return;
	}
	out->flow = v->hit.flow;
	hits_name(v, above == v->hit.flow, out);
	hits_place(v, out);
	hits_context(v, v->columns > used + 12 ? v->columns - used : 12, out);
}

static void
hits_title(void *st, struct line *out, unsigned columns)
{
	struct hits *v = st;
	char words[HUNT_WORDS];

	(void)columns;
	line_putf(out, ROLE_TITLE, "Search");
	if (!*hunt_text(v->desk->hunt))
		return;
	line_putf(out, ROLE_MATCH, "  %.200s", hunt_text(v->desk->hunt));
	line_putf(out, ROLE_TEXT, "  %s", hunt_words(v->desk->hunt, words));
	if (v->state.given_up)
		line_putf(out, ROLE_WARN, "  the regex took too long on %zu text%s", v->state.given_up, v->state.given_up == 1 ? "" : "s");
	if (*hunt_filter(v->desk->hunt))
		line_putf(out, ROLE_EDITED, "  of %.200s", hunt_filter(v->desk->hunt));
}

static void
hits_header(void *st, struct line *out)
{
	struct hits *v = st;

	line_putf(out, ROLE_HEADER, " %-*s%-*s%s", (int)name_columns(v) + 2, "FLOW", PLACE, "WHERE", "TEXT");
}

/* Back from a flow: to the hit that was shown there last. */
static bool
hits_goes(void *st, struct goal *out)
{
	struct hits *v = st;
	unsigned shown;
	size_t i;

	if (!hunt_shown(v->desk->hunt, &i, &shown) || shown == v->shown)
		return false;
	v->shown = shown;
	*out = (struct goal){ .line = i };
	return true;
}

static bool
hits_act(void *st, const char *action, size_t i, struct fault *why)
{
	struct hits *v = st;

	if (strcmp(action, "enter"))
		return false;
	(void)hunt_show(v->desk->hunt, i, why);
	return true;
}

const struct view_ops view_search = {
	.name = "search", .about = "what a search through all flows has found", .size = sizeof(struct hits),
	.open = hits_open, .refresh = hits_refresh, .lines = hits_lines, .line = hits_line, .title = hits_title,
	.header = hits_header, .goes = hits_goes, .act = hits_act,
};
