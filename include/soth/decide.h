#ifndef SOTH_DECIDE_H
#define SOTH_DECIDE_H

#include <stdatomic.h>

#include "soth/option.h"
#include "soth/scene.h"

/*
 * Who decides what becomes of messages as they pass. Each worker has one of
 * its own, made by `decider_make`; the relay asks it when a head has come, and
 * again when the message is whole where it said that it wants that.
 */
enum decision {			/* bits */
	DECIDE_PASS = 0,
	DECIDE_HOLD = 1,	/* it waits for a person */
	DECIDE_WHOLE = 2,	/* ask again when all of it is there: until then it waits */
};

struct decider {
	bool active;		/* false: all passes, and nobody need be asked */
	unsigned (*decide)(struct decider *d, const struct scene *s);	/* enum decision, or'ed */
	void (*hear)(struct decider *d, const struct options *o);	/* they changed */
	void (*free)(struct decider *d);
};
typedef struct decider *decider_make(const struct options *o);

/* What all workers share. */
struct hands {
	atomic_uint held;	/* messages that wait for a person */
	atomic_uint next;	/* so many requests will be held, whatever they are */
};

#endif
