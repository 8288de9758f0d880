/* Why TLS failed: a situation a line, and what a person would say of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "soth/explain.h"

#define NOW 1795531700000000ull

/* A line that failed, what is known of others, and what is the likeliest explanation. */
struct situation {
	const char *about;
	struct handshakes line;
	struct story others;
	const char *name;
	enum sure sure;
	enum remedy remedy;
};

#define CLIENTS(reason_, alert_, by_, ...) { .side = CLIENT, .host = "a.example", .failures = 1, .last_failed = NOW - 1000000, \
	.reason = reason_, .alert = alert_, .alert_by = by_, __VA_ARGS__ }
#define SERVERS(reason_, alert_, by_, ...) { .side = SERVER, .host = "a.example", .port = 443, .failures = 1, \
	.last_failed = NOW - 1000000, .reason = reason_, .alert = alert_, .alert_by = by_, __VA_ARGS__ }
#define OTHERS(...) { .now = NOW, __VA_ARGS__ }

static const struct situation situations[] = {
	{ "curl without --cacert", CLIENTS(TLS_UNKNOWN_CA, 48, ALERT_BY_CLIENT, .number = 1), OTHERS(), "untrusted", SURE_CERTAIN, REMEDY_TRUST },
	{ "it refuses every host", CLIENTS(TLS_UNKNOWN_CA, 48, ALERT_BY_CLIENT, .number = 1), OTHERS(.refused = 5), "untrusted", SURE_CERTAIN, REMEDY_TRUST },
	{ "Go refuses every host", CLIENTS(TLS_CERT_VALIDATION, 42, ALERT_BY_CLIENT, .number = 1), OTHERS(.refused = 2), "untrusted", SURE_LIKELY, REMEDY_TRUST },
	{ "Java refuses every host", CLIENTS(TLS_CERT_VALIDATION, 46, ALERT_BY_CLIENT, .number = 1), OTHERS(), "untrusted", SURE_LIKELY, REMEDY_TRUST },
	{ "the system trusts us, Firefox does not", CLIENTS(TLS_UNKNOWN_CA, 48, ALERT_BY_CLIENT, .number = 1), OTHERS(.others_here = 1), "own store",
		SURE_CERTAIN, REMEDY_TRUST },
	{ "... by what others do elsewhere", CLIENTS(TLS_CERT_VALIDATION, 46, ALERT_BY_CLIENT, .number = 1), OTHERS(.others_anywhere = 3), "own store",
		SURE_CERTAIN, REMEDY_TRUST },
	{ "it hangs up where others get through", CLIENTS(TLS_EOF_OR_RESET, -1, ALERT_BY_NOBODY, .number = 1), OTHERS(.others_here = 2, .refused = 1), "own store",
		SURE_LIKELY, REMEDY_TRUST },
	{ "a bank's app refuses its own host alone", CLIENTS(TLS_CERT_VALIDATION, 46, ALERT_BY_CLIENT, .number = 1), OTHERS(.accepted = 9), "pinned",
		SURE_CERTAIN, REMEDY_TUNNEL },
	{ "... says unknown_ca", CLIENTS(TLS_UNKNOWN_CA, 48, ALERT_BY_CLIENT, .number = 1), OTHERS(.accepted = 3, .refused = 1), "pinned", SURE_CERTAIN, REMEDY_TUNNEL },
	{ "... hangs up", CLIENTS(TLS_EOF_OR_RESET, -1, ALERT_BY_NOBODY, .number = 1), OTHERS(.accepted = 4), "pinned", SURE_LIKELY, REMEDY_TUNNEL },
	{ "... and others get through to it", CLIENTS(TLS_CERT_VALIDATION, 42, ALERT_BY_CLIENT, .number = 1), OTHERS(.accepted = 4, .others_here = 2), "pinned",
		SURE_CERTAIN, REMEDY_TUNNEL },
	{ "it refuses more than it accepts", CLIENTS(TLS_UNKNOWN_CA, 48, ALERT_BY_CLIENT, .number = 1), OTHERS(.accepted = 1, .refused = 7), "pinned", SURE_LIKELY,
		REMEDY_TUNNEL },
	{ "it trusted us before", CLIENTS(TLS_UNKNOWN_CA, 48, ALERT_BY_CLIENT, .successes = 4, .before = 4), OTHERS(.accepted = 2), "changed", SURE_LIKELY,
		REMEDY_TRUST },
	{ "it trusts us on another port of this host", CLIENTS(TLS_UNKNOWN_CA, 48, ALERT_BY_CLIENT, .port = 8443), OTHERS(.accepted_here = 1, .accepted = 3), "changed",
		SURE_LIKELY, REMEDY_TRUST },
	{ "our certificate has expired", CLIENTS(TLS_CERT_VALIDATION, 45, ALERT_BY_CLIENT, .number = 1), OTHERS(), "certificate", SURE_CERTAIN, REMEDY_CLOCK },
	{ "Windows cannot ask whether it is revoked", CLIENTS(TLS_CERT_VALIDATION, 44, ALERT_BY_CLIENT, .number = 1), OTHERS(), "certificate", SURE_CERTAIN,
		REMEDY_CLOCK },
	{ "it wants an OCSP answer", CLIENTS(TLS_CERT_VALIDATION, 113, ALERT_BY_CLIENT, .number = 1), OTHERS(), "certificate", SURE_CERTAIN, REMEDY_CLOCK },
	{ "openssl s_client -tls1", CLIENTS(TLS_HANDSHAKE, 70, ALERT_BY_SOTH, .raw = "GNUTLS_E_UNSUPPORTED_VERSION_PACKET"), OTHERS(), "old client",
		SURE_CERTAIN, REMEDY_OLD_CLIENT },
	{ "it offers TLS 1.1 at most", CLIENTS(TLS_HANDSHAKE, -1, ALERT_BY_NOBODY, .versions = "TLS1.1,TLS1.0"), OTHERS(), "old client", SURE_CERTAIN, REMEDY_OLD_CLIENT },
	{ "it refuses our version", CLIENTS(TLS_HANDSHAKE, 70, ALERT_BY_CLIENT, .versions = "TLS1.3,TLS1.2"), OTHERS(), "version", SURE_LIKELY, REMEDY_TUNNEL },
	{ "only ciphers that are not safe", CLIENTS(TLS_HANDSHAKE, 40, ALERT_BY_SOTH, .raw = "GNUTLS_E_NO_CIPHER_SUITES: No supported cipher suites",
		.versions = "TLS1.2"), OTHERS(), "no cipher", SURE_CERTAIN, REMEDY_TUNNEL },
	{ "no protocol in common", CLIENTS(TLS_HANDSHAKE, 120, ALERT_BY_SOTH, .alpn = "acme-tls/1"), OTHERS(), "ALPN", SURE_CERTAIN, REMEDY_HTTP1 },
	{ "no TLS after all", CLIENTS(TLS_HANDSHAKE, -1, ALERT_BY_NOBODY, .raw = "GNUTLS_E_UNEXPECTED_PACKET_LENGTH"), OTHERS(), "no TLS", SURE_LIKELY, REMEDY_TUNNEL },
	{ "it hung", CLIENTS(TLS_TIMEOUT, -1, ALERT_BY_NOBODY, .number = 1), OTHERS(), "timeout", SURE_CERTAIN, REMEDY_TUNNEL },
	{ "a page was left", CLIENTS(TLS_EOF_OR_RESET, -1, ALERT_BY_NOBODY, .successes = 5, .before = 5), OTHERS(.accepted = 2), "gave up", SURE_LIKELY, REMEDY_NONE },
	{ "it left before it was answered", CLIENTS(TLS_EOF_OR_RESET, -1, ALERT_BY_NOBODY, .early = true), OTHERS(.others_here = 2), "gave up",
		SURE_POSSIBLE, REMEDY_NONE },
	{ "it took leave behind the handshake", CLIENTS(TLS_EOF_OR_RESET, 0, ALERT_BY_CLIENT, .late = true), OTHERS(), "untrusted", SURE_POSSIBLE, REMEDY_TRUST },
	{ "it cancelled", CLIENTS(TLS_HANDSHAKE, 90, ALERT_BY_CLIENT, .successes = 1), OTHERS(.accepted = 1), "gave up", SURE_LIKELY, REMEDY_NONE },
	{ "it went on over QUIC", CLIENTS(TLS_EOF_OR_RESET, -1, ALERT_BY_NOBODY, .successes = 1, .quic = NOW), OTHERS(.accepted = 1), "QUIC", SURE_LIKELY, REMEDY_NO_HTTP3 },
	{ "a record was damaged", CLIENTS(TLS_HANDSHAKE, 20, ALERT_BY_CLIENT, .number = 1), OTHERS(), "damaged", SURE_LIKELY, REMEDY_TUNNEL },
	{ "it had an error of its own", CLIENTS(TLS_HANDSHAKE, 80, ALERT_BY_CLIENT, .number = 1), OTHERS(), "internal", SURE_LIKELY, REMEDY_TUNNEL },
	{ "something new", CLIENTS(TLS_HANDSHAKE, 109, ALERT_BY_CLIENT, .versions = "TLS1.3"), OTHERS(), "unclear", SURE_POSSIBLE, REMEDY_TUNNEL },

	{ "expired", SERVERS(TLS_CERT_VALIDATION, 46, ALERT_BY_SOTH, .verify = "expired"), OTHERS(), "expired", SURE_CERTAIN, REMEDY_INSECURE },
	{ "expired, of a session that has words alone", SERVERS(TLS_CERT_VALIDATION, -1, ALERT_BY_NOBODY,
		.detail = "the server's certificate is not accepted: it has expired"), OTHERS(), "expired", SURE_CERTAIN, REMEDY_INSECURE },
	{ "not yet valid", SERVERS(TLS_CERT_VALIDATION, 46, ALERT_BY_SOTH, .verify = "not_activated"), OTHERS(), "not yet valid", SURE_CERTAIN, REMEDY_CLOCK },
	{ "another name", SERVERS(TLS_CERT_VALIDATION, 46, ALERT_BY_SOTH, .verify = "unexpected_owner", .names = "b.example"), OTHERS(), "wrong name",
		SURE_CERTAIN, REMEDY_INSECURE },
	{ "revoked", SERVERS(TLS_CERT_VALIDATION, 46, ALERT_BY_SOTH, .verify = "revoked"), OTHERS(), "revoked", SURE_CERTAIN, REMEDY_BLOCK },
	{ "self-signed", SERVERS(TLS_UNKNOWN_CA, 48, ALERT_BY_SOTH, .verify = "signer_not_found", .subject = "CN=a", .issuer = "CN=a", .shown = 1),
		OTHERS(), "self-signed", SURE_CERTAIN, REMEDY_INSECURE },
	{ "what is known of it was shown in another handshake", SERVERS(TLS_UNKNOWN_CA, 48, ALERT_BY_SOTH, .verify = "signer_not_found", .subject = "CN=a",
		.issuer = "CN=a", .shown = 2, .shown_in = 1, .failed_in = 2), OTHERS(.trusted = 4), "unknown CA", SURE_LIKELY, REMEDY_AUTHORITY },
	{ "a company's authority", SERVERS(TLS_UNKNOWN_CA, 48, ALERT_BY_SOTH, .verify = "signer_not_found", .subject = "CN=a", .issuer = "CN=b", .shown = 3),
		OTHERS(.trusted = 4), "unknown CA", SURE_LIKELY, REMEDY_AUTHORITY },
	{ "the one between is missing", SERVERS(TLS_UNKNOWN_CA, 48, ALERT_BY_SOTH, .verify = "signer_not_found", .subject = "CN=a", .issuer = "CN=b",
		.shown = 1), OTHERS(.trusted = 4), "incomplete", SURE_LIKELY, REMEDY_INSECURE },
	{ "soth trusts nobody", SERVERS(TLS_UNKNOWN_CA, 48, ALERT_BY_SOTH, .verify = "signer_not_found", .subject = "CN=a", .issuer = "CN=b", .shown = 3),
		OTHERS(.untrusted = 6), "no authorities", SURE_CERTAIN, REMEDY_AUTHORITY },
	{ "self-signed and expired", SERVERS(TLS_UNKNOWN_CA, 48, ALERT_BY_SOTH, .verify = "signer_not_found,expired", .subject = "CN=a", .issuer = "CN=a"),
		OTHERS(), "self-signed", SURE_CERTAIN, REMEDY_INSECURE },
	{ "no OCSP answer", SERVERS(TLS_CERT_VALIDATION, 46, ALERT_BY_SOTH, .verify = "missing_ocsp_status"), OTHERS(), "OCSP", SURE_CERTAIN, REMEDY_INSECURE },
	{ "signed with SHA-1", SERVERS(TLS_CERT_VALIDATION, 46, ALERT_BY_SOTH, .verify = "insecure_algorithm"), OTHERS(), "weak", SURE_CERTAIN,
		REMEDY_INSECURE },
	{ "for mail alone", SERVERS(TLS_CERT_VALIDATION, 46, ALERT_BY_SOTH, .verify = "purpose_mismatch"), OTHERS(), "purpose", SURE_LIKELY, REMEDY_INSECURE },
	{ "it requires a certificate", SERVERS(TLS_HANDSHAKE, 116, ALERT_BY_SERVER, .number = 1), OTHERS(), "wants cert", SURE_CERTAIN, REMEDY_CERTIFICATE },
	{ "... before TLS 1.3, when it has asked for one", SERVERS(TLS_HANDSHAKE, 40, ALERT_BY_SERVER, .asked = true), OTHERS(), "wants cert", SURE_CERTAIN,
		REMEDY_CERTIFICATE },
	{ "... before TLS 1.3", SERVERS(TLS_CERT_VALIDATION, 42, ALERT_BY_SERVER, .number = 1), OTHERS(), "wants cert", SURE_LIKELY, REMEDY_CERTIFICATE },
	{ "it does not know our certificate's authority", SERVERS(TLS_UNKNOWN_CA, 48, ALERT_BY_SERVER, .number = 1), OTHERS(), "cert refused", SURE_LIKELY,
		REMEDY_CERTIFICATE },
	{ "the name is not known there", SERVERS(TLS_HANDSHAKE, 112, ALERT_BY_SERVER, .number = 1), OTHERS(), "unknown name", SURE_CERTAIN, REMEDY_BLOCK },
	{ "plain HTTP on 443", SERVERS(TLS_HANDSHAKE, 22, ALERT_BY_SOTH, .raw = "GNUTLS_E_UNEXPECTED_PACKET_LENGTH"), OTHERS(), "no TLS", SURE_CERTAIN,
		REMEDY_PLAIN },
	{ "a server of 2008", SERVERS(TLS_HANDSHAKE, 70, ALERT_BY_SERVER, .number = 1), OTHERS(), "old server", SURE_CERTAIN, REMEDY_OLD_SERVER },
	{ "... as the library says", SERVERS(TLS_HANDSHAKE, -1, ALERT_BY_NOBODY, .raw = "GNUTLS_E_UNSUPPORTED_VERSION_PACKET"), OTHERS(), "old server", SURE_CERTAIN,
		REMEDY_OLD_SERVER },
	{ "nothing to agree on", SERVERS(TLS_HANDSHAKE, 40, ALERT_BY_SERVER, .number = 1), OTHERS(), "no cipher", SURE_LIKELY, REMEDY_TUNNEL },
	{ "no h2 there", SERVERS(TLS_HANDSHAKE, 120, ALERT_BY_SERVER, .alpn = "h2"), OTHERS(), "ALPN", SURE_CERTAIN, REMEDY_HTTP1 },
	{ "it does not answer", SERVERS(TLS_TIMEOUT, -1, ALERT_BY_NOBODY, .number = 1), OTHERS(), "timeout", SURE_CERTAIN, REMEDY_NONE },
	{ "a firewall looks at names", SERVERS(TLS_EOF_OR_RESET, -1, ALERT_BY_NOBODY, .number = 1), OTHERS(.others_failed = 2), "reset", SURE_LIKELY, REMEDY_TUNNEL },
	{ "it restarts", SERVERS(TLS_EOF_OR_RESET, -1, ALERT_BY_NOBODY, .successes = 9), OTHERS(), "reset", SURE_LIKELY, REMEDY_TUNNEL },
	{ "its signature is wrong", SERVERS(TLS_HANDSHAKE, 51, ALERT_BY_SOTH, .number = 1), OTHERS(), "damaged", SURE_LIKELY, REMEDY_TUNNEL },
	{ "it had an error of its own", SERVERS(TLS_HANDSHAKE, 80, ALERT_BY_SERVER, .number = 1), OTHERS(), "internal", SURE_LIKELY, REMEDY_TUNNEL },
	{ "soth ran out of memory", SERVERS(TLS_OTHER, -1, ALERT_BY_NOBODY, .detail = "no memory"), OTHERS(), "internal", SURE_LIKELY, REMEDY_TUNNEL },
};

static void
each_situation_has_the_explanation_that_a_person_would_give(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(situations); i++) {
		const struct situation *t = &situations[i];
		struct explanation e[EXPLANATIONS_MAX];
		struct story s = t->others;
		size_t count;

		s.line = &t->line;
		count = explain(&s, e);
		if (!count || strcmp(e[0].name, t->name) || e[0].sure != t->sure || e[0].remedy[0] != t->remedy || !*e[0].words)
			fail_msg("%s: %s, %s, remedy %d", t->about, count ? e[0].name : "nothing", count ? sure_word(e[0].sure) : "", count ? e[0].remedy[0] : 0);
		for (size_t k = 1; k < count; k++)
			assert_true(e[k].score <= e[k - 1].score);
	}
}

static void
every_explanation_has_a_situation(void **state)
{
	const char *name;

	(void)state;
	for (size_t i = 0; (name = explain_name(i)); i++) {
		size_t at = 0;

		while (at < ARRAY_LEN(situations) && strcmp(situations[at].name, name))
			at++;
		if (at == ARRAY_LEN(situations))
			fail_msg("%s: of no situation", name);
	}
}

static void
a_line_without_a_failure_needs_no_explanation(void **state)
{
	struct handshakes line = { .side = CLIENT, .successes = 3 };
	struct story s = { .line = &line, .now = NOW };
	struct explanation e[EXPLANATIONS_MAX];
	struct next n[NEXTS_MAX];

	(void)state;
	assert_int_equal(explain(&s, e), 0);
	assert_int_equal(explain_next(&s, n), 0);
}

static void
what_others_did_is_in_the_story(void **state)
{
	struct handshakes all[] = {
		{ .side = CLIENT, .host = "a", .process = "app", .failures = 2 },
		{ .side = CLIENT, .host = "b", .process = "app", .successes = 1 },
		{ .side = CLIENT, .host = "c", .process = "app", .failures = 1 },
		{ .side = CLIENT, .host = "a", .process = "curl", .successes = 4 },
		{ .side = CLIENT, .host = "b", .process = "wget", .successes = 4 },
		{ .side = CLIENT, .host = "a", .process = "java", .failures = 4 },
		{ .side = SERVER, .host = "a", .process = "app", .successes = 4 },
		{ .side = SERVER, .host = "b", .process = "app", .successes = 4 },
		{ .side = SERVER, .host = "c", .process = "app", .failures = 4, .by_reason[TLS_UNKNOWN_CA] = 4 },
	};
	struct story s;

	(void)state;
	story_of(all, ARRAY_LEN(all), 0, NOW, &s);
	assert_ptr_equal(s.line, &all[0]);
	assert_int_equal(s.accepted, 1);
	assert_int_equal(s.refused, 1);
	assert_int_equal(s.others_here, 1);
	assert_int_equal(s.others_anywhere, 2);
	assert_int_equal(s.trusted, 1);
	assert_int_equal(s.untrusted, 1);
	assert_int_equal(s.others_failed, 1);
}

static void
another_port_of_a_host_is_no_other_host(void **state)
{
	struct handshakes all[] = {
		{ .side = CLIENT, .host = "a", .port = 8443, .process = "app", .failures = 2 },
		{ .side = CLIENT, .host = "a", .port = 443, .process = "app", .successes = 2 },
		{ .side = CLIENT, .host = "a", .port = 443, .process = "curl", .successes = 4 },
		{ .side = CLIENT, .host = "a", .port = 443, .process = "java", .failures = 4 },
		{ .side = SERVER, .host = "a", .port = 443, .process = "app", .successes = 2 },
	};
	struct story s;

	(void)state;
	story_of(all, ARRAY_LEN(all), 0, NOW, &s);
	assert_int_equal(s.accepted, 0);
	assert_int_equal(s.accepted_here, 1);
	assert_int_equal(s.others_here, 1);
	assert_int_equal(s.others_failed, 0);
	assert_int_equal(s.trusted, 0);
}

static void
next_is(struct handshakes line, uint64_t now, const char *want)
{
	struct story s = { .line = &line, .now = now };
	char got[500] = "";
	struct next n[NEXTS_MAX];
	size_t count = explain_next(&s, n);

	for (size_t i = 0; i < count; i++)
		strcat(strcat(got, i ? "; " : ""), n[i].words);
	assert_string_equal(got, want);
}

static void
what_the_client_did_next_is_told_in_order(void **state)
{
	(void)state;
	next_is((struct handshakes){ .failures = 1, .last_failed = NOW }, NOW + 1000000, "nothing yet");
	next_is((struct handshakes){ .failures = 1, .last_failed = NOW }, NOW + 120000000, "has not come back since, for 2 min");
	next_is((struct handshakes){ .failures = 1, .last_failed = NOW, .again = 1 }, NOW, "tried again at once");
	next_is((struct handshakes){ .failures = 4, .last_failed = NOW, .again = 3 }, NOW + 60000000,
		"tried again at once, 3 times; has not come back since, for 1 min");
	next_is((struct handshakes){ .failures = 1, .last_failed = NOW, .plain = NOW + 1500000 }, NOW + 90000000, "went on with plain HTTP after 1.5 s");
	next_is((struct handshakes){ .failures = 1, .last_failed = NOW, .quic = NOW + 100000 }, NOW + 90000000,
		"went on over QUIC after 0.1 s: soth sees nothing of that");
	next_is((struct handshakes){ .failures = 1, .last_failed = NOW, .since = 2 }, NOW + 90000000, "got through later, 2 times");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_situation_has_the_explanation_that_a_person_would_give),
		cmocka_unit_test(every_explanation_has_a_situation),
		cmocka_unit_test(a_line_without_a_failure_needs_no_explanation),
		cmocka_unit_test(what_others_did_is_in_the_story),
		cmocka_unit_test(another_port_of_a_host_is_no_other_host),
		cmocka_unit_test(what_the_client_did_next_is_told_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
