/* Text fitted into a column. */
#include "cell.h"
#include "glyph.h"

/* The end of s that takes at most `columns`. */
static struct bytes
cell_tail(struct bytes s, unsigned columns)
{
	unsigned left = glyph_columns(s);
	struct glyph g;
	size_t used;

	while (left > columns && (used = glyph_next(s, 0, &g))) {
		s.at += used;
		s.len -= used;
		left = left > g.columns ? left - g.columns : 0;
	}
	return s;
}

static void
cell_text(struct line *l, enum role role, struct bytes s)
{
	line_putf(l, role, "%.*s", (int)s.len, (const char *)s.at);
}

static unsigned
cell_start(struct line *l, enum role role, struct bytes s, unsigned width)
{
	struct bytes head = { s.at, glyph_fit(s, width) };

	cell_text(l, role, head);
	return glyph_columns(head);
}

static unsigned
cell_end(struct line *l, enum role role, struct bytes s, unsigned width)
{
	struct bytes tail = cell_tail(s, width);

	line_putf(l, ROLE_FAINT, "…");
	cell_text(l, role, tail);
	return 1 + glyph_columns(tail);
}

void
cell_put(struct line *l, enum role role, struct bytes text, unsigned width, enum cell_cut cut)
{
	unsigned used, half = (width - 1) / 2;

	if (!width)
		return;
	if (glyph_columns(text) <= width) {
		used = cell_start(l, role, text, width);
	} else if (cut == CUT_START) {
		used = cell_end(l, role, text, width - 1);
	} else if (cut == CUT_MIDDLE) {
		used = cell_start(l, role, text, half);
		used += cell_end(l, role, text, width - 1 - used);
	} else {
		used = cell_start(l, role, text, width - 1);
		line_putf(l, ROLE_FAINT, "…");
		used++;
	}
	if (used < width)
		line_putf(l, ROLE_TEXT, "%*s", (int)(width - used), "");
}

void
cell_right(struct line *l, enum role role, struct bytes text, unsigned width)
{
	unsigned columns = glyph_columns(text);

	if (columns < width)
		line_putf(l, ROLE_TEXT, "%*s", (int)(width - columns), "");
	cell_put(l, role, text, columns < width ? columns : width, CUT_END);
}
