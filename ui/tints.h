#ifndef UI_TINTS_H
#define UI_TINTS_H

#include "soth/doc.h"
#include "soth/store.h"

/*
 * Which colours the rows of the list have by a person's rules, a line each of
 * a file:
 *
 *	ROLE-OR-COLOUR EXPRESSION
 *
 * The first that takes a flow holds. Lines that begin with # are comments.
 * Rules are asked by another thread, of the rows in sight; what they said is
 * kept until the row changes.
 */
enum { TINTS_MAX = 64, TINT_LINE = 1024 };

struct tint {
	enum role role;		/* of the whole row, but where it has a colour */
	uint32_t paint;		/* 0; or INK() */
};

struct tints;

/* `path` NULL or empty, or no file: no rules. `why`: empty, or the first that is
 * wrong in it; the log has all, and the other rules hold. `wake`: see study.h. */
struct tints *tints_new(const char *path, struct store *s, int wake, struct fault *why);
void tints_free(struct tints *t);		/* NULL is fine; does not wait */
size_t tints_count(const struct tints *t);	/* the rules that hold */
/* Before each drawing, which waits for what it asks at most an eighth of
 * `patience` milliseconds in all; `now` in microseconds. */
void tints_begin(struct tints *t, uint64_t now, unsigned patience);
/* NULL: none, or it is not known yet. */
const struct tint *tints_of(struct tints *t, const struct row *r);

#endif
