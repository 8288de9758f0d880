/* Where a request is to go, and the head that goes there. */
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

static bool
absolute_read(struct bytes url, struct target *t, struct fault *why)
{
	struct bytes authority = { url.at, authority_len(url) };
	int port;

	t->absolute = true;
	t->path = (struct bytes){ url.at + authority.len, url.len - authority.len };
	if (!address_split(without_userinfo(authority), t->host, sizeof(t->host), &port) || !*t->host || !port)
		return fault(why, "the target names no valid host and port");
	if (port > 0)
		t->port = (uint16_t)port;
	if (!t->path.len || *t->path.at == '#')
		t->path = LIT("/");
	return true;
}

bool
target_read(const struct head *request, struct target *t, struct fault *why)
{
	struct bytes text = head_target(request);
	int port;

	*t = (struct target){ .path = text };
	if (bytes_are(head_method(request), "CONNECT")) {
		if (!address_split(text, t->host, sizeof(t->host), &port) || !*t->host || port <= 0)
			return fault(why, "CONNECT wants host:port");
		t->port = (uint16_t)port;
		return true;
	}
	if (text.at[0] == '/' || bytes_are(text, "*"))
		return true;
	if (!scheme_read(&text, t))
		return fault(why, "the target is neither a path nor an http or https URL");
	return absolute_read(text, t, why);
}

struct bytes
target_text(const char *host, uint16_t port, uint16_t usual, char out[300])
{
	bool v6 = strchr(host, ':');
	int len = snprintf(out, 300, v6 ? "[%s]" : "%s", host);

	if (port != usual)
		snprintf(out + len, 300 - (size_t)len, ":%u", port);
	return bytes_of(out);
}

/* "http://host?q" becomes "/?q": RFC 9112 section 3.2.1. */
static struct bytes
origin_form(const struct target *t, char *room, size_t size)
{
	if (*t->path.at != '?')
		return t->path;
	snprintf(room, size, "/%.*s", (int)t->path.len, (const char *)t->path.at);
	return bytes_of(room);
}

struct head *
target_rewrite(const struct head *request, const struct target *t, struct bytes host, struct fault *why)
{
	static const char *const hop[] = { "Proxy-Connection", "Proxy-Authorization" };
	char path[8192], named[300];
	struct head *h = NULL;
	struct draft d;

	if (t->path.len >= sizeof(path) - 2 && *t->path.at == '?') {
		fault(why, "the target is too long");
		return NULL;
	}
	draft_of(&d, request);
	if (t->absolute) {
		d.target = origin_form(t, path, sizeof(path));
		draft_set(&d, "Host", target_text(t->host, t->port, t->tls ? 443 : 80, named));
	}
	for (size_t i = 0; i < ARRAY_LEN(hop); i++)
		draft_remove(&d, hop[i]);
	if (host.len)
		draft_set(&d, "Host", host);
	h = head_make(&d, why);
	draft_release(&d);
	return h;
}
