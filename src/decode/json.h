#ifndef DECODE_JSON_H
#define DECODE_JSON_H

#include "soth/decode.h"

/*
 * JSON (https://www.rfc-editor.org/rfc/rfc8259), laid out as it comes: for
 * json.c, and for decoders whose bytes are JSON but for what stands around it.
 * Nothing is made of it in memory, and nothing is changed but the white space.
 */
enum { JSON_DEPTH_MAX = 128 << 10 };

struct json {			/* between two bytes; a value; begins zeroed */
	uint64_t base, line, line_at;	/* offset of what comes; lines before it, and where the last began */
	uint64_t values;	/* outermost ones */
	uint32_t depth;		/* of objects and arrays that are open */
	uint8_t state, then;	/* what comes; what comes after a comment */
	bool fenced;		/* leaves a * behind a value alone: it ends a comment around it */
	bool began;		/* the line has something on it */
	bool empty;		/* nothing yet in the innermost */
	bool comma;		/* what comes is after one */
	bool newline;		/* between the last token and what comes */
	bool glued;		/* what comes goes on the line of the comment before it */
	bool comments, commas;	/* there were comments; commas before what closes */
	uint64_t object[JSON_DEPTH_MAX / 64];	/* of each that is open: is it an object? */
};

/* Reads on. `last`: no more comes. What is wrong, it says by decode_fail(). */
void json_read(struct json *j, struct reader *in, struct decode *d, bool last);
void json_skip(struct json *j, struct bytes skipped);	/* someone else read these */

bool json_fenced(const struct json *j, struct bytes rest);	/* it left a * behind a value */

/* Nothing is wrong as far as it has come. */
bool json_fits(struct bytes first);
/* Of xssi.c: the prefix against scripts at the beginning of b, but for a byte
 * order mark and white space; empty: none. */
struct bytes xssi_prefix(struct bytes b);

/* Of bytes that a decoder has shown, or nobody: these go by brackets and quotes alone. */
const uint8_t *json_space_end(const uint8_t *at, const uint8_t *end);	/* white space and comments */
const uint8_t *json_string_end(const uint8_t *at, const uint8_t *end);	/* from its quote; NULL: not there */
const uint8_t *json_scalar_end(const uint8_t *at, const uint8_t *end);
size_t json_extent(struct bytes from);	/* see decoder.extent */

#endif
