/* Texts that are the same but for what comes anew each time: numbers, dates, tokens. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "diff_inside.h"
#include "soth/utf8.h"

/* FNV-1a. */
static const uint64_t hash_first = UINT64_C(0xcbf29ce484222325), hash_times = UINT64_C(0x100000001b3);

/* The next word; *at is behind it. Between words each byte is one. */
static struct bytes
next_word(struct bytes b, size_t *at)
{
	struct bytes w = bytes_from(b, *at);
	size_t len = 0;

	while (len < w.len && (isalnum(w.at[len]) || w.at[len] >= 0x80))
		len++;
	w.len = len ? len : w.len != 0;
	*at += w.len;
	return w;
}

static bool
is_name_of_time(struct bytes w)
{
	static const char names[] = "mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec ";

	for (const char *n = names; *n && w.len == 3; n += 4)
		if (!strncasecmp((const char *)w.at, n, 3))
			return true;
	return false;
}

/* A number, a date, a token: there is a digit in it, or it is part of a date. */
static bool
comes_anew(struct bytes w)
{
	for (size_t i = 0; i < w.len; i++)
		if (isdigit(w.at[i]))
			return true;
	return is_name_of_time(w);
}

bool
texts_alike(struct bytes a, struct bytes b)
{
	size_t i = 0, k = 0;

	while (i < a.len && k < b.len) {
		struct bytes x = next_word(a, &i), y = next_word(b, &k);

		if (!bytes_same(x, y) && !(comes_anew(x) && comes_anew(y)))
			return false;
	}
	return i == a.len && k == b.len;
}

uint64_t
alike_hash(struct bytes b)
{
	bool text = utf8_valid(b);
	uint64_t h = hash_first;

	for (size_t at = 0; at < b.len; ) {
		struct bytes w = text ? next_word(b, &at) : (struct bytes){ b.at + at++, 1 };

		if (text && comes_anew(w))
			w = LIT("0");
		for (size_t i = 0; i < w.len; i++)
			h = (h ^ w.at[i]) * hash_times;
	}
	return h;
}
