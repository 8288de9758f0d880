/* Actions on messages that wait for a person. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acts.h"
#include "prompt.h"
#include "soth/filter.h"

static bool
is_proxy(struct desk *desk, struct fault *why)
{
	return desk->backend || fault(why, "this is a recorded session: nothing in it is live");
}

/* What is wrong in it is shown below the expression. */
static bool
is_expression(struct desk *desk, const char *text, struct fault *why)
{
	struct filter *f;

	desk->wrong = (struct fault){ "" };
	f = *text ? filter_parse(text, &desk->wrong, &desk->wrong_at) : NULL;
	filter_free(f);
	return f || !*text || fault(why, "intercept, byte %zu: %.150s", desk->wrong_at + 1, desk->wrong.text);
}

static bool
answer_intercept(struct desk *desk, const char *text, struct fault *why)
{
	char assignment[4200];

	if (!is_expression(desk, text, why))
		return false;
	snprintf(assignment, sizeof(assignment), "intercept=%.4000s", text);
	if (!desk_set(desk, "intercept-active=yes", why) || !desk_set(desk, assignment, why))
		return false;
	desk_say(desk, *text ? "holding what it takes: H goes there, a lets it go, A all of it" : "nothing more is held");
	return true;
}

static void
typed_intercept(struct desk *desk, const char *text)
{
	(void)is_expression(desk, text, &(struct fault){ "" });
}

bool
act_intercept(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "hold: ", filter_complete, answer_intercept, typed_intercept, NULL, filter_about };

	if (!is_proxy(desk, why))
		return false;
	if (*arg)
		return answer_intercept(desk, arg, why);
	prompt_start(desk->prompt, &ask, desk->options->intercept);
	return true;
}

bool
act_intercept_toggle(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	if (!is_proxy(desk, why))
		return false;
	if (!*desk->options->intercept)
		return fault(why, "no expression says what to hold: i asks for one");
	if (!desk_set(desk, "intercept-active=toggle", why))
		return false;
	desk_say(desk, desk->options->intercept_active ? "holding again" : "nothing is held for now");
	return true;
}

bool
act_hold_next(struct desk *desk, const char *arg, struct fault *why)
{
	unsigned long n = *arg ? strtoul(arg, NULL, 10) : 1;

	if (!is_proxy(desk, why))
		return false;
	if (!n || n > 1000000 || strspn(arg, "0123456789") != strlen(arg))
		return fault(why, "hold_next takes a number of requests");
	backend_hold_next(desk->backend, (unsigned)n);
	desk_say(desk, n == 1 ? "the next request will be held" : "the next %lu requests will be held", n);
	return true;
}

bool
act_held(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return list_acts(desk, "held", why);
}

static bool
resume(struct desk *desk, flow_id flow, struct fault *why)
{
	struct order o = { .kind = ORDER_RESUME, .flow = flow, .text = slice_text("by hand") };

	if (!store_stats(desk->store).held) {
		order_drop(&o);
		return fault(why, "nothing is held");
	}
	backend_order(desk->backend, &o);
	return true;
}

bool
held_side(struct desk *desk, enum side *side, struct fault *why)
{
	size_t at = store_index(desk->store, desk->flow);
	struct row row;

	if (!is_proxy(desk, why))
		return false;
	if (at == SIZE_MAX || store_rows(desk->store, at, 1, &row) != 1 || !row.held)
		return fault(why, "this flow is not held: H goes to the next that is");
	*side = row.held & 1u << CLIENT ? CLIENT : SERVER;
	return true;
}

bool
act_resume(struct desk *desk, const char *arg, struct fault *why)
{
	enum side side;

	(void)arg;
	return held_side(desk, &side, why) && resume(desk, desk->flow, why);
}

bool
act_drop(struct desk *desk, const char *arg, struct fault *why)
{
	struct order o = { .kind = ORDER_DROP, .flow = desk->flow };

	(void)arg;
	if (!held_side(desk, &o.side, why))
		return false;
	o.text = slice_text("by hand");
	backend_order(desk->backend, &o);
	return true;
}

bool
act_resume_all(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return is_proxy(desk, why) && resume(desk, 0, why);
}
