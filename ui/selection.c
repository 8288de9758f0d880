/* The flows that the next action is about. */
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "layout.h"
#include "selection.h"

enum { BITS = 64 };

void
selection_init(struct selection *s)
{
	*s = (struct selection){ .anchor = SIZE_MAX };
}

void
selection_release(struct selection *s)
{
	free(s->bits);
	selection_init(s);
}

bool
selection_has(const struct selection *s, size_t index)
{
	return index / BITS < s->words && s->bits[index / BITS] >> index % BITS & 1;
}

static void
selection_room(struct selection *s, size_t index)
{
	size_t words = s->words ? s->words : 16;

	while (words <= index / BITS)
		words *= 2;
	s->bits = xgrow(s->bits, words, sizeof(*s->bits));
	memset(s->bits + s->words, 0, (words - s->words) * sizeof(*s->bits));
	s->words = words;
}

void
selection_put(struct selection *s, size_t index, bool on)
{
	if (selection_has(s, index) == on)
		return;
	if (index / BITS >= s->words)
		selection_room(s, index);
	s->bits[index / BITS] ^= (uint64_t)1 << index % BITS;
	s->count = on ? s->count + 1 : s->count - 1;
}

void
selection_clear(struct selection *s)
{
	selection_release(s);
}

static size_t *
selection_list(const struct selection *s)
{
	size_t *index = xgrow(NULL, s->count, sizeof(*index)), n = 0;

	for (size_t w = 0; w < s->words; w++)
		for (uint64_t bits = s->bits[w]; bits; bits &= bits - 1)
			index[n++] = w * BITS + (size_t)__builtin_ctzll(bits);
	return index;
}

size_t
selection_cursor(struct desk *d, struct fault *why)
{
	size_t at = store_index(d->store, d->wanted ? d->wanted : pane_flow(layout_list(d->layout)));

	if (at == SIZE_MAX)
		fault(why, "no flow is under the list's cursor");
	return at;
}

size_t *
selection_flows(struct desk *d, size_t *count, struct fault *why)
{
	size_t *index, at;

	*count = d->selection.count;
	if (*count)
		return selection_list(&d->selection);
	at = selection_cursor(d, why);
	if (at == SIZE_MAX)
		return NULL;
	*count = 1;
	index = xgrow(NULL, 1, sizeof(*index));
	*index = at;
	return index;
}
