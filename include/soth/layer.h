#ifndef SOTH_LAYER_H
#define SOTH_LAYER_H

#include "soth/note.h"
#include "soth/part.h"

/*
 * A protocol layer: events come up from the wire, commands go down to it.
 *
 * A layer does no I/O, sets no timer, asks no clock and calls no other
 * layer. It is told one event or command, changes its own state, and puts
 * what follows from it into `out`. The chain carries each thing in `out` to
 * the next layer, up or down, after the layer has returned; so no layer is
 * ever entered twice at once, and none is freed under its own feet.
 *
 * What an event or command carries belongs to it. The chain drops it after
 * the call: a layer that wants to keep a part or a slice moves it out
 * (part_move(), or takes the slice and leaves { 0 }).
 *
 * Events and commands about a message carry the number of its stream, which
 * is 0 in all but HTTP/2. EV_FULL, EV_DRAINED, CMD_PAUSE and CMD_GO are about
 * that one stream; with stream 0 they are about the whole connection.
 *
 * A layer may gather what is to go down until it is told to settle: nothing
 * more comes this turn, so what was gathered goes as one CMD_SEND. So a head,
 * a body and its end are one TLS record and one write. settle() is called
 * from the top of the chain to the bottom, and often with nothing to do.
 * Before a CMD_SHUT or CMD_CLOSE passes down, what was gathered goes first.
 */
struct out;

enum fail {			/* why a connection is dead or could not be had */
	FAIL_OTHER,
	FAIL_NAME,		/* the host has no address */
	FAIL_REFUSED,		/* no connection to any address */
	FAIL_TIMEOUT,
	FAIL_LOOP,		/* it would lead back to ourselves */
	FAIL_RESET,		/* broken off by the peer */
	FAIL_TLS,		/* the handshake, or a record, failed: a STEP_TLS_FAILED came before */
	FAIL_PROTOCOL,		/* the peer broke the rules of its protocol */
};

struct event {			/* what happened */
	enum event_kind {
		EV_OPEN,	/* all below is ready; .data is the address, above TLS the ALPN name */
		EV_DATA,	/* .data: bytes from below */
		EV_PART,	/* .part on .stream */
		EV_STEP,	/* .step of this connection, for the notes */
		EV_KEYS,	/* .data: lines for the key log */
		EV_EOF,		/* the peer sends no more */
		EV_FAIL,	/* this chain is dead: .code is an enum fail, .data the words */
		EV_FULL,	/* what we send piles up: give no more ... */
		EV_DRAINED,	/* ... until now */
	} kind;
	uint32_t stream;
	uint32_t code;
	union {
		struct slice data;
		struct part part;
		struct step *step;
	};
};

struct command {		/* what to do */
	enum command_kind {
		CMD_SEND,	/* .data: bytes for below */
		CMD_PART,	/* .part on .stream */
		CMD_SHUT,	/* send no more after this; HTTP/2: .part, a RESET, says with which code, .stream which one was not looked at */
		CMD_CLOSE,	/* send what is left, then drop the connection */
		CMD_ALERT,	/* TLS: a fatal alert, .stream is its number, and nothing after it. No TLS: nothing */
		CMD_ABORT,	/* drop the connection at once, by a reset */
		CMD_PAUSE,	/* take no more bytes from the peer ... */
		CMD_GO,		/* ... until now */
	} kind;
	uint32_t stream;
	union {
		struct slice data;
		struct part part;
	};
};

void event_drop(struct event *ev);	/* what it carries */
void command_drop(struct command *cmd);

void out_up(struct out *out, struct event ev);
void out_down(struct out *out, struct command cmd);

/* For what is not this layer's business: moves it on, as it is. */
void pass_up(struct out *out, struct event *ev);
void pass_down(struct out *out, struct command *cmd);

struct layer_ops {
	const char *name;
	size_t size;		/* of its state, which is handed over zeroed */

	/* How sure these first bytes of a peer are ours: 0 no .. 100 yes;
	 * -1 means more bytes are needed. NULL: never guessed. */
	int (*probe)(struct bytes first);

	bool (*start)(void *st, const void *args, struct out *out, struct fault *why);
	void (*event)(void *st, struct event *ev, struct out *out);
	void (*command)(void *st, struct command *cmd, struct out *out);
	void (*settle)(void *st, struct out *out);	/* NULL: gathers nothing */

	/* The bytes it took and did not use, for the layer that follows. NULL: none. */
	struct slice (*rest)(void *st);
	void (*stop)(void *st);
};

extern const struct layer_ops layer_tls, layer_h1, layer_h2, layer_raw, layer_connect, layer_socks;

#endif
