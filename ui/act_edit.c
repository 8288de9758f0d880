/* Actions on messages that are edited by hand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acts.h"
#include "editing.h"
#include "prompt.h"
#include "soth/convert.h"

enum { THING_MAX = 300, GRPC_PREFIX = 5, SAID_MAX = 1 << 20 };

static bool
edit_mode_of(const char *arg, enum edit_mode *mode, struct fault *why)
{
	static const struct { const char *word; enum edit_mode mode; } modes[] = {
		{ "", EDIT_BEST }, { "plain", EDIT_PLAIN }, { "hex", EDIT_HEX }, { "raw", EDIT_TYPED },
		{ "raw h1", EDIT_RAW }, { "raw h2", EDIT_LIST },
	};

	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		if (!strcmp(modes[i].word, arg)) {
			*mode = modes[i].mode;
			return true;
		}
	return fault(why, "edit takes plain, hex, raw, raw h1 or raw h2");
}

/* What is held of the flow, else its request. */
static bool
edit_take_into(struct desk *desk, struct rewrite *w, struct fault *why)
{
	enum side side;

	if (held_side(desk, &side, &(struct fault){ "" }))
		return rewrite_take(w, desk, desk->flow, side, why);
	return rewrite_take_anew(w, desk, desk->flow, why);
}

static bool
edit_take(struct desk *desk, struct fault *why)
{
	return edit_take_into(desk, desk->rewrite, why);
}

bool
act_edit(struct desk *desk, const char *arg, struct fault *why)
{
	enum edit_mode mode = EDIT_BEST;

	if (!desk->backend)
		return fault(why, "this is a recorded session: nothing can be sent");
	if (!desk->flow)
		return fault(why, "no flow is under the cursor: c composes a request");
	return edit_mode_of(arg, &mode, why) && edit_start(desk, desk->flow, mode, edit_take, why);
}

static bool
is_live(struct desk *desk, struct fault *why)
{
	if (!desk->backend)
		return fault(why, "this is a recorded session: nothing can be sent");
	return desk->flow || fault(why, "no flow is under the cursor");
}

/* "header:accept=text/html"; "-header:accept". */
static bool
answer_change(struct desk *desk, const char *text, struct fault *why)
{
	const char *equals = strchr(text, '=');
	bool gone = *text == '-';
	char what[THING_MAX];
	struct edit_result r = { .head = NULL };
	struct rewrite w = { 0 };
	bool ok;

	if (!gone && !equals)
		return fault(why, "change takes THING=VALUE, or -THING: Tab completes");
	if (snprintf(what, sizeof(what), "%.*s", gone ? THING_MAX : (int)(equals - text), text + gone) >= THING_MAX)
		return fault(why, "%.40s...: the name is too long", text);
	ok = is_live(desk, why) && edit_take_into(desk, &w, why) &&
		rewrite_change(&w, desk, what, gone ? (struct bytes){ 0 } : bytes_of(equals + 1), &r, why) &&
		(w.anew ? edit_send_anew : edit_send)(desk, &w, &r, why);
	edit_result_release(&r);
	rewrite_release(&w);
	return ok;
}

/* What the thing is now, where its name is all that stands there. */
static bool
complete_value(struct desk *desk, const char *text, char *out, size_t room)
{
	struct rewrite w = { 0 };
	struct fault why;
	char what[THING_MAX];
	struct buf value;
	bool ok = text[strlen(text) - 1] == '=';

	snprintf(what, sizeof(what), "%.*s", (int)strlen(text) - 1, text);
	buf_init(&value, room);
	ok = ok && edit_take_into(desk, &w, &why) && rewrite_value(&w, desk, what, &value) && strlen(text) + value.len < room;
	if (ok)
		snprintf(out, room, "%s%.*s", text, (int)value.len, (const char *)value.at);
	buf_release(&value);
	rewrite_release(&w);
	return ok;
}

static bool
complete_change(struct desk *desk, const char *text, size_t n, char *out, size_t room)
{
	const char *minus = *text == '-' ? "-" : "", *begun = text + strlen(minus);

	if (strchr(text, '='))
		return !n && complete_value(desk, text, out, room);
	for (size_t i = 0; edit_things[i].name; i++)
		if (!strncmp(edit_things[i].name, begun, strlen(begun)) && !n--)
			return snprintf(out, room, "%s%s%s", minus, edit_things[i].name, edit_things[i].named ? ":" : *minus ? "" : "=") > 0;
	return false;
}

bool
act_change(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "change: ", complete_change, answer_change, NULL, NULL };

	if (!is_live(desk, why))
		return false;
	if (*arg)
		return answer_change(desk, arg, why);
	prompt_start(desk->prompt, &ask, "");
	return true;
}

bool
act_revert(struct desk *desk, const char *arg, struct fault *why)
{
	struct edit_result r = { .head = NULL };
	struct rewrite w = { 0 };
	enum side side;
	bool ok;

	(void)arg;
	if (!held_side(desk, &side, why))
		return false;
	ok = rewrite_came(&w, desk, desk->flow, side, &r, why) && edit_send(desk, &w, &r, why);
	if (ok)
		desk_say(desk, "again as it came");
	edit_result_release(&r);
	rewrite_release(&w);
	return ok;
}

/* A step back or forth in what a person made of the message that is held. */
static bool
edit_step(struct desk *desk, int way, const char *none, struct fault *why)
{
	const struct edit_result *r;
	struct rewrite w = { 0 };
	enum side side;
	bool ok = held_side(desk, &side, why) && rewrite_take(&w, desk, desk->flow, side, why);

	r = ok ? undo_at(desk->undo, rewrite_of(&w), way) : NULL;
	ok = ok && (r || fault(why, "%s", none)) && edit_order(desk, &w, r, why);
	if (ok) {
		undo_step(desk->undo, rewrite_of(&w), way);
		desk_say(desk, undo_at(desk->undo, rewrite_of(&w), -1) ? "%s" : "%s: as it was held", way < 0 ? "undone" : "done again");
	}
	rewrite_release(&w);
	return ok;
}

bool
act_undo(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return edit_step(desk, -1, "nothing is to be undone: this is how it was held", why);
}

bool
act_redo(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return edit_step(desk, 1, "nothing is to be done again", why);
}

/* As the message is in its stream: of gRPC behind a prefix, of events in lines of data. */
static bool
said_of(const struct rewrite *w, const char *text, struct edit_result *r, struct fault *why)
{
	static const uint8_t prefix[GRPC_PREFIX];
	unsigned kind = w->kind == PART_MARK ? w->code & MARK_KIND : 0;
	struct buf b;
	bool ok = true;

	*r = (struct edit_result){ .head = NULL };
	buf_init(&b, SAID_MAX);
	if (kind == MARK_GRPC_MESSAGE)
		ok = buf_add(&b, (struct bytes){ prefix, sizeof(prefix) });
	for (const char *line = text; ok && kind == MARK_SSE_EVENT; line += strcspn(line, "\n") + 1) {
		ok = buf_addf(&b, "data: %.*s\n", (int)strcspn(line, "\n"), line);
		if (!line[strcspn(line, "\n")])
			break;
	}
	ok = ok && (kind == MARK_SSE_EVENT ? buf_add(&b, LIT("\n")) : buf_add(&b, bytes_of(text)));
	r->body = buf_seal(&b);
	return ok || fault(why, "the text is too long");
}

static bool
answer_say(struct desk *desk, const char *text, struct fault *why)
{
	struct edit_result r = { .head = NULL };
	struct rewrite w = { 0 };
	enum side side;
	bool ok = held_side(desk, &side, why) && rewrite_take(&w, desk, desk->flow, side, why) &&
		(w.number || fault(why, "this is no message of a stream: e edits it"));

	ok = ok && said_of(&w, text, &r, why) && edit_send(desk, &w, &r, why);
	edit_result_release(&r);
	rewrite_release(&w);
	return ok;
}

bool
act_say(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "message: ", NULL, answer_say, NULL, NULL };
	enum side side;

	if (!held_side(desk, &side, why))
		return false;
	if (*arg)
		return answer_say(desk, arg, why);
	prompt_start(desk->prompt, &ask, "");
	return true;
}

bool
act_edits(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return layout_show(desk->layout, "edits", why);
}

static bool
is_answered(struct desk *desk, struct fault *why)
{
	enum side side;

	return held_side(desk, &side, why) && (side == CLIENT || fault(why, "its request is not held: it has been sent"));
}

static bool
answer_take(struct desk *desk, struct fault *why)
{
	return rewrite_take_answer(desk->rewrite, desk->flow, "200 OK", why);
}

/* At once: the status, and a text. */
static bool
answer_said(struct desk *desk, const char *text, struct fault *why)
{
	size_t len = strcspn(text, " ");
	const char *body = text + len + strspn(text + len, " ");
	struct edit_result r = { .head = NULL };
	struct rewrite w;
	char status[8];
	bool ok;

	snprintf(status, sizeof(status), "%.*s ", (int)(len < 4 ? len : 4), text);	/* a space stands before a reason, also of none */
	if (len != 3 || strspn(status, "0123456789") != 3 || *status < '2' || *status > '5')
		return fault(why, "answer takes a status from 200 to 599, and a text");
	ok = rewrite_take_answer(&w, desk->flow, status, why) && rewrite_change(&w, desk, "body", bytes_of(body), &r, why) &&
		edit_send(desk, &w, &r, why);
	edit_result_release(&r);
	rewrite_release(&w);
	return ok;
}

bool
act_answer(struct desk *desk, const char *arg, struct fault *why)
{
	if (!is_answered(desk, why))
		return false;
	return *arg ? answer_said(desk, arg, why) : edit_start(desk, desk->flow, EDIT_BEST, answer_take, why);
}

/* "raw https://host/": typed byte by byte, to there; "raw h2 ...": field by field. NULL: neither. */
static const char *
compose_raw(const char *arg, enum edit_mode *mode)
{
	bool h2 = !strncmp(arg, "raw h2 ", 7), h1 = !strncmp(arg, "raw h1 ", 7), raw = !strncmp(arg, "raw ", 4);

	*mode = h2 ? EDIT_LIST : raw ? EDIT_RAW : EDIT_BEST;
	return raw ? arg + (h1 || h2 ? 7 : 4) : NULL;
}

static bool
compose_take(struct desk *desk, struct fault *why)
{
	enum edit_mode mode;
	const char *url = compose_raw(desk->arg, &mode);

	if (url)
		return rewrite_take_url(desk->rewrite, url, why);
	return *desk->arg ? rewrite_take_pasted(desk->rewrite, desk->arg, why) : rewrite_take_anew(desk->rewrite, desk, 0, why);
}

bool
act_compose(struct desk *desk, const char *arg, struct fault *why)
{
	enum edit_mode mode;
	bool raw = compose_raw(arg, &mode);

	if (*arg && strncmp(arg, "curl ", 5) && !raw)
		return fault(why, "compose takes a command of curl, raw and a URL, or nothing");
	if (!desk->backend)
		return fault(why, "this is a recorded session: nothing can be sent");
	if (*arg && *desk->rewrite->path)
		rewrite_release(desk->rewrite);
	return edit_start(desk, 0, mode, compose_take, why);
}
