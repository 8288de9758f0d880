/* The fields of HTTP/2 as they are typed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "soth/fieldlist.h"

static void
reads(struct fieldlist *l, const char *text)
{
	struct fault why = { "" };
	size_t at;

	if (!fieldlist_read(slice_text(text), l, &at, &why))
		fail_msg("%s", why.text);
}

static void
is_field(const struct fieldlist *l, size_t i, struct bytes name, struct bytes value)
{
	assert_true(i < l->fields);
	assert_true(bytes_same(l->field[i].name, name));
	assert_true(bytes_same(l->field[i].value, value));
}

static void
order_case_and_blanks_stay_as_they_were_typed(void **state)
{
	struct fieldlist l;

	(void)state;
	reads(&l, "X-Upper:  two blanks \n:method: GET\n:method: POST\nx:\n a b:c:d\r\n\nbody\n\n:x\n");
	assert_int_equal(l.fields, 5);
	assert_int_equal(l.heads, 5);
	assert_false(l.trailed);
	is_field(&l, 0, LIT("X-Upper"), LIT(" two blanks "));
	is_field(&l, 1, LIT(":method"), LIT("GET"));
	is_field(&l, 2, LIT(":method"), LIT("POST"));
	is_field(&l, 3, LIT("x"), LIT(""));
	is_field(&l, 4, LIT(" a b"), LIT("c:d"));
	assert_true(bytes_are(l.body.bytes, "body\n\n:x\n"));
	assert_true(bytes_are(fieldlist_find(&l, ":method"), "GET"));
	fieldlist_release(&l);
}

static void
what_stands_in_no_line_is_quoted(void **state)
{
	struct fieldlist l;

	(void)state;
	reads(&l, "\"\": \"\"\n\"a: b\": c \"d\"\nx: \"as it is\"\n\"y\": \"\\x00\\r\\n\\t\\\\\\\"\\xfF\"\n#! trailers\nT: 1\n#! trailers: 2");
	is_field(&l, 0, LIT(""), LIT(""));
	is_field(&l, 1, LIT("a: b"), LIT("c \"d\""));
	is_field(&l, 2, LIT("x"), LIT("\"as it is\""));
	is_field(&l, 3, LIT("y"), LIT("\0\r\n\t\\\"\xff"));
	assert_int_equal(l.heads, 4);
	assert_true(l.trailed);
	is_field(&l, 4, LIT("T"), LIT("1"));
	is_field(&l, 5, LIT("#! trailers"), LIT("2"));
	assert_false(l.body.bytes.len);
	assert_false(fieldlist_find(&l, "T").len);
	fieldlist_release(&l);
}

static void
each_fault_has_its_place(void **state)
{
	static const struct { const char *text, *why; size_t at; } wrong[] = {
		{ "a: 1\nno colon\n", "a field expected", 5 },
		{ ":path\n", "a field expected", 0 },
		{ "\"a\" : b", "a colon right after the name expected", 3 },
		{ "\"a", "a quote that closes this one expected", 0 },
		{ "\"a\": \"b\nc\"", "a quote that closes this one expected", 5 },
		{ "\"a\": \"b\" c", "nothing behind the value in quotes expected", 8 },
		{ "\"\\q\": b", "\\\\ \\\" \\r \\n \\t or \\xHH expected", 1 },
		{ "\"\\x1g\": b", "\\\\ \\\" \\r \\n \\t or \\xHH expected", 1 },
		{ "\"\\", "\\\\ \\\" \\r \\n \\t or \\xHH expected", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct fault why = { "" };
		struct fieldlist l;
		size_t at = 99;

		assert_false(fieldlist_read(slice_text(wrong[i].text), &l, &at, &why));
		if (strncmp(why.text, wrong[i].why, strlen(wrong[i].why)) || at != wrong[i].at)
			fail_msg("%s: %zu: %s", wrong[i].text, at, why.text);
		assert_null(l.field);
	}
}

static void
head_is(const char *typed, enum head_kind kind, bool whole, const char *text)
{
	struct fieldlist l;
	struct head *h;
	bool is;

	reads(&l, typed);
	h = fieldlist_head(&l, kind, &is);
	if (!text)
		assert_null(h);
	else if (!h || !bytes_are(head_text(h), text))
		fail_msg("%s: %.*s", typed, h ? (int)head_text(h).len : 0, h ? (const char *)head_text(h).at : "");
	assert_int_equal(is, whole);
	head_drop(h);
	fieldlist_release(&l);
}

static void
a_head_tells_what_they_are_like(void **state)
{
	(void)state;
	head_is(":method: PUT\n:scheme: https\n:authority: a\n:path: /x\nX-A: 1\nx-a: 2\n", HEAD_REQUEST, true,
		"PUT /x HTTP/2\r\nhost: a\r\nX-A: 1\r\nx-a: 2\r\n\r\n");
	head_is(":method: P T\n:path: /x y\n:authority: a\n\"b\": \"\\n\"\n", HEAD_REQUEST, false, "GET / HTTP/2\r\nhost: a\r\n\r\n");
	head_is("a: 1\n:method: PUT\n:path: /x\n", HEAD_REQUEST, false, "PUT /x HTTP/2\r\na: 1\r\n\r\n");
	head_is(":method: PUT\n:method: GET\n:path: /x\n", HEAD_REQUEST, false, "PUT /x HTTP/2\r\n\r\n");
	head_is("\n", HEAD_REQUEST, false, "GET / HTTP/2\r\n\r\n");
	head_is(":status: 204\nA: b\n", HEAD_RESPONSE, true, "HTTP/2 204 \r\nA: b\r\n\r\n");
	head_is(":status: 20\n", HEAD_RESPONSE, true, NULL);
	head_is("a: b\n", HEAD_RESPONSE, true, NULL);
}

static void
written_is(const char *head, enum head_kind kind, const char *trailers, const char *text)
{
	struct fault why;
	struct head *h = head_parse(bytes_of(head), kind, &why), *t = trailers ? head_parse(bytes_of(trailers), HEAD_FIELDS, &why) : NULL;
	struct fieldlist l;
	struct buf b;

	buf_init(&b, 1 << 16);
	assert_true(fieldlist_write(h, t, true, &b));
	if (!bytes_are(buf_bytes(&b), text))
		fail_msg("%.*s", (int)b.len, (const char *)b.at);
	assert_true(buf_add(&b, LIT("\0")));
	reads(&l, (const char *)b.at);
	fieldlist_release(&l);
	buf_release(&b);
	head_drop(h);
	head_drop(t);
}

static void
a_head_is_written_as_it_would_go(void **state)
{
	(void)state;
	written_is("GET http://a/x?y HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-A: B\r\n\r\n", HEAD_REQUEST, NULL,
		":method: GET\n:scheme: http\n:authority: a\n:path: /x?y\nx-a: B\n\n");
	written_is("GET https://a HTTP/2\r\nhost: a\r\nconnection: close\r\n\r\n", HEAD_REQUEST, "X-T: 1\r\n\r\n",
		":method: GET\n:scheme: https\n:authority: a\n:path: /\nconnection: close\n#! trailers\nx-t: 1\n\n");
	written_is("CONNECT /ws HTTP/2\r\nhost: a\r\nupgrade: websocket\r\n\r\n", HEAD_REQUEST, NULL,
		":method: CONNECT\n:protocol: websocket\n:scheme: https\n:authority: a\n:path: /ws\n\n");
	written_is("HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a\r\n\r\n", HEAD_RESPONSE, NULL,
		":status: 204\nset-cookie: a\n\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_case_and_blanks_stay_as_they_were_typed),
		cmocka_unit_test(what_stands_in_no_line_is_quoted),
		cmocka_unit_test(each_fault_has_its_place),
		cmocka_unit_test(a_head_tells_what_they_are_like),
		cmocka_unit_test(a_head_is_written_as_it_would_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
