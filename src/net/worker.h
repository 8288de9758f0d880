#ifndef NET_WORKER_H
#define NET_WORKER_H

#include "address.h"
#include "soth/relay.h"
#include "tap.h"

/*
 * A thread that carries traffic: a loop, its listeners, and its connections.
 * All but worker_new, _order, _keys, _stop and _free is for the thread itself.
 */
struct worker;
struct loop;
struct asker;
struct ring;
struct keyring;

struct worker_how {
	const struct options *options;		/* copied */
	const struct ca *ca;			/* copied */
	struct keyring *keys;			/* a reference is taken */
	decider_make *decides;			/* or NULL */
	struct hands *hands;			/* outlives the worker */
	struct temporaries *temporaries;	/* likewise */
	struct learning *learning;
	size_t number;				/* which of a gate's sockets are its own */
	size_t bound;				/* of the notes on their way */
	flow_id (*next_id)(void *arg);
	void *arg;
};

struct worker *worker_new(const struct worker_how *how, struct fault *why) MUST_USE;
struct ring *worker_notes(struct worker *w);
bool worker_order(struct worker *w, const struct order *o) MUST_USE;	/* takes it, or false: too many wait */
/* Used from its next order on. Takes it. */
void worker_keys(struct worker *w, struct keyring *k);
void worker_authority(struct worker *w, struct ca *ca);	/* takes it */
void worker_stop(struct worker *w);		/* waits for the thread */
void worker_free(struct worker *w);

/* For conn.c. */
enum { SCRATCH = 64 << 10 };
struct loop *worker_loop(struct worker *w);
struct asker *worker_asker(struct worker *w);
struct tap *worker_tap(struct worker *w);
uint8_t *worker_scratch(struct worker *w);	/* SCRATCH bytes, for the call under way */
struct effects *worker_effects(struct worker *w);
const struct relay_world *worker_world(struct worker *w);
bool worker_ours(const struct worker *w, const struct address *a, bool datagrams);	/* we listen there, for TCP or UDP */
void worker_check(struct worker *w);		/* after notes: are we behind? */
bool worker_held(const struct worker *w);	/* we are: no socket is read */

#endif
