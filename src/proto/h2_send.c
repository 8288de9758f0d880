/* HTTP/2 going out: parts become frames, as far as the peer's windows let them. */
#include <stdlib.h>
#include <string.h>

#include "h2_inside.h"

enum { PUMP_PAST = 64 << 10, SLICE_COST = 64 };

static struct bytes
method_of_note(struct bytes method)
{
	return bytes_are(method, "CONNECT") ? LIT("CONNECT") : bytes_are(method, "HEAD") ? LIT("HEAD") : (struct bytes){ 0 };
}

struct bytes
h2_method(const struct head *request)
{
	return method_of_note(head_method(request));
}

void
h2_typed_free(struct h2_typed *t)
{
	while (t) {
		struct h2_typed *next = t->next;

		fieldlist_release(&t->list);
		free(t);
		t = next;
	}
}

void
h2_instead(struct h2 *h, uint32_t stream, struct fieldlist *list)
{
	struct h2_typed *t = xalloc(sizeof(*t));

	*t = (struct h2_typed){ stream, *list, h->typed };
	*list = (struct fieldlist){ 0 };
	h->typed = t;
}

static bool
has_trailer(const struct h2_stream *s)
{
	return s->typed ? s->typed->list.trailed : s->trailer != NULL;
}

/* Into h->nv. */
static bool
trailer_nv(struct h2 *h, const struct h2_stream *s)
{
	const struct fieldlist *l = s->typed ? &s->typed->list : NULL;
	struct fault why;

	if (!l)
		return s->trailer && h2_nv(h, s->trailer, &why);
	h2_nv_typed(h, l, l->heads, l->fields);
	return l->trailed;
}

void
h2_queue_drop(struct h2_stream *s)
{
	while (s->next_slice < s->slices)
		slice_drop(&s->queue[s->next_slice++]);
	free(s->queue);
	s->queue = NULL;
	s->next_slice = s->slices = s->room = s->offset = s->waiting = s->weight = 0;
}

static void
queue_add(struct h2_stream *s, struct slice *data)
{
	if (s->next_slice && s->slices == s->room) {
		memmove(s->queue, s->queue + s->next_slice, (s->slices - s->next_slice) * sizeof(*s->queue));
		s->slices -= s->next_slice;
		s->next_slice = 0;
	}
	if (s->slices == s->room) {
		s->room = s->room ? s->room * 2 : 4;
		s->queue = xgrow(s->queue, s->room, sizeof(*s->queue));
	}
	s->waiting += data->bytes.len;
	s->weight += data->bytes.len + SLICE_COST;
	s->queue[s->slices++] = *data;
	*data = (struct slice){ 0 };
}

static bool
queue_take(struct h2_stream *s, size_t n, struct buf *to)
{
	s->waiting -= n;
	while (n) {
		struct slice *at = &s->queue[s->next_slice];
		size_t left = at->bytes.len - s->offset, now = n < left ? n : left;

		if (!buf_add(to, (struct bytes){ at->bytes.at + s->offset, now }))
			return false;
		n -= now;
		s->offset += now;
		if (s->offset == at->bytes.len) {
			s->weight -= at->bytes.len + SLICE_COST;
			slice_drop(at);
			s->next_slice++;
			s->offset = 0;
		}
	}
	if (s->next_slice == s->slices)
		s->next_slice = s->slices = 0;
	return true;
}

static ssize_t
read_data(nghttp2_session *session, int32_t id, uint8_t *to, size_t len, uint32_t *flags,
	nghttp2_data_source *source, void *arg)
{
	struct h2_stream *s = source->ptr;
	struct h2 *h = arg;

	(void)to;
	if (len > s->waiting)
		len = s->waiting;
	if (!len && !s->end) {
		s->idle = true;
		return NGHTTP2_ERR_DEFERRED;
	}
	*flags |= NGHTTP2_DATA_FLAG_NO_COPY;
	if (!s->end || len < s->waiting)
		return (ssize_t)len;
	*flags |= NGHTTP2_DATA_FLAG_EOF;
	if (trailer_nv(h, s)) {
		*flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
		nghttp2_submit_trailer(session, id, h->nv, h->nvs);
	}
	return (ssize_t)len;
}

void
h2_pump_down(struct h2 *h)
{
	if (h->to.len)
		out_down(h->out, (struct command){ .kind = CMD_SEND, .data = buf_seal(&h->to) });
}

static int
on_send_data(nghttp2_session *session, nghttp2_frame *frame, const uint8_t *head, size_t len,
	nghttp2_data_source *source, void *arg)
{
	struct h2_stream *s = source->ptr;
	struct h2 *h = arg;

	(void)session, (void)frame;
	if (!buf_add(&h->to, (struct bytes){ head, 9 }) || !queue_take(s, len, &h->to))
		return NGHTTP2_ERR_CALLBACK_FAILURE;
	/* nghttp2 goes on to the next frame of DATA before it returns. */
	if (h->to.len >= PUMP_PAST)
		h2_pump_down(h);
	h2_frame_credit(h, len);
	if (s->full && s->weight <= H2_STREAM_LOW) {
		s->full = false;
		out_up(h->out, (struct event){ .kind = EV_DRAINED, .stream = s->id });
	}
	return 0;
}

void
h2_pump(struct h2 *h)
{
	const uint8_t *at;
	ssize_t n = 0;

	h2_submit_due(h);
	while (!h->blocked && (n = nghttp2_session_mem_send(h->session, &at)) > 0) {
		if (!buf_add(&h->to, (struct bytes){ at, (size_t)n }))
			h2_broken(h, H2_INTERNAL_ERROR, "more waits to be sent than there is room for");
		if (h->to.len >= PUMP_PAST)
			h2_pump_down(h);
	}
	if (n < 0)
		h2_broken(h, H2_INTERNAL_ERROR, nghttp2_strerror((int)n));
	h2_pump_down(h);
}

static void
submit_request(struct h2 *h, struct h2_stream *s, const nghttp2_data_provider *data)
{
	if (nghttp2_session_get_next_stream_id(h->session) < s->id)
		nghttp2_session_set_next_stream_id(h->session, (int32_t)s->id);
	nghttp2_submit_request(h->session, NULL, h->nv, h->nvs, data, s);
}

void
h2_submit_due(struct h2 *h)
{
	struct h2_stream *s = h->head_due;
	struct fault why;

	if (!s)
		return;
	h->head_due = NULL;
	nghttp2_data_provider source = { .source.ptr = s, .read_callback = read_data },
		*data = s->end && !s->waiting && !has_trailer(s) ? NULL : &source;

	if (s->typed)
		h2_nv_typed(h, &s->typed->list, 0, s->typed->list.heads);
	/* It could be done when it came, and can now. */
	else if (h->nv_head != s->head && !h2_nv(h, s->head, &why))
		h->nvs = 0;
	h->nv_head = NULL;
	s->submitted = true;
	if (!h->args.server)
		submit_request(h, s, data);
	else
		nghttp2_submit_response(h->session, (int32_t)s->id, h->nv, h->nvs, data);
	head_drop(s->head);
	s->head = NULL;
}

static void
submit_interim(struct h2 *h, struct h2_stream *s)
{
	nghttp2_submit_headers(h->session, NGHTTP2_FLAG_NONE, (int32_t)s->id, NULL, h->nv, h->nvs, NULL);
}

static struct h2_typed *
typed_for(struct h2 *h, uint32_t id)
{
	struct h2_typed **at = &h->typed, *found;

	while (*at && (*at)->id != id)
		at = &(*at)->next;
	found = *at;
	if (found) {
		*at = found->next;
		found->next = NULL;
	}
	return found;
}

/* All of it is here: what else comes down of it does not count. */
static void
send_typed(struct h2 *h, struct h2_stream *s, struct part *p)
{
	struct slice body = slice_ref(s->typed->list.body);

	if (!h->args.server)
		s->method = method_of_note(fieldlist_find(&s->typed->list, ":method"));
	s->head = p->head;
	*p = (struct part){ .kind = PART_NONE };
	h->head_due = s;
	if (body.bytes.len)
		queue_add(s, &body);
	s->end = true;
	if (s->weight > H2_STREAM_HIGH) {
		s->full = true;
		out_up(h->out, (struct event){ .kind = EV_FULL, .stream = s->id });
	}
}

static void
send_head(struct h2 *h, struct h2_stream *s, struct part *p)
{
	unsigned status = head_status(p->head);
	struct fault why;

	h2_submit_due(h);
	if (s->head || s->submitted)
		return;
	s->typed = typed_for(h, s->id);
	if (s->typed) {
		send_typed(h, s, p);
		return;
	}
	if (!h->args.server)
		s->method = h2_method(p->head);
	if (headers_check(p->head, &why) || !h2_nv(h, p->head, &why)) {
		/* nghttp2 shall know the stream, so that its number is used. */
		if (!h->args.server)
			submit_request(h, s, &(nghttp2_data_provider){ .source.ptr = s, .read_callback = read_data });
		h2_stream_break(h, s, H2_INTERNAL_ERROR, why.text);
	} else if (h->args.server && status < 200) {
		submit_interim(h, s);
	} else {
		s->go = h2_framing(s, p->head);
		s->head = p->head;
		*p = (struct part){ .kind = PART_NONE };
		h->head_due = s;
	}
}

/* There is something to send again. */
static void
send_more(struct h2 *h, struct h2_stream *s)
{
	if (!s->idle)
		return;
	s->idle = false;
	nghttp2_session_resume_data(h->session, (int32_t)s->id);
}

static void
send_data(struct h2 *h, struct h2_stream *s, struct part *p)
{
	/* More than was said is a fault to the peer. */
	if (s->go.kind == FRAMED_LENGTH && p->data.bytes.len > s->go.length)
		p->data.bytes.len = (size_t)s->go.length;
	if (!p->data.bytes.len || s->end || s->go.kind == FRAMED_NONE)
		return;
	if (s->go.kind == FRAMED_LENGTH)
		s->go.length -= p->data.bytes.len;
	queue_add(s, &p->data);
	send_more(h, s);
	if (s->weight > H2_STREAM_HIGH && !s->full) {
		s->full = true;
		out_up(h->out, (struct event){ .kind = EV_FULL, .stream = s->id });
	}
}

static void
send_trailer(struct h2 *h, struct h2_stream *s, struct part *p)
{
	struct fault why;

	if (s->trailer || s->end || s->typed)
		return;
	if (!headers_check_trailer(p->head, &why)) {
		h2_stream_break(h, s, H2_INTERNAL_ERROR, why.text);
		return;
	}
	s->trailer = p->head;
	*p = (struct part){ .kind = PART_NONE };
}

static void
send_end(struct h2 *h, struct h2_stream *s)
{
	if (!s->typed && s->go.kind == FRAMED_LENGTH && s->go.length) {
		h2_stream_break(h, s, H2_INTERNAL_ERROR, "the body is shorter than its content-length");
		return;
	}
	s->end = true;
	send_more(h, s);
}

static void
send_reset(struct h2 *h, struct h2_stream *s, uint32_t code)
{
	h2_submit_due(h);
	s->quiet = true;
	/* The answer goes first (RFC 9113 section 8.1). */
	if (code == H2_NO_ERROR && s->end && !nghttp2_session_get_stream_local_close(h->session, (int32_t)s->id)) {
		s->enough = true;
		return;
	}
	h2_queue_drop(s);
	nghttp2_submit_rst_stream(h->session, NGHTTP2_FLAG_NONE, (int32_t)s->id, code);
}

/* A request that is new; NULL: none can be. */
static struct h2_stream *
send_begin(struct h2 *h, uint32_t id)
{
	bool accepts = h2_accepts(h);
	struct h2_stream *s;

	h->next += 2;
	if (!accepts) {
		out_up(h->out, (struct event){ .kind = EV_PART, .stream = id, .part = { .kind = PART_RESET,
			.code = H2_REFUSED_STREAM, .data = slice_text(h->going_away ? h->farewell.text : "the connection is over") } });
		return NULL;
	}
	s = h2_stream_new(h, (int32_t)id);
	h2_seen(h, id);
	return s;
}

void
h2_send_part(struct h2 *h, uint32_t id, struct part *p)
{
	struct h2_stream *s = h2_stream(h, (int32_t)id);

	if (!s && !h->args.server && p->kind == PART_HEAD && id == h->next)
		s = send_begin(h, id);
	if (!s || h->dead)
		return;
	if (h->head_due && h->head_due != s)
		h2_submit_due(h);
	if (p->kind == PART_RESET)
		send_reset(h, s, p->code);
	else if (p->kind == PART_HEAD)
		send_head(h, s, p);
	else if (!s->head && !s->submitted)
		return;		/* there is no head */
	else if (p->kind == PART_DATA)
		send_data(h, s, p);
	else if (p->kind == PART_TRAILER)
		send_trailer(h, s, p);
	else if (p->kind == PART_END)
		send_end(h, s);
}

/* What nghttp2 ends the connection with names the rule in its debug data. */
static void
goaway_sent(struct h2 *h, const nghttp2_goaway *g)
{
	struct fault why;

	if (!g->error_code || h->told)
		return;
	h2_frame_fault(&why, g->error_code, (struct bytes){ g->opaque_data, g->opaque_data_len });
	h2_broken(h, g->error_code, why.text);
	h->told = true;
}

static int
on_sent(nghttp2_session *session, const nghttp2_frame *frame, void *arg)
{
	struct h2 *h = arg;
	int32_t id = frame->hd.stream_id;
	bool message = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
	struct h2_stream *s = message ? h2_stream(h, id) : NULL;

	if (frame->hd.type == NGHTTP2_GOAWAY)
		goaway_sent(h, &frame->goaway);
	if (!s)
		return 0;
	if (!s->sent) {
		s->sent = true;
		h->unsent -= !h->args.server;
	}
	if (frame->hd.flags & NGHTTP2_FLAG_END_STREAM && (s->enough || s->refused) &&
			!nghttp2_session_get_stream_remote_close(session, id))
		nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, id, H2_NO_ERROR);
	return 0;
}

/* A head that nghttp2 would not send; of a stream that is gone it may be. */
static int
on_not_sent(nghttp2_session *session, const nghttp2_frame *frame, int error, void *arg)
{
	struct h2 *h = arg;
	struct h2_stream *s = frame->hd.type == NGHTTP2_HEADERS ? h2_stream(h, frame->hd.stream_id) : NULL;
	struct fault why;

	(void)session;
	if (!s || s->quiet)
		return 0;
	fault(&why, "the head cannot be sent: %s", nghttp2_strerror(error));
	h2_stream_break(h, s, H2_INTERNAL_ERROR, why.text);
	return 0;
}

void
h2_send_callbacks(nghttp2_session_callbacks *cb)
{
	nghttp2_session_callbacks_set_send_data_callback(cb, on_send_data);
	nghttp2_session_callbacks_set_on_frame_send_callback(cb, on_sent);
	nghttp2_session_callbacks_set_on_frame_not_send_callback(cb, on_not_sent);
}
