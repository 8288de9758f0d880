#ifndef STORE_CARRY_H
#define STORE_CARRY_H

#include "soth/journal.h"

/*
 * What flows that go on began with, where the beginning of a session goes: all
 * of them but their bytes and messages, which become a count. So every flow in
 * a file begins with its FLOW, and what it is and who spoke is known.
 */
struct carry;

struct carried {
	flow_id id;
	uint64_t last, head[2];		/* where they are, once packed; 0: none */
	struct note *note;
	size_t notes;
	uint64_t bytes[2], messages[2];	/* of what goes, not yet in a note */
	uint64_t when, order, flow_order;	/* of the last that goes */
	bool datagrams;
};

struct carry *carry_new(void);
void carry_free(struct carry *c);
void carry_flow(struct carry *c, flow_id id);		/* it goes on */
/* Reads what is in the file before `to`. */
bool carry_read(struct carry *c, struct volume *v, uint64_t to, struct fault *why) MUST_USE;
/* Records that end at `to`; empty: there are none. False: they are too many. */
bool carry_pack(struct carry *c, uint64_t to, struct buf *out) MUST_USE;
const struct carried *carry_at(const struct carry *c, size_t i);	/* NULL: past the last */

#endif
