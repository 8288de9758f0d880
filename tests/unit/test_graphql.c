/* What a GraphQL request asks for, in a few words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "soth/graphql.h"

static void
assert_operation(const char *body, const char *want)
{
	char out[80] = "";
	bool ok = graphql_operation(bytes_of(body), out, sizeof(out));

	assert_int_equal(ok, want != NULL);
	if (want)
		assert_string_equal(out, want);
}

static void
an_operation_has_its_kind_and_name(void **state)
{
	(void)state;
	assert_operation("{\"query\":\"query GetUser($id: ID) { user }\"}", "query GetUser");
	assert_operation("{\"query\":\"  # c\\n mutation Save{a}\"}", "mutation Save");
	assert_operation("{\"query\":\"{ me }\"}", "query");
	assert_operation("{\"query\":\"subscription { a }\"}", "subscription");
	assert_operation("[{\"query\":\"query A { a }\"},{\"query\":\"query B { b }\"}]", "query A");
}

static void
of_several_the_named_one_counts(void **state)
{
	(void)state;
	assert_operation("{\"operationName\":\"B\",\"query\":\"query A { query } mutation B { b }\"}", "mutation B");
	assert_operation("{\"query\":\"fragment F on T { query } query A { a }\"}", "query A");
	assert_operation("{\"query\":\"{ a(x: \\\"} query Z\\\") }\"}", "query");
}

static void
a_persisted_query_has_its_name_or_hash(void **state)
{
	(void)state;
	assert_operation("{\"extensions\":{\"persistedQuery\":{\"sha256Hash\":\"abc\"}}}", "persisted abc");
	assert_operation("{\"operationName\":\"Feed\",\"extensions\":{\"persistedQuery\":{\"sha256Hash\":\"abc\"}}}", "persisted Feed");
}

static void
what_is_cut_is_told_as_far_as_it_is_there(void **state)
{
	(void)state;
	assert_operation("{\"query\":\"query GetUser { us", "query GetUser");
	assert_operation("{\"qu", NULL);
}

static void
other_json_is_none(void **state)
{
	(void)state;
	assert_operation("{\"query\":\"shoes\"}", NULL);
	assert_operation("{\"query\":7}", NULL);
	assert_operation("{}", NULL);
	assert_operation("", NULL);
	assert_operation("not json", NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_operation_has_its_kind_and_name),
		cmocka_unit_test(of_several_the_named_one_counts),
		cmocka_unit_test(a_persisted_query_has_its_name_or_hash),
		cmocka_unit_test(what_is_cut_is_told_as_far_as_it_is_there),
		cmocka_unit_test(other_json_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
