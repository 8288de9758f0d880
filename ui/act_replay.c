/* Actions on requests that are sent again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acts.h"
#include "replays.h"
#include "soth/sayings.h"

enum { TIMES_MAX = 10000, AT_ONCE = 100 };

struct wish { size_t times; struct replays_how how; bool stop; };

static bool
wish_speed(struct wish *w, const char *word, size_t len, struct fault *why)
{
	char text[40];

	snprintf(text, sizeof(text), "%.*s", (int)len, word);
	return sayings_speed(text, &w->how.speed, why);
}

/* "10", "parallel", "parallel=8", "speed=2", "stop". */
static bool
wish_word(struct wish *w, const char *word, size_t len, struct fault *why)
{
	static const char PARALLEL[] = "parallel=";
	bool parallel = len > sizeof(PARALLEL) - 1 && !strncmp(word, PARALLEL, sizeof(PARALLEL) - 1);
	const char *digits = parallel ? word + sizeof(PARALLEL) - 1 : word;
	size_t left = len - (size_t)(digits - word), n = strtoul(digits, NULL, 10);

	if (len > 6 && !strncmp(word, "speed=", 6))
		return wish_speed(w, word + 6, len - 6, why);
	if (len == 4 && !strncmp(word, "stop", 4))
		w->stop = true;
	else if (len == sizeof(PARALLEL) - 2 && !strncmp(word, PARALLEL, len))
		w->how.at_once = AT_ONCE;
	else if (strspn(digits, "0123456789") != left || left > 5 || !n || n > (size_t)(parallel ? AT_ONCE_MAX : TIMES_MAX))
		return fault(why, "replay takes how often, up to %d, and parallel or parallel=N, up to %d; speed=N, or stop", TIMES_MAX, AT_ONCE_MAX);
	else
		*(parallel ? &w->how.at_once : &w->times) = n;
	return true;
}

static bool
wish_read(struct wish *w, const char *arg, struct fault *why)
{
	*w = (struct wish){ 1, { 1, 1 }, false };
	for (size_t len; *(arg += strspn(arg, " ")); arg += len) {
		len = strcspn(arg, " ");
		if (!wish_word(w, arg, len, why))
			return false;
	}
	return true;
}

static flow_id *
flows_of(struct desk *desk, size_t *count, struct fault *why)
{
	size_t *index = selection_flows(desk, count, why), there = 0;
	flow_id *of = index ? xgrow(NULL, *count, sizeof(*of)) : NULL;
	struct row row;

	for (size_t i = 0; index && i < *count; i++)
		if (store_rows(desk->store, index[i], 1, &row) == 1 && row.id)
			of[there++] = row.id;
	*count = there;
	free(index);
	return of;
}

static bool
replay_start(struct desk *desk, const struct wish *w, struct fault *why)
{
	size_t count;
	flow_id *of = flows_of(desk, &count, why);
	bool ok = of && (count || fault(why, "these flows are gone")) && replays_add(desk->replays, of, count, w->times, &w->how, why);

	free(of);
	return ok && (count * w->times == 1 || layout_show(desk->layout, "replays", why));
}

bool
act_replay(struct desk *desk, const char *arg, struct fault *why)
{
	struct wish w;

	if (!desk->backend)
		return fault(why, "this is a recorded session: `soth replay` sends its requests");
	if (!wish_read(&w, arg, why))
		return false;
	if (!w.stop)
		return replay_start(desk, &w, why);
	if (!replays_stop(desk->replays))
		return fault(why, "nothing more is to be sent again");
	desk_say(desk, "no more is sent");
	return true;
}

bool
act_replays(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return layout_show(desk->layout, "replays", why);
}

/* What that flow was sent again of; 0: it was not. */
static flow_id
origin_of(struct desk *desk, flow_id id)
{
	struct flow f = { 0 };
	struct fault why;
	flow_id of = 0;

	if (!store_flow(desk->store, id, &f, &why))
		return 0;
	for (size_t i = 0; i < f.moments && !of; i++)
		if (f.moment[i].step && step_kind(f.moment[i].step) == STEP_REPLAYED) {
			struct bytes text = step_find(f.moment[i].step, "of");

			for (size_t k = 0; k < text.len; k++)
				of = of * 10 + (flow_id)(text.at[k] - '0');
		}
	flow_release(&f);
	return of;
}

/* Two that are selected; or one that was sent again, and its origin. */
bool
act_compare(struct desk *desk, const char *arg, struct fault *why)
{
	size_t count;
	flow_id *of = flows_of(desk, &count, why);

	(void)arg;
	if (!of)
		return false;
	if (count == 2)
		memcpy(desk->compared, of, sizeof(desk->compared));
	else if (count == 1 && (desk->compared[0] = origin_of(desk, of[0])))
		desk->compared[1] = of[0];
	else
		count = 0;
	free(of);
	return count ? layout_show(desk->layout, "difference", why) :
		fault(why, "compare takes two flows that are selected, or one that was sent again");
}
