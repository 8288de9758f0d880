/* Requests as .http files: what cannot stand there as it is, is base64, and comments say so. */
#include <string.h>

#include "httpfile_write.h"
#include "resend.h"
#include "shellword.h"
#include "soth/utf8.h"

/* {{ begins a variable. */
static void
text(FILE *out, struct bytes b)
{
	while (b.len) {
		const uint8_t *open = memmem(b.at, b.len, "{{", 2);
		size_t n = open ? (size_t)(open - b.at) : b.len;

		fwrite(b.at, 1, n, out);
		if (open)
			fputs("{{$braces}}", out);
		b = bytes_from(b, n + 2);
	}
}

static bool
begins(struct bytes b, const char *with)
{
	return b.len >= strlen(with) && !memcmp(b.at, with, strlen(with));
}

/* A line that would be read as something else. */
static bool
means_more(struct bytes line)
{
	static const char *const signs[] = { "###", "< ", "<@ ", "> ", ">> ", ">>! ", "<> " };

	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (begins(line, signs[i]))
			return true;
	return false;
}

static bool
all_crlf(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if ((b.at[i] == '\n' && (!i || b.at[i - 1] != '\r')) || (b.at[i] == '\r' && (i + 1 == b.len || b.at[i + 1] != '\n')))
			return false;
	return true;
}

/* It comes back the same: it neither begins nor ends with a line end, and what editors would obey is not in it. */
static bool
stands(struct bytes b, bool multipart)
{
	bool crlf = memchr(b.at, '\r', b.len);

	if (!utf8_valid(b) || memchr(b.at, '\0', b.len) || *b.at == '\n' || *b.at == '\r' || b.at[b.len - 1] == '\n' ||
			b.at[b.len - 1] == '\r' || crlf || multipart)
		return multipart && crlf && utf8_valid(b) && all_crlf(b) && *b.at == '-' && b.at[b.len - 1] == '-';
	for (struct bytes rest = b; rest.len; ) {
		const uint8_t *end = memchr(rest.at, '\n', rest.len);

		if (means_more(rest))
			return false;
		rest = bytes_from(rest, end ? (size_t)(end - rest.at) + 1 : rest.len);
	}
	return true;
}

static bool
is_multipart(const struct head *h)
{
	struct bytes type = head_find(h, "content-type");

	return type.len > 10 && bytes_like((struct bytes){ type.at, 10 }, "multipart/");
}

/* In a multipart body every line ends with CR LF, which the file leaves out. */
static void
body(FILE *out, struct bytes b, bool multipart)
{
	for (struct bytes rest = b; multipart && rest.len; ) {
		const uint8_t *end = memchr(rest.at, '\r', rest.len);
		size_t n = end ? (size_t)(end - rest.at) : rest.len;

		text(out, (struct bytes){ rest.at, n });
		if (end)
			fputc('\n', out);
		rest = bytes_from(rest, n + 2);
	}
	if (!multipart)
		text(out, b);
	fputc('\n', out);
}

static void
one(FILE *out, const struct resend *r)
{
	struct bytes b = r->body.bytes, method = head_method(r->head);
	bool multipart = is_multipart(r->head), plain = !b.len || stands(b, multipart);
	struct field f;

	if (!r->plain)
		fprintf(out, "# @target %.*s\n", (int)r->target.len, (const char *)r->target.at);
	if (!plain)
		fputs("# @base64\n", out);
	fprintf(out, "%.*s ", (int)method.len, (const char *)method.at);
	text(out, buf_bytes(&r->url));
	fputs(head_version(r->head) == HTTP_2 ? " HTTP/2\n" : head_version(r->head) == HTTP_1_0 ? " HTTP/1.0\n" : " HTTP/1.1\n", out);
	for (size_t i = 0; i < head_count(r->head); i++)
		if (resend_tells(r, i, &f)) {
			text(out, f.name);
			fputs(": ", out);
			text(out, f.value);
			fputc('\n', out);
		}
	if (r->cookie.len) {
		fputs("Cookie: ", out);
		text(out, buf_bytes(&r->cookie));
		fputc('\n', out);
	}
	if (r->framed && !b.len)
		fputs("Content-Length: 0\n", out);
	fputc('\n', out);
	if (b.len && plain)
		body(out, b, multipart);
	else
		shell_base64(out, b);
}

bool
httpfile_write(FILE *out, const struct convert_flows *from, struct fault *why)
{
	return resend_write(out, from, &(struct resend_form){ "#", "###", one }, why);
}
