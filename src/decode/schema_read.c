/*
 * Descriptor sets, which are Protocol Buffers themselves:
 * https://github.com/protocolbuffers/protobuf/blob/main/src/google/protobuf/descriptor.proto
 *
 *	FileDescriptorSet	1 file
 *	FileDescriptorProto	2 package, 4 message, 5 enum, 6 service, 12 syntax
 *	DescriptorProto		1 name, 2 field, 3 message, 4 enum, 7 options { 7 map_entry }, 8 oneof { 1 name }
 *	FieldDescriptorProto	1 name, 3 number, 4 label, 5 type, 6 type_name, 8 options { 2 packed }, 9 oneof_index,
 *				17 proto3_optional
 *	EnumDescriptorProto	1 name, 2 value { 1 name, 2 number }
 *	ServiceDescriptorProto	1 name, 2 method { 1 name, 2 input_type, 3 output_type }
 */
#include <stdlib.h>
#include <string.h>

#include "schema_inside.h"
#include "wire.h"

enum {
	DEPTH_MAX = 32, NAME_MAX_ALL = 512,	/* of a name with all before it */
	THINGS_MAX = 1 << 20, KEPT_MAX = 256 << 20, LABEL_REPEATED = 3,
};

/* A name that a field or method refers to; found once all is read. */
struct schema_late {
	struct schema_late *next;
	struct bytes name;
	struct schema_field *field;		/* or: */
	const struct schema_message **sent;
};

/* A descriptor being read. */
struct loading {
	struct schema *s;
	const char *name;			/* of the file on disk */
	struct fault *why;
	bool old;				/* proto2: not packed unless said so */
};

static bool
loading_fault(struct loading *l, const char *words)
{
	return fault(l->why, "%s: %s", l->name, words);
}

/* Room for one more thing, if the limits allow. NULL: a fault. */
static void *
loading_keep(struct loading *l, size_t count, size_t size)
{
	size_t bytes = (count ? count : 1) * size;

	l->s->things += count;
	l->s->kept += bytes;
	if (l->s->things > THINGS_MAX || l->s->kept > KEPT_MAX) {
		loading_fault(l, "too much in it");
		return NULL;
	}
	return schema_keep(l->s, bytes);
}

static bool
loading_next(struct loading *l, struct reader *r, struct wire_field *f)
{
	const char *wrong = wire_next(r, f);

	return !wrong || fault(l->why, "%s: not a descriptor set: %s", l->name, wrong);
}

/* The last payload of this number; empty: there is none. */
static struct bytes
part_of(struct bytes message, uint32_t number)
{
	struct reader r = { message, false };
	struct bytes got = { 0 };
	struct wire_field f;

	while (r.rest.len && !wire_next(&r, &f))
		if (f.number == number && f.wire == WIRE_LEN)
			got = f.payload;
	return got;
}

static bool
number_of(struct bytes message, uint32_t number, uint64_t *v)
{
	struct reader r = { message, false };
	struct wire_field f;
	bool found = false;

	while (r.rest.len && !wire_next(&r, &f))
		if (f.number == number && f.wire == WIRE_VARINT) {
			*v = f.value;
			found = true;
		}
	return found;
}

static size_t
count_of(struct bytes message, uint32_t number)
{
	struct reader r = { message, false };
	struct wire_field f;
	size_t n = 0;

	while (r.rest.len && !wire_next(&r, &f))
		n += f.number == number && f.wire == WIRE_LEN;
	return n;
}

/* "pkg.Outer" and "Inner": "pkg.Outer.Inner". At NULL: a fault. */
static struct bytes
full_name(struct loading *l, struct bytes scope, char between, struct bytes name)
{
	size_t len = scope.len + (scope.len ? 1 : 0) + name.len;
	uint8_t *to;

	if (len > NAME_MAX_ALL) {
		loading_fault(l, "a name of more than 512 bytes");
		return (struct bytes){ 0 };
	}
	to = loading_keep(l, 1, len + 1);
	if (!to)
		return (struct bytes){ 0 };
	if (scope.len) {
		memcpy(to, scope.at, scope.len);
		to[scope.len] = (uint8_t)between;
	}
	if (name.len)
		memcpy(to + len - name.len, name.at, name.len);
	return (struct bytes){ to, len };
}

/* The first of a name stays. */
static void
put_first(struct map *m, struct bytes name, void *value)
{
	void *before = map_put(m, name, value);

	if (before)
		map_put(m, name, before);
}

static struct schema_late *
late_new(struct loading *l, struct bytes name)
{
	struct schema_late *late = loading_keep(l, 1, sizeof(*late));

	if (!late)
		return NULL;
	late->name = name.len && *name.at == '.' ? (struct bytes){ name.at + 1, name.len - 1 } : name;
	late->next = l->s->late;
	l->s->late = late;
	return late;
}

void
schema_link(struct schema *s)
{
	for (struct schema_late *late = s->late; late; late = late->next) {
		if (!late->field) {
			*late->sent = map_find(s->messages, late->name);
			continue;
		}
		late->field->message = map_find(s->messages, late->name);
		late->field->enumeration = late->field->message ? NULL : map_find(s->enums, late->name);
		if (late->field->type == 0)	/* it was left to be found */
			late->field->type = late->field->message ? SCHEMA_MESSAGE : SCHEMA_ENUM;
	}
	s->late = NULL;
}

static bool
packs(enum schema_type type)
{
	return type != SCHEMA_STRING && type != SCHEMA_BYTES && type != SCHEMA_MESSAGE && type != SCHEMA_GROUP;
}

/* `to` has its number already, and `b` is the descriptor. */
static bool
field_read(struct loading *l, struct bytes b, struct schema_field *to, const struct bytes *oneof, size_t oneofs)
{
	uint64_t label = 0, type = 0, packed = !l->old, of_oneof = UINT64_MAX, optional = 0;
	struct bytes of = part_of(b, 6);
	struct schema_late *late;

	(void)number_of(b, 4, &label);
	(void)number_of(b, 5, &type);
	(void)number_of(b, 9, &of_oneof);
	(void)number_of(b, 17, &optional);
	(void)number_of(part_of(b, 8), 2, &packed);
	if (type >= SCHEMA_TYPES || (!type && !of.len))
		return loading_fault(l, "not a descriptor set: a field without a type");
	to->name = part_of(b, 1);
	to->type = (enum schema_type)type;
	to->repeated = label == LABEL_REPEATED;
	to->packed = to->repeated && packs(to->type) && packed;
	if (of_oneof < oneofs && !optional)
		to->oneof = oneof[of_oneof];
	if (!of.len)
		return true;
	late = late_new(l, of);
	if (late)
		late->field = to;
	return late;
}

/* Of equals the first in the file. */
static int
by_number(const void *a, const void *b)
{
	const struct schema_field *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->name.at < y->name.at ? -1 : x->name.at > y->name.at;
}

static int
by_value(const void *a, const void *b)
{
	const struct schema_value *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->name.at < y->name.at ? -1 : x->name.at > y->name.at;
}

static bool
enum_read(struct loading *l, struct bytes scope, struct bytes b)
{
	struct schema_enum *e = loading_keep(l, 1, sizeof(*e));
	struct schema_value *value = e ? loading_keep(l, count_of(b, 2), sizeof(*value)) : NULL;
	struct reader r = { b, false };
	struct wire_field f;

	if (!value)
		return false;
	e->name = full_name(l, scope, '.', part_of(b, 1));
	if (!e->name.at)
		return false;
	e->value = value;
	while (r.rest.len) {
		uint64_t number = 0;

		if (!loading_next(l, &r, &f))
			return false;
		if (f.number != 2 || f.wire != WIRE_LEN)
			continue;
		(void)number_of(f.payload, 2, &number);
		value[e->values++] = (struct schema_value){ part_of(f.payload, 1), (int32_t)(uint32_t)number };
	}
	qsort(value, e->values, sizeof(*value), by_value);
	put_first(l->s->enums, e->name, e);
	return true;
}

/* All payloads of this number, in order. NULL: a fault. */
static struct bytes *
parts_of(struct loading *l, struct bytes message, uint32_t number, size_t *count)
{
	struct bytes *part = loading_keep(l, count_of(message, number), sizeof(*part));
	struct reader r = { message, false };
	struct wire_field f;

	*count = 0;
	while (part && r.rest.len && !wire_next(&r, &f))
		if (f.number == number && f.wire == WIRE_LEN)
			part[(*count)++] = f.payload;
	return part;
}

static bool
fields_read(struct loading *l, struct bytes b, struct schema_message *m)
{
	size_t oneofs, count;
	struct bytes *oneof = parts_of(l, b, 8, &oneofs), *part = oneof ? parts_of(l, b, 2, &count) : NULL;
	struct schema_field *field = part ? loading_keep(l, count, sizeof(*field)) : NULL;

	if (!field)
		return false;
	for (size_t i = 0; i < oneofs; i++)
		oneof[i] = part_of(oneof[i], 1);
	for (size_t i = 0; i < count; i++) {
		uint64_t number = 0;

		(void)number_of(part[i], 3, &number);
		if (!number || number > WIRE_NUMBER_MAX)
			return loading_fault(l, "not a descriptor set: a field without a number");
		field[i] = (struct schema_field){ .name = part[i], .number = (uint32_t)number };
	}
	qsort(field, count, sizeof(*field), by_number);
	m->field = field;
	m->fields = count;
	for (size_t i = 0; i < count; i++)
		if (!field_read(l, field[i].name, &field[i], oneof, oneofs))
			return false;
	return true;
}

/* Its fields, and the messages and enums in it. */
static bool
message_read(struct loading *l, struct bytes scope, struct bytes b, unsigned depth)
{
	struct schema_message *m = loading_keep(l, 1, sizeof(*m));
	struct reader r = { b, false };
	struct wire_field f;
	uint64_t entry = 0;

	if (depth == DEPTH_MAX)
		return loading_fault(l, "messages nested deeper than 32");
	if (!m || !(m->name = full_name(l, scope, '.', part_of(b, 1))).at)
		return false;
	(void)number_of(part_of(b, 7), 7, &entry);
	m->map_entry = entry;
	put_first(l->s->messages, m->name, m);
	while (r.rest.len) {
		if (!loading_next(l, &r, &f))
			return false;
		if (f.wire == WIRE_LEN && f.number == 3 && !message_read(l, m->name, f.payload, depth + 1))
			return false;
		if (f.wire == WIRE_LEN && f.number == 4 && !enum_read(l, m->name, f.payload))
			return false;
	}
	return fields_read(l, b, m);
}

static bool
method_read(struct loading *l, struct bytes service, struct bytes b)
{
	struct schema_method *m = loading_keep(l, 1, sizeof(*m));
	struct bytes name = m ? full_name(l, service, '/', part_of(b, 1)) : (struct bytes){ 0 };

	if (!name.at)
		return false;
	for (int side = CLIENT; side <= SERVER; side++) {
		struct schema_late *late = late_new(l, part_of(b, side == CLIENT ? 2 : 3));

		if (!late)
			return false;
		late->sent = &m->sent[side];
	}
	put_first(l->s->methods, name, m);
	return true;
}

static bool
service_read(struct loading *l, struct bytes scope, struct bytes b)
{
	struct bytes name = full_name(l, scope, '.', part_of(b, 1));
	struct reader r = { b, false };
	struct wire_field f;

	if (!name.at)
		return false;
	while (r.rest.len)
		if (!loading_next(l, &r, &f) || (f.number == 2 && f.wire == WIRE_LEN && !method_read(l, name, f.payload)))
			return false;
	return true;
}

static bool
file_read(struct loading *l, struct bytes b)
{
	struct bytes package = part_of(b, 2), syntax = part_of(b, 12);
	struct reader r = { b, false };
	struct wire_field f;

	l->old = !syntax.len || bytes_are(syntax, "proto2");
	while (r.rest.len) {
		if (!loading_next(l, &r, &f))
			return false;
		if (f.wire != WIRE_LEN)
			continue;
		if ((f.number == 4 && !message_read(l, package, f.payload, 0)) ||
				(f.number == 5 && !enum_read(l, package, f.payload)) ||
				(f.number == 6 && !service_read(l, package, f.payload)))
			return false;
	}
	return true;
}

bool
schema_read(struct schema *s, struct bytes set, const char *name, struct fault *why)
{
	struct loading l = { .s = s, .name = name, .why = why };
	struct reader r = { set, false };
	struct wire_field f;
	size_t files = 0;

	while (r.rest.len) {
		if (!loading_next(&l, &r, &f))
			return false;
		if (f.number != 1 || f.wire != WIRE_LEN)
			return loading_fault(&l, "not a descriptor set");
		if (!file_read(&l, f.payload))
			return false;
		files++;
	}
	return files || loading_fault(&l, "nothing in it: not a descriptor set");
}
