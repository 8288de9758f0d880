/* What a WebSocket is on the wire: headers, masks, close codes, extensions. */
#include <string.h>

#include "soth/reader.h"
#include "ws.h"

enum { LENGTH_16 = 126, LENGTH_64 = 127, MASK_BIT = 0x80 };

size_t
ws_header_size(struct bytes first)
{
	unsigned length;

	if (first.len < 2)
		return 2;
	length = first.at[1] & 0x7fu;
	return 2 + (length == LENGTH_64 ? 8 : length == LENGTH_16 ? 2 : 0) + (first.at[1] & MASK_BIT ? 4 : 0);
}

struct ws_header
ws_header_read(struct bytes header)
{
	struct reader r = { header, false };
	uint8_t first = read_u8(&r), second = read_u8(&r);
	struct ws_header h = { .code = first | (second & MASK_BIT ? WS_MASKED : 0), .length = second & 0x7f };
	struct bytes mask;

	if (h.length == LENGTH_16) {
		h.length = read_be16(&r);
		h.longer = h.length < LENGTH_16;
	} else if (h.length == LENGTH_64) {
		h.length = (uint64_t)read_be32(&r) << 32;
		h.length |= read_be32(&r);
		h.longer = h.length <= UINT16_MAX;
	}
	mask = read_bytes(&r, h.code & WS_MASKED ? sizeof(h.mask) : 0);
	if (mask.len)
		memcpy(h.mask, mask.at, mask.len);
	return h;
}

void
ws_unmask(uint8_t *to, const uint8_t *from, size_t len, const uint8_t mask[4], uint64_t at)
{
	uint8_t turned[8];
	uint64_t word, key;
	size_t i = 0;

	for (unsigned k = 0; k < sizeof(turned); k++)
		turned[k] = mask[(at + k) & 3];
	memcpy(&key, turned, sizeof(key));
	for (; len - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, from + i, sizeof(word));
		word ^= key;
		memcpy(to + i, &word, sizeof(word));
	}
	for (; i < len; i++)
		to[i] = from[i] ^ turned[i & 7];
}

/* Section 7.4: what the RFC and the registry define and does not forbid on
 * the wire (1004, 1005, 1006, 1015), and what is left to others. */
bool
ws_close_code_valid(unsigned code)
{
	return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

/* Up to the separator, which goes too. No quoted string that may be here has one in it. */
static struct bytes
member_next(struct bytes *list, char separator)
{
	const uint8_t *end = list->len ? memchr(list->at, separator, list->len) : NULL;
	size_t len = end ? (size_t)(end - list->at) : list->len;
	struct bytes member = { list->at, len };

	list->at += len + (end != NULL);
	list->len -= len + (end != NULL);
	return bytes_trim(member);
}

static struct bytes
unquoted(struct bytes b)
{
	if (b.len >= 2 && b.at[0] == '"' && b.at[b.len - 1] == '"')
		b = (struct bytes){ b.at + 1, b.len - 2 };
	return b;
}

/* 8 to 15, without zeros before it (RFC 7692 section 7.1.2.1). 0: it is none. */
static unsigned
window_read(struct bytes b)
{
	if (b.len == 1 && (b.at[0] == '8' || b.at[0] == '9'))
		return b.at[0] - (unsigned)'0';
	if (b.len == 2 && b.at[0] == '1' && b.at[1] >= '0' && b.at[1] <= '5')
		return 10 + b.at[1] - (unsigned)'0';
	return 0;
}

static void
no_takeover(struct ws_extension *e, bool ours, struct bytes value)
{
	e->wrong |= value.len > 0;
	e->no_takeover |= ours;
}

static void
window_bits(struct ws_extension *e, bool ours, struct bytes value)
{
	unsigned bits = window_read(value);

	e->wrong |= !bits;
	if (ours && bits)
		e->window_bits = bits;
}

static const struct {
	const char *name;
	enum side side;
	void (*read)(struct ws_extension *e, bool ours, struct bytes value);
} parameters[] = {
	{ "client_max_window_bits",	CLIENT, window_bits },
	{ "client_no_context_takeover",	CLIENT, no_takeover },
	{ "server_max_window_bits",	SERVER, window_bits },
	{ "server_no_context_takeover",	SERVER, no_takeover },
};

static void
parameter_read(struct ws_extension *e, enum side side, struct bytes parameter, unsigned *seen)
{
	struct bytes name = member_next(&parameter, '=');
	struct bytes value = unquoted(bytes_trim(parameter));

	for (size_t i = 0; i < ARRAY_LEN(parameters); i++) {
		if (!bytes_are(name, parameters[i].name))
			continue;
		e->wrong |= (*seen & 1u << i) != 0;
		*seen |= 1u << i;
		parameters[i].read(e, parameters[i].side == side, value);
		return;
	}
	e->wrong = true;
}

static void
extension_read(struct ws_extension *e, enum side side, struct bytes text)
{
	struct bytes name = member_next(&text, ';');
	unsigned seen = 0;

	if (!name.len)
		return;
	if (!bytes_are(name, "permessage-deflate")) {
		e->foreign = true;
		return;
	}
	e->wrong |= e->deflate;
	e->deflate = true;
	while (text.len)
		parameter_read(e, side, member_next(&text, ';'), &seen);
}

struct ws_extension
ws_extension_of(enum side side, const struct head *response)
{
	struct ws_extension e = { .window_bits = 15 };

	for (size_t i = 0; i < head_count(response); i++) {
		struct field f = head_field(response, i);

		if (bytes_like(f.name, "sec-websocket-extensions"))
			while (f.value.len)
				extension_read(&e, side, member_next(&f.value, ','));
	}
	return e;
}
