#ifndef SOTH_RULING_H
#define SOTH_RULING_H

#include "soth/head.h"

/* What is to be done to a message that passes. Who decides says it; whoever passes messages on does it. */
enum { RULES_TOUCHED_MAX = 16 };

/* When rules are asked, in this order; MESSAGE for each one, at any time. */
enum rule_stage { RULE_REQUEST_HEAD, RULE_REQUEST_WHOLE, RULE_RESPONSE_HEAD, RULE_RESPONSE_WHOLE, RULE_MESSAGE, RULE_STAGES };

/* A file that a message is answered with: found and read while the message waits, by whoever may wait. */
struct local_file {
	char *path;		/* its own name; NULL: none is there */
	struct slice body;
	struct fault why;	/* it cannot be read; empty: it was */
};
void local_file_release(struct local_file *f);

enum rule_break {
	BREAK_NONE,
	BREAK_TRUNCATE,		/* .side ends well behind .at bytes of its body */
	BREAK_STALL,		/* nothing more comes behind them */
	BREAK_RESET,		/* the client's connection, or stream, is reset behind .at bytes of the answer's body */
	BREAK_GOAWAY,		/* HTTP/2: GOAWAY with .code; HTTP/1: the connection is closed */
	BREAK_TLS_ALERT,	/* a fatal alert of .code to the client */
	BREAK_CLOSE_CODE,	/* a WebSocket's close frame with .code, both ways */
};

/* What is to be done, in the order it stands here. */
struct rule_changes {
	struct slice read;	/* a file that has to be read first, as decide.h says; then nothing else is in here */
	bool wait;		/* heads: it has to be held until its body is whole, for the next stage */
	bool keep;		/* heads: its body is asked about later; it need not wait */
	bool messages;		/* heads: ask about each message of the exchange */

	uint64_t delay;		/* microseconds before it goes on */
	struct { uint64_t up, down, latency, jitter; } throttle;	/* bytes a second, microseconds; 0: none */
	struct { enum rule_break kind; enum side side; uint64_t at; unsigned code; } broken;
	bool drop;		/* the message does not go on */
	bool close;		/* close without an answer */
	struct head *answer;	/* not NULL: to the client, in place of what would come, with: */
	struct slice answer_body;
	struct slice url;	/* where the request goes instead; its .head is made for that. Empty: nowhere else */
	struct head *head;	/* in place of the one that came; NULL: it stays */
	bool has_body;		/* in place of the one that came, without content codings, as .head says: */
	struct slice body;	/* or what the message says */

	unsigned touched[RULES_TOUCHED_MAX];	/* the numbers of the rules that did something */
	size_t touches;		/* of all of them */
	struct fault trouble;	/* what one of them could not do; empty: nothing */
};
void rule_changes_release(struct rule_changes *c);

#endif
