/* Why TLS failed: the reason, how sure it is, who sent which alert, and words for a person. */
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>

#include "alert.h"

/* What a handshake, or a record, can fail with. Those without words have GnuTLS's. */
static const struct error {
	int code;
	enum tls_reason reason;
	const char *words;	/* "%s" is the peer */
} errors[] = {
	{ GNUTLS_E_NO_CIPHER_SUITES,		TLS_HANDSHAKE,	"the %s and soth have no cipher or group in common" },
	{ GNUTLS_E_NO_COMMON_KEY_SHARE,		TLS_HANDSHAKE,	"the %s and soth have no cipher or group in common" },
	{ GNUTLS_E_UNSUPPORTED_VERSION_PACKET,	TLS_HANDSHAKE,	"the %s speaks no version of TLS that soth may (tls-version-client-min, tls-version-server-min)" },
	{ GNUTLS_E_UNEXPECTED_PACKET_LENGTH,	TLS_HANDSHAKE,	"what the %s sent is not TLS" },
	{ GNUTLS_E_UNEXPECTED_PACKET,		TLS_HANDSHAKE,	"what the %s sent is not TLS" },
	{ GNUTLS_E_RECORD_OVERFLOW,		TLS_HANDSHAKE,	"the %s sent a record that is too long, or no TLS" },
	{ GNUTLS_E_NO_APPLICATION_PROTOCOL,	TLS_HANDSHAKE,	"the %s speaks none of the protocols offered" },
	{ GNUTLS_E_UNRECOGNIZED_NAME,		TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_UNEXPECTED_HANDSHAKE_PACKET,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_UNEXPECTED_EXTENSIONS_LENGTH, TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_TOO_MANY_EMPTY_PACKETS,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_TOO_MANY_HANDSHAKE_PACKETS,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_HANDSHAKE_TOO_LARGE,		TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_DECRYPTION_FAILED,		TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_ENCRYPTION_FAILED,		TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_DECOMPRESSION_FAILED,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_COMPRESSION_FAILED,		TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_NO_COMPRESSION_ALGORITHMS,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_ERROR_IN_FINISHED_PACKET,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_RECEIVED_ILLEGAL_PARAMETER,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_ILLEGAL_PARAMETER,		TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_RECEIVED_ILLEGAL_EXTENSION,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_RECEIVED_DISALLOWED_NAME,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_MISSING_EXTENSION,		TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_INSUFFICIENT_SECURITY,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_INAPPROPRIATE_FALLBACK,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_SAFE_RENEGOTIATION_FAILED,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_UNSAFE_RENEGOTIATION_DENIED,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_REHANDSHAKE,			TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_REAUTH_REQUEST,		TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_GOT_APPLICATION_DATA,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_EARLY_DATA_REJECTED,		TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_RECORD_LIMIT_REACHED,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_INVALID_SESSION,		TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_EXPIRED,			TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_BAD_COOKIE,			TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_DH_PRIME_UNACCEPTABLE,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_NO_TEMPORARY_DH_PARAMS,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_NO_TEMPORARY_RSA_PARAMS,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_ECC_NO_SUPPORTED_CURVES,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_ECC_UNSUPPORTED_CURVE,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM, TLS_HANDSHAKE, NULL },
	{ GNUTLS_E_INCOMPATIBLE_SIG_WITH_KEY,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_UNKNOWN_PK_ALGORITHM,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_UNKNOWN_HASH_ALGORITHM,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_UNKNOWN_ALGORITHM,		TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_PK_ENCRYPTION_FAILED,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_PK_DECRYPTION_FAILED,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_PK_SIGN_FAILED,		TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_PK_SIG_VERIFY_FAILED,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_PK_INVALID_PUBKEY,		TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_PK_INVALID_PUBKEY_PARAMS,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_HASH_FAILED,			TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_MAC_VERIFY_FAILED,		TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_PARSING_ERROR,		TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_INSUFFICIENT_CREDENTIALS,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_AUTH_ERROR,			TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_UNKNOWN_SRP_USERNAME,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_NEED_FALLBACK,		TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_FATAL_ALERT_RECEIVED,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_WARNING_ALERT_RECEIVED,	TLS_HANDSHAKE,	NULL },
	{ GNUTLS_E_CERTIFICATE_REQUIRED,	TLS_HANDSHAKE,	"the %s gave no certificate, and must" },

	{ GNUTLS_E_CERTIFICATE_ERROR,		TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR, TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_CERTIFICATE_KEY_MISMATCH,	TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_CERTIFICATE_LIST_UNSORTED,	TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_CERTIFICATE_TIME_ERROR,	TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_NO_CERTIFICATE_FOUND,	TLS_CERT_VALIDATION, "the %s showed no certificate" },
	{ GNUTLS_E_NO_CERTIFICATE_STATUS,	TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_UNSUPPORTED_CERTIFICATE_TYPE, TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_KEY_USAGE_VIOLATION,		TLS_CERT_VALIDATION, "the %s's certificate is not for that use of its key" },
	{ GNUTLS_E_SESSION_USER_ID_CHANGED,	TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_CONSTRAINT_ERROR,		TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_OCSP_RESPONSE_ERROR,		TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_OCSP_MISMATCH_WITH_CERTS,	TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_CRL_VERIFICATION_ERROR,	TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_NOT_YET_ACTIVATED,		TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_X509_UNKNOWN_SAN,		TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_X509_UNSUPPORTED_EXTENSION,	TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_X509_UNSUPPORTED_CRITICAL_EXTENSION, TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_X509_UNSUPPORTED_ATTRIBUTE,	TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_X509_UNSUPPORTED_OID,	TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_X509_DUPLICATE_EXTENSION,	TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_ASN1_ELEMENT_NOT_FOUND,	TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_ASN1_IDENTIFIER_NOT_FOUND,	TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_ASN1_DER_ERROR,		TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_ASN1_VALUE_NOT_FOUND,	TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_ASN1_GENERIC_ERROR,		TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_ASN1_VALUE_NOT_VALID,	TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_ASN1_TAG_ERROR,		TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_ASN1_TAG_IMPLICIT,		TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_ASN1_TYPE_ANY_ERROR,		TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_ASN1_SYNTAX_ERROR,		TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_ASN1_DER_OVERFLOW,		TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_ASN1_EMBEDDED_NULL_IN_STRING, TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_ASN1_TIME_ERROR,		TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_INVALID_UTF8_STRING,		TLS_CERT_VALIDATION, NULL },
	{ GNUTLS_E_IDNA_ERROR,			TLS_CERT_VALIDATION, NULL },

	{ GNUTLS_E_PREMATURE_TERMINATION,	TLS_EOF_OR_RESET, NULL },
	{ GNUTLS_E_SESSION_EOF,			TLS_EOF_OR_RESET, NULL },
	{ GNUTLS_E_TIMEDOUT,			TLS_TIMEOUT,	NULL },

	/* Our own trouble, not the peer's. */
	{ GNUTLS_E_MEMORY_ERROR,		TLS_OTHER,	NULL },
	{ GNUTLS_E_INTERNAL_ERROR,		TLS_OTHER,	NULL },
	{ GNUTLS_E_PUSH_ERROR,			TLS_OTHER,	NULL },
	{ GNUTLS_E_PULL_ERROR,			TLS_OTHER,	NULL },
	{ GNUTLS_E_RANDOM_FAILED,		TLS_OTHER,	NULL },
	{ GNUTLS_E_RANDOM_DEVICE_ERROR,		TLS_OTHER,	NULL },
	{ GNUTLS_E_INVALID_REQUEST,		TLS_OTHER,	NULL },
	{ GNUTLS_E_SHORT_MEMORY_BUFFER,		TLS_OTHER,	NULL },
	{ GNUTLS_E_LOCKING_ERROR,		TLS_OTHER,	NULL },
	{ GNUTLS_E_NO_PRIORITIES_WERE_SET,	TLS_OTHER,	NULL },
	{ GNUTLS_E_LIB_IN_ERROR_STATE,		TLS_OTHER,	NULL },
	{ GNUTLS_E_UNIMPLEMENTED_FEATURE,	TLS_OTHER,	NULL },
	{ GNUTLS_E_DB_ERROR,			TLS_OTHER,	NULL },
};

static const struct error *
error_find(int code)
{
	for (size_t i = 0; i < ARRAY_LEN(errors); i++)
		if (errors[i].code == code)
			return &errors[i];
	return NULL;
}

static enum tls_reason
error_reason(int code)
{
	const struct error *e = error_find(code);

	return e ? e->reason : tls_reason_of_words(bytes_of(gnutls_strerror(code)), TLS_HANDSHAKE);
}

static enum tls_reason
broken_reason(const struct failure *f)
{
	return f->code == FAIL_TIMEOUT ? TLS_TIMEOUT : f->code == FAIL_RESET ? TLS_EOF_OR_RESET :
		tls_reason_of_words(bytes_of(f->said), TLS_OTHER);
}

enum tls_reason
failure_reason(const struct failure *f)
{
	switch (f->cause) {
	case CAUSE_ALERT:
		return alert_find(f->code)->reason;
	case CAUSE_VERIFY:
		return verify_reason((unsigned)f->code);
	case CAUSE_EOF:
		return TLS_EOF_OR_RESET;
	case CAUSE_BROKEN:
		return broken_reason(f);
	case CAUSE_HELLO:
		return TLS_HANDSHAKE;
	case CAUSE_ERROR:
		break;
	}
	return error_reason(f->code);
}

static const char *
who(const struct failure *f)
{
	return f->server ? "client" : f->proxy ? "parent proxy" : "server";
}

/* A server that has asked for a certificate and refuses afterwards means what it got, or did not. */
static bool
about_our_certificate(const struct failure *f)
{
	enum tls_reason reason = failure_reason(f);

	return !f->server && (f->code == GNUTLS_A_CERTIFICATE_REQUIRED || (f->asked && (reason == TLS_UNKNOWN_CA ||
		reason == TLS_CERT_VALIDATION || f->code == GNUTLS_A_HANDSHAKE_FAILURE || f->code == GNUTLS_A_ACCESS_DENIED)));
}

/* What to do about it, where that can be said. */
static void
alert_advice(const struct failure *f, char *out, size_t room)
{
	enum tls_reason reason = failure_reason(f);

	*out = '\0';
	if (f->code == GNUTLS_A_PROTOCOL_VERSION)
		snprintf(out, room, "; tls-version-%s-min lets older ones", f->server ? "client" : "server");
	else if (f->server && (reason == TLS_UNKNOWN_CA || reason == TLS_CERT_VALIDATION))
		snprintf(out, room, "; `soth ca` says how to trust soth's authority");
	else if (about_our_certificate(f) && f->gave)
		snprintf(out, room, "; it was given the client certificate of %.80s", f->gave);
	else if (about_our_certificate(f))
		snprintf(out, room, "%s: client-certs gives it one, as %.60s=FILE.pem",
			f->code == GNUTLS_A_CERTIFICATE_REQUIRED ? "" : "; it asks for a certificate", f->name);
}

static void
alert_words(const struct failure *f, char *out, size_t room)
{
	const struct alert *a = alert_find(f->code);
	char advice[160];

	alert_advice(f, advice, sizeof(advice));
	snprintf(out, room, "the %s %s (alert %d, %s)%s", who(f), a->words, f->code, a->name, advice);
}

static void
error_words(const struct failure *f, char *out, size_t room)
{
	const struct error *e = error_find(f->code);
	const char *mark = e && e->words ? strstr(e->words, "%s") : NULL;

	if (mark)
		snprintf(out, room, "%.*s%s%s", (int)(mark - e->words), e->words, who(f), mark + 2);
	else
		snprintf(out, room, "with the %s: %s", who(f), gnutls_strerror(f->code));
}

/* A client that does not like the certificate may close, and say nothing. */
static void
eof_words(const struct failure *f, char *out, size_t room)
{
	static const char *const when[] = {
		[STAGE_HANDSHAKE] = "closed the connection during the TLS handshake",
		[STAGE_AFTER] = "closed the connection right after the TLS handshake, and asked for nothing: "
			"it may not accept the certificate",
		[STAGE_SESSION] = "closed the connection",
		[STAGE_HELLO] = "closed the connection before its ClientHello was answered",
	};

	snprintf(out, room, "the %s %s%s", who(f), when[f->stage], f->shown && f->stage == STAGE_HANDSHAKE ?
		", behind the certificate: it may not accept it" : "");
}

static void
broken_words(const struct failure *f, char *out, size_t room)
{
	static const char *const when[] = {
		[STAGE_HANDSHAKE] = " during the TLS handshake", [STAGE_AFTER] = " right after the TLS handshake",
		[STAGE_SESSION] = "", [STAGE_HELLO] = " before its ClientHello was answered",
	};

	snprintf(out, room, "the connection to the %s failed%s%s%s", who(f), when[f->stage], *f->said ? ": " : "", f->said);
}

static void
verify_said(const struct failure *f, char *out, size_t room)
{
	char words[160];

	verify_words((unsigned)f->code, f->name, words, sizeof(words));
	snprintf(out, room, "the %s's certificate is not accepted: %s", who(f), words);
}

static void
hello_words(const struct failure *f, char *out, size_t room)
{
	snprintf(out, room, "the client's ClientHello cannot be read: %s", f->said);
}

void
failure_words(const struct failure *f, char *out, size_t room)
{
	static void (*const words[])(const struct failure *, char *, size_t) = {
		[CAUSE_ALERT] = alert_words, [CAUSE_VERIFY] = verify_said, [CAUSE_ERROR] = error_words,
		[CAUSE_EOF] = eof_words, [CAUSE_BROKEN] = broken_words, [CAUSE_HELLO] = hello_words,
	};

	words[f->cause](f, out, room);
}

/* "GNUTLS_E_TIMEDOUT: The operation timed out"; of what is not GnuTLS's, what was said. */
static void
failure_raw(const struct failure *f, char *out, size_t room)
{
	int code = f->cause == CAUSE_ALERT ? GNUTLS_E_FATAL_ALERT_RECEIVED :
		f->cause == CAUSE_VERIFY ? GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR : f->code;
	const char *name = gnutls_strerror_name(code);

	if (f->cause == CAUSE_EOF)
		snprintf(out, room, f->farewell ? "close_notify" : "end of stream");
	else if (f->cause == CAUSE_BROKEN || f->cause == CAUSE_HELLO)
		snprintf(out, room, "%s", f->said);
	else if (f->cause == CAUSE_ALERT)
		snprintf(out, room, "%s: %s (%d, %s)", name, gnutls_strerror(code), f->code, alert_name(f->code));
	else if (f->cause == CAUSE_VERIFY)
		snprintf(out, room, "%s: %s (status 0x%x)", name, gnutls_strerror(code), (unsigned)f->code);
	else
		snprintf(out, room, "%s: %s", name ? name : "unknown", gnutls_strerror(code));
}

/* An alert or GnuTLS said so; or the connection just broke off. */
static bool
authoritative(const struct failure *f)
{
	return f->cause != CAUSE_EOF && f->cause != CAUSE_BROKEN;
}

static size_t
alert_fields(const struct failure *f, struct failure_texts *w, struct field *out)
{
	bool theirs = f->cause == CAUSE_ALERT || f->farewell;
	int alert = f->cause == CAUSE_ALERT ? f->code : f->farewell ? 0 : f->sent;

	if (alert < 0)
		return 0;
	snprintf(w->alert, sizeof(w->alert), "%d", alert);
	out[0] = (struct field){ LIT("alert"), bytes_of(w->alert) };
	out[1] = (struct field){ LIT("alert_name"), bytes_of(alert_name(alert)) };
	out[2] = (struct field){ LIT("alert_by"), bytes_of(theirs ? who(f) : "soth") };
	return 3;
}

size_t
failure_fields(const struct failure *f, struct failure_texts *w, struct field out[FAILURE_FIELDS])
{
	static const char *const stages[] = {
		[STAGE_HANDSHAKE] = "handshake", [STAGE_AFTER] = "after_handshake", [STAGE_SESSION] = "session",
		[STAGE_HELLO] = "hello",
	};
	size_t n = 6;

	failure_words(f, w->detail, sizeof(w->detail));
	failure_raw(f, w->raw, sizeof(w->raw));
	out[0] = (struct field){ LIT("tls_failure_reason"), bytes_of(tls_reason_name(failure_reason(f))) };
	out[1] = (struct field){ LIT("detail"), bytes_of(w->detail) };
	out[2] = (struct field){ LIT("raw_provider_error"), bytes_of(w->raw) };
	out[3] = (struct field){ LIT("tls_ops_provider"), LIT("gnutls") };
	out[4] = (struct field){ LIT("source_confidence"), authoritative(f) ? LIT("authoritative") : LIT("inferred") };
	out[5] = (struct field){ LIT("tls_stage"), bytes_of(stages[f->stage]) };
	if (f->cause == CAUSE_VERIFY) {
		verify_names((unsigned)f->code, w->verify, sizeof(w->verify));
		out[n++] = (struct field){ LIT("verify_status"), bytes_of(w->verify) };
	}
	return n + alert_fields(f, w, out + n);
}

struct step *
failure_step(const struct failure *f)
{
	struct failure_texts texts;
	struct field v[FAILURE_FIELDS + 1] = { { LIT("peer"), f->server ? LIT("downstream") : LIT("upstream") } };

	return step_new(STEP_TLS_FAILED, v, 1 + failure_fields(f, &texts, v + 1));
}
