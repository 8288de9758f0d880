/* Protobuf messages as a schema has them: names, types, and what is well known. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protobuf_inside.h"
#include "type.h"

enum { MAP_KEY = 1, MAP_VALUE = 2, ANY_TYPE = 1, ANY_VALUE = 2, WRAPPED = 1, TEXT_BESIDE_MAX = 60 };

/* The last field of that number. False: there is none. */
static bool
part_find(struct bytes message, uint32_t number, struct wire_field *found)
{
	struct reader r = { message, false };
	struct wire_field f;
	bool any = false;

	while (r.rest.len && !wire_next(&r, &f))
		if (f.number == number) {
			*found = f;
			any = true;
		}
	return any;
}

static const struct schema_message *
root_named(const struct protobuf *p, struct bytes type, struct bytes *name)
{
	static const char *const parameters[] = { "messageType", "proto", "type", "message" };

	for (size_t i = 0; i < ARRAY_LEN(parameters) && !name->len; i++)
		*name = type_parameter(type, parameters[i]);
	return name->len ? schema_message(p->schema, *name) : NULL;
}

/* By the media type's parameter, or by the method. */
const struct schema_message *
typed_root(struct protobuf *p)
{
	const struct hint *h = decode_hint(p->d);
	const struct schema_message *m;
	struct bytes name = { 0 };

	p->schema = h->schema;
	if (!p->schema)
		return NULL;
	m = root_named(p, h->type, &name);
	if (!m && !name.len && (m = schema_sent(p->schema, h->path, h->side), !m) && type_is(h->type, "soth/protobuf"))
		name = h->path;
	if (m) {
		decode_words(p->d, "%.*s", (int)(m->name.len < 40 ? m->name.len : 40), (const char *)m->name.at);
	} else if (name.len) {
		doc_put(p->to, ROLE_FAINT, LIT("not in the schema: "));
		doc_put(p->to, ROLE_FAINT, name);
		doc_line(p->to);
	}
	return m;
}

struct scope
typed_scope(const struct protobuf *p, const struct schema_message *m, struct bytes payload)
{
	struct scope in = { .message = m };
	struct wire_field type;

	if (m && bytes_are(m->name, "google.protobuf.Any") && part_find(payload, ANY_TYPE, &type) && type.wire == WIRE_LEN)
		in.any = schema_message(p->schema, type.payload);
	return in;
}

static void
typed_unknown(struct protobuf *p, const struct schema_message *m)
{
	protobuf_note(p, ROLE_FAINT, "not in %.*s", (int)m->name.len, (const char *)m->name.at);
}

bool
typed_look(struct protobuf *p, const struct wire_field *f, const struct scope *in, struct look *l)
{
	static const struct schema_field any = { .type = SCHEMA_MESSAGE };
	const struct schema_field *known = in->message ? schema_field(in->message, f->number) : NULL;
	const char *unfit;

	if (!in->message)
		return false;
	if (!known) {
		typed_unknown(p, in->message);
		return false;
	}
	*l = (struct look){ kind_typed(known, f->wire), false, known->message, known->enumeration };
	if (in->any && f->number == ANY_VALUE)
		*l = (struct look){ kind_typed(&any, f->wire), false, in->any, NULL };
	if (!l->kind)
		return false;
	unfit = kind_unfit(p, l->kind, f, l);
	if (unfit)
		protobuf_note(p, ROLE_WARN, "not %s: %s", l->kind->name, unfit);
	return !unfit;
}

/* A value on what is left of the line. */
static void
entry_value(struct protobuf *p, const struct schema_message *entry, struct bytes payload)
{
	struct scope in = { .message = entry };
	struct wire_field value;
	struct look l;

	if (!part_find(payload, MAP_VALUE, &value)) {
		doc_put(p->to, ROLE_MARK, LIT(": "));
		doc_put(p->to, ROLE_FAINT, LIT("no value"));
		protobuf_line(p);
		return;
	}
	if (!typed_look(p, &value, &in, &l))
		l = (struct look){ .kind = guess_kind(p, &value), .guessed = true };
	kind_show(p, &value, &l);
}

static void
entry_key(struct protobuf *p, const struct schema_message *entry, const struct wire_field *key)
{
	const struct schema_field *f = schema_field(entry, MAP_KEY);
	const struct kind *k = f ? kind_typed(f, key->wire) : NULL;
	struct look l = { .kind = k };

	doc_put(p->to, ROLE_MARK, LIT("["));
	if (key->wire == WIRE_LEN) {
		doc_put(p->to, ROLE_STRING, LIT("\""));
		doc_put(p->to, ROLE_STRING, key->payload);
		doc_put(p->to, ROLE_STRING, LIT("\""));
	} else if (k && k->put && !kind_unfit(p, k, key, &l)) {
		k->put(p->to, &l, key->value);
	} else {
		doc_putf(p->to, ROLE_NUMBER, "%" PRIu64, key->value);
	}
	doc_put(p->to, ROLE_MARK, LIT("]"));
}

/* labels["env"] 5: "prod" */
bool
typed_entry(struct protobuf *p, const struct wire_field *f, const struct schema_field *map)
{
	const struct schema_message *entry = map->message;
	const struct schema_field *value;
	struct wire_field key;

	if (!entry || !entry->map_entry || p->fixes || f->wire != WIRE_LEN || wire_trouble(f->payload))
		return false;
	value = schema_field(entry, MAP_VALUE);
	if (!value || value->message || !part_find(f->payload, MAP_KEY, &key) || key.wire == WIRE_GROUP)
		return false;
	entry_key(p, entry, &key);
	doc_putf(p->to, ROLE_FAINT, " %u", (unsigned)f->number);
	entry_value(p, entry, f->payload);
	return true;
}

static void
time_beside(struct protobuf *p, const struct schema_message *m, struct bytes payload)
{
	char words[40];

	(void)m;
	if (time_of_message(payload, words))
		doc_putf(p->to, ROLE_FAINT, "  %s", words);
}

/* "3.5s" */
static void
duration_beside(struct protobuf *p, const struct schema_message *m, struct bytes payload)
{
	struct wire_field seconds = { 0 }, nanos = { 0 };
	int64_t s, n;
	char words[60];
	size_t len;

	(void)m;
	(void)part_find(payload, 1, &seconds);
	(void)part_find(payload, 2, &nanos);
	s = (int64_t)seconds.value;
	n = (int64_t)nanos.value;
	if (n <= -1000000000 || n >= 1000000000 || (s < 0 && n > 0) || (s > 0 && n < 0) || s == INT64_MIN)
		return;
	len = (size_t)snprintf(words, sizeof(words), "%s%" PRId64, s < 0 || n < 0 ? "-" : "", s < 0 ? -s : s);
	if (n) {
		len += (size_t)snprintf(words + len, sizeof(words) - len, ".%09d", abs((int)n));
		while (words[len - 1] == '0')
			len--;
	}
	doc_putf(p->to, ROLE_FAINT, "  %.*ss", (int)len, words);
}

/* google.protobuf.StringValue and the like have one field. */
static void
wrapper_beside(struct protobuf *p, const struct schema_message *m, struct bytes payload)
{
	const struct schema_field *f = schema_field(m, WRAPPED);
	struct wire_field value;
	const struct kind *k;
	struct look l = { 0 };

	if (!f || !part_find(payload, WRAPPED, &value) || !(k = kind_typed(f, value.wire)) || kind_unfit(p, k, &value, &l))
		return;
	doc_put(p->to, ROLE_FAINT, LIT("  "));
	if (k->put)
		k->put(p->to, &l, value.value);
	else if (f->type == SCHEMA_STRING && value.payload.len <= TEXT_BESIDE_MAX)
		doc_put(p->to, ROLE_FAINT, value.payload);
	else
		doc_putf(p->to, ROLE_FAINT, "%zu bytes", value.payload.len);
}

static void
any_beside(struct protobuf *p, const struct schema_message *m, struct bytes payload)
{
	struct wire_field type;

	if (typed_scope(p, m, payload).any || !part_find(payload, ANY_TYPE, &type) || type.wire != WIRE_LEN)
		return;
	doc_put(p->to, ROLE_FAINT, LIT("  not in the schema: "));
	doc_put(p->to, ROLE_FAINT, type.payload.len <= TEXT_BESIDE_MAX ? type.payload : LIT("its type"));
}

static const struct {
	const char *name;
	void (*put)(struct protobuf *p, const struct schema_message *m, struct bytes payload);
} well_known[] = {
	{ "Any", any_beside }, { "Timestamp", time_beside }, { "Duration", duration_beside },
	{ "DoubleValue", wrapper_beside }, { "FloatValue", wrapper_beside }, { "Int64Value", wrapper_beside },
	{ "UInt64Value", wrapper_beside }, { "Int32Value", wrapper_beside }, { "UInt32Value", wrapper_beside },
	{ "BoolValue", wrapper_beside }, { "StringValue", wrapper_beside }, { "BytesValue", wrapper_beside },
};

void
typed_beside(struct protobuf *p, const struct schema_message *m, struct bytes payload)
{
	static const char package[] = "google.protobuf.";
	struct bytes name = m->name;

	if (name.len < sizeof(package) || memcmp(name.at, package, sizeof(package) - 1))
		return;
	name = (struct bytes){ name.at + sizeof(package) - 1, name.len - sizeof(package) + 1 };
	for (size_t i = 0; i < ARRAY_LEN(well_known); i++)
		if (bytes_are(name, well_known[i].name))
			well_known[i].put(p, m, payload);
}
