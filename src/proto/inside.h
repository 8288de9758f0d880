#ifndef PROTO_INSIDE_H
#define PROTO_INSIDE_H

#include "chain.h"
#include "exchange.h"
#include "soth/buf.h"
#include "soth/relay.h"
#include "target.h"

/*
 * What the files of the relay share: relay.c (links, effects, notes), tunnel.c
 * (CONNECT, first bytes, TLS) and http.c (requests and answers).
 *
 *	          CONNECT            server there          first bytes
 *	START ──▶ HTTP ────▶ TUNNEL_DIAL ────▶ TUNNEL_SNIFF ─┬─▶ TLS_SERVER ─▶ TLS_CLIENT ─▶ TUNNEL_SNIFF
 *	  │        ▲                                         ├─▶ HTTP
 *	  └────────┴──────────────────────────────────── ... └─▶ RAW
 */
enum { HELD_MAX = 256 << 10 };	/* of a client's first bytes */

enum phase {
	PHASE_START,		/* nothing is known of the client yet */
	PHASE_HTTP,
	PHASE_TUNNEL_DIAL,	/* CONNECT, or a ClientHello in reverse mode: the server is being called */
	PHASE_TUNNEL_SNIFF,	/* the client's first bytes in the tunnel decide */
	PHASE_TLS_SERVER,	/* TLS to the server, the client's ClientHello waits */
	PHASE_TLS_CLIENT,
	PHASE_RAW,
	PHASE_OVER,
};

enum pause { PAUSE_FULL = 1, PAUSE_DIAL = 2 };

/* What a chain calls back to. It outlives its link by a turn: a chain may be
 * let go while it is speaking, and is freed when it has ended. */
struct end {
	struct relay *relay;
	struct chain *chain;
	enum side side;
	unsigned conn;
	bool gone;
	struct end *next;	/* of those that are gone */
};

struct link {			/* a connection */
	struct end *end;
	struct chain *chain;	/* NULL: there is none */
	unsigned paused;	/* enum pause, or'ed */
	bool open;		/* it can be talked to, TLS and all */
	bool ended;		/* the peer sends no more */
	bool reused;		/* it has answered a request before */
};

struct relay {
	struct relay_world world;
	const struct mode *mode;
	char *client, *listener;
	enum phase phase;
	struct link link[2];
	struct effects *fx;	/* of the call under way */
	struct end *gone;
	unsigned last_conn;	/* the number last dialled */
	bool over_said;

	flow_id first;		/* the flow with the steps of this connection */
	flow_id flow;		/* the one now under way; 0: none */
	struct origin *origin;	/* of `flow` */
	bool taken;		/* the first flow has its request */

	char host[256];		/* what the server's link leads to, or is to */
	uint16_t port;
	bool tls;		/* ... by TLS */
	bool inner;		/* inside a tunnel: the server is the tunnel's */
	bool inner_tls;		/* the client speaks TLS in it */
	struct buf held;	/* the client's first bytes */
	char sni[256];

	bool exchanging;
	struct exchange exchange;
	struct moves moves;
	struct part *waiting;	/* of the request, until the server is there */
	size_t waits;
	struct head *again;	/* a request without a body: can be sent once more */
	bool half_closed;	/* the client sends no more, and waits for the answer */
	bool close_after;	/* the answer is soth's own: then close */

	unsigned trouble;	/* a status: the server cannot be had; 0: it can */
	enum close_code trouble_close;
	struct fault trouble_why;
	uint64_t deadline;
};

static inline struct link *
relay_client(struct relay *r)
{
	return &r->link[CLIENT];
}

static inline struct link *
relay_server(struct relay *r)
{
	return &r->link[SERVER];
}

/* relay.c */
void relay_begin(struct relay *r, const char *scheme, const char *host, uint16_t port);	/* a flow, or its better known origin */
void relay_step(struct relay *r, enum step_kind kind, const struct field *values, size_t count);
void relay_tell(struct relay *r, enum side side, struct part part);	/* takes it */
void relay_gone(struct relay *r, enum close_code code, const char *detail);	/* the flow is over */
void relay_stop(struct relay *r, enum close_code code, const char *detail);	/* everything is */
void relay_pause(struct relay *r, enum side side, enum pause why, bool on);
void relay_dial(struct relay *r);		/* r->host, r->port */
void relay_hang_up(struct relay *r, enum side side);
void relay_wait(struct relay *r, unsigned seconds);	/* sets the deadline; 0: none */
void relay_send_part(struct relay *r, enum side to, struct part part);	/* takes it */
void relay_raw(struct relay *r);		/* bytes pass both ways from now on */

/* tunnel.c */
void tunnel_connect(struct relay *r, const struct head *request);
void tunnel_reverse(struct relay *r);		/* a ClientHello came in reverse mode */
void tunnel_server_open(struct relay *r);	/* the connection to it stands */
void tunnel_server_tls_open(struct relay *r);
void tunnel_client_tls_open(struct relay *r);
void tunnel_server_failed(struct relay *r, enum fail code, const char *words);
void tunnel_bytes(struct relay *r, struct slice *data);	/* of the client, to be sniffed */
void tunnel_sniff(struct relay *r);
bool server_tls_start(struct relay *r, struct fault *why);
unsigned fail_status(enum fail code);

/* http.c */
bool http_start(struct relay *r, enum side side, struct fault *why);	/* puts h1 on that side's chain */
void http_part(struct relay *r, enum side from, struct part *p);
void http_server_open(struct relay *r);
void http_server_lost(struct relay *r, enum fail code, const char *words);
void http_client_ended(struct relay *r);
void http_server_ended(struct relay *r);
void http_answer(struct relay *r, unsigned status, enum close_code close, const char *words);	/* and close */

#endif
