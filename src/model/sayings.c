/* What a side of a stream says, in its time. */
#include <stdatomic.h>
#include <stdlib.h>

#include "soth/sayings.h"

enum { SPEED_MAX = 1000000 };

struct sayings {
	atomic_uint refs;
	struct saying *at;
	size_t count;
	uint64_t ends;
};

struct sayings *
sayings_new(struct saying *at, size_t count, uint64_t ends)
{
	struct sayings *s = xalloc(sizeof(*s));

	atomic_init(&s->refs, 1);
	s->at = at;
	s->count = count;
	s->ends = count && at[count - 1].after > ends ? at[count - 1].after : ends;
	return s;
}

struct sayings *
sayings_ref(struct sayings *s)
{
	atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
	return s;
}

void
sayings_drop(struct sayings *s)
{
	if (!s || atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) != 1)
		return;
	for (size_t i = 0; i < s->count; i++)
		part_drop(&s->at[i].part);
	free(s->at);
	free(s);
}

size_t
sayings_count(const struct sayings *s)
{
	return s->count;
}

const struct saying *
sayings_at(const struct sayings *s, size_t i)
{
	return &s->at[i];
}

uint64_t
sayings_end(const struct sayings *s)
{
	return s->ends;
}

uint64_t
sayings_time(uint64_t after, double speed)
{
	return speed > 0 ? (uint64_t)((double)after / speed) : 0;
}

bool
sayings_speed(const char *text, double *speed, struct fault *why)
{
	char *end;

	*speed = strtod(text, &end);
	if (end == text || *end || !(*speed >= 0 && *speed <= SPEED_MAX))
		return fault(why, "%.40s: a speed is wanted, as 2 or 0.5; 0: all at once", text);
	return true;
}
