/* The URL of an entry, cut into what a request has of it: RFC 3986 section 3. */
#include <stdlib.h>
#include <string.h>

#include "soth/percent.h"
#include "har_inside.h"

enum { QUERY_MAX = 16 << 20, NAMES_MAX = 10000 };

static const struct { const char *scheme, *as; uint16_t port; } schemes[] = {
	{ "http", "http", 80 }, { "https", "https", 443 }, { "ws", "http", 80 }, { "wss", "https", 443 },
};

static size_t
find(struct bytes b, const char *any)
{
	size_t i = 0;

	while (i < b.len && !(b.at[i] && strchr(any, b.at[i])))
		i++;
	return i;
}

/* "user@host:80", "[::1]:443" */
static bool
url_authority(struct bytes a, struct har_url *to)
{
	const uint8_t *at = a.len ? memrchr(a.at, '@', a.len) : NULL;
	size_t end;
	unsigned port = 0;

	if (at)
		a = bytes_from(a, (size_t)(at - a.at) + 1);
	if (a.len && *a.at == '[') {
		a = bytes_from(a, 1);
		end = find(a, "]");
		to->host = (struct bytes){ a.at, end };
		a = bytes_from(a, end + 1);
	} else {
		end = find(a, ":");
		to->host = (struct bytes){ a.at, end };
		a = bytes_from(a, end);
	}
	if (a.len > 1 && *a.at == ':') {
		for (size_t i = 1; i < a.len; i++) {
			if (a.at[i] < '0' || a.at[i] > '9' || port > UINT16_MAX)
				return false;
			port = port * 10 + a.at[i] - '0';
		}
		to->port = (uint16_t)port;
	}
	return to->host.len && port <= UINT16_MAX;
}

static void
url_scheme(struct har_url *to)
{
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		if (!bytes_like(to->scheme, schemes[i].scheme))
			continue;
		to->scheme = bytes_of(schemes[i].as);
		to->port = schemes[i].port;
		return;
	}
}

bool
har_url_read(struct bytes url, bool bare, struct har_url *to, struct fault *why)
{
	const uint8_t *colon = url.len > 3 ? memmem(url.at, url.len, "://", 3) : NULL;
	struct bytes rest;
	size_t end;

	*to = (struct har_url){ .scheme = LIT("https"), .port = 443 };
	if (!colon && bare && url_authority((struct bytes){ url.at, find(url, "/?#") }, to))
		return true;
	if (!colon)
		return fault(why, "its URL is not one of HTTP: %.*s", (int)(url.len < 80 ? url.len : 80), (const char *)url.at);
	*to = (struct har_url){ .scheme = { url.at, (size_t)(colon - url.at) } };
	rest = bytes_from(url, to->scheme.len + 3);
	end = find(rest, "/?#");
	url_scheme(to);
	if (!url_authority((struct bytes){ rest.at, end }, to))
		return fault(why, "its URL has no valid host and port: %.*s", (int)(url.len < 80 ? url.len : 80),
			(const char *)url.at);
	rest = bytes_from(rest, end);
	to->target = (struct bytes){ rest.at, find(rest, "#") };
	return true;
}

static json_t *
unescaped(struct bytes b)
{
	struct buf plain;
	json_t *j;

	buf_init(&plain, QUERY_MAX);
	j = percent_decode(b, true, &plain) ? json_stringn(plain.len ? (const char *)plain.at : "", plain.len) : NULL;
	buf_release(&plain);
	return j ? j : har_text(b);
}

/* "a=b&c=d" */
json_t *
har_params(struct bytes form)
{
	json_t *list = json_array();

	for (size_t n = 0; form.len && n < NAMES_MAX; n++) {
		struct bytes one = { form.at, find(form, "&") };
		struct bytes name = { one.at, find(one, "=") };

		if (one.len)
			json_array_append_new(list, json_pack("{s:o,s:o}", "name", unescaped(name),
				"value", unescaped(bytes_from(one, name.len + 1))));
		form = bytes_from(form, one.len + 1);
	}
	return list;
}

json_t *
har_query(struct bytes target)
{
	return har_params(bytes_from(target, find(target, "?") + 1));
}
