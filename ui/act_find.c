/* Actions that search through the session. */
#include <stdio.h>
#include <string.h>

#include "acts.h"
#include "hunt.h"
#include "prompt.h"

static bool
find(struct desk *desk, const char *text, bool regex, struct fault *why)
{
	struct fault wrong = { "" };
	size_t at;

	if (!hunt_begin(desk->hunt, text, regex, &wrong, &at))
		return fault(why, "find, byte %zu: %.150s", at + 1, wrong.text);
	layout_unlook(desk->layout);
	return layout_show(desk->layout, "search", why);
}

static bool
answer_text(struct desk *desk, const char *text, struct fault *why)
{
	return !*text || find(desk, text, false, why);
}

static bool
answer_regex(struct desk *desk, const char *text, struct fault *why)
{
	return !*text || find(desk, text, true, why);
}

static void
typed_regex(struct desk *desk, const char *text)
{
	if (*text)
		query_free(query_new(bytes_of(text), true, &desk->wrong, &desk->wrong_at));
}

/* Tab turns one into the other. */
static const struct prompt_ask ask_text, ask_regex;
static const struct prompt_ask ask_text = { .label = "find text (Tab: regex): ", .answer = answer_text, .other = &ask_regex };
static const struct prompt_ask ask_regex = { .label = "find regex (Tab: text): ", .answer = answer_regex, .typed = typed_regex,
	.other = &ask_text };

bool
act_find(struct desk *desk, const char *arg, struct fault *why)
{
	if (*arg)
		return find(desk, arg, false, why);
	prompt_start(desk->prompt, &ask_text, "");
	return true;
}

bool
act_find_regex(struct desk *desk, const char *arg, struct fault *why)
{
	if (*arg)
		return find(desk, arg, true, why);
	prompt_start(desk->prompt, &ask_regex, "");
	return true;
}
