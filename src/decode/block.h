#ifndef DECODE_BLOCK_H
#define DECODE_BLOCK_H

#include "soth/buf.h"

/*
 * Blocks of an event stream, and their lines: WHATWG HTML section 9.2.5. A
 * block ends with an empty line; a line ends with LF, CR LF or CR.
 */
struct block_scan {		/* how far one was looked for; zeroed at its beginning */
	size_t line;		/* where the line that is open begins; BLOCK_WITHIN: before the bytes */
	size_t seen;		/* bytes that need not be looked at again */
};
#define BLOCK_WITHIN	SIZE_MAX

/* The length of the block that `in` begins with, its empty line too. 0: more
 * is needed, as after a CR that may be half a line end, unless nothing comes. */
size_t block_end(struct block_scan *s, struct bytes in, bool last);

/* The next line of it, in two; false: there is none. A comment's name is
 * empty. The line's end is skipped. */
bool block_line(struct bytes *block, struct bytes *name, struct bytes *value);

/* What its data lines hold, joined by LF: in place where there is one only,
 * else in `joined`, which is emptied first. Their count is returned. */
size_t block_data(struct bytes block, struct buf *joined, struct bytes *data);

#endif
