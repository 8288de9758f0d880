/*
 * CBOR: https://www.rfc-editor.org/rfc/rfc8949; sequences of it, RFC 8742.
 *
 *	  7 6 5   4 3 2 1 0
 *	+-------+-----------+
 *	| major | 0..23, or |  24: 1, 25: 2, 26: 4, 27: 8 bytes follow
 *	+-------+-----------+  31: endless, or (major 7) the end of such
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "hexes.h"
#include "moment.h"
#include "number.h"
#include "soth/decode.h"
#include "tree.h"
#include "type.h"

enum cbor_major { UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE };
enum { ENDLESS = 31, SHORT = 32, NESTED_MAX = 1 << 20, TAGS_MAX = 16 };
enum tag { TAG_DATE = 0, TAG_EPOCH = 1, TAG_BIG = 2, TAG_BIG_NEGATIVE = 3, TAG_ENCODED = 24, TAG_URI = 32, TAG_UUID = 37,
	TAG_SELF = 55799 };

struct cbor {
	struct tree tree;
	bool run;		/* a long string is being shown */
	bool text;		/* ... of text */
	uint64_t left;		/* of it */
	bool pieces;		/* an endless string: its pieces come */
	uint64_t tag;		/* of the value that comes; its tags are shown already */
	unsigned tags;
	uint64_t values;
};

struct cbor_head { enum cbor_major major; uint8_t info; uint64_t n; };

static uint64_t
read_be(struct reader *r, unsigned size)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < size; i++)
		n = n << 8 | read_u8(r);
	return n;
}

/* False: it needs more; .info 28 to 30: it is wrong. */
static bool
head_read(struct reader *r, struct cbor_head *h)
{
	uint8_t c = read_u8(r);

	h->major = (enum cbor_major)(c >> 5);
	h->info = c & 31;
	h->n = h->info < 24 ? h->info : h->info <= 27 ? read_be(r, 1u << (h->info - 24)) : 0;
	return !r->ran_out;
}

static int
cbor_suits(const struct hint *h, struct bytes first)
{
	(void)first;
	return type_is(h->type, "application/cbor") || type_is(h->type, "application/cbor-seq") ||
		type_is(h->type, "application/cwt") || type_is(h->type, "application/cose") ||
		type_ends(h->type, "+cbor") || type_ends(h->type, "+cbor-seq") || type_ends(h->type, "+cose") ? 90 : 0;
}

static double
half_float(uint16_t h)
{
	int exponent = h >> 10 & 31;
	double mantissa = h & 1023, value;

	if (!exponent)
		value = ldexp(mantissa, -24);
	else if (exponent < 31)
		value = ldexp(mantissa + 1024, exponent - 25);
	else
		value = mantissa > 0 ? NAN : INFINITY;
	return h & 0x8000 ? -value : value;
}

static void
put_float(struct doc *to, const struct cbor_head *h)
{
	uint32_t bits = (uint32_t)h->n;
	char words[NUMBER_MAX];
	double wide;
	float narrow;

	memcpy(&narrow, &bits, sizeof(narrow));
	memcpy(&wide, &h->n, sizeof(wide));
	if (h->info == 25)
		doc_putf(to, ROLE_NUMBER, "%s", number_words(half_float((uint16_t)h->n), 2, words));
	else
		doc_putf(to, ROLE_NUMBER, "%s", h->info == 26 ? number_words((double)narrow, 4, words) :
			number_words(wide, 8, words));
}

static void
put_simple(struct doc *to, const struct cbor_head *h)
{
	static const char *const words[] = { "false", "true", "null", "undefined" };

	if (h->info >= 25 && h->info <= 27)
		put_float(to, h);
	else if (h->info >= 20 && h->info <= 23)
		doc_putf(to, ROLE_WORD, "%s", words[h->info - 20]);
	else
		doc_putf(to, ROLE_WORD, "simple(%" PRIu64 ")", h->n);
}

static void
put_epoch(struct doc *to, double seconds)
{
	char words[MOMENT_MAX];

	if (seconds > -1e11 && seconds < 3e11 && *moment_words((int64_t)floor(seconds), words))
		doc_putf(to, ROLE_FAINT, "  %s", words);
}

/* -1 - n, which may be past what 64 bits hold. */
static void
put_number(const struct cbor *c, struct doc *to, const struct cbor_head *h)
{
	if (h->major == UNSIGNED)
		doc_putf(to, ROLE_NUMBER, "%" PRIu64, h->n);
	else if (h->n == UINT64_MAX)
		doc_putf(to, ROLE_NUMBER, "-18446744073709551616");
	else
		doc_putf(to, ROLE_NUMBER, "-%" PRIu64, h->n + 1);
	if (c->tag == TAG_EPOCH)
		put_epoch(to, h->major == UNSIGNED ? (double)h->n : -1.0 - (double)h->n);
}

static void
put_uuid(struct doc *to, struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		doc_putf(to, ROLE_NUMBER, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", b.at[i]);
}

/* A bignum is as exact in hex as it came. */
static void
put_bytes(const struct cbor *c, struct doc *to, struct bytes b)
{
	if (c->tag == TAG_UUID && b.len == 16) {
		put_uuid(to, b);
	} else if (c->tag == TAG_BIG || c->tag == TAG_BIG_NEGATIVE) {
		doc_putf(to, ROLE_NUMBER, c->tag == TAG_BIG ? "0x" : "-1 - 0x");
		for (size_t i = 0; i < b.len; i++)
			doc_putf(to, ROLE_NUMBER, "%02x", b.at[i]);
	} else {
		hexes_short(to, b);
	}
}

static enum role
text_role(const struct cbor *c)
{
	const struct tree_level *in = c->tree.depth ? &c->tree.at[c->tree.depth - 1] : NULL;

	return c->tag == TAG_URI ? ROLE_LINK : in && in->map && !in->value ? ROLE_KEY : ROLE_STRING;
}

/* The value is shown. */
static void
cbor_done(struct cbor *c, struct doc *to)
{
	if (c->pieces)
		return;		/* the string goes on */
	c->tag = c->tags = 0;
	tree_done(&c->tree, to);
}

/* More of a long one. False: it needs more bytes. */
static bool
run_read(struct cbor *c, struct reader *in, struct doc *to, bool last)
{
	size_t n = in->rest.len < c->left ? in->rest.len : (size_t)c->left;

	if (c->text)
		doc_put(to, text_role(c), (struct bytes){ in->rest.at, n });
	else
		n = hexes_rows(to, (struct bytes){ in->rest.at, n }, n == c->left || last);
	(void)read_bytes(in, n);
	c->left -= n;
	if (c->left)
		return false;
	if (!c->text)
		doc_out(to);
	else if (!c->pieces)
		doc_put(to, ROLE_MARK, LIT("\""));
	c->run = false;
	cbor_done(c, to);
	return true;
}

static void
run_begin(struct cbor *c, const struct cbor_head *h, struct doc *to)
{
	c->run = true;
	c->text = h->major == TEXT;
	c->left = h->n;
	if (c->text) {
		if (!c->pieces)
			doc_put(to, ROLE_MARK, LIT("\""));
		return;
	}
	doc_putf(to, ROLE_FAINT, "%" PRIu64 " bytes", h->n);
	doc_line(to);
	doc_in(to);
}

/* CBOR within a byte string. False: it is not all there. */
static bool
cbor_encoded(struct cbor *c, const struct cbor_head *h, struct reader *in, struct decode *d)
{
	struct bytes inner = read_bytes(in, h->n);
	struct doc *to = decode_doc(d);

	if (in->ran_out)
		return false;
	doc_putf(to, ROLE_FAINT, "%" PRIu64 " bytes of CBOR", h->n);
	doc_line(to);
	decode_inner(d, &(struct hint){ .as = "cbor", .message = true }, inner);
	cbor_done(c, to);
	return true;
}

static bool
cbor_string(struct cbor *c, const struct cbor_head *h, struct reader *in, struct decode *d)
{
	struct doc *to = decode_doc(d);
	struct bytes b;

	if (c->tag == TAG_ENCODED && h->major == BYTES && h->n <= NESTED_MAX && !c->pieces) {
		struct reader ahead = *in;

		(void)read_bytes(&ahead, h->n);
		if (ahead.ran_out)
			return false;
		tree_item(&c->tree, to);
		return cbor_encoded(c, h, in, d);
	}
	if (h->n > SHORT) {
		tree_item(&c->tree, to);
		run_begin(c, h, to);
		return true;
	}
	b = read_bytes(in, h->n);
	if (in->ran_out)
		return false;
	tree_item(&c->tree, to);
	if (b.len)
		decode_mark(d, b);
	if (h->major == TEXT) {
		doc_put(to, ROLE_MARK, c->pieces ? (struct bytes){ 0 } : LIT("\""));
		doc_put(to, text_role(c), b);
		doc_put(to, ROLE_MARK, c->pieces ? (struct bytes){ 0 } : LIT("\""));
	} else {
		put_bytes(c, to, b);
		doc_put(to, ROLE_MARK, c->pieces ? LIT(" ") : (struct bytes){ 0 });
	}
	cbor_done(c, to);
	return true;
}

static bool
cbor_break(struct cbor *c, struct decode *d, uint64_t at)
{
	struct doc *to = decode_doc(d);

	if (c->pieces) {
		c->pieces = false;
		doc_put(to, ROLE_MARK, doc_open(to) && c->text ? LIT("\"") : (struct bytes){ 0 });
		cbor_done(c, to);
		return true;
	}
	if (c->tags || !tree_stop(&c->tree, to)) {
		decode_fail(d, "byte %" PRIu64 ": an end, and nothing that ends so", at);
		return false;
	}
	c->tag = c->tags = 0;
	return true;
}

static void
cbor_tag(struct cbor *c, const struct cbor_head *h, struct doc *to)
{
	static const struct { uint64_t tag; const char *name; } names[] = {
		{ TAG_DATE, "date" }, { TAG_EPOCH, "epoch" }, { TAG_BIG, "bignum" }, { TAG_BIG_NEGATIVE, "bignum" },
		{ 4, "decimal" }, { 5, "bigfloat" }, { 16, "encrypt0" }, { 17, "mac0" }, { 18, "sign1" }, { TAG_ENCODED, "encoded" },
		{ TAG_URI, "uri" }, { 33, "base64url" }, { 34, "base64" }, { TAG_UUID, "uuid" }, { 61, "cwt" },
		{ 96, "encrypt" }, { 97, "mac" }, { 98, "sign" }, { TAG_SELF, "cbor" },
	};
	size_t i = 0;

	tree_item(&c->tree, to);
	while (i < ARRAY_LEN(names) && names[i].tag != h->n)
		i++;
	if (i < ARRAY_LEN(names))
		doc_putf(to, ROLE_WORD, "%s ", names[i].name);
	else
		doc_putf(to, ROLE_WORD, "tag %" PRIu64 " ", h->n);
	c->tag = h->n;
	c->tags++;
}

static bool
cbor_open(struct cbor *c, const struct cbor_head *h, struct decode *d)
{
	tree_item(&c->tree, decode_doc(d));
	c->tag = c->tags = 0;
	if (tree_open(&c->tree, decode_doc(d), h->major == MAP, h->info == ENDLESS ? TREE_ENDLESS : h->n))
		return true;
	decode_fail(d, "nested deeper than %d", TREE_DEPTH_MAX);
	return false;
}

/* An endless string: its pieces are strings of its kind, and only they. */
static bool
cbor_pieces(struct cbor *c, const struct cbor_head *h, struct doc *to)
{
	tree_item(&c->tree, to);
	c->pieces = true;
	c->text = h->major == TEXT;
	doc_put(to, ROLE_MARK, c->text ? LIT("\"") : (struct bytes){ 0 });
	return true;
}

static const char *
cbor_wrong(const struct cbor *c, const struct cbor_head *h)
{
	bool endless = h->info == ENDLESS;

	if (h->info >= 28 && h->info <= 30)
		return "a length that is none";
	if (endless && (h->major == UNSIGNED || h->major == NEGATIVE || h->major == TAG))
		return "an end that this kind has not";
	if (c->pieces && !(h->major == SIMPLE && endless) && (endless || h->major != (c->text ? TEXT : BYTES)))
		return "in pieces of a string, something else";
	if (h->major == TAG && c->tags == TAGS_MAX)
		return "too many tags before one value";
	return NULL;
}

static bool
cbor_value(struct cbor *c, struct reader *in, struct decode *d)
{
	struct doc *to = decode_doc(d);
	uint64_t at = decode_offset(d, in->rest.at);
	struct reader r = *in;
	struct cbor_head h;
	bool top = tree_at_top(&c->tree), ok = true;

	if (!head_read(&r, &h))
		return false;
	if (cbor_wrong(c, &h)) {
		decode_fail(d, "byte %" PRIu64 ": %s", at, cbor_wrong(c, &h));
		return false;
	}
	if (h.major == SIMPLE && h.info == ENDLESS) {
		ok = cbor_break(c, d, at);
		top = false;
	} else if (h.major == TAG) {
		cbor_tag(c, &h, to);
	} else if (h.major == ARRAY || h.major == MAP) {
		ok = cbor_open(c, &h, d);
	} else if (h.major == TEXT || h.major == BYTES) {
		ok = h.info == ENDLESS ? cbor_pieces(c, &h, to) : cbor_string(c, &h, &r, d);
	} else {
		tree_item(&c->tree, to);
		if (h.major == SIMPLE)
			put_simple(to, &h);
		else
			put_number(c, to, &h);
		if (h.major == SIMPLE && c->tag == TAG_EPOCH && h.info == 27) {
			double seconds;

			memcpy(&seconds, &h.n, sizeof(seconds));
			put_epoch(to, seconds);
		}
		cbor_done(c, to);
	}
	if (!ok)
		return false;
	c->values += top;
	*in = r;
	return true;
}

static void
cbor_read(struct cbor *c, struct reader *in, struct decode *d, bool last)
{
	while (in->rest.len)
		if (c->run ? !run_read(c, in, decode_doc(d), last) : !cbor_value(c, in, d))
			break;
	if (c->values > 1)
		decode_words(d, "%" PRIu64 " values", c->values);
}

static void
cbor_feed(void *st, struct reader *in, struct decode *d)
{
	cbor_read(st, in, d, false);
}

static void
cbor_end(void *st, struct reader *in, struct decode *d)
{
	struct cbor *c = st;

	cbor_read(c, in, d, true);
	if (c->run || c->pieces || in->rest.len || !tree_at_top(&c->tree))
		decode_fail(d, "cut off: more was announced");
}

const struct decoder decoder_cbor = {
	.name = "cbor", .about = "CBOR, and sequences of it", .stage = STAGE_PAYLOAD,
	.size = sizeof(struct cbor), .suits = cbor_suits, .feed = cbor_feed, .end = cbor_end,
};
