#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "soth/sse.h"

enum { LIMIT = 1 << 16, LOG_MAX = 1 << 20 };

static void
log_block(struct buf *log, const struct sse_block *b)
{
	assert_true(buf_addf(log, "[%s%.*s|%.*s|%.*s%s", b->dispatched ? "" : "-", (int)b->event.len, b->event.at,
		(int)b->data.len, b->data.at, (int)b->id.len, b->id.at, b->has_id ? "!" : ""));
	if (b->has_retry)
		assert_true(buf_addf(log, "|%llu", (unsigned long long)b->retry));
	if (b->cut)
		assert_true(buf_addf(log, "|cut"));
	assert_true(buf_addf(log, "|%llu lines %llu of %llu]", (unsigned long long)b->data_lines,
		(unsigned long long)b->data_len, (unsigned long long)b->size));
}

/* What comes of it when the pieces are `first`, then `step` bytes long. */
static void
read_all(struct bytes all, size_t first, size_t step, size_t limit, struct buf *log)
{
	struct sse s;
	struct sse_block b;
	size_t n = first;

	buf_init(log, LOG_MAX);
	sse_init(&s, limit);
	for (; all.len; n = step) {
		struct bytes more = { all.at, n < all.len ? n : all.len };

		all.at += more.len;
		all.len -= more.len;
		while (sse_next(&s, &more, &b))
			log_block(log, &b);
	}
	if (sse_end(&s, &b))
		log_block(log, &b);
	sse_release(&s);
}

static void
assert_blocks(struct bytes all, size_t limit, const char *expected)
{
	struct buf log;

	for (size_t first = 1; first <= all.len; first++)
		for (size_t step = 1; step <= all.len; step += all.len) {
			read_all(all, first, step, limit, &log);
			assert_true(buf_add(&log, (struct bytes){ (const uint8_t *)"", 1 }));
			assert_string_equal((const char *)log.at, expected);
			buf_release(&log);
		}
}
#define assert_stream(text, expected) assert_blocks(LIT(text), LIMIT, expected)

static void
test_an_event_is_data_and_an_empty_line(void **state)
{
	(void)state;
	assert_stream("data: a\n\n", "[|a||1 lines 1 of 9]");
	assert_stream("event: x\ndata: a\nid: 7\n\n", "[x|a|7!|1 lines 1 of 24]");
}

static void
test_lines_end_in_lf_crlf_and_cr(void **state)
{
	(void)state;
	assert_stream("data: a\r\n\r\ndata: b\r\n\r\n", "[|a||1 lines 1 of 11][|b||1 lines 1 of 11]");
	assert_stream("data: a\r\rdata: b\r\r", "[|a||1 lines 1 of 9][|b||1 lines 1 of 9]");
	assert_stream("data: a\n\ndata: b\n\n", "[|a||1 lines 1 of 9][|b||1 lines 1 of 9]");
	assert_stream("data: a\r\ndata: b\rdata: c\n\n", "[|a\nb\nc||3 lines 5 of 26]");
}

static void
test_an_lf_after_an_odd_cr_begins_the_next_block(void **state)
{
	(void)state;
	assert_stream("data: a\n\r\ndata: b\n\n", "[|a||1 lines 1 of 9][|b||1 lines 1 of 10]");
	assert_stream("data: a\r\r\ndata: b\r\r", "[|a||1 lines 1 of 9][|b||1 lines 1 of 10]");
}

static void
test_the_cr_of_a_crlf_stream_is_not_lost_at_the_end(void **state)
{
	(void)state;
	assert_stream("data: a\r\n\r", "[|a||1 lines 1 of 10]");
	assert_stream("data: a\r\n\rdata: b\r\r", "[|a||1 lines 1 of 10][|b||1 lines 1 of 9]");
}

static void
test_a_stream_of_cr_does_not_wait_for_the_next_byte(void **state)
{
	struct bytes more = LIT("data: a\r\r");
	struct sse_block b;
	struct sse s;

	(void)state;
	sse_init(&s, LIMIT);
	assert_true(sse_next(&s, &more, &b));
	assert_true(bytes_are(b.data, "a"));
	assert_false(sse_next(&s, &more, &b));
	assert_false(sse_end(&s, &b));
	sse_release(&s);
}

static void
test_a_bom_at_the_start_is_skipped_and_nowhere_else(void **state)
{
	(void)state;
	assert_stream("\xef\xbb\xbf" "data: a\n\n", "[|a||1 lines 1 of 12]");
	assert_stream("\xef\xbb" "data: a\ndata: b\n\n", "[|b||1 lines 1 of 19]");
	assert_stream("\xef\n\n", "[-|||0 lines 0 of 3]");
	assert_stream("data: a\n\n\xef\xbb\xbf" "data: b\n\n", "[|a||1 lines 1 of 9][-|||0 lines 0 of 12]");
	assert_stream("\xef\xbb\xbf\xef\xbb\xbf" "data: a\n\n", "[-|||0 lines 0 of 15]");
}

static void
test_a_block_without_data_is_no_event(void **state)
{
	(void)state;
	assert_stream(": hello\n\n", "[-|||0 lines 0 of 9]");
	assert_stream("\n", "[-|||0 lines 0 of 1]");
	assert_stream("event: x\n\ndata: a\n\n", "[-x|||0 lines 0 of 10][|a||1 lines 1 of 9]");
	assert_stream("retry: 5\n\n", "[-|||5|0 lines 0 of 10]");
}

static void
test_an_empty_data_line_is_an_event(void **state)
{
	(void)state;
	assert_stream("data\n\n", "[|||1 lines 0 of 6]");
	assert_stream("data:\n\n", "[|||1 lines 0 of 7]");
	assert_stream("data\ndata\n\n", "[|\n||2 lines 1 of 11]");
}

static void
test_one_space_after_the_colon_goes(void **state)
{
	(void)state;
	assert_stream("data:  a\ndata:b: c \n\n", "[| a\nb: c ||2 lines 8 of 21]");
}

static void
test_names_are_exact(void **state)
{
	(void)state;
	assert_stream("Data: a\n data: b\ndata : c\ndatas: d\ndat: e\n\n", "[-|||0 lines 0 of 43]");
	assert_stream("retryyyyy: 1\nevents: x\ndata: a\n\n", "[|a||1 lines 1 of 32]");
}

static void
test_the_last_id_stays(void **state)
{
	(void)state;
	assert_stream("id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
		"[|a|1!|1 lines 1 of 15][|b|1|1 lines 1 of 9][|c|!|1 lines 1 of 12]");
	assert_stream("id: 1\n\ndata: b\n\n", "[-||1!|0 lines 0 of 7][|b|1|1 lines 1 of 9]");
}

static void
test_an_id_with_nul_is_ignored(void **state)
{
	(void)state;
	assert_stream("id: 1\nid: 2\0003\ndata: a\n\n", "[|a|1!|1 lines 1 of 23]");
	assert_stream("id: \0\nevent: x\ndata: a\n\n", "[x|a||1 lines 1 of 24]");
}

static void
test_a_retry_is_digits_alone(void **state)
{
	(void)state;
	assert_stream("retry: 10\nretry: 2x\nretry: -1\nretry:\nretry\nretry:  3\ndata: a\n\n",
		"[|a||10|1 lines 1 of 62]");
	assert_stream("retry: 99999999999999999999999\n\n", "[-|||18446744073709551615|0 lines 0 of 32]");
}

static void
test_an_unfinished_block_is_discarded(void **state)
{
	(void)state;
	assert_stream("data: a\n\ndata: b\n", "[|a||1 lines 1 of 9]");
	assert_stream("data: a\n\ndata: b", "[|a||1 lines 1 of 9]");
	assert_stream("data: b\r\n", "");
}

static void
test_what_is_longer_than_the_limit_is_cut_and_counted(void **state)
{
	(void)state;
	assert_blocks(LIT("data: abc\ndata: def\n\ndata: g\n\n"), 5, "[|abc\nd||cut|2 lines 7 of 21][|g||1 lines 1 of 9]");
	assert_blocks(LIT("event: longer\ndata: g\n\n"), 5, "[longe|g||cut|1 lines 1 of 23]");
	assert_blocks(LIT("id: 123456\n\n"), 5, "[-||12345!|cut|0 lines 0 of 12]");
	assert_blocks(LIT("id: 1\nretry: 7\nevent: x\ndata: a\n\n"), 0, "[||!|7|cut|1 lines 1 of 33]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_event_is_data_and_an_empty_line),
		cmocka_unit_test(test_lines_end_in_lf_crlf_and_cr),
		cmocka_unit_test(test_an_lf_after_an_odd_cr_begins_the_next_block),
		cmocka_unit_test(test_the_cr_of_a_crlf_stream_is_not_lost_at_the_end),
		cmocka_unit_test(test_a_stream_of_cr_does_not_wait_for_the_next_byte),
		cmocka_unit_test(test_a_bom_at_the_start_is_skipped_and_nowhere_else),
		cmocka_unit_test(test_a_block_without_data_is_no_event),
		cmocka_unit_test(test_an_empty_data_line_is_an_event),
		cmocka_unit_test(test_one_space_after_the_colon_goes),
		cmocka_unit_test(test_names_are_exact),
		cmocka_unit_test(test_the_last_id_stays),
		cmocka_unit_test(test_an_id_with_nul_is_ignored),
		cmocka_unit_test(test_a_retry_is_digits_alone),
		cmocka_unit_test(test_an_unfinished_block_is_discarded),
		cmocka_unit_test(test_what_is_longer_than_the_limit_is_cut_and_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
