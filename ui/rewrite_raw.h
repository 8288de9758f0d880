#ifndef UI_REWRITE_RAW_H
#define UI_REWRITE_RAW_H

#include "rewrite.h"

/*
 * Messages that are typed byte by byte, or for HTTP/2 field by field, and go on
 * as they are: no length, no framing and no field is looked at.
 */

/* EDIT_RAW or EDIT_LIST: as its connection speaks. */
enum edit_mode rewrite_raw_mode(const struct rewrite *w, struct desk *desk);
/* Whether it can be typed so, as w->form has it. */
bool rewrite_raw_may(const struct rewrite *w, struct desk *desk, struct fault *why) MUST_USE;
/* The bytes as they would go on, to begin with: framed as the head says, and to where it goes. */
bool rewrite_raw_text(const struct rewrite *w, struct desk *desk, struct buf *out) MUST_USE;
/* A text that is being edited, and could not be sent, as a message to be written down raw. */
bool rewrite_force(struct rewrite *w, struct desk *desk, struct fault *why) MUST_USE;
/* What is told of what was typed: a head where it begins with one, and what is behind that. */
struct parts *rewrite_raw_parts(const struct rewrite *w, const struct edit_result *r);
/* A request of its own; released by sending_release(). */
bool rewrite_raw_sending(const struct rewrite *w, const struct edit_result *r, struct sending *out, struct fault *why) MUST_USE;

#endif
