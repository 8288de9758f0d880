#ifndef STORE_PACK_H
#define STORE_PACK_H

#include "soth/base.h"

/*
 * The blocks of a compacted session: PACK_BLOCK bytes each, but for the last,
 * as frames of zstd, one after the other, and where they are behind them.
 * soth-session(5) draws it.
 */
enum { PACK_BLOCK = 256 << 10 };

struct pack;

struct pack *pack_new(int fd, uint64_t at);	/* writes from that byte on; the descriptor stays the caller's */
void pack_free(struct pack *p);
bool pack_add(struct pack *p, struct bytes more, struct fault *why) MUST_USE;
bool pack_end(struct pack *p, struct fault *why) MUST_USE;	/* what waits, and where all are */

/* Where the blocks of a file are, from byte `at` on to its end. */
struct pack_index {
	uint64_t *place;		/* count + 1: of each, and of what is behind the last */
	size_t count;
	size_t last;			/* bytes of the last, unpacked */
	bool cut;			/* what is at its end is no whole block */
};
bool pack_find(int fd, uint64_t at, struct pack_index *out, struct fault *why) MUST_USE;
void pack_index_release(struct pack_index *x);

/* One block, unpacked, into PACK_BLOCK bytes; how many, or 0: it is damaged. */
struct unpacker;
struct unpacker *unpacker_new(void);
void unpacker_free(struct unpacker *u);		/* NULL is fine */
size_t unpacker_block(struct unpacker *u, int fd, const struct pack_index *x, size_t i, uint8_t *to);

#endif
