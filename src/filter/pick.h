#ifndef FILTER_PICK_H
#define FILTER_PICK_H

#include "inside.h"

/*
 * What an argument picks, and what that has to be:
 *
 *	named	= NAME [ "=" regex ]
 *	path	= PATH [ ( "=" / "!=" / "<" / "<=" / ">" / ">=" ) value / "=~" regex ]
 *
 * White space may stand around the operator. All of it may be in quotes; or
 * the regex or value alone. In brackets of a path anything may stand.
 */
enum pick_op { PICK_ANY, PICK_IS, PICK_IS_NOT, PICK_LESS, PICK_AT_MOST, PICK_MORE, PICK_AT_LEAST, PICK_MATCHES };

struct pick {
	char *name;		/* or path */
	enum pick_op op;
	struct match *match;	/* PICK_MATCHES */
	char *value;		/* the others; NULL: PICK_ANY */
	double number;		/* of it, where it is one */
	bool numeric;
};

/* From *at on, which moves behind it; NULL: a fault, and *at is where. */
struct pick *pick_parse(enum argument kind, const char *text, size_t *at, struct fault *why);
/* Up to the regex or value behind the operator; or where there is none, to the end. */
size_t pick_head_length(enum argument kind, const char *s);
void pick_free(struct pick *p);		/* NULL is fine */

/* Whether a text is what it has to be; or one that may be a number too. */
bool pick_takes(const struct pick *p, struct bytes text);
bool pick_takes_number(const struct pick *p, struct bytes text);

#endif
