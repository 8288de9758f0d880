/* WebSocket: one side's frames, and the messages they make (RFC 6455, RFC 7692). */
#include <string.h>

#include "observe_inside.h"
#include "soth/utf8.h"
#include "ws.h"

enum { PIECE = 4096 };		/* of a compressed payload, unmasked at a time */

struct ws {
	enum side side;
	struct ws_extension extension;
	bool judged;		/* what the extension's parameters are was told */
	bool faulted, closed;

	uint8_t header[WS_HEADER_MAX];	/* of the frame to come, as far as it has */
	size_t headed;
	bool in_frame;
	struct ws_header frame;
	uint64_t came;		/* of its payload */
	uint8_t control[WS_CONTROL_MAX];	/* the payload, where it is a control frame's */

	bool in_message;	/* ... of frames of their own, and the last has not come */
	uint32_t code;		/* of the message's first frame */
	uint64_t count;		/* of the message's payload on the wire */
	uint64_t wire;		/* bytes since the last message's end */
	struct buf data;
	bool cut, garbled;	/* it is longer than .data; it could not be unpacked */
	struct inflater *inflater;
	bool window_lost;
};

/* The first one is told, and no other. */
static void
ws_fault(struct ws *ws, const char *words, struct moves *out)
{
	if (!ws->faulted)
		observe_fault(out, ws->side, "%s", words);
	ws->faulted = true;
}

static void
ws_tell(struct ws *ws, enum part_kind kind, uint32_t code, uint64_t count, struct slice data, struct moves *out)
{
	moves_add(out, MOVE_TELL, ws->side, (struct part){ .kind = kind, .code = code, .count = count, .data = data });
}

/* A message, or a control frame that is in none, ends here. */
static void
ws_edge(struct ws *ws, uint32_t code, struct slice data, struct moves *out)
{
	moves_add(out, MOVE_EDGE, ws->side, (struct part){ .kind = PART_MESSAGE, .code = code, .count = ws->wire, .data = data });
	ws->wire = 0;
}

static bool
is_control(uint32_t code)
{
	return code & WS_CLOSE;
}

static unsigned
opcode(uint32_t code)
{
	return code & WS_OPCODE;
}

static bool
client_unmasked(const struct ws *ws, const struct ws_header *h)
{
	return ws->side == CLIENT && !(h->code & WS_MASKED);
}

static bool
server_masked(const struct ws *ws, const struct ws_header *h)
{
	return ws->side == SERVER && h->code & WS_MASKED;
}

static bool
opcode_reserved(const struct ws *ws, const struct ws_header *h)
{
	return !ws->extension.foreign && (opcode(h->code) & ~(unsigned)WS_CLOSE) > 2;
}

static bool
rsv_reserved(const struct ws *ws, const struct ws_header *h)
{
	uint32_t reserved = WS_RSV2 | WS_RSV3 | (ws->extension.deflate ? 0 : WS_RSV1);

	return !ws->extension.foreign && h->code & reserved;
}

static bool
rsv_misplaced(const struct ws *ws, const struct ws_header *h)
{
	return !ws->extension.foreign && h->code & WS_RSV1 &&
		(is_control(h->code) || opcode(h->code) == WS_CONTINUATION);
}

static bool
control_fragmented(const struct ws *ws, const struct ws_header *h)
{
	(void)ws;
	return is_control(h->code) && !(h->code & WS_FIN);
}

static bool
control_long(const struct ws *ws, const struct ws_header *h)
{
	(void)ws;
	return is_control(h->code) && h->length > WS_CONTROL_MAX;
}

static bool
length_signed(const struct ws *ws, const struct ws_header *h)
{
	(void)ws;
	return h->length > INT64_MAX;
}

static bool
length_longer(const struct ws *ws, const struct ws_header *h)
{
	(void)ws;
	return h->longer;
}

static bool
nothing_to_continue(const struct ws *ws, const struct ws_header *h)
{
	return opcode(h->code) == WS_CONTINUATION && !ws->in_message;
}

static bool
message_inside(const struct ws *ws, const struct ws_header *h)
{
	return !is_control(h->code) && opcode(h->code) != WS_CONTINUATION && ws->in_message;
}

static bool
after_close(const struct ws *ws, const struct ws_header *h)
{
	return ws->closed && !is_control(h->code);
}

/* What a header may break. After `lost` nobody can say what belongs to what. */
static const struct rule {
	bool (*broken)(const struct ws *ws, const struct ws_header *h);
	bool lost;
	const char *words;
} rules[] = {
	{ opcode_reserved,	true,	"RFC 6455 section 5.2: a frame has a reserved opcode" },
	{ rsv_reserved,		true,	"RFC 6455 section 5.2: a frame has an RSV bit that no extension stands for" },
	{ rsv_misplaced,	true,	"RFC 7692 section 6.1: a control frame or a continuation is marked as compressed" },
	{ control_fragmented,	true,	"RFC 6455 section 5.5: a control frame is fragmented" },
	{ control_long,		true,	"RFC 6455 section 5.5: a control frame is longer than 125 bytes" },
	{ length_signed,	true,	"RFC 6455 section 5.2: the highest bit of a frame's length is set" },
	{ nothing_to_continue,	true,	"RFC 6455 section 5.4: a continuation without a message that it goes on with" },
	{ message_inside,	true,	"RFC 6455 section 5.4: a message begins inside another" },
	{ after_close,		false,	"RFC 6455 section 5.5.1: data after a close frame" },
	{ client_unmasked,	false,	"RFC 6455 section 5.1: a frame of the client's is not masked" },
	{ server_masked,	false,	"RFC 6455 section 5.1: a frame of the server's is masked" },
	{ length_longer,	false,	"RFC 6455 section 5.2: a frame's length is not in its shortest form" },
};

/* False: messages cannot be found any more. */
static bool
header_judge(struct ws *ws, struct moves *out)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (rules[i].broken(ws, &ws->frame)) {
			ws_fault(ws, rules[i].words, out);
			if (rules[i].lost)
				return false;
		}
	return true;
}

static void
take(struct bytes *more, size_t n)
{
	more->at += n;
	more->len -= n;
}

static size_t
least(uint64_t a, uint64_t b)
{
	return (size_t)(a < b ? a : b);
}

/* True: the header is there, in ws->frame. */
static bool
header_take(struct ws *ws, struct bytes *more)
{
	struct bytes header = { ws->header, ws->headed };
	size_t size;

	while (header.len < (size = ws_header_size(header)) && more->len) {
		size_t n = least(size - header.len, more->len);

		memcpy(ws->header + header.len, more->at, n);
		take(more, n);
		ws->headed = header.len += n;
	}
	if (header.len < size)
		return false;
	ws->frame = ws_header_read(header);
	return true;
}

static void
message_begin(struct ws *ws)
{
	ws->code = ws->frame.code;
	ws->count = 0;
	ws->cut = ws->garbled = false;
	if (!ws->extension.deflate || !(ws->code & WS_RSV1))
		return;
	ws->code |= WS_DEFLATED;
	if (!ws->inflater)
		ws->inflater = inflater_new_messages(ws->extension.window_bits);
	else if (ws->extension.no_takeover)
		inflater_reset(ws->inflater);
	if (ws->extension.no_takeover)
		ws->window_lost = false;
	ws->garbled = ws->window_lost || !ws->inflater;
}

static bool
frame_begin(struct ws *ws, struct moves *out)
{
	if (!header_judge(ws, out))
		return false;
	ws->in_frame = true;
	ws->came = 0;
	ws->wire += ws->headed;
	ws->headed = 0;
	if (!is_control(ws->frame.code) && opcode(ws->frame.code) != WS_CONTINUATION)
		message_begin(ws);
	return true;
}

/* Of a message that was cut, the last character may have been too. */
static bool
text_valid(struct bytes text, bool cut)
{
	size_t whole = text.len, tail = cut ? 3 : 0;

	while (tail-- && whole && (text.at[whole - 1] & 0xc0) == 0x80)
		whole--;
	if (cut && whole && text.at[whole - 1] >= 0xc0)
		whole--;
	return utf8_valid(text) || (cut && utf8_valid((struct bytes){ text.at, whole }));
}

static void
message_tell(struct ws *ws, uint32_t code, uint64_t count, struct slice data, struct moves *out)
{
	bool text = opcode(code) == WS_TEXT && !ws->garbled && !ws->extension.foreign;
	bool valid = !text || text_valid(data.bytes, ws->cut);

	code |= ws->cut || ws->garbled ? WS_CUT : 0;
	ws_edge(ws, code, slice_ref(data), out);
	ws_tell(ws, PART_MESSAGE, code, count, data, out);
	if (!valid)
		ws_fault(ws, "RFC 6455 section 8.1: a text message is not valid UTF-8", out);
}

static void
inflate_piece(struct ws *ws, struct bytes piece, bool last, struct moves *out)
{
	char words[256] = "RFC 7692 section 7.2.2: a compressed message is broken: ";
	struct fault why;

	if (ws->garbled || inflater_message(ws->inflater, piece, last, &ws->data, &ws->cut, &why))
		return;
	ws->garbled = ws->window_lost = true;
	strncat(words, why.text, sizeof(words) - strlen(words) - 1);
	ws_fault(ws, words, out);
}

static void
compressed_take(struct ws *ws, struct bytes payload, struct moves *out)
{
	uint8_t piece[PIECE];

	for (uint64_t at = ws->came; payload.len; ) {
		size_t n = least(payload.len, PIECE);

		ws_unmask(piece, payload.at, n, ws->frame.mask, at);
		inflate_piece(ws, (struct bytes){ piece, n }, false, out);
		at += n;
		take(&payload, n);
	}
}

static void
plain_take(struct ws *ws, struct bytes payload)
{
	size_t fits = least(payload.len, ws->data.limit - ws->data.len);
	uint8_t *to = fits ? buf_room(&ws->data, fits) : NULL;

	ws->cut |= fits < payload.len;
	if (!to)
		return;
	ws_unmask(to, payload.at, fits, ws->frame.mask, ws->came);
	buf_grew(&ws->data, fits);
}

/* A message of one frame that is all there needs no buffer. True: it was one. */
static bool
whole_message(struct ws *ws, struct bytes payload, struct moves *out)
{
	struct slice data = { 0 };
	uint8_t *to;

	if (ws->in_message || ws->came || payload.len < ws->frame.length || payload.len > OBSERVE_MESSAGE_MAX ||
			!(ws->frame.code & WS_FIN) || ws->code & WS_DEFLATED)
		return false;
	if (payload.len) {
		data = slice_new(payload.len, &to);
		ws_unmask(to, payload.at, payload.len, ws->frame.mask, 0);
	}
	message_tell(ws, ws->code, payload.len, data, out);
	return true;
}

static void
data_end(struct ws *ws, struct moves *out)
{
	bool last = ws->frame.code & WS_FIN, pieces = ws->in_message || !last;

	if (pieces)
		ws_tell(ws, PART_FRAME, ws->frame.code, ws->frame.length, (struct slice){ 0 }, out);
	ws->in_message = !last;
	if (!last)
		return;
	if (ws->code & WS_DEFLATED)
		inflate_piece(ws, (struct bytes){ 0 }, true, out);
	message_tell(ws, ws->code | WS_FIN | (pieces ? WS_PIECES : 0), ws->count, buf_seal(&ws->data), out);
}

static void
close_judge(struct ws *ws, struct bytes said, struct moves *out)
{
	ws->closed = true;
	if (said.len == 1)
		ws_fault(ws, "RFC 6455 section 5.5.1: a close frame of one byte", out);
	if (said.len < 2)
		return;
	if (!ws_close_code_valid((unsigned)said.at[0] << 8 | said.at[1]))
		ws_fault(ws, "RFC 6455 section 7.4: a close code that may not be sent", out);
	if (!utf8_valid((struct bytes){ said.at + 2, said.len - 2 }))
		ws_fault(ws, "RFC 6455 section 8.1: the reason of a close frame is not valid UTF-8", out);
}

static void
control_end(struct ws *ws, struct moves *out)
{
	struct bytes said = { ws->control, (size_t)ws->frame.length };

	ws_tell(ws, PART_MESSAGE, ws->frame.code, said.len, slice_copy(said), out);
	if (!ws->in_message)
		ws_edge(ws, ws->frame.code, (struct slice){ 0 }, out);
	if (opcode(ws->frame.code) == WS_CLOSE)
		close_judge(ws, said, out);
}

static void
payload_take(struct ws *ws, struct bytes payload, struct moves *out)
{
	bool control = is_control(ws->frame.code);

	ws->wire += payload.len;
	if (!control && whole_message(ws, payload, out)) {
		ws->in_frame = false;
		return;
	}
	if (control)
		ws_unmask(ws->control + ws->came, payload.at, payload.len, ws->frame.mask, ws->came);
	else if (ws->code & WS_DEFLATED)
		compressed_take(ws, payload, out);
	else
		plain_take(ws, payload);
	ws->came += payload.len;
	ws->count += control ? 0 : payload.len;
	if (ws->came < ws->frame.length)
		return;
	ws->in_frame = false;
	if (control)
		control_end(ws, out);
	else
		data_end(ws, out);
}

static bool
start(void *st, enum side side, const struct head *request, const struct head *response)
{
	struct ws *ws = st;

	(void)request;
	ws->side = side;
	ws->extension = ws_extension_of(side, response);
	buf_init(&ws->data, OBSERVE_MESSAGE_MAX);
	return true;
}

static void
raw_tell(struct ws *ws, struct bytes b, struct moves *out)
{
	if (b.len)
		ws_tell(ws, PART_DATA, 0, 0, slice_copy(b), out);
}

/* A frame's header, and as much of its payload as there is. False: lost. */
static bool
frame_take(struct ws *ws, struct bytes *more, struct moves *out)
{
	struct bytes payload = *more;

	if (!ws->in_frame) {
		if (!header_take(ws, more))
			return true;
		if (!frame_begin(ws, out))
			return false;
		payload = *more;
	}
	payload.len = least(payload.len, ws->frame.length - ws->came);
	take(more, payload.len);
	payload_take(ws, payload, out);
	return true;
}

static bool
data(void *st, struct bytes more, struct moves *out)
{
	struct ws *ws = st;

	if (!ws->judged && ws->extension.wrong && ws->side == SERVER)
		ws_fault(ws, "RFC 7692 section 7.1: the answer's parameters of permessage-deflate are wrong", out);
	ws->judged = true;
	while (more.len)
		if (!frame_take(ws, &more, out)) {
			raw_tell(ws, (struct bytes){ ws->header, ws->headed }, out);
			raw_tell(ws, more, out);
			return false;
		}
	return true;
}

/* What there is of what did not end: it stays readable. */
static void
rest_tell(struct ws *ws, struct moves *out)
{
	bool control = ws->in_frame && is_control(ws->frame.code);
	struct bytes said = { ws->control, (size_t)ws->came };

	if (ws->in_message || (ws->in_frame && !control)) {
		ws->cut = true;
		message_tell(ws, ws->code | (ws->in_message ? WS_PIECES : 0), ws->count, buf_seal(&ws->data), out);
	}
	if (control)
		ws_tell(ws, PART_MESSAGE, ws->frame.code | WS_CUT, ws->came, slice_copy(said), out);
	raw_tell(ws, (struct bytes){ ws->header, ws->headed }, out);
}

static void
end(void *st, bool broken, struct moves *out)
{
	struct ws *ws = st;

	rest_tell(ws, out);
	if (!broken && (ws->in_frame || ws->headed))
		ws_fault(ws, "RFC 6455 section 5.2: it ends inside a frame", out);
	else if (!broken && ws->in_message)
		ws_fault(ws, "RFC 6455 section 5.4: it ends inside a message", out);
}

static void
stop(void *st)
{
	struct ws *ws = st;

	buf_release(&ws->data);
	inflater_free(ws->inflater);
}

const struct observer_ops observe_ws = { PROTOCOL_WEBSOCKET, true, sizeof(struct ws), start, data, end, stop };
