/*
 * MessagePack: https://github.com/msgpack/msgpack/blob/master/spec.md
 *
 * Read as it comes, value by value: a library would make room for as many
 * items as are announced before they are there.
 */
#include <inttypes.h>
#include <string.h>

#include "hexes.h"
#include "moment.h"
#include "number.h"
#include "soth/decode.h"
#include "soth/utf8.h"
#include "tree.h"
#include "type.h"

enum msgpack_run { RUN_NONE, RUN_STR, RUN_BIN };

struct msgpack {
	struct tree tree;
	enum msgpack_run run;	/* of a long one, what is being shown */
	uint64_t left;		/* ... and how much of it is to come */
	uint64_t values;	/* outermost ones */
};

enum { EXT_TIME = -1, SHORT = 32, ITEMS_SCANNED = 64 };

/* A value's head: what it is, how many bytes or items follow, of what type. */
enum msgpack_is { IS_BAD, IS_NIL, IS_BOOL, IS_UINT, IS_INT, IS_F32, IS_F64, IS_STR, IS_BIN, IS_EXT, IS_ARRAY, IS_MAP };
struct msgpack_head { enum msgpack_is is; uint64_t number; uint64_t count; int8_t ext; };

static uint64_t
read_be(struct reader *r, unsigned size)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < size; i++)
		n = n << 8 | read_u8(r);
	return n;
}

static int64_t
sign(uint64_t n, unsigned size)
{
	return size == 8 ? (int64_t)n : (int64_t)(n << (64 - 8 * size)) >> (64 - 8 * size);
}

/* From 0xc0 on, by their places in the table of the specification. */
static struct msgpack_head
head_long(struct reader *r, uint8_t c)
{
	static const struct { enum msgpack_is is; uint8_t size; bool counts; } kinds[] = {
		{ IS_NIL, 0, false }, { IS_BAD, 0, false }, { IS_BOOL, 0, false }, { IS_BOOL, 0, false },
		{ IS_BIN, 1, true }, { IS_BIN, 2, true }, { IS_BIN, 4, true },
		{ IS_EXT, 1, true }, { IS_EXT, 2, true }, { IS_EXT, 4, true },
		{ IS_F32, 4, false }, { IS_F64, 8, false },
		{ IS_UINT, 1, false }, { IS_UINT, 2, false }, { IS_UINT, 4, false }, { IS_UINT, 8, false },
		{ IS_INT, 1, false }, { IS_INT, 2, false }, { IS_INT, 4, false }, { IS_INT, 8, false },
		{ IS_EXT, 0, true }, { IS_EXT, 0, true }, { IS_EXT, 0, true }, { IS_EXT, 0, true }, { IS_EXT, 0, true },
		{ IS_STR, 1, true }, { IS_STR, 2, true }, { IS_STR, 4, true },
		{ IS_ARRAY, 2, true }, { IS_ARRAY, 4, true }, { IS_MAP, 2, true }, { IS_MAP, 4, true },
	};
	struct msgpack_head h = { .is = kinds[c - 0xc0].is, .number = c & 1 };
	uint64_t n = read_be(r, kinds[c - 0xc0].size);

	if (kinds[c - 0xc0].counts)
		h.count = n;
	else if (kinds[c - 0xc0].size)
		h.number = h.is == IS_INT ? (uint64_t)sign(n, kinds[c - 0xc0].size) : n;
	if (c >= 0xd4 && c <= 0xd8)
		h.count = 1u << (c - 0xd4);
	if (h.is == IS_EXT)
		h.ext = (int8_t)read_u8(r);
	return h;
}

static struct msgpack_head
head_read(struct reader *r)
{
	uint8_t c = read_u8(r);

	if (c < 0x80)
		return (struct msgpack_head){ .is = IS_UINT, .number = c };
	if (c < 0x90)
		return (struct msgpack_head){ .is = IS_MAP, .count = c & 0x0fu };
	if (c < 0xa0)
		return (struct msgpack_head){ .is = IS_ARRAY, .count = c & 0x0fu };
	if (c < 0xc0)
		return (struct msgpack_head){ .is = IS_STR, .count = c & 0x1fu };
	if (c >= 0xe0)
		return (struct msgpack_head){ .is = IS_INT, .number = (uint64_t)(int64_t)(int8_t)c };
	return head_long(r, c);
}

static bool
has_bytes(const struct msgpack_head *h)
{
	return h->is == IS_STR || h->is == IS_BIN || h->is == IS_EXT;
}

/* A map or a list that holds what it announces, as far as it is there, with
 * names for keys: few other bytes do. */
static bool
msgpack_fits(struct bytes first)
{
	struct reader r = { first, false };
	uint64_t left = 1, items = 0;
	struct msgpack_head h;

	while (left && items < ITEMS_SCANNED) {
		h = head_read(&r);
		if (r.ran_out)
			return items > 4;
		if (h.is == IS_BAD || (!items && h.is != IS_MAP && h.is != IS_ARRAY) || (!items && !h.count))
			return false;
		if (has_bytes(&h) && h.is == IS_STR && h.count <= r.rest.len && !utf8_valid((struct bytes){ r.rest.at, h.count }))
			return false;
		if (has_bytes(&h))
			(void)read_bytes(&r, h.count);
		if (r.ran_out)
			return items > 4;
		left += (h.is == IS_MAP ? 2 * h.count : h.is == IS_ARRAY ? h.count : 0) - 1;
		items++;
	}
	return items > 1 && (left || !r.rest.len);
}

static int
msgpack_suits(const struct hint *h, struct bytes first)
{
	if (type_is(h->type, "application/msgpack") || type_is(h->type, "application/x-msgpack") ||
			type_is(h->type, "application/vnd.msgpack") || type_ends(h->type, "+msgpack"))
		return 90;
	return (!h->type.len || type_is(h->type, "application/octet-stream")) && first.len && *first.at >= 0x80 &&
		msgpack_fits(first) ? 35 : 0;
}

static void
put_float(struct doc *to, const struct msgpack_head *h)
{
	uint32_t bits = (uint32_t)h->number;
	char words[NUMBER_MAX];
	double wide;
	float narrow;

	memcpy(&narrow, &bits, sizeof(narrow));
	memcpy(&wide, &h->number, sizeof(wide));
	doc_putf(to, ROLE_NUMBER, "%s", h->is == IS_F32 ? number_words((double)narrow, 4, words) : number_words(wide, 8, words));
}

/* The timestamp extension: 32 bits of seconds; 30 of nanoseconds and 34; 32 and 64. */
static bool
put_time(struct doc *to, struct bytes data)
{
	struct reader r = { data, false };
	uint64_t nanos = 0, n;
	int64_t seconds;
	char words[MOMENT_MAX];

	if (data.len == 4) {
		seconds = read_be32(&r);
	} else if (data.len == 8) {
		n = read_be(&r, 8);
		nanos = n >> 34;
		seconds = (int64_t)(n & 0x3ffffffff);
	} else if (data.len == 12) {
		nanos = read_be32(&r);
		seconds = (int64_t)read_be(&r, 8);
	} else {
		return false;
	}
	if (!*moment_words(seconds, words))
		return false;
	doc_putf(to, ROLE_STRING, "%s", words);
	doc_putf(to, ROLE_FAINT, nanos ? "  timestamp %" PRId64 ".%09" PRIu64 : "  timestamp %" PRId64, seconds, nanos);
	return true;
}

static void
put_ext(struct doc *to, const struct msgpack_head *h, struct bytes data)
{
	if (h->ext == EXT_TIME && put_time(to, data))
		return;
	doc_putf(to, ROLE_WORD, "ext %d ", h->ext);
	hexes_short(to, data);
}

/* Those that are there as soon as their heads are. */
static void
put_scalar(struct doc *to, const struct msgpack_head *h)
{
	if (h->is == IS_NIL)
		doc_put(to, ROLE_WORD, LIT("nil"));
	else if (h->is == IS_BOOL)
		doc_put(to, ROLE_WORD, h->number ? LIT("true") : LIT("false"));
	else if (h->is == IS_UINT)
		doc_putf(to, ROLE_NUMBER, "%" PRIu64, h->number);
	else if (h->is == IS_INT)
		doc_putf(to, ROLE_NUMBER, "%" PRId64, (int64_t)h->number);
	else
		put_float(to, h);
}

static enum role
name_role(const struct msgpack *m)
{
	const struct tree_level *in = m->tree.depth ? &m->tree.at[m->tree.depth - 1] : NULL;

	return in && in->map && !in->value ? ROLE_KEY : ROLE_STRING;
}

/* More of a long one. False: it needs more bytes. */
static bool
run_read(struct msgpack *m, struct reader *in, struct doc *to, bool last)
{
	size_t n = in->rest.len < m->left ? in->rest.len : (size_t)m->left;

	if (m->run == RUN_STR) {
		doc_put(to, name_role(m), read_bytes(in, n));
		m->left -= n;
		if (m->left)
			return false;
		doc_put(to, ROLE_MARK, LIT("\""));
	} else {
		n = hexes_rows(to, (struct bytes){ in->rest.at, n }, n == m->left || last);
		(void)read_bytes(in, n);
		m->left -= n;
		if (m->left)
			return false;
		doc_out(to);
	}
	m->run = RUN_NONE;
	tree_done(&m->tree, to);
	return true;
}

static void
run_begin(struct msgpack *m, const struct msgpack_head *h, struct doc *to)
{
	m->run = h->is == IS_STR ? RUN_STR : RUN_BIN;
	m->left = h->count;
	if (h->is == IS_STR) {
		doc_put(to, ROLE_MARK, LIT("\""));
		return;
	}
	if (h->is == IS_EXT)
		doc_putf(to, ROLE_WORD, "ext %d  ", h->ext);
	doc_putf(to, ROLE_FAINT, "%" PRIu64 " bytes", h->count);
	doc_line(to);
	doc_in(to);
}

/* What is short is shown when it is whole, on its line. */
static bool
msgpack_bytes(struct msgpack *m, const struct msgpack_head *h, struct reader *in, struct decode *d)
{
	struct doc *to = decode_doc(d);
	struct bytes data;

	if (h->count > SHORT) {
		tree_item(&m->tree, to);
		run_begin(m, h, to);
		return true;
	}
	data = read_bytes(in, h->count);
	if (in->ran_out)
		return false;
	tree_item(&m->tree, to);
	if (data.len)
		decode_mark(d, data);
	if (h->is == IS_STR) {
		doc_put(to, ROLE_MARK, LIT("\""));
		doc_put(to, name_role(m), data);
		doc_put(to, ROLE_MARK, LIT("\""));
	} else if (h->is == IS_BIN) {
		hexes_short(to, data);
	} else {
		put_ext(to, h, data);
	}
	tree_done(&m->tree, to);
	return true;
}

/* The next value, or the beginning of it. False: it needs more, or is wrong. */
static bool
msgpack_value(struct msgpack *m, struct reader *in, struct decode *d)
{
	struct reader r = *in;
	struct doc *to = decode_doc(d);
	struct msgpack_head h = head_read(&r);

	if (r.ran_out)
		return false;
	if (h.is == IS_BAD) {
		decode_fail(d, "byte %" PRIu64 ": c1 begins no value", decode_offset(d, in->rest.at));
		return false;
	}
	m->values += tree_at_top(&m->tree);
	if (has_bytes(&h)) {
		if (!msgpack_bytes(m, &h, &r, d)) {
			m->values -= tree_at_top(&m->tree);
			return false;
		}
	} else if (h.is == IS_ARRAY || h.is == IS_MAP) {
		tree_item(&m->tree, to);
		if (!tree_open(&m->tree, to, h.is == IS_MAP, h.count)) {
			decode_fail(d, "nested deeper than %d", TREE_DEPTH_MAX);
			return false;
		}
	} else {
		tree_item(&m->tree, to);
		put_scalar(to, &h);
		tree_done(&m->tree, to);
	}
	*in = r;
	return true;
}

static void
msgpack_read(struct msgpack *m, struct reader *in, struct decode *d, bool last)
{
	while (in->rest.len)
		if (m->run != RUN_NONE ? !run_read(m, in, decode_doc(d), last) : !msgpack_value(m, in, d))
			break;
	if (m->values > 1)
		decode_words(d, "%" PRIu64 " values", m->values);
}

static void
msgpack_feed(void *st, struct reader *in, struct decode *d)
{
	msgpack_read(st, in, d, false);
}

static void
msgpack_end(void *st, struct reader *in, struct decode *d)
{
	struct msgpack *m = st;

	msgpack_read(m, in, d, true);
	if (m->run != RUN_NONE || in->rest.len || !tree_at_top(&m->tree))
		decode_fail(d, "cut off: more was announced");
}

const struct decoder decoder_msgpack = {
	.name = "msgpack", .about = "MessagePack: maps, arrays, extensions, timestamps", .stage = STAGE_PAYLOAD,
	.size = sizeof(struct msgpack), .suits = msgpack_suits, .feed = msgpack_feed, .end = msgpack_end,
};
