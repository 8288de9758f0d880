#ifndef PROTO_FRAMING_H
#define PROTO_FRAMING_H

#include "headers.h"

/*
 * Takes a body out of a byte stream as its framing says (RFC 9112 sections 6
 * and 7). Give it the bytes from where the body begins; each call says how
 * many of them it used and, of these, which are body. Strict: a chunk's line
 * ends with CRLF, its size is hexadecimal digits alone, its data end with
 * CRLF. Chunk extensions are read and dropped.
 *
 * It stops before the trailer section of a chunked body (BODY_TRAILER), which
 * is the caller's: fields up to an empty line.
 */
struct body {
	struct framing framing;
	uint64_t left;		/* of the body, or of the chunk */
	unsigned line;		/* bytes of the chunk's line so far */
	bool lenient, loose;
	enum { CHUNK_SIZE, CHUNK_SPACE, CHUNK_EXTENSION, CHUNK_LINE_END, CHUNK_DATA,
		CHUNK_DATA_CR, CHUNK_DATA_LF } state;
};

enum body_found {
	BODY_MORE,		/* all was used, and there is more to come */
	BODY_DATA,		/* *data was found: go on after it */
	BODY_TRAILER,		/* the last chunk was there: now the trailer section */
	BODY_END,		/* that was all */
	BODY_BAD,
};

void body_begin(struct body *b, struct framing framing);
/* Eats from *rest. */
enum body_found body_read(struct body *b, struct bytes *rest, struct bytes *data, struct fault *why);

#endif
