#ifndef UI_REGEX_H
#define UI_REGEX_H

#include "soth/base.h"

/*
 * A regular expression that is put together of values: each byte of one is
 * taken for itself. A value that is long, or has no room, is taken by its
 * beginning; `end` is what stands behind one that is whole.
 */
enum { REGEX_TERM_MAX = 480, REGEX_ROOM = REGEX_TERM_MAX / 2 - 16 };

struct regex { char text[REGEX_ROOM]; size_t used; bool cut; };

void regex_put(struct regex *r, const char *text);	/* as it is */
/* `cut`: the value is a beginning already. */
void regex_value(struct regex *r, struct bytes value, bool cut, const char *end);
/* Each byte as it is, or behind a percent sign. False: it is cut. */
bool regex_escapes(struct regex *r, struct bytes value, const char *end);
/* A name has to be whole, or what stands behind it is another's: false, where it is not. */
bool regex_name(struct regex *r, struct bytes name, const char *end) MUST_USE;
/* As a term of a filter: "~u ^a$"; in quotes, where backslashes stand twice, if it must be. */
void regex_term(const struct regex *r, const char *name, char out[REGEX_TERM_MAX]);

#endif
