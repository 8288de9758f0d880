/* Terms of messages, each by itself, and of what is in JSON: a body's or a message's. */
#include "pick.h"
#include "soth/jsonpath.h"
#include "soth/messages.h"
#include "soth/sse.h"

enum { BODY_MAX = 64 << 20, MESSAGE_MAX = 16 << 20, STRING_MAX = 1 << 20, GRPC_PREFIX = 5, NOTHING = 0 };
enum { OF_CLIENT = 1 << CLIENT, OF_SERVER = 1 << SERVER };

/* A message that is looked at: `payload` is what it says, without what frames it. */
struct said { const struct message *message; struct bytes event, payload; };
typedef bool looks(const struct node *n, const struct said *s);

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
	const struct head *h = asked_head(a, s->message->side);
	struct bytes coding = h ? head_find(h, "grpc-encoding") : (struct bytes){ 0 };
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

struct looking { const struct node *node; struct asked *asked; looks *look; bool blind; };

static bool
look_at(void *arg, const struct message *m, bool bare)
{
	const struct looking *l = arg;
	struct said s = { .message = m, .payload = m->bytes };
	unsigned kind = m->kind == PART_MARK ? m->code & MARK_KIND : 0;

	if (!is_message(m))
		return false;
	if (kind == MARK_SSE_EVENT && !l->blind)
		return look_event(l->node, &s, l->look);
	return kind == MARK_GRPC_MESSAGE && !bare && !l->blind ? look_grpc(l->node, l->asked, &s, l->look) : l->look(l->node, &s);
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
	struct looking l = { n, a, look, !most };

	if (!(sides & OF_CLIENT && has_messages(a->row, CLIENT)) && !(sides & OF_SERVER && has_messages(a->row, SERVER)))
		return false;
	return asked_messages(a, sides, most, look_at, &l);
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

static bool
json_body(const struct node *n, struct asked *a, enum side side)
{
	struct buf body;
	bool found;

	buf_init(&body, BODY_MAX);
	(void)asked_body(a, side, &body, NULL, NULL);
	found = json_is(n, buf_bytes(&body));
	buf_release(&body);
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
