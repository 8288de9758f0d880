/* Messages that a person puts between those of a live stream. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inside.h"
#include "observe.h"
#include "soth/buf.h"
#include "soth/log.h"

enum { INJECTS_MAX = 64, BLOCK_MAX = 4 << 20 };

struct form { enum part_kind kind; uint32_t code; };	/* as messages of that side are told */

/* Bytes of a message, less those of the ones that end in them. */
void
inject_count(struct stream *s, enum side from, const struct moves *m)
{
	uint64_t ends = 0;

	for (size_t i = 0; i < m->count; i++) {
		const struct part *p = &m->at[i].part;

		struct part said = { .kind = p->kind, .code = p->code };

		if (p->kind == PART_MARK && p->code & MARK_DECODED)	/* no one cuts those, so no one counts them */
			s->numbers[from] += part_is_message(&said);
		else if (m->at[i].kind == MOVE_EDGE || p->kind == PART_MARK)
			ends += p->count;
		else if (m->at[i].kind == MOVE_PART && p->kind == PART_DATA)
			s->mid[from] += p->data.bytes.len;
	}
	s->mid[from] = s->mid[from] > ends ? s->mid[from] - ends : 0;
}

/* What messages there are between heads and ends. */
static bool
form_of_body(const struct stream *s, enum side side, struct form *f, struct fault *why)
{
	const struct head *own = side == CLIENT ? s->request : s->response;
	enum protocol p = s->request ? protocol_of(s->request, s->response) : PROTOCOL_TCP;

	if (!s->exchange.observer[side] || (p != PROTOCOL_SSE && p != PROTOCOL_GRPC && p != PROTOCOL_NDJSON))
		return fault(why, "that side has no stream of messages");
	if (observer_coded(s->exchange.observer[side]) && side == CLIENT)
		return fault(why, "what the client says is compressed");
	if (own && head_has(own, "content-length"))
		return fault(why, "its content-length is said: what is put in between would push out as much of its end");
	f->kind = PART_MARK;
	f->code = p == PROTOCOL_SSE ? MARK_SSE_EVENT : p == PROTOCOL_GRPC ? MARK_GRPC_MESSAGE : MARK_RECORD;
	return true;
}

static bool
form_of(const struct stream *s, enum side side, struct form *f, struct fault *why)
{
	const struct exchange_half *h = &s->exchange.half[side];

	if (h->ended || h->closed)
		return fault(why, "that side has ended");
	if (s->hold[side])
		return fault(why, "what that side says is held");
	if (s->raw && !s->exchange.websocket)
		return *f = (struct form){ PART_DATA, 0 }, true;
	if (!s->exchange.websocket)
		return form_of_body(s, side, f, why);
	if (!observer_replaces(s->exchange.observer[side]))
		return fault(why, "nobody knows any more where its messages begin");
	return *f = (struct form){ PART_MESSAGE, WS_FIN | (side == CLIENT ? WS_MASKED : 0) }, true;
}

/* It is lines of fields as it stands: "event: x". */
static bool
is_block(struct bytes text)
{
	static const char *const names[] = { "data", "event", "id", "retry", "" };
	const uint8_t *colon = text.len ? memchr(text.at, ':', text.len) : NULL;
	size_t len = colon ? (size_t)(colon - text.at) : 0;

	for (size_t i = 0; colon && i < ARRAY_LEN(names); i++)
		if (strlen(names[i]) == len && !memcmp(text.at, names[i], len))
			return true;
	return false;
}

static struct bytes
line_of(struct bytes *rest)
{
	const uint8_t *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;
	struct bytes line = { rest->at, end ? (size_t)(end - rest->at) : rest->len };

	*rest = bytes_from(*rest, line.len + (end != NULL));
	return line;
}

/* Lines of an event (WHATWG HTML section 9.2.6), and the empty one that ends it. */
static struct slice
block_of(struct bytes text)
{
	bool block = is_block(text), ok = true;
	struct buf b;

	buf_init(&b, BLOCK_MAX);
	while (text.len && text.at[text.len - 1] == '\n')
		text.len--;
	do {
		struct bytes line = line_of(&text);

		ok = (block || buf_add(&b, LIT("data: "))) && buf_add(&b, line) && buf_add(&b, LIT("\n"));
	} while (ok && text.len);
	(void)!buf_add(&b, LIT("\n"));
	return buf_seal(&b);
}

static struct slice
record_of(struct slice said)
{
	uint8_t *at;
	struct slice s = slice_new(said.bytes.len + 1, &at);

	if (said.bytes.len)
		memcpy(at, said.bytes.at, said.bytes.len);
	at[said.bytes.len] = '\n';
	return s;
}

static struct slice
wire_of(enum side side, const struct form *f, struct slice said)
{
	if (f->kind == PART_MARK && (f->code & MARK_KIND) == MARK_SSE_EVENT)
		return block_of(said.bytes);
	if (f->kind == PART_MARK && (f->code & MARK_KIND) == MARK_RECORD)
		return record_of(said);
	return line_frame(side, f->kind, f->code, said);
}

static bool
is_close(const struct form *f)
{
	return f->kind == PART_MESSAGE && (f->code & WS_OPCODE) == WS_CLOSE;
}

static void
inject_tell(struct relay *r, struct stream *s, enum side side, const struct form *f, struct slice said, struct slice wire)
{
	bool close = is_close(f);

	relay_note(r, s->flow, (struct note){ .kind = NOTE_HAND, .side = side, .part = { .kind = PART_DATA, .code = HAND_INJECTED,
		.count = close ? 0 : pace_numbers(s, side) + 1, .data = slice_text(close ? "a rule" : "by hand") } });
	if (f->kind == PART_MESSAGE) {
		stream_tell(r, s, side, (struct part){ .kind = PART_MESSAGE, .code = f->code, .count = said.bytes.len,
			.data = slice_ref(said) });
		return;
	}
	stream_tell(r, s, side, (struct part){ .kind = PART_DATA, .data = slice_ref(wire) });
	if (f->kind == PART_MARK)
		stream_tell(r, s, side, (struct part){ .kind = PART_MARK, .code = f->code, .count = wire.bytes.len });
}

static void
inject_plain(struct relay *r, struct stream *s, enum side side, struct form f, const struct part *p)
{
	struct slice wire;
	struct part part;

	if (f.kind == PART_MESSAGE)
		f.code |= p->code & WS_OPCODE ? p->code & WS_OPCODE : WS_TEXT;
	wire = wire_of(side, &f, p->data);
	inject_tell(r, s, side, &f, p->data, wire);
	part = (struct part){ .kind = PART_DATA, .data = wire };
	if (pace_puts(r, s, side, &part, !is_close(&f)))
		return;
	s->numbers[side] += !is_close(&f);
	if (side == CLIENT)
		stream_forward(r, s, part);
	else
		stream_answer_part(r, s, part);
}

/* Read along with, as if the server had said it: what reads it has to know its coding to the end. */
static void
inject_coded(struct relay *r, struct stream *s, enum side side, struct form f, const struct part *p)
{
	struct slice plain = wire_of(side, &f, p->data);
	struct part part = { .kind = PART_DATA, .data = recode_put(s, plain) };

	slice_drop(&plain);
	relay_note(r, s->flow, (struct note){ .kind = NOTE_HAND, .side = side, .part = { .kind = PART_DATA, .code = HAND_INJECTED,
		.count = s->numbers[side] + 1, .data = slice_text("by hand") } });
	stream_part(r, s, side, &part);
	part_drop(&part);
}

static void
injects_drop(struct injects *i)
{
	for (size_t k = 0; k < i->count; k++)
		part_drop(&i->at[k]);
	free(i->at);
	*i = (struct injects){ 0 };
}

void
inject_close(struct relay *r, struct stream *s, enum side side, unsigned code)
{
	const uint8_t payload[] = { (uint8_t)(code >> 8), (uint8_t)code };
	struct injects *i = &s->inject[side];

	i->at = xgrow(i->at, i->count + 1, sizeof(*i->at));
	i->at[i->count++] = (struct part){ .kind = PART_MESSAGE, .code = WS_CLOSE,
		.data = slice_copy((struct bytes){ payload, sizeof(payload) }) };
	inject_go(r, s, side);
}

void
inject_drop(struct stream *s)
{
	injects_drop(&s->inject[CLIENT]);
	injects_drop(&s->inject[SERVER]);
}

static void
inject_refuse(const struct stream *s, const struct fault *why)
{
	log_line("flow %llu: not injected: %s", (unsigned long long)s->flow, why->text);
}

static bool
is_coded(const struct stream *s, enum side side, const struct form *f)
{
	return f->kind == PART_MARK && observer_coded(s->exchange.observer[side]);
}

/* No message is under way, and of one that is coded no block either. */
static enum seam_cut
inject_may(struct relay *r, struct stream *s, enum side side, struct form *f, struct fault *why)
{
	if (!form_of(s, side, f, why))
		return SEAM_NEVER;
	if (is_coded(s, side, f))
		return observer_open(s->exchange.observer[side]) ? SEAM_NOT_YET : recode_cut(r, s, why);
	return f->kind != PART_DATA && s->mid[side] ? SEAM_NOT_YET : SEAM_CUT;
}

void
inject_go(struct relay *r, struct stream *s, enum side side)
{
	struct injects go = s->inject[side];
	enum seam_cut may;
	struct fault why;
	struct form f;

	if (!go.count || s->gone)
		return;
	may = inject_may(r, s, side, &f, &why);
	if (may == SEAM_NOT_YET)
		return;
	if (may == SEAM_NEVER)
		inject_refuse(s, &why);
	s->inject[side] = (struct injects){ 0 };	/* what goes now may lead back here */
	for (size_t k = 0; k < go.count && !s->gone && may == SEAM_CUT; k++)
		(is_coded(s, side, &f) ? inject_coded : inject_plain)(r, s, side, f, &go.at[k]);
	injects_drop(&go);
}

void
inject_order(struct relay *r, struct stream *s, const struct order *o)
{
	const struct part *p = parts_count(o->parts) ? parts_at(o->parts, 0) : NULL;
	struct injects *i = &s->inject[o->side];
	struct fault why;
	struct form f;

	if (!o->flow || !p || p->kind != PART_MESSAGE)
		return;
	if (!form_of(s, o->side, &f, &why) || (i->count == INJECTS_MAX && !fault(&why, "too many wait for a message to end"))) {
		inject_refuse(s, &why);
		return;
	}
	i->at = xgrow(i->at, i->count + 1, sizeof(*i->at));
	i->at[i->count++] = part_ref(p);
	inject_go(r, s, o->side);
}
