/* HTTP/1.x of either role: bytes to parts. What goes down is in h1_send.c. */
#include <string.h>

#include "h1_inside.h"

enum { IN_MAX = 4 << 20, IN_HIGH = 64 << 10, EMPTY_LINES_MAX = 4 };

static void
part_up(struct out *out, struct part p)
{
	out_up(out, (struct event){ .kind = EV_PART, .part = p });
}

static void
h1_broken(struct h1 *h, struct out *out, uint32_t status, const char *words)
{
	h->reading = READ_BROKEN;
	part_up(out, (struct part){ .kind = PART_RESET, .code = h->server ? status : 502, .data = slice_text(words) });
}

static void
h1_message_ended(struct h1 *h, struct out *out)
{
	part_up(out, (struct part){ .kind = PART_END });
	h->reading = h->server ? READ_WAIT : READ_HEAD;
	if (!h->server)
		h->outstanding = false;
}

/* Where the head ends, just past its empty line; 0: not yet there. A line that
 * ends in LF alone counts, so that it can be refused. */
static size_t
head_end(struct bytes b)
{
	const uint8_t *p = b.at, *end = b.at + b.len;

	while ((p = memchr(p, '\n', (size_t)(end - p)))) {
		p++;
		if (p < end && *p == '\n')
			return (size_t)(p - b.at) + 1;
		if (p + 1 < end && p[0] == '\r' && p[1] == '\n')
			return (size_t)(p - b.at) + 2;
	}
	return 0;
}

static bool
not_http(const struct h1 *h, struct bytes b)
{
	static const char start[] = "HTTP/";
	size_t n = b.len < sizeof(start) - 1 ? b.len : sizeof(start) - 1;

	return !h->server && memcmp(b.at, start, n);
}

static bool
interim(unsigned status)
{
	return status >= 100 && status < 200 && status != 101;
}

static void
h1_frame(struct h1 *h, struct out *out)
{
	switch (h->in_framing.kind) {
	case FRAMING_NONE:
		h1_message_ended(h, out);
		break;
	case FRAMING_LENGTH:
		h->left = h->in_framing.length;
		h->reading = READ_LENGTH;
		if (!h->left)
			h1_message_ended(h, out);
		break;
	case FRAMING_CHUNKED:
		chunked_init(&h->chunked, h->head_limit, h1_chunk, h);
		h->reading = READ_CHUNKED;
		break;
	case FRAMING_CLOSE:
		h->reading = READ_CLOSE;
		break;
	}
}

static void
h1_request(struct h1 *h, struct head *head, struct out *out)
{
	struct bytes method = head_method(head);

	h->method_len = method.len < sizeof(h->method) ? method.len : 0;
	memcpy(h->method, method.at, h->method_len);
	h->peer_persists = framing_persists(head);
	h->outstanding = true;
	part_up(out, (struct part){ .kind = PART_HEAD, .head = head });
	h1_frame(h, out);
}

static void
h1_response(struct h1 *h, struct head *head, struct out *out)
{
	unsigned status = head_status(head);
	bool tunnel = status == 101 || (bytes_are(h1_method(h), "CONNECT") && status / 100 == 2);

	part_up(out, (struct part){ .kind = PART_HEAD, .head = head });
	if (interim(status))
		return;
	h->peer_persists = framing_persists(head) && h->in_framing.kind != FRAMING_CLOSE;
	if (tunnel)
		h->reading = READ_SILENT;
	else
		h1_frame(h, out);
}

/* One head from the start of b; how much it took. */
static size_t
h1_head(struct h1 *h, struct bytes b, struct out *out)
{
	size_t len = head_end(b);
	struct fault why = { 0 };
	struct head *head;

	if (not_http(h, b)) {
		h1_broken(h, out, 502, "the server's answer is not HTTP/1");
		return 0;
	}
	if (len > h->head_limit || (!len && b.len > h->head_limit)) {
		h1_broken(h, out, 431, "the head is larger than head-size-limit");
		return 0;
	}
	if (!len)
		return 0;
	head = head_parse((struct bytes){ b.at, len }, h->server ? HEAD_REQUEST : HEAD_RESPONSE, &why);
	if (!head || !(h->server ? framing_request(head, &h->in_framing, &why) :
			framing_response(head, h1_method(h), &h->in_framing, &why))) {
		head_drop(head);
		h1_broken(h, out, 400, why.text);
		return 0;
	}
	if (h->server)
		h1_request(h, head, out);
	else if (h->outstanding)
		h1_response(h, head, out);
	else
		head_drop(head), h1_broken(h, out, 502, "the server answered a request that was not sent");
	return len;
}

void
h1_chunk(void *arg, struct bytes piece)
{
	struct h1 *h = arg;

	part_up(h->now_out, (struct part){ .kind = PART_DATA,
		.data = slice_cut(*h->now, (size_t)(piece.at - h->now->bytes.at), piece.len) });
}

static size_t
h1_chunks(struct h1 *h, const struct slice *from, struct bytes b, struct out *out)
{
	struct fault why = { 0 };
	struct head *trailer;
	bool ended;
	size_t used;

	h->now = from;
	h->now_out = out;
	used = chunked_feed(&h->chunked, b, &ended, &why);
	if (used == SIZE_MAX) {
		chunked_release(&h->chunked);
		h1_broken(h, out, 400, why.text);
		return 0;
	}
	if (!ended)
		return used;
	trailer = chunked_trailer(&h->chunked, &why);
	chunked_release(&h->chunked);
	if (*why.text) {
		h1_broken(h, out, 400, why.text);
		return 0;
	}
	if (trailer)
		part_up(out, (struct part){ .kind = PART_TRAILER, .head = trailer });
	h1_message_ended(h, out);
	return used;
}

/* As much of a body as there is. */
static size_t
h1_run(struct h1 *h, const struct slice *from, size_t at, struct out *out)
{
	size_t len = from->bytes.len - at;

	if (h->reading == READ_LENGTH && len > h->left)
		len = (size_t)h->left;
	part_up(out, (struct part){ .kind = PART_DATA, .data = slice_cut(*from, at, len) });
	if (h->reading == READ_LENGTH) {
		h->left -= len;
		if (!h->left)
			h1_message_ended(h, out);
	}
	return len;
}

/* A few empty lines before a request: RFC 9112 section 2.2. */
static size_t
empty_lines(const struct h1 *h, struct bytes b)
{
	size_t n = 0;

	while (h->server && n / 2 < EMPTY_LINES_MAX && b.len - n >= 2 && !memcmp(b.at + n, "\r\n", 2))
		n += 2;
	return n;
}

/* Reads what it may of `from`; how much. */
static size_t
h1_take(struct h1 *h, const struct slice *from, struct out *out)
{
	size_t at = 0, used = 1;

	while (at < from->bytes.len && used) {
		struct bytes b = { from->bytes.at + at, from->bytes.len - at };

		switch (h->reading) {
		case READ_HEAD:
			used = empty_lines(h, b);
			if (!used)
				used = h1_head(h, b, out);
			break;
		case READ_LENGTH:
		case READ_CLOSE:
			used = h1_run(h, from, at, out);
			break;
		case READ_CHUNKED:
			used = h1_chunks(h, from, b, out);
			break;
		case READ_WAIT:
		case READ_SILENT:
			used = 0;
			break;
		case READ_BROKEN:
			used = b.len;
			break;
		}
		at += used;
	}
	return at;
}

/* We stall the peer, or the owner does: the wire hears only of changes. */
static void
h1_stall(struct h1 *h, struct out *out)
{
	bool stalled = h->paused || h->in.len > IN_HIGH;

	if (stalled != h->stalled)
		out_down(out, (struct command){ .kind = stalled ? CMD_PAUSE : CMD_GO });
	h->stalled = stalled;
}

static void
h1_read(struct h1 *h, struct slice *data, struct out *out)
{
	size_t used;

	if (h->in.len && !buf_add(&h->in, data->bytes)) {
		h1_broken(h, out, 400, "more came than can be kept");
		return;
	}
	if (h->in.len) {
		slice_drop(data);
		*data = buf_seal(&h->in);
	}
	used = h->paused ? 0 : h1_take(h, data, out);
	if (used < data->bytes.len && !buf_add(&h->in, (struct bytes){ data->bytes.at + used, data->bytes.len - used }))
		h1_broken(h, out, 400, "more came than can be kept");
	h1_stall(h, out);
}

static bool
may_read_on(const struct h1 *h)
{
	return !h->paused && h->in.len && h->reading != READ_WAIT && h->reading != READ_SILENT;
}

static void
h1_end_of_file(struct h1 *h, struct out *out)
{
	switch (h->reading) {
	case READ_CLOSE:
		h->peer_persists = false;
		h1_message_ended(h, out);
		break;
	case READ_HEAD:
		if (h->in.len)
			h1_broken(h, out, 400, "the connection ended in the middle of a head");
		break;
	case READ_LENGTH:
	case READ_CHUNKED:
		h1_broken(h, out, 400, "the connection ended in the middle of a body");
		return;
	case READ_WAIT:
	case READ_SILENT:
	case READ_BROKEN:
		break;
	}
	out_up(out, (struct event){ .kind = EV_EOF });
}

void
h1_settle(void *st, struct out *out)
{
	struct h1 *h = st;

	if (may_read_on(h) && h->fresh) {
		struct slice data = buf_seal(&h->in);

		h->fresh = false;
		h1_read(h, &data, out);
		slice_drop(&data);
	}
	if (h->eof && !h->paused && (h->reading == READ_SILENT || !h->in.len || !may_read_on(h))) {
		if (h->reading == READ_WAIT && h->in.len)
			goto send;
		h->eof = false;
		h1_end_of_file(h, out);
	}
send:
	h1_stall(h, out);
	h1_flush(h, out);
}

static void
h1_event(void *st, struct event *ev, struct out *out)
{
	struct h1 *h = st;

	if (ev->kind == EV_DATA)
		h1_read(h, &ev->data, out);
	else if (ev->kind == EV_EOF)
		h->eof = true;		/* said when it settles, after all that came before */
	else
		pass_up(out, ev);
}

bool
h1_persists(const struct h1 *h)
{
	return h->peer_persists && h->self_persists && h->reading != READ_BROKEN;
}

bool
h1_idle(const struct h1 *h)
{
	return h->reading == READ_HEAD && !h->in.len && !h->outstanding;
}

static bool
h1_start(void *st, const void *args, struct out *out, struct fault *why)
{
	const struct h1_args *a = args;
	struct h1 *h = st;

	(void)out, (void)why;
	h->server = a->server;
	h->head_limit = a->head_limit;
	h->peer_persists = h->self_persists = true;
	buf_init(&h->in, IN_MAX + a->head_limit);
	buf_init(&h->out, SIZE_MAX / 2);
	return true;
}

static struct slice
h1_rest(void *st)
{
	struct h1 *h = st;

	return buf_seal(&h->in);
}

static void
h1_stop(void *st)
{
	struct h1 *h = st;

	if (h->reading == READ_CHUNKED)
		chunked_release(&h->chunked);
	head_drop(h->trailer);
	buf_release(&h->in);
	buf_release(&h->out);
}

const struct layer_ops layer_h1 = {
	.name = "h1",
	.size = sizeof(struct h1),
	.start = h1_start,
	.event = h1_event,
	.command = h1_command,
	.settle = h1_settle,
	.rest = h1_rest,
	.stop = h1_stop,
};
