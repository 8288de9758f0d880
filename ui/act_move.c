/* Actions that move about in a pane. */
#include "acts.h"

ACT_PANE(up, pane_move(p, -1))
ACT_PANE(down, pane_move(p, 1))
ACT_PANE(page_up, pane_page(p, -2))
ACT_PANE(page_down, pane_page(p, 2))
ACT_PANE(half_up, pane_page(p, -1))
ACT_PANE(half_down, pane_page(p, 1))
ACT_PANE(first, pane_first(p))
ACT_PANE(last, pane_last(p))
ACT_PANE(pan_left, pane_pan(p, -8))
ACT_PANE(pan_right, pane_pan(p, 8))
ACT_PANE(fold, pane_fold(p))

/* The list's cursor, wherever the keys are. */
static bool
move_list(struct desk *desk, long way)
{
	desk->pinned = 0;
	pane_move(layout_list(desk->layout), way);
	return true;
}

bool
act_flow_next(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg, (void)why;
	return move_list(desk, 1);
}

bool
act_flow_prev(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg, (void)why;
	return move_list(desk, -1);
}

/* Of the pane with the keys, where it has a newest line; else of the list. */
bool
act_follow(struct desk *desk, const char *arg, struct fault *why)
{
	struct pane *p = layout_focus(desk->layout);

	(void)arg, (void)why;
	if (!pane_follow(p, !pane_follows(p))) {
		p = layout_list(desk->layout);
		pane_follow(p, !pane_follows(p));
	}
	desk_say(desk, pane_follows(p) ? "following the newest" : "staying here");
	return true;
}
