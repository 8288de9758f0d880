#ifndef PROTO_BRIDGE_H
#define PROTO_BRIDGE_H

#include "target.h"

/*
 * Heads on their way from one connection to another: what is the
 * connection's own, and what the other version of HTTP says in another way
 * (RFC 9110 section 7.6, RFC 9113 section 8, RFC 8441). Where nothing changes
 * the same head comes back, with one reference more.
 */
struct bridge {
	const struct target *target;	/* requests: what the head says */
	struct bytes host;		/* requests: the Host to send; empty: as it is */
	const char *absolute;		/* requests: to a parent in absolute-form, with this authority; NULL: in origin-form */
	const char *auth;		/* ... and these credentials, "user:password"; NULL or empty: none */
	bool to_h2;			/* the other connection speaks HTTP/2 */
	bool ended;			/* nothing follows the head */
	bool strip_alt_svc;		/* responses: say nothing of HTTP/3 */
	const struct head *request;	/* responses: what they answer, as the client sent it */
};

struct head *bridge_request(const struct head *h, const struct bridge *b, struct fault *why);	/* NULL: not possible */
struct head *bridge_response(const struct head *h, const struct bridge *b, struct fault *why);

/* Of an answer that agreed to another request for a WebSocket, the one that agrees to this; without extensions. NULL: not possible. */
struct head *bridge_agrees(const struct head *h, const struct head *request, struct fault *why);

/* An Alt-Svc field announces HTTP/3, or QUIC by an older name (RFC 7838). */
bool bridge_announces_http3(const struct head *h);
/* A request for a WebSocket, of either kind. */
bool bridge_websocket(const struct head *request);

#endif
