#ifndef PROTO_H1_H
#define PROTO_H1_H

#include "soth/layer.h"

/*
 * HTTP/1.x of either role (RFC 9112): bytes to parts and parts to bytes.
 *
 * Up come, for each message: HEAD, then DATA, TRAILER where there is one, and
 * END. Down go the same. As a server's peer (`server` false) each 1xx is a
 * HEAD of its own before the last one.
 *
 * As a server it takes one request at a time: after END of a request it
 * parses no further until the END of its answer has gone down, so pipelined
 * requests come up in order, one by one. What a command makes readable (that
 * END, a GO) is read when the layer settles, never inside the command.
 *
 * After a CONNECT answered 2xx, or a 101, the layer becomes silent: it puts
 * nothing up, and keeps what comes for the layer that takes its place
 * (rest()). The owner swaps it when the answer's head has passed.
 *
 * What the peer did wrong is a RESET part, and the layer reads no more: .code
 * is the status to answer with (400, 431, 505; 502 as a client), .data what
 * was wrong, in words. An answer that came to no request is one too, and so is
 * EOF in the middle of a message; one that ends a body that runs until close
 * is an END.
 * EV_EOF between messages passes up as it is.
 *
 * How a message that goes down is framed follows from its own head:
 * Content-Length, chunked, or until close; for 1xx, 204, 304 and answers to
 * HEAD none (RFC 9112 section 6.3). A body past its length is cut, one that
 * falls short of it, and a RESET, make CMD_CLOSE. As a server, after the END of
 * an answer on a connection that does not persist, the layer sends CMD_SHUT
 * down itself and reads no more; it sends no 1xx to an HTTP/1.0 client.
 */
struct h1_args {
	bool server;			/* the peer is a client */
	size_t head_limit;		/* bytes; more is a RESET with 431 (502) */
	bool lenient;			/* what mend.h can mend is, and a FAULT behind the head (before END, of trailers) says so */
};

struct h1;			/* what chain_find(c, &layer_h1) gives */

/* Neither side has said that this connection ends with the message. */
bool h1_persists(const struct h1 *h);
/* Nothing of a message has come or gone since the last END of both. */
bool h1_idle(const struct h1 *h);
/* The next message goes out as these bytes, whatever its parts say; where they
 * are not one whole message, whose end they tell, the connection ends with it. Takes them. */
void h1_instead(struct h1 *h, struct slice bytes);
/* The peer sends no more. EV_EOF has not passed up yet where something is unread. */
bool h1_eof(const struct h1 *h);

#endif
