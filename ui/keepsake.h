#ifndef UI_KEEPSAKE_H
#define UI_KEEPSAKE_H

#include "soth/buf.h"

/*
 * Small files of lines that soth and a person write: read as a whole, and
 * written beside the file, which is replaced when what is new is whole. A file
 * that is not there is empty; its folder is made when it is written.
 */
enum { KEEPSAKE_MAX = 4 << 20 };		/* bytes: of more nothing is read, nothing added to */

/* `out` was not begun yet, and is the caller's to release, whatever comes of it. */
bool keepsake_read(const char *path, struct buf *out, struct fault *why) MUST_USE;
/* Through links, with the rights the file had; one that is new is the person's alone. */
bool keepsake_write(const char *path, struct bytes text, struct fault *why) MUST_USE;
/* A line behind the others; the file is the person's alone then. */
bool keepsake_append(const char *path, const char *line, struct fault *why) MUST_USE;

/* The lines of a text, without their ends. */
bool keepsake_line(struct bytes *rest, struct bytes *line);	/* false: there are no more */
/* The first byte that no text has: a control; SIZE_MAX: it has none. */
size_t keepsake_control(struct bytes text);

/* What is wrong with lines: each goes to the log, up to some, and the first is kept to be said. */
struct complaint { const char *path; struct fault first; unsigned count; };
void complain(struct complaint *c, unsigned line, size_t column, const char *what);	/* both from 1 on */

#endif
