#ifndef UI_PREVIEW_H
#define UI_PREVIEW_H

#include "view.h"

/*
 * Bytes on one line, for a table of them: JSON in its colours, other text as
 * it is, with white space in one, what is no text in hex. Adds to the line
 * what may be worth searching, more than is in sight; `text` must live as
 * long as the line.
 */
void preview_put(struct line *l, struct bytes text);
void preview_hex(struct line *l, struct bytes b);
/* Text alone, whatever it is, in one role. */
void preview_flat(struct line *l, enum role role, struct bytes text, size_t most);

#endif
