#ifndef NET_UDP_H
#define NET_UDP_H

#include "gate.h"
#include "soth/relay.h"

/*
 * The sockets under flows of datagrams (soth/datagram.h): of a listener, and
 * of a SOCKS5 client's association. A socket towards the server for each of
 * the client's ports, so that answers find their way back. All of it belongs
 * to a worker's thread.
 */
enum {
	UDP_FLOWS_MAX = 1024,		/* of one listener or association; the one idle longest makes room */
	UDP_IDLE_SECONDS = 60,
	UDP_WAITING_MAX = 64,		/* datagrams for a server that is not known yet */
	UDP_ADDRESSES_MAX = 8,		/* of a name: where the first refuses, the next is tried */
};

struct worker;
struct udp;

struct udp *udp_new(struct worker *w, const struct gate *gate, int fd);	/* of mode reverse, or elsewhere; fd stays the caller's */

/* SOCKS5 UDP ASSOCIATE (RFC 1928 section 7): a socket of its own on the address
 * the client called, for datagrams with its IP address alone. */
struct udp *udp_associate(struct worker *w, const struct relay_from *from, char bound[ADDRESS_TEXT], struct fault *why);

void udp_hold(struct udp *u, bool held);	/* stop reading, or go on */
void udp_sweep(struct udp *u, uint64_t now);	/* tells what was counted, ends what was idle for too long */
void udp_order(struct udp *u, const struct order *o);
uint64_t udp_moved(const struct udp *u);		/* when the last datagram passed; 0: none is left to tell */
void udp_free(struct udp *u);			/* every flow gets its close */

#endif
