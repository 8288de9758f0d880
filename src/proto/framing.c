/* Bodies taken out of a stream: by length, by chunks, or until it ends. */
#include "framing.h"

enum { CHUNK_LINE_MAX = 4096, CHUNK_DIGITS_MAX = 15 };

void
body_begin(struct body *b, struct framing framing)
{
	*b = (struct body){ .framing = framing, .left = framing.length };
}

/* As much of what is left as is there. */
static struct bytes
body_take(struct body *b, struct bytes *rest)
{
	struct bytes got = { rest->at, rest->len < b->left ? rest->len : (size_t)b->left };

	rest->at += got.len;
	rest->len -= got.len;
	b->left -= got.len;
	return got;
}

static bool
chunk_size(struct body *b, uint8_t c, struct fault *why)
{
	int digit = hex_digit(c);

	if (digit >= 0 && b->line <= CHUNK_DIGITS_MAX) {
		b->left = b->left << 4 | (unsigned)digit;
		return true;
	}
	if (digit >= 0)
		return fault(why, "a chunk's size has too many digits (RFC 9112 section 7.1)");
	if (b->line == 1)
		return fault(why, "a chunk begins without its size (RFC 9112 section 7.1)");
	if (c != '\r' && c != ';' && c != ' ' && c != '\t')
		return fault(why, "a chunk's size is not a hexadecimal number (RFC 9112 section 7.1)");
	b->state = c == '\r' ? CHUNK_LINE_END : c == ';' ? CHUNK_EXTENSION : CHUNK_SPACE;
	return true;
}

/* White space after a size is fine before an extension, and else for the lenient. */
static bool
chunk_space(struct body *b, uint8_t c, struct fault *why)
{
	bool end = c == '\r' && b->lenient;

	b->loose = b->loose || end;
	if (c == ';' || end)
		b->state = end ? CHUNK_LINE_END : CHUNK_EXTENSION;
	else if (c != ' ' && c != '\t')
		return fault(why, "a chunk's size is followed by white space (RFC 9112 section 7.1)");
	return true;
}

static bool
chunk_extension(struct body *b, uint8_t c, struct fault *why)
{
	if (c == '\r')
		b->state = CHUNK_LINE_END;
	else if ((c < 0x20 && c != '\t') || c == 0x7f)
		return fault(why, "a chunk's line has a control character (RFC 9112 section 7.1.1)");
	return true;
}

/* One byte of all that is not chunk data. */
static bool
chunk_byte(struct body *b, uint8_t c, struct fault *why)
{
	if (++b->line > CHUNK_LINE_MAX)
		return fault(why, "a chunk's line is longer than %u bytes", CHUNK_LINE_MAX);
	switch (b->state) {
	case CHUNK_SIZE:
		return chunk_size(b, c, why);
	case CHUNK_SPACE:
		return chunk_space(b, c, why);
	case CHUNK_EXTENSION:
		return chunk_extension(b, c, why);
	case CHUNK_LINE_END:
		b->state = CHUNK_DATA;
		return c == '\n' || fault(why, "a chunk's line has CR without LF (RFC 9112 section 7.1)");
	case CHUNK_DATA_CR:
		b->state = CHUNK_DATA_LF;
		return c == '\r' || fault(why, "a chunk is longer than its size (RFC 9112 section 7.1)");
	case CHUNK_DATA_LF:
		b->state = CHUNK_SIZE;
		b->line = 0;
		return c == '\n' || fault(why, "a chunk does not end with CRLF (RFC 9112 section 7.1)");
	case CHUNK_DATA:
		break;
	}
	return true;
}

static enum body_found
chunked_read(struct body *b, struct bytes *rest, struct bytes *data, struct fault *why)
{
	while (rest->len) {
		if (b->state == CHUNK_DATA) {
			*data = body_take(b, rest);
			if (!b->left)
				b->state = CHUNK_DATA_CR;
			return BODY_DATA;
		}
		if (!chunk_byte(b, *rest->at, why))
			return BODY_BAD;
		rest->at++;
		rest->len--;
		if (b->state == CHUNK_DATA && !b->left)
			return BODY_TRAILER;
	}
	return BODY_MORE;
}

enum body_found
body_read(struct body *b, struct bytes *rest, struct bytes *data, struct fault *why)
{
	switch (b->framing.kind) {
	case FRAMED_CHUNKED:
		return chunked_read(b, rest, data, why);
	case FRAMED_CLOSE:
		b->left = UINT64_MAX;
		break;
	case FRAMED_NONE:
	case FRAMED_LENGTH:
		if (!b->left)
			return BODY_END;
		break;
	}
	if (!rest->len)
		return BODY_MORE;
	*data = body_take(b, rest);
	return BODY_DATA;
}
