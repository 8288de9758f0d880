/* Actions on panes and views. */
#include <stdio.h>
#include <string.h>

#include "acts.h"
#include "hunt.h"
#include "archive.h"
#include "errand.h"
#include "prompt.h"

ACT_PANE(next_pane, (void)p; layout_next(desk->layout, 1))
ACT_PANE(prev_pane, (void)p; layout_next(desk->layout, -1))
ACT_PANE(zoom, (void)p; layout_zoom(desk->layout))

/* From a flow that another view shows, to it in the list. */
bool
act_enter(struct desk *desk, const char *arg, struct fault *why)
{
	struct pane *p = layout_focus(desk->layout);
	char command[40];

	(void)arg;
	if (strcmp(pane_view(p)->name, "tree")) {
		layout_enter(desk->layout);
		return true;
	}
	snprintf(command, sizeof(command), "flow %llu", (unsigned long long)pane_flow(p));
	return action_run(desk, command, why);
}

/* The list has no tabs: there they turn those of the flow beside it. */
static bool
turn(struct desk *desk, const char *action, int columns, struct fault *why)
{
	if (!layout_beside(desk->layout) || !pane_act(layout_beside(desk->layout), action, why))
		pane_pan(layout_focus(desk->layout), columns);
	return true;
}

bool
act_tab_prev(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return turn(desk, "tab_prev", -8, why);
}

bool
act_tab_next(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return turn(desk, "tab_next", 8, why);
}

bool
act_back(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg, (void)why;
	if (errand_stop(desk) || archive_stop(desk->archive))
		return true;
	if (pane_seek_stop(layout_focus(desk->layout)))
		desk_say(desk, "stopped");
	else if (*desk->message)
		*desk->message = '\0';
	else
		layout_close(desk->layout);
	return true;
}

bool
act_close(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg, (void)why;
	if (!layout_close(desk->layout))
		desk->leave = true;
	return true;
}

static bool
complete_view(struct desk *desk, const char *text, size_t n, char *out, size_t room)
{
	for (size_t i = 0; desk->views[i]; i++)
		if (!strncmp(desk->views[i]->name, text, strlen(text)) && !n--)
			return snprintf(out, room, "%s", desk->views[i]->name) > 0;
	return false;
}

static bool
answer_view(struct desk *desk, const char *text, struct fault *why)
{
	return layout_show(desk->layout, text, why);
}

bool
act_view(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "view: ", complete_view, answer_view, NULL };

	if (*arg)
		return answer_view(desk, arg, why);
	prompt_start(desk->prompt, &ask, "");
	return true;
}

bool
act_help(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return layout_show(desk->layout, "help", why);
}

bool
act_qr(struct desk *desk, const char *arg, struct fault *why)
{
	if (strlen(arg) >= sizeof(desk->qr))
		return fault(why, "qr: a QR code has no room for that many bytes");
	snprintf(desk->qr, sizeof(desk->qr), "%s", arg);
	return layout_show(desk->layout, "qr", why);
}

static bool
search(struct desk *desk, const char *text, int way, struct fault *why)
{
	struct pane *p = layout_focus(desk->layout);

	desk->hunting = false;
	if (!*text)
		return fault(why, "nothing to search for: / asks");
	return pane_search(p, text, way) != SOUGHT_NOWHERE ||
		fault(why, "'%.80s' is not in %s", text, pane_view(p)->name);
}

static bool
answer_search(struct desk *desk, const char *text, struct fault *why)
{
	return !*text || search(desk, text, 0, why);
}

static void
typed_search(struct desk *desk, const char *text)
{
	desk->hunting = false;
	(void)pane_search(layout_focus(desk->layout), text, 0);
}

bool
act_search(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "/", NULL, answer_search, typed_search };

	if (*arg)
		return search(desk, arg, 0, why);
	prompt_start(desk->prompt, &ask, "");
	return true;
}

/* In a flow that a hit is shown in: the next hit, until something else is sought. */
static bool
search_on(struct desk *desk, int way, struct fault *why)
{
	if (desk->pinned && desk->hunting)
		return hunt_step(desk->hunt, way, why);
	return search(desk, pane_sought(layout_focus(desk->layout)), way, why);
}

bool
act_search_next(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return search_on(desk, 1, why);
}

bool
act_search_prev(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return search_on(desk, -1, why);
}
