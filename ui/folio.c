/* A doc with parts of it folded away. */
#include <stdlib.h>
#include <string.h>

#include "folio.h"

/* Whether lines nest under this one. */
static bool
folio_nests(const struct folio *f, size_t line)
{
	return line + 1 < doc_lines(f->doc) && doc_depth(f->doc, line + 1) > doc_depth(f->doc, line);
}

static size_t
folio_past(const struct folio *f, size_t line)
{
	unsigned depth = doc_depth(f->doc, line);

	while (++line < doc_lines(f->doc) && doc_depth(f->doc, line) > depth)
		;
	return line;
}

static void
folio_show(struct folio *f)
{
	f->count = 0;
	for (size_t line = 0; line < doc_lines(f->doc); line = f->folded[line] ? folio_past(f, line) : line + 1)
		f->shown[f->count++] = line;
}

void
folio_set(struct folio *f, struct doc *doc, bool same)
{
	size_t lines = doc_lines(doc), before = same && f->doc ? doc_lines(f->doc) : 0;
	bool *folded = xalloc(lines * sizeof(*folded) + 1);

	if (before)
		memcpy(folded, f->folded, (before < lines ? before : lines) * sizeof(*folded));
	folio_release(f);
	f->doc = doc;
	f->folded = folded;
	f->shown = xgrow(NULL, lines + 1, sizeof(*f->shown));
	folio_show(f);
}

void
folio_release(struct folio *f)
{
	if (f->doc)
		doc_free(f->doc);
	free(f->folded);
	free(f->shown);
	*f = (struct folio){ 0 };
}

size_t
folio_lines(const struct folio *f)
{
	return f->count;
}

void
folio_line(const struct folio *f, size_t i, struct line *out)
{
	size_t line = f->shown[i];

	line_of(out, f->doc, line);
	if (f->folded[line])
		line_putf(out, ROLE_FAINT, "  … %zu lines", folio_past(f, line) - line - 1);
}

/* What the line itself opens; else what it stands in. */
void
folio_fold(struct folio *f, size_t i)
{
	size_t line = f->shown[i];
	unsigned depth = doc_depth(f->doc, line);

	if (!f->folded[line] && !folio_nests(f, line))
		while (line > 0 && doc_depth(f->doc, line) >= depth)
			line--;
	if (!folio_nests(f, line))
		return;
	f->folded[line] = !f->folded[line];
	folio_show(f);
}

struct bytes
folio_heading(const struct folio *f, size_t i)
{
	size_t line = f->shown[i];
	unsigned depth = doc_depth(f->doc, line);
	struct line l = { .spans = 0 };

	if (depth != 1)
		return depth ? LIT("…") : LIT("");
	while (line > 0 && doc_depth(f->doc, line))
		line--;
	line_of(&l, f->doc, line);
	return l.spans ? l.span[0].text : LIT("");
}
