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

/* Of act_filter.c, for whoever asks for an expression. */
bool filter_complete(struct desk *desk, const char *text, size_t n, char *out, size_t room);
const char *filter_about(struct desk *desk, const char *text, size_t at);
/* By the list, whichever pane has the keys. */
bool list_acts(struct desk *desk, const char *action, struct fault *why);

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
