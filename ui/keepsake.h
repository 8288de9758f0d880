#ifndef UI_KEEPSAKE_H
#define UI_KEEPSAKE_H

#include <stdio.h>

#include "soth/base.h"

/*
 * Small files of lines in the state folder, which others may have written
 * into: a line that is too long, or has controls in it besides tabs, is left
 * out. What is written anew is written beside the file, which it replaces
 * when it is whole.
 */
enum { KEEPSAKE_LINE = 4096, KEEPSAKE_MAX = 8 << 20 };		/* bytes; behind that nothing is read */

/* Each line, without its end; the texts may be written to. A file that is not there has none. */
void keepsake_read(const char *path, void (*line)(void *of, char *text), void *of);
bool keepsake_write(const char *path, void (*write)(void *of, FILE *to), void *of, struct fault *why) MUST_USE;
bool keepsake_append(const char *path, const char *line, struct fault *why) MUST_USE;
/* The next field of a line with tabs between, "" behind the last. */
char *keepsake_field(char **line);
bool keepsake_clean(const char *text);		/* without controls */

#endif
