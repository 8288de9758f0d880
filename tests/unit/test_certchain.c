/* Which link of a chain of certificates is wrong, and times in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "soth/certchain.h"

#define NOW 1795531700
#define DAY 86400

static void
wrong_is(struct certlink *chain, size_t count, size_t i, bool untrusted, const char *want)
{
	char got[CERTCHAIN_WORDS];
	bool is = certchain_wrong(chain, count, i, untrusted, NOW, got);

	assert_string_equal(got, want);
	assert_int_equal(is, *want != 0);
}

static void
each_fault_is_said_of_its_own_link(void **state)
{
	struct certlink good = { .from = NOW - DAY, .until = NOW + DAY, .fits = true, .by_next = true };
	struct certlink root = { .from = NOW - DAY, .until = NOW + DAY, .authority = true, .self_signed = true };
	struct certlink chain[3] = { good, { .from = NOW - DAY, .until = NOW + DAY, .authority = true, .by_next = true }, root };

	(void)state;
	for (size_t i = 0; i < 3; i++)
		wrong_is(chain, 3, i, false, "");
	wrong_is(chain, 3, 2, true, "not trusted");
	wrong_is(chain, 2, 1, true, "its issuer is not known");
	wrong_is(chain, 1, 0, true, "its issuer is not known, and was not sent");
	chain[1].until = NOW - 3 * DAY;
	wrong_is(chain, 3, 1, false, "expired 3 days ago");
	wrong_is(chain, 3, 0, false, "");
	chain[0].fits = false;
	chain[0].from = NOW + 2 * 3600;
	wrong_is(chain, 3, 0, false, "not valid yet, only in 2 hours; for another name");
	chain[0] = good;
	chain[0].by_next = false;
	wrong_is(chain, 3, 0, false, "not signed by the next one");
	chain[0].claims_next = true;
	wrong_is(chain, 3, 0, false, "not signed by the next one, though it says so");
	chain[2].authority = false;
	wrong_is(chain, 3, 2, false, "may not sign others");
	chain[2].weak = true;		/* nobody asks a root for its signature */
	wrong_is(chain, 3, 2, false, "may not sign others");
	chain[0] = good;
	chain[0].weak = true;
	strcpy(chain[0].signature, "RSA-SHA1");
	wrong_is(chain, 3, 0, false, "signed by RSA-SHA1, which is no longer safe");
	root.fits = true;
	wrong_is(&root, 1, 0, true, "signed by itself");
	wrong_is(&root, 1, 0, false, "");
}

static void
a_span_is_told_in_the_largest_unit_of_which_there_is_one(void **state)
{
	static const struct { int64_t when; const char *want; } spans[] = {
		{ NOW, "in 0 seconds" }, { NOW - 1, "1 second ago" }, { NOW - 59, "59 seconds ago" }, { NOW + 60, "in 1 minute" },
		{ NOW + 7199, "in 1 hour" }, { NOW - 3 * DAY, "3 days ago" }, { NOW + 400 * DAY, "in 400 days" }, { NOW - 800 * DAY, "2 years ago" },
		{ INT64_C(9223372036854775807) / 4, "in 73117802112 years" },
	};
	char got[SPAN_WORDS];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(spans); i++)
		assert_string_equal(span_words(spans[i].when, NOW, got), spans[i].want);
}

static void
what_is_no_certificate_ends_the_chain(void **state)
{
	struct bytes der[] = { LIT("\x30\x03\x02\x01\x01"), { NULL, 0 }, LIT("not a certificate") };
	struct certlink out[CERTCHAIN_MAX];

	(void)state;
	assert_int_equal(certchain_read(der, 3, "a.example", out), 0);
	assert_int_equal(certchain_read(der, 0, "a.example", out), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_is_said_of_its_own_link),
		cmocka_unit_test(a_span_is_told_in_the_largest_unit_of_which_there_is_one),
		cmocka_unit_test(what_is_no_certificate_ends_the_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
