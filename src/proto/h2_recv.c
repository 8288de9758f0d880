/* HTTP/2 coming in: what nghttp2 tells becomes parts, once it is judged. */
#include <stdio.h>
#include <string.h>

#include "h2_inside.h"

/* RFC 9113 section 10.5, and CVE-2023-44487: the peer broke it off, or made us do so. */
static void
stream_strike(struct h2 *h, const struct h2_stream *s)
{
	if (h->args.server && !s->head && !s->submitted && ++h->strikes > H2_STRIKES_MAX)
		h2_broken(h, H2_ENHANCE_YOUR_CALM, "RFC 9113 section 10.5: too many streams were broken off before their answer");
}

/* The peer broke a rule on it. */
static void
stream_fault(struct h2 *h, struct h2_stream *s, uint32_t code, const char *words)
{
	stream_strike(h, s);
	h2_stream_break(h, s, code, words);
}

static int
on_begin_headers(nghttp2_session *session, const nghttp2_frame *frame, void *arg)
{
	struct h2 *h = arg;
	int32_t id = frame->hd.stream_id;
	struct h2_stream *s = h2_stream(h, id);

	if (!s && h->args.server && frame->hd.type == NGHTTP2_HEADERS) {
		s = h2_stream_new(h, id);
		nghttp2_session_set_stream_user_data(session, id, s);
	}
	h2_list_begin(&h->list, s && !s->quiet ? s : NULL, s && s->begun ? HEAD_FIELDS :
		h->args.server ? HEAD_REQUEST : HEAD_RESPONSE);
	return 0;
}

static int
on_header(nghttp2_session *session, const nghttp2_frame *frame, nghttp2_rcbuf *name, nghttp2_rcbuf *value,
	uint8_t flags, void *arg)
{
	struct h2 *h = arg;

	(void)session, (void)frame, (void)flags;
	h2_list_field(h, &h->list, name, value);
	return h->broken ? NGHTTP2_ERR_CALLBACK_FAILURE : 0;
}

static void
coming_ended(struct h2 *h, struct h2_stream *s)
{
	if (s->quiet || s->ended)
		return;
	if (!s->begun) {
		stream_fault(h, s, H2_PROTOCOL_ERROR, "RFC 9113 section 8.1: the stream ended before its head");
		return;
	}
	if (s->come.kind == FRAMED_LENGTH && s->come.length) {
		stream_fault(h, s, H2_PROTOCOL_ERROR, "RFC 9113 section 8.1.1: the body is shorter than its content-length");
		return;
	}
	s->ended = true;
	h2_up(h, s, (struct part){ .kind = PART_END });
}

/* A tunnel has no length; nor, here, what HTTP/1 would send in chunks. */
struct framing
h2_framing(const struct h2_stream *s, const struct head *head)
{
	bool connect = s->method.len == sizeof("CONNECT") - 1;
	struct framing f = headers_framing(head, s->method);

	if (f.kind == FRAMED_CHUNKED || (connect && (head_kind(head) == HEAD_REQUEST || head_status(head) / 100 == 2)))
		f.kind = FRAMED_CLOSE;
	return f;
}

static bool
is_interim(const struct head *head)
{
	return head_kind(head) == HEAD_RESPONSE && head_status(head) < 200;
}

static void
take_head(struct h2 *h, struct h2_stream *s, struct head *head, bool last)
{
	if (!is_interim(head)) {
		s->begun = true;
		if (h->args.server)
			s->method = h2_method(head);
		s->come = h2_framing(s, head);
	}
	h2_up(h, s, (struct part){ .kind = PART_HEAD, .count = last, .head = head });
}

/* In order: the checks of the list, of the head made of it, of where it stands. */
static struct head *
head_came(struct h2 *h, bool last, struct fault *why)
{
	enum head_kind kind = h->list.kind;
	struct head *head = h2_list_head(h, &h->list, why);

	if (!head)
		return NULL;
	if (kind == HEAD_FIELDS ? headers_check_trailer(head, why) : !headers_check(head, why)) {
		if (kind == HEAD_FIELDS ? last : !is_interim(head) || !last)
			return head;
		fault(why, kind == HEAD_FIELDS ? "RFC 9113 section 8.1: trailers that do not end the stream" :
			"RFC 9113 section 8.1: an interim response ends the stream");
	}
	head_drop(head);
	return NULL;
}

/* A client may be told so before the stream is reset. */
static void
list_refused(struct h2 *h, struct h2_stream *s)
{
	struct fault why;

	fault(&why, "RFC 9113 section 10.5.1: the header list is longer than %zu bytes", h->args.head_limit);
	if (!h->args.server || s->begun) {
		stream_fault(h, s, H2_ENHANCE_YOUR_CALM, why.text);
		return;
	}
	s->quiet = s->refused = true;
	h->refusals++;
	h2_up(h, s, (struct part){ .kind = PART_RESET, .code = H2_ENHANCE_YOUR_CALM, .count = 431,
		.data = slice_text(why.text) });
}

static void
mended_tell(struct h2 *h, struct h2_stream *s)
{
	struct fault words;

	mended_words(&h->list.mended, &words);
	h2_up(h, s, (struct part){ .kind = PART_FAULT, .data = slice_text(words.text) });
}

static void
took_headers(struct h2 *h, struct h2_stream *s, bool last)
{
	struct fault why;
	struct head *head;
	bool interim;

	if (!s || s->quiet || h->list.stream != s)
		return;
	h->list.stream = NULL;
	if (h2_list_too_long(h, &h->list)) {
		list_refused(h, s);
		return;
	}
	head = head_came(h, last, &why);
	interim = head && is_interim(head);
	if (!head)
		stream_fault(h, s, H2_PROTOCOL_ERROR, why.text);
	else if (h->list.kind != HEAD_FIELDS)
		take_head(h, s, head, last);
	else if (head_count(head))
		h2_up(h, s, (struct part){ .kind = PART_TRAILER, .head = head });
	else
		head_drop(head);
	if (head && !interim && !s->quiet && *h->list.mended.first.text)
		mended_tell(h, s);
	if (head && last)
		coming_ended(h, s);
}

static void
took_settings(struct h2 *h)
{
	if (!h->open)
		out_up(h->out, (struct event){ .kind = EV_OPEN, .data = slice_text("h2") });
	h->open = true;
}

static void
took_reset(struct h2 *h, struct h2_stream *s, uint32_t code)
{
	char words[80];

	if (!s)
		return;
	if (!s->quiet)
		stream_strike(h, s);
	snprintf(words, sizeof(words), "%s reset the stream: %s", h->args.server ? "the client" : "the server", h2_code_name(code));
	h2_stream_reset(h, s, code, words);
}

/* What the server has not looked at nghttp2 closes; what waits for its place may not go any more. */
static void
took_goaway(struct h2 *h, const nghttp2_goaway *g)
{
	h->going_away = true;
	fault(&h->farewell, "%s is going away: %s%s%.*s", h->args.server ? "the client" : "the server",
		h2_code_name(g->error_code), g->opaque_data_len ? ": " : "",
		(int)(g->opaque_data_len < 100 ? g->opaque_data_len : 100),
		g->opaque_data_len ? (const char *)g->opaque_data : "");
	h2_submit_due(h);
	for (struct h2_stream *s = h->all; s && !h->args.server; s = s->next)
		if (!s->sent || s->id > (uint32_t)g->last_stream_id)
			h2_stream_reset(h, s, H2_REFUSED_STREAM, h->farewell.text);
}

static int
on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *arg)
{
	struct h2 *h = arg;
	uint32_t id = (uint32_t)frame->hd.stream_id;
	struct h2_stream *s = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
	bool last = frame->hd.flags & NGHTTP2_FLAG_END_STREAM;

	switch (frame->hd.type) {
	case NGHTTP2_HEADERS:
		if (last)
			h2_seen_end(h, id);
		took_headers(h, s, last);
		break;
	case NGHTTP2_DATA:
		if (last)
			h2_seen_end(h, id);
		if (last && s)
			coming_ended(h, s);
		break;
	case NGHTTP2_SETTINGS:
		if (!(frame->hd.flags & NGHTTP2_FLAG_ACK))
			took_settings(h);
		break;
	case NGHTTP2_RST_STREAM:
		h2_seen_end(h, id);
		took_reset(h, s, frame->rst_stream.error_code);
		break;
	case NGHTTP2_GOAWAY:
		took_goaway(h, &frame->goaway);
		break;
	default:
		break;
	}
	return 0;
}

void
h2_window_set(struct h2 *h, struct h2_stream *s, size_t window)
{
	s->brisk = 0;
	if (s->window == window)
		return;
	s->window = window;
	nghttp2_session_set_local_window_size(h->session, NGHTTP2_FLAG_NONE, (int32_t)s->id, (int32_t)window);
}

/* Who reads two windows' worth without a pause may have a larger one, and so
 * needs not wait for us on a long way. */
void
h2_window_back(struct h2 *h, struct h2_stream *s, size_t len)
{
	nghttp2_session_consume_stream(h->session, (int32_t)s->id, len);
	s->brisk += len;
	if (s->brisk >= 2 * s->window)
		h2_window_set(h, s, s->window < H2_WINDOW_MAX ? s->window * 2 : s->window);
}

/* Whether that much may still come. */
static bool
length_allows(struct h2_stream *s, size_t len, struct fault *why)
{
	if (!s->begun)
		return fault(why, "RFC 9113 section 8.1: DATA before a head");
	if (s->come.kind == FRAMED_NONE)
		return fault(why, "RFC 9113 section 8.1.1: DATA where the head allows no body");
	if (s->come.kind == FRAMED_LENGTH) {
		if (len > s->come.length)
			return fault(why, "RFC 9113 section 8.1.1: the body is longer than its content-length");
		s->come.length -= len;
	}
	return true;
}

/* The connection's window never waits for one of its streams. */
static int
on_data(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *at, size_t len, void *arg)
{
	struct h2 *h = arg;
	struct h2_stream *s = nghttp2_session_get_stream_user_data(session, id);
	struct fault why;

	(void)flags;
	nghttp2_session_consume_connection(session, len);
	if (!s || s->quiet) {
		nghttp2_session_consume_stream(session, id, len);
		return 0;
	}
	if (!length_allows(s, len, &why)) {
		stream_fault(h, s, H2_PROTOCOL_ERROR, why.text);
		return 0;
	}
	h2_up(h, s, (struct part){ .kind = PART_DATA, .data = slice_cut(h->in, (size_t)(at - h->in.bytes.at), len) });
	if (s->paused)
		s->unread += len;
	else
		h2_window_back(h, s, len);
	return 0;
}

/* Both ends have ended it, or nghttp2 has found a fault of its own. */
static int
on_stream_close(nghttp2_session *session, int32_t id, uint32_t code, void *arg)
{
	struct h2 *h = arg;
	struct h2_stream *s = h2_stream(h, id);
	struct fault why;

	if (!s)
		return 0;
	if (!code) {
		h->strikes -= h->strikes > 0;
	} else if (!s->quiet) {
		h2_frame_fault(&why, code, (struct bytes){ 0 });
		stream_strike(h, s);
		h2_stream_reset(h, s, code, why.text);
	}
	nghttp2_session_set_stream_user_data(session, id, NULL);
	h2_stream_free(h, s);
	return 0;
}

void
h2_recv_callbacks(nghttp2_session_callbacks *cb)
{
	nghttp2_session_callbacks_set_on_begin_headers_callback(cb, on_begin_headers);
	nghttp2_session_callbacks_set_on_header_callback2(cb, on_header);
	nghttp2_session_callbacks_set_on_frame_recv_callback(cb, on_frame);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(cb, on_data);
	nghttp2_session_callbacks_set_on_stream_close_callback(cb, on_stream_close);
}
