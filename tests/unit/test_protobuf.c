/* What a line of protobuf stands for: its path, and the bytes that are copied with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "soth/decode.h"

struct line { const char *key; unsigned depth; uint64_t from, to; };	/* to 0: not marked */

static void
assert_lines(const char *type, struct bytes in, const struct line *want, size_t count)
{
	struct hint hint = { .type = bytes_of(type) };
	struct doc *doc = doc_new(1 << 16);
	struct decode *d = decode_new(decoders, NULL, &hint, doc);
	struct span span[8];
	uint64_t from, to;

	decode_feed(d, in);
	decode_end(d);
	assert_int_equal(doc_lines(doc), count);
	for (size_t i = 0; i < count; i++) {
		assert_true(doc_spans(doc, i, span, ARRAY_LEN(span)));
		if (!bytes_are(span[0].text, want[i].key))
			fail_msg("line %zu: '%.*s'", i, (int)span[0].text.len, (const char *)span[0].text.at);
		assert_int_equal(doc_depth(doc, i), want[i].depth);
		assert_int_equal(doc_marked(doc, i, &from, &to), want[i].to != 0);
		if (want[i].to) {
			assert_int_equal(from, want[i].from);
			assert_int_equal(to, want[i].to);
		}
	}
	decode_free(d);
	doc_free(doc);
}

static void
a_line_stands_for_its_payload(void **state)
{
	/* 1: 150, 2: "hi", 3 { 1: 5 }, 4: fixed32, 5: "", 6 { 1: 7 } as a group */
	static const struct line want[] = {
		{ "1", 0, 1, 3 }, { "2", 0, 5, 7 }, { "3", 0, 9, 11 }, { "1", 1, 10, 11 }, { "}", 0, 0, 0 },
		{ "4", 0, 12, 16 }, { "5", 0, 0, 0 }, { "6", 0, 19, 21 }, { "1", 1, 20, 21 }, { "}", 0, 0, 0 },
	};

	(void)state;
	assert_lines("application/protobuf", LIT("\x08\x96\x01" "\x12\x02hi" "\x1a\x02\x08\x05" "\x25\x07\0\0\0" "\x2a\0"
		"\x33\x08\x07\x34"), want, ARRAY_LEN(want));
}

static void
long_bytes_are_marked_row_by_row(void **state)
{
	static const struct line want[] = { { "1", 0, 2, 20 }, { "0000  ", 1, 2, 18 }, { "0010  ", 1, 18, 20 } };

	(void)state;
	assert_lines("application/protobuf", LIT("\x0a\x12\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\xff\xfe"), want, ARRAY_LEN(want));
}

static void
within_grpc_it_is_of_the_whole_body(void **state)
{
	static const struct line want[] = {
		{ "message 1", 0, 5, 9 }, { "1", 1, 7, 9 }, { "message 2", 0, 0, 0 }, { "trailers", 0, 19, 33 },
		{ "grpc-status", 1, 31, 32 },
	};

	(void)state;
	assert_lines("application/grpc-web", LIT("\0\0\0\0\4\x0a\2hi" "\0\0\0\0\0" "\x80\0\0\0\x0egrpc-status:0\n"),
		want, ARRAY_LEN(want));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_stands_for_its_payload),
		cmocka_unit_test(long_bytes_are_marked_row_by_row),
		cmocka_unit_test(within_grpc_it_is_of_the_whole_body),
	};

	return cmocka_run_group_tests_name("protobuf", tests, NULL, NULL);
}
