/* A body, or a message, as a pane shows it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reading_inside.h"
#include "soth/study.h"
#include "words.h"

struct reading *
reading_new(struct desk *desk)
{
	struct reading *r = xalloc(sizeof(*r));

	r->desk = desk;
	r->marked = MARKED_LAST;
	return r;
}

static void
content_release(void *content)
{
	content_free(content);
}

static void
reading_stop(struct reading *r)
{
	if (r->study)
		study_leave(r->study, content_release);
	r->study = NULL;
	r->content = NULL;
	r->paper = NULL;
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

void
reading_start(struct reading *r)
{
	struct content_how how = { .store = r->desk->store, .flow = r->flow, .side = r->side,
		.decoders = r->desk->decoders, .choice = reading_choice(r),
		.fixes = bytes_of(choices_find(r->desk->choices, r->key)->fixes), .schema = r->desk->schema,
		.unpack_max = r->desk->options->unpack_limit };

	reading_stop(r);
	r->epoch = r->desk->epoch;
	if (!r->flow) {
		how.hint = &r->hint;
		how.bytes = r->here.bytes;
	}
	r->content = content_new(&how);
	r->study = study_start(content_read, r->content, r->desk->wake);
}

bool
reading_within(const struct reading *r)
{
	return r->raw || r->marked != MARKED_LAST;
}

static void
reading_look(struct reading *r)
{
	struct paper *p;

	(void)study_wait(r->study, r->desk->patience);
	p = r->paper = content_paper(r->content);
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

	choices_key(side, f->origin ? f->origin->host : (struct bytes){ 0 }, f->origin ? f->origin->port : 0,
		request ? head_target(request) : (struct bytes){ 0 }, key);
	other = f->id != r->flow || side != r->side || strcmp(key, r->key) || r->epoch != r->desk->epoch;
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
	r->total = f->half[side].bytes - f->half[side].skipped;
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

void
reading_refresh(struct reading *r)
{
	reading_look(r);
}

size_t
reading_lines(const struct reading *r)
{
	return folds_shown(&r->folds, r->lines);
}

struct paper_line
reading_at(struct reading *r, size_t line)
{
	return paper_line(r->paper, content_bytes(r->content), line);
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
	struct paper *p = r->paper;

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

size_t
reading_before(const struct reading *r)
{
	return r->reports && r->report[0].stage == STAGE_TRANSFER;
}

static void
chain_step(const struct reading *r, size_t i, struct line *out)
{
	const struct report *s = &r->report[i];
	int place = (int)(i - reading_before(r));
	bool here = r->raw ? !i : r->marked != MARKED_LAST && r->marked == place;
	enum role role = s->state == STAGE_FAILED ? ROLE_ERROR : here ? ROLE_TITLE_FOCUS : s->chosen ? ROLE_EDITED : ROLE_TEXT;
	char size[WORDS_MAX];

	line_putf(out, ROLE_MARK, i ? " › " : "");
	line_putf(out, role, "%s%s%s", s->state == STAGE_FAILED ? "✗ " : "", s->name, s->chosen ? "*" : "");
	line_putf(out, ROLE_FAINT, " %s", *s->words ? s->words : words_size(s->in, size));
}

static void
chain_state(struct reading *r, struct line *out)
{
	struct paper *p = r->paper;
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
	else if (!s.done && study_busy(r->study) && all && r->total)
		line_putf(out, ROLE_FAINT, "  reading %.0f%% of %s",
			100.0 * (double)s.came / (double)r->total * (double)reached / (double)all, words_size(r->total, size));
}

void
reading_chain(struct reading *r, struct line *out)
{
	for (size_t i = 0; i < r->reports && out->spans + 6 < ARRAY_LEN(out->span); i++)
		chain_step(r, i, out);
	chain_state(r, out);
}

bool
reading_grows(struct reading *r)
{
	struct content_state s;

	content_state(r->content, &s);
	return !s.done;
}
