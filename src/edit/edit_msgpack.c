/*
 * MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md) as
 * text, and packed again. What is packed longer than need be says so:
 *
 *	12_u16 -3_i32 1.5_f32 "x"_16 h'00'_32 [_16 1] {_32 "a": 1} ext(5, h'00')_8
 */
#include <inttypes.h>
#include <string.h>

#include "notation.h"
#include "soth/reader.h"

bool
msgpack_suits(const struct work *w)
{
	return !strcmp(w->decoder, "msgpack");
}

enum what { W_NONE, W_FIX, W_NIL, W_FALSE, W_TRUE, W_BYTES, W_TEXT, W_EXT, W_FLOAT, W_UINT, W_INT, W_LIST, W_MAP };

/* By their first byte, from 0xc0 on: how many bytes follow it, and what behind the _ says so. */
static const struct kind { enum what what; uint8_t size; const char *suffix; } kinds[32] = {
	{ W_NIL, 0, "" }, { W_NONE, 0, "" }, { W_FALSE, 0, "" }, { W_TRUE, 0, "" },
	{ W_BYTES, 1, "8" }, { W_BYTES, 2, "16" }, { W_BYTES, 4, "32" },
	{ W_EXT, 1, "8" }, { W_EXT, 2, "16" }, { W_EXT, 4, "32" },
	{ W_FLOAT, 4, "f32" }, { W_FLOAT, 8, "f64" },
	{ W_UINT, 1, "u8" }, { W_UINT, 2, "u16" }, { W_UINT, 4, "u32" }, { W_UINT, 8, "u64" },
	{ W_INT, 1, "i8" }, { W_INT, 2, "i16" }, { W_INT, 4, "i32" }, { W_INT, 8, "i64" },
	{ W_EXT, 0, "" }, { W_EXT, 0, "" }, { W_EXT, 0, "" }, { W_EXT, 0, "" }, { W_EXT, 0, "" },
	{ W_TEXT, 1, "8" }, { W_TEXT, 2, "16" }, { W_TEXT, 4, "32" },
	{ W_LIST, 2, "16" }, { W_LIST, 4, "32" }, { W_MAP, 2, "16" }, { W_MAP, 4, "32" },
};
enum { LONG = 0xc0, FIX_EXT = 0xd4, FIX_EXT_LAST = 0xd8 };

/* The first byte that is packed so, as short as can be: of texts and lists the count counts, of numbers the value. */
static uint8_t
shortest(enum what what, uint64_t n, bool negative)
{
	int64_t v = (int64_t)(negative ? ~n : n);

	if (what == W_TEXT && n < 32)
		return (uint8_t)(0xa0 | n);
	if (what == W_LIST && n < 16)
		return (uint8_t)(0x90 | n);
	if (what == W_MAP && n < 16)
		return (uint8_t)(0x80 | n);
	if (what == W_UINT && n < 128)
		return (uint8_t)n;
	if (what == W_INT && v >= -32)
		return (uint8_t)v;
	if (what == W_EXT && n && n <= 16 && !(n & (n - 1)))
		for (uint8_t c = FIX_EXT; c <= FIX_EXT_LAST; c++)
			if (n == 1u << (c - FIX_EXT))
				return c;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (kinds[i].what == what && kinds[i].size && (kinds[i].size == 8 ||
				(what == W_INT ? n >> (8 * kinds[i].size - 1) : n >> 8 * kinds[i].size) == 0))
			return (uint8_t)(LONG + i);
	return LONG + 1;
}

static uint64_t
read_be(struct reader *r, unsigned size)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < size; i++)
		n = n << 8 | read_u8(r);
	return n;
}

struct put { struct reader r; struct buf *out; unsigned depth; };

static bool value_put(struct put *p);

/* "_16", where it is not as short as can be. */
static bool
suffix_put(struct put *p, uint8_t c, enum what what, uint64_t n, bool negative)
{
	return c == shortest(what, n, negative) || c < LONG || buf_addf(p->out, "_%s", kinds[c - LONG].suffix);
}

static bool
items_put(struct put *p, uint8_t c, enum what what, uint64_t count)
{
	bool map = what == W_MAP;

	/* Each takes a byte at least. */
	if (p->r.ran_out || count > p->r.rest.len / (map ? 2 : 1) || ++p->depth > EDIT_DEPTH_MAX)
		return false;
	if (!buf_add(p->out, map ? LIT("{") : LIT("[")) || !suffix_put(p, c, what, count, false))
		return false;
	for (uint64_t i = 0; i < count; i++)
		if (!put_line(p->out, p->depth) || !value_put(p) || (map && !(buf_add(p->out, LIT(": ")) && value_put(p))) ||
				(i + 1 < count && !buf_add(p->out, LIT(","))))
			return false;
	p->depth--;
	return (!count || put_line(p->out, p->depth)) && buf_add(p->out, map ? LIT("}") : LIT("]"));
}

static bool
bytes_put(struct put *p, uint8_t c, enum what what, uint64_t len)
{
	int8_t type = what == W_EXT ? (int8_t)read_u8(&p->r) : 0;
	struct bytes b = read_bytes(&p->r, len);

	if (p->r.ran_out)
		return false;
	if (what == W_EXT && !buf_addf(p->out, "ext(%d, ", type))
		return false;
	return (what == W_TEXT ? put_text(p->out, b, p->depth) : put_hex(p->out, 'h', b, p->depth)) &&
		(what != W_EXT || buf_add(p->out, LIT(")"))) && suffix_put(p, c, what, b.len, false);
}

static bool
number_put(struct put *p, uint8_t c, enum what what, uint64_t n, unsigned size)
{
	bool negative = what == W_INT && n >> (8 * size - 1);
	uint64_t wide = negative && size < 8 ? n | ~UINT64_C(0) << 8 * size : n;

	if (!(negative ? buf_addf(p->out, "%" PRId64, (int64_t)wide) : buf_addf(p->out, "%" PRIu64, wide)))
		return false;
	return suffix_put(p, c, negative ? W_INT : W_UINT, negative ? ~wide : wide, negative);
}

static bool
long_put(struct put *p, uint8_t c)
{
	static const char *const words[] = { [W_NIL] = "null", [W_FALSE] = "false", [W_TRUE] = "true" };
	const struct kind *k = &kinds[c - LONG];
	uint64_t n = c >= FIX_EXT && c <= FIX_EXT_LAST ? UINT64_C(1) << (c - FIX_EXT) : read_be(&p->r, k->size);

	if (p->r.ran_out || k->what == W_NONE)
		return false;
	if (k->what == W_FLOAT)
		return put_float(p->out, float_of(n, k->size), n, k->size, k->size == 8 ? "" : "_f32");
	if (k->what == W_UINT || k->what == W_INT)
		return number_put(p, c, k->what, n, k->size);
	if (k->what == W_LIST || k->what == W_MAP)
		return items_put(p, c, k->what, n);
	return k->what < W_BYTES ? buf_add(p->out, bytes_of(words[k->what])) : bytes_put(p, c, k->what, n);
}

static bool
value_put(struct put *p)
{
	uint8_t c = read_u8(&p->r);

	if (p->r.ran_out)
		return false;
	if (c < 0x80)
		return number_put(p, c, W_UINT, c, 1);
	if (c < 0x90)
		return items_put(p, c, W_MAP, c & 15);
	if (c < 0xa0)
		return items_put(p, c, W_LIST, c & 15);
	if (c < 0xc0)
		return bytes_put(p, c, W_TEXT, c & 31);
	return c >= 0xe0 ? buf_addf(p->out, "%d", (int8_t)c) : long_put(p, c);
}

bool
msgpack_put(const struct work *w, struct buf *out)
{
	struct put p = { .r = { w->plain, false }, .out = out };

	while (p.r.rest.len)
		if (!value_put(&p) || (p.r.rest.len && !put_line(out, 0)))
			return false;
	return true;
}

struct pack { const struct notation *n; size_t at; struct buf *out, scratch; struct spot *why; };

static bool
no_room(struct pack *p, const struct node *n)
{
	return spot_fault(p->why, n->token.at, "the body is too large");
}

/* The first byte, and what it counts. */
static bool
head_pack(struct pack *p, const struct node *n, enum what what, uint64_t count, bool negative)
{
	uint8_t c = shortest(what, count, negative);
	size_t i = 0;

	if (n->said) {
		while (i < ARRAY_LEN(kinds) && !(kinds[i].what == what && kinds[i].size && bytes_are(n->suffix, kinds[i].suffix)))
			i++;
		if (i == ARRAY_LEN(kinds))
			return spot_fault(p->why, n->suffix.at, "no such size of this: _8, _16, _32, _u8, _i8 expected");
		if (kinds[i].size < 8 && (what == W_INT ? count >> (8 * kinds[i].size - 1) : count >> 8 * kinds[i].size))
			return spot_fault(p->why, n->suffix.at, "too large for its size");
		c = (uint8_t)(LONG + i);
	}
	if (c == LONG + 1)
		return spot_fault(p->why, n->token.at, "less of it expected");
	return (put_be(p->out, c, 1) &&
		(c < LONG || c >= 0xe0 || put_be(p->out, negative ? ~count : count, kinds[c - LONG].size))) || no_room(p, n);
}

static bool
number_pack(struct pack *p, const struct node *n)
{
	double v;
	bool negative, small = suffix_is(n, "f32");
	uint64_t less;

	if (suffix_begins(n, 'f') ? node_float(n, &v) : !node_is_whole(n) && node_float(n, &v)) {
		if (n->said && !small && !suffix_is(n, "f64"))
			return spot_fault(p->why, n->suffix.at, "_f32 or _f64 expected");
		return (put_be(p->out, small ? 0xca : 0xcb, 1) && put_be(p->out, float_bits(v, small ? 4 : 8), small ? 4 : 8)) ||
			no_room(p, n);
	}
	if (!node_is_whole(n))
		return spot_fault(p->why, n->token.at, "a number expected");
	if (!node_whole(n, &negative, &less, p->why))
		return false;
	if (negative && less > INT64_MAX)
		return spot_fault(p->why, n->token.at, "a number from -2^63 to 2^64 - 1 expected");
	return head_pack(p, n, negative || suffix_begins(n, 'i') ? W_INT : W_UINT, less, negative);
}

static bool
word_pack(struct pack *p, const struct node *n)
{
	static const struct { const char *word; uint8_t byte; } words[] = {
		{ "null", 0xc0 }, { "nil", 0xc0 }, { "false", 0xc2 }, { "true", 0xc3 },
	};
	double v;

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (bytes_are(n->token, words[i].word) && !n->said)
			return put_be(p->out, words[i].byte, 1) || no_room(p, n);
	return node_float(n, &v) ? number_pack(p, n) :
		spot_fault(p->why, n->token.at, "null, true, false, NaN or Infinity expected");
}

static bool
bytes_pack(struct pack *p, const struct node *n)
{
	buf_eat(&p->scratch, p->scratch.len);
	if (!node_bytes(n, &p->scratch, p->why))
		return false;
	return head_pack(p, n, n->kind == NODE_BYTES ? W_BYTES : W_TEXT, p->scratch.len, false) &&
		(buf_add(p->out, buf_bytes(&p->scratch)) || no_room(p, n));
}

static bool
float_pack(struct pack *p, const struct node *n)
{
	buf_eat(&p->scratch, p->scratch.len);
	if (!node_bytes(n, &p->scratch, p->why))
		return false;
	if (p->scratch.len != 4 && p->scratch.len != 8)
		return spot_fault(p->why, n->token.at, "4 or 8 bytes of a float expected");
	return (put_be(p->out, p->scratch.len == 4 ? 0xca : 0xcb, 1) && buf_add(p->out, buf_bytes(&p->scratch))) || no_room(p, n);
}

/* ext(5, h'00')_8; the suffix stands behind what closes it. */
static bool
ext_pack(struct pack *p, const struct node *n)
{
	const struct node *type = n + 1, *bytes = n + 2, *close = n + 3;
	struct node named = *n;
	bool negative;
	uint64_t less;

	if (!bytes_are(n->token, "ext") || n->count != 2 || !node_is_whole(type) || bytes->kind != NODE_BYTES)
		return spot_fault(p->why, n->token.at, "ext(5, h'00') expected");
	if (!node_whole(type, &negative, &less, p->why))
		return false;
	if (less > INT8_MAX)
		return spot_fault(p->why, type->token.at, "a type from -128 to 127 expected");
	buf_eat(&p->scratch, p->scratch.len);
	if (!node_bytes(bytes, &p->scratch, p->why))
		return false;
	named.said = close->said;
	named.suffix = close->suffix;
	p->at += 3;
	return head_pack(p, &named, W_EXT, p->scratch.len, false) &&
		((put_be(p->out, negative ? ~less : less, 1) && buf_add(p->out, buf_bytes(&p->scratch))) || no_room(p, n));
}

static bool
open_pack(struct pack *p, const struct node *n)
{
	return n->kind == NODE_MAP ? head_pack(p, n, W_MAP, n->count / 2, false) : head_pack(p, n, W_LIST, n->count, false);
}

static bool
close_pack(struct pack *p, const struct node *n)
{
	(void)p;
	(void)n;
	return true;
}

static bool
none_pack(struct pack *p, const struct node *n)
{
	return spot_fault(p->why, n->token.at, "something that MessagePack has expected");
}

static bool (*const packs[])(struct pack *p, const struct node *n) = {
	[NODE_MAP] = open_pack, [NODE_LIST] = open_pack, [NODE_PIECES] = none_pack, [NODE_TAG] = none_pack,
	[NODE_CALL] = ext_pack, [NODE_CLOSE] = close_pack, [NODE_STRING] = bytes_pack, [NODE_BYTES] = bytes_pack,
	[NODE_TEXT] = bytes_pack, [NODE_FLOAT] = float_pack, [NODE_NUMBER] = number_pack, [NODE_WORD] = word_pack,
};

bool
msgpack_pack(const struct work *w, struct bytes text, struct buf *out, struct spot *why)
{
	struct pack p = { .out = out, .why = why };
	struct notation n;
	bool ok = true;

	(void)w;
	if (!notation_read(&n, text, why))
		return false;
	buf_init(&p.scratch, EDIT_PLAIN_MAX);
	for (p.n = &n; ok && p.at < n.nodes; p.at++)
		ok = packs[n.node[p.at].kind](&p, &n.node[p.at]);
	buf_release(&p.scratch);
	notation_release(&n);
	return ok;
}
