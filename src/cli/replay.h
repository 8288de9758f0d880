#ifndef CLI_REPLAY_H
#define CLI_REPLAY_H

#include <stdio.h>

#include "soth/diff.h"

/* What came of all of them. */
enum { STATUS_MAX = 1000 };
struct replay_sum {
	uint64_t sent, failed, left_out;
	uint64_t status[STATUS_MAX];
	uint64_t verdict[REPLAY_UNKNOWN + 1];
	uint32_t *took;		/* of those that were answered, in units of 10 microseconds */
	size_t answered, room;
};
void replay_sum_add(struct replay_sum *sum, const struct row *r, uint64_t microseconds);
void replay_sum_print(struct replay_sum *sum, uint64_t microseconds, bool checked, FILE *out);	/* sorts it */
void replay_sum_release(struct replay_sum *sum);

#endif
