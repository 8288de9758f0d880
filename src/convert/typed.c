/* A request that was written down: its parts, and the flow that it becomes. */
#include <string.h>
#include <time.h>

#include "soth/mode.h"
#include "typed.h"

enum { HOST_MAX = 255, HEAD_EXTRA = 1024, PIECE = 64 << 10 };

void
typed_init(struct typed *t)
{
	*t = (struct typed){ .version = HTTP_1_1 };
	buf_init(&t->method, 256);
	buf_init(&t->url, TYPED_URL_MAX);
	buf_init(&t->target, TYPED_URL_MAX);
	buf_init(&t->fields, TYPED_FIELDS_MAX);
	buf_init(&t->body, TYPED_BODY_MAX);
}

void
typed_release(struct typed *t)
{
	buf_release(&t->method);
	buf_release(&t->url);
	buf_release(&t->target);
	buf_release(&t->fields);
	buf_release(&t->body);
}

static bool
one_line(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] == '\n' || b.at[i] == '\r' || !b.at[i])
			return false;
	return true;
}

bool
typed_field(struct typed *t, struct bytes name, struct bytes value, struct fault *why)
{
	name = bytes_trim(name);
	value = bytes_trim(value);
	if (!name.len || !one_line(name) || !one_line(value))
		return fault(why, "a field has no name, or a line break in it");
	if (buf_add(&t->fields, name) && buf_add(&t->fields, LIT(": ")) && (!value.len || buf_add(&t->fields, value)) &&
			buf_add(&t->fields, LIT("\r\n")))
		return true;
	return fault(why, "there are more than %d bytes of fields", TYPED_FIELDS_MAX);
}

struct bytes
typed_find(const struct typed *t, const char *name)
{
	struct bytes rest = buf_bytes(&t->fields);

	while (rest.len) {
		const uint8_t *end = memchr(rest.at, '\n', rest.len), *colon = memchr(rest.at, ':', rest.len);
		size_t line = (size_t)(end - rest.at) + 1, n = (size_t)(colon - rest.at);

		if (bytes_like((struct bytes){ rest.at, n }, name))
			return (struct bytes){ rest.at + n + 2, line - n - 4 };
		rest = bytes_from(rest, line);
	}
	return (struct bytes){ 0 };
}

bool
typed_base64(struct bytes b, struct buf *out)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < b.len; i += 3) {
		size_t left = b.len - i;
		uint32_t three = (uint32_t)b.at[i] << 16 | (left > 1 ? (uint32_t)b.at[i + 1] << 8 : 0) | (left > 2 ? b.at[i + 2] : 0);
		const uint8_t four[4] = { (uint8_t)digit[three >> 18], (uint8_t)digit[three >> 12 & 63],
			left > 1 ? (uint8_t)digit[three >> 6 & 63] : '=', left > 2 ? (uint8_t)digit[three & 63] : '=' };

		if (!buf_add(out, (struct bytes){ four, 4 }))
			return false;
	}
	return true;
}

bool
typed_basic(struct typed *t, struct bytes user_password, struct fault *why)
{
	struct buf value;
	bool ok;

	buf_init(&value, TYPED_FIELDS_MAX);
	ok = buf_add(&value, LIT("Basic ")) && typed_base64(user_password, &value) ?
		typed_field(t, LIT("Authorization"), buf_bytes(&value), why) : fault(why, "user and password are too long");
	buf_release(&value);
	return ok;
}

bool
typed_load(FILE *in, struct buf *to, struct fault *why)
{
	size_t n;
	uint8_t *at;

	do {
		at = buf_room(to, PIECE);
		if (!at)
			return fault(why, "it is larger than %zu bytes", to->limit);
		n = fread(at, 1, PIECE, in);
		buf_grew(to, n);
	} while (n);
	return !ferror(in) || fault(why, "it could not be read");
}

struct place { struct bytes scheme, user, authority, host, path; int port; };

/* RFC 3986 section 3. */
static bool
place_of(const struct typed *t, struct place *p, char host[HOST_MAX + 1], struct fault *why)
{
	struct bytes url = buf_bytes(&t->url), named = typed_find(t, "host");
	const uint8_t *colon = url.len > 3 && *url.at != '/' ? memmem(url.at, url.len, "://", 3) : NULL, *at;
	size_t end = 0;

	*p = (struct place){ .scheme = LIT("http") };
	if (colon) {
		p->scheme = (struct bytes){ url.at, (size_t)(colon - url.at) };
		url = bytes_from(url, p->scheme.len + 3);
	}
	while (end < url.len && !(url.at[end] && strchr("/?#", url.at[end])))
		end++;
	p->authority = end ? (struct bytes){ url.at, end } : named;
	p->path = bytes_from(url, end);
	at = p->authority.len ? memrchr(p->authority.at, '@', p->authority.len) : NULL;
	if (at) {
		p->user = (struct bytes){ p->authority.at, (size_t)(at - p->authority.at) };
		p->authority = bytes_from(p->authority, p->user.len + 1);
	}
	if (!bytes_like(p->scheme, "http") && !bytes_like(p->scheme, "https"))
		return fault(why, "its URL is not one of HTTP");
	return (address_split(p->authority, host, HOST_MAX + 1, &p->port) && *host && p->port) ||
		fault(why, "its URL has no valid host and port");
}

/* Without the fragment; what a start line cannot hold is escaped. */
static bool
target_put(const struct typed *t, const struct place *p, struct buf *out)
{
	if (t->target.len)
		return buf_add(out, buf_bytes(&t->target));
	if ((!p->path.len || *p->path.at != '/') && !buf_add(out, LIT("/")))
		return false;
	for (size_t i = 0; i < p->path.len && p->path.at[i] != '#'; i++) {
		uint8_t c = p->path.at[i];

		if (c > ' ' && c != 0x7f ? !buf_add(out, (struct bytes){ &c, 1 }) : !buf_addf(out, "%%%02X", c))
			return false;
	}
	return true;
}

static bool
head_put(const struct typed *t, const struct place *p, struct buf *out)
{
	struct bytes method = t->method.len ? buf_bytes(&t->method) : LIT("GET");

	if (!buf_add(out, method) || !buf_add(out, LIT(" ")) || !target_put(t, p, out) ||
			!buf_add(out, t->version == HTTP_1_0 ? LIT(" HTTP/1.0\r\n") : LIT(" HTTP/1.1\r\n")))
		return false;
	if (!typed_find(t, "host").at && !buf_addf(out, "Host: %.*s\r\n", (int)p->authority.len, (const char *)p->authority.at))
		return false;
	if (t->fields.len && !buf_add(out, buf_bytes(&t->fields)))
		return false;
	if (!typed_find(t, "content-length").at && !typed_find(t, "transfer-encoding").at && (t->body.len || t->framed) &&
			!buf_addf(out, "Content-Length: %zu\r\n", t->body.len))
		return false;
	return buf_add(out, LIT("\r\n"));
}

/* HTTP/2 knows no fields of the connection. */
static struct head *
to_h2(struct head *h, struct fault *why)
{
	struct draft d;
	struct head *made;

	draft_of(&d, h);
	d.version = HTTP_2;
	draft_remove(&d, "connection");
	draft_remove(&d, "transfer-encoding");
	made = head_make(&d, why);
	draft_release(&d);
	head_drop(h);
	return made;
}

static struct head *
head_of(struct typed *t, const struct place *p, struct fault *why)
{
	bool named = !p->user.len || typed_find(t, "authorization").at || typed_basic(t, p->user, why);
	struct buf text;
	struct head *h = NULL;

	buf_init(&text, TYPED_URL_MAX + TYPED_FIELDS_MAX + HEAD_EXTRA);
	if (named && (head_put(t, p, &text) || fault(why, "the request's head is too long")))
		h = head_parse(buf_bytes(&text), HEAD_REQUEST, why);
	if (h && t->version == HTTP_2)
		h = to_h2(h, why);
	buf_release(&text);
	return h;
}

static uint64_t
now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_REALTIME, &at);
	return (uint64_t)at.tv_sec * 1000000 + (uint64_t)at.tv_nsec / 1000;
}

bool
typed_tell(struct typed *t, struct teller *to, struct fault *why)
{
	char host[HOST_MAX + 1];
	struct place p;
	struct head *h = place_of(t, &p, host, why) ? head_of(t, &p, why) : NULL;
	bool tls = h && bytes_like(p.scheme, "https");
	uint64_t when = now();

	if (!h)
		return false;
	tell_flow(to, when, &(struct origin){ .scheme = tls ? LIT("https") : LIT("http"), .host = bytes_of(host),
		.port = (uint16_t)(p.port > 0 ? p.port : tls ? 443 : 80) });
	tell_part(to, CLIENT, when, (struct part){ .kind = PART_HEAD, .head = h });
	if (t->body.len)
		tell_part(to, CLIENT, when, (struct part){ .kind = PART_DATA, .data = slice_copy(buf_bytes(&t->body)) });
	tell_part(to, CLIENT, when, (struct part){ .kind = PART_END });
	tell_gone(to, when, CLOSE_RELAY_EOF, "not sent");
	return true;
}
