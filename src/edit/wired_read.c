/* Protocol Buffers read from text and packed; see wired.h. */
#include <string.h>

#include "wired.h"

struct pack { struct bytes rest; struct spot *why; unsigned depth; };

static bool fields(struct pack *p, const struct schema_message *m, struct buf *out);

static bool
wrong(struct pack *p, const char *expected)
{
	return spot_fault(p->why, p->rest.at, "%s expected", expected);
}

static bool
no_room(struct pack *p)
{
	return spot_fault(p->why, p->rest.at, "the body is too large");
}

static int
peek(struct pack *p)
{
	while (p->rest.len && *p->rest.at && strchr(" \t\r\n", *p->rest.at))
		p->rest = behind(p->rest, 1);
	return p->rest.len ? *p->rest.at : -1;
}

static struct bytes
take(struct pack *p, size_t len)
{
	struct bytes b = { p->rest.at, len };

	p->rest = behind(p->rest, len);
	return b;
}

static bool
take_sign(struct pack *p, int sign, const char *expected)
{
	if (peek(p) != sign)
		return wrong(p, expected);
	take(p, 1);
	return true;
}

/* h'00' or f'00'. */
static bool
hex_token(struct pack *p, struct node *n)
{
	const uint8_t *end = memchr(p->rest.at + 2, '\'', p->rest.len - 2);

	n->kind = *p->rest.at == 'h' ? NODE_BYTES : NODE_FLOAT;
	if (!end)
		return wrong(p, "a ' at the end");
	take(p, 2);
	n->token = take(p, (size_t)(end - p->rest.at));
	take(p, 1);
	return true;
}

/* A value that is no message. */
static bool
token(struct pack *p, struct node *n)
{
	int c = peek(p);

	*n = (struct node){ .kind = NODE_STRING };
	if (p->rest.len > 2 && (c == 'h' || c == 'f') && p->rest.at[1] == '\'')
		return hex_token(p, n);
	if (c == '"') {
		n->token = take(p, quoted_length(p->rest));
		return n->token.len || wrong(p, "a string with a quote at its end, on its line");
	}
	n->kind = number_length(p->rest) ? NODE_NUMBER : NODE_WORD;
	n->token = take(p, n->kind == NODE_NUMBER ? number_length(p->rest) :
		c == '-' ? word_length(p->rest) : name_length(p->rest));
	if (!n->token.len)
		return wrong(p, "a value");
	/* A name has its _ within. */
	n->said = p->rest.len && *p->rest.at == '_';
	if (n->said) {
		take(p, 1);
		while (p->rest.len && *p->rest.at >= '0' && *p->rest.at <= '9')
			n->suffix = (struct bytes){ n->suffix.len ? n->suffix.at : p->rest.at, n->suffix.len + take(p, 1).len };
		if (!n->suffix.len)
			n->suffix = (struct bytes){ p->rest.at, 0 };
	}
	return true;
}

static bool
tag(struct pack *p, struct buf *out, uint32_t number, enum wire wire)
{
	return put_varint(out, (uint64_t)number << 3 | wire) || no_room(p);
}

static bool
number_put(struct pack *p, struct buf *out, enum wire wire, uint64_t v)
{
	return (wire == WIRE_VARINT ? put_varint(out, v) : put_fixed(out, v, wire == WIRE_FIXED32 ? 4 : 8)) || no_room(p);
}

static bool
payload_put(struct pack *p, struct buf *out, uint32_t number, const struct buf *payload)
{
	return tag(p, out, number, WIRE_LEN) &&
		((put_varint(out, payload->len) && buf_add(out, buf_bytes(payload))) || no_room(p));
}

/* "..." or h'..'. */
static bool
bytes_value(struct pack *p, struct buf *out, uint32_t number, const struct node *n)
{
	struct buf payload;
	bool ok;

	if (n->kind != NODE_STRING && n->kind != NODE_BYTES)
		return spot_fault(p->why, n->token.at, "\"text\" or h'00' expected");
	buf_init(&payload, EDIT_PLAIN_MAX);
	ok = node_bytes(n, &payload, p->why) && payload_put(p, out, number, &payload);
	buf_release(&payload);
	return ok;
}

/* NaN_32 is one word with what is behind its _. */
static void
word_split(struct node *n)
{
	const uint8_t *last = n->kind == NODE_WORD && !n->said ? memrchr(n->token.at, '_', n->token.len) : NULL;

	if (!last)
		return;
	n->said = true;
	n->suffix = behind(n->token, (size_t)(last + 1 - n->token.at));
	n->token.len = (size_t)(last - n->token.at);
}

static bool
fixed_value(struct pack *p, struct buf *out, uint32_t number, const struct node *n, unsigned size)
{
	enum wire wire = size == 4 ? WIRE_FIXED32 : WIRE_FIXED64;
	struct schema_field as = { .type = size == 4 ? SCHEMA_FLOAT : SCHEMA_DOUBLE };
	struct node bare = *n;
	uint64_t v;

	bare.said = false;
	if (node_is_whole(&bare))
		as.type = *bare.token.at == '-' ? (size == 4 ? SCHEMA_SFIXED32 : SCHEMA_SFIXED64) :
			size == 4 ? SCHEMA_FIXED32 : SCHEMA_FIXED64;
	return typed_read(&as, &bare, &v, p->why) && tag(p, out, number, wire) && number_put(p, out, wire, v);
}

/* By number alone: what it says itself. */
static bool
untyped_value(struct pack *p, struct buf *out, uint32_t number)
{
	struct schema_field as = { .type = SCHEMA_UINT64 };
	struct node n;
	uint64_t v;

	if (!token(p, &n))
		return false;
	word_split(&n);
	if (n.kind == NODE_STRING || n.kind == NODE_BYTES)
		return bytes_value(p, out, number, &n);
	if (n.kind == NODE_FLOAT)
		return fixed_value(p, out, number, &n, n.token.len <= 8 ? 4 : 8);
	if (n.said && (suffix_is(&n, "32") || suffix_is(&n, "64")))
		return fixed_value(p, out, number, &n, suffix_is(&n, "32") ? 4 : 8);
	if (n.said)
		return spot_fault(p->why, n.suffix.at, "_32 or _64 expected");
	if (n.kind == NODE_NUMBER && *n.token.at == '-')
		as.type = SCHEMA_INT64;
	if (n.kind == NODE_WORD)
		as.type = SCHEMA_BOOL;
	return typed_read(&as, &n, &v, p->why) && tag(p, out, number, WIRE_VARINT) && number_put(p, out, WIRE_VARINT, v);
}

static bool
packed_value(struct pack *p, struct buf *out, const struct schema_field *k)
{
	struct buf payload;
	struct node n;
	uint64_t v;
	bool ok = true;

	take(p, 1);
	buf_init(&payload, EDIT_PLAIN_MAX);
	while (ok && peek(p) != ']') {
		ok = token(p, &n) && typed_read(k, &n, &v, p->why) && number_put(p, &payload, typed_wire(k->type), v);
		if (ok && peek(p) != ',')
			break;
		if (ok)
			take(p, 1);
	}
	ok = ok && take_sign(p, ']', "a comma or ]") && payload_put(p, out, k->number, &payload);
	buf_release(&payload);
	return ok;
}

static bool
typed_value(struct pack *p, struct buf *out, const struct schema_field *k)
{
	struct node n;
	uint64_t v;

	if (peek(p) == '[' && typed_packs(k))
		return packed_value(p, out, k);
	if (!token(p, &n))
		return false;
	if (k->type == SCHEMA_MESSAGE || k->type == SCHEMA_GROUP)
		return spot_fault(p->why, n.token.at, "{ and its fields expected");
	if (!typed_is_number(k->type))
		return bytes_value(p, out, k->number, &n);
	return typed_read(k, &n, &v, p->why) && tag(p, out, k->number, typed_wire(k->type)) &&
		number_put(p, out, typed_wire(k->type), v);
}

/* From its { on. */
static bool
message_value(struct pack *p, struct buf *out, uint32_t number, const struct schema_message *m, bool group)
{
	struct buf payload;
	bool ok;

	take(p, 1);
	if (++p->depth > WIRED_DEPTH_MAX + 1)
		return wrong(p, "no deeper nesting");
	buf_init(&payload, EDIT_PLAIN_MAX);
	ok = fields(p, m, &payload) && take_sign(p, '}', "a field or }");
	if (ok && group)
		ok = tag(p, out, number, WIRE_GROUP) && (buf_add(out, buf_bytes(&payload)) || no_room(p)) &&
			tag(p, out, number, WIRE_GROUP_END);
	else if (ok && number)
		ok = payload_put(p, out, number, &payload);
	else if (ok)
		ok = (put_varint(out, payload.len) && buf_add(out, buf_bytes(&payload))) || no_room(p);
	buf_release(&payload);
	p->depth--;
	return ok;
}

static bool
raw_value(struct pack *p, struct buf *out)
{
	struct node n;

	return token(p, &n) && (n.kind == NODE_BYTES || spot_fault(p->why, n.token.at, "h'00' expected")) &&
		hex_bytes(n.token, out, p->why);
}

static bool
number_key(struct pack *p, uint32_t *number)
{
	struct node n = { .kind = NODE_NUMBER, .token = take(p, number_length(p->rest)) };
	bool negative;
	uint64_t v;

	if (!n.token.len || !node_is_whole(&n))
		return spot_fault(p->why, n.token.at, "the name of a field, its number, or raw expected");
	if (!node_whole(&n, &negative, &v, p->why))
		return false;
	*number = (uint32_t)v;
	return (!negative && v && v <= WIRE_NUMBER_MAX) ||
		spot_fault(p->why, n.token.at, "a field number from 1 to %d expected", WIRE_NUMBER_MAX);
}

static bool
untyped_field(struct pack *p, struct buf *out)
{
	uint32_t number = 0;
	bool group;

	if (!number_key(p, &number))
		return false;
	peek(p);
	group = name_length(p->rest) == 5 && !memcmp(p->rest.at, "group", 5);
	if (group)
		take(p, 5);
	if (peek(p) == '{')
		return message_value(p, out, number, NULL, group);
	return !group ? take_sign(p, ':', "a colon or {") && untyped_value(p, out, number) : wrong(p, "{");
}

static bool
field(struct pack *p, const struct schema_message *m, struct buf *out)
{
	struct bytes name = { p->rest.at, name_length(p->rest) };
	const struct schema_field *k;

	if (!name.len)
		return untyped_field(p, out);
	if (bytes_are(name, "raw")) {
		take(p, name.len);
		return raw_value(p, out);
	}
	k = field_named(m, name);
	if (!k)
		return wrong(p, m ? "a field of the schema, by name, or any by its number" : "a field's number");
	take(p, name.len);
	if (peek(p) == '{' && (k->type == SCHEMA_MESSAGE || k->type == SCHEMA_GROUP))
		return message_value(p, out, k->number, k->message, k->type == SCHEMA_GROUP);
	return take_sign(p, ':', "a colon, or { of a message") && typed_value(p, out, k);
}

static bool
fields(struct pack *p, const struct schema_message *m, struct buf *out)
{
	while (peek(p) >= 0 && peek(p) != '}') {
		if (!field(p, m, out))
			return false;
		if (peek(p) == ',' || peek(p) == ';')
			take(p, 1);
	}
	return true;
}

static bool
delimited(struct pack *p, const struct schema_message *m, struct buf *out)
{
	while (peek(p) >= 0) {
		if (name_length(p->rest) != 7 || memcmp(p->rest.at, "message", 7))
			return wrong(p, "message { }");
		take(p, 7);
		if (peek(p) != '{')
			return wrong(p, "{");
		if (!message_value(p, out, 0, m, false))
			return false;
	}
	return true;
}

bool
wired_read(const struct work *w, struct bytes text, struct buf *out, struct spot *why)
{
	struct pack p = { .rest = text, .why = why };

	if (!(wired_delimited(w) ? delimited : fields)(&p, wired_root(w), out))
		return false;
	return peek(&p) < 0 || wrong(&p, "a field");
}
