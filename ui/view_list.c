/* The list of flows: one line each, in the order they came. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "columns.h"
#include "desk.h"
#include "facts.h"
#include "list_row.h"
#include "only.h"
#include "marks.h"
#include "saved.h"
#include "tints.h"
#include "urls.h"
#include "words.h"

struct list {
	struct desk *desk;
	struct catalog catalog;
	uint64_t moved;		/* as the catalog said */
	size_t held;		/* index of the flow that has the cursor, where its run has one line */
	flow_id at;		/* under the cursor, while it was there; */
	size_t index;		/* ... and its index */
	flow_id anchor;		/* had the cursor when it was asked for another order; 0: is there */
	unsigned columns;
	bool remarked;		/* there are marks or comments: they have a column */
	char advice[5][600];	/* while there is no flow */
	size_t advices;
	struct facts *facts;
	struct columns chosen;	/* none: as many as there is room for */
	unsigned epoch;		/* the desk's, when they were read; 0: not yet */
};

static void
list_advise(struct list *l)
{
	const struct desk *d = l->desk;

	l->advices = 0;
	if (!d->backend) {
		snprintf(l->advice[l->advices++], 600, "There is no flow in this session.");
		return;
	}
	snprintf(l->advice[l->advices++], 600, "Listening on %s. Nothing has come yet. Try, in another terminal:", d->address);
	snprintf(l->advice[l->advices++], 600, " ");
	if (strncmp(d->options->mode, "reverse", 7))
		snprintf(l->advice[l->advices++], 600, "curl -x %s --cacert %s https://example.com/", d->address, d->ca_path);
	else
		snprintf(l->advice[l->advices++], 600, "curl --cacert %s --connect-to ::%s https://example.com/",
			d->ca_path, d->address);
	snprintf(l->advice[l->advices++], 600, "soth ca       says how browsers and other programs come to trust soth");
	snprintf(l->advice[l->advices++], 600, ":qr           shows a code with its address, for a phone");
}

static void
list_open(void *st, struct desk *desk)
{
	struct list *l = st;

	l->desk = desk;
	l->held = SIZE_MAX;
	l->facts = facts_new(desk->store, desk->wake);
	catalog_open(&l->catalog, desk->store, desk->wake, desk->patience);
	desk->filter = l->catalog.text;
	desk->catalog = &l->catalog;
	list_advise(l);
}

static void
list_close(void *st)
{
	struct list *l = st;

	facts_free(l->facts);
	catalog_close(&l->catalog);
}

/* The run that has one line; NULL: the line is a flow's own. */
static const struct run *
list_run(const struct list *l, size_t i)
{
	const struct run *r = catalog_run(&l->catalog, i);

	return r && !r->open ? r : NULL;
}

/* Of the store: of a run, the flow that has the cursor, or the newest. */
static size_t
list_index(const struct list *l, size_t i)
{
	const struct run *r = list_run(l, i);
	bool held = r && l->held >= r->first && l->held < catalog_index(&l->catalog, i) && catalog_shows(&l->catalog, l->held);

	return held ? l->held : catalog_index(&l->catalog, i);
}

/* What was held is asked for again by list_where(), but where the newest is followed. */
static bool
list_refresh(void *st, unsigned columns)
{
	struct list *l = st;
	size_t index = l->desk->flow ? store_index(l->desk->store, l->desk->flow) : SIZE_MAX;
	bool held = l->held != SIZE_MAX, moved;
	struct fault why;

	if (l->epoch != l->desk->epoch + 1 && !columns_parse(&l->chosen, l->desk->options->columns, &why))
		l->chosen.count = 0;
	l->epoch = l->desk->epoch + 1;
	facts_begin(l->facts, l->desk->now, l->desk->patience);
	tints_begin(l->desk->tints, l->desk->now, l->desk->patience);
	catalog_fold(&l->catalog, l->desk->options->fold);
	if (index != SIZE_MAX) {
		l->at = l->desk->flow;
		l->index = index;
	}
	catalog_refresh(&l->catalog);
	moved = l->moved != l->catalog.moved;
	l->moved = l->catalog.moved;
	l->remarked = store_stats(l->desk->store).remarked;
	l->columns = columns;
	l->desk->filters = catalog_filters(&l->catalog);
	l->desk->inverts = l->catalog.invert;
	l->held = SIZE_MAX;
	return moved || held || l->anchor;
}

static size_t
list_where(void *st, flow_id id)
{
	struct list *l = st;
	size_t index = store_index(l->desk->store, l->anchor ? l->anchor : id), line;

	if (index == SIZE_MAX && l->at && store_stats(l->desk->store).gone)
		index = l->index;	/* it is gone: what is next to it */
	line = index == SIZE_MAX ? index : catalog_line(&l->catalog, index);

	if (line != SIZE_MAX && list_run(l, line))
		l->held = index;
	if (!catalog_busy(&l->catalog) || (line != SIZE_MAX && list_index(l, line) == index))
		l->anchor = l->desk->wanted = 0;
	return line;
}

static size_t
list_lines(void *st)
{
	struct list *l = st;

	if (!l->catalog.flows)
		return l->advices;
	return catalog_count(&l->catalog) ? catalog_count(&l->catalog) : 1;
}

static uint64_t
list_begun(const struct list *l, size_t index)
{
	struct row r;

	return store_rows(l->desk->store, index, 1, &r) == 1 ? r.begun : 0;
}

/* Before the path: whether it is of a run. */
static const char *
list_mark(const struct run *run, size_t i)
{
	return !run ? " " : !run->open ? "▸" : run->line == i ? "▾" : "│";
}

static void
list_row(const struct list *l, size_t i, const struct row *r, bool chosen, struct line *out)
{
	const struct run *run = catalog_run(&l->catalog, i);
	char said[REMARK_ROOM] = "";
	struct list_row row = { .row = r, .operation = facts_operation(l->facts, r), .said = said, .mark = list_mark(run, i),
		.chosen = chosen, .remarked = l->remarked, .last = r->begun, .now = l->desk->now, .columns = l->columns };

	if (l->chosen.count) {
		list_row_state(out, r, chosen);
		columns_row(&l->chosen, l->columns, &(struct cell_of){ r, l->desk->now, l->facts, NULL, l->desk->store }, out);
		return;
	}
	if (r->commented)
		store_said(l->desk->store, r->id, REMARK_COMMENT, said, sizeof(said));
	if (list_run(l, i)) {
		row.times = run->count;
		row.since = list_begun(l, run->first);
		row.last = list_begun(l, catalog_newest(&l->catalog, run));
	}
	list_row_put(&row, out);
}

/* In the colour of a rule, but for the state in front. */
static void
list_tint(const struct list *l, const struct row *r, bool chosen, struct line *out)
{
	const struct tint *t = tints_of(l->desk->tints, r);

	if (!t)
		return;
	out->under = t->role;
	for (size_t i = chosen ? 2 : 1; i < out->spans; i++) {
		out->span[i].role = t->role;
		out->span[i].paint = t->paint;
	}
}

static void
list_line(void *st, size_t i, struct line *out)
{
	struct list *l = st;
	struct row r;
	size_t index;
	bool chosen;

	if (!l->catalog.flows) {
		line_put(out, i == 2 ? ROLE_LINK : ROLE_FAINT, bytes_of(l->advice[i]));
		return;
	}
	if (!catalog_count(&l->catalog)) {
		line_putf(out, ROLE_FAINT, "The filter takes none of %zu flows: t shows them, f asks for another.", l->catalog.flows);
		return;
	}
	index = list_index(l, i);
	if (store_rows(l->desk->store, index, 1, &r) != 1 || !r.id)
		return;
	out->flow = r.id;
	chosen = selection_has(&l->desk->selection, index);
	list_row(l, i, &r, chosen, out);
	if (*r.mark)
		mark_line(out, mark_of(r.mark).role);
	else
		list_tint(l, &r, chosen, out);
	if (chosen)
		out->under = ROLE_CHOSEN;
}

static void
list_title(void *st, struct line *out, unsigned columns)
{
	struct list *l = st;
	struct saved_view now;
	char text[WORDS_MAX];
	unsigned saved = desk_view(l->desk, &now) ? saved_same(l->desk->saved, &now) : 0;

	(void)columns;
	line_putf(out, ROLE_TITLE, "Flows ");
	if (saved)
		line_putf(out, ROLE_KEYCAP, *saved_at(l->desk->saved, saved)->name ? "[%u %s]" : "[%u]", saved, saved_at(l->desk->saved, saved)->name);
	if (saved)
		line_putf(out, ROLE_TEXT, " ");
	if (catalog_filters(&l->catalog)) {
		line_putf(out, ROLE_EDITED, "%s of ", words_count(catalog_flows(&l->catalog), text));
		line_putf(out, ROLE_EDITED, "%s  %s%.200s%s", words_count(l->catalog.flows, text), l->catalog.invert ? "!(" : "",
			l->catalog.text, l->catalog.invert ? ")" : "");
	} else {
		line_putf(out, ROLE_FAINT, "%s", words_count(l->catalog.flows, text));
	}
	if (*l->catalog.by)
		line_putf(out, ROLE_EDITED, "  by %s", l->catalog.by);
	else if (l->catalog.fold)
		line_putf(out, ROLE_EDITED, "  folded into %s", words_count(catalog_count(&l->catalog), text));
	if (l->desk->selection.count)
		line_putf(out, ROLE_HELD, "  %s selected", words_count(l->desk->selection.count, text));
	if (catalog_busy(&l->catalog))
		line_putf(out, ROLE_FAINT, "  …");
}

static void
list_header(void *st, struct line *out)
{
	struct list *l = st;

	if (l->chosen.count) {
		line_putf(out, ROLE_HEADER, "   ");
		columns_header(&l->chosen, l->columns, out);
		return;
	}
	list_row_names(l->columns, l->remarked, out);
}

/* The URL of each; of the advice, its line. */
static bool
list_copy(struct list *l, size_t i, struct fault *why)
{
	if (l->catalog.flows)
		(void)!urls_copy(l->desk, why);
	else
		(void)!desk_copy(l->desk, bytes_of(l->advice[i]), why);
	return true;
}

/* What is wrong in it is shown below the expression. */
static bool
list_filter(struct list *l, struct fault *why)
{
	const char *text = l->desk->arg;
	struct fault *wrong = &l->desk->wrong;
	size_t at;

	if (!*text && !l->desk->asked)
		return false;
	*wrong = (struct fault){ "" };
	l->anchor = l->desk->flow;
	if (catalog_filter(&l->catalog, text, wrong, &at))
		return true;
	l->desk->wrong_at = at;
	return fault(why, "filter, byte %zu: %.150s", at + 1, wrong->text) || true;
}

static bool
list_switch(struct list *l, bool on, bool invert, struct fault *why)
{
	if (!*l->catalog.text)
		return fault(why, "there is no filter: f asks for one") || true;
	l->anchor = l->desk->flow;
	catalog_switch(&l->catalog, on, invert);
	return true;
}

/* To what is shown now, whether a filter says so or not. */
static bool
list_only(struct list *l, bool not, struct fault *why)
{
	const char *text = catalog_filters(&l->catalog) ? l->catalog.text : "";
	char made[sizeof(l->catalog.text)];
	size_t at;

	if (!*l->desk->arg)
		return false;		/* it is asked for */
	if (!only_added(text, l->catalog.invert, l->desk->arg, not, made, sizeof(made)))
		return fault(why, "the filter would be too long") || true;
	l->anchor = l->desk->flow;
	(void)!catalog_filter(&l->catalog, made, why, &at);
	return true;
}

/* What was saved under a number. */
static bool
list_bring_back(struct list *l, size_t i, struct fault *why)
{
	const struct saved_view *v = saved_at(l->desk->saved, (unsigned)(*l->desk->arg - '0'));
	size_t at;

	if (!v)
		return false;
	l->anchor = l->desk->flow;
	if (catalog_show(&l->catalog, &(struct catalog_wish){ v->filter, v->sort, v->inverted }, why, &at))
		l->desk->go = i;
	return true;
}

/* By the same column again: the other way round. */
static bool
list_sort(struct list *l, size_t i, struct fault *why)
{
	const char *by = l->desk->arg, *was = l->catalog.by;
	char back[RANKING_NAME];

	if (!*by && !l->desk->asked)
		return false;
	if (*by && !strcmp(by, was)) {
		snprintf(back, sizeof(back), "-%s", by);
		by = back;
	}
	if (!catalog_sort(&l->catalog, by))
		return fault(why, "no column is called '%.40s': Tab completes", by) || true;
	l->anchor = l->desk->flow;
	l->desk->go = i;
	return true;
}

/* To the flow of that number. */
static bool
list_go(struct list *l, struct fault *why)
{
	flow_id id = strtoull(l->desk->arg, NULL, 10);
	size_t index = store_index(l->desk->store, id), line;

	if (index == SIZE_MAX)
		return fault(why, "there is no flow %.40s", l->desk->arg) || true;
	line = catalog_line(&l->catalog, index);
	l->held = index;
	if (line == SIZE_MAX || list_index(l, line) != index)
		return fault(why, "the filter does not take flow %.40s: t shows it", l->desk->arg) || true;
	l->desk->go = line;
	return true;
}

static void
list_fold(void *st, size_t i)
{
	struct list *l = st;

	if (!l->catalog.fold)
		desk_say(l->desk, "Z folds what asks the same again and again");
	else if (!catalog_turn(&l->catalog, i))
		desk_say(l->desk, catalog_run(&l->catalog, i) ? "too many are open" : "this flow is not one of several that are the same");
	else
		l->anchor = l->desk->flow;
}

static bool
list_held(struct list *l, size_t i, struct fault *why)
{
	flow_id id = store_next_held(l->desk->store, l->desk->flow);

	if (!id)
		return fault(why, "nothing is held") || true;
	l->anchor = l->desk->flow = l->desk->wanted = id;
	l->desk->go = i;	/* and follows no more */
	return true;
}

static bool
list_act(void *st, const char *action, size_t i, struct fault *why)
{
	struct list *l = st;

	if (!strcmp(action, "copy"))
		return list_copy(l, i, why);
	if (!strcmp(action, "flow"))
		return list_go(l, why);
	if (!strcmp(action, "sort"))
		return list_sort(l, i, why);
	if (!strcmp(action, "held"))
		return list_held(l, i, why);
	if (!strcmp(action, "filter"))
		return list_filter(l, why);
	if (!strcmp(action, "only") || !strcmp(action, "except"))
		return list_only(l, *action == 'e', why);
	if (!strcmp(action, "bring_back"))
		return list_bring_back(l, i, why);
	if (!strcmp(action, "filter_toggle"))
		return list_switch(l, !l->catalog.on, l->catalog.invert, why);
	return !strcmp(action, "filter_invert") && list_switch(l, true, !l->catalog.invert, why);
}

const struct view_ops view_list = {
	.name = "list", .about = "every flow, a line each",
	.size = sizeof(struct list), .rows = true,
	.open = list_open, .close = list_close, .refresh = list_refresh, .lines = list_lines, .line = list_line,
	.title = list_title, .header = list_header, .where = list_where, .fold = list_fold, .act = list_act,
};
