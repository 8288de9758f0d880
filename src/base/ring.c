/* One pushes, one pops, nobody waits. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "soth/ring.h"

/* The reader is at it; waits for the next push; waits for no push, but for a word. */
enum { AWAKE, PARKED, NAPPING };

/*
 *	slot:	+-----------+---------------+
 *		| weight 8  | item ...      |
 *		+-----------+---------------+
 */
struct ring {
	size_t size, stride, mask;
	int fd;
	_Alignas(64) atomic_size_t pushed;	/* written by the pusher alone */
	atomic_size_t weight_in;
	size_t seen;				/* of popped, lately */
	_Alignas(64) atomic_size_t popped;	/* written by the popper alone */
	atomic_size_t weight_out;
	_Alignas(64) atomic_int reader;
	_Alignas(64) uint8_t slots[];
};

struct ring *
ring_new(size_t item_size, size_t slots)
{
	size_t stride = sizeof(size_t) + ((item_size + 7) & ~(size_t)7);
	size_t need = (sizeof(struct ring) + stride * slots + 63) & ~(size_t)63;
	struct ring *r = aligned_alloc(64, need);

	if (!r)
		abort();
	memset(r, 0, sizeof(*r));
	r->size = item_size;
	r->stride = stride;
	r->mask = slots - 1;
	r->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	return r;
}

static void
add(atomic_size_t *sum, size_t n)
{
	atomic_store_explicit(sum, atomic_load_explicit(sum, memory_order_relaxed) + n,
		memory_order_relaxed);
}

bool
ring_put(struct ring *r, const void *item, size_t weight)
{
	size_t at = atomic_load_explicit(&r->pushed, memory_order_relaxed);
	uint8_t *slot = r->slots + (at & r->mask) * r->stride;

	if (at - r->seen > r->mask)
		r->seen = atomic_load_explicit(&r->popped, memory_order_acquire);
	if (at - r->seen > r->mask)
		return false;
	memcpy(slot, &weight, sizeof(weight));
	memcpy(slot + sizeof(weight), item, r->size);
	add(&r->weight_in, weight);
	atomic_store_explicit(&r->pushed, at + 1, memory_order_release);
	return true;
}

void
ring_bell(struct ring *r)
{
	/* Both this and lie_down() read and write the one word: whichever comes
	 * second sees what the other did before it. */
	if (atomic_fetch_add(&r->reader, 0) == PARKED)
		ring_rouse(r);
}

bool
ring_push(struct ring *r, const void *item, size_t weight)
{
	bool done = ring_put(r, item, weight);

	if (done)
		ring_bell(r);
	return done;
}

void
ring_rouse(struct ring *r)
{
	if (atomic_load(&r->reader) != AWAKE && atomic_exchange(&r->reader, AWAKE) != AWAKE)
		(void)!write(r->fd, &(uint64_t){ 1 }, 8);
}

bool
ring_pop(struct ring *r, void *item)
{
	size_t at = atomic_load_explicit(&r->popped, memory_order_relaxed), weight;
	const uint8_t *slot = r->slots + (at & r->mask) * r->stride;

	if (atomic_load_explicit(&r->pushed, memory_order_acquire) == at)
		return false;
	memcpy(&weight, slot, sizeof(weight));
	memcpy(item, slot + sizeof(weight), r->size);
	add(&r->weight_out, weight);
	atomic_store_explicit(&r->popped, at + 1, memory_order_release);
	return true;
}

size_t
ring_weight(const struct ring *r)
{
	/* Out first: read the other way round the difference could go below 0. */
	size_t out = atomic_load_explicit(&r->weight_out, memory_order_acquire);

	return atomic_load_explicit(&r->weight_in, memory_order_acquire) - out;
}

int
ring_fd(const struct ring *r)
{
	return r->fd;
}

/* What was written for it before is read, so that ring_fd() tells of what comes now. */
static void
lie_down(struct ring *r, int how)
{
	uint64_t count;

	(void)!read(r->fd, &count, sizeof(count));
	(void)atomic_exchange(&r->reader, how);
}

bool
ring_park(struct ring *r)
{
	lie_down(r, PARKED);
	if (atomic_load(&r->pushed) == atomic_load_explicit(&r->popped, memory_order_relaxed))
		return true;
	atomic_store(&r->reader, AWAKE);
	return false;
}

void
ring_nap(struct ring *r)
{
	lie_down(r, NAPPING);
}

void
ring_free(struct ring *r, void (*drop)(void *item))
{
	void *item = xalloc(r->size);

	while (ring_pop(r, item))
		drop(item);
	free(item);
	close(r->fd);
	free(r);
}
