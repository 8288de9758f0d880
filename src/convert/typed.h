#ifndef CONVERT_TYPED_H
#define CONVERT_TYPED_H

#include "soth/buf.h"
#include "soth/convert.h"

/*
 * A request that a person wrote down, or a program for one: put together here,
 * and told as a flow that has no answer.
 */
enum { TYPED_URL_MAX = 1 << 20, TYPED_FIELDS_MAX = 4 << 20, TYPED_BODY_MAX = 256 << 20 };

struct typed {
	struct buf method;	/* empty: GET */
	struct buf url;		/* with a scheme or without, which is http then; or a path, where there is a Host */
	struct buf target;	/* in place of what the URL says; empty: that */
	struct buf fields;	/* "Name: value" CR LF, each */
	struct buf body;
	bool framed;		/* its length is said even where it is 0 */
	enum http_version version;
};

void typed_init(struct typed *t);
void typed_release(struct typed *t);
/* A value goes to the end of its line; what cannot stand there is a fault. */
bool typed_field(struct typed *t, struct bytes name, struct bytes value, struct fault *why) MUST_USE;
struct bytes typed_find(const struct typed *t, const char *name);	/* its value; .at NULL: it is not there */
bool typed_basic(struct typed *t, struct bytes user_password, struct fault *why) MUST_USE;	/* Authorization */
bool typed_tell(struct typed *t, struct teller *to, struct fault *why) MUST_USE;

/* All of a file, up to the limit of the buf. */
bool typed_load(FILE *in, struct buf *to, struct fault *why) MUST_USE;
/* RFC 4648 section 4; false: it is full. */
bool typed_base64(struct bytes b, struct buf *out) MUST_USE;

#endif
