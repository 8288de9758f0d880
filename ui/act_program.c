/* Actions on the program: options, keys, colours, the screen, leaving. */
#include <stdio.h>
#include <string.h>

#include "acts.h"
#include "keymap.h"
#include "prompt.h"
#include "theme.h"

bool
act_wrap(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	if (!desk_set(desk, "wrap=toggle", why))
		return false;
	desk_say(desk, desk->options->wrap ? "long lines wrap" : "long lines are cut: < and > move along them");
	return true;
}

static bool
complete_option(struct desk *desk, const char *text, size_t n, char *out, size_t room)
{
	const struct option *opt;
	char value[1024];

	for (size_t i = 0; (opt = option_at(i)); i++) {
		if (strncmp(opt->name, text, strlen(text)) || opt->hears == HEARS_AT_START || n--)
			continue;
		option_format(desk->options, opt, value, sizeof(value));
		return snprintf(out, room, "%s=%s", opt->name, value) > 0;
	}
	return false;
}

static bool
answer_set(struct desk *desk, const char *text, struct fault *why)
{
	if (!*text || !desk_set(desk, text, why))
		return !*text;
	desk_say(desk, "set %.150s", text);
	return true;
}

bool
act_set(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "set ", complete_option, answer_set, NULL };
	size_t len = strlen(arg);
	char known[480];

	if (len && arg[len - 1] != '?')
		return answer_set(desk, arg, why);
	snprintf(known, sizeof(known), "%.*s", len ? (int)len - 1 : 0, arg);
	prompt_start(desk->prompt, &ask, known);
	return true;
}

bool
act_switches(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return layout_show(desk->layout, "switches", why);
}

/* The view of the switches does it itself. */
bool
act_toggle(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return fault(why, "%s has no switches: S shows them", pane_view(layout_focus(desk->layout))->name);
}

static bool
complete_theme(struct desk *desk, const char *text, size_t n, char *out, size_t room)
{
	const char *name;

	(void)desk;
	for (size_t i = 0; (name = theme_name(i)); i++)
		if (!strncmp(name, text, strlen(text)) && !n--)
			return snprintf(out, room, "%s", name) > 0;
	return false;
}

static bool
answer_theme(struct desk *desk, const char *text, struct fault *why)
{
	char assignment[600];

	snprintf(assignment, sizeof(assignment), "theme=%s", text);
	return !*text || desk_set(desk, assignment, why);
}

bool
act_theme(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "theme: ", complete_theme, answer_theme, NULL };

	if (*arg)
		return answer_theme(desk, arg, why);
	prompt_start(desk->prompt, &ask, "");
	return true;
}

bool
act_bind(struct desk *desk, const char *arg, struct fault *why)
{
	char view[24], key[24], action[40];

	if (sscanf(arg, "%23s %23s %39s", view, key, action) != 3)
		return fault(why, "bind: expected VIEW KEY ACTION, such as: bind * <F5> redraw");
	if (strcmp(view, "*") && !view_named(desk->views, view))
		return fault(why, "bind: no view is called '%s'; * stands for all", view);
	return keymap_bind(desk->keymap, view, key, action, why);
}

bool
act_mouse(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg, (void)why;
	desk->mouse = !desk->mouse;
	screen_mouse(desk->mouse);
	desk_say(desk, desk->mouse ? "the mouse works here; with Shift, in the terminal" : "the mouse works in the terminal");
	return true;
}

static bool
answer_save(struct desk *desk, const char *text, struct fault *why)
{
	if (!*text || !screen_save(text, why))
		return !*text;
	desk_say(desk, "the screen is in %.150s", text);
	return true;
}

bool
act_save_screen(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "save the screen as: ", NULL, answer_save, NULL };

	if (*arg)
		return answer_save(desk, arg, why);
	prompt_start(desk->prompt, &ask, "");
	return true;
}

static bool
complete_command(struct desk *desk, const char *text, size_t n, char *out, size_t room)
{
	static const struct {
		const char *action;
		bool (*complete)(struct desk *desk, const char *text, size_t n, char *out, size_t room);
	} after[] = { { "set ", complete_option }, { "theme ", complete_theme } };

	for (size_t i = 0; i < ARRAY_LEN(after); i++) {
		size_t len = strlen(after[i].action);

		if (strncmp(text, after[i].action, len))
			continue;
		snprintf(out, room, "%s", after[i].action);
		return after[i].complete(desk, text + len, n, out + len, room - len);
	}
	for (const struct action *a = desk->actions; a->name; a++)
		if (!strncmp(a->name, text, strlen(text)) && !n--)
			return snprintf(out, room, "%s ", a->name) > 0;
	return false;
}

static bool
answer_command(struct desk *desk, const char *text, struct fault *why)
{
	return !*text || action_run(desk, text, why);
}

bool
act_command(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { ":", complete_command, answer_command, NULL };

	if (*arg)
		return answer_command(desk, arg, why);
	prompt_start(desk->prompt, &ask, "");
	return true;
}

ACT_PANE(redraw, (void)p; screen_redraw())
ACT_PANE(suspend, (void)p; screen_stop())
ACT_PANE(quit, (void)p; desk->leave = true)
