#ifndef NET_SENDER_H
#define NET_SENDER_H

#include "soth/layer.h"
#include "soth/sending.h"

/* The client's end of a relay that has no client: it says a request, part by
 * part, while the relay takes them. What has its time is said then. Times are
 * microseconds since the epoch. */
struct sender {
	struct sending *what;
	enum { SENDER_HEAD, SENDER_BODY, SENDER_SAYS, SENDER_TRAILER, SENDER_END, SENDER_DONE } stage;
	size_t at;		/* of the body, or of what is said in its time */
	uint64_t begun;		/* of what is said so; 0: it has not */
	uint64_t heard;		/* when something was said last, by either side */
	bool paused;
};

bool sender_next(struct sender *s, uint64_t now, struct event *ev);	/* the next part; false: none now */
uint64_t sender_due(const struct sender *s);		/* when there will be one; 0: time alone brings none */
void sender_hears(struct sender *s, const struct part *p, uint64_t now);	/* of the answer */

#endif
