#ifndef SOTH_DATAGRAM_H
#define SOTH_DATAGRAM_H

#include "soth/buf.h"
#include "soth/mode.h"
#include "soth/note.h"
#include "soth/option.h"
#include "soth/temporary.h"

/*
 * Datagrams between one client's port and one server's: a flow each, relayed
 * as they are and told as DATA parts, a part a datagram. It does no I/O:
 * whoever drives it sends what it says.
 *
 * The first datagrams of the client are read for a QUIC v1 Initial (RFC 9000
 * section 17.2.2, RFC 9001 section 5.2): the name and ALPN of the ClientHello
 * in them, over as many datagrams as it takes, become a
 * STEP_HTTP3_PASSTHROUGH, and its name the flow's host. Where it does not come
 * (another version, or it cannot be read) the step says what is known; a
 * Version Negotiation of the server is one too. A QUIC
 * flow's datagrams are counted (SKIP: .code of them), not kept. With the switch
 * http3-passthrough off for that name, QUIC is dropped and the flow blocked.
 * A flow that the policy blocks is over from its beginning, and nothing of it is
 * sent; or once its ClientHello says a name that is blocked. All else passes.
 */
struct datagrams;

struct datagrams_world {
	const struct options *options;
	struct policy *const *policy;		/* as in relay.h */
	struct temporaries *temporaries;
	flow_id (*next_id)(void *arg);
	uint64_t (*now)(void *arg);	/* microseconds since the epoch */
	void (*note)(void *arg, struct note *n);	/* takes what n carries */
	void *arg;
};

struct datagrams_from {
	const struct mode *mode;
	struct bytes client, listener;
	struct bytes host;		/* where the client sends to */
	uint16_t port;
};

struct datagrams *datagrams_new(const struct datagrams_world *world, const struct datagrams_from *from);
/* A step, which it takes; what is for that process alone holds from there on. */
void datagrams_client_is(struct datagrams *d, struct step *who);
/* A datagram of that side. False: it is not to be sent on. */
bool datagrams_pass(struct datagrams *d, enum side from, struct bytes datagram) MUST_USE;
void datagrams_connected(struct datagrams *d, struct bytes address);	/* a step: the server's address */
void datagrams_failed(struct datagrams *d, const char *words);	/* no address, or the kernel refused */
void datagrams_refused(struct datagrams *d, const char *words);	/* a step: that address is not it, another is tried */
void datagrams_settle(struct datagrams *d);		/* tells what was counted since the last time */
bool datagrams_over(const struct datagrams *d);	/* nothing passes any more */
flow_id datagrams_flow(const struct datagrams *d);
void datagrams_end(struct datagrams *d, enum close_code code, const char *detail);	/* exactly one close */
uint64_t datagrams_moved(const struct datagrams *d);	/* when the last one passed */
void datagrams_free(struct datagrams *d);		/* ends it where that was not done */

/* UDP requests of SOCKS5 (RFC 1928 section 7): the header before a datagram. False: no such
 * header, or it is a fragment (FRAG), which we drop. */
bool socks_datagram(struct bytes datagram, char host[256], uint16_t *port, struct bytes *payload) MUST_USE;
bool socks_datagram_head(const char *host, uint16_t port, struct buf *out) MUST_USE;

#endif
