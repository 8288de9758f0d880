#ifndef UI_LIST_ROW_H
#define UI_LIST_ROW_H

#include "view.h"

/* A line of the list: a flow's columns, as many as there is room for. */
struct list_row {
	const struct row *row;
	const char *operation;	/* what its path does not say; "": nothing */
	const char *mark;	/* before the path, a column wide */
	unsigned times;		/* it stands for so many that are the same; 0: for itself */
	uint64_t since, last;	/* ... when the first and the newest of them began */
	uint64_t now;
	unsigned columns;
};

void list_row_state(struct line *out, const struct row *r);	/* its badge */
void list_row_put(const struct list_row *l, struct line *out);
void list_row_names(unsigned columns, struct line *out);	/* of the columns */

#endif
