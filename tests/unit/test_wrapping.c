#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../ui/wrapping.h"

/* "0 10 17": where rows begin, and the end of the last. */
static void
rows_are(const char *name, const char *text, unsigned width, unsigned hang, const char *want)
{
	struct span span[] = { { ROLE_KEY, bytes_of(name) }, { ROLE_TEXT, bytes_of(text) } };
	unsigned start[WRAP_ROWS + 1];
	size_t n = wrap_rows(span, 2, width, hang, start), at = 0;
	char got[200];

	for (size_t i = 0; i <= n; i++)
		at += (size_t)snprintf(got + at, sizeof(got) - at, "%s%u", i ? " " : "", start[i]);
	assert_string_equal(got, want);
}

static void
test_words_are_whole_where_they_can_be(void **state)
{
	(void)state;
	rows_are("Name ", "short", 20, 5, "0 10");
	rows_are("Name ", "", 20, 5, "0 5");
	rows_are("Name ", "one two three four", 15, 5, "0 13 23");
	rows_are("Name ", "one two three", 12, 5, "0 13 18");
}

static void
test_a_space_at_the_edge_takes_no_row_of_its_own(void **state)
{
	(void)state;
	rows_are("Name ", "12345 78901", 10, 4, "0 11 16");
	rows_are("Name ", "12345     x", 10, 4, "0 15 16");
}

static void
test_what_has_no_spaces_goes_on_at_the_edge(void **state)
{
	(void)state;
	rows_are("Name ", "abcdefghijklmnopqrstu", 12, 5, "0 12 19 26");
	rows_are("Name of more words ", "abcdef", 20, 5, "0 19 25");
}

static void
test_wide_glyphs_are_not_halved(void **state)
{
	(void)state;
	rows_are("N ", "\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xb8\x96\xe7\x95\x8c", 7, 2, "0 6 10");
}

static void
test_there_are_no_more_rows_than_fit(void **state)
{
	static char text[8 * WRAP_ROWS];
	struct span span = { ROLE_TEXT, { (uint8_t *)text, sizeof(text) } };
	unsigned start[WRAP_ROWS + 1];

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_int_equal(wrap_rows(&span, 1, 4, 1, start), WRAP_ROWS);
	assert_int_equal(start[WRAP_ROWS], 4 + 3 * (WRAP_ROWS - 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_are_whole_where_they_can_be),
		cmocka_unit_test(test_a_space_at_the_edge_takes_no_row_of_its_own),
		cmocka_unit_test(test_what_has_no_spaces_goes_on_at_the_edge),
		cmocka_unit_test(test_wide_glyphs_are_not_halved),
		cmocka_unit_test(test_there_are_no_more_rows_than_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
