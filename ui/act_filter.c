/* Actions on what is shown: of flows, of messages. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "acts.h"
#include "grouping.h"
#include "prompt.h"
#include "ranking.h"
#include "soth/filter.h"

static bool
answer_filter(struct desk *desk, const char *text, struct fault *why)
{
	char command[4200];
	bool ok;

	snprintf(command, sizeof(command), "filter %.4000s", text);
	desk->asked = true;
	ok = action_run(desk, command, why);
	desk->asked = false;
	return ok;
}

/* As it is typed: where it is right, and no operator waits for what comes, the list shows what it takes. */
static void
typed_filter(struct desk *desk, const char *text)
{
	struct fault why = { "" };
	size_t len = strlen(text);

	while (len && text[len - 1] == ' ')
		len--;
	if (len && strchr("&|!", text[len - 1]))
		return;
	(void)answer_filter(desk, text, &why);
}

/* The n-th of the words that go on with what was typed, whatever its case. */
static bool
word_from(const char *words, const char *typed, size_t n, struct bytes *out)
{
	for (size_t len; *(words += strspn(words, " ")); words += len) {
		len = strcspn(words, " ");
		if (len >= strlen(typed) && !strncasecmp(words, typed, strlen(typed)) && !n--)
			return *out = (struct bytes){ (const uint8_t *)words, len }, true;
	}
	return false;
}

/* The term at the end: its name, or what its argument may be. */
bool
filter_complete(struct desk *desk, const char *text, size_t n, char *out, size_t room)
{
	struct filter_term_about term;
	struct filter_place place;
	struct bytes word;

	(void)desk;
	if (!filter_place(text, strlen(text), &place))
		return false;
	if (place.argues)
		return word_from(place.term.values, text + place.argument, n, &word) &&
			snprintf(out, room, "%.*s%.*s", (int)place.argument, text, (int)word.len, word.at) > 0;
	for (size_t i = 0; filter_term(i, &term); i++)
		if (!strncmp(term.name, text + place.name, strlen(text + place.name)) && !n--)
			return snprintf(out, room, "%.*s%s%s", (int)place.name, text, term.name, *term.argument ? " " : "") > 0;
	return false;
}

/* What is wrong before the end says more; what is missing there is told by what may stand there. */
const char *
filter_about(struct desk *desk, const char *text, size_t at)
{
	struct filter_place place;
	bool ends = desk->wrong_at >= strlen(text);

	if ((*desk->wrong.text && !ends) || !filter_place(text, at, &place) || !place.term.name)
		return "";
	return place.term.about;
}

bool
list_acts(struct desk *desk, const char *action, struct fault *why)
{
	return pane_act(layout_list(desk->layout), action, why) && !*why->text;
}

bool
act_filter(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask flows = { "filter: ", filter_complete, answer_filter, typed_filter, typed_filter,
		filter_about };
	static const struct prompt_ask messages = { "messages with: ", NULL, answer_filter, NULL, NULL };

	if (*arg || desk->asked)
		return list_acts(desk, "filter", why);
	if (desk->sifts)
		prompt_start(desk->prompt, &messages, "");
	else
		prompt_start(desk->prompt, &flows, desk->filter);
	return true;
}

bool
act_filter_toggle(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return list_acts(desk, "filter_toggle", why);
}

bool
act_filter_invert(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return list_acts(desk, "filter_invert", why);
}

/* A column, and the other way round. */
static bool
complete_sort(struct desk *desk, const char *text, size_t n, char *out, size_t room)
{
	const char *back = *text == '-' ? "-" : "", *name;
	bool tree = !strcmp(pane_view(layout_focus(desk->layout))->name, "tree");

	for (size_t i = 0, k = 0; (name = tree ? grouping_order(i) : ranking_column(i)) || (!tree && (name = fact_prefix(k++))); i++)
		if (!strncmp(name, text + strlen(back), strlen(text + strlen(back))) && !n--)
			return snprintf(out, room, "%s%s", back, name) > 0;
	return false;
}

static bool
answer_sort(struct desk *desk, const char *text, struct fault *why)
{
	char command[RANKING_NAME + 8];
	bool ok;

	snprintf(command, sizeof(command), "sort %.*s", RANKING_NAME - 1, text);
	desk->asked = true;
	ok = action_run(desk, command, why);
	desk->asked = false;
	return ok;
}

bool
act_sort(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "sort by: ", complete_sort, answer_sort, NULL, NULL };

	if (*arg || desk->asked)
		return list_acts(desk, "sort", why);
	prompt_start(desk->prompt, &ask, "");
	return true;
}

bool
act_fold_same(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	if (!desk_set(desk, "fold=toggle", why))
		return false;
	desk_say(desk, desk->options->fold ? "what asks the same is one line: Space opens it" : "each flow has its line");
	return true;
}
