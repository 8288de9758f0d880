/* Requests as commands of curl that send them again.
 * https://curl.se/docs/manpage.html */
#include <string.h>

#include "curlread.h"
#include "resend.h"
#include "shellword.h"

enum {
	RAW_MAX = 4000,		/* a body that is an argument; more comes by a pipe */
	EXPECT_FROM = 1 << 20,	/* curl asks first, from this size on */
	ARGUMENTS_MAX = 1 << 20,	/* of fields, in all: Linux hands on 2 MiB */
};

static void
option(FILE *out, const char *name, struct bytes value)
{
	fprintf(out, " \\\n  %s ", name);
	shell_word(out, value);
}

static void
flag(FILE *out, const char *name)
{
	fprintf(out, " \\\n  %s", name);
}

/* A field that is there and empty ends in a semicolon. */
static void
field(FILE *out, struct field f)
{
	struct buf line;

	buf_init(&line, SHELL_WORD_MAX);
	if (buf_add(&line, f.name) && buf_add(&line, f.value.len ? LIT(": ") : LIT(";")) &&
			(!f.value.len || buf_add(&line, f.value)))
		option(out, "-H", buf_bytes(&line));
	buf_release(&line);
}

/* Without =, -b would read a file of that name; with @ before it, too. */
static bool
cookie_is_option(struct bytes c)
{
	return c.len && *c.at != '@' && memchr(c.at, '=', c.len);
}

static void
cookie(FILE *out, struct bytes c)
{
	if (!c.len || c.len > SHELL_WORD_MAX)
		return;
	if (cookie_is_option(c))
		option(out, "-b", c);
	else
		field(out, (struct field){ LIT("Cookie"), c });
}

/* Those that curl would add by itself. */
static void
defaults(FILE *out, const struct resend *r)
{
	if (!head_has(r->head, "user-agent"))
		option(out, "-H", LIT("User-Agent:"));
	if (!head_has(r->head, "accept"))
		option(out, "-H", LIT("Accept:"));
	if (!head_has(r->head, "host") && head_version(r->head) < HTTP_2)
		option(out, "-H", LIT("Host:"));
	if ((r->body.bytes.len || r->framed) && !head_has(r->head, "content-type"))
		option(out, "-H", LIT("Content-Type:"));
	if (r->body.bytes.len >= EXPECT_FROM && !head_has(r->head, "expect"))
		option(out, "-H", LIT("Expect:"));
}

/* Too long for an argument: no command can have it. */
static bool
fits(struct field f)
{
	return f.name.len + f.value.len + 2 <= SHELL_WORD_MAX;
}

static void
fields(FILE *out, const struct resend *r)
{
	size_t sum = 0;
	struct field f;

	for (size_t i = 0; i < head_count(r->head); i++)
		if (resend_tells(r, i, &f) && fits(f) && (sum += f.name.len + f.value.len) <= ARGUMENTS_MAX)
			field(out, f);
	cookie(out, buf_bytes(&r->cookie));
	defaults(out, r);
	if (head_lists(r->head, "accept-encoding", "gzip"))
		flag(out, "--compressed");
}

/* Those that are left out. */
static void
fields_missing(FILE *out, const struct resend *r)
{
	size_t missing = r->cookie.len > SHELL_WORD_MAX, sum = 0;
	struct field f;

	for (size_t i = 0; i < head_count(r->head); i++)
		if (resend_tells(r, i, &f))
			missing += !fits(f) || (sum += f.name.len + f.value.len) > ARGUMENTS_MAX;
	if (missing)
		fprintf(out, "# %zu fields are too long for a command\n", missing);
}

/* Over TLS curl would speak HTTP/2 where it can. */
static void
version(FILE *out, const struct resend *r)
{
	bool tls = bytes_are(r->flow.origin->scheme, "https");

	if (head_version(r->head) == HTTP_2)
		flag(out, tls ? "--http2" : "--http2-prior-knowledge");
	else if (head_version(r->head) == HTTP_1_0)
		flag(out, "--http1.0");
	else if (tls)
		flag(out, "--http1.1");
}

static void
method(FILE *out, const struct resend *r, bool body)
{
	struct bytes m = head_method(r->head);

	if (bytes_are(m, "HEAD") && !body)
		flag(out, "--head");
	else if (!bytes_are(m, body ? "POST" : "GET"))
		option(out, "-X", m);
}

static void
curl_one(FILE *out, const struct resend *r)
{
	struct bytes body = r->body.bytes;
	bool raw = body.len <= RAW_MAX && shell_is_plain(body), under = false;

	if (r->url.len > SHELL_WORD_MAX || r->target.len > SHELL_WORD_MAX) {
		fputs("# its target is too long for a command\n", out);
		return;
	}
	fields_missing(out, r);
	if (!raw)
		under = shell_pipe(out, body);
	fputs("curl ", out);
	shell_word(out, buf_bytes(&r->url));
	if (!r->plain)
		option(out, "--request-target", buf_bytes(&r->target));
	version(out, r);
	method(out, r, body.len || r->framed);
	fields(out, r);
	if (!raw)
		flag(out, "--data-binary @-");
	else if (body.len || r->framed)
		option(out, "--data-raw", body);
	fputc('\n', out);
	if (under)
		shell_under(out, body);
}

static bool
curl_write(FILE *out, const struct convert_flows *from, struct fault *why)
{
	return resend_write(out, from, &(struct resend_form){ "#", NULL, curl_one }, why);
}

const struct format format_curl = {
	.name = "curl", .about = "commands of curl that send the requests again", .suffixes = ".curl .curl.sh",
	.suits = curl_suits, .read = curl_read, .write = curl_write,
};
