#ifndef CONVERT_REDACT_INSIDE_H
#define CONVERT_REDACT_INSIDE_H

#include "soth/buf.h"
#include "soth/redact.h"

/*
 * Between the files of the redactor. Each writes what it was given into `out`,
 * secrets replaced; false: out is full, and what is in it is not to be used.
 */
enum {
	REDACT_NAME_MAX = 64,	/* of a listed name */
	REDACT_DEPTH_MAX = 4,	/* of a text of its own in a value: JSON in JSON, a URL in a query */
};

struct name;			/* that stands in placeholders */

struct name *redact_name(const struct redactor *r, struct bytes name);	/* NULL: it is not listed */
struct name *redact_label(struct redactor *r, const char *label);	/* for a shape */

/* The placeholder of that value. Nothing for an empty one; a placeholder stays. */
bool redact_put(struct redactor *r, struct name *n, struct bytes value, struct buf *out) MUST_USE;
/* ... of all of it but the scheme in front ("Bearer"). */
bool redact_secret(struct redactor *r, struct name *n, struct bytes value, struct buf *out) MUST_USE;

/* What is found by itself in a text. */
enum shape {
	SHAPE_TOKENS,		/* what looks like a secret */
	SHAPE_ASSIGNED,		/* and name=value of a listed name */
	SHAPE_WORDS,		/* and "name": value, <name>value, name: value to the line's end */
};
bool redact_shape(struct redactor *r, struct bytes text, enum shape how, struct buf *out) MUST_USE;

/* Pairs of name=value with & between, percent-encoded. */
bool redact_pairs(struct redactor *r, struct bytes text, unsigned depth, struct buf *out) MUST_USE;
bool redact_url(struct redactor *r, struct bytes url, unsigned depth, struct buf *out) MUST_USE;
/* A value that is a URL, or JSON, or just text. */
bool redact_value(struct redactor *r, struct bytes text, unsigned depth, struct buf *out) MUST_USE;

/* Whether it is JSON: one value, or several with white space between. */
bool redact_is_json(struct bytes text);
bool redact_json(struct redactor *r, struct bytes text, unsigned depth, struct buf *out) MUST_USE;
/* The text of a string of JSON, without its escapes. */
bool redact_unescape(struct bytes raw, struct buf *out) MUST_USE;

bool redact_any(struct redactor *r, struct bytes type, struct bytes body, unsigned depth, struct buf *out) MUST_USE;
bool redact_multipart(struct redactor *r, struct bytes boundary, struct bytes body, unsigned depth, struct buf *out) MUST_USE;
void redact_was_broken(struct redactor *r);	/* called JSON, and is none */

#endif
