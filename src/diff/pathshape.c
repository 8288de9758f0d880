/* Shapes of paths: /users/17/posts?b=1&a=2 is /users/{n}/posts?a&b. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "diff_inside.h"

enum { PARAMETERS_MAX = 64, WORD_ROOM = 128, NUMBER_PIECE = 4, HEX_PIECE = 8, HEX_LEAST = 12, TOKEN_LEAST = 16, TOKEN_LONG = 32 };

struct shape_out { char *at; size_t len, room; };

static void
out_add(struct shape_out *o, struct bytes more)
{
	size_t room = o->room - 1 - o->len, n = more.len < room ? more.len : room;

	if (n)
		memcpy(o->at + o->len, more.at, n);
	o->len += n;
	o->at[o->len] = '\0';
}

struct tally { size_t digits, hex, upper, lower, other; };	/* hex: letters a to f; other: no part of a token */

static struct tally
tally_of(struct bytes w)
{
	struct tally t = { 0 };

	for (size_t i = 0; i < w.len; i++) {
		uint8_t c = w.at[i];

		t.digits += isdigit(c) != 0;
		t.hex += isxdigit(c) && !isdigit(c);
		t.upper += c >= 'A' && c <= 'Z';
		t.lower += c >= 'a' && c <= 'z';
		t.other += !isalnum(c) && !strchr("-_.=~%", c);
	}
	return t;
}

/* RFC 9562 section 4. */
static bool
is_uuid(struct bytes w)
{
	for (size_t i = 0; i < w.len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? w.at[i] != '-' : !isxdigit(w.at[i]))
			return false;
	}
	return w.len == 36;
}

/* Words of people have no digits among capitals and small letters; and a JWT begins {" in base64. */
static bool
is_token(struct bytes w, const struct tally *t)
{
	if (t->other || w.len < TOKEN_LEAST)
		return false;
	if (!memcmp(w.at, "eyJ", 3))
		return true;
	return t->digits >= 2 && ((t->upper >= 2 && t->lower >= 2) ||
		(w.len >= TOKEN_LONG && t->digits + t->upper + t->lower == w.len));
}

const char *
path_word(struct bytes w)
{
	struct tally t = tally_of(w);

	if (w.len && t.digits == w.len)
		return "{n}";
	if (is_uuid(w))
		return "{uuid}";
	if (w.len >= HEX_LEAST && t.digits && t.digits + t.hex == w.len)
		return "{hex}";
	return is_token(w, &t) ? "{token}" : NULL;
}

/* Part of a segment: app.3f2a9c1b.js, photo-20261126. */
static const char *
piece_name(struct bytes w)
{
	struct tally t = tally_of(w);

	if (w.len >= NUMBER_PIECE && t.digits == w.len)
		return "{n}";
	return w.len >= HEX_PIECE && t.digits && t.digits + t.hex == w.len ? "{hex}" : NULL;
}

static size_t
until(struct bytes w, const char *ends)
{
	size_t i = 0;

	while (i < w.len && (!w.at[i] || !strchr(ends, w.at[i])))
		i++;
	return i;
}

static void
word_shape(struct shape_out *o, struct bytes w)
{
	const char *name = path_word(w);

	if (name) {
		out_add(o, bytes_of(name));
		return;
	}
	for (size_t n; w.len; w = bytes_from(w, n ? n : 1)) {
		n = until(w, ".-_,;:=@");
		name = piece_name((struct bytes){ w.at, n });
		out_add(o, name ? bytes_of(name) : (struct bytes){ w.at, n ? n : 1 });
	}
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
query_shape(struct shape_out *o, struct bytes query)
{
	char name[PARAMETERS_MAX][WORD_ROOM];
	size_t names = 0, n;

	for (; query.len && names < PARAMETERS_MAX; query = bytes_from(query, n + 1)) {
		struct bytes pair = { query.at, n = until(query, "&") };
		struct shape_out to = { name[names], 0, WORD_ROOM };

		*name[names] = '\0';
		pair.len = until(pair, "=");
		word_shape(&to, pair);
		names += to.len > 0;
	}
	qsort(name, names, sizeof(*name), by_name);
	for (size_t i = 0, told = 0; i < names; i++) {
		if (i && !strcmp(name[i], name[i - 1]))
			continue;
		out_add(o, told++ ? LIT("&") : LIT("?"));
		out_add(o, bytes_of(name[i]));
	}
}

void
diff_shape(struct bytes path, char out[DIFF_SHAPE_ROOM])
{
	struct shape_out o = { out, 0, DIFF_SHAPE_ROOM };
	size_t n;

	*out = '\0';
	path.len = until(path, "#");
	while (path.len && *path.at != '?') {
		n = until(path, "/?");
		word_shape(&o, (struct bytes){ path.at, n });
		path = bytes_from(path, n);
		if (path.len && *path.at == '/') {
			out_add(&o, LIT("/"));
			path = bytes_from(path, 1);
		}
	}
	if (path.len)
		query_shape(&o, bytes_from(path, 1));
}
