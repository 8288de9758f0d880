/* Columns of the list: their names, how they share a line, and what is read of a flow's data for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../ui/columns.h"
#include "../../ui/glyph.h"
#include "../../ui/ranking.h"
#include "../screen/protocols.h"
#include "../screen/bodies.h"

enum { LARGE = (1 << 20) + 1 };

static char path[] = "/tmp/test-columns-XXXXXX";
static struct store *session;

static void
make_large(struct making *m)
{
	static char json[LARGE];

	memset(json, ' ', sizeof(json));
	memcpy(json, "{\"a\":1}", 7);
	exchange(m, "large.example.com", "GET /?q=a%20b+c&q=%zz&w=1#q=no HTTP/1.1\r\nHost: a\r\nX: one\r\nx: two\r\n\r\n", (struct bytes){ 0 },
		"HTTP/1.1 200 OK\r\nServer: s\r\n\r\n", (struct bytes){ (uint8_t *)json, sizeof(json) });
	exchange_ends(m);
	exchange(m, "odd.example.com", "POST / HTTP/1.1\r\nHost: a\r\nx: one\r\n\r\n",
		LIT("{\"s\":\"a\\n\\\"b\\\" \\u00e9\",\"n\":-1.5,\"t\":[1,{\"b\":2}],\"e\":\"\",\"cut\":\"abc"),
		"HTTP/1.1 200 OK\r\nX: three\r\n\r\n", LIT("{\"open\":"));
	exchange_ends(m);
	exchange(m, "live.example.com", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", (struct bytes){ 0 },
		"HTTP/1.1 200 OK\r\nX: four\r\n\r\n", LIT("{\"a\":12"));
}

static int
session_open(void **state)
{
	struct fault why = { "" };
	struct making m = { NULL, 0, protocols_begin };

	(void)state;
	close(mkstemp(path));
	m.store = store_create(path, &why);
	if (!m.store)
		return -1;
	bodies_tell(&m);
	make_large(&m);
	store_flush(m.store);
	session = m.store;
	return 0;
}

static int
session_close(void **state)
{
	(void)state;
	store_free(session);
	unlink(path);
	return 0;
}

/* Of the n-th flow. */
static void
reads(size_t n, const char *name, const char *want, bool last)
{
	struct flow flow = { 0 };
	struct fault why = { "" };
	char text[FACT_TEXT];
	struct fact fact;
	struct row row;
	bool whole;

	assert_true(fact_parse(name, &fact, &why));
	assert_int_equal(store_rows(session, n - 1, 1, &row), 1);
	assert_true(store_flow(session, row.id, &flow, &why));
	whole = fact_read(&fact, session, &flow, text);
	assert_string_equal(text, want);
	assert_int_equal(whole, last);
	flow_release(&flow);
}

static void
fields_are_found_whatever_their_case_and_joined(void **state)
{
	(void)state;
	reads(7, "reqheader:X", "one, two", true);
	reads(7, "header:x", "one, two", true);
	reads(8, "header:x", "three", true);
	reads(8, "reqheader:x", "one", true);
	reads(7, "resheader:x", "", false);
}

static void
cookies_are_those_sent_and_else_those_set(void **state)
{
	(void)state;
	reads(3, "cookie:session", "0123456789abcdef", true);
	reads(3, "cookie:theme", "dark", true);
	reads(3, "cookie:them", "", false);
	reads(3, "cookie:Path", "", false);
}

static void
a_query_is_read_without_its_escapes(void **state)
{
	(void)state;
	reads(7, "query:q", "a b c, %zz", true);
	reads(7, "query:w", "1", true);
	reads(1, "query:sort", "name", true);
	reads(3, "query:next", "/home", true);
}

static void
members_are_read_behind_the_codings(void **state)
{
	(void)state;
	reads(1, "json:$[0].name", "user 0", true);
	reads(1, "json:$[3].id", "4714", true);
	reads(1, "json:$[99].id", "", false);
	reads(3, "json:$.user.name", "Ada", true);
	reads(5, "reqjson:$.stream", "true", true);
	reads(8, "reqjson:$.s", "a \"b\" \\u00e9", true);
	reads(8, "reqjson:$.n", "-1.5", true);
	reads(8, "reqjson:$.t[0]", "1", true);
	reads(8, "reqjson:$.t[1].b", "2", true);
	reads(8, "reqjson:$.e", "", false);
	reads(8, "reqjson:$.cut", "abc", true);
	reads(8, "json:$.open", "", false);
}

static void
a_large_body_has_a_sign_and_one_that_goes_on_nothing_yet(void **state)
{
	(void)state;
	reads(7, "json:$.a", FACT_LARGE, true);
	reads(9, "json:$.a", "", false);
	reads(9, "header:x", "four", true);
}

static void
an_operation_is_read_of_a_request(void **state)
{
	(void)state;
	reads(6, "operation:", "query GetUser", true);
	reads(5, "operation:", "", false);
}

static void
names_that_are_wrong_are_told(void **state)
{
	static const struct { const char *text, *words; } wrong[] = {
		{ "nothing", "none is called 'nothing'" }, { "header:", "needs a name" }, { "json:user", "begins with $" },
		{ "id id id id id id id id id id id id id id id id id", "more than 16" },
	};
	struct columns c = { .count = 7 };
	struct fault why;
	char large[4000] = "header:";

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		assert_false(columns_parse(&c, wrong[i].text, &why));
		assert_non_null(strstr(why.text, wrong[i].words));
	}
	memset(large + 7, 'x', 3000);
	assert_false(columns_parse(&c, large, &why));
	large[7 + FACT_NAME_MAX] = '\0';
	assert_false(columns_parse(&c, large, &why));
	assert_int_equal(c.count, 7);
	large[6 + FACT_NAME_MAX] = '\0';
	assert_true(columns_parse(&c, large, &why));
	assert_true(columns_parse(&c, " id  json:$[\"a b\"].c path ", &why));
	assert_int_equal(c.count, 3);
	assert_string_equal(c.one[1].fact.name, "$[\"a b\"].c");
	assert_true(columns_parse(&c, "", &why));
	assert_int_equal(c.count, 0);
}

static unsigned
columns_of(const struct line *l)
{
	unsigned n = 0;

	for (size_t i = 0; i < l->spans; i++)
		n += glyph_columns(l->span[i].text);
	return n;
}

/* With each column beside a host, at each width there may be. */
static void
a_row_is_as_wide_as_its_header_and_as_the_pane(void **state)
{
	struct facts *facts = facts_new(session, -1);
	const char *name, *about;
	char text[100];
	struct columns c;
	struct fault why;
	struct row r;

	(void)state;
	assert_int_equal(store_rows(session, 2, 1, &r), 1);
	for (size_t i = 0; columns_about(i, &name, &about); i++) {
		snprintf(text, sizeof(text), "%s host header:x %s", name, name);
		assert_true(columns_parse(&c, text, &why));
		for (unsigned width = 80; width < 300; width += 7) {
			struct line head = { .spans = 0 }, row = { .spans = 0 };

			columns_header(&c, width, &head);
			columns_row(&c, width, &(struct cell_of){ &r, r.begun, facts, NULL }, &row);
			assert_int_equal(columns_of(&head), width - 3);
			assert_int_equal(columns_of(&row), width - 3);
		}
	}
	facts_free(facts);
}

static void
the_list_is_sorted_by_any_column_that_rows_have(void **state)
{
	const char *name, *about;
	struct ranking *r;
	struct row row;

	(void)state;
	for (size_t i = 0; columns_about(i, &name, &about); i++) {
		r = ranking_new(name);
		assert_non_null(r);
		for (size_t k = 0; store_rows(session, k, 1, &row) == 1; k++)
			ranking_put(r, k, &row, "");
		(void)ranking_settle(r);
		assert_int_equal(ranking_count(r), store_stats(session).flows);
		ranking_free(r);
	}
}

/* The screen does not wait, and what it asked for comes. */
static void
what_is_asked_for_comes_later(void **state)
{
	struct facts *facts = facts_new(session, -1);
	struct fact fact;
	struct fault why;
	struct row r;

	(void)state;
	assert_true(fact_parse("json:$[0].name", &fact, &why));
	assert_int_equal(store_rows(session, 0, 1, &r), 1);
	facts_begin(facts, 1, 0);
	assert_string_equal(facts_of(facts, &fact, &r), "…");
	facts_begin(facts, 2, 40000);
	assert_string_equal(facts_of(facts, &fact, &r), "user 0");
	facts_free(facts);
}

/* More than are kept, and more than wait at once: those asked for last are there. */
static void
many_that_are_asked_for_leave_those_in_sight(void **state)
{
	struct facts *facts = facts_new(session, -1);
	struct fact fact;
	struct fault why;
	struct row r;

	(void)state;
	assert_true(fact_parse("header:x", &fact, &why));
	assert_int_equal(store_rows(session, 7, 1, &r), 1);
	facts_begin(facts, 1, 0);
	for (int i = 0; i < 20000; i++) {
		snprintf(fact.name, sizeof(fact.name), "x%d", i);
		(void)facts_of(facts, &fact, &r);
	}
	strcpy(fact.name, "x");
	(void)facts_of(facts, &fact, &r);
	facts_begin(facts, 2, 40000);
	assert_string_equal(facts_of(facts, &fact, &r), "three");
	facts_free(facts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_found_whatever_their_case_and_joined),
		cmocka_unit_test(cookies_are_those_sent_and_else_those_set),
		cmocka_unit_test(a_query_is_read_without_its_escapes),
		cmocka_unit_test(members_are_read_behind_the_codings),
		cmocka_unit_test(a_large_body_has_a_sign_and_one_that_goes_on_nothing_yet),
		cmocka_unit_test(an_operation_is_read_of_a_request),
		cmocka_unit_test(names_that_are_wrong_are_told),
		cmocka_unit_test(a_row_is_as_wide_as_its_header_and_as_the_pane),
		cmocka_unit_test(the_list_is_sorted_by_any_column_that_rows_have),
		cmocka_unit_test(what_is_asked_for_comes_later),
		cmocka_unit_test(many_that_are_asked_for_leave_those_in_sight),
	};
	return cmocka_run_group_tests(tests, session_open, session_close);
}
