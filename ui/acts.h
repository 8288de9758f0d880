#ifndef UI_ACTS_H
#define UI_ACTS_H

#include "desk.h"
#include "layout.h"
#include "pane.h"

/* Every act_NAME() of the table, for those who write them. */
#define ACTION_DECLARE(name, keys, in, word, help) \
	bool act_##name(struct desk *desk, const char *arg, struct fault *why);
ACTIONS(ACTION_DECLARE)
#undef ACTION_DECLARE

/* An action that only does something to the focused pane. */
#define ACT_PANE(name, what) \
	bool \
	act_##name(struct desk *desk, const char *arg, struct fault *why) \
	{ \
		struct pane *p = layout_focus(desk->layout); \
		(void)arg, (void)why; \
		what; \
		return true; \
	}

#endif
