#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "../../src/proto/headers.h"

static struct head *
head_of(const char *text, enum head_kind kind)
{
	struct fault why;
	struct head *h = head_parse(bytes_of(text), kind, &why);

	if (!h)
		fail_msg("%s: %s", text, why.text);
	return h;
}

static void
refused(const char *text, enum head_kind kind, unsigned status, const char *because)
{
	struct head *h = head_of(text, kind);
	struct fault why = { 0 };

	assert_int_equal(headers_check(h, &why), status);
	assert_string_equal(why.text, because);
	head_drop(h);
}

static void
taken(const char *text, enum head_kind kind)
{
	struct head *h = head_of(text, kind);
	struct fault why = { 0 };

	if (headers_check(h, &why))
		fail_msg("%s: %s", text, why.text);
	head_drop(h);
}

#define POST(version, fields)	"POST / HTTP/" version "\r\n" fields "\r\n"
#define POST_11(fields)		POST("1.1", "Host: x\r\n" fields)
#define ANSWER(status, fields)	"HTTP/1.1 " status " X\r\n" fields "\r\n"

static void
test_a_length_is_digits_alone(void **state)
{
	static const char *const lengths[] = { "", "+5", "-5", "5, 5", "5 5", "0x5", "5a", "1e3",
		"9999999999999999999", "\xb2" };
	char text[100];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		snprintf(text, sizeof(text), POST_11("Content-Length: %s\r\n"), lengths[i]);
		refused(text, HEAD_REQUEST, 400, "content-length is not a number (RFC 9110 section 8.6)");
	}
	taken(POST_11("Content-Length: 0\r\n"), HEAD_REQUEST);
	taken(POST_11("Content-Length: \t 00000000000000000000012\r\n"), HEAD_REQUEST);
	taken(POST_11("Content-Length: 999999999999999999\r\n"), HEAD_REQUEST);
}

static void
test_there_is_one_length_at_most_even_if_they_agree(void **state)
{
	(void)state;
	refused(POST_11("Content-Length: 5\r\nA: b\r\nCONTENT-LENGTH: 5\r\n"), HEAD_REQUEST, 400,
		"there are 2 content-length fields (RFC 9110 section 8.6)");
	refused(POST_11("Content-Length: 5\r\nContent-Length: 6\r\n"), HEAD_REQUEST, 400,
		"there are 2 content-length fields (RFC 9110 section 8.6)");
	refused(ANSWER("200", "Content-Length: 5\r\nContent-Length: 5\r\n"), HEAD_RESPONSE, 502,
		"there are 2 content-length fields (RFC 9110 section 8.6)");
}

static void
test_length_and_coding_exclude_each_other(void **state)
{
	const char *both = "content-length and transfer-encoding are both there (RFC 9112 section 6.1)";

	(void)state;
	refused(POST_11("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), HEAD_REQUEST, 400, both);
	refused(POST_11("Transfer-Encoding: chunked\r\ncontent-length: 0\r\n"), HEAD_REQUEST, 400, both);
	refused(ANSWER("200", "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"), HEAD_RESPONSE, 502, both);
}

static void
test_the_only_coding_is_chunked_said_once(void **state)
{
	static const char *const codings[] = { "", "gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked",
		"chunked,", ",chunked", "xchunked", "chunked;q=1", "identity", "\"chunked\"" };
	char text[100];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(codings); i++) {
		snprintf(text, sizeof(text), POST_11("Transfer-Encoding: %s\r\n"), codings[i]);
		refused(text, HEAD_REQUEST, 400, "transfer-encoding is not chunked alone (RFC 9112 section 6.1)");
	}
	refused(POST_11("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), HEAD_REQUEST, 400,
		"transfer-encoding is not chunked alone (RFC 9112 section 6.1)");
	taken(POST_11("Transfer-Encoding: \tChunked \r\n"), HEAD_REQUEST);
}

static void
test_no_coding_where_it_has_no_meaning(void **state)
{
	(void)state;
	refused(POST("1.0", "Transfer-Encoding: chunked\r\n"), HEAD_REQUEST, 400,
		"transfer-encoding in an HTTP/1.0 message (RFC 9112 section 6.1)");
	refused("HTTP/1.0 200 X\r\nTransfer-Encoding: chunked\r\n\r\n", HEAD_RESPONSE, 502,
		"transfer-encoding in an HTTP/1.0 message (RFC 9112 section 6.1)");
	refused(ANSWER("204", "Transfer-Encoding: chunked\r\n"), HEAD_RESPONSE, 502,
		"transfer-encoding in a 204 response (RFC 9112 section 6.1)");
	refused(ANSWER("101", "Transfer-Encoding: chunked\r\n"), HEAD_RESPONSE, 502,
		"transfer-encoding in a 101 response (RFC 9112 section 6.1)");
	taken(ANSWER("304", "Transfer-Encoding: chunked\r\n"), HEAD_RESPONSE);
	taken(ANSWER("204", "Content-Length: 0\r\n"), HEAD_RESPONSE);
}

static void
test_a_request_has_one_plain_host(void **state)
{
	static const char *const hosts[] = { "a b", "a\tb", "a/b", "a\\b", "u@a", "a?b", "a#b" };
	char text[100];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		snprintf(text, sizeof(text), POST("1.1", "Host: %s\r\n"), hosts[i]);
		refused(text, HEAD_REQUEST, 400, "host is not a host and a port (RFC 9110 section 7.2)");
	}
	refused(POST("1.1", ""), HEAD_REQUEST, 400, "there is no host field (RFC 9112 section 3.2)");
	refused(POST_11("host: x\r\n"), HEAD_REQUEST, 400, "there are 2 host fields (RFC 9112 section 3.2)");
	refused(POST("1.0", "Host: x\r\nHost: y\r\n"), HEAD_REQUEST, 400, "there are 2 host fields (RFC 9112 section 3.2)");
	taken(POST("1.0", ""), HEAD_REQUEST);
	taken(POST("1.1", "Host:\r\n"), HEAD_REQUEST);
	taken(POST("1.1", "Host: [::1]:80\r\n"), HEAD_REQUEST);
}

static void
test_connect_has_no_body(void **state)
{
	(void)state;
	refused("CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\nContent-Length: 5\r\n\r\n", HEAD_REQUEST, 400,
		"a CONNECT request has a body (RFC 9110 section 9.3.6)");
	refused("CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\nTransfer-Encoding: chunked\r\n\r\n", HEAD_REQUEST, 400,
		"a CONNECT request has a body (RFC 9110 section 9.3.6)");
	taken("CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\nContent-Length: 0\r\n\r\n", HEAD_REQUEST);
}

static void
test_http_2_has_no_fields_of_the_connection(void **state)
{
	(void)state;
	refused("GET / HTTP/2\r\nhost: x\r\nconnection: close\r\n\r\n", HEAD_REQUEST, 400,
		"RFC 9113 section 8.2.2: the field connection" HEADERS_MENDS);
	refused("GET / HTTP/2\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n", HEAD_REQUEST, 400,
		"RFC 9113 section 8.2.2: the field transfer-encoding");
	refused("GET / HTTP/2\r\nhost: x\r\nupgrade: websocket\r\n\r\n", HEAD_REQUEST, 400,
		"RFC 9113 section 8.2.2: the field upgrade");
	refused("GET / HTTP/2\r\nhost: x\r\nte: gzip\r\n\r\n", HEAD_REQUEST, 400,
		"RFC 9113 section 8.2.2: te says other than trailers" HEADERS_MENDS);
	refused("HTTP/2 200 X\r\nkeep-alive: 3\r\n\r\n", HEAD_RESPONSE, 502,
		"RFC 9113 section 8.2.2: the field keep-alive" HEADERS_MENDS);
	refused("GET / HTTP/2\r\nhost: x\r\nhost: y\r\n\r\n", HEAD_REQUEST, 400,
		"there are 2 host fields (RFC 9112 section 3.2)");
}

static void
test_trailers_neither_frame_nor_route(void **state)
{
	static const struct { const char *text, *because; } cases[] = {
		{ "Content-Length: 5\r\n\r\n", "a trailer says content-length (RFC 9110 section 6.5.1)" },
		{ "A: b\r\ntransfer-encoding: chunked\r\n\r\n", "a trailer says transfer-encoding (RFC 9110 section 6.5.1)" },
		{ "Host: y\r\n\r\n", "a trailer says host (RFC 9110 section 6.5.1)" },
		{ "Digest: x\r\n\r\n", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct head *h = head_of(cases[i].text, HEAD_FIELDS);
		struct fault why = { 0 };

		assert_int_equal(headers_check_trailer(h, &why), !cases[i].because);
		if (cases[i].because)
			assert_string_equal(why.text, cases[i].because);
		head_drop(h);
	}
}

static void
test_framing_follows_from_head_status_and_method(void **state)
{
	static const struct {
		const char *text, *method;
		enum head_kind kind;
		struct framing want;
	} cases[] = {
		{ POST_11(""), "POST", HEAD_REQUEST, { FRAMED_NONE, 0 } },
		{ POST_11("Content-Length: 7\r\n"), "POST", HEAD_REQUEST, { FRAMED_LENGTH, 7 } },
		{ POST_11("Transfer-Encoding: chunked\r\n"), "POST", HEAD_REQUEST, { FRAMED_CHUNKED, 0 } },
		{ ANSWER("200", ""), "GET", HEAD_RESPONSE, { FRAMED_CLOSE, 0 } },
		{ ANSWER("200", "Content-Length: 0\r\n"), "GET", HEAD_RESPONSE, { FRAMED_NONE, 0 } },
		{ ANSWER("200", "Content-Length: 7\r\n"), "HEAD", HEAD_RESPONSE, { FRAMED_NONE, 0 } },
		{ ANSWER("200", "Transfer-Encoding: chunked\r\n"), "HEAD", HEAD_RESPONSE, { FRAMED_NONE, 0 } },
		{ ANSWER("204", ""), "GET", HEAD_RESPONSE, { FRAMED_NONE, 0 } },
		{ ANSWER("304", "Content-Length: 7\r\n"), "GET", HEAD_RESPONSE, { FRAMED_NONE, 0 } },
		{ ANSWER("100", ""), "POST", HEAD_RESPONSE, { FRAMED_NONE, 0 } },
		{ ANSWER("200", "Content-Length: 7\r\n"), "CONNECT", HEAD_RESPONSE, { FRAMED_NONE, 0 } },
		{ ANSWER("403", "Content-Length: 7\r\n"), "CONNECT", HEAD_RESPONSE, { FRAMED_LENGTH, 7 } },
		{ ANSWER("206", "Content-Length: 7\r\n"), "head", HEAD_RESPONSE, { FRAMED_LENGTH, 7 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct head *h = head_of(cases[i].text, cases[i].kind);
		struct framing f = headers_framing(h, bytes_of(cases[i].method));

		if (f.kind != cases[i].want.kind || f.length != cases[i].want.length)
			fail_msg("%s: framed %d %llu", cases[i].text, f.kind, (unsigned long long)f.length);
		head_drop(h);
	}
}

static void
test_who_keeps_the_connection(void **state)
{
	static const struct { const char *text; bool keeps; } cases[] = {
		{ POST_11(""), true },
		{ POST_11("Connection: upgrade, CLOSE\r\n"), false },
		{ POST_11("Connection: keep-alive\r\nConnection: close\r\n"), false },
		{ POST("1.0", ""), false },
		{ POST("1.0", "Connection: Keep-Alive\r\n"), true },
		{ POST("1.0", "Connection: keep-alive, close\r\n"), false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct head *h = head_of(cases[i].text, HEAD_REQUEST);

		assert_int_equal(headers_keep(h), cases[i].keeps);
		head_drop(h);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_length_is_digits_alone),
		cmocka_unit_test(test_there_is_one_length_at_most_even_if_they_agree),
		cmocka_unit_test(test_length_and_coding_exclude_each_other),
		cmocka_unit_test(test_the_only_coding_is_chunked_said_once),
		cmocka_unit_test(test_no_coding_where_it_has_no_meaning),
		cmocka_unit_test(test_a_request_has_one_plain_host),
		cmocka_unit_test(test_connect_has_no_body),
		cmocka_unit_test(test_http_2_has_no_fields_of_the_connection),
		cmocka_unit_test(test_trailers_neither_frame_nor_route),
		cmocka_unit_test(test_framing_follows_from_head_status_and_method),
		cmocka_unit_test(test_who_keeps_the_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
