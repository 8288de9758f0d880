/* Requests as JavaScript: fetch, as browsers and Node.js have it.
 * https://fetch.spec.whatwg.org/ */
#include <string.h>

#include "resend.h"
#include "soth/utf8.h"
#include "typed.h"

/* What a program may not set by itself (section 2.2.2), and Node.js does not let it. */
static bool
is_forbidden(struct bytes name)
{
	static const char *const names[] = { "host", "connection", "upgrade", "expect", "te", "trailer", "keep-alive" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (bytes_like(name, names[i]))
			return true;
	return false;
}

/* "..." of UTF-8; what is not printable as \u. Of other bytes each is a character, as fields have them. */
static void
literal(FILE *out, struct bytes b)
{
	bool utf8 = utf8_valid(b);
	uint32_t rune;

	fputc('"', out);
	for (size_t used; b.len; b = bytes_from(b, used)) {
		used = utf8 ? utf8_next(b, &rune) : 1;
		rune = utf8 ? rune : *b.at;
		if (rune == '"' || rune == '\\')
			fprintf(out, "\\%c", (int)rune);
		else if (rune == '\n' || rune == '\r' || rune == '\t')
			fprintf(out, "\\%c", rune == '\n' ? 'n' : rune == '\r' ? 'r' : 't');
		else if (rune > 0xffff)
			fprintf(out, "\\u{%x}", rune);
		else if (rune < ' ' || rune == 0x7f || (rune > 0x7f && !utf8_printable(rune)) || rune == 0x2028 || rune == 0x2029 ||
				(!utf8 && rune > 0x7f))
			fprintf(out, "\\u%04x", rune);
		else
			fwrite(b.at, 1, used, out);
	}
	fputc('"', out);
}

static void
field(FILE *out, struct bytes name, struct bytes value)
{
	fputs("    [", out);
	literal(out, name);
	fputs(", ", out);
	literal(out, value);
	fputs("],\n", out);
}

static void
fields(FILE *out, const struct resend *r)
{
	struct field f;

	fputs("  headers: [\n", out);
	for (size_t i = 0; i < head_count(r->head); i++)
		if (resend_tells(r, i, &f) && !is_forbidden(f.name))
			field(out, f.name, f.value);
	if (r->cookie.len)
		field(out, LIT("cookie"), buf_bytes(&r->cookie));
	fputs("  ],\n", out);
}

static void
body(FILE *out, struct bytes b)
{
	struct buf packed;

	if (utf8_valid(b)) {
		fputs("  body: ", out);
		literal(out, b);
		fputs(",\n", out);
		return;
	}
	buf_init(&packed, (b.len + 2) / 3 * 4);
	if (typed_base64(b, &packed)) {
		fputs("  body: Uint8Array.from(atob(", out);
		literal(out, buf_bytes(&packed));
		fputs("), c => c.charCodeAt(0)),\n", out);
	}
	buf_release(&packed);
}

static void
missing(FILE *out, const struct resend *r, bool bodiless)
{
	size_t left = r->host;
	struct field f;

	for (size_t i = 0; i < head_count(r->head); i++)
		left += resend_tells(r, i, &f) && is_forbidden(f.name) && !bytes_like(f.name, "host");
	if (left)
		fprintf(out, "// %zu fields may not be set by fetch\n", left);
	if (bodiless && r->body.bytes.len)
		fputs("// fetch sends no body with this method\n", out);
	if (!r->plain)
		fputs("// fetch may write its target in another way\n", out);
}

static void
url(FILE *out, const struct resend *r)
{
	struct bytes base = buf_bytes(&r->url), target = buf_bytes(&r->target);
	struct buf all;

	if (!r->plain && target.len && *target.at == '/')
		base.len--;
	buf_init(&all, base.len + target.len + 1);
	if (buf_add(&all, base) && (r->plain || buf_add(&all, target)))
		literal(out, buf_bytes(&all));
	buf_release(&all);
}

static void
fetch_one(FILE *out, const struct resend *r)
{
	struct bytes method = head_method(r->head);
	bool bodiless = bytes_are(method, "GET") || bytes_are(method, "HEAD");

	missing(out, r, bodiless);
	fputs("await fetch(", out);
	url(out, r);
	fputs(", {\n  method: ", out);
	literal(out, method);
	fputs(",\n", out);
	fields(out, r);
	if (r->body.bytes.len && !bodiless)
		body(out, r->body.bytes);
	fputs("  redirect: \"manual\",\n}).then(async r => console.log(r.status, await r.text()));\n", out);
}

static bool
fetch_write(FILE *out, const struct convert_flows *from, struct fault *why)
{
	return resend_write(out, from, &(struct resend_form){ "//", NULL, fetch_one }, why);
}

const struct format format_fetch = {
	.name = "fetch", .about = "JavaScript's fetch, which sends the requests again", .suffixes = ".mjs .js", .write = fetch_write,
};
