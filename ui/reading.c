/* A body, or a message, as a pane shows it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "choices.h"
#include "folds.h"
#include "reading.h"
#include "soth/content.h"
#include "soth/study.h"
#include "words.h"

enum { MARKED_LAST = -1, RAW_PLACE = 0, PATH_MAX_ = 1000 };

struct reading {
	struct desk *desk;
	flow_id flow;			/* 0: bytes that are here */
	enum side side;
	char key[CHOICE_KEY_MAX];	/* of what is chosen */
	struct hint hint;		/* of bytes that are here */
	struct slice here, type, path;
	struct content *content;	/* NULL: none */
	struct study *study;		/* reads it */
	bool raw;			/* as it was recorded, in hex */
	int marked;			/* place of the step that is marked; MARKED_LAST: none */
	struct folds folds;
	size_t lines;			/* of the paper, in this frame */
	struct report report[DECODE_STEPS_MAX];	/* of the whole chain, also when a step of it is looked into */
	size_t reports;
};

struct reading *
reading_new(struct desk *desk)
{
	struct reading *r = xalloc(sizeof(*r));

	r->desk = desk;
	r->marked = MARKED_LAST;
	return r;
}

static void
reading_stop(struct reading *r)
{
	study_stop(r->study);
	r->study = NULL;
	content_free(r->content);
	r->content = NULL;
	folds_release(&r->folds);
	r->lines = 0;
}

static void
reading_drop(struct reading *r)
{
	slice_drop(&r->here);
	slice_drop(&r->type);
	slice_drop(&r->path);
}

void
reading_free(struct reading *r)
{
	if (!r)
		return;
	reading_stop(r);
	reading_drop(r);
	free(r);
}

void
reading_forget(struct reading *r)
{
	*r->key = '\0';
	r->flow = 0;
}

/* What was chosen, up to the step that is marked; what that one gave out is
 * shown as it is. */
static struct choice
reading_choice(const struct reading *r)
{
	struct choice c = choices_find(r->desk->choices, r->key)->choice;
	int place = r->raw ? RAW_PLACE : r->marked == MARKED_LAST ? DECODE_STEPS_MAX : r->marked + 1;

	if (place < DECODE_STEPS_MAX)
		strcpy(c.step[place], r->raw ? "hex" : "raw");
	return c;
}

/* From the beginning. */
static void
reading_start(struct reading *r)
{
	struct content_how how = { .store = r->desk->store, .flow = r->flow, .side = r->side,
		.decoders = r->desk->decoders, .choice = reading_choice(r),
		.fixes = bytes_of(choices_find(r->desk->choices, r->key)->fixes), .schema = r->desk->schema,
		.unpack_max = r->desk->options->unpack_limit };

	reading_stop(r);
	if (!r->flow) {
		how.hint = &r->hint;
		how.bytes = r->here.bytes;
	}
	r->content = content_new(&how);
	r->study = study_start(content_read, r->content, r->desk->wake);
}

/* A step is looked into: what is behind it is not shown. */
static bool
reading_within(const struct reading *r)
{
	return r->raw || r->marked != MARKED_LAST;
}

static void
reading_look(struct reading *r)
{
	struct paper *p;

	(void)study_wait(r->study, r->desk->patience);
	p = content_paper(r->content);
	r->lines = p ? paper_lines(p) : 0;
	if (!reading_within(r))
		r->reports = content_reports(r->content, r->report, ARRAY_LEN(r->report));
	/* A fold that ended where there was no more goes on with what came. */
	for (size_t i = 0; i < r->folds.count; i++)
		r->folds.at[i].past = paper_past(p, content_bytes(r->content), r->folds.at[i].line);
}

bool
reading_show(struct reading *r, const struct flow *f, enum side side, bool grew)
{
	const struct head *request = f->half[CLIENT].head;
	char key[CHOICE_KEY_MAX];
	bool other;

	choices_key(side, f->origin ? f->origin->host : (struct bytes){ 0 },
		request ? head_target(request) : (struct bytes){ 0 }, key);
	other = f->id != r->flow || side != r->side || strcmp(key, r->key);
	if (other) {
		r->flow = f->id;
		r->side = side;
		strcpy(r->key, key);
		r->raw = false;
		r->marked = MARKED_LAST;
		r->reports = 0;
		reading_start(r);
	} else if (grew) {
		study_poke(r->study);
	}
	reading_look(r);
	return other;
}

bool
reading_show_bytes(struct reading *r, const char *key, const struct hint *hint, struct bytes bytes)
{
	bool other = r->flow || strcmp(key, r->key) || !r->content;

	if (other) {
		r->flow = 0;
		snprintf(r->key, sizeof(r->key), "%s", key);
		reading_drop(r);
		r->here = slice_copy(bytes);
		r->type = slice_copy(hint->type);
		r->path = slice_copy(hint->path);
		r->hint = *hint;
		r->hint.type = r->type.bytes;
		r->hint.path = r->path.bytes;
		r->raw = false;
		r->marked = MARKED_LAST;
		r->reports = 0;
		reading_start(r);
	}
	reading_look(r);
	return other;
}

size_t
reading_lines(const struct reading *r)
{
	return folds_shown(&r->folds, r->lines);
}

static struct paper_line
reading_at(struct reading *r, size_t line)
{
	return paper_line(content_paper(r->content), content_bytes(r->content), line);
}

void
reading_line(struct reading *r, size_t i, struct line *out)
{
	size_t line = folds_line(&r->folds, i);
	struct paper_line l = reading_at(r, line);

	out->spans = doc_spans(l.doc, l.line, out->span, ARRAY_LEN(out->span) - 1);
	out->depth = doc_depth(l.doc, l.line);
	for (size_t k = 0; k < r->folds.count; k++)
		if (r->folds.at[k].line == line)
			line_putf(out, ROLE_FAINT, "  … %zu lines", r->folds.at[k].past - line - 1);
}

/* What the line itself opens; else what it stands in. */
void
reading_fold(struct reading *r, size_t i)
{
	size_t line = folds_line(&r->folds, i), past;
	struct bytes all = content_bytes(r->content);
	struct paper *p = content_paper(r->content);

	if (!p || line >= r->lines)
		return;
	if (folds_has(&r->folds, line)) {
		folds_take(&r->folds, line);
		return;
	}
	past = paper_past(p, all, line);
	if (past <= line + 1) {
		line = paper_parent(p, all, line);
		past = paper_past(p, all, line);
	}
	if (past > line + 1)
		folds_put(&r->folds, line, past);
}

bool
reading_empty(struct reading *r)
{
	struct content_state s;

	content_state(r->content, &s);
	return !s.came && s.ended;
}

/* Reports before the first place of a choice: the transfer coding's. */
static size_t
reading_before(const struct reading *r)
{
	return r->reports && r->report[0].stage == STAGE_TRANSFER;
}

static void
chain_step(const struct reading *r, size_t i, struct line *out)
{
	const struct report *s = &r->report[i];
	int place = (int)(i - reading_before(r));
	bool here = r->marked == place || (r->raw && !i);
	enum role role = s->state == STAGE_FAILED ? ROLE_ERROR : here ? ROLE_TITLE_FOCUS : s->chosen ? ROLE_EDITED : ROLE_TEXT;
	char size[WORDS_MAX];

	line_putf(out, ROLE_MARK, i ? " › " : "");
	line_putf(out, role, "%s%s%s", s->state == STAGE_FAILED ? "✗ " : "", s->name, s->chosen ? "*" : "");
	line_putf(out, ROLE_FAINT, " %s", *s->words ? s->words : words_size(s->in, size));
}

static void
chain_state(struct reading *r, struct line *out)
{
	struct paper *p = content_paper(r->content);
	uint64_t all = content_bytes(r->content).len, reached = p ? paper_reached(p) : 0;
	struct content_state s;
	char size[WORDS_MAX];

	content_state(r->content, &s);
	for (size_t i = 0; i < r->reports; i++)
		if (r->report[i].state == STAGE_FAILED && *r->report[i].why) {
			line_putf(out, ROLE_ERROR, "  %.120s", r->report[i].why);
			return;
		}
	if (*s.trouble)
		line_putf(out, ROLE_ERROR, "  %.120s", s.trouble);
	else if (!s.done && study_busy(r->study) && all)
		line_putf(out, ROLE_FAINT, "  reading %u%% of %s", (unsigned)(reached * 100 / all), words_size(all, size));
}

void
reading_chain(struct reading *r, struct line *out)
{
	for (size_t i = 0; i < r->reports && out->spans + 6 < ARRAY_LEN(out->span); i++)
		chain_step(r, i, out);
	chain_state(r, out);
}

/* The place that a choice is made of: the marked one; else the first decoder. */
static size_t
reading_place(const struct reading *r)
{
	size_t place = content_steps(r->content);

	return r->marked == MARKED_LAST || r->marked < 0 ? place : (size_t)r->marked;
}

static bool
reading_choose(struct reading *r, struct fault *why)
{
	struct chosen what = *choices_find(r->desk->choices, r->key);
	size_t place = reading_place(r);
	const char *name = r->desk->arg;

	if (!*name)
		return false;
	if (strlen(name) >= DECODE_NAME_MAX || place >= DECODE_STEPS_MAX ||
			(strcmp(name, "auto") && strcmp(name, "raw") && !choice_known(r->desk->decoders, name)))
		return fault(why, "no decoder and no coding is called '%.40s': m and Tab list them", name) || true;
	snprintf(what.choice.step[place], DECODE_NAME_MAX, "%s", strcmp(name, "auto") ? name : "");
	/* What came behind it was another's. */
	for (size_t i = place + 1; i < DECODE_STEPS_MAX; i++)
		*what.choice.step[i] = '\0';
	(void)!choices_put(r->desk->choices, r->key, &what, why);
	r->raw = false;
	r->marked = MARKED_LAST;
	reading_start(r);
	return true;
}

/* Along the chain, and off it at its end. */
static bool
reading_step(struct reading *r, int way)
{
	int last = (int)r->reports - (int)reading_before(r) - 1;
	int at = (r->raw ? -1 : r->marked == MARKED_LAST ? last : r->marked) + way;

	r->raw = at < 0;
	r->marked = at < 0 || at >= last ? MARKED_LAST : at;
	reading_start(r);
	return true;
}

static bool
reading_raw(struct reading *r)
{
	r->raw = !r->raw;
	r->marked = MARKED_LAST;
	reading_start(r);
	return true;
}

/* The bytes that line i stands for; false: none, or it says nothing of them. */
static bool
reading_part(struct reading *r, size_t i, struct bytes *part)
{
	const struct decoder *json = decoder_named(r->desk->decoders, "json");
	struct bytes all = content_bytes(r->content);
	struct paper_line l;
	uint64_t from, to;

	if (i >= reading_lines(r))
		return false;
	l = reading_at(r, folds_line(&r->folds, i));
	if (!doc_marked(l.doc, l.line, &from, &to) || from > all.len || to > all.len)
		return false;
	*part = (struct bytes){ all.at + from, all.len - (size_t)from };
	part->len = to ? (size_t)(to - from) : json && json->extent ? json->extent(*part) : 0;
	return part->len;
}

static bool
reading_copy(struct reading *r, size_t i, struct fault *why)
{
	struct bytes part;
	char size[WORDS_MAX];

	if (!reading_part(r, i, &part))
		return false;
	if (part.len > DESK_COPY_MAX)
		fault(why, "%s is too much for the terminal's clipboard: save_part writes it into a file", words_size(part.len, size));
	else
		(void)!desk_copy(r->desk, part, why);
	return true;
}

static bool
write_file(const char *path, struct bytes all, struct fault *why)
{
	FILE *f = fopen(path, "wbe");
	bool ok;

	if (!f)
		return fault(why, "%.150s: %s", path, strerror(errno));
	ok = !all.len || fwrite(all.at, 1, all.len, f) == all.len;
	ok = !fclose(f) && ok;
	return ok || fault(why, "%.150s: %s", path, strerror(errno));
}

static bool
reading_save(struct reading *r, struct bytes what, struct fault *why)
{
	char size[WORDS_MAX];

	if (!*r->desk->arg)
		return false;		/* it is asked for */
	if (write_file(r->desk->arg, what, why))
		desk_say(r->desk, "wrote %s bytes to %.120s", words_count(what.len, size), r->desk->arg);
	return true;
}

static bool
reading_save_part(struct reading *r, size_t i, struct fault *why)
{
	struct bytes part;

	if (!reading_part(r, i, &part))
		return fault(why, "this line stands for no bytes of its own: save_body writes all") || true;
	return reading_save(r, part, why);
}

bool
reading_act(struct reading *r, const char *action, size_t i, size_t *to, struct fault *why)
{
	(void)to;
	if (!r->content)
		return false;
	if (!strcmp(action, "decoder"))
		return reading_choose(r, why);
	if (!strcmp(action, "step_prev"))
		return reading_step(r, -1);
	if (!strcmp(action, "step_next"))
		return reading_step(r, 1);
	if (!strcmp(action, "raw"))
		return reading_raw(r);
	if (!strcmp(action, "copy"))
		return reading_copy(r, i, why);
	if (!strcmp(action, "save_body"))
		return reading_save(r, content_bytes(r->content), why);
	return !strcmp(action, "save_part") && reading_save_part(r, i, why);
}
