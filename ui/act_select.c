/* Actions on which flows the next action is about. */
#include <stdlib.h>
#include <string.h>

#include "acts.h"
#include "catalog.h"
#include "errand.h"
#include "words.h"

static void
say_selected(struct desk *d)
{
	char count[WORDS_MAX];

	if (d->selection.count)
		desk_say(d, "%s flow%s selected", words_count(d->selection.count, count), d->selection.count == 1 ? " is" : "s are");
	else
		desk_say(d, "no flow is selected");
}

static void
select_stretch(struct desk *d, struct stretch flows, bool on)
{
	for (size_t i = 0; i < flows.count; i++)
		selection_put(&d->selection, catalog_nth(d->catalog, flows.from + i), on);
}

/* With those that share its line; by itself where the list does not show it. */
static void
select_with_line(struct desk *d, size_t at, bool on)
{
	if (catalog_shows(d->catalog, at))
		select_stretch(d, catalog_stretch(d->catalog, catalog_line(d->catalog, at)), on);
	selection_put(&d->selection, at, on);
}

/* The one under the cursor, or not any more; and on to the next. */
bool
act_select(struct desk *desk, const char *arg, struct fault *why)
{
	size_t at;

	if (*arg)
		return fault(why, "select takes nothing: filter first, then select_all");
	at = selection_cursor(desk, why);
	if (at == SIZE_MAX)
		return false;
	select_with_line(desk, at, !selection_has(&desk->selection, at));
	desk->selection.anchor = at;
	pane_move(layout_list(desk->layout), 1);
	say_selected(desk);
	return true;
}

/* From the last one to the cursor, as the list has them, and as that one is. */
bool
act_select_range(struct desk *desk, const char *arg, struct fault *why)
{
	struct selection *s = &desk->selection;
	size_t at = selection_cursor(desk, why), from, to, last;
	bool on = s->anchor == SIZE_MAX || selection_has(s, s->anchor);

	(void)arg;
	if (at == SIZE_MAX)
		return false;
	from = s->anchor == SIZE_MAX ? SIZE_MAX : catalog_line(desk->catalog, s->anchor);
	to = catalog_line(desk->catalog, at);
	if (to == SIZE_MAX)
		return fault(why, "no flow is under the list's cursor");
	if (from == SIZE_MAX)
		from = to;
	last = from < to ? to : from;
	for (from = from < to ? from : to; from <= last; from++)
		select_stretch(desk, catalog_stretch(desk->catalog, from), on);
	s->anchor = at;
	say_selected(desk);
	return true;
}

/* Of those that are shown, all or those that are not yet; and no others. */
static bool
select_shown(struct desk *desk, bool invert, struct fault *why)
{
	struct selection *s = &desk->selection, was = *s;
	size_t flows = catalog_flows(desk->catalog);

	if (catalog_busy(desk->catalog))
		return fault(why, "the list is still looking for its flows");
	selection_init(s);
	for (size_t i = 0; i < flows; i++) {
		size_t index = catalog_nth(desk->catalog, i);

		if (!invert || !selection_has(&was, index))
			selection_put(s, index, true);
	}
	selection_release(&was);
	say_selected(desk);
	return true;
}

bool
act_select_all(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return select_shown(desk, false, why);
}

bool
act_select_invert(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	return select_shown(desk, true, why);
}

bool
act_unselect(struct desk *desk, const char *arg, struct fault *why)
{
	(void)arg;
	if (!desk->selection.count)
		return fault(why, "no flow is selected");
	selection_clear(&desk->selection);
	say_selected(desk);
	return true;
}
