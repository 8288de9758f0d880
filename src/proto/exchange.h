#ifndef PROTO_EXCHANGE_H
#define PROTO_EXCHANGE_H

#include "soth/note.h"

/*
 * One request and its response, between a stream of the client's and one of a
 * server's. It sees parts alone: it knows no HTTP version, no TLS and no
 * connection. It says what to do by moves, in order.
 *
 * Every part passes on at once. A copy is told, but of each body no more than
 * `record` bytes: what comes after that is counted and told as one SKIP.
 * Observers (observe.h) read along: they are chosen by the heads that pass,
 * and what they find is told behind the bytes it was found in, or in their
 * place.
 */
struct exchange_limits {
	uint64_t record;	/* bytes of each body that are told */
	uint64_t body;		/* a longer body is refused; 0: none is. Not of WebSocket's messages */
	bool websocket;		/* its messages are read; else they are bytes */
};

struct exchange_half {
	uint64_t bytes, told;	/* of the body, or what a protocol has agreed on came in its place */
	uint64_t skipped;	/* of .bytes, those that are still to be told of by a SKIP */
	bool begun;		/* its head (no 1xx) has come */
	bool ended;		/* END or RESET has come */
	bool closed;		/* a WebSocket's: it said close (RFC 6455 section 5.5.1) */
};

struct exchange {
	flow_id id;
	struct exchange_limits limits;
	struct exchange_half half[2];
	struct head *request;		/* until the answer's head has come */
	struct observer *observer[2];
	bool websocket;			/* the server has agreed; its messages are read */
};

struct move {
	enum move_kind {
		MOVE_PART,	/* .part on to the other side */
		MOVE_TELL,	/* .part in a note, as from .side */
		MOVE_EDGE,	/* one of .side's messages ends .part.count bytes behind the last: .part is it, whole */
		MOVE_REFUSE,	/* the body of .side is too long, or announced to be: break off */
	} kind;
	enum side side;		/* where the part came from */
	struct part part;
};

struct moves {
	struct move *at;
	size_t count, room;
};

void moves_add(struct moves *out, enum move_kind kind, enum side side, struct part part);	/* takes the part */

void exchange_init(struct exchange *x, flow_id id, struct exchange_limits limits);
/* Takes what p carries. The moves are the caller's to carry out and drop. */
void exchange_release(struct exchange *x);
void exchange_part(struct exchange *x, enum side from, struct part *p, struct moves *out);

/* What is still to be told of a side that gets no further: what came of a
 * message, how much was skipped. To be told before its RESET, or before the
 * flow is over; after that there is nothing. */
void exchange_rest(struct exchange *x, enum side side, struct moves *out);

/* How it ended, when it has: completed, or for a WebSocket whether both sides said close (RFC 6455 section 7.1). */
enum close_code exchange_close(const struct exchange *x);

#endif
