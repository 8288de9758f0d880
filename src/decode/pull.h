#ifndef DECODE_PULL_H
#define DECODE_PULL_H

#include "soth/buf.h"

/*
 * JSON read in place, one thing at a time; nothing is allocated. A value is
 * the bytes that it is written in ("\"a\\n\"", "12", "{...}"); no value is
 * empty bytes. Of what is wrong or cut off comes what can be told of it.
 *
 *	struct pull p = pull_into(json, '{');
 *	struct bytes name, value;
 *
 *	while (pull_member(&p, &name, &value))
 *		use(name, value);
 */
struct pull {
	struct bytes rest;
	char close;		/* } or ] */
};

enum { PULL_DEPTH_MAX = 512, PULL_PATH_MAX = 32 };

bool pull_whole(struct bytes json);		/* one value, and nothing after it */
/* Of a value that is none, it has nothing in it. */
struct pull pull_into(struct bytes value, char open);
bool pull_member(struct pull *p, struct bytes *name, struct bytes *value);	/* the name without its quotes */
bool pull_item(struct pull *p, struct bytes *value);

/* What stands at "$.choices[0].delta['content']"; the $. may be missing. */
struct bytes pull_at(struct bytes json, struct bytes path);
struct bytes pull_to(struct bytes json, const char *path);

bool pull_is(struct bytes value, const char *text);	/* this very string, written without escapes */
bool pull_is_text(struct bytes value);			/* a string */
/* A string's text, as much as there is room for; false: that was not all. Of
 * what is no string, nothing. */
bool pull_text(struct bytes value, struct buf *to);
bool pull_count(struct bytes value, uint64_t *count);	/* false: no whole number */

#endif
