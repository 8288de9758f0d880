/* Names and addresses that soth and mitmproxy write differently. */
#include <stdlib.h>
#include <string.h>

#include "mitm_inside.h"

/* GnuTLS's and OpenSSL's. */
static const struct { const char *here, *there; } versions[] = {
	{ "SSL3.0", "SSLv3" },
	{ "TLS1.0", "TLSv1" },
	{ "TLS1.1", "TLSv1.1" },
	{ "TLS1.2", "TLSv1.2" },
	{ "TLS1.3", "TLSv1.3" },
	{ "DTLS0.9", "DTLSv0.9" },
	{ "DTLS1.0", "DTLSv1" },
	{ "DTLS1.2", "DTLSv1.2" },
	{ "QUICv1", "QUICv1" },
	{ "QUICv1", "QUIC" },	/* until version 20 */
};

struct bytes
mitm_tls_here(struct bytes theirs)
{
	for (size_t i = 0; i < ARRAY_LEN(versions); i++)
		if (bytes_are(theirs, versions[i].there))
			return bytes_of(versions[i].here);
	return theirs;
}

struct bytes
mitm_tls_there(struct bytes ours)
{
	for (size_t i = 0; i < ARRAY_LEN(versions); i++)
		if (bytes_are(ours, versions[i].here))
			return bytes_of(versions[i].there);
	return (struct bytes){ 0 };
}

bool
mitm_address_read(struct bytes text, struct bytes *host, uint16_t *port)
{
	const uint8_t *colon = text.len ? memrchr(text.at, ':', text.len) : NULL;
	unsigned n = 0;

	if (!colon)
		return false;
	*host = (struct bytes){ text.at, (size_t)(colon - text.at) };
	if (host->len > 1 && *host->at == '[' && host->at[host->len - 1] == ']')
		*host = (struct bytes){ host->at + 1, host->len - 2 };
	for (const uint8_t *p = colon + 1; p < text.at + text.len; p++) {
		if (*p < '0' || *p > '9' || n > UINT16_MAX)
			return false;
		n = n * 10 + *p - '0';
	}
	*port = (uint16_t)n;
	return n <= UINT16_MAX && colon + 1 < text.at + text.len;
}

bool
mitm_address_write(struct bytes host, int64_t port, char *out, size_t room)
{
	bool v6 = host.len && memchr(host.at, ':', host.len);
	int n;

	*out = 0;
	if (!host.len || host.len > room / 2 || port < 0 || port > UINT16_MAX)
		return false;
	n = snprintf(out, room, v6 ? "[%.*s]:%u" : "%.*s:%u", (int)host.len, (const char *)host.at, (unsigned)port);
	return n > 0 && (size_t)n < room;
}

/* As far as it matters: letters of a name are none. */
bool
mitm_is_ip(struct bytes host)
{
	for (size_t i = 0; i < host.len; i++)
		if (host.at[i] != '.' && (host.at[i] < '0' || host.at[i] > '9'))
			return memchr(host.at, ':', host.len);
	return host.len > 0;
}
