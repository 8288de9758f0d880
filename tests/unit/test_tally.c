#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../src/store/tally.h"

enum { SECOND = 1000000 };

static const uint64_t began = 1700000000ull * SECOND;	/* on a slot's edge */

static struct note
failed(const char *peer, const char *sni, const char *reason, const char *confidence, uint64_t when)
{
	struct field v[] = { { LIT("peer"), bytes_of(peer) }, { LIT("sni"), bytes_of(sni) },
		{ LIT("tls_failure_reason"), bytes_of(reason) }, { LIT("source_confidence"), bytes_of(confidence) } };

	return (struct note){ .kind = NOTE_STEP, .flow = 1, .when = when, .step = step_new(STEP_TLS_FAILED, v, 4) };
}

static struct tallied
add(struct tally *t, const char *peer, const char *sni, const char *reason, uint64_t when)
{
	struct note n = failed(peer, sni, reason, "authoritative", when);
	struct tallied so_far = tally_add(t, &n, LIT("named.test"));

	note_drop(&n);
	return so_far;
}

static void
test_failures_are_counted_by_host_side_and_reason(void **state)
{
	struct tally *t = tally_new();
	struct tls_count count[8];
	struct tallied so_far;

	(void)state;
	add(t, "downstream", "a.test", "unknown_ca", began);
	add(t, "downstream", "a.test", "unknown_ca", began + 1);
	add(t, "upstream", "a.test", "timeout", began + 2);
	so_far = add(t, "downstream", "", "unknown_ca", began + 3);
	assert_int_equal(so_far.host, 1);
	assert_int_equal(so_far.side, 3);
	assert_int_equal(so_far.reason, 3);
	assert_int_equal(so_far.all, 4);
	assert_int_equal(tally_counts(t, began, count, 8), 3);
	assert_string_equal(count[0].host, "named.test");
	assert_string_equal(count[1].host, "a.test");
	assert_int_equal(count[1].side, CLIENT);
	assert_int_equal(count[1].reason, TLS_UNKNOWN_CA);
	assert_int_equal(count[1].total, 2);
	assert_int_equal(count[1].sure, 2);
	assert_int_equal(count[1].last, began + 1);
	assert_int_equal(count[2].side, SERVER);
	assert_int_equal(count[2].reason, TLS_TIMEOUT);
	assert_int_equal(tally_counts(t, began, count, 0), 3);
	tally_free(t);
}

static void
test_what_is_older_than_the_window_counts_in_the_sums_alone(void **state)
{
	struct tally *t = tally_new();
	struct tls_count count;

	(void)state;
	for (unsigned i = 0; i < 60; i++)	/* one each ten seconds, for ten minutes */
		add(t, "downstream", "a.test", "unknown_ca", began + i * 10ull * SECOND);
	assert_int_equal(tally_counts(t, began + 599ull * SECOND, &count, 1), 1);
	assert_int_equal(count.total, 60);
	assert_int_equal(count.recent, TLS_WINDOW_SECONDS / 10);
	tally_counts(t, began + (590 + 290) * (uint64_t)SECOND, &count, 1);
	assert_int_equal(count.recent, 1);
	tally_counts(t, began + (590 + 300) * (uint64_t)SECOND, &count, 1);
	assert_int_equal(count.recent, 0);
	assert_int_equal(tally_sums(t, began + 599ull * SECOND).recent, TLS_WINDOW_SECONDS / 10);
	add(t, "downstream", "a.test", "unknown_ca", began + 3600ull * SECOND);
	tally_counts(t, began + 3600ull * SECOND, &count, 1);
	assert_int_equal(count.recent, 1);
	assert_int_equal(count.total, 61);
	tally_free(t);
}

static void
test_a_clock_that_goes_back_loses_no_count(void **state)
{
	struct tally *t = tally_new();
	struct tls_count count;

	(void)state;
	add(t, "upstream", "a.test", "handshake", began);
	add(t, "upstream", "a.test", "handshake", began - 20ull * SECOND);
	add(t, "upstream", "a.test", "handshake", began - 4000ull * SECOND);
	add(t, "upstream", "a.test", "handshake", 0);
	tally_counts(t, began, &count, 1);
	assert_int_equal(count.total, 4);
	assert_int_equal(count.recent, 2);
	tally_free(t);
}

static void
test_the_host_that_failed_longest_ago_goes(void **state)
{
	struct tally *t = tally_new();
	struct tls_count count;
	struct tls_sums sums;
	char name[32];

	(void)state;
	for (unsigned i = 0; i <= TLS_COUNT_HOSTS_MAX; i++) {
		snprintf(name, sizeof(name), "h%u.test", i);
		add(t, "downstream", name, "eof_or_reset", began + i);
		add(t, "downstream", "h0.test", "eof_or_reset", began + i);
	}
	sums = tally_sums(t, began);
	assert_int_equal(sums.hosts, TLS_COUNT_HOSTS_MAX);
	assert_int_equal(sums.total, 2 * (TLS_COUNT_HOSTS_MAX + 1));
	assert_int_equal(sums.reason[TLS_EOF_OR_RESET], sums.total);
	assert_int_equal(tally_counts(t, began, &count, 1), TLS_COUNT_HOSTS_MAX);
	assert_string_equal(count.host, "h0.test");
	assert_int_equal(count.total, TLS_COUNT_HOSTS_MAX + 2);
	assert_int_equal(add(t, "downstream", "h1.test", "eof_or_reset", began).host, 1);	/* it was gone */
	tally_free(t);
}

static void
test_a_name_of_any_bytes_is_counted(void **state)
{
	struct tally *t = tally_new();
	struct tls_count count;
	char name[600];

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	add(t, "downstream", name, "no such reason", began);
	add(t, "downstream", name, "other", began);
	assert_int_equal(tally_counts(t, began, &count, 1), 1);
	assert_int_equal(count.total, 2);
	assert_int_equal(strlen(count.host), sizeof(count.host) - 1);
	tally_free(t);
}

static void
flow_fails(struct store *s, flow_id id, const char *confidence)
{
	struct origin o = { .opened_by = id, .client = LIT("127.0.0.1:1"), .listener = LIT("127.0.0.1:2"),
		.mode = LIT("regular"), .scheme = LIT("https"), .host = LIT("named.test"), .port = 443 };
	struct note n = { .kind = NOTE_FLOW, .flow = id, .when = began, .origin = origin_new(&o) };

	store_note(s, &n);
	n = failed("upstream", "", "cert_validation", confidence, began);
	n.flow = id;
	n.side = SERVER;
	store_note(s, &n);
	n = (struct note){ .kind = NOTE_GONE, .flow = id, .when = began,
		.part = { .kind = PART_RESET, .code = CLOSE_TLS_FAILED } };
	store_note(s, &n);
}

static void
check(struct store *s)
{
	struct tls_count count;
	struct row row[2];

	assert_int_equal(store_tls_counts(s, began, &count, 1), 1);
	assert_string_equal(count.host, "named.test");
	assert_int_equal(count.total, 2);
	assert_int_equal(count.sure, 1);
	assert_int_equal(count.recent, 2);
	assert_int_equal(count.flow, 2);
	assert_int_equal(store_tls_sums(s, began).side[SERVER], 2);
	assert_int_equal(store_rows(s, 0, 2, row), 2);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(row[i].tls_failed, SERVER);
		assert_int_equal(row[i].tls_reason, TLS_CERT_VALIDATION);
		assert_int_equal(row[i].tls_sure, i == 0);
	}
}

static void
test_an_opened_session_has_the_counts_and_rows_that_it_had(void **state)
{
	char path[] = "/tmp/soth-tally-XXXXXX";
	struct fault why;
	struct store *s;

	(void)state;
	assert_true(close(mkstemp(path)) == 0);
	s = store_create(path, &why);
	assert_non_null(s);
	flow_fails(s, 1, "authoritative");
	flow_fails(s, 2, "inferred");
	store_end(s);
	check(s);
	store_free(s);
	s = store_open(path, &why);
	assert_non_null(s);
	check(s);
	store_free(s);
	unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_failures_are_counted_by_host_side_and_reason),
		cmocka_unit_test(test_what_is_older_than_the_window_counts_in_the_sums_alone),
		cmocka_unit_test(test_a_clock_that_goes_back_loses_no_count),
		cmocka_unit_test(test_the_host_that_failed_longest_ago_goes),
		cmocka_unit_test(test_a_name_of_any_bytes_is_counted),
		cmocka_unit_test(test_an_opened_session_has_the_counts_and_rows_that_it_had),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
