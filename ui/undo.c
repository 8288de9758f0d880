/* Versions of messages that a person edits. */
#include <stdlib.h>
#include <string.h>

#include "undo.h"

struct versions {
	struct undo_of of;
	struct edit_result at[UNDO_STEPS];
	size_t count, now;	/* now: the one that goes on; count 0: none are kept here */
	uint64_t used;		/* of the undo's, when it was edited last */
};

struct undo {
	struct versions *message[UNDO_MESSAGES];
	uint64_t used;
};

struct undo *
undo_new(void)
{
	return xalloc(sizeof(struct undo));
}

static void
versions_cut(struct versions *v, size_t count)
{
	while (v->count > count)
		edit_result_release(&v->at[--v->count]);
}

void
undo_free(struct undo *u)
{
	for (size_t i = 0; i < UNDO_MESSAGES; i++)
		if (u->message[i]) {
			versions_cut(u->message[i], 0);
			free(u->message[i]);
		}
	free(u);
}

static struct versions *
versions_of(const struct undo *u, struct undo_of of)
{
	for (size_t i = 0; i < UNDO_MESSAGES; i++) {
		struct versions *v = u->message[i];

		if (v && v->of.flow == of.flow && v->of.side == of.side && v->of.number == of.number)
			return v;
	}
	return NULL;
}

/* In the place of the one that was edited the longest ago. */
static struct versions *
versions_new(struct undo *u, struct undo_of of)
{
	size_t oldest = 0;

	for (size_t i = 1; i < UNDO_MESSAGES && u->message[oldest]; i++)
		if (!u->message[i] || u->message[i]->used < u->message[oldest]->used)
			oldest = i;
	if (u->message[oldest])
		versions_cut(u->message[oldest], 0);
	else
		u->message[oldest] = xalloc(sizeof(struct versions));
	u->message[oldest]->of = of;
	u->message[oldest]->now = 0;
	return u->message[oldest];
}

static void
versions_add(struct versions *v, const struct edit_result *r)
{
	if (v->count == UNDO_STEPS) {
		edit_result_release(&v->at[1]);		/* the first stays: it is how it was */
		memmove(&v->at[1], &v->at[2], (--v->count - 1) * sizeof(*v->at));
	}
	v->now = v->count++;
	v->at[v->now] = (struct edit_result){ .head = r->head ? head_ref(r->head) : NULL, .body = slice_ref(r->body),
		.trailers = r->trailers ? head_ref(r->trailers) : NULL, .raw = slice_ref(r->raw), .list = r->list };
}

void
undo_put(struct undo *u, struct undo_of of, const struct edit_result *was, const struct edit_result *now)
{
	struct versions *v = versions_of(u, of);

	if (!v) {
		v = versions_new(u, of);
		versions_add(v, was);
	}
	versions_cut(v, v->now + 1);
	versions_add(v, now);
	v->used = ++u->used;
}

const struct edit_result *
undo_at(const struct undo *u, struct undo_of of, int way)
{
	struct versions *v = versions_of(u, of);
	size_t at = v ? v->now + (size_t)way : 0;

	return v && at < v->count ? &v->at[at] : NULL;
}

void
undo_step(struct undo *u, struct undo_of of, int way)
{
	struct versions *v = versions_of(u, of);

	if (undo_at(u, of, way))
		v->now += (size_t)way;
}
