/*
 * Rows of fields: CSV (RFC 4180, and with other separators than a comma) and
 * https://www.iana.org/assignments/media-types/text/tab-separated-values
 *
 *	name,"a ""quoted"" field",last
 *
 * Columns are as wide as the first rows have them.
 */
#include <string.h>

#include "soth/decode.h"
#include "soth/utf8.h"
#include "type.h"

enum { SAMPLE = 16 << 10, ROW_MAX = 3 << 20, COLUMNS_MAX = 64, WIDTH_MAX = 32 };

enum place { FIELD_BEGINS, FIELD_PLAIN, FIELD_QUOTED, FIELD_CLOSED };

struct csv {			/* a value */
	uint8_t width[COLUMNS_MAX];
	uint64_t rows;
	size_t seen;		/* bytes of the row that need not be looked at again */
	enum place place;	/* after them */
	uint8_t separator;	/* 0: not yet known */
	bool head;		/* the next row is of names */
};

static int
csv_suits(const struct hint *h, struct bytes first)
{
	(void)first;
	return type_is(h->type, "text/csv") || type_is(h->type, "text/tab-separated-values") ||
		type_is(h->type, "application/csv") ? 90 : 0;
}

static struct bytes
at_most(struct bytes b, size_t most)
{
	return (struct bytes){ b.at, b.len < most ? b.len : most };
}

static enum place
place_after(enum place p, uint8_t c, uint8_t separator)
{
	if (p == FIELD_QUOTED)
		return c == '"' ? FIELD_CLOSED : FIELD_QUOTED;
	if (c == separator || c == '\n')
		return FIELD_BEGINS;
	if (c == '"' && p != FIELD_PLAIN)
		return FIELD_QUOTED;
	return FIELD_PLAIN;
}

/* The length of the row that `in` begins with, and its line end; 0: not in there. */
static size_t
row_end(struct csv *t, struct bytes in)
{
	for (; t->seen < in.len; t->seen++) {
		uint8_t c = in.at[t->seen];

		t->place = place_after(t->place, c, t->separator);
		if (c == '\n' && t->place == FIELD_BEGINS) {
			size_t len = t->seen + 1;

			t->seen = 0;
			return len;
		}
	}
	return 0;
}

/* The next field of a row, as it is written; false: there is none. */
static bool
field_next(struct bytes *row, uint8_t separator, struct bytes *field)
{
	enum place p = FIELD_BEGINS;

	if (!row->at)
		return false;
	*field = (struct bytes){ row->at, 0 };
	for (; field->len < row->len; field->len++) {
		uint8_t c = row->at[field->len];

		if (c == separator && p != FIELD_QUOTED) {
			*row = (struct bytes){ row->at + field->len + 1, row->len - field->len - 1 };
			return true;
		}
		p = place_after(p, c, separator);
	}
	*row = (struct bytes){ 0 };
	return true;
}

/* What can be shown as it is: up to a quote or a line end. */
static size_t
piece_len(struct bytes b, bool quoted)
{
	size_t n = 0;

	while (quoted && n < b.len && b.at[n] != '"' && b.at[n] != '\n' && b.at[n] != '\r')
		n++;
	return quoted ? n : b.len;
}

/* Without its quotes, two within being one, and a line end a mark. Its columns;
 * where `to` is NULL it is not shown. */
static size_t
field_show(struct doc *to, enum role role, struct bytes f)
{
	bool quoted = f.len && *f.at == '"';
	size_t width = 0, n;

	if (quoted)
		f = (struct bytes){ f.at + 1, f.len - 1 };
	while (f.len) {
		struct bytes piece = { f.at, piece_len(f, quoted) };

		width += utf8_columns(piece);
		if (to)
			doc_put(to, role, piece);
		f = (struct bytes){ f.at + piece.len, f.len - piece.len };
		if (!f.len)
			break;
		n = f.len > 1 && ((*f.at == '"' && f.at[1] == '"') || (*f.at == '\r' && f.at[1] == '\n')) ? 2 : 1;
		if (to && (*f.at != '"' || n == 2))
			doc_put(to, *f.at == '"' ? role : ROLE_MARK, *f.at == '"' ? LIT("\"") : LIT("⏎"));
		width += *f.at != '"' || n == 2;
		quoted = *f.at != '"' || n == 2;
		f = (struct bytes){ f.at + n, f.len - n };
	}
	return width;
}

static struct bytes
row_bare(struct bytes row)
{
	if (row.len && row.at[row.len - 1] == '\n')
		row.len--;
	if (row.len && row.at[row.len - 1] == '\r')
		row.len--;
	return row;
}

static void
pad(struct doc *to, size_t from, size_t width)
{
	static const char blanks[WIDTH_MAX] = "                                ";

	if (from < width)
		doc_put(to, ROLE_TEXT, (struct bytes){ (const uint8_t *)blanks, width - from });
}

static void
row_show(struct csv *t, struct decode *d, struct bytes row)
{
	struct doc *to = decode_doc(d);
	struct bytes rest = row_bare(row), field;
	size_t width = 0;

	decode_mark(d, row);
	for (size_t i = 0; field_next(&rest, t->separator, &field); i++) {
		if (i) {
			pad(to, width, i <= COLUMNS_MAX ? t->width[i - 1] : 0);
			doc_put(to, ROLE_MARK, LIT(" │ "));
		}
		width = field_show(to, t->head ? ROLE_HEADER : ROLE_TEXT, field);
	}
	doc_line(to);
	t->rows += !t->head;
	t->head = false;
}

/* That of the usual ones which the first line has most of. */
static uint8_t
separator_of(const struct hint *h, struct bytes sample)
{
	static const uint8_t usual[] = ",;\t|";
	size_t most = 0, count[sizeof(usual)] = { 0 };

	if (type_is(h->type, "text/tab-separated-values"))
		return '\t';
	for (size_t i = 0; i < sample.len && sample.at[i] != '\n'; i++)
		for (size_t k = 0; usual[k]; k++)
			count[k] += sample.at[i] == usual[k];
	for (size_t k = 1; usual[k]; k++)
		if (count[k] > count[most])
			most = k;
	return usual[most];
}

static void
widths_learn(struct csv *t, struct bytes sample)
{
	struct csv scan = { .separator = t->separator };
	struct bytes rest, field;

	while (sample.len) {
		size_t len = row_end(&scan, sample);

		len = len ? len : sample.len;
		rest = row_bare((struct bytes){ sample.at, len });
		for (size_t i = 0; i < COLUMNS_MAX && field_next(&rest, t->separator, &field); i++) {
			size_t width = field_show(NULL, ROLE_TEXT, field);

			width = width < WIDTH_MAX ? width : WIDTH_MAX;
			t->width[i] = width > t->width[i] ? (uint8_t)width : t->width[i];
		}
		sample = (struct bytes){ sample.at + len, sample.len - len };
	}
}

static void
csv_begin(struct csv *t, struct reader *in, const struct hint *h)
{
	struct bytes sample;

	if (in->rest.len > 2 && !memcmp(in->rest.at, "\xef\xbb\xbf", 3))
		(void)read_bytes(in, 3);
	sample = at_most(in->rest, SAMPLE);
	t->separator = separator_of(h, sample);
	t->head = !bytes_like(type_parameter(h->type, "header"), "absent");
	widths_learn(t, sample);
}

static void
csv_count(const struct csv *t, struct decode *d)
{
	decode_words(d, "%llu row%s", (unsigned long long)t->rows, t->rows == 1 ? "" : "s");
}

/* Those that are whole; false: it cannot go on. */
static bool
csv_rows(struct csv *t, struct reader *in, struct decode *d)
{
	size_t len;

	while ((len = row_end(t, at_most(in->rest, ROW_MAX))))
		row_show(t, d, read_bytes(in, len));
	csv_count(t, d);
	if (in->rest.len < ROW_MAX)
		return true;
	decode_fail(d, "a row is larger than %d MiB", ROW_MAX >> 20);
	return false;
}

/* The sample, and a mark before it, are waited for: so it is always the same. */
static void
csv_feed(void *st, struct reader *in, struct decode *d)
{
	struct csv *t = st;

	if (!t->separator && in->rest.len < SAMPLE + 3)
		return;
	if (!t->separator)
		csv_begin(t, in, decode_hint(d));
	(void)csv_rows(t, in, d);
}

static void
csv_end(void *st, struct reader *in, struct decode *d)
{
	struct csv *t = st;
	bool quoted;

	if (!t->separator)
		csv_begin(t, in, decode_hint(d));
	if (!csv_rows(t, in, d))
		return;
	quoted = t->place == FIELD_QUOTED;
	if (in->rest.len)
		row_show(t, d, read_bytes(in, in->rest.len));
	csv_count(t, d);
	if (quoted)
		decode_fail(d, "cut off: a quoted field has no end");
}

const struct decoder decoder_csv = {
	.name = "csv", .about = "rows of fields, separated by commas or tabs", .stage = STAGE_PAYLOAD,
	.size = sizeof(struct csv), .suits = csv_suits, .feed = csv_feed, .end = csv_end,
};
