#ifndef UI_PAIR_H
#define UI_PAIR_H

#include "view.h"

/*
 * A name and its value, as a line shows them: "next = /home", `"id": 7,`. Of
 * a long one, the beginning.
 */
enum { PAIR_MAX = 160 };

struct pair { uint8_t name[PAIR_MAX], value[PAIR_MAX]; size_t names, values; };	/* bytes of each */

bool pair_of(const struct line *l, struct pair *out);	/* false: it begins with no name */

#endif
