#ifndef PROTO_HEADERS_H
#define PROTO_HEADERS_H

#include "soth/head.h"

/*
 * The one place where heads are judged, of whatever version of HTTP, before
 * anything of them is sent on.
 *
 * What a head says of its message, and whether it may say so. What is refused
 * here is what two readers could read in two ways (request smuggling): it
 * never gets as far as a second reader.
 */
enum framing_kind {		/* RFC 9112 section 6.3 */
	FRAMED_NONE,		/* no body */
	FRAMED_LENGTH,
	FRAMED_CHUNKED,
	FRAMED_CLOSE,		/* until the sender closes: responses alone */
};

struct framing {
	enum framing_kind kind;
	uint64_t length;
};

/* Of a head that came from a peer: 0, or the status to refuse it with. One of
 * HTTP/2 must have no fields that are the connection's (RFC 9113 section 8.2.2). */
unsigned headers_check(const struct head *h, struct fault *why) MUST_USE;
/* Of trailers that came from a peer: no field that frames or routes. */
bool headers_check_trailer(const struct head *h, struct fault *why) MUST_USE;

/* A field's line as HTTP/2 has it: names are small letters (RFC 9113 section
 * 8.2.1); what else is wrong with one is head_parse()'s to say. */
bool headers_check_name2(struct bytes name, struct fault *why) MUST_USE;
bool headers_check_value2(struct bytes name, struct bytes value, struct fault *why) MUST_USE;
/* The length that a head announces; false: it says nothing of it. */
bool headers_length(const struct head *h, uint64_t *length);

/* `method` is of the request; for a response, that of the request it answers. */
struct framing headers_framing(const struct head *h, struct bytes method);

/* The connection can stay for another message (RFC 9112 section 9.3), as far
 * as this head is concerned. */
bool headers_keep(const struct head *h);

#endif
