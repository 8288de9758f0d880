#ifndef SOTH_SCENE_H
#define SOTH_SCENE_H

#include "soth/note.h"

/*
 * An exchange as it stands while somebody decides about it: what a filter can
 * be asked about before the flow is in any store. All of it is borrowed for
 * the call, and nothing of it is changed.
 *
 * It is about heads and bodies, as far as they have come; or, where .message
 * is there, about that one message of a stream.
 */
struct scene {
	flow_id flow;
	uint64_t now;			/* microseconds since the epoch */
	uint64_t begun, answered;	/* of the flow, of the response's head; 0: now, where it is there */
	const struct origin *origin;	/* NULL: not known */
	struct step *const *step;	/* of its connection, in the order they happened */
	size_t steps;
	const struct head *head[2];	/* NULL: has not come; of responses no 1xx but 101 */
	const struct head *trailer[2];	/* likewise */
	struct bytes body[2];		/* behind the transfer coding alone; of what came so far */
	bool whole[2];			/* ... and that is all of it */
	uint64_t bytes[2];		/* that came, kept or not; at least .body's */
	uint64_t messages[2];		/* that came, as far as it is known */
	bool websocket;			/* the server has agreed to one */
	enum side side;			/* whose head, body or message it is about */

	struct bytes message;		/* what it says: unmasked, inflated, without what frames it; .at NULL: none */
	enum part_kind message_kind;	/* as of its part: MESSAGE, MARK; DATA: bytes that are nobody's, a datagram */
	uint32_t message_code;		/* ... and its bits. An event is its block, as it came */
	uint64_t message_size;		/* on the wire; 0: as .message is */
};

#endif
