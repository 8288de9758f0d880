#ifndef UI_SAVED_H
#define UI_SAVED_H

#include "ranking.h"

/*
 * What the list shows, under a number: a filter, columns and an order. In a
 * file of a person's, a line each:
 *
 *	NUMBER NAME [sort=COLUMN] [columns="..."] [inverted] [filter=EXPRESSION]
 *
 * The expression goes on to the end of the line; # begins a comment at the
 * beginning of one. What is wrong is told, stays in the file, and the other
 * lines hold.
 */
enum { SAVED_MAX = 9, SAVED_NAME = 24, SAVED_FILTER = 512, SAVED_COLUMNS = 1024, SAVED_SORT = RANKING_NAME };

struct saved_view {
	char name[SAVED_NAME];		/* "": it has none */
	char filter[SAVED_FILTER], columns[SAVED_COLUMNS], sort[SAVED_SORT];
	bool inverted;			/* what the filter does not take */
};

struct saved;

/* `path` NULL or empty: in memory alone. `columns`: of all flows, number 0.
 * `why`: empty, or the first that is wrong in the file; the log has all. */
struct saved *saved_open(const char *path, const char *columns, struct fault *why);
void saved_close(struct saved *s);
/* 1 to SAVED_MAX, and 0: all flows. NULL: nothing is saved there. */
const struct saved_view *saved_at(const struct saved *s, unsigned number);
/* False: it holds, but could not be written; or it is none, and then it does not hold. */
bool saved_put(struct saved *s, unsigned number, const struct saved_view *view, struct fault *why) MUST_USE;
/* The number of the one that shows the same; 0: none. */
unsigned saved_same(const struct saved *s, const struct saved_view *view);

#endif
