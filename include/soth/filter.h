#ifndef SOTH_FILTER_H
#define SOTH_FILTER_H

#include "soth/scene.h"
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
 *
 * A filter does not change: any number of threads may ask it at once, each
 * with a lens or a scene of its own.
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

/* The same of a flow as it stands: as filter_takes() would say once it is in a
 * store. Of messages there is the one that the scene is about; of what has not
 * come nothing is true. */
bool filter_takes_scene(const struct filter *f, const struct scene *s);
/* The same while the message that the scene is about may not be whole: LATER
 * where that has to come first. */
enum filter_answer { FILTER_NO, FILTER_YES, FILTER_LATER };
enum filter_answer filter_asks_scene(const struct filter *f, const struct scene *s);
/* For those who ask several filters of one scene: its row, made once. */
void scene_row(const struct scene *s, struct row *row);
bool filter_takes_row(const struct filter *f, const struct scene *s, const struct row *row);

/* The terms, for help, completion and the manual; ends with a NULL name. */
struct filter_term_about {
	const char *name, *argument, *about;
	const char *values;	/* of its argument, a word each; empty: not to be told */
};
bool filter_term(size_t i, struct filter_term_about *out);	/* false: there are no more */

/* The term that is before or around the byte `at` of a text that is being
 * written, with offsets in it. False: none is. */
struct filter_place {
	size_t name;			/* behind its ~ */
	size_t argument, end;		/* from, to; before there is one, the end of the name */
	bool argues;			/* the argument may be written */
	struct filter_term_about term;	/* .name NULL: none is called so */
};
bool filter_place(const char *text, size_t at, struct filter_place *out);

#endif
