#ifndef SOTH_FLOW_H
#define SOTH_FLOW_H

#include "soth/remark.h"
#include "soth/protocol.h"

/*
 * One request, its response, and what came before and after: the fold of its
 * notes, for whoever looks at one. Of bodies and messages it knows how many
 * there were; content.h and messages.h read them. Belongs to one thread.
 */
enum { FAULTS_KEPT = 64 };

struct moment {			/* a step, and when; of a 1xx head too */
	uint64_t when;
	enum side side;
	struct step *step;	/* or NULL: */
	struct head *interim;
};

/* Of a message that was edited `head` and all else are as it went on, and what
 * came in the first place is only its head; content.h reads either body. */
struct half {
	struct head *head, *trailer;	/* NULL: has not come */
	struct head *came;	/* ... before it was edited; NULL: it was not, or had none */
	unsigned edits;		/* how often it was */
	struct slice edited_by;	/* ... the last time, in words */
	uint64_t held;		/* since when it waits for a person; 0: it does not */
	uint64_t held_number;	/* which of a stream's messages it is, from 1; 0: the whole message */
	struct slice held_why, freed_why;	/* in words; empty: it was never */
	struct slice raw;	/* it went on as bytes that were typed: how many, in words; empty: it did not */
	struct slice verbatim;	/* ... those, where they are known */
	struct slice typed;	/* ... as fields of HTTP/2: fieldlist.h, without a body; empty: it did not */
	struct slice ruled_by;	/* the rules that did something to it, the last that did, in words */
	bool left;		/* this side left meanwhile */
	uint64_t altered, dropped, injected;	/* messages of a stream */
	uint64_t bytes;		/* of the body, kept or not */
	uint64_t skipped;	/* of them, not kept */
	uint64_t begun, ended;	/* of head and END; 0: has not come */
	struct slice broken;	/* why this side broke off; empty: it did not */
	uint64_t messages;	/* WebSocket messages (no control frames), events, records, gRPC messages, datagrams */
	uint32_t stream;	/* HTTP/2 stream; 0: none */
	struct slice *fault;	/* rules that were broken, in words: the first FAULTS_KEPT */
	size_t faults;		/* ... of all of them */
	bool spoke, closed;	/* a WebSocket message came; and a close frame, with this payload: */
	struct slice farewell;
};

struct flow {
	flow_id id;
	uint64_t begun, ended;	/* of FLOW and GONE; ended 0: live */
	struct origin *origin;
	struct moment *moment;
	size_t moments;
	struct half half[2];	/* [CLIENT] the request, [SERVER] the response */
	unsigned close;		/* close_code, once ended */
	struct slice detail;	/* ... in words */
	struct slice remark[REMARK_COUNT];	/* what a person says of it; empty: nothing */
	uint64_t notes;		/* of it, that are told here: the flow_order of the last */
};

void flow_note(struct flow *f, struct note *n);	/* takes what n carries */
void flow_release(struct flow *f);

/* What is spoken in it, as far as it has come. */
enum protocol flow_protocol(const struct flow *f);
/* Its bodies are bytes both ways, and nobody's: of no request, or behind an
 * upgrade. What a WebSocket says is read, where that switch is on. */
bool flow_is_raw(const struct flow *f);

/* Whether it has messages (see messages.h), or may have. */
bool messages_likely(const struct flow *f);

#endif
