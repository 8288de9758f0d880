#ifndef PROTO_FRAMING_H
#define PROTO_FRAMING_H

#include "soth/head.h"

/*
 * How long a message's body is, from its head alone: RFC 9112 section 6.3.
 * What could be read in two ways is refused: Content-Length together with
 * Transfer-Encoding, lengths that differ or are no plain number, any transfer
 * coding but one chunked, any at all in HTTP/1.0, and in an HTTP/1.1 request
 * a Host that is missing or there twice.
 */
struct framing {
	enum { FRAMING_NONE, FRAMING_LENGTH, FRAMING_CHUNKED, FRAMING_CLOSE } kind;
	uint64_t length;
};

bool framing_request(const struct head *h, struct framing *out, struct fault *why) MUST_USE;
/* `method` is of the request that this answers. */
bool framing_response(const struct head *h, struct bytes method, struct framing *out,
	struct fault *why) MUST_USE;

/* Whether the sender keeps the connection after this message (section 9.3). */
bool framing_persists(const struct head *h);

#endif
