/* What terms ask of a flow, read from a store or from a scene. */
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "soth/coding.h"
#include "soth/messages.h"

enum { MESSAGES_RECORD_MAX = 80 << 20 };

static void
flow_free(struct flow *f)
{
	if (f)
		flow_release(f);
	free(f);
}

void
asked_release(struct asked *a)
{
	flow_free(a->flow);
	flow_free(a->opener);
	head_drop(a->head[CLIENT]);
	head_drop(a->head[SERVER]);
}

/* NULL: it cannot be read. */
static struct flow *
flow_read(struct lens *l, flow_id id)
{
	struct flow *f = xalloc(sizeof(*f));
	struct fault why;

	if (lens_flow(l, id, f, &why))
		return f;
	flow_free(f);
	return NULL;
}

const struct head *
asked_head(struct asked *a, enum side side)
{
	if (a->scene)
		return a->scene->head[side];
	if (!a->head_tried[side] && a->lens)
		a->head[side] = lens_head(a->lens, a->row->id, side);
	a->head_tried[side] = true;
	return a->head[side];
}

static const struct flow *
asked_flow(struct asked *a)
{
	if (!a->flow_tried && a->lens)
		a->flow = flow_read(a->lens, a->row->id);
	a->flow_tried = true;
	return a->flow;
}

static const struct flow *
asked_opener(struct asked *a)
{
	const struct flow *f = asked_flow(a);

	if (!a->opener_tried && f && f->origin && f->origin->opened_by && f->origin->opened_by != f->id)
		a->opener = flow_read(a->lens, f->origin->opened_by);
	a->opener_tried = true;
	return a->opener;
}

const struct origin *
asked_origin(struct asked *a)
{
	const struct flow *f;

	if (a->scene)
		return a->scene->origin;
	f = asked_flow(a);
	return f ? f->origin : NULL;
}

struct bytes
asked_path(struct asked *a)
{
	struct bytes path = bytes_of(a->row->path), target;
	const struct head *h = path.len < ROW_PATH_KEPT ? NULL : asked_head(a, CLIENT);

	if (!h)
		return path;
	target = row_path(head_target(h));
	return target.len > path.len ? target : path;
}

struct bytes
asked_ruled(struct asked *a, enum side side)
{
	const struct flow *f = a->scene || !a->row->request ? NULL : asked_flow(a);

	return f ? f->half[side].ruled_by.bytes : (struct bytes){ 0 };
}

bool
asked_fault(struct asked *a, enum side side, const struct match *m)
{
	const struct flow *f = a->scene ? NULL : asked_flow(a);

	for (size_t i = 0; f && i < f->half[side].faults && i < FAULTS_KEPT; i++)
		if (match_in(m, f->half[side].fault[i].bytes))
			return true;
	return false;
}

static bool
step_is(const struct step *s, enum step_kind kind, const char *name, const struct match *m)
{
	struct bytes text = s && (kind == STEP_COUNT || step_kind(s) == kind) ? step_find(s, name) : (struct bytes){ 0 };

	return text.len && match_in(m, text);
}

static bool
flow_step(const struct flow *f, enum step_kind kind, const char *name, const struct match *m)
{
	for (size_t i = 0; f && i < f->moments; i++)
		if (step_is(f->moment[i].step, kind, name, m))
			return true;
	return false;
}

bool
asked_step(struct asked *a, enum step_kind kind, const char *name, const struct match *m)
{
	if (!a->scene)
		return flow_step(asked_flow(a), kind, name, m) || flow_step(asked_opener(a), kind, name, m);
	for (size_t i = 0; i < a->scene->steps; i++)
		if (step_is(a->scene->step[i], kind, name, m))
			return true;
	return false;
}

static void
farewell_of(struct farewell *f, enum side side, struct bytes payload)
{
	f->closed[side] = true;
	f->coded[side] = payload.len >= sizeof(f->code[side]);
	if (f->coded[side])
		memcpy(f->code[side], payload.at, sizeof(f->code[side]));
}

struct farewell
asked_farewell(struct asked *a)
{
	struct farewell out = { .ended = false };
	const struct scene *s = a->scene;
	const struct flow *f = s ? NULL : asked_flow(a);

	if (s && s->message.at && s->message_kind == PART_MESSAGE && (s->message_code & WS_OPCODE) == WS_CLOSE)
		farewell_of(&out, s->side, s->message);
	for (int side = CLIENT; f && side <= SERVER; side++)
		if (f->half[side].closed)
			farewell_of(&out, (enum side)side, f->half[side].farewell.bytes);
	out.ended = f && f->ended;
	return out;
}

static void
add_some(void *arg, struct bytes more)
{
	struct buf *to = arg;
	size_t room = to->limit - to->len;

	(void)!buf_add(to, more.len < room ? more : (struct bytes){ more.at, room });
}

void
undo(struct bytes coding, struct bytes in, struct buf *out)
{
	struct hint hint = { .type = LIT("application/octet-stream"), .coding = coding };
	struct coding *c = coding_new(&hint, NULL, out->limit);

	coding_feed(c, in, add_some, out);
	coding_end(c, add_some, out);
	coding_free(c);
}

/* NULL: it has no codings. */
static struct coding *
body_coding(struct asked *a, enum side side, uint64_t most)
{
	const struct head *h = asked_head(a, side);
	struct hint hint = { .type = LIT("application/octet-stream") };

	if (!h || !head_has(h, "content-encoding"))
		return NULL;
	hint.coding = head_find(h, "content-encoding");
	return coding_new(&hint, NULL, most);
}

typedef bool whole(void *arg, struct bytes said);

static void
body_more(struct coding *c, struct bytes more, struct buf *body)
{
	if (c)
		coding_feed(c, more, add_some, body);
	else
		add_some(body, more);
}

/* True: alone() was. */
static bool
scene_body(const struct asked *a, enum side side, struct coding *c, struct buf *body, whole *alone, void *arg)
{
	const struct scene *s = a->scene;

	if (s->message.at)
		return s->side == side && alone && alone(arg, s->message);
	body_more(c, s->body[side], body);
	return false;
}

static bool
record_body(const struct asked *a, const struct glance *g, struct coding *c, struct buf *body, whole *alone, void *arg)
{
	bool message = g->part == PART_MESSAGE;
	struct bytes data;
	struct fault why;

	if ((g->part != PART_DATA && !message) || !lens_data(a->lens, g, &data, &why))
		return false;
	if (message || (alone && (!a->row->request || a->row->tunnel)))
		return alone && alone(arg, data);
	body_more(c, data, body);
	return false;
}

static bool
store_body(const struct asked *a, enum side side, struct coding *c, struct buf *body, whole *alone, void *arg)
{
	struct trail *t = trail_by(a->lens, a->row->id);
	struct glance g;
	struct fault why;
	bool found = false;

	while (!found) {
		if (!trail_next(t, &g, &why)) {
			if (trail_busy(t))
				continue;
			break;
		}
		if (g.kind == NOTE_PART && g.side == side)
			found = record_body(a, &g, c, body, alone, arg);
	}
	trail_free(t);
	return found;
}

bool
asked_body(struct asked *a, enum side side, struct buf *body, whole *alone, void *arg)
{
	struct coding *c = body_coding(a, side, body->limit);
	bool found = (a->scene ? scene_body : store_body)(a, side, c, body, alone, arg);

	if (c && !found)
		coding_end(c, add_some, body);
	coding_free(c);
	return found;
}

static bool
scene_message(const struct scene *s, unsigned sides, size_t most,
	bool (*each)(void *arg, const struct message *m, bool bare), void *arg)
{
	struct message m = { .when = s->now, .side = s->side, .kind = s->message_kind, .code = s->message_code,
		.size = s->message_size ? s->message_size : s->message.len, .bytes = s->message };

	if (!s->message.at || !(sides & 1u << s->side))
		return false;
	m.bytes.len = most < m.bytes.len ? most : m.bytes.len;
	return each(arg, &m, true);
}

bool
asked_messages(struct asked *a, unsigned sides, size_t most,
	bool (*each)(void *arg, const struct message *m, bool bare), void *arg)
{
	struct messages *m;
	struct buf scratch;
	bool found = false;

	if (a->scene)
		return scene_message(a->scene, sides, most, each, arg);
	m = messages_new(lens_store(a->lens), a->row->id);
	buf_init(&scratch, MESSAGES_RECORD_MAX);
	while (messages_read(m))
		;
	for (size_t i = 0, count = messages_count(m); i < count && !found; i++) {
		struct message one = messages_at(m, i);

		if (!(sides & 1u << one.side))
			continue;
		one = most ? messages_get(m, i, most, &scratch) : one;
		found = each(arg, &one, false);
	}
	buf_release(&scratch);
	messages_free(m);
	return found;
}
