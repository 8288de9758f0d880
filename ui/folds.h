#ifndef UI_FOLDS_H
#define UI_FOLDS_H

#include "soth/base.h"

/*
 * Lines that are folded away under others, of any number of lines: what is
 * shown is counted from what is hidden.
 */
struct fold { size_t line, past; };	/* line stays, those up to past are hidden */

struct folds {
	struct fold *at;		/* by line; one may lie within another */
	size_t count;
};

void folds_release(struct folds *f);
bool folds_has(const struct folds *f, size_t line);
void folds_put(struct folds *f, size_t line, size_t past);	/* anew where it is there */
void folds_take(struct folds *f, size_t line);
/* Of `lines`: how many are shown; which the i-th of those is; and where a line
 * is among them, or the one that hides it. */
size_t folds_shown(const struct folds *f, size_t lines);
size_t folds_line(const struct folds *f, size_t i);
size_t folds_index(const struct folds *f, size_t line);

#endif
