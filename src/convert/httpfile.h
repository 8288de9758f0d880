#ifndef CONVERT_HTTPFILE_H
#define CONVERT_HTTPFILE_H

#include "soth/buf.h"

/*
 * Variables of a .http file: "@name = value" lines, whose values may name
 * others that stand before them. {{name}} is what is said last of it.
 *
 *	{{$guid}} {{$uuid}} {{$random.uuid}}	a UUID
 *	{{$timestamp}}				seconds since the epoch
 *	{{$randomInt 1 6}}			from 1 to 5; without numbers from 0 to 999
 *	{{$braces}}				{{ itself
 */
enum { VARS_MAX = 10000, VAR_MAX = 1 << 20, VARS_BYTES_MAX = 64 << 20 };

struct var { struct slice name, value; };
struct vars {
	struct var *at;
	size_t count, bytes;
};

void vars_release(struct vars *v);
bool vars_set(struct vars *v, struct bytes name, struct bytes value, struct fault *why) MUST_USE;
/* The text with what its {{names}} are; a name that is not known is a fault. */
bool vars_fill(const struct vars *v, struct bytes text, struct buf *out, struct fault *why) MUST_USE;

/* A file that lies beside the one that is read, or in a folder there: no path
 * that begins with / or goes up. */
bool beside_read(int fd, struct bytes name, struct buf *out, struct fault *why) MUST_USE;

#endif
