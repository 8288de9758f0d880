/* Notes to msgpack and back; the only file that knows msgpack. */
#include <msgpack.h>
#include <string.h>

#include "soth.h"
#include "soth/reader.h"

enum { COMMON = SOTH_COMMON, DEPTH_VALUES = STEP_VALUES_MAX * 2, PACK_ROOM = 512 };

/* msgpack writes a few bytes at a time: they go straight into room that is there. */
struct packing {
	struct buf *out;
	uint8_t *at, *end;
};

static bool
packing_room(struct packing *k, size_t n)
{
	k->at = buf_room(k->out, n);
	k->end = k->at ? k->at + n : NULL;
	return k->at;
}

static void
packing_done(struct packing *k)
{
	if (k->at)
		buf_grew(k->out, (size_t)(k->at - (k->out->at + k->out->len)));
}

static int
pack_write(void *arg, const char *at, size_t len)
{
	struct packing *k = arg;

	if (!k->at)
		return -1;
	if (len > (size_t)(k->end - k->at)) {
		packing_done(k);
		if (!packing_room(k, len + PACK_ROOM))
			return -1;
	}
	memcpy(k->at, at, len);
	k->at += len;
	return 0;
}

static void
pack_bytes(msgpack_packer *p, struct bytes b)
{
	msgpack_pack_bin(p, b.len);
	if (b.len)
		msgpack_pack_bin_body(p, b.at, b.len);
}

static void
pack_flow(msgpack_packer *p, const struct note *n)
{
	const struct origin *o = n->origin;

	msgpack_pack_uint64(p, o->opened_by);
	pack_bytes(p, o->client);
	pack_bytes(p, o->listener);
	pack_bytes(p, o->mode);
	pack_bytes(p, o->scheme);
	pack_bytes(p, o->host);
	msgpack_pack_uint16(p, o->port);
}

static void
pack_step(msgpack_packer *p, const struct note *n)
{
	size_t count = step_count(n->step);

	msgpack_pack_uint8(p, (uint8_t)step_kind(n->step));
	msgpack_pack_array(p, count * 2);
	for (size_t i = 0; i < count; i++) {
		struct field f = step_value(n->step, i);

		pack_bytes(p, f.name);
		pack_bytes(p, f.value);
	}
}

/* Nothing but numbers. */
static bool
part_counts(uint64_t kind)
{
	return kind == PART_END || kind == PART_NONE || kind == PART_FRAME || kind == PART_MARK;
}

/* What most parts do without stands at the end, and only where it is needed. */
static bool
part_has_more(const struct note *n)
{
	return n->kind != NOTE_FLOW && n->kind != NOTE_STEP &&
		(n->stream || (n->part.count && n->part.kind != PART_SKIP));
}

static void
pack_part(msgpack_packer *p, const struct note *n)
{
	const struct part *part = &n->part;

	msgpack_pack_uint8(p, (uint8_t)part->kind);
	msgpack_pack_uint32(p, part->kind == PART_HEAD || part->kind == PART_TRAILER ?
		(uint32_t)head_kind(part->head) : part->code);
	if (part->kind == PART_HEAD || part->kind == PART_TRAILER)
		pack_bytes(p, head_text(part->head));
	else if (part->kind == PART_SKIP)
		msgpack_pack_uint64(p, part->count);
	else if (part_counts(part->kind))
		msgpack_pack_nil(p);
	else
		pack_bytes(p, part->data.bytes);
	if (!part_has_more(n))
		return;
	msgpack_pack_uint64(p, part->count);
	msgpack_pack_uint32(p, n->stream);
}

/* A payload, cut into the elements that follow the common ones. */
struct payload {
	const msgpack_object *at;
	size_t count;
};

static bool
uint_of(const msgpack_object *o, uint64_t most, uint64_t *n)
{
	if (o->type != MSGPACK_OBJECT_POSITIVE_INTEGER || o->via.u64 > most)
		return false;
	*n = o->via.u64;
	return true;
}

static bool
bytes_in(const msgpack_object *o, struct bytes *b)
{
	if (o->type != MSGPACK_OBJECT_BIN)
		return false;
	*b = (struct bytes){ (const uint8_t *)o->via.bin.ptr, o->via.bin.size };
	return true;
}

static bool
unpack_flow(struct payload p, struct note *n)
{
	struct origin o = { 0 };
	uint64_t port;

	if (p.count != 7 || !uint_of(&p.at[0], UINT64_MAX, &o.opened_by) || !bytes_in(&p.at[1], &o.client) ||
			!bytes_in(&p.at[2], &o.listener) || !bytes_in(&p.at[3], &o.mode) ||
			!bytes_in(&p.at[4], &o.scheme) || !bytes_in(&p.at[5], &o.host) ||
			!uint_of(&p.at[6], UINT16_MAX, &port))
		return false;
	o.port = (uint16_t)port;
	n->origin = origin_new(&o);
	return true;
}

static bool
unpack_step(struct payload p, struct note *n)
{
	struct field values[STEP_VALUES_MAX];
	uint64_t kind;
	size_t count;

	if (p.count != 2 || !uint_of(&p.at[0], STEP_COUNT - 1, &kind) || p.at[1].type != MSGPACK_OBJECT_ARRAY)
		return false;
	count = p.at[1].via.array.size / 2;
	if (p.at[1].via.array.size > DEPTH_VALUES || p.at[1].via.array.size % 2)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!bytes_in(&p.at[1].via.array.ptr[i * 2], &values[i].name) ||
				!bytes_in(&p.at[1].via.array.ptr[i * 2 + 1], &values[i].value))
			return false;
	n->step = step_new((enum step_kind)kind, values, count);
	return true;
}

static bool
unpack_head(struct bytes text, uint64_t kind, struct note *n)
{
	struct fault why;

	if (kind > HEAD_FIELDS)
		return false;
	n->part.head = head_parse(text, (enum head_kind)kind, &why);
	if (!n->part.head)
		n->part.kind = PART_NONE;
	return n->part.head != NULL;
}

static bool
unpack_part(struct payload p, struct note *n)
{
	uint64_t kind, code, stream = 0;
	struct bytes b;

	if ((p.count != 3 && p.count != 5) || !uint_of(&p.at[0], PART_COUNT - 1, &kind) ||
			!uint_of(&p.at[1], UINT32_MAX, &code))
		return false;
	if (p.count == 5 && (!uint_of(&p.at[3], UINT64_MAX, &n->part.count) || !uint_of(&p.at[4], UINT32_MAX, &stream)))
		return false;
	n->stream = (uint32_t)stream;
	if (kind == PART_SKIP) {
		n->part.kind = PART_SKIP;
		n->part.code = (uint32_t)code;
		return uint_of(&p.at[2], UINT64_MAX, &n->part.count);
	}
	if (part_counts(kind)) {
		n->part.kind = (enum part_kind)kind;
		n->part.code = (uint32_t)code;
		return true;
	}
	if (!bytes_in(&p.at[2], &b))
		return false;
	n->part.kind = (enum part_kind)kind;
	if (kind == PART_HEAD || kind == PART_TRAILER)
		return unpack_head(b, code, n);
	n->part.code = (uint32_t)code;
	n->part.data = slice_copy(b);
	return true;
}

/* Data, and no other part. */
static bool
unpack_hand(struct payload p, struct note *n)
{
	uint64_t kind;

	return p.count && uint_of(&p.at[0], PART_DATA, &kind) && kind == PART_DATA && unpack_part(p, n) && n->part.code < HAND_COUNT;
}

static bool
unpack_remark(struct payload p, struct note *n)
{
	uint64_t kind;

	return p.count && uint_of(&p.at[0], PART_DATA, &kind) && kind == PART_DATA && unpack_part(p, n);
}

static const struct {
	unsigned count;
	void (*pack)(msgpack_packer *p, const struct note *n);
	bool (*unpack)(struct payload p, struct note *n);
} kinds[NOTE_COUNT] = {
	[NOTE_FLOW] = { 7, pack_flow, unpack_flow },
	[NOTE_STEP] = { 2, pack_step, unpack_step },
	[NOTE_PART] = { 3, pack_part, unpack_part },
	[NOTE_GONE] = { 3, pack_part, unpack_part },
	[NOTE_LOG] = { 3, pack_part, unpack_part },
	[NOTE_HAND] = { 3, pack_part, unpack_hand },
	[NOTE_REMARK] = { 3, pack_part, unpack_remark },
};

bool
soth_pack(const struct note *n, uint64_t back, struct buf *out)
{
	size_t before = out->len;
	struct packing k = { .out = out };
	msgpack_packer p;

	if (!packing_room(&k, note_weight(n) + PACK_ROOM))
		return false;
	msgpack_packer_init(&p, &k, pack_write);
	msgpack_pack_array(&p, COMMON + kinds[n->kind].count + (part_has_more(n) ? 2 : 0));
	msgpack_pack_uint8(&p, (uint8_t)n->kind);
	msgpack_pack_uint8(&p, (uint8_t)n->side);
	msgpack_pack_uint64(&p, n->flow);
	msgpack_pack_uint64(&p, n->when);
	msgpack_pack_uint64(&p, n->order);
	msgpack_pack_uint64(&p, n->flow_order);
	msgpack_pack_uint64(&p, back);
	kinds[n->kind].pack(&p, n);
	packing_done(&k);
	return k.at && out->len > before;
}

static bool
unpack_common(const msgpack_object *at, struct note *n, uint64_t *back)
{
	uint64_t kind, side;

	if (!uint_of(&at[0], NOTE_COUNT - 1, &kind) || !uint_of(&at[1], SERVER, &side) ||
			!uint_of(&at[2], UINT64_MAX, &n->flow) || !uint_of(&at[3], UINT64_MAX, &n->when) ||
			!uint_of(&at[4], UINT64_MAX, &n->order) || !uint_of(&at[5], UINT64_MAX, &n->flow_order) ||
			!uint_of(&at[6], UINT64_MAX, back))
		return false;
	n->kind = (enum note_kind)kind;
	n->side = (enum side)side;
	return true;
}

/* A number, bytes or nil. */
static bool
shape_plain(struct reader *r)
{
	uint8_t type = read_u8(r);

	if (type >= 0xc4 && type <= 0xc6)
		read_bytes(r, type == 0xc4 ? read_u8(r) : type == 0xc5 ? read_be16(r) : read_be32(r));
	else if (type >= 0xcc && type <= 0xcf)
		read_bytes(r, 1u << (type - 0xcc));
	else if (type >= 0x80 && type != 0xc0)
		return false;
	return !r->ran_out;
}

/* msgpack makes room for as many elements as are announced, before they come:
 * so this looks first. Plain values, and arrays of plain values. */
static bool
shaped(struct bytes record)
{
	struct reader r = { record, false }, inner;
	size_t count = 0, values = 0;

	if (!soth_array(&r, SOTH_ELEMENTS_MAX, &count))
		return false;
	while (count--) {
		inner = r;
		if (!soth_array(&inner, DEPTH_VALUES, &values)) {
			if (!shape_plain(&r))
				return false;
			continue;
		}
		while (values--)
			if (!shape_plain(&inner))
				return false;
		r = inner;
	}
	return true;
}

bool
soth_unpack(struct bytes record, struct note *n, uint64_t *back, struct fault *why)
{
	msgpack_unpacked u;
	size_t off = 0;
	bool ok;

	*n = (struct note){ .kind = NOTE_LOG };
	if (!shaped(record))
		return fault(why, "a record that is no note");
	msgpack_unpacked_init(&u);
	ok = msgpack_unpack_next(&u, (const char *)record.at, record.len, &off) == MSGPACK_UNPACK_SUCCESS &&
		u.data.type == MSGPACK_OBJECT_ARRAY && u.data.via.array.size >= COMMON &&
		unpack_common(u.data.via.array.ptr, n, back);
	if (ok)
		ok = kinds[n->kind].unpack((struct payload){ u.data.via.array.ptr + COMMON,
			u.data.via.array.size - COMMON }, n);
	msgpack_unpacked_destroy(&u);
	if (ok)
		return true;
	*n = (struct note){ .kind = NOTE_LOG };
	return fault(why, "a record that is no note");
}

/* Numbers are all of one length, so that the record always is. */
bool
soth_pack_gap(const struct gap *g, struct buf *out)
{
	size_t before = out->len;
	struct packing k = { .out = out };
	msgpack_packer p;

	if (!packing_room(&k, PACK_ROOM))
		return false;
	msgpack_packer_init(&p, &k, pack_write);
	msgpack_pack_array(&p, COMMON + 2);
	msgpack_pack_uint8(&p, SOTH_GAP);
	msgpack_pack_uint8(&p, CLIENT);
	msgpack_pack_uint8(&p, 0);
	msgpack_pack_fix_uint64(&p, g->when);
	msgpack_pack_fix_uint64(&p, g->order);
	msgpack_pack_uint8(&p, 0);
	msgpack_pack_uint8(&p, 0);
	msgpack_pack_fix_uint64(&p, g->to);
	msgpack_pack_fix_uint64(&p, g->whole);
	packing_done(&k);
	return k.at && out->len > before;
}
