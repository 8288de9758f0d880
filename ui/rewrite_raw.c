/* Messages edited by hand as the bytes that are sent. */
#include <string.h>
#include <unistd.h>

#include "rewrite_raw.h"

bool
rewrite_raw_may(const struct rewrite *w, struct desk *desk, struct fault *why)
{
	size_t at = store_index(desk->store, w->flow);
	struct row row;
	bool client = at != SIZE_MAX && store_rows(desk->store, at, 1, &row) == 1 && row.version[CLIENT] == HTTP_2;

	if (w->head && (head_version(w->head) == HTTP_2 || (w->side == SERVER && !w->anew && client)))
		return fault(why, "raw mode types the bytes of HTTP/1: HTTP/2 has frames, and e edits what is in them");
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

bool
rewrite_raw_text(const struct rewrite *w, struct buf *out)
{
	if (w->raw.bytes.len)
		return buf_add(out, w->raw.bytes);
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
	struct part part[3];
	struct slice body;
	size_t n = 0;

	part[n++] = (struct part){ .kind = PART_HEAD, .head = head_said(w, r, &body) };
	if (body.bytes.len)
		part[n++] = (struct part){ .kind = PART_DATA, .data = body };
	else
		slice_drop(&body);
	part[n++] = (struct part){ .kind = PART_END };
	return parts_new(part, n);
}

void
rewrite_raw_sending(const struct rewrite *w, const struct edit_result *r, struct sending *out)
{
	*out = w->sending;
	out->head = out->trailer = NULL;
	out->body = (struct slice){ 0 };
	sending_raw(out, slice_ref(r->raw));
}
