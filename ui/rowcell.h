#ifndef UI_ROWCELL_H
#define UI_ROWCELL_H

#include "cell.h"

/*
 * What the list draws of a row, a column each: exactly `width` columns of the
 * screen, for those that take one.
 */
enum { BARS = 10, URL_MAX = 800 };

void rowcell_version(struct line *out, const struct row *r, unsigned width);
void rowcell_host(struct line *out, const struct row *r, unsigned width);
void rowcell_mark(struct line *out, const struct row *r, unsigned width);
/* Where it goes, and what a person said of it, how it went wrong or the operation ("" for none). */
void rowcell_path(struct line *out, const struct row *r, const char *said, const char *operation, unsigned width);
void rowcell_status(struct line *out, const struct row *r, unsigned width);
void rowcell_type(struct line *out, const struct row *r, unsigned width);
void rowcell_bars(struct line *out, const struct row *r, uint64_t now);	/* BARS columns */

uint64_t row_bytes(const struct row *r);	/* of the answer; of both sides, where neither answers the other */
uint64_t row_took(const struct row *r, uint64_t now);	/* microseconds, until now where it goes on */
const char *row_url(const struct row *r, char out[URL_MAX]);

#endif
