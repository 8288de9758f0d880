/* Flows as mitmproxy saves them, version 21: one is in memory at a time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mitm_inside.h"
#include "soth/trail.h"

enum { OUT_MAX = 1 << 30, BODY_MAX = 256 << 20, RECORD_MAX = 80 << 20, CLOSE_NOTHING = 1005, COMMENT_ROOM = REMARK_ROOM + 120 };

/* Where notes of a flow are in the file. */
struct places { uint64_t *at; size_t count, room; };

static void
places_add(struct places *p, uint64_t at)
{
	if (p->count == p->room) {
		p->room = p->room ? p->room * 2 : 64;
		p->at = xgrow(p->at, p->room, sizeof(*p->at));
	}
	p->at[p->count++] = at;
}

/* Those of its parts that are of this kind. */
static bool
places_find(struct places *p, struct mitm_writing *w, enum part_kind kind, struct fault *why)
{
	struct trail *t = trail_new(w->from->store, w->flow.id);
	struct fault reason = { "" };
	struct glance g;

	*p = (struct places){ 0 };
	while (trail_next(t, &g, &reason) || trail_busy(t))
		if (!trail_busy(t) && g.kind == NOTE_PART && g.part == kind)
			places_add(p, g.at);
	trail_free(t);
	if (*reason.text)
		*why = reason;
	return !*reason.text;
}

/* A list, last to first; mitmproxy has no place for pings and the like. */
static bool
put_messages(struct mitm_writing *w, enum part_kind kind, void (*put)(struct tnet_out *o, const struct note *n),
	struct fault *why)
{
	size_t list = tnet_open(&w->o, TNET_LIST);
	uint64_t back, next;
	struct places p;
	struct note n;
	bool read = places_find(&p, w, kind, why);

	while (read && p.count && !w->o.full) {
		read = journal_read(store_file(w->from->store), p.at[--p.count], &w->scratch, &n, &back, &next, why);
		if (read)
			put(&w->o, &n);
		if (read)
			note_drop(&n);
	}
	free(p.at);
	tnet_close(&w->o, "messages", list);
	return read;
}

static void
put_run(struct tnet_out *o, const struct note *n)
{
	size_t list = tnet_open(o, TNET_LIST);

	tnet_put_time(o, NULL, n->when);
	tnet_put_bytes(o, NULL, n->part.data.bytes);
	tnet_put_bool(o, NULL, n->side == CLIENT);
	tnet_close(o, NULL, list);
}

static void
put_said(struct tnet_out *o, const struct note *n)
{
	uint32_t opcode = n->part.code & WS_OPCODE;
	size_t list;

	if (opcode != WS_TEXT && opcode != WS_BINARY)
		return;
	list = tnet_open(o, TNET_LIST);
	tnet_put_bool(o, NULL, false);
	tnet_put_bool(o, NULL, false);
	tnet_put_time(o, NULL, n->when);
	tnet_put_bytes(o, NULL, n->part.data.bytes);
	tnet_put_bool(o, NULL, n->side == CLIENT);
	tnet_put_int(o, NULL, opcode);
	tnet_close(o, NULL, list);
}

/* The first close frame; when it came. */
static bool
closer(struct mitm_writing *w, struct note *n)
{
	uint64_t back, next;
	struct fault why;
	struct places p;
	bool found = false;

	if (places_find(&p, w, PART_MESSAGE, &why))
		for (size_t i = 0; i < p.count && !found; i++) {
			if (!journal_read(store_file(w->from->store), p.at[i], &w->scratch, n, &back, &next, &why))
				break;
			found = (n->part.code & WS_OPCODE) == WS_CLOSE;
			if (!found)
				note_drop(n);
		}
	free(p.at);
	return found;
}

static void
put_close(struct mitm_writing *w)
{
	bool any = w->flow.half[CLIENT].closed || w->flow.half[SERVER].closed;
	struct note n = { .kind = NOTE_LOG };
	struct bytes b;

	if (!any || !closer(w, &n)) {
		tnet_put_null(&w->o, "closed_by_client");
		tnet_put_null(&w->o, "close_code");
		tnet_put_null(&w->o, "close_reason");
		return;
	}
	b = n.part.data.bytes;
	tnet_put_bool(&w->o, "closed_by_client", n.side == CLIENT);
	tnet_put_int(&w->o, "close_code", b.len > 1 ? b.at[0] << 8 | b.at[1] : CLOSE_NOTHING);
	tnet_put_text(&w->o, "close_reason", bytes_from(b, 2));
	note_drop(&n);
}

static bool
put_websocket(struct mitm_writing *w, struct fault *why)
{
	const struct flow *f = &w->flow;
	size_t dict;
	bool read;

	if (flow_protocol(f) != PROTOCOL_WEBSOCKET && !f->half[CLIENT].spoke && !f->half[SERVER].spoke) {
		tnet_put_null(&w->o, "websocket");
		return true;
	}
	dict = tnet_open(&w->o, TNET_DICT);
	read = put_messages(w, PART_MESSAGE, put_said, why);
	put_close(w);
	if (f->ended && !bytes_are(f->detail.bytes, MITM_UNFINISHED))
		tnet_put_time(&w->o, "timestamp_end", f->ended);
	else
		tnet_put_null(&w->o, "timestamp_end");
	tnet_close(&w->o, "websocket", dict);
	return read;
}

static void
put_fields(struct tnet_out *o, const char *key, const struct head *h, size_t from)
{
	size_t list = tnet_open(o, TNET_LIST);

	for (size_t i = head_count(h); i-- > from;) {
		struct field f = head_field(h, i);
		size_t pair = tnet_open(o, TNET_LIST);

		tnet_put_bytes(o, NULL, f.value);
		tnet_put_bytes(o, NULL, f.name);
		tnet_close(o, NULL, pair);
	}
	tnet_close(o, key, list);
}

/* Null: none of it was kept. What runs behind an upgrade is a flow of its own. */
static void
put_content(struct mitm_writing *w, enum side side)
{
	const struct half *h = &w->flow.half[side];
	struct slice body = { 0 };
	bool whole;

	if (flow_is_raw(&w->flow) || h->spoke) {
		tnet_put_bytes(&w->o, "content", (struct bytes){ 0 });
		return;
	}
	body = convert_body(w->from->store, w->flow.id, side, false, BODY_MAX, &whole);
	if (!whole && !body.bytes.len)
		tnet_put_null(&w->o, "content");
	else
		tnet_put_bytes(&w->o, "content", body.bytes);
	slice_drop(&body);
}

/* HTTP/2's :authority is our first field, host; it is none of theirs. */
static size_t
hidden(const struct head *h)
{
	return head_kind(h) == HEAD_REQUEST && head_version(h) == HTTP_2 && head_count(h) &&
		bytes_like(head_field(h, 0).name, "host");
}

static void
put_message(struct mitm_writing *w, enum side side)
{
	static const char *const versions[] = { "HTTP/1.0", "HTTP/1.1", "HTTP/2.0" };
	const struct half *h = &w->flow.half[side];
	bool third = head_version(h->head) == HTTP_2 && mitm_is_h3(w, side);

	tnet_put_bytes(&w->o, "http_version", third ? LIT("HTTP/3") : bytes_of(versions[head_version(h->head)]));
	put_fields(&w->o, "headers", h->head, hidden(h->head));
	put_content(w, side);
	if (h->trailer)
		put_fields(&w->o, "trailers", h->trailer, 0);
	else
		tnet_put_null(&w->o, "trailers");
	tnet_put_time(&w->o, "timestamp_start", h->begun);
	if (h->ended || (flow_is_raw(&w->flow) && side == CLIENT))
		tnet_put_time(&w->o, "timestamp_end", flow_is_raw(&w->flow) || h->spoke ? h->begun : h->ended);
	else
		tnet_put_null(&w->o, "timestamp_end");
}

/* The target, in the pieces that mitmproxy keeps it in. */
static void
target_split(const struct head *h, struct bytes *authority, struct bytes *path)
{
	struct bytes target = head_target(h);
	const uint8_t *at = target.len && *target.at != '/' ? memmem(target.at, target.len, "://", 3) : NULL;
	const uint8_t *end = target.at + target.len;

	*authority = (struct bytes){ 0 };
	*path = target;
	if (head_version(h) == HTTP_2 && hidden(h))
		*authority = head_field(h, 0).value;
	if (bytes_are(head_method(h), "CONNECT")) {
		*authority = target;
		*path = (struct bytes){ 0 };
	} else if (at) {
		const uint8_t *slash = at + 3;

		while (slash < end && *slash != '/' && *slash != '?')
			slash++;
		*authority = (struct bytes){ at + 3, (size_t)(slash - at) - 3 };
		*path = (struct bytes){ slash, (size_t)(end - slash) };
	}
}

static void
put_request(struct mitm_writing *w)
{
	const struct head *h = w->flow.half[CLIENT].head;
	const struct origin *o = w->flow.origin;
	struct bytes authority, path;
	size_t dict = tnet_open(&w->o, TNET_DICT);

	target_split(h, &authority, &path);
	put_message(w, CLIENT);
	tnet_put_text(&w->o, "host", o->host);
	tnet_put_int(&w->o, "port", o->port);
	tnet_put_bytes(&w->o, "method", head_method(h));
	tnet_put_bytes(&w->o, "scheme", o->scheme);
	tnet_put_bytes(&w->o, "authority", authority);
	tnet_put_bytes(&w->o, "path", path);
	tnet_close(&w->o, "request", dict);
}

static void
put_response(struct mitm_writing *w)
{
	const struct head *h = w->flow.half[SERVER].head;
	size_t dict;

	if (!h) {
		tnet_put_null(&w->o, "response");
		return;
	}
	dict = tnet_open(&w->o, TNET_DICT);
	put_message(w, SERVER);
	tnet_put_int(&w->o, "status_code", head_status(h));
	tnet_put_bytes(&w->o, "reason", head_reason(h));
	tnet_close(&w->o, "response", dict);
}

/* Written, where it is not too large. */
static bool
flow_done(struct mitm_writing *w, struct fault *why)
{
	struct bytes b = tnet_out_bytes(&w->o);

	if (w->o.full)
		return fault(why, "it is larger than %u MiB", OUT_MAX >> 20);
	return fwrite(b.at, 1, b.len, w->out) == b.len || fault(why, "%s", strerror(errno));
}

/* What a person said, and where bytes are missing: mitmproxy has no other place to say so. */
static struct bytes
comment_of(const struct flow *f, char room[COMMENT_ROOM])
{
	uint64_t lost[] = { f->half[CLIENT].skipped, f->half[SERVER].skipped };
	struct bytes said = f->remark[REMARK_COMMENT].bytes;
	int len = snprintf(room, COMMENT_ROOM, "%.*s", (int)said.len, said.len ? (const char *)said.at : "");

	if (lost[CLIENT] || lost[SERVER])
		snprintf(room + len, COMMENT_ROOM - (size_t)len, "%ssoth did not keep %llu bytes of the client's and %llu of the server's",
			len ? "\n" : "", (unsigned long long)lost[CLIENT], (unsigned long long)lost[SERVER]);
	return bytes_of(room);
}

static bool
put_http(struct mitm_writing *w, struct fault *why)
{
	char room[COMMENT_ROOM];
	size_t dict = tnet_open(&w->o, TNET_DICT);

	mitm_put_flow(w, "http", comment_of(&w->flow, room));
	put_request(w);
	put_response(w);
	if (!put_websocket(w, why))
		return false;
	tnet_close(&w->o, NULL, dict);
	return flow_done(w, why);
}

static bool
put_raw(struct mitm_writing *w, struct fault *why)
{
	bool udp = bytes_are(w->flow.origin->scheme, "udp");
	char room[COMMENT_ROOM];
	size_t dict;

	tnet_out_clear(&w->o);
	dict = tnet_open(&w->o, TNET_DICT);
	mitm_put_flow(w, udp ? "udp" : "tcp", comment_of(&w->flow, room));
	if (!put_messages(w, PART_DATA, put_run, why))
		return false;
	tnet_close(&w->o, NULL, dict);
	return flow_done(w, why);
}

static bool
flow_load(struct mitm_writing *w, flow_id id, struct fault *why)
{
	struct fault none;
	struct origin empty = { 0 };

	if (!store_flow(w->from->store, id, &w->flow, why))
		return false;
	if (!w->flow.origin)
		w->flow.origin = origin_new(&empty);
	if (w->flow.origin->opened_by && !store_flow(w->from->store, w->flow.origin->opened_by, &w->opener, &none))
		flow_release(&w->opener);
	return true;
}

/* Bytes behind an upgrade, or none of a request's, are a flow of their own. */
static bool
write_flow(struct mitm_writing *w, struct fault *why)
{
	const struct half *h = w->flow.half;
	bool raw = flow_is_raw(&w->flow) && (h[CLIENT].bytes || h[SERVER].bytes) && !h[CLIENT].spoke && !h[SERVER].spoke;

	tnet_out_clear(&w->o);
	if (h[CLIENT].head && !put_http(w, why))
		return false;
	return (h[CLIENT].head && !raw) || put_raw(w, why);
}

bool
mitm_write(FILE *out, const struct convert_flows *from, struct fault *why)
{
	struct mitm_writing w = { .out = out, .from = from };
	bool written = true;

	tnet_out_init(&w.o, OUT_MAX);
	buf_init(&w.scratch, RECORD_MAX);
	for (size_t i = 0; written && i < from->count; i++) {
		struct fault reason = { "" };

		written = flow_load(&w, from->id[i], &reason) && write_flow(&w, &reason);
		if (!written)
			fault(why, "flow %llu: %.150s", (unsigned long long)from->id[i], *reason.text ? reason.text : "it cannot be read");
		flow_release(&w.flow);
		flow_release(&w.opener);
	}
	tnet_out_release(&w.o);
	buf_release(&w.scratch);
	return written;
}
