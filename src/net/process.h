#ifndef NET_PROCESS_H
#define NET_PROCESS_H

#include "address.h"
#include "soth/note.h"

/*
 * Which process of this machine is at the other end of a connection: by
 * sock_diag(7) the socket's inode and user, then by /proc whose it is. That
 * takes a while, so a thread that all workers share does it; a question belongs
 * to one worker's loop, and its answer comes there.
 */
struct loop;
struct finder;			/* a worker's */
struct whose;			/* a question */

struct finder *finder_new(struct loop *loop);
void finder_free(struct finder *f);		/* answers still out are dropped */

/* `done` is called once, from the loop, and owns `who`, a STEP_PROCESS; NULL:
 * it cannot be told. NULL is returned, and done not called, where too many wait. */
struct whose *whose_is(struct finder *f, const struct address *client, const struct address *server,
	void (*done)(void *arg, struct step *who), void *arg);
void whose_cancel(struct whose *q);		/* done will not be called */

#endif
