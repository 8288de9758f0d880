#ifndef UI_TAKEN_H
#define UI_TAKEN_H

#include "soth/store.h"

/* Flows that were taken, as indices of the store, in the order they came; each with a key where that is asked for. */
struct taken {
	bool keyed;
	uint32_t *index;
	uint64_t *key;		/* NULL: none has one */
	size_t count, room, keys_room;
};

void taken_release(struct taken *t);
void taken_put(struct taken *t, uint32_t index, uint64_t key);	/* which is not there */
/* Many, in order: those that are there go; those that are not come. */
void taken_drop_all(struct taken *t, const uint32_t *index, size_t count);
void taken_put_all(struct taken *t, const uint32_t *index, const uint64_t *key, size_t count);
void taken_drop(struct taken *t, uint32_t index);		/* which is there */
void taken_rekey(struct taken *t, uint32_t index, uint64_t key);	/* likewise; nothing where none has a key */

void taken_pass(struct taken *t, struct store *s);		/* without those whose flows are gone */

/* Where an index is among those, which are in order, or would be. */
size_t index_place(const uint32_t *at, size_t count, size_t index);
/* `at` with room for one more than `count`; *room is doubled where it must be. */
void *grown(void *at, size_t count, size_t *room, size_t size);

#endif
