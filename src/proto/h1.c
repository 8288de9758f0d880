/* HTTP/1.x coming in: bytes become parts, one message after the other. */
#include <string.h>

#include "h1_inside.h"

enum {
	UNREAD_MAX = 64 << 20,	/* what lower layers may still have after a pause */
	UNREAD_HIGH = 64 << 10,	/* more waits for its turn: pause the peer */
	BLANKS_MAX = 4,
};

void
h1_request(struct h1 *h, struct head *head)
{
	head_drop(h->request);
	h->request = head;
	h->keep = h->keep && headers_keep(head);
}

void
h1_response(struct h1 *h, const struct head *head, struct framing framing)
{
	bool old = h->request && head_version(h->request) == HTTP_1_0;
	bool connect = h->request && bytes_are(head_method(h->request), "CONNECT");
	unsigned status = head_status(head);

	/* An HTTP/1.0 client takes silence for close. */
	h->keep = h->keep && headers_keep(head) && framing.kind != FRAMED_CLOSE &&
		(!old || head_lists(head, "connection", "keep-alive"));
	h->silent = status == 101 || (connect && status >= 200 && status < 300);
}

void
h1_turn(struct h1 *h)
{
	if (h->coming != HALF_ENDED || h->going != HALF_ENDED)
		return;
	head_drop(h->request);
	h->request = NULL;
	h->coming = h->going = HALF_IDLE;
	h->over = h->over || !h->keep;
}

bool
h1_persists(const struct h1 *h)
{
	return h->keep;
}

bool
h1_idle(const struct h1 *h)
{
	return h->coming == HALF_IDLE && h->going == HALF_IDLE && !h->in.bytes.len && !h->more.len;
}

bool
h1_eof(const struct h1 *h)
{
	return h->eof;
}

static void
up_part(struct out *out, struct part p)
{
	out_up(out, (struct event){ .kind = EV_PART, .part = p });
}

static void
unread_drop(struct h1 *h)
{
	slice_drop(&h->in);
	buf_release(&h->more);
}

/* Always false: nothing more is read. */
static bool
h1_break(struct h1 *h, unsigned code, const struct fault *why, struct out *out)
{
	h->over = true;
	h->keep = false;
	unread_drop(h);
	up_part(out, (struct part){ .kind = PART_RESET, .code = h->server ? code : 502,
		.data = slice_text(why->text) });
	return false;
}

static void
unread_eat(struct h1 *h, size_t n)
{
	if (n < h->in.bytes.len) {
		h->in.bytes.at += n;
		h->in.bytes.len -= n;
	} else {
		slice_drop(&h->in);
	}
}

static bool
unread_add(struct h1 *h, struct slice *data)
{
	if (!h->in.bytes.len && !h->more.len) {
		slice_drop(&h->in);
		h->in = *data;
		*data = (struct slice){ 0 };
		return true;
	}
	return buf_add(&h->more, data->bytes);
}

/* What is unread, in one piece. It is in h->more while more is added, so that
 * a head that comes byte by byte is not copied for each. */
static struct bytes
unread_view(struct h1 *h)
{
	if (h->in.bytes.len && h->more.len) {
		struct buf all;

		buf_init(&all, h->more.limit + h->in.bytes.len);
		if (buf_add(&all, h->in.bytes) && buf_add(&all, buf_bytes(&h->more))) {
			unread_drop(h);
			h->more = all;
			h->more.limit = UNREAD_MAX > all.len ? UNREAD_MAX : all.len;
		}
	}
	return h->in.bytes.len ? h->in.bytes : buf_bytes(&h->more);
}

/* To h->in what is in h->more, where h->in is empty. */
static void
unread_settle(struct h1 *h)
{
	if (!h->in.bytes.len && h->more.len)
		h->in = buf_seal(&h->more);
}

/* Looks for the empty line that ends fields; *end stays 0 where it is not
 * there yet. What is a line to one reader and none to another is refused. */
static unsigned
fields_end(struct h1 *h, struct bytes text, size_t *end, struct fault *why)
{
	bool long_enough = text.len > h->head_limit;
	size_t len = long_enough ? h->head_limit : text.len;
	const uint8_t *lf;

	while (h->scanned < len && (lf = memchr(text.at + h->scanned, '\n', len - h->scanned))) {
		size_t at = (size_t)(lf - text.at);

		bool whole = at > h->line && lf[-1] == '\r';

		if (!whole && !h->lenient) {
			fault(why, "a line ends without CR (RFC 9112 section 2.2)" HEADERS_MENDS);
			return 400;
		}
		if (at - h->line == whole) {
			*end = at + 1;
			return 0;
		}
		h->line = h->scanned = at + 1;
	}
	h->scanned = len;
	if (!long_enough)
		return 0;
	fault(why, "the head is longer than %zu bytes", h->head_limit);
	return 431;
}

/* The text of a head or a trailer section, once it is whole. */
static bool
read_fields(struct h1 *h, struct bytes *text, struct out *out)
{
	struct fault why;
	size_t end = 0;
	unsigned code = fields_end(h, unread_view(h), &end, &why);

	if (code)
		return h1_break(h, code, &why, out);
	if (!end)
		return false;
	h->line = h->scanned = 0;
	unread_settle(h);
	*text = (struct bytes){ h->in.bytes.at, end };
	return true;
}

static void
coming_ended(struct h1 *h, struct out *out)
{
	h->coming = HALF_ENDED;
	h->trailing = false;
	up_part(out, (struct part){ .kind = PART_END });
	h1_turn(h);
}

/* Some clients end a body with an empty line too many (RFC 9112 section 2.2). */
static bool
skip_blanks(struct h1 *h, struct bytes *text, struct out *out)
{
	while (text->len >= 2 && !memcmp(text->at, "\r\n", 2)) {
		if (++h->blanks > BLANKS_MAX)
			return h1_break(h, 400, &(struct fault){ "too many empty lines before a head (RFC 9112 section 2.2)" }, out);
		unread_settle(h);
		unread_eat(h, 2);
		*text = unread_view(h);
	}
	return text->len && !(text->len == 1 && *text->at == '\r');
}

static void
body_from(struct h1 *h, struct framing framing)
{
	body_begin(&h->body, framing);
	h->body.lenient = h->lenient;
	h->loose_told = false;
}

static bool
take_request(struct h1 *h, struct head *head, struct fault *why)
{
	(void)why;
	h1_request(h, head_ref(head));
	h->coming = HALF_BODY;
	body_from(h, headers_framing(head, head_method(head)));
	return true;
}

static bool
take_response(struct h1 *h, struct head *head, struct fault *why)
{
	unsigned status = head_status(head);
	struct framing framing = headers_framing(head, head_method(h->request));

	if (status == 101 && !head_has(h->request, "upgrade"))
		return fault(why, "101 answers a request that asked for no upgrade (RFC 9110 section 7.8)");
	if (status < 200 && status != 101)
		return true;
	h1_response(h, head, framing);
	h->coming = HALF_BODY;
	body_from(h, framing);
	return true;
}

/* NULL: *code is the status to refuse it with. */
static struct head *
judged(struct bytes text, enum head_kind kind, unsigned *code, struct fault *why)
{
	struct head *head = head_parse(text, kind, why);

	if (kind == HEAD_FIELDS)
		*code = head && headers_check_trailer(head, why) ? 0 : 400;
	else
		*code = !head ? 400 : head_version(head) == HTTP_2 ? 505 : headers_check(head, why);
	if (*code == 505)
		fault(why, "HTTP/2 in the form of HTTP/1 (RFC 9112 section 2.3)");
	if (!*code)
		return head;
	head_drop(head);
	return NULL;
}

/* What was refused, as it should have been written: for the lenient; to others it is said that it could be. */
static struct head *
mended_fields(struct h1 *h, struct bytes text, enum head_kind kind, unsigned *code, struct fault *why)
{
	struct fault first = *why;
	unsigned code_first = *code;
	struct head *head = NULL;
	struct mended mended;
	struct buf out;

	buf_init(&out, text.len * 2 + sizeof("\r\n"));
	if (mend_head(text, kind, &out, &mended))
		head = judged(buf_bytes(&out), kind, code, why);
	buf_release(&out);
	if (head && !h->lenient) {
		head_drop(head);
		*why = first;
		*code = code_first;
		headers_mends(why);
		return NULL;
	}
	h->mended = head ? mended : h->mended;
	return head;
}

/* Likewise, and mended where it may be. */
static struct head *
take_fields(struct h1 *h, struct bytes text, enum head_kind kind, unsigned *code, struct fault *why)
{
	struct head *head = judged(text, kind, code, why);

	return head ? head : mended_fields(h, text, kind, code, why);
}

/* An interim answer's waits for the one behind it. */
static void
mended_tell(struct h1 *h, struct out *out)
{
	struct fault words;

	if (!*h->mended.first.text || h->coming == HALF_IDLE)
		return;
	mended_words(&h->mended, &words);
	h->mended = (struct mended){ 0 };
	up_part(out, (struct part){ .kind = PART_FAULT, .data = slice_text(words.text) });
}

static bool
take_head(struct h1 *h, struct bytes text, struct out *out)
{
	struct fault why;
	unsigned code;
	struct head *head = take_fields(h, text, h->server ? HEAD_REQUEST : HEAD_RESPONSE, &code, &why);

	if (!code && !(h->server ? take_request : take_response)(h, head, &why))
		code = 502;
	if (code) {
		head_drop(head);
		return h1_break(h, code, &why, out);
	}
	h->blanks = 0;
	unread_eat(h, text.len);
	up_part(out, (struct part){ .kind = PART_HEAD, .head = head });
	mended_tell(h, out);
	return true;
}

static bool
read_head(struct h1 *h, struct out *out)
{
	struct bytes text = unread_view(h);

	if (!h->scanned && !skip_blanks(h, &text, out))
		return false;
	if (!h->server && h->going == HALF_IDLE)
		return h1_break(h, 502, &(struct fault){ "an answer came to no request (RFC 9112 section 9.3)" }, out);
	return read_fields(h, &text, out) && take_head(h, text, out);
}

static bool
read_trailer(struct h1 *h, struct out *out)
{
	struct bytes text;
	struct fault why;

	if (!read_fields(h, &text, out))
		return false;
	if (text.len > sizeof("\r\n") - 1) {
		unsigned code;
		struct head *fields = take_fields(h, text, HEAD_FIELDS, &code, &why);

		if (!fields)
			return h1_break(h, code, &why, out);
		up_part(out, (struct part){ .kind = PART_TRAILER, .head = fields });
		mended_tell(h, out);
	}
	unread_eat(h, text.len);
	coming_ended(h, out);
	return true;
}

/* Once for a body. */
static void
loose_tell(struct h1 *h, struct out *out)
{
	h->loose_told = true;
	up_part(out, (struct part){ .kind = PART_FAULT,
		.data = slice_text("white space behind a chunk's size (RFC 9112 section 7.1): mended") });
}

static bool
read_body(struct h1 *h, struct out *out)
{
	struct bytes rest, data;
	struct fault why;
	enum body_found found;

	unread_settle(h);
	rest = h->in.bytes;
	found = body_read(&h->body, &rest, &data, &why);
	if (found == BODY_BAD)
		return h1_break(h, 400, &why, out);
	if (h->body.loose && !h->loose_told)
		loose_tell(h, out);
	if (found == BODY_DATA)
		up_part(out, (struct part){ .kind = PART_DATA,
			.data = slice_cut(h->in, (size_t)(data.at - h->in.bytes.at), data.len) });
	unread_eat(h, h->in.bytes.len - rest.len);
	if (found == BODY_END)
		coming_ended(h, out);
	else if (found == BODY_TRAILER)
		h->trailing = true;
	return found != BODY_MORE || h->more.len;
}

/* True: something was done, and more may be. */
static bool
h1_step(struct h1 *h, struct out *out)
{
	switch (h->coming) {
	case HALF_IDLE:
		return read_head(h, out);
	case HALF_BODY:
		return h->trailing ? read_trailer(h, out) : read_body(h, out);
	case HALF_ENDED:
		break;
	}
	return false;
}

/* All that came was read, and the peer sends no more. */
static void
h1_ended(struct h1 *h, struct out *out)
{
	bool unread = h->in.bytes.len || h->more.len;

	if (h->coming == HALF_ENDED && unread && !h->over && !h->silent)
		return;		/* its turn comes */
	h->eof_told = true;
	if (h->over || h->silent) {
		/* As it is. */
	} else if (h->coming == HALF_BODY && h->body.framing.kind == FRAMED_CLOSE) {
		coming_ended(h, out);
	} else if (h->coming == HALF_BODY || unread) {
		h1_break(h, 400, &(struct fault){ "the connection ended inside a message (RFC 9112 section 8)" }, out);
		return;
	}
	out_up(out, (struct event){ .kind = EV_EOF });
}

/* While what waits is for the next exchange, the peer shall wait too. */
static void
h1_throttle(struct h1 *h, struct out *out)
{
	bool high = h->in.bytes.len + h->more.len > UNREAD_HIGH;
	bool stop = h->paused || (h->coming == HALF_ENDED && high && !h->silent);

	if (stop == h->stopped)
		return;
	h->stopped = stop;
	out_down(out, (struct command){ .kind = stop ? CMD_PAUSE : CMD_GO });
}

static void
h1_read(struct h1 *h, struct out *out)
{
	while (!h->paused && !h->silent && !h->over && h1_step(h, out))
		;
	if (h->over)
		unread_drop(h);
	if (h->eof && !h->eof_told && !h->paused)
		h1_ended(h, out);
	h1_throttle(h, out);
}

static bool
h1_start(void *st, const void *args, struct out *out, struct fault *why)
{
	const struct h1_args *a = args;
	struct h1 *h = st;

	(void)out, (void)why;
	h->server = a->server;
	h->head_limit = a->head_limit;
	h->lenient = a->lenient;
	h->keep = true;
	buf_init(&h->more, UNREAD_MAX);
	gather_init(&h->gathered);
	return true;
}

static void
h1_event(void *st, struct event *ev, struct out *out)
{
	struct h1 *h = st;

	if (ev->kind == EV_DATA) {
		if (h->over)
			return;
		if (!unread_add(h, &ev->data))
			h1_break(h, 400, &(struct fault){ "too much was sent ahead" }, out);
		h1_read(h, out);
	} else if (ev->kind == EV_EOF) {
		h->eof = true;
		h1_read(h, out);
	} else {
		pass_up(out, ev);
	}
}

/* What a command makes readable is read when the layer settles: whoever gave
 * it is in the middle of something, and shall not hear the next request there. */
static void
h1_command(void *st, struct command *cmd, struct out *out)
{
	struct h1 *h = st;

	switch (cmd->kind) {
	case CMD_PART:
		h1_send(h, &cmd->part, out);
		h1_throttle(h, out);
		break;
	case CMD_PAUSE:
	case CMD_GO:
		h->paused = cmd->kind == CMD_PAUSE;
		h1_throttle(h, out);
		break;
	case CMD_SEND:
	case CMD_SHUT:
	case CMD_CLOSE:
	case CMD_ALERT:
	case CMD_ABORT:
		gather_flush(&h->gathered, out);
		pass_down(out, cmd);
		break;
	}
}

static void
h1_settle(void *st, struct out *out)
{
	struct h1 *h = st;

	gather_flush(&h->gathered, out);
	h1_read(h, out);
}

static struct slice
h1_rest(void *st)
{
	struct h1 *h = st;
	struct slice rest;

	unread_view(h);
	unread_settle(h);
	rest = h->in;
	h->in = (struct slice){ 0 };
	return rest;
}

static void
h1_stop(void *st)
{
	struct h1 *h = st;

	unread_drop(h);
	buf_release(&h->gathered);
	head_drop(h->request);
	slice_drop(&h->instead);
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
