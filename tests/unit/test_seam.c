/* Something is put into a body behind a content coding, and its receiver reads on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <brotli/encode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "soth/inflate.h"
#include "soth/seam.h"

enum { ROOM = 1 << 20, FIRST = 300000 };

/* What a server packs with: what it has so far goes out with each flush. */
struct packer {
	const char *coding;
	int window;		/* zlib's; 0: it is not */
	bool br, checksum;
	z_stream z;
	BrotliEncoderState *b;
	ZSTD_CCtx *c;
};

static void
packer_open(struct packer *p)
{
	if (p->window) {
		assert_int_equal(deflateInit2(&p->z, 6, Z_DEFLATED, p->window, 8, Z_DEFAULT_STRATEGY), Z_OK);
	} else if (p->br) {
		p->b = BrotliEncoderCreateInstance(NULL, NULL, NULL);
	} else {
		p->c = ZSTD_createCCtx();
		ZSTD_CCtx_setParameter(p->c, ZSTD_c_checksumFlag, p->checksum);
	}
}

static void
packer_close(struct packer *p)
{
	if (p->window)
		deflateEnd(&p->z);
	else if (p->br)
		BrotliEncoderDestroyInstance(p->b);
	else
		ZSTD_freeCCtx(p->c);
}

enum how { FLUSH, END };

static struct bytes
pack(struct packer *p, struct bytes plain, enum how how)
{
	static uint8_t room[ROOM];
	size_t got = 0;

	if (p->window) {
		p->z.next_in = (uint8_t *)(uintptr_t)plain.at;
		p->z.avail_in = (unsigned)plain.len;
		p->z.next_out = room;
		p->z.avail_out = ROOM;
		deflate(&p->z, how == FLUSH ? Z_SYNC_FLUSH : Z_FINISH);
		got = ROOM - p->z.avail_out;
	} else if (p->br) {
		uint8_t *to = room;
		size_t left = ROOM;

		BrotliEncoderCompressStream(p->b, how == FLUSH ? BROTLI_OPERATION_FLUSH : BROTLI_OPERATION_FINISH, &plain.len, &plain.at, &left, &to, NULL);
		got = ROOM - left;
	} else {
		ZSTD_inBuffer in = { plain.at, plain.len, 0 };
		ZSTD_outBuffer out = { room, ROOM, 0 };

		ZSTD_compressStream2(p->c, &out, &in, how == FLUSH ? ZSTD_e_flush : ZSTD_e_end);
		got = out.pos;
	}
	return (struct bytes){ room, got };
}

/* In which much refers back. */
static struct bytes
text_of(size_t len, unsigned seed)
{
	static uint8_t text[FIRST];
	uint32_t x = seed * 2654435761u + 1;

	for (size_t i = 0; i < len; i++) {
		x = x * 1664525 + 1013904223;
		text[i] = i > 40 && x >> 29 ? text[i - 37] : (uint8_t)("data: {}\n"[(x >> 20) % 9]);
	}
	return (struct bytes){ text, len };
}

static void
is_unpacked(const char *coding, struct bytes packed, struct bytes plain)
{
	struct inflater *i = inflater_new(bytes_of(coding));
	struct fault why = { "" };
	struct buf out;

	buf_init(&out, 8 << 20);
	if (!inflater_feed(i, packed, &out, &why))
		fail_msg("%s: %s", coding, why.text);
	assert_true(inflater_ended(i));
	assert_true(bytes_same(buf_bytes(&out), plain));
	inflater_free(i);
	buf_release(&out);
}

static void
add(struct buf *b, struct bytes more)
{
	assert_true(buf_add(b, more));
}

static void
into_the_middle(struct packer p, size_t first)
{
	struct seam *s = seam_new(bytes_of(p.coding));
	struct fault why = { "" };
	struct buf sent, plain;
	struct bytes b;

	buf_init(&sent, 8 << 20);
	buf_init(&plain, 8 << 20);
	packer_open(&p);
	for (unsigned i = 0; i < 3; i++) {
		add(&plain, text_of(first, i));
		b = pack(&p, text_of(first, i), FLUSH);
		seam_keep(s, b);
		add(&sent, b);
	}
	if (seam_cut(s, &why) != SEAM_CUT)
		fail_msg("%s: no cut: %s", p.coding, why.text);
	for (unsigned i = 0; i < 3; i++) {
		struct bytes large = text_of(i ? FIRST : 1, 7 + i);

		add(&plain, large);
		assert_true(seam_put(s, large, &sent));
		add(&plain, text_of(first, i));
		b = pack(&p, text_of(first, i), i == 2 ? END : FLUSH);
		for (size_t at = 0; at < b.len; at += 100)
			assert_true(seam_came(s, (struct bytes){ b.at + at, b.len - at < 100 ? b.len - at : 100 }, &sent, &why));
	}
	assert_true(seam_end(s, &sent));
	is_unpacked(p.coding, buf_bytes(&sent), buf_bytes(&plain));
	seam_free(s);
	packer_close(&p);
	buf_release(&sent);
	buf_release(&plain);
}

static const struct packer packers[] = {
	{ .coding = "gzip", .window = 31 }, { .coding = "X-GZip", .window = 31 }, { .coding = "deflate", .window = 15 },
	{ .coding = "deflate", .window = -15 }, { .coding = "br", .br = true }, { .coding = "zstd" },
};

static void
a_body_is_gone_on_with_between_two_blocks(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(packers); i++)
		for (size_t first = 1; first <= 100000; first *= 10)
			into_the_middle(packers[i], first);
}

static enum seam_cut
cut_of(const char *coding, struct bytes kept, struct fault *why)
{
	struct seam *s = seam_new(bytes_of(coding));
	enum seam_cut can;

	*why = (struct fault){ "" };
	seam_keep(s, kept);
	can = seam_cut(s, why);
	if (can == SEAM_NOT_YET)	/* it may be asked again */
		assert_int_equal(seam_cut(s, why), can);
	seam_free(s);
	return can;
}

/* The whole stream, with something put in after so many bytes where that can be. */
static bool
is_cut_at(const struct packer *p, const uint8_t *all, size_t at, size_t len)
{
	struct inflater *before = inflater_new(bytes_of(p->coding));
	struct seam *s = seam_new(bytes_of(p->coding));
	struct fault why = { "" };
	struct buf sent, plain;
	bool can;

	buf_init(&sent, ROOM);
	buf_init(&plain, ROOM);
	seam_keep(s, (struct bytes){ all, at });
	can = seam_cut(s, &why) == SEAM_CUT;
	if (can) {
		add(&sent, (struct bytes){ all, at });
		assert_true(inflater_feed(before, (struct bytes){ all, at }, &plain, &why));
		assert_true(seam_put(s, LIT("in between"), &sent));
		add(&plain, LIT("in between"));
		assert_true(inflater_feed(before, (struct bytes){ all + at, len - at }, &plain, &why));
		assert_true(seam_came(s, (struct bytes){ all + at, len - at }, &sent, &why));
		assert_true(seam_end(s, &sent));
		is_unpacked(p->coding, buf_bytes(&sent), buf_bytes(&plain));
	}
	inflater_free(before);
	seam_free(s);
	buf_release(&sent);
	buf_release(&plain);
	return can;
}

static void
wherever_it_may_be_cut_it_is_read_on(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(packers); i++) {
		struct packer p = packers[i];
		size_t flushed[2], len = 0;
		struct fault why;
		uint8_t all[4096];
		struct bytes b;
		unsigned cuts = 0;

		packer_open(&p);
		for (unsigned n = 0; n < 3; n++) {
			b = pack(&p, text_of(1000, n), n < 2 ? FLUSH : END);
			memcpy(all + len, b.at, b.len);
			len += b.len;
			if (n < 2)
				flushed[n] = len;
		}
		for (size_t at = 0; at < len; at++)
			cuts += is_cut_at(&p, all, at, len);
		assert_true(cuts >= 2 && cuts < 10);
		assert_true(is_cut_at(&p, all, flushed[0], len) && is_cut_at(&p, all, flushed[1], len));
		assert_int_equal(cut_of(p.coding, (struct bytes){ all, len }, &why), SEAM_NEVER);
		assert_non_null(strstr(why.text, "has ended"));
		packer_close(&p);
	}
}

static void
all_that_has_come_is_unpacked_at_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(packers); i++) {
		struct packer p = packers[i];
		struct inflater *in = inflater_new(bytes_of(p.coding));
		struct fault why = { "" };
		struct buf out;

		buf_init(&out, ROOM);
		packer_open(&p);
		assert_true(inflater_feed(in, pack(&p, text_of(100000, 1), FLUSH), &out, &why));
		assert_true(bytes_same(buf_bytes(&out), text_of(100000, 1)));
		packer_close(&p);
		inflater_free(in);
		buf_release(&out);
	}
}

static void
what_cannot_be_gone_on_with_says_why(void **state)
{
	static uint8_t much[SEAM_KEPT_MAX + 1];
	struct packer sums = { .coding = "zstd", .checksum = true };
	struct fault why;
	uint8_t one[100];

	(void)state;
	assert_null(seam_new(LIT("snappy")));
	assert_null(seam_new(LIT("identity")));
	packer_open(&sums);
	assert_int_equal(cut_of("zstd", pack(&sums, LIT("data"), FLUSH), &why), SEAM_NEVER);
	assert_string_equal(why.text, "its zstd frame ends with a checksum of all of it");
	packer_close(&sums);
	ZSTD_compress(one, sizeof(one), "data", 4, 1);
	assert_int_equal(cut_of("zstd", (struct bytes){ one, 10 }, &why), SEAM_NEVER);
	assert_string_equal(why.text, "its zstd frame says how long it is");
	assert_int_equal(cut_of("gzip", LIT("what is this? no gzip"), &why), SEAM_NEVER);
	assert_int_equal(cut_of("gzip", (struct bytes){ much, sizeof(much) }, &why), SEAM_NEVER);
	assert_string_equal(why.text, "too much of it has gone on in its content coding");
	assert_int_equal(cut_of("br", (struct bytes){ 0 }, &why), SEAM_NOT_YET);
}

/* Of what a hostile server has packed no more is unpacked than there is a limit for. */
static void
a_bomb_is_never_gone_on_with(void **state)
{
	static uint8_t zeros[1 << 20];
	struct packer p = { .coding = "gzip", .window = 15 + 16 };
	struct seam *s = seam_new(LIT("gzip"));
	struct fault why = { "" };

	(void)state;
	packer_open(&p);
	for (int i = 0; i < 80; i++)
		seam_keep(s, pack(&p, (struct bytes){ zeros, sizeof(zeros) }, FLUSH));
	assert_int_equal(seam_cut(s, &why), SEAM_NEVER);
	assert_string_equal(why.text, "its content coding makes too much of it");
	packer_close(&p);
	seam_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_body_is_gone_on_with_between_two_blocks),
		cmocka_unit_test(wherever_it_may_be_cut_it_is_read_on),
		cmocka_unit_test(all_that_has_come_is_unpacked_at_once),
		cmocka_unit_test(what_cannot_be_gone_on_with_says_why),
		cmocka_unit_test(a_bomb_is_never_gone_on_with),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
