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

struct whose_socket {
	int protocol;			/* IPPROTO_TCP, IPPROTO_UDP */
	bool elsewhere;			/* in the other network */
	const struct address *client, *server;	/* its own, and whom it called */
};
/* `done` is called once, from the loop, and owns `who`, a STEP_PROCESS; NULL:
 * it cannot be told. NULL is returned, and done not called, where too many wait. */
struct whose *whose_is(struct asker *a, const struct whose_socket *socket, void (*done)(void *arg, struct step *who), void *arg);
/* A socket of NETLINK_SOCK_DIAG in the other network. Takes it, before anything there is asked for; it stays open. */
void whose_elsewhere(int diag);
void whose_prepare(struct asker *a);		/* who there is is looked at ahead, once */
void whose_cancel(struct whose *q);		/* done will not be called */

#endif
