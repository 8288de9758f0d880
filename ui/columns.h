#ifndef UI_COLUMNS_H
#define UI_COLUMNS_H

#include "facts.h"
#include "view.h"

/*
 * The columns of the list that a person chose, by name: what a row tells, and
 * what is read from a flow's data (see facts.h).
 *
 * To add one, add its line to the table in ui/columns.c.
 */
enum { COLUMNS_MAX = 16 };

struct cell_of {
	const struct row *row;
	uint64_t now;
	struct facts *facts;
	const struct fact *fact;	/* of a column of a flow's data */
	struct store *store;		/* that has the row */
};

struct column {
	const char *name, *heading;
	unsigned width;			/* columns of the screen: the least, where it has a share */
	unsigned share;			/* of what the others leave; 0: none */
	bool right;			/* its heading stands at its right */
	void (*draw)(const struct cell_of *c, struct line *out, unsigned width);
	const char *about;
};

struct columns {
	struct { const struct column *column; struct fact fact; } one[COLUMNS_MAX];
	size_t count;			/* 0: none was chosen */
};

/* Names with spaces between. False: nothing has changed. */
bool columns_parse(struct columns *c, const char *text, struct fault *why) MUST_USE;
void columns_row(const struct columns *c, unsigned columns, const struct cell_of *of, struct line *out);
void columns_header(const struct columns *c, unsigned columns, struct line *out);
/* The n-th name that goes on with `text`; false: there are no more. */
bool columns_complete(const char *text, size_t n, char *out, size_t room);
bool columns_about(size_t i, const char **name, const char **about);	/* false: no more */

#endif
