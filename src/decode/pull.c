/* JSON read in place, one thing at a time: https://www.rfc-editor.org/rfc/rfc8259 */
#include <string.h>

#include "pull.h"

struct skip {
	const uint8_t *at, *end;
	unsigned depth;
	char close[PULL_DEPTH_MAX];	/* of each that is open */
};

static bool
among(uint8_t c, const char *set)
{
	return c && strchr(set, c);
}

static void
skip_space(struct skip *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r'))
		s->at++;
}

static bool
skip_char(struct skip *s, char c)
{
	skip_space(s);
	if (s->at == s->end || *s->at != (uint8_t)c)
		return false;
	s->at++;
	return true;
}

static bool
skip_string(struct skip *s)
{
	if (!skip_char(s, '"'))
		return false;
	while (s->at < s->end && *s->at != '"')
		s->at += *s->at == '\\' && s->end - s->at > 1 ? 2 : 1;
	return skip_char(s, '"');
}

/* true, false, null or a number, whose form is not looked at closely. */
static bool
skip_word(struct skip *s)
{
	static const char *const words[] = { "true", "false", "null" };
	struct bytes word = { s->at, 0 };

	while (s->at < s->end && among(*s->at, "+-.0123456789Eabcdefghijklmnopqrstuvwxyz"))
		s->at++;
	word.len = (size_t)(s->at - word.at);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (bytes_are(word, words[i]))
			return true;
	return word.len && among(*word.at, "-0123456789");
}

static bool
skip_scalar(struct skip *s)
{
	skip_space(s);
	return s->at < s->end && *s->at == '"' ? skip_string(s) : skip_word(s);
}

static bool
skip_open(struct skip *s)
{
	skip_space(s);
	if (s->at == s->end || (*s->at != '{' && *s->at != '[') || s->depth == PULL_DEPTH_MAX)
		return false;
	s->close[s->depth++] = *s->at++ == '{' ? '}' : ']';
	return true;
}

static bool
skip_close(struct skip *s)
{
	if (!s->depth || !skip_char(s, s->close[s->depth - 1]))
		return false;
	s->depth--;
	return true;
}

static bool
skip_name(struct skip *s)
{
	return s->close[s->depth - 1] == ']' || (skip_string(s) && skip_char(s, ':'));
}

static bool
skip_value(struct skip *s)
{
	for (;;) {
		bool opened = skip_open(s);

		if (opened && !skip_close(s)) {
			if (!skip_name(s))
				return false;
			continue;
		}
		if (!opened && !skip_scalar(s))
			return false;
		while (skip_close(s))
			;
		if (!s->depth)
			return true;
		if (!skip_char(s, ',') || !skip_name(s))
			return false;
	}
}

/* Only what is used is set: its stack is large. */
static void
skip_begin(struct skip *s, struct bytes in)
{
	s->at = in.at;
	s->end = in.at + in.len;
	s->depth = 0;
	skip_space(s);
}

static struct bytes
value_take(struct bytes *rest)
{
	struct skip s;
	const uint8_t *from, *end = rest->at + rest->len;

	skip_begin(&s, *rest);
	from = s.at;
	if (!skip_value(&s))
		s.at = end;
	*rest = (struct bytes){ s.at, (size_t)(end - s.at) };
	return (struct bytes){ from, (size_t)(s.at - from) };
}

/* Past the space, and then past c. */
static bool
char_take(struct bytes *rest, char c)
{
	while (rest->len && among(*rest->at, " \t\r\n"))
		*rest = (struct bytes){ rest->at + 1, rest->len - 1 };
	if (!rest->len || *rest->at != (uint8_t)c)
		return false;
	*rest = (struct bytes){ rest->at + 1, rest->len - 1 };
	return true;
}

bool
pull_whole(struct bytes json)
{
	struct skip s;

	if (!json.len)
		return false;
	skip_begin(&s, json);
	if (!skip_value(&s))
		return false;
	skip_space(&s);
	return s.at == s.end;
}

struct pull
pull_into(struct bytes value, char open)
{
	struct pull p = { value, open == '{' ? '}' : ']' };

	if (!char_take(&p.rest, open))
		p.rest.len = 0;
	return p;
}

bool
pull_item(struct pull *p, struct bytes *value)
{
	(void)char_take(&p->rest, ',');
	if (char_take(&p->rest, p->close))
		p->rest.len = 0;
	if (!p->rest.len)
		return false;
	*value = value_take(&p->rest);
	return value->len > 0;
}

bool
pull_member(struct pull *p, struct bytes *name, struct bytes *value)
{
	if (!pull_item(p, name) || name->len < 2 || !pull_is_text(*name) || !char_take(&p->rest, ':') || !p->rest.len) {
		p->rest.len = 0;
		return false;
	}
	*name = (struct bytes){ name->at + 1, name->len - 2 };
	*value = value_take(&p->rest);
	return value->len > 0;
}

static struct bytes
member_named(struct bytes object, struct bytes wanted)
{
	struct pull p = pull_into(object, '{');
	struct bytes name, value;

	while (pull_member(&p, &name, &value))
		if (bytes_same(name, wanted))
			return value;
	return (struct bytes){ 0 };
}

static struct bytes
item_numbered(struct bytes array, uint64_t at)
{
	struct pull p = pull_into(array, '[');
	struct bytes value;

	while (pull_item(&p, &value))
		if (!at--)
			return value;
	return (struct bytes){ 0 };
}

/* How many bytes come before any of these. */
static size_t
span_to(struct bytes b, const char *stops)
{
	size_t n = 0;

	while (n < b.len && !among(b.at[n], stops))
		n++;
	return n;
}

/* "[0]" or "['name']" */
static struct bytes
path_bracket(struct bytes value, struct bytes *path)
{
	struct bytes inside = { path->at + 1, span_to(*path, "]") - 1 };
	uint64_t at;

	*path = bytes_from(*path, inside.len + 2);
	if (inside.len > 1 && among(*inside.at, "'\"") && inside.at[inside.len - 1] == *inside.at)
		return member_named(value, (struct bytes){ inside.at + 1, inside.len - 2 });
	return pull_count(inside, &at) ? item_numbered(value, at) : (struct bytes){ 0 };
}

static struct bytes
path_name(struct bytes value, struct bytes *path)
{
	struct bytes name = bytes_from(*path, *path->at == '.');

	name.len = span_to(name, ".[");
	*path = bytes_from(*path, name.len + (*path->at == '.'));
	return member_named(value, name);
}

struct bytes
pull_at(struct bytes json, struct bytes path)
{
	if (path.len && *path.at == '$')
		path = bytes_from(path, 1);
	for (unsigned i = 0; path.len && json.len; i++) {
		if (i == PULL_PATH_MAX)
			return (struct bytes){ 0 };
		json = *path.at == '[' ? path_bracket(json, &path) : path_name(json, &path);
	}
	return json;
}

struct bytes
pull_to(struct bytes json, const char *path)
{
	return pull_at(json, bytes_of(path));
}

bool
pull_is_text(struct bytes value)
{
	return value.len > 0 && *value.at == '"';
}

/* Without its quotes, the last of which may be missing. */
static struct bytes
text_bare(struct bytes value)
{
	if (!pull_is_text(value))
		return (struct bytes){ 0 };
	value = bytes_from(value, 1);
	if (value.len && value.at[value.len - 1] == '"')
		value.len--;
	return value;
}

bool
pull_is(struct bytes value, const char *text)
{
	return pull_is_text(value) && bytes_are(text_bare(value), text);
}

static bool
text_add(struct buf *to, struct bytes more)
{
	size_t room = to->limit - to->len;
	struct bytes fits = { more.at, more.len < room ? more.len : room };

	return (!fits.len || buf_add(to, fits)) && fits.len == more.len;
}

/* XXXX of \uXXXX; -1: it is none. */
static int32_t
hex4(struct bytes b)
{
	int32_t n = 0;

	if (b.len < 6 || b.at[0] != '\\' || b.at[1] != 'u')
		return -1;
	for (size_t i = 2; i < 6; i++) {
		int digit = hex_digit(b.at[i]);

		if (digit < 0)
			return -1;
		n = n << 4 | digit;
	}
	return n;
}

static bool
rune_add(struct buf *to, uint32_t c)
{
	uint8_t out[4];
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const uint8_t first[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n; i--; c >>= 6)
		out[i] = (uint8_t)(i ? 0x80 | (c & 0x3f) : first[n] | c);
	return n <= to->limit - to->len && text_add(to, (struct bytes){ out, n });
}

/* What b, which begins with a backslash, stands for; two of \uXXXX may be one
 * character. What stands for nothing stays as it is. */
static bool
escape_add(struct buf *to, struct bytes b, size_t *used)
{
	static const char codes[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
	const char *code = b.len > 1 && b.at[1] ? strchr(codes, b.at[1]) : NULL;
	int32_t high = hex4(b), low = high >> 10 == 0xd800 >> 10 ? hex4(bytes_from(b, 6)) : -1;

	*used = high >= 0 ? 6 : b.len > 1 ? 2 : 1;
	if (code)
		return text_add(to, (struct bytes){ (const uint8_t *)&means[code - codes], 1 });
	if (high < 0)
		return text_add(to, (struct bytes){ b.at, *used });
	if (low >> 10 == 0xdc00 >> 10) {
		*used = 12;
		return rune_add(to, 0x10000 + ((uint32_t)(high & 0x3ff) << 10 | (uint32_t)(low & 0x3ff)));
	}
	return rune_add(to, high >> 11 == 0xd800 >> 11 ? 0xfffd : (uint32_t)high);
}

bool
pull_text(struct bytes value, struct buf *to)
{
	struct bytes b = text_bare(value);

	while (b.len) {
		const uint8_t *back = memchr(b.at, '\\', b.len);
		size_t n = back ? (size_t)(back - b.at) : b.len;

		if (!text_add(to, (struct bytes){ b.at, n }))
			return false;
		b = bytes_from(b, n);
		if (b.len && !escape_add(to, b, &n))
			return false;
		b = bytes_from(b, b.len ? n : 0);
	}
	return true;
}

bool
pull_count(struct bytes value, uint64_t *count)
{
	uint64_t n = 0;

	if (!value.len)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] < '0' || value.at[i] > '9' || n > (UINT64_MAX - 9) / 10)
			return false;
		n = n * 10 + value.at[i] - (unsigned)'0';
	}
	*count = n;
	return true;
}
