/* Decides which messages wait for a person. */
#include <stdlib.h>
#include <string.h>

#include "soth/filter.h"
#include "soth/log.h"
#include "soth/rule.h"

struct judge {
	struct decider decider;		/* first: it is one */
	char *text;			/* of the filter */
	struct filter *holds;		/* NULL: nothing is held */
};

/* It may never end, and whoever reads it wants each piece at once. */
static bool
is_stream(const struct scene *s)
{
	enum protocol p = s->head[CLIENT] ? protocol_of(s->head[CLIENT], s->head[SERVER]) : PROTOCOL_TCP;

	return p == PROTOCOL_SSE || p == PROTOCOL_NDJSON || p == PROTOCOL_GRPC || p == PROTOCOL_WEBSOCKET;
}

static unsigned
judge_decides(struct decider *d, const struct scene *s)
{
	const struct judge *j = (const struct judge *)d;
	enum filter_answer answer = j->holds ? filter_asks_scene(j->holds, s) : FILTER_NO;

	if (answer == FILTER_LATER)
		return is_stream(s) ? DECIDE_PASS : DECIDE_WHOLE;
	return answer == FILTER_YES ? DECIDE_HOLD : DECIDE_PASS;
}

static void
judge_hears(struct decider *d, const struct options *o)
{
	struct judge *j = (struct judge *)d;
	struct fault why;
	size_t at;

	if (strcmp(j->text, o->intercept)) {
		filter_free(j->holds);
		free(j->text);
		j->text = xstrdup(o->intercept);
		j->holds = *j->text ? filter_parse(j->text, &why, &at) : NULL;
		if (*j->text && !j->holds)
			log_line("intercept, byte %zu: %.150s: nothing is held", at + 1, why.text);
	}
	d->active = j->holds && o->intercept_active;
}

static void
judge_free(struct decider *d)
{
	struct judge *j = (struct judge *)d;

	filter_free(j->holds);
	free(j->text);
	free(j);
}

struct decider *
judge_new(const struct options *o)
{
	struct judge *j = xalloc(sizeof(*j));

	j->decider = (struct decider){ .decide = judge_decides, .hear = judge_hears, .free = judge_free };
	j->text = xstrdup("");
	judge_hears(&j->decider, o);
	return &j->decider;
}
