/* Why TLS failed: the reason, the alert, who sent it, and words for a person. */
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>

#include "alert.h"

#define UNKNOWN_CA	"unknown_ca"
#define CERT_VALIDATION	"cert_validation"
#define HANDSHAKE	"handshake"
#define TIMEOUT		"timeout"
#define EOF_OR_RESET	"eof_or_reset"
#define OTHER		"other"

/* https://www.iana.org/assignments/tls-parameters, TLS Alerts */
static const struct alert {
	int code;
	const char *name, *reason, *words;
} alerts[] = {
	{ 0,	"close_notify",		EOF_OR_RESET,	"closed the session" },
	{ 10,	"unexpected_message",	HANDSHAKE,	"got a message it did not expect" },
	{ 20,	"bad_record_mac",	HANDSHAKE,	"could not authenticate a record" },
	{ 21,	"decryption_failed",	HANDSHAKE,	"could not decrypt a record" },
	{ 22,	"record_overflow",	HANDSHAKE,	"got a record that is too long" },
	{ 30,	"decompression_failure", HANDSHAKE,	"could not decompress a record" },
	{ 40,	"handshake_failure",	HANDSHAKE,	"found nothing to agree on" },
	{ 41,	"no_certificate",	HANDSHAKE,	"has no certificate" },
	{ 42,	"bad_certificate",	CERT_VALIDATION, "refused the certificate" },
	{ 43,	"unsupported_certificate", CERT_VALIDATION, "does not support that kind of certificate" },
	{ 44,	"certificate_revoked",	CERT_VALIDATION, "found the certificate revoked" },
	{ 45,	"certificate_expired",	CERT_VALIDATION, "found the certificate expired" },
	{ 46,	"certificate_unknown",	CERT_VALIDATION, "refused the certificate" },
	{ 47,	"illegal_parameter",	HANDSHAKE,	"found a value out of range" },
	{ 48,	"unknown_ca",		UNKNOWN_CA,	"does not trust the certificate's authority" },
	{ 49,	"access_denied",	HANDSHAKE,	"denied access" },
	{ 50,	"decode_error",		HANDSHAKE,	"could not read a message" },
	{ 51,	"decrypt_error",	HANDSHAKE,	"could not verify a signature" },
	{ 60,	"export_restriction",	HANDSHAKE,	"found an export restriction" },
	{ 70,	"protocol_version",	HANDSHAKE,	"does not speak this version of TLS" },
	{ 71,	"insufficient_security", HANDSHAKE,	"asks for stronger ciphers" },
	{ 80,	"internal_error",	HANDSHAKE,	"had an error of its own" },
	{ 86,	"inappropriate_fallback", HANDSHAKE,	"saw a fall back to an older version" },
	{ 90,	"user_canceled",	HANDSHAKE,	"gave up" },
	{ 100,	"no_renegotiation",	HANDSHAKE,	"does not negotiate again" },
	{ 109,	"missing_extension",	HANDSHAKE,	"missed an extension" },
	{ 110,	"unsupported_extension", HANDSHAKE,	"got an extension it had not asked for" },
	{ 111,	"certificate_unobtainable", CERT_VALIDATION, "could not get the certificate" },
	{ 112,	"unrecognized_name",	HANDSHAKE,	"does not know the name asked for" },
	{ 113,	"bad_certificate_status_response", CERT_VALIDATION, "refused the certificate's OCSP answer" },
	{ 115,	"unknown_psk_identity",	HANDSHAKE,	"does not know the key offered" },
	{ 116,	"certificate_required",	HANDSHAKE,	"requires a certificate of the client" },
	{ 120,	"no_application_protocol", HANDSHAKE,	"speaks none of the protocols offered" },
};

static const struct alert *
alert_find(int code)
{
	static const struct alert unknown = { -1, "unknown", HANDSHAKE, "sent an alert" };

	for (size_t i = 0; i < ARRAY_LEN(alerts); i++)
		if (alerts[i].code == code)
			return &alerts[i];
	return &unknown;
}

const char *
alert_name(int alert)
{
	return alert_find(alert)->name;
}

static const struct verdict {
	unsigned bit;
	const char *reason, *words;
} verdicts[] = {	/* what weighs most first */
	{ GNUTLS_CERT_SIGNER_NOT_FOUND,	UNKNOWN_CA,	"its issuer is not trusted" },
	{ GNUTLS_CERT_SIGNER_NOT_CA,	UNKNOWN_CA,	"its issuer is no authority" },
	{ GNUTLS_CERT_REVOKED,		CERT_VALIDATION, "it is revoked" },
	{ GNUTLS_CERT_EXPIRED,		CERT_VALIDATION, "it has expired" },
	{ GNUTLS_CERT_NOT_ACTIVATED,	CERT_VALIDATION, "it is not yet valid" },
	{ GNUTLS_CERT_UNEXPECTED_OWNER,	CERT_VALIDATION, "it is for another name" },
	{ GNUTLS_CERT_PURPOSE_MISMATCH,	CERT_VALIDATION, "it is for another purpose" },
	{ GNUTLS_CERT_INSECURE_ALGORITHM, CERT_VALIDATION, "it is signed by an insecure algorithm" },
	{ GNUTLS_CERT_SIGNATURE_FAILURE, CERT_VALIDATION, "its signature is wrong" },
	{ GNUTLS_CERT_MISSING_OCSP_STATUS, CERT_VALIDATION, "it must come with an OCSP answer and does not" },
	{ GNUTLS_CERT_INVALID_OCSP_STATUS, CERT_VALIDATION, "its OCSP answer is wrong" },
	{ GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE, CERT_VALIDATION, "its issuer may not sign it" },
};

void
verify_words(unsigned status, const char *name, char *out, size_t room)
{
	size_t len = 0;

	*out = 0;
	for (size_t i = 0; i < ARRAY_LEN(verdicts) && len < room; i++)
		if (status & verdicts[i].bit)
			len += (size_t)snprintf(out + len, room - len, "%s%s%s%s", len ? ", " : "",
				verdicts[i].words,
				verdicts[i].bit == GNUTLS_CERT_UNEXPECTED_OWNER && name ? " than " : "",
				verdicts[i].bit == GNUTLS_CERT_UNEXPECTED_OWNER && name ? name : "");
	if (status && !*out)
		snprintf(out, room, "it is not valid");
}

static const char *
verify_reason(unsigned status)
{
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++)
		if (status & verdicts[i].bit)
			return verdicts[i].reason;
	return CERT_VALIDATION;
}

static const char *
error_reason(int code)
{
	switch (code) {
	case GNUTLS_E_PREMATURE_TERMINATION:
	case GNUTLS_E_SESSION_EOF:
		return EOF_OR_RESET;
	case GNUTLS_E_TIMEDOUT:
		return TIMEOUT;
	case GNUTLS_E_NO_CERTIFICATE_FOUND:
	case GNUTLS_E_CERTIFICATE_ERROR:
	case GNUTLS_E_CERTIFICATE_KEY_MISMATCH:
	case GNUTLS_E_UNSUPPORTED_CERTIFICATE_TYPE:
	case GNUTLS_E_KEY_USAGE_VIOLATION:
	case GNUTLS_E_X509_UNKNOWN_SAN:
		return CERT_VALIDATION;
	case GNUTLS_E_MEMORY_ERROR:
	case GNUTLS_E_INTERNAL_ERROR:
	case GNUTLS_E_PUSH_ERROR:
	case GNUTLS_E_PULL_ERROR:
	case GNUTLS_E_RANDOM_FAILED:
	case GNUTLS_E_INVALID_REQUEST:
		return OTHER;
	default:
		return HANDSHAKE;
	}
}

static const char *
broken_reason(int code)
{
	return code == FAIL_TIMEOUT ? TIMEOUT : code == FAIL_RESET ? EOF_OR_RESET : OTHER;
}

const char *
failure_reason(const struct failure *f)
{
	switch (f->cause) {
	case CAUSE_ALERT:
		return alert_find(f->code)->reason;
	case CAUSE_VERIFY:
		return verify_reason((unsigned)f->code);
	case CAUSE_EOF:
		return EOF_OR_RESET;
	case CAUSE_BROKEN:
		return broken_reason(f->code);
	case CAUSE_ERROR:
		break;
	}
	return error_reason(f->code);
}

/* What to do about it, where that can be said. */
static const char *
alert_advice(const struct failure *f)
{
	const char *reason = failure_reason(f);

	if (f->server && (!strcmp(reason, UNKNOWN_CA) || !strcmp(reason, CERT_VALIDATION)))
		return "; `soth ca` says how to trust soth's authority";
	if (!f->server && f->code == GNUTLS_A_CERTIFICATE_REQUIRED)
		return "; soth has none to give";
	return "";
}

static void
alert_words(const struct failure *f, char *out, size_t room)
{
	const struct alert *a = alert_find(f->code);

	snprintf(out, room, "the %s %s (alert %d, %s)%s", f->server ? "client" : "server", a->words,
		f->code, a->name, alert_advice(f));
}

static void
error_words(const struct failure *f, char *out, size_t room)
{
	const char *who = f->server ? "client" : "server";

	switch (f->code) {
	case GNUTLS_E_NO_CIPHER_SUITES:
	case GNUTLS_E_NO_COMMON_KEY_SHARE:
		snprintf(out, room, "the %s and soth have no cipher or group in common", who);
		return;
	case GNUTLS_E_UNSUPPORTED_VERSION_PACKET:
		snprintf(out, room, "the %s speaks no version of TLS that soth does (1.2, 1.3)", who);
		return;
	case GNUTLS_E_UNEXPECTED_PACKET_LENGTH:
	case GNUTLS_E_UNEXPECTED_PACKET:
		snprintf(out, room, "what the %s sent is not TLS", who);
		return;
	default:
		snprintf(out, room, "with the %s: %s", who, gnutls_strerror(f->code));
	}
}

void
failure_words(const struct failure *f, char *out, size_t room)
{
	const char *who = f->server ? "client" : "server";
	const char *when = f->open ? "" : " during the TLS handshake";
	char words[160];

	switch (f->cause) {
	case CAUSE_ALERT:
		alert_words(f, out, room);
		return;
	case CAUSE_VERIFY:
		verify_words((unsigned)f->code, f->name, words, sizeof(words));
		snprintf(out, room, "the server's certificate is not accepted: %s", words);
		return;
	case CAUSE_EOF:
		snprintf(out, room, "the %s closed the connection%s", who, when);
		return;
	case CAUSE_BROKEN:
		snprintf(out, room, "the connection to the %s failed%s%s%s", who, when,
			*f->said ? ": " : "", f->said);
		return;
	case CAUSE_ERROR:
		error_words(f, out, room);
		return;
	}
}

static struct bytes
failure_raw(const struct failure *f)
{
	switch (f->cause) {
	case CAUSE_ALERT:
		return bytes_of(gnutls_strerror_name(GNUTLS_E_FATAL_ALERT_RECEIVED));
	case CAUSE_VERIFY:
		return bytes_of(gnutls_strerror_name(GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR));
	case CAUSE_EOF:
		return bytes_of(gnutls_strerror_name(GNUTLS_E_PREMATURE_TERMINATION));
	case CAUSE_BROKEN:
		return bytes_of(f->said);
	case CAUSE_ERROR:
		break;
	}
	return bytes_of(gnutls_strerror_name(f->code) ? gnutls_strerror_name(f->code) : "unknown");
}

struct step *
failure_step(const struct failure *f, struct bytes sni)
{
	int alert = f->cause == CAUSE_ALERT ? f->code : f->sent;
	const char *by = f->cause != CAUSE_ALERT ? "soth" : f->server ? "client" : "server";
	char words[FAILURE_WORDS_MAX], number[16];
	struct field v[FAILURE_FIELDS + 1] = {
		{ LIT("peer"), f->server ? LIT("downstream") : LIT("upstream") },
		{ LIT("sni"), sni },
		{ LIT("tls_failure_reason"), bytes_of(failure_reason(f)) },
		{ LIT("detail"), { 0 } },
		{ LIT("raw_provider_error"), failure_raw(f) },
		{ LIT("tls_ops_provider"), LIT("gnutls") },
	};
	size_t n = 6;

	failure_words(f, words, sizeof(words));
	v[3].value = bytes_of(words);
	if (alert >= 0) {
		snprintf(number, sizeof(number), "%d", alert);
		v[n++] = (struct field){ LIT("alert"), bytes_of(number) };
		v[n++] = (struct field){ LIT("alert_name"), bytes_of(alert_name(alert)) };
		v[n++] = (struct field){ LIT("alert_by"), bytes_of(by) };
	}
	return step_new(STEP_TLS_FAILED, v, n);
}

/* The whole record is in head: is it an alert, and which. */
static int
sniffed(const uint8_t head[7])
{
	return head[5] == GNUTLS_AL_WARNING || head[5] == GNUTLS_AL_FATAL ? head[6] : -1;
}

int
sniff_alert(struct sniffer *s, struct bytes more)
{
	while (more.len) {
		size_t n = s->skip < more.len ? s->skip : more.len;

		s->skip -= n;
		more.at += n;
		more.len -= n;
		if (!more.len)
			break;
		s->head[s->have++] = *more.at++;
		more.len--;
		if (s->have == 5 && (s->head[0] != 21 || s->head[3] || s->head[4] != 2)) {
			s->skip = (size_t)s->head[3] << 8 | s->head[4];
			s->have = 0;
		} else if (s->have == sizeof(s->head)) {
			int alert = sniffed(s->head);

			s->have = 0;
			if (alert >= 0)
				return alert;
		}
	}
	return -1;
}
