#ifndef NET_TAP_H
#define NET_TAP_H

#include "soth/note.h"
#include "soth/ring.h"

/*
 * A worker's end of its ring of notes. Nothing is dropped and nothing waits
 * in here: what does not fit the ring stays in a queue of the tap's own, in
 * order. Whoever has made notes calls tap_flush() or tap_behind(): until then
 * the recorder may sleep. While tap_behind() is true no sockets are read; it
 * turns true past the bound and false below half of it.
 */
struct tap {
	struct ring *ring;
	size_t bound;		/* bytes on their way before we are behind */
	struct note *queue;
	size_t next, count, room;
	bool behind;
};

void tap_init(struct tap *t, size_t slots, size_t bound);
void tap_release(struct tap *t);		/* the ring too, with what is in it */
void tap_note(struct tap *t, struct note *n);	/* takes what n carries */
bool tap_flush(struct tap *t);			/* whether the ring has taken all */
bool tap_behind(struct tap *t);

#endif
