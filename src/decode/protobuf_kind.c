/* What a protobuf value may be taken for: which values suit, and how each is written. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "protobuf_inside.h"
#include "soth/utf8.h"

enum {
	ON_VARINT = 1 << WIRE_VARINT, ON_FIXED32 = 1 << WIRE_FIXED32, ON_FIXED64 = 1 << WIRE_FIXED64,
	ON_FIXED = ON_FIXED32 | ON_FIXED64, ON_NUMBER = ON_VARINT | ON_FIXED, ON_LEN = 1 << WIRE_LEN,
	ON_GROUP = 1 << WIRE_GROUP,
};

static const int64_t YEAR_1 = -62135596800, YEAR_10000 = 253402300800;

bool
time_words(int64_t seconds, uint32_t nanos, char out[40])
{
	time_t at = (time_t)seconds;
	struct tm tm;
	size_t n;

	if (seconds < YEAR_1 || seconds >= YEAR_10000 || nanos > 999999999 || !gmtime_r(&at, &tm))
		return false;
	n = (size_t)snprintf(out, 40, "%04d-%02d-%02d %02d:%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
		tm.tm_hour, tm.tm_min, tm.tm_sec);
	if (nanos) {
		n += (size_t)snprintf(out + n, 40 - n, ".%09u", (unsigned)nanos);
		while (out[n - 1] == '0')
			n--;
	}
	snprintf(out + n, 40 - n, "Z");
	return true;
}

/* The fewest digits that mean the same number. */
void
real_put(struct doc *to, enum role role, double v, bool single)
{
	char text[40];

	for (int digits = single ? 6 : 15; digits <= (single ? 9 : 17); digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, v);
		if (single ? strtof(text, NULL) == (float)v : strtod(text, NULL) == v)
			break;
	}
	doc_putf(to, role, "%s", isnan(v) ? "nan" : text);
}

static void
uint_put(struct doc *to, const struct look *l, uint64_t v)
{
	(void)l;
	doc_putf(to, ROLE_NUMBER, "%" PRIu64, v);
}

static void
int_put(struct doc *to, const struct look *l, uint64_t v)
{
	(void)l;
	doc_putf(to, ROLE_NUMBER, "%" PRId64, (int64_t)v);
}

/* Of 32 bits. */
static void
int32_put(struct doc *to, const struct look *l, uint64_t v)
{
	(void)l;
	doc_putf(to, ROLE_NUMBER, "%" PRId32, (int32_t)(uint32_t)v);
}

static void
sint_put(struct doc *to, const struct look *l, uint64_t v)
{
	(void)l;
	doc_putf(to, ROLE_NUMBER, "%" PRId64, wire_zigzag(v));
}

static void
bool_put(struct doc *to, const struct look *l, uint64_t v)
{
	(void)l;
	doc_putf(to, ROLE_WORD, "%s", v ? "true" : "false");
}

static void
float_put(struct doc *to, const struct look *l, uint64_t v)
{
	uint32_t bits = (uint32_t)v;
	float f;

	(void)l;
	memcpy(&f, &bits, sizeof(f));
	real_put(to, ROLE_NUMBER, (double)f, true);
}

static void
double_put(struct doc *to, const struct look *l, uint64_t v)
{
	double f;

	(void)l;
	memcpy(&f, &v, sizeof(f));
	real_put(to, ROLE_NUMBER, f, false);
}

static void
enum_put(struct doc *to, const struct look *l, uint64_t v)
{
	struct bytes name = l->values ? schema_value(l->values, (int32_t)(uint32_t)v) : (struct bytes){ 0 };

	if (name.len)
		doc_put(to, ROLE_WORD, name);
	else
		int32_put(to, l, v);
}

/* With its number, in case that is looked for. */
static void
enum_show(struct protobuf *p, const struct wire_field *f, const struct look *l)
{
	int32_t number = (int32_t)(uint32_t)f->value;

	doc_put(p->to, ROLE_MARK, LIT(": "));
	enum_put(p->to, l, f->value);
	if (l->values && schema_value(l->values, number).len)
		doc_putf(p->to, ROLE_FAINT, "  %" PRId32, number);
	else if (l->values)
		doc_putf(p->to, ROLE_FAINT, "  not in %.*s", (int)l->values->name.len, (const char *)l->values->name.at);
	protobuf_line(p);
}

static void
int_show(struct protobuf *p, const struct wire_field *f, const struct look *l)
{
	doc_put(p->to, ROLE_MARK, LIT(": "));
	(f->wire == WIRE_FIXED32 ? int32_put : int_put)(p->to, l, f->value);
	protobuf_line(p);
}

static const char *
bool_unfit(struct protobuf *p, const struct wire_field *f, const struct look *l)
{
	(void)p, (void)l;
	return f->value > 1 ? "neither 0 nor 1" : NULL;
}

static const char *
message_unfit(struct protobuf *p, const struct wire_field *f, const struct look *l)
{
	(void)l;
	if (p->depth > PROTOBUF_DEPTH_MAX)
		return "nested deeper than 64";
	return f->wire == WIRE_GROUP ? NULL : wire_trouble(f->payload);
}

static const char *
string_unfit(struct protobuf *p, const struct wire_field *f, const struct look *l)
{
	(void)p, (void)l;
	return utf8_valid(f->payload) ? NULL : "not UTF-8";
}

/* Seconds, or thousandths, millionths, billionths of them: whichever is a time of our days. */
static bool
time_of(const struct wire_field *f, char out[40])
{
	uint64_t unit = 1, v = f->value;

	while (unit < 1000000000 && v / unit >= 100000000000)
		unit *= 1000;
	return time_words((int64_t)(v / unit), (uint32_t)(v % unit * (1000000000 / unit)), out);
}

/* As google.protobuf.Timestamp: seconds, and billionths. */
bool
time_of_message(struct bytes message, char out[40])
{
	struct reader r = { message, false };
	uint64_t part[3] = { 0 };
	struct wire_field f;

	while (r.rest.len) {
		if (wire_next(&r, &f) || f.wire != WIRE_VARINT || f.number > 2)
			return false;
		part[f.number] = f.value;
	}
	return part[2] <= UINT32_MAX && time_words((int64_t)part[1], (uint32_t)part[2], out);
}

static const char *
time_unfit(struct protobuf *p, const struct wire_field *f, const struct look *l)
{
	char words[40];

	(void)p, (void)l;
	return (f->wire == WIRE_LEN ? time_of_message(f->payload, words) : time_of(f, words)) ? NULL : "no time";
}

static void
time_show(struct protobuf *p, const struct wire_field *f, const struct look *l)
{
	char words[40];

	(void)!(f->wire == WIRE_LEN ? time_of_message(f->payload, words) : time_of(f, words));
	doc_put(p->to, ROLE_MARK, LIT(": "));
	if (f->wire != WIRE_LEN) {
		uint_put(p->to, l, f->value);
		doc_put(p->to, ROLE_MARK, LIT("  "));
	}
	doc_putf(p->to, ROLE_WORD, "%s", words);
	protobuf_line(p);
}

static const struct kind kinds[] = {
	{ "message", ON_LEN | ON_GROUP, .unfit = message_unfit, .show = message_show },
	{ "string", ON_LEN, .unfit = string_unfit, .show = text_show },
	{ "bytes", ON_LEN, .show = bytes_show },
	{ "hex", ON_LEN | ON_NUMBER, .show = bytes_show },
	{ "json", ON_LEN, .show = json_show },
	{ "uint", ON_NUMBER, .put = uint_put },
	{ "int", ON_NUMBER, .put = int_put, .show = int_show },
	{ "sint", ON_VARINT, .put = sint_put },
	{ "bool", ON_VARINT, .put = bool_put, .unfit = bool_unfit },
	{ "enum", ON_VARINT, .put = enum_put, .show = enum_show },
	{ "fixed", ON_FIXED, .put = uint_put },
	{ "float", ON_FIXED32, .put = float_put },
	{ "double", ON_FIXED64, .put = double_put },
	{ "time", ON_LEN | ON_NUMBER, .unfit = time_unfit, .show = time_show },
	{ "packed-uint", ON_LEN, 0, uint_put, packed_unfit, packed_show },
	{ "packed-int", ON_LEN, 0, int_put, packed_unfit, packed_show },
	{ "packed-sint", ON_LEN, 0, sint_put, packed_unfit, packed_show },
	{ "packed-bool", ON_LEN, 0, bool_put, packed_unfit, packed_show },
	{ "packed-fixed", ON_LEN, 4, uint_put, packed_unfit, packed_show },
	{ "packed-fixed64", ON_LEN, 8, uint_put, packed_unfit, packed_show },
	{ "packed-float", ON_LEN, 4, float_put, packed_unfit, packed_show },
	{ "packed-double", ON_LEN, 8, double_put, packed_unfit, packed_show },
};

const struct kind *
kind_named(struct bytes name)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (kinds[i].name && bytes_are(name, kinds[i].name))
			return &kinds[i];
	return NULL;
}

static const struct kind typed[SCHEMA_TYPES] = {
	[SCHEMA_DOUBLE] = { "double", ON_FIXED64, .put = double_put },
	[SCHEMA_FLOAT] = { "float", ON_FIXED32, .put = float_put },
	[SCHEMA_INT64] = { "int64", ON_VARINT, .put = int_put },
	[SCHEMA_UINT64] = { "uint64", ON_VARINT, .put = uint_put },
	[SCHEMA_INT32] = { "int32", ON_VARINT, .put = int32_put },
	[SCHEMA_FIXED64] = { "fixed64", ON_FIXED64, .put = uint_put },
	[SCHEMA_FIXED32] = { "fixed32", ON_FIXED32, .put = uint_put },
	[SCHEMA_BOOL] = { "bool", ON_VARINT, .put = bool_put, .unfit = bool_unfit },
	[SCHEMA_STRING] = { "string", ON_LEN, .unfit = string_unfit, .show = text_show },
	[SCHEMA_GROUP] = { "group", ON_GROUP, .unfit = message_unfit, .show = message_show },
	[SCHEMA_MESSAGE] = { "message", ON_LEN, .unfit = message_unfit, .show = message_show },
	[SCHEMA_BYTES] = { "bytes", ON_LEN, .show = bytes_show },
	[SCHEMA_UINT32] = { "uint32", ON_VARINT, .put = uint_put },
	[SCHEMA_ENUM] = { "enum", ON_VARINT, .put = enum_put, .show = enum_show },
	[SCHEMA_SFIXED32] = { "sfixed32", ON_FIXED32, .put = int32_put },
	[SCHEMA_SFIXED64] = { "sfixed64", ON_FIXED64, .put = int_put },
	[SCHEMA_SINT32] = { "sint32", ON_VARINT, .put = sint_put },
	[SCHEMA_SINT64] = { "sint64", ON_VARINT, .put = sint_put },
};

/* Of what is repeated, packed together. */
static const struct kind typed_packed[SCHEMA_TYPES] = {
	[SCHEMA_DOUBLE] = { "double", ON_LEN, 8, double_put, packed_unfit, packed_show },
	[SCHEMA_FLOAT] = { "float", ON_LEN, 4, float_put, packed_unfit, packed_show },
	[SCHEMA_INT64] = { "int64", ON_LEN, 0, int_put, packed_unfit, packed_show },
	[SCHEMA_UINT64] = { "uint64", ON_LEN, 0, uint_put, packed_unfit, packed_show },
	[SCHEMA_INT32] = { "int32", ON_LEN, 0, int32_put, packed_unfit, packed_show },
	[SCHEMA_FIXED64] = { "fixed64", ON_LEN, 8, uint_put, packed_unfit, packed_show },
	[SCHEMA_FIXED32] = { "fixed32", ON_LEN, 4, uint_put, packed_unfit, packed_show },
	[SCHEMA_BOOL] = { "bool", ON_LEN, 0, bool_put, packed_unfit, packed_show },
	[SCHEMA_UINT32] = { "uint32", ON_LEN, 0, uint_put, packed_unfit, packed_show },
	[SCHEMA_ENUM] = { "enum", ON_LEN, 0, enum_put, packed_unfit, packed_show },
	[SCHEMA_SFIXED32] = { "sfixed32", ON_LEN, 4, int32_put, packed_unfit, packed_show },
	[SCHEMA_SFIXED64] = { "sfixed64", ON_LEN, 8, int_put, packed_unfit, packed_show },
	[SCHEMA_SINT32] = { "sint32", ON_LEN, 0, sint_put, packed_unfit, packed_show },
	[SCHEMA_SINT64] = { "sint64", ON_LEN, 0, sint_put, packed_unfit, packed_show },
};

/* What is repeated may come packed or not, whatever the schema prefers. */
const struct kind *
kind_typed(const struct schema_field *f, enum wire wire)
{
	const struct kind *k = &typed[f->type];

	if (f->repeated && wire == WIRE_LEN && typed_packed[f->type].name)
		k = &typed_packed[f->type];
	return k->name ? k : NULL;
}

static const char *const unfit_wire[] = {
	"it is a varint", "it has 8 bytes", "it has a length", "it is a group", "", "it has 4 bytes",
};

const char *
kind_unfit(struct protobuf *p, const struct kind *k, const struct wire_field *f, const struct look *l)
{
	if (!(k->wires & 1u << f->wire))
		return unfit_wire[f->wire];
	return k->unfit ? k->unfit(p, f, l) : NULL;
}

void
kind_show(struct protobuf *p, const struct wire_field *f, const struct look *l)
{
	if (l->kind->show) {
		l->kind->show(p, f, l);
		return;
	}
	doc_put(p->to, ROLE_MARK, LIT(": "));
	l->kind->put(p->to, l, f->value);
	if (l->guessed)
		guess_beside(p, f);
	protobuf_line(p);
}
