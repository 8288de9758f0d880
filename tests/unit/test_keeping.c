/* Chosen flows into files, behind those of a session, and what a person said of them by every format. */
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

#include "soth/convert.h"
#include "soth/filter.h"

static char path[] = "/tmp/test-keeping-XXXXXX", other[sizeof(path) + 8], file[sizeof(path) + 8];
static struct store *session;

static void
told(struct store *s, struct note n)
{
	store_note(s, &n);
}

/* A flow with a request and an answer. */
static void
flow_told(struct store *s, flow_id id, const char *target)
{
	struct origin o = { .scheme = LIT("http"), .mode = LIT("regular"), .host = LIT("a.example"), .port = 80, .client = LIT("10.0.0.1:4000") };
	struct fault why;
	char request[100];
	struct head *h;

	snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: a.example\r\n\r\n", target);
	told(s, (struct note){ .kind = NOTE_FLOW, .flow = id, .when = 10, .origin = origin_new(&o) });
	h = head_parse(bytes_of(request), HEAD_REQUEST, &why);
	assert_non_null(h);
	told(s, (struct note){ .kind = NOTE_PART, .flow = id, .when = 11, .part = { .kind = PART_HEAD, .head = h } });
	told(s, (struct note){ .kind = NOTE_PART, .flow = id, .when = 12, .part = { .kind = PART_END } });
	h = head_parse(LIT("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), HEAD_RESPONSE, &why);
	assert_non_null(h);
	told(s, (struct note){ .kind = NOTE_PART, .side = SERVER, .flow = id, .when = 13, .part = { .kind = PART_HEAD, .head = h } });
	told(s, (struct note){ .kind = NOTE_PART, .side = SERVER, .flow = id, .when = 14, .part = { .kind = PART_END } });
	told(s, (struct note){ .kind = NOTE_GONE, .flow = id, .when = 20, .part = { .kind = PART_RESET, .code = CLOSE_HTTP_COMPLETED } });
}

static void
session_make(void)
{
	struct fault why;

	session = store_create(path, &why);
	assert_non_null(session);
	flow_told(session, 1, "/one");
	flow_told(session, 2, "/two");
	flow_told(session, 3, "/three");
	told(session, remark_note(2, 30, REMARK_MARK, LIT("red")));
	told(session, remark_note(2, 31, REMARK_COMMENT, LIT("why so slow?")));
	store_flush(session);
}

static int
begin(void **state)
{
	(void)state;
	close(mkstemp(path));
	snprintf(other, sizeof(other), "%s.soth", path);
	snprintf(file, sizeof(file), "%s.x", path);
	session_make();
	return 0;
}

static int
end(void **state)
{
	(void)state;
	store_free(session);
	unlink(path);
	unlink(other);
	unlink(file);
	memcpy(strrchr(path, '-') + 1, "XXXXXX", 6);
	return 0;
}

static struct store *
opened(const char *name)
{
	struct fault why = { "" };
	struct store *s = store_open(name, &why);

	if (!s)
		fail_msg("%s", why.text);
	assert_string_equal(store_stats(s).trouble, "");
	assert_int_equal(store_stats(s).misordered, 0);
	return s;
}

static struct row
row_at(struct store *s, size_t i)
{
	struct row r;

	assert_int_equal(store_rows(s, i, 1, &r), 1);
	return r;
}

static void
assert_said(struct store *s, size_t i, const char *mark, const char *comment)
{
	struct row r = row_at(s, i);
	char said[REMARK_ROOM];

	store_said(s, r.id, REMARK_COMMENT, said, sizeof(said));
	assert_string_equal(r.mark, mark);
	assert_string_equal(said, comment);
}

static struct convert_flows
chosen(const flow_id *id, size_t count)
{
	return (struct convert_flows){ session, id, count };
}

static void
put(void *arg, struct note *n)
{
	store_note(arg, n);
}

/* By a format and back again. */
static void
there_and_back(const char *name, const char *mark)
{
	struct convert_flows flows = chosen((flow_id[]){ 2, 3 }, 2);
	const struct format *f = format_named(name);
	struct convert_sink sink = { put, NULL, NULL };
	struct fault why = { "" };
	struct store *s;
	FILE *in;

	unlink(other);
	if (!convert_file(f, file, &flows, NULL, &why))
		fail_msg("%s: %s", name, why.text);
	s = store_create(other, &why);
	in = fopen(file, "r");
	assert_true(s && in);
	sink.arg = s;
	if (!f->read(in, &sink, &why))
		fail_msg("%s: %s", name, why.text);
	fclose(in);
	store_flush(s);
	assert_int_equal(store_stats(s).flows, 2);
	assert_int_equal(store_stats(s).misordered, 0);
	assert_string_equal(row_at(s, 0).path, "/two");
	assert_said(s, 0, mark, "why so slow?");
	assert_said(s, 1, "", "");
	store_free(s);
}

static void
what_a_person_said_goes_and_comes_by_formats_that_have_a_place_for_it(void **state)
{
	(void)state;
	there_and_back("session", "red");
	there_and_back("har", "red");
	there_and_back("mitm", ":red_circle:");
}

static void
packets_have_it_as_their_comment(void **state)
{
	static uint8_t block[1 << 16];
	struct convert_flows flows = chosen((flow_id[]){ 2 }, 1);
	struct fault why;
	FILE *in;
	size_t n;

	(void)state;
	assert_true(convert_file(format_named("pcapng"), file, &flows, NULL, &why));
	in = fopen(file, "r");
	n = fread(block, 1, sizeof(block), in);
	fclose(in);
	assert_non_null(memmem(block, n, "mark: red\ncomment: why so slow?", 31));
}

static bool
taken(struct store *s, size_t i, const char *text)
{
	struct lens *l = lens_new(s);
	struct fault why;
	size_t at;
	struct filter *f = filter_parse(text, &why, &at);
	struct row r = row_at(s, i);
	bool takes;

	assert_non_null(f);
	takes = filter_takes(f, l, &r);
	filter_free(f);
	lens_free(l);
	return takes;
}

static void
filters_ask_for_marks_and_comments(void **state)
{
	(void)state;
	assert_true(taken(session, 1, "~marked"));
	assert_false(taken(session, 0, "~marked"));
	assert_true(taken(session, 1, "~marker ^red$"));
	assert_false(taken(session, 1, "~marker blue"));
	assert_true(taken(session, 1, "~comment SLOW"));
	assert_false(taken(session, 1, "~comment fast"));
	assert_false(taken(session, 0, "~comment ."));
}

static void
flows_are_appended_under_numbers_that_go_on(void **state)
{
	struct fault why = { "" };
	struct convert_flows first = chosen((flow_id[]){ 3 }, 1), more = chosen((flow_id[]){ 1, 2 }, 2);
	struct store *s;

	(void)state;
	assert_true(convert_file(format_named("session"), other, &first, NULL, &why));
	if (!convert_append(other, &more, NULL, &why))
		fail_msg("%s", why.text);
	s = opened(other);
	assert_int_equal(store_stats(s).flows, 3);
	assert_string_equal(row_at(s, 0).path, "/three");
	assert_string_equal(row_at(s, 1).path, "/one");
	assert_string_equal(row_at(s, 2).path, "/two");
	assert_int_equal(row_at(s, 2).id, 3);
	assert_said(s, 2, "red", "why so slow?");
	store_free(s);
}

static off_t
size_of(const char *name)
{
	struct stat st;

	return stat(name, &st) ? -1 : st.st_size;
}

static void
a_file_stays_as_it_was_where_appending_fails(void **state)
{
	struct fault why = { "" };
	struct convert_flows flows = chosen((flow_id[]){ 1, 2 }, 2);
	struct convert_watch left = { 0, true };
	off_t size;

	(void)state;
	assert_true(convert_file(format_named("session"), other, &flows, NULL, &why));
	assert_int_equal(truncate(other, size_of(other) - 3), 0);
	size = size_of(other);
	assert_false(convert_append(other, &flows, NULL, &why));
	assert_non_null(strstr(why.text, "its end is damaged"));
	assert_int_equal(size_of(other), size);
	assert_true(convert_file(format_named("session"), other, &flows, NULL, &why));
	size = size_of(other);
	assert_false(convert_append(other, &flows, &left, &why));
	assert_non_null(strstr(why.text, "left unfinished"));
	assert_false(convert_file(format_named("har"), other, &flows, &left, &why));
	assert_int_equal(size_of(other), size);
}

static void
a_session_that_is_being_recorded_is_not_replaced(void **state)
{
	struct fault why = { "" };
	struct convert_flows flows = chosen((flow_id[]){ 1 }, 1);
	off_t size = size_of(path);

	(void)state;
	assert_false(convert_append(path, &flows, NULL, &why));
	assert_non_null(strstr(why.text, "a session is being written to it"));
	assert_false(convert_file(format_named("session"), path, &flows, NULL, &why));
	assert_int_equal(size_of(path), size);
}

/* Of a session that another records: what is said of it here is in what is written. */
static void
what_no_file_has_is_in_what_is_written(void **state)
{
	struct fault why = { "" };
	struct store *looked = store_open(path, &why), *s;
	struct convert_flows flows = { looked, (flow_id[]){ 1, 2 }, 2 };
	struct note n[] = { remark_note(1, 40, REMARK_MARK, LIT("blue")), remark_note(1, 41, REMARK_MARK, LIT("green")),
		remark_note(2, 42, REMARK_COMMENT, LIT("")), remark_note(3, 43, REMARK_MARK, LIT("red")) };

	(void)state;
	assert_non_null(looked);
	for (size_t i = 0; i < ARRAY_LEN(n); i++)
		store_remark(looked, &n[i], &why);
	assert_true(store_stats(looked).unwritten);
	if (!convert_file(format_named("session"), other, &flows, NULL, &why))
		fail_msg("%s", why.text);
	s = opened(other);
	assert_said(s, 0, "green", "");
	assert_said(s, 1, "red", "");
	store_free(s);
	if (!convert_append(other, &flows, NULL, &why))
		fail_msg("%s", why.text);
	s = opened(other);
	assert_int_equal(store_stats(s).flows, 4);
	assert_said(s, 2, "green", "");
	assert_said(s, 3, "red", "");
	store_free(s);
	store_free(looked);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_a_person_said_goes_and_comes_by_formats_that_have_a_place_for_it, begin, end),
		cmocka_unit_test_setup_teardown(packets_have_it_as_their_comment, begin, end),
		cmocka_unit_test_setup_teardown(filters_ask_for_marks_and_comments, begin, end),
		cmocka_unit_test_setup_teardown(flows_are_appended_under_numbers_that_go_on, begin, end),
		cmocka_unit_test_setup_teardown(a_file_stays_as_it_was_where_appending_fails, begin, end),
		cmocka_unit_test_setup_teardown(what_no_file_has_is_in_what_is_written, begin, end),
		cmocka_unit_test_setup_teardown(a_session_that_is_being_recorded_is_not_replaced, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
