#ifndef DECODE_JSONPATH_INSIDE_H
#define DECODE_JSONPATH_INSIDE_H

#include "soth/base.h"

/* For jsonpath_find.c and jsonpath_each.c: a path, step by step, and JSON. */
struct way {
	const char *path, *at;	/* the whole; behind the step that is being taken */
	const uint8_t *json, *end;
	struct fault *why;
};

struct step { bool named, escaped; struct bytes name; uint64_t index; };

/* A name, byte by byte, with its escapes undone. */
struct name { struct bytes rest; bool escaped; uint8_t held[4]; unsigned count; };
int name_byte(struct name *n);		/* -1: no more */

bool way_fails(struct way *w, const char *words);	/* false */
bool way_root(struct way *w, uint64_t *before);	/* "$3": two values are before it */
bool step_read(struct way *w, struct step *s);

/* NULL: there is none. */
const uint8_t *way_outermost(const struct way *w, uint64_t before);
const uint8_t *way_space(const struct way *w, const uint8_t *at);
const uint8_t *way_over(const struct way *w, const uint8_t *at);	/* behind the value at `at` */
const uint8_t *way_member(const struct way *w, const uint8_t *at, const struct step *s);
const uint8_t *way_element(const struct way *w, const uint8_t *at, uint64_t index);
bool way_is_value(const uint8_t *at);

#endif
