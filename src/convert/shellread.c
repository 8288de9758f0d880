/* Commands of a shell, cut into words: POSIX.1-2017, XCU 2.2; bash's $''; cmd's carets. */
#include <stdio.h>
#include <string.h>

#include "shellread.h"

static int
byte_at(const struct shell *s, size_t ahead)
{
	return s->at + ahead < s->text.len ? s->text.at[s->at + ahead] : -1;
}

void
shell_begin(struct shell *s, struct bytes text)
{
	bool carets = text.len && memmem(text.at, text.len, "^\"", 2);
	bool lines = text.len && (memmem(text.at, text.len, " ^\n", 3) || memmem(text.at, text.len, " ^\r\n", 4));

	*s = (struct shell){ .text = text, .kind = carets ? SHELL_CMD : lines ? SHELL_CMD_OLD : SHELL_SH };
}

void
shell_where(const struct shell *s, size_t at, char out[48])
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < at && i < s->text.len; i++) {
		column = s->text.at[i] == '\n' ? 1 : column + 1;
		line += s->text.at[i] == '\n';
	}
	snprintf(out, 48, "line %zu, column %zu", line, column);
}

static bool
put(struct buf *word, int c)
{
	uint8_t byte = (uint8_t)c;

	return buf_add(word, (struct bytes){ &byte, 1 });
}

static bool
put_rune(struct buf *word, uint32_t r)
{
	uint8_t b[4];
	size_t n = r < 0x80 ? 1 : r < 0x800 ? 2 : r < 0x10000 ? 3 : 4;
	static const uint8_t first[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n; i-- > 1; r >>= 6)
		b[i] = (uint8_t)(0x80 | (r & 0x3f));
	b[0] = (uint8_t)(first[n] | r);
	return buf_add(word, (struct bytes){ b, n });
}

/* At most `most` digits of that base, from *at on. */
static uint32_t
digits(struct bytes b, size_t *at, unsigned base, size_t most)
{
	uint32_t n = 0;

	for (size_t i = 0; i < most && *at < b.len; i++, ++*at) {
		int d = hex_digit(b.at[*at]);

		if (d < 0 || d >= (int)base)
			break;
		n = n * base + (uint32_t)d;
	}
	return n;
}

/* Behind a backslash: \n \t \x41 \101 \u00e9 and what stands for itself. */
static bool
escape(struct bytes b, size_t *at, struct buf *word)
{
	static const char names[] = "abefnrtvE", bytes[] = "\a\b\033\f\n\r\t\v\033";
	uint8_t c = b.at[(*at)++];
	const char *name = c ? strchr(names, c) : NULL;

	if (name)
		return put(word, bytes[name - names]);
	if (c == 'x')
		return put(word, (int)digits(b, at, 16, 2));
	if (c == 'u' || c == 'U') {
		uint32_t r = digits(b, at, 16, c == 'u' ? 4 : 8);

		return put_rune(word, r < 0x110000 ? r : 0xfffd);
	}
	if (c >= '0' && c <= '7') {
		--*at;
		return put(word, (int)digits(b, at, 8, 3));
	}
	if (!(c && strchr("\\'\"?", c)) && !put(word, '\\'))
		return false;
	return put(word, c);
}

bool
shell_printf(struct bytes format, struct buf *out)
{
	for (size_t i = 0; i < format.len; ) {
		uint8_t c = format.at[i++];
		bool ok;

		if (c == '\\' && i < format.len)
			ok = escape(format, &i, out);
		else if (c == '%' && (i == format.len || format.at[i++] != '%'))
			return false;
		else
			ok = put(out, c);
		if (!ok)
			return false;
	}
	return true;
}

static bool
unended(const struct shell *s, size_t from, const char *what, struct fault *why)
{
	char where[48];

	shell_where(s, from, where);
	return fault(why, "%s: %s has no end, or is too long", where, what);
}

static bool
single(struct shell *s, struct buf *word, struct fault *why)
{
	size_t from = s->at++;
	const uint8_t *end = s->at < s->text.len ? memchr(s->text.at + s->at, '\'', s->text.len - s->at) : NULL;
	size_t len = end ? (size_t)(end - s->text.at) - s->at : 0;

	if (!end || (len && !buf_add(word, (struct bytes){ s->text.at + s->at, len })))
		return unended(s, from, "what a ' begins", why);
	s->at += len + 1;
	return true;
}

/* $'text' */
static bool
dollar(struct shell *s, struct buf *word, struct fault *why)
{
	size_t from = s->at;
	bool ok = true;

	s->at += 2;
	while (ok && byte_at(s, 0) >= 0 && byte_at(s, 0) != '\'') {
		int c = s->text.at[s->at++];

		ok = c == '\\' && byte_at(s, 0) >= 0 ? escape(s->text, &s->at, word) : put(word, c);
	}
	if (!ok || byte_at(s, 0) < 0)
		return unended(s, from, "what $' begins", why);
	s->at++;
	return true;
}

/* $(printf 'format') within quotes; any other is left as it stands. */
static bool
substituted(struct shell *s, struct buf *word, bool *was, struct fault *why)
{
	static const char begins[] = "$(printf ";
	struct shell inner = *s;
	struct buf format;
	bool ok;

	*was = s->text.len - s->at > sizeof(begins) && !memcmp(s->text.at + s->at, begins, sizeof(begins) - 1);
	if (!*was)
		return true;
	inner.at += sizeof(begins) - 1;
	buf_init(&format, SHELL_BYTES_MAX);
	ok = true;
	while (ok && byte_at(&inner, 0) == '\'') {
		ok = single(&inner, &format, why);
		if (byte_at(&inner, 0) == '\\' && byte_at(&inner, 1) == '\n')
			inner.at += 2;
	}
	ok = ok && (byte_at(&inner, 0) == ')' || unended(s, s->at, "what $( begins", why)) &&
		(shell_printf(buf_bytes(&format), word) || unended(s, s->at, "printf's format", why));
	buf_release(&format);
	s->at = inner.at + 1;
	return ok;
}

static bool
doubled(struct shell *s, struct buf *word, struct fault *why)
{
	size_t from = s->at++;
	bool ok = true, was;

	while (ok && byte_at(s, 0) >= 0 && byte_at(s, 0) != '"') {
		int c = byte_at(s, 0), next = byte_at(s, 1);

		if (c == '$') {
			if (!substituted(s, word, &was, why))
				return false;
			if (was)
				continue;
		}
		s->at += c == '\\' && next > 0 && strchr("$`\"\\\n!", next) ? 2 : 1;
		if (c == '\\' && next == '\n')
			continue;
		ok = put(word, s->text.at[s->at - 1]);
	}
	if (!ok || byte_at(s, 0) < 0)
		return unended(s, from, "what a \" begins", why);
	s->at++;
	return true;
}

/* A line that goes on, and what cannot be seen between words. */
static bool
blank(struct shell *s)
{
	int c = byte_at(s, 0), on = s->kind == SHELL_SH ? '\\' : '^';
	size_t n = c == ' ' || c == '\t' || c == '\r' ? 1 : c != on ? 0 : byte_at(s, 1) == '\n' ? 2 :
		byte_at(s, 1) == '\r' && byte_at(s, 2) == '\n' ? 3 : 0;

	s->at += n;
	return n;
}

static bool
ends_word(const struct shell *s)
{
	int c = byte_at(s, 0);

	return c < 0 || (c && strchr(s->kind == SHELL_SH ? " \t\r\n;&|" : " \t\r\n&|", c));
}

static bool
sh_word(struct shell *s, struct buf *word, struct fault *why)
{
	while (!ends_word(s)) {
		int c = byte_at(s, 0), next = byte_at(s, 1);
		bool ok = true, was = false;

		if (c == '\'')
			ok = single(s, word, why);
		else if (c == '$' && next == '\'')
			ok = dollar(s, word, why);
		else if (c == '"' || (c == '$' && next == '"')) {
			s->at += c == '$';
			ok = doubled(s, word, why);
		} else if (c == '\\' && (next == '\n' || (next == '\r' && byte_at(s, 2) == '\n'))) {
			s->at += next == '\n' ? 2 : 3;
		} else {
			if (c == '$' && !substituted(s, word, &was, why))
				return false;
			if (was)
				continue;
			s->at += c == '\\' && next >= 0 ? 2 : 1;
			ok = put(word, s->text.at[s->at - 1]) || unended(s, s->at, "a word", why);
		}
		if (!ok)
			return false;
	}
	return true;
}

/* The next byte behind carets; *quote: it is a quote that begins or ends a word. */
static int
cmd_byte(struct shell *s, bool inside)
{
	int c = byte_at(s, 0);

	if (c == '^' && (s->kind == SHELL_CMD || !inside) && byte_at(s, 1) >= 0) {
		s->at++;
		c = byte_at(s, 0);
		/* Behind a caret a line end is nothing, and the one after it is itself. */
		if (c == '\r')
			s->at++;
		if (byte_at(s, 0) == '\n') {
			s->at++;
			c = byte_at(s, 0) == '\n' ? '\n' : byte_at(s, 0) == '\r' && byte_at(s, 1) == '\n' ? '\n' : -1;
			if (c < 0)
				return -1;
			s->at += byte_at(s, 0) == '\r';
		}
	}
	s->at++;
	return c;
}

/* \" and \\ as the program takes them; "" is one quote too. */
static bool
cmd_word(struct shell *s, struct buf *word, struct fault *why)
{
	size_t from = s->at;
	bool inside = false;

	while (byte_at(s, 0) >= 0 && (inside || !ends_word(s))) {
		int c = cmd_byte(s, inside), next;
		struct shell ahead = *s;

		if (c < 0)
			continue;
		next = byte_at(s, 0) >= 0 ? cmd_byte(&ahead, inside) : -1;
		if (c == '\\' && (next == '"' || next == '\\')) {
			*s = ahead;
			c = next;
		} else if (c == '"' && inside && next == '"') {
			*s = ahead;
		} else if (c == '"') {
			inside = !inside;
			continue;
		}
		if (!put(word, c))
			return unended(s, from, "a word", why);
	}
	return !inside || unended(s, from, "what a \" begins", why);
}

static void
skip_line(struct shell *s)
{
	while (byte_at(s, 0) >= 0 && byte_at(s, 0) != '\n')
		s->at++;
}

/* "> file" "2>&1": where output goes is nothing to a request. */
static bool
redirects(const struct shell *s)
{
	int c = byte_at(s, 0);

	return c == '>' || ((c == '1' || c == '2' || c == '&') && byte_at(s, 1) == '>');
}

static bool
redirect(struct shell *s, struct fault *why)
{
	struct buf name;
	bool ok;

	while (byte_at(s, 0) > 0 && strchr("12&>|", byte_at(s, 0)))
		s->at++;
	while (blank(s))
		;
	buf_init(&name, SHELL_BYTES_MAX);
	ok = (s->kind == SHELL_SH ? sh_word : cmd_word)(s, &name, why);
	buf_release(&name);
	return ok;
}

enum shell_got
shell_next(struct shell *s, struct buf *word, struct fault *why)
{
	int c;

	while (blank(s) || redirects(s))
		if (redirects(s) && !redirect(s, why))
			return SHELL_BROKEN;
	s->begun = s->at;
	c = byte_at(s, 0);
	if (c < 0)
		return SHELL_OVER;
	if (c == '#' && s->kind == SHELL_SH) {
		skip_line(s);
		return SHELL_ENDS;
	}
	if (c == '\n' || c == ';' || c == '&' || c == '|') {
		bool pipe = c == '|' && byte_at(s, 1) != '|';

		s->at += 1 + (byte_at(s, 1) == c && c != '\n');
		return pipe ? SHELL_PIPE : SHELL_ENDS;
	}
	if (!(s->kind == SHELL_SH ? sh_word : cmd_word)(s, word, why))
		return SHELL_BROKEN;
	return SHELL_WORD;
}

struct bytes
shell_here(struct shell *s, struct bytes end)
{
	struct bytes here;
	size_t from = s->at;

	while (byte_at(s, 0) >= 0) {
		size_t line = s->at;

		skip_line(s);
		here = (struct bytes){ s->text.at + line, s->at - line };
		s->at += byte_at(s, 0) == '\n';
		if (bytes_same(here, end))
			return (struct bytes){ s->text.at + from, line - from };
	}
	return (struct bytes){ s->text.at + from, s->at - from };
}
