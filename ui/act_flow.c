/* Actions on the flow in sight. */
#include <stdio.h>
#include <string.h>

#include "acts.h"
#include "prompt.h"

/* What a view offers is copied by the view itself; here, the cursor's line. */
bool
act_copy(struct desk *desk, const char *arg, struct fault *why)
{
	struct buf text;
	bool ok;

	(void)arg;
	buf_init(&text, DESK_COPY_MAX + 1);
	pane_text(layout_focus(desk->layout), &text);
	ok = desk_copy(desk, buf_bytes(&text), why);
	buf_release(&text);
	return ok;
}

bool
act_kill(struct desk *desk, const char *arg, struct fault *why)
{
	struct order o = { .kind = ORDER_KILL, .flow = desk->flow };
	size_t at = store_index(desk->store, desk->flow);
	struct row row;

	(void)arg;
	if (!desk->backend)
		return fault(why, "this is a recorded session: nothing in it is live");
	if (at == SIZE_MAX || store_rows(desk->store, at, 1, &row) != 1)
		return fault(why, "no flow is under the list's cursor");
	if (row.ended)
		return fault(why, "this flow has ended");
	backend_order(desk->backend, &o);
	desk_say(desk, "breaking it off");
	return true;
}

static bool
complete_decoder(struct desk *desk, const char *text, size_t n, char *out, size_t room)
{
	for (size_t i = 0; desk->decoders[i]; i++)
		if (!strncmp(desk->decoders[i]->name, text, strlen(text)) && !n--)
			return snprintf(out, room, "%s", desk->decoders[i]->name) > 0;
	return false;
}

static bool
answer_decoder(struct desk *desk, const char *text, struct fault *why)
{
	char command[80];

	snprintf(command, sizeof(command), "decoder %.60s", *text ? text : "auto");
	return action_run(desk, command, why);
}

/* Views that show a body take "decoder NAME" themselves. */
bool
act_decoder(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "decoder (auto): ", complete_decoder, answer_decoder, NULL };

	if (*arg)
		return fault(why, "%s shows no body", pane_view(layout_focus(desk->layout))->name);
	prompt_start(desk->prompt, &ask, "");
	return true;
}
