#ifndef EDIT_STAYED_H
#define EDIT_STAYED_H

#include "soth/base.h"
#include "soth/lcs.h"
#include "soth/map.h"

/* Parts of a body, and the text of each; to find those whose text is still there. */
struct stayed { struct bytes *part; uint64_t *number; uint32_t count; };

/* `names` is one for both sides. */
void stayed_add(struct stayed *k, struct bytes part, struct bytes text, struct map *names);
void stayed_release(struct stayed *k);
/* at[i]: which of `was` the i-th of `is` was; LCS_NONE: none. To be freed. */
uint32_t *stayed_origin(const struct stayed *was, const struct stayed *is);

#endif
