/* Bodies behind a content coding that are gone on with, so that something can be put into them. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "soth/inflate.h"
#include "soth/seam.h"

enum {
	PIECE = 16 * 1024, PLAIN_MAX = 64 << 20, STORED_MAX = 65535, BR_MAX = 65536, ZSTD_BLOCK_MAX = 128 << 10, ZSTD_HEAD_MAX = 6,
};

struct seam_ops;

struct seam {
	const struct seam_ops *ops;
	struct bytes coding;
	struct buf kept;
	bool lost;		/* more came than is kept */
	struct inflater *sender;	/* behind a cut */
	uint32_t check, length;	/* of all that is unpacked, as the coding's end says it; length modulo 2^32 */
	size_t block;		/* no block is larger */
};

struct seam_ops {
	const char *name;
	/* Between two blocks? s->sender has unpacked all that is kept. */
	enum seam_cut (*cut)(struct seam *s, struct fault *why);
	/* No more than s->block bytes. */
	bool (*put)(struct seam *s, struct bytes plain, struct buf *out);
	bool (*end)(struct seam *s, struct buf *out);
};

static enum seam_cut
never(struct fault *why, const char *words)
{
	fault(why, "%s", words);
	return SEAM_NEVER;
}

/* RFC 1951 section 3.2.4: a block that is stored begins, but for three bits, with a byte of its own. */
static bool
stored_put(struct seam *s, struct bytes plain, struct buf *out)
{
	const uint8_t head[] = { 0, (uint8_t)plain.len, (uint8_t)(plain.len >> 8), (uint8_t)~plain.len, (uint8_t)(~plain.len >> 8) };

	(void)s;
	return buf_add(out, (struct bytes){ head, sizeof(head) }) && buf_add(out, plain);
}

static const uint8_t stored_last[] = { 1, 0, 0, 0xff, 0xff };

static enum seam_cut
zlib_cut(struct seam *s, struct fault *why)
{
	if (inflater_ended(s->sender))
		return never(why, "its content coding has ended");
	if (!inflater_between(s->sender, &s->check))
		return SEAM_NOT_YET;
	s->block = STORED_MAX;
	return SEAM_CUT;
}

static bool
gzip_put(struct seam *s, struct bytes plain, struct buf *out)
{
	s->check = (uint32_t)crc32(s->check, plain.at, (unsigned)plain.len);
	return stored_put(s, plain, out);
}

/* RFC 1952 section 2.3.1 */
static bool
gzip_end(struct seam *s, struct buf *out)
{
	uint8_t tail[8];

	for (size_t i = 0; i < 4; i++) {
		tail[i] = (uint8_t)(s->check >> (8 * i));
		tail[4 + i] = (uint8_t)(s->length >> (8 * i));
	}
	return buf_add(out, (struct bytes){ stored_last, sizeof(stored_last) }) && buf_add(out, (struct bytes){ tail, sizeof(tail) });
}

static bool
deflate_put(struct seam *s, struct bytes plain, struct buf *out)
{
	s->check = (uint32_t)adler32(s->check, plain.at, (unsigned)plain.len);
	return stored_put(s, plain, out);
}

/* RFC 1950 section 2.2; of one that is bare (RFC 1951), nothing. */
static bool
deflate_end(struct seam *s, struct buf *out)
{
	uint8_t tail[4];

	for (size_t i = 0; i < 4; i++)
		tail[i] = (uint8_t)(s->check >> (24 - 8 * i));
	return buf_add(out, (struct bytes){ stored_last, sizeof(stored_last) }) &&
		(inflater_is_raw(s->sender) || buf_add(out, (struct bytes){ tail, sizeof(tail) }));
}

/* RFC 7932 section 9.2: ISLAST 0, four nibbles of length, ISUNCOMPRESSED 1; a byte begins behind that. */
static bool
br_put(struct seam *s, struct bytes plain, struct buf *out)
{
	uint32_t bits = (uint32_t)(plain.len - 1) << 3 | 1u << 19;
	const uint8_t head[] = { (uint8_t)bits, (uint8_t)(bits >> 8), (uint8_t)(bits >> 16) };

	(void)s;
	return buf_add(out, (struct bytes){ head, sizeof(head) }) && buf_add(out, plain);
}

/* ISLAST 1, ISLASTEMPTY 1 */
static bool
br_end(struct seam *s, struct buf *out)
{
	(void)s;
	return buf_add(out, LIT("\x03"));
}

/* All of it, and nothing is kept of what comes out but how much it is. False: it is broken, or it is a bomb. */
static bool
unpack(struct inflater *i, struct bytes more, size_t *len, struct buf *last, struct fault *why)
{
	bool full = true, ok = true;

	while (ok && full) {
		ok = inflater_some(i, &more, last, &full, why);
		if (full || more.len) {
			*len += last->len;
			buf_eat(last, last->len);
		}
		if (*len > PLAIN_MAX)
			return fault(why, "its content coding makes too much of it");
	}
	return ok;
}

/*
 * Where its blocks end only a decoder knows, to the bit, and it does not say:
 * one is asked whether a block of ours could follow, and the end. It can if
 * exactly that comes out.
 */
static enum seam_cut
br_cut(struct seam *s, struct fault *why)
{
	static const uint8_t plain[] = "is a block over here?";
	struct inflater *probe;
	struct buf block, out;
	size_t len = 0;
	bool can;

	if (inflater_ended(s->sender))
		return never(why, "its content coding has ended");
	probe = inflater_new(s->coding);
	buf_init(&block, PIECE);
	buf_init(&out, 4 * PIECE);
	can = unpack(probe, buf_bytes(&s->kept), &len, &out, why);
	buf_eat(&out, out.len);
	can = can && br_put(s, (struct bytes){ plain, sizeof(plain) }, &block) && br_end(s, &block) &&
		unpack(probe, buf_bytes(&block), &len, &out, why) && inflater_ended(probe) &&
		bytes_same(buf_bytes(&out), (struct bytes){ plain, sizeof(plain) });
	inflater_free(probe);
	buf_release(&block);
	buf_release(&out);
	s->block = BR_MAX;
	return can ? SEAM_CUT : SEAM_NOT_YET;
}

/* RFC 8878 section 3.1.1.1. How long the frame's header is; 0: not all of it is there. */
static size_t
zstd_frame(struct seam *s, struct bytes b, struct fault *why)
{
	static const uint8_t magic[] = { 0x28, 0xb5, 0x2f, 0xfd };
	uint8_t about = b.len > 4 ? b.at[4] : 0;
	unsigned exponent = b.len > 5 ? b.at[5] >> 3 : 0;

	if (b.len < ZSTD_HEAD_MAX)
		return 0;
	if (memcmp(b.at, magic, sizeof(magic)) || about & 3)
		fault(why, "its zstd frame is of another kind, or has a dictionary");
	else if (about & 0xe0)
		fault(why, "its zstd frame says how long it is");
	else if (about & 4)
		fault(why, "its zstd frame ends with a checksum of all of it");
	s->block = exponent < 7 ? (size_t)1 << (10 + exponent) : ZSTD_BLOCK_MAX;
	return ZSTD_HEAD_MAX;
}

/* From block to block; RFC 8878 section 3.1.1.2. */
static enum seam_cut
zstd_cut(struct seam *s, struct fault *why)
{
	struct bytes rest = buf_bytes(&s->kept);
	size_t head;

	why->text[0] = '\0';
	head = zstd_frame(s, rest, why);
	if (why->text[0])
		return SEAM_NEVER;
	rest = bytes_from(rest, head);
	while (head && rest.len >= 3) {
		uint32_t bits = rest.at[0] | (uint32_t)rest.at[1] << 8 | (uint32_t)rest.at[2] << 16;
		size_t len = (bits >> 1 & 3) == 1 ? 1 : bits >> 3;

		if (bits & 1)
			return never(why, "its zstd frame has ended");
		if (rest.len < 3 + len)
			return SEAM_NOT_YET;
		rest = bytes_from(rest, 3 + len);
	}
	return head && !rest.len ? SEAM_CUT : SEAM_NOT_YET;
}

static bool
zstd_block(struct bytes plain, bool last, struct buf *out)
{
	uint32_t bits = (uint32_t)plain.len << 3 | last;
	const uint8_t head[] = { (uint8_t)bits, (uint8_t)(bits >> 8), (uint8_t)(bits >> 16) };

	return buf_add(out, (struct bytes){ head, sizeof(head) }) && buf_add(out, plain);
}

static bool
zstd_put(struct seam *s, struct bytes plain, struct buf *out)
{
	(void)s;
	return zstd_block(plain, false, out);
}

static bool
zstd_end(struct seam *s, struct buf *out)
{
	(void)s;
	return zstd_block((struct bytes){ 0 }, true, out);
}

static const struct seam_ops seams[] = {
	{ "gzip", zlib_cut, gzip_put, gzip_end },
	{ "x-gzip", zlib_cut, gzip_put, gzip_end },
	{ "deflate", zlib_cut, deflate_put, deflate_end },
	{ "br", br_cut, br_put, br_end },
	{ "zstd", zstd_cut, zstd_put, zstd_end },
};

struct seam *
seam_new(struct bytes coding)
{
	struct seam *s;

	for (size_t i = 0; i < ARRAY_LEN(seams); i++)
		if (bytes_like(coding, seams[i].name)) {
			s = xalloc(sizeof(*s));
			s->ops = &seams[i];
			s->coding = bytes_of(seams[i].name);
			buf_init(&s->kept, SEAM_KEPT_MAX);
			return s;
		}
	return NULL;
}

void
seam_free(struct seam *s)
{
	if (!s)
		return;
	inflater_free(s->sender);
	buf_release(&s->kept);
	free(s);
}

void
seam_keep(struct seam *s, struct bytes came)
{
	if (s->lost || !came.len)
		return;
	s->lost = !buf_add(&s->kept, came);
	if (s->lost)
		buf_release(&s->kept);
}

enum seam_cut
seam_cut(struct seam *s, struct fault *why)
{
	enum seam_cut can = SEAM_NEVER;
	struct buf out;
	size_t len = 0;

	if (s->lost)
		return never(why, "too much of it has gone on in its content coding");
	if (!s->kept.len)
		return SEAM_NOT_YET;
	s->sender = inflater_new(s->coding);
	buf_init(&out, 4 * PIECE);
	if (s->sender && unpack(s->sender, buf_bytes(&s->kept), &len, &out, why))
		can = s->ops->cut(s, why);
	s->length = (uint32_t)(len + out.len);
	buf_release(&out);
	if (can == SEAM_CUT) {
		buf_release(&s->kept);
		return can;
	}
	inflater_free(s->sender);
	s->sender = NULL;
	return can;
}

bool
seam_put(struct seam *s, struct bytes plain, struct buf *out)
{
	while (plain.len) {
		struct bytes now = { plain.at, plain.len < s->block ? plain.len : s->block };

		s->length += (uint32_t)now.len;
		if (!s->ops->put(s, now, out))
			return false;
		plain = bytes_from(plain, now.len);
	}
	return true;
}

bool
seam_came(struct seam *s, struct bytes came, struct buf *out, struct fault *why)
{
	struct buf plain;
	bool ok;

	buf_init(&plain, PLAIN_MAX);
	ok = inflater_feed(s->sender, came, &plain, why) &&
		(seam_put(s, buf_bytes(&plain), out) || fault(why, "its content coding makes too much of it"));
	buf_release(&plain);
	return ok;
}

bool
seam_end(struct seam *s, struct buf *out)
{
	return s->ops->end(s, out);
}
