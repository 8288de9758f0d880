#ifndef SOTH_DECIDE_H
#define SOTH_DECIDE_H

#include <stdatomic.h>

#include "soth/option.h"
#include "soth/ruling.h"
#include "soth/scene.h"

/*
 * Who decides what becomes of messages as they pass. Each worker has one of
 * its own, made by `decider_make`; the relay asks it when a head has come,
 * again when the message is whole where it said that it wants that, and about
 * each message of a stream.
 */
enum decision {			/* bits */
	DECIDE_PASS = 0,
	DECIDE_HOLD = 1,	/* it waits for a person */
	DECIDE_WHOLE = 2,	/* ask again when all of it is there: until then it waits */
	DECIDE_CHANGE = 4,	/* *out says what else is to be done */
	DECIDE_READ = 8,	/* alone: *out.read says of which file; look() for it, read() it, and ask again */
};

struct decider {
	bool active;		/* false: all passes, and nobody need be asked */
	bool messages;		/* ... messages of streams are asked about, one by one */
	/* enum decision, or'ed. *state is the exchange's, NULL at first, and the decider's to forget. The caller
	 * releases *out in any case. */
	unsigned (*decide)(struct decider *d, void **state, const struct scene *s, enum rule_stage stage, struct rule_changes *out);
	void (*look)(struct bytes what, struct local_file *out);	/* finds and reads it: for any thread that may wait */
	void (*read)(struct decider *d, void **state, struct slice what, struct local_file *file);	/* that was; takes both */
	void (*forget)(struct decider *d, void *state);
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
