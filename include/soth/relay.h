#ifndef SOTH_RELAY_H
#define SOTH_RELAY_H

#include "soth/decide.h"
#include "soth/layer.h"
#include "soth/learning.h"
#include "soth/mode.h"
#include "soth/note.h"
#include "soth/option.h"

/*
 * One client connection and all that is done for it: its chain of layers, the
 * chains to servers, and the exchanges between them. It does no I/O: whoever
 * drives it says what happened on which connection, and carries out the
 * effects that come of it.
 *
 * Connection 0 is the client's and is open from the start. A DIAL effect
 * names a new one, of which there may be many at once; EV_OPEN (with the address reached, "192.0.2.1:443") or
 * EV_FAIL (with an enum fail and words) follows under that number, then
 * EV_DATA, EV_EOF, EV_FULL, EV_DRAINED, EV_FAIL. After EV_FAIL or a CLOSE
 * command no more events come for it; its number is not used again. A command
 * for a connection that is already gone is to be ignored.
 *
 * Commands to the driver are SEND, SHUT, CLOSE, PAUSE and GO. A driver says
 * EV_FULL when more than its own high mark waits to be sent, and EV_DRAINED
 * when that has gone down again.
 *
 * Where soth sends a request of its own there is no socket under connection 0.
 * Instead of bytes the driver gives the request's parts, as EV_PART, while it is
 * not told to PAUSE; CMD_PART for connection 0 is the answer.
 *
 * The socket driver (net/conn.c), the relay scripts in tests/proto and the
 * fuzzers are three drivers of the same thing.
 */
struct relay;
struct ca;
struct sending;
struct answers;

struct effect {
	enum effect_kind {
		FX_DIAL,	/* connect .conn to .data, "host:port" or "[v6]:port" */
		FX_ASSOCIATE,	/* SOCKS5: .conn is to be a socket for datagrams; EV_OPEN or EV_FAIL follows, as for DIAL,
				 * .data the address it is bound to. What passes there is none of the relay's */
		FX_READ,	/* the file that .data names, for the decider to look for: relay_read() follows, with the number that is .conn */
		FX_COMMAND,	/* .command for the bottom of .conn */
		FX_NOTE,	/* .note for the recorder */
		FX_OVER,	/* the relay has nothing more to do: free it */
	} kind;
	unsigned conn;
	union {
		struct slice data;
		struct command command;
		struct note note;
	};
};

/* Effects in order; taken out one by one, each owned by who took it. One
 * `effects` may serve many relays in turn. */
struct effects {
	struct effect *at;
	size_t count, next, room;
};
bool effects_take(struct effects *fx, struct effect *out);
void effects_release(struct effects *fx);	/* drops what was not taken */

struct relay_world {		/* what a relay may know of the world */
	const struct options *options;	/* read anew at each connection */
	struct ca *ca;
	flow_id (*next_id)(void *arg);
	uint64_t (*now)(void *arg);	/* microseconds since the epoch */
	void *arg;
	struct decider *decider;	/* NULL: everything passes */
	struct hands *hands;		/* with a decider */
	struct answers *const *answers;	/* requests are answered out of them, where there are any; NULL: never */
	struct policy *const *policy;	/* what the options list of hosts; NULL: nothing */
	struct temporaries *temporaries;	/* NULL: nothing is said for a time */
	struct learning *learning;	/* NULL: nothing is learned, whatever the options say */
};

struct relay_from {		/* where it came in; copied */
	const struct mode *mode;	/* outlives the relay */
	struct bytes client, listener;	/* "127.0.0.1:50312" "127.0.0.1:8080" */
	struct bytes original;		/* transparent: where the client was going, "192.0.2.1:443"; empty: nowhere else */
	const struct sending *sends;	/* no client is there: the request is ours. NULL: one is */
	flow_id flow;			/* ... and this will be its flow */
};

enum { RELAY_CLIENT = 0, RELAY_NONE = UINT32_MAX };	/* RELAY_NONE: no number of a connection */

struct relay *relay_new(const struct relay_world *world, const struct relay_from *from);
/* The client's process, a STEP_PROCESS, as soon as it is known: best before relay_start(). Takes it. */
void relay_client_is(struct relay *r, struct step *who, struct effects *fx);
void relay_start(struct relay *r, struct effects *fx);	/* once, before anything else but that */
void relay_event(struct relay *r, unsigned conn, struct event *ev, struct effects *fx);	/* takes what ev carries */
/* Takes what of the file there is. One that nobody waits for any more is dropped. */
void relay_read(struct relay *r, unsigned number, struct local_file *file, struct effects *fx);
void relay_order(struct relay *r, const struct order *o, struct effects *fx);

/* When relay_tick() should be called at the latest, give or take a second; 0:
 * nothing is being waited for. Ask again after each event. */
uint64_t relay_deadline(const struct relay *r);
/* When relay_tick() is to be called, this time to the millisecond; 0: nothing waits for that. */
uint64_t relay_due(const struct relay *r);
bool relay_holds(const struct relay *r);	/* a message waits for a person: it may be long until anything moves */
void relay_tick(struct relay *r, struct effects *fx);

/* soth itself is ending: every flow gets its close. */
void relay_end(struct relay *r, struct effects *fx);
void relay_free(struct relay *r);

#endif
