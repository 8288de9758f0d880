#ifndef SOTH_HEAD_H
#define SOTH_HEAD_H

#include "soth/slice.h"

/*
 * The head of an HTTP message: its start line and its fields, in the order
 * and case they came; or fields alone, for trailers. One block, made whole
 * and never changed; counted, so any thread may hold it. An edit makes a new
 * head, by way of a draft. HTTP/1 and HTTP/2 heads are the same thing here.
 *
 * Every head has a text, in the form of HTTP/1.1 (RFC 9112 section 2.1), with
 * the empty line at its end: for HTTP/1 exactly the bytes that came, else what
 * head_make() wrote. head_parse() of that text gives the same head again.
 */
struct head;

enum head_kind { HEAD_REQUEST, HEAD_RESPONSE, HEAD_FIELDS };
enum http_version { HTTP_1_0, HTTP_1_1, HTTP_2 };

struct field {
	struct bytes name, value;	/* value: without white space around it */
};

/* Strict: no line folding, no bare CR or LF, no NUL or other control in a
 * value, names and methods are tokens (RFC 9110 section 5.6.2), no white space
 * before a colon. `text` ends with the empty line. */
struct head *head_parse(struct bytes text, enum head_kind kind, struct fault *why) MUST_USE;
/* token and its bytes, RFC 9110 section 5.6.2. */
bool head_is_token(struct bytes b);
bool head_token_has(uint8_t c);
struct head *head_ref(struct head *h);
void head_drop(struct head *h);			/* NULL is fine */

/* All that follows is borrowed from h. */
struct bytes head_text(const struct head *h);
enum head_kind head_kind(const struct head *h);
enum http_version head_version(const struct head *h);
struct bytes head_method(const struct head *h);		/* empty: no request */
struct bytes head_target(const struct head *h);
unsigned head_status(const struct head *h);		/* 0: no response */
struct bytes head_reason(const struct head *h);
size_t head_count(const struct head *h);
struct field head_field(const struct head *h, size_t i);

/* The first field of that name, whatever its case; empty: none such. */
struct bytes head_find(const struct head *h, const char *name);
bool head_has(const struct head *h, const char *name);
/* Whether a comma-separated list field has this member (RFC 9110 5.6.1),
 * over all fields of the name, whatever the case: ("connection", "close"). */
bool head_lists(const struct head *h, const char *name, const char *member);

/*
 * A head not yet made. What it points to is borrowed; the array of fields is
 * its own, and draft_release() frees it. draft_of() starts from a head.
 */
struct draft {
	enum head_kind kind;
	enum http_version version;
	struct bytes method, target;
	unsigned status;
	struct bytes reason;
	struct field *field;
	size_t fields, room;
};

void draft_of(struct draft *d, const struct head *h);
void draft_add(struct draft *d, struct bytes name, struct bytes value);
void draft_set(struct draft *d, const char *name, struct bytes value);	/* in the first one's place, or last */
void draft_remove(struct draft *d, const char *name);	/* every one of that name */
void draft_release(struct draft *d);
/* NULL where what it says would not be a head (see head_parse). */
struct head *head_make(const struct draft *d, struct fault *why) MUST_USE;

#endif
