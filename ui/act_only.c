/* Actions that narrow the list down to what is under the cursor, or to all else. */
#include <stdio.h>
#include <string.h>

#include "acts.h"
#include "cell.h"
#include "glyph.h"
#include "only.h"
#include "prompt.h"
#include "sight.h"

enum { VALUES = 5, VALUE_LEAST = 10 };	/* as many long ones have room beside each other */

/* The i-th choice of the flow under the list's cursor. */
static bool
choice_at(struct desk *desk, size_t i, struct only *out)
{
	size_t at = desk->flow ? store_index(desk->store, desk->flow) : SIZE_MAX;
	struct fault why;
	uint64_t version;
	struct row r;

	if (at == SIZE_MAX || store_rows(desk->store, at, 1, &r) != 1)
		return false;
	return only_choice(i, &r, sight_flow(desk->sight, desk->flow, desk->now, desk->patience, &version, &why), out);
}

static void
only_choices(struct desk *desk, struct line *out, unsigned columns)
{
	unsigned most = columns / VALUES > VALUE_LEAST ? columns / VALUES : VALUE_LEAST;
	struct only one;

	for (size_t i = 0; choice_at(desk, i, &one); i++) {
		struct bytes value = bytes_of(one.value);
		unsigned width = glyph_columns(value) < most ? glyph_columns(value) : most;

		if (columns < width + 4)
			continue;
		columns -= width + 4;
		line_putf(out, ROLE_KEYCAP, "%c", one.key);
		line_putf(out, ROLE_BAR, " ");
		cell_put(out, ROLE_BAR_STRONG, value, width, CUT_MIDDLE);
		line_putf(out, ROLE_BAR, "  ");
	}
}

static bool
picked(struct desk *desk, const char *action, const char *key, struct fault *why)
{
	char command[ONLY_TERM_MAX + 16];
	struct only one;

	for (size_t i = 0; choice_at(desk, i, &one); i++) {
		if (key[0] != one.key || key[1])
			continue;
		snprintf(command, sizeof(command), "%s %s", action, one.term);
		return action_run(desk, command, why);
	}
	return fault(why, "%s is none of the choices", key);
}

static bool pick_only(struct desk *desk, const char *key, struct fault *why) { return picked(desk, "only", key, why); }
static bool pick_except(struct desk *desk, const char *key, struct fault *why) { return picked(desk, "except", key, why); }

static bool
narrow(struct desk *desk, const char *arg, const char *action, const struct prompt_ask *ask, struct fault *why)
{
	struct only one;

	if (*arg)
		return pane_act(layout_list(desk->layout), action, why) && !*why->text;
	if (!choice_at(desk, 0, &one))
		return fault(why, "no flow is under the cursor");
	prompt_start(desk->prompt, ask, "");
	return true;
}

bool
act_only(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { .label = "only ", .choices = only_choices, .pick = pick_only };

	return narrow(desk, arg, "only", &ask, why);
}

bool
act_except(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { .label = "not ", .choices = only_choices, .pick = pick_except };

	return narrow(desk, arg, "except", &ask, why);
}
