/*
 * Zip archives, listed: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 *
 *	local header, data ... | central directory: an entry each | end record
 *
 * What is cut off has no directory: then the local headers are listed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "soth/decode.h"
#include "type.h"

enum { LOCAL = 0x04034b50, CENTRAL = 0x02014b50, END = 0x06054b50, END64 = 0x06064b50, LOCATOR64 = 0x07064b50 };
enum { LOCAL_SIZE = 30, CENTRAL_SIZE = 46, END_SIZE = 22, COMMENT_MAX = 65535, ENTRIES_MAX = 100000, LATER = 8, EXTRA64 = 1 };

struct entry {
	uint16_t flags, method, time, date;
	uint32_t crc;
	uint64_t packed, size, offset;
	struct bytes name, comment;
};

static int
zip_suits(const struct hint *h, struct bytes first)
{
	static const char *const types[] = { "application/zip", "application/x-zip-compressed", "application/java-archive",
		"application/epub+zip", "application/vnd.android.package-archive", "application/x-xpinstall" };
	bool magic = first.len >= 4 && !memcmp(first.at, "PK\3\4", 4);

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (type_is(h->type, types[i]))
			return 90;
	if (type_starts(h->type, "application/vnd.openxmlformats") || type_starts(h->type, "application/vnd.oasis.opendocument"))
		return 90;
	return magic && (!h->type.len || type_is(h->type, "application/octet-stream")) ? 60 : 0;
}

static uint32_t
le(struct reader *r, unsigned size)
{
	uint32_t n = 0;

	for (unsigned i = 0; i < size; i++)
		n |= (uint32_t)read_u8(r) << 8 * i;
	return n;
}

static uint64_t
le64(struct reader *r)
{
	uint64_t low = le(r, 4);

	return low | (uint64_t)le(r, 4) << 32;
}

/* ZIP64: sizes that are all ones stand in an extra field, in this order. */
static void
entry_extra(struct entry *e, struct bytes extra)
{
	struct reader r = { extra, false };

	while (!r.ran_out && r.rest.len >= 4) {
		uint32_t id = le(&r, 2);
		struct reader field = { read_bytes(&r, le(&r, 2)), false };

		if (r.ran_out || id != EXTRA64)
			continue;
		e->size = e->size == UINT32_MAX ? le64(&field) : e->size;
		e->packed = e->packed == UINT32_MAX ? le64(&field) : e->packed;
		e->offset = e->offset == UINT32_MAX ? le64(&field) : e->offset;
		return;
	}
}

static bool
entry_central(struct reader *r, struct entry *e)
{
	uint32_t name, extra, comment;
	struct bytes more;

	if (le(r, 4) != CENTRAL)
		return false;
	(void)le(r, 4);		/* versions */
	e->flags = (uint16_t)le(r, 2);
	e->method = (uint16_t)le(r, 2);
	e->time = (uint16_t)le(r, 2);
	e->date = (uint16_t)le(r, 2);
	e->crc = le(r, 4);
	e->packed = le(r, 4);
	e->size = le(r, 4);
	name = le(r, 2);
	extra = le(r, 2);
	comment = le(r, 2);
	(void)le(r, 4);		/* disk, internal attributes */
	(void)le(r, 4);
	e->offset = le(r, 4);
	e->name = read_bytes(r, name);
	more = read_bytes(r, extra);
	e->comment = read_bytes(r, comment);
	if (r->ran_out)
		return false;
	entry_extra(e, more);
	return true;
}

static bool
entry_local(struct reader *r, struct entry *e)
{
	uint32_t name, extra;

	if (le(r, 4) != LOCAL)
		return false;
	(void)le(r, 2);
	e->flags = (uint16_t)le(r, 2);
	e->method = (uint16_t)le(r, 2);
	e->time = (uint16_t)le(r, 2);
	e->date = (uint16_t)le(r, 2);
	e->crc = le(r, 4);
	e->packed = le(r, 4);
	e->size = le(r, 4);
	name = le(r, 2);
	extra = le(r, 2);
	e->name = read_bytes(r, name);
	e->comment = (struct bytes){ 0 };
	entry_extra(e, read_bytes(r, extra));
	return !r->ran_out;
}

static void
entry_show(struct decode *d, const struct entry *e)
{
	static const char *const methods[] = { [0] = "stored", [8] = "deflate", [9] = "deflate64", [12] = "bzip2", [14] = "lzma" };
	struct doc *to = decode_doc(d);
	const char *method = e->method < ARRAY_LEN(methods) && methods[e->method] ? methods[e->method] :
		e->method == 93 ? "zstd" : e->method == 95 ? "xz" : e->method == 99 ? "aes" : "?";

	doc_putf(to, ROLE_NUMBER, "%12" PRIu64 " ", e->size);
	doc_putf(to, ROLE_FAINT, "%12" PRIu64 " %-8s %04u-%02u-%02u %02u:%02u  ", e->packed, method, 1980u + (e->date >> 9),
		e->date >> 5 & 15u, e->date & 31u, e->time >> 11, e->time >> 5 & 63u);
	doc_put(to, e->name.len && e->name.at[e->name.len - 1] == '/' ? ROLE_KEY : ROLE_TEXT, e->name);
	if (e->flags & 1)
		doc_putf(to, ROLE_WARN, "  encrypted");
	if (e->comment.len) {
		doc_put(to, ROLE_FAINT, LIT("  "));
		doc_put(to, ROLE_FAINT, e->comment);
	}
	doc_line(to);
}

static void
zip_header(struct doc *to)
{
	doc_putf(to, ROLE_HEADER, "%12s %12s %-8s %-16s  %s", "SIZE", "PACKED", "METHOD", "TIME", "NAME");
	doc_line(to);
}

/* The last record, up to a comment before the end. */
static const uint8_t *
end_find(struct bytes all)
{
	size_t least = all.len > END_SIZE + COMMENT_MAX ? all.len - END_SIZE - COMMENT_MAX : 0;

	for (size_t i = all.len >= END_SIZE ? all.len - END_SIZE + 1 : 0; i-- > least;)
		if (!memcmp(all.at + i, "PK\5\6", 4))
			return all.at + i;
	return NULL;
}

struct directory { uint64_t entries, size, offset; struct bytes comment; };

static bool
directory_find(struct bytes all, struct directory *dir)
{
	const uint8_t *at = end_find(all);
	struct reader r, locator;
	uint64_t where;

	if (!at)
		return false;
	r = (struct reader){ { at, all.len - (size_t)(at - all.at) }, false };
	(void)le(&r, 4);
	(void)le(&r, 4);
	(void)le(&r, 2);
	dir->entries = le(&r, 2);
	dir->size = le(&r, 4);
	dir->offset = le(&r, 4);
	dir->comment = read_bytes(&r, le(&r, 2));
	if ((dir->entries != UINT16_MAX && dir->offset != UINT32_MAX) || at - all.at < 20)
		return true;
	locator = (struct reader){ { at - 20, 20 }, false };
	if (le(&locator, 4) != LOCATOR64)
		return true;
	(void)le(&locator, 4);
	where = le64(&locator);
	if (where > all.len)
		return true;
	r = (struct reader){ { all.at + where, all.len - (size_t)where }, false };
	if (le(&r, 4) != END64)
		return true;
	(void)le64(&r);
	(void)le64(&r);
	(void)le(&r, 4);
	(void)le64(&r);
	dir->entries = le64(&r);
	dir->size = le64(&r);
	dir->offset = le64(&r);
	return !r.ran_out;
}

/* What such archives are for, by an entry that all of them have. */
static const char *
zip_kind(struct bytes name)
{
	static const struct { const char *name, *kind; } kinds[] = {
		{ "[Content_Types].xml", "an Office document" }, { "META-INF/MANIFEST.MF", "a Java archive" },
		{ "AndroidManifest.xml", "an Android package" }, { "mimetype", "an OpenDocument or EPUB file" },
		{ "manifest.json", "an extension" },
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (bytes_are(name, kinds[i].name))
			return kinds[i].kind;
	return NULL;
}

static void
zip_sum(struct decode *d, uint64_t entries, uint64_t size, const char *kind)
{
	decode_words(d, "%" PRIu64 " %s", entries, entries == 1 ? "entry" : "entries");
	doc_putf(decode_doc(d), ROLE_FAINT, "%12" PRIu64 " bytes in %" PRIu64 " %s%s%s", size, entries, entries == 1 ? "entry" : "entries",
		kind ? ": " : "", kind ? kind : "");
	doc_line(decode_doc(d));
}

static bool
zip_central(struct decode *d, struct bytes all, const struct directory *dir)
{
	struct reader r = { all, false };
	uint64_t shown = 0, size = 0;
	const char *kind = NULL;
	struct entry e;

	(void)read_bytes(&r, dir->offset);
	while (shown < dir->entries && shown < ENTRIES_MAX && !doc_is_cut(decode_doc(d))) {
		const uint8_t *at = r.rest.at;

		if (!entry_central(&r, &e))
			break;
		if (e.offset < all.len && e.packed <= all.len - e.offset)
			decode_mark(d, (struct bytes){ all.at + e.offset, (size_t)(e.packed + LOCAL_SIZE + e.name.len < all.len - e.offset ?
				e.packed + LOCAL_SIZE + e.name.len : all.len - e.offset) });
		else
			decode_mark(d, (struct bytes){ at, (size_t)(r.rest.at - at) });
		entry_show(d, &e);
		kind = kind ? kind : zip_kind(e.name);
		size += e.size;
		shown++;
	}
	zip_sum(d, shown, size, kind);
	if (dir->comment.len) {
		doc_put(decode_doc(d), ROLE_FAINT, dir->comment);
		doc_line(decode_doc(d));
	}
	return shown == dir->entries || shown == ENTRIES_MAX;
}

/* As far as their sizes lead from one to the next. */
static void
zip_locals(struct decode *d, struct bytes all)
{
	struct reader r = { all, false };
	uint64_t shown = 0, size = 0;
	struct entry e = { .offset = 0 };

	while (shown < ENTRIES_MAX && r.rest.len >= LOCAL_SIZE && entry_local(&r, &e)) {
		entry_show(d, &e);
		shown++;
		size += e.size;
		if (e.flags & LATER && !e.packed)
			break;		/* its size stands behind it */
		(void)read_bytes(&r, e.packed);
		if (r.ran_out)
			break;
	}
	zip_sum(d, shown, size, NULL);
}

static void
zip_end(void *st, struct reader *in, struct decode *d)
{
	struct bytes all = in->rest;
	struct directory dir;
	bool whole = directory_find(all, &dir) && dir.offset < all.len;

	(void)st;
	if (!whole && (all.len < 4 || memcmp(all.at, "PK\3\4", 4))) {
		decode_fail(d, "no zip: it has no directory, and does not begin like one");
		return;
	}
	(void)read_bytes(in, in->rest.len);
	zip_header(decode_doc(d));
	if (!whole)
		zip_locals(d, all);
	if (!whole || !zip_central(d, all, &dir))
		decode_fail(d, whole ? "the directory ends before its entries do" : "cut off: it has no directory");
}

const struct decoder decoder_zip = {
	.name = "zip", .about = "what is in a zip archive, and in what is made of one", .stage = STAGE_PAYLOAD,
	.suits = zip_suits, .end = zip_end,
};
