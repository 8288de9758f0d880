#ifndef PROTO_CHUNKED_H
#define PROTO_CHUNKED_H

#include <llhttp.h>

#include "soth/head.h"

/* The chunked transfer coding (RFC 9112 section 7.1), read by llhttp. */
struct chunked {
	llhttp_t parser;
	llhttp_settings_t settings;
	void (*data)(void *arg, struct bytes piece);	/* within what chunked_feed() was given */
	void *arg;
	struct buf *trailer;	/* its lines, as one text; NULL: none has come */
	size_t trailer_limit;
	bool too_long;
};

void chunked_init(struct chunked *c, size_t trailer_limit,
	void (*data)(void *arg, struct bytes piece), void *arg);
void chunked_release(struct chunked *c);

/* How much of `more` was used; *ended where the body is whole. SIZE_MAX: it is
 * broken, and why says how. */
size_t chunked_feed(struct chunked *c, struct bytes more, bool *ended, struct fault *why);

/* The trailer's fields, once ended; NULL: there were none, or (why) they are bad. */
struct head *chunked_trailer(struct chunked *c, struct fault *why);

#endif
