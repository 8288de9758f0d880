#ifndef SOTH_RING_H
#define SOTH_RING_H

#include "soth/base.h"

/*
 * A queue from one thread to one other, without locks.
 *
 * Items are copied in and out by value. An item that went in belongs to the
 * ring, and one that came out to the reader: whatever references it carries
 * move with it. Exactly one thread pushes and exactly one pops.
 *
 * ring_push() is false when the ring is full; the item is then still the
 * caller's. It never waits. `weight` is what the item pins in memory besides
 * its slot; ring_weight() is the sum of all that has not been popped yet, and
 * either thread may ask.
 *
 * Who has several to push puts all but rings the bell once: until then the
 * reader may sleep.
 *
 * The reader pops until ring_pop() is false, then parks. ring_park() is false
 * where something came meanwhile; else the next push, and only that one,
 * makes ring_fd() readable. So a busy ring costs no system call, and no push
 * is slept through. A reader that would rather have many at once naps for a
 * while of its own: then it is ring_rouse() alone, of the pusher that sees
 * too much gather, that makes ring_fd() readable.
 *
 * ring_free() hands what is left to drop, after both threads are done.
 */
struct ring;

struct ring *ring_new(size_t item_size, size_t slots);	/* a power of two */
void ring_free(struct ring *r, void (*drop)(void *item));
bool ring_push(struct ring *r, const void *item, size_t weight) MUST_USE;
bool ring_put(struct ring *r, const void *item, size_t weight) MUST_USE;
void ring_bell(struct ring *r);
bool ring_pop(struct ring *r, void *item) MUST_USE;
size_t ring_weight(const struct ring *r);
int ring_fd(const struct ring *r);
bool ring_park(struct ring *r) MUST_USE;
void ring_nap(struct ring *r);
void ring_rouse(struct ring *r);

#endif
