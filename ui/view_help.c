/* Help: every key and action, as they are bound now, and every decoder and view. */
#include <string.h>

#include "badge.h"
#include "desk.h"
#include "folio.h"
#include "glyph.h"
#include "keymap.h"
#include "page.h"

enum { DOC_MAX = 1 << 20, KEYS = 18, NAME = 14 };

struct help {
	struct desk *desk;
	struct folio folio;
};

static void
help_row(struct doc *to, const char *keys, const char *name, const char *about)
{
	doc_putf(to, ROLE_KEY, "%-*s", KEYS, keys);
	doc_putf(to, ROLE_WORD, " %-*s ", NAME, name);
	doc_putf(to, ROLE_TEXT, "%s", about);
	doc_hang(to, KEYS + 1 + NAME + 1);
	doc_line(to);
}

static void
help_open(void *st, struct desk *desk)
{
	struct help *h = st;
	struct doc *to = doc_new(DOC_MAX);
	char keys[64];

	h->desk = desk;
	page_heading(to, "Keys and actions: any of them can be typed after :");
	for (const struct action *a = desk->actions; a->name; a++) {
		keymap_keys(desk->keymap, a, keys, sizeof(keys));
		help_row(to, keys, a->name, a->help);
	}
	page_heading(to, "Views, for :view NAME");
	for (size_t i = 0; desk->views[i]; i++)
		help_row(to, "", desk->views[i]->name, desk->views[i]->about);
	page_heading(to, "Decoders, for m");
	for (size_t i = 0; desk->decoders[i]; i++)
		help_row(to, "", desk->decoders[i]->name, desk->decoders[i]->about);
	page_heading(to, "Marks in the list");
	for (const struct badge *b = badges; b->mark; b++) {
		doc_putf(to, b->role, "%*s%s", KEYS + 1, "", b->mark);
		doc_putf(to, ROLE_TEXT, "%*s%s", NAME + 1 - (int)glyph_columns(bytes_of(b->mark)), "", b->about);
		doc_line(to);
	}
	folio_set(&h->folio, to, false);
}

static size_t
help_lines(void *st)
{
	struct help *h = st;

	return folio_lines(&h->folio);
}

static void
help_line(void *st, size_t i, struct line *out)
{
	struct help *h = st;

	folio_line(&h->folio, i, out);
}

static void
help_title(void *st, struct line *out, unsigned columns)
{
	(void)st, (void)columns;
	line_putf(out, ROLE_TITLE, "Help");
	line_putf(out, ROLE_FAINT, "  q closes, / searches");
}

static void
help_close(void *st)
{
	struct help *h = st;

	folio_release(&h->folio);
}

const struct view_ops view_help = {
	.name = "help", .about = "all keys and actions", .size = sizeof(struct help), .wraps = true,
	.open = help_open, .lines = help_lines, .line = help_line, .title = help_title, .close = help_close,
};
