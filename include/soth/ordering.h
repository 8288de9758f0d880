#ifndef SOTH_ORDERING_H
#define SOTH_ORDERING_H

#include "soth/note.h"

/*
 * Which note may follow which: the contract of soth-events(7), as a machine
 * that hears every note of a session and counts those out of turn. It costs a
 * look into a table a note, so it always runs; it never changes or stops one.
 *
 *	FLOW			first; again while no request head has come
 *	STEP			connect_received, connect_decision, dialing, connected, in this order, as far as
 *				they come; the first two, connect_parse_failed and the start of TLS with the client
 *				before the request's head; tls_handshake_succeeded behind its started
 *	PART	the request	HEAD, then DATA SKIP MESSAGE FRAME MARK FAULT, then TRAILER, then END
 *		the response	the same, once the request's HEAD has come, with any 1xx HEADs before; or a RESET
 *				that says why soth answers in the server's place, and then that answer
 *		bytes		where no head came, or behind a 101: the same without HEAD and TRAILER, on both sides
 *		RESET		at any time, and more than once; else nothing follows END or RESET of a side
 *	GONE			once, last; with mitm_http_completed only behind the END of the response
 *	LOG			flow 0, anywhere
 *	HAND			anywhere between FLOW and GONE; behind EDITED its side begins anew
 *	REMARK			anywhere behind FLOW, behind GONE too
 *
 * SKIP, MARK and FAULT may stand between TRAILER and END, too.
 */
struct ordering {		/* of a session */
	uint64_t live;		/* flows that have begun and are not over */
	uint64_t broken;	/* notes out of turn */
	struct fault first;	/* ... the first of them */
};

/* Where a flow stands, in so few bytes that a row can hold it; all zero: it
 * has not begun. */
struct ordering_flow {
	uint8_t side[2];	/* how far the request and the response are */
	uint8_t stage;		/* ... the connection */
	uint8_t tls;		/* handshakes under way, 1 << side */
};
struct ordering_flow ordering_over(void);	/* of a flow that had its GONE */

/* f: the note's flow, or NULL where there is none of that number. False: it was out of turn. */
bool ordering_note(struct ordering *o, struct ordering_flow *f, const struct note *n);
/* A note that was read and carries its numbers, which must be these. */
bool ordering_numbers(struct ordering *o, const struct note *n, uint64_t order, uint64_t flow_order);
/* The session is complete: so is every flow. */
bool ordering_end(struct ordering *o);

#endif
