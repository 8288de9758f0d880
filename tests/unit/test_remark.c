/* What a person says of a flow: in a note, in its row, and in the session. */
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

#include "soth/journal.h"
#include "soth/store.h"

static char path[] = "/tmp/test-remark-XXXXXX";

static void
told(struct store *s, struct note n)
{
	store_note(s, &n);
}

/* A flow from its beginning to its end. */
static void
flow_told(struct store *s, flow_id id)
{
	struct origin o = { .scheme = LIT("https"), .host = LIT("a.example"), .port = 443 };

	told(s, (struct note){ .kind = NOTE_FLOW, .flow = id, .when = 10, .origin = origin_new(&o) });
	told(s, (struct note){ .kind = NOTE_GONE, .flow = id, .when = 20,
		.part = { .kind = PART_RESET, .code = CLOSE_RELAY_EOF } });
}

/* A session of two flows in the file. */
static void
session_make(void)
{
	struct fault why;
	struct store *s = store_create(path, &why);

	assert_non_null(s);
	flow_told(s, 1);
	flow_told(s, 2);
	store_end(s);
	store_free(s);
}

static struct store *
opened(void)
{
	struct fault why = { "" };
	struct store *s = store_open(path, &why);

	if (!s)
		fail_msg("%s", why.text);
	return s;
}

static void
say(struct store *s, flow_id id, enum remark which, const char *text, struct fault *why)
{
	struct note n = remark_note(id, 30, which, bytes_of(text));

	store_remark(s, &n, why);
	store_flush(s);
}

static struct row
row_at(struct store *s, size_t i)
{
	struct row r;

	assert_int_equal(store_rows(s, i, 1, &r), 1);
	return r;
}

static const char *
comment_of(struct store *s, flow_id id)
{
	static char said[REMARK_ROOM];

	store_said(s, id, REMARK_COMMENT, said, sizeof(said));
	return said;
}

static void
what_is_said_comes_out_of_its_note_again(void **state)
{
	struct note n = remark_note(7, 9, REMARK_COMMENT, LIT("why so slow"));
	enum remark which;
	struct bytes said;

	(void)state;
	assert_true(remark_read(&n, &which, &said));
	assert_int_equal(which, REMARK_COMMENT);
	assert_true(bytes_are(said, "why so slow"));
	assert_int_equal(n.flow, 7);
	note_drop(&n);
	n = remark_note(7, 9, REMARK_MARK, LIT(""));
	assert_true(remark_read(&n, &which, &said));
	assert_int_equal(which, REMARK_MARK);
	assert_int_equal(said.len, 0);
	note_drop(&n);
}

static void
a_remark_that_nobody_knows_says_nothing(void **state)
{
	static const char *const texts[] = { "", "markred", "marked red", "colour red", "Mark red" };
	enum remark which;
	struct bytes said;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct note n = { .kind = NOTE_REMARK, .part = { .kind = PART_DATA, .data = slice_text(texts[i]) } };

		assert_false(remark_read(&n, &which, &said));
		note_drop(&n);
	}
}

static void
a_long_comment_is_cut_between_two_characters(void **state)
{
	size_t most = remark_most(REMARK_COMMENT);
	char *text = xalloc(most + 3);
	enum remark which;
	struct bytes said;
	struct note n;

	(void)state;
	memset(text, 'x', most - 1);
	memcpy(text + most - 1, "\xc3\xa9", 3);
	n = remark_note(1, 1, REMARK_COMMENT, bytes_of(text));
	assert_true(remark_read(&n, &which, &said));
	assert_int_equal(said.len, most - 1);
	note_drop(&n);
	free(text);
}

static void
a_flow_that_is_over_can_be_remarked_on_and_no_rule_is_broken(void **state)
{
	struct fault why;
	struct store *s = store_create(path, &why);
	struct flow f;

	(void)state;
	flow_told(s, 1);
	flow_told(s, 2);
	told(s, remark_note(2, 30, REMARK_MARK, LIT("red")));
	told(s, remark_note(2, 31, REMARK_COMMENT, LIT("look here")));
	store_end(s);
	assert_int_equal(store_stats(s).misordered, 0);
	assert_int_equal(store_stats(s).remarked, 1);
	assert_string_equal(row_at(s, 0).mark, "");
	assert_string_equal(row_at(s, 1).mark, "red");
	assert_true(row_at(s, 1).commented);
	assert_string_equal(row_at(s, 1).scheme, "https");
	assert_string_equal(comment_of(s, 2), "look here");
	assert_int_equal(store_remarked(s, 0), 1);
	assert_int_equal(store_remarked(s, 1), 1);
	assert_int_equal(store_remarked(s, 2), SIZE_MAX);
	assert_true(store_flow(s, 2, &f, &why));
	assert_true(bytes_are(f.remark[REMARK_MARK].bytes, "red"));
	assert_int_equal(f.notes, 4);
	flow_release(&f);
	store_free(s);
}

static void
what_is_taken_back_is_gone_and_the_last_counts(void **state)
{
	struct fault why;
	struct store *s = store_create(path, &why);

	(void)state;
	flow_told(s, 1);
	told(s, remark_note(1, 30, REMARK_MARK, LIT("red")));
	told(s, remark_note(1, 31, REMARK_MARK, LIT("blue")));
	assert_string_equal(row_at(s, 0).mark, "blue");
	told(s, remark_note(1, 32, REMARK_MARK, LIT("")));
	assert_string_equal(row_at(s, 0).mark, "");
	assert_int_equal(store_stats(s).remarked, 0);
	assert_string_equal(row_at(s, 0).host, "a.example");
	store_free(s);
}

static void
a_remark_on_an_opened_session_is_there_the_next_time(void **state)
{
	struct fault why;
	struct store *s;
	struct flow f;

	(void)state;
	session_make();
	s = opened();
	say(s, 1, REMARK_MARK, "green", &why);
	assert_string_equal(why.text, "");
	assert_string_equal(row_at(s, 0).mark, "green");
	store_free(s);
	s = opened();
	assert_string_equal(store_stats(s).trouble, "");
	assert_int_equal(store_stats(s).misordered, 0);
	assert_string_equal(row_at(s, 0).mark, "green");
	say(s, 1, REMARK_COMMENT, "again", &why);
	assert_true(store_flow(s, 1, &f, &why));
	assert_int_equal(f.notes, 4);
	assert_true(bytes_are(f.remark[REMARK_COMMENT].bytes, "again"));
	flow_release(&f);
	store_free(s);
}

static off_t
file_size(void)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

/* It is said once; what is said is kept while the program runs; the file stays as it is. */
static void
unwritten(struct store *s, const char *words)
{
	off_t size = file_size();
	struct fault why;
	struct flow f;

	say(s, 2, REMARK_MARK, "red", &why);
	if (!strstr(why.text, words))
		fail_msg("%s", why.text);
	say(s, 2, REMARK_COMMENT, "more", &why);
	assert_string_equal(why.text, "");
	assert_string_equal(row_at(s, 1).mark, "red");
	assert_string_equal(comment_of(s, 2), "more");
	assert_true(store_flow(s, 2, &f, &why));
	assert_true(bytes_are(f.remark[REMARK_COMMENT].bytes, "more"));
	flow_release(&f);
	assert_int_equal(file_size(), size);
	store_free(s);
}

static void
a_session_that_another_writes_is_not_written(void **state)
{
	struct fault why;
	struct store *s, *other;

	(void)state;
	session_make();
	other = opened();
	say(other, 1, REMARK_MARK, "blue", &why);
	s = opened();
	unwritten(s, "another soth is writing it");
	store_free(other);
}

static void
a_session_that_has_grown_since_is_not_written(void **state)
{
	struct fault why;
	struct store *s, *other;

	(void)state;
	session_make();
	s = opened();
	other = opened();
	say(other, 1, REMARK_MARK, "blue", &why);
	store_free(other);
	unwritten(s, "not as it was when it was opened");
}

static void
a_session_whose_end_is_cut_off_is_not_written(void **state)
{
	struct store *s;

	(void)state;
	session_make();
	assert_int_equal(truncate(path, file_size() - 3), 0);
	s = opened();
	assert_true(*store_stats(s).trouble);
	unwritten(s, "its end is damaged");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said_comes_out_of_its_note_again),
		cmocka_unit_test(a_remark_that_nobody_knows_says_nothing),
		cmocka_unit_test(a_long_comment_is_cut_between_two_characters),
		cmocka_unit_test(a_flow_that_is_over_can_be_remarked_on_and_no_rule_is_broken),
		cmocka_unit_test(what_is_taken_back_is_gone_and_the_last_counts),
		cmocka_unit_test(a_remark_on_an_opened_session_is_there_the_next_time),
		cmocka_unit_test(a_session_that_another_writes_is_not_written),
		cmocka_unit_test(a_session_that_has_grown_since_is_not_written),
		cmocka_unit_test(a_session_whose_end_is_cut_off_is_not_written),
	};
	int failed;

	close(mkstemp(path));
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return failed;
}
