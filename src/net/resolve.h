#ifndef NET_RESOLVE_H
#define NET_RESOLVE_H

#include <netdb.h>

#include "soth/base.h"

/*
 * Names to addresses by getaddrinfo, in a few threads that all workers share,
 * so that names are what the user's other programs get. A question belongs to
 * one worker's loop, and its answer comes there.
 */
struct loop;
struct resolver;		/* a worker's */
struct question;

struct resolver *resolver_new(struct loop *loop);
void resolver_free(struct resolver *r);		/* answers still out are dropped */

/* `done` is called once, from the loop, and owns `found` (freeaddrinfo), which
 * is NULL where there is no address; `why` says so then. */
struct question *resolve(struct resolver *r, const char *host,
	void (*done)(void *arg, struct addrinfo *found, const char *why), void *arg);
void resolve_cancel(struct question *q);	/* done will not be called */

#endif
