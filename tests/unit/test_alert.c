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
	{ { CAUSE_ALERT, 48, true, STAGE_HANDSHAKE, -1, NULL, "" }, "unknown_ca",
		"the client does not trust the certificate's authority (alert 48, unknown_ca);"
		" `soth ca` says how to trust soth's authority" },
	{ { CAUSE_ALERT, 46, true, STAGE_HANDSHAKE, -1, NULL, "" }, "cert_validation",
		"the client refused the certificate (alert 46, certificate_unknown);"
		" `soth ca` says how to trust soth's authority" },
	{ { CAUSE_ALERT, 116, false, STAGE_AFTER, -1, "a", "" }, "handshake",
		"the server requires a certificate of the client (alert 116, certificate_required):"
		" client-certs gives it one, as a=FILE.pem" },
	{ { CAUSE_ALERT, 40, false, STAGE_HANDSHAKE, -1, "a", "", .asked = true }, "handshake",
		"the server found nothing to agree on (alert 40, handshake_failure);"
		" it asks for a certificate: client-certs gives it one, as a=FILE.pem" },
	{ { CAUSE_ALERT, 45, false, STAGE_AFTER, -1, "a", "", .asked = true, .gave = "/k/a.pem" }, "cert_validation",
		"the server found the certificate expired (alert 45, certificate_expired);"
		" it was given the client certificate of /k/a.pem" },
	{ { CAUSE_ALERT, 70, false, STAGE_HANDSHAKE, -1, "a", "", .asked = true }, "handshake",
		"the server does not speak this version of TLS (alert 70, protocol_version);"
		" tls-version-server-min lets older ones" },
	{ { CAUSE_VERIFY, GNUTLS_CERT_SIGNER_NOT_FOUND, false, STAGE_HANDSHAKE, 48, "p", "", .proxy = true }, "unknown_ca",
		"the parent proxy's certificate is not accepted: its issuer is not trusted" },
	{ { CAUSE_ALERT, 112, false, STAGE_HANDSHAKE, -1, "a", "" }, "handshake",
		"the server does not know the name asked for (alert 112, unrecognized_name)" },
	{ { CAUSE_ALERT, 0, true, STAGE_HANDSHAKE, -1, NULL, "" }, "eof_or_reset",
		"the client closed the session (alert 0, close_notify)" },
	{ { CAUSE_ALERT, 200, true, STAGE_HANDSHAKE, -1, NULL, "" }, "handshake",
		"the client sent an alert (alert 200, unknown)" },
	{ { CAUSE_VERIFY, GNUTLS_CERT_INVALID | GNUTLS_CERT_EXPIRED, false, STAGE_HANDSHAKE, 42, "a", "" }, "cert_validation",
		"the server's certificate is not accepted: it has expired" },
	{ { CAUSE_VERIFY, GNUTLS_CERT_UNEXPECTED_OWNER | GNUTLS_CERT_SIGNER_NOT_FOUND, false, STAGE_HANDSHAKE, 48, "a.example", "" },
		"unknown_ca", "the server's certificate is not accepted: its issuer is not trusted,"
		" it is for another name than a.example" },
	{ { CAUSE_VERIFY, GNUTLS_CERT_INVALID, false, STAGE_HANDSHAKE, 42, "a", "" }, "cert_validation",
		"the server's certificate is not accepted: it is not valid" },
	{ { CAUSE_EOF, 0, true, STAGE_HANDSHAKE, -1, NULL, "" }, "eof_or_reset",
		"the client closed the connection during the TLS handshake" },
	{ { CAUSE_EOF, 0, true, STAGE_HANDSHAKE, -1, NULL, "", .shown = true }, "eof_or_reset",
		"the client closed the connection during the TLS handshake, behind the certificate: it may not accept it" },
	{ { CAUSE_EOF, 0, true, STAGE_AFTER, -1, NULL, "", .shown = true }, "eof_or_reset",
		"the client closed the connection right after the TLS handshake, and asked for nothing:"
		" it may not accept the certificate" },
	{ { CAUSE_BROKEN, FAIL_RESET, false, STAGE_HANDSHAKE, -1, "a", "reset by peer" }, "eof_or_reset",
		"the connection to the server failed during the TLS handshake: reset by peer" },
	{ { CAUSE_BROKEN, FAIL_TIMEOUT, true, STAGE_HANDSHAKE, -1, NULL, "" }, "timeout",
		"the connection to the client failed during the TLS handshake" },
	{ { CAUSE_BROKEN, FAIL_OTHER, true, STAGE_HANDSHAKE, -1, NULL, "" }, "other",
		"the connection to the client failed during the TLS handshake" },
	{ { CAUSE_ERROR, GNUTLS_E_NO_CIPHER_SUITES, true, STAGE_HANDSHAKE, 40, NULL, "" }, "handshake",
		"the client and soth have no cipher or group in common" },
	{ { CAUSE_ERROR, GNUTLS_E_UNSUPPORTED_VERSION_PACKET, false, STAGE_HANDSHAKE, 70, "a", "" }, "handshake",
		"the server speaks no version of TLS that soth may (tls-version-client-min, tls-version-server-min)" },
	{ { CAUSE_ERROR, GNUTLS_E_MEMORY_ERROR, false, STAGE_HANDSHAKE, 80, "a", "" }, "other", NULL },
	{ { CAUSE_ERROR, GNUTLS_E_PREMATURE_TERMINATION, false, STAGE_HANDSHAKE, -1, "a", "" }, "eof_or_reset", NULL },
};

static void
test_each_cause_has_its_reason_and_its_words(void **state)
{
	char words[FAILURE_WORDS_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_string_equal(tls_reason_name(failure_reason(&cases[i].f)), cases[i].reason);
		failure_words(&cases[i].f, words, sizeof(words));
		if (cases[i].words)
			assert_string_equal(words, cases[i].words);
		assert_true(strlen(words) > 10);
	}
}

static void
assert_field(const struct failure *f, const char *name, const char *value)
{
	struct failure_texts texts;
	struct field v[FAILURE_FIELDS];
	size_t n = failure_fields(f, &texts, v);
	struct bytes found = { 0 };

	assert_in_range(n, 1, FAILURE_FIELDS);
	for (size_t i = 0; i < n; i++)
		if (bytes_are(v[i].name, name))
			found = v[i].value;
	if (!bytes_are(found, value))
		fail_msg("%s is \"%.*s\", not \"%s\"", name, (int)found.len, (const char *)found.at, value);
}

static void
test_what_is_told_says_who_sent_the_alert(void **state)
{
	static const struct failure theirs = { CAUSE_ALERT, 48, true, STAGE_HANDSHAKE, -1, NULL, "" };
	static const struct failure ours = { CAUSE_VERIFY, GNUTLS_CERT_EXPIRED | GNUTLS_CERT_SIGNER_NOT_FOUND |
		GNUTLS_CERT_INVALID, false, STAGE_HANDSHAKE, 45, "a.example", "" };
	static const struct failure polite = { CAUSE_EOF, 0, true, STAGE_AFTER, -1, NULL, "", .farewell = true };
	static const struct failure none = { CAUSE_EOF, 0, false, STAGE_HANDSHAKE, -1, "a.example", "" };

	(void)state;
	assert_field(&theirs, "alert", "48");
	assert_field(&theirs, "alert_by", "client");
	assert_field(&theirs, "verify_status", "");
	assert_field(&theirs, "raw_provider_error",
		"GNUTLS_E_FATAL_ALERT_RECEIVED: A TLS fatal alert has been received. (48, unknown_ca)");
	assert_field(&ours, "alert_name", "certificate_expired");
	assert_field(&ours, "alert_by", "soth");
	assert_field(&ours, "verify_status", "signer_not_found,expired");
	assert_field(&none, "alert", "");
	assert_field(&none, "alert_by", "");
	assert_field(&none, "raw_provider_error", "end of stream");
	assert_field(&polite, "raw_provider_error", "close_notify");
	assert_field(&polite, "alert_name", "close_notify");
	assert_field(&polite, "alert_by", "client");
	assert_field(&polite, "source_confidence", "inferred");
}

static void
test_what_is_told_says_how_sure_it_is_and_when_it_was(void **state)
{
	static const struct failure said[] = {
		{ CAUSE_ALERT, 42, true, STAGE_AFTER, -1, NULL, "" },
		{ CAUSE_VERIFY, GNUTLS_CERT_EXPIRED, false, STAGE_HANDSHAKE, 45, "a", "" },
		{ CAUSE_ERROR, GNUTLS_E_NO_CIPHER_SUITES, true, STAGE_HANDSHAKE, 40, NULL, "" },
		{ CAUSE_HELLO, 0, true, STAGE_HANDSHAKE, 50, NULL, "it is too long" },
	}, guessed[] = {
		{ CAUSE_EOF, 0, true, STAGE_AFTER, -1, NULL, "" },
		{ CAUSE_BROKEN, FAIL_TIMEOUT, true, STAGE_HANDSHAKE, -1, NULL, "" },
		{ CAUSE_BROKEN, FAIL_RESET, false, STAGE_SESSION, -1, "a", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(said); i++)
		assert_field(&said[i], "source_confidence", "authoritative");
	for (size_t i = 0; i < ARRAY_LEN(guessed); i++)
		assert_field(&guessed[i], "source_confidence", "inferred");
	assert_field(&said[0], "tls_stage", "after_handshake");
	assert_field(&said[1], "tls_stage", "handshake");
	assert_field(&guessed[2], "tls_stage", "session");
}

/* Reasons: unknown_ca, cert_validation, handshake, timeout, eof_or_reset, other. */
static const struct { int code; char reason; } codes[] = {
	{ GNUTLS_E_UNSUPPORTED_VERSION_PACKET, 'h' }, { GNUTLS_E_UNEXPECTED_PACKET_LENGTH, 'h' },
	{ GNUTLS_E_INVALID_SESSION, 'h' }, { GNUTLS_E_UNEXPECTED_PACKET, 'h' }, { GNUTLS_E_ERROR_IN_FINISHED_PACKET, 'h' },
	{ GNUTLS_E_UNEXPECTED_HANDSHAKE_PACKET, 'h' }, { GNUTLS_E_DECRYPTION_FAILED, 'h' },
	{ GNUTLS_E_DECOMPRESSION_FAILED, 'h' }, { GNUTLS_E_COMPRESSION_FAILED, 'h' }, { GNUTLS_E_EXPIRED, 'h' },
	{ GNUTLS_E_INSUFFICIENT_CREDENTIALS, 'h' }, { GNUTLS_E_HASH_FAILED, 'h' }, { GNUTLS_E_REHANDSHAKE, 'h' },
	{ GNUTLS_E_GOT_APPLICATION_DATA, 'h' }, { GNUTLS_E_RECORD_LIMIT_REACHED, 'h' }, { GNUTLS_E_ENCRYPTION_FAILED, 'h' },
	{ GNUTLS_E_PK_ENCRYPTION_FAILED, 'h' }, { GNUTLS_E_PK_DECRYPTION_FAILED, 'h' }, { GNUTLS_E_PK_SIGN_FAILED, 'h' },
	{ GNUTLS_E_RECEIVED_ILLEGAL_PARAMETER, 'h' }, { GNUTLS_E_RECEIVED_ILLEGAL_EXTENSION, 'h' },
	{ GNUTLS_E_DH_PRIME_UNACCEPTABLE, 'h' }, { GNUTLS_E_TOO_MANY_EMPTY_PACKETS, 'h' },
	{ GNUTLS_E_UNKNOWN_PK_ALGORITHM, 'h' }, { GNUTLS_E_TOO_MANY_HANDSHAKE_PACKETS, 'h' },
	{ GNUTLS_E_RECEIVED_DISALLOWED_NAME, 'h' }, { GNUTLS_E_NO_TEMPORARY_RSA_PARAMS, 'h' },
	{ GNUTLS_E_NO_COMPRESSION_ALGORITHMS, 'h' }, { GNUTLS_E_NO_CIPHER_SUITES, 'h' },
	{ GNUTLS_E_PK_SIG_VERIFY_FAILED, 'h' }, { GNUTLS_E_NO_TEMPORARY_DH_PARAMS, 'h' }, { GNUTLS_E_UNKNOWN_HASH_ALGORITHM, 'h' },
	{ GNUTLS_E_UNKNOWN_ALGORITHM, 'h' }, { GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM, 'h' },
	{ GNUTLS_E_SAFE_RENEGOTIATION_FAILED, 'h' }, { GNUTLS_E_UNSAFE_RENEGOTIATION_DENIED, 'h' },
	{ GNUTLS_E_CERTIFICATE_REQUIRED, 'h' }, { GNUTLS_E_HANDSHAKE_TOO_LARGE, 'h' }, { GNUTLS_E_INSUFFICIENT_SECURITY, 'h' },
	{ GNUTLS_E_UNRECOGNIZED_NAME, 'h' }, { GNUTLS_E_PARSING_ERROR, 'h' }, { GNUTLS_E_ECC_NO_SUPPORTED_CURVES, 'h' },
	{ GNUTLS_E_ECC_UNSUPPORTED_CURVE, 'h' }, { GNUTLS_E_ILLEGAL_PARAMETER, 'h' }, { GNUTLS_E_AUTH_ERROR, 'h' },
	{ GNUTLS_E_NO_APPLICATION_PROTOCOL, 'h' }, { GNUTLS_E_INAPPROPRIATE_FALLBACK, 'h' },
	{ GNUTLS_E_UNEXPECTED_EXTENSIONS_LENGTH, 'h' }, { GNUTLS_E_RECORD_OVERFLOW, 'h' },
	{ GNUTLS_E_INCOMPATIBLE_SIG_WITH_KEY, 'h' }, { GNUTLS_E_PK_INVALID_PUBKEY_PARAMS, 'h' },
	{ GNUTLS_E_NO_COMMON_KEY_SHARE, 'h' }, { GNUTLS_E_REAUTH_REQUEST, 'h' }, { GNUTLS_E_MISSING_EXTENSION, 'h' },
	{ GNUTLS_E_EARLY_DATA_REJECTED, 'h' },
	{ GNUTLS_E_CERTIFICATE_ERROR, 'c' }, { GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR, 'c' },
	{ GNUTLS_E_X509_UNSUPPORTED_CRITICAL_EXTENSION, 'c' }, { GNUTLS_E_KEY_USAGE_VIOLATION, 'c' },
	{ GNUTLS_E_NO_CERTIFICATE_FOUND, 'c' }, { GNUTLS_E_CERTIFICATE_KEY_MISMATCH, 'c' },
	{ GNUTLS_E_UNSUPPORTED_CERTIFICATE_TYPE, 'c' }, { GNUTLS_E_X509_UNKNOWN_SAN, 'c' }, { GNUTLS_E_ASN1_DER_ERROR, 'c' },
	{ GNUTLS_E_ASN1_TAG_ERROR, 'c' }, { GNUTLS_E_ASN1_DER_OVERFLOW, 'c' }, { GNUTLS_E_CONSTRAINT_ERROR, 'c' },
	{ GNUTLS_E_CERTIFICATE_LIST_UNSORTED, 'c' }, { GNUTLS_E_NO_CERTIFICATE_STATUS, 'c' },
	{ GNUTLS_E_OCSP_RESPONSE_ERROR, 'c' }, { GNUTLS_E_OCSP_MISMATCH_WITH_CERTS, 'c' },
	{ GNUTLS_E_SESSION_USER_ID_CHANGED, 'c' }, { GNUTLS_E_CERTIFICATE_TIME_ERROR, 'c' }, { GNUTLS_E_ASN1_TIME_ERROR, 'c' },
	{ GNUTLS_E_CRL_VERIFICATION_ERROR, 'c' }, { GNUTLS_E_X509_DUPLICATE_EXTENSION, 'c' },
	{ GNUTLS_E_PREMATURE_TERMINATION, 'e' }, { GNUTLS_E_SESSION_EOF, 'e' }, { GNUTLS_E_TIMEDOUT, 't' },
	{ GNUTLS_E_MEMORY_ERROR, 'o' }, { GNUTLS_E_INTERNAL_ERROR, 'o' }, { GNUTLS_E_PUSH_ERROR, 'o' },
	{ GNUTLS_E_PULL_ERROR, 'o' }, { GNUTLS_E_RANDOM_FAILED, 'o' }, { GNUTLS_E_INVALID_REQUEST, 'o' },
};

static void
test_each_code_of_the_library_has_its_reason(void **state)
{
	char words[FAILURE_WORDS_MAX];

	(void)state;
	assert_true(ARRAY_LEN(codes) > 80);
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		struct failure f = { CAUSE_ERROR, codes[i].code, true, STAGE_HANDSHAKE, -1, NULL, "" };
		const char *reason = tls_reason_name(failure_reason(&f));

		if (*reason != codes[i].reason)
			fail_msg("%s: %s", gnutls_strerror_name(codes[i].code), reason);
		failure_words(&f, words, sizeof(words));
		assert_non_null(strstr(words, "client"));
	}
}

/* Those that GnuTLS has besides have the reason that their words tell, and are not "other". */
static void
test_no_code_that_is_not_known_is_other(void **state)
{
	(void)state;
	for (int code = -1; code > -500; code--) {
		struct failure f = { CAUSE_ERROR, code, false, STAGE_HANDSHAKE, -1, "a", "" };
		bool known = false;

		for (size_t i = 0; i < ARRAY_LEN(codes); i++)
			known = known || codes[i].code == code;
		if (!known && gnutls_strerror_name(code) && failure_reason(&f) == TLS_OTHER)
			switch (code) {
			case GNUTLS_E_SHORT_MEMORY_BUFFER:
			case GNUTLS_E_NO_PRIORITIES_WERE_SET:
			case GNUTLS_E_LOCKING_ERROR:
			case GNUTLS_E_RANDOM_DEVICE_ERROR:
			case GNUTLS_E_LIB_IN_ERROR_STATE:
			case GNUTLS_E_DB_ERROR:
				break;
			default:
				fail_msg("%s", gnutls_strerror_name(code));
			}
	}
}

static const struct { int code; const char *name; char reason; } known[] = {
	{ 0, "close_notify", 'e' }, { 10, "unexpected_message", 'h' }, { 20, "bad_record_mac", 'h' },
	{ 21, "decryption_failed", 'h' }, { 22, "record_overflow", 'h' }, { 30, "decompression_failure", 'h' },
	{ 40, "handshake_failure", 'h' }, { 41, "no_certificate", 'h' }, { 42, "bad_certificate", 'c' },
	{ 43, "unsupported_certificate", 'c' }, { 44, "certificate_revoked", 'c' }, { 45, "certificate_expired", 'c' },
	{ 46, "certificate_unknown", 'c' }, { 47, "illegal_parameter", 'h' }, { 48, "unknown_ca", 'u' },
	{ 49, "access_denied", 'h' }, { 50, "decode_error", 'h' }, { 51, "decrypt_error", 'h' },
	{ 52, "too_many_cids_requested", 'h' }, { 60, "export_restriction", 'h' }, { 70, "protocol_version", 'h' },
	{ 71, "insufficient_security", 'h' }, { 80, "internal_error", 'h' }, { 86, "inappropriate_fallback", 'h' },
	{ 90, "user_canceled", 'h' }, { 100, "no_renegotiation", 'h' }, { 109, "missing_extension", 'h' },
	{ 110, "unsupported_extension", 'h' }, { 111, "certificate_unobtainable", 'c' }, { 112, "unrecognized_name", 'h' },
	{ 113, "bad_certificate_status_response", 'c' }, { 114, "bad_certificate_hash_value", 'c' },
	{ 115, "unknown_psk_identity", 'h' }, { 116, "certificate_required", 'h' }, { 117, "general_error", 'h' },
	{ 120, "no_application_protocol", 'h' }, { 121, "ech_required", 'h' },
};

static void
test_each_alert_there_is_has_its_name_and_reason(void **state)
{
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		struct failure f = { CAUSE_ALERT, known[i].code, true, STAGE_HANDSHAKE, -1, NULL, "" };

		assert_string_equal(alert_name(known[i].code), known[i].name);
		assert_int_equal(*tls_reason_name(failure_reason(&f)), known[i].reason);
	}
	for (int code = 0; code < 256; code++)
		count += strcmp(alert_name(code), "unknown") != 0;
	assert_int_equal(count, ARRAY_LEN(known));
}

/* Where there is no number, words decide: the first that fits, whatever comes behind it. */
static void
test_what_has_no_number_is_told_by_its_words(void **state)
{
	static const struct { const char *said; char reason; } words[] = {
		{ "unknown CA in certificate", 'u' }, { "certificate issuer is not there", 'u' },
		{ "the operation timed out: certificate", 't' }, { "connection reset by peer", 'e' }, { "Broken pipe", 'e' },
		{ "unexpected EOF in handshake", 'e' }, { "bad certificate", 'c' }, { "handshake went wrong", 'h' },
		{ "tls went wrong", 'h' }, { "something else", 'o' }, { "", 'o' },
		/* As mitmproxy says it. */
		{ "The client does not trust the proxy's certificate for a.test (OpenSSL Error([('SSL routines', '', "
			"'tlsv1 alert unknown ca')]))", 'u' },
		{ "Certificate verify failed: unable to get local issuer certificate", 'u' },
		{ "Certificate verify failed: self-signed certificate in certificate chain", 'u' },
		{ "Certificate verify failed: certificate has expired", 'c' }, { "Certificate verify failed: hostname mismatch", 'c' },
		{ "The client disconnected during the handshake. If this happens consistently for a.test, this may indicate "
			"that the client does not trust the proxy's certificate.", 'u' },
		{ "Client and mitmproxy cannot agree on a TLS version to use. You may need to adjust mitmproxy's "
			"tls_version_client_min option.", 'h' },
		{ "The remote server does not speak TLS.", 'h' }, { "server closed connection", 'e' },
		{ "OpenSSL Error([('SSL routines', '', 'sslv3 alert handshake failure')])", 'h' },
		{ "connect ETIMEDOUT: Connection timed out", 't' }, { "Connection reset by peer", 'e' },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct failure f = { CAUSE_BROKEN, FAIL_OTHER, true, STAGE_HANDSHAKE, -1, NULL, words[i].said };

		assert_int_equal(*tls_reason_name(failure_reason(&f)), words[i].reason);
	}
}

static void
test_reasons_are_found_by_their_names(void **state)
{
	(void)state;
	for (unsigned i = 0; i < TLS_REASON_COUNT; i++)
		assert_int_equal(tls_reason_of(bytes_of(tls_reason_name(i))), i);
	assert_int_equal(tls_reason_of(LIT("")), TLS_OTHER);
	assert_string_equal(tls_reason_name(TLS_REASON_COUNT), "?");
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
		cmocka_unit_test(test_what_is_told_says_who_sent_the_alert),
		cmocka_unit_test(test_what_is_told_says_how_sure_it_is_and_when_it_was),
		cmocka_unit_test(test_each_code_of_the_library_has_its_reason),
		cmocka_unit_test(test_no_code_that_is_not_known_is_other),
		cmocka_unit_test(test_each_alert_there_is_has_its_name_and_reason),
		cmocka_unit_test(test_what_has_no_number_is_told_by_its_words),
		cmocka_unit_test(test_reasons_are_found_by_their_names),
		cmocka_unit_test(test_an_alert_is_found_in_a_stream_cut_anywhere),
		cmocka_unit_test(test_an_encrypted_alert_is_none),
		cmocka_unit_test(test_names_are_gnutls_s_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
