#ifndef SOTH_TLSREASON_H
#define SOTH_TLSREASON_H

#include "soth/slice.h"

/*
 * Why a TLS handshake failed: the six reasons of soth-events(7), as the
 * values of tls_failure_reason. The same cause always has the same reason.
 */
#define TLS_REASONS(_) \
	_(UNKNOWN_CA,		"unknown_ca",		"the certificate's authority is not trusted") \
	_(CERT_VALIDATION,	"cert_validation",	"the certificate is refused, for another reason") \
	_(HANDSHAKE,		"handshake",		"the two could not agree, or one broke the protocol") \
	_(TIMEOUT,		"timeout",		"it took too long") \
	_(EOF_OR_RESET,		"eof_or_reset",		"the connection was closed without a word") \
	_(OTHER,		"other",		"something else, as no memory")

enum tls_reason {
#define TLS_REASON_ENUM(name, text, about) TLS_##name,
	TLS_REASONS(TLS_REASON_ENUM)
#undef TLS_REASON_ENUM
	TLS_REASON_COUNT
};

const char *tls_reason_name(unsigned reason);	/* "?" past the last */
enum tls_reason tls_reason_of(struct bytes name);	/* TLS_OTHER: of none */
/* "unknown_ca 3, timeout 1": those of which there are any, in the order above; "": there are none. */
void tls_reasons_words(const uint32_t count[TLS_REASON_COUNT], char *out, size_t room);
/* Of what has no number, as other programs say it: the first that fits, in the order above but
 * that whoever timed out or hung up did not judge a certificate. */
enum tls_reason tls_reason_of_words(struct bytes words, enum tls_reason otherwise);

#endif
