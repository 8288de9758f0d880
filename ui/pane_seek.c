/* The line of a pane that has a text: sought by a person, or gone to by the view. */
#include <string.h>

#include "desk.h"
#include "find.h"
#include "glyph.h"
#include "pane_inside.h"
#include "sight.h"

enum { SEEK_US = 25000 };

/* How often line i has it; what it does not show counts once. */
static size_t
pane_has(struct pane *p, size_t i, struct buf *scratch)
{
	struct bytes what = bytes_of(p->sought), text;
	size_t count = 0, at;
	struct line l;

	if (p->ops->has && p->ops->has(p->st, i, what))
		return 1;
	pane_line(p, i, &l);
	buf_eat(scratch, scratch->len);
	for (size_t k = 0; k < l.spans; k++)
		if (!buf_add(scratch, l.span[k].text))
			break;
	text = buf_bytes(scratch);
	while ((at = find_text(text, what)) != SIZE_MAX && count <= p->seek_before) {
		text = bytes_from(text, at + what.len);
		count++;
	}
	return count;
}

/* Looks on, for a little; the rest is done before the next frames. */
static bool
pane_seek_on(struct pane *p)
{
	uint64_t until = sight_clock() + SEEK_US;
	struct buf scratch;
	bool found = false;
	size_t n = p->lines, has;

	buf_init(&scratch, LINE_TEXT_MAX);
	for (size_t k = 0; p->seek_left && !found; p->seek_left--, k++) {
		if (p->seek_at >= n)
			p->seek_at = p->seek_way < 0 && n ? n - 1 : 0;
		has = n ? pane_has(p, p->seek_at, &scratch) : 0;
		found = has > p->seek_before;
		if (found)
			break;
		p->seek_before -= has;
		p->seek_at = p->seek_way < 0 ? (p->seek_at ? p->seek_at - 1 : n ? n - 1 : 0) : p->seek_at + 1;
		if (k % 64 == 63 && sight_clock() > until)
			break;
	}
	buf_release(&scratch);
	if (!found)
		return false;
	p->at = p->seek_at;
	p->seek_left = 0;
	p->follow = false;
	return true;
}

/* Columns before what is sought, on the cursor's line. */
static size_t
pane_columns_before(struct pane *p)
{
	struct bytes what = bytes_of(p->sought);
	size_t columns = 0;
	struct line l;

	pane_line(p, p->at, &l);
	for (size_t k = 0; k < l.spans && columns < LINE_COLUMNS_MAX; k++) {
		size_t at = find_text(l.span[k].text, what);

		columns += glyph_columns(at == SIZE_MAX ? l.span[k].text : (struct bytes){ l.span[k].text.at, at });
		if (at != SIZE_MAX)
			return columns;
	}
	return 0;
}

/* What the view sought is in sight, with some lines above it; also in a line that is long. */
static void
pane_frame(struct pane *p)
{
	size_t body = (size_t)pane_body(p), before = pane_columns_before(p), row, rows;
	size_t width = (size_t)(p->area.cols > 1 ? p->area.cols - 1 : 1);
	unsigned start[WRAP_ROWS + 1];
	struct line l;

	pane_line(p, p->at, &l);
	if (p->at < p->top || p->at - p->top >= body * 2 / 3) {
		p->top = p->at > body / 3 ? p->at - body / 3 : 0;
		p->skip = 0;
	}
	p->pan = 0;
	row = before / width;
	rows = pane_breaks(p, &l, start);
	if (rows)
		for (row = 0; row + 1 < rows && start[row + 1] <= before; )
			row++;
	if (!pane_wraps(p) || l.single) {
		p->pan = row ? (int)(before - width / 2) : 0;
	} else if (row > body / 2) {
		p->top = p->at;
		p->skip = row - body / 3;
	}
}

static void
pane_seek_says(struct pane *p)
{
	if (p->seek_left && !p->goal)
		desk_say(p->desk, "looking for '%.80s': %zu lines to go, Esc stops", p->sought, p->seek_left);
	else if (!p->seek_left && p->goal)
		desk_say(p->desk, "'%.80s' is shown in another form here", p->sought);
	else if (!p->goal)
		desk_say(p->desk, "'%.80s' is not in %s", p->sought, p->ops->name);
}

void
pane_seeks(struct pane *p)
{
	if (!p->seek_left)
		return;
	p->desk->busy = true;
	if (!pane_seek_on(p))
		pane_seek_says(p);
	else if (p->goal)
		pane_frame(p);
	else
		desk_say(p->desk, "found");
}

/* Where the view says. */
void
pane_goes(struct pane *p)
{
	struct goal g;

	if (!p->ops->goes || !p->ops->goes(p->st, &g))
		return;
	p->lines = p->ops->lines(p->st);
	p->at = g.line < p->lines ? g.line : p->lines ? p->lines - 1 : 0;
	p->follow = false;
	p->seek_left = 0;
	if (!*g.text)
		return;
	memcpy(p->sought, g.text, sizeof(p->sought));
	p->goal = true;
	p->seek_way = 1;
	p->seek_at = g.from;
	p->seek_before = g.before;
	g.to = g.to < p->lines ? g.to : p->lines;
	p->seek_left = g.from < g.to ? g.to - g.from : 0;
}

enum sought
pane_search(struct pane *p, const char *text, int way)
{
	if (text != p->sought)
		strncpy(p->sought, text, sizeof(p->sought) - 1);
	p->seek_left = 0;
	if (!*p->sought || !p->lines)
		return SOUGHT_NOWHERE;
	p->seek_way = way;
	p->seek_before = 0;
	p->goal = false;
	p->seek_left = p->lines + 1;
	p->seek_at = p->at;
	if (way)
		p->seek_at = way < 0 ? (p->at ? p->at - 1 : p->lines - 1) : p->at + 1;
	if (pane_seek_on(p))
		return SOUGHT_FOUND;
	p->desk->busy = p->desk->busy || p->seek_left;
	return p->seek_left ? SOUGHT_LATER : SOUGHT_NOWHERE;
}

bool
pane_seek_stop(struct pane *p)
{
	bool was = p->seek_left;

	p->seek_left = 0;
	return was;
}

const char *
pane_sought(const struct pane *p)
{
	return p->sought;
}
