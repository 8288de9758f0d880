/* The reasons of a failed TLS handshake, and their names. */
#include "soth/tlsreason.h"

static const char *const names[] = {
#define TLS_REASON_NAME(name, text, about) text,
	TLS_REASONS(TLS_REASON_NAME)
};

const char *
tls_reason_name(unsigned reason)
{
	return reason < TLS_REASON_COUNT ? names[reason] : "?";
}

enum tls_reason
tls_reason_of(struct bytes name)
{
	for (unsigned i = 0; i < TLS_REASON_COUNT; i++)
		if (bytes_are(name, names[i]))
			return (enum tls_reason)i;
	return TLS_OTHER;
}
