/* What waits to be sent on a socket. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "outbox.h"

enum { PIECES = 32 };

void
outbox_add(struct outbox *o, struct slice data)
{
	if (o->next && o->count == o->room) {
		memmove(o->queue, o->queue + o->next, (o->count - o->next) * sizeof(*o->queue));
		o->count -= o->next;
		o->next = 0;
	}
	if (o->count == o->room) {
		o->room = o->room ? o->room * 2 : 8;
		o->queue = xgrow(o->queue, o->room, sizeof(*o->queue));
	}
	o->queue[o->count++] = data;
	o->waiting += data.bytes.len;
}

static void
consume(struct outbox *o, size_t n)
{
	o->waiting -= n;
	while (n) {
		size_t left = o->queue[o->next].bytes.len - o->offset;

		if (n < left) {
			o->offset += n;
			return;
		}
		n -= left;
		o->offset = 0;
		slice_drop(&o->queue[o->next++]);
	}
	if (o->next == o->count)
		o->next = o->count = 0;
}

ssize_t
outbox_send(struct outbox *o, int fd)
{
	struct iovec iov[PIECES];
	struct msghdr m = { .msg_iov = iov };
	ssize_t n;

	for (size_t i = o->next; i < o->count && m.msg_iovlen < PIECES; i++) {
		struct bytes b = o->queue[i].bytes;
		size_t skip = i == o->next ? o->offset : 0;

		iov[m.msg_iovlen++] = (struct iovec){ (void *)(uintptr_t)(b.at + skip), b.len - skip };
	}
	n = sendmsg(fd, &m, MSG_NOSIGNAL);
	if (n > 0)
		consume(o, (size_t)n);
	return n;
}

void
outbox_drop(struct outbox *o)
{
	while (o->next < o->count)
		slice_drop(&o->queue[o->next++]);
	o->next = o->count = o->offset = o->waiting = 0;
}

void
outbox_release(struct outbox *o)
{
	outbox_drop(o);
	free(o->queue);
	*o = (struct outbox){ 0 };
}
