/* Flows numbered anew. */
#include <stdlib.h>

#include "numbers.h"

struct renumbered { flow_id old, now; };

struct numbers {
	struct renumbered *flow;	/* by the old one */
	size_t count;
};

static int
by_old(const void *a, const void *b)
{
	flow_id x = ((const struct renumbered *)a)->old, y = ((const struct renumbered *)b)->old;

	return (x > y) - (x < y);
}

struct numbers *
numbers_new(const struct convert_flows *flows, flow_id first)
{
	struct numbers *n = xalloc(sizeof(*n));

	n->count = flows->count;
	n->flow = xgrow(NULL, n->count + 1, sizeof(*n->flow));
	for (size_t i = 0; i < n->count; i++)
		n->flow[i] = (struct renumbered){ flows->id[i], first + i };
	qsort(n->flow, n->count, sizeof(*n->flow), by_old);
	return n;
}

void
numbers_free(struct numbers *n)
{
	free(n->flow);
	free(n);
}

flow_id
numbers_of(const struct numbers *n, flow_id old)
{
	struct renumbered key = { old, 0 }, *found = bsearch(&key, n->flow, n->count, sizeof(key), by_old);

	return found ? found->now : 0;
}

bool
numbers_note(const struct numbers *n, struct note *note)
{
	struct origin like, *own;

	note->flow = numbers_of(n, note->flow);
	if (note->kind != NOTE_FLOW || !note->origin->opened_by)
		return note->flow;
	like = *note->origin;
	like.opened_by = numbers_of(n, like.opened_by);
	own = origin_new(&like);
	origin_drop(note->origin);
	note->origin = own;
	return note->flow;
}
