/* What soth itself had to say. */
#include "desk.h"
#include "diary.h"
#include "folio.h"

enum { DOC_MAX = 1 << 20 };

struct log {
	struct desk *desk;
	uint64_t version;
	struct folio folio;
};

static void
log_open(void *st, struct desk *desk)
{
	struct log *l = st;

	l->desk = desk;
	l->version = UINT64_MAX;
}

static bool
log_refresh(void *st, unsigned columns)
{
	struct log *l = st;
	uint64_t version = diary_version(l->desk->diary);
	struct doc *to;

	(void)columns;
	if (version == l->version)
		return false;
	to = doc_new(DOC_MAX);
	diary_doc(l->desk->diary, to);
	folio_set(&l->folio, to, true);
	l->version = version;
	return true;
}

static size_t
log_lines(void *st)
{
	struct log *l = st;

	return folio_lines(&l->folio);
}

static void
log_text(void *st, size_t i, struct line *out)
{
	struct log *l = st;

	folio_line(&l->folio, i, out);
}

static void
log_title(void *st, struct line *out, unsigned columns)
{
	(void)st, (void)columns;
	line_putf(out, ROLE_TITLE, "Log");
}

static void
log_close(void *st)
{
	struct log *l = st;

	folio_release(&l->folio);
}

const struct view_ops view_log = {
	.name = "log", .about = "what soth itself had to say", .size = sizeof(struct log), .rows = true,
	.open = log_open, .refresh = log_refresh, .lines = log_lines, .line = log_text,
	.title = log_title, .close = log_close,
};
