/* Paths of values in JSON, there and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "soth/jsonpath.h"

static const char doc[] =
	"\xef\xbb\xbf/* { */ {\"users\": [{\"name\": \"ada\"}, [], {}, {\"name\": \"b\\\"o}b\", \"a b\": [1, [2, -3.5e1]]}],\n"
	" \"\": null, \"q\\\"uote\": true, \"2nd\": \"\", // \"users\"\n"
	" \"\\u00e9\\ud83d\\ude00\\n\": {\"deep\": {\"er\": false,},}, \"tw\xc3\xbc\": 0}\n"
	"\x1e[7,8]\n9 \"ten\"";

static uint64_t
place_of(const char *text)
{
	const char *at = strstr(doc, text);

	assert_non_null(at);
	return (uint64_t)(at - doc);
}

static void
same(const char *text, const char *path)
{
	char out[200];
	uint64_t offset = 0;
	struct fault why = { "" };

	if (!jsonpath_at(LIT(doc), place_of(text), out, sizeof(out)))
		fail_msg("nothing at %s", text);
	assert_string_equal(out, path);
	if (!jsonpath_find(LIT(doc), path, &offset, &why))
		fail_msg("%s: %s", path, why.text);
	assert_int_equal(offset, place_of(text));
}

static void
a_value_has_a_path_that_finds_it(void **state)
{
	(void)state;
	same("{\"users", "$");
	same("[{", "$.users");
	same("{\"name", "$.users[0]");
	same("\"ada", "$.users[0].name");
	same("[]", "$.users[1]");
	same("{}", "$.users[2]");
	same("\"b\\\"", "$.users[3].name");
	same("[1, [", "$.users[3][\"a b\"]");
	same("-3.5", "$.users[3][\"a b\"][1][1]");
	same("null", "$[\"\"]");
	same("true", "$[\"q\\\"uote\"]");
	same("\"\", //", "$[\"2nd\"]");
	same("false", "$[\"\\u00e9\\ud83d\\ude00\\n\"].deep.er");
	same("0}", "$[\"tw\xc3\xbc\"]");
	same("[7", "$2");
	same("8]", "$2[1]");
	same("9 ", "$3");
	same("\"ten", "$4");
}

static void
finds(const char *path, const char *text)
{
	uint64_t offset = 0;
	struct fault why = { "" };

	if (!jsonpath_find(LIT(doc), path, &offset, &why))
		fail_msg("%s: %s", path, why.text);
	assert_int_equal(offset, place_of(text));
}

static void
a_path_may_be_written_otherwise(void **state)
{
	(void)state;
	finds("$1['users'][3].a b[0]", "1, [2");
	finds("$.tw\xc3\xbc", "0}");
	finds("$[\"tw\\u00fc\"]", "0}");
	finds("$['\xc3\xa9\xf0\x9f\x98\x80\\n']['deep']", "{\"er");
	finds("$[\"\\u0075sers\"]", "[{");
	finds("$['q\"uote']", "true");
}

static void
fails(const char *path, const char *words)
{
	uint64_t offset = 0;
	struct fault why = { "" };

	assert_false(jsonpath_find(LIT(doc), path, &offset, &why));
	assert_string_equal(why.text, words);
}

static void
what_is_not_there_is_said_in_words(void **state)
{
	(void)state;
	fails("users", "users: a path begins with $");
	fails("", ": a path begins with $");
	fails("$0", "$0: the first value is $ or $1");
	fails("$5", "$5: no such value");
	fails("$.users[4]", "$.users[4]: no such element");
	fails("$.users[1][0]", "$.users[1][0]: no such element");
	fails("$.users[0].nam.x", "$.users[0].nam: no such member");
	fails("$.users.name", "$.users.name: what should hold it is no object");
	fails("$[0]", "$[0]: what should hold it is no array");
	fails("$.users[0].name[0]", "$.users[0].name[0]: what should hold it is no array");
	fails("$.", "$.: expected a name behind the dot");
	fails("$x", "$x: expected . or [");
	fails("$[x]", "$[: expected a number or a name in quotes, and ]");
	fails("$[99999999999999999999]", "$[999999999999999999: expected a number or a name in quotes, and ]");
	fails("$[\"a]", "$[\"a]: expected the end of the name, and ]");
}

/* Every offset, of bytes that end anywhere: what is found is found again. */
static void
only_the_first_byte_of_a_value_has_a_path(void **state)
{
	char out[200];
	struct fault why;
	unsigned found = 0;

	(void)state;
	for (size_t len = 0; len < sizeof(doc); len++) {
		char *cut = malloc(len + 1);
		struct bytes b = { memcpy(cut, doc, len), len };

		found = 0;
		for (uint64_t at = 0, back; at <= len; at++)
			if (jsonpath_at(b, at, out, sizeof(out))) {
				found++;
				assert_true(jsonpath_find(b, out, &back, &why));
				assert_int_equal(back, at);
			}
		free(cut);
	}
	assert_int_equal(found, 25);
}

static void
a_path_that_does_not_fit_is_none(void **state)
{
	char out[16];

	(void)state;
	assert_true(jsonpath_at(LIT(doc), place_of("{\"name"), out, 11));
	assert_string_equal(out, "$.users[0]");
	assert_false(jsonpath_at(LIT(doc), place_of("{\"name"), out, 10));
	assert_false(jsonpath_at(LIT(doc), 0, out, 0));
}

static void
depth_is_bounded_and_not_by_the_stack(void **state)
{
	size_t len = JSONPATH_DEPTH_MAX + 2;
	char *deep = malloc(len), *out = malloc(4 * len);
	uint64_t offset;
	struct fault why;

	(void)state;
	memset(deep, '[', len);
	assert_true(jsonpath_at((struct bytes){ (uint8_t *)deep, len }, JSONPATH_DEPTH_MAX, out, 4 * len));
	assert_true(jsonpath_find((struct bytes){ (uint8_t *)deep, len }, out, &offset, &why));
	assert_int_equal(offset, JSONPATH_DEPTH_MAX);
	assert_false(jsonpath_at((struct bytes){ (uint8_t *)deep, len }, len - 1, out, 4 * len));
	free(deep);
	free(out);
}

static bool
value_added(void *arg, struct bytes value)
{
	char *out = arg;

	if (*out)
		strcat(out, " ");
	strncat(out, (const char *)value.at, value.len);
	return false;
}

static void
all(const char *json, const char *path, const char *want)
{
	char out[400] = "";

	assert_false(jsonpath_each(bytes_of(json), path, value_added, out));
	assert_string_equal(out, want);
}

static void
a_star_leads_to_each_element_and_member(void **state)
{
	static const char json[] = "{\"a\": [{\"x\": 1, \"y\": [2, 3]}, {\"x\": \"4\"}, 5, []], \"b\": {\"x\": {\"x\": null}}, \"*\": 6}";

	(void)state;
	all(json, "$.a[*].x", "1 \"4\"");
	all(json, "$.a[0].y[*]", "2 3");
	all(json, "$.a[*].y[1]", "3");
	all(json, "$.*.x", "{\"x\": null}");
	all(json, "$[*].x.x", "null");
	all(json, "$.b.*.*", "null");
	all(json, "$.a[3][*]", "");
	all(json, "$.a[2].*", "");
	all(json, "$[\"*\"]", "6");
	all(json, "$.nothing[*]", "");
	all("[1,2]\n[3]", "$2[*]", "3");
	all(")]}'\n{\"a\":7}", "$.a", "7");
	all("\xef\xbb\xbfwhile(1);[8]", "$[0]", "8");
	all("<p>{\"a\":1}</p>", "$.a", "");
	all("[1, {\"a\":", "$[*].a", "");
	all("[[1,2],[3", "$[*][*]", "1 2 3");
	all("", "$", "");
}

static bool
value_is_two(void *arg, struct bytes value)
{
	(void)arg;
	return bytes_are(value, "2");
}

static void
the_first_value_that_will_do_ends_it(void **state)
{
	(void)state;
	assert_true(jsonpath_each(LIT("[1,2,3]"), "$[*]", value_is_two, NULL));
	assert_false(jsonpath_each(LIT("[1,3]"), "$[*]", value_is_two, NULL));
}

static void
a_path_that_is_wrong_is_refused_beforehand(void **state)
{
	static const struct { const char *path, *why; } cases[] = {
		{ "a", "a: a path begins with $" }, { "$a", "$a: expected . or [" }, { "$.", "$.: expected a name behind the dot" },
		{ "$[", "$[: expected a number or a name in quotes, and ]" }, { "$[*", "$[: expected a number or a name in quotes, and ]" },
		{ "$[\"a", "$[\"a: expected the end of the name, and ]" }, { "$0", "$0: the first value is $ or $1" },
	};
	char deep[4 * JSONPATH_STEPS_MAX + 8] = "$";
	struct fault why;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_false(jsonpath_right(cases[i].path, &why));
		assert_string_equal(why.text, cases[i].why);
	}
	for (size_t i = 0; i < JSONPATH_STEPS_MAX; i++)
		strcat(deep, "[*]");
	assert_true(jsonpath_right(deep, &why));
	strcat(deep, ".a");
	assert_false(jsonpath_right(deep, &why));
}

static void
a_string_says_what_its_escapes_mean(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 12);
	assert_true(jsonpath_text(LIT("\"a\\n\\u00e9\\\"\\ud83d\\ude00\""), &out));
	assert_true(bytes_are(buf_bytes(&out), "a\n\xc3\xa9\"\xf0\x9f\x98\x80"));
	assert_false(jsonpath_text(LIT("\"abcdef\""), &out));
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_has_a_path_that_finds_it),
		cmocka_unit_test(a_path_may_be_written_otherwise),
		cmocka_unit_test(what_is_not_there_is_said_in_words),
		cmocka_unit_test(only_the_first_byte_of_a_value_has_a_path),
		cmocka_unit_test(a_path_that_does_not_fit_is_none),
		cmocka_unit_test(depth_is_bounded_and_not_by_the_stack),
		cmocka_unit_test(a_star_leads_to_each_element_and_member),
		cmocka_unit_test(the_first_value_that_will_do_ends_it),
		cmocka_unit_test(a_path_that_is_wrong_is_refused_beforehand),
		cmocka_unit_test(a_string_says_what_its_escapes_mean),
	};

	return cmocka_run_group_tests_name("jsonpath", tests, NULL, NULL);
}
