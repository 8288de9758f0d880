/* Which parts of a body are still the same. */
#include <stdlib.h>

#include "stayed.h"

void
stayed_add(struct stayed *k, struct bytes part, struct bytes text, struct map *names)
{
	void *known = map_find(names, text);

	if (!known) {
		known = (void *)(uintptr_t)(map_count(names) + 1);
		map_put(names, text, known);
	}
	/* Room for twice as many, whenever as many are there as a power of two. */
	if (!(k->count & (k->count - 1))) {
		size_t room = k->count ? 2 * (size_t)k->count : 1;

		k->part = xgrow(k->part, room, sizeof(*k->part));
		k->number = xgrow(k->number, room, sizeof(*k->number));
	}
	k->part[k->count] = part;
	k->number[k->count++] = (uintptr_t)known;
}

void
stayed_release(struct stayed *k)
{
	free(k->part);
	free(k->number);
}

uint32_t *
stayed_origin(const struct stayed *was, const struct stayed *is)
{
	uint32_t *pair = xgrow(NULL, was->count, sizeof(*pair)), *at = xgrow(NULL, is->count, sizeof(*at));

	lcs_pairs(was->number, was->count, is->number, is->count, pair);
	for (uint32_t i = 0; i < is->count; i++)
		at[i] = LCS_NONE;
	for (uint32_t i = 0; i < was->count; i++)
		if (pair[i] != LCS_NONE)
			at[pair[i]] = i;
	free(pair);
	return at;
}
