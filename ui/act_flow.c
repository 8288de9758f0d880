/* Actions on the flow in sight. */
#include <stdio.h>
#include <stdlib.h>
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

/* How: nothing, or "reset", "alert N", "code N". */
static bool
kill_how(const char *arg, struct order *o, struct fault *why)
{
	static const struct { const char *word; enum kill_how how; unsigned code, most; } hows[] = {
		{ "", KILL_CLOSE, 0, 0 }, { "close", KILL_CLOSE, 0, 0 }, { "reset", KILL_RESET, 0, 0 },
		{ "alert", KILL_ALERT, 80, 255 }, { "code", KILL_CODE, 8, UINT32_MAX },	/* internal_error; CANCEL */
	};
	size_t len = strcspn(arg, " ");
	char *end;

	for (size_t i = 0; i < ARRAY_LEN(hows); i++) {
		unsigned long code = hows[i].code;

		if (strlen(hows[i].word) != len || strncmp(arg, hows[i].word, len))
			continue;
		if (arg[len]) {
			code = strtoul(arg + len, &end, 10);
			if (*end || code > hows[i].most)
				return fault(why, "kill %s takes a number up to %u", hows[i].word, hows[i].most);
		}
		o->how = hows[i].how;
		o->code = (uint32_t)code;
		return true;
	}
	return fault(why, "kill takes close, reset, alert N (of TLS) or code N (of HTTP/2)");
}

static bool
kill_each(struct desk *d, struct errand *e, size_t index, const struct row *row)
{
	struct order o = { .kind = ORDER_KILL, .flow = row->id };
	struct fault why;

	(void)index;
	if (row->ended || !kill_how(e->text, &o, &why))
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
	struct order o = { .kind = ORDER_KILL };
	size_t count, *index;
	struct errand *e;

	if (!kill_how(arg, &o, why))
		return false;
	if (!desk->backend)
		return fault(why, "this is a recorded session: nothing in it is live");
	index = selection_flows(desk, &count, why);
	if (!index)
		return false;
	e = errand_new(&how, index, count);
	snprintf(e->text, sizeof(e->text), "%s", arg);
	return errand_start(desk, e, why);
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
