#ifndef SOTH_FILTER_H
#define SOTH_FILTER_H

#include "soth/match.h"
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
/* For those who ask several filters of one scene: its row, made once. */
void scene_row(const struct scene *s, struct row *row);
bool filter_takes_row(const struct filter *f, const struct scene *s, const struct row *row);
/* What it will say once bodies and messages are there. */
enum filter_may { FILTER_NO, FILTER_MAYBE, FILTER_YES };
enum filter_may filter_may_take(const struct filter *f, const struct scene *s, const struct row *row);

/* What has to have come before it knows: bits. A_BODY: of whichever side it is
 * asked about, or of its messages. END: it is known of flows that are over. */
enum filter_asks {
	FILTER_ASKS_RESPONSE = 1, FILTER_ASKS_REQUEST_BODY = 2, FILTER_ASKS_RESPONSE_BODY = 4, FILTER_ASKS_A_BODY = 8,
	FILTER_ASKS_MESSAGE = 16, FILTER_ASKS_END = 32,
};
unsigned filter_asks(const struct filter *f);

/* For those who have many filters: no scene is taken of which scene_said() has
 * none of these in these sources (bits). False: nothing is known. */
enum scene_source { SCENE_METHOD = 1, SCENE_URL = 2, SCENE_HOST = 4, SCENE_HEADS = 8 };
bool filter_literals(const struct filter *f, struct literals *out, unsigned *sources);
/* In lower case; false: it does not fit. */
bool scene_said(const struct scene *s, unsigned sources, struct buf *out);
/* As ~u sees it, but for scheme and host, which are in lower case; false: there is none. */
bool scene_url(const struct scene *s, struct buf *out);

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
