#ifndef SOTH_MATCH_H
#define SOTH_MATCH_H

#include "soth/base.h"

/*
 * A regular expression (PCRE2, https://www.pcre.org/current/doc/html/pcre2pattern.html),
 * compiled, and within limits: one that takes too long on some text does not
 * match there. It does not change; each thread has its own scratch.
 */
struct match;

/* ^ and $ at lines; . at line ends too; the pattern is no regex, but text. */
enum match_flags { MATCH_CASE = 1, MATCH_LINES = 2, MATCH_DOTALL = 4, MATCH_TEXT = 8 };

/* NULL: a fault, and *at the byte of the pattern where it is. */
struct match *match_new(struct bytes pattern, unsigned flags, struct fault *why, size_t *at);
void match_free(struct match *m);		/* NULL is fine */
bool match_in(const struct match *m, struct bytes text);
/* Where the first one is; false: none. */
bool match_find(const struct match *m, struct bytes text, size_t *from, size_t *to);
/* Where the first one is that begins at `at` or behind it, and is not empty. What stands before `at` is seen.
 * *gave_up: it took too long, and there may be one all the same. */
bool match_next(const struct match *m, struct bytes text, size_t at, size_t *from, size_t *to, bool *gave_up);

/* The first one from `at` on, and its groups: 0 is all of it. */
enum { MATCH_GROUPS_MAX = 10 };
struct match_groups { struct bytes group[MATCH_GROUPS_MAX]; };	/* .at NULL: it took no part */
bool match_groups(const struct match *m, struct bytes text, size_t at, struct match_groups *out);
/* How many texts this thread has given up so far, for taking too long. */
uint64_t match_given_up(void);

/* What stands in every text that a pattern matches: at least one of these, in
 * lower case where there is a case. False: nothing is known to. */
enum { LITERALS_MAX = 8, LITERAL_MAX = 32 };
struct literals { size_t count; struct literal { size_t len; uint8_t at[LITERAL_MAX]; } text[LITERALS_MAX]; };
bool match_literals(struct bytes pattern, struct literals *out);
void literal_set(struct literal *l, struct bytes text);	/* as much as fits, in lower case */
size_t literals_least(const struct literals *l);	/* the length of the shortest */

#endif
