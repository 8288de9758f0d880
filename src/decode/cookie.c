/*
 * Cookies: https://www.rfc-editor.org/rfc/rfc6265 and its successor, rfc6265bis.
 *
 *	Cookie: name=value; name=value
 *	Set-Cookie: name=value; Expires=...; Secure		one a field, or a line
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "jwt.h"
#include "soth/percent.h"
#include "soth/buf.h"
#include "soth/decode.h"
#include "type.h"

enum { VALUE_MAX = 64 << 10, NAME_COLUMNS = 24 };

static int
cookies_suits(const struct hint *h, struct bytes first)
{
	(void)first;
	return type_is(h->type, "soth/cookie") ? 90 : 0;
}

static int
setcookie_suits(const struct hint *h, struct bytes first)
{
	(void)first;
	return type_is(h->type, "soth/set-cookie") ? 90 : 0;
}

/* Up to the next `c`, which is taken off too. */
static struct bytes
cut(struct bytes *rest, char c)
{
	const uint8_t *end = rest->len ? memchr(rest->at, c, rest->len) : NULL;
	struct bytes one = { rest->at, end ? (size_t)(end - rest->at) : rest->len };

	*rest = bytes_from(*rest, one.len + (end != NULL));
	return bytes_trim(one);
}

static bool
cookie_split(struct bytes pair, struct bytes *name, struct bytes *value)
{
	const uint8_t *equal = pair.len ? memchr(pair.at, '=', pair.len) : NULL;

	*name = (struct bytes){ pair.at, equal ? (size_t)(equal - pair.at) : pair.len };
	*value = equal ? bytes_trim(bytes_from(pair, name->len + 1)) : (struct bytes){ 0 };
	*name = bytes_trim(*name);
	return equal;
}

/* Many are percent-encoded, though no rule says so: shown beside. */
static void
cookie_plain(struct doc *to, struct bytes value)
{
	struct buf plain;

	if (value.len > VALUE_MAX || !percent_has(value, false))
		return;
	buf_init(&plain, VALUE_MAX);
	if (percent_decode(value, false, &plain)) {
		doc_put(to, ROLE_FAINT, LIT("  "));
		doc_put(to, ROLE_FAINT, buf_bytes(&plain));
	}
	buf_release(&plain);
}

static void
cookie_value(struct decode *d, struct bytes name, struct bytes value, bool aligned)
{
	struct doc *to = decode_doc(d);
	int pad = aligned && name.len < NAME_COLUMNS ? (int)(NAME_COLUMNS - name.len) : 1;

	if (value.len)
		decode_mark(d, value);
	doc_put(to, ROLE_KEY, name);
	doc_putf(to, ROLE_MARK, "%*s", pad, "");
	doc_put(to, ROLE_STRING, value);
	doc_hang(to, (unsigned)(name.len < NAME_COLUMNS ? (int)name.len + pad : NAME_COLUMNS));
	cookie_plain(to, value);
	doc_line(to);
	if (jwt_is(value))
		decode_inner(d, &(struct hint){ .as = "jwt", .message = true }, value);
}

static void
cookies_end(void *st, struct reader *in, struct decode *d)
{
	struct bytes rest = in->rest, name, value;
	unsigned count = 0;

	(void)st;
	while (rest.len) {
		struct bytes pair = cut(&rest, ';');

		if (!pair.len)
			continue;
		(void)cookie_split(pair, &name, &value);
		cookie_value(d, name, value, true);
		count++;
	}
	decode_words(d, "%u", count);
	(void)read_bytes(in, in->rest.len);
}

/* What a browser would hold against it. */
struct flags { bool secure, http_only, same_site, domain, path; struct bytes site, at; };

static void
flags_take(struct flags *f, struct bytes name, struct bytes value)
{
	f->secure = f->secure || bytes_like(name, "secure");
	f->http_only = f->http_only || bytes_like(name, "httponly");
	f->domain = f->domain || bytes_like(name, "domain");
	if (bytes_like(name, "samesite")) {
		f->same_site = true;
		f->site = value;
	}
	if (bytes_like(name, "path"))
		f->at = value;
}

static bool
begins(struct bytes name, const char *prefix)
{
	size_t len = strlen(prefix);

	return name.len >= len && !strncasecmp((const char *)name.at, prefix, len);
}

static void
cookie_warn(struct doc *to, enum role role, const char *words)
{
	doc_putf(to, role, "%s", words);
	doc_line(to);
}

static void
cookie_judge(struct doc *to, const struct flags *f, struct bytes name)
{
	if (begins(name, "__Host-") && (!f->secure || f->domain || !bytes_are(f->at, "/")))
		cookie_warn(to, ROLE_WARN, "__Host- needs Secure, Path=/ and no Domain: browsers drop it");
	else if (begins(name, "__Secure-") && !f->secure)
		cookie_warn(to, ROLE_WARN, "__Secure- needs Secure: browsers drop it");
	if (bytes_like(f->site, "none") && !f->secure)
		cookie_warn(to, ROLE_WARN, "SameSite=None needs Secure: browsers drop it");
	if (!f->secure || !f->http_only || !f->same_site)
		doc_putf(to, ROLE_FAINT, "without%s%s%s", f->secure ? "" : " Secure", f->http_only ? "" : " HttpOnly",
			f->same_site ? "" : " SameSite");
	if (doc_open(to))
		doc_line(to);
}

static void
cookie_attributes(struct decode *d, struct bytes rest, struct bytes cookie)
{
	struct doc *to = decode_doc(d);
	struct flags f = { 0 };
	struct bytes name, value;

	doc_in(to);
	while (rest.len) {
		struct bytes one = cut(&rest, ';');

		if (!one.len)
			continue;
		doc_put(to, ROLE_WORD, cookie_split(one, &name, &value) ? name : one);
		if (value.len) {
			doc_put(to, ROLE_MARK, LIT(" "));
			doc_put(to, ROLE_TEXT, value);
		}
		doc_line(to);
		flags_take(&f, name, value);
	}
	cookie_judge(to, &f, cookie);
	doc_out(to);
}

static void
setcookie_end(void *st, struct reader *in, struct decode *d)
{
	struct bytes rest = in->rest, name, value;
	unsigned count = 0;

	(void)st;
	while (rest.len) {
		struct bytes line = cut(&rest, '\n'), pair;

		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		if (!line.len)
			continue;
		pair = cut(&line, ';');
		(void)cookie_split(pair, &name, &value);
		cookie_value(d, name, value, false);
		cookie_attributes(d, line, name);
		count++;
	}
	decode_words(d, "%u", count);
	(void)read_bytes(in, in->rest.len);
}

const struct decoder decoder_cookies = {
	.name = "cookies", .about = "the cookies of a request", .stage = STAGE_PAYLOAD,
	.suits = cookies_suits, .end = cookies_end,
};
const struct decoder decoder_setcookie = {
	.name = "setcookie", .about = "cookies that a server sets, with what browsers make of them", .stage = STAGE_PAYLOAD,
	.suits = setcookie_suits, .end = setcookie_end,
};
