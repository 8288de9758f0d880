#ifndef FORMAT_SOTH_H
#define FORMAT_SOTH_H

#include "soth/buf.h"
#include "soth/note.h"

/*
 * One note as msgpack, as soth-session(5) draws it: an array of
 *
 *	kind side flow when order flow_order back payload...
 */
bool soth_pack(const struct note *n, uint64_t back, struct buf *out) MUST_USE;
bool soth_unpack(struct bytes record, struct note *n, uint64_t *back, struct fault *why) MUST_USE;

#endif
