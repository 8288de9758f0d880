/*
 * What a protobuf value may be, where nothing says so. A message, where it is
 * one to its end and does not read better as text; else text, else bytes. What
 * else it may be, and only if that is likely, stands faint beside it.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "protobuf_inside.h"
#include "soth/utf8.h"

enum { NUMBER_LIKELY_MAX = 9999, LIST_MAX = 8, UUID = 16 };

/* Seconds from 2005 to 2040. */
static const uint64_t TIME_FIRST = 1104537600, TIME_LAST = 2208988800;

/* As a writer would have written it: no longer than it need be. */
static bool
varint_short(struct bytes raw)
{
	return raw.len == 1 || (raw.len && raw.at[raw.len - 1]);
}

static bool
message_likely(struct bytes b)
{
	struct reader r = { b, false };
	struct wire_field f;

	while (r.rest.len)
		if (wire_next(&r, &f) || f.number > NUMBER_LIKELY_MAX ||
				(f.wire == WIRE_VARINT && !varint_short(f.payload)))
			return false;
	return b.len;
}

static bool
text_likely(struct bytes b)
{
	uint32_t rune;
	size_t used;

	while ((used = utf8_next(b, &rune))) {
		if ((used == 1 && rune == 0xfffd) ||
				(!utf8_printable(rune) && rune != '\n' && rune != '\t' && rune != '\r'))
			return false;
		b = (struct bytes){ b.at + used, b.len - used };
	}
	return true;
}

/* Text seldom begins with a line end or a tab; but a message whose first
 * field is number 1 does. */
static const char *
length_guess(const struct protobuf *p, struct bytes b)
{
	bool message = p->depth <= PROTOBUF_DEPTH_MAX && message_likely(b);

	if (message && *b.at < ' ')
		return "message";
	return text_likely(b) ? "string" : message ? "message" : "bytes";
}

const struct kind *
guess_kind(const struct protobuf *p, const struct wire_field *f)
{
	const char *name = "uint";

	if (f->wire == WIRE_GROUP)
		name = p->depth <= PROTOBUF_DEPTH_MAX ? "message" : "bytes";
	else if (f->wire == WIRE_LEN)
		name = length_guess(p, f->payload);
	return kind_named(bytes_of(name));
}

/* In seconds, or in thousandths, millionths, billionths. */
static void
time_beside(struct doc *to, uint64_t v)
{
	char words[40];

	for (uint64_t unit = 1; unit <= 1000000000; unit *= 1000)
		if (v / unit >= TIME_FIRST && v / unit < TIME_LAST &&
				time_words((int64_t)(v / unit), (uint32_t)(v % unit * (1000000000 / unit)), words))
			doc_putf(to, ROLE_FAINT, "  %s", words);
}

/* What is negative takes ten bytes; what is negative in zigzag is odd, and
 * beyond 31 bits it is rather that than a count. */
static void
varint_beside(struct doc *to, uint64_t v)
{
	if (v <= 1)
		doc_putf(to, ROLE_FAINT, "  %s", v ? "true" : "false");
	else if (v >> 63)
		doc_putf(to, ROLE_FAINT, "  int %" PRId64, (int64_t)v);
	else if (v >> 31 == 1)
		doc_putf(to, ROLE_FAINT, "  sint %" PRId64, wire_zigzag(v));
	time_beside(to, v);
}

/* Numbers that people use: not too small, not too large. */
static bool
real_likely(double v)
{
	return isfinite(v) && fabs(v) >= 1e-6 && fabs(v) < 1e12;
}

static double
real_of(const struct wire_field *f)
{
	uint32_t bits = (uint32_t)f->value;
	double wide;
	float narrow;

	memcpy(&wide, &f->value, sizeof(wide));
	memcpy(&narrow, &bits, sizeof(narrow));
	return f->wire == WIRE_FIXED32 ? (double)narrow : wide;
}

static void
fixed_beside(struct doc *to, const struct wire_field *f)
{
	bool narrow = f->wire == WIRE_FIXED32;
	int64_t number = narrow ? (int32_t)(uint32_t)f->value : (int64_t)f->value;
	double real = real_of(f);

	if (real_likely(real)) {
		doc_putf(to, ROLE_FAINT, narrow ? "  float " : "  double ");
		real_put(to, ROLE_FAINT, real, narrow);
	} else if (number < 0) {
		doc_putf(to, ROLE_FAINT, "  int %" PRId64, number);
	}
	time_beside(to, f->value);
}

/* 6ba7b810-9dad-11d1-80b4-00c04fd430c8: RFC 9562 section 4. */
static bool
uuid_beside(struct doc *to, struct bytes b)
{
	if (b.len != UUID || b.at[6] >> 4 < 1 || b.at[6] >> 4 > 8 || b.at[8] >> 6 != 2)
		return false;
	doc_putf(to, ROLE_FAINT, "  uuid ");
	for (size_t i = 0; i < b.len; i++)
		doc_putf(to, ROLE_FAINT, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", b.at[i]);
	return true;
}

static bool
reals_beside(struct doc *to, struct bytes b, size_t width)
{
	struct wire_field f = { .wire = width == 4 ? WIRE_FIXED32 : WIRE_FIXED64 };
	double real[LIST_MAX];
	size_t count = b.len / width;

	if (!count || b.len % width || count > LIST_MAX)
		return false;
	for (size_t i = 0; i < count; i++) {
		f.value = 0;
		for (size_t k = width; k; k--)
			f.value = f.value << 8 | b.at[i * width + k - 1];
		real[i] = real_of(&f);
		if (!real_likely(real[i]))
			return false;
	}
	doc_putf(to, ROLE_FAINT, width == 4 ? "  floats" : "  doubles");
	for (size_t i = 0; i < count; i++) {
		doc_put(to, ROLE_FAINT, i ? LIT(", ") : LIT(" "));
		real_put(to, ROLE_FAINT, real[i], width == 4);
	}
	return true;
}

/* Numbers of 32 bits, which may be negative. */
static bool
varint_likely(uint64_t v)
{
	return v <= UINT32_MAX || (int64_t)v >= INT32_MIN;
}

/* Varints to its end, one of them of several bytes, and none very large. */
static void
varints_beside(struct doc *to, struct bytes b)
{
	struct reader r = { b, false };
	uint64_t v[LIST_MAX];
	size_t count = 0;

	while (r.rest.len && count < LIST_MAX) {
		struct bytes before = r.rest;

		v[count] = read_varint(&r);
		before.len -= r.rest.len;
		if (r.ran_out || !varint_likely(v[count++]) || !varint_short(before))
			return;
	}
	if (r.rest.len || count < 2 || count == b.len)
		return;
	for (size_t i = 0; i < count; i++)
		doc_putf(to, ROLE_FAINT, "%s%" PRId64, i ? ", " : "  packed ", (int64_t)v[i]);
}

void
guess_beside(struct protobuf *p, const struct wire_field *f)
{
	if (f->wire == WIRE_VARINT)
		varint_beside(p->to, f->value);
	else if (f->wire != WIRE_LEN)
		fixed_beside(p->to, f);
	else if (!uuid_beside(p->to, f->payload) && !reals_beside(p->to, f->payload, 8) &&
			!reals_beside(p->to, f->payload, 4))
		varints_beside(p->to, f->payload);
}
