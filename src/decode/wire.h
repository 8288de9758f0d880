#ifndef DECODE_WIRE_H
#define DECODE_WIRE_H

#include "soth/reader.h"

/*
 * Fields of Protocol Buffers, one after the other, whatever they mean:
 * https://protobuf.dev/programming-guides/encoding/
 */
enum wire { WIRE_VARINT, WIRE_FIXED64, WIRE_LEN, WIRE_GROUP, WIRE_GROUP_END, WIRE_FIXED32 };
enum { WIRE_GROUPS_MAX = 16, WIRE_NUMBER_MAX = (1 << 29) - 1 };

struct wire_field {
	uint32_t number;	/* 0: not known */
	enum wire wire;
	uint64_t value;		/* VARINT, FIXED32, FIXED64; LEN: the length it says */
	struct bytes payload;	/* without tag, length and the tag that ends a group */
};

/* NULL: the next field, read. Else what is wrong with it, and nothing is read. */
const char *wire_next(struct reader *r, struct wire_field *f) MUST_USE;
/* Whether it is fields to its end, not looking into those with a length. NULL: it is. */
const char *wire_trouble(struct bytes message) MUST_USE;

/* "-2" as zigzag is 3. */
static inline int64_t
wire_zigzag(uint64_t v)
{
	return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

#endif
