/* "Only this value": whatever the value is, the term takes it, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "../../ui/only.h"
#include "soth/filter.h"

static const char *const hostile[] = {
	"api.example.com", "a|b", "a&b", "!", "~all", "(", ")", "()", "\"", "'", "\\", "\\E", "\\Q", "a b", " a", "a ", "\t", "\n", "\r",
	"^$", "[a", "a]", "{2}", "x*", "+", "?", "#", "\x01", "\x7f", "\xc3\xa9", "\xff\xfe", "%", "a\\\"b", "~d x", "$", "n\\n", "1..2",
};

static bool
takes(const char *filter, const struct row *r)
{
	struct fault why = { "" };
	size_t at;
	struct filter *f = filter_parse(filter, &why, &at);
	bool yes;

	if (!f)
		fail_msg("%s: byte %zu: %s", filter, at, why.text);
	yes = filter_takes(f, NULL, r);
	filter_free(f);
	return yes;
}

static bool
choice(char key, const struct row *r, struct only *out)
{
	for (size_t i = 0; only_choice(i, r, NULL, out); i++)
		if (out->key == key)
			return true;
	return false;
}

static void
methods_of_any_bytes_take_themselves_alone(void **state)
{
	struct row a = { .request = true }, b;
	struct only one;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		snprintf(a.method, sizeof(a.method), "%s", hostile[i]);
		assert_true(choice('m', &a, &one));
		for (size_t k = 0; k < ARRAY_LEN(hostile); k++) {
			b = a;
			snprintf(b.method, sizeof(b.method), "%s", hostile[k]);
			assert_int_equal(takes(one.term, &b), i == k);
		}
		snprintf(b.method, sizeof(b.method), "x%s", hostile[i]);
		assert_false(takes(one.term, &b));
		snprintf(b.method, sizeof(b.method), "%sx", hostile[i]);
		assert_false(takes(one.term, &b));
	}
}

static void
every_byte_stands_for_itself(void **state)
{
	struct row a = { .request = true }, b;
	struct only one;

	(void)state;
	for (unsigned x = 1; x < 256; x++) {
		a.method[0] = (char)x;
		assert_true(choice('m', &a, &one));
		for (unsigned y = 1; y < 256; y++) {
			bool letters = (x | 0x20) == (y | 0x20) && (x | 0x20) >= 'a' && (x | 0x20) <= 'z';

			b = a;
			b.method[0] = (char)y;
			assert_int_equal(takes(one.term, &b), x == y || letters);
		}
	}
}

static void
a_path_takes_what_is_below_it(void **state)
{
	struct row a = { .request = true, .port = 80, .scheme = "http", .host = "::1", .path = "/v1/users/7?a=/x" }, b = a;
	static const struct { const char *path; bool first, second, all; } other[] = {
		{ "/v1/users/7", true, true, true }, { "/v1/users/7?b", true, true, true }, { "/v1/users", true, true, false },
		{ "/v1/usersx", true, false, false }, { "/v1", true, false, false }, { "/v1?x", true, false, false },
		{ "/v12", false, false, false }, { "/x/v1/users/7", false, false, false }, { "/?/v1/users/7", false, false, false },
	};
	struct only first, second, all;

	(void)state;
	assert_true(choice('1', &a, &first));
	assert_true(choice('2', &a, &second));
	assert_true(choice('p', &a, &all));
	assert_string_equal(second.value, "/v1/users");
	for (size_t i = 0; i < ARRAY_LEN(other); i++) {
		strcpy(b.path, other[i].path);
		assert_int_equal(takes(first.term, &b), other[i].first);
		assert_int_equal(takes(second.term, &b), other[i].second);
		assert_int_equal(takes(all.term, &b), other[i].all);
	}
	strcpy(a.path, "*");
	assert_false(choice('p', &a, &all));
}

/* Paths of any bytes, and of any length. */
static void
a_long_value_counts_by_its_beginning(void **state)
{
	struct row a = { .request = true, .port = 80, .scheme = "http", .host = "h" };
	struct only one;

	(void)state;
	for (unsigned c = 1; c < 256; c++) {
		a.path[0] = '/';
		memset(a.path + 1, (int)c, sizeof(a.path) - 2);
		a.path[sizeof(a.path) - 2] = '\0';
		if (c == '?' || c == '#' || c == '/')
			continue;
		assert_true(choice('p', &a, &one));
		assert_true(strlen(one.term) < ONLY_TERM_MAX);
		assert_true(takes(one.term, &a));
		a.path[5] = 'y' + (c == 'y' || c == 'Y');
		assert_false(takes(one.term, &a));
	}
}

/* The term of a field, of the regular expression in it. */
static void
a_field_is_one_line(void **state)
{
	char term[ONLY_TERM_MAX], text[ONLY_TERM_MAX + 16];
	struct row r = { .trouble = "x" };

	(void)state;
	only_field(CLIENT, LIT("X-A"), LIT("a.b \"c\" (d) \\ é"), term);
	assert_string_equal(term, "~hq \"^X-A: a\\\\.b \\\"c\\\" \\\\(d\\\\) \\\\\\\\ é\\\\r?$\"");
	snprintf(text, sizeof(text), "~trouble%s", term + 3);
	strcpy(r.trouble, "X-A: a.b \"c\" (d) \\ é");
	assert_true(takes(text, &r));
	strcat(r.trouble, "x");
	assert_false(takes(text, &r));
	only_field(SERVER, LIT("X"), LIT(""), term);
	assert_string_equal(term, "~hs \"^X: \\\\r?$\"");
}

static void
adds(const char *filter, bool invert, const char *term, bool not, const char *want)
{
	struct fault why = { "" };
	char out[200];
	size_t at;
	struct filter *f;

	assert_true(only_added(filter, invert, term, not, out, sizeof(out)));
	assert_string_equal(out, want);
	f = filter_parse(out, &why, &at);
	if (!f)
		fail_msg("%s: %s", out, why.text);
	filter_free(f);
}

static void
a_term_is_added_to_all_of_the_filter(void **state)
{
	char out[20];

	(void)state;
	adds("", false, "~c 200", false, "~c 200");
	adds("", true, "~c 200", true, "!~c 200");
	adds("~m GET", false, "~c 200", false, "~m GET & ~c 200");
	adds("~m GET | ~q", false, "~c 200", true, "(~m GET | ~q) & !~c 200");
	adds("~m GET", true, "~c 200", false, "!(~m GET) & ~c 200");
	adds("(~m GET | ~q) & ~u \"a|b\"", false, "~c 200", false, "(~m GET | ~q) & ~u \"a|b\" & ~c 200");
	adds("~u 'it\\'s|'", false, "~c 200", false, "~u 'it\\'s|' & ~c 200");
	adds("~u x &", false, "~c 200", false, "(~u x &) & ~c 200");
	adds("~m GET & ~c 200", false, "~c 200", false, "~m GET & ~c 200");
	adds("~m GET & !~c 200", false, "~c 200", true, "~m GET & !~c 200");
	adds("~m GET & ~c 200", false, "~c 200", true, "~m GET & ~c 200 & !~c 200");
	adds("~m GET", false, "~c 200 | ~q", true, "~m GET & !(~c 200 | ~q)");
	adds("~m GET", false, "foo", false, "~m GET & (foo)");
	adds("~m GET", false, "~u \"a b\" ~q", true, "~m GET & !(~u \"a b\" ~q)");
	assert_false(only_added("~m GET & ~q", false, "~c 200", false, out, sizeof(out)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(methods_of_any_bytes_take_themselves_alone),
		cmocka_unit_test(every_byte_stands_for_itself),
		cmocka_unit_test(a_path_takes_what_is_below_it),
		cmocka_unit_test(a_long_value_counts_by_its_beginning),
		cmocka_unit_test(a_field_is_one_line),
		cmocka_unit_test(a_term_is_added_to_all_of_the_filter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
