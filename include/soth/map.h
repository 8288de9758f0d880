#ifndef SOTH_MAP_H
#define SOTH_MAP_H

#include "soth/base.h"

/*
 * Bytes to pointers. The map copies keys and owns no values. A key's hash is
 * seeded anew in each process, so that a peer cannot choose collisions.
 */
struct map;

struct map *map_new(void);
void map_free(struct map *m, void (*drop)(void *value));	/* drop may be NULL */
size_t map_count(const struct map *m);
void *map_find(const struct map *m, struct bytes key);	/* NULL: not there */
void *map_put(struct map *m, struct bytes key, void *value);	/* what was there before */
void *map_take(struct map *m, struct bytes key);	/* out of the map; NULL: was not there */

#endif
