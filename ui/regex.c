/* Regular expressions of values, as they are put together. */
#include <stdio.h>
#include <string.h>

#include "regex.h"

enum { VALUE_LONGEST = 100 };

void
regex_put(struct regex *r, const char *text)
{
	size_t len = strlen(text);

	if (r->used + len >= sizeof(r->text)) {
		r->cut = true;
		return;
	}
	memcpy(r->text + r->used, text, len + 1);
	r->used += len;
}

/* One byte that stands for itself. Those past ASCII mean nothing else. */
static void
regex_byte(struct regex *r, uint8_t c)
{
	char text[8];

	if (c < 0x20 || c == 0x7f)
		snprintf(text, sizeof(text), "\\x%02x", c);
	else
		snprintf(text, sizeof(text), "%s%c", strchr("\\^$.[]|()?*+{}#", c) ? "\\" : "", c);
	regex_put(r, text);
}

/* All of the value and then `end`; or its beginning alone, where it is long, or was `cut`. */
void
regex_value(struct regex *r, struct bytes value, bool cut, const char *end)
{
	size_t len = value.len < VALUE_LONGEST ? value.len : VALUE_LONGEST;

	/* Room for what follows is kept: a byte takes at most four. */
	for (size_t i = 0; i < len && !r->cut; i++) {
		r->cut = r->used + 4 + strlen(end) + 1 >= sizeof(r->text);
		if (!r->cut)
			regex_byte(r, value.at[i]);
	}
	if (len == value.len && !cut && !r->cut)
		regex_put(r, end);
}

/* A byte as it is, or behind a percent sign. */
static void
regex_escaped(struct regex *r, uint8_t c)
{
	bool plain = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || strchr("-._~", c);
	char text[8];

	if (!plain)
		regex_put(r, "(");
	regex_byte(r, c);
	snprintf(text, sizeof(text), "|%%%02x)", c);
	if (c == ' ')
		regex_put(r, "|\\+");
	if (!plain)
		regex_put(r, text);
}

enum { ESCAPED_MAX = 14 };	/* bytes that one takes */

/* False: it is cut, without `end`. */
bool
regex_escapes(struct regex *r, struct bytes value, const char *end)
{
	size_t i = 0;

	while (i < value.len && i < VALUE_LONGEST && r->used + ESCAPED_MAX + strlen(end) < sizeof(r->text))
		regex_escaped(r, value.at[i++]);
	if (i == value.len)
		regex_put(r, end);
	return i == value.len;
}

/* A name has to be whole, or what stands behind it is another's. */
bool
regex_name(struct regex *r, struct bytes name, const char *end)
{
	if (name.len > VALUE_LONGEST)
		return false;
	regex_value(r, name, false, end);
	return !r->cut;
}

/* Behind the term's name: bare, or in quotes, where backslashes stand twice. */
void
regex_term(const struct regex *r, const char *name, char out[REGEX_TERM_MAX])
{
	bool bare = !strpbrk(r->text, "()~'\" \t");
	size_t n = (size_t)snprintf(out, REGEX_TERM_MAX, bare ? "~%s %s" : "~%s \"", name, r->text);

	for (const char *p = r->text; !bare && *p && n + 4 < REGEX_TERM_MAX; p++) {
		if (*p == '\\' || *p == '"')
			out[n++] = '\\';
		out[n++] = *p;
	}
	snprintf(out + n, REGEX_TERM_MAX - n, bare ? "" : "\"");
}
