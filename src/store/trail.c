/* The records of one flow, in order. */
#include <stdlib.h>
#include <string.h>

#include "soth/trail.h"

struct trail {
	struct store *store;
	flow_id id;
	int fd;
	uint64_t *at;		/* those not passed yet, the newest first */
	size_t count, room;
	uint64_t reached;	/* the newest that is or was in there */
};

struct trail *
trail_new(struct store *s, flow_id id, uint64_t after)
{
	struct trail *t = xalloc(sizeof(*t));

	*t = (struct trail){ .store = s, .id = id, .fd = store_file(s), .reached = after };
	return t;
}

void
trail_free(struct trail *t)
{
	if (!t)
		return;
	free(t->at);
	free(t);
}

int
trail_fd(const struct trail *t)
{
	return t->fd;
}

/* Back to the one that was the last before. A chain leads back alone: a
 * damaged file must not go in circles. */
static bool
trail_walk(struct trail *t, struct fault *why)
{
	uint64_t last = store_last(t->store, t->id), at = last;
	struct glance g;

	while (at > t->reached) {
		if (!journal_glance(t->fd, at, &g, why) || g.flow != t->id)
			break;
		if (t->count == t->room) {
			t->room = t->room ? t->room * 2 : 32;
			t->at = xgrow(t->at, t->room, sizeof(*t->at));
		}
		t->at[t->count++] = at;
		at = g.back < at ? g.back : 0;
	}
	/* The newest may be on its way to the file: they are all there another time. */
	if (at > t->reached && at == last) {
		t->count = 0;
		*why = (struct fault){ "" };
		return false;
	}
	t->reached = last;
	return t->count;
}

bool
trail_next(struct trail *t, struct glance *g, struct fault *why)
{
	*why = (struct fault){ "" };
	if (!t->count && !trail_walk(t, why))
		return false;
	if (!journal_glance(t->fd, t->at[--t->count], g, why))
		return false;
	if (!t->count) {
		free(t->at);
		t->at = NULL;
		t->room = 0;
	}
	return true;
}
