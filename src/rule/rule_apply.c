/* Rules, one after the other, on what came: which apply, and what is left of it in the end. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rule_inside.h"

enum { READ_MOST = 64 };		/* for one exchange */

struct rule_file { struct slice what; struct local_file file; };

void
rule_state_read(struct rule_state *s, struct slice what, struct local_file *file)
{
	s->file = xgrow(s->file, s->files + 1, sizeof(*s->file));
	s->file[s->files++] = (struct rule_file){ what, *file };
}

static const struct local_file *
state_file(const struct rule_state *s, struct bytes what)
{
	for (size_t i = 0; i < s->files; i++)
		if (bytes_same(s->file[i].what.bytes, what))
			return &s->file[i].file;
	return NULL;
}

const struct local_file *
acting_file(struct acting *a, struct slice what)
{
	const struct local_file *known = state_file(a->state, what.bytes);
	struct local_file now;

	if (known || (a->ahead && (a->out->read.bytes.len || a->state->files == READ_MOST))) {
		slice_drop(&what);
		return known;
	}
	if (a->ahead) {
		a->out->read = what;
		return NULL;
	}
	rules_local(what.bytes, &now);
	rule_state_read(a->state, what, &now);
	return state_file(a->state, a->state->file[a->state->files - 1].what.bytes);
}

void
rule_state_release(struct rule_state *s)
{
	for (size_t i = 0; i < s->files; i++) {
		slice_drop(&s->file[i].what);
		local_file_release(&s->file[i].file);
	}
	free(s->file);
	head_drop(s->head[CLIENT]);
	head_drop(s->head[SERVER]);
	*s = (struct rule_state){ { NULL } };
}

static void
count_one(atomic_uint_fast64_t *n)
{
	atomic_store_explicit(n, atomic_load_explicit(n, memory_order_relaxed) + 1, memory_order_relaxed);
}

void
acting_say(struct acting *a, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	if (!a->words)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	(void)!buf_addf(a->words, ": %s", text);
}

bool
acting_fail(struct acting *a, const struct rule *r, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!*a->out->trouble.text)
		fault(&a->out->trouble, "line %u: %s: %s", r->line, r->action->name, text);
	if (!a->dry)
		count_one(&a->rules->tally[r->number - 1].failed);
	return false;
}

const struct row *
acting_row(struct acting *a)
{
	if (!a->row_made)
		scene_row(a->scene, &a->row);
	a->row_made = true;
	return &a->row;
}

/* xorshift64* */
static uint64_t
dice(struct rules *r)
{
	r->dice ^= r->dice >> 12;
	r->dice ^= r->dice << 25;
	r->dice ^= r->dice >> 27;
	return r->dice * UINT64_C(2685821657736338717) >> 32;
}

/* Its turn, by chance and by how often it had it. */
static bool
rule_turn(struct rule *r, struct acting *a)
{
	if (a->dry)
		return true;
	if (r->chance < ALWAYS && dice(a->rules) % ALWAYS >= r->chance)
		return false;
	return !r->most || atomic_fetch_add_explicit(&r->used, 1, memory_order_relaxed) < r->most;
}

static void
rule_unturn(struct rule *r, const struct acting *a)
{
	if (!a->dry && r->most)
		atomic_fetch_sub_explicit(&r->used, 1, memory_order_relaxed);
}

static void
touch(struct acting *a, const struct rule *r)
{
	if (a->out->touches < RULES_TOUCHED_MAX)
		a->out->touched[a->out->touches] = r->number;
	a->out->touches++;
	if (!a->dry)
		count_one(&a->rules->tally[r->number - 1].hits);
}

static void
rule_run(struct rule *r, struct acting *a)
{
	size_t begin = a->words ? a->words->len : 0;
	bool did;

	if (r->filter && !filter_takes_row(r->filter, a->scene, acting_row(a)))
		return;
	if (!rule_turn(r, a))
		return;
	if (a->words)
		(void)!buf_addf(a->words, "line %u: %.200s", r->line, r->written);
	did = r->action->act(r, a);
	a->changed |= did && a->drafted;
	if (did)
		touch(a, r);
	else
		rule_unturn(r, a);
	if (a->words && did)
		(void)!buf_add(a->words, LIT("\n"));
	else if (a->words)
		a->words->len = begin;
}

/* One whose regular expression is given up is named. */
static void
rule_try(struct rule *r, struct acting *a)
{
	uint64_t given_up = match_given_up();

	rule_run(r, a);
	if (match_given_up() == given_up)
		return;
	if (!a->dry)
		count_one(&a->rules->tally[r->number - 1].given_up);
	if (!*a->out->trouble.text)
		fault(&a->out->trouble, "line %u: %s: a regular expression took too long and was given up", r->line, r->action->name);
}

typedef void each_rule(struct rule *r, struct acting *a);

/* The next one that may, from `i` on; SIZE_MAX: none. */
static size_t
next_may(const uint64_t *may, size_t i, size_t count)
{
	for (; i < count; i = (i / 64 + 1) * 64) {
		uint64_t bits = may[i / 64] >> (i % 64);

		if (bits)
			return i + (size_t)__builtin_ctzll(bits) < count ? i + (size_t)__builtin_ctzll(bits) : SIZE_MAX;
	}
	return SIZE_MAX;
}

/* Those of a stage that may apply, to any of these sides. Where one has changed
 * the URL, others may behind it. */
static void
rules_each(struct acting *a, unsigned stage, unsigned sides, each_rule *each)
{
	const struct set *s = a->rules->set;
	uint64_t *may = a->rules->may;
	size_t count = s->ats[stage];

	if (!count || !index_choose(s->index[stage], a->scene, &a->said, may))
		return;
	for (size_t i = next_may(may, 0, count); i != SIZE_MAX; i = next_may(may, i + 1, count)) {
		unsigned changes = a->url_changes;

		if (s->at[stage][i]->sides & sides)
			each(s->at[stage][i], a);
		if (a->url_changes != changes)
			index_also(s->index[stage], buf_bytes(&a->url), may);
	}
}

/* Whether it may apply once the body, or a message, is there. */
static bool
rule_may(const struct rule *r, struct acting *a)
{
	return !r->filter || filter_may_take(r->filter, a->scene, acting_row(a)) != FILTER_NO;
}

static bool
has_messages(const struct row *r)
{
	return r->protocol == PROTOCOL_WEBSOCKET || r->protocol == PROTOCOL_SSE || r->protocol == PROTOCOL_NDJSON ||
		r->protocol == PROTOCOL_GRPC || !r->request;
}

/* What is a stream of messages is never waited for. */
static void
rule_later(struct rule *r, struct acting *a)
{
	bool stream = has_messages(acting_row(a)), message = r->stages & 1u << RULE_MESSAGE;
	bool whole = r->stages & 1u << (a->stage + 1) && r->sides & 1u << a->side;

	if (stream ? message : whole)
		*(stream ? &a->out->messages : &a->out->wait) |= rule_may(r, a);
}

static enum side
side_of(enum rule_stage stage, const struct scene *s)
{
	return stage == RULE_MESSAGE ? s->side : stage < RULE_RESPONSE_HEAD ? CLIENT : SERVER;
}

static bool
has_any(const struct rule_changes *c)
{
	return c->wait || c->keep || c->messages || c->touches || *c->trouble.text;
}

bool
acting_run(struct acting *a)
{
	enum rule_stage stage = a->stage;

	rules_each(a, stage, 1u << a->side, rule_try);
	if (!a->answered && (stage == RULE_REQUEST_HEAD || stage == RULE_RESPONSE_HEAD)) {
		a->out->keep = a->rules->set->keep & 1u << a->side;
		rules_each(a, LATER_OF(a->side), OF_BOTH, rule_later);
	}
	acting_end(a);
	return has_any(a->out);
}

/* Nothing of this stage, nor to be foreseen: the common case. */
static bool
nothing_here(const struct set *s, enum rule_stage stage)
{
	bool head = stage == RULE_REQUEST_HEAD || stage == RULE_RESPONSE_HEAD;

	return !s->ats[stage] && !(head && (s->ats[LATER_OF(stage == RULE_REQUEST_HEAD ? CLIENT : SERVER)] || s->keep));
}

static bool
apply(struct rules *r, struct rule_state *state, const struct scene *s, enum rule_stage stage, bool dry, struct rule_changes *out)
{
	struct acting a;

	*out = (struct rule_changes){ 0 };
	memset(&a, 0, offsetof(struct acting, row));
	memset((uint8_t *)&a + offsetof(struct acting, row_made), 0, sizeof(a) - offsetof(struct acting, row_made));
	a.rules = r;
	a.state = state;
	a.scene = s;
	a.stage = stage;
	a.side = side_of(stage, s);
	a.out = out;
	a.said.text = &r->scratch;
	a.ahead = true;
	a.dry = dry;
	buf_init(&a.url, 1 << 20);
	buf_init(&a.body, RULES_BODY_MAX);
	return acting_run(&a);
}

/* A file that will be wanted and is not read yet: by doing all of it once, with nothing that stays done. */
static bool
wants_file(struct rules *r, const struct rule_state *state, const struct scene *s, enum rule_stage stage, struct rule_changes *out)
{
	struct rule_state as = *state;
	struct rule_changes c;

	for (int side = CLIENT; side <= SERVER; side++)
		if (as.head[side])
			head_ref(as.head[side]);
	(void)apply(r, &as, s, stage, true, &c);
	head_drop(as.head[CLIENT]);
	head_drop(as.head[SERVER]);
	*out = (struct rule_changes){ .read = slice_ref(c.read) };
	rule_changes_release(&c);
	return out->read.bytes.len;
}

bool
rules_apply(struct rules *r, struct rule_state *state, const struct scene *s, enum rule_stage stage, struct rule_changes *out)
{
	*out = (struct rule_changes){ 0 };
	if (nothing_here(r->set, stage))
		return false;
	if (r->set->folders && stage <= RULE_REQUEST_WHOLE && wants_file(r, state, s, stage, out))
		return true;
	return apply(r, state, s, stage, false, out);
}
