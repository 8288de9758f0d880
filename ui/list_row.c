/* A line of the list: what its columns say of a flow. */
#include <stdio.h>
#include <string.h>

#include "badge.h"
#include "cell.h"
#include "glyph.h"
#include "list_row.h"
#include "marks.h"
#include "rowcell.h"
#include "words.h"

/* What each column takes; 0: no room for it. Host and path share the rest. */
struct widths { unsigned mark, clock, method, badge, host, path, status, type, size, time, bars; };

static struct widths
list_widths(unsigned columns, bool remarked)
{
	struct widths w = { .mark = remarked ? MARK_COLUMNS + 1 : 0, .method = 8, .status = 6 };
	unsigned used, rest;

	w.time = columns >= 50 ? 8 : 0;
	w.size = columns >= 60 ? 7 : 0;
	w.type = columns >= 72 ? 9 : 0;
	w.badge = columns >= 68 ? 3 : 0;
	w.clock = columns >= 90 ? 9 : 0;
	w.bars = columns >= 116 ? BARS + 2 : 0;
	used = 3 + w.mark + w.clock + w.method + w.badge + w.status + w.type + w.size + w.time + w.bars + 2;
	rest = columns > used + 12 ? columns - used : 12;
	w.host = rest * 2 / 5 < 34 ? rest * 2 / 5 : 34;
	w.path = rest - w.host;
	return w;
}

void
list_row_state(struct line *out, const struct row *r, bool chosen)
{
	const struct badge *b = badge_of(r, BADGE_STATE);

	if (chosen)
		line_putf(out, ROLE_MARKED, "▌");
	line_putf(out, b ? b->role : ROLE_FAINT, "%s%s ", chosen ? "" : " ", b ? b->mark : " ");
}

/* How often it was asked; and since when, where that leaves the path whole. */
static void
list_times(const struct list_row *l, struct line *out, unsigned width)
{
	struct bytes path = { (const uint8_t *)l->row->path, strcspn(l->row->path, "?") };
	char text[64], clock[WORDS_MAX];
	unsigned shown = glyph_columns(path), times;

	snprintf(text, sizeof(text), "×%u since %s", l->times, words_clock(l->since, false, clock));
	if (shown + 2 + glyph_columns(bytes_of(text)) > width)
		snprintf(text, sizeof(text), "×%u", l->times);
	times = glyph_columns(bytes_of(text)) + 2;
	if (shown + times > width)
		shown = width > times ? width - times : 0;
	cell_put(out, ROLE_PATH, path, shown, CUT_MIDDLE);
	cell_put(out, ROLE_TEXT, LIT(""), width - shown < 2 ? width - shown : 2, CUT_END);
	cell_put(out, ROLE_KEY, bytes_of(text), width - shown > 2 ? width - shown - 2 : 0, CUT_END);
}

/* Of one that stands for several: what is of it, how many they are, and when the newest began. */
void
list_row_put(const struct list_row *l, struct line *out)
{
	struct widths w = list_widths(l->columns, l->remarked);
	const struct row *r = l->row;
	char text[WORDS_MAX], last[WORDS_MAX];

	words_clock(l->last, false, last);
	list_row_state(out, r, l->chosen);
	if (w.mark)
		rowcell_mark(out, r, w.mark);
	if (w.clock)
		cell_put(out, ROLE_FAINT, bytes_of(last), w.clock, CUT_END);
	cell_put(out, ROLE_METHOD, bytes_of(row_method(r)), w.method - 1, CUT_END);
	line_putf(out, ROLE_TEXT, " ");
	rowcell_version(out, r, w.badge);
	rowcell_host(out, r, w.host - 1);
	line_putf(out, ROLE_MARK, "%s", l->mark);
	if (l->times)
		list_times(l, out, w.path - 1);
	else
		rowcell_path(out, r, l->said, l->operation, w.path - 1);
	line_putf(out, ROLE_TEXT, " ");
	rowcell_status(out, r, w.status);
	if (w.type && l->times && !w.clock)
		cell_put(out, ROLE_FAINT, bytes_of(last), w.type - 1, CUT_END);
	else if (w.type)
		rowcell_type(out, r, w.type - 1);
	if (w.size)
		cell_right(out, ROLE_NUMBER, bytes_of(words_size(row_bytes(r), text)), w.size);
	if (w.time)
		cell_right(out, ROLE_TEXT, bytes_of(words_time(row_took(r, l->now), text)), w.time);
	if (w.bars)
		line_putf(out, ROLE_TEXT, "  ");
	if (w.bars)
		rowcell_bars(out, r, l->now);
}

void
list_row_names(unsigned columns, bool remarked, struct line *out)
{
	struct widths w = list_widths(columns, remarked);

	line_putf(out, ROLE_HEADER, "   %*s%-*s%-*s%-*s%-*s%-*s%-*s", (int)w.mark, "", (int)w.clock, w.clock ? "TIME" : "", (int)(w.method + w.badge), "METHOD",
		(int)w.host, "HOST", (int)w.path, "PATH", (int)w.status, "STATUS", (int)w.type, w.type ? " TYPE" : "");
	line_putf(out, ROLE_HEADER, "%*s%*s%s", (int)w.size, w.size ? "SIZE" : "", (int)w.time, w.time ? "TOOK" : "",
		w.bars ? "  WAIT▂ RECV█" : "");
}
