#ifndef NET_GATE_H
#define NET_GATE_H

#include "address.h"
#include "soth/mode.h"

/*
 * A listener: a mode, an address, and a socket for each worker. Gates are the
 * backend's, and live as long as it: relays point to their modes. Workers are
 * told by orders to open and close theirs.
 */
enum { WORKERS_MAX = 64, GATES_MAX = MODES_MAX };

struct gate {
	struct mode mode;
	char where[600];	/* as it was asked for */
	struct address bound;
	char address[ADDRESS_TEXT];
	int fd[WORKERS_MAX];	/* each taken by its worker with the order */
	const struct gate *from;	/* one that goes, whose sockets these are; NULL: they are new */
	bool elsewhere;		/* in a network that is not ours: its addresses mean nothing here */
	bool open;		/* for the backend alone */
	struct gate *next;
};

#endif
