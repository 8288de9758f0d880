/* HTTP/2: the connection and its streams. */
#include <stdlib.h>
#include <string.h>

#include "h2_inside.h"

enum {
	CONNECTION_WINDOW = 16 << 20,	/* it is given back at once: only distance fills it */
	SLACK = 64,		/* nghttp2 counts a frame's own fields too */
	OUT_MAX = 64 << 20,		/* of one turn: windows bound it */
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

void
h2_stream_free(struct h2 *h, struct h2_stream *s)
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
	h2_typed_free(s->typed);
	free(s);
}

void
h2_stream_reset(struct h2 *h, struct h2_stream *s, uint32_t code, const char *words)
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
	h2_stream_reset(h, s, code, words);
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

static void
streams_end(struct h2 *h, uint32_t code, const char *words)
{
	for (struct h2_stream *s = h->all; s; s = s->next)
		if (!s->ended || !s->end)
			h2_stream_reset(h, s, code, words);
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
	h2_recv_callbacks(cb);
	h2_send_callbacks(cb);
	nghttp2_option_set_no_auto_window_update(o, 1);
	nghttp2_option_set_no_http_messaging(o, 1);	/* headers.h judges, and says why */
	nghttp2_option_set_no_closed_streams(o, 1);
	nghttp2_option_set_max_send_header_block_length(o, FIELDLIST_SENT_MAX + SLACK);
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
		h2_window_set(h, s, H2_WINDOW);
	} else if (s->unread) {
		nghttp2_session_consume_stream(h->session, (int32_t)s->id, s->unread);
		s->unread = 0;
	}
}

/* Of a stream that was not looked at, and of an error: what a rule asked for. */
static void
h2_shut(struct h2 *h, const struct command *cmd)
{
	int32_t last = nghttp2_session_get_last_proc_stream_id(h->session);
	bool asked = cmd->part.kind == PART_RESET;

	struct h2_stream *s = asked ? h2_stream(h, (int32_t)cmd->stream) : NULL;

	if (asked && cmd->stream)
		last = cmd->stream > 2 ? (int32_t)cmd->stream - 2 : 0;
	if (s)
		s->quiet = true;
	h->told = h->told || asked;
	nghttp2_submit_goaway(h->session, NGHTTP2_FLAG_NONE, last, asked ? cmd->part.code : H2_NO_ERROR, NULL, 0);
	if (asked)
		h2_pump(h);
}

static void
h2_hang_up(struct h2 *h, struct command *cmd)
{
	bool was = h->closed;

	if (!h->dead && !was && !h->told) {
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
		h2_shut(h, cmd);
		break;
	case CMD_CLOSE:
		h2_hang_up(h, cmd);
		break;
	case CMD_SEND:
	case CMD_ALERT:
	case CMD_ABORT:
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
		h2_stream_free(h, h->all);
	buf_release(&h->to);
	h2_typed_free(h->typed);
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
