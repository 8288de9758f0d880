/* Actions on what the list shows, saved under a number. */
#include <stdio.h>
#include <string.h>

#include "acts.h"
#include "prompt.h"
#include "saved.h"

/* "1", "1 errors". */
static bool
answer_view_save(struct desk *desk, const char *text, struct fault *why)
{
	struct saved_view v;
	unsigned number = *text >= '0' && *text <= '9' ? (unsigned)(*text - '0') : 0;

	if (!number || (text[1] && text[1] != ' '))
		return fault(why, "view_save: expected a number from 1 to %d, and a name", SAVED_MAX);
	if (!desk_view(desk, &v))
		return fault(why, "view_save: the filter or the columns are too long");
	text += 1 + strspn(text + 1, " ");
	if (snprintf(v.name, sizeof(v.name), "%s", text) >= (int)sizeof(v.name))
		return fault(why, "view_save: the name is longer than %d bytes", SAVED_NAME - 1);
	if (!saved_put(desk->saved, number, &v, why))
		return false;
	desk_say(desk, "%u brings this view back", number);
	return true;
}

bool
act_view_save(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { .label = "save this view, NUMBER NAME: ", .answer = answer_view_save };

	if (*arg)
		return answer_view_save(desk, arg, why);
	prompt_start(desk->prompt, &ask, "");
	return true;
}

/* By the list's own action, which may be asked for nothing. */
static bool
list_set(struct desk *desk, const char *action, const char *text, struct fault *why)
{
	char command[SAVED_FILTER + 16];
	bool ok;

	snprintf(command, sizeof(command), "%s %s", action, text);
	desk->asked = true;
	ok = action_run(desk, command, why);
	desk->asked = false;
	return ok;
}

static bool
bring_back(struct desk *desk, const struct saved_view *saved, struct fault *why)
{
	struct saved_view v = *saved;
	char assignment[SAVED_COLUMNS + 16];

	snprintf(assignment, sizeof(assignment), "columns=%s", v.columns);
	/* By the same again would be the other way round: first by none. */
	return desk_set(desk, assignment, why) && list_set(desk, "filter", v.filter, why) && list_set(desk, "sort", "", why) &&
		(!*v.sort || list_set(desk, "sort", v.sort, why));
}

bool
act_saved(struct desk *desk, const char *arg, struct fault *why)
{
	const char *text = *arg ? arg : desk->key;
	unsigned number = (unsigned)(*text - '0');
	const struct saved_view *v;

	if (*text < '0' || *text > '9' || text[1])
		return fault(why, "saved: expected a number from 1 to %d, or 0 for all flows", SAVED_MAX);
	v = saved_at(desk->saved, number);
	if (!v)
		return fault(why, "nothing is saved under %u: :view_save %u NAME saves what the list shows", number, number);
	return bring_back(desk, v, why);
}
