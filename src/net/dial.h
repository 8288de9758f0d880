#ifndef NET_DIAL_H
#define NET_DIAL_H

#include "address.h"
#include "soth/layer.h"

/*
 * A connection to host:port: its addresses in turn, families alternating, each
 * a quarter of a second after the one before (Happy Eyeballs, RFC 8305), until
 * one answers or the time is up.
 */
struct loop;
struct asker;
struct dial;

struct dial_done {
	int fd;				/* the caller's; -1: none */
	char address[ADDRESS_TEXT];	/* "192.0.2.1:443" */
	enum fail fail;			/* where fd is -1: why, */
	char words[200];		/* in words */
};

struct dial_how {
	struct loop *loop;
	struct asker *asker;
	unsigned seconds;		/* for all of it; 0: no limit */
	bool (*ours)(const struct address *a, void *arg);	/* an address we listen on */
	/* Called once, from the loop, never within dial_new(); the dial is gone then. */
	void (*done)(void *arg, const struct dial_done *d);
	void *arg;
};

struct dial *dial_new(const struct dial_how *how, struct bytes where);
void dial_free(struct dial *d);			/* done will not be called */

#endif
