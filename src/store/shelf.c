/* Things by their index, in chunks that come and go. */
#include <stdlib.h>
#include <string.h>

#include "shelf.h"

void
shelf_init(struct shelf *s, size_t size)
{
	*s = (struct shelf){ .size = size };
}

void
shelf_release(struct shelf *s)
{
	for (size_t i = 0; i < s->chunks; i++)
		free(s->chunk[i]);
	free(s->chunk);
	free(s->used);
	shelf_init(s, s->size);
}

static void
shelf_reach(struct shelf *s, size_t chunk)
{
	size_t chunks = s->chunks ? s->chunks : 16;

	if (chunk < s->chunks)
		return;
	while (chunks <= chunk)
		chunks *= 2;
	s->chunk = xgrow(s->chunk, chunks, sizeof(*s->chunk));
	s->used = xgrow(s->used, chunks, sizeof(*s->used));
	memset(s->chunk + s->chunks, 0, (chunks - s->chunks) * sizeof(*s->chunk));
	memset(s->used + s->chunks, 0, (chunks - s->chunks) * sizeof(*s->used));
	s->chunks = chunks;
}

void *
shelf_put(struct shelf *s, size_t i)
{
	size_t chunk = i / SHELF_CHUNK;

	shelf_reach(s, chunk);
	if (!s->chunk[chunk]) {
		s->chunk[chunk] = xalloc(SHELF_CHUNK * s->size);
		s->there++;
	}
	s->used[chunk]++;
	return shelf_at(s, i);
}

void
shelf_drop(struct shelf *s, size_t i)
{
	size_t chunk = i / SHELF_CHUNK;

	memset(shelf_at(s, i), 0, s->size);
	if (--s->used[chunk])
		return;
	free(s->chunk[chunk]);
	s->chunk[chunk] = NULL;
	s->there--;
}

size_t
shelf_memory(const struct shelf *s)
{
	return s->there * SHELF_CHUNK * s->size + s->chunks * (sizeof(*s->chunk) + sizeof(*s->used));
}
