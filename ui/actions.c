/* The table of actions, and running one by its name. */
#include <stdio.h>
#include <string.h>

#include "acts.h"

const struct action actions[] = {
#define ACTION_ROW(name_, keys_, in_, word_, help_) { #name_, keys_, in_, word_, help_, act_##name_ },
	ACTIONS(ACTION_ROW)
	{ 0 }
};

bool
action_run(struct desk *desk, const char *text, struct fault *why)
{
	char name[40];
	size_t len;
	const struct action *a;

	text += strspn(text, " ");
	len = strcspn(text, " ");
	snprintf(name, sizeof(name), "%.*s", (int)len, text);
	a = action_named(desk->actions, name);
	if (!a)
		return fault(why, "no action is called '%s': Tab completes, ? lists them", name);
	text += len;
	text += strspn(text, " ");
	desk->arg = text;
	desk->sifts = false;
	*why = (struct fault){ "" };
	if (pane_act(layout_focus(desk->layout), name, why))
		return !*why->text;
	return a->run(desk, text, why);
}
