/* Numbers of Protocol Buffers by their types, as text and back. */
#include <inttypes.h>
#include <string.h>

#include "../decode/type.h"
#include "wired.h"

struct typed { enum wire wire; bool number, is_signed, zigzag, real; unsigned bits; };

static const struct typed types[SCHEMA_TYPES] = {
	[SCHEMA_DOUBLE] = { WIRE_FIXED64, true, .real = true, .bits = 64 },
	[SCHEMA_FLOAT] = { WIRE_FIXED32, true, .real = true, .bits = 32 },
	[SCHEMA_INT64] = { WIRE_VARINT, true, .is_signed = true, .bits = 64 },
	[SCHEMA_UINT64] = { WIRE_VARINT, true, .bits = 64 },
	[SCHEMA_INT32] = { WIRE_VARINT, true, .is_signed = true, .bits = 32 },
	[SCHEMA_FIXED64] = { WIRE_FIXED64, true, .bits = 64 },
	[SCHEMA_FIXED32] = { WIRE_FIXED32, true, .bits = 32 },
	[SCHEMA_BOOL] = { WIRE_VARINT, true, .bits = 1 },
	[SCHEMA_STRING] = { WIRE_LEN },
	[SCHEMA_GROUP] = { WIRE_GROUP },
	[SCHEMA_MESSAGE] = { WIRE_LEN },
	[SCHEMA_BYTES] = { WIRE_LEN },
	[SCHEMA_UINT32] = { WIRE_VARINT, true, .bits = 32 },
	[SCHEMA_ENUM] = { WIRE_VARINT, true, .is_signed = true, .bits = 32 },
	[SCHEMA_SFIXED32] = { WIRE_FIXED32, true, .is_signed = true, .bits = 32 },
	[SCHEMA_SFIXED64] = { WIRE_FIXED64, true, .is_signed = true, .bits = 64 },
	[SCHEMA_SINT32] = { WIRE_VARINT, true, .is_signed = true, .zigzag = true, .bits = 32 },
	[SCHEMA_SINT64] = { WIRE_VARINT, true, .is_signed = true, .zigzag = true, .bits = 64 },
};

enum wire
typed_wire(enum schema_type type)
{
	return types[type].wire;
}

bool
typed_is_number(enum schema_type type)
{
	return types[type].number;
}

bool
typed_packs(const struct schema_field *f)
{
	return f->repeated && types[f->type].number;
}

bool
typed_fits(enum schema_type type, uint64_t v)
{
	const struct typed *t = &types[type];

	if (t->wire == WIRE_VARINT && t->is_signed && !t->zigzag && t->bits == 32)
		return (uint64_t)(int64_t)(int32_t)(uint32_t)v == v;
	return t->bits == 64 || v >> t->bits == 0;
}

static bool
enum_put(const struct schema_enum *e, uint64_t v, struct buf *out)
{
	struct bytes name = e ? schema_value(e, (int32_t)v) : (struct bytes){ 0 };

	/* What a word might mean otherwise is written as a number. */
	if (!name.len || name_length(name) != name.len)
		return buf_addf(out, "%" PRId32, (int32_t)v);
	for (size_t i = 0; i < e->values; i++)
		if (bytes_same(e->value[i].name, name) && e->value[i].number != (int32_t)v)
			return buf_addf(out, "%" PRId32, (int32_t)v);
	return buf_add(out, name);
}

bool
typed_put(const struct schema_field *f, uint64_t v, struct buf *out)
{
	const struct typed *t = &types[f->type];

	if (f->type == SCHEMA_ENUM)
		return enum_put(f->enumeration, v, out);
	if (f->type == SCHEMA_BOOL)
		return buf_add(out, v ? LIT("true") : LIT("false"));
	if (t->real)
		return put_float(out, float_of(v, t->bits / 8), v, t->bits / 8, "");
	if (t->zigzag)
		return buf_addf(out, "%" PRId64, wire_zigzag(v));
	if (t->is_signed)
		return buf_addf(out, "%" PRId64, t->bits == 32 ? (int64_t)(int32_t)(uint32_t)v : (int64_t)v);
	return buf_addf(out, "%" PRIu64, v);
}

static bool
real_read(const struct typed *t, const struct node *n, uint64_t *v, struct spot *why)
{
	double real;

	if (n->kind == NODE_FLOAT) {
		struct buf bits;
		bool ok;

		buf_init(&bits, 8);
		ok = hex_bytes(n->token, &bits, why);
		*v = 0;
		for (size_t i = 0; i < bits.len; i++)
			*v = *v << 8 | bits.at[i];
		ok = ok && (bits.len == t->bits / 8 || spot_fault(why, n->token.at, "%u bytes expected", t->bits / 8));
		buf_release(&bits);
		return ok;
	}
	if (!node_float(n, &real))
		return spot_fault(why, n->token.at, "a number expected");
	*v = float_bits(real, t->bits / 8);
	return true;
}

static bool
word_read(const struct schema_field *f, const struct node *n, uint64_t *v, struct spot *why)
{
	if (f->type == SCHEMA_BOOL && (bytes_are(n->token, "true") || bytes_are(n->token, "false"))) {
		*v = *n->token.at == 't';
		return true;
	}
	for (size_t i = 0; f->type == SCHEMA_ENUM && f->enumeration && i < f->enumeration->values; i++)
		if (bytes_same(f->enumeration->value[i].name, n->token)) {
			*v = (uint64_t)(int64_t)f->enumeration->value[i].number;
			return true;
		}
	return spot_fault(why, n->token.at, f->type == SCHEMA_BOOL ? "true or false expected" :
		f->type == SCHEMA_ENUM ? "a name of its enum, or a number, expected" : "a number expected");
}

bool
typed_read(const struct schema_field *f, const struct node *n, uint64_t *v, struct spot *why)
{
	const struct typed *t = &types[f->type];
	bool negative;
	uint64_t less, most;

	if (n->said)
		return spot_fault(why, n->suffix.at, "its size is known: nothing behind the number expected");
	if (t->real)
		return real_read(t, n, v, why);
	if (n->kind == NODE_WORD)
		return word_read(f, n, v, why);
	if (!node_is_whole(n))
		return spot_fault(why, n->token.at, "a whole number expected");
	if (!node_whole(n, &negative, &less, why))
		return false;
	most = t->bits == 64 ? UINT64_MAX : (UINT64_C(1) << t->bits) - 1;
	if (t->is_signed)
		most >>= 1;
	if (less > most || (negative && !t->is_signed))
		return spot_fault(why, n->token.at, "out of range: a number of %u bits%s expected", t->bits,
			t->is_signed ? "" : " from 0 on");
	*v = negative ? ~less : less;
	if (t->zigzag)
		*v = less << 1 | negative;
	else if (t->wire != WIRE_VARINT && t->bits == 32)
		*v = (uint32_t)*v;
	return true;
}

size_t
name_length(struct bytes b)
{
	size_t n = 0;

	while (n < b.len && ((b.at[n] >= '0' && b.at[n] <= '9') || ((b.at[n] | 0x20) >= 'a' && (b.at[n] | 0x20) <= 'z') ||
			b.at[n] == '_'))
		n++;
	return n && (*b.at < '0' || *b.at > '9') ? n : 0;
}

const struct schema_field *
field_named(const struct schema_message *m, struct bytes name)
{
	if (bytes_are(name, "raw"))
		return NULL;
	for (size_t i = 0; m && i < m->fields; i++)
		if (bytes_same(m->field[i].name, name) && name_length(name) == name.len)
			return &m->field[i];
	return NULL;
}

const struct schema_message *
wired_root(const struct work *w)
{
	static const char *const parameters[] = { "messageType", "proto", "type", "message" };
	struct bytes name = { 0 };

	if (!w->schema)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(parameters) && !name.len; i++)
		name = type_parameter(w->type, parameters[i]);
	return name.len ? schema_message(w->schema, name) : schema_sent(w->schema, w->path, w->side);
}

bool
wired_delimited(const struct work *w)
{
	return bytes_like(type_parameter(w->type, "encoding"), "delimited");
}

bool
put_varint(struct buf *out, uint64_t v)
{
	uint8_t to[10];
	size_t n = 0;

	do {
		to[n++] = (uint8_t)((v & 127) | (v > 127 ? 128 : 0));
		v >>= 7;
	} while (v);
	return buf_add(out, (struct bytes){ to, n });
}

bool
put_fixed(struct buf *out, uint64_t v, unsigned size)
{
	uint8_t to[8];

	for (unsigned i = 0; i < size; i++)
		to[i] = (uint8_t)(v >> 8 * i);
	return buf_add(out, (struct bytes){ to, size });
}
