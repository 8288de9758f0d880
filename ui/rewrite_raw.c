/* Messages edited by hand as the bytes that are sent. */
#include <string.h>
#include <unistd.h>

#include "rewrite_raw.h"
#include "soth/fieldlist.h"

static bool
row_of(const struct rewrite *w, struct desk *desk, struct row *row)
{
	size_t at = store_index(desk->store, w->flow);

	return at != SIZE_MAX && store_rows(desk->store, at, 1, row) == 1;
}

/* What the client gets is as the client speaks, whatever the server does. */
static bool
is_h2(const struct rewrite *w, struct desk *desk)
{
	struct row row;

	if (w->side == SERVER && !w->anew)
		return row_of(w, desk, &row) && row.version[CLIENT] == HTTP_2;
	return w->raw.bytes.len ? w->list : w->sending.list || head_version(w->head) == HTTP_2;
}

enum edit_mode
rewrite_raw_mode(const struct rewrite *w, struct desk *desk)
{
	return w->head && is_h2(w, desk) ? EDIT_LIST : EDIT_RAW;
}

bool
rewrite_raw_may(const struct rewrite *w, struct desk *desk, struct fault *why)
{
	bool list = w->form.mode == EDIT_LIST;

	if (list && !w->head)
		return fault(why, "a message of a stream has no fields: raw types its bytes");
	if (w->head && w->side == SERVER && !w->anew && !w->answers && list != is_h2(w, desk))
		return fault(why, "its client speaks HTTP/%s", list ? "1: raw h1 types the bytes it gets" : "2: raw h2 types the fields it gets");
	return !w->answers || fault(why, "an answer by hand has no raw mode: let the request go, and edit its answer raw");
}

/* "GET http://host/path ..." as the server gets it: "GET /path ..." */
static bool
head_put(const struct head *h, struct buf *out)
{
	struct bytes text = head_text(h), target = head_kind(h) == HEAD_REQUEST ? head_target(h) : (struct bytes){ 0 };
	struct bytes path = row_path(target);
	size_t before = target.len ? (size_t)(target.at - text.at) : 0;

	if (!target.len || *target.at == '/' || path.len == target.len || before > text.len)
		return buf_add(out, text);
	return buf_add(out, (struct bytes){ text.at, before }) && (path.len && *path.at == '/' ? true : buf_add(out, LIT("/"))) &&
		buf_add(out, path) && buf_add(out, bytes_from(text, before + target.len));
}

static bool
chunks_put(const struct rewrite *w, struct buf *out)
{
	struct bytes body = w->body.bytes;

	return (!body.len || (buf_addf(out, "%zx\r\n", body.len) && buf_add(out, body) && buf_add(out, LIT("\r\n")))) &&
		buf_add(out, LIT("0\r\n")) && buf_add(out, w->trailers ? head_text(w->trailers) : LIT("\r\n"));
}

static bool
list_put(const struct rewrite *w, struct desk *desk, struct buf *out)
{
	struct row row;
	bool tls = w->anew ? w->sending.tls : row_of(w, desk, &row) && !strcmp(row.scheme, "https");

	return fieldlist_write(w->head, w->trailers, tls, out) && buf_add(out, w->body.bytes);
}

bool
rewrite_raw_text(const struct rewrite *w, struct desk *desk, struct buf *out)
{
	bool list = w->form.mode == EDIT_LIST;

	if (w->raw.bytes.len && w->list == list)
		return buf_add(out, w->raw.bytes);
	if (w->sending.raw.bytes.len && w->sending.list == list && !w->forced)
		return buf_add(out, w->sending.raw.bytes);
	if (list)
		return list_put(w, desk, out);
	if (w->head && !head_put(w->head, out))
		return false;
	if (w->head && head_lists(w->head, "transfer-encoding", "chunked"))
		return chunks_put(w, out);
	return buf_add(out, w->body.bytes);
}

bool
rewrite_force(struct rewrite *w, struct desk *desk, struct fault *why)
{
	struct edit_result r = { .head = NULL };
	bool same;

	w->form.forced = true;
	if (!rewrite_read(w, desk, &r, &same, why)) {
		w->form.forced = false;
		return false;
	}
	head_drop(w->head);
	head_drop(w->trailers);
	slice_drop(&w->body);
	w->head = r.head ? head_ref(r.head) : NULL;
	w->trailers = r.trailers ? head_ref(r.trailers) : NULL;
	w->body = slice_ref(r.body);
	edit_result_release(&r);
	unlink(w->path);
	*w->path = '\0';
	buf_eat(&w->text, w->text.len);
	w->forced = true;
	return true;
}

static struct head *
head_said(const struct rewrite *w, const struct edit_result *r, struct slice *body)
{
	struct sending s = { .of = 0 };
	struct head *head;

	*body = r->head ? slice_ref(r->body) : (struct slice){ 0 };
	if (r->head)
		return head_ref(r->head);
	if (w->side == SERVER) {
		*body = slice_ref(r->raw);
		return head_ref(w->head);
	}
	sending_raw(&s, slice_ref(r->raw));
	head = head_ref(s.head);
	*body = slice_ref(s.body);
	sending_release(&s);
	return head;
}

struct parts *
rewrite_raw_parts(const struct rewrite *w, const struct edit_result *r)
{
	struct part part[4];
	struct slice body;
	size_t n = 0;

	part[n++] = (struct part){ .kind = PART_HEAD, .head = head_said(w, r, &body) };
	if (body.bytes.len)
		part[n++] = (struct part){ .kind = PART_DATA, .data = body };
	else
		slice_drop(&body);
	if (r->trailers)
		part[n++] = (struct part){ .kind = PART_TRAILER, .head = head_ref(r->trailers) };
	part[n++] = (struct part){ .kind = PART_END };
	return parts_new(part, n);
}

bool
rewrite_raw_sending(const struct rewrite *w, const struct edit_result *r, struct sending *out, struct fault *why)
{
	*out = w->sending;
	out->head = out->trailer = NULL;
	out->body = (struct slice){ 0 };
	if (r->list)
		return sending_list(out, slice_ref(r->raw), why);
	sending_raw(out, slice_ref(r->raw));
	return true;
}
