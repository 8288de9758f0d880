/* Protocol Buffers written down as text; see wired.h. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "soth/utf8.h"
#include "wired.h"

enum { LIKELY_MAX = 9999, PREFIX_MAX = 32 };

struct show {
	struct buf *out;
	unsigned depth;
};

static bool fields_put(struct show *s, struct bytes payload, const struct schema_message *m);

bool
wired_suits(const struct work *w)
{
	return !strcmp(w->decoder, "protobuf") && (wired_delimited(w) || !wire_trouble(w->plain));
}

/* Whether the field's bytes are those that a writer would have packed. */
static bool
as_packed(const struct wire_field *f, struct bytes raw)
{
	struct buf b;
	size_t tag;
	bool ok;

	buf_init(&b, PREFIX_MAX);
	ok = put_varint(&b, (uint64_t)f->number << 3 | f->wire);
	tag = b.len;
	if (f->wire == WIRE_VARINT || f->wire == WIRE_LEN)
		ok = ok && put_varint(&b, f->value);
	ok = ok && raw.len >= b.len && !memcmp(raw.at, b.at, b.len);
	if (f->wire == WIRE_GROUP)
		ok = ok && raw.len == 2 * tag + f->payload.len;
	buf_release(&b);
	return ok;
}

static bool
is_text(struct bytes b)
{
	uint32_t rune;
	size_t used;

	for (; (used = utf8_next(b, &rune)); b = behind(b, used))
		if ((used == 1 && rune == 0xfffd) || (!utf8_printable(rune) && rune != '\n' && rune != '\t' && rune != '\r'))
			return false;
	return true;
}

static bool
is_message(struct bytes b)
{
	struct reader r = { b, false };
	struct wire_field f;

	while (r.rest.len)
		if (wire_next(&r, &f) || f.number > LIKELY_MAX)
			return false;
	return b.len;
}

static bool
payload_put(struct show *s, struct bytes b)
{
	return is_text(b) ? put_text(s->out, b, s->depth) : put_hex(s->out, 'h', b, s->depth);
}

static bool
message_put(struct show *s, struct bytes b, const struct schema_message *m)
{
	bool ok = buf_add(s->out, LIT(" {"));

	s->depth++;
	ok = ok && fields_put(s, b, m);
	s->depth--;
	return ok && put_line(s->out, s->depth) && buf_add(s->out, LIT("}"));
}

/* With a point where it is likely to be a float. */
static bool
fixed_put(struct show *s, uint64_t v, unsigned size)
{
	double real = float_of(v, size);

	if (fabs(real) >= 1e-6 && fabs(real) <= 1e15)
		return put_float(s->out, real, v, size, size == 4 ? "_32" : "_64");
	return buf_addf(s->out, "%" PRIu64 "_%u", v, 8 * size);
}

static bool
untyped_put(struct show *s, const struct wire_field *f)
{
	bool deep = s->depth >= WIRED_DEPTH_MAX;

	if (!buf_addf(s->out, "%u", (unsigned)f->number))
		return false;
	if (f->wire == WIRE_GROUP)
		return buf_add(s->out, LIT(" group")) && message_put(s, f->payload, NULL);
	if (f->wire == WIRE_LEN && !deep && is_message(f->payload) && (!is_text(f->payload) || *f->payload.at < 0x20))
		return message_put(s, f->payload, NULL);
	if (!buf_add(s->out, LIT(": ")))
		return false;
	if (f->wire == WIRE_VARINT)
		return buf_addf(s->out, "%" PRIu64, f->value);
	return f->wire == WIRE_LEN ? payload_put(s, f->payload) : fixed_put(s, f->value, f->wire == WIRE_FIXED32 ? 4 : 8);
}

/* The next of packed ones. False: it is none, or one that would be packed otherwise. */
static bool
packed_next(struct reader *r, const struct schema_field *k, uint64_t *v)
{
	enum wire wire = typed_wire(k->type);
	struct bytes raw = r->rest;
	struct buf b;
	bool ok;

	*v = 0;
	if (wire != WIRE_VARINT) {
		raw = read_bytes(r, wire == WIRE_FIXED32 ? 4 : 8);
		for (size_t i = raw.len; i; i--)
			*v = *v << 8 | raw.at[i - 1];
		return !r->ran_out;
	}
	*v = read_varint(r);
	raw.len -= r->rest.len;
	buf_init(&b, PREFIX_MAX);
	ok = !r->ran_out && put_varint(&b, *v) && bytes_same(raw, buf_bytes(&b)) && typed_fits(k->type, *v);
	buf_release(&b);
	return ok;
}

static bool
packed_fits(const struct schema_field *k, struct bytes payload)
{
	struct reader r = { payload, false };
	uint64_t v;

	while (r.rest.len)
		if (!packed_next(&r, k, &v))
			return false;
	return true;
}

static bool
packed_put(struct show *s, const struct schema_field *k, struct bytes payload)
{
	struct reader r = { payload, false };
	bool ok = buf_add(s->out, LIT(": ["));
	uint64_t v;

	for (bool first = true; ok && r.rest.len; first = false)
		ok = packed_next(&r, k, &v) && (first || buf_add(s->out, LIT(", "))) && typed_put(k, v, s->out);
	return ok && buf_add(s->out, LIT("]"));
}

static bool
is_list(const struct schema_field *k, const struct wire_field *f)
{
	return f->wire == WIRE_LEN && typed_packs(k);
}

/* Whether it can be written as the schema has it. */
static bool
known_fits(const struct show *s, const struct schema_field *k, const struct wire_field *f)
{
	if (is_list(k, f))
		return packed_fits(k, f->payload);
	if (typed_wire(k->type) != f->wire)
		return false;
	if (typed_is_number(k->type))
		return typed_fits(k->type, f->value);
	if (k->type == SCHEMA_MESSAGE)
		return s->depth < WIRED_DEPTH_MAX && !wire_trouble(f->payload);
	return true;
}

static bool
known_put(struct show *s, const struct schema_field *k, const struct wire_field *f)
{
	if (!buf_add(s->out, k->name))
		return false;
	if (is_list(k, f))
		return packed_put(s, k, f->payload);
	if (k->type == SCHEMA_MESSAGE || k->type == SCHEMA_GROUP)
		return message_put(s, f->payload, k->message);
	if (!buf_add(s->out, LIT(": ")))
		return false;
	return typed_is_number(k->type) ? typed_put(k, f->value, s->out) : payload_put(s, f->payload);
}

static bool
field_put(struct show *s, const struct wire_field *f, const struct schema_message *m, struct bytes raw)
{
	const struct schema_field *k = m ? schema_field(m, f->number) : NULL;

	if (!as_packed(f, raw) || (f->wire == WIRE_GROUP && s->depth >= WIRED_DEPTH_MAX))
		return buf_add(s->out, LIT("raw ")) && put_hex(s->out, 'h', raw, s->depth);
	if (k && field_named(m, k->name) == k && known_fits(s, k, f))
		return known_put(s, k, f);
	return untyped_put(s, f);
}

static bool
fields_put(struct show *s, struct bytes payload, const struct schema_message *m)
{
	struct reader r = { payload, false };
	struct wire_field f;

	while (r.rest.len) {
		struct bytes raw = r.rest;

		if ((s->out->len || s->depth) && !put_line(s->out, s->depth))
			return false;
		if (wire_next(&r, &f))
			return buf_add(s->out, LIT("raw ")) && put_hex(s->out, 'h', raw, s->depth);
		raw.len -= r.rest.len;
		if (!field_put(s, &f, m, raw))
			return false;
	}
	return true;
}

static bool
delimited_put(struct show *s, struct bytes all, const struct schema_message *m)
{
	struct reader r = { all, false };

	while (r.rest.len) {
		struct bytes one = read_bytes(&r, read_varint(&r));

		if (r.ran_out || (s->out->len && !put_line(s->out, 0)))
			return false;
		if (!buf_add(s->out, LIT("message")) || !message_put(s, one, m))
			return false;
	}
	return true;
}

bool
wired_show(const struct work *w, struct buf *out)
{
	struct show s = { .out = out };

	return (wired_delimited(w) ? delimited_put : fields_put)(&s, w->plain, wired_root(w));
}
