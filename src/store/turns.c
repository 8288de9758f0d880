/* The events of a WebSocket: frames, and the turns that they make. */
#include <stdlib.h>

#include "eventline.h"

/*
 * A turn belongs to whoever sent its first data frame. It ends when the other
 * side has sent one and the first sends again; when nothing moved for
 * IDLE_MICROS; with a close frame, an error, or the connection.
 */
enum { IDLE_MICROS = 750 * 1000, REASON_MAX = 123 };

struct turns {
	uint64_t frames;	/* sequence numbers given out */
	uint64_t turn;		/* the number of the newest */
	bool open;
	enum side by;
	uint64_t first, last;	/* its frames */
	uint64_t count[2], bytes[2];
	uint64_t moved;		/* when a data frame passed last */
	bool closed;		/* a close frame has come */
	unsigned code;		/* ... and said this: RFC 6455 section 7.1.5 */
	struct slice reason;
};

enum { CLOSE_NO_STATUS = 1005, CLOSE_ABNORMAL = 1006 };

void
turns_open(struct eventlog *l, struct logged *f)
{
	struct attributes *a;

	f->spoken = "websocket";
	if (f->turns)
		return;
	f->turns = xalloc(sizeof(*f->turns));
	a = attributes_new();
	attribute(a, "relay_mode", LIT("intercept"));
	attribute(a, "ws_codec_impl", LIT("soth"));
	eventline(l, f, LOG_WEBSOCKET_OPENED, a);
}

void
turns_free(struct turns *t)
{
	if (t)
		slice_drop(&t->reason);
	free(t);
}

static struct bytes
who(enum side side)
{
	return side == CLIENT ? LIT("client") : LIT("server");
}

static void
turn_attributes(const struct turns *t, struct attributes *a)
{
	attribute_count(a, "turn_id", t->turn);
	attribute(a, "initiated_by", who(t->by));
	attribute_count(a, "first_frame_sequence_no", t->first);
}

static void
turn_end(struct eventlog *l, struct logged *f, struct bytes why)
{
	struct turns *t = f->turns;
	struct attributes *a;

	if (!t->open)
		return;
	t->open = false;
	a = attributes_new();
	turn_attributes(t, a);
	attribute_count(a, "last_frame_sequence_no", t->last);
	attribute_count(a, "client_frame_count", t->count[CLIENT]);
	attribute_count(a, "client_byte_count", t->bytes[CLIENT]);
	attribute_count(a, "server_frame_count", t->count[SERVER]);
	attribute_count(a, "server_byte_count", t->bytes[SERVER]);
	attribute(a, "flush_reason", why);
	eventline(l, f, LOG_TURN_COMPLETED, a);
}

static void
turn_begin(struct eventlog *l, struct logged *f, enum side by)
{
	struct turns *t = f->turns;
	struct attributes *a;

	t->open = true;
	t->by = by;
	t->turn++;
	t->first = t->frames;
	t->count[CLIENT] = t->count[SERVER] = t->bytes[CLIENT] = t->bytes[SERVER] = 0;
	a = attributes_new();
	turn_attributes(t, a);
	eventline(l, f, LOG_TURN_STARTED, a);
}

static void
turn_frame(struct eventlog *l, struct logged *f, const struct note *n)
{
	struct turns *t = f->turns;

	if (t->open && n->side == t->by && t->count[!t->by])
		turn_end(l, f, LIT("next_turn"));
	if (!t->open)
		turn_begin(l, f, n->side);
	t->last = t->frames;
	t->moved = n->when;
	t->count[n->side]++;
	t->bytes[n->side] += n->part.count;
}

static const char *const opcode_labels[16] = {
	[WS_CONTINUATION] = "continuation", [WS_TEXT] = "text", [WS_BINARY] = "binary",
	[WS_CLOSE] = "close", [WS_PING] = "ping", [WS_PONG] = "pong",
};

/* RFC 6455 section 5.2. */
static uint64_t
frame_length(const struct part *p)
{
	return 2 + (p->count > 0xffff ? 8u : p->count > 125 ? 2u : 0) + (p->code & WS_MASKED ? 4u : 0) + p->count;
}

static void
frame_event(struct eventlog *l, struct logged *f, const struct note *n)
{
	unsigned opcode = n->part.code & WS_OPCODE;
	struct attributes *a = attributes_new();

	attribute(a, "direction", n->side == CLIENT ? LIT("client_to_server") : LIT("server_to_client"));
	attribute(a, "frame_kind", opcode < WS_CLOSE ? LIT("data") : LIT("control"));
	attribute_count(a, "sequence_no", f->turns->frames);
	attribute_count(a, "opcode", opcode);
	attribute(a, "opcode_label", bytes_of(opcode_labels[opcode] ? opcode_labels[opcode] : "reserved"));
	attribute_yes(a, "fin", n->part.code & WS_FIN);
	attribute_yes(a, "masked", n->part.code & WS_MASKED);
	attribute_count(a, "payload_len", n->part.count);
	attribute_count(a, "frame_len", frame_length(&n->part));
	eventline(l, f, LOG_WEBSOCKET_FRAME, a);
}

/* The first one counts: the other side's is its echo. */
static void
close_frame(struct turns *t, struct bytes payload)
{
	if (t->closed)
		return;
	t->closed = true;
	t->code = CLOSE_NO_STATUS;
	if (payload.len < 2)
		return;
	t->code = (unsigned)payload.at[0] << 8 | payload.at[1];
	payload.at += 2;
	payload.len -= 2;
	if (payload.len > REASON_MAX)
		payload.len = REASON_MAX;
	t->reason = slice_copy(payload);
}

static void
frame(struct eventlog *l, struct logged *f, const struct note *n)
{
	struct turns *t = f->turns;
	unsigned opcode = n->part.code & WS_OPCODE;

	t->frames++;
	if (opcode < WS_CLOSE)
		turn_frame(l, f, n);
	else if (opcode == WS_CLOSE)
		turn_end(l, f, LIT("close_frame"));
	frame_event(l, f, n);
	if (opcode == WS_CLOSE)
		close_frame(t, n->part.kind == PART_MESSAGE ? n->part.data.bytes : (struct bytes){ 0 });
}

static void
turns_idle(struct eventlog *l, struct logged *f, uint64_t now)
{
	struct turns *t = f->turns;

	if (t->open && now > t->moved + IDLE_MICROS)
		turn_end(l, f, LIT("idle_timeout"));
}

void
turns_part(struct eventlog *l, struct logged *f, const struct note *n)
{
	if (!f->turns)
		return;
	turns_idle(l, f, n->when);
	if (n->part.kind == PART_FAULT)
		turn_end(l, f, LIT("error"));
	else if (n->part.kind == PART_FRAME || !(n->part.code & WS_PIECES))
		frame(l, f, n);		/* else its frames came before it */
}

void
turns_gone(struct eventlog *l, struct logged *f, const struct note *n)
{
	struct turns *t = f->turns;
	struct attributes *a;

	if (!t)
		return;
	turns_idle(l, f, n->when);
	turn_end(l, f, n->part.code == CLOSE_WEBSOCKET_COMPLETED || n->part.code == CLOSE_RELAY_EOF ?
		LIT("eof") : LIT("error"));
	a = attributes_new();
	attribute_count(a, "close_reason", t->closed ? t->code : CLOSE_ABNORMAL);
	attribute(a, "reason_detail", t->reason.bytes);
	attribute_count(a, "bytes_from_client", f->bytes[CLIENT]);
	attribute_count(a, "bytes_from_server", f->bytes[SERVER]);
	eventline(l, f, LOG_WEBSOCKET_CLOSED, a);
}
