/*
 * JSON that a program wrote on one line, laid out for a person; and JSON that
 * was laid out, on one line again. Values stay as they are written: what was
 * put between them is taken away, and nothing else.
 */
#include <string.h>

#include "edit_inside.h"

enum { WORTH_MIN = 60 };

/* What its writer puts behind commas and colons, and at the end. */
struct habit { bool comma, colon; struct bytes tail; };

struct spread {
	struct bytes rest;
	struct buf *out;
	struct spot *why;	/* NULL: it is laid out; else put together */
	struct habit habit;
	unsigned depth;
};

static bool value(struct spread *s);

static bool
put(struct spread *s, struct bytes b)
{
	return buf_add(s->out, b);
}

static bool
indent(struct spread *s)
{
	if (s->why)
		return true;
	if (!put(s, LIT("\n")))
		return false;
	for (unsigned i = 0; i < s->depth; i++)
		if (!put(s, LIT("  ")))
			return false;
	return true;
}

static int
peek(struct spread *s)
{
	while (s->rest.len && strchr(" \t\r\n", *s->rest.at) && *s->rest.at)
		s->rest = behind(s->rest, 1);
	return s->rest.len ? *s->rest.at : -1;
}

static bool
wrong(struct spread *s, const char *expected)
{
	return s->why ? spot_fault(s->why, s->rest.at, "JSON: %s expected", expected) : false;
}

static bool
take(struct spread *s, size_t len)
{
	if (!put(s, (struct bytes){ s->rest.at, len }))
		return s->why ? spot_fault(s->why, s->rest.at, "the body is too large") : false;
	s->rest = behind(s->rest, len);
	return true;
}

static bool
string(struct spread *s)
{
	const uint8_t *at = s->rest.at, *end = at + s->rest.len, *p = at + 1;

	for (; p < end && *p != '"'; p++) {
		if (*p < 0x20) {
			s->rest = behind(s->rest, (size_t)(p - at));
			return wrong(s, "the quote that ends the string on its line, or an escape");
		}
		if (*p == '\\')
			p++;
	}
	if (p >= end)
		return wrong(s, "a string with a quote at its end");
	return take(s, (size_t)(p + 1 - at));
}

static size_t
digits(struct bytes b, size_t from)
{
	size_t n = from;

	while (n < b.len && b.at[n] >= '0' && b.at[n] <= '9')
		n++;
	return n - from;
}

/* RFC 8259 section 6. */
static bool
number(struct spread *s)
{
	struct bytes b = s->rest;
	size_t n = *b.at == '-', got = digits(b, n);

	if (!got || (got > 1 && b.at[n] == '0'))
		return wrong(s, "a number");
	n += got;
	if (n < b.len && b.at[n] == '.') {
		got = digits(b, n + 1);
		n += got + 1;
	}
	if (got && n < b.len && (b.at[n] | 0x20) == 'e') {
		n += 1 + (n + 1 < b.len && (b.at[n + 1] == '+' || b.at[n + 1] == '-'));
		got = digits(b, n);
		n += got;
	}
	return got ? take(s, n) : wrong(s, "a number");
}

static bool
word(struct spread *s)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t len = strlen(words[i]);

		if (s->rest.len >= len && !memcmp(s->rest.at, words[i], len))
			return take(s, len);
	}
	return wrong(s, "a value");
}

static bool
member(struct spread *s)
{
	if (peek(s) != '"')
		return wrong(s, "a name in quotes");
	if (!string(s))
		return false;
	if (peek(s) != ':')
		return wrong(s, "a colon");
	return take(s, 1) && (!(!s->why || s->habit.colon) || put(s, LIT(" "))) && value(s);
}

/* Behind one of its items: is there another? */
static bool
another(struct spread *s, int close, bool *more)
{
	int c = peek(s);

	*more = c == ',';
	if (c == close)
		return true;
	if (c != ',')
		return wrong(s, close == '}' ? "a comma or }" : "a comma or ]");
	return take(s, 1) && (!(s->why && s->habit.comma) || put(s, LIT(" ")));
}

static bool
items(struct spread *s, int close)
{
	bool more = true;

	if (++s->depth > EDIT_DEPTH_MAX)
		return wrong(s, "no deeper nesting");
	while (more)
		if (!indent(s) || !(close == '}' ? member : value)(s) || !another(s, close, &more))
			return false;
	s->depth--;
	return indent(s) && take(s, 1);
}

static bool
value(struct spread *s)
{
	int c = peek(s), close = c == '{' ? '}' : ']';

	if (c == '"')
		return string(s);
	if (c == '-' || (c >= '0' && c <= '9'))
		return number(s);
	if (c != '{' && c != '[')
		return word(s);
	if (!take(s, 1))
		return false;
	return peek(s) == close ? take(s, 1) : items(s, close);
}

/* By the first comma and colon outside of strings. */
static struct habit
habit_of(struct bytes b)
{
	struct habit h = { .tail = { b.at + b.len, 0 } };
	bool quoted = false;
	size_t comma = 0, colon = 0;	/* behind the first */

	while (h.tail.len < b.len && strchr("\r\n \t", b.at[b.len - h.tail.len - 1]) && b.at[b.len - h.tail.len - 1])
		h.tail = (struct bytes){ h.tail.at - 1, h.tail.len + 1 };
	for (size_t i = 0; i < b.len && !(comma && colon); i++) {
		if (quoted && b.at[i] == '\\')
			i++;
		else if (b.at[i] == '"')
			quoted = !quoted;
		else if (!quoted && !comma && b.at[i] == ',')
			comma = i + 1;
		else if (!quoted && !colon && b.at[i] == ':')
			colon = i + 1;
	}
	h.comma = comma && comma < b.len && b.at[comma] == ' ';
	h.colon = colon && colon < b.len && b.at[colon] == ' ';
	return h;
}

bool
spread_suits(const struct work *w)
{
	struct bytes b = bytes_trim(w->plain);

	while (b.len && (b.at[b.len - 1] == '\n' || b.at[b.len - 1] == '\r'))
		b.len--;
	return b.len >= WORTH_MIN && (*b.at == '{' || *b.at == '[') && !memchr(b.at, '\n', b.len) && text_suits(w);
}

static bool
whole(struct spread *s)
{
	return value(s) && (peek(s) < 0 || wrong(s, "nothing more behind the value"));
}

bool
spread_show(const struct work *w, struct buf *out)
{
	struct spread s = { .rest = w->plain, .out = out };

	return whole(&s);
}

bool
spread_read(const struct work *w, struct bytes text, struct buf *out, struct spot *why)
{
	struct spread s = { .rest = text, .out = out, .why = why, .habit = habit_of(w->plain) };

	return whole(&s) && (put(&s, s.habit.tail) || spot_fault(why, NULL, "the body is too large"));
}

bool
json_valid(struct bytes text, struct spot *why)
{
	struct buf same;
	struct spread s = { .rest = text, .out = &same, .why = why };
	bool ok;

	buf_init(&same, text.len + 1);
	ok = whole(&s);
	buf_release(&same);
	return ok;
}
