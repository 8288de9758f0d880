/* The flow that the panes look at, read once for all of them. */
#include <stdlib.h>
#include <time.h>

#include "sight.h"

struct sight {
	struct store *store;
	struct flow flow;
	struct row row;		/* as it was when the flow was read */
	size_t most;
	bool there;
	uint64_t version, again;	/* not to be read before */
	struct fault why;
};

struct sight *
sight_new(struct store *s)
{
	struct sight *made = xalloc(sizeof(*made));

	made->store = s;
	return made;
}

static void
sight_drop(struct sight *s)
{
	if (s->there)
		flow_release(&s->flow);
	s->there = false;
}

void
sight_free(struct sight *s)
{
	sight_drop(s);
	free(s);
}

static bool
sight_same(const struct row *a, const struct row *b)
{
	return a->id == b->id && a->answered == b->answered && a->ended == b->ended && a->state == b->state &&
		a->bytes[CLIENT] == b->bytes[CLIENT] && a->bytes[SERVER] == b->bytes[SERVER] &&
		a->notes == b->notes;
}

uint64_t
sight_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void
sight_read(struct sight *s, const struct row *row, size_t most, uint64_t now)
{
	bool more = s->there && s->flow.id == row->id && most == s->most;
	uint64_t before = sight_clock(), had = more ? s->flow.notes : 0;
	struct flow next;

	if (more) {
		/* What was read stays, whatever becomes of the rest. */
		(void)!store_flow_more(s->store, most, &s->flow, &s->why);
	} else {
		sight_drop(s);
		s->there = store_flow(s->store, row->id, most, &next, &s->why);
		if (s->there)
			s->flow = next;
		else
			flow_release(&next);
		s->most = most;
	}
	s->row = *row;
	s->row.notes = s->there ? (uint32_t)s->flow.notes : 0;	/* others may not be in the file yet */
	s->version += !more || s->flow.notes != had || row->ended;
	s->again = now + 10 * (sight_clock() - before);
}

const struct flow *
sight_flow(struct sight *s, flow_id id, size_t most, uint64_t now, uint64_t *version, struct fault *why)
{
	size_t at = id ? store_index(s->store, id) : SIZE_MAX;
	struct row row;

	*version = s->version;
	if (at == SIZE_MAX || store_rows(s->store, at, 1, &row) != 1) {
		fault(why, "no flow");
		return NULL;
	}
	if (row.id != s->row.id || most > s->most || (!sight_same(&row, &s->row) && now >= s->again))
		sight_read(s, &row, most > s->most || row.id != s->row.id ? most : s->most, now);
	*version = s->version;
	*why = s->why;
	return s->there && s->flow.id == id ? &s->flow : NULL;
}
