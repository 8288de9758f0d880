/* From a path to the value in JSON: what is beside the way is skipped, not looked into. */
#include <string.h>

#include "json.h"
#include "jsonpath_inside.h"
#include "soth/jsonpath.h"

enum { SHOWN_MAX = 100, DIGITS_MAX = 18 };

bool
way_fails(struct way *w, const char *words)
{
	size_t len = (size_t)(w->at - w->path);

	return fault(w->why, "%.*s%s: %s", len < SHOWN_MAX ? (int)len : SHOWN_MAX, w->path,
		len < SHOWN_MAX ? "" : "...", words);
}

static uint32_t
hex_value(struct bytes b)
{
	uint32_t v = 0;

	for (size_t i = 0; i < b.len; i++)
		v = v << 4 | (b.at[i] <= '9' ? b.at[i] & 15u : (b.at[i] & 7u) + 9);
	return v;
}

/* "u00e9", of which at least the u is there. */
static uint32_t
name_unit(struct name *n)
{
	size_t len = n->rest.len < 5 ? n->rest.len : 5;
	uint32_t unit = hex_value((struct bytes){ n->rest.at + 1, len - 1 });

	n->rest = (struct bytes){ n->rest.at + len, n->rest.len - len };
	return unit;
}

/* Two escapes may be one rune: \\ud83d\\ude00. */
static uint32_t
name_rune(struct name *n)
{
	uint32_t high = name_unit(n), low;
	struct name ahead = *n;

	if (high >> 10 != 0xd800 >> 10 || ahead.rest.len < 6 || memcmp(ahead.rest.at, "\\u", 2))
		return high;
	ahead.rest = (struct bytes){ ahead.rest.at + 1, ahead.rest.len - 1 };
	low = name_unit(&ahead);
	if (low >> 10 != 0xdc00 >> 10)
		return high;
	*n = ahead;
	return 0x10000 + ((high & 0x3ff) << 10 | (low & 0x3ff));
}

/* UTF-8, last byte first: it is taken from the end. */
static void
name_hold(struct name *n, uint32_t rune)
{
	static const uint8_t lead[] = { 0, 0xc0, 0xe0, 0xf0 };
	unsigned more = rune < 0x80 ? 0 : rune < 0x800 ? 1 : rune < 0x10000 ? 2 : 3;

	for (unsigned i = 0; i < more; i++, rune >>= 6)
		n->held[n->count++] = (uint8_t)(0x80 | (rune & 0x3f));
	n->held[n->count++] = (uint8_t)(lead[more] | rune);
}

int
name_byte(struct name *n)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *known;
	uint8_t c;

	if (n->count)
		return n->held[--n->count];
	if (!n->rest.len)
		return -1;
	c = *n->rest.at;
	if (c == '\\' && n->escaped && n->rest.len > 1) {
		c = n->rest.at[1];
		n->rest = (struct bytes){ n->rest.at + 1, n->rest.len - 1 };
		if (c == 'u') {
			name_hold(n, name_rune(n));
			return n->held[--n->count];
		}
		known = c ? strchr(from, c) : NULL;
		c = known ? (uint8_t)to[known - from] : c;
	}
	n->rest = (struct bytes){ n->rest.at + 1, n->rest.len - 1 };
	return c;
}

static bool
name_is(struct bytes member, const struct step *s)
{
	struct name a = { .rest = member, .escaped = true }, b = { .rest = s->name, .escaped = s->escaped };
	int c;

	if (member.len == s->name.len && !s->escaped && !memcmp(member.at, s->name.at, member.len))
		return !memchr(member.at, '\\', member.len);
	if (!memchr(member.at, '\\', member.len) && !s->escaped)
		return false;
	while ((c = name_byte(&a)) == name_byte(&b))
		if (c < 0)
			return true;
	return false;
}

static bool
step_index(struct way *w, struct step *s)
{
	const char *from = w->at;

	for (; *w->at >= '0' && *w->at <= '9' && w->at - from < DIGITS_MAX; w->at++)
		s->index = s->index * 10 + (uint64_t)(*w->at - '0');
	if (w->at == from || *w->at != ']')
		return way_fails(w, "expected a number or a name in quotes, and ]");
	w->at++;
	return true;
}

static bool
step_quoted(struct way *w, struct step *s)
{
	char quote = *w->at++;
	const char *from = w->at;

	for (; *w->at && *w->at != quote; w->at++)
		if (*w->at == '\\' && w->at[1])
			w->at++;
	if (!*w->at || w->at[1] != ']')
		return way_fails(w, "expected the end of the name, and ]");
	*s = (struct step){ .named = true, .escaped = true, .name = { (const uint8_t *)from, (size_t)(w->at - from) } };
	w->at += 2;
	return true;
}

bool
step_read(struct way *w, struct step *s)
{
	char first = *w->at++;
	const char *from = w->at;

	*s = (struct step){ 0 };
	if (first == '[')
		return *w->at == '"' || *w->at == '\'' ? step_quoted(w, s) : step_index(w, s);
	w->at += first == '.' ? strcspn(w->at, ".[") : 0;
	if (w->at == from)
		return way_fails(w, first == '.' ? "expected a name behind the dot" : "expected . or [");
	*s = (struct step){ .named = true, .name = { (const uint8_t *)from, (size_t)(w->at - from) } };
	return true;
}

/* NULL: there is nothing more. */
const uint8_t *
way_space(const struct way *w, const uint8_t *at)
{
	at = at ? json_space_end(at, w->end) : NULL;
	return at && at < w->end ? at : NULL;
}

/* Behind the value at `at`. */
const uint8_t *
way_over(const struct way *w, const uint8_t *at)
{
	size_t len = json_extent((struct bytes){ at, (size_t)(w->end - at) });

	return len ? at + len : NULL;
}

bool
way_is_value(const uint8_t *at)
{
	return at && *at != ',' && *at != ':' && *at != ']' && *at != '}';
}

/* In the object at `at`. */
const uint8_t *
way_member(const struct way *w, const uint8_t *at, const struct step *s)
{
	at++;
	while ((at = way_space(w, at))) {
		const uint8_t *end = *at == '"' ? json_string_end(at, w->end) : NULL;
		bool found;

		if (*at == ',') {
			at++;
			continue;
		}
		if (!end)
			return NULL;
		found = name_is((struct bytes){ at + 1, (size_t)(end - at) - 2 }, s);
		at = way_space(w, end);
		if (!at || *at != ':')
			return NULL;
		at = way_space(w, at + 1);
		if (found || !at)
			return way_is_value(at) ? at : NULL;
		at = way_is_value(at) ? way_over(w, at) : at;
	}
	return NULL;
}

/* In the array at `at`. */
const uint8_t *
way_element(const struct way *w, const uint8_t *at, uint64_t index)
{
	at++;
	while ((at = way_space(w, at)) && *at != ']' && *at != '}')
		if (*at == ',' || *at == ':') {
			if (*at++ == ',' && !index--)
				return NULL;
		} else if (!index) {
			return at;
		} else {
			at = way_over(w, at);
		}
	return NULL;
}

/* The value of which there are `before` before it. */
const uint8_t *
way_outermost(const struct way *w, uint64_t before)
{
	const uint8_t *at = w->json;

	if (w->end - at > 3 && !memcmp(at, "\xef\xbb\xbf", 3))
		at += 3;
	while ((at = way_space(w, at)))
		if (!way_is_value(at))
			at++;
		else if (!before--)
			return at;
		else
			at = way_over(w, at);
	return NULL;
}

bool
way_root(struct way *w, uint64_t *before)
{
	uint64_t n = 0;
	const char *from;

	if (*w->at++ != '$') {
		w->at = w->path + strlen(w->path);
		return way_fails(w, "a path begins with $");
	}
	for (from = w->at; *w->at >= '0' && *w->at <= '9' && w->at - from < DIGITS_MAX; w->at++)
		n = n * 10 + (uint64_t)(*w->at - '0');
	if (w->at > from && !n)
		return way_fails(w, "the first value is $ or $1");
	*before = n ? n - 1 : 0;
	return true;
}

static bool
way_begin(struct way *w, const uint8_t **at)
{
	uint64_t before;

	if (!way_root(w, &before))
		return false;
	*at = way_outermost(w, before);
	return *at || way_fails(w, "no such value");
}

bool
jsonpath_find(struct bytes json, const char *path, uint64_t *offset, struct fault *why)
{
	struct way w = { path, path, json.at, json.at + json.len, why };
	const uint8_t *at = NULL;
	struct step s;

	if (!json.len)
		return fault(why, "no bytes");
	if (!way_begin(&w, &at))
		return false;
	while (*w.at) {
		if (!step_read(&w, &s))
			return false;
		if (*at != (s.named ? '{' : '['))
			return way_fails(&w, s.named ? "what should hold it is no object" : "what should hold it is no array");
		at = s.named ? way_member(&w, at, &s) : way_element(&w, at, s.index);
		if (!at)
			return way_fails(&w, s.named ? "no such member" : "no such element");
	}
	*offset = (uint64_t)(at - json.at);
	return true;
}
