/* One request and its response: what passes on, and what is told of it. */
#include "exchange.h"
#include "headers.h"
#include "observe.h"

enum { MOVES_FIRST = 8 };

void
exchange_init(struct exchange *x, flow_id id, struct exchange_limits limits)
{
	*x = (struct exchange){ .id = id, .limits = limits };
}

static void
exchange_unwatch(struct exchange *x, enum side side)
{
	observer_free(x->observer[side]);
	x->observer[side] = NULL;
}

void
exchange_release(struct exchange *x)
{
	head_drop(x->request);
	x->request = NULL;
	exchange_unwatch(x, CLIENT);
	exchange_unwatch(x, SERVER);
}

enum close_code
exchange_close(const struct exchange *x)
{
	if (!x->websocket)
		return CLOSE_HTTP_COMPLETED;
	return x->half[CLIENT].closed && x->half[SERVER].closed ? CLOSE_WEBSOCKET_COMPLETED : CLOSE_WEBSOCKET_ERROR;
}

void
moves_add(struct moves *out, enum move_kind kind, enum side side, struct part part)
{
	if (out->count == out->room) {
		out->room = out->room ? out->room * 2 : MOVES_FIRST;
		out->at = xgrow(out->at, out->room, sizeof(*out->at));
	}
	out->at[out->count++] = (struct move){ kind, side, part };
}

/* As much of the data as is still recorded; the rest is for the SKIP. */
static struct part
data_kept(const struct exchange *x, struct exchange_half *h, struct slice data)
{
	size_t len = data.bytes.len;
	uint64_t room = x->limits.record > h->told ? x->limits.record - h->told : 0;
	size_t kept = room < len ? (size_t)room : len;

	h->told += kept;
	h->skipped += len - kept;
	if (!kept)
		return (struct part){ .kind = PART_NONE };
	return (struct part){ .kind = PART_DATA, .data = kept == len ? slice_ref(data) : slice_cut(data, 0, kept) };
}

/* A message counts, whether or not there is room left for what it says. */
static void
message_keep(const struct exchange *x, struct exchange_half *h, struct part *p)
{
	h->closed |= (p->code & (WS_OPCODE | WS_CUT)) == WS_CLOSE;
	if (h->told + p->data.bytes.len <= x->limits.record) {
		h->told += p->data.bytes.len;
	} else {
		slice_drop(&p->data);
		p->code |= WS_CUT;
	}
}

/* What an observer told, from `first` on, within the limits of what is told. */
static void
moves_keep(const struct exchange *x, struct exchange_half *h, struct moves *out, size_t first)
{
	size_t to = first;

	for (size_t i = first; i < out->count; i++) {
		struct part *p = &out->at[i].part;

		if (out->at[i].kind == MOVE_EDGE) {
			out->at[to++] = out->at[i];
			continue;
		}
		if (p->kind == PART_MESSAGE) {
			message_keep(x, h, p);
		} else if (p->kind == PART_DATA) {
			struct part kept = data_kept(x, h, p->data);

			part_drop(p);
			*p = kept;
		}
		if (p->kind != PART_NONE)
			out->at[to++] = out->at[i];
	}
	out->count = to;
}

static void
exchange_observe(struct exchange *x, enum side from, struct bytes more, struct moves *out)
{
	size_t first = out->count;

	observer_data(x->observer[from], more, out);
	moves_keep(x, &x->half[from], out, first);
}

static void
exchange_data(struct exchange *x, enum side from, struct part *p, struct moves *out)
{
	struct exchange_half *h = &x->half[from];
	struct observer *o = x->observer[from];

	h->bytes += p->data.bytes.len;
	if (x->limits.body && h->bytes > x->limits.body) {
		moves_add(out, MOVE_REFUSE, from, (struct part){ .kind = PART_NONE });
		return;
	}
	if (!observer_replaces(o)) {
		struct part kept = data_kept(x, h, p->data);

		if (kept.kind != PART_NONE)
			moves_add(out, MOVE_TELL, from, kept);
	}
	if (o)
		exchange_observe(x, from, p->data.bytes, out);
	moves_add(out, MOVE_PART, from, part_move(p));
}

/* A response's head that another one follows: RFC 9110 section 15.2. */
static bool
interim(const struct head *response)
{
	unsigned status = head_status(response);

	return status >= 100 && status < 200 && status != 101;
}

static bool
asks_for_tunnel(const struct head *request)
{
	return bytes_are(head_method(request), "CONNECT");
}

/* The connection, or the stream, is now for something else, both ways. */
static bool
switches(const struct head *request, const struct head *response)
{
	unsigned status = head_status(response);

	if (status < 200 || status >= 300)
		return status == 101;
	return asks_for_tunnel(request) ||
		(head_version(response) == HTTP_2 && protocol_of(request, response) == PROTOCOL_WEBSOCKET);
}

/*
 * No body's limit is for what comes now. The body of an HTTP/1 request has
 * ended, and its half begins anew. What a client said on a stream before the
 * answer came belongs to nothing (RFC 6455 section 4.1): its messages cannot
 * be found then.
 */
static void
exchange_switch(struct exchange *x, const struct head *response, struct moves *out)
{
	struct exchange_half *client = &x->half[CLIENT];

	x->limits.body = 0;
	exchange_unwatch(x, CLIENT);
	x->websocket = x->limits.websocket && protocol_of(x->request, response) == PROTOCOL_WEBSOCKET;
	if (x->websocket)
		x->observer[SERVER] = observer_new(SERVER, x->request, response);
	if (x->websocket && client->bytes && !client->ended)
		moves_add(out, MOVE_TELL, CLIENT, (struct part){ .kind = PART_FAULT, .data = slice_text(
			"RFC 6455 section 4.1: the client sent data before the server had agreed") });
	else if (x->websocket)
		x->observer[CLIENT] = observer_new(CLIENT, x->request, response);
	if (!asks_for_tunnel(x->request))
		*client = (struct exchange_half){ .begun = true };
}

static void
exchange_request(struct exchange *x, struct head *request)
{
	head_drop(x->request);
	x->request = head_ref(request);
	x->half[CLIENT].begun = true;
	exchange_unwatch(x, CLIENT);
	x->observer[CLIENT] = observer_new(CLIENT, request, NULL);
}

static void
exchange_answer(struct exchange *x, struct head *response, struct moves *out)
{
	x->half[SERVER].begun = true;
	if (!x->request)
		return;
	if (switches(x->request, response))
		exchange_switch(x, response, out);
	else
		x->observer[SERVER] = observer_new(SERVER, x->request, response);
	head_drop(x->request);
	x->request = NULL;
}

static void
side_rest(struct exchange *x, enum side from, bool broken, struct moves *out)
{
	struct exchange_half *h = &x->half[from];
	size_t first = out->count;

	if (x->observer[from]) {
		observer_end(x->observer[from], broken, out);
		moves_keep(x, h, out, first);
		exchange_unwatch(x, from);
	}
	if (h->skipped)
		moves_add(out, MOVE_TELL, from, (struct part){ .kind = PART_SKIP, .count = h->skipped });
	h->skipped = 0;
}

void
exchange_rest(struct exchange *x, enum side side, struct moves *out)
{
	side_rest(x, side, true, out);
}

/* What announces a body over the limit is refused before any of it has come. */
static bool
announces_too_much(const struct exchange *x, enum side from, const struct head *head)
{
	struct bytes method = x->request ? head_method(x->request) : (struct bytes){ 0 };
	struct framing f;

	if (!x->limits.body)
		return false;
	f = headers_framing(head, method);
	return f.kind == FRAMED_LENGTH && f.length > x->limits.body &&
		(from == CLIENT || (x->request && !interim(head)));
}

static void
tell_and_pass(enum side from, struct part *p, struct moves *out)
{
	moves_add(out, MOVE_TELL, from, part_ref(p));
	moves_add(out, MOVE_PART, from, part_move(p));
}

void
exchange_part(struct exchange *x, enum side from, struct part *p, struct moves *out)
{
	struct head *head = NULL;

	switch (p->kind) {
	case PART_DATA:
		exchange_data(x, from, p, out);
		return;
	case PART_END:
	case PART_RESET:
		side_rest(x, from, p->kind == PART_RESET, out);
		x->half[from].ended = true;
		tell_and_pass(from, p, out);
		return;
	case PART_HEAD:
		if (announces_too_much(x, from, p->head)) {
			/* A response's is not told: another takes its place. */
			if (from == CLIENT)
				moves_add(out, MOVE_TELL, from, part_ref(p));
			moves_add(out, MOVE_REFUSE, from, (struct part){ .kind = PART_NONE });
			return;
		}
		head = head_ref(p->head);
		tell_and_pass(from, p, out);
		break;
	default:
		tell_and_pass(from, p, out);
		return;
	}
	if (from == CLIENT)
		exchange_request(x, head);
	else if (!interim(head))
		exchange_answer(x, head, out);
	head_drop(head);
}
