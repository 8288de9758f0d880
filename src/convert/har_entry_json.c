/* The fields of an entry, of the specification and of Chrome. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "har_writing.h"

enum { URL_MAX = 17 << 20 };

static const char *const side_names[] = { "request", "response" };

static void
set(json_t *to, const char *name, json_t *value)
{
	json_object_set_new(to, name, value);
}

static json_t *
number(uint64_t n)
{
	return json_integer((json_int_t)n);
}

static json_t *
version(const struct head *h)
{
	static const char *const names[] = { [HTTP_1_0] = "HTTP/1.0", [HTTP_1_1] = "HTTP/1.1", [HTTP_2] = "HTTP/2" };

	return json_string(h ? names[head_version(h)] : "");
}

static struct bytes
method_of(const struct flow *f)
{
	return f->half[CLIENT].head ? head_method(f->half[CLIENT].head) : LIT("CONNECT");
}

static bool
is_absolute(struct bytes target)
{
	const uint8_t *mark = target.len > 3 ? memmem(target.at, target.len, "://", 3) : NULL;

	return mark && !memchr(target.at, '/', (size_t)(mark - target.at)) && !memchr(target.at, '?', (size_t)(mark - target.at));
}

static bool
url_put(struct buf *url, const struct flow *f)
{
	const struct origin *o = f->origin;
	const struct head *h = f->half[CLIENT].head;
	struct bytes target = h ? head_target(h) : (struct bytes){ 0 };
	bool connect = bytes_are(method_of(f), "CONNECT") && !(target.len && *target.at == '/');
	bool v6 = o->host.len && memchr(o->host.at, ':', o->host.len);
	unsigned usual = bytes_are(o->scheme, "https") ? 443 : bytes_are(o->scheme, "http") ? 80 : 0;

	if (is_absolute(target))
		return buf_add(url, target);
	if (!buf_add(url, o->scheme.len ? o->scheme : LIT("tcp")) || !buf_add(url, v6 ? LIT("://[") : LIT("://")) ||
			!buf_add(url, o->host) || (v6 && !buf_add(url, LIT("]"))))
		return false;
	if ((connect || o->port != usual) && o->port && !buf_addf(url, ":%u", o->port))
		return false;
	if (connect)
		return true;
	return ((target.len && *target.at == '/') || buf_add(url, LIT("/"))) && buf_add(url, target);
}

static json_t *
url_of(const struct flow *f)
{
	struct buf url;
	json_t *j;

	buf_init(&url, URL_MAX);
	j = url_put(&url, f) ? har_text(buf_bytes(&url)) : json_string("");
	buf_release(&url);
	return j;
}

static json_t *
body_size(const struct half *h)
{
	return h->head ? number(h->bytes) : json_integer(-1);
}

static json_t *
head_size(const struct half *h)
{
	return h->head ? number(head_text(h->head).len) : json_integer(-1);
}

/* Text and encoding of a body, where there is one. */
static void
set_text(json_t *to, struct bytes body)
{
	bool base64;

	if (!body.len)
		return;
	set(to, "text", har_text_or_base64(body, &base64));
	if (base64)
		set(to, "encoding", json_string("base64"));
}

static json_t *
post_data(const struct har_writing *w)
{
	struct bytes body = w->body[CLIENT].plain.bytes, media = protocol_media(w->flow.half[CLIENT].head);
	json_t *j = json_pack("{s:o}", "mimeType", har_text(head_find(w->flow.half[CLIENT].head, "content-type")));

	set_text(j, body);
	if (bytes_like(media, "application/x-www-form-urlencoded"))
		set(j, "params", har_params(body));
	return j;
}

/* What reads it makes the same head of it, given .target where the URL does not say that. */
static void
request_compare(struct har_writing *w, const json_t *request, json_t *own)
{
	const struct head *h = w->flow.half[CLIENT].head;
	struct bytes targets[] = { { 0 }, h ? head_target(h) : (struct bytes){ 0 } };
	struct fault why;

	w->same_head[CLIENT] = false;
	for (size_t i = 0; h && i < ARRAY_LEN(targets) && !w->same_head[CLIENT]; i++) {
		struct head *again = har_request_head(request, targets[i], &why);

		w->same_head[CLIENT] = again && bytes_same(head_text(again), head_text(h));
		if (w->same_head[CLIENT] && i)
			set(own, "target", har_text(targets[i]));
		head_drop(again);
	}
}

static void
response_compare(struct har_writing *w, const json_t *response, const json_t *request)
{
	const struct head *h = w->flow.half[SERVER].head;
	struct fault why;
	struct head *again = h ? har_response_head(response, request, &why) : NULL;

	w->same_head[SERVER] = again && bytes_same(head_text(again), head_text(h));
	head_drop(again);
}

static void
set_trailers(struct har_writing *w, enum side side, json_t *message)
{
	const struct head *trailer = w->flow.half[side].trailer;
	struct head *again;

	w->same_trailer[side] = false;
	if (!trailer)
		return;
	set(message, "_trailers", har_headers(trailer));
	again = har_trailer(message);
	w->same_trailer[side] = again && bytes_same(head_text(again), head_text(trailer));
	head_drop(again);
}

static json_t *
request_json(struct har_writing *w, json_t *own)
{
	const struct half *h = &w->flow.half[CLIENT];
	json_t *j = json_object();

	set(j, "method", har_text(method_of(&w->flow)));
	set(j, "url", url_of(&w->flow));
	set(j, "httpVersion", version(h->head));
	set(j, "cookies", har_cookies(h->head, CLIENT));
	set(j, "headers", har_headers(h->head));
	set(j, "queryString", h->head ? har_query(head_target(h->head)) : json_array());
	if (h->head && w->body[CLIENT].raw.bytes.len)
		set(j, "postData", post_data(w));
	set(j, "headersSize", head_size(h));
	set(j, "bodySize", body_size(h));
	set_trailers(w, CLIENT, j);
	request_compare(w, j, own);
	return j;
}

static json_t *
content_json(const struct har_writing *w)
{
	const struct half *h = &w->flow.half[SERVER];
	const struct har_body *b = &w->body[SERVER];
	size_t plain = b->plain.bytes.len, raw = b->raw.bytes.len;
	bool cut = h->skipped || !b->whole;
	json_t *j = json_object();

	set(j, "size", number(!h->head ? 0 : cut && h->bytes > plain ? h->bytes : plain));
	if (plain > raw)
		set(j, "compression", number(plain - raw));
	set(j, "mimeType", h->head ? har_text(head_find(h->head, "content-type")) : json_string("x-unknown"));
	if (h->head)
		set_text(j, b->plain.bytes);
	return j;
}

static struct bytes
tls_trouble(const struct flow *f)
{
	for (size_t i = 0; i < f->moments; i++)
		if (f->moment[i].step && step_kind(f->moment[i].step) == STEP_TLS_FAILED)
			return step_find(f->moment[i].step, "detail");
	return (struct bytes){ 0 };
}

/* Why a flow failed, or is no request and response; empty: it is one. */
static struct bytes
trouble_of(const struct flow *f)
{
	bool well = f->close == CLOSE_HTTP_COMPLETED || f->close == CLOSE_RELAY_EOF || f->close == CLOSE_WEBSOCKET_COMPLETED;
	struct bytes said[] = { f->half[SERVER].broken.bytes, f->half[CLIENT].broken.bytes, tls_trouble(f), f->detail.bytes };

	for (size_t i = 0; i < ARRAY_LEN(said); i++)
		if (said[i].len && (!well || i < 3))
			return said[i];
	if (!well)
		return bytes_of(close_name(f->close));
	if (f->half[CLIENT].head)
		return f->half[SERVER].head ? (struct bytes){ 0 } : LIT("no response came");
	return LIT("no request was seen: the connection's bytes passed on as they were");
}

static json_t *
response_json(struct har_writing *w, const json_t *request)
{
	const struct half *h = &w->flow.half[SERVER];
	struct bytes trouble = trouble_of(&w->flow);
	json_t *j = json_object();

	set(j, "status", json_integer(h->head ? (json_int_t)head_status(h->head) : 0));
	set(j, "statusText", h->head ? har_text(head_reason(h->head)) : json_string(""));
	set(j, "httpVersion", version(h->head));
	set(j, "cookies", har_cookies(h->head, SERVER));
	set(j, "headers", har_headers(h->head));
	set(j, "content", content_json(w));
	set(j, "redirectURL", h->head ? har_text(head_find(h->head, "location")) : json_string(""));
	set(j, "headersSize", head_size(h));
	set(j, "bodySize", body_size(h));
	set(j, "_transferSize", number(h->head ? head_text(h->head).len + h->bytes : 0));
	set(j, "_error", trouble.len ? har_text(trouble) : json_null());
	set_trailers(w, SERVER, j);
	response_compare(w, j, request);
	return j;
}

static json_t *
ms(int64_t micros)
{
	return micros < 0 ? json_integer(-1) : json_real((double)micros / 1000);
}

static json_t *
timings_json(struct har_times t)
{
	return json_pack("{s:o,s:i,s:o,s:o,s:o,s:o,s:o}", "blocked", ms(t.blocked), "dns", -1, "connect", ms(t.connect),
		"ssl", ms(t.ssl), "send", ms(t.send), "wait", ms(t.wait), "receive", ms(t.receive));
}

static struct bytes
connected_to(const struct flow *f)
{
	for (size_t i = 0; i < f->moments; i++)
		if (f->moment[i].step && step_kind(f->moment[i].step) == STEP_CONNECTED)
			return step_find(f->moment[i].step, "address");
	return (struct bytes){ 0 };
}

/* "192.0.2.1:443", "[2001:db8::1]:443" */
static json_t *
without_port(struct bytes address)
{
	const uint8_t *colon = address.len ? memrchr(address.at, ':', address.len) : NULL;
	const uint8_t *bracket = address.len ? memchr(address.at, ']', address.len) : NULL;

	if (bracket && *address.at == '[')
		address = (struct bytes){ address.at + 1, (size_t)(bracket - address.at) - 1 };
	else if (colon)
		address.len = (size_t)(colon - address.at);
	return har_text(address);
}

/* Of this flow, or of the one that made the connection. */
static void
set_server(const struct har_writing *w, json_t *entry)
{
	struct bytes address = connected_to(&w->flow);
	flow_id opener = w->flow.origin->opened_by;
	struct flow other = { 0 };
	struct fault why;

	if (!address.len && opener && opener != w->flow.id && store_flow(w->from->store, opener, &other, &why))
		address = connected_to(&other);
	if (address.len)
		set(entry, "serverIPAddress", without_port(address));
	flow_release(&other);
}

static void
set_resource_type(const struct flow *f, json_t *entry)
{
	static const char *const types[PROTOCOL_COUNT] = { [PROTOCOL_WEBSOCKET] = "websocket", [PROTOCOL_SSE] = "eventsource" };
	const char *type = types[flow_protocol(f)];

	if (type)
		set(entry, "_resourceType", json_string(type));
}

static void
set_remark(const struct flow *f, enum remark which, json_t *in, const char *name)
{
	struct bytes said = f->remark[which].bytes;

	if (said.len)
		set(in, name, har_text(said));
}

/* The bytes of a body, where the entry's text is not just these. */
static void
set_own(const struct har_writing *w, enum side side, json_t *own, json_t *soth)
{
	const struct har_body *b = &w->body[side];

	if (b->raw.bytes.len && (!w->flow.half[side].head || !bytes_same(b->raw.bytes, b->plain.bytes)))
		set(own, "body", har_bytes(b->raw.bytes));
	if (json_object_size(own))
		set(soth, side_names[side], json_incref(own));
	json_decref(own);
}

json_t *
har_entry_json(struct har_writing *w, json_t *soth)
{
	struct har_times times = har_times(&w->flow);
	json_t *entry = json_object(), *own[] = { json_object(), json_object() };
	char when[40], connection[24];

	set(entry, "startedDateTime", json_string(har_time_write(w->flow.begun, when)));
	set(entry, "time", ms(times.total));
	set(entry, "request", request_json(w, own[CLIENT]));
	set(entry, "response", response_json(w, json_object_get(entry, "request")));
	set(entry, "cache", json_object());
	set(entry, "timings", timings_json(times));
	set_server(w, entry);
	if (w->opener) {
		snprintf(connection, sizeof(connection), "%llu", (unsigned long long)w->opener);
		set(entry, "connection", json_string(connection));
	}
	set_resource_type(&w->flow, entry);
	set_remark(&w->flow, REMARK_COMMENT, entry, "comment");
	set_remark(&w->flow, REMARK_MARK, soth, "marked");
	set_own(w, CLIENT, own[CLIENT], soth);
	set_own(w, SERVER, own[SERVER], soth);
	return entry;
}
