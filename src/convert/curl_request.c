/* What the options of curl come to: a request. */
#include <string.h>

#include "curlread.h"

enum { MULTIPART_MAX = TYPED_BODY_MAX, NAMES_MAX = 1 << 20 };

void
curl_init(struct curl *c)
{
	*c = (struct curl){ .get = false };
	typed_init(&c->typed);
	buf_init(&c->query, TYPED_URL_MAX);
	buf_init(&c->parts, MULTIPART_MAX);
	buf_init(&c->given, NAMES_MAX);
	buf_init(&c->cookie, TYPED_FIELDS_MAX);
}

void
curl_release(struct curl *c)
{
	typed_release(&c->typed);
	buf_release(&c->query);
	buf_release(&c->parts);
	buf_release(&c->given);
	buf_release(&c->cookie);
	slice_drop(&c->piped);
}

bool
curl_full(struct fault *why)
{
	return fault(why, "it is too long");
}

size_t
curl_cut(struct bytes b, char c)
{
	const uint8_t *at = b.len ? memchr(b.at, c, b.len) : NULL;

	return at ? (size_t)(at - b.at) : b.len;
}

bool
curl_add(struct buf *b, struct bytes more)
{
	return !more.len || buf_add(b, more);
}

static bool
given(const struct curl *c, const char *name)
{
	struct bytes rest = buf_bytes(&c->given);

	while (rest.len) {
		size_t len = curl_cut(rest, ',');

		if (bytes_like((struct bytes){ rest.at, len }, name))
			return true;
		rest = bytes_from(rest, len + 1);
	}
	return false;
}

/* Behind what the URL has of it, before its fragment. */
static bool
curl_query(struct curl *c, struct fault *why)
{
	struct bytes url = buf_bytes(&c->typed.url), more = buf_bytes(&c->query);
	size_t cut = curl_cut(url, '#');
	struct buf made;
	bool ok;

	if (!more.len)
		return true;
	buf_init(&made, TYPED_URL_MAX);
	ok = curl_add(&made, (struct bytes){ url.at, cut }) && buf_add(&made, curl_cut(url, '?') < cut ? LIT("&") : LIT("?")) && buf_add(&made, more);
	buf_release(&c->typed.url);
	c->typed.url = made;
	return ok || curl_full(why);
}

/* What curl says unasked, unless it was given or taken away. */
static bool
curl_adds(struct curl *c, const char *name, struct bytes value, struct fault *why)
{
	return given(c, name) || typed_field(&c->typed, bytes_of(name), value, why);
}

static bool
curl_body(struct curl *c, struct fault *why)
{
	struct typed *t = &c->typed;

	if (c->get && c->data) {
		bool ok = ((!c->query.len || buf_add(&c->query, LIT("&"))) && curl_add(&c->query, buf_bytes(&t->body))) || curl_full(why);

		buf_release(&t->body);
		buf_init(&t->body, TYPED_BODY_MAX);
		c->data = false;
		return ok;
	}
	t->framed = c->data || c->parts.len;
	if (c->parts.len)
		return ((buf_add(&t->body, buf_bytes(&c->parts)) && buf_add(&t->body, LIT("--" CURL_BOUNDARY "--\r\n"))) || curl_full(why)) &&
			curl_adds(c, "Content-Type", LIT("multipart/form-data; boundary=" CURL_BOUNDARY), why);
	return !c->data || curl_adds(c, "Content-Type", c->json ? LIT("application/json") :
		LIT("application/x-www-form-urlencoded"), why);
}

bool
curl_tell(struct curl *c, struct teller *to, struct fault *why)
{
	struct typed *t = &c->typed;

	if (!t->url.len)
		return fault(why, "there is no URL in the command");
	if (!curl_body(c, why) || !curl_query(c, why) || !curl_adds(c, "User-Agent", LIT("curl"), why) ||
			!curl_adds(c, "Accept", c->json ? LIT("application/json") : LIT("*/*"), why))
		return false;
	if (c->compressed && !curl_adds(c, "Accept-Encoding", LIT("deflate, gzip, br, zstd"), why))
		return false;
	if (c->cookie.len && !typed_field(t, LIT("Cookie"), buf_bytes(&c->cookie), why))
		return false;
	if (!t->method.len && !buf_add(&t->method, c->head ? LIT("HEAD") : t->framed ? LIT("POST") : LIT("GET")))
		return curl_full(why);
	return typed_tell(t, to, why);
}
