/* Terms of messages, each by itself, and of what is in JSON: a body's or a message's. */
#include "pick.h"
#include "soth/coding.h"
#include "soth/jsonpath.h"
#include "soth/messages.h"
#include "soth/sse.h"
#include "soth/trail.h"

enum { BODY_MAX = 64 << 20, MESSAGE_MAX = 16 << 20, STRING_MAX = 1 << 20, RECORD_MAX = 80 << 20, GRPC_PREFIX = 5, NOTHING = 0 };
enum { OF_CLIENT = 1 << CLIENT, OF_SERVER = 1 << SERVER };

/* A message that is looked at: `payload` is what it says, without what frames it. */
struct said { const struct message *message; struct bytes event, payload; };
typedef bool looks(const struct node *n, const struct said *s);

static void
add_some(void *arg, struct bytes more)
{
	struct buf *to = arg;
	size_t room = to->limit - to->len;

	(void)!buf_add(to, more.len < room ? more : (struct bytes){ more.at, room });
}

/* Freed of a coding, as far as that can be undone. */
static void
undo(struct bytes coding, struct bytes in, struct buf *out)
{
	struct hint hint = { .type = LIT("application/octet-stream"), .coding = coding };
	struct coding *c = coding_new(&hint, NULL, out->limit);

	coding_feed(c, in, add_some, out);
	coding_end(c, add_some, out);
	coding_free(c);
}

static struct bytes
header_of(struct asked *a, enum side side, const char *name)
{
	const struct flow *f = asked_flow(a);

	return f && f->half[side].head ? head_find(f->half[side].head, name) : (struct bytes){ 0 };
}

/* An event's data, its lines joined. */
static bool
look_event(const struct node *n, struct said *s, looks *look)
{
	struct bytes block = s->payload;
	struct sse_block b;
	struct sse sse;
	bool found = false;

	sse_init(&sse, MESSAGE_MAX);
	if (sse_next(&sse, &block, &b) || sse_end(&sse, &b)) {
		s->payload = b.data;
		s->event = b.event.len ? b.event : LIT("message");
		found = look(n, s);
	}
	sse_release(&sse);
	return found;
}

static bool
look_grpc(const struct node *n, struct asked *a, struct said *s, looks *look)
{
	struct bytes coding = header_of(a, s->message->side, "grpc-encoding");
	struct buf plain;
	bool found;

	s->payload = bytes_from(s->payload, GRPC_PREFIX);
	if (!(s->message->code & MARK_COMPRESSED) || !coding.len)
		return look(n, s);
	buf_init(&plain, MESSAGE_MAX);
	undo(coding, s->payload, &plain);
	s->payload = buf_bytes(&plain);
	found = look(n, s);
	buf_release(&plain);
	return found;
}

static bool
is_message(const struct message *m)
{
	struct part p = { .kind = m->kind, .code = m->code };

	return (m->kind == PART_DATA && !m->begun) || part_is_message(&p);
}

static bool
look_at(const struct node *n, struct asked *a, const struct message *m, looks *look)
{
	struct said s = { .message = m, .payload = m->bytes };
	unsigned kind = m->kind == PART_MARK ? m->code & MARK_KIND : 0;

	if (kind == MARK_SSE_EVENT)
		return look_event(n, &s, look);
	return kind == MARK_GRPC_MESSAGE ? look_grpc(n, a, &s, look) : look(n, &s);
}

/* Of bytes that are nobody's, each run is one, and no row counts them. */
static bool
has_messages(const struct row *r, enum side side)
{
	return r->messages[side] || (r->bytes[side] && (r->tunnel || !r->request));
}

/* Whether it says so of any message; of the first `most` bytes of each. */
static bool
any_message(const struct node *n, struct asked *a, unsigned sides, size_t most, looks *look)
{
	struct messages *m;
	struct buf scratch;
	bool found = false;

	if (!(sides & OF_CLIENT && has_messages(a->row, CLIENT)) && !(sides & OF_SERVER && has_messages(a->row, SERVER)))
		return false;
	m = messages_new(lens_store(a->lens), a->row->id);
	buf_init(&scratch, RECORD_MAX);
	while (messages_read(m))
		;
	for (size_t i = 0, count = messages_count(m); i < count && !found; i++) {
		struct message one = messages_at(m, i);

		if (!(sides & 1u << one.side) || !is_message(&one))
			continue;
		one = most ? messages_get(m, i, most, &scratch) : one;
		found = most ? look_at(n, a, &one, look) : look(n, &(struct said){ .message = &one });
	}
	buf_release(&scratch);
	messages_free(m);
	return found;
}

static bool looks_like(const struct node *n, const struct said *s) { return match_in(n->match, s->payload); }

bool term_message(const struct node *n, struct asked *a) { return any_message(n, a, OF_CLIENT | OF_SERVER, MESSAGE_MAX, looks_like); }
bool term_message_request(const struct node *n, struct asked *a) { return any_message(n, a, OF_CLIENT, MESSAGE_MAX, looks_like); }
bool term_message_response(const struct node *n, struct asked *a) { return any_message(n, a, OF_SERVER, MESSAGE_MAX, looks_like); }

static bool
has_size(const struct node *n, const struct said *s)
{
	return s->message->size >= n->range.from && s->message->size <= n->range.to;
}

bool
term_message_size(const struct node *n, struct asked *a)
{
	return any_message(n, a, OF_CLIENT | OF_SERVER, NOTHING, has_size);
}

static bool
has_event(const struct node *n, const struct said *s)
{
	return s->event.len && match_in(n->match, s->event);
}

bool
term_event(const struct node *n, struct asked *a)
{
	return a->row->protocol == PROTOCOL_SSE && any_message(n, a, OF_SERVER, MESSAGE_MAX, has_event);
}

/* JSON */

static bool
value_is(void *arg, struct bytes value)
{
	const struct pick *p = arg;
	struct buf text;
	bool ok;

	if (*value.at != '"')
		return pick_takes_number(p, value);
	buf_init(&text, STRING_MAX);
	ok = p->op == PICK_ANY || (jsonpath_text(value, &text) && pick_takes(p, buf_bytes(&text)));
	buf_release(&text);
	return ok;
}

static bool
json_is(const struct node *n, struct bytes json)
{
	return jsonpath_each(json, n->pick->name, value_is, n->pick);
}

static bool looks_json(const struct node *n, const struct said *s) { return json_is(n, s->payload); }

/* As it was recorded. */
static void
body_read(struct asked *a, enum side side, struct buf *out)
{
	struct trail *t = trail_by(a->lens, a->row->id);
	struct bytes data;
	struct glance g;
	struct fault why;

	for (;;) {
		if (!trail_next(t, &g, &why)) {
			if (trail_busy(t))
				continue;
			break;
		}
		if (g.kind == NOTE_PART && g.side == side && g.part == PART_DATA && lens_data(a->lens, &g, &data, &why))
			add_some(out, data);
	}
	trail_free(t);
}

static bool
json_body(const struct node *n, struct asked *a, enum side side)
{
	struct bytes coding = header_of(a, side, "content-encoding");
	struct buf raw, plain;
	bool found;

	buf_init(&raw, BODY_MAX);
	buf_init(&plain, BODY_MAX);
	body_read(a, side, &raw);
	if (coding.len)
		undo(coding, buf_bytes(&raw), &plain);
	found = json_is(n, buf_bytes(coding.len ? &plain : &raw));
	buf_release(&raw);
	buf_release(&plain);
	return found;
}

/* Of messages where there are any; else of the body. */
static bool
json_side(const struct node *n, struct asked *a, enum side side)
{
	if (has_messages(a->row, side))
		return any_message(n, a, 1u << side, MESSAGE_MAX, looks_json);
	return a->row->bytes[side] && json_body(n, a, side);
}

bool term_json_request(const struct node *n, struct asked *a) { return json_side(n, a, CLIENT); }
bool term_json_response(const struct node *n, struct asked *a) { return json_side(n, a, SERVER); }
bool term_json(const struct node *n, struct asked *a) { return json_side(n, a, CLIENT) || json_side(n, a, SERVER); }
