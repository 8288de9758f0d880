#ifndef NET_OUTBOX_H
#define NET_OUTBOX_H

#include <sys/types.h>

#include "soth/slice.h"

/* What waits to be sent on a socket, in order. All zero: nothing does. */
struct outbox {
	struct slice *queue;	/* from `next` on; the first from `offset` on */
	size_t next, count, room, offset;
	size_t waiting;		/* bytes */
};

void outbox_add(struct outbox *o, struct slice data);	/* takes it */
/* As much as the socket takes now: bytes, which wait no more, or -1 and errno. */
ssize_t outbox_send(struct outbox *o, int fd);
void outbox_drop(struct outbox *o);	/* nothing waits any more */
void outbox_release(struct outbox *o);

#endif
