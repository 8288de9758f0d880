/*
 * What a PDF says of itself: ISO 32000-1, section 7.5. It is looked through,
 * not read: what is in compressed streams is not seen.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "soth/buf.h"
#include "soth/decode.h"
#include "type.h"

enum { COLUMNS = 12, STRING_MAX = 4096, COUNT_DIGITS = 9 };

static int
pdf_suits(const struct hint *h, struct bytes first)
{
	if (type_is(h->type, "application/pdf"))
		return 90;
	return first.len > 8 && !memcmp(first.at, "%PDF-", 5) ? 60 : 0;
}

static void
pair(struct doc *to, const char *name, enum role role, struct bytes value)
{
	doc_putf(to, ROLE_KEY, "%-*s", COLUMNS, name);
	doc_hang(to, COLUMNS);
	doc_put(to, role, value);
	doc_line(to);
}

static void
pair_count(struct doc *to, const char *name, uint64_t n)
{
	doc_putf(to, ROLE_KEY, "%-*s", COLUMNS, name);
	doc_hang(to, COLUMNS);
	doc_putf(to, ROLE_NUMBER, "%" PRIu64, n);
	doc_line(to);
}

static bool
is_delimiter(uint8_t c)
{
	return isspace(c) || !c || strchr("()<>[]{}/%", c);
}

/* What stands behind the next /Name from *at on; false: there is none. */
static bool
name_next(struct bytes all, const char *name, size_t *at, struct bytes *value)
{
	size_t len = strlen(name);

	while (*at < all.len) {
		const uint8_t *found = memmem(all.at + *at, all.len - *at, name, len);
		size_t i;

		if (!found)
			return false;
		i = (size_t)(found - all.at) + len;
		*at = i;
		if (i < all.len && !is_delimiter(all.at[i]))
			continue;
		while (i < all.len && isspace(all.at[i]))
			i++;
		*value = (struct bytes){ all.at + i, all.len - i };
		return true;
	}
	return false;
}

static bool
number_of(struct bytes value, uint64_t *n)
{
	size_t i = 0;

	*n = 0;
	for (; i < value.len && i < COUNT_DIGITS && isdigit(value.at[i]); i++)
		*n = *n * 10 + (uint64_t)(value.at[i] - '0');
	return i;
}

/* The largest /Count is that of the root of pages; in a linearized file, /N. */
static bool
pages_of(struct bytes all, uint64_t *pages)
{
	struct bytes value;
	uint64_t n;
	size_t at = 0;

	*pages = 0;
	while (name_next(all, "/Count", &at, &value))
		if (number_of(value, &n) && n > *pages)
			*pages = n;
	at = 0;
	if (!*pages && name_next(all, "/Linearized", &at, &value) && name_next(all, "/N", &at, &value))
		(void)number_of(value, pages);
	return *pages;
}

/* (text \( with escapes), in PDFDocEncoding or UTF-16BE. */
static void
string_plain(struct bytes s, struct buf *out)
{
	unsigned depth = 0;

	for (size_t i = 0; i < s.len && out->len < STRING_MAX; i++) {
		uint8_t c = s.at[i];

		if (c == '(' && depth++ == 0)
			continue;
		if (c == ')' && --depth == 0)
			return;
		if (c == '\\' && i + 1 < s.len) {
			static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
			const char *known;

			c = s.at[++i];
			known = c ? strchr(from, c) : NULL;
			if (known) {
				c = (uint8_t)to[known - from];
			} else if (c >= '0' && c <= '7') {
				unsigned n = 0, digits = 0;

				for (; digits < 3 && i < s.len && s.at[i] >= '0' && s.at[i] <= '7'; digits++)
					n = n * 8 + (unsigned)(s.at[i++] - '0');
				i--;
				c = (uint8_t)n;
			}
		}
		if (!buf_add(out, (struct bytes){ &c, 1 }))
			return;
	}
}

static void
rune_put(struct doc *to, uint32_t c)
{
	uint8_t at[3];
	size_t n = 0;

	if (c < 0x80) {
		at[n++] = (uint8_t)c;
	} else if (c < 0x800) {
		at[n++] = (uint8_t)(0xc0 | c >> 6);
		at[n++] = (uint8_t)(0x80 | (c & 63));
	} else {
		at[n++] = (uint8_t)(0xe0 | c >> 12);
		at[n++] = (uint8_t)(0x80 | (c >> 6 & 63));
		at[n++] = (uint8_t)(0x80 | (c & 63));
	}
	doc_put(to, ROLE_STRING, (struct bytes){ at, n });
}

/* UTF-16BE by its mark; else as Latin-1, which is near to what they use. */
static void
string_put(struct doc *to, struct bytes s)
{
	bool wide = s.len >= 2 && s.at[0] == 0xfe && s.at[1] == 0xff;

	if (s.len >= 3 && !memcmp(s.at, "\xef\xbb\xbf", 3)) {
		doc_put(to, ROLE_STRING, (struct bytes){ s.at + 3, s.len - 3 });
		return;
	}
	for (size_t i = wide ? 2 : 0; i + wide < s.len; i += 1u + wide)
		rune_put(to, wide ? (uint32_t)(s.at[i] << 8 | s.at[i + 1]) : s.at[i]);
}

/* The entries of the information dictionary, where they stand plain. */
static void
pdf_information(struct decode *d, struct bytes all, bool encrypted)
{
	static const struct { const char *name, *words; } entries[] = {
		{ "/Title", "title" }, { "/Author", "author" }, { "/Subject", "subject" }, { "/Keywords", "keywords" },
		{ "/Creator", "creator" }, { "/Producer", "producer" }, { "/CreationDate", "created" }, { "/ModDate", "changed" },
	};
	struct doc *to = decode_doc(d);

	for (size_t i = 0; i < ARRAY_LEN(entries) && !encrypted; i++) {
		struct bytes value;
		struct buf text;
		size_t at = 0;
		bool found = false;

		while (!found && name_next(all, entries[i].name, &at, &value))
			found = value.len && *value.at == '(';
		if (!found)
			continue;
		buf_init(&text, STRING_MAX + 16);
		string_plain(value, &text);
		if (text.len) {
			doc_putf(to, ROLE_KEY, "%-*s", COLUMNS, entries[i].words);
			doc_hang(to, COLUMNS);
			string_put(to, buf_bytes(&text));
			doc_line(to);
		}
		buf_release(&text);
	}
}

static uint64_t
count_of(struct bytes all, const char *what)
{
	size_t len = strlen(what);
	const uint8_t *at = all.at, *end = all.at + all.len, *found;
	uint64_t n = 0;

	while ((found = memmem(at, (size_t)(end - at), what, len))) {
		n++;
		at = found + len;
	}
	return n;
}

static void
pdf_end(void *st, struct reader *in, struct decode *d)
{
	struct bytes all = in->rest, value, version = { all.at + 5, 0 };
	struct doc *to = decode_doc(d);
	bool encrypted;
	uint64_t pages;
	size_t at = 0;

	(void)st;
	if (all.len < 8 || memcmp(all.at, "%PDF-", 5)) {
		decode_fail(d, "no PDF: it does not begin with %%PDF-");
		return;
	}
	while (version.len < 8 && version.len + 5 < all.len && version.at[version.len] > ' ')
		version.len++;
	pair(to, "version", ROLE_NUMBER, version);
	if (pages_of(all, &pages))
		pair_count(to, "pages", pages);
	encrypted = name_next(all, "/Encrypt", &at, &value);
	pdf_information(d, all, encrypted);
	pair_count(to, "objects", count_of(all, " obj"));
	pair_count(to, "streams", count_of(all, "endstream"));
	if (memmem(all.at, all.len < 2048 ? all.len : 2048, "/Linearized", 11))
		pair(to, "linearized", ROLE_WORD, LIT("yes"));
	if (encrypted)
		pair(to, "encrypted", ROLE_WARN, LIT("yes"));
	if (memmem(all.at, all.len, "<x:xmpmeta", 10))
		pair(to, "XMP", ROLE_WORD, LIT("yes"));
	if (!memmem(all.at + (all.len > 2048 ? all.len - 2048 : 0), all.len > 2048 ? 2048 : all.len, "%%EOF", 5))
		pair(to, "end", ROLE_ERROR, LIT("it is missing: cut off"));
	(void)read_bytes(in, in->rest.len);
}

const struct decoder decoder_pdf = {
	.name = "pdf", .about = "what a PDF says of itself", .stage = STAGE_PAYLOAD, .suits = pdf_suits, .end = pdf_end,
};
