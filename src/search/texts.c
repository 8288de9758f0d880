/* The texts of a flow, as they are searched. */
#include <stdlib.h>
#include <string.h>

#include "search_inside.h"
#include "soth/coding.h"

enum { MARKS_MAX = 1 << 20, GRPC_PREFIX = 5 };

/* A message that was cut out of a body: where it ends. */
struct cut { uint64_t upto; uint32_t message, code; };

struct half_texts {
	struct head *head;
	struct coding *coding;	/* NULL: its body is as it came */
	struct buf body;	/* behind its codings */
	struct cut *cut;
	size_t cuts, room;
	uint64_t marked;
	bool deaf, over;	/* no more is put into the body; it was given */
	bool plain;		/* its MARKs do not count what is in `body` */
};

struct texts {
	struct lens *lens;
	struct half_texts half[2];
	struct buf inflated;
	uint32_t messages;
	bool raw;		/* its bytes are nobody's: see messages.h */
	const atomic_bool *stop;
	void (*give)(void *arg, const struct text *t);
	void *arg;
};

static void
give(struct texts *t, enum search_where where, enum side side, uint32_t message, struct bytes bytes)
{
	struct text text = { where, side, message, bytes };

	if (bytes.len && !atomic_load_explicit(t->stop, memory_order_relaxed))
		t->give(t->arg, &text);
}

static void
into(void *arg, struct bytes more)
{
	struct buf *b = arg;
	size_t room = b->limit - b->len;

	(void)!buf_add(b, more.len < room ? more : (struct bytes){ more.at, room });
}

static struct coding *
coding_of(const struct head *h, const char *field)
{
	struct hint hint = { .type = LIT("application/octet-stream") };

	if (!h || !head_has(h, field))
		return NULL;
	hint.coding = head_find(h, field);
	return coding_new(&hint, NULL, SEARCH_BODY_MAX);
}

/* A gRPC message that is compressed by itself. */
static struct bytes
inflate_message(struct texts *t, enum side side, struct bytes message)
{
	struct coding *c = coding_of(t->half[side].head, "grpc-encoding");

	if (!c)
		return message;
	buf_eat(&t->inflated, t->inflated.len);
	coding_feed(c, message, into, &t->inflated);
	coding_end(c, into, &t->inflated);
	coding_free(c);
	return buf_bytes(&t->inflated);
}

static void
give_cut(struct texts *t, enum side side, const struct cut *c, struct bytes message)
{
	if ((c->code & MARK_KIND) == MARK_GRPC_MESSAGE && message.len >= GRPC_PREFIX) {
		message = (struct bytes){ message.at + GRPC_PREFIX, message.len - GRPC_PREFIX };
		if (c->code & MARK_COMPRESSED)
			message = inflate_message(t, side, message);
	}
	give(t, SEARCH_MESSAGE, side, c->message, message);
}

/* What it has, message by message, and the one that has begun behind the last of them. */
static void
give_body(struct texts *t, enum side side)
{
	struct half_texts *h = &t->half[side];
	uint64_t from = 0;
	struct bytes body;

	if (h->over)
		return;
	h->over = true;
	if (h->coding)
		coding_end(h->coding, into, &h->body);
	body = buf_bytes(&h->body);
	for (size_t i = 0; i < h->cuts && !h->plain; i++) {
		uint64_t to = h->cut[i].upto < body.len ? h->cut[i].upto : body.len;

		give_cut(t, side, &h->cut[i], (struct bytes){ body.at + from, (size_t)(to - from) });
		from = to;
	}
	if (from)
		give(t, SEARCH_MESSAGE, side, t->messages, bytes_from(body, (size_t)from));
	else
		give(t, SEARCH_BODY, side, 0, body);
	t->messages += from && body.len > from;
	buf_release(&h->body);
}

static bool
is_raw(const struct texts *t)
{
	const struct head *request = t->half[CLIENT].head, *response = t->half[SERVER].head;
	unsigned status = response ? head_status(response) : 0;

	return !request || status == 101 ||
		(bytes_are(head_method(request), "CONNECT") && status >= 200 && status < 300);
}

static void
texts_head(struct texts *t, const struct glance *g, const struct head *h)
{
	struct half_texts *own = &t->half[g->side];
	bool interim = head_kind(h) == HEAD_RESPONSE && head_status(h) < 200 && head_status(h) != 101;

	give(t, g->part == PART_TRAILER ? SEARCH_TRAILER : SEARCH_HEAD, g->side, 0, head_text(h));
	if (interim || g->part == PART_TRAILER)
		return;
	head_drop(own->head);
	own->head = head_ref((struct head *)(uintptr_t)h);
	coding_free(own->coding);
	own->coding = own->body.len ? NULL : coding_of(h, "content-encoding");
	t->raw = is_raw(t);
}

static void
texts_fields(struct texts *t, const struct glance *g)
{
	struct fault why;
	struct note n;

	if (!lens_note(t->lens, g, &n, &why))
		return;
	if (n.kind == NOTE_PART && (n.part.kind == PART_HEAD || n.part.kind == PART_TRAILER) && n.part.head)
		texts_head(t, g, n.part.head);
	note_drop(&n);
}

static void
texts_body(struct half_texts *h, struct bytes data)
{
	if (h->deaf || h->over)
		return;
	if (h->coding)
		coding_feed(h->coding, data, into, &h->body);
	else
		into(&h->body, data);
}

static void
texts_mark(struct texts *t, struct half_texts *h, const struct glance *g)
{
	h->plain = h->plain || (h->coding && !(g->code & MARK_DECODED));
	h->marked = g->count < UINT64_MAX - h->marked ? h->marked + g->count : UINT64_MAX;
	if (h->cuts < MARKS_MAX) {
		if (h->cuts == h->room) {
			h->room = h->room ? h->room * 2 : 64;
			h->cut = xgrow(h->cut, h->room, sizeof(*h->cut));
		}
		h->cut[h->cuts++] = (struct cut){ h->marked, t->messages, g->code };
	}
	t->messages++;
}

static void
texts_bytes(struct texts *t, const struct glance *g)
{
	bool body = g->part == PART_DATA && !t->raw;
	struct bytes data;
	struct fault why;

	if (!lens_data(t->lens, g, &data, &why))
		t->half[g->side].deaf = body || t->half[g->side].deaf;
	else if (body)
		texts_body(&t->half[g->side], data);
	else
		give(t, SEARCH_MESSAGE, g->side, t->messages, data);
	t->messages += !body;
}

static void
texts_part(struct texts *t, const struct glance *g)
{
	struct half_texts *h = &t->half[g->side];

	if (g->part == PART_HEAD || g->part == PART_TRAILER)
		texts_fields(t, g);
	else if (g->part == PART_DATA || g->part == PART_MESSAGE || g->part == PART_FAULT)
		texts_bytes(t, g);
	else if (g->part == PART_MARK)
		texts_mark(t, h, g);
	else if (g->part == PART_SKIP)
		h->deaf = true;
}

static void
texts_release(struct texts *t)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		head_drop(t->half[side].head);
		coding_free(t->half[side].coding);
		buf_release(&t->half[side].body);
		free(t->half[side].cut);
	}
	buf_release(&t->inflated);
}

bool
texts_of(struct lens *l, flow_id id, const atomic_bool *stop, void (*taker)(void *arg, const struct text *t), void *arg)
{
	struct texts t = { .lens = l, .raw = true, .stop = stop, .give = taker, .arg = arg };
	struct trail *trail = trail_by(l, id);
	struct glance g;
	struct fault why;
	bool over = false;

	lens_reach(l, id);
	buf_init(&t.inflated, SEARCH_BODY_MAX);
	for (int side = CLIENT; side <= SERVER; side++)
		buf_init(&t.half[side].body, SEARCH_BODY_MAX);
	while (!atomic_load_explicit(stop, memory_order_relaxed)) {
		if (!trail_next(trail, &g, &why)) {
			if (trail_busy(trail))
				continue;
			break;
		}
		if (g.kind == NOTE_PART)
			texts_part(&t, &g);
		over = over || g.kind == NOTE_GONE;
	}
	give_body(&t, CLIENT);
	give_body(&t, SERVER);
	texts_release(&t);
	trail_free(trail);
	return over && !*why.text && !atomic_load_explicit(stop, memory_order_relaxed);
}
