/* Actions on the flow in sight. */
#include <stdio.h>
#include <string.h>

#include "acts.h"
#include "errand.h"
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

static bool
kill_each(struct desk *d, struct errand *e, size_t index, const struct row *row)
{
	struct order o = { .kind = ORDER_KILL, .flow = row->id };

	(void)index;
	if (row->ended)
		return true;
	if (!backend_order(d->backend, &o))
		return false;
	e->done++;
	return true;
}

static void
kill_end(struct desk *d, struct errand *e)
{
	if (!e->done)
		fault(&e->trouble, e->count == 1 ? "this flow has ended" : "all of these flows have ended");
	if (*e->trouble.text)
		desk_fail(d, &e->trouble);
	else if (e->count == 1)
		desk_say(d, "breaking it off");
	else
		desk_say(d, "breaking off %zu of %zu flows", e->done, e->count);
}

bool
act_kill(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct errand_how how = { "breaking off", kill_each, NULL, kill_end };
	size_t count, *index;

	(void)arg;
	if (!desk->backend)
		return fault(why, "this is a recorded session: nothing in it is live");
	index = selection_flows(desk, &count, why);
	return index && errand_start(desk, errand_new(&how, index, count), why);
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
