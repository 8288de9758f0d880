/* The messages of a flow as lines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "choices.h"
#include "codes.h"
#include "entry.h"
#include "find.h"
#include "glyph.h"
#include "layout.h"
#include "sieve.h"
#include "soth/messages.h"
#include "soth/study.h"
#include "transcript.h"
#include "words.h"

enum { OPEN_MAX = 1000, DELTA = 8, SIZE = 7, CLOCK = 13 };
enum { PREVIEW_MAX = 4096, OPENED_MAX = 16 << 20, SCRATCH_MAX = 80 << 20 };
enum { SUMS_LEAST = 24, SUMS_WORDS = 34, SUMS_TIMES = 48, SUMS_ALL = 54 };	/* columns */

/* A message that was opened, and what stands under it. */
struct opened { size_t message; struct doc *doc; };

struct transcript {
	struct desk *desk;
	flow_id flow;
	struct messages *messages;
	struct study *study;		/* reads them */
	size_t count;			/* of those that are shown, in this frame */
	struct sieve sieve;
	struct buf scratch, joined;
	size_t alone;			/* the message that is open in a view of its own */
	struct entry_about about;
	struct slice host;
	unsigned port;
	char key[CHOICE_KEY_MAX];
	const struct decoder *how;	/* chosen for all of them; NULL: the best for each */
	struct opened *open;		/* by message */
	size_t opens;
	uint64_t began, ended;		/* of the flow; ended 0: live */
};

struct transcript *
transcript_new(struct desk *desk)
{
	struct transcript *t = xalloc(sizeof(*t));

	t->desk = desk;
	buf_init(&t->scratch, SCRATCH_MAX);
	buf_init(&t->joined, SCRATCH_MAX);
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
	study_stop(t->study);
	messages_free(t->messages);
	sieve_reset(&t->sieve);
	entry_about_release(&t->about);
	slice_drop(&t->host);
	buf_release(&t->scratch);
	buf_release(&t->joined);
	if (t->desk->transcript == t)
		t->desk->transcript = NULL;
	free(t->open);
	free(t);
}

/* Which of all messages the i-th is that is shown. */
static size_t
transcript_real(const struct transcript *t, size_t i)
{
	return sieve_real(&t->sieve, i);
}

static void
transcript_counts(struct transcript *t)
{
	t->count = !t->messages ? 0 : t->sieve.on ? t->sieve.count : messages_count(t->messages);
	if (!t->messages || !t->sieve.on)
		return;
	if (!sieve_sift(&t->sieve, t->messages, &t->scratch))
		t->desk->busy = true;
	t->count = t->sieve.count;
}

static struct doc *
transcript_doc(struct transcript *t, size_t message)
{
	struct message m = messages_get(t->messages, transcript_real(t, message), OPENED_MAX, &t->scratch);

	return entry_doc(&t->about, &m);
}

/* Those whose place may have changed are shut; the others follow the decoder. */
static void
transcript_keep(struct transcript *t, bool another)
{
	size_t n = 0;

	while (n < t->opens && t->open[n].message < t->count && !messages_at(t->messages, transcript_real(t, t->open[n].message)).begun)
		n++;
	transcript_shut(t, n);
	for (n = 0; another && n < t->opens; n++) {
		doc_free(t->open[n].doc);
		t->open[n].doc = transcript_doc(t, t->open[n].message);
	}
}

static void
transcript_take(struct transcript *t, flow_id flow)
{
	study_stop(t->study);
	messages_free(t->messages);
	sieve_reset(&t->sieve);
	t->flow = flow;
	t->messages = messages_new(t->desk->store, flow);
	t->study = study_start(messages_read, t->messages, t->desk->wake);
}

void
transcript_show(struct transcript *t, const struct flow *f, bool same)
{
	if (!same || f->id != t->flow) {
		transcript_shut(t, 0);
		transcript_take(t, f->id);
	} else {
		study_poke(t->study);
	}
	(void)study_wait(t->study, t->desk->patience);
	t->began = f->begun;
	t->ended = f->ended;
	transcript_counts(t);
	entry_about_release(&t->about);
	t->about = entry_about_of(t->desk, f, t->how);
	slice_drop(&t->host);
	t->port = f->origin ? f->origin->port : 0;
	t->host = f->origin ? slice_copy(f->origin->host) : (struct slice){ 0 };
	transcript_keep(t, false);
}

bool
transcript_grew(struct transcript *t)
{
	size_t before = t->count;

	transcript_counts(t);
	return t->count != before;
}

size_t
transcript_lines(const struct transcript *t)
{
	size_t lines = t->count;

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
transcript_times(const struct transcript *t, size_t i, const struct message *m, unsigned columns, struct line *out)
{
	uint64_t before = i ? messages_at(t->messages, transcript_real(t, i - 1)).when : m->when;
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
transcript_message(struct transcript *t, size_t i, unsigned columns, struct line *out)
{
	struct message one = messages_get(t->messages, transcript_real(t, i), PREVIEW_MAX, &t->scratch), *m = &one;
	char text[WORDS_MAX];

	out->single = true;
	line_putf(out, ROLE_MARK, transcript_is_open(t, i) ? "▾ " : "  ");
	transcript_times(t, i, m, columns, out);
	line_putf(out, m->side == CLIENT ? ROLE_WORD : ROLE_KEY, m->side == CLIENT ? "  ↑" : "  ↓");
	cell_right(out, ROLE_NUMBER, bytes_of(m->kind == PART_FAULT ? "" : words_size(m->size, text)), SIZE);
	line_putf(out, ROLE_TEXT, "  ");
	if (m->injected)
		line_putf(out, ROLE_EDITED, "injected by hand  ");
	entry_preview(&t->about, m, out);
}

void
transcript_line(struct transcript *t, size_t i, unsigned columns, struct line *out)
{
	struct spot at = transcript_spot(t, i);

	if (!t->count) {
		line_putf(out, ROLE_FAINT, t->sieve.on ? "None of its messages has '%s' in it: f and Enter show them all." : t->ended ? "There was no message.%.0s" : "No message has come yet.%.0s", t->sieve.words);
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
	struct opened one = { message, transcript_doc(t, message) };
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

	if (at.message >= t->count || messages_at(t->messages, transcript_real(t, at.message)).begun)
		return;
	if (transcript_is_open(t, at.message))
		transcript_unopen(t, at.message);
	else
		transcript_open(t, at.message);
}

bool
transcript_reach(struct transcript *t, size_t message, size_t *line, size_t *past)
{
	if (t->sieve.on) {
		sieve_set(&t->sieve, "");
		transcript_counts(t);
	}
	if (message >= t->count)
		return false;
	transcript_shut(t, 0);
	transcript_fold(t, message);
	*line = message;
	*past = message + 1 + (t->opens ? doc_lines(t->open[0].doc) : 0);
	return true;
}

bool
transcript_has(struct transcript *t, size_t i, struct bytes what)
{
	struct spot at = transcript_spot(t, i);

	return !at.in && at.message < t->count &&
		find_text(messages_get(t->messages, transcript_real(t, at.message), OPENED_MAX, &t->scratch).bytes, what) != SIZE_MAX;
}

/* Of the message, as its sender meant it. */
static bool
transcript_copy(struct transcript *t, size_t i, struct fault *why)
{
	struct spot at = transcript_spot(t, i);
	struct message m;

	if (at.in || at.message >= t->count)
		return false;
	m = messages_get(t->messages, transcript_real(t, at.message), SIZE_MAX, &t->scratch);
	(void)!desk_copy(t->desk, entry_payload(&t->about, &m, &t->joined, NULL), why);
	return true;
}

static bool
transcript_decoder(struct transcript *t, struct fault *why)
{
	const char *name = t->desk->arg;
	const struct decoder *how = decoder_named(t->desk->decoders, name);

	if (!*name)
		return false;
	if (!how && strcmp(name, "auto"))
		return fault(why, "no decoder is called '%.40s': m and Tab list them", name) || true;
	t->how = t->about.how = how;
	transcript_keep(t, true);
	return true;
}

/* In a view of its own, with its own chain. */
static bool
transcript_alone(struct transcript *t, size_t i, struct fault *why)
{
	struct spot at = transcript_spot(t, i);

	if (at.message >= t->count)
		return false;
	t->alone = at.message;
	t->desk->transcript = t;
	(void)!layout_show(t->desk->layout, "message", why);
	return true;
}

bool
transcript_opened(struct transcript *t, int way, struct opened_message *out)
{
	size_t to = t->alone + (size_t)way;

	if (to >= t->count)	/* also before the first */
		return false;
	t->alone = to;
	out->index = to;
	out->count = t->count;
	out->m = messages_get(t->messages, transcript_real(t, to), SIZE_MAX, &t->scratch);
	out->payload = entry_payload(&t->about, &out->m, &t->joined, &out->hint);
	return true;
}

const char *
transcript_key(struct transcript *t, enum side side)
{
	char key[CHOICE_KEY_MAX];

	choices_key(side, t->host.bytes, t->port, t->about.path.bytes, key);
	snprintf(t->key, sizeof(t->key), "message of %.780s", key);
	return t->key;
}

static bool
transcript_filter(struct transcript *t)
{
	transcript_shut(t, 0);
	sieve_set(&t->sieve, t->desk->arg);
	transcript_counts(t);
	return true;
}

bool
transcript_act(struct transcript *t, const char *action, size_t i, struct fault *why)
{
	if (!strcmp(action, "enter"))
		return transcript_alone(t, i, why);
	if (!strcmp(action, "copy"))
		return transcript_copy(t, i, why);
	if (!strcmp(action, "filter")) {
		t->desk->sifts = true;
		return (t->desk->asked || *t->desk->arg) && transcript_filter(t);
	}
	return !strcmp(action, "decoder") && transcript_decoder(t, why);
}

/* Over the columns of transcript_message(). */
void
transcript_header(unsigned columns, struct line *out)
{
	line_putf(out, ROLE_HEADER, "%s%s  ↕   SIZE  MESSAGE", columns >= 64 ? " TIME         " : "", columns >= 44 ? "   SINCE" : "");
}

/* With fewer words where there is less room. */
void
transcript_sums(const struct transcript *t, struct line *out, unsigned columns)
{
	struct messages_sums sums = t->messages ? messages_sums(t->messages) : (struct messages_sums){ 0 };
	uint64_t all = sums.count[CLIENT] + sums.count[SERVER];
	uint64_t till = t->ended ? t->ended : t->desk->now, open = till > t->began ? till - t->began : 0;
	char n[WORDS_MAX], up[WORDS_MAX], down[WORDS_MAX], took[WORDS_MAX];

	words_count(all, n);
	words_size(sums.bytes[CLIENT], up);
	words_size(sums.bytes[SERVER], down);
	if (columns < SUMS_LEAST)
		return;
	line_putf(out, ROLE_NUMBER, "  %s", n);
	line_putf(out, ROLE_FAINT, columns >= SUMS_WORDS ? " message%s" : "", all == 1 ? "" : "s");
	line_putf(out, ROLE_WORD, "  ↑");
	line_putf(out, ROLE_NUMBER, " %s", up);
	line_putf(out, ROLE_KEY, "  ↓");
	line_putf(out, ROLE_NUMBER, " %s", down);
	if (t->sieve.on)
		line_putf(out, ROLE_EDITED, "  %zu with '%s'", t->count, t->sieve.words);
	else if (columns >= SUMS_TIMES)
		line_putf(out, ROLE_FAINT, "  %s %s", t->ended ? "took" : "open", words_time(open, took));
	if (columns >= SUMS_ALL && !t->ended)
		line_putf(out, ROLE_GOOD, "  live");
}

bool
transcript_live(const struct transcript *t)
{
	return !t->ended;
}
