#ifndef NET_PKTINFO_H
#define NET_PKTINFO_H

#include <sys/types.h>

#include "address.h"

/* Datagrams of a socket that has many addresses: which one was called, and which one answers (ip(7),
 * RFC 3542 section 6). `called` has no port. */
ssize_t pktinfo_receive(int fd, void *to, size_t room, struct address *client, struct address *called);
void pktinfo_send(int fd, struct bytes datagram, const struct address *client, const struct address *from);

#endif
