/* What stands in front of a note's bytes, read without the rest. */
#include "soth.h"
#include "soth/reader.h"

bool
soth_array(struct reader *r, size_t most, size_t *count)
{
	uint8_t type = read_u8(r);

	if ((type & 0xf0) != 0x90 && type != 0xdc)
		return false;
	*count = type == 0xdc ? read_be16(r) : type & 0x0fu;
	return *count <= most && !r->ran_out;
}

/* A number, as msgpack has them. */
static uint64_t
glance_uint(struct reader *r)
{
	uint8_t type = read_u8(r);

	if (type < 0x80)
		return type;
	if (type == 0xcc)
		return read_u8(r);
	if (type == 0xcd)
		return read_be16(r);
	if (type == 0xce)
		return read_be32(r);
	if (type == 0xcf)
		return (uint64_t)read_be32(r) << 32 | read_be32(r);
	r->ran_out = true;
	return 0;
}

/* The head of a binary value. */
static size_t
glance_bin(struct reader *r)
{
	uint8_t type = read_u8(r);

	if (type == 0xc0)
		return 0;
	if (type < 0xc4 || type > 0xc6) {
		r->ran_out = true;
		return 0;
	}
	return type == 0xc4 ? read_u8(r) : type == 0xc5 ? read_be16(r) : read_be32(r);
}

static void
glance_part(struct reader *r, struct note *n, size_t *len)
{
	n->part = (struct part){ .kind = (enum part_kind)glance_uint(r), .code = (uint32_t)glance_uint(r) };
	if (n->part.kind >= PART_COUNT) {
		r->ran_out = true;
	} else if (n->part.kind == PART_SKIP) {
		n->part.count = glance_uint(r);
	} else {
		*len = glance_bin(r);
	}
}

bool
soth_glance_count(struct bytes behind, uint64_t *count)
{
	struct reader r = { behind, false };

	*count = glance_uint(&r);
	return !r.ran_out;
}

bool
soth_glance(struct bytes first, struct note *n, uint64_t *back, size_t *data, size_t *len, bool *counted)
{
	struct reader r = { first, false };
	size_t elements;

	*n = (struct note){ .kind = NOTE_LOG };
	*len = 0;
	if (!soth_array(&r, SOTH_ELEMENTS_MAX, &elements) || elements < SOTH_COMMON)
		return false;
	n->kind = (enum note_kind)glance_uint(&r);
	n->side = glance_uint(&r) ? SERVER : CLIENT;
	n->flow = glance_uint(&r);
	n->when = glance_uint(&r);
	n->order = glance_uint(&r);
	n->flow_order = glance_uint(&r);
	*back = glance_uint(&r);
	if (!r.ran_out && (n->kind == NOTE_PART || n->kind == NOTE_HAND))
		glance_part(&r, n, len);
	*data = (size_t)(r.rest.at - first.at);
	*counted = elements > SOTH_COMMON + 3 && n->kind == NOTE_PART && n->part.kind != PART_SKIP;
	return !r.ran_out && n->kind < NOTE_COUNT;
}

bool
soth_unpack_gap(struct bytes record, struct gap *g)
{
	struct reader r = { record, false };
	size_t elements = 0;

	if (!soth_array(&r, SOTH_ELEMENTS_MAX, &elements) || elements != SOTH_COMMON + 2 || glance_uint(&r) != SOTH_GAP)
		return false;
	glance_uint(&r);
	glance_uint(&r);
	g->when = glance_uint(&r);
	g->order = glance_uint(&r);
	glance_uint(&r);
	glance_uint(&r);
	g->to = glance_uint(&r);
	g->whole = glance_uint(&r);
	return !r.ran_out;
}
