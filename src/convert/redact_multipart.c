/* Parts of a form that came as multipart/form-data, each for itself.
 * RFC 7578, https://www.rfc-editor.org/rfc/rfc7578; RFC 2046 section 5.1 */
#include <string.h>
#include <strings.h>

#include "redact_inside.h"

enum { BOUNDARY_MAX = 200 };

/*
 *	--boundary CRLF
 *	Content-Disposition: form-data; name="password" CRLF
 *	Content-Type: text/plain CRLF
 *	CRLF
 *	...
 *	CRLF --boundary--
 */
struct part_head {
	struct bytes name, type;
};

/* The value of a parameter; empty: none. */
static struct bytes
parameter(struct bytes line, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 1; i + n + 1 < line.len; i++) {
		struct bytes rest = bytes_from(line, i + n + 1);
		bool quoted = rest.len && *rest.at == '"';
		size_t len = 0;

		if (!memchr("; \t", line.at[i - 1], 3) || strncasecmp((const char *)line.at + i, name, n) || line.at[i + n] != '=')
			continue;
		rest = bytes_from(rest, quoted);
		while (len < rest.len && !(quoted ? rest.at[len] == '"' : rest.at[len] == ';'))
			len++;
		return bytes_trim((struct bytes){ rest.at, len });
	}
	return (struct bytes){ 0 };
}

/* The lines up to the empty one; how many bytes they are. */
static size_t
part_head_read(struct bytes b, struct part_head *h)
{
	struct bytes rest = b;

	*h = (struct part_head){ 0 };
	while (rest.len) {
		const uint8_t *lf = memchr(rest.at, '\n', rest.len);
		size_t len = lf ? (size_t)(lf - rest.at) + 1 : rest.len;
		struct bytes line = { rest.at, len };

		while (line.len && (line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
			line.len--;
		rest = bytes_from(rest, len);
		if (!line.len)
			break;
		if (line.len > 20 && !strncasecmp((const char *)line.at, "content-disposition:", 20))
			h->name = parameter(line, "name");
		else if (line.len > 13 && !strncasecmp((const char *)line.at, "content-type:", 13))
			h->type = bytes_trim(bytes_from(line, 13));
	}
	return b.len - rest.len;
}

static bool
part(struct redactor *r, struct bytes b, unsigned depth, struct buf *out)
{
	struct part_head h;
	size_t head = part_head_read(b, &h);
	struct name *n = redact_name(r, h.name);
	struct bytes content = bytes_from(b, head);

	return redact_shape(r, (struct bytes){ b.at, head }, SHAPE_WORDS, out) &&
		(n ? redact_put(r, n, content, out) : redact_any(r, h.type, content, depth + 1, out));
}

/* Where the next line with the boundary begins, its line end before it counted in. */
static size_t
next_boundary(struct bytes b, struct bytes mark)
{
	const uint8_t *at = b.at, *end = b.at + b.len;

	while (at < end && (at = memmem(at, (size_t)(end - at), mark.at, mark.len))) {
		size_t i = (size_t)(at - b.at);

		if (!i)
			return 0;
		if (at[-1] == '\n')
			return i > 1 && at[-2] == '\r' ? i - 2 : i - 1;
		at++;
	}
	return b.len;
}

bool
redact_multipart(struct redactor *r, struct bytes boundary, struct bytes body, unsigned depth, struct buf *out)
{
	uint8_t text[BOUNDARY_MAX + 2] = "--";
	struct bytes mark = { text, boundary.len + 2 };
	size_t at;

	if (boundary.len > BOUNDARY_MAX || !memmem(body.at, body.len, boundary.at, boundary.len))
		return redact_shape(r, body, SHAPE_WORDS, out);
	memcpy(text + 2, boundary.at, boundary.len);
	at = next_boundary(body, mark);
	if (!redact_shape(r, (struct bytes){ body.at, at }, SHAPE_WORDS, out))
		return false;
	for (body = bytes_from(body, at); body.len; body = bytes_from(body, at)) {
		const uint8_t *mark_at = memmem(body.at, body.len, mark.at, mark.len);
		const uint8_t *lf = mark_at ? memchr(mark_at, '\n', body.len - (size_t)(mark_at - body.at)) : NULL;
		size_t line = lf ? (size_t)(lf - body.at) + 1 : body.len;

		if (!redact_shape(r, (struct bytes){ body.at, line }, SHAPE_TOKENS, out))
			return false;
		body = bytes_from(body, line);
		at = next_boundary(body, mark);
		if (!part(r, (struct bytes){ body.at, at }, depth, out))
			return false;
	}
	return true;
}
