/* The entries of a HAR file as texts: a file is walked through, and one entry of it is in memory. */
#include <stdlib.h>
#include <string.h>

#include "har_inside.h"
#include "soth/utf8.h"

enum {
	BLOCK = 64 << 10,
	DEPTH_MAX = 1000,
	VALUES_MAX = 8 << 20,	/* of an entry: each costs some 60 bytes of memory */
	NAME_MAX_ = 256,
};

void
har_scan_init(struct har_scan *s, FILE *in)
{
	*s = (struct har_scan){ .in = in, .block = xgrow(NULL, 1, BLOCK) };
	buf_init(&s->text, HAR_ENTRY_MAX);
}

void
har_scan_release(struct har_scan *s)
{
	free(s->block);
	buf_release(&s->text);
}

/* What of the block belongs to the text goes there. */
static void
scan_keep(struct har_scan *s)
{
	if (s->keeps && !s->over && !buf_add(&s->text, (struct bytes){ s->block + s->kept, s->at - s->kept }))
		s->over = true;
	s->kept = s->at;
}

static int
scan_peek(struct har_scan *s)
{
	if (s->at == s->len) {
		scan_keep(s);
		s->passed += s->len;
		s->at = s->kept = 0;
		s->len = fread(s->block, 1, BLOCK, s->in);
	}
	return s->at < s->len ? s->block[s->at] : EOF;
}

static int
scan_get(struct har_scan *s)
{
	int c = scan_peek(s);

	s->at += c != EOF;
	return c;
}

static int
scan_space(struct har_scan *s)
{
	int c;

	while ((c = scan_peek(s)) == ' ' || c == '\t' || c == '\n' || c == '\r')
		s->at++;
	return c;
}

static bool
scan_cut(const struct har_scan *s, struct fault *why)
{
	return fault(why, "byte %llu: the file ends here", (unsigned long long)(s->passed + s->at));
}

static bool
scan_wrong(const struct har_scan *s, const char *what, struct fault *why)
{
	return fault(why, "byte %llu: %s", (unsigned long long)(s->passed + s->at), what);
}

/* Past the quote at its end; its bytes up to there, escapes and all, cut to the room. */
static bool
scan_string(struct har_scan *s, char *room, size_t size, struct fault *why)
{
	size_t len = 0;
	int c;

	s->at++;
	while ((c = scan_get(s)) != '"') {
		if (c == EOF)
			return scan_cut(s, why);
		if (len + 1 < size)
			room[len++] = (char)c;
		if (c == '\\' && scan_get(s) == EOF)
			return scan_cut(s, why);
	}
	if (size)
		room[len] = 0;
	return true;
}

/* An object or array, to its end; whatever stands in it is counted alone. */
static bool
scan_nested(struct har_scan *s, struct fault *why)
{
	size_t depth = 0;

	do {
		int c = scan_peek(s);

		if (c == EOF)
			return scan_cut(s, why);
		if (c == '"') {
			if (!scan_string(s, NULL, 0, why))
				return false;
			continue;
		}
		if (c == '{' || c == '[')
			depth++;
		if (c == '}' || c == ']')
			depth--;
		if (c == ',' || c == '{' || c == '[')
			s->over = s->over || ++s->values > VALUES_MAX;
		if (depth > DEPTH_MAX)
			return scan_wrong(s, "nested too deep", why);
		s->at++;
	} while (depth);
	return true;
}

static bool
scan_value(struct har_scan *s, struct fault *why)
{
	int c = scan_space(s);

	if (c == '"')
		return scan_string(s, NULL, 0, why);
	if (c == '{' || c == '[')
		return scan_nested(s, why);
	if (c <= 0 || !strchr("-0123456789tfn", c))
		return c == EOF ? scan_cut(s, why) : scan_wrong(s, "no JSON value", why);
	while ((c = scan_peek(s)) != EOF && !strchr(",]} \t\r\n", c))
		s->at++;
	return true;
}

static bool
scan_one(struct har_scan *s, int expected, const char *what, struct fault *why)
{
	int c = scan_space(s);

	if (c == EOF)
		return scan_cut(s, why);
	if (c != expected)
		return scan_wrong(s, what, why);
	s->at++;
	return true;
}

/* Into the object that is next, up to the value of that member. */
static bool
scan_member(struct har_scan *s, const char *wanted, struct fault *why)
{
	char name[NAME_MAX_];

	if (!scan_one(s, '{', "no JSON object", why))
		return false;
	while (scan_space(s) == '"') {
		if (!scan_string(s, name, sizeof(name), why) || !scan_one(s, ':', "a name without a colon", why))
			return false;
		if (!strcmp(name, wanted))
			return true;
		if (!scan_value(s, why))
			return false;
		if (scan_space(s) == ',')
			s->at++;
	}
	return scan_space(s) == EOF ? scan_cut(s, why) :
		fault(why, "byte %llu: there is no \"%s\", so this is no HAR", (unsigned long long)(s->passed + s->at), wanted);
}

bool
har_scan_entries(struct har_scan *s, struct fault *why)
{
	static const uint8_t bom[] = { 0xef, 0xbb, 0xbf };

	for (size_t i = 0; i < sizeof(bom) && scan_peek(s) == bom[i]; i++)
		s->at++;
	return scan_member(s, "log", why) && scan_member(s, "entries", why) &&
		scan_one(s, '[', "\"entries\" is no array", why);
}

enum har_next
har_scan_next(struct har_scan *s, struct fault *why)
{
	bool read;
	int c = scan_space(s);

	if (c == ',') {
		s->at++;
		c = scan_space(s);
	}
	if (c == ']')
		return HAR_END;
	buf_release(&s->text);
	s->kept = s->at;
	s->keeps = true;
	s->over = false;
	s->values = 0;
	read = scan_value(s, why);
	scan_keep(s);
	s->keeps = false;
	return !read ? HAR_CUT : s->over ? HAR_ENTRY_LARGE : HAR_ENTRY;
}

/* The four digits of an escape "\uXXXX" that begins at `at`; -1: it is none. */
static long
escape_at(struct bytes b, size_t at)
{
	char digits[5] = "";

	if (at + 6 > b.len || b.at[at] != '\\' || b.at[at + 1] != 'u')
		return -1;
	memcpy(digits, b.at + at + 2, 4);
	return strspn(digits, "0123456789abcdefABCDEF") == 4 ? strtol(digits, NULL, 16) : -1;
}

/* Halves of a surrogate pair, which programs write that cut texts anywhere. */
static size_t
mend_escape(struct bytes b, uint8_t *at, size_t i)
{
	long one = escape_at(b, i), two = escape_at(b, i + 6);

	if (one < 0)
		return 2;
	if (one >= 0xd800 && one < 0xdc00 && two >= 0xdc00 && two < 0xe000)
		return 12;
	if (one >= 0xd800 && one < 0xe000)
		memcpy(at + i + 2, "fffd", 4);
	return 6;
}

/* What jansson refuses and a person would forgive: bytes that are not UTF-8, halves of pairs. */
static void
scan_mend(struct buf *text)
{
	struct bytes b = buf_bytes(text);

	for (size_t i = 0; i < b.len;) {
		uint32_t rune;
		size_t n;

		if (b.at[i] == '\\') {
			i += mend_escape(b, text->at, i);
			continue;
		}
		n = utf8_next(bytes_from(b, i), &rune);
		if (b.at[i] >= 0x80 && n == 1)
			text->at[i] = '?';
		i += n ? n : 1;
	}
}

json_t *
har_scan_json(struct har_scan *s, struct fault *why)
{
	json_error_t wrong;
	json_t *j = json_loadb((const char *)s->text.at, s->text.len, JSON_ALLOW_NUL, &wrong);

	if (j)
		return j;
	scan_mend(&s->text);
	j = json_loadb((const char *)s->text.at, s->text.len, JSON_ALLOW_NUL, &wrong);
	if (!j)
		fault(why, "byte %llu: %s", (unsigned long long)(s->passed + s->at - s->text.len + (size_t)wrong.position),
			wrong.text);
	return j;
}
