#ifndef UI_FOLIO_H
#define UI_FOLIO_H

#include "view.h"

/*
 * A doc as a view shows it: with what is nested folded away where the person
 * said so. Owns the doc.
 */
struct folio {
	struct doc *doc;
	bool *folded;		/* by line of the doc */
	size_t *shown;		/* lines of the doc that are in sight */
	size_t count;
};

/* Takes the doc. `same`: what was folded stays so. */
void folio_set(struct folio *f, struct doc *doc, bool same);
void folio_release(struct folio *f);
size_t folio_lines(const struct folio *f);
void folio_line(const struct folio *f, size_t i, struct line *out);
/* The heading that line i stands under; "": it stands under none. Of what is nested deeper, "…". */
struct bytes folio_heading(const struct folio *f, size_t i);
void folio_fold(struct folio *f, size_t i);

#endif
