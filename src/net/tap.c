/* Notes on their way from a worker to the recorder. */
#include <stdlib.h>
#include <string.h>

#include "tap.h"

enum { ROUSE_AT = 8 };	/* that part of its bound: the recorder comes before the sockets must wait */

void
tap_init(struct tap *t, size_t slots, size_t bound)
{
	*t = (struct tap){ .ring = ring_new(sizeof(struct note), slots), .bound = bound };
}

static void
tap_drop(void *item)
{
	note_drop(item);
}

void
tap_release(struct tap *t)
{
	while (t->next < t->count)
		note_drop(&t->queue[t->next++]);
	free(t->queue);
	ring_free(t->ring, tap_drop);
}

static bool
tap_fill(struct tap *t)
{
	while (t->next < t->count) {
		struct note *n = &t->queue[t->next];

		if (!ring_put(t->ring, n, note_weight(n)))
			return false;
		t->next++;
	}
	t->next = t->count = 0;
	return true;
}

bool
tap_flush(struct tap *t)
{
	bool all = tap_fill(t);

	ring_bell(t->ring);
	if (!all)
		ring_rouse(t->ring);
	return all;
}

static void
tap_queue(struct tap *t, struct note *n)
{
	if (t->next && t->count == t->room) {
		memmove(t->queue, t->queue + t->next, (t->count - t->next) * sizeof(*n));
		t->count -= t->next;
		t->next = 0;
	}
	if (t->count == t->room) {
		t->room = t->room ? 2 * t->room : 64;
		t->queue = xgrow(t->queue, t->room, sizeof(*n));
	}
	t->queue[t->count++] = *n;
}

void
tap_note(struct tap *t, struct note *n)
{
	if (!tap_fill(t) || !ring_put(t->ring, n, note_weight(n)))
		tap_queue(t, n);
}

bool
tap_behind(struct tap *t)
{
	bool all = tap_flush(t);
	size_t weight = ring_weight(t->ring);

	if (weight > t->bound / ROUSE_AT)
		ring_rouse(t->ring);
	t->behind = !all || weight > (t->behind ? t->bound / 2 : t->bound);
	return t->behind;
}
