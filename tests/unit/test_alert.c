#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <gnutls/gnutls.h>
#include <string.h>

#include "../../src/proto/alert.h"

static const struct {
	struct failure f;
	const char *reason, *words;
} cases[] = {
	{ { CAUSE_ALERT, 48, true, false, -1, NULL, "" }, "unknown_ca",
		"the client does not trust the certificate's authority (alert 48, unknown_ca);"
		" `soth ca` says how to trust soth's authority" },
	{ { CAUSE_ALERT, 46, true, false, -1, NULL, "" }, "cert_validation",
		"the client refused the certificate (alert 46, certificate_unknown);"
		" `soth ca` says how to trust soth's authority" },
	{ { CAUSE_ALERT, 116, false, true, -1, "a", "" }, "handshake",
		"the server requires a certificate of the client (alert 116, certificate_required); soth has none to give" },
	{ { CAUSE_ALERT, 112, false, false, -1, "a", "" }, "handshake",
		"the server does not know the name asked for (alert 112, unrecognized_name)" },
	{ { CAUSE_ALERT, 0, true, false, -1, NULL, "" }, "eof_or_reset",
		"the client closed the session (alert 0, close_notify)" },
	{ { CAUSE_ALERT, 200, true, false, -1, NULL, "" }, "handshake",
		"the client sent an alert (alert 200, unknown)" },
	{ { CAUSE_VERIFY, GNUTLS_CERT_INVALID | GNUTLS_CERT_EXPIRED, false, false, 42, "a", "" }, "cert_validation",
		"the server's certificate is not accepted: it has expired" },
	{ { CAUSE_VERIFY, GNUTLS_CERT_UNEXPECTED_OWNER | GNUTLS_CERT_SIGNER_NOT_FOUND, false, false, 48, "a.example", "" },
		"unknown_ca", "the server's certificate is not accepted: its issuer is not trusted,"
		" it is for another name than a.example" },
	{ { CAUSE_VERIFY, GNUTLS_CERT_INVALID, false, false, 42, "a", "" }, "cert_validation",
		"the server's certificate is not accepted: it is not valid" },
	{ { CAUSE_EOF, 0, true, false, -1, NULL, "" }, "eof_or_reset",
		"the client closed the connection during the TLS handshake" },
	{ { CAUSE_BROKEN, FAIL_RESET, false, false, -1, "a", "reset by peer" }, "eof_or_reset",
		"the connection to the server failed during the TLS handshake: reset by peer" },
	{ { CAUSE_BROKEN, FAIL_TIMEOUT, true, false, -1, NULL, "" }, "timeout",
		"the connection to the client failed during the TLS handshake" },
	{ { CAUSE_BROKEN, FAIL_OTHER, true, false, -1, NULL, "" }, "other",
		"the connection to the client failed during the TLS handshake" },
	{ { CAUSE_ERROR, GNUTLS_E_NO_CIPHER_SUITES, true, false, 40, NULL, "" }, "handshake",
		"the client and soth have no cipher or group in common" },
	{ { CAUSE_ERROR, GNUTLS_E_UNSUPPORTED_VERSION_PACKET, false, false, 70, "a", "" }, "handshake",
		"the server speaks no version of TLS that soth does (1.2, 1.3)" },
	{ { CAUSE_ERROR, GNUTLS_E_MEMORY_ERROR, false, false, 80, "a", "" }, "other", NULL },
	{ { CAUSE_ERROR, GNUTLS_E_PREMATURE_TERMINATION, false, false, -1, "a", "" }, "eof_or_reset", NULL },
};

static void
test_each_cause_has_its_reason_and_its_words(void **state)
{
	char words[FAILURE_WORDS_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_string_equal(failure_reason(&cases[i].f), cases[i].reason);
		failure_words(&cases[i].f, words, sizeof(words));
		if (cases[i].words)
			assert_string_equal(words, cases[i].words);
		assert_true(strlen(words) > 10);
	}
}

static void
assert_field(const struct step *s, const char *name, const char *value)
{
	assert_true(bytes_are(step_find(s, name), value));
}

static void
test_a_step_says_who_sent_the_alert(void **state)
{
	static const struct failure theirs = { CAUSE_ALERT, 48, true, false, -1, NULL, "" };
	static const struct failure ours = { CAUSE_VERIFY, GNUTLS_CERT_EXPIRED, false, false, 45, "a.example", "" };
	static const struct failure none = { CAUSE_EOF, 0, false, false, -1, "a.example", "" };
	struct step *s = failure_step(&theirs, LIT("b.example"));

	(void)state;
	assert_field(s, "peer", "downstream");
	assert_field(s, "sni", "b.example");
	assert_field(s, "alert", "48");
	assert_field(s, "alert_by", "client");
	assert_field(s, "raw_provider_error", "GNUTLS_E_FATAL_ALERT_RECEIVED");
	step_drop(s);
	s = failure_step(&ours, LIT("a.example"));
	assert_field(s, "peer", "upstream");
	assert_field(s, "alert_name", "certificate_expired");
	assert_field(s, "alert_by", "soth");
	step_drop(s);
	s = failure_step(&none, LIT("a.example"));
	assert_field(s, "alert", "");
	assert_field(s, "alert_by", "");
	step_drop(s);
}

/* A hello, change cipher spec and then the alert, among encrypted records. */
static const uint8_t stream[] = {
	22, 3, 1, 0, 7, 1, 0, 0, 3, 21, 3, 3,	/* what looks like an alert inside is none */
	20, 3, 3, 0, 1, 1,
	23, 3, 3, 0, 3, 21, 3, 3,
	21, 3, 3, 0, 2, 2, 48,
};

static void
test_an_alert_is_found_in_a_stream_cut_anywhere(void **state)
{
	(void)state;
	for (size_t cut = 0; cut < sizeof(stream); cut++) {
		struct sniffer s = { .have = 0 };

		assert_int_equal(sniff_alert(&s, (struct bytes){ stream, cut }), -1);
		assert_int_equal(sniff_alert(&s, (struct bytes){ stream + cut, sizeof(stream) - cut }), 48);
	}
}

static void
test_an_encrypted_alert_is_none(void **state)
{
	static const uint8_t sealed[] = { 21, 3, 3, 0, 26, 2, 48, 0, 0 };
	struct sniffer s = { .have = 0 };

	(void)state;
	assert_int_equal(sniff_alert(&s, (struct bytes){ sealed, sizeof(sealed) }), -1);
}

static void
test_names_are_gnutls_s_numbers(void **state)
{
	(void)state;
	assert_string_equal(alert_name(GNUTLS_A_UNKNOWN_CA), "unknown_ca");
	assert_string_equal(alert_name(GNUTLS_A_CERTIFICATE_REQUIRED), "certificate_required");
	assert_string_equal(alert_name(GNUTLS_A_NO_APPLICATION_PROTOCOL), "no_application_protocol");
	assert_string_equal(alert_name(-1), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_cause_has_its_reason_and_its_words),
		cmocka_unit_test(test_a_step_says_who_sent_the_alert),
		cmocka_unit_test(test_an_alert_is_found_in_a_stream_cut_anywhere),
		cmocka_unit_test(test_an_encrypted_alert_is_none),
		cmocka_unit_test(test_names_are_gnutls_s_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
