/* The reasons of a failed TLS handshake, and their names. */
#include <stdio.h>
#include <string.h>

#include "soth/tlsreason.h"

enum { WORDS_LOOKED_AT = 512 };

static const char *const names[] = {
#define TLS_REASON_NAME(name, text, about) text,
	TLS_REASONS(TLS_REASON_NAME)
};

const char *
tls_reason_name(unsigned reason)
{
	return reason < TLS_REASON_COUNT ? names[reason] : "?";
}

void
tls_reasons_words(const uint32_t count[TLS_REASON_COUNT], char *out, size_t room)
{
	size_t len = 0;

	*out = '\0';
	for (unsigned i = 0; i < TLS_REASON_COUNT && len < room; i++)
		if (count[i])
			len += (size_t)snprintf(out + len, room - len, "%s%s %u", len ? ", " : "", names[i], count[i]);
}

enum tls_reason
tls_reason_of(struct bytes name)
{
	for (unsigned i = 0; i < TLS_REASON_COUNT; i++)
		if (bytes_are(name, names[i]))
			return (enum tls_reason)i;
	return TLS_OTHER;
}

enum tls_reason
tls_reason_of_words(struct bytes said, enum tls_reason otherwise)
{
	static const struct { const char *word; enum tls_reason reason; } words[] = {
		{ "unknown ca", TLS_UNKNOWN_CA }, { "unknown_ca", TLS_UNKNOWN_CA }, { "issuer", TLS_UNKNOWN_CA },
		{ "not trust", TLS_UNKNOWN_CA }, { "self signed", TLS_UNKNOWN_CA }, { "self-signed", TLS_UNKNOWN_CA },
		{ "timed out", TLS_TIMEOUT }, { "timeout", TLS_TIMEOUT }, { "too long", TLS_TIMEOUT },
		{ "reset", TLS_EOF_OR_RESET }, { "broken pipe", TLS_EOF_OR_RESET }, { "closed", TLS_EOF_OR_RESET },
		{ "disconnected", TLS_EOF_OR_RESET }, { "eof", TLS_EOF_OR_RESET }, { "aborted", TLS_EOF_OR_RESET },
		{ "unreachable", TLS_EOF_OR_RESET }, { "certificate", TLS_CERT_VALIDATION },
		{ "handshake", TLS_HANDSHAKE }, { "tls", TLS_HANDSHAKE }, { "ssl", TLS_HANDSHAKE }, { "alert", TLS_HANDSHAKE },
	};
	char text[WORDS_LOOKED_AT + 1];
	size_t len = said.len < WORDS_LOOKED_AT ? said.len : WORDS_LOOKED_AT;

	for (size_t i = 0; i < len; i++)
		text[i] = (char)(said.at[i] >= 'A' && said.at[i] <= 'Z' ? said.at[i] | 0x20 : said.at[i] ? said.at[i] : ' ');
	text[len] = 0;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strstr(text, words[i].word))
			return words[i].reason;
	return otherwise;
}
