/* The flow that the panes look at, read once for all of them. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sight.h"
#include "soth/study.h"
#include "soth/trail.h"

enum { AT_ONCE = 4096, SCRATCH_MAX = 80 << 20, DIRECT = 2000 };

struct sight {
	struct store *store;
	int wake;
	struct flow flow;
	struct row row;		/* as it was when the flow was read */
	struct trail *trail;	/* NULL: none is looked at */
	struct buf scratch;
	struct study *study;	/* reads it, where there is much to read; NULL: nobody does */
	uint64_t version, again;	/* not to be read before */
	uint64_t told;		/* notes of it, when it was last shown */
	struct fault why;
};

struct sight *
sight_new(struct store *s, int wake)
{
	struct sight *made = xalloc(sizeof(*made));

	made->store = s;
	made->wake = wake;
	buf_init(&made->scratch, SCRATCH_MAX);
	return made;
}

static void
sight_drop(struct sight *s)
{
	study_stop(s->study);
	s->study = NULL;
	trail_free(s->trail);
	s->trail = NULL;
	flow_release(&s->flow);
}

void
sight_free(struct sight *s)
{
	sight_drop(s);
	buf_release(&s->scratch);
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

static bool
sight_tell(void *sight)
{
	struct sight *s = sight;

	return trail_tell(s->trail, &s->flow, AT_ONCE, &s->scratch, &s->why);
}

/* Here, where that takes no time; else on another thread. */
static void
sight_read(struct sight *s, const struct row *row, uint64_t now)
{
	uint64_t before = sight_clock();

	if (!s->trail || s->flow.id != row->id) {
		sight_drop(s);
		s->why = (struct fault){ "" };
		s->flow = (struct flow){ .id = row->id };
		s->trail = trail_new(s->store, row->id);
		trail_show(s->trail, TRAIL_BOTH);
		s->told = 0;
		s->version++;
	}
	s->row = *row;
	if (s->study)
		study_poke(s->study);
	else if (row->notes - s->flow.notes > DIRECT)
		s->study = study_start(sight_tell, s, s->wake);
	else
		while (sight_tell(s))
			;
	s->again = now + 10 * (sight_clock() - before);
}

const struct flow *
sight_flow(struct sight *s, flow_id id, uint64_t now, unsigned patience, uint64_t *version, struct fault *why)
{
	size_t at = id ? store_index(s->store, id) : SIZE_MAX;
	struct row row;

	*version = s->version;
	*why = (struct fault){ "" };
	if (at == SIZE_MAX || store_rows(s->store, at, 1, &row) != 1) {
		fault(why, "no flow");
		return NULL;
	}
	if (row.id != s->row.id || (!sight_same(&row, &s->row) && now >= s->again))
		sight_read(s, &row, now);
	if (s->study && !study_wait(s->study, patience)) {
		fault(why, "reading its %u records", row.notes);
		return NULL;
	}
	s->version += s->flow.notes != s->told;
	s->told = s->flow.notes;
	s->row.notes = (uint32_t)s->flow.notes;	/* others may not be in the file yet */
	*version = s->version;
	*why = s->why;
	if (!s->flow.notes && !*why->text)
		fault(why, "flow %llu: not written yet", (unsigned long long)id);
	return s->flow.notes ? &s->flow : NULL;
}
