/* What is done with many flows, some of them a frame. */
#include <stdlib.h>

#include "desk.h"
#include "errand.h"
#include "sight.h"

enum { AT_ONCE_US = 8000 };

struct errand *
errand_new(const struct errand_how *how, size_t *index, size_t count)
{
	struct errand *e = xalloc(sizeof(*e));

	*e = (struct errand){ .how = how, .index = index, .count = count };
	return e;
}

static void
errand_free(struct errand *e)
{
	free(e->index);
	free(e);
}

/* False: nothing could be done now. */
static bool
errand_some(struct desk *d, struct errand *e)
{
	size_t was = e->at;
	uint64_t until = sight_clock() + AT_ONCE_US;
	struct row row;

	for (; e->at < e->count && sight_clock() < until; e->at++) {
		size_t index = e->index ? e->index[e->at] : e->at;

		if (store_rows(d->store, index, 1, &row) == 1 && !e->how->each(d, e, index, &row))
			break;
	}
	if (e->how->pause && e->at > was)
		e->how->pause(d);
	return e->at > was;
}

void
errand_go_on(struct desk *d)
{
	struct errand *e = d->errand;

	if (!e)
		return;
	if (errand_some(d, e))
		d->busy = d->busy || e->at < e->count;
	if (e->at < e->count) {		/* what it waits for wakes the screen */
		desk_say(d, "%s: %zu of %zu, Esc stops", e->how->word, e->at, e->count);
		return;
	}
	d->errand = NULL;
	*d->message = '\0';
	if (*e->trouble.text)
		desk_fail(d, &e->trouble);
	else
		e->how->end(d, e);
	errand_free(e);
}

bool
errand_start(struct desk *d, struct errand *e, struct fault *why)
{
	if (d->errand) {
		fault(why, "%s is not over yet: Esc stops it", d->errand->how->word);
		errand_free(e);
		return false;
	}
	d->errand = e;
	errand_go_on(d);
	return true;
}

bool
errand_stop(struct desk *d)
{
	struct errand *e = d->errand;

	if (!e)
		return false;
	d->errand = NULL;
	desk_say(d, "stopped %s: %zu of %zu were looked at", e->how->word, e->at, e->count);
	errand_free(e);
	return true;
}
