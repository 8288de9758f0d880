#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "../../src/store/tally.h"

static uint64_t now = 1795531640000000ull;

static struct tallied
add(struct tally *t, const char *peer, const char *sni, const char *reason)
{
	struct step *s = step_new(STEP_TLS_FAILED, (struct field[]){ { LIT("peer"), bytes_of(peer) },
		{ LIT("sni"), bytes_of(sni) }, { LIT("tls_failure_reason"), bytes_of(reason) } }, 3);
	struct tallied so_far = tally_add(t, s, LIT("named.test"), now);

	step_drop(s);
	return so_far;
}

static void
test_failures_are_counted_by_host_side_and_reason(void **state)
{
	struct tally *t = tally_new();
	struct tallied so_far;

	(void)state;
	add(t, "downstream", "a.test", "unknown_ca");
	add(t, "downstream", "a.test", "unknown_ca");
	so_far = add(t, "upstream", "a.test", "timeout");
	assert_int_equal(so_far.host, 3);
	assert_int_equal(so_far.side, 1);
	assert_int_equal(so_far.reason, 1);
	so_far = add(t, "downstream", "", "unknown_ca");
	assert_int_equal(so_far.host, 1);
	assert_int_equal(so_far.side, 3);
	assert_int_equal(so_far.reason, 3);
	assert_int_equal(so_far.all, 4);
	assert_int_equal(add(t, "downstream", "named.test", "unknown_ca").host, 2);
	tally_free(t);
}

static void
test_the_host_that_failed_longest_ago_goes(void **state)
{
	struct tally *t = tally_new();
	char name[32];

	(void)state;
	for (unsigned i = 0; i <= TALLY_HOSTS_MAX; i++) {
		snprintf(name, sizeof(name), "h%u.test", i);
		assert_int_equal(add(t, "downstream", name, "eof_or_reset").host, 1);
		assert_int_equal(add(t, "downstream", "h0.test", "eof_or_reset").host, i + 2);
	}
	assert_int_equal(add(t, "downstream", "h1.test", "eof_or_reset").host, 1);	/* it was gone */
	assert_int_equal(add(t, "downstream", name, "eof_or_reset").host, 2);
	tally_free(t);
}

static void
test_a_name_of_any_bytes_is_counted(void **state)
{
	struct tally *t = tally_new();
	char name[600];

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	assert_int_equal(add(t, "downstream", name, "no such reason").reason, 1);
	assert_int_equal(add(t, "downstream", name, "other").reason, 2);
	assert_int_equal(add(t, "", name, "").host, 3);
	tally_free(t);
}

static void
test_of_late_is_counted_apart(void **state)
{
	struct tally *t = tally_new();
	struct tallied so_far;

	(void)state;
	add(t, "downstream", "a.test", "unknown_ca");
	now += 200 * 1000000ull;
	add(t, "downstream", "b.test", "unknown_ca");
	so_far = add(t, "upstream", "a.test", "unknown_ca");
	assert_int_equal(so_far.host_recent, 2);
	assert_int_equal(so_far.side_recent, 1);
	assert_int_equal(so_far.reason_recent, 3);
	now += 200 * 1000000ull;
	so_far = add(t, "upstream", "a.test", "timeout");
	assert_int_equal(so_far.host_recent, 2);	/* the first is over */
	assert_int_equal(so_far.host, 3);
	assert_int_equal(so_far.side_recent, 2);
	assert_int_equal(so_far.reason_recent, 1);
	tally_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_failures_are_counted_by_host_side_and_reason),
		cmocka_unit_test(test_the_host_that_failed_longest_ago_goes),
		cmocka_unit_test(test_of_late_is_counted_apart),
		cmocka_unit_test(test_a_name_of_any_bytes_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
