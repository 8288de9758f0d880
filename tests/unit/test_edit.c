/* A message becomes text, and the text becomes the message again: what nobody touched byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/deflate.h"
#include "soth/edit.h"
#include "soth/inflate.h"
#include "soth/schema.h"

enum { TEXT_MAX = 1 << 24 };

static struct head *
head_of(const char *text)
{
	struct fault why = { "" };
	enum head_kind kind = !strncmp(text, "HTTP/", 5) ? HEAD_RESPONSE : HEAD_REQUEST;
	struct head *h = head_parse(bytes_of(text), kind, &why);

	if (!h)
		fail_msg("%s", why.text);
	return h;
}

/* A message at work: what it is, its text, and what is read of it. */
struct bench {
	struct edit_message m;
	struct edit_form form;
	char *text;
	struct edit_result r;
	struct fault why;
};

static struct bench
bench_of(const char *head, struct bytes body)
{
	return (struct bench){ .m = { .head = head ? head_of(head) : NULL, .body = body } };
}

static void
bench_text(struct bench *b)
{
	struct buf out;

	buf_init(&out, TEXT_MAX);
	assert_true(edit_write(&b->m, &b->form, &out));
	free(b->text);
	b->text = xalloc(out.len + 1);
	if (out.len)
		memcpy(b->text, out.at, out.len);
	b->text[out.len] = '\0';
	buf_release(&out);
}

static bool
bench_read(struct bench *b)
{
	edit_result_release(&b->r);
	return edit_read(&b->m, &b->form, bytes_of(b->text), &b->r, &b->why);
}

static void
bench_done(struct bench *b)
{
	head_drop(b->m.head);
	head_drop(b->m.trailers);
	edit_result_release(&b->r);
	free(b->text);
}

/* The first `from` of the text as `to`. */
static void
retype(struct bench *b, const char *from, const char *to)
{
	char *at = strstr(b->text, from), *now;

	if (!at)
		fail_msg("no \"%s\" in:\n%s", from, b->text);
	now = xalloc(strlen(b->text) + strlen(to) + 1);
	sprintf(now, "%.*s%s%s", (int)(at - b->text), b->text, to, at + strlen(from));
	free(b->text);
	b->text = now;
}

static void
must_read(struct bench *b)
{
	if (!bench_read(b))
		fail_msg("%s\n%s", b->why.text, b->text);
}

static void
assert_bytes(struct bytes got, const void *want, size_t len)
{
	if (got.len != len || (len && memcmp(got.at, want, len)))
		fail_msg("got %zu bytes, wanted %zu: %.*s", got.len, len, (int)got.len, (const char *)got.at);
}
#define assert_body(b, lit)	assert_bytes((b)->r.body.bytes, lit, sizeof(lit) - 1)

static bool
said(const struct bench *b, const char *what)
{
	for (size_t i = 0; i < b->r.saids; i++)
		if (!strcmp(b->r.said[i], what))
			return true;
	return false;
}

static void
assert_fault(struct bench *b, const char *words)
{
	if (bench_read(b))
		fail_msg("no fault for:\n%s", b->text);
	if (strncmp(b->why.text, words, strlen(words)))
		fail_msg("\"%s\", not \"%s\"", b->why.text, words);
}

/* Text, and the same message again. */
static void
assert_untouched(struct bench *b)
{
	bench_text(b);
	must_read(b);
	assert_false(b->r.head_changed || b->r.body_changed || b->r.trailers_changed);
	assert_int_equal(b->r.saids, 0);
	assert_bytes(b->r.body.bytes, b->m.body.at, b->m.body.len);
	if (b->m.head)
		assert_true(bytes_same(head_text(b->r.head), head_text(b->m.head)));
}

#define POST	"POST /x HTTP/1.1\r\nHost: h\r\n"

static void
a_message_is_its_start_line_its_fields_an_empty_line_and_its_body(void **state)
{
	struct bench b = bench_of(POST "Content-Length:  5\r\nX-Odd:y \r\n\r\n", LIT("hello"));

	(void)state;
	b.form.bare = true;
	assert_untouched(&b);
	assert_string_equal(b.text, "POST /x HTTP/1.1\nHost: h\nContent-Length:  5\nX-Odd:y \n\nhello\n");
	assert_string_equal(b.form.shape, "text");
	b.form.bare = false;
	assert_untouched(&b);
	assert_non_null(strstr(b.text, "#! 5 bytes: text as it stands\n"));
	bench_done(&b);
}

static void
content_length_follows_the_body_and_other_fields_stay_as_they_are_written(void **state)
{
	struct bench b = bench_of(POST "Content-Length:  5\r\nX-Odd:y \r\n\r\n", LIT("hello"));

	(void)state;
	bench_text(&b);
	retype(&b, "hello", "good morning");
	must_read(&b);
	assert_body(&b, "good morning");
	assert_true(bytes_are(head_text(b.r.head), POST "Content-Length:  12\r\nX-Odd:y \r\n\r\n"));
	assert_true(said(&b, "content-length: 5 -> 12"));
	assert_true(b.r.head_changed && b.r.body_changed);
	bench_done(&b);
}

static void
a_body_ends_as_it_was_whatever_an_editor_does_to_the_last_line(void **state)
{
	static const char *const bodies[] = { "a", "a\n", "\n", "", "a\n\n", "\r\n", "a\r\nb", "a\r\nb\r\n" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		struct bench b = bench_of(POST "\r\n", bytes_of(bodies[i]));

		assert_untouched(&b);
		if (b.m.body.len && b.m.body.at[b.m.body.len - 1] != '\n') {
			b.text[strlen(b.text) - 1] = '\0';	/* it did not end the last line */
			must_read(&b);
			assert_false(b.r.body_changed);
		}
		bench_done(&b);
	}
}

static void
lines_that_end_in_crlf_end_so_again(void **state)
{
	struct bench b = bench_of(POST "\r\n", LIT("one\r\ntwo\r\n"));

	(void)state;
	assert_untouched(&b);
	assert_string_equal(b.form.shape, "lines");
	retype(&b, "two", "two\nthree");
	must_read(&b);
	assert_body(&b, "one\r\ntwo\r\nthree\r\n");
	bench_done(&b);
}

static void
trailers_stand_between_the_fields_and_the_body(void **state)
{
	struct fault why;
	struct bench b = bench_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", LIT("hi"));

	(void)state;
	b.m.trailers = head_parse(LIT("X-Sum: 1\r\n\r\n"), HEAD_FIELDS, &why);
	assert_untouched(&b);
	assert_non_null(strstr(b.text, "\n#! trailers\nX-Sum: 1\n\nhi\n"));
	retype(&b, "X-Sum: 1", "X-Sum: 2");
	must_read(&b);
	assert_true(b.r.trailers_changed && !b.r.head_changed && !b.r.body_changed);
	assert_true(bytes_are(head_text(b.r.trailers), "X-Sum: 2\r\n\r\n"));
	bench_done(&b);
}

static struct slice
coded(const char *list[], size_t count, struct bytes plain)
{
	struct slice now = slice_copy(plain);
	struct fault why;

	for (size_t i = 0; i < count; i++) {
		struct buf out;

		buf_init(&out, TEXT_MAX);
		assert_true(deflate_all(bytes_of(list[i]), now.bytes, &out, &why));
		slice_drop(&now);
		now = buf_seal(&out);
	}
	return now;
}

static void
undone(const char *coding, struct bytes body, struct buf *out)
{
	struct inflater *i = inflater_new(bytes_of(coding));
	struct fault why;

	assert_true(inflater_feed(i, body, out, &why) && inflater_ended(i));
	inflater_free(i);
}

/* The last coding is the outermost. */
static void
assert_decodes(const char *list[], size_t count, struct bytes body, const char *plain)
{
	struct slice now = slice_copy(body);

	while (count--) {
		struct buf out;

		buf_init(&out, TEXT_MAX);
		undone(list[count], now.bytes, &out);
		slice_drop(&now);
		now = buf_seal(&out);
	}
	assert_bytes(now.bytes, plain, strlen(plain));
	slice_drop(&now);
}

static void
each_coding_in_each_framing_is_undone_and_put_back(void **state)
{
	static const char *framings[] = { "Content-Length: %zu\r\n", "Transfer-Encoding: chunked\r\n", "" };
	static const char *chains[][2] = { { "gzip" }, { "deflate" }, { "br" }, { "zstd" }, { "gzip", "br" }, { "zstd", "gzip" } };
	static const char *versions[] = { "HTTP/1.1", "HTTP/2" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(chains) * ARRAY_LEN(framings) * ARRAY_LEN(versions); i++) {
		const char **chain = chains[i % ARRAY_LEN(chains)], *framing = framings[i / ARRAY_LEN(chains) % ARRAY_LEN(framings)];
		size_t count = chain[1] ? 2 : 1;
		struct slice body = coded(chain, count, LIT("some text, some text, some text"));
		char head[300], length[100];
		struct bench b;

		snprintf(length, sizeof(length), framing, body.bytes.len);
		snprintf(head, sizeof(head), "%s 200 OK\r\nContent-Encoding: %s%s%s\r\n%s\r\n", versions[i / 18], chain[0],
			count > 1 ? ", " : "", count > 1 ? chain[1] : "", length);
		b = bench_of(head, body.bytes);
		assert_untouched(&b);
		assert_non_null(strstr(b.text, "some text, some text"));
		retype(&b, "some text", "no text");
		must_read(&b);
		assert_decodes(chain, count, b.r.body.bytes, "no text, some text, some text");
		if (*framing == 'C') {
			snprintf(length, sizeof(length), "%zu", b.r.body.bytes.len);
			assert_true(bytes_are(head_find(b.r.head, "content-length"), length));
		}
		bench_done(&b);
		slice_drop(&body);
	}
}

static void
a_body_goes_into_the_codings_that_the_head_now_names(void **state)
{
	const char *gzip[] = { "gzip" }, *br[] = { "br" };
	struct slice body = coded(gzip, 1, LIT("hello"));
	struct bench b = bench_of("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", body.bytes);

	(void)state;
	bench_text(&b);
	retype(&b, "Content-Encoding: gzip\n", "");
	must_read(&b);
	assert_body(&b, "hello");
	bench_text(&b);
	retype(&b, "Encoding: gzip", "Encoding: br");
	must_read(&b);
	assert_decodes(br, 1, b.r.body.bytes, "hello");
	assert_true(said(&b, "br put back"));
	bench_text(&b);
	retype(&b, "Encoding: gzip", "Encoding: identity, identity, identity, identity, identity, identity, identity, br");
	must_read(&b);
	assert_decodes(br, 1, b.r.body.bytes, "hello");
	bench_text(&b);
	retype(&b, "hello\n", "");
	must_read(&b);
	assert_int_equal(b.r.body.bytes.len, 0);
	bench_text(&b);
	retype(&b, "Encoding: gzip", "Encoding: lzw");
	must_read(&b);
	assert_body(&b, "hello");
	assert_true(said(&b, "content-encoding: lzw is not known: the body goes as it stands"));
	bench_done(&b);
	slice_drop(&body);
}

static void
a_coding_that_cannot_be_undone_leaves_the_body_as_it_came(void **state)
{
	struct bench b = bench_of("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", LIT("\x1f\x8b\x08 broken"));

	(void)state;
	assert_untouched(&b);
	assert_non_null(strstr(b.text, "#! gzip could not be undone"));
	retype(&b, "1f 8b", "1f 8c");
	must_read(&b);
	assert_body(&b, "\x1f\x8c\x08 broken");
	bench_done(&b);
}

static void
a_charset_is_undone_and_put_back(void **state)
{
	struct bench b = bench_of("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n", LIT("caf\xe9\nx"));

	(void)state;
	assert_untouched(&b);
	assert_non_null(strstr(b.text, "café\nx"));
	retype(&b, "café", "thé");
	must_read(&b);
	assert_body(&b, "th\xe9\nx");
	bench_text(&b);
	retype(&b, "\nx\n", "\nxy€\n");
	assert_fault(&b, "line 8, column 3: characters of iso-8859-1 expected");
	bench_done(&b);
}

static void
bytes_are_edited_in_hex(void **state)
{
	struct bench b = bench_of("HTTP/1.1 200 OK\r\nContent-Type: image/x\r\n\r\n",
		LIT("\0\1\2hello, this is |more| than a row"));

	(void)state;
	assert_untouched(&b);
	assert_non_null(strstr(b.text, "\n00000000  00 01 02 68 65 6c 6c 6f 2c 20 74 68 69 73 20 69 |...hello, this i|\n"));
	retype(&b, "00 01 02 68", "00 01ff 48 ");
	must_read(&b);
	assert_body(&b, "\0\1\xffHello, this is |more| than a row");
	bench_text(&b);
	retype(&b, "00 01 02", "00 01 0");
	assert_fault(&b, "line 6, column 17: two hex digits");
	bench_text(&b);
	retype(&b, "00 01 02", "00 0g 02");
	assert_fault(&b, "line 6, column 15: two hex digits");
	bench_done(&b);
}

static void
json_on_one_line_is_laid_out_and_put_on_one_line_again(void **state)
{
	struct bench b = bench_of(POST "Content-Type: application/json\r\n\r\n",
		LIT("{\"name\": \"a, b: c\", \"n\": [1.50, 2e3, {}], \"m\": {\"x\": null}, \"pad\": \"pad pad pad pad\"}\n"));

	(void)state;
	b.form.bare = true;
	assert_untouched(&b);
	assert_string_equal(b.form.shape, "json");
	assert_non_null(strstr(b.text, "\n  \"n\": [\n    1.50,\n    2e3,\n    {}\n  ],\n"));
	retype(&b, "null", "[true,\n\n 7]");
	must_read(&b);
	assert_body(&b, "{\"name\": \"a, b: c\", \"n\": [1.50, 2e3, {}], \"m\": {\"x\": [true, 7]}, \"pad\": \"pad pad pad pad\"}\n");
	bench_text(&b);
	retype(&b, "2e3,", "2e3");
	assert_fault(&b, "line 10, column 5: JSON: a comma or ] expected");
	bench_text(&b);
	retype(&b, "null", "nul");
	assert_fault(&b, "line 13, column 10: JSON: a value expected");
	b.form.mode = EDIT_PLAIN;
	assert_untouched(&b);
	assert_string_equal(b.form.shape, "text");
	bench_done(&b);
}

static void
json_that_no_longer_is_goes_all_the_same_and_is_said(void **state)
{
	struct bench b = bench_of(POST "Content-Type: application/json\r\n\r\n", LIT("{\"a\": 1}"));

	(void)state;
	b.form.bare = true;
	assert_untouched(&b);
	assert_string_equal(b.form.shape, "text");
	retype(&b, ": 1}", ": }");
	must_read(&b);
	assert_body(&b, "{\"a\": }");
	assert_true(said(&b, "line 5, column 7: JSON: a value expected"));
	bench_done(&b);
}

static void
a_form_is_a_field_a_line_and_keeps_the_spelling_of_what_nobody_touched(void **state)
{
	struct bench b = bench_of(POST "Content-Type: application/x-www-form-urlencoded\r\n\r\n",
		LIT("a=1+2&b=%7e%7E&a=x%3Dy%26z&c&&d=%0Aend%25&e=caf%C3%A9&f=%ff"));

	(void)state;
	b.form.bare = true;
	assert_untouched(&b);
	assert_non_null(strstr(b.text, "\n\na=1 2\nb=~~\na=x=y&z\nc\n\nd=%0Aend%25\ne=café\nf=%ff\n"));
	retype(&b, "a=1 2", "a=1 2+3");
	retype(&b, "\nc\n", "\n");
	must_read(&b);
	assert_body(&b, "a=1+2%2B3&b=%7e%7E&a=x%3Dy%26z&&d=%0Aend%25&e=caf%C3%A9&f=%ff");
	bench_done(&b);
}

static void
each_fault_of_a_head_has_its_line_and_column(void **state)
{
	static const struct { const char *from, *to, *fault; } typed[] = {
		{ "POST /x HTTP/1.1", "PO(ST /x HTTP/1.1", "line 1, column 3: a space after the method" },
		{ "POST /x HTTP/1.1", "POST", "line 1, column 5: a space after the method" },
		{ "POST /x HTTP/1.1", "POST  HTTP/1.1", "line 1, column 6: a target after the method" },
		{ "POST /x HTTP/1.1", "POST /x", "line 1, column 8: HTTP/1.1, HTTP/1.0 or HTTP/2" },
		{ "POST /x HTTP/1.1", "POST /\x01 HTTP/1.1", "line 1, column 7: a control character, 0x01" },
		{ "POST /x HTTP/1.1", "POST /x HTTP/2", "line 1, column 1: the version is the connection's" },
		{ "Host: h", "Host h", "line 2, column 5: a colon after the name" },
		{ "Host: h", "Ho st: h", "line 2, column 3: the name of a field" },
		{ "Host: h", " Host: h", "line 2, column 1: a field stands on one line" },
		{ "Host: h", "Host: h\nX: a\x7f", "line 3, column 5: a control character, 0x7f" },
		{ "Host: h\n", "", "line 1, column 1: a host field expected" },
		{ "Host: h", "Host: h\nHost: i", "line 3, column 1: host: one expected" },
		{ "Content-Length: 2", "Content-Length: 3", "line 3, column 1: content-length: 3 contradicts" },
		{ "Content-Length: 2", "Content-Length: x", "line 3, column 1: content-length: x contradicts" },
		{ "Content-Length: 2", "Content-Length: 2\nContent-Length: 2", "line 4, column 1: content-length: one" },
		{ "Content-Length: 2", "Content-Length: 2\nTransfer-Encoding: chunked", "line 3, column 1: content-length beside" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
		struct bench b = bench_of(POST "Content-Length: 2\r\n\r\n", LIT("hi"));

		b.form.bare = true;
		bench_text(&b);
		retype(&b, typed[i].from, typed[i].to);
		assert_fault(&b, typed[i].fault);
		assert_int_equal(b.r.line, typed[i].fault[5] - '0');
		bench_done(&b);
	}
}

static void
each_fault_of_a_status_line_has_its_column(void **state)
{
	static const struct { const char *to, *fault; } typed[] = {
		{ "HTTP/1.1 2o0 OK", "line 1, column 11: a status of three digits" },
		{ "HTTP/1.1 20 OK", "line 1, column 10: a status from 100 to 999" },
		{ "HTTP/3 200 OK", "line 1, column 1: HTTP/1.1, HTTP/1.0 or HTTP/2" },
		{ "HTTP/1.1 204 No Content", "line 1, column 1: no body expected" },
		{ "HTTP/1.1 200 O\x02K", "line 1, column 15: a control character" },
		{ "", "line 1, column 1: the start line expected: HTTP/1.1 200 OK" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
		struct bench b = bench_of("HTTP/1.1 200 OK\r\n\r\n", LIT("hi"));

		b.form.bare = true;
		bench_text(&b);
		retype(&b, "HTTP/1.1 200 OK", typed[i].to);
		assert_fault(&b, typed[i].fault);
		bench_done(&b);
	}
}

static void
raw_mode_is_exact_and_only_says_what_is_wrong(void **state)
{
	struct bench b = bench_of(POST "Content-Length: 2\r\n\r\n", LIT("hi"));

	(void)state;
	b.form.mode = EDIT_RAW;
	bench_text(&b);
	assert_string_equal(b.text, POST "Content-Length: 2\r\n\r\nhi");
	must_read(&b);
	assert_false(b.r.head_changed || b.r.body_changed || b.r.saids);
	retype(&b, "\r\n\r\nhi", "\r\n\r\nhello");
	must_read(&b);
	assert_true(said(&b, "content-length: 2, but the body has 5 bytes"));
	assert_bytes(b.r.raw.bytes, b.text, strlen(b.text));
	assert_body(&b, "hello");
	retype(&b, "Host: h", "Ho st: h");
	must_read(&b);
	assert_null(b.r.head);
	assert_true(said(&b, "not a head: field 1 has no valid name (RFC 9112 section 5.1)"));
	assert_bytes(b.r.raw.bytes, b.text, strlen(b.text));
	bench_done(&b);
}

static void
chunks_typed_raw_are_told_as_they_are_read(void **state)
{
	static const struct { const char *typed, *body, *trailer, *said; } cases[] = {
		{ "3;a=b\r\none\r\nA \r\n0123456789\r\n0\r\n\r\n", "one0123456789", NULL, NULL },
		{ "00\r\nT: 1\r\nU: 2\r\n\r\n", "", "T: 1\r\nU: 2\r\n\r\n", NULL },
		{ "2\r\none\r\n0\r\n\r\n", NULL, NULL, "recorded with its chunk marks: chunk 1 is not 2 bytes long" },
		{ "3\r\none\r\n", NULL, NULL, "recorded with its chunk marks: chunk 2 has no size" },
		{ "3\r\none\r\n-1\r\n", NULL, NULL, "recorded with its chunk marks: chunk 2 has no size" },
		{ "ffffffffffffffffff\r\no\r\n", NULL, NULL, "recorded with its chunk marks: chunk 1 has no size" },
		{ "fffffffffffffff\r\no\r\n", NULL, NULL, "recorded with its chunk marks: chunk 1 is not 1152921504606846975 bytes long" },
		{ "0\r\n", NULL, NULL, "recorded with its chunk marks: no empty line ends the chunks" },
		{ "0\r\n\r\nGET /", NULL, NULL, "recorded with its chunk marks: 5 bytes stand behind the chunks" },
		{ "0\r\nno colon\r\n\r\n", NULL, NULL, "recorded with its chunk marks: field 1 has no colon (RFC 9112 section 5)" },
		{ "", NULL, NULL, "recorded with its chunk marks: chunk 1 has no size" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench b = bench_of(POST "Transfer-Encoding: chunked\r\n\r\n", LIT(""));
		char now[100];

		b.form.mode = EDIT_RAW;
		bench_text(&b);
		snprintf(now, sizeof(now), "gzip, Chunked\r\n\r\n%s", cases[i].typed);
		retype(&b, "chunked\r\n\r\n", now);
		must_read(&b);
		assert_true(bytes_are(b.r.body.bytes, cases[i].body ? cases[i].body : cases[i].typed));
		assert_int_equal(b.r.trailers != NULL, cases[i].trailer != NULL);
		if (cases[i].trailer)
			assert_true(bytes_are(head_text(b.r.trailers), cases[i].trailer));
		assert_true(cases[i].said ? said(&b, cases[i].said) : !b.r.saids);
		assert_bytes(b.r.raw.bytes, b.text, strlen(b.text));
		bench_done(&b);
	}
}

static void
what_could_not_be_sent_is_forced(void **state)
{
	struct bench b = bench_of(POST "Content-Length: 2\r\n\r\n", LIT("hi"));

	(void)state;
	bench_text(&b);
	retype(&b, "Content-Length: 2", "Content-Length: 7");
	assert_fault(&b, "line 5, column 1: content-length: 7 contradicts the body of 2 bytes; raw mode sends it so");
	b.form.forced = true;
	must_read(&b);
	assert_bytes(head_find(b.r.head, "content-length"), "7", 1);
	assert_body(&b, "hi");
	bench_done(&b);
}

static void
a_body_alone_is_edited_too(void **state)
{
	struct bench b = bench_of(NULL, LIT("hello\n"));

	(void)state;
	assert_untouched(&b);
	retype(&b, "hello", "bye");
	must_read(&b);
	assert_body(&b, "bye\n");
	assert_null(b.r.head);
	b.form.bare = true;
	assert_untouched(&b);
	assert_string_equal(b.text, "hello\n\n");
	bench_done(&b);
}

static void
a_body_that_nothing_announces_gets_its_length(void **state)
{
	struct bench b = bench_of("GET /x HTTP/1.1\r\nHost: h\r\n\r\n", LIT(""));

	(void)state;
	bench_text(&b);
	b.text = realloc(b.text, strlen(b.text) + 10);
	strcat(b.text, "hello\n");
	must_read(&b);
	assert_body(&b, "hello");
	assert_true(bytes_are(head_text(b.r.head), "GET /x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n"));
	assert_true(said(&b, "content-length: 5 added"));
	bench_done(&b);
}

static void
a_length_that_never_was_the_bodys_stays_while_the_body_does(void **state)
{
	struct bench b = bench_of("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", LIT(""));

	(void)state;	/* as a HEAD request is answered */
	bench_text(&b);
	retype(&b, "200 OK", "201 Made");
	must_read(&b);
	assert_true(bytes_are(head_find(b.r.head, "content-length"), "900"));
	assert_int_equal(b.r.saids, 0);
	bench_done(&b);
}

static int
digit(char c)
{
	return c >= 'a' ? c - 'a' + 10 : c - '0';
}

/* Of bytes in hex: how they read as that type, on one line; and that they come back. */
static void
assert_reads(const char *type, const char *hex, const char *text)
{
	uint8_t body[600];
	char head[200], flat[2000];
	size_t len = 0, used = 0;
	struct bench b;

	for (; hex[2 * len]; len++)
		body[len] = (uint8_t)(digit(hex[2 * len]) << 4 | digit(hex[2 * len + 1]));
	snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n", type);
	b = bench_of(head, (struct bytes){ body, len });
	b.form.bare = true;
	assert_untouched(&b);
	for (const char *p = strstr(b.text, "\n\n") + 2; *p; p++)
		if (*p != '\n')
			flat[used++] = *p;
		else
			flat[used++] = ' ';
	flat[used ? used - 1 : 0] = '\0';
	assert_string_equal(flat, text);
	bench_done(&b);
}

static void
msgpack_tells_all_its_kinds_apart(void **state)
{
	static const char *const values[][2] = {
		{ "c0", "null" }, { "c2", "false" }, { "c3", "true" }, { "00", "0" }, { "7f", "127" }, { "cc80", "128" },
		{ "cc05", "5_u8" }, { "cd0100", "256" }, { "ce00000001", "1_u32" }, { "cfffffffffffffffff", "18446744073709551615" },
		{ "e0", "-32" }, { "d0df", "-33" }, { "d005", "5_i8" }, { "d1ffff", "-1_i16" }, { "d3ffffffffffffffff", "-1_i64" },
		{ "d38000000000000000", "-9223372036854775808" }, { "d200000080", "128_i32" },
		{ "ca3fc00000", "1.5_f32" }, { "cb3ff8000000000000", "1.5" }, { "cb3fb999999999999a", "0.1" },
		{ "ca3dcccccd", "0.1_f32" }, { "cb8000000000000000", "-0.0" }, { "cb7ff8000000000000", "NaN" },
		{ "ca7fc00001", "f'7fc00001'" }, { "caff800000", "-Infinity_f32" }, { "cb54b249ad2594c37d", "1e+100" },
		{ "a3616263", "\"abc\"" }, { "d903616263", "\"abc\"_8" },
		{ "a1ff", "t'ff'" }, { "a2220a", "\"\\\"\\n\"" }, { "c40100", "h'00'" }, { "c5000100", "h'00'_16" },
		{ "d40500", "ext(5, h'00')" }, { "c70105ff", "ext(5, h'ff')_8" }, { "d6ff00000001", "ext(-1, h'00000001')" },
		{ "90", "[]" }, { "dc0000", "[_16]" }, { "920102", "[   1,   2 ]" }, { "80", "{}" },
		{ "8101a161", "{   1: \"a\" }" }, { "de0001a161c0", "{_16   \"a\": null }" }, { "0102", "1 2" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		assert_reads("application/msgpack", values[i][0], values[i][1]);
}

static void
a_value_of_msgpack_is_edited_and_the_others_keep_their_packing(void **state)
{
	/* {"a": 5 in 16 bits, "b": [1.5 in 32 bits], "c": "x" after a long length} */
	struct bench b = bench_of(POST "Content-Type: application/msgpack\r\n\r\n",
		LIT("\x83\xa1""a\xcd\0\5\xa1""b\x91\xca\x3f\xc0\0\0\xa1""c\xd9\1x"));

	(void)state;
	b.form.bare = true;
	assert_untouched(&b);
	assert_string_equal(b.form.shape, "msgpack");
	retype(&b, "\"c\"", "\"d\": null, \"c\"");
	must_read(&b);
	assert_body(&b, "\x84\xa1""a\xcd\0\5\xa1""b\x91\xca\x3f\xc0\0\0\xa1""d\xc0\xa1""c\xd9\1x");
	retype(&b, "null", "{\"e\": 300}");
	must_read(&b);
	assert_body(&b, "\x84\xa1""a\xcd\0\5\xa1""b\x91\xca\x3f\xc0\0\0\xa1""d\x81\xa1""e\xcd\x01\x2c\xa1""c\xd9\1x");
	bench_done(&b);
}

static void
a_body_that_is_not_there_yet_is_typed_in_the_shape_of_its_type(void **state)
{
	struct bench b = bench_of(POST "Content-Type: application/msgpack\r\nContent-Length: 0\r\n\r\n", LIT(""));

	(void)state;
	b.form.bare = true;
	assert_untouched(&b);
	b.text = realloc(b.text, strlen(b.text) + 20);
	strcat(b.text, "[1, \"a\"]\n");
	must_read(&b);
	assert_body(&b, "\x92\1\xa1""a");
	assert_true(said(&b, "content-length: 0 -> 4"));
	bench_done(&b);
}

static void
each_fault_of_a_packed_value_has_its_line_and_column(void **state)
{
	static const struct { const char *type, *to, *fault; } typed[] = {
		{ "msgpack", "[1, 2", "line 5, column 6: a comma or ] expected" },
		{ "msgpack", "{1 2}", "line 5, column 4: a colon expected" },
		{ "msgpack", "{1:\n 2,\n 3}", "line 7, column 3: a colon expected" },
		{ "msgpack", "300_u8", "line 5, column 5: too large for its size" },
		{ "msgpack", "1_u9", "line 5, column 3: no such size" },
		{ "msgpack", "\"a\\x\"", "line 5, column 3: an escape of JSON expected" },
		{ "msgpack", "\"a", "line 5, column 1: a string with a quote" },
		{ "msgpack", "undefined", "line 5, column 1: null, true, false" },
		{ "msgpack", "32(1)", "line 5, column 1: something that MessagePack has" },
		{ "msgpack", "[h'0']", "line 5, column 4: two hex digits" },
		{ "msgpack", "99999999999999999999", "line 5, column 1: a number of 64 bits" },
		{ "msgpack", "1_", "line 5, column 3: no such size" },
		{ "cbor", "[ 1, nope]", "line 5, column 6: null, true, false, undefined" },
		{ "cbor", "70000_1", "line 5, column 7: too large for its size" },
		{ "cbor", "(_ \"a\", h'00')", "line 5, column 11: pieces of one kind" },
		{ "cbor", "-1(1)", "line 5, column 1: a tag is a number from 0 on" },
		{ "cbor", "ext(1, h'00')", "line 5, column 1: simple(99) expected" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
		char head[200];
		struct bench b;

		snprintf(head, sizeof(head), POST "Content-Type: application/%s\r\n\r\n", typed[i].type);
		b = bench_of(head, LIT("\x07"));
		b.form.bare = true;
		bench_text(&b);
		retype(&b, "\n7\n", "\n");
		b.text = realloc(b.text, strlen(b.text) + 100);
		strcat(strcat(b.text, typed[i].to), "\n");
		assert_fault(&b, typed[i].fault);
		bench_done(&b);
	}
}

static void
cbor_tells_all_its_kinds_apart(void **state)
{
	static const char *const values[][2] = {
		{ "00", "0" }, { "1818", "24" }, { "1805", "5_0" }, { "1bffffffffffffffff", "18446744073709551615" },
		{ "3bffffffffffffffff", "-18446744073709551616" }, { "20", "-1" }, { "3903e7", "-1000" }, { "3800", "-1_0" },
		{ "f90000", "0.0_1" }, { "f98000", "-0.0_1" }, { "f93e00", "1.5_1" }, { "f97bff", "65504.0_1" }, { "f90001", "6e-08_1" },
		{ "f90400", "6.104e-05_1" }, { "f93800", "0.5_1" }, { "f97c00", "Infinity_1" }, { "f97e00", "NaN_1" },
		{ "fa47c35000", "100000.0_2" }, { "fb3ff199999999999a", "1.1" }, { "f97e01", "f'7e01'" },
		{ "f4", "false" }, { "f6", "null" }, { "f7", "undefined" }, { "f0", "simple(16)" }, { "f8ff", "simple(255)" },
		{ "c074323031332d30332d32315432303a30343a30305a", "0(\"2013-03-21T20:04:00Z\")" }, { "d82001", "32(1)" },
		{ "d9002001", "32_1(1)" }, { "4401020304", "h'01020304'" }, { "6161", "\"a\"" }, { "780161", "\"a\"_0" },
		{ "5f42010243030405ff", "(_ h'0102', h'030405')" }, { "7f657374726561646d696e67ff", "(_ \"strea\", \"ming\")" },
		{ "7fff", "\"\"_" }, { "5fff", "h''_" }, { "80", "[]" }, { "9fff", "[_]" }, { "83010203", "[   1,   2,   3 ]" },
		{ "bf61610161629f0203ffff", "{_   \"a\": 1,   \"b\": [_     2,     3   ] }" }, { "a201020304", "{   1: 2,   3: 4 }" },
		{ "d9d9f78101", "55799([   1 ])" }, { "980101", "[_0   1 ]" }, { "0102", "1 2" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		assert_reads("application/cbor", values[i][0], values[i][1]);
}

static struct schema *
shop(void)
{
	static const char *const paths[] = { "tests/decode/shop.pb" };
	struct fault why = { "" };
	struct schema *s = schema_load(paths, 1, &why);

	if (!s)
		fail_msg("%s", why.text);
	return s;
}

/* A shop.Order, whose type is known; it comes back as it was. */
static struct bench
order_of(struct schema *s, struct bytes body)
{
	struct bench b = bench_of(POST "Content-Type: application/x-protobuf; type=shop.Order\r\n\r\n", body);

	b.m.schema = s;
	b.form.bare = true;
	assert_untouched(&b);
	assert_string_equal(b.form.shape, "protobuf");
	return b;
}

static void
protobuf_is_a_field_a_line_by_its_schema(void **state)
{
	struct schema *s = shop();
	/* id 5; name; items { sku, price, size }; status; scores packed; balance -2; crc; weight; delta -1; a number that is not in there */
	struct bench b = order_of(s, LIT("\x08\x05\x12\x03""ann\x1a\x10\x0a\x01x\x19\0\0\0\0\0\0\xf8\x3f\x22\x02\x08\x03\x20\x02"
		"\x3a\x03\x01\xac\x02\x80\x01\x03\x8d\x01\x07\0\0\0\x9d\x01\0\0\x20\x40"
		"\xa8\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\xf8\x01\x09"));

	(void)state;
	assert_non_null(strstr(b.text, "\n\nid: 5\nname: \"ann\"\nitems {\n  sku: \"x\"\n  price: 1.5\n  size {\n    width: -2\n  }\n}\n"
		"status: SHIPPED\nscores: [1, 300]\nbalance: -2\ncrc: 7\nweight: 2.5\ndelta: -1\n31: 9\n"));
	retype(&b, "SHIPPED", "LOST");
	retype(&b, "\"x\"", "\"xyz\"");
	retype(&b, "[1, 300]", "[ ]\ncash: true");
	must_read(&b);
	assert_body(&b, "\x08\x05\x12\x03""ann\x1a\x12\x0a\x03xyz\x19\0\0\0\0\0\0\xf8\x3f\x22\x02\x08\x03"
		"\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x3a\0\x70\x01\x80\x01\x03\x8d\x01\x07\0\0\0\x9d\x01\0\0\x20\x40"
		"\xa8\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\xf8\x01\x09");
	bench_done(&b);
	schema_free(s);
}

static void
protobuf_that_is_packed_oddly_keeps_its_bytes(void **state)
{
	struct schema *s = shop();
	/* id 5 in two bytes; a name that is no text; a status out of range; scores one by one; a length in two bytes; a group */
	struct bench b = order_of(s, LIT("\x08\x85\0\x12\x01\xff\x20\xff\xff\xff\xff\xff\x01\x38\x01\x38\x02\x12\x81\0a\x4b\x08\x01\x4c"));

	(void)state;
	assert_non_null(strstr(b.text, "\n\nraw h'088500'\nname: h'ff'\n4: 68719476735\nscores: 1\nscores: 2\nraw h'12810061'\n"
		"9 group {\n  1: 1\n}\n"));
	retype(&b, "scores: 2", "scores: 3");
	must_read(&b);
	assert_body(&b, "\x08\x85\0\x12\x01\xff\x20\xff\xff\xff\xff\xff\x01\x38\x01\x38\x03\x12\x81\0a\x4b\x08\x01\x4c");
	bench_done(&b);
	schema_free(s);
}

static void
protobuf_without_a_schema_goes_by_number(void **state)
{
	struct bench b = bench_of(POST "Content-Type: application/x-protobuf\r\n\r\n",
		LIT("\x08\x96\x01\x12\x05hello\x1a\x02\x08\x01\x25\0\0\x80\x3f\x29\x01\0\0\0\0\0\0\0\x32\x02\xff\xfe\x3a\0"));

	(void)state;
	b.form.bare = true;
	assert_untouched(&b);
	assert_non_null(strstr(b.text, "\n\n1: 150\n2: \"hello\"\n3 {\n  1: 1\n}\n4: 1.0_32\n5: 1_64\n6: h'fffe'\n7: \"\"\n"));
	retype(&b, "1: 1\n}", "1: -1\n 2: NaN_64\n 3: 7_32}");
	must_read(&b);
	assert_body(&b, "\x08\x96\x01\x12\x05hello\x1a\x19\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x11\0\0\0\0\0\0\xf8\x7f\x1d\x07\0\0\0"
		"\x25\0\0\x80\x3f\x29\x01\0\0\0\0\0\0\0\x32\x02\xff\xfe\x3a\0");
	bench_done(&b);
}

static void
each_fault_of_a_field_has_its_line_and_column(void **state)
{
	static const struct { const char *to, *fault; } typed[] = {
		{ "id: x", "line 5, column 5: a number expected" },
		{ "id: -1", "line 5, column 5: out of range: a number of 64 bits from 0 on" },
		{ "nope: 1", "line 5, column 1: a field of the schema" },
		{ "status: NOPE", "line 5, column 9: a name of its enum" },
		{ "name: 5", "line 5, column 7: \"text\" or h'00'" },
		{ "items: 5", "line 5, column 8: { and its fields" },
		{ "items {\n  sku: \"a\"", "line 6, column 11: a field or }" },
		{ "0: 1", "line 5, column 1: a field number" },
		{ "1", "line 5, column 2: a colon or {" },
		{ "id 5", "line 5, column 4: a colon, or {" },
		{ "scores: [1, 3000000000]", "line 5, column 13: out of range" },
		{ "cash: 2", "line 5, column 7: out of range" },
		{ "}", "line 5, column 1: a field expected" },
		{ "raw 5", "line 5, column 5: h'00' expected" },
	};
	struct schema *s = shop();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
		struct bench b = order_of(s, LIT("\x08\x05"));

		retype(&b, "id: 5", typed[i].to);
		b.text[strlen(b.text) - 1] = '\0';
		assert_fault(&b, typed[i].fault);
		bench_done(&b);
	}
	schema_free(s);
}

static void
messages_of_grpc_are_put_into_their_frames_and_codings_again(void **state)
{
	const char *gzip[] = { "gzip" };
	struct slice packed = coded(gzip, 1, LIT("\x08\x07"));
	struct schema *s = shop();
	char body[200], again[200];
	size_t len = 0;
	struct buf plain;
	struct bench b;

	(void)state;
	memcpy(body, "\0\0\0\0\2\x08\x05" "\1\0\0\0", len = 11);
	body[len++] = (char)packed.bytes.len;
	memcpy(body + len, packed.bytes.at, packed.bytes.len);
	len += packed.bytes.len;
	memcpy(body + len, "\0\0\0\0\0", 5);
	len += 5;
	b = bench_of("POST /shop.Shop/Get HTTP/2\r\nhost: h\r\ncontent-type: application/grpc\r\ngrpc-encoding: gzip\r\n\r\n",
		(struct bytes){ (uint8_t *)body, len });
	b.m.schema = s;
	b.form.bare = true;
	assert_untouched(&b);
	assert_non_null(strstr(b.text, "\n\n#! message as protobuf\nid: 5\n#! message compressed gzip as protobuf\nid: 7\n#! message as "));
	retype(&b, "id: 5", "id: 500");
	must_read(&b);
	memcpy(again, "\0\0\0\0\3\x08\xf4\x03", 8);
	memcpy(again + 8, body + 7, len - 7);
	assert_bytes(b.r.body.bytes, again, len + 1);
	retype(&b, "id: 7", "id: 8");
	must_read(&b);
	assert_int_equal(b.r.body.bytes.at[8], 1);
	buf_init(&plain, TEXT_MAX);
	undone("gzip", (struct bytes){ b.r.body.bytes.at + 13, b.r.body.bytes.at[12] }, &plain);
	assert_bytes(buf_bytes(&plain), "\x08\x08", 2);
	buf_release(&plain);
	retype(&b, "#! message compressed gzip", "#! message compressed gzp");
	assert_fault(&b, "line 8, column 23: compressed, end, trailers, a coding");
	slice_drop(&packed);
	bench_done(&b);
	schema_free(s);
}

#define PARTS_TYPE	POST "Content-Type: multipart/form-data; boundary=XX\r\n\r\n"
#define PART_ONE	"--XX\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\na cat"
#define PART_TWO	"\r\n--XX\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\0"

static void
parts_of_which_one_is_no_text_are_each_in_a_shape_of_its_own(void **state)
{
	struct bench b = bench_of(PARTS_TYPE, LIT(PART_ONE PART_TWO "\r\n--XX--\r\nbehind"));

	(void)state;
	b.form.bare = true;
	assert_untouched(&b);
	assert_string_equal(b.form.shape, "multipart");
	assert_non_null(strstr(b.text, "\n\n#! part as text\nContent-Disposition: form-data; name=\"t\"\n\na cat\n#! part as hex\nContent-Type: image/png\n\n00000000  89"));
	retype(&b, "a cat", "a dog\n#! part as text\nX: y\n\nand\n#! part as text\n\n");
	must_read(&b);
	assert_body(&b, "--XX\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\na dog\r\n--XX\r\nX: y\r\n\r\nand\r\n--XX\r\n\r\n"
		PART_TWO "\r\n--XX--\r\nbehind");
	retype(&b, "89 50", "8 50");
	assert_fault(&b, "line 19, column 11: two hex digits");
	bench_text(&b);
	retype(&b, "part as hex", "part as multipart");
	assert_fault(&b, "line 9, column 12: this holds others");
	bench_text(&b);
	retype(&b, "#! part as text", "#! part");
	assert_fault(&b, "line 5, column 8: \"as\" and a shape expected");
	bench_done(&b);
}

static void
grpc_web_in_base64_is_put_into_it_again(void **state)
{
	/* A message { 1: 5 }, and trailers; in two pieces, each padded. */
	struct bench b = bench_of("HTTP/1.1 200 OK\r\nContent-Type: application/grpc-web-text\r\nContent-Length: 41\r\n\r\n",
		LIT("AAAAAAIIBQ==gAAAABBncnBjLXN0YXR1czogMA0K"));

	(void)state;
	b.form.bare = true;
	bench_text(&b);
	assert_string_equal(b.form.shape, "grpc");
	must_read(&b);
	assert_false(b.r.body_changed);
	assert_non_null(strstr(b.text, "1: 5\n#! message trailers as "));
	retype(&b, "1: 5", "1: 6");
	must_read(&b);
	assert_body(&b, "AAAAAAIIBoAAAAAQZ3JwYy1zdGF0dXM6IDANCg==");
	assert_true(said(&b, "content-length: 41 -> 40"));
	bench_done(&b);
}

/* The head's text, or the fault, once that thing is set; NULL: taken away. */
static void
assert_set(const char *head, const char *what, const char *value, const char *want)
{
	struct bench b = bench_of(head, LIT(""));
	struct bytes v = value ? bytes_of(value) : (struct bytes){ 0 };

	if (!edit_field(&b.m, what, v, &b.r, &b.why))
		assert_string_equal(b.why.text, want);
	else if (!bytes_are(head_text(b.r.head), want))
		fail_msg("%s: %.*s", what, (int)head_text(b.r.head).len, (const char *)head_text(b.r.head).at);
	bench_done(&b);
}

static void
one_thing_of_a_message_is_set_by_its_name(void **state)
{
	static const char get[] = "GET /p?a=1&b=%20&a=2#f HTTP/1.1\r\nHost: h\r\nA: 1\r\na: 2\r\nCookie: x=1; y=2\r\n\r\n";
	static const char ok[] = "HTTP/1.1 200 OK\r\nSet-Cookie: x=1; Path=/\r\n\r\n";
#define REST	" HTTP/1.1\r\nHost: h\r\nA: 1\r\na: 2\r\nCookie: x=1; y=2\r\n\r\n"
#define START	"GET /p?a=1&b=%20&a=2#f HTTP/1.1\r\nHost: h\r\n"

	(void)state;
	assert_set(get, "method", "PUT", "PUT /p?a=1&b=%20&a=2#f" REST);
	assert_set(get, "method", "P T", "the request line does not end with HTTP/1.0 or HTTP/1.1 (RFC 9112 section 2.3)");
	assert_set(get, "method", "P\r\nT", "a start line on one line expected");
	assert_set(get, "target", "/", "GET /" REST);
	assert_set(get, "query:a", "x&y", "GET /p?a=x%26y&b=%20#f" REST);
	assert_set(get, "query:c", "", "GET /p?a=1&b=%20&a=2&c=#f" REST);
	assert_set(get, "query:b", NULL, "GET /p?a=1&a=2#f" REST);
	assert_set("GET /?a HTTP/1.1\r\nHost: h\r\n\r\n", "query:a", NULL, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	assert_set("GET / HTTP/1.1\r\nHost: h\r\n\r\n", "query:a", "1", "GET /?a=1 HTTP/1.1\r\nHost: h\r\n\r\n");
	assert_set(get, "header:a", "3", START "A: 3\r\nCookie: x=1; y=2\r\n\r\n");
	assert_set(get, "header:a", NULL, START "Cookie: x=1; y=2\r\n\r\n");
	assert_set(get, "header:B", "4", START "A: 1\r\na: 2\r\nCookie: x=1; y=2\r\nB: 4\r\n\r\n");
	assert_set(get, "add:A", "3", START "A: 1\r\na: 2\r\nCookie: x=1; y=2\r\nA: 3\r\n\r\n");
	assert_set(get, "header:a:b", "3", "the name of a field expected, without a colon");
	assert_set(get, "header:x", "a\r\nb: c", "field 5 has a line break");
	assert_set(get, "header:host", NULL, "a host field expected (RFC 9112 section 3.2); raw mode sends it without");
	assert_set(get, "cookie:y", "3", START "A: 1\r\na: 2\r\nCookie: x=1; y=3\r\n\r\n");
	assert_set(get, "cookie:x", NULL, START "A: 1\r\na: 2\r\nCookie: y=2\r\n\r\n");
	assert_set(get, "cookie:z", "9", START "A: 1\r\na: 2\r\nCookie: x=1; y=2; z=9\r\n\r\n");
	assert_set("GET / HTTP/1.1\r\nHost: h\r\nCookie: a=1;b=2\r\n\r\n", "cookie:c", NULL, "GET / HTTP/1.1\r\nHost: h\r\nCookie: a=1;b=2\r\n\r\n");
	assert_set(ok, "cookie:x", "2", "HTTP/1.1 200 OK\r\nSet-Cookie: x=2; Path=/\r\n\r\n");
	assert_set(ok, "cookie:x", NULL, "HTTP/1.1 200 OK\r\n\r\n");
	assert_set(ok, "status", "404", "HTTP/1.1 404 \r\nSet-Cookie: x=1; Path=/\r\n\r\n");
	assert_set(ok, "status", "404 Gone fishing", "HTTP/1.1 404 Gone fishing\r\nSet-Cookie: x=1; Path=/\r\n\r\n");
	assert_set(ok, "status", "4x4", "status: a number from 100 to 999 expected, and a reason if you like");
	assert_set(ok, "reason", "Fine", "HTTP/1.1 200 Fine\r\nSet-Cookie: x=1; Path=/\r\n\r\n");
	assert_set(get, "reason", "Fine", "reason: a request has none");
	assert_set(ok, "method", "GET", "method: a response has none");
	assert_set(get, "nope", "x", "nope: no such thing of a message");
	assert_set(get, "header", "x", "header: a name behind a colon expected");
	assert_set(get, "method:x", "x", "method:x: no name expected");
	assert_set(get, "body", "hi", "GET /p?a=1&b=%20&a=2#f HTTP/1.1\r\nHost: h\r\nA: 1\r\na: 2\r\nCookie: x=1; y=2\r\nContent-Length: 2\r\n\r\n");
}

/* What that thing is now; NULL: it is not there. */
static void
assert_value(const struct edit_message *m, const char *what, const char *want)
{
	struct buf out;
	bool there;

	buf_init(&out, TEXT_MAX);
	there = edit_value(m, what, &out);
	if (there != (want != NULL) || (want && !bytes_are(buf_bytes(&out), want)))
		fail_msg("%s: %.*s", what, there ? (int)out.len : 7, there ? (const char *)out.at : "nothing");
	buf_release(&out);
}

static void
each_thing_of_a_message_says_what_it_is(void **state)
{
	struct bench b = bench_of("POST /p?a=x%20y&b HTTP/1.1\r\nHost: h\r\nCookie: a=1\r\nCookie: x=1; y=2\r\n"
		"Content-Type: application/x-www-form-urlencoded\r\n\r\n", LIT("f=1+2&g=%26"));
	struct bench r = bench_of("HTTP/1.1 404 Not Found\r\nSet-Cookie: x=1; y=2\r\n\r\n", LIT(""));

	(void)state;
	assert_value(&b.m, "method", "POST");
	assert_value(&b.m, "target", "/p?a=x%20y&b");
	assert_value(&b.m, "query:a", "x y");
	assert_value(&b.m, "query:b", "");
	assert_value(&b.m, "query:c", NULL);
	assert_value(&b.m, "header:HOST", "h");
	assert_value(&b.m, "header:nope", NULL);
	assert_value(&b.m, "cookie:y", "2");
	assert_value(&b.m, "form:f", "1 2");
	assert_value(&b.m, "form:g", "&");
	assert_value(&b.m, "body", "f=1+2&g=%26");
	assert_value(&b.m, "status", NULL);
	assert_value(&r.m, "status", "404 Not Found");
	assert_value(&r.m, "reason", "Not Found");
	assert_value(&r.m, "cookie:x", "1");
	assert_value(&r.m, "cookie:y", NULL);
	assert_value(&r.m, "nope", NULL);
	bench_done(&b);
	bench_done(&r);
}

static void
a_field_of_a_form_is_set_within_its_codings(void **state)
{
	const char *gzip[] = { "gzip" };
	struct slice body = coded(gzip, 1, LIT("a=1&b=%7e"));
	struct bench b = bench_of(POST "Content-Type: application/x-www-form-urlencoded\r\nContent-Encoding: gzip\r\n\r\n", body.bytes);

	(void)state;
	assert_true(edit_field(&b.m, "form:a", LIT("x y"), &b.r, &b.why));
	assert_decodes(gzip, 1, b.r.body.bytes, "a=x%20y&b=%7e");
	bench_done(&b);
	b = bench_of(POST "Content-Type: text/plain\r\n\r\n", LIT("a"));
	assert_false(edit_field(&b.m, "form:a", LIT("x"), &b.r, &b.why));
	bench_done(&b);
	slice_drop(&body);
}

static void
a_message_that_was_edited_is_told_line_by_line(void **state)
{
	struct bench b = bench_of(POST "Content-Length: 5\r\n\r\n", LIT("a\nb\nc"));
	struct edit_message is;
	struct edit_rows rows;
	char told[400] = "";

	(void)state;
	bench_text(&b);
	retype(&b, "\nb\n", "\nB\nbb\n");
	must_read(&b);
	is = (struct edit_message){ .head = b.r.head, .body = b.r.body.bytes };
	edit_compare(&b.m, &is, &rows);
	for (size_t i = 0; i < rows.rows; i++)
		sprintf(told + strlen(told), "%c%u %.*s\n", " -+"[rows.row[i].kind], (unsigned)rows.row[i].number,
			(int)rows.row[i].line.len, (const char *)rows.row[i].line.at);
	assert_string_equal(told, " 1 POST /x HTTP/1.1\n 2 Host: h\n-3 Content-Length: 5\n+3 Content-Length: 8\n 4 \n 5 a\n-6 b\n+6 B\n+7 bb\n 8 c\n");
	edit_rows_release(&rows);
	edit_rows_of(LIT(""), LIT("x"), &rows);
	assert_int_equal(rows.rows, 1);
	edit_rows_release(&rows);
	bench_done(&b);
}

/* In each mode it comes back as it was. */
static void
modes_untouched(struct bench *b, const char *path)
{
	for (b->form.mode = EDIT_BEST; b->form.mode <= EDIT_RAW; b->form.mode++) {
		struct buf out;

		buf_init(&out, TEXT_MAX);
		assert_true(edit_write(&b->m, &b->form, &out));
		edit_result_release(&b->r);
		if (!edit_read(&b->m, &b->form, buf_bytes(&out), &b->r, &b->why))
			fail_msg("%s: %s", path, b->why.text);
		if (!bytes_same(b->r.body.bytes, b->m.body) || b->r.head_changed || b->r.body_changed)
			fail_msg("%s: not as it was, as %s", path, b->form.shape);
		buf_release(&out);
	}
}

/* Of a file of the decoders' corpus: what it is said to be, and the bytes. */
static void
seed_untouched(const char *path, struct schema *schema)
{
	static const char *const codings[] = { "", "gzip", "deflate", "br", "zstd", "gzip, br" };
	static uint8_t data[1 << 20];
	FILE *in = fopen(path, "rb");
	size_t len = in ? fread(data, 1, sizeof(data), in) : 0, type_len;
	uint8_t *end = len > 2 ? memchr(data + 2, '\n', len - 2) : NULL;
	char head[600];
	struct fault why;
	struct bench b = { 0 };

	(void)schema;
	if (in)
		fclose(in);
	if (!end)
		return;
	type_len = (size_t)(end - data - 2) < 200 ? (size_t)(end - data - 2) : 200;
	snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Type: %.*s\r\n\r\n",
		codings[data[1] >> 4 < ARRAY_LEN(codings) ? data[1] >> 4 : 0], (int)type_len, (char *)data + 2);
	b.m.head = head_parse(bytes_of(head), HEAD_RESPONSE, &why);
	if (!b.m.head)
		b.m.head = head_of("HTTP/1.1 200 OK\r\n\r\n");
	b.m.body = (struct bytes){ end + 1, len - (size_t)(end + 1 - data) };
	modes_untouched(&b, path);
	bench_done(&b);
}

/* A body that the decoders are tested with, and what its hint says. */
static void
golden_untouched(const char *path, struct schema *schema)
{
	static uint8_t data[1 << 20];
	char hint[800], head[1000], line[300], type[200] = "", coding[100] = "", target[200] = "/";
	struct bench b = { 0 };
	struct fault why;
	FILE *in = fopen(path, "rb");
	size_t len = fread(data, 1, sizeof(data), in);

	fclose(in);
	snprintf(hint, sizeof(hint), "%.*shint", (int)strlen(path) - 2, path);
	in = fopen(hint, "r");
	while (in && fgets(line, sizeof(line), in)) {
		(void)sscanf(line, "type: %199[^\n]", type);
		(void)sscanf(line, "coding: %99[^\n]", coding);
		(void)sscanf(line, "path: %199s", target);
		b.m.side = strncmp(line, "side: server", 12) ? b.m.side : SERVER;
	}
	if (in)
		fclose(in);
	snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Encoding: %s\r\n\r\n", type, coding);
	b.m.head = head_parse(bytes_of(head), HEAD_RESPONSE, &why);
	b.m.path = bytes_of(target);
	b.m.schema = schema;
	b.m.body = (struct bytes){ data, len };
	if (b.m.head)
		modes_untouched(&b, path);
	bench_done(&b);
}

static size_t
each_file(const char *folder, const char *ends, void (*each)(const char *path, struct schema *s), struct schema *s)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	char path[600];
	size_t files = 0;

	assert_non_null(d);
	while ((e = readdir(d))) {
		size_t len = strlen(e->d_name);

		if (*e->d_name == '.' || len < strlen(ends) || strcmp(e->d_name + len - strlen(ends), ends))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		each(path, s);
		files++;
	}
	closedir(d);
	return files;
}

static void
every_seed_of_the_decoders_comes_back_as_it_was(void **state)
{
	(void)state;
	assert_true(each_file("fuzz/corpus/decode", "", seed_untouched, NULL) > 1000);
}

static void
every_body_of_their_tests_comes_back_as_it_was(void **state)
{
	struct schema *s = shop();

	(void)state;
	assert_true(each_file("tests/decode", ".in", golden_untouched, s) > 100);
	schema_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_its_start_line_its_fields_an_empty_line_and_its_body),
		cmocka_unit_test(content_length_follows_the_body_and_other_fields_stay_as_they_are_written),
		cmocka_unit_test(a_body_ends_as_it_was_whatever_an_editor_does_to_the_last_line),
		cmocka_unit_test(lines_that_end_in_crlf_end_so_again),
		cmocka_unit_test(trailers_stand_between_the_fields_and_the_body),
		cmocka_unit_test(each_coding_in_each_framing_is_undone_and_put_back),
		cmocka_unit_test(a_body_goes_into_the_codings_that_the_head_now_names),
		cmocka_unit_test(a_coding_that_cannot_be_undone_leaves_the_body_as_it_came),
		cmocka_unit_test(a_charset_is_undone_and_put_back),
		cmocka_unit_test(bytes_are_edited_in_hex),
		cmocka_unit_test(json_on_one_line_is_laid_out_and_put_on_one_line_again),
		cmocka_unit_test(json_that_no_longer_is_goes_all_the_same_and_is_said),
		cmocka_unit_test(a_form_is_a_field_a_line_and_keeps_the_spelling_of_what_nobody_touched),
		cmocka_unit_test(each_fault_of_a_head_has_its_line_and_column),
		cmocka_unit_test(each_fault_of_a_status_line_has_its_column),
		cmocka_unit_test(raw_mode_is_exact_and_only_says_what_is_wrong),
		cmocka_unit_test(chunks_typed_raw_are_told_as_they_are_read),
		cmocka_unit_test(what_could_not_be_sent_is_forced),
		cmocka_unit_test(a_body_alone_is_edited_too),
		cmocka_unit_test(a_body_that_nothing_announces_gets_its_length),
		cmocka_unit_test(a_length_that_never_was_the_bodys_stays_while_the_body_does),
		cmocka_unit_test(msgpack_tells_all_its_kinds_apart),
		cmocka_unit_test(a_value_of_msgpack_is_edited_and_the_others_keep_their_packing),
		cmocka_unit_test(a_body_that_is_not_there_yet_is_typed_in_the_shape_of_its_type),
		cmocka_unit_test(each_fault_of_a_packed_value_has_its_line_and_column),
		cmocka_unit_test(cbor_tells_all_its_kinds_apart),
		cmocka_unit_test(protobuf_is_a_field_a_line_by_its_schema),
		cmocka_unit_test(protobuf_that_is_packed_oddly_keeps_its_bytes),
		cmocka_unit_test(protobuf_without_a_schema_goes_by_number),
		cmocka_unit_test(each_fault_of_a_field_has_its_line_and_column),
		cmocka_unit_test(messages_of_grpc_are_put_into_their_frames_and_codings_again),
		cmocka_unit_test(parts_of_which_one_is_no_text_are_each_in_a_shape_of_its_own),
		cmocka_unit_test(grpc_web_in_base64_is_put_into_it_again),
		cmocka_unit_test(one_thing_of_a_message_is_set_by_its_name),
		cmocka_unit_test(each_thing_of_a_message_says_what_it_is),
		cmocka_unit_test(a_field_of_a_form_is_set_within_its_codings),
		cmocka_unit_test(a_message_that_was_edited_is_told_line_by_line),
		cmocka_unit_test(every_seed_of_the_decoders_comes_back_as_it_was),
		cmocka_unit_test(every_body_of_their_tests_comes_back_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
