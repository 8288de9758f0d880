/* Parts between boundaries, each with fields and a body: RFC 2046 section 5.1, RFC 7578. */
#include <stdio.h>
#include <string.h>

#include "soth/decode.h"
#include "type.h"

enum { BOUNDARY_MAX = 80 };

static int
multipart_suits(const struct hint *h, struct bytes first)
{
	(void)first;
	return h->type.len > 10 && bytes_like((struct bytes){ h->type.at, 10 }, "multipart/") &&
		type_parameter(h->type, "boundary").len ? 90 : 0;
}

/* Where the next "--boundary" begins a line; NULL: nowhere. */
static const uint8_t *
multipart_next(struct bytes all, const char *mark, size_t len)
{
	const uint8_t *from = all.at, *end = all.at + all.len, *at;

	while ((at = memmem(from, (size_t)(end - from), mark, len))) {
		if (at == all.at || at[-1] == '\n')
			return at;
		from = at + 1;
	}
	return NULL;
}

static void
multipart_field(struct doc *to, struct bytes line, struct hint *inner)
{
	const uint8_t *colon = memchr(line.at, ':', line.len);
	struct bytes name = { line.at, colon ? (size_t)(colon - line.at) : line.len }, value = { 0 };

	if (colon)
		value = bytes_trim((struct bytes){ colon + 1, line.len - name.len - 1 });
	if (bytes_like(name, "content-type"))
		inner->type = value;
	doc_put(to, ROLE_KEY, name);
	doc_put(to, ROLE_MARK, colon ? LIT(": ") : LIT(""));
	doc_put(to, ROLE_STRING, value);
	doc_line(to);
}

/* Fields, an empty line, a body. */
static void
multipart_part(struct decode *d, unsigned number, struct bytes part)
{
	struct reader r = { part, false };
	struct hint inner = { .side = decode_hint(d)->side };
	struct doc *to = decode_doc(d);

	doc_putf(to, ROLE_TITLE, "part %u", number);
	doc_putf(to, ROLE_FAINT, "  %zu bytes", part.len);
	doc_line(to);
	doc_in(to);
	for (;;) {
		struct bytes line = read_line(&r);

		if (r.ran_out || !line.len)
			break;
		multipart_field(to, line, &inner);
	}
	if (!r.ran_out)
		decode_inner(d, &inner, r.rest);
	doc_out(to);
}

static void
multipart_end(void *st, struct reader *in, struct decode *d)
{
	struct bytes boundary = type_parameter(decode_hint(d)->type, "boundary"), all = in->rest;
	char mark[BOUNDARY_MAX + 3];
	size_t len = (size_t)snprintf(mark, sizeof(mark), "--%.*s", (int)(boundary.len < BOUNDARY_MAX ?
		boundary.len : BOUNDARY_MAX), (const char *)boundary.at);
	const uint8_t *at = multipart_next(all, mark, len), *end = all.at + all.len, *next;
	unsigned number = 0;

	(void)st;
	in->rest.len = 0;
	while (at) {
		struct reader r = { { at + len, (size_t)(end - at) - len }, false };
		struct bytes part;

		if (r.rest.len >= 2 && !memcmp(r.rest.at, "--", 2))
			return;
		(void)read_line(&r);
		part = r.rest;
		next = r.ran_out ? NULL : multipart_next(part, mark, len);
		if (next)
			part.len = (size_t)(next - part.at);
		if (next && part.len && part.at[part.len - 1] == '\n')
			part.len -= part.len > 1 && part.at[part.len - 2] == '\r' ? 2 : 1;
		if (part.len || next)
			multipart_part(d, ++number, part);
		at = next;
	}
	if (!number)
		in->rest = all;
	decode_fail(d, number ? "no boundary at the end" : "the boundary is not in it");
}

const struct decoder decoder_multipart = {
	.stage = STAGE_PAYLOAD,
	.name = "multipart", .about = "parts, each with fields and a body",
	.suits = multipart_suits, .end = multipart_end,
};
