/* Bytes to pointers: a table of chains that doubles. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "soth/map.h"

enum { BUCKETS_FIRST = 16 };

struct entry {
	struct entry *next;
	uint64_t hash;
	void *value;
	size_t len;
	uint8_t key[];
};

struct map {
	struct entry **bucket;
	size_t buckets, count;	/* buckets: a power of two */
	uint64_t seed;
};

struct map *
map_new(void)
{
	struct map *m = xalloc(sizeof(*m));

	m->buckets = BUCKETS_FIRST;
	m->bucket = xalloc(m->buckets * sizeof(*m->bucket));
	if (getrandom(&m->seed, sizeof(m->seed), GRND_NONBLOCK) != sizeof(m->seed))
		m->seed = (uint64_t)(uintptr_t)m;
	return m;
}

void
map_free(struct map *m, void (*drop)(void *value))
{
	for (size_t i = 0; i < m->buckets; i++) {
		for (struct entry *e = m->bucket[i], *next; e; e = next) {
			next = e->next;
			if (drop)
				drop(e->value);
			free(e);
		}
	}
	free(m->bucket);
	free(m);
}

size_t
map_count(const struct map *m)
{
	return m->count;
}

/* FNV-1a from a secret seed, with a final mix: https://datatracker.ietf.org/doc/html/draft-eastlake-fnv */
static uint64_t
map_hash(const struct map *m, struct bytes key)
{
	uint64_t h = 0xcbf29ce484222325u ^ m->seed;

	for (size_t i = 0; i < key.len; i++)
		h = (h ^ key.at[i]) * 0x100000001b3u;
	h ^= h >> 32;
	return h * 0x9e3779b97f4a7c15u >> 7;
}

static struct entry **
map_slot(const struct map *m, struct bytes key, uint64_t hash)
{
	struct entry **at = &m->bucket[hash & (m->buckets - 1)];

	while (*at && ((*at)->hash != hash || !bytes_same((struct bytes){ (*at)->key, (*at)->len }, key)))
		at = &(*at)->next;
	return at;
}

static void
map_double(struct map *m)
{
	size_t buckets = m->buckets * 2;
	struct entry **bucket = xalloc(buckets * sizeof(*bucket));

	for (size_t i = 0; i < m->buckets; i++) {
		for (struct entry *e = m->bucket[i], *next; e; e = next) {
			next = e->next;
			e->next = bucket[e->hash & (buckets - 1)];
			bucket[e->hash & (buckets - 1)] = e;
		}
	}
	free(m->bucket);
	m->bucket = bucket;
	m->buckets = buckets;
}

void *
map_find(const struct map *m, struct bytes key)
{
	struct entry *e = *map_slot(m, key, map_hash(m, key));

	return e ? e->value : NULL;
}

void *
map_put(struct map *m, struct bytes key, void *value)
{
	uint64_t hash = map_hash(m, key);
	struct entry **at = map_slot(m, key, hash), *e = *at;
	void *before;

	if (e) {
		before = e->value;
		e->value = value;
		return before;
	}
	e = xalloc(sizeof(*e) + key.len);
	e->hash = hash;
	e->value = value;
	e->len = key.len;
	if (key.len)
		memcpy(e->key, key.at, key.len);
	*at = e;
	if (++m->count > m->buckets)
		map_double(m);
	return NULL;
}

void *
map_take(struct map *m, struct bytes key)
{
	struct entry **at = map_slot(m, key, map_hash(m, key)), *e = *at;
	void *value;

	if (!e)
		return NULL;
	value = e->value;
	*at = e->next;
	free(e);
	m->count--;
	return value;
}
