/* A part of a multipart body: RFC 2046 section 5.1, RFC 7578 section 4. */
#include <string.h>

#include "base64.h"
#include "multipart_inside.h"
#include "quoted.h"
#include "type.h"

struct part {
	struct bytes type, transfer, coding, name, filename;
};

size_t
multipart_head(struct bytes part)
{
	struct reader r = { part, false };

	for (;;) {
		struct bytes line = read_line(&r);

		if (r.ran_out)
			return 0;
		if (!line.len)
			return part.len - r.rest.len;
	}
}

/* How long the parameter is, up to the ; that stands in no quotes. */
static size_t
parameter_ends(struct bytes s)
{
	bool quoted = false;
	size_t n = 0;

	for (; n < s.len && (quoted || s.at[n] != ';'); n++) {
		if (s.at[n] == '"')
			quoted = !quoted;
		n += quoted && s.at[n] == '\\' && n + 1 < s.len;
	}
	return n;
}

/* name="f"; filename="a;b" */
static struct bytes
part_parameter(struct bytes value, const char *name)
{
	while (value.len) {
		size_t n = parameter_ends(value);
		struct bytes one = { value.at, n };
		const uint8_t *eq = memchr(one.at, '=', one.len);

		value = (struct bytes){ value.at + n + (n < value.len), value.len - n - (n < value.len) };
		if (!eq || !bytes_like(bytes_trim((struct bytes){ one.at, (size_t)(eq - one.at) }), name))
			continue;
		one = bytes_trim((struct bytes){ eq + 1, one.len - (size_t)(eq + 1 - one.at) });
		if (one.len > 1 && *one.at == '"' && one.at[one.len - 1] == '"')
			one = (struct bytes){ one.at + 1, one.len - 2 };
		return one;
	}
	return (struct bytes){ 0 };
}

static void
part_field(struct part *p, struct bytes name, struct bytes value)
{
	if (bytes_like(name, "content-type"))
		p->type = value;
	else if (bytes_like(name, "content-transfer-encoding"))
		p->transfer = value;
	else if (bytes_like(name, "content-encoding"))
		p->coding = value;
	if (!bytes_like(name, "content-disposition"))
		return;
	p->name = part_parameter(value, "name");
	p->filename = part_parameter(value, "filename");
	if (!p->filename.len)
		p->filename = part_parameter(value, "filename*");
}

/* Reads the fields; writes them, where `to` is not NULL. */
static struct part
part_head(struct bytes head, struct doc *to)
{
	struct reader r = { head, false };
	struct part p = { 0 };

	while (r.rest.len) {
		bool whole = memchr(r.rest.at, '\n', r.rest.len);
		struct bytes line = whole ? read_line(&r) : read_bytes(&r, r.rest.len), name = line, value = { 0 };
		const uint8_t *colon = line.len ? memchr(line.at, ':', line.len) : NULL;

		if (colon) {
			name.len = (size_t)(colon - line.at);
			value = bytes_trim((struct bytes){ colon + 1, line.len - name.len - 1 });
		}
		part_field(&p, name, value);
		if (!to || !line.len)
			continue;
		doc_put(to, ROLE_KEY, name);
		doc_put(to, ROLE_MARK, colon ? LIT(": ") : LIT(""));
		doc_put(to, ROLE_STRING, value);
		doc_line(to);
	}
	return p;
}

/* part 1  name  file.txt  7 bytes */
void
multipart_begin(struct decode *d, unsigned number, struct bytes head, struct bytes body, bool whole)
{
	struct part p = part_head(head, NULL);
	struct doc *to = decode_doc(d);

	if (body.len && whole)
		decode_mark(d, body);
	doc_putf(to, ROLE_TITLE, "part %u", number);
	if (p.name.len)
		doc_put(to, ROLE_MARK, LIT("  "));
	doc_put(to, ROLE_KEY, p.name);
	if (p.filename.len)
		doc_put(to, ROLE_MARK, LIT("  "));
	doc_put(to, ROLE_STRING, p.filename);
	doc_putf(to, ROLE_FAINT, whole ? "  %zu byte%s" : "  more than %zu byte%s", body.len, body.len == 1 ? "" : "s");
	doc_line(to);
	doc_in(to);
	(void)part_head(head, to);
	doc_out(to);
}

void
multipart_body(struct decode *d, struct bytes head, struct bytes body)
{
	static const struct { const char *name; bool (*decode)(struct bytes in, struct buf *out); } codings[] = {
		{ "base64", base64_decode }, { "quoted-printable", quoted_decode },
	};
	struct part p = part_head(head, NULL);
	struct hint inner = { .side = decode_hint(d)->side, .type = p.type, .coding = p.coding };
	struct doc *to = decode_doc(d);
	struct buf plain;

	buf_init(&plain, MULTIPART_WHOLE + 64);
	doc_in(to);
	for (size_t i = 0; i < ARRAY_LEN(codings); i++) {
		if (!bytes_like(p.transfer, codings[i].name))
			continue;
		if (codings[i].decode(body, &plain)) {
			body = buf_bytes(&plain);
			break;
		}
		doc_putf(to, ROLE_ERROR, "(this is not %s)", codings[i].name);
		doc_line(to);
	}
	decode_inner(d, &inner, body);
	doc_out(to);
	buf_release(&plain);
}

void
multipart_piece(struct decode *d, struct bytes piece, bool text)
{
	struct hint inner = { .as = text ? "text" : "hex" };

	doc_in(decode_doc(d));
	decode_inner(d, &inner, piece);
	doc_out(decode_doc(d));
}
