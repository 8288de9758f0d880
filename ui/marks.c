/* What a flow is marked with, as a colour and a sign. */
#include <string.h>

#include "glyph.h"
#include "marks.h"

static const struct { const char *name; enum role role; } colours[] = {
	{ "red", ROLE_MARKED_RED }, { "orange", ROLE_MARKED_ORANGE }, { "yellow", ROLE_MARKED_YELLOW },
	{ "green", ROLE_MARKED_GREEN }, { "blue", ROLE_MARKED_BLUE }, { "purple", ROLE_MARKED_PURPLE },
};

static const struct { const char *name, *sign; } signs[] = {
	{ ":star:", "★" }, { ":x:", "✗" }, { ":heavy_check_mark:", "✓" }, { ":white_check_mark:", "✓" },
	{ ":warning:", "⚠" }, { ":question:", "?" }, { ":exclamation:", "!" },
};

const char *
mark_colour(size_t i)
{
	return i < ARRAY_LEN(colours) ? colours[i].name : NULL;
}

/* mitmproxy's ":red_circle:" is our red, ":default:" the usual one. */
static struct bytes
plain(struct bytes word)
{
	struct bytes circle = LIT("_circle:");

	if (word.len < 3 || word.at[0] != ':' || word.at[word.len - 1] != ':')
		return word;
	if (word.len > circle.len && !memcmp(word.at + word.len - circle.len, circle.at, circle.len))
		return (struct bytes){ word.at + 1, word.len - circle.len - 1 };
	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (bytes_are(word, signs[i].name))
			return bytes_of(signs[i].sign);
	return (struct bytes){ 0 };
}

struct tag
mark_of(const char *text)
{
	struct bytes all = plain(bytes_trim(bytes_of(text))), word = all;
	struct tag m = { ROLE_MARKED, all };
	const uint8_t *space = all.len ? memchr(all.at, ' ', all.len) : NULL;

	word.len = space ? (size_t)(space - all.at) : all.len;
	for (size_t i = 0; i < ARRAY_LEN(colours); i++)
		if (bytes_like(word, colours[i].name)) {
			m.role = colours[i].role;
			m.sign = bytes_trim(bytes_from(all, word.len));
		}
	if (!m.sign.len)
		m.sign = LIT(MARK_USUAL);
	m.sign.len = glyph_fit(m.sign, MARK_COLUMNS);
	return m;
}

void
mark_line(struct line *l, enum role role)
{
	static const bool takes[ROLE_COUNT] = {
		[ROLE_TEXT] = true, [ROLE_METHOD] = true, [ROLE_HOST] = true, [ROLE_PATH] = true, [ROLE_FAINT] = true,
	};

	for (size_t i = 0; i < l->spans; i++)
		if (takes[l->span[i].role])
			l->span[i].role = role;
}
