/* Rules that say which rows have which colour. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "../../ui/desk.h"
#include "../../ui/saved.h"
#include "../../ui/theme.h"
#include "../../ui/tints.h"
#include "../screen/protocols.h"
#include "../screen/bodies.h"

extern const struct view_ops view_list;

enum { PATIENCE = 40000 };

static char session_path[] = "/tmp/test-tints-XXXXXX", path[] = "/tmp/test-colours-XXXXXX";
static struct store *session;
static struct making making;
static int wake;

static int
session_open(void **state)
{
	struct fault why = { "" };

	(void)state;
	close(mkstemp(session_path));
	close(mkstemp(path));
	wake = eventfd(0, EFD_CLOEXEC);
	making = (struct making){ NULL, 0, protocols_begin };
	making.store = session = store_create(session_path, &why);
	if (!session)
		return -1;
	bodies_tell(&making);
	store_flush(session);
	return 0;
}

static int
session_close(void **state)
{
	(void)state;
	store_free(session);
	unlink(session_path);
	unlink(path);
	close(wake);
	return 0;
}

static struct tints *
rules(const char *text, struct fault *why)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	return tints_new(path, session, wake, why);
}

/* Of the n-th flow. */
static const struct tint *
tint(struct tints *t, size_t n, uint64_t now, unsigned patience)
{
	struct row r;

	assert_int_equal(store_rows(session, n - 1, 1, &r), 1);
	tints_begin(t, now, patience);
	return tints_of(t, &r);
}

static void
the_first_rule_that_takes_a_flow_colours_it(void **state)
{
	struct fault why;
	struct tints *t = rules("# mine\n\n  warn\t~m POST & ~c 204\nred ~m POST\n#FF8700 ~bs \"user 0\"\ngood ~u nowhere\n#ff no rule\n", &why);
	uint64_t now = 1795531700000000ull;

	(void)state;
	assert_string_equal(why.text, "");
	assert_int_equal(tints_count(t), 4);
	assert_int_equal(tint(t, 4, now, PATIENCE)->role, ROLE_WARN);
	assert_int_equal(tint(t, 4, now, PATIENCE)->paint, 0);
	assert_int_equal(tint(t, 3, now, PATIENCE)->paint, INK(COLOUR_NAMED + 1));
	assert_int_equal(tint(t, 1, now, PATIENCE)->paint, INK(0xff8700));
	assert_null(tint(t, 2, now, PATIENCE));
	tints_free(t);
}

/* The screen does not wait, and what it asked for comes. */
static void
a_colour_comes_later_where_there_is_no_time(void **state)
{
	struct fault why;
	struct tints *t = rules("bad ~bs user\n", &why);

	(void)state;
	assert_null(tint(t, 1, 1, 0));
	assert_int_equal(tint(t, 1, 2, PATIENCE)->role, ROLE_BAD);
	tints_free(t);
}

static void
more_than_are_kept_leave_those_in_sight(void **state)
{
	struct fault why;
	struct tints *t = rules("bad ~all\n", &why);
	struct row r;

	(void)state;
	assert_int_equal(store_rows(session, 0, 1, &r), 1);
	tints_begin(t, 1, 0);
	for (r.id = 1000; r.id < 30000; r.id++)
		(void)tints_of(t, &r);
	tints_begin(t, 2, PATIENCE);
	assert_int_equal(tints_of(t, &r)->role, ROLE_BAD);
	tints_free(t);
}

/* As its row says when something has come; at most once a second. */
static void
a_flow_that_goes_on_is_asked_for_again(void **state)
{
	struct fault why;
	struct tints *t = rules("bad ~c 500\n", &why);
	uint64_t count;
	size_t n;

	(void)state;
	flow_begins(&making, "https", "live.example.com", 443);
	head_comes(&making, CLIENT, 0, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	store_flush(session);
	n = store_stats(session).flows;
	assert_null(tint(t, n, 1, PATIENCE));
	head_comes(&making, SERVER, 0, "HTTP/1.1 500 Oh\r\n\r\n");
	store_flush(session);
	assert_null(tint(t, n, 2, PATIENCE));
	while (!tint(t, n, 1000001, 0))
		assert_int_equal(read(wake, &count, sizeof(count)), sizeof(count));
	assert_int_equal(tint(t, n, 1000002, 0)->role, ROLE_BAD);
	tints_free(t);
}

static void
a_line_that_is_wrong_is_told_and_the_others_hold(void **state)
{
	static const struct { const char *line, *place, *words; } wrong[] = {
		{ "nothing ~c 200", ":2:1: ", "expected a role" }, { "  default ~all", ":2:3: ", "expected a role" },
		{ "good", ":2:5: ", "expected a filter" }, { "good  ", ":2:7: ", "expected a filter" },
		{ "good ~nothing", ":2:6: ", "" }, { "good  ~c 200 & ~nothing", ":2:16: ", "" }, { "red a\001b", ":2:6: ", "control" },
	};
	struct fault why;
	struct tints *t;
	char text[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		snprintf(text, sizeof(text), "good ~m GET\n%s\nwarn ~m POST\n", wrong[i].line);
		t = rules(text, &why);
		assert_non_null(strstr(why.text, wrong[i].place));
		assert_non_null(strstr(why.text, wrong[i].words));
		assert_int_equal(tints_count(t), 2);
		assert_int_equal(tint(t, 3, 1, PATIENCE)->role, ROLE_WARN);
		tints_free(t);
	}
}

static void
there_are_no_more_rules_than_the_limit_and_none_without_a_file(void **state)
{
	static char text[TINTS_MAX * 16 + 2 * TINT_LINE];
	struct fault why;
	struct tints *t;

	(void)state;
	for (size_t i = 0; i <= TINTS_MAX; i++)
		strcat(text, "good ~m GET\n");
	t = rules(text, &why);
	assert_int_equal(tints_count(t), TINTS_MAX);
	assert_non_null(strstr(why.text, ":65:1: more than 64 rules"));
	tints_free(t);
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "good ", 5);
	t = rules(text, &why);
	assert_non_null(strstr(why.text, ":1:6: longer than"));
	tints_free(t);
	t = tints_new("/tmp/nowhere/colours", session, -1, &why);
	assert_string_equal(why.text, "");
	assert_null(tint(t, 1, 1, PATIENCE));
	tints_free(t);
}

static void
the_list_shows_the_colour_from_the_time_on(void **state)
{
	struct fault why;
	struct options o;
	struct desk desk = { .options = &o, .store = session, .wake = -1, .patience = PATIENCE, .arg = "", .now = 1795531700000000ull };
	void *list = xalloc(view_list.size);
	struct line l = { .spans = 0 }, plain = { .spans = 0 };

	(void)state;
	options_init(&o);
	desk.saved = saved_open(NULL, "", &why);
	desk.tints = rules("red ~m POST\n", &why);
	view_list.open(list, &desk);
	view_list.refresh(list, 120);
	view_list.line(list, 2, &l);
	view_list.line(list, 0, &plain);
	assert_true(l.spans > 4);
	assert_int_equal(l.span[0].paint, 0);
	for (size_t i = 1; i < l.spans; i++)
		assert_int_equal(l.span[i].paint, INK(COLOUR_NAMED + 1));
	for (size_t i = 0; i < plain.spans; i++)
		assert_int_equal(plain.span[i].paint, 0);
	view_list.close(list);
	tints_free(desk.tints);
	saved_close(desk.saved);
	options_release(&o);
	free(list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_rule_that_takes_a_flow_colours_it),
		cmocka_unit_test(a_colour_comes_later_where_there_is_no_time),
		cmocka_unit_test(more_than_are_kept_leave_those_in_sight),
		cmocka_unit_test(a_line_that_is_wrong_is_told_and_the_others_hold),
		cmocka_unit_test(there_are_no_more_rules_than_the_limit_and_none_without_a_file),
		cmocka_unit_test(the_list_shows_the_colour_from_the_time_on),
		cmocka_unit_test(a_flow_that_goes_on_is_asked_for_again),
	};
	return cmocka_run_group_tests(tests, session_open, session_close);
}
