/* Actions of the tree, and to and from it. */
#include <stdio.h>
#include <string.h>

#include "acts.h"
#include "group.h"
#include "prompt.h"

bool
act_tree(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return layout_show(desk->layout, "tree", why);
}

static bool
complete_group(struct desk *desk, const char *text, size_t n, char *out, size_t room)
{
	(void)desk;
	for (const struct group_key *key = group_keys; key->name; key++)
		if (!strncmp(key->name, text, strlen(text)) && !n--)
			return snprintf(out, room, "%s", key->name) > 0;
	return false;
}

static bool
answer_group(struct desk *desk, const char *text, struct fault *why)
{
	char command[80];

	snprintf(command, sizeof(command), "group %.60s", text);
	return !*text || action_run(desk, command, why);
}

/* The tree takes "group NAME" itself; from elsewhere, it is shown first. */
bool
act_group(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "group by: ", complete_group, answer_group, NULL, NULL };

	if (*arg)
		return layout_show(desk->layout, "tree", why) && pane_act(layout_focus(desk->layout), "group", why) && !*why->text;
	prompt_start(desk->prompt, &ask, "");
	return true;
}

bool
act_flow(struct desk *desk, const char *arg, struct fault *why)
{
	if (!*arg)
		return fault(why, "expected a flow's number: flow 12");
	if (!pane_act(layout_list(desk->layout), "flow", why) || *why->text)
		return false;
	return layout_show(desk->layout, "list", why);
}
