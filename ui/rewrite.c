/* Messages edited by hand. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "editor.h"
#include "rewrite_raw.h"
#include "soth/convert.h"
#include "soth/mode.h"
#include "soth/messages.h"

enum { URL_MAX = 4096, BODY_MAX = 64 << 20, TEXT_MAX = 400 << 20, GRPC_PREFIX = 5 };

void
rewrite_release(struct rewrite *w)
{
	if (*w->path)
		unlink(w->path);
	head_drop(w->head);
	head_drop(w->trailers);
	head_drop(w->response);
	slice_drop(&w->body);
	slice_drop(&w->raw);
	if (w->anew)
		sending_release(&w->sending);
	buf_release(&w->text);
	*w = (struct rewrite){ 0 };
}

struct undo_of
rewrite_of(const struct rewrite *w)
{
	return (struct undo_of){ w->flow, w->side, w->number };
}

/* As a person has sent it on its way: the store may not have heard of it. */
static bool
take_version(struct rewrite *w, struct desk *desk)
{
	const struct edit_result *now = undo_at(desk->undo, rewrite_of(w), 0);

	if (!now)
		return false;
	head_drop(w->head);
	head_drop(w->trailers);
	slice_drop(&w->body);
	w->head = now->head ? head_ref(now->head) : NULL;
	w->trailers = now->trailers ? head_ref(now->trailers) : NULL;
	w->body = slice_ref(now->body);
	w->raw = slice_ref(now->raw);
	w->list = now->list;
	return true;
}

static bool
take_whole(struct rewrite *w, struct desk *desk, const struct half *h, struct fault *why)
{
	bool whole;

	if (take_version(w, desk))
		return true;
	if (!h->head)
		return fault(why, "its head has not come yet");
	if (!h->ended)
		return fault(why, "it is still coming: %llu bytes of its body so far", (unsigned long long)h->bytes);
	w->head = head_ref(h->head);
	w->trailers = h->trailer ? head_ref(h->trailer) : NULL;
	w->body = convert_body(desk->store, w->flow, w->side, false, BODY_MAX, &whole);
	return whole || fault(why, "its body was not recorded whole, or is longer than 64 MiB: it can only go on, or be broken off");
}

static bool
is_counted(const struct message *m)
{
	struct part p = { .kind = m->kind, .code = m->code };

	return m->kind == PART_DATA ? !m->begun : part_is_message(&p);
}

/* The number-th of its side. */
static bool
take_message(struct rewrite *w, struct desk *desk, const struct flow *f, struct fault *why)
{
	struct messages *m = messages_new(desk->store, w->flow);
	uint64_t number = 0;
	bool found = false;
	struct buf scratch;

	buf_init(&scratch, BODY_MAX + GRPC_PREFIX);
	while (messages_read(m))
		;
	for (size_t i = 0, count = messages_count(m); i < count && !found; i++) {
		struct message one = messages_at(m, i);

		if (one.side != w->side || !is_counted(&one) || ++number != w->number)
			continue;
		one = messages_get(m, i, BODY_MAX, &scratch);
		w->body = slice_copy(one.bytes);
		w->kind = one.kind;
		w->code = one.code;
		found = true;
	}
	messages_free(m);
	buf_release(&scratch);
	if (f->half[w->side].head) {
		w->response = head_ref(f->half[w->side].head);
		w->type = head_find(w->response, "content-type");
	}
	return found || fault(why, "the message is not in the session: it can only go on, or be dropped");
}

bool
rewrite_take(struct rewrite *w, struct desk *desk, flow_id flow, enum side side, struct fault *why)
{
	struct flow f;
	bool ok;

	*w = (struct rewrite){ .flow = flow, .side = side };
	buf_init(&w->text, TEXT_MAX);
	if (!store_flow(desk->store, flow, &f, why))
		return false;
	w->number = f.half[side].held_number;
	ok = w->number ? take_message(w, desk, &f, why) && (take_version(w, desk) || true) : take_whole(w, desk, &f.half[side], why);
	flow_release(&f);
	return ok;
}

/* The messages of that side, so far. */
static uint64_t
messages_of(struct desk *desk, flow_id flow, enum side side)
{
	struct messages *m = messages_new(desk->store, flow);
	uint64_t count = 0;

	while (messages_read(m))
		;
	for (size_t i = 0, all = messages_count(m); i < all; i++) {
		struct message one = messages_at(m, i);

		count += one.side == side && is_counted(&one);
	}
	messages_free(m);
	return count;
}

bool
rewrite_take_inject(struct rewrite *w, struct desk *desk, flow_id flow, enum side side, struct fault *why)
{
	struct fault none;
	struct flow f;

	*w = (struct rewrite){ .injects = true, .flow = flow, .side = side };
	buf_init(&w->text, TEXT_MAX);
	if (!store_flow(desk->store, flow, &f, why))
		return false;
	w->number = messages_of(desk, flow, side);
	if (!w->number || !take_message(w, desk, &f, &none))
		w->number = 1;
	flow_release(&f);
	return true;
}

/* With a target that says where it goes, so that this can be edited too. */
static bool
head_absolute(struct rewrite *w, struct fault *why)
{
	const struct sending *s = &w->sending;
	bool usual = s->port == (s->tls ? 443 : 80), v6 = strchr(s->host, ':');
	char before[400], port[8] = "";
	struct bytes target = head_target(s->head);
	struct draft d;
	struct buf url;

	if (!target.len || *target.at != '/') {
		w->head = head_ref(s->head);
		return true;
	}
	if (!usual)
		snprintf(port, sizeof(port), ":%u", s->port);
	snprintf(before, sizeof(before), "%s://%s%s%s%s", s->tls ? "https" : "http", v6 ? "[" : "", s->host, v6 ? "]" : "", port);
	buf_init(&url, 1 << 20);
	draft_of(&d, s->head);
	if (buf_add(&url, bytes_of(before)) && buf_add(&url, target))
		d.target = buf_bytes(&url);
	w->head = head_make(&d, why);
	draft_release(&d);
	buf_release(&url);
	return w->head;
}

static bool
sending_take(struct rewrite *w, struct fault *why)
{
	if (!head_absolute(w, why))
		return false;
	w->body = slice_ref(w->sending.body);
	w->trailers = w->sending.trailer ? head_ref(w->sending.trailer) : NULL;
	return true;
}

bool
rewrite_take_anew(struct rewrite *w, struct desk *desk, flow_id flow, struct fault *why)
{
	static const char fresh[] = "GET https://example.com/ HTTP/1.1\r\nHost: example.com\r\nAccept: */*\r\n\r\n";

	*w = (struct rewrite){ .anew = true, .flow = flow };
	buf_init(&w->text, TEXT_MAX);
	if (!flow) {
		w->head = head_parse(LIT(fresh), HEAD_REQUEST, why);
		w->sending.head = w->head ? head_ref(w->head) : NULL;
		return w->head;
	}
	return convert_sending(desk->store, flow, &w->sending, why) && sending_take(w, why);
}

bool
rewrite_take_pasted(struct rewrite *w, const char *text, struct fault *why)
{
	*w = (struct rewrite){ .anew = true };
	buf_init(&w->text, TEXT_MAX);
	return convert_pasted(format_named("curl"), bytes_of(text), &w->sending, why) && sending_take(w, why);
}

bool
rewrite_take_answer(struct rewrite *w, flow_id flow, const char *status, struct fault *why)
{
	char text[160];

	*w = (struct rewrite){ .answers = true, .flow = flow, .side = SERVER };
	buf_init(&w->text, TEXT_MAX);
	snprintf(text, sizeof(text), "HTTP/1.1 %.80s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 0\r\n\r\n", status);
	w->head = head_parse(bytes_of(text), HEAD_RESPONSE, why);
	return w->head;
}

/* "https://host:port/..."; nothing changes where it is no URL. */
static bool
place_read(struct bytes target, struct sending *out, struct fault *why)
{
	bool tls = target.len > 8 && !memcmp(target.at, "https://", 8);
	size_t skip = tls ? 8 : 7, len = 0;
	struct bytes rest;
	int port;

	if (!tls && !(target.len > 7 && !memcmp(target.at, "http://", 7)))
		return out->host[0] ? true : fault(why, "the target is to be a URL: https://host/path");
	rest = bytes_from(target, skip);
	while (len < rest.len && rest.at[len] != '/' && rest.at[len] != '?')
		len++;
	rest.len = len;
	if (!address_split(rest, out->host, sizeof(out->host), &port) || !out->host[0])
		return fault(why, "the target names no host");
	out->tls = tls;
	out->port = (uint16_t)(port > 0 ? port : tls ? 443 : 80);
	return true;
}

bool
rewrite_take_url(struct rewrite *w, const char *url, struct fault *why)
{
	struct bytes rest = bytes_of(url);
	const char *host = strstr(url, "://");
	struct buf text;

	*w = (struct rewrite){ .anew = true };
	buf_init(&w->text, TEXT_MAX);
	if (!host || !place_read(rest, &w->sending, why))
		return host ? false : fault(why, "a URL is wanted: https://host/path");
	buf_init(&text, URL_MAX * 2);
	if (buf_addf(&text, "GET %s HTTP/1.1\r\nHost: %.*s\r\n\r\n", url, (int)strcspn(host + 3, "/?"), host + 3))
		w->head = head_parse(buf_bytes(&text), HEAD_REQUEST, why);
	buf_release(&text);
	return w->head || fault(why, "%.100s: the URL cannot stand in a request", url);
}

bool
rewrite_sending(const struct rewrite *w, const struct edit_result *r, struct sending *out, struct fault *why)
{
	*out = w->sending;
	out->head = r->head;
	out->body = r->body;
	out->trailer = r->trailers;
	out->raw = (struct slice){ 0 };
	out->list = false;
	return place_read(head_target(r->head), out, why);
}

static bool
answers_head(const struct rewrite *w, struct desk *desk)
{
	size_t at = w->side == SERVER && !w->anew && !w->answers ? store_index(desk->store, w->flow) : SIZE_MAX;
	struct row row;

	return at != SIZE_MAX && store_rows(desk->store, at, 1, &row) == 1 && !strcmp(row.method, "HEAD");
}

static struct edit_message
message_of(const struct rewrite *w, struct desk *desk)
{
	return (struct edit_message){ .head = w->head, .body = w->body.bytes, .trailers = w->trailers, .type = w->type,
		.schema = desk->schema, .side = w->side, .to_head = answers_head(w, desk) };
}

bool
rewrite_change(const struct rewrite *w, struct desk *desk, const char *what, struct bytes value, struct edit_result *out,
	struct fault *why)
{
	struct edit_message m = message_of(w, desk);

	return edit_field(&m, what, value, out, why);
}

bool
rewrite_value(const struct rewrite *w, struct desk *desk, const char *what, struct buf *out)
{
	struct edit_message m = message_of(w, desk);

	return edit_value(&m, what, out);
}

static bool
message_came(struct rewrite *w, struct desk *desk, const struct flow *f, struct edit_result *out, struct fault *why)
{
	struct rewrite came = { .flow = w->flow, .side = w->side, .number = w->number };
	bool ok = take_message(&came, desk, f, why);

	if (ok)
		out->body = slice_ref(came.body);
	rewrite_release(&came);
	return ok;
}

static bool
whole_came(struct desk *desk, const struct rewrite *w, struct edit_result *out, struct fault *why)
{
	struct version v;
	bool ok = convert_version(desk->store, w->flow, w->side, true, BODY_MAX, &v) && v.ended && v.whole;

	if (ok)
		*out = (struct edit_result){ .head = head_ref(v.head), .body = slice_ref(v.body),
			.trailers = v.trailers ? head_ref(v.trailers) : NULL };
	version_release(&v);
	return ok || fault(why, "as it came it is not in the session, or not whole");
}

bool
rewrite_came(struct rewrite *w, struct desk *desk, flow_id flow, enum side side, struct edit_result *out, struct fault *why)
{
	struct flow f = { 0 };
	const struct half *h = &f.half[side];
	bool ok, edited;

	*out = (struct edit_result){ .head = NULL };
	if (!rewrite_take(w, desk, flow, side, why) || !store_flow(desk->store, flow, &f, why))
		return false;
	edited = undo_at(desk->undo, rewrite_of(w), 0) || (w->number ? h->altered : h->edits);
	ok = (edited || fault(why, "it was not edited")) &&
		(w->number ? message_came(w, desk, &f, out, why) : whole_came(desk, w, out, why));
	flow_release(&f);
	return ok;
}

static bool
file_make(struct rewrite *w, struct fault *why)
{
	FILE *out;
	bool ok;
	int fd;

	snprintf(w->path, sizeof(w->path), "/tmp/soth-edit-XXXXXX.http");
	fd = mkstemps(w->path, 5);
	if (fd < 0) {
		fault(why, "a file to edit: %s", strerror(errno));
		*w->path = '\0';
		return false;
	}
	out = fdopen(fd, "w");
	ok = out && (!w->text.len || fwrite(w->text.at, 1, w->text.len, out) == w->text.len);
	ok = out && !fclose(out) && ok;
	return ok || fault(why, "%s: %s", w->path, strerror(errno));
}

bool
rewrite_edit(struct rewrite *w, struct desk *desk, enum edit_mode mode, struct fault *why)
{
	struct edit_message m = message_of(w, desk);

	if (*w->path)
		return editor_run(w->path, why);
	if (mode == EDIT_TYPED)
		mode = rewrite_raw_mode(w, desk);
	w->form = (struct edit_form){ .mode = mode };
	if (mode >= EDIT_RAW && !rewrite_raw_may(w, desk, why))
		return false;
	if (!(mode >= EDIT_RAW ? rewrite_raw_text(w, desk, &w->text) : edit_write(&m, &w->form, &w->text)))
		return fault(why, "as text it is too long");
	return file_make(w, why) && editor_run(w->path, why);
}

bool
rewrite_read(struct rewrite *w, struct desk *desk, struct edit_result *out, bool *same, struct fault *why)
{
	struct edit_message m = message_of(w, desk);
	FILE *in = fopen(w->path, "re");
	struct buf text;
	uint8_t *to;
	size_t n;
	bool ok;

	*same = false;
	if (!in)
		return fault(why, "%s: %s", w->path, strerror(errno));
	buf_init(&text, TEXT_MAX);
	while ((to = buf_room(&text, 65536)) && (n = fread(to, 1, 65536, in)))
		buf_grew(&text, n);
	fclose(in);
	*same = text.len == w->text.len && (!text.len || !memcmp(text.at, w->text.at, text.len));
	ok = edit_read(&m, &w->form, buf_bytes(&text), out, why);
	buf_release(&text);
	return ok;
}

/* Behind the prefix of gRPC, which is made anew. */
static struct parts *
parts_of_message(const struct rewrite *w, const struct edit_result *r)
{
	bool grpc = (w->code & MARK_KIND) == MARK_GRPC_MESSAGE && w->type.len >= 16 &&
		!memcmp(w->type.at, "application/grpc", 16) && r->body.bytes.len >= GRPC_PREFIX;
	struct part p = { .kind = PART_MESSAGE, .code = w->kind == PART_MESSAGE ? w->code & WS_OPCODE : 0 };

	if (grpc) {
		p.code = r->body.bytes.at[0] & 1 ? MARK_COMPRESSED : 0;
		p.data = slice_cut(r->body, GRPC_PREFIX, r->body.bytes.len - GRPC_PREFIX);
	} else {
		p.data = slice_ref(r->body);
	}
	return parts_new(&p, 1);
}

struct parts *
rewrite_parts(const struct rewrite *w, const struct edit_result *r)
{
	struct part part[4];
	size_t n = 0;

	if (w->number)
		return parts_of_message(w, r);
	if (r->raw.bytes.len)
		return rewrite_raw_parts(w, r);
	part[n++] = (struct part){ .kind = PART_HEAD, .head = head_ref(r->head), .count = !r->body.bytes.len && !r->trailers };
	if (r->body.bytes.len)
		part[n++] = (struct part){ .kind = PART_DATA, .data = slice_ref(r->body) };
	if (r->trailers)
		part[n++] = (struct part){ .kind = PART_TRAILER, .head = head_ref(r->trailers) };
	part[n++] = (struct part){ .kind = PART_END };
	return parts_new(part, n);
}
