#ifndef STORE_SHELF_H
#define STORE_SHELF_H

#include "soth/base.h"

/*
 * Things of one size by their index, which may begin anywhere: those that are
 * near each other lie in a chunk, which is gone when they all are. None of
 * them moves while it is there.
 */
enum { SHELF_CHUNK = 1024 };

struct shelf {
	size_t size;			/* of a thing */
	void **chunk;			/* NULL: nothing is in it */
	uint16_t *used;
	size_t chunks, there;		/* how far the chunks go; how many are there */
};

void shelf_init(struct shelf *s, size_t size);
void shelf_release(struct shelf *s);
void *shelf_put(struct shelf *s, size_t i);	/* zeroed; it was not there */
void shelf_drop(struct shelf *s, size_t i);	/* it was there; zeroed, where others are still near it */
size_t shelf_memory(const struct shelf *s);

/* NULL: nothing is near. Else it may be one that is not there: all zero. */
static inline void *
shelf_at(const struct shelf *s, size_t i)
{
	char *chunk = i / SHELF_CHUNK < s->chunks ? s->chunk[i / SHELF_CHUNK] : NULL;

	return chunk ? chunk + i % SHELF_CHUNK * s->size : NULL;
}

#endif
