/* A QR code: of where the proxy is, for a phone to read; or of any text. */
#include <stdio.h>
#include <string.h>

#include "desk.h"
#include "folio.h"
#include "page.h"
#include "soth/qrcode.h"

enum { DOC_MAX = 64 << 10 };

struct qr_view {
	struct desk *desk;
	struct folio folio;
	char text[QRCODE_TEXT_MAX + 2];	/* that is shown */
};

/* White is what is light, whatever the terminal's colours are. */
static void
put_code(const char *text, struct doc *to)
{
	struct fault why;
	struct qrcode *q = qrcode_new(text, &why);
	char row[QRCODE_ROW];

	if (!q) {
		doc_putf(to, ROLE_ERROR, "%s", why.text);
		doc_line(to);
		return;
	}
	for (unsigned i = 0; i < qrcode_rows(q); i++) {
		qrcode_row(q, i, row);
		doc_paint(to, PAINT(0xffffff, 0), bytes_of(row));
		doc_line(to);
	}
	qrcode_free(q);
}

/* What it says of the code, behind it: the code must be in sight first. */
static void
put_words(const struct desk *desk, struct doc *to)
{
	char where[300];
	bool reached = desk->address && backend_reach(desk->address, where);

	if (!desk->address) {
		doc_putf(to, ROLE_FAINT, "only a file is open: no proxy listens");
	} else if (reached) {
		doc_putf(to, ROLE_TEXT, "A phone in this network reaches the proxy at ");
		doc_putf(to, ROLE_LINK, "%s", where);
		doc_line(to);
		doc_putf(to, ROLE_TEXT, "and, once it uses it, the certificate at ");
		doc_putf(to, ROLE_LINK, "http://soth.internal/");
	} else {
		doc_putf(to, ROLE_WARN, "%s is reached from this machine alone: start soth with -l 0.0.0.0:8080 for others", desk->address);
	}
	doc_line(to);
}

static void
qr_text(const struct desk *desk, char *out, size_t room)
{
	char where[300];

	if (*desk->qr)
		snprintf(out, room, "%s", desk->qr);
	else if (desk->address && backend_reach(desk->address, where))
		snprintf(out, room, "http://%s/", where);
	else
		snprintf(out, room, "http://soth.internal/");
}

static void
qr_open(void *st, struct desk *desk)
{
	((struct qr_view *)st)->desk = desk;
}

static bool
qr_refresh(void *st, unsigned columns)
{
	struct qr_view *v = st;
	char text[sizeof(v->text)];
	struct doc *to;

	(void)columns;
	qr_text(v->desk, text, sizeof(text));
	if (!strcmp(text, v->text))
		return false;
	memcpy(v->text, text, sizeof(v->text));
	to = doc_new(DOC_MAX);
	put_code(text, to);
	doc_putf(to, ROLE_LINK, "%s", text);
	doc_line(to);
	if (!*v->desk->qr)
		put_words(v->desk, to);
	folio_set(&v->folio, to, false);
	return true;
}

static size_t
qr_lines(void *st)
{
	return folio_lines(&((struct qr_view *)st)->folio);
}

static void
qr_line(void *st, size_t i, struct line *out)
{
	folio_line(&((struct qr_view *)st)->folio, i, out);
}

static void
qr_title(void *st, struct line *out, unsigned columns)
{
	(void)st, (void)columns;
	line_putf(out, ROLE_TITLE, "QR code");
	line_putf(out, ROLE_FAINT, "  q closes");
}

static void
qr_close(void *st)
{
	folio_release(&((struct qr_view *)st)->folio);
}

const struct view_ops view_qr = {
	.name = "qr", .about = "a QR code: of the proxy's address, for a phone", .size = sizeof(struct qr_view),
	.open = qr_open, .refresh = qr_refresh, .lines = qr_lines, .line = qr_line, .title = qr_title, .close = qr_close,
};
