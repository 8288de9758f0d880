#ifndef EDIT_NOTATION_H
#define EDIT_NOTATION_H

#include "edit_inside.h"

/*
 * Values as text: the diagnostic notation of CBOR (RFC 8949 section 8), which
 * is JSON and more, for all that is packed.
 *
 *	"text" h'00ff' t'ff' (text that is no UTF-8) f'7fc00001' (a float, bit by bit)
 *	12 -3 1.5 NaN -Infinity true null simple(99) ext(5, h'00') 32("tagged")
 *	[1, 2] {"a": 1} (_ "in ", "pieces")
 *	12_1 "x"_16 [_ 1, 2] {_2 "a": 1}: behind the _ how it is packed
 *
 * Where nothing is behind it, a value is packed as short as can be; numbers with
 * a point in 64 bits.
 */
enum node_kind {
	NODE_MAP, NODE_LIST, NODE_PIECES, NODE_TAG, NODE_CALL,	/* open; their items follow */
	NODE_CLOSE,
	NODE_STRING,		/* as it stands, with quotes */
	NODE_BYTES, NODE_TEXT, NODE_FLOAT,	/* h'' t'' f'': what is between the quotes */
	NODE_NUMBER, NODE_WORD
};

struct node {
	enum node_kind kind;
	struct bytes token;	/* in the text; of an open one its name, if it has one */
	struct bytes suffix;	/* behind the _ */
	bool said;		/* there was a _ */
	size_t count;		/* of items; of a map names and values */
	size_t open;		/* CLOSE: of which */
};

struct notation { struct node *node; size_t nodes, room; };

/* Values, one after the other. */
bool notation_read(struct notation *n, struct bytes text, struct spot *why) MUST_USE;
void notation_release(struct notation *n);

/* What a token is worth. */
bool node_is_whole(const struct node *n);		/* a number without point or power */
/* Its absolute value; *less: one less, for a negative one, which may be 2^64. */
bool node_whole(const struct node *n, bool *negative, uint64_t *less, struct spot *why) MUST_USE;
bool node_float(const struct node *n, double *v);	/* a number, or a word that is one; false: it is none */
/* The bytes of a STRING, BYTES, TEXT or FLOAT. */
bool node_bytes(const struct node *n, struct buf *out, struct spot *why) MUST_USE;
bool quoted_bytes(struct bytes token, struct buf *out, struct spot *why) MUST_USE;	/* of "..." */
bool hex_bytes(struct bytes digits, struct buf *out, struct spot *why) MUST_USE;	/* white space does not count */
bool suffix_is(const struct node *n, const char *what);
bool suffix_begins(const struct node *n, char c);
/* How long the token at the beginning is; 0: none begins so. */
size_t quoted_length(struct bytes b);
size_t number_length(struct bytes b);
size_t word_length(struct bytes b);

/* Writing. Each is false where there is no room. */
bool put_line(struct buf *out, unsigned depth);		/* a line end, and so deep */
bool put_text(struct buf *out, struct bytes b, unsigned depth);	/* in quotes; t'' where it is no UTF-8 */
bool put_hex(struct buf *out, char kind, struct bytes b, unsigned depth);
/* As few digits as give it again, and the suffix; f'' alone where no number does. `bits` has `size` bytes. */
bool put_float(struct buf *out, double v, uint64_t bits, unsigned size, const char *suffix);

/* Floats of 2, 4 and 8 bytes, as they lie in memory. */
double float_of(uint64_t bits, unsigned size);
uint64_t float_bits(double v, unsigned size);
bool put_be(struct buf *out, uint64_t v, unsigned size);

#endif
