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
/* Behind what is refused, where mend.h could mend it. */
#define HEADERS_MENDS	"; validate-inbound-headers=no mends that"
void headers_mends(struct fault *why);

enum framing_kind {		/* RFC 9112 section 6.3 */
	FRAMED_NONE,		/* no body */
	FRAMED_LENGTH,
	FRAMED_CHUNKED,
	FRAMED_CLOSE,		/* until the sender closes: responses, and HTTP/2 (END_STREAM) */
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

/*
 * A header list of HTTP/2 before a head is made of it (RFC 9113 sections 8.2
 * and 8.3). headers_check_field() is asked of each field as it came: what it
 * refuses a head could no longer tell, or would be another head.
 */
enum pseudo {
	PSEUDO_METHOD, PSEUDO_SCHEME, PSEUDO_AUTHORITY, PSEUDO_PATH, PSEUDO_PROTOCOL, PSEUDO_STATUS, PSEUDO_COUNT
};

struct pseudos {
	struct bytes value[PSEUDO_COUNT];	/* borrowed; empty: not there */
	unsigned seen;				/* a bit for each */
};

bool headers_check_field(struct field f, struct fault *why) MUST_USE;
/* Puts it into p, and says which it was. */
bool headers_take_pseudo(struct pseudos *p, struct field f, enum pseudo *which, struct fault *why) MUST_USE;
/* Once all are there. `extended`: a request may have :protocol. */
bool headers_check_pseudos(const struct pseudos *p, enum head_kind kind, bool extended, struct fault *why) MUST_USE;


/* `method` is of the request; for a response, that of the request it answers. */
struct framing headers_framing(const struct head *h, struct bytes method);

/* The connection can stay for another message (RFC 9112 section 9.3), as far
 * as this head is concerned. */
bool headers_keep(const struct head *h);

#endif
