/* The request of a recorded flow, as it is to be sent again. */
#include <stdio.h>
#include <string.h>

#include "soth/convert.h"

enum { BODY_MAX = 512 << 20 };

static bool
is_number(struct bytes text, uint64_t n)
{
	char room[24];

	snprintf(room, sizeof(room), "%llu", (unsigned long long)n);
	return bytes_are(text, room);
}

/* HTTP/2 frames by itself; HTTP/1 must be told how long a body is. */
static bool
says_length(const struct head *h, size_t body)
{
	bool said = head_has(h, "content-length");

	if (head_has(h, "transfer-encoding") && head_version(h) != HTTP_2)
		return true;
	return said ? is_number(head_find(h, "content-length"), body) : !body || head_version(h) == HTTP_2;
}

static struct head *
head_framed(const struct head *h, size_t body, struct fault *why)
{
	char length[24];
	struct draft d;
	struct head *made;

	if (says_length(h, body))
		return head_ref((struct head *)(uintptr_t)h);
	snprintf(length, sizeof(length), "%zu", body);
	draft_of(&d, h);
	draft_set(&d, "Content-Length", bytes_of(length));
	made = head_make(&d, why);
	draft_release(&d);
	return made;
}

/* Chunks alone have trailers behind them. */
static bool
may_trail(const struct head *h)
{
	return head_version(h) == HTTP_2 || head_lists(h, "transfer-encoding", "chunked");
}

static bool
is_timed(const struct flow *f)
{
	enum protocol p = flow_protocol(f);

	return f->half[SERVER].head && (p == PROTOCOL_WEBSOCKET || (p == PROTOCOL_GRPC && f->half[CLIENT].messages));
}

static bool
sending_says(struct store *s, const struct flow *f, struct sending *out, struct fault *why)
{
	bool websocket = flow_protocol(f) == PROTOCOL_WEBSOCKET, decoded;

	out->head = head_ref(f->half[CLIENT].head);
	out->h1_only = websocket && head_version(out->head) != HTTP_2;
	out->says = convert_said(s, f, CLIENT, f->half[websocket ? SERVER : CLIENT].begun, &decoded, why);
	return out->says && sending_check(out, why);
}

/* What was typed for HTTP/2 goes again as it was typed. */
static bool
sending_typed(const struct flow *f, struct sending *out, struct fault *why)
{
	struct slice body = out->body, text;
	struct bytes typed = f->half[CLIENT].typed.bytes;
	uint8_t *to;

	text = slice_new(typed.len + body.bytes.len, &to);
	memcpy(to, typed.at, typed.len);
	if (body.bytes.len)
		memcpy(to + typed.len, body.bytes.at, body.bytes.len);
	slice_drop(&out->body);
	return sending_list(out, text, why);
}

static bool
sending_of(struct store *s, const struct flow *f, bool timed, struct sending *out, struct fault *why)
{
	const struct half *h = &f->half[CLIENT];
	bool whole = true;

	if (!h->head || !f->origin)
		return fault(why, "there is no request in it");
	*out = (struct sending){ .of = f->id, .tls = bytes_are(f->origin->scheme, "https"), .port = f->origin->port };
	snprintf(out->host, sizeof(out->host), "%.*s", (int)f->origin->host.len, (const char *)f->origin->host.at);
	if (timed && is_timed(f))
		return sending_says(s, f, out, why);
	if (h->verbatim.bytes.len) {
		sending_raw(out, slice_ref(h->verbatim));
		return true;
	}
	if (h->bytes)
		out->body = convert_body(s, f->id, CLIENT, false, BODY_MAX, &whole);
	if (h->typed.bytes.len)
		return whole ? sending_typed(f, out, why) : fault(why, "its body was not recorded whole");
	out->head = head_framed(h->head, out->body.bytes.len, why);
	if (!out->head)
		return false;
	out->trailer = h->trailer && may_trail(out->head) ? head_ref(h->trailer) : NULL;
	return sending_check(out, why) && (whole || fault(why, "its body was not recorded whole"));
}

static bool
sending_make(struct store *s, flow_id id, bool timed, struct sending *out, struct fault *why)
{
	struct flow f = { 0 };
	bool ok;

	*out = (struct sending){ 0 };
	ok = store_flow(s, id, &f, why) && sending_of(s, &f, timed, out, why);
	flow_release(&f);
	if (!ok)
		sending_release(out);
	return ok;
}

bool
convert_sending(struct store *s, flow_id id, struct sending *out, struct fault *why)
{
	return sending_make(s, id, false, out, why);
}

bool
convert_sending_timed(struct store *s, flow_id id, double speed, struct sending *out, struct fault *why)
{
	bool ok = sending_make(s, id, true, out, why);

	out->speed = speed;
	return ok;
}
