/* A paper shows the lines that its decoder writes at once, wherever one looks, and however the bytes came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/paper.h"

enum { LARGE = 3 << 20 };

/* Bytes that any decoder finds something to do with. */
struct sample { const char *as; void (*fill)(uint8_t *to, size_t len); };

static uint32_t seed;

static uint32_t
chance(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

static void
fill_bytes(uint8_t *to, size_t len)
{
	for (size_t i = 0; i < len; i++)
		to[i] = (uint8_t)chance(256);
}

/* Lines of all lengths, some far too long, some of two-byte characters. */
static void
fill_text(uint8_t *to, size_t len)
{
	size_t line = 0, i = 0;

	while (i + 2 < len) {
		if (!line) {
			to[i++] = '\n';
			line = chance(8) ? chance(200) : chance(20000);
		} else if (chance(5)) {
			to[i++] = (uint8_t)('a' + chance(26));
			line--;
		} else {
			to[i++] = 0xc3;
			to[i++] = (uint8_t)(0xa0 + chance(20));
			line--;
		}
	}
	while (i < len)
		to[i++] = '\n';
}

/* Records of records, now and then deep ones. */
static void
fill_json(uint8_t *to, size_t len)
{
	static const char one[] = "{\"a\":[1,2,{\"b\":null}],\"c\":\"text\",\"d\":{\"e\":[]}},\n";
	static const char deep[] = "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]],";
	size_t n = 0;

	to[n++] = '[';
	while (n + 200 < len) {
		bool is_deep = !chance(20);
		size_t more = is_deep ? sizeof(deep) - 1 : sizeof(one) - 1;

		memcpy(to + n, is_deep ? deep : one, more);
		n += more;
	}
	memcpy(to + n, "0]", 2);
	memset(to + n + 2, ' ', len - n - 2);
}

static const struct sample samples[] = { { "hex", fill_bytes }, { "text", fill_text }, { "json", fill_json } };

static struct doc *
direct(const char *as, struct bytes all)
{
	struct hint hint = { .as = as };
	struct doc *doc = doc_new(SIZE_MAX / 4);
	struct decode *d = decode_new(decoders, NULL, &hint, doc);

	decode_feed(d, all);
	decode_end(d);
	decode_free(d);
	return doc;
}

static void
assert_line(struct paper_line l, const struct doc *want, size_t i)
{
	struct span a[64], b[64];
	size_t n = doc_spans(want, i, a, 64);

	assert_int_equal(doc_depth(l.doc, l.line), doc_depth(want, i));
	assert_int_equal(doc_spans(l.doc, l.line, b, 64), n);
	for (size_t k = 0; k < n; k++) {
		assert_int_equal(a[k].role, b[k].role);
		assert_true(bytes_same(a[k].text, b[k].text));
	}
}

/* The last line may go on: what is there of it is its beginning. */
static void
assert_begun(struct paper_line l, const struct doc *want, size_t i)
{
	struct span a, b;

	if (!doc_spans(l.doc, l.line, &b, 1))
		return;
	assert_int_equal(doc_spans(want, i, &a, 1), 1);
	assert_in_range(b.text.len, 1, a.text.len);
	assert_memory_equal(a.text.at, b.text.at, b.text.len);
}

static void
every_line_is_found(void **state)
{
	uint8_t *at = malloc(LARGE);

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(samples); k++) {
		struct hint hint = { .as = samples[k].as };
		struct paper *p = paper_new(decoders, NULL, &hint, 0);
		struct bytes all = { at, LARGE };
		struct doc *want;

		seed = 1;
		samples[k].fill(at, LARGE);
		want = direct(samples[k].as, all);
		for (size_t came = 0; came < LARGE; came += 100000)
			while (paper_read(p, (struct bytes){ at, came }, false))
				;
		while (paper_read(p, all, true))
			;
		assert_true(paper_done(p));
		assert_int_equal(paper_lines(p), doc_lines(want));
		for (size_t i = 0; i < doc_lines(want); i++)
			assert_line(paper_line(p, all, i), want, i);
		for (size_t i = 0; i < 100; i++) {
			size_t line = chance((uint32_t)doc_lines(want));

			assert_line(paper_line(p, all, line), want, line);
		}
		doc_free(want);
		paper_free(p);
	}
	free(at);
}

/* The next line that is no deeper, and the one a line stands in: as far away as they may be. */
static void
what_nests_is_found_from_both_ends(void **state)
{
	uint8_t *at = malloc(LARGE);
	struct hint hint = { .as = "json" };
	struct paper *p = paper_new(decoders, NULL, &hint, 0);
	struct bytes all = { at, LARGE };
	struct doc *want;
	size_t lines;

	(void)state;
	seed = 3;
	fill_json(at, LARGE / 2);
	memset(at + LARGE / 2, ' ', LARGE - LARGE / 2);
	want = direct("json", all);
	while (paper_read(p, all, true))
		;
	lines = doc_lines(want);
	assert_int_equal(paper_past(p, all, 0), lines - 1);	/* the bracket that closes all */
	assert_int_equal(paper_parent(p, all, lines - 2), 0);
	for (size_t n = 0; n < 40; n++) {
		size_t i = chance((uint32_t)lines), past = i + 1, parent = i;

		while (past < lines && doc_depth(want, past) > doc_depth(want, i))
			past++;
		while (parent && doc_depth(want, parent) >= doc_depth(want, i))
			parent--;
		assert_int_equal(paper_past(p, all, i), past);
		if (doc_depth(want, i))
			assert_int_equal(paper_parent(p, all, i), parent);
	}
	doc_free(want);
	paper_free(p);
	free(at);
}

static void
a_line_is_found_by_its_bytes(void **state)
{
	uint8_t *at = malloc(LARGE);
	struct hint hint = { .as = "hex" };
	struct paper *p = paper_new(decoders, NULL, &hint, 0);
	struct bytes all = { at, LARGE };

	(void)state;
	fill_bytes(at, LARGE);
	while (paper_read(p, all, true))
		;
	for (size_t n = 0; n < 200; n++) {
		size_t offset = chance(LARGE);

		assert_int_equal(paper_at(p, all, offset), offset / 16);
	}
	paper_free(p);
	free(at);
}

/* What is read when not all has come stays so when the rest comes. */
static void
lines_stay_where_they_are(void **state)
{
	uint8_t *at = malloc(LARGE);
	struct hint hint = { .as = "text" };
	struct paper *p = paper_new(decoders, NULL, &hint, 0);
	struct doc *want;

	(void)state;
	seed = 7;
	fill_text(at, LARGE);
	want = direct("text", (struct bytes){ at, LARGE });
	for (size_t came = 1; came < LARGE; came += 77777) {
		while (paper_read(p, (struct bytes){ at, came }, false))
			;
		if (paper_lines(p) > 1)
			assert_line(paper_line(p, (struct bytes){ at, came }, paper_lines(p) - 2), want, paper_lines(p) - 2);
		if (paper_lines(p))
			assert_begun(paper_line(p, (struct bytes){ at, came }, paper_lines(p) - 1), want, paper_lines(p) - 1);
	}
	doc_free(want);
	paper_free(p);
	free(at);
}

static void
nothing_has_no_lines_and_is_done(void **state)
{
	struct paper *p = paper_new(decoders, NULL, &(struct hint){ 0 }, 0);

	(void)state;
	assert_false(paper_read(p, (struct bytes){ 0 }, false));
	assert_false(paper_done(p));
	assert_false(paper_read(p, (struct bytes){ 0 }, true));
	assert_true(paper_done(p));
	assert_int_equal(paper_lines(p), 0);
	paper_free(p);
}

/* Little has come, and is shown by a guess; what comes then says otherwise. */
static void
an_early_guess_is_taken_back(void **state)
{
	static uint8_t at[4096];
	struct hint hint = { 0 };
	struct paper *p = paper_new(decoders, NULL, &hint, 0);
	struct report r[2];

	(void)state;
	memset(at, 'a', sizeof(at));
	assert_false(paper_read(p, (struct bytes){ at, 8 }, false));
	assert_int_equal(paper_lines(p), 0);
	(void)paper_read_early(p, (struct bytes){ at, 8 });
	assert_int_equal(paper_lines(p), 1);
	assert_int_equal(paper_reports(p, r, 2), 1);
	assert_string_equal(r[0].name, "text");
	assert_false(paper_mistaken(p, (struct bytes){ at, 100 }, false));
	memset(at + 100, 0, sizeof(at) - 100);
	assert_true(paper_mistaken(p, (struct bytes){ at, sizeof(at) }, false));
	paper_free(p);
}

/* 65 MiB for a decoder that needs it whole: said, and shown as text. */
static void
what_is_too_much_is_shown_raw(void **state)
{
	size_t len = DECODE_WHOLE_MAX + (1 << 20);
	uint8_t *at = malloc(len);
	struct hint hint = { .as = "jwt" };
	struct paper *p = paper_new(decoders, NULL, &hint, 0);
	struct bytes all = { at, len };
	struct paper_line l;
	struct span s[4];

	(void)state;
	for (size_t i = 0; i < len; i++)
		at[i] = i % 100 == 99 ? '\n' : 'x';
	while (paper_read(p, all, true))
		;
	assert_int_equal(paper_lines(p), len / 100 + 1 + (len % 100 != 0));
	l = paper_line(p, all, 0);
	assert_int_equal(doc_spans(l.doc, l.line, s, 4), 1);
	assert_int_equal(s[0].role, ROLE_ERROR);
	l = paper_line(p, all, 500000);
	assert_int_equal(doc_spans(l.doc, l.line, s, 4), 1);
	assert_int_equal(s[0].text.len, 99);
	paper_free(p);
	free(at);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_is_found),
		cmocka_unit_test(what_nests_is_found_from_both_ends),
		cmocka_unit_test(a_line_is_found_by_its_bytes),
		cmocka_unit_test(lines_stay_where_they_are),
		cmocka_unit_test(nothing_has_no_lines_and_is_done),
		cmocka_unit_test(an_early_guess_is_taken_back),
		cmocka_unit_test(what_is_too_much_is_shown_raw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
