/* Schemas, and protobuf by them: a descriptor set after its length (two bytes), a method or type, a line, lines of
 * fixes up to an empty one, and a message. */
#include <stdlib.h>
#include <string.h>

#include "soth/decode.h"
#include "soth/schema.h"

enum { DOC_MAX = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All that it hands out can be read. */
static size_t
look_through(const struct schema_message *m)
{
	size_t sum = 0;

	for (size_t i = 0; m && i < m->fields; i++) {
		const struct schema_field *f = &m->field[i];

		if (schema_field(m, f->number)->number != f->number || f->type <= 0 || f->type >= SCHEMA_TYPES)
			abort();
		sum += f->name.len + f->oneof.len + (f->message ? f->message->name.len : 0);
		for (size_t k = 0; f->enumeration && k < f->enumeration->values; k++)
			sum += schema_value(f->enumeration, f->enumeration->value[k].number).len;
	}
	return sum;
}

static void
show(struct reader r, const struct schema *s, struct bytes path)
{
	char type[200] = "application/x-protobuf; type=";
	const uint8_t *fixes = r.rest.at;
	struct hint hint = { .path = path, .schema = s };
	struct doc *doc = doc_new(DOC_MAX);
	struct decode *d;

	if (path.len && *path.at != '/' && path.len < 100)
		memcpy(type + strlen(type), path.at, path.len);
	else
		strcpy(type, "soth/protobuf");
	hint.type = bytes_of(type);
	while (!r.ran_out && read_line(&r).len)
		hint.fixes = (struct bytes){ fixes, (size_t)(r.rest.at - fixes) };
	d = decode_new(decoders, NULL, &hint, doc);
	if (!r.ran_out)
		decode_feed(d, r.rest);
	decode_end(d);
	decode_free(d);
	doc_free(doc);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = { { data, size }, false };
	struct bytes set = read_bytes(&r, read_be16(&r)), path = read_line(&r);
	struct fault why = { "" };
	struct schema *s;

	if (r.ran_out)
		return 0;
	s = schema_of(set, "set", &why);
	if (!s && strncmp(why.text, "set: ", 5))
		abort();
	if (s) {
		if (look_through(schema_sent(s, path, CLIENT)) + look_through(schema_message(s, path)) > size * size)
			abort();
		show(r, s, path);
	}
	schema_free(s);
	return 0;
}
