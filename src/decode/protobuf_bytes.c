/* Protobuf values that have a length: text, bytes, and numbers packed together. */
#include <string.h>

#include "protobuf_inside.h"

enum { ROW = 16, PACKED_LINE_MAX = 16, PACKED_ROW = 8 };

/* Where the text has lines, so have we; the quotes stand around it all. */
void
text_show(struct protobuf *p, const struct wire_field *f, const struct look *l)
{
	struct bytes text = f->payload;
	const uint8_t *nl;

	(void)l;
	doc_put(p->to, ROLE_MARK, LIT(": "));
	doc_put(p->to, ROLE_STRING, LIT("\""));
	doc_in(p->to);
	while (text.len && (nl = memchr(text.at, '\n', text.len))) {
		size_t n = (size_t)(nl - text.at);

		doc_put(p->to, ROLE_STRING, (struct bytes){ text.at, n - (n && nl[-1] == '\r') });
		doc_line(p->to);
		decode_mark(p->d, f->payload);
		text = (struct bytes){ nl + 1, text.len - n - 1 };
	}
	doc_put(p->to, ROLE_STRING, text);
	doc_put(p->to, ROLE_STRING, LIT("\""));
	protobuf_line(p);
	doc_out(p->to);
}

/* "0010  68 65 6c 6c 6f 00 01 02  03 04                    hello....." */
static void
hex_row(struct protobuf *p, struct bytes row, size_t offset)
{
	static const char digit[] = "0123456789abcdef";
	char hex[3 * ROW + 1], plain[ROW];
	size_t n = 0;

	for (size_t i = 0; i < ROW; i++) {
		hex[n++] = i < row.len ? digit[row.at[i] >> 4] : ' ';
		hex[n++] = i < row.len ? digit[row.at[i] & 15] : ' ';
		hex[n++] = ' ';
		if (i == ROW / 2 - 1)
			hex[n++] = ' ';
		if (i < row.len)
			plain[i] = row.at[i] >= 0x20 && row.at[i] < 0x7f ? (char)row.at[i] : '.';
	}
	decode_mark(p->d, row);
	doc_putf(p->to, ROLE_FAINT, "%04zx  ", offset);
	doc_put(p->to, ROLE_NUMBER, (struct bytes){ (uint8_t *)hex, n });
	doc_put(p->to, ROLE_MARK, LIT(" "));
	doc_put(p->to, ROLE_STRING, (struct bytes){ (uint8_t *)plain, row.len });
	doc_line(p->to);
}

/* A few on the line, more below it. */
void
bytes_show(struct protobuf *p, const struct wire_field *f, const struct look *l)
{
	struct bytes all = f->payload;

	doc_put(p->to, ROLE_MARK, LIT(": "));
	for (size_t i = 0; all.len <= ROW && i < all.len; i++)
		doc_putf(p->to, ROLE_NUMBER, "%02x ", all.at[i]);
	doc_putf(p->to, ROLE_FAINT, "%s%zu byte%s", all.len && all.len <= ROW ? " " : "", all.len, all.len == 1 ? "" : "s");
	if (l->guessed)
		guess_beside(p, f);
	protobuf_line(p);
	if (all.len <= ROW)
		return;
	doc_in(p->to);
	for (size_t at = 0; at < all.len; at += ROW)
		hex_row(p, (struct bytes){ all.at + at, all.len - at < ROW ? all.len - at : ROW }, at);
	doc_out(p->to);
}

void
json_show(struct protobuf *p, const struct wire_field *f, const struct look *l)
{
	struct hint inner = { .type = LIT("application/json"), .message = true, .side = decode_hint(p->d)->side };

	(void)l;
	doc_put(p->to, ROLE_MARK, LIT(": "));
	doc_putf(p->to, ROLE_FAINT, "%zu bytes", f->payload.len);
	protobuf_line(p);
	decode_inner(p->d, &inner, f->payload);
}

/* The next of packed numbers; false: there is none. */
static bool
packed_next(struct reader *r, unsigned width, uint64_t *v)
{
	struct bytes fixed;

	if (!r->rest.len)
		return false;
	if (!width) {
		*v = read_varint(r);
		return !r->ran_out;
	}
	fixed = read_bytes(r, width);
	*v = 0;
	for (size_t i = fixed.len; i; i--)
		*v = *v << 8 | fixed.at[i - 1];
	return !r->ran_out;
}

static size_t
packed_count(struct reader *r, unsigned width)
{
	uint64_t v;
	size_t n = 0;

	while (packed_next(r, width, &v))
		n++;
	return n;
}

const char *
packed_unfit(struct protobuf *p, const struct wire_field *f, const struct look *l)
{
	struct reader r = { f->payload, false };

	(void)p;
	(void)packed_count(&r, l->kind->width);
	if (!r.ran_out)
		return NULL;
	return l->kind->width ? "its length is no multiple of theirs" : "they do not end where it does";
}

static void
packed_numbers(struct protobuf *p, struct reader *r, const struct look *l, size_t most)
{
	uint64_t v;

	while (most-- && packed_next(r, l->kind->width, &v)) {
		l->kind->put(p->to, l, v);
		if (r->rest.len)
			doc_put(p->to, ROLE_MARK, most ? LIT(", ") : LIT(","));
	}
}

/* A few on the line, more below it. */
void
packed_show(struct protobuf *p, const struct wire_field *f, const struct look *l)
{
	struct reader r = { f->payload, false };
	size_t count = packed_count(&r, l->kind->width);

	r = (struct reader){ f->payload, false };
	doc_put(p->to, ROLE_MARK, count > PACKED_LINE_MAX ? LIT(" [") : LIT(": ["));
	if (count <= PACKED_LINE_MAX) {
		packed_numbers(p, &r, l, count);
		doc_put(p->to, ROLE_MARK, LIT("]"));
		protobuf_line(p);
		return;
	}
	doc_putf(p->to, ROLE_FAINT, "  %zu numbers", count);
	protobuf_line(p);
	doc_in(p->to);
	while (r.rest.len) {
		struct bytes row = r.rest;

		packed_numbers(p, &r, l, PACKED_ROW);
		row.len -= r.rest.len;
		decode_mark(p->d, row);
		doc_line(p->to);
	}
	doc_out(p->to);
	doc_put(p->to, ROLE_MARK, LIT("]"));
	doc_line(p->to);
}
