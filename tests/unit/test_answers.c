/* Recorded answers: which request each is to, in what order they are given, and the dates in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "soth/answers.h"

enum { WHEN = 1000000 };

static struct head *
parsed(const char *text, enum head_kind kind)
{
	struct fault why = { "" };
	struct head *h = head_parse(bytes_of(text), kind, &why);

	if (!h)
		fail_msg("%s: %s", text, why.text);
	return h;
}

static struct answers_request
asked(struct head **head, const char *start, const char *host, uint16_t port, const char *body)
{
	char text[400];

	snprintf(text, sizeof(text), "%s HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nX-A: 1\r\n\r\n", start);
	*head = parsed(text, HEAD_REQUEST);
	return (struct answers_request){ LIT("http"), bytes_of(host), port, *head, bytes_of(body) };
}

static void
add(struct answers *a, const char *start, const char *host, uint16_t port, const char *body, const char *answer, flow_id flow)
{
	struct head *head;
	struct answers_request q = asked(&head, start, host, port, body);
	struct answer an = { .flow = flow, .when = WHEN, .head = parsed(answer, HEAD_RESPONSE), .body = slice_text("body") };

	answers_add(a, &q, &an);
	head_drop(head);
}

/* The flow of the answer; 0: none. */
static flow_id
found(struct answers *a, const char *start, const char *host, uint16_t port, const char *body, bool reuse)
{
	struct head *head;
	struct answers_request q = asked(&head, start, host, port, body);
	const struct answer *an = answers_find(a, &q, reuse);
	flow_id flow = an ? an->flow : 0;

	head_drop(head);
	return flow;
}

static const char OK[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

static void
each_is_given_once_in_their_order_or_the_first_again_and_again(void **state)
{
	struct answers *a = answers_new(&(struct answers_how){ .headers = "" });

	(void)state;
	for (flow_id i = 1; i <= 3; i++)
		add(a, "GET /a", "h", 80, "", OK, i);
	assert_int_equal(found(a, "GET /a", "h", 80, "", true), 1);
	for (flow_id i = 1; i <= 3; i++)
		assert_int_equal(found(a, "GET /a", "h", 80, "", false), i);
	assert_int_equal(found(a, "GET /a", "h", 80, "", false), 0);
	assert_int_equal(found(a, "GET /a", "h", 80, "", true), 1);
	answers_drop(a);
}

static void
what_makes_requests_the_same(void **state)
{
	static const struct { struct answers_how how; const char *start, *host; uint16_t port; const char *body; bool same; } all[] = {
		{ { .headers = "" }, "POST /a?x=1&y=2", "h", 80, "p=1&q=2", true },
		{ { .headers = "" }, "POST http://h/a?x=1&y=2", "H", 80, "p=1&q=2", true },
		{ { .headers = "" }, "PUT /a?x=1&y=2", "h", 80, "p=1&q=2", false },
		{ { .headers = "" }, "POST /a?y=2&x=1", "h", 80, "p=1&q=2", false },
		{ { .headers = "" }, "POST /a?x=1&y=3", "h", 80, "p=1&q=2", false },
		{ { .headers = "" }, "POST /b?x=1&y=2", "h", 80, "p=1&q=2", false },
		{ { .headers = "" }, "POST /a?x=1&y=2", "i", 80, "p=1&q=2", false },
		{ { .headers = "" }, "POST /a?x=1&y=2", "h", 81, "p=1&q=2", false },
		{ { .headers = "" }, "POST /a?x=1&y=2", "h", 80, "p=1&q=3", false },
		{ { .ignore_host = true }, "POST /a?x=1&y=2", "i", 80, "p=1&q=2", true },
		{ { .ignore_port = true }, "POST /a?x=1&y=2", "h", 81, "p=1&q=2", true },
		{ { .ignore_content = true }, "POST /a?x=1&y=2", "h", 80, "p=1", true },
		{ { .params = "z, y" }, "POST /a?x=1&y=3&z=4", "h", 80, "p=1&q=2", true },
		{ { .params = "y" }, "POST /a?x=2&y=3", "h", 80, "p=1&q=2", false },
		{ { .payload = "q" }, "POST /a?x=1&y=2", "h", 80, "q=9&p=1", true },
		{ { .payload = "q" }, "POST /a?x=1&y=2", "h", 80, "q=9&p=2", false },
		{ { .headers = "x-a" }, "POST /a?x=1&y=2", "h", 80, "p=1&q=2", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct answers *a = answers_new(&all[i].how);

		add(a, "POST /a?x=1&y=2", "h", 80, "p=1&q=2", OK, 7);
		if (found(a, all[i].start, all[i].host, all[i].port, all[i].body, false) != (all[i].same ? 7u : 0u))
			fail_msg("%zu: %s %s:%u %s", i, all[i].start, all[i].host, all[i].port, all[i].body);
		answers_drop(a);
	}
}

static void
what_cannot_be_given_again_is_left_out(void **state)
{
	struct answers *a = answers_new(&(struct answers_how){ .headers = "" });

	(void)state;
	add(a, "GET /ws", "h", 80, "", "HTTP/1.1 101 Switching Protocols\r\n\r\n", 1);
	add(a, "CONNECT h:80", "h", 80, "", "HTTP/1.1 200 OK\r\n\r\n", 2);
	assert_int_equal(answers_count(a), 0);
	answers_drop(a);
}

static void
gives(const char *answer, bool refresh, uint64_t now, const char *want)
{
	struct answers *a = answers_new(&(struct answers_how){ .headers = "" });
	struct head *head, *made;
	struct answers_request q = asked(&head, "GET /", "h", 80, "");

	add(a, "GET /", "h", 80, "", answer, 1);
	made = answer_head(answers_find(a, &q, true), refresh, now);
	assert_int_equal(head_text(made).len, strlen(want));
	assert_memory_equal(head_text(made).at, want, strlen(want));
	head_drop(made);
	head_drop(head);
	answers_drop(a);
}

static void
its_length_is_that_of_its_body_and_its_dates_become_later(void **state)
{
	static const char dated[] = "HTTP/1.1 200 OK\r\nDate: Thu, 31 Dec 2026 23:59:59 GMT\r\nExpires: 0\r\n"
		"Set-Cookie: a=1; expires=Wed, 21-Oct-2015 07:28:00 GMT; Path=/\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n";
	static const char later[] = "HTTP/1.1 200 OK\r\nDate: Fri, 01 Jan 2027 00:00:01 GMT\r\nExpires: 0\r\n"
		"Set-Cookie: a=1; expires=Wed, 21 Oct 2015 07:28:02 GMT; Path=/\r\nLast-Modified: Sun, 06 Nov 1994 08:49:39 GMT\r\n"
		"Content-Length: 4\r\n\r\n";

	(void)state;
	gives(OK, true, WHEN, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
	gives("HTTP/1.1 304 No\r\n\r\n", true, WHEN, "HTTP/1.1 304 No\r\n\r\n");
	gives(dated, true, WHEN + 2000000, later);
	gives("HTTP/1.1 200 OK\r\nDate: Thu, 31 Dec 2026 23:59:59 GMT\r\n\r\n", false, WHEN + 2000000,
		"HTTP/1.1 200 OK\r\nDate: Thu, 31 Dec 2026 23:59:59 GMT\r\nContent-Length: 4\r\n\r\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_given_once_in_their_order_or_the_first_again_and_again),
		cmocka_unit_test(what_makes_requests_the_same),
		cmocka_unit_test(what_cannot_be_given_again_is_left_out),
		cmocka_unit_test(its_length_is_that_of_its_body_and_its_dates_become_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
