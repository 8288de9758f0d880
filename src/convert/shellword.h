#ifndef CONVERT_SHELLWORD_H
#define CONVERT_SHELLWORD_H

#include <stdio.h>

#include "soth/base.h"

/*
 * Foreign bytes in a command for sh (POSIX, bash, dash, zsh) that may be
 * pasted at a prompt: nothing in them is obeyed by the shell, by its history
 * or its line editor, nor by the terminal, and no line is longer than
 * terminals take. ASCII without a quote, or what is printable, is as it was.
 */

enum { SHELL_WORD_MAX = 120000 };	/* of an argument that Linux hands on */

/* One word, of at most SHELL_WORD_MAX bytes and none of them NUL:
 *	'text'			what is printable
 *	"$(printf 'te\tx\377')"	else; its end may be no LF */
void shell_word(FILE *out, struct bytes b);
bool shell_is_plain(struct bytes b);	/* the first of both */

/*
 * A command that writes any bytes, with the pipe behind it, and what belongs
 * under the line that the pipe leads to:
 *	printf 'te\nxt\000' | COMMAND
 *	base64 -d <<'END' | COMMAND
 *	dGUKeHQA
 *	END
 */
bool shell_pipe(FILE *out, struct bytes b);	/* whether shell_under() has to follow the command's line */
void shell_under(FILE *out, struct bytes b);
void shell_base64(FILE *out, struct bytes b);	/* lines of 76 characters */

#endif
