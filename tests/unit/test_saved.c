/* Files of lines that a person writes too: saved views, and what was typed to questions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../ui/history.h"
#include "../../ui/keepsake.h"
#include "../../ui/saved.h"

static char folder[] = "/tmp/test-saved-XXXXXX", path[80];

static int
folder_open(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/file", folder);
	return 0;
}

static int
folder_close(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static void
holds(const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
has(const char *want)
{
	struct fault why = { "" };
	struct buf text;

	assert_true(keepsake_read(path, &text, &why));
	assert_int_equal(text.len, strlen(want));
	assert_memory_equal(text.at, want, text.len);
	buf_release(&text);
}

static void
a_view_comes_back_as_it_was_saved(void **state)
{
	struct saved_view v = { "a \"name\"", "~hq \"^x: y\" | ~c 404", "time json:$[\"a b\"]", "-took", true };
	struct fault why;
	struct saved *s;

	(void)state;
	unlink(path);
	s = saved_open(path, "time", &why);
	assert_string_equal(why.text, "");
	assert_null(saved_at(s, 3));
	assert_string_equal(saved_at(s, 0)->columns, "time");
	assert_true(saved_put(s, 3, &v, &why));
	saved_close(s);
	has("3 \"a \\\"name\\\"\" sort=-took columns=\"time json:$[\\\"a b\\\"]\" inverted filter=~hq \"^x: y\" | ~c 404\n");
	s = saved_open(path, "", &why);
	assert_string_equal(why.text, "");
	assert_memory_equal(saved_at(s, 3), &v, sizeof(v));
	assert_int_equal(saved_same(s, &v), 3);
	snprintf(v.sort, sizeof(v.sort), "-json:$[\"a b\"]");
	assert_true(saved_put(s, 3, &v, &why));
	saved_close(s);
	s = saved_open(path, "", &why);
	assert_string_equal(why.text, "");
	assert_string_equal(saved_at(s, 3)->sort, v.sort);
	v.inverted = false;
	assert_int_equal(saved_same(s, &v), 0);
	saved_close(s);
}

static void
a_line_that_is_wrong_is_told_and_the_others_hold(void **state)
{
	static const struct { const char *line, *place, *words; } wrong[] = {
		{ "x", ":2:1: ", "from 1 to 9" }, { "0 all", ":2:1: ", "from 1 to 9" }, { "2", ":2:1: ", "from 1 to 9" },
		{ "2 ", ":2:3: ", "expected a name" }, { "2 \"a", ":2:3: ", "do not end" },
		{ "2 a name", ":2:5: ", "expected sort=" }, { "2 a sort=zz", ":2:10: ", "not sorted by 'zz'" },
		{ "2 a columns=nothing", ":2:13: ", "none is called" }, { "2 a inverted1", ":2:13: ", "behind inverted" },
		{ "2 a filter=~c 200 & ~nothing", ":2:21: ", "" }, { "2 a\001", ":2:4: ", "control" },
		{ "2 a filter=~c\t404", ":2:14: ", "a tab" }, { "2 \"a\tb\"", ":2:5: ", "a tab" },
		{ "2 aaaaaaaaaaaaaaaaaaaaaaaa", ":2:3: ", "longer than 23" }, { "1 again", ":2:1: ", "has that number" },
	};
	char text[400];
	struct fault why;
	struct saved *s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		snprintf(text, sizeof(text), "1 errors filter=~c 5xx\n%s\n# words\n9 last sort=size\n", wrong[i].line);
		holds(text);
		s = saved_open(path, "", &why);
		assert_non_null(strstr(why.text, wrong[i].place));
		assert_non_null(strstr(why.text, wrong[i].words));
		assert_string_equal(saved_at(s, 1)->filter, "~c 5xx");
		assert_string_equal(saved_at(s, 9)->sort, "size");
		assert_null(saved_at(s, 2));
		saved_close(s);
		has(text);
	}
}

static void
what_stands_in_the_file_stays_when_a_view_is_saved(void **state)
{
	struct saved_view v = { .name = "new" };
	struct fault why;
	struct stat st;
	struct saved *s;

	(void)state;
	holds("# mine\n1 old\nnothing we know\n1 twice");
	chmod(path, 0644);
	s = saved_open(path, "", &why);
	assert_true(saved_put(s, 1, &v, &why));
	assert_true(saved_put(s, 2, &v, &why));
	saved_close(s);
	has("# mine\n1 \"new\"\nnothing we know\n1 twice\n2 \"new\"\n");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
}

static void
what_is_no_view_is_not_saved(void **state)
{
	struct saved_view v = { .filter = "~nothing" };
	struct fault why;
	struct saved *s = saved_open(NULL, "", &why);

	(void)state;
	assert_false(saved_put(s, 1, &v, &why));
	v = (struct saved_view){ .name = "a\nb" };
	assert_false(saved_put(s, 1, &v, &why));
	v = (struct saved_view){ .sort = "nothing" };
	assert_false(saved_put(s, 1, &v, &why));
	v = (struct saved_view){ .name = "fine" };
	assert_false(saved_put(s, 0, &v, &why));
	assert_false(saved_put(s, 10, &v, &why));
	assert_null(saved_at(s, 1));
	assert_null(saved_at(s, 10));
	saved_close(s);
}

static void
what_was_typed_is_there_the_next_time_for_the_person_alone(void **state)
{
	struct fault why = { "" };
	struct history *h;
	struct stat st;

	(void)state;
	holds("f\told");	/* cut off before its end */
	chmod(path, 0644);
	h = history_open(path, &why);
	assert_true(history_add(h, "f", "~c 200", &why));
	assert_true(history_add(h, "f", "~c 200", &why));
	assert_true(history_add(h, ":", "set proxyauth=ada:secret", &why));
	assert_string_equal(history_text(h, ":", 0), "set proxyauth=ada:secret");
	history_close(h);
	has("f\told\nf\t~c 200\n");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	h = history_open(path, &why);
	assert_string_equal(why.text, "");
	assert_string_equal(history_text(h, "f", 0), "~c 200");
	assert_string_equal(history_text(h, "f", 1), "old");
	assert_null(history_text(h, "f", 2));
	assert_null(history_text(h, ":", 0));
	history_close(h);
}

static void
a_history_is_bounded(void **state)
{
	struct fault why;
	struct history *h;
	FILE *f = fopen(path, "w");
	struct buf text;

	(void)state;
	for (int i = 0; i < 5000; i++)
		fprintf(f, "f\t%d\n", i);
	fclose(f);
	h = history_open(path, &why);
	assert_string_equal(history_text(h, "f", 0), "4999");
	assert_string_equal(history_text(h, "f", HISTORY_MAX - 1), "4500");
	assert_null(history_text(h, "f", HISTORY_MAX));
	history_close(h);
	assert_true(keepsake_read(path, &text, &why));
	assert_int_equal(text.len, HISTORY_MAX * 7);
	buf_release(&text);
}

static void
a_history_with_a_fault_is_told_and_loses_nothing(void **state)
{
	struct fault why;
	struct history *h;
	FILE *f = fopen(path, "w");
	struct buf before, after;

	(void)state;
	for (int i = 0; i < 5000; i++)
		fprintf(f, i == 7 ? "no tab in it\n" : "f\t%d\n", i);
	fclose(f);
	assert_true(keepsake_read(path, &before, &why));
	h = history_open(path, &why);
	assert_non_null(strstr(why.text, ":8:1: expected LABEL"));
	assert_string_equal(history_text(h, "f", 0), "4999");
	assert_true(history_add(h, "f", "more", &why));
	history_close(h);
	assert_true(keepsake_read(path, &after, &why));
	assert_int_equal(after.len, before.len + 7);
	assert_memory_equal(after.at, before.at, before.len);
	buf_release(&before);
	buf_release(&after);
}

/* A folder, a file that is too large: told, and left alone. */
static void
what_is_no_file_of_lines_is_left_alone(void **state)
{
	struct saved_view v = { .name = "a" };
	struct fault why;
	struct history *h;
	struct saved *s;

	(void)state;
	h = history_open(folder, &why);
	assert_non_null(strstr(why.text, "no file"));
	assert_false(history_add(h, "f", "a", &why));
	assert_string_equal(history_text(h, "f", 0), "a");
	history_close(h);
	holds("");
	assert_int_equal(truncate(path, KEEPSAKE_MAX + 1), 0);
	h = history_open(path, &why);
	assert_non_null(strstr(why.text, "larger than"));
	assert_false(history_add(h, "f", "a", &why));
	history_close(h);
	s = saved_open(path, "", &why);
	assert_non_null(strstr(why.text, "larger than"));
	assert_false(saved_put(s, 1, &v, &why));
	assert_non_null(saved_at(s, 1));
	saved_close(s);
	assert_int_equal(truncate(path, KEEPSAKE_MAX), 0);
	s = saved_open(path, "", &why);
	assert_non_null(strstr(why.text, "the line is longer"));
	saved_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_view_comes_back_as_it_was_saved),
		cmocka_unit_test(a_line_that_is_wrong_is_told_and_the_others_hold),
		cmocka_unit_test(what_stands_in_the_file_stays_when_a_view_is_saved),
		cmocka_unit_test(what_is_no_view_is_not_saved),
		cmocka_unit_test(what_was_typed_is_there_the_next_time_for_the_person_alone),
		cmocka_unit_test(a_history_is_bounded),
		cmocka_unit_test(a_history_with_a_fault_is_told_and_loses_nothing),
		cmocka_unit_test(what_is_no_file_of_lines_is_left_alone),
	};
	return cmocka_run_group_tests(tests, folder_open, folder_close);
}
