/* What a side of a recorded stream said, as it is to be said again. */
#include <stdlib.h>

#include "soth/convert.h"
#include "soth/messages.h"

enum { BYTES_MAX = 512 << 20, ROOM_FIRST = 64 };

struct said {
	struct saying *at;
	size_t count, room;
	uint64_t bytes, since;
	bool decoded, closed;
};

static void
said_add(struct said *d, uint64_t when, struct part part)
{
	if (d->count == d->room) {
		d->room = d->room ? d->room * 2 : ROOM_FIRST;
		d->at = xgrow(d->at, d->room, sizeof(*d->at));
	}
	d->at[d->count++] = (struct saying){ when > d->since ? when - d->since : 0, part };
	d->bytes += part.data.bytes.len;
}

/* Pings are the connection's, and answers to them those of who gets them now. */
static bool
is_said(const struct message *m)
{
	unsigned opcode = m->code & WS_OPCODE;

	return m->kind == PART_MARK || m->kind == PART_DATA ||
		(m->kind == PART_MESSAGE && (opcode == WS_TEXT || opcode == WS_BINARY || opcode == WS_CLOSE));
}

static bool
said_message(struct said *d, const struct message *m, struct fault *why)
{
	bool frame = m->kind == PART_MESSAGE;

	if (m->bytes.len < m->size && !(frame && m->code & WS_DEFLATED))
		return fault(why, "a message of it was not recorded whole");
	if (frame && m->code & WS_CUT)
		return fault(why, "a message of it was not recorded whole");
	if (d->count == SAYINGS_MAX || d->bytes > BYTES_MAX)
		return fault(why, "it is too long to be said again");
	d->decoded |= m->kind == PART_MARK && m->code & MARK_DECODED;
	d->closed |= frame && (m->code & WS_OPCODE) == WS_CLOSE;
	said_add(d, m->when, (struct part){ .kind = frame ? PART_MESSAGE : PART_DATA, .code = frame ? WS_FIN | (m->code & WS_OPCODE) : 0,
		.count = m->bytes.len, .data = slice_copy(m->bytes) });
	return true;
}

static bool
said_read(struct said *d, struct store *s, flow_id id, enum side side, struct fault *why)
{
	struct messages *m = messages_new(s, id);
	struct buf scratch;
	bool ok = true;

	buf_init(&scratch, BYTES_MAX);
	while (messages_read(m))
		;
	for (size_t i = 0, count = messages_count(m); ok && i < count; i++) {
		struct message one = messages_at(m, i);

		if (one.side != side || !is_said(&one))
			continue;
		one = messages_get(m, i, BYTES_MAX, &scratch);
		ok = said_message(d, &one, why);
	}
	messages_free(m);
	buf_release(&scratch);
	return ok;
}

/* A WebSocket says good-bye before it ends. */
static void
said_close(struct said *d, uint64_t when)
{
	static const uint8_t normal[] = { 0x03, 0xe8 };		/* RFC 6455 section 7.4.1 */

	said_add(d, when, (struct part){ .kind = PART_MESSAGE, .code = WS_FIN | WS_CLOSE, .count = sizeof(normal),
		.data = slice_copy((struct bytes){ normal, sizeof(normal) }) });
}

struct sayings *
convert_said(struct store *s, const struct flow *f, enum side side, uint64_t since, bool *decoded, struct fault *why)
{
	uint64_t ends = f->half[side].ended ? f->half[side].ended : f->ended;
	struct said d = { .since = since };

	if (!said_read(&d, s, f->id, side, why)) {
		while (d.count)
			part_drop(&d.at[--d.count].part);
		free(d.at);
		return NULL;
	}
	if (flow_protocol(f) == PROTOCOL_WEBSOCKET && !d.closed)
		said_close(&d, ends > since ? ends : d.count ? d.at[d.count - 1].after + since : since);
	*decoded = d.decoded;
	return sayings_new(d.at, d.count, ends > since ? ends - since : 0);
}
