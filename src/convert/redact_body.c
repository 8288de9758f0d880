/* Bodies by their type, each part of them by what it is. */
#include <string.h>
#include <strings.h>

#include "redact_inside.h"
#include "soth/utf8.h"

static bool
type_has(struct bytes type, const char *word)
{
	return type.len && memmem(type.at, type.len, word, strlen(word));
}

/* In lower case and without parameters, cut to fit. */
static struct bytes
media(struct bytes type, uint8_t out[128])
{
	size_t n = 0;

	for (; n < type.len && n < 128 && type.at[n] != ';'; n++)
		out[n] = type.at[n] >= 'A' && type.at[n] <= 'Z' ? type.at[n] | 0x20 : type.at[n];
	return bytes_trim((struct bytes){ out, n });
}

/* RFC 2046 section 5.1.1: what parts are divided by. */
static struct bytes
boundary(struct bytes type)
{
	static const char name[] = "boundary=";
	struct bytes b;

	for (size_t i = 0; i + sizeof(name) - 1 <= type.len; i++) {
		if (strncasecmp((const char *)type.at + i, name, sizeof(name) - 1))
			continue;
		b = bytes_from(type, i + sizeof(name) - 1);
		if (b.len && *b.at == '"') {
			const uint8_t *end = memchr(b.at + 1, '"', b.len - 1);

			return end ? (struct bytes){ b.at + 1, (size_t)(end - b.at) - 1 } : (struct bytes){ 0 };
		}
		for (i = 0; i < b.len && b.at[i] != ';'; i++)
			;
		return bytes_trim((struct bytes){ b.at, i });
	}
	return (struct bytes){ 0 };
}

static bool
first_is(struct bytes b, const char *any)
{
	size_t i = 0;

	while (i < b.len && b.at[i] && strchr(" \t\r\n", b.at[i]))
		i++;
	return i < b.len && b.at[i] && strchr(any, b.at[i]);
}

/* name=value, and nothing that a form would have escaped. */
static bool
looks_form(struct bytes b)
{
	const uint8_t *sign = b.len ? memchr(b.at, '=', b.len) : NULL;

	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] <= ' ' || b.at[i] > '~' || strchr("\"<>{}", b.at[i]))
			return false;
	return sign && sign > b.at && (size_t)(sign - b.at) < REDACT_NAME_MAX * 3;
}

/* How a text of that type is searched: code has names in front of signs everywhere. */
static enum shape
shape_of(struct bytes type, struct bytes body)
{
	static const char *const code[] = { "javascript", "ecmascript", "css", "image/", "audio/", "video/", "font/" };

	for (size_t i = 0; i < ARRAY_LEN(code); i++)
		if (type_has(type, code[i]))
			return SHAPE_TOKENS;
	if (type_has(type, "html"))
		return SHAPE_ASSIGNED;
	return memchr(body.at, '\0', body.len) ? SHAPE_TOKENS : SHAPE_WORDS;
}

/* WHATWG HTML section 9.2.5: what stands behind the colon may be JSON of its own. */
static bool
event_lines(struct redactor *r, struct bytes b, unsigned depth, struct buf *out)
{
	while (b.len) {
		const uint8_t *lf = memchr(b.at, '\n', b.len), *colon;
		struct bytes line = { b.at, lf ? (size_t)(lf - b.at) + 1 : b.len };
		size_t name = 0;

		colon = memchr(line.at, ':', line.len);
		if (colon) {
			name = (size_t)(colon - line.at) + 1;
			while (name < line.len && line.at[name] == ' ')
				name++;
		}
		if (!buf_add(out, (struct bytes){ line.at, name }) ||
				!redact_any(r, (struct bytes){ 0 }, bytes_from(line, name), depth + 1, out))
			return false;
		b = bytes_from(b, line.len);
	}
	return true;
}

bool
redact_any(struct redactor *r, struct bytes type, struct bytes body, unsigned depth, struct buf *out)
{
	uint8_t lower[128];
	struct bytes m = media(type, lower);
	bool json = type_has(m, "json"), plain = !m.len || bytes_are(m, "text/plain") || bytes_are(m, "application/octet-stream");

	if (!body.len)
		return true;
	if (depth > REDACT_DEPTH_MAX)
		return redact_shape(r, body, SHAPE_WORDS, out);
	if (bytes_are(m, "application/x-www-form-urlencoded"))
		return redact_pairs(r, body, depth, out);
	if (type_has(m, "multipart/") && boundary(type).len)
		return redact_multipart(r, boundary(type), body, depth, out);
	if (bytes_are(m, "text/event-stream"))
		return event_lines(r, body, depth, out);
	if ((json || first_is(body, "{[\xef)")) && redact_is_json(body))
		return redact_json(r, body, depth, out);
	if (json) {
		redact_was_broken(r);
		return redact_shape(r, body, SHAPE_WORDS, out);
	}
	if (plain && looks_form(body))
		return redact_pairs(r, body, depth, out);
	return redact_shape(r, body, shape_of(m, body), out);
}

/* Of a member, a parameter or a field: what is a text in its own right is read as that. */
bool
redact_value(struct redactor *r, struct bytes text, unsigned depth, struct buf *out)
{
	const uint8_t *scheme = text.len > 3 ? memmem(text.at, text.len < 32 ? text.len : 32, "://", 3) : NULL;
	bool url = text.len && (scheme || *text.at == '/') && !memchr(text.at, ' ', text.len);

	if (depth <= REDACT_DEPTH_MAX && first_is(text, "{[") && redact_is_json(text))
		return redact_json(r, text, depth, out);
	if (depth <= REDACT_DEPTH_MAX && url)
		return redact_url(r, text, depth, out);
	return redact_shape(r, text, SHAPE_ASSIGNED, out);
}
