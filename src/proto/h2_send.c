/* HTTP/2 going out: parts become frames, as far as the peer's windows let them. */
#include <stdlib.h>
#include <string.h>

#include "h2_inside.h"

enum { PUMP_PAST = 64 << 10 };

void
h2_queue_drop(struct h2_stream *s)
{
	while (s->next_slice < s->slices)
		slice_drop(&s->queue[s->next_slice++]);
	free(s->queue);
	s->queue = NULL;
	s->next_slice = s->slices = s->room = s->offset = s->waiting = 0;
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
			slice_drop(at);
			s->next_slice++;
			s->offset = 0;
		}
	}
	if (s->next_slice == s->slices)
		s->next_slice = s->slices = 0;
	return true;
}

/* nghttp2 takes both of a list's strings into its own memory, unless told not to. */
static void
submit_trailer(struct h2 *h, struct h2_stream *s)
{
	struct h2_fields f;

	h2_fields_make(&f, s->trailer, false);
	nghttp2_submit_trailer(h->session, (int32_t)s->id, f.at, f.count);
	h2_fields_release(&f);
}

static ssize_t
read_data(nghttp2_session *session, int32_t id, uint8_t *to, size_t len, uint32_t *flags,
	nghttp2_data_source *source, void *arg)
{
	struct h2_stream *s = source->ptr;
	struct h2 *h = arg;

	(void)session, (void)id, (void)to;
	if (len > s->waiting)
		len = s->waiting;
	if (!len && !s->end) {
		s->idle = true;
		return NGHTTP2_ERR_DEFERRED;
	}
	*flags |= NGHTTP2_DATA_FLAG_NO_COPY;
	if (s->end && len == s->waiting) {
		*flags |= NGHTTP2_DATA_FLAG_EOF;
		if (s->trailer) {
			*flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
			submit_trailer(h, s);
		}
	}
	return (ssize_t)len;
}

int
h2_send_data(nghttp2_session *session, nghttp2_frame *frame, const uint8_t *head, size_t len,
	nghttp2_data_source *source, void *arg)
{
	struct h2_stream *s = source->ptr;
	struct h2 *h = arg;

	(void)session, (void)frame;
	if (!buf_add(&h->to, (struct bytes){ head, 9 }) || !queue_take(s, len, &h->to))
		return NGHTTP2_ERR_CALLBACK_FAILURE;
	if (s->full && s->waiting < H2_STREAM_LOW) {
		s->full = false;
		out_up(h->out, (struct event){ .kind = EV_DRAINED, .stream = s->id });
	}
	return 0;
}

static void
pump_down(struct h2 *h)
{
	if (h->to.len)
		out_down(h->out, (struct command){ .kind = CMD_SEND, .data = buf_seal(&h->to) });
}

void
h2_pump(struct h2 *h)
{
	const uint8_t *at;
	ssize_t n;

	h2_submit_due(h);
	while (!h->blocked && (n = nghttp2_session_mem_send(h->session, &at)) > 0) {
		(void)!buf_add(&h->to, (struct bytes){ at, (size_t)n });
		if (h->to.len >= PUMP_PAST)
			pump_down(h);
	}
	pump_down(h);
}

static void
submit_request(struct h2 *h, struct h2_stream *s, const struct h2_fields *f, nghttp2_data_provider *data)
{
	int32_t id;

	if ((uint32_t)nghttp2_session_get_next_stream_id(h->session) < s->id)
		nghttp2_session_set_next_stream_id(h->session, (int32_t)s->id);
	id = nghttp2_submit_request(h->session, NULL, f->at, f->count, data, s);
	if (id != (int32_t)s->id)
		h2_stream_break(h, s, H2_REFUSED_STREAM, 0, "no more streams can be opened on this connection");
}

void
h2_submit_due(struct h2 *h)
{
	struct h2_stream *s = h->head_due;
	struct h2_fields f;

	if (!s)
		return;
	h->head_due = NULL;
	nghttp2_data_provider source = { .source.ptr = s, .read_callback = read_data },
		*data = s->end && !s->waiting && !s->trailer ? NULL : &source;

	h2_fields_make(&f, s->head, h->args.tls);
	s->submitted = true;
	if (!h->args.server)
		submit_request(h, s, &f, data);
	else
		nghttp2_submit_response(h->session, (int32_t)s->id, f.at, f.count, data);
	h2_fields_release(&f);
	head_drop(s->head);
	s->head = NULL;
}

static void
submit_interim(struct h2 *h, struct h2_stream *s, const struct head *head)
{
	struct h2_fields f;

	h2_fields_make(&f, head, false);
	nghttp2_submit_headers(h->session, NGHTTP2_FLAG_NONE, (int32_t)s->id, NULL, f.at, f.count, NULL);
	h2_fields_release(&f);
}

static void
send_head(struct h2 *h, struct h2_stream *s, struct part *p)
{
	unsigned status = head_status(p->head);

	h2_submit_due(h);
	if (h->args.server && status < 200) {
		/* 101 has no meaning here: RFC 9113 section 8.6. */
		if (status != 101)
			submit_interim(h, s, p->head);
		return;
	}
	if (s->head || s->submitted)
		return;
	s->head_only = s->head_only || bytes_are(head_method(p->head), "HEAD");
	s->head = p->head;
	*p = (struct part){ .kind = PART_NONE };
	h->head_due = s;
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
	if (!p->data.bytes.len || s->end)
		return;
	queue_add(s, &p->data);
	send_more(h, s);
	if (s->waiting > H2_STREAM_HIGH && !s->full) {
		s->full = true;
		out_up(h->out, (struct event){ .kind = EV_FULL, .stream = s->id });
	}
}

/* A whole answer is sent before it is said that no more of the request is wanted (section 8.1). */
static void
send_reset(struct h2 *h, struct h2_stream *s, uint32_t code)
{
	h2_submit_due(h);
	s->quiet = true;
	s->enough = code == H2_NO_ERROR && s->end && !s->end_sent;
	if (s->enough)
		return;
	h2_queue_drop(s);
	nghttp2_submit_rst_stream(h->session, NGHTTP2_FLAG_NONE, (int32_t)s->id, code);
}

void
h2_send_part(struct h2 *h, uint32_t id, struct part *p)
{
	struct h2_stream *s = h2_stream(h, (int32_t)id);

	if (!s && !h->args.server && p->kind == PART_HEAD && id == h->next) {
		h->next += 2;
		s = h2_stream_new(h, (int32_t)id);
	}
	if (!s || h->dead)
		return;
	if (h->head_due && h->head_due != s)
		h2_submit_due(h);
	if (p->kind == PART_HEAD) {
		send_head(h, s, p);
	} else if (p->kind == PART_DATA) {
		send_data(h, s, p);
	} else if (p->kind == PART_TRAILER && !s->trailer) {
		s->trailer = p->head;
		*p = (struct part){ .kind = PART_NONE };
	} else if (p->kind == PART_END) {
		s->end = true;
		send_more(h, s);
	} else if (p->kind == PART_RESET) {
		send_reset(h, s, p->code);
	}
}
