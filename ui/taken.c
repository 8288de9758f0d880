/* Flows that were taken, in the order they came. */
#include <stdlib.h>
#include <string.h>

#include "taken.h"

enum { PASS = 4096 };

void
taken_release(struct taken *t)
{
	free(t->index);
	free(t->key);
}

void *
grown(void *at, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return at;
	*room = *room ? *room * 2 : 256;
	return xgrow(at, *room, size);
}

size_t
index_place(const uint32_t *at, size_t count, size_t index)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (at[middle] < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
taken_put(struct taken *t, uint32_t index, uint64_t key)
{
	size_t at = index_place(t->index, t->count, index), behind = t->count - at;

	t->index = grown(t->index, t->count, &t->room, sizeof(*t->index));
	memmove(t->index + at + 1, t->index + at, behind * sizeof(*t->index));
	t->index[at] = index;
	if (t->keyed) {
		t->key = grown(t->key, t->count, &t->keys_room, sizeof(*t->key));
		memmove(t->key + at + 1, t->key + at, behind * sizeof(*t->key));
		t->key[at] = key;
	}
	t->count++;
}

void
taken_drop_all(struct taken *t, const uint32_t *index, size_t count)
{
	size_t n = 0, k = 0;

	for (size_t i = 0; i < t->count; i++) {
		while (k < count && index[k] < t->index[i])
			k++;
		if (k < count && index[k] == t->index[i])
			continue;
		if (t->keyed)
			t->key[n] = t->key[i];
		t->index[n++] = t->index[i];
	}
	t->count = n;
}

/* From the end, so that each moves once. */
void
taken_put_all(struct taken *t, const uint32_t *index, const uint64_t *key, size_t count)
{
	size_t from = t->count, to = t->count + count;

	while (t->room < to)
		t->index = grown(t->index, t->room, &t->room, sizeof(*t->index));
	while (t->keyed && t->keys_room < to)
		t->key = grown(t->key, t->keys_room, &t->keys_room, sizeof(*t->key));
	t->count = to;
	while (count) {
		bool old = from && t->index[from - 1] > index[count - 1];

		t->index[--to] = old ? t->index[from - 1] : index[count - 1];
		if (t->keyed)
			t->key[to] = old ? t->key[from - 1] : key[count - 1];
		from -= old;
		count -= !old;
	}
}

void
taken_drop(struct taken *t, uint32_t index)
{
	size_t at = index_place(t->index, t->count, index), behind = --t->count - at;

	memmove(t->index + at, t->index + at + 1, behind * sizeof(*t->index));
	if (t->keyed)
		memmove(t->key + at, t->key + at + 1, behind * sizeof(*t->key));
}

void
taken_rekey(struct taken *t, uint32_t index, uint64_t key)
{
	if (t->keyed)
		t->key[index_place(t->index, t->count, index)] = key;
}

void
taken_pass(struct taken *t, struct store *s)
{
	uint32_t left[PASS];
	size_t to = 0, n;

	for (size_t at = 0; at < t->count; at += n) {
		size_t stays;

		n = t->count - at < PASS ? t->count - at : PASS;
		memcpy(left, t->index + at, n * sizeof(*left));
		stays = store_left(s, left, n);
		for (size_t i = 0, k = 0; k < stays; i++) {
			if (t->index[at + i] != left[k])
				continue;
			if (t->keyed)
				t->key[to] = t->key[at + i];
			t->index[to++] = left[k++];
		}
	}
	t->count = to;
}
