/* The tree: flows in groups that open and close. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "badge.h"
#include "catalog.h"
#include "cell.h"
#include "desk.h"
#include "grouping.h"
#include "list_row.h"
#include "rowcell.h"
#include "words.h"

enum { GROUP_BARS = 8, CLASS = 7, CLASSES_FROM = 110, FILTER_MAX = 512 };

/* Groups and flows have numbers of their own: of the lines, those of groups have these bits. */
#define IS_GROUP	(1ull << 63)
#define IS_MORE		(1ull << 62)

struct tree_view {
	struct desk *desk;
	unsigned columns;
	bool opened;		/* its cursor has been put where it was */
	char base[FILTER_MAX + 8], made[FILTER_MAX];	/* filters: before "only this", and by it */
};

static const enum role class_roles[GROUP_CLASSES] = { ROLE_FAINT, ROLE_WORD, ROLE_GOOD, ROLE_WORD, ROLE_WARN, ROLE_BAD };

static void
tree_open(void *st, struct desk *desk)
{
	struct tree_view *t = st;

	t->desk = desk;
	if (!desk->grouping)
		desk->grouping = grouping_new(desk->catalog);
}

static bool
tree_refresh(void *st, unsigned columns)
{
	struct tree_view *t = st;

	t->columns = columns;
	if (!grouping_refresh(t->desk->grouping))
		t->desk->busy = true;
	return true;
}

static bool
tree_follows(void *st)
{
	(void)st;
	return false;
}

static size_t
tree_lines(void *st)
{
	struct tree_view *t = st;
	size_t lines = grouping_lines(t->desk->grouping);

	return lines ? lines : 1;
}

static flow_id
tree_token(const struct tree_view *t, struct group_line l)
{
	struct row r;

	if (l.kind == LINE_FLOW)
		return store_rows(t->desk->store, l.index, 1, &r) == 1 ? r.id : 0;
	return IS_GROUP | (l.kind == LINE_MORE ? IS_MORE : 0) | l.group->number;
}

static size_t
tree_where(void *st, flow_id id)
{
	struct tree_view *t = st;
	struct group_line l = { .kind = id & IS_MORE ? LINE_MORE : LINE_GROUP };
	size_t index;

	if (!t->opened)
		id = t->desk->grouped;
	t->opened = true;
	t->desk->grouped = id;
	if (id & IS_GROUP) {
		l.group = grouping_numbered(t->desk->grouping, (uint32_t)id);
		return l.group ? grouping_find(t->desk->grouping, l) : SIZE_MAX;
	}
	index = store_index(t->desk->store, id);
	l = (struct group_line){ .kind = LINE_FLOW, .index = (uint32_t)index };
	return index == SIZE_MAX ? index : grouping_find(t->desk->grouping, l);
}

static unsigned
tree_names(const struct tree_view *t)
{
	unsigned used = 9 + 8 + GROUP_BARS + 2 + 8 + 8 + 10 + (t->columns >= CLASSES_FROM ? (GROUP_CLASSES - 2) * CLASS : 0);

	return t->columns > used + 16 ? t->columns - used : 16;
}

/* How the statuses are shared out: a cell at least for each class that is there. */
static void
tree_bar(const struct group *g, struct line *out)
{
	unsigned cells[GROUP_CLASSES] = { 0 }, used = 0, most = 0;

	for (unsigned i = 0; i < GROUP_CLASSES && g->flows; i++) {
		cells[i] = (unsigned)((uint64_t)g->status[i] * GROUP_BARS / g->flows);
		if (!cells[i] && g->status[i])
			cells[i] = 1;
		used += cells[i];
		if (cells[i] > cells[most])
			most = i;
	}
	cells[most] += GROUP_BARS - used;	/* the largest gives, or takes, what rounding has left */
	line_putf(out, ROLE_TEXT, "  ");
	for (unsigned k = 0; k < GROUP_CLASSES; k++) {
		unsigned i = (k + 2) % GROUP_CLASSES;	/* 2xx first, what has no status after 5xx */

		for (unsigned n = 0; n < cells[i]; n++)
			line_putf(out, class_roles[i], i ? "█" : "░");
	}
}

static void
tree_count(struct line *out, enum role role, uint64_t n, unsigned width)
{
	char text[WORDS_MAX] = "";

	if (n && words_count(n, text) && strlen(text) >= width)
		snprintf(text, sizeof(text), n < 999500 ? "%.0fk" : "%.1fM", (double)n / (n < 999500 ? 1e3 : 1e6));
	cell_right(out, role, bytes_of(text), width);
}

static void
tree_group(const struct tree_view *t, const struct group *g, struct line *out)
{
	unsigned indent = (g->level - 1) * 2, names = tree_names(t);
	enum role role = g->level == 1 ? ROLE_HOST : ROLE_PATH;
	char text[WORDS_MAX];

	indent = indent < names / 2 ? indent : names / 2;
	line_putf(out, ROLE_MARK, "%*s%s ", (int)indent + 1, "", g->open ? "▾" : "▸");
	cell_put(out, g->others ? ROLE_FAINT : role, bytes_of(g->name), names - indent - 3, g->level == 1 ? CUT_START : CUT_MIDDLE);
	tree_count(out, ROLE_NUMBER, g->flows, 9);
	tree_count(out, ROLE_BAD, g->failed, 8);
	tree_bar(g, out);
	for (unsigned i = 2; i < GROUP_CLASSES && t->columns >= CLASSES_FROM; i++)
		tree_count(out, class_roles[i], g->status[i], CLASS);
	cell_right(out, ROLE_NUMBER, bytes_of(words_size(g->bytes, text)), 8);
	cell_right(out, ROLE_TEXT, bytes_of(g->ended ? words_time(group_took(g), text) : ""), 8);
	cell_right(out, ROLE_FAINT, bytes_of(words_clock(g->last, false, text)), 10);
}

/* Within a host and path, what is left to say is the query. */
static void
tree_flow(const struct tree_view *t, const struct group *g, uint32_t index, struct line *out)
{
	unsigned indent = g->level * 2 + 3, names = tree_names(t);
	char text[700], number[WORDS_MAX];
	struct row r;

	if (store_rows(t->desk->store, index, 1, &r) != 1)
		return;
	if (grouping_key(t->desk->grouping)->deep)
		snprintf(text, sizeof(text), "%s", strchr(r.path, '?') ? strchr(r.path, '?') : g->level == 1 ? r.path : "");
	else
		snprintf(text, sizeof(text), "%s%s", r.host, r.path);
	indent = indent < names / 2 ? indent : names / 2;
	line_putf(out, ROLE_TEXT, "%*s", (int)indent, "");
	cell_put(out, ROLE_METHOD, bytes_of(row_method(&r)), 8, CUT_END);
	cell_put(out, ROLE_TEXT, bytes_of(text), names - indent - 8, CUT_MIDDLE);
	snprintf(number, sizeof(number), "#%llu", (unsigned long long)r.id);
	cell_right(out, ROLE_FAINT, bytes_of(number), 9);
	cell_right(out, ROLE_BAD, bytes_of(r.state == ROW_FAILED ? "failed" : ""), 8);
	snprintf(number, sizeof(number), "%u", r.status);
	line_putf(out, ROLE_TEXT, "  ");
	cell_put(out, class_roles[r.status / 100 < GROUP_CLASSES ? r.status / 100 : 0],
		bytes_of(r.status ? number : r.ended ? "–" : "…"), GROUP_BARS, CUT_END);
	if (t->columns >= CLASSES_FROM)
		line_putf(out, ROLE_TEXT, "%*s", (GROUP_CLASSES - 2) * CLASS, "");
	cell_right(out, ROLE_NUMBER, bytes_of(words_size(r.bytes[CLIENT] + r.bytes[SERVER], number)), 8);
	cell_right(out, ROLE_TEXT, bytes_of(words_time(row_took(&r, t->desk->now), number)), 8);
	cell_right(out, ROLE_FAINT, bytes_of(words_clock(r.begun, false, number)), 10);
}

static void
tree_line(void *st, size_t i, struct line *out)
{
	struct tree_view *t = st;
	struct group_line l;

	out->single = true;
	if (!grouping_lines(t->desk->grouping)) {
		line_putf(out, ROLE_FAINT, t->desk->catalog->flows ? " The filter takes none of the flows: t shows them." :
			" There is no flow yet.");
		return;
	}
	l = grouping_line(t->desk->grouping, i);
	out->flow = tree_token(t, l);
	if (l.kind == LINE_GROUP)
		tree_group(t, l.group, out);
	else if (l.kind == LINE_FLOW)
		tree_flow(t, l.group, l.index, out);
	else
		line_putf(out, ROLE_FAINT, "%*s%u earlier ones: + has them all in the list", (int)l.group->level * 2 + 3, "", l.index);
}

static void
tree_title(void *st, struct line *out, unsigned columns)
{
	struct tree_view *t = st;
	const struct grouping *g = t->desk->grouping;
	const struct catalog *c = t->desk->catalog;
	char text[WORDS_MAX];

	(void)columns;
	line_putf(out, ROLE_TITLE, "Tree ");
	line_putf(out, ROLE_FAINT, "%s, %s flows", grouping_key(g)->about, words_count(grouping_all(g)->flows, text));
	if (catalog_filters(c))
		line_putf(out, ROLE_EDITED, "  %s%.200s%s", c->invert ? "!(" : "", c->text, c->invert ? ")" : "");
	if (strcmp(grouping_sorted(g), grouping_order(0)))
		line_putf(out, ROLE_EDITED, "  sorted by %s", grouping_sorted(g));
}

static void
tree_header(void *st, struct line *out)
{
	struct tree_view *t = st;

	line_putf(out, ROLE_HEADER, "   %-*s%9s%8s  %-*s", (int)tree_names(t) - 3, "NAME", "FLOWS", "FAILED", GROUP_BARS, "STATUS");
	if (t->columns >= CLASSES_FROM)
		line_putf(out, ROLE_HEADER, "%*s%*s%*s%*s", CLASS, "2xx", CLASS, "3xx", CLASS, "4xx", CLASS, "5xx");
	line_putf(out, ROLE_HEADER, "%8s%8s%10s", "SIZE", "TOOK", "LAST");
}

static void
tree_fold(void *st, size_t i)
{
	struct tree_view *t = st;

	if (i < grouping_lines(t->desk->grouping))
		grouping_turn(t->desk->grouping, i);
}

/* Opens what is closed, or closes what is open, or goes to the group around it. */
static bool
tree_way(struct tree_view *t, size_t i, bool open)
{
	struct group_line l = grouping_line(t->desk->grouping, i);

	if (l.kind == LINE_GROUP && l.group->open != open) {
		grouping_turn(t->desk->grouping, i);
	} else if (!open) {
		const struct group *around = l.kind == LINE_GROUP ? l.group->up : l.group;

		t->desk->go = grouping_find(t->desk->grouping, (struct group_line){ .group = around });
	}
	return true;
}

/* A filter that is there holds on, but for what "only this" has made of it. */
static void
tree_base(struct tree_view *t, const struct catalog *c)
{
	if (!catalog_filters(c))
		*t->base = '\0';
	else if (c->invert || strcmp(c->text, t->made))
		snprintf(t->base, sizeof(t->base), "%s(%s) & ", c->invert ? "!" : "", c->text);
}

static bool
tree_only(struct tree_view *t, size_t i, struct fault *why)
{
	char command[FILTER_MAX + 8];
	struct buf text;

	if (i >= grouping_lines(t->desk->grouping))
		return fault(why, "there is no group here") || true;
	tree_base(t, t->desk->catalog);
	buf_init(&text, FILTER_MAX * 8);
	if (!grouping_filter(t->desk->grouping, i, &text, why)) {
		;
	} else if (strlen(t->base) + text.len >= sizeof(t->made)) {
		fault(why, "the filter would be longer than %d bytes", FILTER_MAX);
	} else {
		snprintf(t->made, sizeof(t->made), "%.*s%.*s", (int)strlen(t->base), t->base, (int)text.len, (const char *)text.at);
		snprintf(command, sizeof(command), "filter %s", t->made);
		(void)!action_run(t->desk, command, why);
	}
	buf_release(&text);
	return true;
}

static bool
tree_group_by(struct tree_view *t, struct fault *why)
{
	if (!*t->desk->arg)
		return false;
	if (!grouping_by(t->desk->grouping, t->desk->arg))
		return fault(why, "flows are not grouped by '%.40s': Tab completes", t->desk->arg) || true;
	t->desk->go = 0;
	return true;
}

/* By the same again: the other way round. */
static bool
tree_sort(struct tree_view *t, struct fault *why)
{
	const char *by = t->desk->arg;
	char back[40];

	if (!*by && !t->desk->asked)
		return false;
	if (!*by)
		by = grouping_order(0);
	snprintf(back, sizeof(back), "-%.30s", by);
	if (!grouping_sort(t->desk->grouping, strcmp(by, grouping_sorted(t->desk->grouping)) ? by : back))
		return fault(why, "groups have no '%.40s': Tab completes", by) || true;
	return true;
}

/* Enter on a flow is not ours: it goes to the list. */
static bool
tree_enter(struct tree_view *t, size_t i, struct fault *why)
{
	struct group_line l = grouping_line(t->desk->grouping, i);

	if (l.kind == LINE_MORE)
		return fault(why, "+ has them all in the list") || true;
	if (l.kind == LINE_GROUP)
		grouping_turn(t->desk->grouping, i);
	return l.kind == LINE_GROUP;
}

static bool
tree_act(void *st, const char *action, size_t i, struct fault *why)
{
	struct tree_view *t = st;

	if (!strcmp(action, "group"))
		return tree_group_by(t, why);
	if (!strcmp(action, "sort"))
		return tree_sort(t, why);
	if (!strcmp(action, "only") && !*t->desk->arg)
		return tree_only(t, i, why);
	if (i >= grouping_lines(t->desk->grouping))
		return !strcmp(action, "enter");
	if (!strcmp(action, "enter"))
		return tree_enter(t, i, why);
	if (!strcmp(action, "tab_next"))
		return tree_way(t, i, true);
	return !strcmp(action, "tab_prev") && tree_way(t, i, false);
}

const struct view_ops view_tree = {
	.name = "tree", .about = "flows in groups that open and close", .size = sizeof(struct tree_view), .rows = true,
	.open = tree_open, .refresh = tree_refresh, .lines = tree_lines, .line = tree_line, .title = tree_title,
	.header = tree_header, .where = tree_where, .follows = tree_follows, .fold = tree_fold, .act = tree_act,
};
