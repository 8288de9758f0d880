#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "soth/head.h"

static struct head *
whole(const char *text, enum head_kind kind)
{
	struct fault why = { 0 };
	struct head *h = head_parse(bytes_of(text), kind, &why);

	if (!h)
		fail_msg("%s", why.text);
	return h;
}

static void
refused(const char *text, enum head_kind kind, const char *because)
{
	struct fault why = { 0 };

	assert_null(head_parse(bytes_of(text), kind, &why));
	assert_string_equal(why.text, because);
}

static void
test_a_request_keeps_order_case_and_every_byte(void **state)
{
	const char *text = "PURGE /a?b HTTP/1.1\r\nHost:x\r\nX-B: \t1 \r\nx-b: caf\xe9\r\n\r\n";
	struct head *h = whole(text, HEAD_REQUEST);

	(void)state;
	assert_true(bytes_are(head_text(h), text));
	assert_true(bytes_are(head_method(h), "PURGE"));
	assert_true(bytes_are(head_target(h), "/a?b"));
	assert_int_equal(head_version(h), HTTP_1_1);
	assert_int_equal(head_count(h), 3);
	assert_true(bytes_are(head_field(h, 1).name, "X-B"));
	assert_true(bytes_are(head_find(h, "x-B"), "1"));
	assert_true(bytes_are(head_field(h, 2).value, "caf\xe9"));
	head_drop(h);
}

static void
test_a_response_may_lack_its_reason(void **state)
{
	struct head *h = whole("HTTP/1.0 204\r\n\r\n", HEAD_RESPONSE);

	(void)state;
	assert_int_equal(head_status(h), 204);
	assert_int_equal(head_version(h), HTTP_1_0);
	assert_int_equal(head_reason(h).len, 0);
	head_drop(h);
	h = whole("HTTP/1.1 404 Not here\r\n\r\n", HEAD_RESPONSE);
	assert_true(bytes_are(head_reason(h), "Not here"));
	head_drop(h);
}

static void
test_lists_are_searched_over_all_fields_of_a_name(void **state)
{
	struct head *h = whole("Connection: keep-alive, X\r\nconnection: ,CLOSE \r\n\r\n", HEAD_FIELDS);

	(void)state;
	assert_true(head_lists(h, "connection", "close"));
	assert_true(head_lists(h, "connection", "x"));
	assert_false(head_lists(h, "connection", "keep"));
	head_drop(h);
}

static void
test_what_smuggles_is_refused_in_words(void **state)
{
	(void)state;
	refused("GET / HTTP/1.1\r\nA: 1\r\n b\r\n\r\n", HEAD_REQUEST, "field 1 is folded over lines (RFC 9112 section 5.2)");
	refused("GET / HTTP/1.1\r\nA: 1\n\r\n", HEAD_REQUEST, "a line ends without CR (RFC 9112 section 2.2)");
	refused("GET / HTTP/1.1\r\nA: 1\rB\r\n\r\n", HEAD_REQUEST, "field A has a control character (RFC 9110 section 5.5)");
	refused("GET / HTTP/1.1\r\nA : 1\r\n\r\n", HEAD_REQUEST, "field 1 has no valid name (RFC 9112 section 5.1)");
	refused("GET / HTTP/1.1\r\n: 1\r\n\r\n", HEAD_REQUEST, "field 1 has no valid name (RFC 9112 section 5.1)");
	refused("GET / HTTP/1.1\r\nA\r\n\r\n", HEAD_REQUEST, "field 1 has no colon (RFC 9112 section 5)");
	refused("GET / HTTP/1.1\r\nA: 1\r\n", HEAD_REQUEST, "the head is not whole");
	refused("GET / HTTP/1.1\r\n\r\nX", HEAD_REQUEST, "something follows the empty line");
	refused("GET  / HTTP/1.1\r\n\r\n", HEAD_REQUEST, "the request line has no valid target (RFC 9112 section 3.2)");
	refused("GET /\r\n\r\n", HEAD_REQUEST, "the request line does not end with HTTP/1.0 or HTTP/1.1 (RFC 9112 section 2.3)");
	refused("HTTP/1.1 20 OK\r\n\r\n", HEAD_RESPONSE, "the status is not three digits (RFC 9110 section 15)");
}

static void
test_a_draft_changes_what_it_says_and_nothing_else(void **state)
{
	struct head *h = whole("GET http://x/ HTTP/1.1\r\nHost: x\r\nA: 1\r\nProxy-X: y\r\na: 2\r\n\r\n", HEAD_REQUEST);
	struct fault why = { 0 };
	struct head *made;
	struct draft d;

	(void)state;
	draft_of(&d, h);
	d.target = LIT("/");
	draft_remove(&d, "proxy-x");
	draft_set(&d, "HOST", LIT("y"));
	draft_set(&d, "New", LIT("3"));
	made = head_make(&d, &why);
	assert_non_null(made);
	assert_true(bytes_are(head_text(made), "GET / HTTP/1.1\r\nHost: y\r\nA: 1\r\na: 2\r\nNew: 3\r\n\r\n"));
	head_drop(made);
	draft_set(&d, "New", LIT("3\r\nEvil: 1"));
	assert_null(head_make(&d, &why));
	assert_string_equal(why.text, "field 4 has a line break");
	draft_release(&d);
	head_drop(h);
}

static void
test_a_head_cut_anywhere_is_refused(void **state)
{
	const char *text = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
	struct fault why;

	(void)state;
	for (size_t len = 0; len < strlen(text); len++)
		assert_null(head_parse((struct bytes){ (const uint8_t *)text, len }, HEAD_REQUEST, &why));
}

/* Values are looked at eight bytes at once, so each byte is tried at each place. */
static void
test_every_byte_has_its_say_at_every_place(void **state)
{
	struct fault why;

	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		for (size_t i = 0; i < 20; i++) {
			char text[] = "A:.abcdefghijklmnopqrs\xff\xff.\r\n\r\n";
			struct head *h;

			text[3 + i] = (char)c;
			h = head_parse((struct bytes){ (uint8_t *)text, sizeof(text) - 1 }, HEAD_FIELDS, &why);
			assert_int_equal(h != NULL, c == '\t' || (c >= 0x20 && c != 0x7f));
			head_drop(h);
		}
	}
}

static void
test_names_are_tokens(void **state)
{
	struct fault why;

	(void)state;
	for (unsigned c = 1; c < 256; c++) {
		char text[] = "A.B: x\r\n\r\n";
		bool token = strchr("!#$%&'*+-.^_`|~", (int)c) || (c >= '0' && c <= '9') ||
			((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
		struct head *h;

		text[1] = (char)c;
		h = head_parse(bytes_of(text), HEAD_FIELDS, &why);
		/* "A:B: x" is a field A. */
		assert_int_equal(h != NULL, token || c == ':');
		head_drop(h);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_request_keeps_order_case_and_every_byte),
		cmocka_unit_test(test_a_response_may_lack_its_reason),
		cmocka_unit_test(test_lists_are_searched_over_all_fields_of_a_name),
		cmocka_unit_test(test_what_smuggles_is_refused_in_words),
		cmocka_unit_test(test_a_draft_changes_what_it_says_and_nothing_else),
		cmocka_unit_test(test_a_head_cut_anywhere_is_refused),
		cmocka_unit_test(test_every_byte_has_its_say_at_every_place),
		cmocka_unit_test(test_names_are_tokens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
