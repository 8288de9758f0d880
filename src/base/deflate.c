/* Content codings put on: gzip, deflate, br, zstd. */
#include <brotli/encode.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "soth/deflate.h"

enum { IN_MAX = 1 << 30, BR_QUALITY = 6, GZIP_WINDOW = 15 + 16, ZLIB_WINDOW = 15, ZLIB_MEMORY = 8 };

struct deflater {
	const char *name;
	/* How many bytes it may come to, at most; 0: too much of it. */
	size_t (*bound)(struct bytes in);
	/* How many it came to; 0: it failed. */
	size_t (*all)(struct bytes in, uint8_t *to, size_t room);
};

static size_t
zlib_bound(struct bytes in)
{
	return compressBound(in.len) + 64;
}

static size_t
zlib_all(struct bytes in, uint8_t *to, size_t room, int window)
{
	z_stream z = { .next_in = (uint8_t *)(uintptr_t)in.at, .avail_in = (unsigned)in.len };
	int ret;

	if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window, ZLIB_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		return 0;
	z.next_out = to;
	z.avail_out = (unsigned)room;
	ret = deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return ret == Z_STREAM_END ? room - z.avail_out : 0;
}

static size_t
gzip_all(struct bytes in, uint8_t *to, size_t room)
{
	return zlib_all(in, to, room, GZIP_WINDOW);
}

static size_t
deflate_zlib(struct bytes in, uint8_t *to, size_t room)
{
	return zlib_all(in, to, room, ZLIB_WINDOW);
}

static size_t
br_bound(struct bytes in)
{
	return BrotliEncoderMaxCompressedSize(in.len);
}

static size_t
br_all(struct bytes in, uint8_t *to, size_t room)
{
	return BrotliEncoderCompress(BR_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_DEFAULT_MODE, in.len, in.at, &room, to) ? room : 0;
}

static size_t
zstd_bound(struct bytes in)
{
	return ZSTD_compressBound(in.len);
}

static size_t
zstd_all(struct bytes in, uint8_t *to, size_t room)
{
	size_t got = ZSTD_compress(to, room, in.at, in.len, ZSTD_CLEVEL_DEFAULT);

	return ZSTD_isError(got) ? 0 : got;
}

static const struct deflater deflaters[] = {
	{ "gzip", zlib_bound, gzip_all },
	{ "x-gzip", zlib_bound, gzip_all },
	{ "deflate", zlib_bound, deflate_zlib },
	{ "br", br_bound, br_all },
	{ "zstd", zstd_bound, zstd_all },
	{ "identity", NULL, NULL },
};

static const struct deflater *
deflater_of(struct bytes coding)
{
	for (size_t i = 0; i < ARRAY_LEN(deflaters); i++)
		if (bytes_like(coding, deflaters[i].name))
			return &deflaters[i];
	return NULL;
}

bool
deflate_knows(struct bytes coding)
{
	return deflater_of(coding);
}

bool
deflate_all(struct bytes coding, struct bytes in, struct buf *out, struct fault *why)
{
	const struct deflater *d = deflater_of(coding);
	size_t room, got;
	uint8_t *to;

	if (!d)
		return fault(why, "%.*s: a content coding that is not known", (int)(coding.len < 80 ? coding.len : 80),
			(const char *)coding.at);
	if (!d->all)
		return buf_add(out, in) || fault(why, "identity: more than there is room for");
	room = in.len <= IN_MAX ? d->bound(in) : 0;
	to = room ? buf_room(out, room) : NULL;
	got = to ? d->all(in, to, room) : 0;
	if (!got)
		return fault(why, "%s: more than there is room for", d->name);
	buf_grew(out, got);
	return true;
}
