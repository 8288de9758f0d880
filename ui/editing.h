#ifndef UI_EDITING_H
#define UI_EDITING_H

#include "rewrite.h"

/* What becomes of a message that a person edited. Each says what it did. */
bool edit_send_anew(struct desk *desk, struct rewrite *w, struct edit_result *r, struct fault *why) MUST_USE;	/* a request of its own */
/* In place of what is held, or as its answer, or injected: as w has it. It can be undone. */
bool edit_send(struct desk *desk, struct rewrite *w, struct edit_result *r, struct fault *why) MUST_USE;
/* In place of what is held, without a trace for undo. */
bool edit_order(struct desk *desk, const struct rewrite *w, const struct edit_result *r, struct fault *why) MUST_USE;
bool edit_may_inject(struct desk *desk, flow_id flow, struct fault *why) MUST_USE;

/* Through the editor, and on its way. What was being edited goes on, where its
 * text was wrong; else take() fills desk->rewrite. */
bool edit_start(struct desk *desk, flow_id flow, enum edit_mode mode, bool (*take)(struct desk *desk, struct fault *why),
	struct fault *why) MUST_USE;

#endif
