/*
 * What every match of a regular expression has in it: the longest run of
 * plain characters outside of all brackets. Where the expression says more
 * than is understood here, nothing: that only costs time.
 */
#include <ctype.h>
#include <string.h>

#include "search_inside.h"

struct scan {
	struct bytes left;
	unsigned depth;			/* of brackets */
	uint8_t run[SEARCH_LITERAL_MAX];
	size_t len;
	bool full;			/* the run goes on, and is not taken on */
	uint8_t *best;
	size_t best_len, room;
};

static void
run_ends(struct scan *s)
{
	if (s->len > s->best_len && s->len <= s->room) {
		memcpy(s->best, s->run, s->len);
		s->best_len = s->len;
	}
	s->len = 0;
	s->full = false;
}

static void
run_put(struct scan *s, uint8_t c)
{
	if (s->depth)
		return;
	if (s->len == sizeof(s->run))
		s->full = true;
	else
		s->run[s->len++] = (uint8_t)tolower(c);
}

/* The character before may be missing: of a full run, another was the last. */
static void
run_without_last(struct scan *s)
{
	s->len -= s->len && !s->full;
	run_ends(s);
}

static uint8_t
next(struct scan *s)
{
	uint8_t c = *s->left.at;

	s->left = (struct bytes){ s->left.at + 1, s->left.len - 1 };
	return c;
}

static bool
ahead(const struct scan *s, const char *what)
{
	size_t len = strlen(what);

	return s->left.len >= len && !memcmp(s->left.at, what, len);
}

/* Escapes that stand for a class, a control or a place, and take nothing more. */
static bool
scan_escape(struct scan *s)
{
	uint8_t c;

	if (!s->left.len)
		return false;
	c = next(s);
	if (!isalnum(c) && c < 0x80) {
		run_put(s, c);
		return true;
	}
	run_ends(s);
	return c < 0x80 && strchr("dDwWsShHvVRbBAzZGntrfae", c);
}

static bool
scan_class(struct scan *s)
{
	bool first = true;

	run_ends(s);
	if (ahead(s, "^"))
		(void)next(s);
	while (s->left.len) {
		uint8_t c = next(s);

		if (c == ']' && !first)
			return true;
		first = false;
		if (c == '\\') {
			if (!s->left.len || ahead(s, "Q") || ahead(s, "E"))
				return false;
			(void)next(s);
		} else if (c == '[' && (ahead(s, ":") || ahead(s, ".") || ahead(s, "="))) {
			const uint8_t *end = memmem(s->left.at, s->left.len, ":]", 2);

			if (!ahead(s, ":") || !end)
				return false;
			s->left.len -= (size_t)(end + 2 - s->left.at);
			s->left.at = end + 2;
		}
	}
	return false;
}

static bool
scan_group(struct scan *s)
{
	static const char *const known[] = { "?:", "?=", "?!", "?<", "?>", "?P<" };

	run_ends(s);
	s->depth++;
	if (ahead(s, "*"))
		return false;
	if (!ahead(s, "?"))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (ahead(s, known[i]))
			return true;
	return false;
}

/* "{2,3}": what stands before may be missing. */
static bool
scan_count(struct scan *s)
{
	run_without_last(s);
	while (s->left.len) {
		uint8_t c = next(s);

		if (c == '}')
			return true;
		if (!isdigit(c) && c != ',' && c != ' ')
			return false;
	}
	return false;
}

/* False: no run is in every match, or that cannot be said. */
static bool
scan_one(struct scan *s)
{
	uint8_t c = next(s);

	switch (c) {
	case '\\':
		return scan_escape(s);
	case '[':
		return scan_class(s);
	case '(':
		return scan_group(s);
	case ')':
		return s->depth-- > 0;
	case '{':
		return scan_count(s);
	case '|':
		return s->depth;
	case '?': case '*':
		run_without_last(s);
		return true;
	case '+': case '.': case '^': case '$':
		run_ends(s);
		return true;
	default:
		run_put(s, c);
		return true;
	}
}

size_t
literal_of(struct bytes regex, uint8_t *out, size_t room)
{
	struct scan s = { .left = regex, .best = out, .room = room };

	while (s.left.len)
		if (!scan_one(&s))
			return 0;
	if (s.depth)
		return 0;
	run_ends(&s);
	return s.best_len;
}
