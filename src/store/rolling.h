#ifndef STORE_ROLLING_H
#define STORE_ROLLING_H

#include "soth/base.h"

/*
 * How many there were of late: within ROLLING_S seconds, to ROLLING_SLOT_S.
 * All zero is none. Times are microseconds since the epoch; what is older than
 * all that is counted is not counted.
 */
enum { ROLLING_S = 300, ROLLING_SLOT_S = 30, ROLLING_SLOTS = ROLLING_S / ROLLING_SLOT_S + 1 };

struct rolling {
	uint32_t slot[ROLLING_SLOTS], count[ROLLING_SLOTS];	/* slots are numbered from the epoch on */
};

void rolling_add(struct rolling *r, uint64_t when);
void rolling_take(struct rolling *r, uint64_t when);	/* one that was added with that time */
uint32_t rolling_count(const struct rolling *r, uint64_t now);

#endif
