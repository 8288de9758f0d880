#ifndef UI_GLYPH_H
#define UI_GLYPH_H

#include "soth/base.h"

/*
 * What stands on the screen for the next character of foreign text: itself
 * with the marks that combine with it, or, for what a terminal might obey, a
 * visible mark in its place. Pure: pane and screen both count columns by it.
 *
 *	^[  a control		<202e>  a C1, bidi or invisible character
 *	\x9b  a byte that is no UTF-8
 */
struct glyph {
	char text[40];		/* UTF-8, NUL-terminated */
	unsigned columns;	/* 0 only where there was nothing to draw */
	bool mark;		/* stands for what cannot be shown */
};

/* Bytes used; 0 at the end. `column` is where it will stand, for tabs. */
size_t glyph_next(struct bytes s, unsigned column, struct glyph *g);
unsigned glyph_columns(struct bytes s);		/* of a whole text, from column 0 */
size_t glyph_fit(struct bytes s, unsigned columns);	/* bytes that fit in so many */

#endif
