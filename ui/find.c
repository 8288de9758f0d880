/* Text in text, as a person looks for it. */
#include <ctype.h>
#include <string.h>

#include "find.h"

static bool
same(const uint8_t *text, struct bytes what)
{
	for (size_t i = 0; i < what.len; i++)
		if (tolower(text[i]) != what.at[i])
			return false;
	return true;
}

static const uint8_t *
earlier(const uint8_t *a, const uint8_t *b)
{
	return !a || (b && b < a) ? b : a;
}

/* The next byte that is that letter, in either case. */
static const uint8_t *
next_letter(const uint8_t *at, size_t len, uint8_t letter)
{
	const uint8_t *small = memchr(at, letter, len);
	int capital = toupper(letter);

	if (capital == letter)
		return small;
	return earlier(small, memchr(at, capital, small ? (size_t)(small - at) : len));
}

size_t
find_text(struct bytes text, struct bytes what)
{
	const uint8_t *at = text.at, *end;
	bool exact = false;

	if (!what.len || what.len > text.len)
		return SIZE_MAX;
	for (size_t i = 0; i < what.len; i++)
		exact = exact || isupper(what.at[i]);
	if (exact) {
		at = memmem(text.at, text.len, what.at, what.len);
		return at ? (size_t)(at - text.at) : SIZE_MAX;
	}
	end = text.at + text.len - what.len + 1;
	while (at < end && (at = next_letter(at, (size_t)(end - at), what.at[0]))) {
		if (same(at, what))
			return (size_t)(at - text.at);
		at++;
	}
	return SIZE_MAX;
}
