/* Secrets that a text shows by their shape, or by a listed name in front. */
#include <string.h>
#include <strings.h>

#include "redact_inside.h"

enum { BEARER_LEAST = 8, BEARER_SURE = 20, JWT_LEAST = 4, JWT_PARTS = 5, JWT_HEAD_MAX = 512, TAG_MAX = 1024,
	WORD_MAX = 2 * REDACT_NAME_MAX };

/* Of a text, from a place on: what is to be replaced, and what it is. */
struct found {
	struct name *name;
	size_t at, len;
};

static bool
letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
word_byte(uint8_t c)
{
	return letter(c) || digit(c) || c == '_' || c == '-';
}

static size_t
run(struct bytes b, size_t at, const char *more)
{
	size_t i = at;

	while (i < b.len && (letter(b.at[i]) || digit(b.at[i]) || (b.at[i] && strchr(more, b.at[i]))))
		i++;
	return i - at;
}

static bool
starts(struct bytes b, size_t at, const char *with)
{
	size_t n = strlen(with);

	return b.len - at >= n && !memcmp(b.at + at, with, n);
}

static bool
starts_like(struct bytes b, size_t at, const char *with)
{
	size_t n = strlen(with);

	return b.len - at >= n && !strncasecmp((const char *)b.at + at, with, n);
}

/* Nothing of a word stands before it; the end of an escape (%3D, \n) is no word. */
static bool
begins_word(struct bytes b, size_t at)
{
	return !at || !word_byte(b.at[at - 1]) || (at > 1 && b.at[at - 2] == '\\') || (at > 2 && b.at[at - 3] == '%');
}

/* RFC 7519, RFC 7516: base64url parts with dots between; the first is an object, so it begins {" */
static bool
find_jwt(struct redactor *r, struct bytes b, size_t at, struct found *f)
{
	size_t len = 0, parts = 0, n;

	if (!starts(b, at, "eyJ"))
		return false;
	/* In the midst of a word it is looked for from many places: each a little. */
	if (!begins_word(b, at) && !memchr(b.at + at, '.', b.len - at < JWT_HEAD_MAX ? b.len - at : JWT_HEAD_MAX))
		return false;
	do {
		n = run(b, at + len, "-_");
		if (parts < 2 && n < JWT_LEAST && !(parts && b.at[at + len - 1] == '.' && starts(b, at + len, ".")))
			return false;
		len += n;
		parts++;
	} while (parts < JWT_PARTS && at + len < b.len && b.at[at + len] == '.' && ++len);
	*f = (struct found){ redact_label(r, "jwt"), at, len };
	return parts >= 2;
}

/* RFC 6750: a word of prose behind "bearer" has no digit and is not that long. */
static bool
find_bearer(struct redactor *r, struct bytes b, size_t at, struct found *f)
{
	size_t from = at + 6, n;
	bool sure;

	if ((b.at[at] | 0x20) != 'b' || !starts_like(b, at, "bearer") || !begins_word(b, at))
		return false;
	for (;;) {
		if (from < b.len && (b.at[from] == ' ' || b.at[from] == '+' || b.at[from] == '\t'))
			from++;
		else if (starts_like(b, from, "%20"))
			from += 3;
		else
			break;
	}
	n = from > at + 6 ? run(b, from, "-._~+/=%") : 0;
	sure = n >= BEARER_SURE;
	for (size_t i = from; i < from + n && !sure; i++)
		sure = digit(b.at[i]) && n >= BEARER_LEAST;
	*f = (struct found){ redact_label(r, "bearer"), from, n };
	return sure;
}

/* As their makers say, so that they can be found. */
static bool
find_key(struct redactor *r, struct bytes b, size_t at, struct found *f)
{
	static const struct { const char *prefix; size_t least; } keys[] = {
		{ "AIza", 35 }, { "AKIA", 20 }, { "ASIA", 20 }, { "SG.", 40 }, { "dop_v1_", 40 }, { "gho_", 36 }, { "ghp_", 36 }, { "ghr_", 36 },
		{ "ghs_", 36 }, { "ghu_", 36 }, { "github_pat_", 40 }, { "glpat-", 20 }, { "hf_", 30 }, { "npm_", 36 }, { "pk_live_", 20 },
		{ "pypi-", 40 }, { "rk_live_", 20 }, { "shpat_", 32 }, { "sk-", 20 }, { "sk_live_", 20 }, { "sk_test_", 20 }, { "xapp-", 20 },
		{ "xoxa-", 20 }, { "xoxb-", 20 }, { "xoxp-", 20 }, { "xoxs-", 20 }, { "ya29.", 20 },
	};
	size_t n;

	if (!letter(b.at[at]) || !begins_word(b, at))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (b.at[at] == *keys[i].prefix && starts(b, at, keys[i].prefix)) {
			n = run(b, at, "-_.");
			*f = (struct found){ redact_label(r, "key"), at, n };
			return n >= keys[i].least;
		}
	return false;
}

/* RFC 7468: from BEGIN to END, or to where the text is cut. */
static bool
find_pem(struct redactor *r, struct bytes b, size_t at, struct found *f)
{
	const uint8_t *label_end, *end;
	size_t from;

	if (!starts(b, at, "-----BEGIN "))
		return false;
	from = at + 11;
	label_end = memmem(b.at + from, b.len - from < 60 ? b.len - from : 60, "PRIVATE KEY-----", 16);
	if (!label_end)
		return false;
	from = (size_t)(label_end - b.at) + 16;
	end = memmem(b.at + from, b.len - from, "-----END ", 9);
	*f = (struct found){ redact_label(r, "private-key"), from, (end ? (size_t)(end - b.at) : b.len) - from };
	return f->len;
}

/* https://user:password@host (RFC 3986 section 3.2.1) */
static bool
find_userinfo(struct redactor *r, struct bytes b, size_t at, struct found *f)
{
	size_t n = 0;

	if (b.at[at] != ':' || !starts(b, at, "://"))
		return false;
	for (at += 3; at + n < b.len && b.at[at + n] > ' ' && !strchr("/?#\"'<>@\\", b.at[at + n]); n++)
		;
	*f = (struct found){ redact_label(r, "userinfo"), at, n };
	return n && at + n < b.len && b.at[at + n] == '@';
}

/* What is behind a listed name, up to a place where it may begin to be a value. */
static size_t
blanks(struct bytes b, size_t at)
{
	while (at < b.len && (b.at[at] == ' ' || b.at[at] == '\t'))
		at++;
	return at;
}

/* A quote, which may be escaped itself: its length; 0: none. */
static size_t
quote_at(struct bytes b, size_t at)
{
	size_t slash = 0;

	while (at + slash < b.len && b.at[at + slash] == '\\')
		slash++;
	return at + slash < b.len && (b.at[at + slash] == '"' || b.at[at + slash] == '\'') ? slash + 1 : 0;
}

/* Up to the same quote, or the end of a text that is cut. */
static size_t
quoted_length(struct bytes b, size_t at, size_t quote)
{
	size_t i = at;

	for (; i < b.len; i++) {
		if (b.len - i >= quote && !memcmp(b.at + i, b.at + at - quote, quote))
			break;
		if (b.at[i] == '\\' && quote == 1)
			i++;
	}
	return (i < b.len ? i : b.len) - at;
}

/* An object or a list, whatever is wrong in it: to its bracket, or the end. */
static size_t
nested_length(struct bytes b, size_t at)
{
	size_t depth = 0, i = at;

	for (; i < b.len; i++) {
		if (b.at[i] == '"') {
			i += quoted_length(b, i + 1, 1) + 1;
		} else if (b.at[i] == '{' || b.at[i] == '[') {
			depth++;
		} else if ((b.at[i] == '}' || b.at[i] == ']') && !--depth) {
			return i + 1 - at;
		}
	}
	return b.len - at;
}

static size_t
until(struct bytes b, size_t at, const char *ends)
{
	size_t i = at;

	while (i < b.len && b.at[i] && !strchr(ends, b.at[i]))
		i++;
	return i - at;
}

/* XML 1.0 section 2.7: a CDATA section has any character. */
static size_t
element_length(struct bytes b, size_t *at)
{
	const uint8_t *end;

	if (!starts(b, *at, "<![CDATA["))
		return until(b, *at, "<");
	*at += 9;
	end = memmem(b.at + *at, b.len - *at, "]]>", 3);
	return (end ? (size_t)(end - b.at) : b.len) - *at;
}

/* What stands behind the name and its sign: in quotes, in brackets, or bare. */
static size_t
value_length(struct bytes b, size_t *at, bool quoted_name, char sign)
{
	size_t quote = quote_at(b, *at);

	if (quote) {
		*at += quote;
		return quoted_length(b, *at, quote);
	}
	if (quoted_name && *at < b.len && (b.at[*at] == '{' || b.at[*at] == '['))
		return nested_length(b, *at);
	if (sign == '>')
		return element_length(b, at);
	if (quoted_name)
		return until(b, *at, ",}] \t\r\n");
	return until(b, *at, sign == ':' ? "\r\n" : "&; \t\r\n\"'<>");
}

/* null and the truths hide nothing, where what is in front is a member's name. */
static bool
hides_nothing(struct bytes v)
{
	return !v.len || bytes_are(v, "null") || bytes_are(v, "true") || bytes_are(v, "false");
}

/* <name>, <ns:name attribute="">: the place of the > behind it; 0: it is no tag. */
static size_t
tag_end(struct bytes b, size_t at, size_t behind)
{
	if (!at || (b.at[at - 1] != '<' && b.at[at - 1] != ':') || behind >= b.len || !strchr(" \t\r\n>", b.at[behind]) || !b.at[behind])
		return 0;
	for (size_t i = behind; i < b.len && i < behind + TAG_MAX && b.at[i] != '<'; i++)
		if (b.at[i] == '>')
			return i;
	return 0;
}

/* Where the sign behind a name is, with blanks and the name's closing quote before it; b.len: there is none. */
static size_t
sign_at(struct bytes b, size_t at, size_t word, enum shape how, size_t *quote)
{
	size_t i = at + word, tag = how == SHAPE_WORDS ? tag_end(b, at, i) : 0;

	if (tag)
		return tag;
	*quote = quote_at(b, i);
	i = blanks(b, i + *quote);
	if (i >= b.len || (b.at[i] != '=' && b.at[i] != ':'))
		return b.len;
	if (how == SHAPE_WORDS)
		return i;
	/* In prose, a colon is none. */
	return (b.at[i] == '=' && i == at + word) || quote_at(b, blanks(b, i + 1)) ? i : b.len;
}

static bool
assigned(struct redactor *r, struct bytes b, size_t at, enum shape how, struct found *f)
{
	struct name *n;
	size_t word, quote = 0, i;

	if (!word_byte(b.at[at]) || !begins_word(b, at))
		return false;
	word = run((struct bytes){ b.at, b.len - at < WORD_MAX ? b.len : at + WORD_MAX }, at, "-_.");
	n = redact_name(r, (struct bytes){ b.at + at, word });
	i = n ? sign_at(b, at, word, how, &quote) : b.len;
	if (i >= b.len)
		return false;
	*f = (struct found){ .name = n, .at = i + 1 };
	if (b.at[i] == '=' && starts(b, i + 1, ">"))
		f->at++;
	if (b.at[i] != '>')
		f->at = blanks(b, f->at);
	f->len = value_length(b, &f->at, quote, (char)b.at[i]);
	return !hides_nothing((struct bytes){ b.at + f->at, f->len });
}

static bool
find(struct redactor *r, struct bytes b, size_t at, enum shape how, struct found *f)
{
	static bool (*const finder[])(struct redactor *r, struct bytes b, size_t at, struct found *f) = {
		find_jwt, find_key, find_bearer, find_pem, find_userinfo,
	};

	if (how != SHAPE_TOKENS && assigned(r, b, at, how, f))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(finder); i++)
		if (finder[i](r, b, at, f))
			return true;
	return false;
}

/* A value that was written with escapes is the same as one without. */
static bool
replace(struct redactor *r, const struct found *f, struct bytes b, struct buf *out)
{
	struct bytes raw = { b.at + f->at, f->len };
	struct buf text;
	bool ok;

	if (!raw.len || !memchr(raw.at, '\\', raw.len))
		return redact_secret(r, f->name, raw, out);
	buf_init(&text, raw.len * 3 + 16);
	ok = redact_unescape(raw, &text) && redact_secret(r, f->name, buf_bytes(&text), out);
	buf_release(&text);
	return ok;
}

bool
redact_shape(struct redactor *r, struct bytes text, enum shape how, struct buf *out)
{
	size_t done = 0;
	struct found f;

	for (size_t at = 0; at < text.len; at++) {
		if (!find(r, text, at, how, &f))
			continue;
		if (!buf_add(out, (struct bytes){ text.at + done, f.at - done }) || !replace(r, &f, text, out))
			return false;
		done = f.at + f.len;
		at = done - 1;
	}
	return buf_add(out, bytes_from(text, done));
}
