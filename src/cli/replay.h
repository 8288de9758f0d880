#ifndef CLI_REPLAY_H
#define CLI_REPLAY_H

#include <stdio.h>

#include "soth/filter.h"

/* Whether an answer is what was recorded: the status, and of the body what
 * does not come anew each time. Members of JSON and their types; of a text its
 * words, but for those with digits and names of days and months; else bytes. */
enum replay_verdict { REPLAY_SAME, REPLAY_OTHER, REPLAY_UNKNOWN };	/* UNKNOWN: no answer was recorded */
enum { VERDICT_ROOM = 400 };
enum replay_verdict replay_check(struct store *const s[2], const flow_id id[2], char words[VERDICT_ROOM]);

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
