#ifndef TESTS_ORDERED_H
#define TESTS_ORDERED_H

#include <stdlib.h>

#include "soth/map.h"
#include "soth/ordering.h"

/*
 * The order of notes (soth-events(7)), for tests and fuzzers that take notes
 * from a relay or a ring and keep no store: hear every note, then ask once.
 *
 *	struct ordered o = ordered_new();
 *	... if (!ordered_note(&o, &n)) fail(o.ordering.first.text);
 *	... ordered_end(&o, &why)
 */
struct ordered {
	struct ordering ordering;
	struct map *flows;
};

static inline struct ordered
ordered_new(void)
{
	return (struct ordered){ .flows = map_new() };
}

static inline bool
ordered_note(struct ordered *o, const struct note *n)
{
	struct bytes key = { (const uint8_t *)&n->flow, sizeof(n->flow) };
	struct ordering_flow *f = map_find(o->flows, key);

	if (!f && n->kind == NOTE_FLOW)
		map_put(o->flows, key, f = xalloc(sizeof(*f)));
	return ordering_note(&o->ordering, f, n);
}

/* Every flow is over, and every note came in its turn. */
static inline bool
ordered_end(struct ordered *o, struct fault *why)
{
	ordering_end(&o->ordering);
	map_free(o->flows, free);
	*why = o->ordering.first;
	return !o->ordering.broken;
}

#endif
