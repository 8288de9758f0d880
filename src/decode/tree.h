#ifndef DECODE_TREE_H
#define DECODE_TREE_H

#include "soth/doc.h"

/*
 * Maps and lists of counted items, laid out like JSON as they come: for
 * formats that say how many there are, or where there are no more. A value.
 *
 *	tree_item(t, to);			before a name or a value
 *	doc_put(to, ...);
 *	tree_done(t, to);			behind it, unless it was tree_open()
 */
enum { TREE_DEPTH_MAX = 512 };
#define TREE_ENDLESS UINT64_MAX			/* until tree_stop() */

struct tree_level { uint64_t left; bool map, value, empty; };

struct tree {
	struct tree_level at[TREE_DEPTH_MAX];
	unsigned depth;
	bool begun;		/* the item has something on its line */
};

void tree_item(struct tree *t, struct doc *to);
void tree_done(struct tree *t, struct doc *to);
/* In an item: it is a map of `count` names and values, or a list. False: too deep. */
bool tree_open(struct tree *t, struct doc *to, bool map, uint64_t count);
/* The innermost has no more. False: it is not one that ends so, or lacks a value. */
bool tree_stop(struct tree *t, struct doc *to);
bool tree_at_top(const struct tree *t);

#endif
