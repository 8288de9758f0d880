/* HTTP flows: a request, a response, and what a WebSocket said. */
#include "mitm_inside.h"

/* What makes a flow, read before any of it is told. */
struct exchange {
	struct head *head[2], *trailer[2];
	struct tnet message[2];
	bool answered;		/* with a head that is not on the way to another */
	bool socket;
};

static void
exchange_release(struct exchange *e)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		head_drop(e->head[side]);
		head_drop(e->trailer[side]);
	}
}

static bool
exchange_read(struct exchange *e, const struct mitm_flow *f, struct fault *why)
{
	*e = (struct exchange){ .message = { f->request, f->response }, .socket = f->websocket.tag == TNET_DICT };
	if (f->request.tag != TNET_DICT)
		return fault(why, "it has no request");
	e->head[CLIENT] = mitm_request_head(f->request, why);
	if (!e->head[CLIENT] || !mitm_trailer(f->request, &e->trailer[CLIENT], why))
		return false;
	if (f->response.tag == TNET_DICT) {
		e->head[SERVER] = mitm_response_head(f->response, why);
		if (!e->head[SERVER] || !mitm_trailer(f->response, &e->trailer[SERVER], why))
			return false;
		e->answered = head_status(e->head[SERVER]) >= 200 || head_status(e->head[SERVER]) == 101;
	}
	return !e->socket || mitm_messages_sound(tnet_find(f->websocket, "messages"), true, why);
}

static uint64_t
number_of(struct bytes digits)
{
	uint64_t n = 0;

	for (size_t i = 0; i < digits.len && i < 18 && digits.at[i] >= '0' && digits.at[i] <= '9'; i++)
		n = n * 10 + digits.at[i] - '0';
	return n;
}

/* A body that is missing was passed on and not kept: how long it was, its head may know. */
static void
body_tell(struct mitm_reading *r, struct exchange *e, enum side side, uint64_t when, bool ended)
{
	struct tnet content = tnet_find(e->message[side], "content");
	struct bytes body = tnet_text(content);

	if (content.tag == TNET_NULL)
		mitm_part(r, side, when, (struct part){ .kind = PART_SKIP,
			.count = number_of(head_find(e->head[side], "content-length")) });
	mitm_data(r, side, when, body);
	if (!e->socket)
		mitm_marks(r, side, when, e->head[CLIENT], e->head[SERVER], body, ended);
	if (e->trailer[side])
		mitm_part(r, side, when, (struct part){ .kind = PART_TRAILER, .head = head_ref(e->trailer[side]) });
}

static uint64_t
time_of(const struct exchange *e, enum side side, const char *name)
{
	return tnet_micros(tnet_find(e->message[side], name));
}

static void
request_tell(struct mitm_reading *r, struct exchange *e)
{
	uint64_t ended = time_of(e, CLIENT, "timestamp_end");

	mitm_part(r, CLIENT, time_of(e, CLIENT, "timestamp_start"),
		(struct part){ .kind = PART_HEAD, .head = head_ref(e->head[CLIENT]) });
	body_tell(r, e, CLIENT, ended, ended);
	if (ended && !e->socket)
		mitm_part(r, CLIENT, ended, (struct part){ .kind = PART_END });
}

/* Whether all of it came. */
static bool
response_tell(struct mitm_reading *r, struct exchange *e, struct tnet websocket)
{
	uint64_t begun = time_of(e, SERVER, "timestamp_start"), ended = time_of(e, SERVER, "timestamp_end");

	if (e->head[SERVER])
		mitm_part(r, SERVER, begun, (struct part){ .kind = PART_HEAD, .head = head_ref(e->head[SERVER]) });
	if (!e->answered)
		return false;
	if (e->socket) {
		mitm_websocket_tell(r, websocket);
		ended = tnet_micros(tnet_find(websocket, "timestamp_end"));
		if (ended)
			mitm_part(r, CLIENT, ended, (struct part){ .kind = PART_END });
	} else if (head_status(e->head[SERVER]) != 101) {
		body_tell(r, e, SERVER, ended ? ended : begun, ended);
	}
	if (ended)
		mitm_part(r, SERVER, ended, (struct part){ .kind = PART_END });
	return ended;
}

static void
gone_tell(struct mitm_reading *r, const struct mitm_flow *f, const struct exchange *e, bool whole)
{
	static const enum close_code codes[2][2] = { { CLOSE_HTTP_ERROR, CLOSE_HTTP_COMPLETED },
		{ CLOSE_WEBSOCKET_ERROR, CLOSE_WEBSOCKET_COMPLETED } };
	struct bytes trouble = tnet_text(tnet_find(f->error, "msg"));

	if (f->error.tag == TNET_DICT && !trouble.len)
		trouble = LIT("an error without words");
	if (trouble.len)
		mitm_reset(r, SERVER, tnet_micros(tnet_find(f->error, "timestamp")), trouble);
	else if (!whole)
		trouble = LIT(MITM_UNFINISHED);
	mitm_gone(r, codes[e->socket][!trouble.len], trouble);
}

/* The host that the client named: behind a transparent proxy the request's is an address. */
static struct bytes
host_of(const struct exchange *e, const struct mitm_flow *f)
{
	struct bytes host = tnet_text(tnet_find(f->request, "host")), named = tnet_text(tnet_find(f->request, "authority")), name;
	uint16_t port;

	if (!named.len && bytes_are(tnet_text(tnet_find(f->client, "proxy_mode")), "transparent"))
		named = head_find(e->head[CLIENT], "host");
	if (!named.len || !mitm_is_ip(host))
		return host;
	return mitm_address_read(named, &name, &port) && name.len ? name : named;
}

bool
mitm_http_read(struct mitm_reading *r, struct mitm_flow *f, struct fault *why)
{
	struct bytes scheme = tnet_text(tnet_find(f->request, "scheme"));
	int64_t port = tnet_int(tnet_find(f->request, "port"), 0);
	struct exchange e;
	bool read = exchange_read(&e, f, why);

	if (read) {
		if (scheme.len > 32)
			scheme.len = 32;
		mitm_flow_begin(r, f, scheme.len ? scheme : LIT("http"), host_of(&e, f),
			port > 0 && port <= UINT16_MAX ? (uint16_t)port : 0);
		request_tell(r, &e);
		if (f->late)
			mitm_server_steps(r, f);
		gone_tell(r, f, &e, response_tell(r, &e, f->websocket));
	}
	exchange_release(&e);
	return read;
}
