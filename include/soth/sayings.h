#ifndef SOTH_SAYINGS_H
#define SOTH_SAYINGS_H

#include "soth/part.h"

/*
 * What one side of a stream says, each piece in its time: MESSAGE of a
 * WebSocket, DATA of anything else. Made once, and then unchanging: counted,
 * so that several threads may have it.
 */
struct saying {
	uint64_t after;		/* microseconds behind the begin */
	struct part part;
};
struct sayings;

enum { SAYINGS_MAX = 1 << 20 };

struct sayings *sayings_new(struct saying *at, size_t count, uint64_t ends);	/* takes the array; ends: when that side does */
struct sayings *sayings_ref(struct sayings *s);
void sayings_drop(struct sayings *s);		/* NULL is fine */
size_t sayings_count(const struct sayings *s);
const struct saying *sayings_at(const struct sayings *s, size_t i);	/* borrowed */
uint64_t sayings_end(const struct sayings *s);
/* So much time in so many times the speed; with speed 0 none. */
uint64_t sayings_time(uint64_t after, double speed);
/* "2", "0.5", "0". */
bool sayings_speed(const char *text, double *speed, struct fault *why) MUST_USE;

#endif
