/*
 * What a font says of itself: OpenType and TrueType, alone or collected, WOFF
 * and WOFF2.
 *
 * https://learn.microsoft.com/typography/opentype/spec/otff
 * https://www.w3.org/TR/WOFF/ and https://www.w3.org/TR/WOFF2/
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "soth/buf.h"
#include "soth/decode.h"
#include "soth/inflate.h"
#include "type.h"

enum { TABLES_MAX = 64, NAMES_MAX = 400, NAME_TABLE_MAX = 1 << 20, COLUMNS = 12, FONTS_MAX = 64 };

struct table { uint32_t tag; struct bytes data; uint32_t length; };

struct font { struct bytes all; const char *format; struct table table[TABLES_MAX]; unsigned tables; bool packed; };

static uint32_t
tag_of(const char *s)
{
	return (uint32_t)s[0] << 24 | (uint32_t)s[1] << 16 | (uint32_t)s[2] << 8 | (uint32_t)s[3];
}

static const struct { const char *magic, *name; } formats[] = {
	{ "\0\1\0\0", "TrueType" }, { "true", "TrueType" }, { "OTTO", "OpenType" }, { "ttcf", "collection" },
	{ "wOFF", "WOFF" }, { "wOF2", "WOFF2" },
};

static const char *
font_format(struct bytes b)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (b.len >= 4 && !memcmp(b.at, formats[i].magic, 4))
			return formats[i].name;
	return NULL;
}

static int
font_suits(const struct hint *h, struct bytes first)
{
	if (type_starts(h->type, "font/") || type_starts(h->type, "application/font") ||
			type_starts(h->type, "application/x-font") || type_is(h->type, "application/vnd.ms-opentype"))
		return 90;
	return (!h->type.len || type_is(h->type, "application/octet-stream")) && first.len > 12 && font_format(first) &&
		memcmp(first.at, "\0\1\0\0", 4) ? 60 : 0;
}

static struct bytes
within(struct bytes all, uint64_t at, uint64_t len)
{
	return at <= all.len && len <= all.len - at ? (struct bytes){ all.at + at, (size_t)len } : (struct bytes){ 0 };
}

static void
font_table(struct font *f, uint32_t tag, struct bytes data, uint32_t length)
{
	if (f->tables < TABLES_MAX)
		f->table[f->tables++] = (struct table){ tag, data, length };
}

/* sfnt: version, count, three numbers; then tag, checksum, offset, length each. */
static bool
font_sfnt(struct font *f, uint64_t at)
{
	struct reader r = { within(f->all, at, f->all.len > at ? f->all.len - at : 0), false };
	unsigned count;

	(void)read_be32(&r);
	count = read_be16(&r);
	(void)read_bytes(&r, 6);
	for (unsigned i = 0; i < count && i < TABLES_MAX && !r.ran_out; i++) {
		uint32_t tag = read_be32(&r), sum = read_be32(&r), offset = read_be32(&r), length = read_be32(&r);

		(void)sum;
		if (!r.ran_out)
			font_table(f, tag, within(f->all, offset, length), length);
	}
	return !r.ran_out;
}

/* A collection: the fonts' offsets; the first is shown. */
static bool
font_collection(struct font *f, uint32_t *fonts)
{
	struct reader r = { f->all, false };
	uint32_t first;

	(void)read_bytes(&r, 8);
	*fonts = read_be32(&r);
	first = read_be32(&r);
	return !r.ran_out && font_sfnt(f, first);
}

/* WOFF: a header of 44 bytes; then tag, offset, packed, length, checksum each. */
static bool
font_woff(struct font *f)
{
	struct reader r = { f->all, false };
	unsigned count;

	(void)read_bytes(&r, 12);
	count = read_be16(&r);
	(void)read_bytes(&r, 30);
	for (unsigned i = 0; i < count && i < TABLES_MAX && !r.ran_out; i++) {
		uint32_t tag = read_be32(&r), offset = read_be32(&r), packed = read_be32(&r), length = read_be32(&r);

		(void)read_be32(&r);
		if (!r.ran_out)
			font_table(f, tag, within(f->all, offset, packed), length);
	}
	f->packed = true;
	return !r.ran_out;
}

static uint32_t
read_base128(struct reader *r)
{
	uint32_t n = 0;

	for (int i = 0; i < 5; i++) {
		uint8_t b = read_u8(r);

		n = n << 7 | (b & 0x7f);
		if (!(b & 0x80))
			return n;
	}
	r->ran_out = true;
	return 0;
}

/* WOFF2: a header of 48 bytes; tables by number, all of them in one stream. */
static bool
font_woff2(struct font *f)
{
	static const char known[] = "cmapheadhheahmtxmaxpnameOS/2postcvt fpgmglyflocaprepCFF VORGEBDTEBLCgaspHdmxkernLTSHPCLTVDMX"
		"vheavmtxBASEGDEFGPOSGSUBEBSCJSTFMATHCBDTCBLCCOLRCPALSVG sbixacntavarbdatblocbslncvarfdscfeatfmtxfvargvarhstyjustlcar"
		"mortmorxopbdproptrakZapfSilfGlatGlocFeatSill";
	struct reader r = { f->all, false };
	unsigned count;

	(void)read_bytes(&r, 12);
	count = read_be16(&r);
	(void)read_bytes(&r, 34);
	for (unsigned i = 0; i < count && i < TABLES_MAX && !r.ran_out; i++) {
		uint8_t flags = read_u8(&r);
		unsigned index = flags & 63u;
		uint32_t tag = index == 63 ? read_be32(&r) : 4 * index + 4 < sizeof(known) ? tag_of(known + 4 * index) : 0;
		uint32_t length = read_base128(&r);
		bool glyphs = tag == tag_of("glyf") || tag == tag_of("loca");

		if (glyphs ? !(flags >> 6 == 3) : flags >> 6 != 0)
			(void)read_base128(&r);
		if (!r.ran_out)
			font_table(f, tag, (struct bytes){ 0 }, length);
	}
	return !r.ran_out;
}

static const struct table *
table_of(const struct font *f, const char *tag)
{
	for (unsigned i = 0; i < f->tables; i++)
		if (f->table[i].tag == tag_of(tag))
			return &f->table[i];
	return NULL;
}

/* Its bytes, unpacked where they are packed; empty: they cannot be read. */
static struct bytes
table_bytes(const struct font *f, const char *tag, struct buf *scratch)
{
	const struct table *t = table_of(f, tag);
	struct inflater *i;
	struct fault why;

	if (!t || !t->data.len || !f->packed || t->data.len == t->length)
		return t ? t->data : (struct bytes){ 0 };
	buf_eat(scratch, scratch->len);
	i = inflater_new(LIT("deflate"));
	(void)!inflater_feed(i, t->data, scratch, &why);
	inflater_free(i);
	return buf_bytes(scratch);
}

static void
pair_number(struct doc *to, const char *name, uint64_t n)
{
	doc_putf(to, ROLE_KEY, "%-*s", COLUMNS, name);
	doc_hang(to, COLUMNS);
	doc_putf(to, ROLE_NUMBER, "%" PRIu64, n);
	doc_line(to);
}

/* UTF-16BE of Windows and Unicode; of a Macintosh, ASCII for the most part. */
static void
name_put(struct doc *to, unsigned platform, struct bytes text)
{
	if (platform == 1) {
		doc_put(to, ROLE_STRING, text);
		return;
	}
	for (size_t i = 0; i + 1 < text.len; i += 2) {
		uint32_t c = (uint32_t)(text.at[i] << 8 | text.at[i + 1]);
		uint8_t at[3] = { (uint8_t)(0xe0 | c >> 12), (uint8_t)(0x80 | (c >> 6 & 63)), (uint8_t)(0x80 | (c & 63)) };
		uint8_t two[2] = { (uint8_t)(0xc0 | c >> 6), at[2] }, one = (uint8_t)c;

		doc_put(to, ROLE_STRING, c < 0x80 ? (struct bytes){ &one, 1 } : c < 0x800 ? (struct bytes){ two, 2 } :
			(struct bytes){ at, 3 });
	}
}

static void
show_names(struct doc *to, struct bytes table)
{
	static const struct { uint16_t id; const char *name; } wanted[] = {
		{ 1, "family" }, { 2, "style" }, { 4, "full name" }, { 5, "version" }, { 8, "maker" }, { 9, "designer" },
		{ 0, "copyright" }, { 13, "license" },
	};
	struct reader r = { table, false };
	unsigned count, offset;

	(void)read_be16(&r);
	count = read_be16(&r);
	offset = read_be16(&r);
	for (size_t k = 0; k < ARRAY_LEN(wanted); k++) {
		struct reader each = r;

		for (unsigned i = 0; i < count && i < NAMES_MAX && !each.ran_out; i++) {
			unsigned platform = read_be16(&each), encoding = read_be16(&each), language = read_be16(&each);
			unsigned id = read_be16(&each), length = read_be16(&each), at = read_be16(&each);
			struct bytes text = within(table, (uint64_t)offset + at, length);

			(void)encoding, (void)language;
			if (each.ran_out || id != wanted[k].id || !text.len)
				continue;
			doc_putf(to, ROLE_KEY, "%-*s", COLUMNS, wanted[k].name);
			doc_hang(to, COLUMNS);
			name_put(to, platform, text);
			doc_line(to);
			break;
		}
	}
}

static void
show_numbers(const struct font *f, struct doc *to, struct buf *scratch)
{
	struct bytes head = table_bytes(f, "head", scratch);
	struct reader r = { within(head, 18, 2), false };

	if (r.rest.len)
		pair_number(to, "units", read_be16(&r));
	r = (struct reader){ within(table_bytes(f, "maxp", scratch), 4, 2), false };
	if (r.rest.len)
		pair_number(to, "glyphs", read_be16(&r));
}

static void
show_tables(const struct font *f, struct doc *to)
{
	doc_putf(to, ROLE_KEY, "tables");
	doc_line(to);
	doc_in(to);
	for (unsigned i = 0; i < f->tables; i++) {
		uint32_t tag = f->table[i].tag;
		uint8_t name[4] = { (uint8_t)(tag >> 24), (uint8_t)(tag >> 16), (uint8_t)(tag >> 8), (uint8_t)tag };

		doc_put(to, ROLE_WORD, (struct bytes){ name, sizeof(name) });
		doc_putf(to, ROLE_NUMBER, " %10" PRIu32, f->table[i].length);
		doc_line(to);
	}
	doc_out(to);
}

static void
font_end(void *st, struct reader *in, struct decode *d)
{
	struct font f = { .all = in->rest, .format = font_format(in->rest) };
	struct doc *to = decode_doc(d);
	uint32_t fonts = 1;
	struct buf scratch;
	bool whole;

	(void)st;
	if (!f.format) {
		decode_fail(d, "no font: it does not begin like one");
		return;
	}
	whole = !strcmp(f.format, "collection") ? font_collection(&f, &fonts) : !strcmp(f.format, "WOFF") ? font_woff(&f) :
		!strcmp(f.format, "WOFF2") ? font_woff2(&f) : font_sfnt(&f, 0);
	doc_putf(to, ROLE_KEY, "%-*s", COLUMNS, "format");
	doc_hang(to, COLUMNS);
	doc_putf(to, ROLE_WORD, "%s", f.format);
	if (fonts != 1)
		doc_putf(to, ROLE_FAINT, ", %" PRIu32 " fonts: the first", fonts);
	doc_line(to);
	buf_init(&scratch, NAME_TABLE_MAX);
	show_names(to, table_bytes(&f, "name", &scratch));
	show_numbers(&f, to, &scratch);
	buf_release(&scratch);
	show_tables(&f, to);
	decode_words(d, "%s", f.format);
	(void)read_bytes(in, in->rest.len);
	if (!whole)
		decode_fail(d, "cut off: its tables go on");
}

const struct decoder decoder_font = {
	.name = "font", .about = "what a font says of itself", .stage = STAGE_PAYLOAD, .suits = font_suits, .end = font_end,
};
