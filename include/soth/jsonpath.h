#ifndef SOTH_JSONPATH_H
#define SOTH_JSONPATH_H

#include "soth/buf.h"

/*
 * Where a value stands in JSON, in words: $.users[3].name, $["a b"][0]. Of
 * several outermost values, as in records, $ is the first and $2 the second.
 *
 * A name is plain behind a dot, up to the next . or [ ; in ["..."] or ['...']
 * it may hold anything, with JSON's escapes, and is compared by what they mean.
 * Of members of one name, the first is found.
 *
 * Both read once over the bytes, as far as they must; the bytes may be many,
 * and need not be right: brackets, quotes, commas and colons are what they go
 * by. Comments and white space are passed over.
 */
enum { JSONPATH_DEPTH_MAX = 128 << 10 };

/* Of the value that begins at offset. False: none does, or it is too deep, or
 * its path does not fit. */
bool jsonpath_at(struct bytes json, uint64_t offset, char *out, size_t room) MUST_USE;

/* Where the value begins. */
bool jsonpath_find(struct bytes json, const char *path, uint64_t *offset, struct fault *why) MUST_USE;

/*
 * A path may also lead to several values: [*] is each element of an array,
 * .* each member of an object, and [*] of an object likewise. At most
 * JSONPATH_STEPS_MAX steps.
 */
enum { JSONPATH_STEPS_MAX = 32 };
bool jsonpath_right(const char *path, struct fault *why) MUST_USE;
/* Calls each() with each of them, as it is written, until one is true: then
 * that is returned. Bytes that do not begin as JSON does have none; a prefix
 * against scripts, as )]}', is passed over. */
bool jsonpath_each(struct bytes json, const char *path, bool (*each)(void *arg, struct bytes value), void *arg);
/* What a string says, with its escapes undone; false: it does not fit. */
bool jsonpath_text(struct bytes string, struct buf *out) MUST_USE;

#endif
