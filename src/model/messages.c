/* The messages of a flow: cut out of its bodies, both sides in order of time. */
#include <stdlib.h>
#include <string.h>

#include "soth/flow.h"
#include "soth/inflate.h"

enum { BODY_MAX = 64 << 20 };	/* behind content codings */

struct messages {
	struct message *at;
	struct slice *held;	/* what they borrow from, of pieces */
	size_t count, helds, room, helds_room;
	struct slice body[2];	/* ... and of bodies with MARKs */
};

static void *
grow(void *at, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return at;
	*room = *room ? *room * 2 : 64;
	return xgrow(at, *room, size);
}

static void
add(struct messages *m, struct message one)
{
	m->at = grow(m->at, m->count, &m->room, sizeof(*m->at));
	m->at[m->count++] = one;
}

static struct bytes
hold(struct messages *m, struct slice s)
{
	m->held = grow(m->held, m->helds, &m->helds_room, sizeof(*m->held));
	m->held[m->helds++] = slice_ref(s);
	return s.bytes;
}

/* The body without the outermost of its codings, as far as that can be told. */
static struct slice
inflated(struct bytes body, struct bytes coding)
{
	struct inflater *i = inflater_new(coding);
	struct fault why;
	struct slice all;
	struct buf out;

	if (!i)
		return (struct slice){ 0 };
	buf_init(&out, BODY_MAX);
	(void)!inflater_feed(i, body, &out, &why);
	inflater_free(i);
	all = buf_seal(&out);
	return all;
}

/* Content-Encoding lists them in the order they were applied. */
static struct slice
decoded(struct slice body, struct bytes codings)
{
	while (codings.len) {
		const uint8_t *comma = memrchr(codings.at, ',', codings.len);
		size_t start = comma ? (size_t)(comma - codings.at) + 1 : 0;
		struct bytes name = bytes_trim((struct bytes){ codings.at + start, codings.len - start });
		struct slice inner;

		codings.len = start ? start - 1 : 0;
		if (!name.len)
			continue;
		inner = inflated(body.bytes, name);
		slice_drop(&body);
		body = inner;
	}
	return body;
}

/* One side of the flow on its way through its pieces. */
struct walk {
	const struct half *half;
	enum side side;
	bool raw;
	size_t next;		/* piece */
	uint64_t marked;	/* of the body, up to the last MARK */
	uint64_t last;		/* when the last DATA came */
	unsigned frames;	/* of a message that is not whole yet */
};

static bool
walk_marked(const struct half *h, bool *coded)
{
	for (size_t i = 0; i < h->pieces; i++)
		if (h->piece[i].part.kind == PART_MARK) {
			*coded = h->piece[i].part.code & MARK_DECODED;
			return true;
		}
	return false;
}

static void
walk_begin(struct walk *w, const struct flow *f, enum side side, struct messages *m)
{
	const struct half *h = &f->half[side];
	bool coded;

	*w = (struct walk){ .half = h, .side = side, .raw = flow_is_raw(f) };
	if (!walk_marked(h, &coded))
		return;
	m->body[side] = flow_body(f, side, SIZE_MAX);
	if (coded && h->head)
		m->body[side] = decoded(m->body[side], head_find(h->head, "content-encoding"));
}

static struct bytes
body_cut(struct bytes body, uint64_t from, uint64_t len)
{
	if (from >= body.len)
		return (struct bytes){ 0 };
	return (struct bytes){ body.at + from, len < body.len - from ? (size_t)len : body.len - (size_t)from };
}

static void
walk_piece(struct walk *w, struct messages *m)
{
	const struct piece *p = &w->half->piece[w->next++];
	struct message one = { .when = p->when, .side = w->side, .kind = p->part.kind, .code = p->part.code,
		.size = p->part.count };

	if (p->part.kind == PART_MARK) {
		one.bytes = body_cut(m->body[w->side].bytes, w->marked, p->part.count);
		w->marked += p->part.count;
		add(m, one);
	} else if (p->part.kind == PART_MESSAGE) {
		one.frames = p->part.code & WS_PIECES ? w->frames : 0;
		w->frames = p->part.code & WS_PIECES ? 0 : w->frames;
		one.bytes = hold(m, p->part.data);
		add(m, one);
	} else if (p->part.kind == PART_FAULT) {
		one.bytes = hold(m, p->part.data);
		add(m, one);
	} else if (p->part.kind == PART_FRAME) {
		w->frames++;
	} else if (p->part.kind == PART_DATA) {
		w->last = p->when;
		one.size = p->part.data.bytes.len;
		if (!w->raw)
			return;
		one.bytes = hold(m, p->part.data);
		add(m, one);
	}
}

/* What the body has behind its last MARK. */
static void
walk_end(const struct walk *w, struct messages *m)
{
	struct bytes body = m->body[w->side].bytes;

	if (body.len > w->marked && w->marked)
		add(m, (struct message){ .when = w->last, .side = w->side, .kind = PART_DATA, .begun = true,
			.size = body.len - w->marked, .bytes = body_cut(body, w->marked, UINT64_MAX) });
}

struct messages *
messages_new(const struct flow *f)
{
	struct messages *m = xalloc(sizeof(*m));
	struct walk client, server;

	walk_begin(&client, f, CLIENT, m);
	walk_begin(&server, f, SERVER, m);
	while (client.next < client.half->pieces || server.next < server.half->pieces) {
		bool ours = client.next < client.half->pieces && (server.next == server.half->pieces ||
			client.half->piece[client.next].when <= server.half->piece[server.next].when);

		walk_piece(ours ? &client : &server, m);
	}
	walk_end(&client, m);
	walk_end(&server, m);
	return m;
}

void
messages_free(struct messages *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->helds; i++)
		slice_drop(&m->held[i]);
	slice_drop(&m->body[CLIENT]);
	slice_drop(&m->body[SERVER]);
	free(m->held);
	free(m->at);
	free(m);
}

size_t
messages_count(const struct messages *m)
{
	return m->count;
}

const struct message *
messages_at(const struct messages *m, size_t i)
{
	return &m->at[i];
}

bool
messages_likely(const struct flow *f)
{
	enum protocol p = flow_protocol(f);

	if (p == PROTOCOL_WEBSOCKET || p == PROTOCOL_SSE || p == PROTOCOL_NDJSON || p == PROTOCOL_GRPC)
		return true;
	for (int side = CLIENT; side <= SERVER && flow_is_raw(f); side++)
		if (f->half[side].pieces)
			return true;
	return false;
}
