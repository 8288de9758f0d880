/* JSON with the values of listed members replaced, and else as it was, byte for byte.
 * RFC 8259, https://www.rfc-editor.org/rfc/rfc8259 */
#include <string.h>

#include "redact_inside.h"

enum { NESTED_MAX = 256, TEXT_ROOM = 1 << 30, KEY_ROOM = 4096 };

/* Read once without a redactor, to see that it is JSON, and then again. */
struct scan {
	struct redactor *r;	/* NULL: nothing is written */
	struct buf *out;
	struct bytes rest;
	unsigned nested, depth;
	bool full;		/* out is */
};

static bool value(struct scan *s, struct name *n);

static bool
write_out(struct scan *s, struct bytes b)
{
	if (s->r && !buf_add(s->out, b))
		s->full = true;
	return !s->full;
}

/* The next n bytes, as they are. */
static bool
pass(struct scan *s, size_t n)
{
	struct bytes b = { s->rest.at, n };

	s->rest = bytes_from(s->rest, n);
	return write_out(s, b);
}

static bool
space(struct scan *s)
{
	size_t n = 0;

	while (n < s->rest.len && strchr(" \t\r\n\x1e", s->rest.at[n]) && s->rest.at[n])
		n++;
	return pass(s, n);
}

static bool
next_is(const struct scan *s, char c)
{
	return s->rest.len && *s->rest.at == c;
}

static int
hex(struct bytes b, size_t at)
{
	int rune = 0;

	for (size_t i = at; i < at + 4; i++) {
		int digit = i < b.len ? hex_digit(b.at[i]) : -1;

		if (digit < 0)
			return -1;
		rune = rune << 4 | digit;
	}
	return rune;
}

/* The string that begins there, without its quotes; it is not passed yet. */
static bool
string(const struct scan *s, struct bytes *raw)
{
	struct bytes b = s->rest;

	if (!b.len || *b.at != '"')
		return false;
	for (size_t i = 1; i < b.len; i++) {
		if (b.at[i] == '"') {
			*raw = (struct bytes){ b.at + 1, i - 1 };
			return true;
		}
		if (b.at[i] < 0x20)
			return false;
		if (b.at[i] != '\\')
			continue;
		if (++i == b.len || !b.at[i] || !strchr("\"\\/bfnrtu", b.at[i]) || (b.at[i] == 'u' && hex(b, i + 1) < 0))
			return false;
	}
	return false;
}

static bool
put_utf8(struct buf *out, uint32_t r)
{
	uint8_t b[4];
	size_t n = r < 0x80 ? 1 : r < 0x800 ? 2 : r < 0x10000 ? 3 : 4;
	static const uint8_t lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n; i-- > 1; r >>= 6)
		b[i] = (uint8_t)(0x80 | (r & 0x3f));
	b[0] = (uint8_t)(lead[n] | r);
	return buf_add(out, (struct bytes){ b, n });
}

/* \uXXXX, and the other half of a pair where there is one; how long it was. */
static size_t
unicode(struct bytes raw, size_t at, uint32_t *rune)
{
	int high = hex(raw, at + 2), low;

	*rune = high < 0 ? 0xfffd : (uint32_t)high;
	if (high < 0xd800 || high > 0xdbff || at + 12 > raw.len || raw.at[at + 6] != '\\' || raw.at[at + 7] != 'u')
		return 6;
	low = hex(raw, at + 8);
	if (low < 0xdc00 || low > 0xdfff)
		return 6;
	*rune = 0x10000 + (((uint32_t)high & 0x3ff) << 10) + ((uint32_t)low & 0x3ff);
	return 12;
}

bool
redact_unescape(struct bytes raw, struct buf *out)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	uint32_t rune;

	for (size_t i = 0; i < raw.len; ) {
		const uint8_t *next = memchr(raw.at + i, '\\', raw.len - i);
		size_t plain = next ? (size_t)(next - raw.at) - i : raw.len - i;
		const char *known;

		if (!buf_add(out, (struct bytes){ raw.at + i, plain }))
			return false;
		i += plain;
		if (i + 1 >= raw.len)
			return i == raw.len || buf_add(out, LIT("\\"));
		if (raw.at[i + 1] == 'u') {
			i += unicode(raw, i, &rune);
			if (!put_utf8(out, rune))
				return false;
			continue;
		}
		known = raw.at[i + 1] ? strchr(from, raw.at[i + 1]) : NULL;
		if (!buf_add(out, (struct bytes){ known ? (const uint8_t *)to + (known - from) : raw.at + i + 1, 1 }))
			return false;
		i += 2;
	}
	return true;
}

static bool
escape(struct buf *out, struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		bool ok = b.at[i] < 0x20 ? buf_addf(out, "\\u%04x", b.at[i]) :
			((b.at[i] != '"' && b.at[i] != '\\') || buf_add(out, LIT("\\"))) && buf_add(out, (struct bytes){ b.at + i, 1 });

		if (!ok)
			return false;
	}
	return true;
}

/* A string that is no secret may hold one. Where it does not, it stays as it was. */
static bool
string_text(struct scan *s, struct bytes raw, struct name *n)
{
	struct buf text, made;
	bool ok;

	buf_init(&text, TEXT_ROOM);
	buf_init(&made, TEXT_ROOM);
	ok = redact_unescape(raw, &text);
	if (n)
		ok = ok && redact_secret(s->r, n, buf_bytes(&text), &made);
	else
		ok = ok && redact_value(s->r, buf_bytes(&text), s->depth + 1, &made);
	if (ok && bytes_same(buf_bytes(&text), buf_bytes(&made)))
		ok = buf_add(s->out, raw);
	else
		ok = ok && escape(s->out, buf_bytes(&made));
	buf_release(&text);
	buf_release(&made);
	s->full = s->full || !ok;
	return ok;
}

static bool
string_value(struct scan *s, struct name *n)
{
	struct bytes raw;

	if (!string(s, &raw))
		return false;
	s->rest = bytes_from(s->rest, raw.len + 2);
	return !s->r || (write_out(s, LIT("\"")) && string_text(s, raw, n) && write_out(s, LIT("\"")));
}

/* digits of a number, at least one */
static bool
digits(struct bytes b, size_t *i)
{
	size_t from = *i;

	while (*i < b.len && b.at[*i] >= '0' && b.at[*i] <= '9')
		++*i;
	return *i > from;
}

static size_t
number_length(struct bytes b)
{
	size_t i = b.len && *b.at == '-', from = i;

	if (!digits(b, &i) || (b.at[from] == '0' && i > from + 1))
		return 0;
	if (i < b.len && b.at[i] == '.' && (++i, !digits(b, &i)))
		return 0;
	if (i < b.len && (b.at[i] | 0x20) == 'e') {
		i++;
		i += i < b.len && (b.at[i] == '+' || b.at[i] == '-');
		if (!digits(b, &i))
			return 0;
	}
	return i;
}

/* A number that is a secret becomes a string; there are but two truths and one null. */
static bool
scalar(struct scan *s, struct name *n)
{
	static const char *const word[] = { "true", "false", "null" };
	size_t len = number_length(s->rest);

	for (size_t i = 0; i < ARRAY_LEN(word); i++)
		if (s->rest.len >= strlen(word[i]) && !memcmp(s->rest.at, word[i], strlen(word[i])))
			return pass(s, strlen(word[i]));
	if (!len || !n || !s->r)
		return len && pass(s, len);
	if (!buf_add(s->out, LIT("\"")) || !redact_put(s->r, n, (struct bytes){ s->rest.at, len }, s->out) ||
			!buf_add(s->out, LIT("\""))) {
		s->full = true;
		return false;
	}
	s->rest = bytes_from(s->rest, len);
	return true;
}

/* The listed name that a string is; its text is looked at without escapes. */
static struct name *
name_of(const struct scan *s, struct bytes raw)
{
	struct name *n = NULL;
	struct buf text;

	if (!s->r || raw.len > KEY_ROOM)
		return NULL;
	buf_init(&text, KEY_ROOM);
	if (redact_unescape(raw, &text))
		n = redact_name(s->r, buf_bytes(&text));
	buf_release(&text);
	return n;
}

/* {"name": "password", "value": ...} is met, too: *named is what the members so far say. */
static bool
member(struct scan *s, struct name *n, struct name **named)
{
	struct name *own;
	struct bytes key, text;

	if (!string(s, &key))
		return false;
	own = name_of(s, key);
	if (!n)
		n = own ? own : bytes_like(key, "value") ? *named : NULL;
	if (!string_value(s, NULL) || !space(s) || !next_is(s, ':') || !pass(s, 1) || !space(s))
		return false;
	if ((bytes_like(key, "name") || bytes_like(key, "key")) && string(s, &text))
		*named = name_of(s, text);
	return value(s, n);
}

/* Members or elements with commas between, up to their bracket. */
static bool
several(struct scan *s, struct name *n, char end)
{
	struct name *named = NULL;

	if (!pass(s, 1) || !space(s))
		return false;
	if (next_is(s, end))
		return pass(s, 1);
	for (;;) {
		if (!(end == '}' ? member(s, n, &named) : value(s, n)) || !space(s))
			return false;
		if (next_is(s, end))
			return pass(s, 1);
		if (!next_is(s, ',') || !pass(s, 1) || !space(s))
			return false;
	}
}

/* n: it is inside of a secret of that name. */
static bool
value(struct scan *s, struct name *n)
{
	bool ok;

	if (next_is(s, '"'))
		return string_value(s, n);
	if (!next_is(s, '{') && !next_is(s, '['))
		return scalar(s, n);
	if (s->nested == NESTED_MAX)
		return false;
	s->nested++;
	ok = several(s, n, next_is(s, '{') ? '}' : ']');
	s->nested--;
	return ok;
}

static bool
values(struct scan *s)
{
	if (!space(s) || !s->rest.len)
		return false;
	while (s->rest.len)
		if (!value(s, NULL) || !space(s))
			return false;
	return true;
}

/* A byte order mark, and a line that keeps a script from reading it. */
static size_t
preface(struct bytes b)
{
	size_t n = b.len >= 3 && !memcmp(b.at, "\xef\xbb\xbf", 3) ? 3 : 0;
	const uint8_t *lf;

	if (b.len < n + 4 || memcmp(b.at + n, ")]}'", 4))
		return n;
	lf = memchr(b.at + n, '\n', b.len - n);
	return lf ? (size_t)(lf - b.at) + 1 : n;
}

bool
redact_is_json(struct bytes text)
{
	struct scan s = { .rest = bytes_from(text, preface(text)) };

	return values(&s);
}

bool
redact_json(struct redactor *r, struct bytes text, unsigned depth, struct buf *out)
{
	struct scan s = { .r = r, .out = out, .rest = text, .depth = depth };

	return pass(&s, preface(text)) && values(&s);
}
