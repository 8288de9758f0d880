/* Sets of rules: read, all or nothing; copied; asked about. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "in_force.h"
#include "rule_inside.h"

void
rule_release(struct rule *r)
{
	for (size_t i = 0; i < r->pairs; i++) {
		free(r->pair[i].name);
		free(r->pair[i].value.at);
		filed_free(r->pair[i].value.content);
	}
	free(r->pair);
	free(r->name);
	free(r->value.at);
	filed_free(r->value.content);
	free(r->written);
	match_free(r->match);
	filter_free(r->filter);
}

static void
set_free(struct set *s)
{
	for (size_t i = 0; i < s->count; i++)
		rule_release(&s->rule[i]);
	for (unsigned i = 0; i < RULE_LISTS; i++) {
		free(s->at[i]);
		index_free(s->index[i]);
	}
	jar_drop(s->jar);
	free(s->rule);
	free(s);
}

/* The filter at the line's end; where it is wrong is counted from its begin. */
static bool
filter_read(struct reading *r, struct bytes line)
{
	char *text = strndup((const char *)line.at + r->words->filter, r->words->filter_end - r->words->filter);
	size_t at = 0;

	r->rule->filter = filter_parse(text, r->why, &at);
	r->column = r->words->filter + at;
	free(text);
	return r->rule->filter != NULL;
}

static bool
words_rule(struct reading *r, struct bytes line)
{
	const struct word *first = reading_next(r, "an action");

	r->rule->action = rule_action_named(first->text);
	if (!r->rule->action || first->quoted)
		return reading_wrong(r, first, "no action is called so: soth-rules(7) lists them");
	if (!r->rule->action->read(r) || !read_modifiers(r))
		return false;
	if (r->words->filter && !filter_read(r, line))
		return false;
	r->column = r->words->filter;
	return rule_when(r->rule, r->why);
}

/* False: something is wrong at *column. A line without words is no rule: its action is NULL. */
static bool
rule_read(struct rule *rule, struct bytes line, const char *folder, size_t *files, size_t *column, struct fault *why)
{
	struct words words;
	struct reading r = { .words = &words, .rule = rule, .folder = folder, .why = why, .files = files };
	bool ok = words_read(&words, line, column, why);

	if (ok && words.count) {
		rule->chance = ALWAYS;
		rule->sides = OF_CLIENT;
		ok = words_rule(&r, line);
		*column = r.column;
	}
	words_release(&words);
	return ok;
}

static void
wrong_add(struct rules_wrong *w, unsigned line, size_t column, const struct fault *why)
{
	if (w->count < RULES_WRONG_MAX)
		w->at[w->count] = (struct rule_wrong){ line, (unsigned)column + 1, *why };
	w->count++;
}

static struct bytes
line_next(struct bytes *rest)
{
	const uint8_t *lf = memchr(rest->at, '\n', rest->len);
	struct bytes line = { rest->at, lf ? (size_t)(lf - rest->at) : rest->len };

	*rest = bytes_from(*rest, line.len + 1);
	return line;
}

static void
set_add(struct set *s, struct rule *r, struct bytes line, unsigned number)
{
	if (!(s->count & (s->count + 1)))
		s->rule = xgrow(s->rule, (s->count + 1) * 2, sizeof(*s->rule));
	r->number = (unsigned)s->count + 1;
	r->line = number;
	r->written = strndup((const char *)line.at, line.len);
	s->rule[s->count++] = *r;
}

static void
set_read(struct set *s, struct bytes text, const char *folder, struct rules_wrong *wrong)
{
	for (unsigned number = 1; text.len; number++) {
		struct bytes line = line_next(&text);
		struct rule r = { 0 };
		struct fault why = { "" };
		size_t column = 0;
		bool ok = !memchr(line.at ? line.at : (const uint8_t *)"", 0, line.len) || fault(&why, "there is a NUL in the line");

		ok = ok && rule_read(&r, line, folder, &s->files, &column, &why);
		if (ok && r.action && s->count == RULES_MAX) {
			fault(&why, "there are more than %d rules", RULES_MAX);
			text.len = 0;
			ok = false;
		}
		if (!ok)
			wrong_add(wrong, number, column, &why);
		s->folders += ok && r.action && r.action->act == act_map_local && !r.value.content;
		if (ok && r.action)
			set_add(s, &r, bytes_trim(line), number);
		else
			rule_release(&r);
	}
}

/* The stages of a list, as bits. */
static unsigned
list_stages(unsigned list)
{
	if (list < RULE_STAGES)
		return 1u << list;
	return 1u << RULE_MESSAGE | 1u << (list == LATER_OF(CLIENT) ? RULE_REQUEST_WHOLE : RULE_RESPONSE_WHOLE);
}

static void
set_list(struct set *s, unsigned stage)
{
	s->at[stage] = xgrow(NULL, s->count + 1, sizeof(*s->at[stage]));
	for (size_t i = 0; i < s->count; i++)
		if (s->rule[i].stages & list_stages(stage))
			s->at[stage][s->ats[stage]++] = &s->rule[i];
	s->index[stage] = index_new(s->at[stage], s->ats[stage]);
}

/* Whose bodies rules of a later side ask about. */
static unsigned
set_keeps(const struct set *s)
{
	unsigned keep = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct rule *r = &s->rule[i];
		unsigned asks = r->filter ? filter_asks(r->filter) : 0;

		if (r->stages & (1u << RULE_RESPONSE_HEAD | 1u << RULE_RESPONSE_WHOLE) &&
				asks & (FILTER_ASKS_REQUEST_BODY | FILTER_ASKS_A_BODY))
			keep |= OF_CLIENT;
	}
	return keep;
}

static struct rules *
rules_of(struct set *s)
{
	struct rules *r = xalloc(sizeof(*r));
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	r->set = s;
	r->tally = xalloc((s->count + 1) * sizeof(*r->tally));
	r->may = xalloc((s->count / 64 + 1) * sizeof(*r->may));
	r->dice = ((uint64_t)t.tv_nsec << 20 ^ (uint64_t)t.tv_sec ^ (uintptr_t)r) | 1;
	buf_init(&r->scratch, RULES_BODY_MAX);
	return r;
}

struct rules *
rules_of_texts(const struct rule_text *text, size_t texts, const struct rules *before, struct rules_wrong *wrong)
{
	struct set *s = xalloc(sizeof(*s));

	*wrong = (struct rules_wrong){ 0 };
	atomic_init(&s->refs, 1);
	for (size_t i = 0; i < texts; i++)
		if (text[i].text.len > RULES_TEXT_MAX)
			wrong_add(wrong, 1, 0, &(struct fault){ "the rules are larger than 4 MiB" });
		else
			set_read(s, text[i].text, text[i].folder, wrong);
	if (wrong->count) {
		set_free(s);
		return NULL;
	}
	s->jar = before ? jar_ref(before->set->jar) : jar_new();
	for (unsigned i = 0; i < RULE_LISTS; i++)
		set_list(s, i);
	s->keep = set_keeps(s);
	return rules_of(s);
}

struct rules *
rules_read(struct bytes text, const char *folder, const struct rules *before, struct rules_wrong *wrong)
{
	return rules_of_texts(&(struct rule_text){ text, folder }, 1, before, wrong);
}

struct rules *
rules_load_and(const char *path, struct bytes more, const struct rules *before, struct rules_wrong *wrong)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + (slash == path)) : NULL;
	struct rules *r = NULL;
	struct slice text;
	struct fault why;

	*wrong = (struct rules_wrong){ 0 };
	if (rule_file_read(path, &text, &why)) {
		r = rules_of_texts((struct rule_text[]){ { text.bytes, folder }, { more, NULL } }, 2, before, wrong);
		slice_drop(&text);
	} else {
		wrong_add(wrong, 1, 0, &why);
	}
	free(folder);
	return r;
}

struct rules *
rules_load(const char *path, const struct rules *before, struct rules_wrong *wrong)
{
	return rules_load_and(path, (struct bytes){ 0 }, before, wrong);
}

struct rules *
rules_copy(const struct rules *r)
{
	atomic_fetch_add_explicit(&r->set->refs, 1, memory_order_relaxed);
	return rules_of(r->set);
}

void
rules_free(struct rules *r)
{
	if (!r)
		return;
	if (atomic_fetch_sub_explicit(&r->set->refs, 1, memory_order_acq_rel) == 1)
		set_free(r->set);
	buf_release(&r->scratch);
	free(r->may);
	free(r->tally);
	free(r);
}

bool
rules_about(const struct rules *r, unsigned number, struct rule_about *out)
{
	const struct rule *one;
	struct tally *t;

	if (!number || number > r->set->count)
		return false;
	one = &r->set->rule[number - 1];
	t = &r->tally[number - 1];
	*out = (struct rule_about){ number, one->line, one->written, one->action->name,
		atomic_load_explicit(&t->hits, memory_order_relaxed), atomic_load_explicit(&t->given_up, memory_order_relaxed),
		atomic_load_explicit(&t->failed, memory_order_relaxed) };
	return true;
}

static bool
text_stale(const struct text *t)
{
	return t->content && filed_stale(t->content);
}

bool
rules_out_of_date(const struct rules *r)
{
	for (size_t i = 0; i < r->set->count; i++) {
		const struct rule *one = &r->set->rule[i];

		for (size_t k = 0; k < one->pairs; k++)
			if (text_stale(&one->pair[k].value))
				return true;
		if (text_stale(&one->value))
			return true;
	}
	return false;
}

bool
rules_of_messages(const struct rules *r)
{
	return r->set->ats[RULE_MESSAGE];
}

bool
rules_action(size_t i, struct rule_action_about *out)
{
	const struct action *a = &rule_actions[i];

	if (a->name)
		*out = (struct rule_action_about){ a->name, a->arguments, a->about };
	return a->name;
}
