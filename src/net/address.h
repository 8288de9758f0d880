#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "soth/base.h"

/* An IP address and a port. */
struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
	socklen_t len;
};
struct addrinfo;

enum { ADDRESS_TEXT = 80 };		/* room for "[2001:db8::1%interface]:443" */

/* Only what is an address already; a name is false. */
bool address_read(struct address *a, const char *host, uint16_t port);
bool address_take(struct address *a, const struct addrinfo *ai, uint16_t port);	/* false: not IP */
uint16_t address_port(const struct address *a);
void address_set_port(struct address *a, uint16_t port);
void address_text(const struct address *a, char *out);	/* of ADDRESS_TEXT */
bool address_same(const struct address *a, const struct address *b);
bool address_any(const struct address *a);		/* 0.0.0.0 or :: */
bool address_local(const struct address *a);		/* this machine's own */
bool address_near(const struct address *a);		/* likewise, and told at once of the loopback's */

/* What calling this address reaches: IPv4 in IPv6 is IPv4, and 0.0.0.0 and ::
 * are this machine. */
struct address address_called(const struct address *a);

#endif
