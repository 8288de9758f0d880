/* A rectangle that looks at a view. */
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "find.h"
#include "glyph.h"
#include "pane_inside.h"

enum { INDENT = 2, PIECES = 128 };

/* New lines come, and are followed from the beginning. */
static bool
pane_runs(const struct pane *p)
{
	return p->ops->follows ? p->ops->follows(p->st) : p->ops->rows;
}

struct pane *
pane_new(const struct view_ops *ops, struct desk *desk)
{
	struct pane *p = xalloc(sizeof(*p));

	p->ops = ops;
	p->desk = desk;
	p->st = xalloc(ops->size + 1);
	if (ops->open)
		ops->open(p->st, desk);
	p->follow = ops->rows && desk->options->follow && pane_runs(p);
	return p;
}

void
pane_free(struct pane *p)
{
	if (p->ops->close)
		p->ops->close(p->st);
	free(p->st);
	free(p);
}

void
pane_place(struct pane *p, struct area a)
{
	p->area = a;
}

static bool
pane_grows(const struct pane *p)
{
	return pane_runs(p) || (p->ops->grows && p->ops->grows(p->st));
}

static int
pane_head(const struct pane *p)
{
	return 1 + (p->ops->header != NULL);
}

int
pane_body(const struct pane *p)
{
	int rows = p->area.rows - pane_head(p);

	return rows < 1 ? 1 : rows < PANE_ROWS_MAX ? rows : PANE_ROWS_MAX;
}

void
pane_line(struct pane *p, size_t i, struct line *out)
{
	out->spans = 0;
	out->depth = 0;
	out->hang = 0;
	out->under = ROLE_TEXT;
	out->single = false;
	out->flow = 0;
	out->used = 0;
	p->ops->line(p->st, i, out);
}

static int
pane_indent(const struct pane *p, const struct line *l)
{
	int most = p->area.cols / 2, indent = (int)l->depth * INDENT + !p->ops->rows;

	return indent < most ? indent : most;
}

bool
pane_wraps(const struct pane *p)
{
	return p->ops->wraps && p->desk->options->wrap;
}

size_t
pane_breaks(const struct pane *p, const struct line *l, unsigned start[WRAP_ROWS + 1])
{
	unsigned width = (unsigned)(p->area.cols - pane_indent(p, l));

	return pane_wraps(p) && !l->single && l->hang && l->hang < width / 2 ?
		wrap_rows(l->span, l->spans, width, l->hang, start) : 0;
}

/* Rows that a line takes. */
static size_t
pane_height(struct pane *p, size_t i)
{
	unsigned start[WRAP_ROWS + 1];
	size_t width, columns = 0, rows;
	struct line l;

	if (!pane_wraps(p))
		return 1;
	pane_line(p, i, &l);
	if (l.single)
		return 1;
	rows = pane_breaks(p, &l, start);
	if (rows)
		return rows;
	width = (size_t)(p->area.cols - pane_indent(p, &l));
	for (size_t k = 0; k < l.spans && columns < LINE_COLUMNS_MAX; k++) {
		struct bytes text = l.span[k].text;

		if (text.len > LINE_COLUMNS_MAX)
			text.len = LINE_COLUMNS_MAX;
		columns += glyph_columns(text);
	}
	return columns ? (columns + width - 1) / width : 1;
}

/* Moves the top so that the cursor's line is in sight. */
static void
pane_scroll(struct pane *p)
{
	size_t body = (size_t)pane_body(p), rows = 0, top;

	if (p->at < p->top) {
		p->top = p->at;
		p->skip = 0;
	}
	if (p->at - p->top > body)
		p->top = p->at - body;	/* no line is less than a row */
	for (top = p->top; top <= p->at; top++)
		rows += pane_height(p, top);
	rows -= p->top == p->at ? 0 : p->skip;
	while (rows > body && p->top < p->at) {
		rows -= pane_height(p, p->top) - p->skip;
		p->skip = 0;
		p->top++;
	}
}

/* The last page is full where it can be. */
static void
pane_settle(struct pane *p)
{
	size_t body = (size_t)pane_body(p), rows = 0, i = p->lines;

	while (i > p->top && rows < body)
		rows += pane_height(p, --i);
	while (rows < body && p->top && !p->skip)
		rows += pane_height(p, --p->top);
}

/* Lines have moved: the cursor goes with its flow, and stays where it is on the screen, or the top does. */
static void
pane_stay(struct pane *p, size_t line)
{
	size_t below = p->at > p->top ? p->at - p->top : 0;

	if (line == SIZE_MAX || line == p->at)
		return;
	p->at = line;
	if (!p->folded)
		p->top = line > below ? line - below : 0;
	p->folded = false;
	p->skip = 0;
}

void
pane_refresh(struct pane *p)
{
	bool stays = p->ops->where && !p->follow, whole = p->follow && !p->ops->rows && !pane_grows(p);
	flow_id was = stays ? pane_flow(p) : 0;
	bool changed = p->ops->refresh ? p->ops->refresh(p->st, (unsigned)p->area.cols) : false;

	p->lines = p->ops->lines(p->st);
	if (changed && p->ops->where) {
		size_t line = p->ops->where(p->st, was);	/* asked in any case: it is told once */

		if (stays)
			pane_stay(p, line);
	}
	if (changed && !p->ops->rows) {
		p->at = p->top = p->skip = 0;
		p->follow = p->desk->options->follow && pane_runs(p);
	}
	if (p->at >= p->lines || p->follow)
		p->at = p->lines ? p->lines - 1 : 0;
	if (whole && !pane_grows(p))
		p->follow = false;	/* these are all the lines */
	if (p->top > p->at) {
		p->top = p->at;
		p->skip = 0;
	}
	pane_goes(p);
	pane_seeks(p);
}

/* The spans with what is sought marked in them. */
static size_t
pane_mark(const struct pane *p, const struct line *l, struct span out[PIECES])
{
	struct bytes what = bytes_of(p->sought);
	size_t n = 0, at;

	for (size_t i = 0; i < l->spans && n + 3 < PIECES; i++) {
		struct span s = l->span[i];

		while (n + 3 < PIECES && s.text.len < LINE_TEXT_MAX && (at = find_text(s.text, what)) != SIZE_MAX) {
			out[n++] = (struct span){ s.role, { s.text.at, at }, s.paint };
			out[n++] = (struct span){ ROLE_MATCH, { s.text.at + at, what.len } };
			s.text.at += at + what.len;
			s.text.len -= at + what.len;
		}
		out[n++] = s;
	}
	return n;
}

static void
pane_title(struct pane *p, bool focused)
{
	static char rule[3 * 512 + 1];
	struct line l = { .under = ROLE_TEXT };

	if (!*rule)
		for (size_t i = 0; i + 3 < sizeof(rule); i += 3)
			memcpy(rule + i, "─", 3);
	line_put(&l, ROLE_RULE, bytes_of("── "));
	if (p->ops->title)
		p->ops->title(p->st, &l, (unsigned)p->area.cols);
	else
		line_put(&l, focused ? ROLE_TITLE_FOCUS : ROLE_TITLE, bytes_of(p->ops->name));
	for (size_t i = 0; i < l.spans; i++)
		if (l.span[i].role == ROLE_TITLE && focused)
			l.span[i].role = ROLE_TITLE_FOCUS;
	line_put(&l, ROLE_RULE, LIT(" "));
	line_put(&l, ROLE_RULE, bytes_of(rule));
	screen_row(p->area, 0, 0, l.span, l.spans, ROLE_TEXT);
}

static enum role
pane_under(const struct pane *p, size_t i, bool focused, enum role own)
{
	if (i != p->at || (!focused && !p->ops->rows))
		return own;
	return focused ? ROLE_CURSOR : ROLE_SELECTED;
}

/* Says at the right edge that a line goes on there. */
static void
pane_more(struct area a, int y, const struct span *piece, size_t n, int pan, enum role under)
{
	struct span more = { ROLE_FAINT, LIT("…") };
	long columns = 0;

	for (size_t i = 0; i < n && columns <= a.cols + pan; i++)
		columns += glyph_columns(piece[i].text);
	if (columns > a.cols + pan && a.cols > 1)
		screen_row((struct area){ a.y, a.x + a.cols - 1, a.rows, 1 }, y, 0, &more, 1, under);
}

/* A row of words, from column `from` up to `to` of the line. */
static void
pane_words(struct area a, int y, unsigned hang, unsigned from, unsigned to, const struct span *piece, size_t n, enum role under)
{
	int left = from ? (int)hang : 0, room = a.cols - left, width = (int)(to - from) < room ? (int)(to - from) : room;

	if (left)
		screen_row((struct area){ a.y, a.x, a.rows, left }, y, 0, NULL, 0, under);
	if (width)
		screen_row((struct area){ a.y, a.x + left, a.rows, width }, y, -(int)from, piece, n, under);
	if (width < room)
		screen_row((struct area){ a.y, a.x + left + width, a.rows, room - width }, y, 0, NULL, 0, under);
}

/* The rows of one line from `row` on; returns the row of the screen after. */
static int
pane_rows(struct pane *p, size_t i, size_t row, int y, bool focused)
{
	unsigned start[WRAP_ROWS + 1];
	struct span piece[PIECES];
	struct area a = p->area;
	struct line l;
	size_t height = pane_height(p, i), n, words;
	enum role under;
	int indent;

	pane_line(p, i, &l);
	n = pane_mark(p, &l, piece);
	under = pane_under(p, i, focused, l.under);
	indent = pane_indent(p, &l);
	words = pane_breaks(p, &l, start);
	for (; row < height && y < a.rows; row++, y++) {
		struct area text = { a.y, a.x + indent, a.rows, a.cols - indent };

		p->line_of[y - pane_head(p)] = i;
		if (indent)
			screen_row((struct area){ a.y, a.x, a.rows, indent }, y, 0, NULL, 0, under);
		if (words)
			pane_words(text, y, l.hang, start[row], start[row + 1], piece, n, under);
		else
			screen_row(text, y, pane_wraps(p) && !l.single ? -(int)(row * (size_t)text.cols) : -p->pan, piece, n, under);
		if (l.single)
			pane_more(text, y, piece, n, p->pan, under);
	}
	return y;
}

void
pane_draw(struct pane *p, bool focused)
{
	int y = pane_head(p);
	struct line l = { .under = ROLE_HEADER };

	pane_scroll(p);
	pane_settle(p);
	pane_title(p, focused);
	if (p->ops->header) {
		p->ops->header(p->st, &l);
		screen_row(p->area, 1, p->ops->rows ? -p->pan : 0, l.span, l.spans, ROLE_HEADER);
	}
	for (size_t i = 0; i < PANE_ROWS_MAX; i++)
		p->line_of[i] = SIZE_MAX;
	for (size_t i = p->top; i < p->lines && y < p->area.rows; i++)
		y = pane_rows(p, i, i == p->top ? p->skip : 0, y, focused);
	for (; y < p->area.rows; y++)
		screen_row(p->area, y, 0, NULL, 0, ROLE_TEXT);
}

void
pane_move(struct pane *p, long lines)
{
	size_t body = (size_t)pane_body(p);

	/* Through a line that is higher than the pane, row by row. */
	if (lines == 1 && p->at == p->top && pane_height(p, p->at) > body + p->skip) {
		p->skip++;
		return;
	}
	if (lines == -1 && p->at == p->top && p->skip) {
		p->skip--;
		return;
	}
	if (lines < 0)
		p->at = (size_t)-lines < p->at ? p->at - (size_t)-lines : 0;
	else if (p->lines)
		p->at = (size_t)lines < p->lines - p->at ? p->at + (size_t)lines : p->lines - 1;
	p->follow = false;
}

void
pane_page(struct pane *p, int halves)
{
	long step = pane_body(p) * halves / 2, most = p->lines ? (long)p->lines - 1 : 0;
	long top = (long)p->top + step;

	/* The page goes along, so that the cursor keeps its place in it. */
	pane_move(p, step ? step : halves);
	p->top = (size_t)(top < 0 ? 0 : top < most ? top : most);
	p->skip = 0;
	if (p->top > p->at)
		p->top = p->at;
}

void
pane_first(struct pane *p)
{
	p->at = p->top = p->skip = 0;
	p->follow = false;
}

void
pane_last(struct pane *p)
{
	p->at = p->lines ? p->lines - 1 : 0;
	p->follow = pane_grows(p) || p->ops->grows;	/* it may have grown since it was looked at */
}

void
pane_pan(struct pane *p, int columns)
{
	p->pan = p->pan + columns > 0 ? p->pan + columns : 0;
}

bool
pane_click(struct pane *p, int y, int x)
{
	int row = y - p->area.y - pane_head(p);

	if (x < p->area.x || x >= p->area.x + p->area.cols || row < 0 || row >= p->area.rows - pane_head(p) ||
			row >= PANE_ROWS_MAX || p->line_of[row] == SIZE_MAX)
		return false;
	p->at = p->line_of[row];
	p->follow = false;
	return true;
}

bool
pane_follow(struct pane *p, bool on)
{
	p->follow = on && pane_grows(p);
	return pane_grows(p);
}

bool
pane_follows(const struct pane *p)
{
	return p->follow;
}

void
pane_fold(struct pane *p)
{
	if (p->ops->fold && p->at < p->lines)
		p->ops->fold(p->st, p->at);
	p->folded = p->ops->where;
	p->lines = p->ops->lines(p->st);
	if (p->at >= p->lines)
		p->at = p->lines ? p->lines - 1 : 0;
}

bool
pane_act(struct pane *p, const char *action, struct fault *why)
{
	struct desk *desk = p->desk;
	bool mine;

	desk->go = SIZE_MAX;
	mine = p->ops->act && p->ops->act(p->st, action, p->at, why);
	if (mine && desk->go != SIZE_MAX) {	/* else it may have closed itself */
		p->at = desk->go;
		p->follow = false;
	}
	desk->go = SIZE_MAX;
	return mine;
}

void
pane_text(struct pane *p, struct buf *out)
{
	struct line l;

	if (p->at >= p->lines)
		return;
	pane_line(p, p->at, &l);
	for (size_t i = 0; i < l.spans; i++)
		if (!buf_add(out, l.span[i].text))
			return;
}

bool
pane_to(struct pane *p, flow_id id)
{
	size_t line = p->ops->where ? p->ops->where(p->st, id) : SIZE_MAX;

	if (line == SIZE_MAX || line >= p->lines)
		return false;
	p->at = line;
	p->follow = false;
	return true;
}

flow_id
pane_flow(struct pane *p)
{
	struct line l;

	if (p->at >= p->lines)
		return 0;
	pane_line(p, p->at, &l);
	return l.flow;
}

const struct view_ops *
pane_view(const struct pane *p)
{
	return p->ops;
}

struct area
pane_area(const struct pane *p)
{
	return p->area;
}
