#ifndef NET_SENDER_H
#define NET_SENDER_H

#include "soth/layer.h"
#include "soth/sending.h"

/* The client's end of a relay that has no client: it says a request, part by
 * part, while the relay takes them. */
struct sender {
	struct sending *what;
	enum { SENDER_HEAD, SENDER_BODY, SENDER_TRAILER, SENDER_END, SENDER_DONE } stage;
	size_t at;		/* of the body */
	bool paused;
};

bool sender_next(struct sender *s, struct event *ev);	/* the next part; false: none now */

#endif
