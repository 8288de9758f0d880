#ifndef SOTH_FILTER_H
#define SOTH_FILTER_H

#include "soth/trail.h"

/*
 * Filter expressions: which flows. soth-filter(7) is for those who write them.
 *
 *	filter	= infix 1*( infix )	both hold; binds least
 *	infix	= or
 *	or	= and *( "|" and )
 *	and	= not *( "&" not )
 *	not	= [ "!" ] ( term / "(" filter ")" )
 *	term	= "~" NAME [ argument ] / regex		a regex alone is ~u
 *	regex	= 1*( any but ( ) ~ ' " and white space ) / "..." / '...'
 *
 * & | and ! are operators where a term may begin, or follow one without a
 * regex at its end; elsewhere they are of the regex. One that has nothing to
 * stand before or behind it is a regex.
 *
 * To add a term, add its line to src/filter/terms.c.
 */
struct filter;

/* NULL: a fault, and *at the byte of the text where it is. */
struct filter *filter_parse(const char *text, struct fault *why, size_t *at);
void filter_free(struct filter *f);		/* NULL is fine */

/* How much of a flow has to be read to tell. */
enum filter_depth { FILTER_ROW, FILTER_HEADS, FILTER_BODIES };
enum filter_depth filter_needs(const struct filter *f);

/* Reads what it must, of flows that the row alone does not tell; a lens each
 * thread (NULL will do where filter_needs() is FILTER_ROW). */
bool filter_takes(const struct filter *f, struct lens *l, const struct row *row);

/* The terms, for help, completion and the manual; ends with a NULL name. */
struct filter_term_about { const char *name, *argument, *about; };
bool filter_term(size_t i, struct filter_term_about *out);	/* false: there are no more */

#endif
