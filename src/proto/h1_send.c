/* HTTP/1.x going out: parts become bytes, framed as their head says. */
#include <stdio.h>
#include <string.h>

#include "h1_inside.h"

static bool
is_interim(const struct head *head)
{
	return head_status(head) >= 100 && head_status(head) < 200 && head_status(head) != 101;
}

/* Room at once for the head and the body behind it, if that is small. */
static void
send_reserve(struct h1 *h, size_t head_len)
{
	enum { BODY_SMALL = 4096, CHUNK_MARKS = 32 };
	uint64_t body = h->framing.kind == FRAMED_LENGTH ? h->framing.length : 0;

	if (!buf_room(&h->gathered, head_len + CHUNK_MARKS + (body < BODY_SMALL ? (size_t)body : 0)))
		return;		/* adding will send what is there */
}

/* A whole body, framed so. */
static bool
is_body(struct framing framing, struct bytes rest)
{
	struct bytes data;
	struct body b;
	struct fault why;
	enum body_found found;

	if (framing.kind == FRAMED_NONE || framing.kind == FRAMED_CLOSE)
		return framing.kind == FRAMED_NONE && !rest.len;
	body_begin(&b, framing);
	while ((found = body_read(&b, &rest, &data, &why)) == BODY_DATA)
		;
	return found == BODY_TRAILER ? bytes_are(rest, "\r\n") : found == BODY_END && !rest.len;
}

/* One message, whose end is where the bytes end, and behind which another may follow. */
static bool
is_plain(const struct h1 *h, struct bytes b)
{
	const uint8_t *end = memmem(b.at, b.len, "\r\n\r\n", 4);
	size_t len = end ? (size_t)(end - b.at) + 4 : 0;
	struct fault why;
	struct head *head = end ? head_parse((struct bytes){ b.at, len }, h->server ? HEAD_RESPONSE : HEAD_REQUEST, &why) : NULL;
	bool plain = head && head_version(head) != HTTP_2 && !headers_check(head, &why) && headers_keep(head) && !is_interim(head) &&
		!head_has(head, "upgrade") &&
		is_body(headers_framing(head, h->server && h->request ? head_method(h->request) : head_method(head)), bytes_from(b, len));

	head_drop(head);
	return plain;
}

static void
send_head(struct h1 *h, struct head *head, struct out *out)
{
	struct bytes text = head_text(head);
	bool interim = h->server && is_interim(head);

	/* HTTP/1.0 knows no interim response (RFC 9110 section 15.2). */
	if (interim && h->request && head_version(h->request) == HTTP_1_0)
		return;
	if (!interim) {
		if (!h->server)
			h1_request(h, head_ref(head));
		h->framing = headers_framing(head, h->request ? head_method(h->request) : (struct bytes){ 0 });
		h->going = HALF_BODY;
		h->trailed = false;
		if (h->server)
			h1_response(h, head, h->framing);
		send_reserve(h, text.len);
	}
	if (h->instead.bytes.len) {
		h->framing = (struct framing){ .kind = FRAMED_NONE };
		h->keep = h->keep && is_plain(h, h->instead.bytes);
		gather_slice(&h->gathered, &h->instead, out);
		slice_drop(&h->instead);
		return;
	}
	gather_bytes(&h->gathered, text, out);
	/* The owner is about to put another layer in our place. */
	if (h->silent)
		gather_flush(&h->gathered, out);
}

void
h1_instead(struct h1 *h, struct slice bytes)
{
	slice_drop(&h->instead);
	h->instead = bytes;
}

static void
send_chunk(struct h1 *h, struct slice *data, struct out *out)
{
	char line[sizeof(size_t) * 2 + sizeof("\r\n")];
	int len = snprintf(line, sizeof(line), "%zx\r\n", data->bytes.len);

	gather_bytes(&h->gathered, (struct bytes){ (uint8_t *)line, (size_t)len }, out);
	gather_slice(&h->gathered, data, out);
	gather_bytes(&h->gathered, LIT("\r\n"), out);
}

static void
send_data(struct h1 *h, struct slice *data, struct out *out)
{
	switch (h->framing.kind) {
	case FRAMED_NONE:
		break;
	case FRAMED_LENGTH:
		/* More than was said would be read as the next message. */
		if (data->bytes.len > h->framing.length)
			data->bytes.len = (size_t)h->framing.length;
		h->framing.length -= data->bytes.len;
		gather_slice(&h->gathered, data, out);
		break;
	case FRAMED_CHUNKED:
		if (data->bytes.len)	/* a chunk of nothing would be the last */
			send_chunk(h, data, out);
		break;
	case FRAMED_CLOSE:
		gather_slice(&h->gathered, data, out);
		break;
	}
}

static void
send_trailer(struct h1 *h, const struct head *fields, struct out *out)
{
	if (h->framing.kind != FRAMED_CHUNKED || h->trailed)
		return;
	gather_bytes(&h->gathered, LIT("0\r\n"), out);
	gather_bytes(&h->gathered, head_text(fields), out);
	h->trailed = true;
}

/* The peer cannot tell that it has the whole message, or it has not. */
static void
send_close(struct h1 *h, struct out *out)
{
	h->keep = false;
	h->over = true;
	gather_flush(&h->gathered, out);
	out_down(out, (struct command){ .kind = CMD_CLOSE });
}

static void
send_end(struct h1 *h, struct out *out)
{
	h->going = HALF_ENDED;
	if (h->framing.kind == FRAMED_CHUNKED && !h->trailed)
		gather_bytes(&h->gathered, LIT("0\r\n\r\n"), out);
	if (h->framing.kind == FRAMED_LENGTH && h->framing.length) {
		send_close(h, out);
	} else if (h->server && !h->keep && !h->silent) {
		/* Servers only: many a server takes a client's for giving up. */
		gather_flush(&h->gathered, out);
		out_down(out, (struct command){ .kind = CMD_SHUT });
	}
	h1_turn(h);
}

void
h1_send(struct h1 *h, struct part *p, struct out *out)
{
	if (p->kind == PART_HEAD && h->going == HALF_IDLE) {
		send_head(h, p->head, out);
	} else if (p->kind == PART_RESET) {
		h->going = HALF_ENDED;
		send_close(h, out);
	} else if (h->going == HALF_BODY) {
		if (p->kind == PART_DATA)
			send_data(h, &p->data, out);
		else if (p->kind == PART_TRAILER)
			send_trailer(h, p->head, out);
		else if (p->kind == PART_END)
			send_end(h, out);
	}
}
