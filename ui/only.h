#ifndef UI_ONLY_H
#define UI_ONLY_H

#include "soth/flow.h"
#include "soth/store.h"

/*
 * "Only this value", "not this value", as terms of the filter language: of a
 * row's method, host, path and the like, or of a field of a head. What a
 * value holds is taken for itself, whatever it means in a regular expression;
 * one that is long counts by its beginning.
 *
 * To add a choice, add its line to the table in ui/only.c.
 */
enum { ONLY_TERM_MAX = 480, ONLY_VALUE_MAX = 200 };

struct only {
	char key;			/* what a person types for it */
	char value[ONLY_VALUE_MAX];	/* as it is shown */
	char term[ONLY_TERM_MAX];
};

/* The i-th choice there is for a flow; `flow` may be NULL. False: there are no more. */
bool only_choice(size_t i, const struct row *r, const struct flow *flow, struct only *out);
/* "~hq "^name: value$"": of the request, or of the response. */
void only_field(enum side side, struct bytes name, struct bytes value, char out[ONLY_TERM_MAX]);
/* `filter` (inverted, where `invert`) and the term, or not the term. False: there is no room. */
bool only_added(const char *filter, bool invert, const char *term, bool not, char *out, size_t room);

#endif
