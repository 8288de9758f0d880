#ifndef NET_CONN_H
#define NET_CONN_H

#include "soth/relay.h"

/*
 * A relay and its sockets: bytes in, effects out. It frees itself when the
 * relay is over and all is sent.
 */
struct worker;
struct conn;

struct conn_list {		/* a worker's conns, for the sweep */
	struct conn *first;
};

/* Of a client, which called this server, or thought so: whose it is is asked, and for a few milliseconds waited for. */
struct whose_socket;
void conn_new(struct worker *w, struct conn_list *list, int fd, const struct relay_from *from, const struct whose_socket *client);
/* A request of our own, as that flow; it takes the way of that mode. Takes it. */
void conn_send(struct worker *w, struct conn_list *list, const struct mode *mode, flow_id flow, struct sending *what);
void conn_order(struct conn *c, const struct order *o);
void conn_sweep(struct conn *c, uint64_t now, uint64_t idle_micros);	/* may free it */
void conn_hold(struct conn *c, bool held);	/* stop reading, or go on */
void conn_end(struct conn *c);			/* soth ends: frees it */
struct conn *conn_next(const struct conn *c);

#endif
