#ifndef PROTO_INSIDE_H
#define PROTO_INSIDE_H

#include "chain.h"
#include "exchange.h"
#include "socks.h"
#include "soth/buf.h"
#include "soth/relay.h"
#include "soth/seam.h"
#include "target.h"

/*
 * What the files of the relay share:
 *
 *	relay.c		events and orders in, effects and notes out
 *	link.c		connections: to the client, and made to servers
 *	tunnel.c	tunnels: both ends, and TLS with each
 *	peek.c		the hellos of a tunnel, as they pass
 *	verdict.c	what becomes of a connection, as the policy has it
 *	sniff.c		the client's first bytes: CONNECT, SOCKS, TLS, or neither
 *	nohello.c	first bytes that should be TLS, and are not
 *	http.c		requests and answers: where they go, and what ends them
 *	http_reset.c	streams that are broken off, and asked once more
 *	serve.c		which connection takes a stream
 *	onboard.c	requests that soth answers itself
 *	stream.c	an exchange on its way between two streams
 *	hold.c		messages that do not pass on yet
 *	line.c		messages of a stream that do not, and what is behind them
 *	pace.c		what may pass only so fast
 *	unpack.c	their content codings, which are in the way
 *	inject.c	messages that a person puts between those of a stream
 *	recode.c	... into their content coding
 *
 * The client, until it speaks HTTP or never does:
 *
 *	          CONNECT, SOCKS     server there          first bytes
 *	START ──▶ HTTP ────▶ TUNNEL_DIAL ────▶ TUNNEL_SNIFF ─┬─▶ TLS_SERVER ─▶ TLS_CLIENT ─▶ TUNNEL_SNIFF
 *	  │        ▲                                         ├─▶ HTTP
 *	  └────────┴──────────────────────────────────── ... └─▶ RAW
 *
 * A connection to a server, left out what it does not need:
 *
 *	DIAL ─▶ PARENT_TLS ─▶ PARENT ─▶ THERE ─▶ TLS ─▶ PREFACE ─▶ OPEN
 */
enum {
	HELD_MAX = 256 << 10,	/* of a client's first bytes */
	LINKS_MAX = 64,		/* to servers, of one client connection */
	LINKS_SAME = 16,	/* ... to one server over HTTP/1, for the streams of an HTTP/2 client */
	RETRIES_MAX = 2,	/* of one request */
	STREAM_BUCKETS = 16,
	ALPN_ROOM = 256,
	STEPS_KEPT = 32,
	WORDS_ROOM = 200,
};

enum phase {
	PHASE_START,		/* nothing is known of the client yet */
	PHASE_SOCKS,
	PHASE_HTTP,
	PHASE_TUNNEL_DIAL,	/* the server is being called, the client waits */
	PHASE_TUNNEL_SNIFF,	/* the client's first bytes in the tunnel decide */
	PHASE_TLS_SERVER,	/* TLS to the server, the client's ClientHello waits */
	PHASE_TLS_CLIENT,
	PHASE_RAW,
	PHASE_DATAGRAMS,	/* beside this connection, as long as it is there */
	PHASE_OVER,
};

enum link_stage {
	LINK_DIAL,
	LINK_PARENT_TLS,	/* TLS with the parent proxy */
	LINK_PARENT,		/* it is asked for a connection */
	LINK_THERE,		/* bytes reach the server: a tunnel that waits for what the client says */
	LINK_TLS,
	LINK_PREFACE,		/* HTTP/2 with prior knowledge: does it know? */
	LINK_OPEN,		/* it can be talked to */
};

struct edge {			/* where a message ends, so many bytes behind the last */
	enum part_kind kind;	/* as it is told: MESSAGE, MARK; DATA: a run of bytes */
	uint32_t code;
	uint64_t count;
	struct slice said;	/* a MESSAGE's */
};
struct edges { struct edge *at; size_t count, room; };

struct hold {			/* a message that does not pass on yet */
	struct part *part;
	size_t parts, room;
	uint64_t bytes;		/* of its body */
	uint64_t since;		/* a person has it; 0: it is wanted whole before somebody decides */
	uint64_t until;		/* a rule delays it so long; 0: it does not */
	bool whole, wanted;	/* all of it is there; somebody asked to be asked then */
	bool asked;		/* ... and was */
	unsigned reading;	/* it waits for a file of that number; 0: it does not */
	struct slice read;	/* ... which is this */
	struct slice raw;	/* these bytes go on in its place; empty: its parts do */
	bool list;		/* ... as the fields and the body of HTTP/2 that they say: fieldlist.h */
};

struct injects {		/* messages that a person puts between those of a stream, once none is under way */
	struct part *at;	/* MESSAGE, of WS_OPCODE alone */
	size_t count;
};

enum pause { PAUSE_FULL = 1, PAUSE_DIAL = 2, PAUSE_PACE = 4 };

struct pace {			/* of what comes from one side */
	uint64_t rate;		/* bytes a second; 0: as it comes */
	uint64_t free;		/* when there may be more */
	struct paced *part;	/* that wait for it */
	size_t parts, room;
	uint64_t bytes;
	uint64_t open;		/* of a message that has begun in what came, and has not ended */
};

struct place {			/* what a connection leads to */
	char host[256];
	uint16_t port;
	bool tls;
};

struct link {			/* a connection */
	struct relay *relay;
	struct chain *chain;
	unsigned conn;
	enum side side;
	enum link_stage stage;
	struct place to;
	char name[256];		/* to be called by, in TLS */
	char alpn[ALPN_ROOM];	/* what TLS may agree on, with commas between */
	bool association;	/* a socket for datagrams (SOCKS5), which lives as long as the client's connection */
	bool tunnel;		/* the tunnel's own: its bytes are the client's until they are HTTP */
	bool absolute;		/* it ends at a parent that takes requests in absolute-form */
	bool h2;		/* HTTP/2 is spoken on it */
	bool prior;		/* ... with prior knowledge */
	bool h1_only;		/* and shall not be */
	bool apart;		/* HTTP/2, of a client of HTTP/1: for what was typed for it, and nothing else */
	bool ended;		/* the peer sends no more */
	bool full;		/* what we send on it piles up: whatever begins there waits */
	bool reused;		/* it has answered a request before */
	bool gone;		/* let go: freed when the turn is over */
	bool dirty;		/* it may have something to settle */
	struct buf held;	/* what a server said before it was known to whom */
	size_t streams;		/* under way on it */
	uint32_t next_stream;	/* HTTP/2, to a server: the next one's number */
	flow_id flow;		/* whose steps are its */
	uint64_t deadline;	/* of the stage; 0: none */
	struct link *next;
};

/* An exchange on its way between a stream of the client's connection and one
 * of a server's; of a connection that is not HTTP/2 that is stream 0. Bytes
 * that are not HTTP are one too. */
struct stream {
	flow_id flow;
	struct exchange exchange;
	struct switches switches;
	uint32_t id[2];
	struct place to;
	struct link *server;	/* NULL: none yet, or no more */
	struct part *waiting;	/* of the request, until the server is there */
	size_t waits;
	struct head *request;	/* as the client sent it; NULL: bytes */
	struct head *sent;	/* ... and as it goes to the server */
	struct slice verbatim;	/* ... or these bytes go; empty: its parts do */
	bool list;		/* ... as struct hold has it: on HTTP/2 alone */
	bool again;		/* nothing but that has gone: it can be sent once more */
	bool matching;		/* a recorded answer is looked for when more has come */
	bool raw;		/* bytes: a tunnel, or after 101 */
	bool h1_only;		/* no HTTP/2 server will do */
	bool gone;		/* its close is said: freed when the turn is over */
	unsigned retries;
	struct origin *origin;	/* for who decides; NULL: nobody does */
	struct hold *hold[2];	/* NULL: what comes from that side passes */
	struct line *line[2];	/* NULL: no message of a stream waits */
	uint64_t mid[2];	/* bytes that have come of a message that has not ended */
	struct injects inject[2];
	uint64_t open[2];	/* bytes that have passed of one that has not ended */
	uint64_t numbers[2];	/* of those that came */
	struct head *response;	/* for who decides about them */
	void *ruling;		/* the decider's */
	struct pace pace[2];
	struct { enum rule_break kind; enum side side; uint64_t at, passed; unsigned code; bool due; } broken;	/* due: when this turn is over */
	bool closing;		/* a rule has said good-bye in a WebSocket, both ways: nothing more goes on */
	bool answered;		/* by soth, in the server's place */
	struct unpack *unpack;	/* the codings of its answer are undone; NULL: they are not */
	struct recode *recode;	/* ... or are, once a message is put into it; NULL: they are not to be undone, or cannot be gone on with */
	struct giving *giving;	/* ... piece by piece; NULL: it is not */
	bool onboarding;	/* ... or will be: its own page is what is asked for */
	bool direct;		/* ... by a client that takes the proxy for a server */
	unsigned paused[2];	/* enum pause, or'ed: what comes from that side */
	struct stream *next, *next_server;	/* in their buckets; of one that is gone: as it was, for who goes along it */
	struct stream *next_gone;
};

struct relay {
	struct relay_world world;
	const struct mode *mode;
	char *client_name, *listener, *original;
	enum phase phase;
	unsigned reads;		/* files that were asked for */
	struct effects *fx;	/* of the call under way */
	struct link *client, *servers;
	struct link *gone_links;
	struct stream *bucket[STREAM_BUCKETS], *server_bucket[STREAM_BUCKETS];
	struct stream *gone_streams;
	size_t streams, links;
	bool unserved;		/* a stream waits for a link to be free */
	unsigned last_conn;
	bool over_said;

	struct step *who;	/* the client's process; NULL: not known */
	char process[PROCESS_ROOM];	/* ... its name; empty likewise */
	flow_id first;		/* the flow with the steps of this connection */
	flow_id flow;		/* a flow that has no request yet; 0: none */
	struct origin *origin;	/* of the last one */

	struct place to;	/* inside a tunnel, or in reverse mode: the server */
	bool inner;		/* a tunnel's inside: all goes to `to` */
	bool client_tls;	/* TLS was seen to begin there */
	uint64_t secured;	/* when its handshake was done; 0: it is not */
	bool client_h2;
	bool own;		/* there is no client: its link has no layers, and parts come and go there */
	flow_id replay_of;
	bool h1_only;		/* ... and HTTP/2 shall not be offered */
	struct slice verbatim;	/* ... and these bytes go out in place of its request */
	bool list;		/* ... as struct hold has it */
	bool no_prior;		/* the server was offered HTTP/2 with prior knowledge, and had none */
	bool half_closed;	/* the client sends no more, and waits for the answer */
	struct buf held;	/* the client's first bytes */
	char sni[256];
	char alpn[ALPN_ROOM];	/* the client's offer, with commas between */
	char peer[64], named[256];	/* the server's address, and what a Host field inside the tunnel says; empty: not known */
	struct policy_verdict verdict;	/* of a tunnel, once decided */
	bool decided;
	struct peek *peek;	/* at the hellos of a tunnel that passes; NULL: no more, or never */
	struct socks *socks;	/* while the client speaks it, and until it is answered */
	bool connect;		/* CONNECT is to be answered */
	bool itself;		/* ... or SOCKS, by soth alone: the tunnel leads to nobody else */

	struct moves moves;
	struct edges edges;	/* in the data that passes next */
	struct step *step[STEPS_KEPT];	/* of this connection, for who decides */
	size_t steps;
	size_t holds;		/* messages that wait for a person */
	uint64_t due;		/* something that a rule has delayed; 0: nothing is */
	uint64_t hold_deadline;	/* ... the first of them no longer; 0: as long as it takes */
	unsigned trouble;	/* a status: the tunnel's server cannot be had; 0: it can */
	enum close_code trouble_close;
	struct fault trouble_why;
	uint64_t deadline;	/* of the client; 0: none */
};

/* relay.c */
void relay_note(struct relay *r, flow_id flow, struct note n);
/* A flow that has no request yet, or its better known origin: r->flow. */
void relay_begin(struct relay *r, const char *scheme, const char *host, uint16_t port);
void relay_step(struct relay *r, flow_id flow, enum step_kind kind, const struct field *values, size_t count);
void relay_gone(struct relay *r, flow_id flow, enum close_code code, const char *detail);
void relay_stop(struct relay *r, enum close_code code, const char *detail);	/* every flow is over, and all else */
void relay_wait(struct relay *r, unsigned seconds);	/* sets the client's deadline; 0: none */
void relay_effect(struct relay *r, struct effect fx);
bool relay_has(struct relay *r, flow_id flow);	/* it is not over */
bool relay_blocks(struct relay *r, flow_id flow, const char *name, const char *what);	/* tells of a switch that is off; true */

/* link.c */
struct link *link_client(struct relay *r);
struct link *link_dial(struct relay *r, const struct place *to, flow_id flow);	/* NULL: too many */
struct link *link_associate(struct relay *r, flow_id flow);
void link_drop(struct link *l);			/* sends what is left and lets go */
void link_send(struct link *l, uint32_t stream, struct part part);	/* takes it */
void link_command(struct link *l, struct command cmd);
void link_event(struct link *l, struct event *ev);	/* what came up to its bottom; takes it */
void link_wait(struct link *l, unsigned seconds);
void link_late(struct link *l);			/* its deadline has passed */
bool link_tls(struct link *l, struct fault *why);	/* the server's TLS begins */
bool link_http(struct link *l, bool h2, struct fault *why);	/* and HTTP on top of what there is */
bool link_raw(struct link *l, struct fault *why);	/* or bytes */
void link_feed_held(struct link *l);
bool link_agreed_h2(const struct link *l);	/* by ALPN */
void link_settle(struct relay *r);		/* all that are dirty */
bool alpn_has(const char *list, const char *name);

/* tunnel.c */
void tunnel_connect(struct relay *r, const struct head *request);
void tunnel_bytes(struct relay *r, struct slice *data);	/* of the client, to be sniffed; takes them */
void tunnel_begin(struct relay *r);		/* transparent, and modes that do not wait for the client */
void tunnel_associated(struct relay *r, struct bytes bound);
void tunnel_server_there(struct relay *r, struct link *l);
void tunnel_server_secured(struct relay *r, struct link *l);
void tunnel_server_bytes(struct relay *r, struct slice *data);
void tunnel_server_failed(struct relay *r, enum fail code, const char *words);
void tunnel_client_secured(struct relay *r, struct bytes alpn);
void tunnel_client_ended(struct relay *r);
void tunnel_server_ended(struct relay *r, struct link *l);	/* while the client shakes hands */
void tunnel_late(struct relay *r);
bool tunnel_is_proxy(const struct relay *r);	/* clients name where they go */
bool tunnel_is_bytes(const struct relay *r);	/* a mode in which nothing is HTTP */
void tunnel_switches(const struct relay *r, struct switches *out);	/* of the host that is known */
void tunnel_to(struct relay *r, const char *host, uint16_t port);	/* a tunnel to there was asked for */
void tunnel_dial(struct relay *r, const char *scheme);	/* calls r->to */
void tunnel_send(struct relay *r, struct buf *out);	/* to the client, below all layers; takes what is in it */
void tunnel_answer_socks(struct relay *r, enum socks_answer answer, struct bytes bound);
void tunnel_server_tls(struct relay *r, struct link *l);
void tunnel_feed(struct relay *r, struct slice held);	/* to the client's chain, and its end where that came; takes it */
void tunnel_client_tls(struct relay *r);
void tunnel_itself(struct relay *r);		/* the client's tunnel leads to soth's own pages: it is answered */
void tunnel_raw(struct relay *r, struct link *l);	/* bytes pass both ways from now on */
struct link *tunnel_link(const struct relay *r);	/* NULL: it is gone */

/* verdict.c */
const char *relay_process(const struct relay *r);	/* the client's; "": not known */
void verdict_reach(struct relay *r);		/* of r->to, and again where another name of it is known; tells it */
bool verdict_waits(const struct relay *r);	/* another name may change it */
bool verdict_tunnels(const struct relay *r);	/* bytes shall pass unread */
bool verdict_blocks(const struct relay *r);
void verdict_learn(struct relay *r, flow_id flow, const struct step *failed);	/* TLS failed: tells whether that taught anything */
void tunnel_refuse(struct relay *r);		/* it is blocked: the client hears so, and all is over */
/* A request that comes by no tunnel: it is blocked, which is told of its flow. */
bool verdict_of_request(struct relay *r, struct stream *s, const char *host, uint16_t port, char words[WORDS_ROOM]);

/* sniff.c */
void tunnel_sniff(struct relay *r);

/* nohello.c */
void nohello_bad(struct relay *r, int alert, const char *why);
/* What was held is the start of a ClientHello, and no more comes: in time, or at all. False: it is not. */
bool nohello_cut(struct relay *r, bool late);
/* The client has left behind a whole hello, before it was answered: closed, or broken off as said. */
bool nohello_left(struct relay *r, const char *said);

/* hold.c */
/* Whether it keeps that part back, which it takes then. */
bool hold_takes(struct relay *r, struct stream *s, enum side side, struct part *p);
void hold_drop(struct relay *r, struct stream *s, enum side side);	/* it goes nowhere */
void hold_pass(struct relay *r, struct stream *s, enum side side);	/* what was kept back goes on */
void hold_replace(struct hold *h, struct part *part, size_t count);	/* takes them */
void hold_order(struct relay *r, struct stream *s, const struct order *o);
/* By l go these bytes in place of what is said next of that message, which has its number there. Takes them. */
void hold_sends_raw(struct relay *r, struct stream *s, enum side side, struct link *l, struct slice bytes, bool list);
void hold_read(struct relay *r, struct stream *s, struct local_file *file);	/* the file it waits for; takes what is in it */
void hold_left(struct relay *r, enum side side);	/* the client of all that is held sends no more */
void hold_tick(struct relay *r);
void hold_wait(struct relay *r, uint64_t since);	/* it is held no longer than hold-age */
void hold_tell(struct relay *r, struct stream *s, enum side side, enum hand what, struct slice words);	/* takes them */

/* ruled.c: what rules want done. */
/* With a head. True: it has been dealt with, and taken. */
bool ruled_head(struct relay *r, struct stream *s, enum side side, struct part *p, struct rule_changes *c);
bool ruled_whole(struct relay *r, struct stream *s, enum side side, struct hold *h, struct rule_changes *c);	/* likewise */
void ruled_tell(struct relay *r, struct stream *s, enum side side, uint64_t number, const struct rule_changes *c);
void ruled_words(const struct rule_changes *c, char *out, size_t room);	/* "rule 3", "rules 3, 7" */
bool ruled_breaks(struct relay *r, struct stream *s, enum side side, struct part *p);	/* a fault has it */
void ruled_fault(struct relay *r, struct stream *s, const struct rule_changes *c);	/* with a message: when this turn is over */
void ruled_opened(struct relay *r, struct stream *s);	/* what it says are messages from now on */
void ruled_due(struct relay *r, uint64_t when);
void ruled_tick(struct relay *r);

/* pace.c */
bool pace_takes(struct relay *r, struct stream *s, enum side side, struct part *p);	/* it waits for its turn, and is taken */
void pace_go(struct relay *r, struct stream *s, enum side side);	/* what may go now goes */
/* Behind all that waits, past who holds messages; it is one of them where it counts. False: nothing is slowed down. */
bool pace_puts(struct relay *r, struct stream *s, enum side side, struct part *p, bool counts);
uint64_t pace_numbers(const struct stream *s, enum side side);	/* of messages, with those that wait for their turn */
void pace_drop(struct stream *s);

/* line.c */
bool line_counts(const struct edge *e);		/* a message that is numbered ends there */
void line_edge(struct relay *r, enum part_kind kind, uint32_t code, uint64_t count, struct slice said);	/* takes it */
void line_edges_drop(struct relay *r);
bool line_takes(struct relay *r, struct stream *s, enum side side, struct part *p);	/* as hold_takes() */
bool line_waits(const struct stream *s, enum side side);	/* something of that side has not gone on */
void line_drop(struct relay *r, struct stream *s, enum side side);
void line_order(struct relay *r, struct stream *s, const struct order *o);
void line_due(struct relay *r, struct stream *s, enum side side);	/* what a rule delayed may go */
bool line_aged(struct relay *r, struct stream *s, enum side side, uint64_t now);

struct slice line_frame(enum side side, enum part_kind kind, uint32_t code, struct slice said);	/* a message on the wire */

/* unpack.c */
void unpack_part(struct relay *r, struct stream *s, struct part *p);	/* of an answer, as it comes; it may become nothing, and what is broken ends the stream */
void unpack_drop(struct stream *s);

/* recode.c */
void recode_part(struct relay *r, struct stream *s, struct part *p);	/* of an answer, as it comes; as for unpack_part() */
void recode_drop(struct stream *s);
/* May something be put into its coding here? Where it may, soth goes on with it. */
enum seam_cut recode_cut(struct relay *r, struct stream *s, struct fault *why) MUST_USE;
struct slice recode_put(struct stream *s, struct slice plain);	/* behind a cut: as it is on the wire */

/* inject.c */
void inject_order(struct relay *r, struct stream *s, const struct order *o);
void inject_count(struct stream *s, enum side from, const struct moves *m);	/* what comes, before it goes on */
void inject_go(struct relay *r, struct stream *s, enum side side);	/* what waits goes, where it may */
void inject_close(struct relay *r, struct stream *s, enum side side, unsigned code);	/* of a WebSocket, as if that side had said so; by a rule */
void inject_drop(struct stream *s);

/* replayed.c: an answer out of a recording that is given piece by piece, what is due now. */
void replayed_go(struct relay *r, struct stream *s, uint64_t now);
void replayed_drop(struct stream *s);

/* http_goes.c */
/* The server for this request. */
bool http_route(struct relay *r, const struct target *t, struct place *to, struct fault *why);
/* The name it goes by: where the kernel sent a client, its Host says more than the address. */
void http_known_as(const struct relay *r, const struct head *h, const struct place *to, char host[256]);
bool http_goes(struct stream *s, struct head *request, struct fault *why);	/* that is its request now: where it goes */
bool http_goes_to(struct stream *s, struct head *request, struct bytes url, struct fault *why);	/* likewise, but to there */
void http_kill(struct relay *r, struct stream *s, const char *words);	/* by hand */
void http_kill_by(struct relay *r, struct stream *s, enum kill_how how, uint32_t code, const char *words);

/* http_reset.c */
bool http_retry(struct relay *r, struct stream *s, bool unseen);	/* whether it is asked once more */
void http_reset(struct link *from, struct stream *s, uint32_t id, struct part *p);	/* a RESET came, which is taken */

/* http.c */
void http_abandon(struct relay *r, struct stream *s, uint32_t code);	/* the stream at the server is of no more use */
/* A part of that kind has gone on to the client: what that ends. */
void http_passed(struct relay *r, struct stream *s, enum part_kind kind);
void http_own(struct relay *r);			/* a request of our own comes, in parts */
bool http_begin(struct relay *r, bool h2, struct fault *why);	/* the client speaks it */
void http_switch(struct relay *r, struct stream *s);	/* after a 101 both sides are bytes */
void http_part(struct link *from, uint32_t stream, struct part *p);
void http_link_lost(struct link *l, enum fail code, const char *words);	/* l is let go */
void http_link_ended(struct link *l);
void http_client_ended(struct relay *r);
void http_refuse(struct relay *r, unsigned status, enum close_code close, const char *words);	/* an answer to no request */
void http_full(struct link *at, uint32_t stream, bool full);
void http_answer(struct relay *r, struct stream *s, unsigned status, enum close_code close, const char *words);
void http_go(struct relay *r, struct stream *s);	/* its request may go: to an answer that is known, or a server */
void http_serve(struct relay *r, struct stream *s);	/* a server is found for it; until it is there the client waits */
enum close_code http_completed(const struct stream *s);	/* how it is over, where it ended well */
void http_done(struct relay *r, struct stream *s);	/* both sides have ended */
bool http_must_h2(const struct relay *r);	/* the server knows nothing else */
const char *http_scheme(const struct relay *r);

/* serve.c */
void serve_stream(struct relay *r, struct stream *s);	/* finds it a server; where there can be none yet, its turn comes */
void serve_waiting(struct relay *r);		/* a link may be free: who waits for one? */
bool serve_without_h2(const struct relay *r, const struct stream *s);	/* its server is known to have none */
void serve_opened(struct link *l);		/* it can be talked to */

/* stream.c */
struct stream *stream_new(struct relay *r, uint32_t id, const char *scheme, const char *host, uint16_t port);
struct stream *stream_at(struct relay *r, const struct link *l, uint32_t id);	/* NULL: none */
void stream_join(struct relay *r, struct stream *s, struct link *l);	/* l will serve it */
void stream_leave(struct relay *r, struct stream *s);	/* it is served no more */
void stream_number(struct relay *r, struct stream *s);	/* l is open: its id there */
void stream_part(struct relay *r, struct stream *s, enum side from, struct part *p);
void stream_on(struct relay *r, struct stream *s, enum side side, struct part *p);	/* to the other side, by those who may hold it; takes it */
bool stream_keeps(const struct stream *s, enum side side);	/* something that came from there has not gone on */
void stream_answer_part(struct relay *r, struct stream *s, struct part part);	/* to the client; takes it */
void stream_forward(struct relay *r, struct stream *s, struct part part);	/* to the server, now or when it is there */
void stream_flush(struct relay *r, struct stream *s);
void stream_tell(struct relay *r, struct stream *s, enum side side, struct part part);	/* takes it */
void stream_pause(struct relay *r, struct stream *s, enum side side, enum pause why, bool on);
void stream_gone(struct relay *r, struct stream *s, enum close_code code, const char *detail);	/* its flow is over */
void stream_free(struct stream *s);
void stream_raw(struct relay *r, struct stream *s);	/* its bytes are no HTTP from here on */
void streams_each(struct relay *r, void (*fn)(struct relay *r, struct stream *s, void *arg), void *arg);

unsigned fail_status(enum fail code);

/* "%.*s" of foreign words, cut. */
const char *words_of_bytes(struct bytes b, char room[WORDS_ROOM]);

#endif
