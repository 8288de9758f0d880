/* Actions on which flows the next action is about. */
#include <stdlib.h>
#include <string.h>

#include "acts.h"
#include "catalog.h"
#include "errand.h"
#include "words.h"

static size_t
cursor_index(struct desk *desk, struct fault *why)
{
	size_t at = store_index(desk->store, pane_flow(layout_list(desk->layout)));

	if (at == SIZE_MAX)
		fault(why, "no flow is under the list's cursor");
	return at;
}

static bool
select_each(struct desk *d, struct errand *e, size_t index, const struct row *row)
{
	if (selection_has(&d->selection, index) || !filter_takes(e->filter, d->store, row))
		return true;
	selection_put(&d->selection, index, true);
	e->done++;
	return true;
}

static void
select_end(struct desk *d, struct errand *e)
{
	char all[WORDS_MAX], more[WORDS_MAX];

	desk_say(d, "%s flow%s selected, %s in all", words_count(e->done, more), e->done == 1 ? "" : "s",
		words_count(d->selection.count, all));
}

static bool
select_those(struct desk *desk, const char *text, struct fault *why)
{
	static const struct errand_how how = { "selecting", select_each, NULL, select_end };
	struct fault wrong;
	size_t at;
	struct filter *f = filter_parse(text, &wrong, &at);
	struct errand *e;

	if (!f)
		return fault(why, "select, byte %zu: %.150s", at + 1, wrong.text);
	e = errand_new(&how, NULL, store_stats(desk->store).flows);
	e->filter = f;
	return errand_start(desk, e, why);
}

/* The one under the cursor, or not any more; and on to the next. */
bool
act_select(struct desk *desk, const char *arg, struct fault *why)
{
	size_t at;

	if (*arg)
		return select_those(desk, arg, why);
	at = cursor_index(desk, why);
	if (at == SIZE_MAX)
		return false;
	selection_put(&desk->selection, at, !selection_has(&desk->selection, at));
	desk->selection.anchor = at;
	pane_move(layout_list(desk->layout), 1);
	return true;
}

/* From the last one to the cursor, as the list has them, and as that one is. */
bool
act_select_range(struct desk *desk, const char *arg, struct fault *why)
{
	struct selection *s = &desk->selection;
	size_t at = cursor_index(desk, why), from, to, swap;
	bool on = s->anchor == SIZE_MAX || selection_has(s, s->anchor);

	(void)arg;
	if (at == SIZE_MAX)
		return false;
	from = s->anchor == SIZE_MAX ? SIZE_MAX : catalog_line(desk->shown, s->anchor);
	to = catalog_line(desk->shown, at);
	if (to == SIZE_MAX)
		return fault(why, "no flow is under the list's cursor");
	if (from == SIZE_MAX)
		from = to;
	swap = from < to ? from : to;
	to = from < to ? to : from;
	for (from = swap; from <= to; from++)
		selection_put(s, catalog_index(desk->shown, from), on);
	s->anchor = at;
	return true;
}

bool
act_unselect(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	if (!desk->selection.count)
		return fault(why, "no flow is selected");
	selection_clear(&desk->selection);
	desk_say(desk, "no flow is selected any more");
	return true;
}
