/* Values written as text, so that reading it gives the same value again. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "notation.h"
#include "soth/utf8.h"

enum { HEX_ROW = 32, FLOAT_TEXT = 40 };

#define WHOLE_MAX 1e15

bool
put_line(struct buf *out, unsigned depth)
{
	return buf_addf(out, "\n%*s", (int)(2 * depth), "");
}

static bool
put_rune(struct buf *out, struct bytes b, uint32_t rune)
{
	static const char names[] = "\"\\bfnrt", chars[] = "\"\\\b\f\n\r\t";
	const char *p = rune && rune < 0x80 ? strchr(chars, (int)rune) : NULL;

	if (p)
		return buf_addf(out, "\\%c", names[p - chars]);
	if (utf8_printable(rune))
		return buf_add(out, b);
	if (rune < 0x10000)
		return buf_addf(out, "\\u%04x", (unsigned)rune);
	rune -= 0x10000;
	return buf_addf(out, "\\u%04x\\u%04x", (unsigned)(0xd800 + (rune >> 10)), (unsigned)(0xdc00 + (rune & 1023)));
}

bool
put_text(struct buf *out, struct bytes b, unsigned depth)
{
	uint32_t rune;
	size_t used;

	if (b.len && !utf8_valid(b))
		return put_hex(out, 't', b, depth);
	if (!buf_add(out, LIT("\"")))
		return false;
	for (; (used = utf8_next(b, &rune)); b = behind(b, used))
		if (!put_rune(out, (struct bytes){ b.at, used }, rune))
			return false;
	return buf_add(out, LIT("\""));
}

static bool
put_row(struct buf *out, struct bytes row)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t text[2 * HEX_ROW];

	for (size_t i = 0; i < row.len; i++) {
		text[2 * i] = (uint8_t)digits[row.at[i] >> 4];
		text[2 * i + 1] = (uint8_t)digits[row.at[i] & 15];
	}
	return buf_add(out, (struct bytes){ text, 2 * row.len });
}

/* Many in rows. */
bool
put_hex(struct buf *out, char kind, struct bytes b, unsigned depth)
{
	bool ok = buf_addf(out, "%c'", kind), rows = b.len > HEX_ROW;

	for (size_t at = 0; ok && at < b.len; at += HEX_ROW) {
		size_t left = b.len - at;

		ok = (!rows || put_line(out, depth + 1)) &&
			put_row(out, (struct bytes){ b.at + at, left < HEX_ROW ? left : HEX_ROW });
	}
	return ok && (!rows || put_line(out, depth)) && buf_add(out, LIT("'"));
}

static double
half_value(unsigned bits)
{
	int power = bits >> 10 & 31;
	double v = bits & 1023;

	v = !power ? ldexp(v, -24) : power < 31 ? ldexp(v + 1024, power - 25) : v > 0 ? NAN : INFINITY;
	return bits & 0x8000 ? -v : v;
}

double
float_of(uint64_t bits, unsigned size)
{
	uint32_t single = (uint32_t)bits;
	double v;
	float f;

	if (size == 2)
		return half_value((unsigned)bits);
	memcpy(&f, &single, sizeof(f));
	memcpy(&v, &bits, sizeof(v));
	return size == 4 ? (double)f : v;
}

/* To the nearest; too large is infinite. */
static uint64_t
half_bits(double v)
{
	uint64_t sign = signbit(v) ? 0x8000 : 0;
	int power;
	double m;

	v = fabs(v);
	if (isnan(v))
		return 0x7e00;
	if (v == 0)
		return sign;
	if (v >= 65520)
		return sign | 0x7c00;
	(void)frexp(v, &power);
	if (power < -13)
		return sign | (uint64_t)rint(ldexp(v, 24));
	m = rint(ldexp(v, 11 - power));		/* 1024 to 2048, which carries into the power */
	return sign | (((uint64_t)(power + 14) << 10) + (uint64_t)m - 1024);
}

uint64_t
float_bits(double v, unsigned size)
{
	uint64_t bits;
	uint32_t single;
	float f = (float)v;

	if (size == 2)
		return half_bits(v);
	memcpy(&single, &f, sizeof(single));
	memcpy(&bits, &v, sizeof(bits));
	if (isnan(v))
		return size == 4 ? 0x7fc00000 : 0x7ff8000000000000;
	return size == 4 ? single : bits;
}

bool
put_float(struct buf *out, double v, uint64_t bits, unsigned size, const char *suffix)
{
	char text[FLOAT_TEXT];

	if (float_bits(v, size) != bits)
		return buf_addf(out, "f'%0*llx'", (int)(2 * size), (unsigned long long)bits);
	if (isnan(v) || isinf(v))
		return buf_addf(out, "%s%s", isnan(v) ? "NaN" : v < 0 ? "-Infinity" : "Infinity", suffix);
	if (fabs(v) < WHOLE_MAX && v == floor(v))
		return buf_addf(out, "%.1f%s", v, suffix);
	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, v);
		if (float_bits(strtod(text, NULL), size) == bits)
			break;
	}
	return buf_addf(out, "%s%s%s", text, strpbrk(text, ".e") ? "" : ".0", suffix);
}

bool
put_be(struct buf *out, uint64_t v, unsigned size)
{
	uint8_t to[8];

	for (unsigned i = 0; i < size; i++)
		to[i] = (uint8_t)(v >> 8 * (size - 1 - i));
	return buf_add(out, (struct bytes){ to, size });
}
