#ifndef SOTH_SSE_H
#define SOTH_SSE_H

#include "soth/buf.h"

/*
 * An event stream read as it comes: WHATWG HTML, section 9.2.5 (parsing) and
 * 9.2.6 (interpreting). Lines end with LF, CR LF or CR. Wherever the bytes are
 * cut, the same blocks come of them, and their sizes add up to the stream's.
 *
 *	struct sse s;
 *	struct sse_block b;
 *
 *	sse_init(&s, 1 << 20);
 *	while (sse_next(&s, &more, &b))		more: bytes that came
 *		use(&b);
 *	if (sse_end(&s, &b))			when nothing more comes
 *		use(&b);
 *	sse_release(&s);
 *
 * The stream is taken for UTF-8 and not checked. What came of a block whose
 * empty line never came is discarded, as the standard says.
 */
struct sse_block {		/* up to and with its empty line; texts are good until the next call */
	struct bytes event;	/* empty: "message" */
	struct bytes data;	/* its lines, joined with LF */
	struct bytes id;	/* the last event ID: of this block or an earlier one */
	uint64_t retry;		/* milliseconds; UINT64_MAX for all that is more */
	uint64_t data_len;	/* of all of the data: data.len, unless cut */
	uint64_t data_lines;
	uint64_t size;		/* bytes of the stream */
	bool dispatched;	/* it has data: a page would get an event of it */
	bool has_id, has_retry;	/* this block set it */
	bool cut;		/* a text was longer than the limit: .event, .data or .id is its beginning */
};

/* What follows is for sse.c alone. */
struct sse {
	struct buf data, event, id, value;
	uint8_t name[6];	/* of the field that the line is of */
	size_t named;		/* bytes in it; all of them: no name that we know */
	unsigned bom;		/* bytes of it that have come, at the stream's very start */
	bool started;		/* past where a BOM could be */
	enum { SSE_NAME, SSE_SPACE, SSE_VALUE } state;
	const struct sse_field *field;	/* from the colon on; NULL: none that we know */
	bool nul, value_cut;	/* of .value */
	bool digits, wrong;	/* of a retry's */
	uint64_t number;
	enum { SSE_LF = 1, SSE_CR, SSE_CRLF } line_end;	/* of the last line */
	bool after_cr;		/* an LF that comes now is the line end's second half */
	bool waits;		/* the block is complete but for that LF */
	bool told;		/* the block was handed out: the next begins */
	struct sse_block block;
};

/* No more than `limit` bytes are kept of any text; 0 only counts. */
void sse_init(struct sse *s, size_t limit);
/* Takes from *more as far as the next block's end. True: there it is. False: all was taken. */
bool sse_next(struct sse *s, struct bytes *more, struct sse_block *b);
bool sse_end(struct sse *s, struct sse_block *b);	/* true: a last block was complete after all */
void sse_release(struct sse *s);

#endif
