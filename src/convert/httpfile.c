/* .http files, as editors have them: requests to be read, changed and sent.
 * https://www.jetbrains.com/help/idea/exploring-http-syntax.html
 * https://github.com/Huachao/vscode-restclient */
#include <stdio.h>
#include <string.h>

#include "../decode/base64.h"
#include "httpfile.h"
#include "httpfile_write.h"
#include "typed.h"

enum { FILE_MAX = 256 << 20, LINE_LEN_MAX = 4 << 20 };

enum at { AT_START, AT_HEAD, AT_BODY };

struct reader {
	FILE *in;
	struct bytes rest;	/* of the text */
	size_t line;		/* the number of the last that was taken */
	struct vars vars;
	struct teller teller;
	struct typed typed;
	enum at at;
	size_t begun;		/* the line of the request's */
	bool crlf;		/* the file's lines end so */
	bool base64, multipart;
	size_t plain;		/* of the body: its length without the empty lines at its end */
};

static bool
begins(struct bytes b, const char *with)
{
	return b.len >= strlen(with) && !memcmp(b.at, with, strlen(with));
}

static bool
take_line(struct reader *r, struct bytes *line)
{
	const uint8_t *end = r->rest.len ? memchr(r->rest.at, '\n', r->rest.len) : NULL;

	if (!r->rest.len)
		return false;
	*line = (struct bytes){ r->rest.at, end ? (size_t)(end - r->rest.at) : r->rest.len };
	r->rest = bytes_from(r->rest, line->len + 1);
	r->line++;
	r->crlf = line->len && line->at[line->len - 1] == '\r';
	line->len -= r->crlf;
	return true;
}

static bool
at_line(const struct reader *r, size_t line, struct fault *why)
{
	struct fault was = *why;

	(void)r;
	return fault(why, "line %zu: %.150s", line, was.text);
}

static bool
fill(struct reader *r, struct bytes text, struct buf *out, struct fault *why)
{
	return vars_fill(&r->vars, text, out, why) || at_line(r, r->line, why);
}

static bool
is_multipart(const struct reader *r)
{
	struct bytes type = typed_find(&r->typed, "content-type");

	return type.len > 10 && bytes_like((struct bytes){ type.at, 10 }, "multipart/");
}

/* Written so it keeps every byte. */
static bool
body_unpack(struct reader *r, struct fault *why)
{
	struct buf plain;

	buf_init(&plain, TYPED_BODY_MAX);
	if (!base64_decode(buf_bytes(&r->typed.body), &plain)) {
		buf_release(&plain);
		return fault(why, "its body is said to be base64, and is not") || at_line(r, r->begun, why);
	}
	buf_release(&r->typed.body);
	r->typed.body = plain;
	return true;
}

/* What was read so far is a request. */
static bool
finish(struct reader *r, struct fault *why)
{
	struct typed *t = &r->typed;
	bool ok = true;

	if (r->at != AT_START) {
		t->body.len = r->plain;
		ok = (!r->base64 || body_unpack(r, why)) && (typed_tell(t, &r->teller, why) || at_line(r, r->begun, why));
	}
	typed_release(t);
	typed_init(t);
	r->at = AT_START;
	r->base64 = false;
	r->plain = 0;
	return ok;
}

/* "@name = value" */
static bool
variable(struct reader *r, struct bytes line, struct fault *why)
{
	const uint8_t *sign = memchr(line.at, '=', line.len);
	size_t name = sign ? (size_t)(sign - line.at) : line.len;

	if (!sign)
		return fault(why, "a variable is wanted, as @name = value") || at_line(r, r->line, why);
	return vars_set(&r->vars, bytes_trim((struct bytes){ line.at + 1, name - 1 }), bytes_trim(bytes_from(line, name + 1)), why) ||
		at_line(r, r->line, why);
}

/* What soth itself writes to keep what has no place else; editors pass it over. */
static bool
comment(struct reader *r, struct bytes line, struct fault *why)
{
	static const char target[] = "# @target ", base64[] = "# @base64";

	if (begins(line, base64))
		r->base64 = true;
	if (!begins(line, target))
		return true;
	buf_eat(&r->typed.target, r->typed.target.len);
	return buf_add(&r->typed.target, bytes_from(line, sizeof(target) - 1)) ||
		fault(why, "its target is too long") || at_line(r, r->line, why);
}

static bool
is_method(struct bytes w)
{
	for (size_t i = 0; i < w.len; i++)
		if (w.at[i] < 'A' || w.at[i] > 'Z')
			return false;
	return w.len;
}

/* "POST https://host/path HTTP/2": a method, where it is not GET, and the version need not be there. */
static bool
start_line(struct reader *r, struct bytes line, struct fault *why)
{
	static const struct { const char *name; enum http_version version; } versions[] = {
		{ " HTTP/1.0", HTTP_1_0 }, { " HTTP/1.1", HTTP_1_1 }, { " HTTP/2", HTTP_2 }, { " HTTP/2.0", HTTP_2 },
	};
	const uint8_t *space = memchr(line.at, ' ', line.len);
	struct bytes method = { line.at, space ? (size_t)(space - line.at) : 0 };

	for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
		size_t len = strlen(versions[i].name);

		if (line.len > len && bytes_are(bytes_from(line, line.len - len), versions[i].name)) {
			r->typed.version = versions[i].version;
			line.len -= len;
			break;
		}
	}
	if (is_method(method) && method.len < line.len) {
		if (!buf_add(&r->typed.method, method))
			return fault(why, "its method is too long") || at_line(r, r->line, why);
		line = bytes_from(line, method.len);
	}
	r->at = AT_HEAD;
	r->begun = r->line;
	return fill(r, bytes_trim(line), &r->typed.url, why);
}

/* "Basic user password" and "Basic user:password" are put into base64, as editors do. */
static bool
basic(struct reader *r, struct bytes value, bool *was, struct fault *why)
{
	struct bytes plain = begins(value, "Basic ") ? bytes_trim(bytes_from(value, 6)) : (struct bytes){ 0 };
	const uint8_t *cut = plain.len ? memchr(plain.at, ':', plain.len) : NULL;
	struct buf pair;
	bool ok;

	if (plain.len && !cut)
		cut = memchr(plain.at, ' ', plain.len);
	*was = cut;
	if (!cut)
		return true;
	buf_init(&pair, VAR_MAX);
	ok = buf_add(&pair, (struct bytes){ plain.at, (size_t)(cut - plain.at) }) && buf_add(&pair, LIT(":"));
	plain = bytes_trim(bytes_from(plain, (size_t)(cut - plain.at) + 1));
	ok = (ok && (!plain.len || buf_add(&pair, plain))) || fault(why, "it is too long");
	ok = ok && typed_basic(&r->typed, buf_bytes(&pair), why);
	buf_release(&pair);
	return ok;
}

static bool
field(struct reader *r, struct bytes line, struct fault *why)
{
	const uint8_t *colon = memchr(line.at, ':', line.len);
	size_t name = colon ? (size_t)(colon - line.at) : line.len;
	struct bytes n = bytes_trim((struct bytes){ line.at, name }), v = bytes_trim(bytes_from(line, name + 1));
	bool was = false, ok;

	if (!colon)
		ok = fault(why, "a header is wanted, as Name: value");
	else
		ok = (!bytes_like(n, "authorization") || basic(r, v, &was, why)) && (was || typed_field(&r->typed, n, v, why));
	return ok || at_line(r, r->line, why);
}

/* The URL goes on, or fields come; an empty line ends them. */
static bool
head_line(struct reader *r, struct bytes line, struct fault *why)
{
	struct bytes trimmed = bytes_trim(line);
	struct buf filled;
	bool ok;

	if (!trimmed.len) {
		r->at = AT_BODY;
		r->multipart = is_multipart(r);
		return true;
	}
	if (*trimmed.at == '#' || begins(trimmed, "//"))
		return comment(r, trimmed, why);
	if (!r->typed.fields.len && *trimmed.at && strchr(*line.at == ' ' || *line.at == '\t' ? "?&/" : "?&", *trimmed.at))
		return fill(r, trimmed, &r->typed.url, why);
	buf_init(&filled, LINE_LEN_MAX);
	ok = fill(r, trimmed, &filled, why) && field(r, buf_bytes(&filled), why);
	buf_release(&filled);
	return ok;
}

/* "< file" is that file; "<@ file" with its variables. */
static bool
body_file(struct reader *r, struct bytes line, struct fault *why)
{
	bool filled = begins(line, "<@ ");
	struct buf content;
	bool ok;

	buf_init(&content, TYPED_BODY_MAX);
	ok = beside_read(fileno(r->in), bytes_trim(bytes_from(line, filled ? 3 : 2)), &content, why) || at_line(r, r->line, why);
	if (ok && content.len)
		ok = filled ? fill(r, buf_bytes(&content), &r->typed.body, why) :
			buf_add(&r->typed.body, buf_bytes(&content)) || fault(why, "its body is too large") || at_line(r, r->line, why);
	buf_release(&content);
	return ok;
}

/* What runs before or behind a request, "< {% %}" and "> {% %}", is passed over; so is where answers go. */
static bool
script(struct reader *r, struct bytes line)
{
	bool runs = begins(line, "< {%") || begins(line, "> {%");
	struct bytes on = line;

	if (!runs)
		return begins(line, "> ") || begins(line, ">> ") || begins(line, ">>! ") || begins(line, "<> ");
	while (!memmem(on.at, on.len, "%}", 2) && take_line(r, &on))
		;
	return true;
}

static bool
body_line(struct reader *r, struct bytes line, struct fault *why)
{
	struct buf *to = &r->typed.body;

	if (!to->len && !line.len)
		return true;
	if (script(r, line))
		return true;
	if (begins(line, "< ") || begins(line, "<@ ")) {
		if (!body_file(r, line, why))
			return false;
		r->plain = to->len;
	} else if (line.len) {
		if (!fill(r, line, to, why))
			return false;
		r->plain = to->len;
	}
	return buf_add(to, r->multipart ? LIT("\r\n") : LIT("\n")) || fault(why, "its body is too large") || at_line(r, r->line, why);
}

static bool
one_line(struct reader *r, struct bytes line, struct fault *why)
{
	struct bytes trimmed = bytes_trim(line);

	if (begins(line, "###"))
		return finish(r, why);
	if (r->at == AT_BODY)
		return body_line(r, line, why);
	if (r->at == AT_HEAD)
		return head_line(r, line, why);
	if (!trimmed.len || script(r, line))
		return true;
	if (*trimmed.at == '#' || begins(trimmed, "//"))
		return comment(r, trimmed, why);
	return *trimmed.at == '@' ? variable(r, trimmed, why) : start_line(r, trimmed, why);
}

static bool
http_read(FILE *in, const struct convert_sink *to, struct fault *why)
{
	struct reader r = { .in = in, .teller = { .to = to } };
	struct buf text;
	struct bytes line;
	bool ok;

	buf_init(&text, FILE_MAX);
	typed_init(&r.typed);
	ok = typed_load(in, &text, why);
	r.rest = buf_bytes(&text);
	if (begins(r.rest, "\xef\xbb\xbf"))
		r.rest = bytes_from(r.rest, 3);
	while (ok && take_line(&r, &line))
		ok = one_line(&r, line, why);
	ok = ok && finish(&r, why) && (r.teller.flow || fault(why, "there is no request in it"));
	typed_release(&r.typed);
	vars_release(&r.vars);
	buf_release(&text);
	return ok;
}

/* Comments and variables before the first request say nothing. */
static int
http_suits(struct bytes first)
{
	while (first.len) {
		const uint8_t *end = memchr(first.at, '\n', first.len), *space;
		struct bytes line = bytes_trim((struct bytes){ first.at, end ? (size_t)(end - first.at) : first.len });

		if (begins(line, "###"))
			return 80;
		space = line.len ? memchr(line.at, ' ', line.len) : NULL;
		if (space && is_method((struct bytes){ line.at, (size_t)(space - line.at) }))
			return begins(bytes_from(line, (size_t)(space - line.at) + 1), "http") ? 60 : 20;
		if (line.len && *line.at != '#' && *line.at != '@' && *line.at != '\r' && !begins(line, "//"))
			return begins(line, "http://") || begins(line, "https://") ? 40 : 0;
		first = bytes_from(first, line.len == first.len ? first.len : (size_t)(end ? end - first.at : (ptrdiff_t)first.len - 1) + 1);
	}
	return 0;
}

const struct format format_http = {
	.name = "http", .about = "requests as editors have them, to be changed and sent", .suffixes = ".http .rest",
	.suits = http_suits, .read = http_read, .write = httpfile_write,
};
