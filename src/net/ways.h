#ifndef NET_WAYS_H
#define NET_WAYS_H

#include <pthread.h>

#include "soth/mode.h"

/* How requests of soth's own go out: the mode that holds now, and those that
 * did before, to which relays may still point. Any thread. */
struct ways {
	struct way *first;
	pthread_mutex_t lock;
};

void ways_init(struct ways *w);
void ways_release(struct ways *w);
/* By way of the first parent proxy among the modes; else straight. */
void ways_set(struct ways *w, const struct mode *modes, size_t count);
const struct mode *ways_mode(struct ways *w);	/* good until ways_release() */

#endif
