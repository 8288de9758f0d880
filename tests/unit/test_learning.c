/* What is learned of failures of TLS, for whom, and what is written down of the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "soth/learning.h"
#include "soth/suffix.h"

enum { FIELDS = 7 };

/* peer, reason, confidence, provider, stage, alert_by */
struct row {
	const char *peer, *reason, *confidence, *provider, *stage, *by;
	enum learning_code want;
};

static const struct row rows[] = {
	{ "downstream", "unknown_ca", "authoritative", "gnutls", "handshake", "client", LEARNING_AUTHORITATIVE },
	{ "downstream", "cert_validation", "authoritative", "gnutls", "handshake", "client", LEARNING_AUTHORITATIVE },
	{ "downstream", "unknown_ca", "authoritative", "gnutls", "after_handshake", "client", LEARNING_AUTHORITATIVE },
	{ "downstream", "unknown_ca", "authoritative", "gnutls", "session", "client", LEARNING_NOT_TRUST },
	{ "downstream", "unknown_ca", "authoritative", "gnutls", "handshake", "soth", LEARNING_NOT_TRUST },
	{ "downstream", "handshake", "authoritative", "gnutls", "handshake", "client", LEARNING_NOT_TRUST },
	{ "downstream", "other", "authoritative", "gnutls", "handshake", "client", LEARNING_NOT_TRUST },
	{ "downstream", "eof_or_reset", "inferred", "gnutls", "handshake", "", LEARNING_INFERRED },
	{ "downstream", "unknown_ca", "inferred", "gnutls", "handshake", "client", LEARNING_INFERRED },
	{ "downstream", "unknown_ca", "", "gnutls", "handshake", "client", LEARNING_INFERRED },
	{ "downstream", "", "authoritative", "gnutls", "handshake", "client", LEARNING_NO_REASON },
	{ "downstream", "unknown_ca", "authoritative", "hudsucker", "handshake", "client", LEARNING_PROVIDER },
	{ "", "unknown_ca", "authoritative", "gnutls", "handshake", "client", LEARNING_SOURCE },
	{ "upstream", "unknown_ca", "authoritative", "gnutls", "handshake", "soth", LEARNING_UPSTREAM },
	{ "upstream", "cert_validation", "authoritative", "gnutls", "handshake", "client", LEARNING_UPSTREAM },
};

static struct step *
failure(const struct row *r)
{
	return step_new(STEP_TLS_FAILED, (struct field[]){ { LIT("peer"), bytes_of(r->peer) },
		{ LIT("tls_failure_reason"), bytes_of(r->reason) }, { LIT("source_confidence"), bytes_of(r->confidence) },
		{ LIT("tls_ops_provider"), bytes_of(r->provider) }, { LIT("tls_stage"), bytes_of(r->stage) },
		{ LIT("alert_by"), bytes_of(r->by) }, { LIT("alert_name"), LIT("unknown_ca") } }, FIELDS);
}

static void
only_a_client_that_says_so_teaches(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct step *s = failure(&rows[i]);
		enum learning_code got = learning_gate(s);

		if (got != rows[i].want)
			fail_msg("row %zu: %s, expected %s", i + 1, learning_word(got), learning_word(rows[i].want));
		step_drop(s);
	}
}

static void
the_domain_above_is_one_that_somebody_owns(void **state)
{
	static const char *const all[][2] = {
		{ "api.bank.example", "bank.example" }, { "a.b.bank.example", "b.bank.example" }, { "bank.example", NULL },
		{ "localhost", NULL }, { "www.bank.co.uk", "bank.co.uk" }, { "bank.co.uk", NULL }, { "bank.com", NULL },
		{ "www.bank.com", "bank.com" }, { "me.github.io", NULL }, { "x.me.github.io", "me.github.io" },
		{ "192.0.2.1", NULL }, { "2001:db8::1", NULL }, { "", NULL }, { "com", NULL }, { "bank.", NULL }, { "www.ck", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		const char *got = suffix_parent(all[i][0]);

		if ((got != NULL) != (all[i][1] != NULL) || (got && strcmp(got, all[i][1])))
			fail_msg("%s: %s", all[i][0], got ? got : "none");
	}
}

static bool
passes(struct temporaries *t, const char *host, const char *process, uint64_t now)
{
	struct policy_question q = { .name = { host }, .port = 443, .process = process };
	struct policy_said said;

	return temporaries_find(t, true, &q, now, &said) && said.action == POLICY_TUNNEL;
}

static void
hear(struct learning *l, const char *host, const char *process, const struct row *r, uint64_t now, struct learning_signal *out)
{
	struct step *s = failure(r);

	learning_hear(l, host, process, 7, s, now, 15, out);
	step_drop(s);
}

static void
it_is_learned_for_the_host_its_domain_and_the_process_and_for_so_long(void **state)
{
	const uint64_t now = 1000, minute = 60000000;
	struct temporaries *t = temporaries_new();
	struct learning *l = learning_new(t);
	struct learning_signal s;
	struct temporary one;

	(void)state;
	hear(l, "api.bank.example", "app", &rows[0], now, &s);
	assert_int_equal(s.code, LEARNING_AUTHORITATIVE);
	assert_int_equal(s.id, 1);
	assert_true(passes(t, "api.bank.example", "app", now) && passes(t, "API.Bank.example", "app", now));
	assert_true(passes(t, "bank.example", "app", now));
	assert_false(passes(t, "www.bank.example", "app", now));
	assert_false(passes(t, "example", "app", now));
	assert_false(passes(t, "api.bank.example", "curl", now) || passes(t, "api.bank.example", "", now));
	assert_true(passes(t, "api.bank.example", "app", now + 15 * minute - 1));
	assert_false(passes(t, "api.bank.example", "app", now + 15 * minute));
	hear(l, "api.bank.example", "app", &rows[0], now + 15 * minute, &s);
	assert_int_equal(temporaries_list(t, now + 15 * minute, &one, 1), 1);
	assert_int_equal(one.flow, 7);
	assert_true(one.learned && strstr(one.evidence, "unknown_ca"));
	assert_true(temporaries_remove(t, one.id));
	assert_false(passes(t, "api.bank.example", "app", now + 15 * minute));
	learning_free(l);
	temporaries_free(t);
}

static void
what_taught_nothing_is_written_down_with_its_reason(void **state)
{
	struct temporaries *t = temporaries_new();
	struct learning *l = learning_new(t);
	struct learning_signal s, all[4];
	struct learning_counts counts;

	(void)state;
	hear(l, "a.test", "app", &rows[7], 1, &s);
	hear(l, "a.test", "app", &rows[7], 2, &s);
	hear(l, "b.test", "app", &rows[7], 3, &s);
	hear(l, "", "app", &rows[0], 4, &s);
	hear(l, "b.test", "app", &rows[0], 5, &s);
	assert_int_equal(learning_ledger(l, all, 4, &counts), 4);
	assert_int_equal(counts.applied, 1);
	assert_int_equal(counts.ignored, 4);
	assert_int_equal(all[0].code, LEARNING_AUTHORITATIVE);
	assert_int_equal(all[1].code, LEARNING_NO_HOST);
	assert_string_equal(all[2].host, "b.test");
	assert_int_equal(all[2].code, LEARNING_INFERRED);
	assert_int_equal(all[3].times, 2);
	assert_int_equal(all[3].when, 2);
	assert_int_equal(temporaries_count(t), 1);
	learning_free(l);
	temporaries_free(t);
}

static void
the_ledger_keeps_the_newest(void **state)
{
	struct temporaries *t = temporaries_new();
	struct learning *l = learning_new(t);
	struct learning_signal s, all[LEDGER_MAX];
	struct learning_counts counts;

	(void)state;
	for (unsigned i = 0; i < LEDGER_MAX + 3; i++) {
		char host[20];

		snprintf(host, sizeof(host), "h%u.test", i);
		hear(l, host, "", &rows[7], i, &s);
	}
	assert_int_equal(learning_ledger(l, all, LEDGER_MAX, &counts), LEDGER_MAX);
	assert_int_equal(all[0].when, LEDGER_MAX + 2);
	assert_int_equal(all[LEDGER_MAX - 1].when, 3);
	assert_int_equal(counts.ignored, LEDGER_MAX + 3);
	learning_free(l);
	temporaries_free(t);
}

static void
what_does_not_fit_is_not_learned(void **state)
{
	struct temporaries *t = temporaries_new();
	struct learning *l = learning_new(t);
	struct learning_signal s = { .when = 0 };

	(void)state;
	for (unsigned i = 0; i <= TEMPORARIES_MAX; i++) {
		char host[20];

		snprintf(host, sizeof(host), "h%u.test", i);
		hear(l, host, "", &rows[0], 1, &s);
		assert_int_equal(s.code, i < TEMPORARIES_MAX ? LEARNING_AUTHORITATIVE : LEARNING_FULL);
	}
	learning_free(l);
	temporaries_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_client_that_says_so_teaches),
		cmocka_unit_test(the_domain_above_is_one_that_somebody_owns),
		cmocka_unit_test(it_is_learned_for_the_host_its_domain_and_the_process_and_for_so_long),
		cmocka_unit_test(what_taught_nothing_is_written_down_with_its_reason),
		cmocka_unit_test(the_ledger_keeps_the_newest),
		cmocka_unit_test(what_does_not_fit_is_not_learned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
