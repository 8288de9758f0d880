#ifndef NET_PROCESS_H
#define NET_PROCESS_H

#include "address.h"
#include "asks.h"
#include "soth/note.h"

/*
 * Which process of this machine is at the other end of a connection: by
 * sock_diag(7) the socket's inode and user, then by /proc whose it is. A thread
 * does that, for it takes a while.
 */
struct whose;			/* a question */

/* Of IPPROTO_TCP or IPPROTO_UDP. `done` is called once, from the loop, and owns `who`, a STEP_PROCESS; NULL:
 * it cannot be told. NULL is returned, and done not called, where too many wait. */
struct whose *whose_is(struct asker *a, int protocol, const struct address *client, const struct address *server,
	void (*done)(void *arg, struct step *who), void *arg);
void whose_prepare(struct asker *a);		/* who there is is looked at ahead, once */
void whose_cancel(struct whose *q);		/* done will not be called */

#endif
