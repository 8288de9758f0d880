/* Actions on what the list shows of a flow, and in which colour. */
#include <stdio.h>
#include <string.h>

#include "acts.h"
#include "columns.h"
#include "prompt.h"
#include "tints.h"

/* What a person begins with, where none were chosen. */
static const char usual[] = "time method host path status type size took wait";

static bool
answer_columns(struct desk *desk, const char *text, struct fault *why)
{
	char assignment[1100];

	snprintf(assignment, sizeof(assignment), "columns=%.1000s", text);
	return desk_set(desk, assignment, why);
}

static bool
complete_columns(struct desk *desk, const char *text, size_t n, char *out, size_t room)
{
	(void)desk;
	return columns_complete(text, n, out, room);
}

bool
act_columns(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "columns: ", complete_columns, answer_columns, NULL, NULL };

	if (*arg)
		return answer_columns(desk, arg, why);
	prompt_start(desk->prompt, &ask, *desk->options->columns ? desk->options->columns : usual);
	return true;
}

bool
act_colours(struct desk *desk, const char *arg, struct fault *why)
{
	size_t rules;

	(void)arg;
	tints_free(desk->tints);
	desk->tints = tints_new(desk->tints_path, desk->store, desk->wake, why);
	rules = tints_count(desk->tints);
	if (*why->text)
		return false;
	if (rules)
		desk_say(desk, "%zu rule%s of colour", rules, rules == 1 ? "" : "s");
	else
		desk_say(desk, "no rules of colour: see COLOUR RULES in soth(1)");
	return true;
}
