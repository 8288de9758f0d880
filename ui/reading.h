#ifndef UI_READING_H
#define UI_READING_H

#include "desk.h"

/*
 * A body, or a message, as a pane shows it: read and laid out on another
 * thread, folded where the person said so, with its chain of steps over it.
 * One step of the chain is marked: what it gave out is shown, and another
 * choice is made of it.
 */
struct reading;

struct reading *reading_new(struct desk *desk);
void reading_free(struct reading *r);		/* NULL is fine */

/* Before each drawing. `grew`: the flow did. True: it is another one now. */
bool reading_show(struct reading *r, const struct flow *f, enum side side, bool grew);
/* Instead: bytes that are here, of `key` (see choices.h), which has them all. */
bool reading_show_bytes(struct reading *r, const char *key, const struct hint *hint, struct bytes bytes);
void reading_refresh(struct reading *r);	/* of bytes that are here: before each drawing */
void reading_forget(struct reading *r);		/* the next one is another one */

size_t reading_lines(const struct reading *r);
void reading_line(struct reading *r, size_t i, struct line *out);
void reading_fold(struct reading *r, size_t i);
/* "chunked 4.1k › br 18k › json": the chain, and what went wrong in it. */
void reading_chain(struct reading *r, struct line *out);
/* What the last step makes of it, "json"; "": a step before it is shown. */
const char *reading_last(const struct reading *r);
/* Nothing of it has come, or was kept; or it is empty. */
bool reading_empty(struct reading *r);
/* The line that a byte of it, behind its codings, is on; 0 where lines do not
 * say. What hides it is opened. False: it is not laid out yet. */
bool reading_line_of(struct reading *r, uint64_t at, size_t *line);
bool reading_grows(struct reading *r);		/* more lines come */
/* What the view's act() passes on, with the cursor on line i (SIZE_MAX: on none
 * of its lines). *to: where the cursor goes; unchanged: it stays. */
bool reading_act(struct reading *r, const char *action, size_t i, size_t *to, struct fault *why);

#endif
