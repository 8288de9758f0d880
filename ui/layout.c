/* Which panes there are, where, and which has the keys. */
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "hunt.h"
#include "layout.h"

enum { ONE_COLS = 60, ONE_ROWS = 14, WIDE_COLS = 180, OVERS_MAX = 8, LOWS_MAX = 2 };

struct layout {
	struct desk *desk;
	struct area area;
	struct pane *list;
	struct pane *low[LOWS_MAX];	/* of the flow under the list's cursor */
	size_t lows;
	struct pane *over[OVERS_MAX];
	struct pane *beside[OVERS_MAX];	/* the companion of each; NULL: it has none */
	bool aside;			/* the keys are the companion's, of the last one */
	size_t overs;
	size_t focus;			/* 0: the list; else low[focus - 1] */
	size_t look;			/* overs, with the one that the held flow is in; 0: none is held */
	bool zoom;
};

static struct pane *
layout_pane(struct layout *l, const char *view)
{
	return pane_new(view_named(l->desk->views, view), l->desk);
}

struct layout *
layout_new(struct desk *desk)
{
	struct layout *l = xalloc(sizeof(*l));

	l->desk = desk;
	l->list = layout_pane(l, "list");
	return l;
}

static void
layout_pop(struct layout *l)
{
	pane_free(l->over[--l->overs]);
	if (l->beside[l->overs])
		pane_free(l->beside[l->overs]);
	l->aside = false;
	if (l->overs >= l->look)
		return;
	l->look = 0;
	l->desk->pinned = 0;
}

static void
layout_lows(struct layout *l, size_t count)
{
	static const char *const names[LOWS_MAX + 1][LOWS_MAX] = { { NULL }, { "detail" }, { "request", "response" } };

	for (size_t i = 0; i < l->lows; i++)
		pane_free(l->low[i]);
	l->lows = count;
	for (size_t i = 0; i < count; i++)
		l->low[i] = layout_pane(l, names[count][i]);
	if (l->focus > count)
		l->focus = count;
}

void
layout_free(struct layout *l)
{
	layout_lows(l, 0);
	while (l->overs)
		layout_pop(l);
	pane_free(l->list);
	free(l);
}

static bool
layout_single(const struct layout *l)
{
	return l->zoom || l->area.cols < ONE_COLS || l->area.rows < ONE_ROWS;
}

static void
layout_columns(struct layout *l)
{
	int list = l->area.cols * 43 / 100, each = (l->area.cols - list - 2) / 2;
	struct area a = { l->area.y, l->area.x, l->area.rows, list };

	pane_place(l->list, a);
	a.x += list + 1;
	a.cols = each;
	pane_place(l->low[0], a);
	a.x += each + 1;
	a.cols = l->area.cols - a.x;
	pane_place(l->low[1], a);
}

static void
layout_companion(struct layout *l, size_t i)
{
	bool wide = l->area.cols >= WIDE_COLS;
	struct area a = l->area, b = l->area;

	if (l->beside[i] && !layout_single(l)) {
		a.cols = wide ? l->area.cols / 2 : a.cols;
		a.rows = wide ? a.rows : l->area.rows * 2 / 5;
		b = (struct area){ wide ? a.y : a.y + a.rows, wide ? a.x + a.cols + 1 : a.x, wide ? a.rows : l->area.rows - a.rows,
			wide ? l->area.cols - a.cols - 1 : a.cols };
	}
	pane_place(l->over[i], a);
	if (l->beside[i])
		pane_place(l->beside[i], b);
}

static void
layout_place(struct layout *l)
{
	struct area top = l->area, low = l->area;

	for (size_t i = 0; i < l->overs; i++)
		layout_companion(l, i);
	if (layout_single(l)) {
		pane_place(l->list, l->area);
		for (size_t i = 0; i < l->lows; i++)
			pane_place(l->low[i], l->area);
	} else if (l->lows == LOWS_MAX) {
		layout_columns(l);
	} else {
		top.rows = l->area.rows * 9 / 20;
		low.y += top.rows;
		low.rows -= top.rows;
		pane_place(l->list, top);
		pane_place(l->low[0], low);
	}
}

void
layout_fit(struct layout *l, struct area a)
{
	size_t lows = a.cols >= WIDE_COLS ? 2 : 1;

	l->area = a;
	if (lows != l->lows)
		layout_lows(l, lows);
	layout_place(l);
}

static void
layout_refresh_over(struct layout *l, size_t i)
{
	pane_refresh(l->over[i]);
	if (!l->beside[i])
		return;
	l->desk->line = pane_flow(l->over[i]);
	pane_refresh(l->beside[i]);
}

void
layout_refresh(struct layout *l)
{
	pane_refresh(l->list);
	l->desk->flow = l->desk->pinned ? l->desk->pinned : l->desk->wanted ? l->desk->wanted : pane_flow(l->list);
	if (l->desk->pinned)
		hunt_refresh(l->desk->hunt);
	for (size_t i = 0; i < l->lows && !l->desk->pinned; i++)
		if (!layout_single(l) || l->focus == i + 1)
			pane_refresh(l->low[i]);
	if (l->overs)
		layout_refresh_over(l, l->overs - 1);
}

/* The line before a pane that stands beside another. */
static void
layout_rule(const struct pane *p)
{
	struct span bar = { ROLE_RULE, LIT("│") };
	struct area a = pane_area(p);

	a.x--;
	a.cols = 1;
	for (int y = 0; y < a.rows; y++)
		screen_row(a, y, 0, &bar, 1, ROLE_TEXT);
}

static void
layout_draw_both(struct pane *over, struct pane *beside, bool aside)
{
	pane_draw(over, !aside);
	pane_draw(beside, aside);
	if (pane_area(beside).x > pane_area(over).x)
		layout_rule(beside);
}

void
layout_draw(struct layout *l)
{
	struct pane *beside = l->overs ? l->beside[l->overs - 1] : NULL;

	if (beside && !layout_single(l)) {
		layout_draw_both(l->over[l->overs - 1], beside, l->aside);
		return;
	}
	if (l->overs || layout_single(l)) {
		pane_draw(layout_focus(l), true);
		return;
	}
	pane_draw(l->list, !l->focus);
	for (size_t i = 0; i < l->lows; i++)
		pane_draw(l->low[i], l->focus == i + 1);
	for (size_t i = 0; i < l->lows && l->lows == LOWS_MAX; i++)
		layout_rule(l->low[i]);
}

struct pane *
layout_focus(const struct layout *l)
{
	if (l->overs)
		return l->aside ? l->beside[l->overs - 1] : l->over[l->overs - 1];
	return l->focus ? l->low[l->focus - 1] : l->list;
}

struct pane *
layout_beside(const struct layout *l)
{
	return l->overs || l->focus || layout_single(l) || !l->lows ? NULL : l->low[l->lows - 1];
}

struct pane *
layout_list(const struct layout *l)
{
	return l->list;
}

static void
layout_uncover(struct layout *l)
{
	while (l->overs)
		layout_pop(l);
}

static void
layout_over(struct layout *l, const struct view_ops *ops)
{
	if (l->overs == OVERS_MAX)
		layout_pop(l);
	l->aside = false;
	l->beside[l->overs] = ops->companion ? layout_pane(l, ops->companion) : NULL;
	l->over[l->overs++] = pane_new(ops, l->desk);
	layout_place(l);
}

bool
layout_show(struct layout *l, const char *view, struct fault *why)
{
	const struct view_ops *ops = view_named(l->desk->views, view);

	if (!ops)
		return fault(why, "no view is called '%.40s': :view and Tab lists them", view);
	if (ops == pane_view(l->list)) {
		layout_uncover(l);
		l->focus = 0;
		return true;
	}
	for (size_t i = 0; i < l->lows; i++)
		if (pane_view(l->low[i]) == ops) {
			layout_uncover(l);
			l->focus = i + 1;
			return true;
		}
	if (l->overs && pane_view(l->over[l->overs - 1]) == ops) {
		l->aside = false;
		return true;
	}
	layout_over(l, ops);
	layout_refresh_over(l, l->overs - 1);	/* a key may come before it is drawn */
	return true;
}

void
layout_look(struct layout *l, flow_id flow)
{
	pane_to(l->list, flow);
	l->desk->pinned = flow;
	while (l->look && l->overs > l->look)
		layout_pop(l);
	if (l->look)
		return;
	layout_over(l, view_named(l->desk->views, "detail"));
	l->look = l->overs;
}

void
layout_unlook(struct layout *l)
{
	while (l->look)
		layout_pop(l);
}

bool
layout_close(struct layout *l)
{
	if (l->overs && l->aside) {
		l->aside = false;
	} else if (l->overs) {
		layout_pop(l);
	} else if (l->zoom) {
		layout_zoom(l);
	} else if (l->focus) {
		l->focus = 0;
	} else {
		return false;
	}
	return true;
}

void
layout_enter(struct layout *l)
{
	if (!l->overs && !l->focus && l->desk->flow)
		l->focus = l->lows;	/* on a wide screen, the response */
}

void
layout_next(struct layout *l, int way)
{
	size_t panes = l->lows + 1;

	if (l->overs && l->beside[l->overs - 1])
		l->aside = !l->aside;
	else if (!l->overs)
		l->focus = (l->focus + panes + (size_t)way) % panes;
}

void
layout_zoom(struct layout *l)
{
	l->zoom = !l->zoom;
	layout_place(l);
}

static bool
is_on(const struct pane *p, int y, int x)
{
	struct area a = pane_area(p);

	return y >= a.y && y < a.y + a.rows && x >= a.x && x < a.x + a.cols;
}

bool
layout_click(struct layout *l, int y, int x)
{
	if (l->overs && l->beside[l->overs - 1] && !layout_single(l))
		l->aside = is_on(l->beside[l->overs - 1], y, x);
	if (l->overs || layout_single(l))
		return pane_click(layout_focus(l), y, x);
	for (size_t i = 0; i <= l->lows; i++) {
		struct pane *p = i ? l->low[i - 1] : l->list;

		if (is_on(p, y, x)) {
			l->focus = i;
			return pane_click(p, y, x) || true;
		}
	}
	return false;
}
