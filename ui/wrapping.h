#ifndef UI_WRAPPING_H
#define UI_WRAPPING_H

#include "soth/doc.h"

/* Where each row of a line begins that goes on below at column `hang`, broken at spaces where there are any:
 * columns of the line. `start` has one more than there are rows: the end of the last. At most WRAP_ROWS of them:
 * the last one is then cut. */
enum { WRAP_ROWS = 1024 };
size_t wrap_rows(const struct span *span, size_t spans, unsigned width, unsigned hang, unsigned start[WRAP_ROWS + 1]);

#endif
