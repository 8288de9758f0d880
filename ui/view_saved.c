/* The views that were saved, to be brought back. */
#include <stdio.h>
#include <string.h>

#include "cell.h"
#include "desk.h"
#include "saved.h"

enum { NAME = 16, COLUMN = 12, COLUMNS_LEAST = 100, ADVICES = 3 };

struct saved_menu {
	struct desk *desk;
	unsigned columns, number[SAVED_MAX];
	size_t count;
};

static void
menu_open(void *st, struct desk *desk)
{
	struct saved_menu *m = st;

	m->desk = desk;
}

static bool
menu_refresh(void *st, unsigned columns)
{
	struct saved_menu *m = st;

	m->columns = columns;
	m->count = 0;
	for (unsigned i = 1; i <= SAVED_MAX; i++)
		if (saved_at(m->desk->saved, i))
			m->number[m->count++] = i;
	return false;
}

static size_t
menu_lines(void *st)
{
	struct saved_menu *m = st;

	return m->count + ADVICES;
}

/* What the columns have for the filter, behind which those of the list stand where there is room. */
static unsigned
menu_filter(const struct saved_menu *m)
{
	unsigned rest = m->columns > NAME + COLUMN + 8 ? m->columns - NAME - COLUMN - 8 : 1;

	return m->columns < COLUMNS_LEAST ? rest : rest / 2;
}

static void
menu_view(const struct saved_menu *m, unsigned number, struct line *out)
{
	const struct saved_view *v = saved_at(m->desk->saved, number);
	char filter[SAVED_FILTER + 4];

	snprintf(filter, sizeof(filter), v->inverted ? "!(%s)" : "%s", v->filter);
	line_putf(out, ROLE_KEYCAP, " %u ", number);
	line_putf(out, ROLE_TEXT, " ");
	cell_put(out, ROLE_KEY, bytes_of(v->name), NAME, CUT_END);
	line_putf(out, ROLE_TEXT, " ");
	cell_put(out, ROLE_WORD, bytes_of(v->sort), COLUMN, CUT_END);
	line_putf(out, ROLE_TEXT, " ");
	cell_put(out, *filter ? ROLE_STRING : ROLE_FAINT, bytes_of(*filter ? filter : "all flows"), menu_filter(m), CUT_END);
	if (m->columns >= COLUMNS_LEAST)
		line_putf(out, ROLE_FAINT, " %.200s", v->columns);
}

static void
menu_line(void *st, size_t i, struct line *out)
{
	static const char *const advice[ADVICES] = {
		"", "* saves what the list shows. Its number brings it back, from everywhere;", "0 shows all flows, as they came.",
	};
	struct saved_menu *m = st;

	out->single = true;
	if (i < m->count)
		menu_view(m, m->number[i], out);
	else
		line_putf(out, ROLE_FAINT, "%s", advice[i - m->count]);
}

static void
menu_title(void *st, struct line *out, unsigned columns)
{
	struct saved_menu *m = st;

	(void)columns;
	line_putf(out, ROLE_TITLE, "Saved views");
	line_putf(out, ROLE_FAINT, m->count ? "  %zu" : "  none yet", m->count);
}

static void
menu_header(void *st, struct line *out)
{
	struct saved_menu *m = st;

	line_putf(out, ROLE_HEADER, "    %-*s %-*s %-*s%s", NAME, "NAME", COLUMN, "SORTED BY", (int)menu_filter(m), "FILTER",
		m->columns < COLUMNS_LEAST ? "" : " COLUMNS");
}

/* It stands under its number, and the list is in sight again. */
static bool
menu_act(void *st, const char *action, size_t i, struct fault *why)
{
	struct saved_menu *m = st;
	struct desk *desk = m->desk;
	char command[16];

	if (strcmp(action, "enter"))
		return false;
	if (i >= m->count)
		return fault(why, "no view is on this line: j and k go to one") || true;
	snprintf(command, sizeof(command), "saved %u", m->number[i]);
	if (action_run(desk, "close", why))
		(void)!action_run(desk, command, why);
	return true;
}

const struct view_ops view_saved = {
	.name = "saved", .about = "what the list showed, saved under a number",
	.size = sizeof(struct saved_menu),
	.open = menu_open, .refresh = menu_refresh, .lines = menu_lines, .line = menu_line,
	.title = menu_title, .header = menu_header, .act = menu_act,
};
