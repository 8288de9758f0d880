/* Steps of connections, for the first flow of each that is not left out. */
#include <stdlib.h>

#include "heirs.h"

struct heir {
	flow_id opener, heir;	/* by their old numbers */
	size_t index;		/* the heir's, in the store */
	struct note *kept;
	size_t next, count, room;
	bool begun;		/* what comes from now on is too late */
};

struct heirs {
	struct heir *of;	/* by opener */
	size_t count;
};

static int
by_opener(const void *a, const void *b)
{
	const struct heir *x = a, *y = b;

	return x->opener != y->opener ? (x->opener > y->opener) - (x->opener < y->opener) : (x->index > y->index) - (x->index < y->index);
}

static struct heir *
heir_of(const struct heirs *h, flow_id opener)
{
	size_t low = 0, high = h->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (h->of[middle].opener < opener)
			low = middle + 1;
		else
			high = middle;
	}
	return low < h->count && h->of[low].opener == opener ? &h->of[low] : NULL;
}

struct heirs *
heirs_new(const struct convert_flows *flows, const struct numbers *numbers)
{
	struct heirs *h = xalloc(sizeof(*h));
	size_t kept = 0;
	struct row r;

	h->of = xgrow(NULL, flows->count + 1, sizeof(*h->of));
	for (size_t i = 0; i < flows->count; i++) {
		size_t index = store_index(flows->store, flows->id[i]);

		if (index != SIZE_MAX && store_rows(flows->store, index, 1, &r) == 1 && r.id && !numbers_of(numbers, r.connection))
			h->of[h->count++] = (struct heir){ .opener = r.connection, .heir = r.id, .index = index };
	}
	qsort(h->of, h->count, sizeof(*h->of), by_opener);
	for (size_t i = 0; i < h->count; i++)
		if (!kept || h->of[kept - 1].opener != h->of[i].opener)
			h->of[kept++] = h->of[i];
	h->count = kept;
	return h;
}

void
heirs_free(struct heirs *h)
{
	for (size_t i = 0; i < h->count; i++) {
		for (size_t k = h->of[i].next; k < h->of[i].count; k++)
			note_drop(&h->of[i].kept[k]);
		free(h->of[i].kept);
	}
	free(h->of);
	free(h);
}

bool
heirs_keep(struct heirs *h, struct note *n)
{
	struct heir *heir = n->kind == NOTE_STEP ? heir_of(h, n->flow) : NULL;

	if (!heir || heir->begun)
		return false;
	if (heir->count == heir->room) {
		heir->room = heir->room ? heir->room * 2 : 8;
		heir->kept = xgrow(heir->kept, heir->room, sizeof(*heir->kept));
	}
	heir->kept[heir->count++] = *n;
	n->step = NULL;
	return true;
}

struct heir *
heirs_open(struct heirs *h, struct note *n)
{
	struct heir *heir = n->kind == NOTE_FLOW && n->origin->opened_by ? heir_of(h, n->origin->opened_by) : NULL;
	struct origin like, *own;

	if (!heir)
		return NULL;
	like = *n->origin;
	like.opened_by = heir->heir == n->flow ? 0 : heir->heir;
	own = origin_new(&like);
	origin_drop(n->origin);
	n->origin = own;
	return heir->heir == n->flow && !heir->begun ? heir : NULL;
}

bool
heir_takes(struct heir *h, struct note *out)
{
	h->begun = true;
	if (h->next == h->count)
		return false;
	*out = h->kept[h->next++];
	return true;
}
