/* Texts of filter expressions: bare, or in quotes. */
#include <ctype.h>
#include <string.h>

#include "inside.h"

bool
argument_bare(char c)
{
	return c && !strchr("()~'\"", c) && !isspace((unsigned char)c);
}

/* In quotes, a backslash takes the character behind it as it is, but for n, r and t. */
static bool
quoted(const char *text, size_t *at, struct buf *out, struct fault *why)
{
	static const char from[] = "nrt", to[] = "\n\r\t";
	const char *s = text + *at + 1;
	char quote = text[*at];

	for (; *s && *s != quote; s++) {
		char c = *s;
		const char *known;

		if (c == '\\' && s[1]) {
			c = *++s;
			known = strchr(from, c);
			c = known ? to[known - from] : c;
		}
		if (!buf_add(out, (struct bytes){ (const uint8_t *)&c, 1 }))
			return fault(why, "the expression is too long");
	}
	if (!*s)
		return fault(why, "a quote that does not end");
	*at = (size_t)(s - text) + 1;
	return true;
}

bool
argument_text(const char *text, size_t *at, struct buf *out, struct fault *why)
{
	size_t n = 0;

	*why = (struct fault){ "" };
	if (text[*at] == '"' || text[*at] == '\'')
		return quoted(text, at, out, why);
	while (argument_bare(text[*at + n]))
		n++;
	if (!n)
		return false;
	if (!buf_add(out, (struct bytes){ (const uint8_t *)text + *at, n }))
		return fault(why, "the expression is too long");
	*at += n;
	return true;
}
