/* What goldens do not show of JSON: depth, size, and which bytes a line stands for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "soth/decode.h"

enum { DEEPEST = 131072, RECORD_MAX = 4 << 20, PIECE = 60000 };

/* Why it failed, or "". */
static struct report
reported(const char *type, struct bytes in, size_t step)
{
	struct hint hint = { .type = bytes_of(type) };
	struct doc *doc = doc_new_bare();
	struct decode *d = decode_new(decoders, NULL, &hint, doc);
	struct report r;

	for (size_t at = 0; at < in.len; at += step)
		decode_feed(d, (struct bytes){ in.at + at, in.len - at < step ? in.len - at : step });
	decode_end(d);
	assert_int_equal(decode_reports(d, &r, 1), 1);
	decode_free(d);
	doc_free(doc);
	return r;
}

static void
nesting_is_as_deep_as_a_bit_each_allows(void **state)
{
	char *deep = malloc(2 * DEEPEST + 2);
	struct report r;

	(void)state;
	memset(deep, '[', DEEPEST);
	memset(deep + DEEPEST, ']', DEEPEST);
	r = reported("application/json", (struct bytes){ (uint8_t *)deep, 2 * DEEPEST }, PIECE);
	assert_string_equal(r.why, "");
	memset(deep, '[', DEEPEST + 1);
	r = reported("application/json", (struct bytes){ (uint8_t *)deep, 2 * DEEPEST }, PIECE);
	assert_string_equal(r.why, "line 1, column 131073: expected no deeper nesting than 131072");
	assert_in_range(decoder_named(decoders, "json")->size, DEEPEST / 8, 20 << 10);
	free(deep);
}

static void
a_record_is_as_large_as_it_may_be_however_it_comes(void **state)
{
	size_t len = RECORD_MAX + 4;
	char *text = malloc(len);

	(void)state;
	for (size_t over = 0; over < 2; over++) {
		struct bytes in = { (uint8_t *)text, len - 1 + over };
		const char *why = over ? "record 2: more than 4 MiB" : "";

		memset(text, ' ', len);
		memcpy(text, "1\n2", 3);
		text[in.len - 1] = '\n';
		assert_string_equal(reported("application/x-ndjson", in, in.len).why, why);
		assert_string_equal(reported("application/x-ndjson", in, PIECE).why, why);
	}
	free(text);
}

static void
a_line_stands_for_its_value(void **state)
{
	static const char in[] = "{\"a\": [1, /* ] */ {\"b}\": \"]\\\"\"}], \"c\": -1.5e3 , \"d\":\ntrue // }\n}\n\"e\" 7";
	static const char *const values[] = {
		"{\"a\": [1, /* ] */ {\"b}\": \"]\\\"\"}], \"c\": -1.5e3 , \"d\":\ntrue // }\n}",
		"[1, /* ] */ {\"b}\": \"]\\\"\"}]", "1", "{\"b}\": \"]\\\"\"}", "\"]\\\"\"", "-1.5e3", "true", "\"e\"", "7",
	};
	const struct decoder *json = decoder_named(decoders, "json");
	struct hint hint = { .type = LIT("application/json") };
	struct doc *doc = doc_new(10000);
	struct decode *d = decode_new(decoders, NULL, &hint, doc);
	size_t n = 0;
	uint64_t from, to;

	(void)state;
	for (size_t i = 0; i < sizeof(in) - 1; i++)
		decode_feed(d, (struct bytes){ (const uint8_t *)in + i, 1 });
	decode_end(d);
	for (size_t i = 0; i < doc_lines(doc); i++) {
		if (!doc_marked(doc, i, &from, &to))
			continue;
		assert_int_equal(to, 0);
		to = json->extent((struct bytes){ (const uint8_t *)in + from, sizeof(in) - 1 - from });
		assert_int_equal(to, strlen(values[n]));
		assert_memory_equal(in + from, values[n], to);
		n++;
	}
	assert_int_equal(n, ARRAY_LEN(values));
	decode_free(d);
	doc_free(doc);
}

static void
a_value_that_is_cut_off_has_no_extent(void **state)
{
	static const char *const cut[] = { "", "{", "[1, {}", "\"a", "\"a\\\"", "{\"a}", "[/* ]", "[// ]" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cut); i++)
		assert_int_equal(decoder_named(decoders, "json")->extent(bytes_of(cut[i])), 0);
}

/* As text, after white space enough that no first KiB is waited for: every piece is read by itself. */
static char *
printed(const char *type, const char *before, const char *text, size_t step)
{
	struct hint hint = { .type = bytes_of(type) };
	struct doc *doc = doc_new(100000);
	struct decode *d = decode_new(decoders, NULL, &hint, doc);
	int blanks = *before ? 1022 - (int)strlen(before) : 1100;
	char *in, *out;
	size_t len;
	FILE *to = open_memstream(&in, &len);

	fprintf(to, "%s%*s\n%s", before, blanks, "", text);
	fclose(to);
	for (size_t at = 0; at < len; at += step)
		decode_feed(d, (struct bytes){ (uint8_t *)in + at, len - at < step ? len - at : step });
	decode_end(d);
	free(in);
	to = open_memstream(&out, &len);
	doc_print(doc, to);
	fclose(to);
	decode_free(d);
	doc_free(doc);
	return out;
}

static void
same_however_cut(const char *type, const char *before, const char *text)
{
	char *whole = printed(type, before, text, SIZE_MAX), *piece;

	for (size_t step = 1; step < 6; step++) {
		piece = printed(type, before, text, step);
		assert_string_equal(piece, whole);
		free(piece);
	}
	free(whole);
}

static void
what_is_shown_does_not_depend_on_the_pieces(void **state)
{
	static const char *const texts[] = {
		"{\"a\": [true, false, null], \"\\u00e9\\n\\\"\": -1.5e+3}",
		"/* a **/ [ /* b */ 1, // c\n 2 /* d\n * e */ ] // f",
		"{\"a\" /* b */ : /* c */ { // d\n }, /* e */ \"f\": {/**/}}",
		"[1] \xef\xbb\xbf", "[tru", "[trux]",
		"[\"\\u12", "[\"\\u12g", "[\"\\",
		"[\"\\x", "[-", "[-]",
		"[1 /", "[1 /x", "[1 /* a *",
		"1 2.0x", "{\"a\"", "[01",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		same_however_cut("application/json", "", texts[i]);
		same_however_cut("application/x-ndjson", "", texts[i]);
	}
	same_however_cut("application/json", ")]}'", "[1, {\"a\": tru");
	same_however_cut("application/json", "/*-secure-", "1 */ \n");
	same_however_cut("application/json", "/*-secure-", "[1, \"a\" /* a */] */ x");
	same_however_cut("application/json", "/*-secure-", "{} *x");
	same_however_cut("application/json", "/*-secure-", "{} *");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nesting_is_as_deep_as_a_bit_each_allows),
		cmocka_unit_test(a_record_is_as_large_as_it_may_be_however_it_comes),
		cmocka_unit_test(a_line_stands_for_its_value),
		cmocka_unit_test(what_is_shown_does_not_depend_on_the_pieces),
		cmocka_unit_test(a_value_that_is_cut_off_has_no_extent),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
