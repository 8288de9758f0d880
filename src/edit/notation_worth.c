/* What the tokens of values in text are worth. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "notation.h"

enum { NUMBER_TEXT_MAX = 400 };

bool
suffix_is(const struct node *n, const char *what)
{
	return n->said && bytes_are(n->suffix, what);
}

bool
suffix_begins(const struct node *n, char c)
{
	return n->said && n->suffix.len && *n->suffix.at == c;
}

bool
node_is_whole(const struct node *n)
{
	for (size_t i = *n->token.at == '-'; n->kind == NODE_NUMBER && i < n->token.len; i++)
		if (n->token.at[i] < '0' || n->token.at[i] > '9')
			return false;
	return n->kind == NODE_NUMBER;
}

bool
node_whole(const struct node *n, bool *negative, uint64_t *less, struct spot *why)
{
	uint64_t v = 0;

	*negative = *n->token.at == '-';
	if (bytes_are(n->token, "-18446744073709551616")) {
		*less = UINT64_MAX;
		return true;
	}
	for (size_t i = *negative; i < n->token.len; i++) {
		unsigned d = n->token.at[i] - '0';

		if (v > (UINT64_MAX - d) / 10)
			return spot_fault(why, n->token.at, "a number of 64 bits expected");
		v = v * 10 + d;
	}
	if (*negative && !v)
		return spot_fault(why, n->token.at, "0 or -0.0 expected");
	*less = *negative ? v - 1 : v;
	return true;
}

bool
node_float(const struct node *n, double *v)
{
	static const struct { const char *word; double v; } words[] = {
		{ "NaN", NAN }, { "Infinity", INFINITY }, { "-Infinity", -INFINITY },
	};
	char text[NUMBER_TEXT_MAX + 1], *end;

	for (size_t i = 0; n->kind == NODE_WORD && i < ARRAY_LEN(words); i++)
		if (bytes_are(n->token, words[i].word)) {
			*v = words[i].v;
			return true;
		}
	if (n->kind != NODE_NUMBER || n->token.len > NUMBER_TEXT_MAX)
		return false;
	memcpy(text, n->token.at, n->token.len);
	text[n->token.len] = '\0';
	*v = strtod(text, &end);
	return !*end;
}

bool
hex_bytes(struct bytes b, struct buf *out, struct spot *why)
{
	for (; b.len; b = behind(b, 1)) {
		int high = hex_digit(*b.at), low = b.len > 1 ? hex_digit(b.at[1]) : -1;
		uint8_t byte;

		if (*b.at && strchr(" \t\r\n", *b.at))
			continue;
		if (high < 0 || low < 0)
			return spot_fault(why, b.at, "two hex digits for each byte expected");
		byte = (uint8_t)(high << 4 | low);
		if (!buf_add(out, (struct bytes){ &byte, 1 }))
			return spot_fault(why, b.at, "the body is too large");
		b = behind(b, 1);
	}
	return true;
}

/* Four hex digits; -1: they are none. */
static long
unit(struct bytes b)
{
	long v = 0;

	for (size_t i = 0; i < 4; i++) {
		int d = i < b.len ? hex_digit(b.at[i]) : -1;

		if (d < 0)
			return -1;
		v = v << 4 | d;
	}
	return v;
}

static size_t
rune_put(uint32_t r, uint8_t to[4])
{
	if (r < 0x80) {
		to[0] = (uint8_t)r;
		return 1;
	}
	if (r < 0x800) {
		to[0] = (uint8_t)(0xc0 | r >> 6);
		to[1] = (uint8_t)(0x80 | (r & 63));
		return 2;
	}
	if (r < 0x10000) {
		to[0] = (uint8_t)(0xe0 | r >> 12);
		to[1] = (uint8_t)(0x80 | (r >> 6 & 63));
		to[2] = (uint8_t)(0x80 | (r & 63));
		return 3;
	}
	to[0] = (uint8_t)(0xf0 | r >> 18);
	to[1] = (uint8_t)(0x80 | (r >> 12 & 63));
	to[2] = (uint8_t)(0x80 | (r >> 6 & 63));
	to[3] = (uint8_t)(0x80 | (r & 63));
	return 4;
}

/* Behind "\u"; how many bytes of it were read, 0: it is no character. */
static size_t
escape_unit(struct bytes b, uint8_t to[4], size_t *len)
{
	long high = unit(b), low;

	if (high < 0 || (high >= 0xdc00 && high < 0xe000))
		return 0;
	if (high < 0xd800 || high >= 0xe000) {
		*len = rune_put((uint32_t)high, to);
		return 4;
	}
	low = b.len >= 10 && b.at[4] == '\\' && b.at[5] == 'u' ? unit(behind(b, 6)) : -1;
	if (low < 0xdc00 || low >= 0xe000)
		return 0;
	*len = rune_put((uint32_t)(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)), to);
	return 10;
}

/* From its backslash. */
static size_t
escape(struct bytes b, uint8_t to[4], size_t *len)
{
	static const char names[] = "\"\\/bfnrt", chars[] = "\"\\/\b\f\n\r\t";
	const char *p = b.len > 1 && b.at[1] ? strchr(names, b.at[1]) : NULL;
	size_t used;

	*len = 1;
	if (p) {
		to[0] = (uint8_t)chars[p - names];
		return 2;
	}
	used = b.len > 1 && b.at[1] == 'u' ? escape_unit(behind(b, 2), to, len) : 0;
	return used ? used + 2 : 0;
}

bool
quoted_bytes(struct bytes token, struct buf *out, struct spot *why)
{
	struct bytes b = { token.at + 1, token.len - 2 };

	while (b.len) {
		const uint8_t *back = memchr(b.at, '\\', b.len);
		struct bytes plain = { b.at, back ? (size_t)(back - b.at) : b.len };
		uint8_t to[4];
		size_t len = 0, used;

		b = behind(b, plain.len);
		used = b.len ? escape(b, to, &len) : 0;
		if (b.len && !used)
			return spot_fault(why, b.at, "an escape of JSON expected");
		if (!buf_add(out, plain) || !buf_add(out, (struct bytes){ to, len }))
			return spot_fault(why, b.at, "the body is too large");
		b = behind(b, used);
	}
	return true;
}

bool
node_bytes(const struct node *n, struct buf *out, struct spot *why)
{
	return (n->kind == NODE_STRING ? quoted_bytes : hex_bytes)(n->token, out, why);
}
