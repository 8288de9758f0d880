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
	char text[8] = "";

	if (*arg)
		return answer_view_save(desk, arg, why);
	for (unsigned i = SAVED_MAX; i; i--)	/* the first that is free */
		if (!saved_at(desk->saved, i))
			snprintf(text, sizeof(text), "%u ", i);
	prompt_start(desk->prompt, &ask, text);
	return true;
}

bool
act_saved(struct desk *desk, const char *arg, struct fault *why)
{
	const char *text = *arg ? arg : desk->key;
	unsigned number = (unsigned)(*text - '0');
	char assignment[SAVED_COLUMNS + 16];
	const struct saved_view *v;

	if (*text < '0' || *text > '9' || text[1])
		return fault(why, "saved: expected a number from 1 to %d, or 0 for all flows", SAVED_MAX);
	v = saved_at(desk->saved, number);
	if (!v)
		return fault(why, "nothing is saved under %u: * saves what the list shows", number);
	snprintf(assignment, sizeof(assignment), "columns=%s", v->columns);
	if (strcmp(v->columns, desk->options->columns) && !desk_set(desk, assignment, why))
		return false;
	desk->arg = text;
	if (!pane_act(layout_list(desk->layout), "bring_back", why) || *why->text)
		return false;
	if (*v->name || !number)
		desk_say(desk, "%u  %s", number, number ? v->name : "all flows, as they came");
	return true;
}

bool
act_views(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return layout_show(desk->layout, "saved", why);
}
