/* What a person edited, sent on its way. */
#include <stdio.h>
#include <string.h>

#include "desk.h"
#include "editing.h"
#include "rewrite_raw.h"

/* What was done beside the edit is said with it. */
static void
edited_say(struct desk *desk, const char *what, const struct edit_result *r)
{
	char said[160] = "";

	for (size_t i = 0; i < r->saids; i++)
		snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s%s", i ? "; " : ": ", r->said[i]);
	desk_say(desk, "%s%s", what, said);
}

/* As a request of its own, which the list will show. */
bool
edit_send_anew(struct desk *desk, struct rewrite *w, struct edit_result *r, struct fault *why)
{
	struct sending s;
	bool ok = true;
	flow_id id;

	if (r->raw.bytes.len)
		ok = rewrite_raw_sending(w, r, &s, why);
	else if (!rewrite_sending(w, r, &s, why))
		return false;
	id = ok ? backend_send(desk->backend, &s, why) : 0;
	if (r->raw.bytes.len)
		sending_release(&s);
	if (id)
		desk_say(desk, r->raw.bytes.len ? "sent raw as flow %llu" : "sent as flow %llu", (unsigned long long)id);
	return id;
}

/* The flow may have ended while the editor was open. */
bool
edit_order(struct desk *desk, const struct rewrite *w, const struct edit_result *r, struct fault *why)
{
	struct order o = { .kind = w->answers ? ORDER_ANSWER : ORDER_EDIT, .flow = w->flow, .side = w->answers ? CLIENT : w->side };
	size_t at = store_index(desk->store, w->flow);
	struct row row;

	if (at == SIZE_MAX || store_rows(desk->store, at, 1, &row) != 1 || !(row.held & 1u << o.side))
		return *w->path ? fault(why, "it is not held any more: the text is kept in %s", w->path) :
			fault(why, "it is not held any more");
	o.text = slice_text(w->answers ? "answered by hand" : "by hand");
	o.parts = rewrite_parts(w, r);
	if (!w->number)
		o.raw = slice_ref(r->raw);
	o.list = r->list;
	backend_order(desk->backend, &o);
	edited_say(desk, w->answers ? "answered" : r->raw.bytes.len && !w->number ? "edited, and goes raw" : "edited", r);
	return true;
}

bool
edit_may_inject(struct desk *desk, flow_id flow, struct fault *why)
{
	size_t at = store_index(desk->store, flow);
	struct row row;

	if (!desk->backend)
		return fault(why, "this is a recorded session: nothing in it is live");
	if (at == SIZE_MAX || store_rows(desk->store, at, 1, &row) != 1 || row.ended)
		return fault(why, "this flow has ended: nothing can be injected");
	return row.tunnel || row.protocol == PROTOCOL_WEBSOCKET || row.protocol == PROTOCOL_SSE || row.protocol == PROTOCOL_GRPC ||
		row.protocol == PROTOCOL_NDJSON || row.protocol == PROTOCOL_TCP ||
		fault(why, "this flow has no stream of messages: nothing can be injected");
}

/* Between the messages of a live stream. */
static bool
edit_inject(struct desk *desk, const struct rewrite *w, const struct edit_result *r, struct fault *why)
{
	struct order o = { .kind = ORDER_INJECT, .flow = w->flow, .side = w->side };

	if (!edit_may_inject(desk, w->flow, why))
		return false;
	o.text = slice_text("by hand");
	o.parts = rewrite_parts(w, r);
	backend_order(desk->backend, &o);
	desk_say(desk, "to be injected into what the %s gets", w->side == SERVER ? "client" : "server");
	return true;
}

bool
edit_send(struct desk *desk, struct rewrite *w, struct edit_result *r, struct fault *why)
{
	const struct edit_result was = { .head = w->head, .body = w->body, .trailers = w->trailers, .raw = w->raw, .list = w->list };

	if (w->injects)
		return edit_inject(desk, w, r, why);
	if (!edit_order(desk, w, r, why))
		return false;
	if (!w->answers)
		undo_put(desk->undo, rewrite_of(w), &was, r);
	return true;
}

/* A text with a fault in it stays, to be edited on. */
static bool
edit_done(struct desk *desk, struct fault *why)
{
	struct edit_result r = { .head = NULL };
	struct fault wrong;
	bool same, ok;

	if (!rewrite_read(desk->rewrite, desk, &r, &same, &wrong))
		return fault(why, "%.120s (e edits on%s)", wrong.text, strstr(wrong.text, "raw mode") ? "; or :edit raw" : "");
	/* Of one from nothing that is a text too, and so is one that is to be forced. */
	same = same && desk->rewrite->flow && !desk->rewrite->answers && !desk->rewrite->injects && !desk->rewrite->forced;
	if (desk->rewrite->form.mode >= EDIT_RAW && desk->rewrite->head && !r.raw.bytes.len) {
		edit_result_release(&r);
		return fault(why, "nothing is there to be sent (e edits on)");
	}
	if (same)
		desk_say(desk, "nothing was changed");
	ok = same || (desk->rewrite->anew ? edit_send_anew : edit_send)(desk, desk->rewrite, &r, why);
	edit_result_release(&r);
	if (ok)
		rewrite_release(desk->rewrite);
	return ok;
}

/* What was being edited goes on, where its text was wrong; else the flow's is taken. */
bool
edit_start(struct desk *desk, flow_id flow, enum edit_mode mode, bool (*take)(struct desk *desk, struct fault *why), struct fault *why)
{
	struct rewrite *w = desk->rewrite;

	if (*w->path && w->flow != flow)
		rewrite_release(w);
	if (*w->path && mode >= EDIT_RAW && w->form.mode < EDIT_RAW && !rewrite_force(w, desk, why))
		return false;
	if ((*w->path || w->forced || take(desk, why)) && rewrite_edit(w, desk, mode, why))
		return edit_done(desk, why);
	if (!*w->path)
		rewrite_release(w);
	return false;
}
