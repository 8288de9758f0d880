#ifndef CONVERT_SHELLREAD_H
#define CONVERT_SHELLREAD_H

#include "soth/buf.h"

/*
 * Commands as they are pasted, cut into words. Nothing is run, and no file is
 * read. Of sh and bash: quotes '' "" $'' and $"", backslashes, lines that go on,
 * comments, and "$(printf 'format')"; commands end at a line, ; & and |. Of
 * cmd: carets and quotes, as browsers write them. Variables are left as they
 * stand.
 */
enum { SHELL_BYTES_MAX = 64 << 20, SHELL_WORDS_MAX = 100000 };

enum shell_kind { SHELL_SH, SHELL_CMD, SHELL_CMD_OLD };

struct shell {
	struct bytes text;
	size_t at;
	size_t begun;		/* where the last word begins */
	enum shell_kind kind;
};

enum shell_got {
	SHELL_WORD,		/* the next word of this command */
	SHELL_ENDS,		/* this command is over, and there may be another */
	SHELL_PIPE,		/* likewise, and its output goes to the next */
	SHELL_OVER,		/* there is no more */
	SHELL_BROKEN,		/* see the fault */
};

void shell_begin(struct shell *s, struct bytes text);
enum shell_got shell_next(struct shell *s, struct buf *word, struct fault *why) MUST_USE;
/* printf's format without arguments: its escapes, and %% for %. False: something else is in it, or it is full. */
bool shell_printf(struct bytes format, struct buf *out) MUST_USE;
/* The bytes from here to a line that says `end`, and past that line: a here-document. */
struct bytes shell_here(struct shell *s, struct bytes end);
/* "line 2, column 7", of a place in the text. */
void shell_where(const struct shell *s, size_t at, char out[48]);

#endif
