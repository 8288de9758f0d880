/* Streams that are broken off: by the client, or by the server, and what may be asked once more. */
#include "h2.h"
#include "inside.h"

/* What may be done twice: RFC 9110 section 9.2.2. */
static bool
is_idempotent(const struct head *request)
{
	static const char *const methods[] = { "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" };

	for (size_t i = 0; i < ARRAY_LEN(methods); i++)
		if (bytes_are(head_method(request), methods[i]))
			return true;
	return false;
}

/* Once more, where nothing but a head was sent, and the server says that it
 * has not looked at it (RFC 9113 section 8.7), or may not have: it closed a
 * connection that was kept (RFC 9112 section 9.3.1). */
bool
http_retry(struct relay *r, struct stream *s, bool unseen)
{
	bool ended = s->exchange.half[CLIENT].ended, reused = s->server && s->server->reused;

	if (!s->again || s->exchange.half[SERVER].begun || s->retries == RETRIES_MAX ||
			!(unseen || (reused && is_idempotent(s->request))))
		return false;
	s->retries++;
	stream_leave(r, s);
	/* What waits is what was not sent: the head is there only if it was. */
	if (!s->waits)
		stream_forward(r, s, (struct part){ .kind = PART_HEAD, .count = ended, .head = head_ref(s->request) });
	if (s->waits == 1 && ended)
		stream_forward(r, s, (struct part){ .kind = PART_END });
	serve_stream(r, s);
	return true;
}

static void
http_client_reset(struct relay *r, struct stream *s, struct part *p)
{
	char room[WORDS_ROOM];
	const char *words = words_of_bytes(p->data.bytes, room);
	bool over = s->exchange.half[SERVER].ended;
	uint32_t code = p->code;
	unsigned status = r->client_h2 ? (unsigned)p->count : p->code ? p->code : 400;

	stream_tell(r, s, CLIENT, part_move(p));
	if (status) {		/* it broke a rule, and can be told so */
		http_answer(r, s, status, CLOSE_HTTP_ERROR, words);
		return;
	}
	http_abandon(r, s, code);
	stream_gone(r, s, over ? http_completed(s) : s->raw ? CLOSE_RELAY_ERROR : CLOSE_HTTP_ERROR, words);
	serve_waiting(r);
}

static void
http_server_reset(struct relay *r, struct stream *s, struct part *p)
{
	char room[WORDS_ROOM];
	const char *words = words_of_bytes(p->data.bytes, room);
	bool h2 = s->server->h2, over = s->exchange.half[SERVER].ended;
	uint32_t code = p->code;

	/* With the last the connection is lost; HTTP/1 says so in another way. */
	if (h2 && (code == H2_REFUSED_STREAM || code == H2_CONNECT_ERROR) && http_retry(r, s, code == H2_REFUSED_STREAM))
		return;
	if (!over && (s->exchange.half[SERVER].begun || (h2 && r->client_h2)))
		stream_tell(r, s, SERVER, part_ref(p));
	if (h2)
		stream_leave(r, s);	/* it is no more */
	if (over && stream_keeps(s, SERVER))
		return;
	if (!(h2 && r->client_h2)) {
		if (over)
			http_done(r, s);
		else
			http_answer(r, s, 502, CLOSE_HTTP_ERROR, words);
		return;
	}
	link_send(r->client, s->id[CLIENT], (struct part){ .kind = PART_RESET, .code = code });
	stream_gone(r, s, over ? http_completed(s) : CLOSE_HTTP_ERROR, over ? "" : words);
	serve_waiting(r);
}

/* What the layer of the client could not read before there was a request. */
static void
http_client_broken(struct relay *r, uint32_t id, struct part *p)
{
	char room[WORDS_ROOM];
	const char *words = words_of_bytes(p->data.bytes, room);
	unsigned status = r->client_h2 ? (unsigned)p->count : p->code;
	struct stream *s = stream_new(r, id, http_scheme(r), r->to.host, r->to.port);

	relay_step(r, s->flow, STEP_PARSE_FAILED, (struct field[]){ { LIT("parse_error_detail"), p->data.bytes } }, 1);
	/* Where HTTP/2 is expected, what is neither gets no page of HTTP/1 (RFC 9113 section 3.4). */
	if (http_must_h2(r) && !r->client_h2)
		relay_stop(r, CLOSE_PARSE_FAILED, words);
	else if (status)
		http_answer(r, s, status, CLOSE_PARSE_FAILED, words);
	else
		stream_gone(r, s, CLOSE_PARSE_FAILED, words);
}

void
http_reset(struct link *from, struct stream *s, uint32_t id, struct part *p)
{
	struct relay *r = from->relay;
	char room[WORDS_ROOM];

	if (from->side == CLIENT && !s)
		http_client_broken(r, id, p);
	else if (from->side == CLIENT)
		http_client_reset(r, s, p);
	else if (s)
		http_server_reset(r, s, p);
	else if (!from->h2)	/* said unasked, a late 408 say: nobody's answer */
		http_link_lost(from, FAIL_RESET, words_of_bytes(p->data.bytes, room));
}
