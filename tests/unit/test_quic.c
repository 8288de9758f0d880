#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../src/proto/quic.h"
#include "../quic_seal.h"

enum { PIECE = 500, PIECES = 4, PADDING = 1800 };	/* a ClientHello in so many pieces, with the last one shorter */

static const struct sealer plain = { .version = QUIC_V1, .dcid = { (const uint8_t *)"12345678", 8 } };
static struct quic *q;
static struct buf hello;

static int
begin(void **state)
{
	(void)state;
	q = quic_new();
	buf_init(&hello, 4096);
	seal_hello("name.test", "h3", PADDING, &hello);
	return 0;
}

static int
done(void **state)
{
	(void)state;
	quic_free(q);
	buf_release(&hello);
	return 0;
}

/* A copy of its own, so that one byte too far is seen by the sanitizer. */
static enum quic_kind
give(struct bytes datagram)
{
	uint8_t *copy = malloc(datagram.len ? datagram.len : 1);
	enum quic_kind kind;

	memcpy(copy, datagram.at, datagram.len);
	kind = quic_read(q, (struct bytes){ copy, datagram.len });
	free(copy);
	return kind;
}

static void
again(void)
{
	quic_free(q);
	q = quic_new();
}

static void
check_hello(const char *name, const char *alpn)
{
	const struct hello *h = quic_hello(q);

	assert_non_null(h);
	assert_true(bytes_are(h->name, name));
	assert_int_equal(h->alpns, alpn ? 1 : 0);
	assert_true(!alpn || bytes_are(h->alpn[0], alpn));
}

static void
seal_pad(struct buf *frames)
{
	while (frames->len < 1100)
		assert_true(buf_add(frames, LIT("\0")));
}

/* A datagram with one Initial with the hello's bytes from..to in it. */
static struct slice
initial(const struct sealer *s, size_t from, size_t to)
{
	struct buf frames, out;

	buf_init(&frames, 4096);
	buf_init(&out, 8192);
	to = to < hello.len ? to : hello.len;
	seal_crypto(buf_bytes(&hello), from, to - from, &frames);
	seal_pad(&frames);
	seal_initial(s, buf_bytes(&frames), &out);
	buf_release(&frames);
	return buf_seal(&out);
}

static enum quic_kind
give_initial(const struct sealer *s, size_t from, size_t to)
{
	struct slice datagram = initial(s, from, to);
	enum quic_kind kind = give(datagram.bytes);

	slice_drop(&datagram);
	return kind;
}

static enum quic_kind
give_frames(struct bytes frames)
{
	struct buf out;
	enum quic_kind kind;

	buf_init(&out, 8192);
	seal_initial(&plain, frames, &out);
	kind = give(buf_bytes(&out));
	buf_release(&out);
	return kind;
}

static struct bytes
vector(const char *path, uint8_t room[QUIC_DATAGRAM])
{
	FILE *f = fopen(path, "rb");
	size_t len;

	assert_non_null(f);
	len = fread(room, 1, QUIC_DATAGRAM, f);
	fclose(f);
	assert_int_equal(len, QUIC_DATAGRAM);
	return (struct bytes){ room, len };
}

static void
test_the_client_initial_of_rfc_9001_names_example_com(void **state)
{
	uint8_t room[QUIC_DATAGRAM];

	(void)state;
	assert_int_equal(give(vector("fuzz/corpus/quic/rfc9001-a2", room)), QUIC_HELLO);
	assert_int_equal(quic_version(q), 1);
	assert_true(bytes_are(quic_hello(q)->name, "example.com"));
}

static void
test_the_client_initial_of_rfc_9369_is_of_version_2(void **state)
{
	uint8_t room[QUIC_DATAGRAM];

	(void)state;
	assert_int_equal(give(vector("fuzz/corpus/quic/rfc9369-a2", room)), QUIC_HELLO);
	assert_int_equal(quic_version(q), QUIC_V2);
	assert_true(bytes_are(quic_hello(q)->name, "example.com"));
}

static void
test_before_anything_came_nothing_is_known(void **state)
{
	(void)state;
	assert_null(quic_hello(q));
	assert_int_equal(quic_version(q), 0);
	assert_int_equal(give((struct bytes){ (const uint8_t *)"", 0 }), QUIC_NOT);
	assert_int_equal(give(LIT("GET / HTTP/1.1\r\n")), QUIC_NOT);
	assert_int_equal(give(LIT("\x40 a short header without a long one before")), QUIC_NOT);
	assert_int_equal(quic_version(q), 0);
}

static void
test_pieces_come_in_any_order(void **state)
{
	size_t order[PIECES] = { 0, 1, 2, 3 }, orders = 24;

	(void)state;
	assert_in_range(hello.len, (PIECES - 1) * PIECE + 1, PIECES * PIECE);
	while (orders--) {
		size_t swap = orders % 3, was = order[swap];

		for (size_t i = 0; i < PIECES; i++)
			assert_int_equal(give_initial(&plain, order[i] * PIECE, (order[i] + 1) * PIECE),
				i + 1 < PIECES ? QUIC_MORE : QUIC_HELLO);
		check_hello("name.test", "h3");
		again();
		order[swap] = order[swap + 1];
		order[swap + 1] = was;
	}
}

static void
test_pieces_may_overlap_and_come_twice(void **state)
{
	(void)state;
	assert_int_equal(give_initial(&plain, 700, 1300), QUIC_MORE);
	assert_int_equal(give_initial(&plain, 700, 1300), QUIC_MORE);
	assert_int_equal(give_initial(&plain, 500, 900), QUIC_MORE);
	assert_int_equal(give_initial(&plain, 1200, 2000), QUIC_MORE);
	assert_int_equal(give_initial(&plain, 0, 400), QUIC_MORE);
	assert_int_equal(give_initial(&plain, 0, 499), QUIC_MORE);
	assert_int_equal(give_initial(&plain, 499, 501), QUIC_HELLO);
	check_hello("name.test", "h3");
}

static void
test_once_whole_it_stays_so_whatever_comes(void **state)
{
	(void)state;
	hello.len = 0;
	seal_hello("a.test", "h3", 0, &hello);
	assert_int_equal(give_initial(&plain, 0, hello.len), QUIC_HELLO);
	assert_int_equal(give(LIT("\x40 its own business")), QUIC_HELLO);
	check_hello("a.test", "h3");
}

static void
test_a_packet_number_has_one_to_four_bytes(void **state)
{
	static const uint32_t numbers[] = { 0x07, 0xfffe, 0xabcdef, 0x80000001 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		struct sealer s = plain;

		s.number_len = i + 1;
		s.number = numbers[i];
		assert_int_equal(give_initial(&s, 0, 900), QUIC_MORE);
		assert_int_equal(give_initial(&s, 900, hello.len), QUIC_HELLO);
		again();
	}
}

/* After a Retry a client takes the server's id, and gives a token; after the
 * server's first packet it writes to another id, with the keys it had. */
static void
test_ids_change_and_tokens_come(void **state)
{
	struct sealer s = plain;

	(void)state;
	s.scid = LIT("source");
	s.token = LIT("the server gave it");
	assert_int_equal(give_initial(&s, 0, 900), QUIC_MORE);
	s.keyed = s.dcid;
	s.dcid = LIT("the server's");
	assert_int_equal(give_initial(&s, 900, hello.len), QUIC_HELLO);
	again();
	assert_int_equal(give_initial(&plain, 0, 900), QUIC_MORE);
	s = plain;
	s.dcid = LIT("after a retry");
	assert_int_equal(give_initial(&s, 900, hello.len), QUIC_HELLO);
}

static void
test_a_broken_tag_reads_as_later(void **state)
{
	struct slice d = initial(&plain, 0, 1000), broken;

	(void)state;
	for (size_t at = 30; at < d.bytes.len; at += 97) {
		broken = slice_copy(d.bytes);
		((uint8_t *)(uintptr_t)broken.bytes.at)[at] ^= 1;
		assert_int_equal(give(broken.bytes), QUIC_LATER);
		slice_drop(&broken);
	}
	((uint8_t *)(uintptr_t)d.bytes.at)[d.bytes.len - 1] ^= 1;
	assert_int_equal(give(d.bytes), QUIC_LATER);
	assert_null(quic_hello(q));
	slice_drop(&d);
}

static void
test_a_version_nobody_knows_reads_as_later(void **state)
{
	struct sealer s = plain;

	(void)state;
	s.version = 0xff00001d;
	assert_int_equal(give_initial(&s, 0, hello.len), QUIC_LATER);
	assert_int_equal(quic_version(q), 0xff00001d);
	assert_null(quic_hello(q));
}

static void
test_version_negotiation_is_the_servers_and_no_start(void **state)
{
	(void)state;
	assert_int_equal(give(LIT("\xc0\0\0\0\0\x04""abcd\x04""efgh\0\0\0\x01")), QUIC_NOT);
}

static void
test_version_negotiation_lists_what_the_server_has(void **state)
{
	static const char whole[] = "\x80\0\0\0\0\x04""abcd\x04""efgh\0\0\0\x01\x1a\x2a\x3a\x4a";
	char text[100];

	(void)state;
	assert_true(quic_negotiation(LIT(whole), text, sizeof(text)));
	assert_string_equal(text, "1,0x1a2a3a4a");
	for (size_t len = 0; len < sizeof(whole) - 1; len++)
		assert_int_equal(quic_negotiation((struct bytes){ (const uint8_t *)whole, len }, text, sizeof(text)), len == 19);
	assert_false(quic_negotiation(LIT("\x80\0\0\0\x01\x04""abcd\x04""efgh\0\0\0\x01"), text, sizeof(text)));
}

static void
test_version_2_has_keys_of_its_own(void **state)
{
	struct sealer s = plain;

	(void)state;
	s.version = QUIC_V2;
	assert_int_equal(give_initial(&s, 900, hello.len), QUIC_MORE);
	assert_int_equal(give_initial(&s, 0, 900), QUIC_HELLO);
	assert_int_equal(quic_version(q), QUIC_V2);
	check_hello("name.test", "h3");
}

static void
test_cut_short_anywhere_it_is_no_hello(void **state)
{
	struct slice d;

	(void)state;
	hello.len = 0;
	seal_hello("a.test", "h3", 0, &hello);
	d = initial(&plain, 0, hello.len);
	for (size_t len = 0; len < d.bytes.len; len++) {
		assert_int_not_equal(give((struct bytes){ d.bytes.at, len }), QUIC_HELLO);
		assert_null(quic_hello(q));
	}
	assert_int_equal(give(d.bytes), QUIC_HELLO);
	slice_drop(&d);
}

static void
test_packets_share_a_datagram(void **state)
{
	/* Types 1 and 2 of version 1: 0-RTT, Handshake. */
	static const char zero_rtt[] = "\xd0\0\0\0\x01\x08""12345678\0\x14""aaaaaaaaaaaaaaaaaaaa";
	static const char handshake[] = "\xe0\0\0\0\x01\x08""12345678\0\x14""aaaaaaaaaaaaaaaaaaaa";
	struct slice a = initial(&plain, 0, 1000), b = initial(&plain, 1000, hello.len);
	struct buf d;

	(void)state;
	buf_init(&d, 8192);
	assert_true(buf_add(&d, LIT(zero_rtt)) && buf_add(&d, b.bytes) && buf_add(&d, a.bytes) && buf_add(&d, LIT(handshake)));
	assert_int_equal(give(LIT(zero_rtt)), QUIC_LATER);
	assert_int_equal(give(buf_bytes(&d)), QUIC_HELLO);
	check_hello("name.test", "h3");
	buf_release(&d);
	slice_drop(&a);
	slice_drop(&b);
}

static void
test_bytes_behind_the_packets_are_padding(void **state)
{
	struct slice d = initial(&plain, 0, 1000);
	struct buf padded;

	(void)state;
	buf_init(&padded, 8192);
	assert_true(buf_add(&padded, d.bytes) && buf_add(&padded, LIT("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")));
	assert_int_equal(give(buf_bytes(&padded)), QUIC_MORE);
	buf_release(&padded);
	slice_drop(&d);
}

/* RFC 9000 section 19: PING and ACK stand beside CRYPTO; what an Initial may
 * not carry ends the reading, and what came before it counts. */
static void
test_frames_that_are_not_crypto_are_passed_over(void **state)
{
	struct buf f;

	(void)state;
	buf_init(&f, 4096);
	assert_true(buf_add(&f, LIT("\x01\0\x02\x05\0\x01\0\x01\x02\x03\x05\0\0\0\x01\x02\x03")));
	seal_crypto(buf_bytes(&hello), 0, 1000, &f);
	assert_int_equal(give_frames(buf_bytes(&f)), QUIC_MORE);
	buf_eat(&f, f.len);
	seal_crypto(buf_bytes(&hello), 1000, 100, &f);
	assert_true(buf_add(&f, LIT("\x08 a STREAM frame")));
	seal_crypto(buf_bytes(&hello), 1100, hello.len - 1100, &f);
	assert_int_equal(give_frames(buf_bytes(&f)), QUIC_MORE);
	buf_eat(&f, f.len);
	seal_crypto(buf_bytes(&hello), 1100, hello.len - 1100, &f);
	assert_int_equal(give_frames(buf_bytes(&f)), QUIC_HELLO);
	buf_release(&f);
}

static void
test_a_crypto_frame_past_the_limit_or_its_packet_is_not_kept(void **state)
{
	static const struct bytes frames[] = {
		{ (const uint8_t *)"\x06\xff\xff\xff\xff\xff\xff\xff\xff\x04""aaaa", 14 },	/* at 2^62 - 1 */
		{ (const uint8_t *)"\x06\x80\0\x3f\xfe\x08""aaaaaaaa", 14 },			/* over QUIC_CRYPTO_MAX */
		{ (const uint8_t *)"\x06\0\xff\xff\xff\xff\xff\xff\xff\xff""a", 11 },		/* longer than its packet */
		{ (const uint8_t *)"\x06\x40\x05\x40", 4 },
		{ (const uint8_t *)"\x02\0\0\xff\xff\xff\xff\xff\xff\xff\xff\0", 12 },		/* an ACK of 2^62 - 1 ranges */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(frames); i++)
		assert_int_equal(give_frames(frames[i]), QUIC_MORE);
	assert_int_equal(give_initial(&plain, 0, 1000), QUIC_MORE);
	assert_int_equal(give_initial(&plain, 1000, hello.len), QUIC_HELLO);
	check_hello("name.test", "h3");
}

static void
test_an_id_longer_than_20_bytes_is_no_quic(void **state)
{
	struct sealer s = plain;

	(void)state;
	s.dcid = LIT("20 bytes are allowed");
	assert_int_equal(give_initial(&s, 0, 1000), QUIC_MORE);
	again();
	s.dcid = LIT("with 21 it is no more");
	assert_int_equal(give_initial(&s, 0, 1000), QUIC_NOT);
	s.dcid = (struct bytes){ 0 };
	assert_int_equal(give_initial(&s, 0, 1000), QUIC_LATER);
}

int
main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, begin, done)
	const struct CMUnitTest tests[] = {
		TEST(test_the_client_initial_of_rfc_9001_names_example_com),
		TEST(test_the_client_initial_of_rfc_9369_is_of_version_2),
		TEST(test_before_anything_came_nothing_is_known),
		TEST(test_pieces_come_in_any_order),
		TEST(test_pieces_may_overlap_and_come_twice),
		TEST(test_once_whole_it_stays_so_whatever_comes),
		TEST(test_a_packet_number_has_one_to_four_bytes),
		TEST(test_ids_change_and_tokens_come),
		TEST(test_a_broken_tag_reads_as_later),
		TEST(test_a_version_nobody_knows_reads_as_later),
		TEST(test_version_negotiation_is_the_servers_and_no_start),
		TEST(test_version_negotiation_lists_what_the_server_has),
		TEST(test_version_2_has_keys_of_its_own),
		TEST(test_cut_short_anywhere_it_is_no_hello),
		TEST(test_packets_share_a_datagram),
		TEST(test_bytes_behind_the_packets_are_padding),
		TEST(test_frames_that_are_not_crypto_are_passed_over),
		TEST(test_a_crypto_frame_past_the_limit_or_its_packet_is_not_kept),
		TEST(test_an_id_longer_than_20_bytes_is_no_quic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
