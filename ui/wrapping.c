/* Rows of a line of words. */
#include "glyph.h"
#include "wrapping.h"

struct rows {
	unsigned width, hang;
	unsigned *start;
	size_t count;		/* that are begun */
	unsigned column;	/* that has been reached */
	unsigned gap;		/* behind the last space; 0: none in this row yet */
};

static unsigned
row_width(const struct rows *r)
{
	return r->count > 1 ? r->width - r->hang : r->width;
}

static void
row_break(struct rows *r)
{
	unsigned begins = r->start[r->count - 1];

	r->start[r->count++] = r->gap > begins ? r->gap : r->column;
	r->gap = 0;
}

/* A space at the edge stays where nobody sees it; names before the hang are not broken. */
static bool
row_takes(struct rows *r, const struct glyph *g)
{
	bool space = g->columns == 1 && g->text[0] == ' ' && !g->mark;

	if (!space && r->column + g->columns > r->start[r->count - 1] + row_width(r)) {
		if (r->count == WRAP_ROWS)
			return false;
		row_break(r);
	}
	r->column += g->columns;
	if (space && (r->count > 1 || r->column > r->hang))
		r->gap = r->column;
	return true;
}

size_t
wrap_rows(const struct span *span, size_t spans, unsigned width, unsigned hang, unsigned start[WRAP_ROWS + 1])
{
	struct rows r = { .width = width ? width : 1, .hang = hang < width / 2 ? hang : 0, .start = start, .count = 1 };

	start[0] = 0;
	for (size_t i = 0; i < spans; i++) {
		struct bytes text = span[i].text;
		struct glyph g;
		size_t used;

		while ((used = glyph_next(text, r.column, &g)) && row_takes(&r, &g))
			text = (struct bytes){ text.at + used, text.len - used };
		if (used)
			break;
	}
	start[r.count] = r.column;
	return r.count;
}
