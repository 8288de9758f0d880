/* The switches: what soth speaks and records, for all hosts and for some. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "desk.h"
#include "switch.h"

enum { VALUE_MAX = 100, NAME = 26, VALUE = 10, DEFAULT = 10, ABOUT_LEAST = 16, ADVICES = 4 };

/* A line: a switch, or what it is for some hosts, or more of what is said of it. */
struct setting {
	const struct option *option;
	char pattern[256], value[VALUE_MAX];
	struct bytes about;
	bool more;
};

struct switches_view {
	struct desk *desk;
	struct setting *setting;
	size_t settings;
	unsigned columns;
};

static void
switches_open(void *st, struct desk *desk)
{
	struct switches_view *s = st;

	s->desk = desk;
}

static struct setting *
switches_add(struct switches_view *s, const struct option *opt, const char *pattern, const char *value)
{
	struct setting *to;

	s->setting = xgrow(s->setting, s->settings + 1, sizeof(*s->setting));
	to = &s->setting[s->settings++];
	*to = (struct setting){ .option = opt };
	snprintf(to->pattern, sizeof(to->pattern), "%s", pattern);
	snprintf(to->value, sizeof(to->value), "%s", value);
	return to;
}

/* As many words as fit, and at least one. */
static struct bytes
words_cut(struct bytes *text, unsigned columns)
{
	struct bytes cut = *text;
	size_t end = text->len;

	if (end > columns)
		for (end = columns; end && text->at[end] != ' '; end--)
			;
	if (!end)
		end = text->len;
	cut.len = end;
	text->at += end;
	text->len -= end;
	*text = bytes_trim(*text);
	return cut;
}

static void
switches_one(struct switches_view *s, const struct option *opt)
{
	unsigned used = NAME + VALUE + DEFAULT + 2, columns = s->columns > used ? s->columns - used : 0;
	struct bytes about = bytes_of(columns < ABOUT_LEAST ? "" : opt->help);
	char value[VALUE_MAX];

	option_format(s->desk->options, opt, value, sizeof(value));
	switches_add(s, opt, "", value)->about = words_cut(&about, columns);
	while (about.len) {
		struct setting *more = switches_add(s, opt, "", value);

		more->about = words_cut(&about, columns);
		more->more = true;
	}
}

static void
switches_hosts(struct switches_view *s, const struct option *of)
{
	const struct option *opt;
	const char *pattern;
	char value[VALUE_MAX];

	for (size_t i = 0; option_override(s->desk->options, i, &opt, &pattern, value, sizeof(value)); i++)
		if (opt == of)
			switches_add(s, opt, pattern, value);
}

static bool
switches_refresh(void *st, unsigned columns)
{
	struct switches_view *s = st;
	const struct option *opt;

	s->columns = columns;
	s->settings = 0;
	for (size_t i = 0; (opt = option_at(i)); i++) {
		if (opt->hears != HEARS_HOST)
			continue;
		switches_one(s, opt);
		switches_hosts(s, opt);
	}
	return false;
}

static size_t
switches_lines(void *st)
{
	struct switches_view *s = st;

	return s->settings + ADVICES;
}

static void
switches_setting(const struct setting *of, struct line *out)
{
	bool host = *of->pattern, usual = !strcmp(of->value, of->option->def);

	if (of->more) {
		line_putf(out, ROLE_TEXT, "%*s", NAME + VALUE + DEFAULT, "");
	} else {
		line_putf(out, ROLE_TEXT, host ? "  " : "");
		cell_put(out, host ? ROLE_HOST : ROLE_KEY, bytes_of(host ? of->pattern : of->option->name),
			NAME - (host ? 2 : 0), CUT_START);
		cell_put(out, usual && !host ? ROLE_GOOD : ROLE_WARN, bytes_of(switch_value(of->option, of->value)), VALUE, CUT_END);
		line_putf(out, ROLE_FAINT, "%-*s", of->about.len ? DEFAULT : 0,
			host ? "" : switch_value(of->option, of->option->def));
	}
	line_put(out, ROLE_TEXT, of->about);
}

static void
switches_line(void *st, size_t i, struct line *out)
{
	static const char *const advice[ADVICES] = {
		"", "Space turns one over, or asks for its value. For some hosts alone:",
		":set http2@*.example.com=off", "They hold from the next connection or request on.",
	};
	struct switches_view *s = st;

	out->single = true;
	if (i < s->settings)
		switches_setting(&s->setting[i], out);
	else
		line_putf(out, i == s->settings + 2 ? ROLE_STRING : ROLE_FAINT, "%s", advice[i - s->settings]);
}

static void
switches_title(void *st, struct line *out, unsigned columns)
{
	struct switches_view *s = st;
	char words[SWITCH_WORDS_MAX];
	unsigned count = switches_words(s->desk->options, words) + unsafe_words(s->desk->options, words);

	(void)columns;
	line_putf(out, ROLE_TITLE, "Switches");
	line_putf(out, count ? ROLE_WARN : ROLE_FAINT, count ? "  %u not at the default" : "  all at their defaults", count);
}

static void
switches_header(void *st, struct line *out)
{
	(void)st;
	line_putf(out, ROLE_HEADER, " %-*s%-*s%-*s%s", NAME, "SWITCH", VALUE, "NOW", DEFAULT, "DEFAULT", "WHAT IT DOES");
}

/* A yes or no turns over; of another, the person is asked. */
static bool
switches_toggle(const struct switches_view *s, size_t i, struct fault *why)
{
	const struct setting *of = &s->setting[i];
	char text[480];

	if (i >= s->settings)
		return fault(why, "no switch is on this line: j and k go to one");
	snprintf(text, sizeof(text), "set %s%s%s", of->option->name, *of->pattern ? "@" : "", of->pattern);
	if (of->option->type == OPTION_BOOL)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "=%s", strcmp(of->value, "yes") ? "yes" : "no");
	else
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "=%s?", of->value);
	return action_run(s->desk, text, why);
}

static bool
switches_act(void *st, const char *action, size_t i, struct fault *why)
{
	if (strcmp(action, "toggle"))
		return false;
	(void)!switches_toggle(st, i, why);
	return true;
}

static void
switches_close(void *st)
{
	struct switches_view *s = st;

	free(s->setting);
}

const struct view_ops view_switches = {
	.name = "switches", .about = "what is spoken and recorded, for all hosts and for some",
	.size = sizeof(struct switches_view),
	.open = switches_open, .refresh = switches_refresh, .lines = switches_lines, .line = switches_line,
	.title = switches_title, .header = switches_header, .act = switches_act, .close = switches_close,
};
