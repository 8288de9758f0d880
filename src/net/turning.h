#ifndef NET_TURNING_H
#define NET_TURNING_H

#include "soth/base.h"

/*
 * Rules of the kernel (nf_tables) that give every TCP connection of a network
 * namespace to one socket that listens in it, which must be IP_TRANSPARENT:
 * what it accepts has the address that was called as its own. A connection to
 * a loopback address at which something listens in there is left alone.
 */
int turning_on(int family, uint16_t port);	/* of AF_INET or AF_INET6; 0, or an errno */

#endif
