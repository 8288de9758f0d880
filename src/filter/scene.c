/* The row of a flow as it stands, and its URL. */
#include <stdio.h>
#include <string.h>

#include "inside.h"

static void
text_set(char *to, size_t room, struct bytes from)
{
	size_t len = from.len ? strnlen((const char *)from.at, from.len < room ? from.len : room - 1) : 0;

	if (len)
		memcpy(to, from.at, len);
	to[len] = '\0';
}

static void
row_step(struct row *r, const struct step *s)
{
	if (step_kind(s) == STEP_TLS_STARTED)
		r->tls = true;
	if (step_kind(s) == STEP_CONNECT_RECEIVED && !r->request)
		text_set(r->method, sizeof(r->method), LIT("CONNECT"));
	if (step_kind(s) == STEP_HTTP3_PASSTHROUGH)
		r->protocol = bytes_are(step_find(s, "passthrough_protocol"), "http3") ? PROTOCOL_HTTP3 : PROTOCOL_QUIC;
	if (step_kind(s) == STEP_PROCESS) {
		text_set(r->process, sizeof(r->process), step_find(s, "name"));
		r->pid = step_number(s, "pid");
	}
	if (step_kind(s) == STEP_TLS_FAILED)
		r->tls_failed = bytes_are(step_find(s, "peer"), "upstream") ? SERVER : CLIENT;
}

static void
row_origin(struct row *r, const struct origin *o)
{
	r->port = o->port;
	r->tls = bytes_are(o->scheme, "https");
	r->protocol = bytes_are(o->scheme, "udp") ? PROTOCOL_UDP : PROTOCOL_TCP;
	text_set(r->scheme, sizeof(r->scheme), o->scheme);
	text_set(r->host, sizeof(r->host), o->host);
}

static void
row_request(struct row *r, const struct head *h)
{
	struct bytes path = row_path(head_target(h));

	r->request = r->otherwise = true;
	r->version[CLIENT] = (uint8_t)head_version(h);
	text_set(r->method, sizeof(r->method), head_method(h));
	text_set(r->path, path.len < ROW_PATH_KEPT ? sizeof(r->path) : ROW_PATH_KEPT + 1, path);
}

static void
row_grpc(struct row *r, const struct head *fields)
{
	struct bytes grpc = head_find(fields, "grpc-status");

	if (grpc.len && grpc.len <= 2 && grpc.at[0] >= '0' && grpc.at[0] <= '9')
		r->grpc = (int8_t)(grpc.len == 1 ? grpc.at[0] - '0' : (grpc.at[0] - '0') * 10 + (grpc.at[1] - '0') % 10);
}

static void
row_response(struct row *r, const struct scene *s, const struct head *h)
{
	unsigned status = head_status(h);

	r->version[SERVER] = (uint8_t)head_version(h);
	if (status < 200 && status != 101)
		return;
	r->status = (uint16_t)status;
	r->answered = s->answered ? s->answered : s->now;
	r->tunnel = status == 101;
	text_set(r->type, sizeof(r->type), protocol_media(h));
	for (char *c = r->type; *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c | 0x20) : *c;
	row_grpc(r, h);
}

static uint64_t
most_of(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Of one side, at least what is at hand. */
static void
row_came(struct row *r, const struct scene *s, enum side side)
{
	bool said = s->message.at && s->side == side;
	struct part p = { .kind = s->message_kind, .code = s->message_code };

	r->bytes[side] = most_of(s->bytes[side], said ? s->message.len : s->body[side].len);
	r->messages[side] = (uint32_t)most_of(s->messages[side], said && part_is_message(&p));
	r->tunnel |= !r->request && r->bytes[side];
}

void
scene_row(const struct scene *s, struct row *r)
{
	const struct head *request = s->head[CLIENT], *response = s->head[SERVER];

	*r = (struct row){ .id = s->flow, .begun = s->begun ? s->begun : s->now, .state = ROW_LIVE, .grpc = -1, .tls_failed = -1 };
	if (s->origin)
		row_origin(r, s->origin);
	if (request)
		row_request(r, request);
	if (response)
		row_response(r, s, response);
	if (s->trailer[SERVER])
		row_grpc(r, s->trailer[SERVER]);
	for (size_t i = 0; i < s->steps; i++)
		row_step(r, s->step[i]);
	if (request)
		r->protocol = s->websocket ? PROTOCOL_WEBSOCKET : protocol_of(request, r->status ? response : NULL);
	row_came(r, s, CLIENT);
	row_came(r, s, SERVER);
}

/* "https://host:port". */
static struct bytes
url_start(const struct row *r, char out[sizeof(r->scheme) + sizeof(r->host) + 16])
{
	bool v6 = strchr(r->host, ':');
	char *at = stpcpy(stpcpy(stpcpy(out, r->scheme), v6 ? "://[" : "://"), r->host);

	if (v6)
		*at++ = ']';
	if (r->port && r->port != (r->tls ? 443 : 80))
		at += snprintf(at, 8, ":%u", r->port);
	return (struct bytes){ (const uint8_t *)out, (size_t)(at - out) };
}

bool
asked_url(struct asked *a, struct buf *out)
{
	char start[sizeof(a->row->scheme) + sizeof(a->row->host) + 16];

	return buf_add(out, url_start(a->row, start)) && buf_add(out, asked_path(a));
}
