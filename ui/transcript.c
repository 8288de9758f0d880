/* The messages of a flow as lines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "codes.h"
#include "entry.h"
#include "glyph.h"
#include "transcript.h"
#include "words.h"

enum { OPEN_MAX = 1000, DELTA = 8, SIZE = 7, CLOCK = 13 };
enum { SUMS_LEAST = 24, SUMS_WORDS = 34, SUMS_TIMES = 48, SUMS_ALL = 54 };	/* columns */

/* A message that was opened, and what stands under it. */
struct opened { size_t message; struct doc *doc; };

struct transcript {
	struct desk *desk;
	struct messages *messages;
	struct entry_about about;
	struct opened *open;		/* by message */
	size_t opens;
	uint64_t count[2], bytes[2];
	uint64_t began, ended;		/* of the flow; ended 0: live */
};

struct transcript *
transcript_new(struct desk *desk)
{
	struct transcript *t = xalloc(sizeof(*t));

	t->desk = desk;
	return t;
}

static void
transcript_shut(struct transcript *t, size_t from)
{
	while (t->opens > from)
		doc_free(t->open[--t->opens].doc);
}

void
transcript_free(struct transcript *t)
{
	if (!t)
		return;
	transcript_shut(t, 0);
	messages_free(t->messages);
	entry_about_release(&t->about);
	free(t->open);
	free(t);
}

static size_t
transcript_count(const struct transcript *t)
{
	return t->messages ? messages_count(t->messages) : 0;
}

/* Those whose place may have changed are shut; the others follow the decoder. */
static void
transcript_keep(struct transcript *t, bool another)
{
	size_t n = 0;

	while (n < t->opens && t->open[n].message < transcript_count(t) &&
			!messages_at(t->messages, t->open[n].message)->begun)
		n++;
	transcript_shut(t, n);
	for (n = 0; another && n < t->opens; n++) {
		doc_free(t->open[n].doc);
		t->open[n].doc = entry_doc(&t->about, messages_at(t->messages, t->open[n].message));
	}
}

static void
transcript_sum(struct transcript *t, const struct flow *f)
{
	t->began = f->begun;
	t->ended = f->ended;
	for (int side = CLIENT; side <= SERVER; side++) {
		t->count[side] = f->half[side].messages;
		t->bytes[side] = f->half[side].bytes;
	}
	for (size_t i = 0; flow_is_raw(f) && i < transcript_count(t); i++)
		t->count[messages_at(t->messages, i)->side] += messages_at(t->messages, i)->kind == PART_DATA;
}

void
transcript_show(struct transcript *t, const struct flow *f, const struct decoder *how, bool same)
{
	bool another = how != t->about.how;

	if (!same)
		transcript_shut(t, 0);
	messages_free(t->messages);
	t->messages = messages_new(f);
	entry_about_release(&t->about);
	t->about = entry_about_of(t->desk, f, how);
	transcript_keep(t, another);
	transcript_sum(t, f);
}

size_t
transcript_lines(const struct transcript *t)
{
	size_t lines = transcript_count(t);

	for (size_t i = 0; i < t->opens; i++)
		lines += doc_lines(t->open[i].doc);
	return lines ? lines : 1;
}

/* What stands on a line: a message, or a line of what is open under it. */
struct spot { size_t message; const struct opened *in; size_t line; };

static struct spot
transcript_spot(const struct transcript *t, size_t line)
{
	size_t before = 0;	/* lines that are no messages, above */

	for (size_t i = 0; i < t->opens; i++) {
		const struct opened *o = &t->open[i];
		size_t first = o->message + before + 1, lines = doc_lines(o->doc);

		if (line < first)
			break;
		if (line < first + lines)
			return (struct spot){ o->message, o, line - first };
		before += lines;
	}
	return (struct spot){ line - before, NULL, 0 };
}

static bool
transcript_is_open(const struct transcript *t, size_t message)
{
	for (size_t i = 0; i < t->opens && t->open[i].message <= message; i++)
		if (t->open[i].message == message)
			return true;
	return false;
}

/* Since the one before, on either side. */
static void
transcript_times(const struct transcript *t, size_t i, unsigned columns, struct line *out)
{
	const struct message *m = messages_at(t->messages, i);
	uint64_t before = i ? messages_at(t->messages, i - 1)->when : m->when;
	char text[WORDS_MAX], delta[WORDS_MAX + 1] = "";

	if (columns >= 64)
		cell_put(out, ROLE_FAINT, bytes_of(words_clock(m->when, true, text)), CLOCK, CUT_END);
	if (columns < 44)
		return;
	if (i)
		snprintf(delta, sizeof(delta), "+%s", m->when > before ? words_time(m->when - before, text) : "0");
	cell_right(out, m->when > before + 1000000 ? ROLE_NUMBER : ROLE_FAINT, bytes_of(delta), DELTA);
}

static void
transcript_message(const struct transcript *t, size_t i, unsigned columns, struct line *out)
{
	const struct message *m = messages_at(t->messages, i);
	char text[WORDS_MAX];

	out->single = true;
	line_putf(out, ROLE_MARK, transcript_is_open(t, i) ? "▾ " : "  ");
	transcript_times(t, i, columns, out);
	line_putf(out, m->side == CLIENT ? ROLE_WORD : ROLE_KEY, m->side == CLIENT ? "  ↑" : "  ↓");
	cell_right(out, ROLE_NUMBER, bytes_of(m->kind == PART_FAULT ? "" : words_size(m->size, text)), SIZE);
	line_putf(out, ROLE_TEXT, "  ");
	entry_preview(&t->about, m, out);
}

void
transcript_line(const struct transcript *t, size_t i, unsigned columns, struct line *out)
{
	struct spot at = transcript_spot(t, i);

	if (!transcript_count(t)) {
		line_putf(out, ROLE_FAINT, t->ended ? "There was no message." : "No message has come yet.");
		return;
	}
	if (!at.in) {
		transcript_message(t, at.message, columns, out);
		return;
	}
	line_of(out, at.in->doc, at.line);
	out->depth += 2;
}

static void
transcript_open(struct transcript *t, size_t message)
{
	struct opened one = { message, entry_doc(&t->about, messages_at(t->messages, message)) };
	size_t at = 0;

	if (t->opens == OPEN_MAX)
		transcript_shut(t, OPEN_MAX - 1);
	while (at < t->opens && t->open[at].message < message)
		at++;
	t->open = xgrow(t->open, t->opens + 1, sizeof(*t->open));
	memmove(t->open + at + 1, t->open + at, (t->opens - at) * sizeof(*t->open));
	t->open[at] = one;
	t->opens++;
}

static void
transcript_unopen(struct transcript *t, size_t message)
{
	size_t at = 0;

	while (t->open[at].message != message)
		at++;
	doc_free(t->open[at].doc);
	t->opens--;
	memmove(t->open + at, t->open + at + 1, (t->opens - at) * sizeof(*t->open));
}

void
transcript_fold(struct transcript *t, size_t i)
{
	struct spot at = transcript_spot(t, i);

	if (at.message >= transcript_count(t) || messages_at(t->messages, at.message)->begun)
		return;
	if (transcript_is_open(t, at.message))
		transcript_unopen(t, at.message);
	else
		transcript_open(t, at.message);
}

bool
transcript_copy(struct transcript *t, size_t i, struct fault *why)
{
	struct spot at = transcript_spot(t, i);

	if (at.in || at.message >= transcript_count(t))
		return false;
	(void)!desk_copy(t->desk, entry_payload(messages_at(t->messages, at.message)), why);
	return true;
}

/* With fewer words where there is less room. */
void
transcript_sums(const struct transcript *t, struct line *out, unsigned columns)
{
	uint64_t all = t->count[CLIENT] + t->count[SERVER];
	uint64_t till = t->ended ? t->ended : t->desk->now, open = till > t->began ? till - t->began : 0;
	char n[WORDS_MAX], up[WORDS_MAX], down[WORDS_MAX], took[WORDS_MAX];

	words_count(all, n);
	words_size(t->bytes[CLIENT], up);
	words_size(t->bytes[SERVER], down);
	if (columns < SUMS_LEAST)
		return;
	line_putf(out, ROLE_NUMBER, "  %s", n);
	line_putf(out, ROLE_FAINT, columns >= SUMS_WORDS ? " message%s" : "", all == 1 ? "" : "s");
	line_putf(out, ROLE_WORD, "  ↑");
	line_putf(out, ROLE_NUMBER, " %s", up);
	line_putf(out, ROLE_KEY, "  ↓");
	line_putf(out, ROLE_NUMBER, " %s", down);
	if (columns >= SUMS_TIMES)
		line_putf(out, ROLE_FAINT, "  %s %s", t->ended ? "took" : "open", words_time(open, took));
	if (columns >= SUMS_ALL && !t->ended)
		line_putf(out, ROLE_GOOD, "  live");
}

bool
transcript_live(const struct transcript *t)
{
	return !t->ended;
}
