#ifndef UI_LIST_ROW_H
#define UI_LIST_ROW_H

#include "view.h"

/* A line of the list: a flow's columns, as many as there is room for. */
struct list_row {
	const struct row *row;
	const char *operation;	/* what its path does not say; "": nothing */
	const char *said;	/* what a person said of it; "": nothing */
	const char *mark;	/* before the path, a column wide */
	bool chosen;		/* it is selected */
	bool remarked;		/* some flow has a mark or a comment: they have a column */
	unsigned times;		/* it stands for so many that are the same; 0: for itself */
	uint64_t since, last;	/* ... when the first and the newest of them began */
	uint64_t now;
	unsigned columns;
};

/* Its badge, in a span; one more in front where it is selected. */
void list_row_state(struct line *out, const struct row *r, bool chosen);
void list_row_put(const struct list_row *l, struct line *out);
void list_row_names(unsigned columns, bool remarked, struct line *out);	/* of the columns */

#endif
