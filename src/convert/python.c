/* Requests as Python, with what its own library has: nothing need be installed.
 * https://docs.python.org/3/library/http.client.html */
#include <string.h>

#include "resend.h"

enum { LINE = 100, BREAK_FROM = 80 };

/* What stands for itself between quotes. */
static bool
stands(uint8_t c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

/* b"..."; a long one in pieces, each in a line of its own. */
static void
literal(FILE *out, struct bytes b, const char *prefix)
{
	size_t line = 0;

	fprintf(out, "%s\"", prefix);
	for (size_t i = 0; i < b.len; i++) {
		uint8_t c = b.at[i];

		if (line >= BREAK_FROM && i + 1 < b.len && (line >= LINE || c == ' ' || c == ',')) {
			fprintf(out, "\"\n    %s\"", prefix);
			line = 0;
		}
		if (stands(c))
			line += fputc(c, out) != EOF;
		else if (c == '"' || c == '\\')
			line += (size_t)fprintf(out, "\\%c", c);
		else if (c == '\n' || c == '\r' || c == '\t')
			line += (size_t)fprintf(out, "\\%c", c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
		else
			line += (size_t)fprintf(out, "\\x%02x", c);
	}
	fputc('"', out);
}

/* Text where it is ASCII: it reads better. */
static void
value(FILE *out, struct bytes b)
{
	bool ascii = true;

	for (size_t i = 0; i < b.len; i++)
		ascii = ascii && b.at[i] < 0x7f;
	literal(out, b, ascii ? "" : "b");
}

static void
field(FILE *out, struct bytes name, struct bytes v)
{
	fputs("c.putheader(", out);
	value(out, name);
	fputs(", ", out);
	value(out, v);
	fputs(")\n", out);
}

static void
fields(FILE *out, const struct resend *r, struct bytes authority)
{
	char length[24];
	struct field f;

	if (!r->host)
		field(out, LIT("Host"), authority);
	for (size_t i = 0; i < head_count(r->head); i++)
		if (resend_tells(r, i, &f))
			field(out, f.name, f.value);
	if (r->cookie.len)
		field(out, LIT("Cookie"), buf_bytes(&r->cookie));
	snprintf(length, sizeof(length), "%zu", r->body.bytes.len);
	if (r->body.bytes.len || r->framed)
		field(out, LIT("Content-Length"), bytes_of(length));
}

/* "host:port" of the URL. */
static struct bytes
authority_of(const struct resend *r)
{
	struct bytes url = buf_bytes(&r->url);
	const uint8_t *at = memmem(url.at, url.len, "://", 3);
	struct bytes a = bytes_from(url, (size_t)(at - url.at) + 3);
	size_t len = 0;

	while (len < a.len && a.at[len] != '/')
		len++;
	return (struct bytes){ a.at, len };
}

static void
python_one(FILE *out, const struct resend *r)
{
	const struct origin *o = r->flow.origin;
	bool tls = bytes_are(o->scheme, "https");

	if (head_version(r->head) == HTTP_2)
		fputs("# it was HTTP/2, which Python's own library does not speak\n", out);
	fprintf(out, "import http.client\n\nc = http.client.HTTP%sConnection(", tls ? "S" : "");
	value(out, o->host);
	fprintf(out, ", %u, timeout=60)\nc.putrequest(", o->port ? o->port : tls ? 443 : 80);
	value(out, head_method(r->head));
	fputs(", ", out);
	value(out, buf_bytes(&r->target));
	fputs(", skip_host=True, skip_accept_encoding=True)\n", out);
	fields(out, r, authority_of(r));
	fputs("c.endheaders(", out);
	if (r->body.bytes.len)
		literal(out, r->body.bytes, "b");
	fputs(")\nr = c.getresponse()\nprint(r.status, r.reason)\nprint(r.read())\nc.close()\n", out);
}

static bool
python_write(FILE *out, const struct convert_flows *from, struct fault *why)
{
	return resend_write(out, from, &(struct resend_form){ "#", NULL, python_one }, why);
}

const struct format format_python = {
	.name = "python", .about = "Python that sends the requests again", .suffixes = ".py", .write = python_write,
};
