/* Actions on what a person says of flows: marks and comments. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "acts.h"
#include "errand.h"
#include "history.h"
#include "marks.h"
#include "prompt.h"

/* A recorded session is written here, once all of it was read; while one is recorded, the recorder does it. */
static bool
remark(struct desk *d, struct errand *e, flow_id flow)
{
	struct timespec t;
	struct fault why;
	struct note n;

	if (!d->backend && store_stats(d->store).reading)
		return false;
	clock_gettime(CLOCK_REALTIME, &t);
	n = remark_note(flow, (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000, e->which, bytes_of(e->text));
	if (d->backend) {
		if (backend_remark(d->backend, &n))
			return true;
		note_drop(&n);
		return false;
	}
	store_remark(d->store, &n, &why);
	if (*why.text)
		fault(&e->trouble, "not in the file, and gone when soth ends: %.150s", why.text);
	return true;
}

static bool
remark_each(struct desk *d, struct errand *e, size_t index, const struct row *row)
{
	bool done = remark(d, e, row->id);

	(void)index;
	e->done += done;
	return done;
}

static void
remark_pause(struct desk *d)
{
	if (!d->backend)
		store_flush(d->store);
}

static void
remark_end(struct desk *d, struct errand *e)
{
	const char *s = e->done == 1 ? "" : "s";

	if (e->which == REMARK_MARK && *e->text)
		desk_say(d, "marked %zu flow%s: %.60s", e->done, s, e->text);
	else if (e->which == REMARK_MARK)
		desk_say(d, "no mark on %zu flow%s", e->done, s);
	else
		desk_say(d, *e->text ? "the comment is on %zu flow%s" : "no comment on %zu flow%s", e->done, s);
}

static bool
remark_all(struct desk *desk, enum remark which, size_t *index, size_t count, const char *text, struct fault *why)
{
	static const struct errand_how how[REMARK_COUNT] = {
		[REMARK_MARK] = { "marking", remark_each, remark_pause, remark_end },
		[REMARK_COMMENT] = { "commenting", remark_each, remark_pause, remark_end },
	};
	struct errand *e = errand_new(&how[which], index, count);

	e->which = which;
	snprintf(e->text, sizeof(e->text), "%s", text);
	return errand_start(desk, e, why);
}

static bool
is_marked(struct desk *desk, size_t index)
{
	struct row r;

	return store_rows(desk->store, index, 1, &r) == 1 && *r.mark;
}

/* Without one: taken off, where the first of the flows has one. */
bool
act_mark(struct desk *desk, const char *arg, struct fault *why)
{
	size_t count, *index = selection_flows(desk, &count, why);

	if (!index)
		return false;
	if (!*arg)
		arg = is_marked(desk, *index) ? "" : MARK_USUAL;
	return remark_all(desk, REMARK_MARK, index, count, arg, why);
}

static void
mark_choices(struct desk *desk, struct line *out, unsigned columns)
{
	const char *name;

	(void)desk, (void)columns;
	for (size_t i = 0; (name = mark_colour(i)); i++) {
		line_putf(out, ROLE_KEYCAP, "%c", *name);
		line_putf(out, mark_of(name).role, " %s  ", name);
	}
	line_putf(out, ROLE_KEYCAP, "-");
	line_putf(out, ROLE_BAR, " none, or any sign");
}

static bool
pick_mark(struct desk *desk, const char *key, struct fault *why)
{
	size_t count, *index;
	const char *name = key;

	if (*key == '<' && key[1])
		return fault(why, "%s is no mark", key);
	for (size_t i = 0; mark_colour(i); i++)
		if (!key[1] && *key == *mark_colour(i))
			name = mark_colour(i);
	index = selection_flows(desk, &count, why);
	return index && remark_all(desk, REMARK_MARK, index, count, strcmp(key, "-") ? name : "", why);
}

bool
act_mark_as(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { .label = "mark: ", .choices = mark_choices, .pick = pick_mark };

	if (*arg)
		return act_mark(desk, arg, why);
	prompt_start(desk->prompt, &ask, "");
	return true;
}

static bool
comment(struct desk *desk, const char *text, struct fault *why)
{
	size_t count, *index = selection_flows(desk, &count, why);

	return index && remark_all(desk, REMARK_COMMENT, index, count, text, why);
}

/* What is there stands in the question, to be edited; nothing takes it back. */
bool
act_comment(struct desk *desk, const char *arg, struct fault *why)
{
	static const struct prompt_ask ask = { "comment: ", NULL, comment, NULL, NULL };
	char said[REMARK_ROOM];
	size_t count, *index;
	struct row r;

	if (*arg)
		return comment(desk, arg, why);
	index = selection_flows(desk, &count, why);
	if (!index)
		return false;
	*said = '\0';
	if (store_rows(desk->store, *index, 1, &r) == 1)
		store_said(desk->store, r.id, REMARK_COMMENT, said, sizeof(said));
	free(index);
	if (strlen(said) >= HISTORY_TEXT)
		return fault(why, "what was said is too long to be changed here: `:comment TEXT` says something else");
	prompt_start(desk->prompt, &ask, said);
	return true;
}
