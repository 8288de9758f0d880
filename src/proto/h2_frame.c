/* Each frame's head before nghttp2 has it: what it does not refuse or forget, and words for what it refuses. */
#include <stdio.h>
#include <string.h>

#include "h2_inside.h"

enum {
	CREDIT = 10, CREDIT_BYTES = 256,	/* a DATA or HEADERS frame; each so many bytes */
	FRAME_MAX = 16384,
};

/* RFC 9113 section 4.1 */
struct frame_head {
	uint32_t length;
	uint8_t type, flags;
	uint32_t stream;
};

static struct frame_head
head_of(const uint8_t at[9])
{
	return (struct frame_head){
		.length = (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2],
		.type = at[3], .flags = at[4],
		.stream = (uint32_t)(at[5] & 0x7f) << 24 | (uint32_t)at[6] << 16 | (uint32_t)at[7] << 8 | at[8],
	};
}

void
h2_frame_credit(struct h2 *h, size_t bytes)
{
	size_t credit = CREDIT + bytes / CREDIT_BYTES;

	h->idle -= h->idle < credit ? h->idle : (unsigned)credit;
}

static void
frame_idle(struct h2 *h)
{
	if (++h->idle > H2_IDLE_MAX)
		h2_broken(h, H2_ENHANCE_YOUR_CALM, "RFC 9113 section 10.5: too many frames that carry nothing");
}

void
h2_seen(struct h2 *h, uint32_t id)
{
	h->seen[h->seens++ % H2_SEEN] = (struct h2_seen){ id, false };
	h->seen_last = id;
}

/* Where it is in the ring, newest first; NULL: not there. */
static struct h2_seen *
seen_find(struct h2 *h, uint32_t id)
{
	unsigned count = h->seens < H2_SEEN ? h->seens : H2_SEEN;

	for (unsigned i = 1; i <= count; i++) {
		struct h2_seen *s = &h->seen[(h->seens - i) % H2_SEEN];

		if (s->id <= id)
			return s->id == id ? s : NULL;
	}
	return NULL;
}

void
h2_seen_end(struct h2 *h, uint32_t id)
{
	struct h2_stream *there = h2_stream(h, (int32_t)id);
	struct h2_seen *s = seen_find(h, id);

	if (there)
		there->closed = true;
	if (s)
		s->ended = true;
}

enum past { PAST_NOTHING, PAST_ENDED, PAST_PASSED_OVER };

/* What forbids the peer to send on a stream. */
static enum past
stream_past(struct h2 *h, uint32_t id)
{
	const struct h2_stream *there = h2_stream(h, (int32_t)id);
	const struct h2_seen *s = !there && id <= h->seen_last ? seen_find(h, id) : NULL;
	uint32_t oldest = h->seens > H2_SEEN ? h->seen[h->seens % H2_SEEN].id : 0;

	if (there || s)
		return (there ? there->closed : s->ended) ? PAST_ENDED : PAST_NOTHING;
	/* Those before the oldest that we know may have been opened. */
	return id % 2 && id > oldest && id < h->seen_last ? PAST_PASSED_OVER : PAST_NOTHING;
}

/* nghttp2 forgets streams that are over, and does not miss those passed over. */
static void
see_message(struct h2 *h, const struct frame_head *f)
{
	enum past past = stream_past(h, f->stream);

	if (h->args.server && f->type == NGHTTP2_HEADERS && f->stream % 2 && f->stream > h->seen_last)
		h2_seen(h, f->stream);
	if (past == PAST_ENDED)
		h2_broken(h, H2_STREAM_CLOSED, "RFC 9113 section 5.1: a frame on a stream that was ended");
	else if (past == PAST_PASSED_OVER)
		h2_broken(h, H2_PROTOCOL_ERROR, "RFC 9113 section 5.1.1: a frame on a stream that was passed over");
	else if (f->length || f->flags & NGHTTP2_FLAG_END_STREAM)
		h2_frame_credit(h, f->type == NGHTTP2_DATA ? f->length : 0);
	else
		frame_idle(h);
	h->continuations = 0;
}

static void
see_continuation(struct h2 *h, const struct frame_head *f)
{
	(void)f;
	if (++h->continuations > H2_CONTINUATIONS_MAX + h->args.head_limit / FRAME_MAX)
		h2_broken(h, H2_ENHANCE_YOUR_CALM, "RFC 9113 section 10.5: a head comes in too many CONTINUATION frames");
}

static void
see_promise(struct h2 *h, const struct frame_head *f)
{
	(void)f;
	if (!h->args.server)
		h2_broken(h, H2_PROTOCOL_ERROR, "RFC 9113 section 8.4: PUSH_PROMISE, though push is switched off");
}

static void
see_other(struct h2 *h, const struct frame_head *f)
{
	(void)f;
	frame_idle(h);
}

static void (*const see[])(struct h2 *h, const struct frame_head *f) = {
	[NGHTTP2_DATA] = see_message,
	[NGHTTP2_HEADERS] = see_message,
	[NGHTTP2_PRIORITY] = see_other,
	[NGHTTP2_RST_STREAM] = see_other,
	[NGHTTP2_SETTINGS] = see_other,
	[NGHTTP2_PUSH_PROMISE] = see_promise,
	[NGHTTP2_PING] = see_other,
	[NGHTTP2_GOAWAY] = see_other,
	[NGHTTP2_WINDOW_UPDATE] = see_other,
	[NGHTTP2_CONTINUATION] = see_continuation,
};

/* A server that speaks HTTP/2 sends SETTINGS first. */
static bool
is_alien(const struct h2 *h, const struct frame_head *f)
{
	return !h->args.server && !h->frame.any &&
		(f->type != NGHTTP2_SETTINGS || f->flags & NGHTTP2_FLAG_ACK || f->stream || f->length > FRAME_MAX);
}

static void
frame_begins(struct h2 *h)
{
	struct frame_head f = head_of(h->frame.head);

	if (is_alien(h, &f)) {
		h->alien = true;
		h2_broken(h, H2_PROTOCOL_ERROR, "RFC 9113 section 3.4: what answered speaks no HTTP/2");
	} else {
		(f.type < ARRAY_LEN(see) ? see[f.type] : see_other)(h, &f);
	}
	h->frame.any = true;
	h->frame.have = 0;
	h->frame.left = f.length;
}

static size_t
less(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t
h2_frame_pass(struct h2 *h, struct bytes b)
{
	struct h2_frame *f = &h->frame;
	size_t n;

	if (f->preface) {
		n = less(f->preface, b.len);
		f->preface -= (unsigned)n;
		return n;
	}
	if (!f->left) {
		n = less(sizeof(f->head) - f->have, b.len);
		memcpy(f->head + f->have, b.at, n);
		f->have += (unsigned)n;
		if (f->have < sizeof(f->head))
			return n;
		frame_begins(h);
		if (h->broken)
			return 0;
	} else {
		n = 0;
	}
	/* The head and what is there of the frame in one. */
	{
		size_t body = less(f->left, b.len - n);

		f->left -= (uint32_t)body;
		return n + body;
	}
}

/* What nghttp2 says in its GOAWAY. */
static const struct {
	const char *reason, *words;
} reasons[] = {
	{ "CONTINUATION: unexpected", "section 6.10: CONTINUATION without HEADERS before it" },
	{ "DATA: insufficient padding space", "section 6.1: padding is longer than its frame" },
	{ "DATA: invalid padding", "section 6.1: padding is longer than its frame" },
	{ "DATA: stream closed", "section 5.1: DATA on a stream that was closed" },
	{ "DATA: stream in half-closed(remote)", "section 5.1: DATA on a stream that was ended" },
	{ "DATA: stream in idle", "section 5.1: DATA on an idle stream" },
	{ "DATA: stream not opened", "section 8.1: DATA before HEADERS" },
	{ "DATA: stream_id == 0", "section 6.1: DATA on stream 0" },
	{ "GOAWAY: invalid last_stream_id", "section 6.8: the last stream of GOAWAY grew, or is none of ours" },
	{ "GOAWAY: stream_id != 0", "section 6.8: GOAWAY on a stream" },
	{ "HEADERS: could not unpack", "section 6.2: HEADERS that cannot be read" },
	{ "HEADERS: insufficient padding space", "section 6.2: padding is longer than its frame" },
	{ "HEADERS: invalid padding", "section 6.2: padding is longer than its frame" },
	{ "HEADERS: stream closed", "section 5.1: HEADERS on a stream that was ended" },
	{ "HEADERS: stream_id == 0", "section 6.2: HEADERS on stream 0" },
	{ "PING: stream_id != 0", "section 6.7: PING on a stream" },
	{ "PRIORITY: stream_id == 0", "section 6.3: PRIORITY on stream 0" },
	{ "PUSH_PROMISE: insufficient padding space", "section 6.6: padding is longer than its frame" },
	{ "PUSH_PROMISE: push disabled", "section 8.4: PUSH_PROMISE from a client" },
	{ "PUSH_PROMISE: stream_id == 0", "section 6.6: PUSH_PROMISE on stream 0" },
	{ "RST_STREAM: stream in idle", "section 6.4: RST_STREAM on an idle stream" },
	{ "RST_STREAM: stream_id == 0", "section 6.4: RST_STREAM on stream 0" },
	{ "SETTINGS expected", "section 3.4: the first frame is not SETTINGS" },
	{ "SETTINGS: ACK and payload != 0", "section 6.5: an acknowledgement of SETTINGS with settings" },
	{ "SETTINGS: invalid SETTINGS_ENBLE_PUSH", "section 6.5.2: SETTINGS_ENABLE_PUSH is neither 0 nor 1" },
	{ "SETTINGS: invalid SETTINGS_MAX_FRAME_SIZE", "section 6.5.2: SETTINGS_MAX_FRAME_SIZE is out of bounds" },
	{ "SETTINGS: server attempted to enable push", "section 6.5.2: a server's SETTINGS_ENABLE_PUSH is not 0" },
	{ "SETTINGS: stream_id != 0", "section 6.5: SETTINGS on a stream" },
	{ "SETTINGS: too large SETTINGS_INITIAL_WINDOW_SIZE", "section 6.5.2: SETTINGS_INITIAL_WINDOW_SIZE is out of bounds" },
	{ "SETTINGS: too many setting entries", "section 10.5: SETTINGS with too many entries" },
	{ "SETTINGS: unexpected ACK", "section 6.5.3: an acknowledgement of SETTINGS that were not sent" },
	{ "WINDOW_UPDATE to idle stream", "section 5.1: WINDOW_UPDATE on an idle stream" },
	{ "WINDOW_UPDATE: window_size_increment == 0", "section 6.9: WINDOW_UPDATE by 0" },
	{ "depend on itself", "section 5.3: a stream that depends on itself" },
	{ "request HEADERS: depend on itself", "section 5.3: a stream that depends on itself" },
	{ "request HEADERS: client received request", "section 5.1: HEADERS on an idle stream" },
	{ "request HEADERS: invalid stream_id", "section 5.1.1: a client's stream has an odd number" },
	{ "request HEADERS: max concurrent streams exceeded", "section 5.1.2: more streams at once than agreed" },
	{ "request HEADERS: stream_id == 0", "section 6.2: HEADERS on stream 0" },
	{ "too large frame size", "section 4.2: a frame is longer than agreed" },
	{ "unexpected non-CONTINUATION frame or stream_id is invalid",
		"section 6.10: something between HEADERS and CONTINUATION" },
};

static const char *const codes[] = {	/* where it gives no reason */
	[H2_PROTOCOL_ERROR] = "section 5.4.1: a rule of the connection was broken",
	[H2_FLOW_CONTROL_ERROR] = "section 6.9.1: more was sent, or allowed, than a window holds",
	[H2_STREAM_CLOSED] = "section 5.1: a frame on a stream that was closed",
	[H2_FRAME_SIZE_ERROR] = "section 4.2: a frame has a length that its type cannot have",
	[H2_REFUSED_STREAM] = "section 5.1.2: more streams at once than agreed",
	[H2_COMPRESSION_ERROR] = "section 4.3: a header block cannot be decompressed",
};

void
h2_frame_fault(struct fault *why, uint32_t code, struct bytes reason)
{
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (bytes_are(reason, reasons[i].reason)) {
			fault(why, "RFC 9113 %s", reasons[i].words);
			return;
		}
	if (reason.len)
		fault(why, "RFC 9113: %.*s", (int)(reason.len < 120 ? reason.len : 120), (const char *)reason.at);
	else if (code < ARRAY_LEN(codes) && codes[code])
		fault(why, "RFC 9113 %s", codes[code]);
	else
		fault(why, "%s", h2_code_name(code));
}
