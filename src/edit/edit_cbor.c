/*
 * CBOR (RFC 8949) in its diagnostic notation, and packed again. What is packed
 * longer than need be says in how many bytes: 12_0 one, _1 two, _2 four, _3
 * eight; floats are of eight where nothing is said. Endless ones: [_ {_ (_ ""_ h''_
 */
#include <inttypes.h>
#include <string.h>

#include "notation.h"
#include "soth/reader.h"

enum major { M_UNSIGNED, M_NEGATIVE, M_BYTES, M_TEXT, M_LIST, M_MAP, M_TAG, M_SIMPLE };
enum { INFO_LONG = 24, INFO_WORST = 27, ENDLESS = 31, END = 0xff, FALSE_INFO = 20, UNDEFINED = 23, HALF = 25, DOUBLE = 27,
	TAGS_MAX = 32 };

bool
cbor_suits(const struct work *w)
{
	return !strcmp(w->decoder, "cbor");
}

struct put { struct reader r; struct buf *out; unsigned depth, tags; };
struct item { enum major major; uint8_t info; uint64_t n; };

static bool value_put(struct put *p);

static bool
item_read(struct reader *r, struct item *it)
{
	uint8_t c = read_u8(r);

	*it = (struct item){ .major = (enum major)(c >> 5), .info = c & 31 };
	if (it->info < INFO_LONG)
		it->n = it->info;
	for (unsigned i = 0; it->info >= INFO_LONG && it->info <= INFO_WORST && i < 1u << (it->info - INFO_LONG); i++)
		it->n = it->n << 8 | read_u8(r);
	return !r->ran_out && (it->info <= INFO_WORST || it->info == ENDLESS);
}

static uint8_t
shortest(uint64_t n)
{
	return n < INFO_LONG ? (uint8_t)n : n >> 8 == 0 ? 24 : n >> 16 == 0 ? 25 : n >> 32 == 0 ? 26 : 27;
}

static bool
suffix_put(struct put *p, const struct item *it)
{
	if (it->info == ENDLESS)
		return buf_add(p->out, LIT("_"));
	return it->info == shortest(it->n) || buf_addf(p->out, "_%d", it->info - INFO_LONG);
}

static bool
at_end(struct put *p)
{
	return p->r.rest.len && *p->r.rest.at == END;
}

/* A value, and in maps another; which stands in a line of its own. */
static bool
one_put(struct put *p, bool map, bool first)
{
	return (first || buf_add(p->out, LIT(","))) && put_line(p->out, p->depth) && value_put(p) &&
		(!map || (buf_add(p->out, LIT(": ")) && value_put(p)));
}

static bool
items_put(struct put *p, const struct item *it)
{
	bool map = it->major == M_MAP, endless = it->info == ENDLESS;
	uint64_t i = 0;

	if (!buf_add(p->out, map ? LIT("{") : LIT("[")) || !suffix_put(p, it) || ++p->depth > EDIT_DEPTH_MAX ||
			(!endless && it->n > p->r.rest.len))
		return false;
	for (; endless ? !at_end(p) : i < it->n; i++)
		if (!one_put(p, map, !i))
			return false;
	if (endless)
		(void)read_u8(&p->r);
	p->depth--;
	return (!i || put_line(p->out, p->depth)) && buf_add(p->out, map ? LIT("}") : LIT("]"));
}

static bool
string_put(struct put *p, const struct item *it)
{
	struct bytes b = read_bytes(&p->r, it->n);

	return !p->r.ran_out && (it->major == M_TEXT ? put_text(p->out, b, p->depth) : put_hex(p->out, 'h', b, p->depth)) &&
		suffix_put(p, it);
}

/* An endless string: pieces of its kind. */
static bool
pieces_put(struct put *p, enum major major)
{
	struct item it;

	if (at_end(p)) {
		(void)read_u8(&p->r);
		return buf_add(p->out, major == M_TEXT ? LIT("\"\"_") : LIT("h''_"));
	}
	if (!buf_add(p->out, LIT("(_ ")))
		return false;
	for (bool first = true; !at_end(p); first = false)
		if ((!first && !buf_add(p->out, LIT(", "))) || !item_read(&p->r, &it) || it.major != major || it.info == ENDLESS ||
				!string_put(p, &it))
			return false;
	(void)read_u8(&p->r);
	return buf_add(p->out, LIT(")"));
}

static bool
tag_put(struct put *p, const struct item *it)
{
	bool ok = it->info != ENDLESS && ++p->tags <= TAGS_MAX && buf_addf(p->out, "%" PRIu64, it->n) && suffix_put(p, it) &&
		buf_add(p->out, LIT("(")) && value_put(p) && buf_add(p->out, LIT(")"));

	p->tags--;
	return ok;
}

static bool
simple_put(struct put *p, const struct item *it)
{
	static const char *const words[] = { "false", "true", "null", "undefined" };
	unsigned size;

	if (it->info >= FALSE_INFO && it->info <= UNDEFINED)
		return buf_add(p->out, bytes_of(words[it->info - FALSE_INFO]));
	if (it->info < HALF)
		return buf_addf(p->out, "simple(%" PRIu64 ")", it->n) && suffix_put(p, it);
	if (it->info == ENDLESS)
		return false;
	size = 1u << (it->info - INFO_LONG);
	return put_float(p->out, float_of(it->n, size), it->n, size, size == 2 ? "_1" : size == 4 ? "_2" : "");
}

/* -1 - n, which may be past what 64 bits hold. */
static bool
number_put(struct put *p, const struct item *it)
{
	if (it->info == ENDLESS)
		return false;
	if (it->major == M_UNSIGNED)
		return buf_addf(p->out, "%" PRIu64, it->n) && suffix_put(p, it);
	return (it->n == UINT64_MAX ? buf_add(p->out, LIT("-18446744073709551616")) : buf_addf(p->out, "-%" PRIu64, it->n + 1)) &&
		suffix_put(p, it);
}

static bool
value_put(struct put *p)
{
	struct item it;

	if (!item_read(&p->r, &it))
		return false;
	switch (it.major) {
	case M_UNSIGNED:
	case M_NEGATIVE:	return number_put(p, &it);
	case M_BYTES:
	case M_TEXT:		return it.info == ENDLESS ? pieces_put(p, it.major) : string_put(p, &it);
	case M_LIST:
	case M_MAP:		return items_put(p, &it);
	case M_TAG:		return tag_put(p, &it);
	case M_SIMPLE:		return simple_put(p, &it);
	}
	return false;
}

bool
cbor_put(const struct work *w, struct buf *out)
{
	struct put p = { .r = { w->plain, false }, .out = out };

	while (p.r.rest.len)
		if (!value_put(&p) || (p.r.rest.len && !put_line(out, 0)))
			return false;
	return true;
}

struct pack { const struct notation *n; struct buf *out, scratch; struct spot *why; };

static bool
no_room(struct pack *p, const struct node *n)
{
	return spot_fault(p->why, n->token.at, "the body is too large");
}

static bool
first_pack(struct pack *p, const struct node *n, enum major major, uint8_t info)
{
	return put_be(p->out, (uint64_t)(major << 5 | info), 1) || no_room(p, n);
}

/* The count or the number, in as many bytes as are said. */
static bool
item_pack(struct pack *p, const struct node *n, enum major major, uint64_t v)
{
	uint8_t info = shortest(v);

	if (n->said) {
		if (n->suffix.len != 1 || *n->suffix.at < '0' || *n->suffix.at > '3')
			return spot_fault(p->why, n->suffix.at, "_0, _1, _2 or _3 expected: one, two, four or eight bytes");
		info = (uint8_t)(INFO_LONG + *n->suffix.at - '0');
		if (info < shortest(v) && shortest(v) >= INFO_LONG)
			return spot_fault(p->why, n->suffix.at, "too large for its size");
	}
	return first_pack(p, n, major, info) && (info < INFO_LONG || put_be(p->out, v, 1u << (info - INFO_LONG)) || no_room(p, n));
}

static bool
is_endless(const struct node *n)
{
	return n->kind == NODE_PIECES || (n->said && !n->suffix.len);
}

static bool
open_pack(struct pack *p, const struct node *n)
{
	enum major major = n->kind == NODE_MAP ? M_MAP : M_LIST;

	return is_endless(n) ? first_pack(p, n, major, ENDLESS) : item_pack(p, n, major, major == M_MAP ? n->count / 2 : n->count);
}

static bool
is_text(const struct node *n)
{
	return n->kind == NODE_STRING || n->kind == NODE_TEXT;
}

/* (_ "a", "b"): all of one kind, and at least one. */
static bool
pieces_pack(struct pack *p, const struct node *n)
{
	if (!n->said || n->suffix.len || !n->count)
		return spot_fault(p->why, n->token.at, "(_ and pieces of a string expected");
	for (size_t i = 1; i <= n->count; i++)
		if (!(is_text(&n[i]) || n[i].kind == NODE_BYTES) || is_text(&n[i]) != is_text(&n[1]) || is_endless(&n[i]))
			return spot_fault(p->why, n[i].token.at, "pieces of one kind expected: strings, or h''");
	return first_pack(p, n, is_text(&n[1]) ? M_TEXT : M_BYTES, ENDLESS);
}

static bool
close_pack(struct pack *p, const struct node *n)
{
	const struct node *open = &p->n->node[n->open];

	return open->kind == NODE_TAG || open->kind == NODE_CALL || !is_endless(open) || put_be(p->out, END, 1) || no_room(p, n);
}

static bool
string_pack(struct pack *p, const struct node *n)
{
	enum major major = is_text(n) ? M_TEXT : M_BYTES;

	buf_eat(&p->scratch, p->scratch.len);
	if (!node_bytes(n, &p->scratch, p->why))
		return false;
	if (is_endless(n) && p->scratch.len)
		return spot_fault(p->why, n->suffix.at, "pieces in (_ ...) expected");
	if (is_endless(n))
		return first_pack(p, n, major, ENDLESS) && (put_be(p->out, END, 1) || no_room(p, n));
	return item_pack(p, n, major, p->scratch.len) && (buf_add(p->out, buf_bytes(&p->scratch)) || no_room(p, n));
}

static bool
float_pack(struct pack *p, const struct node *n)
{
	buf_eat(&p->scratch, p->scratch.len);
	if (!node_bytes(n, &p->scratch, p->why))
		return false;
	if (p->scratch.len != 2 && p->scratch.len != 4 && p->scratch.len != 8)
		return spot_fault(p->why, n->token.at, "2, 4 or 8 bytes of a float expected");
	return first_pack(p, n, M_SIMPLE, p->scratch.len == 2 ? 25 : p->scratch.len == 4 ? 26 : 27) &&
		(buf_add(p->out, buf_bytes(&p->scratch)) || no_room(p, n));
}

static bool
number_pack(struct pack *p, const struct node *n)
{
	bool negative;
	uint64_t less;
	double v;
	unsigned info;

	if (node_is_whole(n))
		return node_whole(n, &negative, &less, p->why) && item_pack(p, n, negative ? M_NEGATIVE : M_UNSIGNED, less);
	if (!node_float(n, &v))
		return spot_fault(p->why, n->token.at, "a number expected");
	if (n->said && !suffix_is(n, "1") && !suffix_is(n, "2") && !suffix_is(n, "3"))
		return spot_fault(p->why, n->suffix.at, "_1, _2 or _3 expected: a float of two, four or eight bytes");
	info = n->said ? INFO_LONG + *n->suffix.at - '0' : DOUBLE;
	return first_pack(p, n, M_SIMPLE, (uint8_t)info) &&
		(put_be(p->out, float_bits(v, 1u << (info - INFO_LONG)), 1u << (info - INFO_LONG)) || no_room(p, n));
}

static bool
word_pack(struct pack *p, const struct node *n)
{
	static const char *const words[] = { "false", "true", "null", "undefined" };
	double v;

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (bytes_are(n->token, words[i]) && !n->said)
			return first_pack(p, n, M_SIMPLE, (uint8_t)(FALSE_INFO + i));
	return node_float(n, &v) ? number_pack(p, n) :
		spot_fault(p->why, n->token.at, "null, true, false, undefined, NaN or Infinity expected");
}

static bool
tag_pack(struct pack *p, const struct node *n)
{
	struct node number = *n;
	bool negative;
	uint64_t less;

	number.kind = NODE_NUMBER;
	if (!node_is_whole(&number) || !node_whole(&number, &negative, &less, p->why) || negative)
		return spot_fault(p->why, n->token.at, "a tag is a number from 0 on");
	return item_pack(p, n, M_TAG, less);
}

/* simple(99): its number and what closes it are read here. */
static bool
simple_pack(struct pack *p, const struct node *n)
{
	struct node item = n[1];
	bool negative;
	uint64_t less;

	if (!bytes_are(n->token, "simple") || n->count != 1 || !node_is_whole(&n[1]) || n[1].said)
		return spot_fault(p->why, n->token.at, "simple(99) expected");
	if (!node_whole(&n[1], &negative, &less, p->why))
		return false;
	if (negative || less > UINT8_MAX || (n[2].said && !suffix_is(&n[2], "0")))
		return spot_fault(p->why, n[1].token.at, "a number from 0 to 255 expected");
	item.said = n[2].said;
	item.suffix = n[2].suffix;
	return item_pack(p, &item, M_SIMPLE, less);
}

static bool (*const packs[])(struct pack *p, const struct node *n) = {
	[NODE_MAP] = open_pack, [NODE_LIST] = open_pack, [NODE_PIECES] = pieces_pack, [NODE_TAG] = tag_pack,
	[NODE_CALL] = simple_pack, [NODE_CLOSE] = close_pack, [NODE_STRING] = string_pack, [NODE_BYTES] = string_pack,
	[NODE_TEXT] = string_pack, [NODE_FLOAT] = float_pack, [NODE_NUMBER] = number_pack, [NODE_WORD] = word_pack,
};

bool
cbor_pack(const struct work *w, struct bytes text, struct buf *out, struct spot *why)
{
	struct pack p = { .out = out, .why = why };
	struct notation n;
	bool ok = true;

	(void)w;
	if (!notation_read(&n, text, why))
		return false;
	p.n = &n;
	buf_init(&p.scratch, EDIT_PLAIN_MAX);
	for (size_t i = 0; ok && i < n.nodes; i++) {
		ok = packs[n.node[i].kind](&p, &n.node[i]);
		i += n.node[i].kind == NODE_CALL ? 2 : 0;
	}
	buf_release(&p.scratch);
	notation_release(&n);
	return ok;
}
