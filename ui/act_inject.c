/* Messages that are put between those of a live stream. */
#include <stdio.h>
#include <string.h>

#include "acts.h"
#include "editing.h"
#include "prompt.h"
#include "soth/utf8.h"

/* "client TEXT": to whom, and what. The side is the one that seems to say it. */
static bool
to_whom(const char *arg, enum side *side, const char **text, struct fault *why)
{
	size_t len = strcspn(arg, " ");

	*text = arg + len + strspn(arg + len, " ");
	*side = len == 6 && !strncmp(arg, "client", len) ? SERVER : CLIENT;
	return *side == SERVER || (len == 6 && !strncmp(arg, "server", len)) ||
		fault(why, "inject takes client or server, to whom it goes, and a text; without one the editor asks");
}

static bool
inject_text(struct desk *desk, enum side side, const char *text, struct fault *why)
{
	struct order o = { .kind = ORDER_INJECT, .flow = desk->flow, .side = side };
	struct part said = { .kind = PART_MESSAGE };

	said.data = slice_text(text);
	said.code = utf8_valid(said.data.bytes) ? WS_TEXT : WS_BINARY;
	o.text = slice_text("by hand");
	o.parts = parts_new(&said, 1);
	if (!backend_order(desk->backend, &o))
		return fault(why, "a worker has too much to do: try again");
	desk_say(desk, "to be injected into what the %s gets", side == SERVER ? "client" : "server");
	return true;
}

static bool
take_to_client(struct desk *desk, struct fault *why)
{
	return rewrite_take_inject(desk->rewrite, desk, desk->flow, SERVER, why);
}

static bool
take_to_server(struct desk *desk, struct fault *why)
{
	return rewrite_take_inject(desk->rewrite, desk, desk->flow, CLIENT, why);
}

/* Something else that was being edited is left. */
static bool
inject_edited(struct desk *desk, enum side side, struct fault *why)
{
	struct rewrite *w = desk->rewrite;

	if (*w->path && !(w->injects && w->flow == desk->flow && w->side == side))
		rewrite_release(w);
	return edit_start(desk, desk->flow, EDIT_BEST, side == SERVER ? take_to_client : take_to_server, why);
}

static bool
answer_inject(struct desk *desk, const char *arg, struct fault *why)
{
	const char *text;
	enum side side;

	if (!edit_may_inject(desk, desk->flow, why) || !to_whom(arg, &side, &text, why))
		return false;
	return *text ? inject_text(desk, side, text, why) : inject_edited(desk, side, why);
}

static bool
complete_inject(struct desk *desk, const char *text, size_t n, char *out, size_t room)
{
	static const char *const whom[] = { "client", "server" };

	(void)desk;
	for (size_t i = 0; i < ARRAY_LEN(whom); i++)
		if (!strncmp(whom[i], text, strlen(text)) && !n--)
			return snprintf(out, room, "%s ", whom[i]) > 0;
	return false;
}

bool
act_inject(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "inject, to client or server: ", complete_inject, answer_inject, NULL, NULL };

	if (!edit_may_inject(desk, desk->flow, why))
		return false;
	if (*arg)
		return answer_inject(desk, arg, why);
	prompt_start(desk->prompt, &ask, "");
	return true;
}
