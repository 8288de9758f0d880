/* Actions on messages that are edited by hand. */
#include <stdio.h>
#include <string.h>

#include "acts.h"
#include "rewrite.h"

static bool
edit_mode_of(const char *arg, enum edit_mode *mode, struct fault *why)
{
	static const struct { const char *word; enum edit_mode mode; } modes[] = {
		{ "", EDIT_BEST }, { "plain", EDIT_PLAIN }, { "hex", EDIT_HEX },
	};

	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		if (!strcmp(modes[i].word, arg)) {
			*mode = modes[i].mode;
			return true;
		}
	return fault(why, "edit takes plain or hex");
}

/* What was done beside the edit is said with it. */
static void
edited_say(struct desk *desk, const struct edit_result *r)
{
	char said[160] = "";

	for (size_t i = 0; i < r->saids; i++)
		snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s%s", i ? "; " : ": ", r->said[i]);
	desk_say(desk, "edited%s", said);
}

/* The flow may have ended while the editor was open. */
static bool
edit_send(struct desk *desk, struct edit_result *r, struct fault *why)
{
	struct rewrite *w = desk->rewrite;
	struct order o = { .kind = ORDER_EDIT, .flow = w->flow, .side = w->side };
	size_t at = store_index(desk->store, w->flow);
	struct row row;

	if (at == SIZE_MAX || store_rows(desk->store, at, 1, &row) != 1 || !(row.held & 1u << w->side))
		return fault(why, "it is not held any more: the text is kept in %s", w->path);
	o.text = slice_text("by hand");
	o.parts = rewrite_parts(w, r);
	backend_order(desk->backend, &o);
	edited_say(desk, r);
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
		return fault(why, "%.120s (e edits on)", wrong.text);
	if (same)
		desk_say(desk, "nothing was changed");
	ok = same || edit_send(desk, &r, why);
	edit_result_release(&r);
	if (ok)
		rewrite_release(desk->rewrite);
	return ok;
}

bool
act_edit(struct desk *desk, const char *arg, struct fault *why)
{
	struct rewrite *w = desk->rewrite;
	enum edit_mode mode = EDIT_BEST;
	enum side side;

	if (!edit_mode_of(arg, &mode, why) || !held_side(desk, &side, why))
		return false;
	if (*w->path && (w->flow != desk->flow || w->side != side))
		rewrite_release(w);
	if (!*w->path && !rewrite_take(w, desk, desk->flow, side, why)) {
		rewrite_release(w);
		return false;
	}
	return rewrite_edit(w, desk, mode, why) && edit_done(desk, why);
}
