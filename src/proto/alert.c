/* The alerts of TLS, what a certificate is refused for, and an alert in the clear. */
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>

#include "alert.h"

/* https://www.iana.org/assignments/tls-parameters, TLS Alerts */
static const struct alert alerts[] = {
	{ 0,	"close_notify",		TLS_EOF_OR_RESET,	"closed the session" },
	{ 10,	"unexpected_message",	TLS_HANDSHAKE,	"got a message it did not expect" },
	{ 20,	"bad_record_mac",	TLS_HANDSHAKE,	"could not authenticate a record" },
	{ 21,	"decryption_failed",	TLS_HANDSHAKE,	"could not decrypt a record" },
	{ 22,	"record_overflow",	TLS_HANDSHAKE,	"got a record that is too long" },
	{ 30,	"decompression_failure", TLS_HANDSHAKE,	"could not decompress a record" },
	{ 40,	"handshake_failure",	TLS_HANDSHAKE,	"found nothing to agree on" },
	{ 41,	"no_certificate",	TLS_HANDSHAKE,	"has no certificate" },
	{ 42,	"bad_certificate",	TLS_CERT_VALIDATION, "refused the certificate" },
	{ 43,	"unsupported_certificate", TLS_CERT_VALIDATION, "does not support that kind of certificate" },
	{ 44,	"certificate_revoked",	TLS_CERT_VALIDATION, "found the certificate revoked" },
	{ 45,	"certificate_expired",	TLS_CERT_VALIDATION, "found the certificate expired" },
	{ 46,	"certificate_unknown",	TLS_CERT_VALIDATION, "refused the certificate" },
	{ 47,	"illegal_parameter",	TLS_HANDSHAKE,	"found a value out of range" },
	{ 48,	"unknown_ca",		TLS_UNKNOWN_CA,	"does not trust the certificate's authority" },
	{ 49,	"access_denied",	TLS_HANDSHAKE,	"denied access" },
	{ 50,	"decode_error",		TLS_HANDSHAKE,	"could not read a message" },
	{ 51,	"decrypt_error",	TLS_HANDSHAKE,	"could not verify a signature" },
	{ 52,	"too_many_cids_requested", TLS_HANDSHAKE, "was asked for too many connection numbers" },
	{ 60,	"export_restriction",	TLS_HANDSHAKE,	"found an export restriction" },
	{ 70,	"protocol_version",	TLS_HANDSHAKE,	"does not speak this version of TLS" },
	{ 71,	"insufficient_security", TLS_HANDSHAKE,	"asks for stronger ciphers" },
	{ 80,	"internal_error",	TLS_HANDSHAKE,	"had an error of its own" },
	{ 86,	"inappropriate_fallback", TLS_HANDSHAKE,	"saw a fall back to an older version" },
	{ 90,	"user_canceled",	TLS_HANDSHAKE,	"gave up" },
	{ 100,	"no_renegotiation",	TLS_HANDSHAKE,	"does not negotiate again" },
	{ 109,	"missing_extension",	TLS_HANDSHAKE,	"missed an extension" },
	{ 110,	"unsupported_extension", TLS_HANDSHAKE,	"got an extension it had not asked for" },
	{ 111,	"certificate_unobtainable", TLS_CERT_VALIDATION, "could not get the certificate" },
	{ 112,	"unrecognized_name",	TLS_HANDSHAKE,	"does not know the name asked for" },
	{ 113,	"bad_certificate_status_response", TLS_CERT_VALIDATION, "refused the certificate's OCSP answer" },
	{ 114,	"bad_certificate_hash_value", TLS_CERT_VALIDATION, "got another certificate than its hash says" },
	{ 115,	"unknown_psk_identity",	TLS_HANDSHAKE,	"does not know the key offered" },
	{ 116,	"certificate_required",	TLS_HANDSHAKE,	"requires a certificate of the client" },
	{ 117,	"general_error",	TLS_HANDSHAKE,	"had an error that has no alert" },
	{ 120,	"no_application_protocol", TLS_HANDSHAKE, "speaks none of the protocols offered" },
	{ 121,	"ech_required",		TLS_HANDSHAKE,	"requires that the ClientHello be encrypted" },
};

const struct alert *
alert_find(int code)
{
	static const struct alert unknown = { -1, "unknown", TLS_HANDSHAKE, "sent an alert" };

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
	int alert;
	enum tls_reason reason;
	const char *name, *words;
} verdicts[] = {	/* what weighs most first */
	{ GNUTLS_CERT_SIGNER_NOT_FOUND,	48,	TLS_UNKNOWN_CA,	"signer_not_found",	"its issuer is not trusted" },
	{ GNUTLS_CERT_SIGNER_NOT_CA,	48,	TLS_UNKNOWN_CA,	"signer_not_ca",	"its issuer is no authority" },
	{ GNUTLS_CERT_REVOKED,		44,	TLS_CERT_VALIDATION, "revoked",		"it is revoked" },
	{ GNUTLS_CERT_EXPIRED,		45,	TLS_CERT_VALIDATION, "expired",		"it has expired" },
	{ GNUTLS_CERT_NOT_ACTIVATED,	45,	TLS_CERT_VALIDATION, "not_activated",	"it is not yet valid" },
	{ GNUTLS_CERT_UNEXPECTED_OWNER,	42,	TLS_CERT_VALIDATION, "unexpected_owner", "it is for another name" },
	{ GNUTLS_CERT_PURPOSE_MISMATCH,	42,	TLS_CERT_VALIDATION, "purpose_mismatch", "it is for another purpose" },
	{ GNUTLS_CERT_MISMATCH,		42,	TLS_CERT_VALIDATION, "mismatch",	"it is not the one expected" },
	{ GNUTLS_CERT_INSECURE_ALGORITHM, 42,	TLS_CERT_VALIDATION, "insecure_algorithm", "it is signed by an insecure algorithm" },
	{ GNUTLS_CERT_SIGNATURE_FAILURE, 42,	TLS_CERT_VALIDATION, "signature_failure", "its signature is wrong" },
	{ GNUTLS_CERT_MISSING_OCSP_STATUS, 113,	TLS_CERT_VALIDATION, "missing_ocsp_status",
		"it must come with an OCSP answer and does not" },
	{ GNUTLS_CERT_INVALID_OCSP_STATUS, 113,	TLS_CERT_VALIDATION, "invalid_ocsp_status", "its OCSP answer is wrong" },
	{ GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE, 42,	TLS_CERT_VALIDATION, "signer_constraints_failure",
		"its issuer may not sign it" },
	{ GNUTLS_CERT_UNKNOWN_CRIT_EXTENSIONS, 42,	TLS_CERT_VALIDATION, "unknown_crit_extensions",
		"it says something critical that nobody knows" },
	{ GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED, 42,	TLS_CERT_VALIDATION, "revocation_data_superseded",
		"what is known of its revocation is too old" },
	{ GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE, 42,	TLS_CERT_VALIDATION, "revocation_data_issued_in_future",
		"what is known of its revocation is not yet valid" },
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

void
verify_names(unsigned status, char *out, size_t room)
{
	size_t len = 0;

	*out = 0;
	for (size_t i = 0; i < ARRAY_LEN(verdicts) && len < room; i++)
		if (status & verdicts[i].bit)
			len += (size_t)snprintf(out + len, room - len, "%s%s", len ? "," : "", verdicts[i].name);
	if (status && !*out)
		snprintf(out, room, "invalid");
}

int
verify_alert(unsigned status)
{
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++)
		if (status & verdicts[i].bit)
			return verdicts[i].alert;
	return GNUTLS_A_BAD_CERTIFICATE;
}

enum tls_reason
verify_reason(unsigned status)
{
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++)
		if (status & verdicts[i].bit)
			return verdicts[i].reason;
	return TLS_CERT_VALIDATION;
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
