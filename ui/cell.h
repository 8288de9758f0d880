#ifndef UI_CELL_H
#define UI_CELL_H

#include "view.h"

/* A column of a table: text fitted into `width` columns of the screen. What is
 * too long loses its end, its beginning (hosts) or its middle (paths). */
enum cell_cut { CUT_END, CUT_START, CUT_MIDDLE };

void cell_put(struct line *l, enum role role, struct bytes text, unsigned width, enum cell_cut cut);
void cell_right(struct line *l, enum role role, struct bytes text, unsigned width);

#endif
