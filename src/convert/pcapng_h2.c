/*
 * What is said in a flow, as HTTP/2 with prior knowledge (RFC 9113): one stream on a connection of its own.
 *
 *	frame	length 3, type 1, flags 1, stream 4
 *	field	00 length name length value: never indexed, nor in Huffman's code; a length's first byte has 7 bits
 *		of it, and when those are all set the rest follows, 7 bits a byte, the lowest first (RFC 7541 section 6.2.2)
 */
#include <string.h>

#include "pcapng_inside.h"

enum {
	FRAME_DATA = 0, FRAME_HEADERS = 1, FRAME_RST_STREAM = 3, FRAME_SETTINGS = 4, FRAME_WINDOW_UPDATE = 8,
	FRAME_CONTINUATION = 9,
	END_STREAM = 1, ACK = 1, END_HEADERS = 4,
	SETTING_INITIAL_WINDOW_SIZE = 4, SETTING_ENABLE_CONNECT_PROTOCOL = 8,
	CANCEL = 8, STREAM = 1, FRAME_MAX = 16384, FRAME_SIZE = 9,
	WINDOW = 0x7fffffff, WINDOW_AT_FIRST = 65535,
	LIST_MAX = 64 << 20,
};

static void
frame(struct speech *s, enum side side, unsigned type, unsigned flags, uint32_t stream, struct bytes payload)
{
	uint8_t head[FRAME_SIZE];

	put32(head, (uint32_t)payload.len << 8 | type);
	head[4] = (uint8_t)flags;
	put32(head + 5, stream);
	talk_put(s->talk, side, (struct bytes){ head, sizeof(head) });
	talk_put(s->talk, side, payload);
}

/* So wide that nobody need widen windows afterwards. */
static void
settings(struct speech *s, enum side side)
{
	uint8_t setting[12], window[4];
	uint8_t *at = put32(put16(setting, SETTING_INITIAL_WINDOW_SIZE), WINDOW);

	if (side == SERVER)
		at = put32(put16(at, SETTING_ENABLE_CONNECT_PROTOCOL), 1);
	frame(s, side, FRAME_SETTINGS, 0, 0, (struct bytes){ setting, (size_t)(at - setting) });
	put32(window, WINDOW - WINDOW_AT_FIRST);
	frame(s, side, FRAME_WINDOW_UPDATE, 0, 0, (struct bytes){ window, sizeof(window) });
}

void
speech_h2_open(struct speech *s)
{
	talk_put(s->talk, CLIENT, LIT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
	settings(s, CLIENT);
	settings(s, SERVER);
	frame(s, SERVER, FRAME_SETTINGS, ACK, 0, (struct bytes){ 0 });
	frame(s, CLIENT, FRAME_SETTINGS, ACK, 0, (struct bytes){ 0 });
	talk_flush(s->talk);
}

/* RFC 7541 section 5.1, with a prefix of 7 bits. */
static void
list_length(struct buf *list, size_t n)
{
	uint8_t out[12], *at = out;

	*at++ = (uint8_t)(n < 127 ? n : 127);
	if (n >= 127) {
		for (n -= 127; n > 127; n >>= 7)
			*at++ = (uint8_t)(n | 0x80);
		*at++ = (uint8_t)n;
	}
	if (!buf_add(list, (struct bytes){ out, (size_t)(at - out) }))
		return;
}

static void
list_add(struct buf *list, struct bytes name, struct bytes value)
{
	uint8_t *at;

	if (list->limit - list->len < name.len + value.len + 32)
		return;
	if (!buf_add(list, LIT("\0")))
		return;
	list_length(list, name.len);
	at = buf_room(list, name.len);
	for (size_t i = 0; at && i < name.len; i++)
		at[i] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? name.at[i] | 0x20 : name.at[i];
	buf_grew(list, at ? name.len : 0);
	list_length(list, value.len);
	if (value.len && !buf_add(list, value))
		return;
}

/* What has no place in HTTP/2 (RFC 9113 section 8.2.2), or is a pseudo-header field. */
static bool
left_out(const struct head *h, struct field f)
{
	static const char *const names[] = { "connection", "keep-alive", "proxy-connection", "transfer-encoding",
		"upgrade", "http2-settings" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (bytes_like(f.name, names[i]))
			return true;
	if (bytes_like(f.name, "te"))
		return !bytes_like(f.value, "trailers");
	return head_kind(h) == HEAD_REQUEST && bytes_like(f.name, "host");
}

/* An absolute target in its parts; else all of it is the path (RFC 9112 section 3.2). */
struct target { struct bytes scheme, authority, path; };

static struct target
target_of(const struct head *h)
{
	struct bytes all = head_target(h), rest;
	const uint8_t *colon = all.len ? memmem(all.at, all.len, "://", 3) : NULL;
	size_t n = 0;

	if (!colon || *all.at == '/')
		return (struct target){ .path = all };
	rest = bytes_from(all, (size_t)(colon - all.at) + 3);
	while (n < rest.len && rest.at[n] != '/' && rest.at[n] != '?')
		n++;
	return (struct target){ { all.at, (size_t)(colon - all.at) }, { rest.at, n }, bytes_from(rest, n) };
}

static struct bytes
either(struct bytes first, struct bytes second)
{
	return first.len ? first : second;
}

static void
list_request(const struct speech *s, struct buf *list, const struct head *h)
{
	const struct bytes host = head_find(h, "host"), method = head_method(h), protocol = head_find(h, "upgrade");
	const struct origin *o = s->flow->origin;
	const bool connect = bytes_are(method, "CONNECT"), bytes = connect && !protocol.len;
	const struct target t = target_of(h);

	list_add(list, LIT(":method"), method);
	if (bytes) {
		list_add(list, LIT(":authority"), t.path);
		return;
	}
	if (connect)
		list_add(list, LIT(":protocol"), protocol);
	list_add(list, LIT(":scheme"), either(t.scheme, o ? o->scheme : LIT("http")));
	if (host.len || t.authority.len)
		list_add(list, LIT(":authority"), either(host, t.authority));
	list_add(list, LIT(":path"), either(t.path, bytes_are(method, "OPTIONS") ? LIT("*") : LIT("/")));
}

/* 101 is not in HTTP/2: an extended CONNECT is answered by 200 (RFC 8441). */
static void
list_response(struct buf *list, const struct head *h)
{
	char status[8];

	snprintf(status, sizeof(status), "%03u", head_status(h) == 101 ? 200 : head_status(h) % 1000);
	list_add(list, LIT(":status"), bytes_of(status));
}

static void
put_list(struct speech *s, enum side side, struct bytes list, unsigned flags)
{
	unsigned type = FRAME_HEADERS;

	do {
		struct bytes piece = { list.at, list.len < FRAME_MAX ? list.len : FRAME_MAX };

		list = bytes_from(list, piece.len);
		frame(s, side, type, flags | (list.len ? 0 : END_HEADERS), STREAM, piece);
		type = FRAME_CONTINUATION;
		flags = 0;
	} while (list.len);
}

static void
put_head(struct speech *s, enum side side, const struct head *h, bool end)
{
	struct buf list;

	buf_init(&list, LIST_MAX);
	if (head_kind(h) == HEAD_REQUEST)
		list_request(s, &list, h);
	else if (head_kind(h) == HEAD_RESPONSE)
		list_response(&list, h);
	for (size_t i = 0; i < head_count(h); i++) {
		struct field f = head_field(h, i);

		if (!left_out(h, f))
			list_add(&list, f.name, f.value);
	}
	put_list(s, side, buf_bytes(&list), end ? END_STREAM : 0);
	s->ended[side] |= end;
	buf_release(&list);
}

static void
h2_head(struct speech *s, enum side side, const struct part *p)
{
	s->headed[side] = true;
	put_head(s, side, p->head, s->last);
	if (side == SERVER && speech_switches(s, p->head))
		s->raw = true;
}

static void
h2_trailer(struct speech *s, enum side side, const struct part *p)
{
	if (!s->ended[side])
		put_head(s, side, p->head, true);
}

/* Nothing of it, or some frames; the last ends the stream where it is the end. */
static void
put_data(struct speech *s, enum side side, struct bytes b, bool end)
{
	if (s->ended[side])
		return;
	do {
		struct bytes piece = { b.at, b.len < FRAME_MAX ? b.len : FRAME_MAX };

		b = bytes_from(b, piece.len);
		frame(s, side, FRAME_DATA, end && !b.len ? END_STREAM : 0, STREAM, piece);
	} while (b.len);
	s->ended[side] |= end;
}

static void
h2_data(struct speech *s, enum side side, const struct part *p)
{
	put_data(s, side, p->data.bytes, s->last);
}

static void
h2_message(struct speech *s, enum side side, const struct part *p)
{
	uint8_t head[SPEECH_FRAME_MAX];
	size_t n = speech_frame(side, p, head);

	speech_message(s, p);
	put_data(s, side, (struct bytes){ head, n }, false);
	if (p->data.bytes.len)
		put_data(s, side, p->data.bytes, s->last);
}

static void
h2_end(struct speech *s, enum side side, const struct part *p)
{
	(void)p;
	put_data(s, side, (struct bytes){ 0 }, true);
}

/* soth may answer in the place of a server that broke off before it said anything. */
static void
h2_reset(struct speech *s, enum side side, const struct part *p)
{
	uint8_t code[4];

	speech_reset(s, side, p);
	if (s->ended[side] || !s->headed[side])
		return;
	put32(code, CANCEL);
	frame(s, side, FRAME_RST_STREAM, 0, STREAM, (struct bytes){ code, sizeof(code) });
	s->ended[side] = true;
}

speech_part *const speech_h2[PART_COUNT] = {
	[PART_HEAD] = h2_head,
	[PART_DATA] = h2_data,
	[PART_SKIP] = speech_skipped,
	[PART_MESSAGE] = h2_message,
	[PART_TRAILER] = h2_trailer,
	[PART_END] = h2_end,
	[PART_RESET] = h2_reset,
	[PART_FAULT] = speech_fault,
};
