#ifndef SOTH_BUF_H
#define SOTH_BUF_H

#include "soth/slice.h"

/*
 * Bytes still being put together. Every buf has a limit from birth: growing
 * past it fails, changes nothing, and is the only way a buf can fail.
 * What was added and not yet eaten is buf_bytes(); eating costs nothing.
 */
struct buf {
	struct blob *blob;
	uint8_t *at;		/* the first byte not yet eaten */
	size_t len;		/* from there */
	size_t room, limit;	/* of the whole blob; of len */
};

void buf_init(struct buf *b, size_t limit);
void buf_release(struct buf *b);		/* as buf_init() left it */
bool buf_add(struct buf *b, struct bytes more) MUST_USE;
bool buf_addf(struct buf *b, const char *fmt, ...) PRINTF(2, 3) MUST_USE;

/* Room for at least n bytes more, to be written to and then counted by
 * buf_grew(). NULL: past the limit. Good until b is next touched. */
uint8_t *buf_room(struct buf *b, size_t n) MUST_USE;
void buf_grew(struct buf *b, size_t n);

void buf_eat(struct buf *b, size_t n);		/* drop the first n bytes */
struct slice buf_seal(struct buf *b);		/* the content, not copied; b is empty */

static inline struct bytes
buf_bytes(const struct buf *b)
{
	return (struct bytes){ b->at, b->len };
}

#endif
