/* The records of one flow, in order. */
#include <stdlib.h>
#include <string.h>

#include "soth/trail.h"

struct trail {
	struct store *store;
	flow_id id;
	struct volume *file;
	struct journal_window *window, own;
	uint64_t *at;		/* those not passed yet, the newest first */
	size_t count, room;
	uint64_t reached;	/* the newest that is or was in there */
	uint64_t last, walk;	/* on its way back from there, and where it is; 0: it is not */
	enum trail_shows shows;
	uint64_t first_edit[2], last_edit[2];	/* of a side's message; 0: it was not */
	bool begun;		/* some were handed out */
	unsigned epoch;		/* of the file, when it went back last */
};

enum { STEPS = 16384 };

struct trail *
trail_new(struct store *s, flow_id id)
{
	struct trail *t = xalloc(sizeof(*t));

	*t = (struct trail){ .store = s, .id = id, .file = store_file(s) };
	t->window = &t->own;
	return t;
}

void
trail_free(struct trail *t)
{
	if (!t)
		return;
	free(t->at);
	free(t->own.at);
	free(t);
}

struct volume *
trail_file(const struct trail *t)
{
	return t->file;
}

void
trail_show(struct trail *t, enum trail_shows what)
{
	t->shows = what;
}

/* Seen on the way back. */
static void
trail_edited(struct trail *t, const struct glance *g)
{
	if (g->kind != NOTE_HAND || g->code != HAND_EDITED)
		return;
	if (g->at > t->last_edit[g->side])
		t->last_edit[g->side] = g->at;
	if (!t->first_edit[g->side] || g->at < t->first_edit[g->side])
		t->first_edit[g->side] = g->at;
}

/* It belongs to the message as it is not wanted. */
static bool
trail_hides(const struct trail *t, const struct glance *g)
{
	if (g->kind != NOTE_PART || !t->first_edit[g->side] || t->shows == TRAIL_BOTH)
		return false;
	return t->shows == TRAIL_WENT ? g->at < t->last_edit[g->side] : g->at > t->first_edit[g->side];
}

static void
trail_keep(struct trail *t, uint64_t at)
{
	if (t->count == t->room) {
		t->room = t->room ? t->room * 2 : 32;
		t->at = xgrow(t->at, t->room, sizeof(*t->at));
	}
	t->at[t->count++] = at;
}

/* The beginning of the file has gone since. Where the flow was not begun, what
 * was written anew of it is read; else what is left of it. */
static void
trail_renew(struct trail *t)
{
	uint64_t whole = volume_whole(t->file);

	if (t->epoch == volume_epoch(t->file))
		return;
	t->epoch = volume_epoch(t->file);
	if (!t->begun)
		t->count = t->walk = t->reached = 0;
	while (t->count && t->at[t->count - 1] < whole)
		t->count--;
	if (t->walk && t->walk < whole)
		t->walk = t->reached;
}

/* The record before: in what was written anew, where the way leads into what is gone. */
static uint64_t
trail_back(struct trail *t, const struct glance *g)
{
	uint64_t whole = volume_whole(t->file), back = g->back;

	if (back && back < whole && g->at >= whole)
		back = t->begun ? 0 : store_carried(t->store, t->id);
	return back < g->at ? back : 0;
}

/* Back to the one that was the last before, some steps at a time. A chain
 * leads back alone: a damaged file must not go in circles. */
static bool
trail_walk(struct trail *t, struct fault *why)
{
	struct glance g;

	if (!t->walk)
		t->walk = t->last = store_last(t->store, t->id);
	for (size_t i = 0; i < STEPS && t->walk > t->reached; i++) {
		if (!journal_glance(t->file, t->window, t->walk, &g, why) || g.flow != t->id) {
			t->walk = 0;
			break;
		}
		trail_keep(t, t->walk);
		trail_edited(t, &g);
		t->walk = trail_back(t, &g);
	}
	if (t->walk > t->reached)
		return false;
	t->walk = 0;
	t->reached = t->last;
	return t->count;
}

bool
trail_busy(const struct trail *t)
{
	return t->walk;
}

static bool
trail_pop(struct trail *t, struct glance *g, struct fault *why)
{
	trail_renew(t);
	if ((!t->count || t->walk) && !trail_walk(t, why))
		return false;
	if (!journal_glance(t->file, t->window, t->at[--t->count], g, why))
		return false;
	t->begun = true;
	if (!t->count) {
		free(t->at);
		t->at = NULL;
		t->room = 0;
	}
	return true;
}

bool
trail_next(struct trail *t, struct glance *g, struct fault *why)
{
	*why = (struct fault){ "" };
	do
		if (!trail_pop(t, g, why))
			return false;
	while (trail_hides(t, g));
	return true;
}

static bool
trail_note(struct trail *t, const struct glance *g, struct buf *scratch, struct note *n, struct fault *why)
{
	uint64_t back, next;
	bool message = g->part == PART_MESSAGE && (g->code & WS_OPCODE) != WS_CLOSE;

	if (g->kind != NOTE_PART || (g->part != PART_DATA && !message))
		return journal_read_near(t->file, t->window, g->at, scratch, n, &back, &next, why);
	/* Bytes that nobody looks at are not read. */
	*n = (struct note){ .kind = NOTE_PART, .side = g->side, .flow = g->flow, .when = g->when, .flow_order = g->flow_order,
		.part = { .kind = g->part, .code = g->code, .count = message ? g->count : g->len } };
	return true;
}

bool
trail_tell(struct trail *t, struct flow *f, size_t most, struct buf *scratch, struct fault *why)
{
	struct glance g;
	struct note n;

	while (most--) {
		if (!trail_next(t, &g, why))
			return trail_busy(t);
		if (!trail_note(t, &g, scratch, &n, why))
			return false;
		flow_note(f, &n);
	}
	return true;
}

struct lens {
	struct store *store;
	struct journal_window window;
	struct buf scratch;
};

enum { READ_MAX = 80 << 20, BEFORE_HEAD = 1024 };

struct lens *
lens_new(struct store *s)
{
	struct lens *l = xalloc(sizeof(*l));

	l->store = s;
	buf_init(&l->scratch, READ_MAX);
	return l;
}

void
lens_free(struct lens *l)
{
	if (!l)
		return;
	buf_release(&l->scratch);
	free(l->window.at);
	free(l);
}

struct store *
lens_store(const struct lens *l)
{
	return l->store;
}

struct trail *
trail_by(struct lens *l, flow_id id)
{
	struct trail *t = trail_new(l->store, id);

	t->window = &l->window;
	return t;
}

bool
lens_flow(struct lens *l, flow_id id, struct flow *out, struct fault *why)
{
	struct trail *t = trail_by(l, id);

	trail_show(t, TRAIL_BOTH);
	*out = (struct flow){ .id = id };
	while (trail_tell(t, out, SIZE_MAX, &l->scratch, why))
		;
	trail_free(t);
	store_say(l->store, out);
	return out->notes || *why->text ? out->notes : fault(why, store_last(l->store, id) ? "flow %llu: not written yet" :
		"flow %llu: nothing of it is in the file", (unsigned long long)id);
}

bool
store_flow(struct store *s, flow_id id, struct flow *out, struct fault *why)
{
	struct lens *l = lens_new(s);
	bool ok = lens_flow(l, id, out, why);

	lens_free(l);
	return ok;
}

struct head *
lens_head(struct lens *l, flow_id id, enum side side)
{
	uint64_t at = store_head(l->store, id, side), back, next;
	struct head *h = NULL;
	struct fault why;
	struct note n;

	if (!at || !journal_read_near(store_file(l->store), &l->window, at, &l->scratch, &n, &back, &next, &why))
		return NULL;
	if (n.kind == NOTE_PART && n.part.kind == PART_HEAD && n.flow == id && n.side == side)
		h = head_ref(n.part.head);
	note_drop(&n);
	return h;
}

bool
lens_data(struct lens *l, const struct glance *g, struct bytes *data, struct fault *why)
{
	return journal_data_near(store_file(l->store), &l->window, g, &l->scratch, data, why);
}

/* A little stands before the request's head. */
void
lens_reach(struct lens *l, flow_id id)
{
	uint64_t head = store_head(l->store, id, CLIENT), last = store_last(l->store, id);

	if (head && last)
		journal_reach(store_file(l->store), &l->window, head > BEFORE_HEAD ? head - BEFORE_HEAD : 0, last);
}

bool
lens_note(struct lens *l, const struct glance *g, struct note *n, struct fault *why)
{
	uint64_t back, next;

	return journal_read_near(store_file(l->store), &l->window, g->at, &l->scratch, n, &back, &next, why);
}
