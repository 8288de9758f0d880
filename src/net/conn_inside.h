#ifndef NET_CONN_INSIDE_H
#define NET_CONN_INSIDE_H

#include "conn.h"
#include "filing.h"
#include "outbox.h"
#include "sender.h"
#include "worker.h"

/* A conn and its sockets, for conn.c and sock.c alone. */
struct sock {
	struct conn *conn;
	unsigned number;	/* of the relay's; RELAY_NONE: it has let go of us */
	int fd;			/* -1: none */
	struct dial *dial;
	struct udp *udp;	/* an association: no socket of its own */
	struct watch *reads, *writes;
	struct outbox out;
	bool paused, full, ended, shut, shut_sent;
	bool due;		/* there may be something to send */
	bool broken;		/* nothing can be sent any more; something may be left to read */
	uint64_t closing;	/* it only sends what is left: when that last went on */
	struct sock *sibling;	/* all of a conn */
};

struct conn {
	struct worker *worker;
	struct conn_list *list;
	struct conn *before, *after;
	struct relay *relay;
	struct sock *socks;
	uint64_t moved;		/* when a byte last did */
	const struct mode *mode;
	char client[ADDRESS_TEXT], listener[ADDRESS_TEXT];
	bool over, busy;
	struct filing *filings;	/* files that are read for it */
	struct whose *asking;	/* whose the client is; NULL: it is known, or will not be */
	struct watch *patience;	/* until then nothing is read; NULL: nobody waits */
	struct watch *alarm;	/* for what a rule delays; NULL: nothing was ever */
	uint64_t due;		/* that it is set for */
	struct sender own;	/* .what NULL: there is a client */
};

/* conn.c */
void conn_event(struct conn *c, unsigned number, struct event ev);	/* to the relay, and what comes of it; may free c */
void conn_maybe_free(struct conn *c);		/* where it is over, and all is sent */

/* sock.c: all may lead to events, and so free s, but those that say otherwise. */
struct sock *sock_new(struct conn *c, unsigned number);	/* no socket is open yet */
struct sock *sock_of(struct conn *c, unsigned number);		/* NULL: none */
struct sock *sock_due(struct conn *c);		/* one that has something to send; NULL: none */
void sock_open(struct sock *s, int fd);		/* takes fd; no event */
void sock_reading(struct sock *s);		/* reads, or not, as things stand; no event */
void sock_add(struct sock *s, struct slice data);	/* to be sent, which is taken; no event */
void sock_write(struct sock *s);
void sock_send_last(struct sock *s);		/* what the kernel takes at once; no event */
void sock_fail(struct sock *s, enum fail code, const char *words);
void sock_free(struct sock *s);			/* no event */

#endif
