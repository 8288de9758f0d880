/* What stands on the screen for a character of foreign text. */
#include <stdio.h>
#include <string.h>

#include "soth/utf8.h"
#include "glyph.h"

enum { TAB_STOP = 4, COMBINING_MAX = 4 };	/* a cell of curses holds 5 characters */

static void
glyph_mark(struct glyph *g, const char *fmt, unsigned value)
{
	g->columns = (unsigned)snprintf(g->text, sizeof(g->text), fmt, value);
	g->mark = true;
}

static void
glyph_tab(struct glyph *g, unsigned column)
{
	g->columns = TAB_STOP - column % TAB_STOP;
	memset(g->text, ' ', g->columns);
	g->text[g->columns] = '\0';
}

/* Adds the zero-width characters that follow, as long as they have room. */
static size_t
glyph_combine(struct bytes s, size_t used, struct glyph *g)
{
	size_t len = strlen(g->text);

	for (int n = 0; n < COMBINING_MAX && used < s.len && s.at[used] >= 0x80; n++) {
		struct bytes rest = { s.at + used, s.len - used };
		uint32_t rune;
		size_t step = utf8_next(rest, &rune);
		struct bytes one = { rest.at, step };

		if (!step || !utf8_printable(rune) || utf8_columns(one) || len + step >= sizeof(g->text))
			break;
		memcpy(g->text + len, rest.at, step);
		len += step;
		used += step;
	}
	g->text[len] = '\0';
	return used;
}

static size_t
glyph_ascii(uint8_t c, unsigned column, struct glyph *g)
{
	if (c == '\t')
		glyph_tab(g, column);
	else if (c < 0x20 || c == 0x7f)
		glyph_mark(g, "^%c", c ^ 0x40u);
	else {
		g->text[0] = (char)c;
		g->text[1] = '\0';
		g->columns = 1;
	}
	return 1;
}

size_t
glyph_next(struct bytes s, unsigned column, struct glyph *g)
{
	uint32_t rune = 0;
	struct bytes one = { s.at, 0 };

	g->columns = 0;
	g->mark = false;
	g->text[0] = '\0';
	if (!s.len)
		return 0;
	if (*s.at < 0x80) {
		size_t used = glyph_ascii(*s.at, column, g);

		return g->mark || s.len == 1 || s.at[1] < 0x80 ? used : glyph_combine(s, used, g);
	}
	one.len = utf8_next(s, &rune);
	if (one.len <= 1) {
		glyph_mark(g, "\\x%02x", *s.at);
		return 1;
	}
	g->columns = utf8_columns(one);
	if (!utf8_printable(rune) || !g->columns || one.len >= sizeof(g->text)) {
		glyph_mark(g, "<%04x>", rune);
		return one.len;
	}
	memcpy(g->text, s.at, one.len);
	g->text[one.len] = '\0';
	return glyph_combine(s, one.len, g);
}

unsigned
glyph_columns(struct bytes s)
{
	unsigned columns = 0;
	struct glyph g;
	size_t used;

	while ((used = glyph_next(s, columns, &g))) {
		columns += g.columns;
		s.at += used;
		s.len -= used;
	}
	return columns;
}

size_t
glyph_fit(struct bytes s, unsigned columns)
{
	size_t at = 0, used;
	unsigned column = 0;
	struct glyph g;

	while ((used = glyph_next((struct bytes){ s.at + at, s.len - at }, column, &g))) {
		if (column + g.columns > columns)
			break;
		column += g.columns;
		at += used;
	}
	return at;
}
