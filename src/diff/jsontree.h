#ifndef DIFF_JSONTREE_H
#define DIFF_JSONTREE_H

#include "soth/base.h"

/*
 * JSON as a row of nodes, each before what is in it, over bytes that are
 * somebody else's. Two values are the same where their hashes are: whatever
 * the white space, the escapes and the order of members. Hashes are seeded
 * anew in each process, so that a peer cannot choose them.
 */
enum { TREE_DEPTH_MAX = 128, TREE_NODES_MAX = 2 << 20 };

enum json_kind { JSON_KIND_NULL, JSON_KIND_BOOLEAN, JSON_KIND_NUMBER, JSON_KIND_STRING, JSON_KIND_OBJECT, JSON_KIND_ARRAY };

struct json_node {
	uint64_t hash;
	uint32_t at, len;	/* of its bytes; a string's without quotes */
	uint32_t next;		/* the node behind all that is in it */
	uint8_t kind;		/* in an object, names (strings) and values take turns */
};

struct json_tree {
	struct bytes bytes;
	struct json_node *node;	/* [0] is the whole */
	uint32_t nodes, room;
};

/* False: it is no JSON, or passes a limit; there is nothing to free then. */
bool tree_read(struct json_tree *t, struct bytes json) MUST_USE;
void tree_free(struct json_tree *t);
struct bytes tree_bytes(const struct json_tree *t, uint32_t node);	/* as they stand */

/* The hash of a text, for those who look for a name. */
uint64_t tree_hash(struct bytes text);

#endif
