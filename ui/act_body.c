/* Actions on the body in sight: views that show one take them with an argument themselves. */
#include <stdio.h>
#include <string.h>

#include "acts.h"
#include "prompt.h"

/* Runs the action again, with what was typed. */
static bool
answer(struct desk *desk, const char *action, const char *text, struct fault *why)
{
	char command[4200];

	if (!*text)
		return true;
	snprintf(command, sizeof(command), "%s %.4000s", action, text);
	return action_run(desk, command, why);
}

static bool
no_body(struct desk *desk, struct fault *why)
{
	return fault(why, "%s shows no body here", pane_view(layout_focus(desk->layout))->name);
}

/* One that nothing is asked for. */
#define ACT_BODY(name) \
	bool \
	act_##name(struct desk *desk, const char *arg, struct fault *why) \
	{ \
		(void)arg; \
		return no_body(desk, why); \
	}

/* One that asks, with the words for it. */
#define ACT_BODY_ASKS(name, label, complete) \
	static bool \
	answer_##name(struct desk *desk, const char *text, struct fault *why) \
	{ \
		return answer(desk, #name, text, why); \
	} \
	bool \
	act_##name(struct desk *desk, const char *arg, struct fault *why) \
	{ \
		static const struct prompt_ask ask = { label, complete, answer_##name, NULL }; \
		if (*arg) \
			return no_body(desk, why); \
		prompt_start(desk->prompt, &ask, ""); \
		return true; \
	}

ACT_BODY(step_prev)
ACT_BODY(step_next)
ACT_BODY(raw)
ACT_BODY(copy_path)
ACT_BODY_ASKS(path, "path: ", NULL)
ACT_BODY_ASKS(fix, "this field is (string, message, bytes ..., auto): ", NULL)
ACT_BODY_ASKS(save_body, "save the body to: ", NULL)
ACT_BODY_ASKS(save_part, "save this part to: ", NULL)
