#ifndef UI_MARKS_H
#define UI_MARKS_H

#include "view.h"

/*
 * What a flow is marked with: a colour's name, a sign, or both. To add a
 * colour, add its role, its line in themes/ and in marks.c.
 */
struct tag {
	enum role role;
	struct bytes sign;	/* borrowed; as much of it as fits MARK_COLUMNS */
};
enum { MARK_COLUMNS = 2 };

#define MARK_USUAL	"●"
#define MARK_COMMENT	"✎"

/* The colours there are; NULL past the last. Each begins with a letter of its own. */
const char *mark_colour(size_t i);
struct tag mark_of(const char *text);
/* A line of the list as its mark has it. */
void mark_line(struct line *l, enum role role);

#endif
