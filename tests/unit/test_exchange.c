#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "observed.h"

#define UPGRADE	"GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
#define AGREED	"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
#define EXTENDED "CONNECT /chat HTTP/2\r\nHost: a\r\nUpgrade: websocket\r\n\r\n"
#define GET	"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
#define POST	"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\n\r\n"
#define OK	"HTTP/1.1 200 OK\r\n\r\n"
#define EVENTS	"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"

static const struct exchange_limits all = { UINT64_MAX, 0, true };

static void
assert_log(struct observed *o, const char *expected)
{
	assert_string_equal(observed_log(o), expected);
	observed_close(o);
}

static void
open_ws(struct observed *o, struct exchange_limits limits)
{
	observed_open(o, limits);
	observed_head(o, CLIENT, UPGRADE);
	observed_end(o, CLIENT);
	observed_head(o, SERVER, AGREED);
	buf_eat(&o->log, o->log.len);
}

static void
test_what_passes_is_told(void **state)
{
	struct observed o;

	(void)state;
	observed_open(&o, all);
	observed_head(&o, CLIENT, GET);
	observed_end(&o, CLIENT);
	observed_head(&o, SERVER, "HTTP/1.1 103 Early\r\n\r\n");
	assert_false(o.x.half[SERVER].begun);
	assert_non_null(o.x.request);
	observed_head(&o, SERVER, OK);
	assert_true(o.x.half[SERVER].begun);
	assert_null(o.x.request);
	observed_data(&o, SERVER, LIT("body"));
	assert_false(o.x.half[SERVER].ended);
	observed_end(&o, SERVER);
	assert_true(o.x.half[SERVER].ended);
	assert_int_equal(exchange_close(&o.x), CLOSE_HTTP_COMPLETED);
	assert_true(bytes_are(buf_bytes(&o.passed), "body"));
	assert_log(&o, " H0 . H103 H200 D:body .");
}

static void
test_beyond_the_record_bytes_are_counted(void **state)
{
	struct observed o;

	(void)state;
	observed_open(&o, (struct exchange_limits){ 5, 0, true });
	observed_head(&o, CLIENT, GET);
	observed_head(&o, SERVER, OK);
	observed_data(&o, SERVER, LIT("abc"));
	observed_data(&o, SERVER, LIT("defg"));
	observed_data(&o, SERVER, LIT("h"));
	observed_end(&o, SERVER);
	assert_true(bytes_are(buf_bytes(&o.passed), "abcdefgh"));
	assert_int_equal(o.x.half[SERVER].bytes, 8);
	assert_int_equal(o.x.half[SERVER].told, 5);
	assert_log(&o, " H0 H200 D:abcde S3 .");
}

static void
test_a_reset_ends_with_what_was_skipped(void **state)
{
	struct observed o;

	(void)state;
	observed_open(&o, (struct exchange_limits){ 1, 0, true });
	observed_head(&o, CLIENT, GET);
	observed_head(&o, SERVER, OK);
	observed_data(&o, SERVER, LIT("abc"));
	observed_part(&o, SERVER, (struct part){ .kind = PART_RESET });
	assert_true(o.x.half[SERVER].ended);
	assert_log(&o, " H0 H200 D:a S2 R");
}

static void
test_a_side_that_gets_no_further_has_a_rest_once(void **state)
{
	struct observed o;

	(void)state;
	open_ws(&o, (struct exchange_limits){ 3, 0, true });
	observed_data(&o, SERVER, LIT("\x81\x05" "ab"));
	observed_rest(&o, SERVER);
	observed_rest(&o, SERVER);
	observed_rest(&o, CLIENT);
	assert_false(o.x.half[SERVER].ended);
	assert_log(&o, " M881/2:ab");
	observed_open(&o, (struct exchange_limits){ 1, 0, true });
	observed_head(&o, CLIENT, GET);
	observed_head(&o, SERVER, OK);
	observed_data(&o, SERVER, LIT("ab"));
	observed_rest(&o, SERVER);
	observed_rest(&o, SERVER);
	assert_log(&o, " H0 H200 D:a S1");
}

static void
test_a_body_longer_than_its_limit_is_refused(void **state)
{
	struct observed o;

	(void)state;
	observed_open(&o, (struct exchange_limits){ UINT64_MAX, 4, true });
	observed_head(&o, CLIENT, POST);
	observed_data(&o, CLIENT, LIT("abcd"));
	assert_false(o.refused);
	observed_data(&o, CLIENT, LIT("e"));
	assert_true(o.refused);
	assert_true(bytes_are(buf_bytes(&o.passed), "abcd"));
	observed_close(&o);
}

static void
test_a_body_that_is_announced_to_be_too_long_is_refused_at_once(void **state)
{
	static const struct { const char *request, *response; bool refused; } cases[] = {
		{ "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", NULL, true },
		{ "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n", NULL, false },
		{ "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true },
		{ "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", false },
		{ "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct observed o;

		observed_open(&o, (struct exchange_limits){ UINT64_MAX, 4, true });
		observed_head(&o, CLIENT, cases[i].request);
		if (cases[i].response)
			observed_head(&o, SERVER, cases[i].response);
		assert_int_equal(o.refused, cases[i].refused);
		observed_close(&o);
	}
}

static void
test_the_limit_of_bodies_is_not_for_what_was_switched_to(void **state)
{
	static const char *const requests[] = { UPGRADE, "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: other\r\n\r\n",
		"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
		struct observed o;

		observed_open(&o, (struct exchange_limits){ UINT64_MAX, 4, i == 0 });
		observed_head(&o, CLIENT, requests[i]);
		observed_end(&o, CLIENT);
		observed_head(&o, SERVER, i == 2 ? OK : AGREED);
		observed_data(&o, CLIENT, LIT("\x82\x83\0\0\0\0abc"));
		observed_data(&o, SERVER, LIT("\x82\x07" "abcdefg"));
		assert_false(o.refused);
		observed_close(&o);
	}
}

static void
test_marks_are_behind_the_bytes(void **state)
{
	struct observed o;

	(void)state;
	observed_open(&o, all);
	observed_head(&o, CLIENT, POST);
	observed_data(&o, CLIENT, LIT("{}\n{"));
	observed_data(&o, CLIENT, LIT("}"));
	observed_end(&o, CLIENT);
	observed_head(&o, SERVER, EVENTS);
	observed_data(&o, SERVER, LIT("data: a\n\nda"));
	observed_end(&o, SERVER);
	assert_log(&o, " H0 D:{}\n{ K2/3 D:} K2/2 . H200 D:data: a\n\nda K1/9 .");
}

static void
test_marks_go_on_where_bytes_are_not_told(void **state)
{
	struct observed o;

	(void)state;
	observed_open(&o, (struct exchange_limits){ 3, 0, true });
	observed_head(&o, CLIENT, GET);
	observed_head(&o, SERVER, EVENTS);
	observed_data(&o, SERVER, LIT("data: a\n\ndata: b\n\n"));
	observed_end(&o, SERVER);
	assert_log(&o, " H0 H200 D:dat K1/9 K1/9 S15 .");
}

static void
test_both_sides_of_a_websocket_are_read(void **state)
{
	struct observed o;

	(void)state;
	open_ws(&o, all);
	assert_true(o.x.websocket);
	observed_data(&o, CLIENT, LIT("\x81\x82\1\1\1\1hh"));
	observed_data(&o, SERVER, LIT("\x81\x02ho"));
	assert_int_equal(o.x.half[CLIENT].bytes, 8);
	assert_log(&o, " M181/2:ii M81/2:ho");
}

static void
test_a_websocket_is_one_over_http2_too(void **state)
{
	struct observed o;

	(void)state;
	observed_open(&o, all);
	observed_head(&o, CLIENT, EXTENDED);
	observed_head(&o, SERVER, "HTTP/2 200\r\n\r\n");
	observed_data(&o, CLIENT, LIT("\x81\x82\1\1\1\1hh"));
	observed_data(&o, SERVER, LIT("\x81\x02ho"));
	assert_log(&o, " H0 H200 M181/2:ii M81/2:ho");
}

static void
test_a_server_that_does_not_agree_answers_with_bytes(void **state)
{
	struct observed o;

	(void)state;
	observed_open(&o, all);
	observed_head(&o, CLIENT, UPGRADE);
	observed_end(&o, CLIENT);
	observed_head(&o, SERVER, OK);
	observed_data(&o, SERVER, LIT("\x81\x02ho"));
	assert_false(o.x.websocket);
	assert_int_equal(exchange_close(&o.x), CLOSE_HTTP_COMPLETED);
	assert_log(&o, " H0 . H200 D:\x81\x02ho");
}

static void
test_a_websocket_that_is_not_to_be_read_is_bytes(void **state)
{
	struct observed o;

	(void)state;
	open_ws(&o, (struct exchange_limits){ UINT64_MAX, 0, false });
	observed_data(&o, SERVER, LIT("\x81\x02ho"));
	assert_int_equal(exchange_close(&o.x), CLOSE_HTTP_COMPLETED);
	assert_log(&o, " D:\x81\x02ho");
}

static void
test_data_before_the_answer_makes_the_client_unreadable(void **state)
{
	struct observed o;

	(void)state;
	observed_open(&o, all);
	observed_head(&o, CLIENT, EXTENDED);
	observed_data(&o, CLIENT, LIT("\x81"));
	observed_head(&o, SERVER, "HTTP/2 200\r\n\r\n");
	observed_data(&o, CLIENT, LIT("\x82\1\1\1\1hh"));
	observed_data(&o, SERVER, LIT("\x81\x02ho"));
	assert_log(&o, " H0 D:\x81 H200 !4.1 D:\x82\1\1\1\1hh M81/2:ho");
}

static void
test_messages_beyond_the_record_are_told_without_data(void **state)
{
	struct observed o;

	(void)state;
	open_ws(&o, (struct exchange_limits){ 3, 0, true });
	observed_data(&o, SERVER, LIT("\x82\x02" "ab\x82\x02" "cd\x82\x01" "e\x02\x01" "f\x80\x01" "g"));
	observed_end(&o, SERVER);
	assert_log(&o, " M82/2:ab M882/2: M82/1:e F2/1 F80/1 Mc82/2: .");
}

static void
test_bytes_after_a_fault_are_recorded_as_far_as_may_be(void **state)
{
	struct observed o;

	(void)state;
	open_ws(&o, (struct exchange_limits){ 6, 0, true });
	observed_data(&o, SERVER, LIT("\x82\x02" "ab\xf2\x02" "cd"));
	observed_data(&o, SERVER, LIT("efg"));
	observed_end(&o, SERVER);
	assert_true(bytes_are(buf_bytes(&o.passed), "\x82\x02" "ab\xf2\x02" "cdefg"));
	assert_log(&o, " M82/2:ab !5.2 D:\xf2\x02" "cd S3 .");
}

static void
test_a_websocket_is_completed_when_both_said_close(void **state)
{
	struct observed o;

	(void)state;
	open_ws(&o, all);
	assert_int_equal(exchange_close(&o.x), CLOSE_WEBSOCKET_ERROR);
	observed_data(&o, SERVER, LIT("\x88\x02\x03\xe8"));
	observed_end(&o, SERVER);
	assert_int_equal(exchange_close(&o.x), CLOSE_WEBSOCKET_ERROR);
	observed_data(&o, CLIENT, LIT("\x88\x80\0\0\0\0"));
	observed_end(&o, CLIENT);
	assert_int_equal(exchange_close(&o.x), CLOSE_WEBSOCKET_COMPLETED);
	assert_log(&o, " M88/2:\x03\xe8 . M188/0: .");
}

static void
test_a_close_that_was_cut_off_is_none(void **state)
{
	struct observed o;

	(void)state;
	open_ws(&o, all);
	observed_data(&o, CLIENT, LIT("\x88\x80\0\0\0\0"));
	observed_data(&o, SERVER, LIT("\x88\x02\x03"));
	observed_end(&o, SERVER);
	assert_int_equal(exchange_close(&o.x), CLOSE_WEBSOCKET_ERROR);
	assert_log(&o, " M188/0: M888/1:\x03 !5.2 .");
}

static void
test_a_tunnel_has_no_heads_and_no_observers(void **state)
{
	struct observed o;

	(void)state;
	observed_open(&o, all);
	observed_data(&o, CLIENT, LIT("data: a\n\n"));
	observed_data(&o, SERVER, LIT("x"));
	observed_end(&o, CLIENT);
	assert_log(&o, " D:data: a\n\nx .");
}

static void
test_the_answer_to_connect_is_no_event_stream(void **state)
{
	struct observed o;

	(void)state;
	observed_open(&o, all);
	observed_head(&o, CLIENT, "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n");
	observed_head(&o, SERVER, EVENTS);
	observed_data(&o, SERVER, LIT("data: a\n\n"));
	assert_log(&o, " H0 H200 D:data: a\n\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_passes_is_told),
		cmocka_unit_test(test_beyond_the_record_bytes_are_counted),
		cmocka_unit_test(test_a_reset_ends_with_what_was_skipped),
		cmocka_unit_test(test_a_side_that_gets_no_further_has_a_rest_once),
		cmocka_unit_test(test_a_body_longer_than_its_limit_is_refused),
		cmocka_unit_test(test_a_body_that_is_announced_to_be_too_long_is_refused_at_once),
		cmocka_unit_test(test_the_limit_of_bodies_is_not_for_what_was_switched_to),
		cmocka_unit_test(test_marks_are_behind_the_bytes),
		cmocka_unit_test(test_marks_go_on_where_bytes_are_not_told),
		cmocka_unit_test(test_both_sides_of_a_websocket_are_read),
		cmocka_unit_test(test_a_websocket_is_one_over_http2_too),
		cmocka_unit_test(test_a_server_that_does_not_agree_answers_with_bytes),
		cmocka_unit_test(test_a_websocket_that_is_not_to_be_read_is_bytes),
		cmocka_unit_test(test_data_before_the_answer_makes_the_client_unreadable),
		cmocka_unit_test(test_messages_beyond_the_record_are_told_without_data),
		cmocka_unit_test(test_bytes_after_a_fault_are_recorded_as_far_as_may_be),
		cmocka_unit_test(test_a_websocket_is_completed_when_both_said_close),
		cmocka_unit_test(test_a_close_that_was_cut_off_is_none),
		cmocka_unit_test(test_a_tunnel_has_no_heads_and_no_observers),
		cmocka_unit_test(test_the_answer_to_connect_is_no_event_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
