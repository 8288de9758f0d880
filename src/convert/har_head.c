/* Heads and bodies out of an entry. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "har_inside.h"
#include "soth/coding.h"

enum { TARGET_MAX = 1 << 20, UNPACKED_MAX = 1 << 30, FIELDS_MAX = 100000 };

static const struct { const char *text; enum http_version version; bool third; } versions[] = {
	{ "http/1.0", HTTP_1_0, false }, { "http/1", HTTP_1_1, false }, { "http/2", HTTP_2, false },
	{ "h2", HTTP_2, false }, { "spdy", HTTP_2, false }, { "http/3", HTTP_2, true }, { "h3", HTTP_2, true },
	{ "quic", HTTP_2, true },
};

static bool
has_pseudo(const json_t *message)
{
	struct bytes name = har_string(json_array_get(json_object_get(message, "headers"), 0), "name");

	return name.len && *name.at == ':';
}

/* An index of versions; -1: it does not say. */
static int
version_in(const json_t *message)
{
	struct bytes v = har_string(message, "httpVersion");

	for (size_t i = 0; i < ARRAY_LEN(versions); i++)
		if (v.len >= strlen(versions[i].text) &&
				!strncasecmp((const char *)v.at, versions[i].text, strlen(versions[i].text)))
			return (int)i;
	return -1;
}

bool
har_is_h3(const json_t *message)
{
	int v = version_in(message);

	return v >= 0 && versions[v].third;
}

static enum http_version
version_of(const json_t *message, const json_t *or_of)
{
	int v = version_in(message);

	if (v < 0 && or_of)
		return version_of(or_of, NULL);
	return v >= 0 ? versions[v].version : has_pseudo(message) ? HTTP_2 : HTTP_1_1;
}

/* Chrome joins what came more than once with line ends. */
static void
add_lines(struct draft *d, struct bytes name, struct bytes value)
{
	const uint8_t *lf;

	while (value.len && (lf = memchr(value.at, '\n', value.len))) {
		size_t len = (size_t)(lf - value.at);

		draft_add(d, name, (struct bytes){ value.at, len && lf[-1] == '\r' ? len - 1 : len });
		value = bytes_from(value, len + 1);
	}
	draft_add(d, name, value);
}

static bool
add_headers(struct draft *d, const json_t *list)
{
	struct bytes authority = { 0 };
	size_t i;
	json_t *h;

	json_array_foreach(list, i, h)
		if (bytes_are(har_string(h, "name"), ":authority"))
			authority = har_string(h, "value");
	if (authority.len && d->kind == HEAD_REQUEST)
		draft_add(d, LIT("host"), authority);
	json_array_foreach(list, i, h) {
		struct bytes name = har_string(h, "name");

		if (!(name.len && *name.at == ':') && !(authority.len && bytes_like(name, "host")))
			add_lines(d, name, har_string(h, "value"));
	}
	return json_array_size(list) <= FIELDS_MAX;
}

static struct head *
made(struct draft *d, const json_t *list, struct fault *why)
{
	struct head *h = NULL;

	if (add_headers(d, list))
		h = head_make(d, why);
	else
		fault(why, "it has more than %u headers", FIELDS_MAX);
	draft_release(d);
	return h;
}

/* What a request line cannot hold is escaped. */
static bool
target_of(const struct har_url *url, bool connect, struct buf *to)
{
	if (connect)
		return buf_addf(to, memchr(url->host.at, ':', url->host.len) ?
			"[%.*s]:%u" : "%.*s:%u", (int)url->host.len, (const char *)url->host.at, url->port);
	if ((!url->target.len || *url->target.at != '/') && !buf_add(to, LIT("/")))
		return false;
	for (size_t i = 0; i < url->target.len; i++) {
		uint8_t c = url->target.at[i];

		if (c > ' ' && c != 0x7f ? !buf_add(to, (struct bytes){ &c, 1 }) : !buf_addf(to, "%%%02X", c))
			return false;
	}
	return true;
}

struct head *
har_request_head(const json_t *request, struct bytes target, struct fault *why)
{
	struct draft d = { .kind = HEAD_REQUEST, .version = version_of(request, NULL), .method = har_string(request, "method") };
	bool connect = bytes_are(d.method, "CONNECT");
	struct head *h = NULL;
	struct har_url url;
	struct buf from_url;

	buf_init(&from_url, TARGET_MAX);
	if (!har_url_read(har_string(request, "url"), connect, &url, why))
		return NULL;
	if (!target.len && !target_of(&url, connect, &from_url))
		fault(why, "its URL is longer than %u bytes", TARGET_MAX);
	else {
		d.target = target.len ? target : buf_bytes(&from_url);
		h = made(&d, json_object_get(request, "headers"), why);
	}
	buf_release(&from_url);
	return h;
}

struct head *
har_response_head(const json_t *response, const json_t *request, struct fault *why)
{
	json_int_t status = json_integer_value(json_object_get(response, "status"));
	struct draft d = { .kind = HEAD_RESPONSE, .version = version_of(response, request),
		.reason = har_string(response, "statusText") };

	if (status < 100 || status > 999) {
		fault(why, "its status is no number of three digits");
		return NULL;
	}
	d.status = (unsigned)status;
	return made(&d, json_object_get(response, "headers"), why);
}

struct head *
har_trailer(const json_t *message)
{
	const json_t *list = json_object_get(message, "_trailers");
	struct draft d = { .kind = HEAD_FIELDS, .version = HTTP_1_1 };
	struct fault why;

	return json_array_size(list) ? made(&d, list, &why) : NULL;
}

/* application/x-www-form-urlencoded */
static bool
form_add(struct buf *to, struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		uint8_t c = b.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~*", c));

		if (c == ' ' ? !buf_add(to, LIT("+")) : plain ? !buf_add(to, (struct bytes){ &c, 1 }) :
				!buf_addf(to, "%%%02X", c))
			return false;
	}
	return true;
}

static bool
body_params(const json_t *list, struct slice *out, struct fault *why)
{
	struct buf b;
	bool fits = true;
	size_t i;
	json_t *p;

	buf_init(&b, HAR_ENTRY_MAX);
	json_array_foreach(list, i, p)
		fits = fits && (!i || buf_add(&b, LIT("&"))) && form_add(&b, har_string(p, "name")) &&
			buf_add(&b, LIT("=")) && form_add(&b, har_string(p, "value"));
	*out = buf_seal(&b);
	return fits || fault(why, "its parameters are too large");
}

bool
har_body_read(const json_t *content, struct slice *out, struct fault *why)
{
	struct bytes text = har_string(content, "text");
	const json_t *params = json_object_get(content, "params");

	*out = (struct slice){ 0 };
	if (!text.len)
		return !json_array_size(params) || body_params(params, out, why);
	if (!bytes_like(har_string(content, "encoding"), "base64")) {
		*out = slice_copy(text);
		return true;
	}
	return har_decoded(text, out) || fault(why, "its body is said to be base64, and is not");
}

static void
nowhere(void *arg, struct bytes out)
{
	(void)arg;
	(void)out;
}

/* Does the body still have its codings? It is so where they can be taken off,
 * and where it begins as they do: the rest may be cut off. */
static bool
body_is_coded(struct bytes coding, struct bytes body)
{
	struct hint hint = { .type = LIT("application/octet-stream"), .coding = coding };
	struct coding *c;
	bool is;

	if (body.len > 3 && (!memcmp(body.at, "\x1f\x8b", 2) || !memcmp(body.at, "\x28\xb5\x2f\xfd", 4)))
		return true;
	c = coding_new(&hint, NULL, UNPACKED_MAX);
	coding_feed(c, body, nowhere, NULL);
	coding_end(c, nowhere, NULL);
	is = !coding_trouble(c) && !coding_unknown(c);
	coding_free(c);
	return is;
}

struct head *
har_head_plain(const struct head *h, struct bytes body)
{
	struct bytes coding = head_find(h, "content-encoding");
	struct head *plain;
	struct fault why;
	struct draft d;
	char length[24];

	if (!body.len || (!coding.len && !head_has(h, "transfer-encoding")) || (coding.len && body_is_coded(coding, body)))
		return NULL;
	draft_of(&d, h);
	draft_remove(&d, "content-encoding");
	draft_remove(&d, "transfer-encoding");
	snprintf(length, sizeof(length), "%zu", body.len);
	draft_set(&d, "content-length", bytes_of(length));
	plain = head_make(&d, &why);
	draft_release(&d);
	return plain;
}
