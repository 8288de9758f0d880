/* A message of a transcript, alone, with a chain of its own. */
#include <stdio.h>
#include <string.h>

#include "desk.h"
#include "reading.h"
#include "transcript.h"
#include "words.h"

struct alone {
	struct desk *desk;
	struct reading *reading;
	bool there;
	char title[200];
};

static void
alone_open(void *st, struct desk *desk)
{
	struct alone *a = st;

	a->desk = desk;
	a->reading = reading_new(desk);
}

static void
alone_close(void *st)
{
	struct alone *a = st;

	reading_free(a->reading);
}

/* The reading has a copy: what comes of the transcript afterwards is nothing to it. */
static void
alone_take(struct alone *a, int way)
{
	char when[WORDS_MAX];
	struct opened_message o;

	if (!a->desk->transcript || !transcript_opened(a->desk->transcript, way, &o))
		return;
	a->there = true;
	snprintf(a->title, sizeof(a->title), "message %zu of %zu  %s  %s", o.index + 1, o.count,
		o.m.side == CLIENT ? "↑" : "↓", words_clock(o.m.when, true, when));
	reading_forget(a->reading);
	(void)reading_show_bytes(a->reading, transcript_key(a->desk->transcript, o.m.side), &o.hint, o.payload);
}

static bool
alone_refresh(void *st, unsigned columns)
{
	struct alone *a = st;

	(void)columns;
	if (!a->there)
		alone_take(a, 0);
	if (a->there)
		reading_refresh(a->reading);
	return false;
}

static size_t
alone_lines(void *st)
{
	struct alone *a = st;

	return a->there ? reading_lines(a->reading) : 1;
}

static void
alone_line(void *st, size_t i, struct line *out)
{
	struct alone *a = st;

	if (a->there)
		reading_line(a->reading, i, out);
	else
		line_putf(out, ROLE_FAINT, "No message is chosen: Enter on one in Messages opens it here.");
}

static void
alone_title(void *st, struct line *out, unsigned columns)
{
	struct alone *a = st;

	(void)columns;
	line_putf(out, ROLE_TITLE, "%s", a->there ? a->title : "Message");
	line_putf(out, ROLE_FAINT, a->there ? "  h l the one before, the next" : "");
}

static void
alone_header(void *st, struct line *out)
{
	struct alone *a = st;

	line_putf(out, ROLE_TEXT, " ");
	if (a->there)
		reading_chain(a->reading, out);
}

static void
alone_fold(void *st, size_t i)
{
	struct alone *a = st;

	if (a->there)
		reading_fold(a->reading, i);
}

static bool
alone_act(void *st, const char *action, size_t i, struct fault *why)
{
	struct alone *a = st;
	size_t to = SIZE_MAX;

	if (!strcmp(action, "tab_next") || !strcmp(action, "tab_prev"))
		return alone_take(a, !strcmp(action, "tab_next") ? 1 : -1), true;
	if (!strcmp(action, "enter"))
		return alone_fold(a, i), true;
	if (!a->there || !reading_act(a->reading, action, i, &to, why))
		return false;
	if (to != SIZE_MAX)
		a->desk->go = to;
	return true;
}

const struct view_ops view_message = {
	.name = "message", .about = "a message of a transcript, alone", .size = sizeof(struct alone), .wraps = true,
	.open = alone_open, .refresh = alone_refresh, .lines = alone_lines, .line = alone_line, .title = alone_title,
	.header = alone_header, .fold = alone_fold, .act = alone_act, .close = alone_close,
};
