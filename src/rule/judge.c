/* Decides which messages wait for a person, and what rules do to the others. */
#include <stdlib.h>
#include <string.h>

#include "in_force.h"
#include "soth/filter.h"
#include "soth/log.h"
#include "soth/rule.h"

struct judge {
	struct decider decider;		/* first: it is one */
	char *text;			/* of the filter */
	struct filter *holds;		/* NULL: nothing is held */
	struct rules *rules;		/* NULL: there are none */
	unsigned version;		/* of the rules in force, when they were copied */
};

/* It may never end, and whoever reads it wants each piece at once. */
static bool
is_stream(const struct scene *s)
{
	enum protocol p = s->head[CLIENT] ? protocol_of(s->head[CLIENT], s->head[SERVER]) : PROTOCOL_TCP;

	return p == PROTOCOL_SSE || p == PROTOCOL_NDJSON || p == PROTOCOL_GRPC || p == PROTOCOL_WEBSOCKET;
}

static unsigned
judge_holds(const struct judge *j, const struct scene *s)
{
	enum filter_may may;
	struct row row;

	scene_row(s, &row);
	if (s->message.at || s->whole[s->side])
		return filter_takes_row(j->holds, s, &row) ? DECIDE_HOLD : DECIDE_PASS;
	may = filter_may_take(j->holds, s, &row);
	if (may == FILTER_MAYBE)
		return is_stream(s) ? DECIDE_PASS : DECIDE_WHOLE;
	return may == FILTER_YES ? DECIDE_HOLD : DECIDE_PASS;
}

static unsigned
judge_rules(struct judge *j, void **state, const struct scene *s, enum rule_stage stage, struct rule_changes *out)
{
	unsigned said;

	if (!*state)
		*state = xalloc(sizeof(struct rule_state));
	said = rules_apply(j->rules, *state, s, stage, out) ? DECIDE_CHANGE : DECIDE_PASS;
	if (out->read.bytes.len)
		return DECIDE_READ;
	return said | (out->wait ? DECIDE_WHOLE : 0);
}

/* Who holds sees what came; what rules change goes on when it is let go. */
static unsigned
judge_decides(struct decider *d, void **state, const struct scene *s, enum rule_stage stage, struct rule_changes *out)
{
	struct judge *j = (struct judge *)d;
	unsigned said = DECIDE_PASS;

	*out = (struct rule_changes){ 0 };
	if (j->rules)
		said = judge_rules(j, state, s, stage, out);
	if (said == DECIDE_READ)
		return said;
	return said | (j->holds ? judge_holds(j, s) : DECIDE_PASS);
}

static void
judge_reads(struct decider *d, void **state, struct slice what, struct local_file *file)
{
	(void)d;
	rule_state_read(*state, what, file);
}

static void
judge_forgets(struct decider *d, void *state)
{
	(void)d;
	if (state)
		rule_state_release(state);
	free(state);
}

static void
judge_filter(struct judge *j, const struct options *o)
{
	const char *text = o->intercept_active ? o->intercept : "";
	struct fault why;
	size_t at;

	if (!strcmp(j->text, text))
		return;
	filter_free(j->holds);
	free(j->text);
	j->text = xstrdup(text);
	j->holds = *text ? filter_parse(text, &why, &at) : NULL;
	if (*text && !j->holds)
		log_line("intercept, byte %zu: %.150s: nothing is held", at + 1, why.text);
}

static void
judge_hears(struct decider *d, const struct options *o)
{
	struct judge *j = (struct judge *)d;

	judge_filter(j, o);
	if (rules_renewed(&j->version)) {
		rules_take_back(j->rules);
		j->rules = rules_in_force();
	}
	d->active = j->holds || j->rules;
	d->messages = (j->holds && filter_asks(j->holds) & FILTER_ASKS_MESSAGE) || (j->rules && rules_of_messages(j->rules));
}

static void
judge_free(struct decider *d)
{
	struct judge *j = (struct judge *)d;

	filter_free(j->holds);
	rules_take_back(j->rules);
	free(j->text);
	free(j);
}

struct decider *
judge_new(const struct options *o)
{
	struct judge *j = xalloc(sizeof(*j));

	j->decider = (struct decider){ .decide = judge_decides, .look = rules_local, .read = judge_reads, .forget = judge_forgets, .hear = judge_hears, .free = judge_free };
	j->text = xstrdup("");
	judge_hears(&j->decider, o);
	return &j->decider;
}
