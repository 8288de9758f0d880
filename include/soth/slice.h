#ifndef SOTH_SLICE_H
#define SOTH_SLICE_H

#include "soth/base.h"

struct blob;

/*
 * Owned bytes that never change again. A slice holds one reference to the
 * block under it, so a body can go from a TLS record to the journal, and from
 * one thread to the other, without being copied. The counts are atomic:
 * any thread may drop the last slice.
 *
 * A slice is a value. Assigning it moves it; slice_ref() makes a second one;
 * each is dropped once. An empty slice (all zero) needs no drop.
 */
struct slice {
	struct bytes bytes;
	struct blob *owner;
};

struct slice slice_copy(struct bytes from);
struct slice slice_text(const char *s);		/* without its NUL */
struct slice slice_ref(struct slice s);

/* Room for len bytes (len > 0), to be filled through *at before the slice is
 * shown to anyone else. What is there at first is undefined. */
struct slice slice_new(size_t len, uint8_t **at);

/* A part of s. Shares the block, or copies where the part is so small that
 * it would pin far more than it shows. */
struct slice slice_cut(struct slice s, size_t start, size_t len);

void slice_drop(struct slice *s);

#endif
