/* How many there were within the last minutes: counts of slots that go round. */
#include "rolling.h"

enum { SECOND = 1000000 };

static uint32_t
slot_of(uint64_t when)
{
	return (uint32_t)(when / SECOND / ROLLING_SLOT_S);
}

void
rolling_add(struct rolling *r, uint64_t when)
{
	uint32_t slot = slot_of(when), at = slot % ROLLING_SLOTS;

	if (slot < r->slot[at])
		return;
	if (slot > r->slot[at])
		r->count[at] = 0;
	r->slot[at] = slot;
	r->count[at]++;
}

void
rolling_take(struct rolling *r, uint64_t when)
{
	uint32_t slot = slot_of(when), at = slot % ROLLING_SLOTS;

	if (r->slot[at] == slot && r->count[at])
		r->count[at]--;
}

uint32_t
rolling_count(const struct rolling *r, uint64_t now)
{
	uint32_t slot = slot_of(now), sum = 0;

	for (size_t i = 0; i < ROLLING_SLOTS; i++)
		if (r->slot[i] <= slot && slot - r->slot[i] < ROLLING_SLOTS)
			sum += r->count[i];
	return sum;
}
