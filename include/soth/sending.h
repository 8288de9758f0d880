#ifndef SOTH_SENDING_H
#define SOTH_SENDING_H

#include "soth/note.h"
#include "soth/sayings.h"

/*
 * A request that soth itself is to send: where to, and what. It takes the way
 * that a client's request would take, and becomes a flow like any other.
 *
 * Its head is sent as it is. A target in absolute-form becomes a path, as for
 * a client of a proxy; the server is `host` all the same.
 */
struct sending {
	flow_id of;		/* the flow that is sent again; 0: none */
	bool tls;
	char host[256];		/* IPv6 without brackets */
	uint16_t port;
	bool h1_only;		/* HTTP/2 is not offered */
	struct head *head;	/* of HTTP/2: prior knowledge is tried where there is no TLS */
	struct slice body;
	struct head *trailer;	/* NULL: none */
	/* These bytes go out on a connection of HTTP/1.1 in place of head, body
	 * and trailer, which are what is told of them. Empty: those do. */
	struct slice raw;
	bool list;		/* .raw are the fields of a message of HTTP/2, and its body, and that is what it goes on */
	/* In place of the body: what is said in its time, `speed` times as fast, from
	 * the head on, or of a WebSocket from when it is agreed to. NULL: nothing is. */
	struct sayings *says;
	double speed;
};

/* Of bytes that are meant to be a request: its head and body, out of its chunks,
 * as far as they can be read; else a head with as much of the start line as can stand in one,
 * and all the bytes behind that line as its body. Takes raw. */
void sending_raw(struct sending *s, struct slice raw);
/* Of fields of HTTP/2 and a body: fieldlist.h. Takes raw. False: a fault in it. */
bool sending_list(struct sending *s, struct slice raw, struct fault *why) MUST_USE;

/* Why it cannot be sent: no head, a tunnel, a WebSocket, no host. */
bool sending_check(const struct sending *s, struct fault *why) MUST_USE;
struct sending *sending_copy(const struct sending *s);	/* shares what is counted */
void sending_release(struct sending *s);
void sending_free(struct sending *s);		/* one of sending_copy(); NULL is fine */

#endif
