/* HTTP/2 coming in, and the connection. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "h2_inside.h"

enum {
	CONNECTION_WINDOW = 16 << 20,	/* it is given back at once: only distance fills it */
	OUT_MAX = 64 << 20,		/* of one turn: windows bound it */
	HEAD_SENT_MAX = 1 << 20,
	NEVER = 1 << 30,
	PREFACE = 24,
	SETTING = 6,
};

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

static const char *const code_names[] = {
	"NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
	"FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
	"INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
};

const char *
h2_code_name(uint32_t code)
{
	return code < ARRAY_LEN(code_names) ? code_names[code] : "?";
}

int
h2_preface(struct bytes first)
{
	size_t n = first.len < PREFACE ? first.len : PREFACE;

	if (n && memcmp(first.at, preface, n))
		return 0;
	return n == PREFACE ? 1 : -1;
}

int
h2_server_preface(struct bytes first)
{
	/* 24 bits of length, the type, no flags, stream 0: section 6.5. A length past two octets is more than a frame may have. */
	static const uint8_t head[] = { 0, 0, 0, NGHTTP2_SETTINGS, 0, 0, 0, 0, 0 };

	for (size_t i = 0; i < sizeof(head) && i < first.len; i++)
		if (i != 1 && i != 2 && first.at[i] != head[i])
			return 0;
	if (first.len < sizeof(head))
		return -1;
	return (first.at[1] << 8 | first.at[2]) % SETTING == 0;
}

bool
h2_accepts(const struct h2 *h)
{
	return !h->dead && !h->going_away && !h->shut && h->next < INT32_MAX;
}

bool
h2_takes_websocket(const struct h2 *h)
{
	return nghttp2_session_get_remote_settings(h->session, NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL) == 1;
}

bool
h2_alien(const struct h2 *h)
{
	return h->alien;
}

size_t
h2_streams(const struct h2 *h)
{
	return h->streams;
}

void
h2_up(struct h2 *h, const struct h2_stream *s, struct part part)
{
	out_up(h->out, (struct event){ .kind = EV_PART, .stream = s->id, .part = part });
}

/* A request that waits for its place nghttp2 does not know by its number yet. */
static struct h2_stream *
stream_unsent(const struct h2 *h, uint32_t id)
{
	struct h2_stream *s = h->unsent && id < h->next ? h->all : NULL;

	while (s && s->id != id)
		s = s->next;
	return s;
}

struct h2_stream *
h2_stream(const struct h2 *h, int32_t id)
{
	struct h2_stream *s = nghttp2_session_get_stream_user_data(h->session, id);

	return s ? s : stream_unsent(h, (uint32_t)id);
}

struct h2_stream *
h2_stream_new(struct h2 *h, int32_t id)
{
	struct h2_stream *s = xalloc(sizeof(*s));

	s->id = (uint32_t)id;
	s->window = H2_WINDOW;
	h->unsent += !h->args.server;
	s->next = h->all;
	if (s->next)
		s->next->at = &s->next;
	s->at = &h->all;
	h->all = s;
	h->streams++;
	return s;
}

static void
stream_free(struct h2 *h, struct h2_stream *s)
{
	if (h->head_due == s)
		h->head_due = NULL;
	if (h->list.stream == s)
		h->list.stream = NULL;
	h->unsent -= !h->args.server && !s->sent;
	h->refusals -= s->refused;
	*s->at = s->next;
	if (s->next)
		s->next->at = s->at;
	h->streams--;
	h2_queue_drop(s);
	head_drop(s->head);
	head_drop(s->trailer);
	free(s);
}

static void
stream_reset_up(struct h2 *h, struct h2_stream *s, uint32_t code, const char *words)
{
	if (s->quiet)
		return;
	s->quiet = true;
	h2_up(h, s, (struct part){ .kind = PART_RESET, .code = code, .data = slice_text(words) });
}

void
h2_stream_break(struct h2 *h, struct h2_stream *s, uint32_t code, const char *words)
{
	/* A number once said is used, though it be for nothing. */
	if (h->head_due == s)
		h2_submit_due(h);
	stream_reset_up(h, s, code, words);
	h2_queue_drop(s);
	nghttp2_submit_rst_stream(h->session, NGHTTP2_FLAG_NONE, (int32_t)s->id, code);
}

void
h2_broken(struct h2 *h, uint32_t code, const char *words)
{
	if (h->broken)
		return;
	h->broken = true;
	h->code = code;
	fault(&h->why, "%s", words);
}

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
took_headers(struct h2 *h, struct h2_stream *s, bool last)
{
	struct fault why;
	struct head *head;

	if (!s || s->quiet || h->list.stream != s)
		return;
	h->list.stream = NULL;
	if (h2_list_too_long(h, &h->list)) {
		list_refused(h, s);
		return;
	}
	head = head_came(h, last, &why);
	if (!head)
		stream_fault(h, s, H2_PROTOCOL_ERROR, why.text);
	else if (h->list.kind != HEAD_FIELDS)
		take_head(h, s, head, last);
	else if (head_count(head))
		h2_up(h, s, (struct part){ .kind = PART_TRAILER, .head = head });
	else
		head_drop(head);
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
	stream_reset_up(h, s, code, words);
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
			stream_reset_up(h, s, H2_REFUSED_STREAM, h->farewell.text);
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

static void
window_set(struct h2 *h, struct h2_stream *s, size_t window)
{
	s->brisk = 0;
	if (s->window == window)
		return;
	s->window = window;
	nghttp2_session_set_local_window_size(h->session, NGHTTP2_FLAG_NONE, (int32_t)s->id, (int32_t)window);
}

/* Who reads two windows' worth without a pause may have a larger one, and so
 * needs not wait for us on a long way. */
static void
window_back(struct h2 *h, struct h2_stream *s, size_t len)
{
	nghttp2_session_consume_stream(h->session, (int32_t)s->id, len);
	s->brisk += len;
	if (s->brisk >= 2 * s->window)
		window_set(h, s, s->window < H2_WINDOW_MAX ? s->window * 2 : s->window);
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
		window_back(h, s, len);
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
		stream_reset_up(h, s, code, why.text);
	}
	nghttp2_session_set_stream_user_data(session, id, NULL);
	stream_free(h, s);
	return 0;
}

static void
streams_end(struct h2 *h, uint32_t code, const char *words)
{
	for (struct h2_stream *s = h->all; s; s = s->next)
		if (!s->ended || !s->end)
			stream_reset_up(h, s, code, words);
}

static void
h2_close(struct h2 *h)
{
	if (h->closed)
		return;
	h->closed = true;
	out_down(h->out, (struct command){ .kind = CMD_CLOSE });
}

/* By hand: nghttp2 may be past sending one (RFC 9113 section 6.8). */
static void
goaway_write(struct h2 *h)
{
	uint32_t last = (uint32_t)nghttp2_session_get_last_proc_stream_id(h->session), code = h->code;
	struct bytes words = bytes_of(h->why.text);
	const uint8_t head[] = {
		0, (uint8_t)((words.len + 8) >> 8), (uint8_t)(words.len + 8), NGHTTP2_GOAWAY, 0, 0, 0, 0, 0,
		(uint8_t)(last >> 24), (uint8_t)(last >> 16), (uint8_t)(last >> 8), (uint8_t)last,
		(uint8_t)(code >> 24), (uint8_t)(code >> 16), (uint8_t)(code >> 8), (uint8_t)code,
	};

	if (buf_add(&h->to, (struct bytes){ head, sizeof(head) }) && buf_add(&h->to, words))
		h->told = true;
}

/* A rule was broken on the whole connection. */
static void
h2_died(struct h2 *h)
{
	if (h->closed || h->dead)
		return;
	h->dead = true;
	if (!h->told && !h->alien)
		goaway_write(h);
	h2_pump_down(h);
	h2_close(h);
	streams_end(h, h->code, h->why.text);
	out_up(h->out, (struct event){ .kind = EV_FAIL, .code = FAIL_PROTOCOL, .data = slice_text(h->why.text) });
}

/* Not every nghttp2 has these limits, and the way to lift them. */
void nghttp2_option_set_stream_reset_rate_limit(nghttp2_option *o, uint64_t burst, uint64_t rate) __attribute__((weak));
void nghttp2_option_set_max_continuations(nghttp2_option *o, size_t max) __attribute__((weak));

static nghttp2_session *
session_new(struct h2 *h)
{
	nghttp2_session_callbacks *cb;
	nghttp2_session *session = NULL;
	nghttp2_option *o;

	if (nghttp2_session_callbacks_new(&cb))
		abort();
	if (nghttp2_option_new(&o))
		abort();
	nghttp2_session_callbacks_set_on_begin_headers_callback(cb, on_begin_headers);
	nghttp2_session_callbacks_set_on_header_callback2(cb, on_header);
	nghttp2_session_callbacks_set_on_frame_recv_callback(cb, on_frame);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(cb, on_data);
	nghttp2_session_callbacks_set_on_stream_close_callback(cb, on_stream_close);
	h2_send_callbacks(cb);
	nghttp2_option_set_no_auto_window_update(o, 1);
	nghttp2_option_set_no_http_messaging(o, 1);	/* headers.h judges, and says why */
	nghttp2_option_set_no_closed_streams(o, 1);
	nghttp2_option_set_max_send_header_block_length(o, HEAD_SENT_MAX);
	/* These it would count by the clock, or by how what comes is cut: h2_frame.c does, by frames. */
	if (nghttp2_option_set_stream_reset_rate_limit)
		nghttp2_option_set_stream_reset_rate_limit(o, NEVER, NEVER);
	if (nghttp2_option_set_max_continuations)
		nghttp2_option_set_max_continuations(o, NEVER);
	if (h->args.server ? nghttp2_session_server_new2(&session, cb, h, o) : nghttp2_session_client_new2(&session, cb, h, o))
		abort();
	nghttp2_option_del(o);
	nghttp2_session_callbacks_del(cb);
	return session;
}

static void
settings_submit(struct h2 *h)
{
	nghttp2_settings_entry server[] = {
		{ NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, H2_STREAMS_MAX },
		{ NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, H2_WINDOW },
		{ NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, (uint32_t)h->args.head_limit },
		{ NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL, h->args.websocket },
	}, client[] = {
		{ NGHTTP2_SETTINGS_ENABLE_PUSH, 0 },
		{ NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, H2_WINDOW },
		{ NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, (uint32_t)h->args.head_limit },
	};

	nghttp2_submit_settings(h->session, NGHTTP2_FLAG_NONE, h->args.server ? server : client,
		h->args.server ? ARRAY_LEN(server) : ARRAY_LEN(client));
	nghttp2_session_set_local_window_size(h->session, NGHTTP2_FLAG_NONE, 0, CONNECTION_WINDOW);
}

static bool
h2_start(void *st, const void *args, struct out *out, struct fault *why)
{
	struct h2 *h = st;

	(void)out, (void)why;
	h->args = *(const struct h2_args *)args;
	h->next = 1;
	h->frame.preface = h->args.server ? PREFACE : 0;
	buf_init(&h->to, OUT_MAX);
	h2_list_init(&h->list);
	h->session = session_new(h);
	settings_submit(h);
	return true;
}

/* After GOAWAY, when the last stream has ended. As a client after the server's
 * it is the owner who lets go: it sees that no more requests are taken. */
static void
h2_close_at_last(struct h2 *h)
{
	bool left = h->going_away && h->args.server;

	if (h->closed || h->dead || h->blocked || h->streams || !(h->shut || left))
		return;
	h2_close(h);
	if (left)
		out_up(h->out, (struct event){ .kind = EV_EOF });
}

static void
recv_failed(struct h2 *h, int error)
{
	if (error == NGHTTP2_ERR_BAD_CLIENT_MAGIC)
		h2_broken(h, H2_PROTOCOL_ERROR, "RFC 9113 section 3.4: the connection preface is not HTTP/2's");
	else if (error == NGHTTP2_ERR_FLOODED)
		h2_broken(h, H2_ENHANCE_YOUR_CALM, "RFC 9113 section 10.5: too many frames that want to be acknowledged");
	else
		h2_broken(h, H2_INTERNAL_ERROR, nghttp2_strerror(error));
}

/* What nghttp2 has against a frame it says by what it sends: that is looked at
 * before the next, so that it does not matter how many came at once. */
static void
h2_read(struct h2 *h, struct slice *data)
{
	struct bytes rest = data->bytes;

	h->in = *data;
	while (rest.len && !h->broken && !h->closed) {
		size_t n = h2_frame_pass(h, rest);
		ssize_t took = h->broken ? 0 : nghttp2_session_mem_recv(h->session, rest.at, n);

		if (took < 0)
			recv_failed(h, (int)took);
		else if (!h->broken && nghttp2_session_get_outbound_queue_size(h->session))
			h2_pump(h);
		if (h->going_away)
			h2_close_at_last(h);
		rest.at += n;
		rest.len -= n;
	}
	h->in = (struct slice){ 0 };
	if (h->broken)
		h2_died(h);
}

static void
h2_ended(struct h2 *h, struct event *ev)
{
	if (h->broken)
		return;		/* that was told */
	if (!h->args.server && !h->open && !h->dead) {
		h->alien = true;
		h2_broken(h, H2_PROTOCOL_ERROR, "RFC 9113 section 3.4: the server closed the connection before its SETTINGS");
		h2_died(h);
		return;
	}
	h->dead = true;
	streams_end(h, H2_CONNECT_ERROR, h->going_away ? h->farewell.text : h->args.server ?
		"the client closed the connection" : "the server closed the connection");
	pass_up(h->out, ev);
}

static void
h2_event(void *st, struct event *ev, struct out *out)
{
	struct h2 *h = st;

	h->out = out;
	if (ev->kind == EV_DATA) {
		if (!h->dead && !h->closed)
			h2_read(h, &ev->data);
	} else if (ev->kind == EV_EOF) {
		h2_ended(h, ev);
	} else if (ev->kind == EV_FULL || ev->kind == EV_DRAINED) {
		h->blocked = ev->kind == EV_FULL;
	} else {
		h->dead = h->dead || ev->kind == EV_FAIL;
		pass_up(out, ev);
	}
}

static void
stream_pause(struct h2 *h, uint32_t id, bool paused)
{
	struct h2_stream *s = h2_stream(h, (int32_t)id);

	if (!s)
		return;
	s->paused = paused;
	if (paused) {
		window_set(h, s, H2_WINDOW);
	} else if (s->unread) {
		nghttp2_session_consume_stream(h->session, (int32_t)s->id, s->unread);
		s->unread = 0;
	}
}

static void
h2_hang_up(struct h2 *h, struct command *cmd)
{
	bool was = h->closed;

	if (!h->dead && !was) {
		nghttp2_submit_goaway(h->session, NGHTTP2_FLAG_NONE,
			nghttp2_session_get_last_proc_stream_id(h->session), H2_NO_ERROR, NULL, 0);
		h2_pump(h);
	}
	h->closed = h->dead = true;
	pass_down(h->out, cmd);
}

static void
h2_command(void *st, struct command *cmd, struct out *out)
{
	struct h2 *h = st;

	h->out = out;
	switch (cmd->kind) {
	case CMD_PART:
		h2_send_part(h, cmd->stream, &cmd->part);
		break;
	case CMD_PAUSE:
	case CMD_GO:
		if (cmd->stream)
			stream_pause(h, cmd->stream, cmd->kind == CMD_PAUSE);
		else
			pass_down(out, cmd);
		break;
	case CMD_SHUT:
		h->shut = true;
		nghttp2_submit_goaway(h->session, NGHTTP2_FLAG_NONE,
			nghttp2_session_get_last_proc_stream_id(h->session), H2_NO_ERROR, NULL, 0);
		break;
	case CMD_CLOSE:
		h2_hang_up(h, cmd);
		break;
	case CMD_SEND:
		pass_down(out, cmd);
		break;
	}
	if (h->broken)
		h2_died(h);
}

/* Refused, and not answered all the same. */
static void
refusals_reset(struct h2 *h)
{
	for (struct h2_stream *s = h->all; s; s = s->next)
		if (s->refused && !s->head && !s->submitted) {
			s->refused = false;
			h->refusals--;
			h2_stream_break(h, s, H2_ENHANCE_YOUR_CALM, "");
		}
}

static void
h2_settle(void *st, struct out *out)
{
	struct h2 *h = st;

	if (h->closed)
		return;
	h->out = out;
	if (h->refusals)
		refusals_reset(h);
	h2_pump(h);
	if (h->broken)
		h2_died(h);
	else
		h2_close_at_last(h);
}

static void
h2_stop(void *st)
{
	struct h2 *h = st;

	nghttp2_session_del(h->session);
	while (h->all)
		stream_free(h, h->all);
	buf_release(&h->to);
	h2_list_release(&h->list);
	free(h->nv);
}

static int
h2_probe(struct bytes first)
{
	int found = h2_preface(first);

	return found > 0 ? 100 : found;
}

const struct layer_ops layer_h2 = {
	.name = "h2",
	.size = sizeof(struct h2),
	.probe = h2_probe,
	.start = h2_start,
	.event = h2_event,
	.command = h2_command,
	.settle = h2_settle,
	.stop = h2_stop,
};
