/*
 * What is said in a flow, as bytes of HTTP/1.1 (RFC 9112), of WebSocket frames
 * (RFC 6455), of a tunnel, or as datagrams.
 *
 *	frame	FIN RSV opcode 1, MASK and length 1, length 0 2 8, mask 0 4, payload
 */
#include <string.h>

#include "pcapng_inside.h"

enum { WORDS_MOST = 300 };

static void
put(struct speech *s, enum side side, struct bytes b)
{
	talk_put(s->talk, side, b);
}

bool
speech_switches(const struct speech *s, const struct head *answer)
{
	const struct head *request = s->flow->half[CLIENT].head;
	unsigned status = head_status(answer);

	return status == 101 || (request && bytes_are(head_method(request), "CONNECT") && status >= 200 && status < 300);
}

/* RFC 9112 section 6.3. */
bool
speech_bodiless(const struct speech *s, enum side side, const struct head *h)
{
	const struct head *request = s->flow->half[CLIENT].head;
	unsigned status = head_status(h);

	if (side == CLIENT)
		return false;
	return status < 200 || status == 204 || status == 304 ||
		(request && bytes_are(head_method(request), "HEAD"));
}

/* An answer that came by HTTP/2, as it went on: with a line of its own, and in
 * chunks where nothing says how long it is. */
static void
put_translated(struct speech *s, const struct head *h, bool chunks)
{
	struct bytes text = head_text(h);
	const uint8_t *fields = memmem(text.at, text.len, "\r\n", 2);
	char line[32];

	snprintf(line, sizeof(line), "HTTP/1.1 %03u ", head_status(h) % 1000);
	put(s, SERVER, bytes_of(line));
	text = bytes_from(text, fields ? (size_t)(fields - text.at) : 0);
	if (chunks && text.len >= 2) {
		put(s, SERVER, (struct bytes){ text.at, text.len - 2 });
		text = LIT("transfer-encoding: chunked\r\n\r\n");
	}
	put(s, SERVER, text);
}

static void
http_head(struct speech *s, enum side side, const struct part *p)
{
	const struct head *h = p->head;
	const bool translated = side == SERVER && head_version(h) == HTTP_2;
	const bool body = !speech_bodiless(s, side, h);
	const bool chunks = body && translated && !head_has(h, "content-length");

	if (translated)
		put_translated(s, h, chunks);
	else
		put(s, side, head_text(h));
	s->chunked[side] = chunks || (body && !translated && head_lists(h, "transfer-encoding", "chunked"));
	if (side == SERVER && speech_switches(s, h)) {
		s->raw = true;
		s->chunked[CLIENT] = s->chunked[SERVER] = false;
	}
}

static void
http_data(struct speech *s, enum side side, const struct part *p)
{
	char line[24];

	if (!s->chunked[side]) {
		put(s, side, p->data.bytes);
		return;
	}
	if (!p->data.bytes.len)
		return;
	snprintf(line, sizeof(line), "%zx\r\n", p->data.bytes.len);
	put(s, side, bytes_of(line));
	put(s, side, p->data.bytes);
	put(s, side, LIT("\r\n"));
}

static void
http_trailer(struct speech *s, enum side side, const struct part *p)
{
	head_drop(s->trailer[side]);
	s->trailer[side] = head_ref(p->head);
}

static void
http_end(struct speech *s, enum side side, const struct part *p)
{
	struct bytes trailer = s->trailer[side] ? head_text(s->trailer[side]) : LIT("\r\n");

	(void)p;
	if (s->chunked[side] && !s->ended[side]) {
		put(s, side, LIT("0\r\n"));
		put(s, side, trailer);
	}
	s->ended[side] = true;
	if (s->raw)
		talk_close(s->talk, side);
}

size_t
speech_frame(enum side side, const struct part *message, uint8_t to[SPEECH_FRAME_MAX])
{
	const uint64_t len = message->data.bytes.len;
	uint8_t *at = to;

	*at++ = (uint8_t)(WS_FIN | (message->code & WS_OPCODE));
	if (len < 126) {
		*at++ = (uint8_t)len;
	} else if (len <= UINT16_MAX) {
		*at++ = 126;
		at = put16(at, (uint32_t)len);
	} else {
		*at++ = 127;
		at = put32(put32(at, (uint32_t)(len >> 32)), (uint32_t)len);
	}
	if (side == CLIENT) {
		to[1] |= 0x80;
		at = put32(at, 0);
	}
	return (size_t)(at - to);
}

static void
http_message(struct speech *s, enum side side, const struct part *p)
{
	uint8_t head[SPEECH_FRAME_MAX];
	size_t n = speech_frame(side, p, head);

	speech_message(s, p);
	put(s, side, (struct bytes){ head, n });
	put(s, side, p->data.bytes);
}

/* What of a message is not as it was. */
void
speech_message(struct speech *s, const struct part *p)
{
	if (p->code & WS_CUT)
		talk_comment(s->talk, "the beginning alone of a message of %llu bytes", (unsigned long long)p->count);
	if (p->code & WS_PIECES)
		talk_comment(s->talk, "it came in more than one frame");
	if (p->code & WS_DEFLATED)
		talk_comment(s->talk, "it was compressed, to %llu bytes", (unsigned long long)p->count);
}

static const char *
whose(enum side side)
{
	return side == CLIENT ? "client" : "server";
}

void
speech_skipped(struct speech *s, enum side side, const struct part *p)
{
	talk_comment(s->talk, "%llu bytes of the %s's before this packet were not recorded",
		(unsigned long long)p->count, whose(side));
}

void
speech_fault(struct speech *s, enum side side, const struct part *p)
{
	talk_comment(s->talk, "the %s: ", whose(side));
	talk_comment_text(s->talk, p->data.bytes, WORDS_MOST);
}

void
speech_reset(struct speech *s, enum side side, const struct part *p)
{
	talk_comment(s->talk, "the %s broke off: ", whose(side));
	talk_comment_text(s->talk, p->data.bytes, WORDS_MOST);
}

static void
udp_data(struct speech *s, enum side side, const struct part *p)
{
	talk_datagram(s->talk, side, p->data.bytes);
}

speech_part *const speech_http[PART_COUNT] = {
	[PART_HEAD] = http_head,
	[PART_DATA] = http_data,
	[PART_SKIP] = speech_skipped,
	[PART_MESSAGE] = http_message,
	[PART_TRAILER] = http_trailer,
	[PART_END] = http_end,
	[PART_RESET] = speech_reset,
	[PART_FAULT] = speech_fault,
};

speech_part *const speech_udp[PART_COUNT] = {
	[PART_DATA] = udp_data,
	[PART_SKIP] = speech_skipped,
	[PART_RESET] = speech_reset,
	[PART_FAULT] = speech_fault,
};
