/* What a rule lets through only so fast: it waits in order, with where the messages in it end. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

enum { MICROS = 1000000, BURSTS = 50, LEAST = 256, WAITING_MAX = 256 << 10, FIRST = 8 };

struct paced {
	struct part part;
	struct edge *edge;	/* of the messages that end in it, and how far into it each does */
	size_t *end;
	size_t edges;
	bool ours;		/* put between the messages by hand: nobody holds it; it is one of them where: */
	bool counts;
};

static void
paced_drop(struct paced *w)
{
	part_drop(&w->part);
	for (size_t i = 0; i < w->edges; i++)
		slice_drop(&w->edge[i].said);
	free(w->edge);
	free(w->end);
}

void
pace_drop(struct stream *s)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		struct pace *p = &s->pace[side];

		for (size_t i = 0; i < p->parts; i++)
			paced_drop(&p->part[i]);
		free(p->part);
		*p = (struct pace){ 0 };
	}
}

static struct paced *
pace_add(struct pace *p, struct part *part)
{
	struct paced *w;

	if (p->parts == p->room) {
		p->room = p->room ? p->room * 2 : FIRST;
		p->part = xgrow(p->part, p->room, sizeof(*p->part));
	}
	w = &p->part[p->parts++];
	*w = (struct paced){ .part = part_move(part) };
	p->bytes += w->part.kind == PART_DATA ? w->part.data.bytes.len : 0;
	return w;
}

/* Its messages' ends wait with it. */
static void
paced_edges(struct relay *r, struct pace *p, struct paced *w)
{
	size_t len = w->part.kind == PART_DATA ? w->part.data.bytes.len : 0, at = 0;

	p->open += len;
	w->edges = r->edges.count;
	if (!w->edges)
		return;
	w->edge = xgrow(NULL, w->edges, sizeof(*w->edge));
	w->end = xgrow(NULL, w->edges, sizeof(*w->end));
	memcpy(w->edge, r->edges.at, w->edges * sizeof(*w->edge));
	r->edges.count = 0;
	p->open -= len;
	for (size_t i = 0; i < w->edges; i++) {
		uint64_t more = w->edge[i].count > p->open ? w->edge[i].count - p->open : 0;

		at += more < len - at ? (size_t)more : len - at;
		w->end[i] = at;
		p->open = 0;
	}
	p->open = len - at;
}

/* As many bytes from the front of it, with the ends in them, which are known to r then. */
static struct part
paced_front(struct relay *r, struct paced *w, size_t len)
{
	struct part some = { .kind = PART_DATA, .data = slice_cut(w->part.data, 0, len) };
	size_t n = 0;

	w->part.data.bytes = bytes_from(w->part.data.bytes, len);
	while (n < w->edges && w->end[n] <= len) {
		line_edge(r, w->edge[n].kind, w->edge[n].code, w->edge[n].count, w->edge[n].said);
		n++;
	}
	w->edges -= n;
	for (size_t i = 0; i < w->edges; i++) {
		w->edge[i] = w->edge[i + n];
		w->end[i] = w->end[i + n] - len;
	}
	return some;
}

static struct part
paced_all(struct relay *r, struct paced *w)
{
	struct part all = part_move(&w->part);

	for (size_t i = 0; i < w->edges; i++)
		line_edge(r, w->edge[i].kind, w->edge[i].code, w->edge[i].count, w->edge[i].said);
	w->edges = 0;
	paced_drop(w);
	return all;
}

/* The first, or as much of it as may go at once; what waits behind it is later. */
static struct part
pace_take(struct relay *r, struct stream *s, enum side side, uint64_t now, bool *ours)
{
	struct pace *p = &s->pace[side];
	uint64_t burst = p->rate / BURSTS > LEAST ? p->rate / BURSTS : LEAST;
	struct paced *first = &p->part[0];
	size_t len = first->part.kind == PART_DATA ? first->part.data.bytes.len : 0;
	struct part some;

	*ours = first->ours;
	if (len > burst) {
		len = (size_t)burst;
		some = paced_front(r, first, len);
	} else {
		s->numbers[side] += first->counts;
		some = paced_all(r, first);
		memmove(p->part, p->part + 1, --p->parts * sizeof(*p->part));
	}
	p->bytes -= len;
	p->free = (p->free > now ? p->free : now) + len * MICROS / p->rate;
	return some;
}

static void
pace_pass(struct relay *r, struct stream *s, enum side side, struct part part, bool ours)
{
	if (!ours)
		stream_on(r, s, side, &part);
	else if (side == CLIENT)
		stream_forward(r, s, part);
	else
		stream_answer_part(r, s, part);
}

void
pace_go(struct relay *r, struct stream *s, enum side side)
{
	struct pace *p = &s->pace[side];
	uint64_t now = r->world.now(r->world.arg);

	while (!s->gone && p->parts && p->free <= now) {
		bool ours;
		struct part part = pace_take(r, s, side, now, &ours);
		enum part_kind kind = part.kind;

		pace_pass(r, s, side, part, ours);
		line_edges_drop(r);
		if (!s->gone && kind == PART_END && side == SERVER)
			http_passed(r, s, kind);
	}
	if (s->gone)
		return;
	if (p->parts)
		ruled_due(r, p->free);
	stream_pause(r, s, side, PAUSE_PACE, p->bytes > WAITING_MAX);
}

bool
pace_takes(struct relay *r, struct stream *s, enum side side, struct part *part)
{
	struct pace *p = &s->pace[side];

	if (!p->rate || part->kind == PART_HEAD)
		return false;
	paced_edges(r, p, pace_add(p, part));
	pace_go(r, s, side);
	return true;
}

uint64_t
pace_numbers(const struct stream *s, enum side side)
{
	const struct pace *p = &s->pace[side];
	uint64_t n = s->numbers[side];

	for (size_t i = 0; i < p->parts; i++) {
		n += p->part[i].counts;
		for (size_t k = 0; k < p->part[i].edges; k++)
			n += line_counts(&p->part[i].edge[k]);
	}
	return n;
}

bool
pace_puts(struct relay *r, struct stream *s, enum side side, struct part *part, bool counts)
{
	struct paced *w;

	if (!s->pace[side].rate)
		return false;
	w = pace_add(&s->pace[side], part);
	w->ours = true;
	w->counts = counts;
	pace_go(r, s, side);
	return true;
}
