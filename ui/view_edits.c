/* What was changed in a flow's messages, by whom: as they came beside as they went on. */
#include <stdio.h>

#include "desk.h"
#include "folio.h"
#include "making.h"
#include "soth/convert.h"
#include "soth/edit.h"
#include "soth/trail.h"

enum { BODY_MAX = 4 << 20, AROUND = 3 };

/* Read by a thread, as comparing large bodies takes a while. */
struct comparison {
	struct store *store;
	const struct schema *schema;
	flow_id flow;
};

struct edits {
	struct desk *desk;
	flow_id flow;
	uint32_t notes;		/* of it, that were compared */
	bool same;		/* the flow of before: what is folded stays so */
	struct making *making;
	struct folio folio;
};

static struct edit_message
message_of(const struct comparison *c, const struct version *v, enum side side, struct bytes path)
{
	return (struct edit_message){ .head = v->head, .body = v->body.bytes, .trailers = v->trailers, .schema = c->schema,
		.side = side, .path = path };
}

/* Lines that are the same are shown around those that are not. */
static bool
is_near(const struct edit_rows *rows, size_t i)
{
	size_t from = i > AROUND ? i - AROUND : 0, to = i + AROUND < rows->rows ? i + AROUND : rows->rows - 1;

	for (size_t k = from; k <= to; k++)
		if (rows->row[k].kind != EDIT_SAME)
			return true;
	return false;
}

static void
put_rows(struct doc *to, const struct edit_rows *rows)
{
	static const struct { enum role role; const char *sign; } how[] = {
		[EDIT_SAME] = { ROLE_TEXT, "  " }, [EDIT_REMOVED] = { ROLE_BAD, "- " }, [EDIT_ADDED] = { ROLE_GOOD, "+ " },
	};
	size_t left = 0;

	for (size_t i = 0; i <= rows->rows; i++) {
		bool near = i < rows->rows && is_near(rows, i);

		if (i < rows->rows && !near) {
			left++;
			continue;
		}
		if (left) {
			doc_putf(to, ROLE_FAINT, "  … %zu line%s the same", left, left == 1 ? ", which is" : "s, which are");
			doc_line(to);
		}
		left = 0;
		if (i == rows->rows)
			break;
		doc_putf(to, how[rows->row[i].kind].role, "%s", how[rows->row[i].kind].sign);
		doc_put(to, how[rows->row[i].kind].role, rows->row[i].line);
		doc_line(to);
	}
}

/* "by hand", "rule 3": each time that it was edited. */
static size_t
put_who(const struct comparison *c, struct doc *to, enum side side)
{
	struct lens *l = lens_new(c->store);
	struct trail *t = trail_by(l, c->flow);
	struct glance g;
	struct fault why;
	struct note n;
	size_t count = 0;
	bool more;

	trail_show(t, TRAIL_BOTH);
	while ((more = trail_next(t, &g, &why)) || trail_busy(t)) {
		if (!more || g.kind != NOTE_HAND || g.code != HAND_EDITED || g.side != side || !lens_note(l, &g, &n, &why))
			continue;
		doc_putf(to, ROLE_EDITED, "%s", count ? ", " : "edited: ");
		doc_put(to, ROLE_EDITED, n.part.data.bytes);
		note_drop(&n);
		count++;
	}
	trail_free(t);
	lens_free(l);
	return count;
}

static void
compare_side(const struct comparison *c, struct doc *to, enum side side, struct bytes path)
{
	struct version was, is;
	struct edit_rows rows;
	struct edit_message a, b;

	doc_putf(to, ROLE_TITLE, side == CLIENT ? "Request  " : "Response  ");
	if (!put_who(c, to, side)) {
		doc_putf(to, ROLE_FAINT, "as it came");
		doc_line(to);
		return;
	}
	doc_line(to);
	(void)convert_version(c->store, c->flow, side, true, BODY_MAX, &was);
	(void)convert_version(c->store, c->flow, side, false, BODY_MAX, &is);
	a = message_of(c, &was, side, path);
	b = message_of(c, &is, side, path);
	doc_in(to);
	if (!was.head) {
		doc_putf(to, ROLE_FAINT, "nothing came: this is all of it");
		doc_line(to);
	}
	edit_compare(&a, &b, &rows);
	put_rows(to, &rows);
	if (!was.whole || !is.whole) {
		doc_putf(to, ROLE_FAINT, "a body that was not recorded whole, or is longer than %d MiB, is cut", BODY_MAX >> 20);
		doc_line(to);
	}
	doc_out(to);
	edit_rows_release(&rows);
	version_release(&was);
	version_release(&is);
}

static void
compare(void *of, struct doc *to)
{
	const struct comparison *c = of;
	struct lens *l = lens_new(c->store);
	struct head *request = lens_head(l, c->flow, CLIENT);

	for (int side = CLIENT; side <= SERVER; side++)
		compare_side(c, to, (enum side)side, request ? head_target(request) : LIT(""));
	head_drop(request);
	lens_free(l);
}

static void
edits_ask(struct edits *e, const struct row *row)
{
	struct comparison *c = xalloc(sizeof(*c));

	making_leave(e->making);
	e->same = e->flow == row->id;
	e->flow = row->id;
	e->notes = row->notes;
	*c = (struct comparison){ e->desk->store, e->desk->schema, row->id };
	e->making = making_start(e->desk, compare, c);
}

static bool
edits_take(struct edits *e)
{
	struct doc *doc = making_take(e->making);

	if (doc)
		folio_set(&e->folio, doc, e->same);
	return doc;
}

static void
edits_open(void *st, struct desk *desk)
{
	((struct edits *)st)->desk = desk;
}

static bool
edits_refresh(void *st, unsigned columns)
{
	struct edits *e = st;
	size_t at = store_index(e->desk->store, e->desk->flow);
	struct row row;

	(void)columns;
	if (at != SIZE_MAX && store_rows(e->desk->store, at, 1, &row) == 1 && row.id &&
		(row.id != e->flow || (row.notes != e->notes && !making_busy(e->making))))
		edits_ask(e, &row);
	return e->making && edits_take(e);
}

static size_t
edits_lines(void *st)
{
	return folio_lines(&((struct edits *)st)->folio);
}

static void
edits_line(void *st, size_t i, struct line *out)
{
	folio_line(&((struct edits *)st)->folio, i, out);
}

static void
edits_fold(void *st, size_t i)
{
	folio_fold(&((struct edits *)st)->folio, i);
}

static void
edits_title(void *st, struct line *out, unsigned columns)
{
	struct edits *e = st;

	(void)columns;
	line_putf(out, ROLE_TITLE, "Edits ");
	if (e->flow)
		line_putf(out, ROLE_FAINT, "of flow %llu", (unsigned long long)e->flow);
}

static void
edits_close(void *st)
{
	struct edits *e = st;

	making_leave(e->making);
	folio_release(&e->folio);
}

const struct view_ops view_edits = {
	.name = "edits", .about = "what was changed in this flow's messages, and by whom",
	.size = sizeof(struct edits), .wraps = true,
	.open = edits_open, .close = edits_close, .refresh = edits_refresh, .lines = edits_lines, .line = edits_line,
	.title = edits_title, .fold = edits_fold,
};
