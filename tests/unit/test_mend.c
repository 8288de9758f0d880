/* What careless peers write: what it becomes, and what is not mended whoever asks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../src/proto/headers.h"
#include "../../src/proto/mend.h"

#define TEXT(s)	{ (const uint8_t *)(s), sizeof(s) - 1 }
#define GET	"GET / HTTP/1.1\r\nHost: x\r\n"
#define OK	"HTTP/1.1 200 OK\r\n"

static const struct {
	enum head_kind kind;
	struct bytes text, mended;	/* .len 0: it is not */
	const char *said;
} heads[] = {
	{ HEAD_REQUEST, TEXT("GET / HTTP/1.1\nHost: x\n\n"), TEXT(GET "\r\n"), "a line ends without CR (RFC 9112 section 2.2), and 2 more: mended" },
	{ HEAD_RESPONSE, TEXT(OK "A: b\n\r\n"), TEXT(OK "A: b\r\n\r\n"), "a line ends without CR (RFC 9112 section 2.2): mended" },
	{ HEAD_RESPONSE, TEXT(OK "A: b\r\n\tc\r\n   d\r\nE: f\r\n\r\n"), TEXT(OK "A: b c d\r\nE: f\r\n\r\n"),
		"a field is folded over lines (RFC 9112 section 5.2), and 1 more: mended" },
	{ HEAD_REQUEST, TEXT(GET "A: b\r\n c\r\n\r\n"), TEXT(GET "A: b c\r\n\r\n"), "a field is folded over lines (RFC 9112 section 5.2): mended" },
	{ HEAD_RESPONSE, TEXT(OK "A : b\r\n\r\n"), TEXT(OK "A: b\r\n\r\n"), "white space between A and its colon (RFC 9112 section 5.1): mended" },
	{ HEAD_RESPONSE, TEXT(OK "A(b): c\r\nD: e\r\n\r\n"), TEXT(OK "D: e\r\n\r\n"),
		"a field's name is none, and is left out (RFC 9112 section 5.1): mended" },
	{ HEAD_RESPONSE, TEXT(OK "A(b): c\r\n d\r\nE: f\r\n\r\n"), TEXT(OK "E: f\r\n\r\n"),
		"a field's name is none, and is left out (RFC 9112 section 5.1): mended" },
	{ HEAD_RESPONSE, TEXT(OK ": c\r\nD: e\r\n\r\n"), TEXT(OK "D: e\r\n\r\n"),
		"a field's name is none, and is left out (RFC 9112 section 5.1): mended" },
	{ HEAD_RESPONSE, TEXT(OK "no colon\r\nD: e\r\n\r\n"), TEXT(OK "D: e\r\n\r\n"), "a line has no colon, and is left out (RFC 9112 section 5): mended" },
	{ HEAD_REQUEST, TEXT(GET "A: b\x01" "c\x7f\r\n\r\n"), TEXT(GET "A: b c \r\n\r\n"), "field A has a control character (RFC 9110 section 5.5): mended" },
	{ HEAD_RESPONSE, TEXT(OK "Content-Length: 5\r\ncontent-length: 5\r\n\r\n"), TEXT(OK "Content-Length: 5\r\n\r\n"), "content-length is said again: mended" },
	{ HEAD_FIELDS, TEXT("A: b\n\r\n"), TEXT("A: b\r\n\r\n"), "a line ends without CR (RFC 9112 section 2.2): mended" },
	/* nothing is wrong with it; or with what is wrong nothing can be done */
	{ HEAD_REQUEST, TEXT(GET "\r\n"), { 0 }, NULL },
	{ HEAD_REQUEST, TEXT(GET "A : b\r\n\r\n"), { 0 }, NULL },
	{ HEAD_REQUEST, TEXT("GET / HTTP/1.1\r\n Host: x\r\n\r\n"), { 0 }, NULL },
	{ HEAD_REQUEST, TEXT(GET "A: b\n"), { 0 }, NULL },
	{ HEAD_REQUEST, TEXT(GET "A: b\n\nC: d\r\n\r\n"), { 0 }, NULL },
	/* CR alone and NUL, wherever they are */
	{ HEAD_RESPONSE, TEXT(OK "A: \rTransfer-Encoding: chunked\r\n\r\n"), { 0 }, NULL },
	{ HEAD_RESPONSE, TEXT(OK "A: b\0c\r\n\r\n"), { 0 }, NULL },
	{ HEAD_RESPONSE, TEXT(OK "A\0: b\r\n\r\n"), { 0 }, NULL },
	{ HEAD_RESPONSE, TEXT(OK "A: b\r\r\n\r\n"), { 0 }, NULL },
	{ HEAD_RESPONSE, TEXT("HTTP/1.1 200 O\rK\n\r\n"), { 0 }, NULL },
	/* what frames, or looks as if it did */
	{ HEAD_RESPONSE, TEXT(OK "Transfer-Encoding:\r\n chunked\r\n\r\n"), { 0 }, NULL },
	{ HEAD_RESPONSE, TEXT(OK "Transfer-Encoding : chunked\r\n\r\n"), { 0 }, NULL },
	{ HEAD_RESPONSE, TEXT(OK "Transfer-Encoding\x0b: chunked\r\n\r\n"), { 0 }, NULL },
	{ HEAD_RESPONSE, TEXT(OK "Transfer-Encoding: chunked\x01\r\n\r\n"), { 0 }, NULL },
	{ HEAD_RESPONSE, TEXT(OK "Transfer-Encoding chunked\r\n\r\n"), { 0 }, NULL },
	{ HEAD_RESPONSE, TEXT(OK "(Content-Length): 5\r\n\r\n"), { 0 }, NULL },
	{ HEAD_RESPONSE, TEXT(OK "Content-Length : 5\r\n\r\n"), { 0 }, NULL },
	{ HEAD_RESPONSE, TEXT(OK "A: b\r\n Content-Length: 5\r\n\r\n"), { 0 }, NULL },
	{ HEAD_RESPONSE, TEXT(OK "A(: b\r\n Content-Length: 5\r\n\r\n"), { 0 }, NULL },
	{ HEAD_REQUEST, TEXT("GET / HTTP/1.1\r\nHost: x\r\n y\r\n\r\n"), { 0 }, NULL },
	{ HEAD_REQUEST, TEXT(GET "Content-Length: 5\r\nContent-Length: 5\r\n\r\n"), { 0 }, NULL },
};

static bool
mends(size_t i, struct buf *out, struct fault *said)
{
	struct mended m;
	bool ok = mend_head(heads[i].text, heads[i].kind, out, &m);

	mended_words(&m, said);
	return ok;
}

static void
heads_are_mended_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		struct fault said;
		struct buf out;

		buf_init(&out, 4096);
		if (mends(i, &out, &said) != !!heads[i].mended.len)
			fail_msg("%.*s: %s", (int)heads[i].text.len, (const char *)heads[i].text.at, said.text);
		if (heads[i].mended.len) {
			assert_string_equal(said.text, heads[i].said);
			if (!bytes_same(buf_bytes(&out), heads[i].mended))
				fail_msg("%.*s", (int)out.len, (const char *)out.at);
		}
		buf_release(&out);
	}
}

/* What comes of it is judged as strictly as if it had come so. */
static void
what_is_mended_is_judged(void **state)
{
	static const struct { const char *text, *why; } all[] = {
		{ OK "A: b\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n", "content-length and transfer-encoding are both there (RFC 9112 section 6.1)" },
		{ OK "A: b\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n", "there are 2 content-length fields (RFC 9110 section 8.6)" },
		{ OK "A: b\nContent-Length: +4\r\n\r\n", "content-length is not a number (RFC 9110 section 8.6)" },
		{ OK "A: b\nTransfer-Encoding: xchunked\r\n\r\n", "transfer-encoding is not chunked alone (RFC 9112 section 6.1)" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct mended m;
		struct fault why;
		struct head *h;
		struct buf out;

		buf_init(&out, 4096);
		assert_true(mend_head(bytes_of(all[i].text), HEAD_RESPONSE, &out, &m));
		h = head_parse(buf_bytes(&out), HEAD_RESPONSE, &why);
		assert_non_null(h);
		assert_int_equal(headers_check(h, &why), 502);
		assert_string_equal(why.text, all[i].why);
		head_drop(h);
		buf_release(&out);
	}
}

static const struct {
	struct field field, mended;
	bool refused;
	const char *said;	/* NULL: nothing was wrong */
} fields[] = {
	{ { TEXT("a"), TEXT("b") }, { TEXT("a"), TEXT("b") }, false, NULL },
	{ { TEXT("te"), TEXT("trailers") }, { TEXT("te"), TEXT("trailers") }, false, NULL },
	{ { TEXT("X-Y"), TEXT("b") }, { TEXT("x-y"), TEXT("b") }, false, "the name X-Y has an upper-case letter (RFC 9113 section 8.2.1): mended" },
	{ { TEXT("a"), TEXT(" b\t") }, { TEXT("a"), TEXT("b") }, false, "the value of a has white space around it (RFC 9113 section 8.2.1): mended" },
	{ { TEXT("a"), TEXT("b\x01") }, { TEXT("a"), TEXT("b ") }, false, "field a has a control character (RFC 9110 section 5.5): mended" },
	{ { TEXT("a b"), TEXT("c") }, { { 0 } }, false, "a field's name is none, and is left out (RFC 9113 section 8.2.1): mended" },
	{ { TEXT("Connection"), TEXT("close") }, { { 0 } }, false,
		"the name Connection has an upper-case letter (RFC 9113 section 8.2.1), and 1 more: mended" },
	{ { TEXT("keep-alive"), TEXT("5") }, { { 0 } }, false, "the field keep-alive is left out (RFC 9113 section 8.2.2): mended" },
	{ { TEXT("proxy-connection"), TEXT("x") }, { { 0 } }, false, "the field proxy-connection is left out (RFC 9113 section 8.2.2): mended" },
	{ { TEXT("upgrade"), TEXT("h2c") }, { { 0 } }, false, "the field upgrade is left out (RFC 9113 section 8.2.2): mended" },
	{ { TEXT("te"), TEXT("gzip") }, { { 0 } }, false, "the field te is left out (RFC 9113 section 8.2.2): mended" },
	/* the same field on: it is judged with the head */
	{ { TEXT("transfer-encoding"), TEXT("chunked") }, { TEXT("transfer-encoding"), TEXT("chunked") }, false, NULL },
	{ { TEXT("a"), TEXT("b\r\nc: d") }, { { 0 } }, true, NULL },
	{ { TEXT("a"), TEXT("b\0") }, { { 0 } }, true, NULL },
	{ { TEXT("a"), TEXT("b\rc") }, { { 0 } }, true, NULL },
	{ { TEXT("content-length:"), TEXT("5") }, { { 0 } }, true, NULL },
	{ { TEXT("transfer-encoding\r\n"), TEXT("x") }, { { 0 } }, true, NULL },
	{ { TEXT(" host"), TEXT("x") }, { { 0 } }, true, NULL },
};

static void
fields_are_mended_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		struct mended m = { 0 };
		struct fault said;
		struct field out;
		struct buf room;

		buf_init(&room, 4096);
		if (mend_field(fields[i].field, &room, &out, &m) == fields[i].refused)
			fail_msg("%.*s", (int)fields[i].field.name.len, (const char *)fields[i].field.name.at);
		mended_words(&m, &said);
		if (!fields[i].refused) {
			assert_string_equal(fields[i].said ? said.text : ": mended", fields[i].said ? fields[i].said : said.text);
			assert_true(bytes_same(out.name, fields[i].mended.name));
			assert_true(bytes_same(out.value, fields[i].mended.value));
		}
		buf_release(&room);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_are_mended_or_refused),
		cmocka_unit_test(what_is_mended_is_judged),
		cmocka_unit_test(fields_are_mended_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
