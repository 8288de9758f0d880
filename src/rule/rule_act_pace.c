/* Actions that slow an exchange down, or break it. */
#include <stdio.h>

#include "rule_inside.h"

bool
act_delay(const struct rule *rule, struct acting *a)
{
	acting_say(a, "%.3f s later", (double)rule->amount[0] / 1e6);
	a->out->delay += rule->amount[0];
	return true;
}

/* Of several the slowest. */
static void
slower(uint64_t *rate, uint64_t other)
{
	if (other && (!*rate || other < *rate))
		*rate = other;
}

static void
later(uint64_t *time, uint64_t other)
{
	if (other > *time)
		*time = other;
}

bool
act_throttle(const struct rule *rule, struct acting *a)
{
	slower(&a->out->throttle.up, rule->amount[0]);
	slower(&a->out->throttle.down, rule->amount[1]);
	later(&a->out->throttle.latency, rule->amount[2]);
	later(&a->out->throttle.jitter, rule->amount[3]);
	return true;
}

/* The first one counts. A close code is for WebSockets alone. */
bool
act_fault(const struct rule *rule, struct acting *a)
{
	if (a->out->broken.kind != BREAK_NONE)
		return false;
	if (rule->broken == BREAK_CLOSE_CODE && acting_row(a)->protocol != PROTOCOL_WEBSOCKET)
		return false;
	a->out->broken.kind = rule->broken;
	a->out->broken.side = a->side;
	a->out->broken.at = rule->amount[0];
	a->out->broken.code = rule->code;
	return true;
}
