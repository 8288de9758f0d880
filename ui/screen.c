/* The terminal's cells: the only file that knows curses, which writes to memory only. */
#include <curses.h>
#include <fcntl.h>
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "glyph.h"
#include "paint.h"
#include "screen.h"
#include "slots.h"
#include "soth/buf.h"
#include "soth/utf8.h"
#include "terminal.h"
#include "theme.h"

enum { FRAME_MAX = 4 << 20, LEAVE_MS = 500, RUN_MAX = 512 };

static struct {
	SCREEN *curses;
	FILE *to, *from;		/* memory; nothing */
	const struct theme *theme;
	bool direct;			/* the terminal takes 24-bit colours */
	bool plain;			/* the theme has no colours, or the terminal */
	bool mouse, whole;
	int y, x;			/* of the cursor; x < 0: hidden */
} screen;

/* Under a locale without UTF-8 curses would draw bytes. */
static void
screen_locale(void)
{
	setlocale(LC_CTYPE, "");
	if (MB_CUR_MAX == 1)
		setlocale(LC_CTYPE, "C.UTF-8");
}

/* curses does not know newer terminals by name; most are like xterm. */
static SCREEN *
screen_newterm(void)
{
	const char *names[] = { getenv("TERM"), "xterm-256color", "xterm", "vt100" };
	SCREEN *made = NULL;

	for (size_t i = 0; !made && i < ARRAY_LEN(names); i++)
		if (names[i] && *names[i] && strcmp(names[i], "dumb"))
			made = newterm(names[i], screen.to, screen.from);
	return made;
}

static bool
screen_curses(struct fault *why)
{
	int memory = memfd_create("frame", MFD_CLOEXEC);

	/* Appending: so that cutting it to nothing is all that taking a frame needs. */
	if (memory < 0 || fcntl(memory, F_SETFL, O_APPEND) || !(screen.to = fdopen(memory, "w")) ||
			!(screen.from = fopen("/dev/null", "re")))
		return fault(why, "screen: %s", strerror(errno));
	use_env(FALSE);
	screen.curses = screen_newterm();
	if (!screen.curses)
		return fault(why, "screen: curses does not know the terminal '%.40s', nor xterm", getenv("TERM"));
	start_color();
	use_default_colors();
	leaveok(stdscr, FALSE);
	return true;
}

bool
screen_open(const struct theme *t, int rows, int cols, struct fault *why)
{
	const char *direct = getenv("COLORTERM");

	screen_locale();
	screen.x = -1;
	if ((!rows && !terminal_open(why)) || !screen_curses(why)) {
		screen_close();
		return false;
	}
	screen.direct = direct && (!strcmp(direct, "truecolor") || !strcmp(direct, "24bit")) && COLORS >= 256;
	slots_open(screen.direct, COLORS);
	screen_theme(t);
	if (rows)
		resizeterm(rows, cols);
	screen_resume();
	return true;
}

/* Passes on what curses has written. */
static void
screen_take(void)
{
	off_t len = lseek(fileno(screen.to), 0, SEEK_END);
	uint8_t *frame = len > 0 && len < FRAME_MAX ? xalloc((size_t)len) : NULL;
	ssize_t got = frame ? pread(fileno(screen.to), frame, (size_t)len, 0) : 0;
	size_t from = 0, size = got > 0 ? (size_t)got : 0, used;
	uint32_t shown = 0;
	char colour[64];

	for (size_t i = 0; screen.direct && i < size; i++) {
		used = paint_sequence(frame + i, size - i, &shown, colour);
		if (!*colour && (frame[i] != 033 || !(used = slot_sequence(frame + i, size - i, colour))))
			continue;
		terminal_put((struct bytes){ frame + from, i - from });
		terminal_put(bytes_of(colour));
		from = i + used;
		i = used ? from - 1 : i;
	}
	terminal_put((struct bytes){ frame + from, size - from });
	free(frame);
	(void)!ftruncate(fileno(screen.to), 0);
}

static void
screen_say(const char *sequence)
{
	terminal_put(bytes_of(sequence));
}

void
screen_suspend(void)
{
	screen_say(screen.mouse ? "\033[?1006l\033[?1000l\033[?2004l" : "\033[?2004l");
	curs_set(1);
	endwin();
	screen_take();
	terminal_drain(LEAVE_MS);
	terminal_cooked();
}

void
screen_resume(void)
{
	terminal_raw();
	screen_resize();
	screen_say("\033[?2004h");
	screen_mouse(screen.mouse);
	screen_redraw();
}

void
screen_close(void)
{
	if (screen.curses) {
		screen_suspend();
		delscreen(screen.curses);
	}
	terminal_close();
	if (screen.to)
		fclose(screen.to);
	if (screen.from)
		fclose(screen.from);
	memset(&screen, 0, sizeof(screen));
}

void
screen_stop(void)
{
	sigset_t stop, before;

	screen_suspend();
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	kill(0, SIGTSTP);
	/* It is delivered here, and we go on when the shell says so. */
	pthread_sigmask(SIG_UNBLOCK, &stop, &before);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	screen_resume();
}

void
screen_resize(void)
{
	int rows, cols;

	if (terminal_size(&rows, &cols) && (rows != LINES || cols != COLS))
		resizeterm(rows, cols);
	screen.whole = true;
}

void
screen_redraw(void)
{
	screen.whole = true;
}

void
screen_mouse(bool on)
{
	screen.mouse = on;
	screen_say(on ? "\033[?1000h\033[?1006h" : "\033[?1006l\033[?1000l");
}

struct area
screen_area(void)
{
	return (struct area){ 0, 0, LINES, COLS };
}

static bool
theme_is_plain(const struct theme *t)
{
	for (size_t i = 0; i < ROLE_COUNT; i++)
		if (t->style[i].fg != COLOUR_DEFAULT || t->style[i].bg != COLOUR_DEFAULT)
			return false;
	return true;
}

void
screen_theme(const struct theme *t)
{
	screen.theme = t;
	screen.plain = !has_colors() || theme_is_plain(t);
	slots_clear();
	bkgdset(' ');
	screen_redraw();
}

static attr_t
screen_attributes(unsigned attrs)
{
	return (attrs & STYLE_BOLD ? A_BOLD : 0) | (attrs & STYLE_FAINT ? A_DIM : 0) |
		(attrs & STYLE_ITALIC ? A_ITALIC : 0) | (attrs & STYLE_UNDERLINE ? A_UNDERLINE : 0) |
		(attrs & STYLE_REVERSE ? A_REVERSE : 0);
}

/* A span's colours where it has some; else those of the line under it. `ink`: INK(), or 0. */
static void
screen_inked(enum role role, enum role under, uint32_t ink)
{
	struct style s = screen.theme->style[role], u = screen.theme->style[under];
	int pair = 0;

	if (role == ROLE_TEXT)
		s.bg = COLOUR_DEFAULT;	/* it is everyone's, see below */

	if (under != ROLE_TEXT) {
		if (role == ROLE_TEXT || s.fg == COLOUR_DEFAULT)
			s.fg = u.fg == COLOUR_DEFAULT ? s.fg : u.fg;
		if (s.bg == COLOUR_DEFAULT)
			s.bg = u.bg;
		s.attrs |= u.attrs;
	}
	if (s.bg == COLOUR_DEFAULT)	/* the paper */
		s.bg = screen.theme->style[ROLE_TEXT].bg;
	if (ink && !screen.plain)
		s.fg = INK_OF(ink);
	if (has_colors())
		pair = alloc_pair(slot_of(s.fg), slot_of(s.bg));
	attr_set(screen_attributes(s.attrs), 0, &pair);
}

static void
screen_style(enum role role, enum role under)
{
	screen_inked(role, under, 0);
}

/* Sets the style of a span. What to write for its blocks, if it is of a picture. */
static const char *
screen_span(const struct span *s, enum role under, char block[5])
{
	bool ink = s->paint & INK(0);
	int pair = 0;

	if (!s->paint || ink || screen.plain) {
		screen_inked(s->role, under, ink ? s->paint : 0);
		return s->paint && !ink ? paint_shade(s->paint) : NULL;
	}
	if (!screen.direct)
		pair = alloc_pair(slot_nearest(paint_upper(s->paint)), slot_nearest(paint_lower(s->paint)));
	attr_set(A_NORMAL, 0, &pair);
	strcpy(block, PAINT_BLOCK);
	if (screen.direct)
		paint_private(s->paint, block);
	return block;
}

/* Cells of one style, put together before curses gets them. */
struct run { wchar_t text[RUN_MAX]; size_t len; int y, x, columns; };

static void
run_flush(struct run *r)
{
	if (r->len)
		mvaddnwstr(r->y, r->x, r->text, (int)r->len);
	r->x += r->columns;
	r->len = 0;
	r->columns = 0;
}

static void
run_blank(struct run *r, int columns)
{
	for (; columns > 0; columns--) {
		if (r->len == RUN_MAX)
			run_flush(r);
		r->text[r->len++] = L' ';
		r->columns++;
	}
}

static void
run_glyph(struct run *r, const struct glyph *g)
{
	struct bytes s = bytes_of(g->text);
	uint32_t rune;
	size_t used;

	if (r->len + s.len > RUN_MAX)
		run_flush(r);
	while ((used = utf8_next(s, &rune))) {
		r->text[r->len++] = (wchar_t)rune;
		s.at += used;
		s.len -= used;
	}
	r->columns += (int)g->columns;
}

/* A block of a picture is written as what stands for it, and nothing else is. */
static void
run_block(struct glyph *g, const char *block)
{
	struct bytes s = bytes_of(g->text);
	uint32_t rune;

	if (block && !strcmp(g->text, PAINT_BLOCK))
		strcpy(g->text, block);
	else if (utf8_next(s, &rune) && rune >= PAINT_PRIVATE)
		strcpy(g->text, "\xef\xbf\xbd");
}

/* One span from `column` on; returns the column after it. Columns left of 0
 * are cut off, and so is what stands at or past `cols`. */
static long
run_span(struct run *r, const struct span *s, long column, long cols, enum role under)
{
	struct bytes text = s->text;
	char room[5];
	const char *block = screen_span(s, under, room);
	struct glyph g;
	bool marked = false;
	size_t used;

	while (column < cols && (used = glyph_next(text, (unsigned)(column < 0 ? 0 : column), &g))) {
		long next = column + g.columns;

		if (g.mark != marked) {
			run_flush(r);
			if (g.mark)
				screen_style(ROLE_ERROR, under);
			else
				(void)screen_span(s, under, room);
			marked = g.mark;
		}
		run_block(&g, block);
		if (column >= 0 && next <= cols)
			run_glyph(r, &g);
		else if (next > 0)
			run_blank(r, (int)((next < cols ? next : cols) - (column > 0 ? column : 0)));
		column = next;
		text.at += used;
		text.len -= used;
	}
	run_flush(r);
	return column;
}

void
screen_row(struct area a, int y, int indent, const struct span *span, size_t n, enum role under)
{
	struct run r = { .y = a.y + y, .x = a.x };
	long column = indent;

	if (y < 0 || y >= a.rows || r.y >= LINES || a.x + a.cols > COLS)
		return;
	screen_style(ROLE_TEXT, under);
	run_blank(&r, indent < a.cols ? indent : a.cols);
	run_flush(&r);
	for (size_t i = 0; i < n && column < a.cols; i++)
		column = run_span(&r, &span[i], column, a.cols, under);
	screen_style(ROLE_TEXT, under);
	run_blank(&r, a.cols - (r.x - a.x));
	run_flush(&r);
}

void
screen_cursor(int y, int x)
{
	screen.y = y;
	screen.x = x;
}

void
screen_show(void)
{
	if (screen.whole)
		clearok(curscr, TRUE);
	screen.whole = false;
	curs_set(screen.x >= 0);
	move(screen.x >= 0 ? screen.y : LINES - 1, screen.x >= 0 ? screen.x : 0);
	screen_say("\033[?2026h");
	refresh();
	screen_take();
	screen_say("\033[?2026l");
	if (paint_crowded()) {
		paint_forget();
		screen.whole = true;
	}
}

int
screen_fd(void)
{
	return terminal_fd();
}

bool
screen_waiting(void)
{
	return terminal_waiting();
}

bool
screen_flush(void)
{
	return terminal_flush();
}

void
screen_clipboard(struct bytes text)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	screen_say("\033]52;c;");
	for (size_t i = 0; i < text.len; i += 3) {
		size_t left = text.len - i;
		uint32_t v = (uint32_t)text.at[i] << 16 | (left > 1 ? text.at[i + 1] << 8 : 0) |
			(left > 2 ? text.at[i + 2] : 0);
		char four[4] = { digit[v >> 18], digit[v >> 12 & 63],
			left > 1 ? digit[v >> 6 & 63] : '=', left > 2 ? digit[v & 63] : '=' };

		terminal_put((struct bytes){ (uint8_t *)four, 4 });
	}
	screen_say("\007");
}

static void
screen_write(FILE *to, wchar_t *row)
{
	size_t len = wcslen(row);

	while (len && row[len - 1] == L' ')
		len--;
	row[len] = 0;
	for (size_t i = 0; i < len; i++)
		if (row[i] >= PAINT_PRIVATE)
			row[i] = L'▀';
	fprintf(to, "%ls\n", row);
}

bool
screen_save(const char *path, struct fault *why)
{
	FILE *to = fopen(path, "we");
	wchar_t row[1024];

	if (!to)
		return fault(why, "%s: %s", path, strerror(errno));
	for (int y = 0; y < LINES; y++) {
		memset(row, 0, sizeof(row));
		mvinnwstr(y, 0, row, (int)ARRAY_LEN(row) - 1);
		screen_write(to, row);
	}
	if (fclose(to))
		return fault(why, "%s: %s", path, strerror(errno));
	return true;
}
