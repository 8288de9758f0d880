#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <zlib.h>

#include "../../src/proto/ws.h"
#include "observed.h"

#define UPGRADE	"GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
#define AGREED	"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
#define DEFLATE	"Sec-WebSocket-Extensions: permessage-deflate"
#define GET	"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
#define OK	"HTTP/1.1 200 OK\r\n"

static const struct exchange_limits limits = { UINT64_MAX, 0, true };

static void
open_ws(struct observed *o, const char *fields)
{
	char answer[400];

	snprintf(answer, sizeof(answer), AGREED "%s%s\r\n", fields, *fields ? "\r\n" : "");
	observed_open(o, limits);
	observed_head(o, CLIENT, UPGRADE);
	observed_end(o, CLIENT);
	observed_head(o, SERVER, answer);
	buf_eat(&o->log, o->log.len);
}

static void
open_body(struct observed *o, enum side from, const char *request, const char *response)
{
	observed_open(o, limits);
	o->quiet = true;
	observed_head(o, CLIENT, request);
	if (from == SERVER)
		observed_head(o, SERVER, response);
	buf_eat(&o->log, o->log.len);
}

static void
feed(struct observed *o, enum side from, struct bytes all, size_t first, size_t step)
{
	for (size_t n = first; all.len; n = step) {
		struct bytes piece = { all.at, n < all.len ? n : all.len };

		observed_data(o, from, piece);
		all.at += piece.len;
		all.len -= piece.len;
	}
	observed_end(o, from);
}

/* Cut at every byte, and into single ones. */
static void
check_ws(enum side from, const char *fields, struct bytes all, const char *expected)
{
	for (size_t first = 1; first <= all.len; first++)
		for (size_t step = 1; step <= all.len; step += all.len) {
			struct observed o;

			open_ws(&o, fields);
			feed(&o, from, all, first, step);
			assert_string_equal(observed_log(&o), expected);
			assert_true(bytes_same(buf_bytes(&o.passed), all));
			observed_close(&o);
		}
}
#define client_says(text, expected) check_ws(CLIENT, "", LIT(text), expected)
#define server_says(text, expected) check_ws(SERVER, "", LIT(text), expected)
#define server_packs(fields, text, expected) check_ws(SERVER, DEFLATE fields, LIT(text), expected)

static void
check_body(enum side from, const char *request, const char *response, struct bytes all, const char *expected)
{
	for (size_t first = 1; first <= all.len; first++)
		for (size_t step = 1; step <= all.len; step += all.len) {
			struct observed o;

			open_body(&o, from, request, response);
			feed(&o, from, all, first, step);
			assert_string_equal(observed_log(&o), expected);
			assert_true(bytes_same(buf_bytes(&o.passed), all));
			observed_close(&o);
		}
}
#define answer_says(type, text, expected) \
	check_body(SERVER, GET, OK "Content-Type: " type "\r\n\r\n", LIT(text), expected)

/* WebSocket */

static void
test_a_frame_is_a_message(void **state)
{
	(void)state;
	server_says("\x81\x05Hello", " M81/5:Hello .");
	server_says("\x82\x02hi\x81\x01" "a", " M82/2:hi M81/1:a .");
	server_says("\x81\x00\x82\x00", " M81/0: M82/0: .");
}

static void
test_what_is_masked_is_told_unmasked(void **state)
{
	(void)state;
	client_says("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", " M181/5:Hello .");
	client_says("\x81\x80\x37\xfa\x21\x3d", " M181/0: .");
	client_says("\x82\x93\x01\x02\x03\x04"
		"\x61\x60\x60\x60\x64\x64\x64\x6c\x68\x68\x68\x68\x6c\x6c\x6c\x74\x70\x70\x70",
		" M182/19:`bcdefghijklmnopqrs .");
}

static void
test_unmasking_is_the_same_wherever_it_begins(void **state)
{
	static const uint8_t mask[4] = { 0x12, 0x34, 0x56, 0x78 };
	uint8_t from[64], whole[64], piece[64];

	(void)state;
	for (size_t i = 0; i < sizeof(from); i++)
		from[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < sizeof(from); i++)
		whole[i] = from[i] ^ mask[i & 3];
	for (size_t at = 0; at <= sizeof(from); at++) {
		ws_unmask(piece, from, at, mask, 0);
		ws_unmask(piece + at, from + at, sizeof(from) - at, mask, at);
		assert_memory_equal(piece, whole, sizeof(from));
	}
}

static void
test_longer_lengths_have_two_and_eight_bytes(void **state)
{
	struct observed o;
	uint8_t frame[10 + 70000] = { 0x82, 126, 0x01, 0x00 };
	struct bytes all = { frame, 4 + 256 };

	(void)state;
	open_ws(&o, "");
	feed(&o, SERVER, all, 100, 100);
	assert_memory_equal(observed_log(&o), " M82/256:", 9);
	observed_close(&o);
	memcpy(frame, "\x82\x7f\x00\x00\x00\x00\x00\x01\x11\x70", 10);
	all.len = sizeof(frame);
	open_ws(&o, "");
	feed(&o, SERVER, all, 3, 1000);
	assert_memory_equal(observed_log(&o), " M82/70000:", 11);
	observed_close(&o);
}

static void
test_pieces_are_told_as_they_come_and_then_the_message(void **state)
{
	(void)state;
	server_says("\x01\x03Hel\x80\x02lo", " F1/3 F80/2 M481/5:Hello .");
	server_says("\x02\x00\x00\x01" "a\x00\x00\x80\x00", " F2/0 F0/1 F0/0 F80/0 M482/1:a .");
	client_says("\x01\x81\x01\x01\x01\x01\x60\x80\x81\x02\x02\x02\x02\x60", " F101/1 F180/1 M581/2:ab .");
}

static void
test_control_frames_stand_between_pieces(void **state)
{
	(void)state;
	server_says("\x01\x01" "a\x89\x01p\x8a\x00\x80\x01" "b", " F1/1 M89/1:p M8a/0: F80/1 M481/2:ab .");
	server_says("\x01\x01" "a\x88\x02\x03\xe8\x80\x01" "b", " F1/1 M88/2:\x03\xe8 !5.5.1 F80/1 M481/2:ab .");
}

static void
test_a_close_says_code_and_reason(void **state)
{
	(void)state;
	server_says("\x88\x00", " M88/0: .");
	server_says("\x88\x06\x03\xe8" "done", " M88/6:\x03\xe8" "done .");
}

static void
test_text_is_utf8_over_pieces(void **state)
{
	(void)state;
	server_says("\x01\x01\xc3\x80\x01\xa4", " F1/1 F80/1 M481/2:\xc3\xa4 .");
	server_says("\x81\x01\xc3", " M81/1:\xc3 !8.1 .");
	server_says("\x82\x01\xc3", " M82/1:\xc3 .");
	server_says("\x81\x03\xed\xa0\x80", " M81/3:\xed\xa0\x80 !8.1 .");
	server_says("\x81\x0b" "abcdefgh\xff" "ij", " M81/11:abcdefgh\xff" "ij !8.1 .");
}

static void
test_what_does_not_lose_the_framing_is_told_once_and_messages_go_on(void **state)
{
	(void)state;
	server_says("\x81\x01\xff\x81\x01\xfe\x81\x01" "a", " M81/1:\xff !8.1 M81/1:\xfe M81/1:a .");
	server_says("\x81\x81\x00\x00\x00\x00" "a\x81\x01" "b", " !5.1 M181/1:a M81/1:b .");
	client_says("\x81\x01" "a", " !5.1 M81/1:a .");
	server_says("\x81\x7e\x00\x01" "a\x81\x01" "b", " !5.2 M81/1:a M81/1:b .");
	server_says("\x82\x7f\x00\x00\x00\x00\x00\x00\x00\x01" "a", " !5.2 M82/1:a .");
	server_says("\x88\x00\x81\x01" "a\x81\x01" "b", " M88/0: !5.5.1 M81/1:a M81/1:b .");
	server_says("\x88\x01\x03", " M88/1:\x03 !5.5.1 .");
	server_says("\x88\x02\x03\xed", " M88/2:\x03\xed !7.4 .");
	server_says("\x88\x03\x03\xe8\xff", " M88/3:\x03\xe8\xff !8.1 .");
}

static void
test_what_loses_the_framing_is_told_and_the_rest_is_data(void **state)
{
	(void)state;
	server_says("\x81\x01" "a\x83\x01" "b\x81\x01" "c", " M81/1:a !5.2 D:\x83\x01" "b\x81\x01" "c .");
	server_says("\x8b\x01" "b", " !5.2 D:\x8b\x01" "b .");
	server_says("\xc1\x01" "b", " !5.2 D:\xc1\x01" "b .");
	server_says("\xa1\x01" "b", " !5.2 D:\xa1\x01" "b .");
	server_says("\x91\x01" "b", " !5.2 D:\x91\x01" "b .");
	server_says("\x09\x01" "b", " !5.5 D:\x09\x01" "b .");
	server_says("\x89\x7e\x01\x02" "b", " !5.5 D:\x89\x7e\x01\x02" "b .");
	server_says("\x80\x01" "b", " !5.4 D:\x80\x01" "b .");
	server_says("\x01\x01" "a\x81\x01" "b", " F1/1 !5.4 D:\x81\x01" "b .");
	server_says("\x82\x7f\xff\x01\x01\x01\x01\x01\x01\x01" "b", " !5.2 D:\x82\x7f\xff\x01\x01\x01\x01\x01\x01\x01" "b .");
}

static void
test_what_did_not_end_is_told_and_that_it_did_not(void **state)
{
	(void)state;
	server_says("\x81\x05" "Hel", " M881/3:Hel !5.2 .");
	server_says("\x81\x7e", " D:\x81\x7e !5.2 .");
	server_says("\x01\x03Hel", " F1/3 Mc01/3:Hel !5.4 .");
	server_says("\x01\x03Hel\x89\x03p", " F1/3 Mc01/3:Hel M889/1:p !5.2 .");
	server_says("\x81\x05\xe2\x82", " M881/2:\xe2\x82 !5.2 .");
}

static void
test_a_reset_is_no_fault(void **state)
{
	struct observed o;

	(void)state;
	open_ws(&o, "");
	observed_data(&o, SERVER, LIT("\x81\x05Hel"));
	observed_part(&o, SERVER, (struct part){ .kind = PART_RESET });
	assert_string_equal(observed_log(&o), " M881/3:Hel R");
	observed_close(&o);
}

static void
test_close_codes_that_may_be_sent(void **state)
{
	static const unsigned good[] = { 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1014, 3000, 4999 };
	static const unsigned bad[] = { 0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65535 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(ws_close_code_valid(good[i]));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(ws_close_code_valid(bad[i]));
}

static void
test_a_message_longer_than_the_limit_is_told_by_its_beginning(void **state)
{
	enum { EXTRA = 1 << 20, STEP = 1 << 16 };
	static uint8_t zeros[STEP];
	struct observed o;
	const char *log;

	(void)state;
	open_ws(&o, "");
	o.passed.limit = 64 << 20;
	observed_data(&o, SERVER, LIT("\x82\x7f\x00\x00\x00\x00\x01\x10\x00\x00"));
	for (size_t n = 0; n < OBSERVE_MESSAGE_MAX + EXTRA; n += STEP)
		observed_data(&o, SERVER, (struct bytes){ zeros, STEP });
	log = observed_log(&o);
	assert_memory_equal(log, " M882/17825792:", 15);
	assert_int_equal(o.log.len, 15 + OBSERVE_MESSAGE_MAX);
	buf_eat(&o.log, o.log.len);
	observed_data(&o, SERVER, LIT("\x81\x01" "a"));
	assert_string_equal(observed_log(&o), " M81/1:a");
	observed_close(&o);
}

/* permessage-deflate: the examples of RFC 7692 section 7.2.3 */

static void
test_compressed_messages_are_told_unpacked(void **state)
{
	(void)state;
	server_packs("", "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00", " M2c1/7:Hello .");
	server_packs("", "\x41\x03\xf2\x48\xcd\x80\x04\xc9\xc9\x07\x00", " F41/3 F80/4 M6c1/7:Hello .");
	server_packs("", "\xc1\x0b\x00\x05\x00\xfa\xffHello\x00", " M2c1/11:Hello .");
	server_packs("", "\xc1\x08\xf3\x48\xcd\xc9\xc9\x07\x00\x00", " M2c1/8:Hello .");
	server_packs("", "\xc1\x0d\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", " M2c1/13:Hello .");
	server_packs("", "\xc1\x01\x00", " M2c1/1: .");
	check_ws(CLIENT, DEFLATE, LIT("\xc1\x87\x01\x02\x03\x04\xf3\x4a\xce\xcd\xc8\x05\x03"), " M3c1/7:Hello .");
}

static void
test_the_window_goes_on_or_is_reset(void **state)
{
	(void)state;
	server_packs("", "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x05\xf2\x00\x11\x00\x00",
		" M2c1/7:Hello M2c1/5:Hello .");
	server_packs("", "\xc1\x08\xf3\x48\xcd\xc9\xc9\x07\x00\x00\xc1\x05\xf2\x00\x11\x00\x00",
		" M2c1/8:Hello M2c1/5:Hello .");
	server_packs("; server_no_context_takeover", "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00",
		" M2c1/7:Hello M2c1/7:Hello .");
	server_packs("; client_no_context_takeover", "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x05\xf2\x00\x11\x00\x00",
		" M2c1/7:Hello M2c1/5:Hello .");
	server_packs("; server_no_context_takeover", "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x05\xf2\x00\x11\x00\x00",
		" M2c1/7:Hello !7.2.2 Mac1/5:H .");
}

static void
test_messages_that_are_not_compressed_stand_between_those_that_are(void **state)
{
	(void)state;
	server_packs("", "\x81\x02hi\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\x89\x00\x81\x02ho",
		" M81/2:hi M2c1/7:Hello M89/0: M81/2:ho .");
}

static void
test_broken_deflate_is_told_and_what_needs_its_window_is_not_unpacked(void **state)
{
	(void)state;
	server_packs("", "\xc1\x02\xff\xff\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\x81\x01" "a",
		" !7.2.2 Mac1/2: Mac1/7: M81/1:a .");
	server_packs("; server_no_context_takeover", "\xc1\x02\xff\xff\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00",
		" !7.2.2 Mac1/2: M2c1/7:Hello .");
	server_packs("", "\xc1\x00", " !7.2.2 Mac1/0: .");
	server_packs("", "\xc1\x06\xf2\x48\xcd\xc9\xc9\x07", " !7.2.2 Mac1/6:Hello .");
}

static void
test_text_is_judged_unpacked(void **state)
{
	(void)state;
	server_packs("", "\xc1\x07\x00\x01\x00\xfe\xff\xff\x00", " M2c1/7:\xff !8.1 .");
}

static void
test_rsv1_is_for_the_first_frame_of_a_message(void **state)
{
	(void)state;
	server_packs("", "\xc9\x00", " !6.1 D:\xc9\x00 .");
	server_packs("", "\x41\x03\xf2\x48\xcd\xc0\x04\xc9\xc9\x07\x00", " F41/3 !6.1 D:\xc0\x04\xc9\xc9\x07\x00 .");
	server_packs("", "\xa1\x00", " !5.2 D:\xa1\x00 .");
}

static void
test_an_extension_that_we_do_not_know_is_not_judged(void **state)
{
	(void)state;
	check_ws(SERVER, "Sec-WebSocket-Extensions: x-other", LIT("\xf1\x01\xff\x83\x01" "b"), " Mf1/1:\xff M83/1:b .");
}

static struct ws_extension
extension(enum side side, const char *fields)
{
	char answer[400];
	struct fault why;
	struct head *h;
	struct ws_extension e;

	snprintf(answer, sizeof(answer), AGREED "%s\r\n\r\n", fields);
	h = head_parse(bytes_of(answer), HEAD_RESPONSE, &why);
	assert_non_null(h);
	e = ws_extension_of(side, h);
	head_drop(h);
	return e;
}

static void
test_parameters_are_those_of_the_answer_and_of_the_side(void **state)
{
	static const char all[] = DEFLATE " ; client_max_window_bits=\"10\";server_max_window_bits=12; client_no_context_takeover";
	struct ws_extension e = extension(CLIENT, all);

	(void)state;
	assert_true(e.deflate && e.no_takeover && e.window_bits == 10 && !e.foreign && !e.wrong);
	e = extension(SERVER, all);
	assert_true(e.deflate && !e.no_takeover && e.window_bits == 12 && !e.foreign && !e.wrong);
	e = extension(SERVER, "X: y");
	assert_true(!e.deflate && !e.foreign && !e.wrong && e.window_bits == 15);
	e = extension(SERVER, "Sec-WebSocket-Extensions: foo\r\n" DEFLATE);
	assert_true(e.deflate && e.foreign && !e.wrong);
}

static void
test_parameters_that_there_are_not_are_told(void **state)
{
	static const char *const wrong[] = { "; x", "; server_max_window_bits=7", "; server_max_window_bits=16",
		"; server_max_window_bits=09", "; server_max_window_bits", "; client_no_context_takeover=1",
		"; server_no_context_takeover; server_no_context_takeover", ", permessage-deflate" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		char fields[200];

		snprintf(fields, sizeof(fields), DEFLATE "%s", wrong[i]);
		assert_true(extension(SERVER, fields).wrong);
	}
	server_packs("; x", "\x81\x01" "a", " !7.1 M81/1:a .");
	check_ws(CLIENT, DEFLATE "; x", LIT("\x81\x80\x01\x01\x01\x01"), " M181/0: .");
}

/* A frame of the server's, of what deflate makes of `len` bytes at `at`. */
static void
pack(z_stream *z, struct observed *o, const uint8_t *at, size_t len)
{
	size_t room = compressBound(len) + 64, n;
	unsigned more;
	uint8_t *frame = xalloc(room + 10), head[10] = { 0xc2 };

	z->next_in = (uint8_t *)(uintptr_t)at;
	z->avail_in = (unsigned)len;
	z->next_out = frame;
	z->avail_out = (unsigned)room;
	assert_int_equal(deflate(z, Z_SYNC_FLUSH), Z_OK);
	n = room - z->avail_out - 4;
	more = n > UINT16_MAX ? 8 : n > 125 ? 2 : 0;
	head[1] = more == 8 ? 127 : more ? 126 : (uint8_t)n;
	for (unsigned i = 0; i < more; i++)
		head[2 + i] = (uint8_t)((uint64_t)n >> (8 * (more - 1 - i)));
	observed_data(o, SERVER, (struct bytes){ head, 2 + more });
	observed_data(o, SERVER, (struct bytes){ frame, n });
	free(frame);
}

static void
test_every_window_size_unpacks(void **state)
{
	uint8_t text[100000];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * i >> 7 ^ i % 600);
	for (int bits = 8; bits <= 15; bits++) {
		z_stream z = { 0 };
		struct observed o;
		char fields[200];

		snprintf(fields, sizeof(fields), DEFLATE "; server_max_window_bits=%d", bits);
		open_ws(&o, fields);
		/* zlib makes nine of eight: so do those who send with it. */
		assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, bits == 8 ? -9 : -bits, 8, 0), Z_OK);
		for (unsigned i = 0; i < 3; i++) {
			buf_eat(&o.log, o.log.len);
			pack(&z, &o, text, sizeof(text));
			assert_non_null(memmem(observed_log(&o), o.log.len, text, sizeof(text)));
		}
		deflateEnd(&z);
		observed_close(&o);
	}
}

static void
test_what_unpacks_to_more_than_the_limit_is_cut_and_the_next_is_whole(void **state)
{
	enum { LEN = 20 << 20 };
	uint8_t *text = xalloc(LEN);
	z_stream z = { 0 };
	struct observed o;

	(void)state;
	for (size_t i = 0; i < LEN; i++)
		text[i] = (uint8_t)(i >> 12);
	open_ws(&o, DEFLATE);
	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -15, 8, 0), Z_OK);
	pack(&z, &o, text, LEN);
	assert_memory_equal(observed_log(&o), " Mac2/", 6);
	assert_int_equal(o.log.len - (size_t)(strchr((const char *)o.log.at, ':') + 1 - (const char *)o.log.at),
		OBSERVE_MESSAGE_MAX);
	buf_eat(&o.log, o.log.len);
	pack(&z, &o, text + LEN - 30000, 30000);
	assert_memory_equal(observed_log(&o), " M2c2/", 6);
	assert_non_null(memmem(o.log.at, o.log.len, text + LEN - 30000, 30000));
	deflateEnd(&z);
	observed_close(&o);
	free(text);
}

/* Bodies */

static void
test_event_streams_are_marked_by_block(void **state)
{
	(void)state;
	answer_says("text/event-stream", "data: a\n\n: hi\n\ndata: b\r\n\r\ndata", " K1/9 K41/6 K1/11 .");
	answer_says("text/event-stream; charset=utf-8", "\xef\xbb\xbf" "data: a\r\r", " K1/12 .");
	check_body(CLIENT, "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/event-stream\r\n\r\n", NULL,
		LIT("data: a\n\n"), " .");
}

static void
test_records_are_marked_by_line(void **state)
{
	static const char post[] = "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\n\r\n";

	(void)state;
	answer_says("application/x-ndjson", "{}\n[1]\r\n\n \r\n{}", " K2/3 K2/5 K42/1 K42/3 K2/2 .");
	check_body(CLIENT, post, NULL, LIT("{}\n{}\n"), " K2/3 K2/3 .");
	check_body(SERVER, post, OK "Content-Type: application/json\r\n\r\n", LIT("{}\n{}\n"), " .");
}

#define POST_GRPC "POST /a.B/C HTTP/2\r\nHost: a\r\nContent-Type: application/grpc+proto\r\n\r\n"
#define grpc_says(text, expected) check_body(CLIENT, POST_GRPC, NULL, LIT(text), expected)

static void
test_grpc_is_marked_by_message(void **state)
{
	(void)state;
	grpc_says("\0\0\0\0\3abc\1\0\0\0\1z\0\0\0\0\0", " K3/8 K13/6 K3/5 .");
	check_body(SERVER, POST_GRPC, "HTTP/2 200\r\nContent-Type: application/grpc\r\n\r\n",
		LIT("\0\0\0\0\3abc"), " K3/8 .");
	check_body(SERVER, POST_GRPC, "HTTP/2 502\r\nContent-Type: text/html\r\n\r\n", LIT("<html>"), " .");
}

static void
test_broken_grpc_is_told_and_read_no_further(void **state)
{
	(void)state;
	grpc_says("\0\0\0\0\0\2\0\0\0\0\0\0\0\0\0",
		" K3/5 !gRPC: invalid compressed flag: a message's first byte is 2, not 0 or 1 .");
	grpc_says("\0\1\0\0\1x", " !gRPC: message too large: 16777217 bytes are more than 16 MiB .");
	grpc_says("\0\0\0", " !gRPC: truncated prefix: the body ends 3 bytes into it .");
	grpc_says("\0\0\0\0\3a", " !gRPC: length mismatch: the body ends 2 bytes before the message does .");
	grpc_says("\200\0\0\0\0", " !gRPC: invalid compressed flag: a message's first byte is 128, not 0 or 1 .");
}

static void
test_the_trailers_of_grpc_web_are_no_message(void **state)
{
	(void)state;
	answer_says("application/grpc-web+proto", "\0\0\0\0\1a\200\0\0\0\2ab", " K3/6 K43/7 .");
	answer_says("application/grpc-web-text", "AAAAAAFh", " .");
}

#define GZIPPED "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\x49\x2c\x49\xb4\x52\x48\xe4\xe2\x4a" \
	"\x01\x33\x92\xb8\xb8\x00\xba\x59\xc7\xdf\x12\x00\x00\x00"

static void
test_coded_bodies_are_marked_by_what_is_behind_the_coding(void **state)
{
	(void)state;
	answer_says("text/event-stream\r\nContent-Encoding: gzip", GZIPPED, " K21/9 K21/9 .");
	answer_says("application/x-ndjson\r\nContent-Encoding: gzip", GZIPPED, " K22/8 K62/1 K22/8 K62/1 .");
	answer_says("text/event-stream\r\nContent-Encoding: identity", "data: a\n\n", " K1/9 .");
	answer_says("text/event-stream\r\nContent-Encoding: other", "data: a\n\n", " .");
}

static void
test_a_broken_coding_is_told(void **state)
{
	(void)state;
	answer_says("text/event-stream\r\nContent-Encoding: gzip", "data: a\n\n",
		" !content coding: gzip: broken: incorrect header check .");
	check_body(SERVER, GET, OK "Content-Type: text/event-stream\r\nContent-Encoding: gzip\r\n\r\n",
		(struct bytes){ (const uint8_t *)GZIPPED, 30 }, " K21/9 K21/9 !8.4 .");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_frame_is_a_message),
		cmocka_unit_test(test_what_is_masked_is_told_unmasked),
		cmocka_unit_test(test_unmasking_is_the_same_wherever_it_begins),
		cmocka_unit_test(test_longer_lengths_have_two_and_eight_bytes),
		cmocka_unit_test(test_pieces_are_told_as_they_come_and_then_the_message),
		cmocka_unit_test(test_control_frames_stand_between_pieces),
		cmocka_unit_test(test_a_close_says_code_and_reason),
		cmocka_unit_test(test_text_is_utf8_over_pieces),
		cmocka_unit_test(test_what_does_not_lose_the_framing_is_told_once_and_messages_go_on),
		cmocka_unit_test(test_what_loses_the_framing_is_told_and_the_rest_is_data),
		cmocka_unit_test(test_what_did_not_end_is_told_and_that_it_did_not),
		cmocka_unit_test(test_a_reset_is_no_fault),
		cmocka_unit_test(test_close_codes_that_may_be_sent),
		cmocka_unit_test(test_a_message_longer_than_the_limit_is_told_by_its_beginning),
		cmocka_unit_test(test_compressed_messages_are_told_unpacked),
		cmocka_unit_test(test_the_window_goes_on_or_is_reset),
		cmocka_unit_test(test_messages_that_are_not_compressed_stand_between_those_that_are),
		cmocka_unit_test(test_broken_deflate_is_told_and_what_needs_its_window_is_not_unpacked),
		cmocka_unit_test(test_text_is_judged_unpacked),
		cmocka_unit_test(test_rsv1_is_for_the_first_frame_of_a_message),
		cmocka_unit_test(test_an_extension_that_we_do_not_know_is_not_judged),
		cmocka_unit_test(test_parameters_are_those_of_the_answer_and_of_the_side),
		cmocka_unit_test(test_parameters_that_there_are_not_are_told),
		cmocka_unit_test(test_every_window_size_unpacks),
		cmocka_unit_test(test_what_unpacks_to_more_than_the_limit_is_cut_and_the_next_is_whole),
		cmocka_unit_test(test_event_streams_are_marked_by_block),
		cmocka_unit_test(test_records_are_marked_by_line),
		cmocka_unit_test(test_grpc_is_marked_by_message),
		cmocka_unit_test(test_broken_grpc_is_told_and_read_no_further),
		cmocka_unit_test(test_the_trailers_of_grpc_web_are_no_message),
		cmocka_unit_test(test_coded_bodies_are_marked_by_what_is_behind_the_coding),
		cmocka_unit_test(test_a_broken_coding_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
