/*
 * Messages of WebSockets and of connections that are nothing we know:
 *
 *	websocket	messages closed_by_client close_code close_reason timestamp_end
 *	its messages	[opcode, from_client, content, timestamp, dropped, injected]
 *	of tcp and udp	[from_client, content, timestamp]
 */
#include "mitm_inside.h"

enum { CLOSE_NOTHING = 1005, CLOSE_ABNORMAL = 1006, CLOSE_TLS = 1015, CLOSE_PAYLOAD_MAX = 125 };

struct message { uint32_t opcode; enum side side; struct bytes content; uint64_t when; };

static bool
message_read(struct tnet list, bool opcodes, struct message *m)
{
	struct tnet opcode, from, content, when;

	if (list.tag != TNET_LIST || (opcodes && !tnet_next(&list.data, &opcode)) || !tnet_next(&list.data, &from) ||
			!tnet_next(&list.data, &content) || !tnet_next(&list.data, &when))
		return false;
	*m = (struct message){ WS_BINARY, tnet_true(from) ? CLIENT : SERVER, tnet_text(content), tnet_micros(when) };
	if (opcodes)
		m->opcode = (uint32_t)tnet_int(opcode, WS_OPCODE + 1);
	return m->opcode <= WS_OPCODE && from.tag == TNET_BOOL && (content.tag == TNET_BYTES || content.tag == TNET_TEXT);
}

bool
mitm_messages_sound(struct tnet list, bool opcodes, struct fault *why)
{
	struct message m;
	struct tnet one;
	size_t count = 0;

	if (list.tag != TNET_LIST)
		return fault(why, "its messages are no list");
	while (tnet_next(&list.data, &one)) {
		count++;
		if (!message_read(one, opcodes, &m))
			return fault(why, "message %zu is not one", count);
	}
	return true;
}

static void
message_tell(struct mitm_reading *r, const struct message *m)
{
	struct bytes kept = m->content;
	uint32_t code = m->opcode | WS_FIN | (m->side == CLIENT ? WS_MASKED : 0);

	if (kept.len > MITM_MESSAGE_MAX) {
		kept.len = MITM_MESSAGE_MAX;
		code |= WS_CUT;
	}
	mitm_part(r, m->side, m->when, (struct part){ .kind = PART_MESSAGE, .code = code, .count = m->content.len,
		.data = slice_copy(kept) });
}

/* The close frame of who closed it; where there was none, none. */
static void
close_tell(struct mitm_reading *r, struct tnet websocket)
{
	int64_t code = tnet_int(tnet_find(websocket, "close_code"), CLOSE_ABNORMAL);
	struct tnet by = tnet_find(websocket, "closed_by_client");
	struct bytes reason = tnet_text(tnet_find(websocket, "close_reason"));
	struct message m = { WS_CLOSE, tnet_true(by) ? CLIENT : SERVER,
		.when = tnet_micros(tnet_find(websocket, "timestamp_end")) };
	struct buf payload;

	if (by.tag != TNET_BOOL || code == CLOSE_ABNORMAL || code == CLOSE_TLS || code < 0 || code > UINT16_MAX)
		return;
	buf_init(&payload, CLOSE_PAYLOAD_MAX);
	if (code != CLOSE_NOTHING && buf_add(&payload, (struct bytes){ (uint8_t[]){ (uint8_t)(code >> 8), (uint8_t)code }, 2 }) &&
			reason.len <= CLOSE_PAYLOAD_MAX - payload.len && !buf_add(&payload, reason))
		buf_release(&payload);
	m.content = buf_bytes(&payload);
	message_tell(r, &m);
	buf_release(&payload);
}

void
mitm_websocket_tell(struct mitm_reading *r, struct tnet websocket)
{
	struct tnet list = tnet_find(websocket, "messages"), one;
	struct message m;

	while (list.tag == TNET_LIST && tnet_next(&list.data, &one))
		if (message_read(one, true, &m))
			message_tell(r, &m);
	close_tell(r, websocket);
}

static void
ends_tell(struct mitm_reading *r, const struct mitm_flow *f, struct bytes trouble)
{
	if (trouble.len)
		mitm_reset(r, SERVER, tnet_micros(tnet_find(f->error, "timestamp")), trouble);
	for (int side = CLIENT; !trouble.len && side <= SERVER; side++)
		mitm_part(r, (enum side)side, tnet_micros(tnet_find(side == CLIENT ? f->client : f->server, "timestamp_end")),
			(struct part){ .kind = PART_END });
	mitm_gone(r, trouble.len ? CLOSE_RELAY_ERROR : CLOSE_RELAY_EOF, trouble);
}

bool
mitm_messages_read(struct mitm_reading *r, struct mitm_flow *f, struct fault *why)
{
	bool udp = bytes_are(tnet_text(tnet_find(f->state, "type")), "udp");
	struct tnet to = tnet_find(f->server, "address"), host = { 0 }, port = { 0 }, one, list = f->messages;
	struct message m;

	if (!mitm_messages_sound(list, false, why))
		return false;
	if (to.tag == TNET_LIST && tnet_next(&to.data, &host))
		tnet_next(&to.data, &port);
	mitm_flow_begin(r, f, udp ? LIT("udp") : LIT("tcp"), tnet_text(host), (uint16_t)tnet_int(port, 0));
	while (tnet_next(&list.data, &one))
		if (message_read(one, false, &m))
			mitm_data(r, m.side, m.when, m.content);
	ends_tell(r, f, tnet_text(tnet_find(f->error, "msg")));
	return true;
}
