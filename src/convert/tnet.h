#ifndef CONVERT_TNET_H
#define CONVERT_TNET_H

#include <stdio.h>

#include "soth/buf.h"

/*
 * Typed netstrings, as mitmproxy has them (https://tnetstrings.info, and a tag
 * of their own for text):
 *
 *	11:hello world,		length of the data, the data, a tag
 *	8:5:alpha,]		a list of one
 *
 * A value is borrowed bytes. tnet_check() goes through all that is in one, once;
 * what it has passed is then walked by tnet_next() and tnet_find(), which need
 * no memory and no stack.
 */
enum tnet_tag {
	TNET_NONE = 0,		/* there is no such value */
	TNET_BYTES = ',', TNET_TEXT = ';', TNET_INT = '#', TNET_FLOAT = '^', TNET_BOOL = '!', TNET_NULL = '~',
	TNET_LIST = ']', TNET_DICT = '}',
};

enum { TNET_DIGITS_MAX = 12, TNET_DEPTH_MAX = 32, TNET_KEYS_MAX = 65536, TNET_NUMBER_MAX = 64 };

struct tnet {
	enum tnet_tag tag;
	struct bytes data;
};

/* A file of them, one after the other. */
struct tnet_file {
	FILE *in;
	uint64_t at;		/* bytes read so far */
	uint64_t begun;		/* where the last value's length stands */
	uint64_t inside;	/* ... and its data */
	struct buf data;
};
enum tnet_got { TNET_GOT, TNET_END, TNET_BROKEN };

void tnet_file_init(struct tnet_file *f, FILE *in, size_t limit);	/* of one value's data */
void tnet_file_release(struct tnet_file *f);
/* The next value, good until the one after it. What is in it is not looked at. */
enum tnet_got tnet_load(struct tnet_file *f, struct tnet *v, struct fault *why) MUST_USE;
/* `at`: where its data stands in the file, for the fault. */
bool tnet_check(struct tnet v, uint64_t at, struct fault *why) MUST_USE;

/* The next of a list's or a dictionary's data; false: no more. */
bool tnet_next(struct bytes *rest, struct tnet *v);
/* By a key; the last of that name. Of no dictionary: nothing. */
struct tnet tnet_find(struct tnet dict, const char *key);
struct bytes tnet_text(struct tnet v);		/* of bytes and text; empty: it is neither */
int64_t tnet_int(struct tnet v, int64_t otherwise);
bool tnet_true(struct tnet v);
/* Seconds since the epoch as microseconds; 0: it is no such time. */
uint64_t tnet_micros(struct tnet v);

/*
 * A value being put together from its end: so the lengths are known when they
 * are written, and the entries of a dictionary come to stand in the reverse of
 * the order they are put in, as mitmproxy has them. A list is put last to first.
 *
 *	size_t dict = tnet_open(o, TNET_DICT);
 *	tnet_put_int(o, "version", 21);
 *	tnet_close(o, NULL, dict);
 *
 * `key` is NULL in a list.
 */
struct tnet_out {
	uint8_t *base;
	size_t room, len, limit;	/* what there is stands at the end of the room */
	bool full;		/* the limit was met: what is there is of no use */
};

void tnet_out_init(struct tnet_out *o, size_t limit);
void tnet_out_release(struct tnet_out *o);
struct bytes tnet_out_bytes(const struct tnet_out *o);
void tnet_out_clear(struct tnet_out *o);
void tnet_put(struct tnet_out *o, const char *key, enum tnet_tag tag, struct bytes data);
void tnet_put_bytes(struct tnet_out *o, const char *key, struct bytes b);
void tnet_put_text(struct tnet_out *o, const char *key, struct bytes b);	/* what is no UTF-8 becomes U+FFFD */
void tnet_put_int(struct tnet_out *o, const char *key, int64_t n);
void tnet_put_bool(struct tnet_out *o, const char *key, bool b);
void tnet_put_null(struct tnet_out *o, const char *key);
void tnet_put_time(struct tnet_out *o, const char *key, uint64_t micros);	/* seconds */
size_t tnet_open(struct tnet_out *o, enum tnet_tag tag);
void tnet_close(struct tnet_out *o, const char *key, size_t opened);

#endif
