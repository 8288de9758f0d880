/* HTTP/2 coming in, and the connection. With h2_*.c the only files that know nghttp2. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "h2_inside.h"
#include "headers.h"

enum {
	CONNECTION_WINDOW = 16 << 20,
	OUT_MAX = 64 << 20,		/* of one turn: windows bound it */
	RESETS_FREE = 200,		/* of the peer, before they must be fewer than what ends well */
	PIECES_MAX = 64,		/* of a header list: CVE-2024-28182 */
	TOO_MANY_PIECES = -905,		/* NGHTTP2_ERR_TOO_MANY_CONTINUATIONS, where nghttp2 has a limit of its own */
	EMPTIES_MAX = 1000,		/* frames in a row that carry nothing */
	PREFACE = 24,
	FRAME_HEAD = 9,
	TYPE_SETTINGS = 4,
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

	if (memcmp(first.at, preface, n))
		return 0;
	return n == PREFACE ? 1 : -1;
}

int
h2_server_preface(struct bytes first)
{
	/* 24 bits of length, the type, no flags, stream 0: section 6.5. A length past two octets is more than a frame may have. */
	static const uint8_t head[FRAME_HEAD] = { 0, 0, 0, TYPE_SETTINGS, 0, 0, 0, 0, 0 };

	for (size_t i = 0; i < FRAME_HEAD && i < first.len; i++)
		if (i != 1 && i != 2 && first.at[i] != head[i])
			return 0;
	if (first.len < FRAME_HEAD)
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

struct h2_stream *
h2_stream(const struct h2 *h, int32_t id)
{
	struct h2_stream *s = nghttp2_session_get_stream_user_data(h->session, id);

	/* A request that nghttp2 does not know yet. */
	if (!s && h->head_due && h->head_due->id == (uint32_t)id)
		s = h->head_due;
	for (struct h2_stream *at = h->all; !s && at && !h->args.server; at = at->next)
		if (at->id == (uint32_t)id)
			s = at;
	return s;
}

struct h2_stream *
h2_stream_new(struct h2 *h, int32_t id)
{
	struct h2_stream *s = xalloc(sizeof(*s));

	s->id = (uint32_t)id;
	s->window = H2_WINDOW;
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
stream_reset_up(struct h2 *h, struct h2_stream *s, uint32_t code, unsigned status, const char *words)
{
	if (s->quiet)
		return;
	s->quiet = true;
	h2_up(h, s, (struct part){ .kind = PART_RESET, .code = code, .count = status, .data = slice_text(words) });
}

/* As a server's peer that asked badly it may still be told so: then the stream
 * is reset by whoever answers. */
void
h2_stream_break(struct h2 *h, struct h2_stream *s, uint32_t code, unsigned status, const char *words)
{
	stream_reset_up(h, s, code, status, words);
	if (!status)
		nghttp2_submit_rst_stream(h->session, NGHTTP2_FLAG_NONE, (int32_t)s->id, code);
}

/* The whole connection: GOAWAY now, and the rest when that is written. */
static void
h2_calm(struct h2 *h, const char *words)
{
	if (!*h->why.text)
		fault(&h->why, "%s", words);
	h->code = H2_ENHANCE_YOUR_CALM;
	nghttp2_session_terminate_session(h->session, H2_ENHANCE_YOUR_CALM);
}

static int
on_begin_headers(nghttp2_session *session, const nghttp2_frame *frame, void *arg)
{
	struct h2 *h = arg;
	int32_t id = frame->hd.stream_id;
	struct h2_stream *s = nghttp2_session_get_stream_user_data(session, id);

	if (!s && h->args.server) {
		s = h2_stream_new(h, id);
		nghttp2_session_set_stream_user_data(session, id, s);
	}
	/* A header block is never interrupted: one list serves them all (section 4.3). */
	h2_list_reset(&h->list);
	h->listed = s ? s->id : 0;
	return 0;
}

static int
on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t name_len,
	const uint8_t *value, size_t value_len, uint8_t flags, void *arg)
{
	struct h2 *h = arg;

	(void)session, (void)flags;
	if (h->listed == (uint32_t)frame->hd.stream_id)
		h2_list_add(&h->list, (struct bytes){ name, name_len }, (struct bytes){ value, value_len },
			h->args.server, h->args.head_limit);
	return 0;
}

/* Padding and flow control aside, what the head said must come (section 8.1.1). */
static bool
length_kept(const struct h2_stream *s, bool ended)
{
	return !s->counts || s->head_only || (ended ? s->got == s->length : s->got <= s->length);
}

static void
coming_ended(struct h2 *h, struct h2_stream *s)
{
	if (s->quiet || s->ended)
		return;
	if (!length_kept(s, true)) {
		h2_stream_break(h, s, H2_PROTOCOL_ERROR, 0, "RFC 9113 section 8.1.1: the body is not as long as content-length says");
		return;
	}
	s->ended = true;
	h2_up(h, s, (struct part){ .kind = PART_END });
}

static bool
is_interim(const struct head *head)
{
	return head_kind(head) == HEAD_RESPONSE && head_status(head) < 200;
}

static void
take_head(struct h2 *h, struct h2_stream *s, struct head *head, bool last)
{
	unsigned status = head_status(head);

	if (!is_interim(head)) {
		s->begun = true;
		s->counts = headers_length(head, &s->length);
		if (h->args.server)
			s->head_only = bytes_are(head_method(head), "HEAD");
		else if (status == 204 || status == 304)
			s->head_only = true;
		if (h->args.server && s->head_only)
			s->counts = false;	/* of a request there is a body to count */
	}
	h2_up(h, s, (struct part){ .kind = PART_HEAD, .count = last, .head = head });
}

static void
list_ended(struct h2 *h, struct h2_stream *s, bool last)
{
	enum head_kind kind = s->begun ? HEAD_FIELDS : h->args.server ? HEAD_REQUEST : HEAD_RESPONSE;
	struct h2_list *list = &h->list;
	struct fault why = { "" };
	struct head *head = NULL;

	h->listed = 0;
	if (!list->too_long && !s->quiet)
		head = h2_list_head(list, kind, h->args.proxy, &why);
	if (s->quiet) {
		/* Nobody hears of it. */
	} else if (list->too_long) {
		snprintf(why.text, sizeof(why.text), "the header list is longer than %zu bytes (RFC 9113 section 10.5.1)",
			h->args.head_limit);
		h2_stream_break(h, s, H2_ENHANCE_YOUR_CALM, h->args.server && !s->begun ? 431 : 0, why.text);
	} else if (!head || (kind == HEAD_FIELDS && !last) || (is_interim(head) && last)) {
		h2_stream_break(h, s, H2_PROTOCOL_ERROR, 0, *why.text ? why.text : kind == HEAD_FIELDS ?
			"RFC 9113 section 8.1: a trailer that does not end the stream" :
			"RFC 9113 section 8.1: the stream ends with an interim response");
		head_drop(head);
	} else if (kind == HEAD_FIELDS) {
		h2_up(h, s, (struct part){ .kind = PART_TRAILER, .head = head });
	} else {
		take_head(h, s, head, last);
	}
}

static void
took_headers(struct h2 *h, struct h2_stream *s, const nghttp2_frame *frame)
{
	bool last = frame->hd.flags & NGHTTP2_FLAG_END_STREAM;

	h->empties = 0;
	if (!s || h->listed != s->id)
		return;
	list_ended(h, s, last);
	if (last)
		coming_ended(h, s);
}

/* Frames that cost us something and carry nothing. */
static void
took_nothing(struct h2 *h)
{
	if (++h->empties == EMPTIES_MAX)
		h2_calm(h, "RFC 9113 section 10.5: too many frames that carry nothing");
}

static void
took_data(struct h2 *h, struct h2_stream *s, const nghttp2_frame *frame)
{
	if (frame->hd.length)
		h->empties = 0;
	else
		took_nothing(h);
	if (s && frame->hd.flags & NGHTTP2_FLAG_END_STREAM)
		coming_ended(h, s);
}

static void
took_settings(struct h2 *h, const nghttp2_frame *frame)
{
	if (frame->hd.flags & NGHTTP2_FLAG_ACK)
		return;
	if (h->open)
		took_nothing(h);
	else
		out_up(h->out, (struct event){ .kind = EV_OPEN, .data = slice_text("h2") });
	h->open = true;
}

static void
took_reset(struct h2 *h, struct h2_stream *s, uint32_t code)
{
	char words[80];

	/* RFC 9113 section 10.5, and CVE-2023-44487. */
	if (h->args.server && ++h->resets > RESETS_FREE + h->answers)
		h2_calm(h, "RFC 9113 section 10.5: more streams were reset than ended");
	if (!s)
		return;
	snprintf(words, sizeof(words), "%s reset the stream: %s", h->args.server ? "the client" : "the server", h2_code_name(code));
	stream_reset_up(h, s, code, 0, words);
}

static int
on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *arg)
{
	struct h2 *h = arg;
	struct h2_stream *s = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);

	switch (frame->hd.type) {
	case NGHTTP2_HEADERS:
		took_headers(h, s, frame);
		break;
	case NGHTTP2_DATA:
		took_data(h, s, frame);
		break;
	case NGHTTP2_SETTINGS:
		took_settings(h, frame);
		break;
	case NGHTTP2_RST_STREAM:
		took_reset(h, s, frame->rst_stream.error_code);
		break;
	case NGHTTP2_GOAWAY:
		h->going_away = true;
		break;
	case NGHTTP2_PING:
	case NGHTTP2_PRIORITY:
		took_nothing(h);
		break;
	default:
		break;
	}
	return 0;
}

static void
window_back(struct h2 *h, struct h2_stream *s, size_t len)
{
	nghttp2_session_consume_stream(h->session, (int32_t)s->id, len);
	s->brisk += len;
	if (s->brisk < 2 * s->window || s->window >= H2_WINDOW_MAX)
		return;
	s->brisk = 0;
	s->window *= 2;
	nghttp2_session_set_local_window_size(h->session, NGHTTP2_FLAG_NONE, (int32_t)s->id, (int32_t)s->window);
}

static int
on_data(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *at, size_t len, void *arg)
{
	struct h2 *h = arg;
	struct h2_stream *s = nghttp2_session_get_stream_user_data(session, id);

	(void)flags;
	nghttp2_session_consume_connection(session, len);
	if (!s || s->quiet) {
		nghttp2_session_consume_stream(session, id, len);
		return 0;
	}
	s->got += len;
	if (!s->begun || !length_kept(s, false)) {
		h2_stream_break(h, s, H2_PROTOCOL_ERROR, 0, s->begun ? "RFC 9113 section 8.1.1: the body is longer than content-length says" :
			"RFC 9113 section 8.1: a body before its head");
		return 0;
	}
	if (s->paused)
		s->unread += len;
	else
		window_back(h, s, len);
	h2_up(h, s, (struct part){ .kind = PART_DATA, .data = slice_cut(h->in, (size_t)(at - h->in.bytes.at), len) });
	return 0;
}

static int
on_stream_close(nghttp2_session *session, int32_t id, uint32_t code, void *arg)
{
	struct h2 *h = arg;
	struct h2_stream *s = h2_stream(h, id);
	char words[100];

	if (!s)
		return 0;
	h->answers += !code;
	/* Of a request the end of both sides is in order, of an answer its own. */
	if (!s->ended || code) {
		snprintf(words, sizeof(words), code == H2_REFUSED_STREAM ? "the server did not look at it: it is going away" :
			"the stream was closed: %s", h2_code_name(code));
		stream_reset_up(h, s, code, 0, words);
	}
	nghttp2_session_set_stream_user_data(session, id, NULL);
	stream_free(h, s);
	return 0;
}

/* Before the frame is read: of a head in pieces only the whole is told. */
static int
on_begin_frame(nghttp2_session *session, const nghttp2_frame_hd *hd, void *arg)
{
	struct h2 *h = arg;

	(void)session;
	if (hd->type != NGHTTP2_CONTINUATION) {
		h->pieces = 0;
	} else if (++h->pieces > PIECES_MAX) {
		fault(&h->why, "RFC 9113 section 10.5: a header list in more than %u pieces", PIECES_MAX);
		h->code = H2_ENHANCE_YOUR_CALM;
		return NGHTTP2_ERR_CALLBACK_FAILURE;
	}
	return 0;
}

static const char *
section_of(uint8_t type)
{
	static const char *const sections[] = { "6.1", "6.2", "6.3", "6.4", "6.5", "6.6", "6.7", "6.8", "6.9", "6.10" };

	return type < ARRAY_LEN(sections) ? sections[type] : "5.5";
}

static int
on_invalid_frame(nghttp2_session *session, const nghttp2_frame *frame, int error, void *arg)
{
	struct h2 *h = arg;
	struct h2_stream *s = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);

	if (!*h->why.text)
		fault(&h->why, "RFC 9113 section %s: %s", section_of(frame->hd.type), nghttp2_strerror(error));
	if (s)
		stream_reset_up(h, s, H2_PROTOCOL_ERROR, 0, h->why.text);
	return 0;
}

static void
end_sent(struct h2 *h, struct h2_stream *s)
{
	s->end_sent = true;
	if (s->enough)
		nghttp2_submit_rst_stream(h->session, NGHTTP2_FLAG_NONE, (int32_t)s->id, H2_NO_ERROR);
}

/* What nghttp2 ends the connection with names the rule in its debug data. */
static int
on_sent(nghttp2_session *session, const nghttp2_frame *frame, void *arg)
{
	struct h2 *h = arg;
	struct h2_stream *s = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);

	if (s && (frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS) &&
			frame->hd.flags & NGHTTP2_FLAG_END_STREAM)
		end_sent(h, s);
	if (frame->hd.type != NGHTTP2_GOAWAY || !frame->goaway.error_code)
		return 0;
	h->code = frame->goaway.error_code;
	if (!*h->why.text)
		fault(&h->why, "RFC 9113 section 5.4.1: %s: %.*s", h2_code_name(h->code),
			(int)(frame->goaway.opaque_data_len < 100 ? frame->goaway.opaque_data_len : 100),
			frame->goaway.opaque_data ? (const char *)frame->goaway.opaque_data : "");
	h->dead = true;
	return 0;
}

static void
streams_end(struct h2 *h, uint32_t code, const char *words)
{
	for (struct h2_stream *s = h->all; s; s = s->next)
		if (!s->ended || !s->end)
			stream_reset_up(h, s, code, 0, words);
}

static void
h2_close(struct h2 *h)
{
	if (h->closed)
		return;
	h->closed = true;
	out_down(h->out, (struct command){ .kind = CMD_CLOSE });
}

/* A rule was broken on the whole connection, and GOAWAY is written. */
static void
h2_died(struct h2 *h)
{
	if (h->closed)
		return;
	h2_close(h);
	streams_end(h, h->code, h->why.text);
	out_up(h->out, (struct event){ .kind = EV_FAIL, .code = FAIL_PROTOCOL, .data = slice_text(h->why.text) });
}

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
	nghttp2_session_callbacks_set_on_begin_frame_callback(cb, on_begin_frame);
	nghttp2_session_callbacks_set_on_begin_headers_callback(cb, on_begin_headers);
	nghttp2_session_callbacks_set_on_header_callback(cb, on_header);
	nghttp2_session_callbacks_set_on_frame_recv_callback(cb, on_frame);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(cb, on_data);
	nghttp2_session_callbacks_set_on_stream_close_callback(cb, on_stream_close);
	nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(cb, on_invalid_frame);
	nghttp2_session_callbacks_set_on_frame_send_callback(cb, on_sent);
	nghttp2_session_callbacks_set_send_data_callback(cb, h2_send_data);
	nghttp2_option_set_no_auto_window_update(o, 1);
	nghttp2_option_set_no_http_messaging(o, 1);	/* headers.h judges, and says why */
	nghttp2_option_set_no_closed_streams(o, 1);
	nghttp2_option_set_no_rfc9113_leading_and_trailing_ws_validation(o, 1);
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
	buf_init(&h->to, OUT_MAX);
	h2_list_init(&h->list, h->args.head_limit);
	h->session = session_new(h);
	settings_submit(h);
	return true;
}

/* What a server says first is SETTINGS (section 3.4), or it speaks something else. */
static bool
is_alien(struct h2 *h, struct bytes data)
{
	while (h->firsts < FRAME_HEAD && data.len) {
		h->first[h->firsts++] = *data.at++;
		data.len--;
	}
	return h->firsts > 3 && h->first[3] != TYPE_SETTINGS;
}

static void
h2_no_server(struct h2 *h)
{
	h->alien = h->dead = true;
	fault(&h->why, "RFC 9113 section 3.4: the server does not begin with SETTINGS: it speaks no HTTP/2");
	h2_died(h);
}

static void
h2_read(struct h2 *h, struct slice *data)
{
	ssize_t n;

	if (h->dead || h->closed)
		return;
	if (!h->args.server && !h->open && is_alien(h, data->bytes)) {
		h2_no_server(h);
		return;
	}
	h->in = *data;
	n = nghttp2_session_mem_recv(h->session, data->bytes.at, data->bytes.len);
	h->in = (struct slice){ 0 };
	if (n >= 0)
		return;
	h->dead = true;
	if (!*h->why.text)
		h->code = n == NGHTTP2_ERR_FLOODED || n == TOO_MANY_PIECES ? H2_ENHANCE_YOUR_CALM : H2_PROTOCOL_ERROR;
	if (!*h->why.text)
		fault(&h->why, "RFC 9113 section %s: %s", n == NGHTTP2_ERR_BAD_CLIENT_MAGIC ? "3.4" :
			n == NGHTTP2_ERR_FLOODED || n == TOO_MANY_PIECES ? "10.5" : "5.4.1", nghttp2_strerror((int)n));
	nghttp2_session_terminate_session(h->session, h->code);
}

static void
h2_ended(struct h2 *h, struct event *ev)
{
	if (!h->args.server && !h->open && !h->dead) {
		h2_no_server(h);
		return;
	}
	h->dead = true;
	streams_end(h, H2_CONNECT_ERROR, h->args.server ? "the client closed the connection" :
		"the server closed the connection");
	pass_up(h->out, ev);
}

static void
h2_event(void *st, struct event *ev, struct out *out)
{
	struct h2 *h = st;

	h->out = out;
	if (ev->kind == EV_DATA) {
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
	s->brisk = 0;
	if (paused || !s->unread)
		return;
	window_back(h, s, s->unread);
	s->unread = 0;
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
		if (!h->dead)
			nghttp2_submit_goaway(h->session, NGHTTP2_FLAG_NONE,
				nghttp2_session_get_last_proc_stream_id(h->session), H2_NO_ERROR, NULL, 0);
		h2_pump(h);
		h->closed = true;
		pass_down(out, cmd);
		break;
	case CMD_SEND:
		pass_down(out, cmd);
		break;
	}
}

static void
h2_settle(void *st, struct out *out)
{
	struct h2 *h = st;

	if (h->closed)
		return;
	h->out = out;
	h2_pump(h);
	if (h->dead && *h->why.text)
		h2_died(h);
	else if (h->shut && !h->streams)
		h2_close(h);
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
