#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include "address.h"

/* Binds `where` ("HOST:PORT", ":PORT" for every interface, "PORT" for 127.0.0.1)
 * `count` times, sharing the port; port 0 picks one for all. A port that is taken is a fault that names who has
 * it, and what to try. */
bool listener_open(const char *where, int *fds, size_t count, struct address *bound,
	struct fault *why) MUST_USE;
/* The same for datagrams. */
bool listener_open_udp(const char *where, int *fds, size_t count, struct address *bound,
	struct fault *why) MUST_USE;

#endif
