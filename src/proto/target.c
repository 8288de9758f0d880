/* Where a request is to go. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "soth/mode.h"
#include "target.h"

static const struct {
	const char *prefix;
	bool tls;
	uint16_t port;
} schemes[] = {
	{ "http://", false, 80 },
	{ "https://", true, 443 },
	{ "ws://", false, 80 },
	{ "wss://", true, 443 },
};

/* Cuts the scheme off; false where it is none of ours. */
static bool
scheme_read(struct bytes *url, struct target *t)
{
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		size_t len = strlen(schemes[i].prefix);

		if (url->len < len || strncasecmp((const char *)url->at, schemes[i].prefix, len))
			continue;
		*url = (struct bytes){ url->at + len, url->len - len };
		t->tls = schemes[i].tls;
		t->port = schemes[i].port;
		return true;
	}
	return false;
}

static size_t
authority_len(struct bytes url)
{
	size_t len = 0;

	while (len < url.len && !strchr("/?#", url.at[len]))
		len++;
	return len;
}

/* userinfo is not sent on: RFC 9110 section 4.2.4. */
static struct bytes
without_userinfo(struct bytes authority)
{
	const uint8_t *at = authority.len ? memrchr(authority.at, '@', authority.len) : NULL;

	if (!at)
		return authority;
	return (struct bytes){ at + 1, authority.len - (size_t)(at - authority.at) - 1 };
}

/* `whole`: without a path it is about the server (RFC 9112 section 3.2.4). */
static bool
absolute_read(struct bytes url, bool whole, struct target *t, struct fault *why)
{
	struct bytes authority = { url.at, authority_len(url) };
	int port;

	t->absolute = true;
	t->path = (struct bytes){ url.at + authority.len, url.len - authority.len };
	if (!address_split(without_userinfo(authority), t->host, sizeof(t->host), &port) || !*t->host || !port)
		return fault(why, "the target names no valid host and port (RFC 9112 section 3.2.2)");
	if (port > 0)
		t->port = (uint16_t)port;
	if (!t->path.len || *t->path.at == '#')
		t->path = whole ? LIT("*") : LIT("/");
	return true;
}

bool
target_is_authority(const struct head *request)
{
	struct bytes target = head_target(request);

	return bytes_are(head_method(request), "CONNECT") && target.at[0] != '/' &&
		!memmem(target.at, target.len, "://", 3);
}

bool
target_read(const struct head *request, struct target *t, struct fault *why)
{
	struct bytes text = head_target(request);
	int port;

	*t = (struct target){ .path = text };
	if (target_is_authority(request)) {
		if (!address_split(text, t->host, sizeof(t->host), &port) || !*t->host || port <= 0)
			return fault(why, "CONNECT wants host:port (RFC 9112 section 3.2.3)");
		t->port = (uint16_t)port;
		return true;
	}
	if (text.at[0] == '/' || bytes_are(text, "*"))
		return true;
	if (!scheme_read(&text, t))
		return fault(why, "the target is neither a path nor an http or https URL (RFC 9112 section 3.2)");
	return absolute_read(text, bytes_are(head_method(request), "OPTIONS"), t, why);
}

/* By hand: it is asked of every request. */
struct bytes
target_text(const char *host, uint16_t port, uint16_t usual, char out[300])
{
	enum { DIGITS = 5, AROUND = sizeof("[]:") - 1 + DIGITS };
	size_t len = strnlen(host, 299 - AROUND);
	bool v6 = memchr(host, ':', len);
	char digits[DIGITS], *to = out;
	unsigned n = 0;

	if (v6)
		*to++ = '[';
	memcpy(to, host, len);
	to += len;
	if (v6)
		*to++ = ']';
	if (port != usual) {
		*to++ = ':';
		do
			digits[n++] = (char)('0' + port % 10);
		while (port /= 10);
		while (n)
			*to++ = digits[--n];
	}
	*to = '\0';
	return (struct bytes){ (uint8_t *)out, (size_t)(to - out) };
}
