#ifndef UI_ONLY_H
#define UI_ONLY_H

#include "regex.h"
#include "soth/flow.h"
#include "soth/store.h"

/*
 * "Only this value", "not this value", as terms of the filter language: of a
 * row's method, host, path and the like, or of what a line of a page names:
 * a field of a head, of the query, of a form, a cookie, a member of JSON, a
 * line of the overview. What a value holds is taken for itself, whatever it
 * means in a regular expression; one that is long counts by its beginning.
 *
 * To add a choice, add its line to the table in ui/only.c.
 */
enum { ONLY_TERM_MAX = REGEX_TERM_MAX, ONLY_VALUE_MAX = 200 };

struct only {
	char key;			/* what a person types for it */
	char value[ONLY_VALUE_MAX];	/* as it is shown */
	char term[ONLY_TERM_MAX];
};

/* The i-th choice there is for a flow; `flow` may be NULL. False: there are no more. */
bool only_choice(size_t i, const struct row *r, const struct flow *flow, struct only *out);
/* Where a name and its value stand; of a query and a form without their escapes, of JSON as they are written. */
enum only_place { ONLY_HEAD, ONLY_QUERY, ONLY_FORM, ONLY_COOKIE, ONLY_MEMBER, ONLY_OVERVIEW };

/* "~hq "^name: value$"": of the request, or of the response. False: there is no term for it. */
bool only_field(enum only_place place, enum side side, struct bytes name, struct bytes value, char out[ONLY_TERM_MAX]);
/* `filter` (inverted, where `invert`) and the term, or not the term. False: there is no room. */
bool only_added(const char *filter, bool invert, const char *term, bool not, char *out, size_t room);

#endif
