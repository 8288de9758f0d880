/* Content codings undone: gzip, deflate, br, zstd. */
#include <brotli/decode.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "soth/inflate.h"

enum { CHUNK = 16 * 1024, ZSTD_WINDOW_LOG = 23, IN_MAX = 1 << 30 };

struct coding;

struct inflater {
	const struct coding *coding;
	bool ended, begun;
	bool bare;		/* one stream alone: deflate */
	bool raw;		/* ... that has no frame */
	uint8_t first[2];	/* bytes of it, which say what kind it is */
	size_t firsts;
	union {
		z_stream z;
		BrotliDecoderState *br;
		ZSTD_DStream *zstd;
	};
};

struct coding {
	const char *name;
	bool (*open)(struct inflater *i);
	/* Reads of *more as long as `out` has room; *full: it had not for all. */
	bool (*feed)(struct inflater *i, struct bytes *more, struct buf *out, bool *full, struct fault *why);
	void (*close)(struct inflater *i);
};

static bool
out_full(bool *full)
{
	return *full = true;
}

static void
eat(struct bytes *more, size_t left)
{
	more->at += more->len - left;
	more->len = left;
}

static bool
gzip_open(struct inflater *i)
{
	return inflateInit2(&i->z, 15 + 16) == Z_OK;
}

static bool
deflate_open(struct inflater *i)
{
	(void)i;
	return true;	/* when its first bytes say which kind it is */
}

/* "deflate" is zlib (RFC 1950), but some send it bare (RFC 1951). A zlib
 * header's method is 8 and its two bytes are a multiple of 31. */
static bool
deflate_begin(struct inflater *i, const uint8_t first[2])
{
	bool zlib = (first[0] & 0x0f) == 8 && (first[0] >> 4) <= 7 && (first[0] << 8 | first[1]) % 31 == 0;

	i->begun = true;
	i->raw = !zlib;
	return inflateInit2(&i->z, zlib ? 15 : -15) == Z_OK;
}

static bool
zlib_feed(struct inflater *i, struct bytes *more, struct buf *out, bool *full, struct fault *why)
{
	do {
		uint8_t *to = buf_room(out, CHUNK);
		int ret;

		if (!to)
			return out_full(full);
		if (i->ended && i->bare)
			return fault(why, "deflate: bytes after its end");
		if (i->ended)	/* gzip has members, one after the other (RFC 1952 section 2.2) */
			inflateReset(&i->z);
		i->z.next_in = (uint8_t *)(uintptr_t)more->at;
		i->z.avail_in = more->len < IN_MAX ? (unsigned)more->len : IN_MAX;
		i->z.next_out = to;
		i->z.avail_out = CHUNK;
		ret = inflate(&i->z, Z_NO_FLUSH);
		eat(more, more->len - (size_t)(i->z.next_in - more->at));
		buf_grew(out, CHUNK - i->z.avail_out);
		i->ended = ret == Z_STREAM_END;
		if (ret != Z_OK && ret != Z_BUF_ERROR && ret != Z_STREAM_END)
			return fault(why, "%s: broken: %s", i->coding->name, i->z.msg ? i->z.msg : "no such data");
	} while (more->len || (!i->z.avail_out && !i->ended));
	return true;
}

static bool
deflate_feed(struct inflater *i, struct bytes *more, struct buf *out, bool *full, struct fault *why)
{
	i->bare = true;
	while (i->firsts < sizeof(i->first) && more->len) {
		i->first[i->firsts++] = *more->at++;
		more->len--;
	}
	if (i->firsts < sizeof(i->first))
		return true;
	if (!i->begun) {
		struct bytes first = { i->first, sizeof(i->first) };

		if (!deflate_begin(i, i->first))
			return fault(why, "deflate: cannot begin");
		if (!buf_room(out, CHUNK))
			return fault(why, "deflate: no room");
		if (!zlib_feed(i, &first, out, full, why))
			return false;
	}
	return zlib_feed(i, more, out, full, why);
}

static void
zlib_close(struct inflater *i)
{
	inflateEnd(&i->z);
}

static bool
br_open(struct inflater *i)
{
	i->br = BrotliDecoderCreateInstance(NULL, NULL, NULL);
	return i->br;
}

static bool
br_feed(struct inflater *i, struct bytes *more, struct buf *out, bool *full, struct fault *why)
{
	BrotliDecoderResult ret;

	if (i->ended)
		return !more->len || fault(why, "br: bytes after its end");
	do {
		uint8_t *to = buf_room(out, CHUNK);
		size_t room = CHUNK;

		if (!to)
			return out_full(full);
		ret = BrotliDecoderDecompressStream(i->br, &more->len, &more->at, &room, &to, NULL);
		buf_grew(out, CHUNK - room);
		if (ret == BROTLI_DECODER_RESULT_ERROR)
			return fault(why, "br: broken: %s", BrotliDecoderErrorString(BrotliDecoderGetErrorCode(i->br)));
		/* It wants more, and may have kept some that there was no room for. */
	} while (ret == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT || BrotliDecoderHasMoreOutput(i->br));
	i->ended = ret == BROTLI_DECODER_RESULT_SUCCESS;
	return !i->ended || !more->len || fault(why, "br: bytes after its end");
}

static void
br_close(struct inflater *i)
{
	BrotliDecoderDestroyInstance(i->br);
}

static bool
zstd_open(struct inflater *i)
{
	i->zstd = ZSTD_createDStream();
	return i->zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(i->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG));
}

static bool
zstd_feed(struct inflater *i, struct bytes *more, struct buf *out, bool *full, struct fault *why)
{
	ZSTD_outBuffer to;

	do {
		ZSTD_inBuffer in = { more->at, more->len, 0 };
		size_t ret;

		to = (ZSTD_outBuffer){ buf_room(out, CHUNK), CHUNK, 0 };
		if (!to.dst)
			return out_full(full);
		ret = ZSTD_decompressStream(i->zstd, &to, &in);
		eat(more, in.size - in.pos);
		buf_grew(out, to.pos);
		if (ZSTD_isError(ret))
			return fault(why, "zstd: broken: %s", ZSTD_getErrorName(ret));
		i->ended = !ret;
	} while (more->len || to.pos == to.size);
	return true;
}

static void
zstd_close(struct inflater *i)
{
	ZSTD_freeDStream(i->zstd);
}

static bool
identity_open(struct inflater *i)
{
	return i->ended = true;
}

static bool
identity_feed(struct inflater *i, struct bytes *more, struct buf *out, bool *full, struct fault *why)
{
	size_t n = more->len < out->limit - out->len ? more->len : out->limit - out->len;

	(void)i;
	if (n && !buf_add(out, (struct bytes){ more->at, n }))
		return fault(why, "identity: no room");
	eat(more, more->len - n);
	*full = more->len;
	return true;
}

static void
identity_close(struct inflater *i)
{
	(void)i;
}

static const struct coding codings[] = {
	{ "gzip", gzip_open, zlib_feed, zlib_close },
	{ "x-gzip", gzip_open, zlib_feed, zlib_close },
	{ "deflate", deflate_open, deflate_feed, zlib_close },
	{ "br", br_open, br_feed, br_close },
	{ "zstd", zstd_open, zstd_feed, zstd_close },
	{ "identity", identity_open, identity_feed, identity_close },
};

static const struct coding *
coding_named(struct bytes name)
{
	for (size_t i = 0; i < ARRAY_LEN(codings); i++)
		if (bytes_like(name, codings[i].name))
			return &codings[i];
	return NULL;
}

bool
inflater_knows(struct bytes coding)
{
	return coding_named(coding);
}

struct inflater *
inflater_new(struct bytes coding)
{
	const struct coding *c = coding_named(coding);
	struct inflater *i;

	if (!c)
		return NULL;
	i = xalloc(sizeof(*i));
	i->coding = c;
	if (c->open(i))
		return i;
	inflater_free(i);
	return NULL;
}

bool
inflater_feed(struct inflater *i, struct bytes more, struct buf *out, struct fault *why)
{
	bool full = false;

	if (more.len && !i->coding->feed(i, &more, out, &full, why))
		return false;
	return !full || fault(why, "unpacked it is larger than the limit: the rest is not shown");
}

bool
inflater_some(struct inflater *i, struct bytes *more, struct buf *out, bool *full, struct fault *why)
{
	*full = false;
	return i->coding->feed(i, more, out, full, why);
}

bool
inflater_ended(const struct inflater *i)
{
	return i->ended;
}

/* zlib.h, of data_type: 128 in front of a block's header, 64 in the last block, below that bits that wait. */
bool
inflater_between(const struct inflater *i, uint32_t *check)
{
	*check = (uint32_t)i->z.adler;
	return (i->begun || !i->bare) && !i->ended && (i->z.data_type & 0xff) == 128;
}

bool
inflater_is_raw(const struct inflater *i)
{
	return i->raw;
}

void
inflater_free(struct inflater *i)
{
	if (!i)
		return;
	i->coding->close(i);
	free(i);
}

static void
messages_close(struct inflater *i)
{
	inflateEnd(&i->z);
}

static const struct coding messages = { "permessage-deflate", NULL, NULL, messages_close };

/* Nine bits at least: zlib's deflate takes nine when it is asked for eight,
 * and most peers are made of it. */
struct inflater *
inflater_new_messages(unsigned window_bits)
{
	struct inflater *i = xalloc(sizeof(*i));

	i->coding = &messages;
	if (inflateInit2(&i->z, window_bits < 9 ? -9 : -(int)window_bits) == Z_OK)
		return i;
	free(i);
	return NULL;
}

/* A stream within a message may say that it ends (RFC 7692 section 7.2.3.4).
 * What follows is a new one, but the window is still the sender's. */
static void
messages_go_on(struct inflater *i)
{
	uint8_t window[1 << 15];
	unsigned len = 0;

	inflateGetDictionary(&i->z, window, &len);
	inflateReset(&i->z);
	inflateSetDictionary(&i->z, window, len);
}

static bool
messages_feed(struct inflater *i, struct bytes more, struct buf *out, bool *cut, struct fault *why)
{
	uint8_t room[CHUNK];

	i->z.next_in = (uint8_t *)(uintptr_t)more.at;
	i->z.avail_in = (unsigned)more.len;
	do {
		size_t got, fits;
		int ret;

		i->z.next_out = room;
		i->z.avail_out = CHUNK;
		ret = inflate(&i->z, Z_SYNC_FLUSH);
		got = CHUNK - i->z.avail_out;
		fits = got < out->limit - out->len ? got : out->limit - out->len;
		if (fits < got || (fits && !buf_add(out, (struct bytes){ room, fits })))
			*cut = true;
		if (ret == Z_STREAM_END)
			messages_go_on(i);
		else if (ret != Z_OK && ret != Z_BUF_ERROR)
			return fault(why, "%s", i->z.msg ? i->z.msg : "no such data");
	} while (i->z.avail_in || !i->z.avail_out);
	return true;
}

bool
inflater_message(struct inflater *i, struct bytes piece, bool last, struct buf *out, bool *cut, struct fault *why)
{
	static const uint8_t tail[] = { 0x00, 0x00, 0xff, 0xff };

	if (piece.len && !messages_feed(i, piece, out, cut, why))
		return false;
	if (!last)
		return true;
	if (inflateSyncPoint(&i->z) != 1)
		return fault(why, "it does not end in an empty block");
	return messages_feed(i, (struct bytes){ tail, sizeof(tail) }, out, cut, why);
}

void
inflater_reset(struct inflater *i)
{
	inflateReset(&i->z);
}
