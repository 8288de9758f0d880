/* Bytes on one line. */
#include <string.h>

#include "preview.h"
#include "soth/utf8.h"

enum { TEXT_MAX = 1000, HEX_MAX = 48, LOOKED_AT = 512, SPANS_LEFT = 8, ODD_PART = 5 };

static bool
is_space(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t
space_run(struct bytes s)
{
	size_t n = 0;

	while (n < s.len && is_space(s.at[n]))
		n++;
	return n;
}

static struct bytes
rest(struct bytes s, size_t from)
{
	return (struct bytes){ s.at + from, s.len - from };
}

void
preview_flat(struct line *l, enum role role, struct bytes s, size_t most)
{
	char *flat = l->room + l->used;
	size_t room = sizeof(l->room) - l->used, len = 0;

	if (most > room)
		most = room;
	for (size_t i = 0; i < s.len && len < most;) {
		size_t blank = space_run(rest(s, i));

		flat[len++] = blank ? ' ' : (char)s.at[i];
		i += blank ? blank : 1;
	}
	l->used += len;
	line_put(l, role, (struct bytes){ (uint8_t *)flat, len });
}

/* A string with its quotes; at the end of what there is, what there is. */
static size_t
json_string(struct bytes s)
{
	size_t n = 1;

	while (n < s.len && s.at[n] != '"')
		n += s.at[n] == '\\' && n + 1 < s.len ? 2 : 1;
	return n < s.len ? n + 1 : s.len;
}

static bool
json_plain(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '+';
}

/* How many bytes the next token has, and how it is shown. */
static size_t
json_token(struct bytes s, enum role *role)
{
	size_t n = 1;
	struct bytes after;

	if (*s.at == '"') {
		n = json_string(s);
		after = rest(s, n);
		after = rest(after, space_run(after));
		*role = after.len && *after.at == ':' ? ROLE_KEY : ROLE_STRING;
		return n;
	}
	*role = *s.at == '-' || (*s.at >= '0' && *s.at <= '9') ? ROLE_NUMBER : ROLE_WORD;
	for (n = 0; n < s.len && json_plain(s.at[n]); n++)
		;
	if (n)
		return n;
	*role = ROLE_MARK;
	while (n < s.len && strchr("{}[]:,", s.at[n]) && s.at[n])
		n++;
	return n ? n : 1;
}

static void
json_put(struct line *l, struct bytes s)
{
	if (s.len > TEXT_MAX)
		s.len = TEXT_MAX;
	while (s.len && l->spans + SPANS_LEFT < ARRAY_LEN(l->span)) {
		size_t n = space_run(s);
		enum role role;

		if (n) {
			line_put(l, ROLE_MARK, LIT(" "));
		} else {
			n = json_token(s, &role);
			line_put(l, role, (struct bytes){ s.at, n });
		}
		s = rest(s, n);
	}
	preview_flat(l, ROLE_TEXT, s, TEXT_MAX);
}

/* Little in it but what can be read; a rune cut off at its end counts for nothing. */
static bool
is_text(struct bytes s)
{
	size_t looked = s.len < LOOKED_AT ? s.len : LOOKED_AT, odd = 0, used;
	uint32_t rune;

	for (s.len = looked; (used = utf8_next(s, &rune)); s = rest(s, used)) {
		if (!rune)
			return false;
		odd += rune == 0xfffd && used == 1 && s.len >= 4;
		odd += (rune < 0x20 && !is_space((uint8_t)rune)) || rune == 0x7f;
	}
	return odd * ODD_PART <= looked;
}

void
preview_hex(struct line *l, struct bytes s)
{
	static const char digits[] = "0123456789abcdef";
	char hex[3 * HEX_MAX];
	size_t n = s.len < HEX_MAX ? s.len : HEX_MAX;

	for (size_t i = 0; i < n; i++) {
		hex[3 * i] = digits[s.at[i] >> 4];
		hex[3 * i + 1] = digits[s.at[i] & 15];
		hex[3 * i + 2] = ' ';
	}
	if (n)
		line_putf(l, ROLE_NUMBER, "%.*s", (int)(3 * n) - 1, hex);
	if (n < s.len)
		line_putf(l, ROLE_FAINT, " …");
}

void
preview_put(struct line *l, struct bytes s)
{
	s = rest(s, space_run(s));
	if (!s.len)
		return;
	if (!is_text(s))
		preview_hex(l, s);
	else if (*s.at == '{' || *s.at == '[')
		json_put(l, s);
	else
		preview_flat(l, ROLE_TEXT, s, TEXT_MAX);
}
