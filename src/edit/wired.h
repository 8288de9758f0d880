#ifndef EDIT_WIRED_H
#define EDIT_WIRED_H

#include "../decode/wire.h"
#include "notation.h"
#include "soth/schema.h"

/*
 * Protocol Buffers as text, a field a line:
 *
 *	name: "ann"		by the schema: what its type is, the schema says
 *	status: ACTIVE
 *	sizes: [1, 2]		packed
 *	inner {
 *	}
 *	5: 150			by number: a varint
 *	6: 1.5_64		eight bytes; _32: four
 *	7: h'00ff'		with a length; "text" too
 *	8 { }			a message
 *	9 group { }
 *	raw h'0a8100'		bytes as they are: what is packed otherwise than it need be
 */
enum { WIRED_DEPTH_MAX = 60 };

/* How a type is on the wire; of messages and groups too. */
enum wire typed_wire(enum schema_type type);
bool typed_is_number(enum schema_type type);
bool typed_packs(const struct schema_field *f);
/* Whether the number is one of the type that its writer packs again as this; then it is put. */
bool typed_fits(enum schema_type type, uint64_t v);
bool typed_put(const struct schema_field *f, uint64_t v, struct buf *out);
bool typed_read(const struct schema_field *f, const struct node *n, uint64_t *v, struct spot *why) MUST_USE;

/* The field that a name is of, as long as it can be written. NULL: none. */
const struct schema_field *field_named(const struct schema_message *m, struct bytes name);
size_t name_length(struct bytes b);
const struct schema_message *wired_root(const struct work *w);	/* NULL: not known */
bool wired_delimited(const struct work *w);	/* messages, each after its length */

bool put_varint(struct buf *out, uint64_t v);
bool put_fixed(struct buf *out, uint64_t v, unsigned size);	/* the lowest byte first */

#endif
