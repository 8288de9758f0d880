#ifndef FORMAT_SOTH_H
#define FORMAT_SOTH_H

#include "soth/buf.h"
#include "soth/note.h"

/*
 * One note as msgpack, as soth-session(5) draws it: an array of
 *
 *	kind side flow when order flow_order back payload...
 */
enum { SOTH_COMMON = 7, SOTH_ELEMENTS_MAX = SOTH_COMMON + 7, SOTH_GAP = 255 };

bool soth_pack(const struct note *n, uint64_t back, struct buf *out) MUST_USE;
bool soth_unpack(struct bytes record, struct note *n, uint64_t *back, struct fault *why) MUST_USE;

/* How far the beginning of a file is gone: see soth-session(5). */
struct gap {
	uint64_t when;		/* it went, in microseconds since the epoch */
	uint64_t order;		/* of the last note that is gone */
	uint64_t to;		/* the first record that is there: of what flows that go on began with */
	uint64_t whole;		/* the first from which on nothing is missing */
};
bool soth_pack_gap(const struct gap *g, struct buf *out) MUST_USE;
bool soth_unpack_gap(struct bytes record, struct gap *g) MUST_USE;

/* What stands in front of a note's bytes, of the first bytes of its record: a
 * note without a part, and of a part its kind and code alone. What it carries
 * is `len` bytes from `data` on; behind them is its count, where `counted`. */
bool soth_glance(struct bytes first, struct note *n, uint64_t *back, size_t *data, size_t *len, bool *counted) MUST_USE;
bool soth_glance_count(struct bytes behind, uint64_t *count) MUST_USE;

/* The head of an array of at most that many elements. */
struct reader;
bool soth_array(struct reader *r, size_t most, size_t *count) MUST_USE;

#endif
