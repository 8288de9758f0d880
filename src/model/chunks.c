/* A body in chunks, as whoever receives it reads it. */
#include <string.h>

#include "soth/buf.h"
#include "soth/chunks.h"

enum { DIGITS_MAX = 15 };

/* Up to its CRLF, which is eaten; at NULL: there is none. */
static struct bytes
line_take(struct bytes *rest)
{
	const uint8_t *end = rest->len ? memmem(rest->at, rest->len, "\r\n", 2) : NULL;
	struct bytes line = { end ? rest->at : NULL, end ? (size_t)(end - rest->at) : 0 };

	if (end)
		*rest = bytes_from(*rest, line.len + 2);
	return line;
}

/* "1f;name=value" */
static bool
size_read(struct bytes line, size_t *size)
{
	size_t digits = 0;

	for (*size = 0; digits < line.len && hex_digit(line.at[digits]) >= 0 && digits < DIGITS_MAX; digits++)
		*size = *size << 4 | (size_t)hex_digit(line.at[digits]);
	line = bytes_trim(bytes_from(line, digits));
	return digits && (!line.len || *line.at == ';');
}

/* The last chunk's line, but not what is behind it, is eaten at the end. */
static bool
chunks_take(struct bytes *rest, struct buf *body, struct fault *why)
{
	for (size_t n = 1;; n++) {
		struct bytes line = line_take(rest);
		size_t size;

		if (!line.at || !size_read(line, &size))
			return fault(why, "chunk %zu has no size", n);
		if (!size)
			return true;
		if (size > rest->len || rest->len - size < 2 || memcmp(rest->at + size, "\r\n", 2))
			return fault(why, "chunk %zu is not %zu bytes long", n, size);
		if (!buf_add(body, (struct bytes){ rest->at, size }))
			return fault(why, "the chunks are too long");
		*rest = bytes_from(*rest, size + 2);
	}
}

static bool
trailer_take(struct bytes rest, struct head **trailer, struct fault *why)
{
	const uint8_t *end = rest.len >= 2 && !memcmp(rest.at, "\r\n", 2) ? rest.at :
		rest.len ? memmem(rest.at, rest.len, "\r\n\r\n", 4) : NULL;
	size_t len = !end ? 0 : end == rest.at ? 2 : (size_t)(end - rest.at) + 4;

	if (!end)
		return fault(why, "no empty line ends the chunks");
	if (len < rest.len)
		return fault(why, "%zu bytes stand behind the chunks", rest.len - len);
	if (len == 2)
		return true;
	*trailer = head_parse(rest, HEAD_FIELDS, why);
	return *trailer;
}

bool
chunks_read(const struct head *head, struct bytes framed, struct chunks *out, struct fault *why)
{
	struct bytes rest = framed;
	struct buf body;
	bool ok;

	*out = (struct chunks){ 0 };
	*why = (struct fault){ "" };
	if (!head_lists(head, "transfer-encoding", "chunked"))
		return false;
	buf_init(&body, framed.len + 1);
	ok = chunks_take(&rest, &body, why) && trailer_take(rest, &out->trailer, why);
	if (ok)
		out->body = buf_seal(&body);
	buf_release(&body);
	return ok;
}

void
chunks_release(struct chunks *c)
{
	slice_drop(&c->body);
	head_drop(c->trailer);
	*c = (struct chunks){ 0 };
}
