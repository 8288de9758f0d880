#ifndef NET_RESOLVE_H
#define NET_RESOLVE_H

#include <netdb.h>

#include "asks.h"

/*
 * Names to addresses by getaddrinfo, in a few threads, so that names are what
 * the user's other programs get.
 */
struct question;

/* `done` is called once, from the loop, and owns `found` (freeaddrinfo), which
 * is NULL where there is no address; `why` says so then. */
struct question *resolve(struct asker *a, const char *host,
	void (*done)(void *arg, struct addrinfo *found, const char *why), void *arg);
void resolve_cancel(struct question *q);	/* done will not be called */

#endif
