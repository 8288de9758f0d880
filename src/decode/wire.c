/*
 * Fields of Protocol Buffers: https://protobuf.dev/programming-guides/encoding/
 *
 *	tag: varint(number << 3 | wire type), then
 *
 *	0 VARINT	1 to 10 bytes, the lowest 7 bits first
 *	1 FIXED64	8 bytes, the lowest first
 *	2 LEN		varint(length), and so many bytes
 *	3 GROUP		fields, up to a tag of the same number and wire type 4
 *	5 FIXED32	4 bytes, the lowest first
 */
#include "wire.h"

enum { VARINT_MAX = 10 };

static const char *
wire_varint(struct reader *r, uint64_t *v, struct bytes *raw)
{
	struct bytes before = r->rest;

	*v = read_varint(r);
	if (r->ran_out)
		return before.len < VARINT_MAX ? "cut off" : "a varint of more than ten bytes";
	*raw = (struct bytes){ before.at, before.len - r->rest.len };
	return NULL;
}

static const char *
wire_fixed(struct reader *r, size_t size, struct wire_field *f)
{
	f->payload = read_bytes(r, size);
	for (size_t i = f->payload.len; i; i--)
		f->value = f->value << 8 | f->payload.at[i - 1];
	return r->ran_out ? "cut off" : NULL;
}

static const char *
wire_length(struct reader *r, struct wire_field *f)
{
	const char *wrong = wire_varint(r, &f->value, &f->payload);

	if (wrong)
		return wrong;
	f->payload = read_bytes(r, f->value);
	return r->ran_out ? "cut off, or its length is wrong" : NULL;
}

static const char *
wire_tag(struct reader *r, struct wire_field *f)
{
	uint64_t tag;
	const char *wrong = wire_varint(r, &tag, &f->payload);

	if (wrong)
		return wrong;
	if (!(tag >> 3) || tag >> 3 > WIRE_NUMBER_MAX)
		return "a field number out of range";
	f->number = (uint32_t)(tag >> 3);
	f->wire = (enum wire)(tag & 7);
	return NULL;
}

/* The value; of a group nothing yet. */
static const char *
wire_value(struct reader *r, struct wire_field *f)
{
	switch (f->wire) {
	case WIRE_VARINT:	return wire_varint(r, &f->value, &f->payload);
	case WIRE_FIXED64:	return wire_fixed(r, 8, f);
	case WIRE_LEN:		return wire_length(r, f);
	case WIRE_FIXED32:	return wire_fixed(r, 4, f);
	case WIRE_GROUP:
	case WIRE_GROUP_END:	return NULL;
	}
	return "no such wire type";
}

/* Up to the tag that ends the group, past others in it. */
static const char *
wire_group(struct reader *r, struct wire_field *group)
{
	uint32_t open[WIRE_GROUPS_MAX] = { group->number };
	const uint8_t *from = r->rest.at;
	size_t depth = 1;

	while (depth) {
		struct wire_field f = { 0 };
		const uint8_t *at = r->rest.at;
		const char *wrong = wire_tag(r, &f);

		if (wrong || (wrong = wire_value(r, &f)))
			return "a group without an end";
		group->payload = (struct bytes){ from, (size_t)(at - from) };
		if (f.wire == WIRE_GROUP && depth == WIRE_GROUPS_MAX)
			return "groups nested deeper than 16";
		if (f.wire == WIRE_GROUP)
			open[depth++] = f.number;
		else if (f.wire == WIRE_GROUP_END && open[--depth] != f.number)
			return "a group that ends as another";
	}
	return NULL;
}

const char *
wire_next(struct reader *r, struct wire_field *f)
{
	struct reader ahead = *r;
	const char *wrong;

	*f = (struct wire_field){ 0 };
	wrong = wire_tag(&ahead, f);
	if (!wrong && f->wire == WIRE_GROUP_END)
		return "the end of a group that did not begin";
	f->payload = (struct bytes){ 0 };
	if (!wrong)
		wrong = f->wire == WIRE_GROUP ? wire_group(&ahead, f) : wire_value(&ahead, f);
	if (!wrong)
		*r = ahead;
	return wrong;
}

const char *
wire_trouble(struct bytes message)
{
	struct reader r = { message, false };
	struct wire_field f;

	while (r.rest.len) {
		const char *wrong = wire_next(&r, &f);

		if (wrong)
			return wrong;
	}
	return NULL;
}
