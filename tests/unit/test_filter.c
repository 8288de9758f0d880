/*
 * Filter expressions: tests/filter/expressions has one a line, and behind a tab which flows of the sessions it takes;
 * or, after a !, at which byte it is wrong and how. GOLDEN=write makes that anew, to be looked at.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../screen/protocols.h"
#include "../screen/bodies.h"
#include "soth/filter.h"

enum { LINE_ROOM = 1024, ROWS = 64 };

static char path[] = "/tmp/test-filter-XXXXXX";
static struct store *session;

/* The flows of both sessions, one behind the other. */
static void
session_make(void)
{
	struct fault why;
	struct making m = { store_create(path, &why), 0, protocols_begin };

	assert_non_null(m.store);
	protocols_tell(&m);
	bodies_tell(&m);
	store_flush(m.store);
	session = m.store;
}

static void
outcome(const char *text, char out[LINE_ROOM])
{
	struct fault why = { "" };
	struct row row[ROWS];
	size_t at, n = store_rows(session, 0, ROWS, row), used = 0;
	struct filter *f = filter_parse(text, &why, &at);
	struct lens *lens;

	*out = '\0';
	if (!f) {
		snprintf(out, LINE_ROOM, "! %zu %s", at, why.text);
		return;
	}
	lens = lens_new(session);
	for (size_t i = 0; i < n; i++)
		if (filter_takes(f, lens, &row[i]))
			used += (size_t)snprintf(out + used, LINE_ROOM - used, "%s%llu", used ? " " : "", (unsigned long long)row[i].id);
	if (!used)
		snprintf(out, LINE_ROOM, "none");
	lens_free(lens);
	filter_free(f);
}

static void
each_expression_takes_the_flows_it_should(void **state)
{
	const char *name = "tests/filter/expressions";
	static char line[LINE_ROOM], got[LINE_ROOM];
	FILE *in = fopen(name, "r"), *out = getenv("GOLDEN") ? fopen("tests/filter/expressions.new", "w") : NULL;
	unsigned count = 0, wrong = 0;

	(void)state;
	assert_non_null(in);
	while (fgets(line, sizeof(line), in)) {
		char *tab, *want;

		line[strcspn(line, "\n")] = '\0';
		if (*line == '#' || !*line) {
			if (out)
				fprintf(out, "%s\n", line);
			continue;
		}
		tab = strchr(line, '\t');
		want = tab ? tab + 1 : line + strlen(line);
		if (tab)
			*tab = '\0';
		outcome(line, got);
		count++;
		if (out) {
			fprintf(out, "%s\t%s\n", line, got);
		} else if (strcmp(got, want)) {
			print_error("%s: takes '%s', not '%s'\n", line, got, want);
			wrong++;
		}
	}
	fclose(in);
	if (out) {
		fclose(out);
		rename("tests/filter/expressions.new", name);
	}
	assert_int_equal(wrong, 0);
	assert_true(count >= 200);
}

static void
a_filter_says_how_much_it_needs(void **state)
{
	static const struct { const char *text; enum filter_depth needs; } cases[] = {
		{ "~c 200", FILTER_ROW }, { "~c 200 & ~h x", FILTER_HEADS }, { "~u x | ~b y", FILTER_BODIES }, { "!(~q)", FILTER_ROW },
	};
	struct fault why;
	size_t at;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct filter *f = filter_parse(cases[i].text, &why, &at);

		assert_non_null(f);
		assert_int_equal(filter_needs(f), cases[i].needs);
		filter_free(f);
	}
}

static void
what_is_nested_too_deep_is_refused(void **state)
{
	static char text[5000];
	struct fault why;
	size_t at;

	(void)state;
	memset(text, '(', 1000);
	assert_null(filter_parse(text, &why, &at));
	assert_string_equal(why.text, "nested too deep");
	memset(text, '!', 1000);
	strcpy(text + 1000, "a");
	assert_null(filter_parse(text, &why, &at));
	assert_string_equal(why.text, "nested too deep");
}

static int
last(void **state)
{
	(void)state;
	store_free(session);
	unlink(path);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_expression_takes_the_flows_it_should),
		cmocka_unit_test(a_filter_says_how_much_it_needs),
		cmocka_unit_test(what_is_nested_too_deep_is_refused),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	close(mkstemp(path));
	session_make();
	return cmocka_run_group_tests(tests, NULL, last);
}
