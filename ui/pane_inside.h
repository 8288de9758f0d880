#ifndef UI_PANE_INSIDE_H
#define UI_PANE_INSIDE_H

#include "pane.h"
#include "wrapping.h"

/* For pane.c, which shows, and pane_seek.c, which finds a line. */
enum { PANE_ROWS_MAX = 512, LINE_COLUMNS_MAX = 32768, LINE_TEXT_MAX = 64 * 1024 };

struct pane {
	const struct view_ops *ops;
	void *st;
	struct desk *desk;
	struct area area;
	size_t lines;
	size_t at;		/* the cursor's line */
	size_t top, skip;	/* the first line in sight, and how many of its rows are above */
	int pan;
	bool follow;
	bool folded;		/* something was opened or closed: what is above it stays on the screen */
	char sought[128];
	size_t seek_at, seek_left;	/* on the way to the next of them; lines to look at, 0: it is not sought */
	int seek_way;
	size_t seek_before;	/* that are passed first */
	bool goal;		/* it is the view that seeks */
	size_t line_of[PANE_ROWS_MAX];	/* what each row of the body shows; SIZE_MAX: nothing */
};

int pane_body(const struct pane *p);		/* rows */
void pane_line(struct pane *p, size_t i, struct line *out);
bool pane_wraps(const struct pane *p);
/* Where the rows of a line of words begin; 0: it is none, or none that is wrapped. */
size_t pane_breaks(const struct pane *p, const struct line *l, unsigned start[WRAP_ROWS + 1]);

/* After a refresh: on to where the view says, and to what is sought. */
void pane_goes(struct pane *p);
void pane_seeks(struct pane *p);

#endif
