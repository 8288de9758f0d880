/* Actions on what the list shows of a flow. */
#include <stdio.h>
#include <string.h>

#include "acts.h"
#include "columns.h"
#include "prompt.h"

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
