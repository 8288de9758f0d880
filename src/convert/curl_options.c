/* The options of curl: what each says of the request.
 * https://curl.se/docs/manpage.html */
#include <stdlib.h>
#include <string.h>

#include "curlread.h"

static const char FILES[] = "it is in a file, and files are not read here";

static bool
give(struct curl *c, struct bytes name, struct fault *why)
{
	return (curl_add(&c->given, name) && buf_add(&c->given, LIT(","))) || curl_full(why);
}

/* "Name: value"; "Name;" is there and empty, "Name:" is not there at all. */
static bool
opt_header(struct curl *c, struct bytes v, struct fault *why)
{
	size_t colon = curl_cut(v, ':');
	struct bytes name = bytes_trim((struct bytes){ v.at, colon }), value = bytes_trim(bytes_from(v, colon + 1));

	if (v.len && *v.at == '@')
		return fault(why, "%s", FILES);
	if (colon == v.len) {
		if (!v.len || v.at[v.len - 1] != ';')
			return fault(why, "a header is wanted, as 'Name: value'");
		name.len--;
		return give(c, name, why) && typed_field(&c->typed, name, (struct bytes){ 0 }, why);
	}
	if (!give(c, name, why))
		return false;
	if (!value.len)
		return true;
	return typed_field(&c->typed, name, value, why);
}

static bool
data_add(struct curl *c, struct bytes v, struct fault *why)
{
	struct buf *to = &c->typed.body;

	if (c->data && !c->json && !buf_add(to, LIT("&")))
		return curl_full(why);
	c->data = true;
	return curl_add(to, v) || curl_full(why);
}

static bool
opt_raw(struct curl *c, struct bytes v, struct fault *why)
{
	return data_add(c, v, why);
}

static bool
opt_data(struct curl *c, struct bytes v, struct fault *why)
{
	if (!v.len || *v.at != '@')
		return data_add(c, v, why);
	if (!bytes_are(v, "@-") || !c->piped.owner)
		return fault(why, "%s", FILES);
	return data_add(c, c->piped.bytes, why);
}

static bool
opt_json(struct curl *c, struct bytes v, struct fault *why)
{
	c->json = true;
	return opt_data(c, v, why);
}

/* RFC 3986 section 2.3. */
static bool
encoded(struct buf *to, struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		uint8_t c = b.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~", c));

		if (plain ? !buf_add(to, (struct bytes){ &c, 1 }) : !buf_addf(to, "%%%02X", c))
			return false;
	}
	return true;
}

/* "text" "=text" "name=text" */
static bool
urlencoded(struct buf *to, struct bytes v, struct fault *why)
{
	size_t sign = curl_cut(v, '=');
	struct bytes name = { v.at, sign < v.len ? sign : 0 }, text = sign < v.len ? bytes_from(v, sign + 1) : v;

	if (sign == v.len && curl_cut(v, '@') < v.len)
		return fault(why, "%s", FILES);
	return (curl_add(to, name) && (!name.len || buf_add(to, LIT("="))) && encoded(to, text)) || curl_full(why);
}

static bool
opt_urlencode(struct curl *c, struct bytes v, struct fault *why)
{
	struct buf text;
	bool ok;

	buf_init(&text, TYPED_BODY_MAX);
	ok = urlencoded(&text, v, why) && data_add(c, buf_bytes(&text), why);
	buf_release(&text);
	return ok;
}

static bool
opt_query(struct curl *c, struct bytes v, struct fault *why)
{
	if (c->query.len && !buf_add(&c->query, LIT("&")))
		return curl_full(why);
	if (v.len && *v.at == '+')
		return curl_add(&c->query, bytes_from(v, 1)) || curl_full(why);
	return urlencoded(&c->query, v, why);
}

/* A quote and a line end in a name: WHATWG HTML, multipart/form-data. */
static bool
quoted(struct buf *to, struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] == '"' ? !buf_add(to, LIT("%22")) : b.at[i] == '\n' ? !buf_add(to, LIT("%0A")) :
				b.at[i] == '\r' ? !buf_add(to, LIT("%0D")) : !buf_add(to, (struct bytes){ &b.at[i], 1 }))
			return false;
	return true;
}

/* The value of ";type=" and the like in what stands behind the content; empty: none. */
static struct bytes
attribute(struct bytes rest, const char *name)
{
	const uint8_t *at = rest.len ? memmem(rest.at, rest.len, name, strlen(name)) : NULL;
	struct bytes v = at ? bytes_from(rest, (size_t)(at - rest.at) + strlen(name)) : (struct bytes){ 0 };

	v.len = curl_cut(v, ';');
	return v;
}

static bool
form_part(struct curl *c, struct bytes name, struct bytes value, struct bytes more, struct fault *why)
{
	struct buf *to = &c->parts;
	struct bytes file = attribute(more, ";filename="), type = attribute(more, ";type=");
	bool ok = buf_add(to, LIT("--" CURL_BOUNDARY "\r\nContent-Disposition: form-data; name=\"")) && quoted(to, name) &&
		buf_add(to, LIT("\""));

	ok = ok && (!file.len || (buf_add(to, LIT("; filename=\"")) && quoted(to, file) && buf_add(to, LIT("\""))));
	ok = ok && (!type.len || (buf_add(to, LIT("\r\nContent-Type: ")) && buf_add(to, type)));
	return (ok && buf_add(to, LIT("\r\n\r\n")) && curl_add(to, value) && buf_add(to, LIT("\r\n"))) || curl_full(why);
}

/* "name=content;type=text/plain" */
static bool
opt_form(struct curl *c, struct bytes v, struct fault *why)
{
	size_t sign = curl_cut(v, '=');
	struct bytes name = { v.at, sign }, value = bytes_from(v, sign + 1), more = { 0 };
	const uint8_t *cut = value.len ? memmem(value.at, value.len, ";type=", 6) : NULL;

	if (sign == v.len)
		return fault(why, "a part of a form is wanted, as name=content");
	if (value.len && (*value.at == '@' || *value.at == '<'))
		return fault(why, "%s", FILES);
	if (!cut && value.len)
		cut = memmem(value.at, value.len, ";filename=", 10);
	if (cut) {
		more = bytes_from(value, (size_t)(cut - value.at));
		value.len -= more.len;
	}
	return form_part(c, name, value, more, why);
}

static bool
opt_form_string(struct curl *c, struct bytes v, struct fault *why)
{
	size_t sign = curl_cut(v, '=');

	if (sign == v.len)
		return fault(why, "a part of a form is wanted, as name=content");
	return form_part(c, (struct bytes){ v.at, sign }, bytes_from(v, sign + 1), (struct bytes){ 0 }, why);
}

static bool
opt_method(struct curl *c, struct bytes v, struct fault *why)
{
	buf_eat(&c->typed.method, c->typed.method.len);
	return curl_add(&c->typed.method, v) || curl_full(why);
}

static bool
opt_user(struct curl *c, struct bytes v, struct fault *why)
{
	return give(c, LIT("authorization"), why) && typed_basic(&c->typed, v, why);
}

static bool
opt_bearer(struct curl *c, struct bytes v, struct fault *why)
{
	struct buf value;
	bool ok;

	buf_init(&value, TYPED_FIELDS_MAX);
	ok = (buf_add(&value, LIT("Bearer ")) && curl_add(&value, v)) || curl_full(why);
	ok = ok && give(c, LIT("authorization"), why) && typed_field(&c->typed, LIT("Authorization"), buf_bytes(&value), why);
	buf_release(&value);
	return ok;
}

static bool
opt_cookie(struct curl *c, struct bytes v, struct fault *why)
{
	if (curl_cut(v, '=') == v.len)
		return fault(why, "%s", FILES);
	return ((!c->cookie.len || buf_add(&c->cookie, LIT("; "))) && curl_add(&c->cookie, v)) || curl_full(why);
}

static bool
named(struct curl *c, struct bytes name, struct bytes v, struct fault *why)
{
	return give(c, name, why) && (!v.len || typed_field(&c->typed, name, v, why));
}

static bool
opt_agent(struct curl *c, struct bytes v, struct fault *why)
{
	return named(c, LIT("User-Agent"), v, why);
}

/* ";auto" is about what a redirection does. */
static bool
opt_referer(struct curl *c, struct bytes v, struct fault *why)
{
	v.len = curl_cut(v, ';');
	return !v.len || named(c, LIT("Referer"), v, why);
}

static bool
opt_range(struct curl *c, struct bytes v, struct fault *why)
{
	struct buf value;
	bool ok;

	buf_init(&value, TYPED_FIELDS_MAX);
	ok = ((buf_add(&value, LIT("bytes=")) && curl_add(&value, v)) || curl_full(why)) && named(c, LIT("Range"), buf_bytes(&value), why);
	buf_release(&value);
	return ok;
}

static bool
opt_target(struct curl *c, struct bytes v, struct fault *why)
{
	buf_eat(&c->typed.target, c->typed.target.len);
	return curl_add(&c->typed.target, v) || curl_full(why);
}

static bool opt_upload(struct curl *c, struct bytes v, struct fault *why) { (void)c, (void)v; return fault(why, "%s", FILES); }
static bool opt_config(struct curl *c, struct bytes v, struct fault *why) { (void)c, (void)v; return fault(why, "%s", FILES); }
static bool opt_get(struct curl *c, struct bytes v, struct fault *why) { (void)v, (void)why; return c->get = true; }
static bool opt_head(struct curl *c, struct bytes v, struct fault *why) { (void)v, (void)why; return c->head = true; }
static bool opt_compressed(struct curl *c, struct bytes v, struct fault *why) { (void)v, (void)why; return c->compressed = true; }
static bool opt_http10(struct curl *c, struct bytes v, struct fault *why) { (void)v, (void)why; c->typed.version = HTTP_1_0; return true; }
static bool opt_http11(struct curl *c, struct bytes v, struct fault *why) { (void)v, (void)why; c->typed.version = HTTP_1_1; return true; }
static bool opt_http2(struct curl *c, struct bytes v, struct fault *why) { (void)v, (void)why; c->typed.version = HTTP_2; return true; }

typedef bool opt(struct curl *c, struct bytes v, struct fault *why);

/* Those without a function say nothing of the request. */
static const struct { char letter; const char *name; bool takes; opt *fn; } options[] = {
	{ 'A', "user-agent", true, opt_agent }, { 'b', "cookie", true, opt_cookie }, { 'd', "data", true, opt_data },
	{ 0, "data-ascii", true, opt_data }, { 0, "data-binary", true, opt_data }, { 0, "data-raw", true, opt_raw },
	{ 0, "data-urlencode", true, opt_urlencode }, { 'e', "referer", true, opt_referer }, { 'F', "form", true, opt_form },
	{ 0, "form-string", true, opt_form_string }, { 'G', "get", false, opt_get }, { 'H', "header", true, opt_header },
	{ 'I', "head", false, opt_head }, { 0, "json", true, opt_json }, { 'K', "config", true, opt_config },
	{ 0, "oauth2-bearer", true, opt_bearer }, { 'r', "range", true, opt_range }, { 'T', "upload-file", true, opt_upload },
	{ 'u', "user", true, opt_user }, { 0, "url", true, curl_url }, { 0, "url-query", true, opt_query },
	{ 'X', "request", true, opt_method }, { 0, "request-target", true, opt_target },
	{ 0, "compressed", false, opt_compressed }, { '0', "http1.0", false, opt_http10 }, { 0, "http1.1", false, opt_http11 },
	{ 0, "http2", false, opt_http2 }, { 0, "http2-prior-knowledge", false, opt_http2 }, { 0, "http3", false, NULL },
	{ 0, "http3-only", false, NULL }, { 0, "basic", false, NULL }, { 0, "no-basic", false, NULL },
	{ 'a', "append", false, NULL }, { 0, "ca-native", false, NULL }, { 0, "cacert", true, NULL }, { 0, "capath", true, NULL },
	{ 'E', "cert", true, NULL }, { 0, "cert-type", true, NULL }, { 0, "ciphers", true, NULL },
	{ 0, "connect-timeout", true, NULL }, { 0, "connect-to", true, NULL }, { 'c', "cookie-jar", true, NULL },
	{ 0, "create-dirs", false, NULL }, { 0, "curves", true, NULL }, { 'q', "disable", false, NULL },
	{ 0, "dns-servers", true, NULL }, { 0, "doh-url", true, NULL }, { 'D', "dump-header", true, NULL },
	{ 0, "expect100-timeout", true, NULL }, { 'f', "fail", false, NULL }, { 0, "fail-early", false, NULL },
	{ 0, "fail-with-body", false, NULL }, { 0, "globoff", false, NULL }, { 'g', "globoff", false, NULL },
	{ 0, "happy-eyeballs-timeout-ms", true, NULL }, { 'i', "include", false, NULL }, { 0, "show-headers", false, NULL },
	{ 'k', "insecure", false, NULL }, { 0, "interface", true, NULL }, { '4', "ipv4", false, NULL }, { '6', "ipv6", false, NULL },
	{ 'j', "junk-session-cookies", false, NULL }, { 0, "keepalive-time", true, NULL }, { 0, "key", true, NULL },
	{ 0, "key-type", true, NULL }, { 0, "limit-rate", true, NULL }, { 'L', "location", false, NULL },
	{ 0, "location-trusted", false, NULL }, { 0, "max-filesize", true, NULL }, { 0, "max-redirs", true, NULL },
	{ 'm', "max-time", true, NULL }, { 'n', "netrc", false, NULL }, { 'N', "no-buffer", false, NULL },
	{ 0, "no-keepalive", false, NULL }, { 0, "no-progress-meter", false, NULL }, { 0, "no-sessionid", false, NULL },
	{ 0, "noproxy", true, NULL }, { 'o', "output", true, NULL }, { 0, "output-dir", true, NULL }, { 'Z', "parallel", false, NULL },
	{ 0, "parallel-max", true, NULL }, { 0, "pass", true, NULL }, { 0, "path-as-is", false, NULL },
	{ 0, "post301", false, NULL }, { 0, "post302", false, NULL }, { 0, "post303", false, NULL },
	{ '#', "progress-bar", false, NULL }, { 0, "proto", true, NULL }, { 0, "proto-redir", true, NULL },
	{ 'x', "proxy", true, NULL }, { 0, "proxy-header", true, NULL }, { 0, "proxy-insecure", false, NULL },
	{ 'U', "proxy-user", true, NULL }, { 'p', "proxytunnel", false, NULL }, { 0, "raw", false, NULL },
	{ 'J', "remote-header-name", false, NULL }, { 'O', "remote-name", false, NULL }, { 'R', "remote-time", false, NULL },
	{ 0, "resolve", true, NULL }, { 0, "retry", true, NULL }, { 0, "retry-all-errors", false, NULL },
	{ 0, "retry-connrefused", false, NULL }, { 0, "retry-delay", true, NULL }, { 0, "retry-max-time", true, NULL },
	{ 'S', "show-error", false, NULL }, { 's', "silent", false, NULL }, { 0, "socks5", true, NULL },
	{ 0, "socks5-hostname", true, NULL }, { 'Y', "speed-limit", true, NULL }, { 'y', "speed-time", true, NULL },
	{ 0, "ssl-no-revoke", false, NULL }, { 0, "ssl-reqd", false, NULL }, { 0, "stderr", true, NULL },
	{ 0, "styled-output", false, NULL }, { 0, "tcp-fastopen", false, NULL }, { 0, "tcp-nodelay", false, NULL },
	{ 0, "tls-max", true, NULL }, { 0, "tls13-ciphers", true, NULL }, { '1', "tlsv1", false, NULL },
	{ 0, "tlsv1.2", false, NULL }, { 0, "tlsv1.3", false, NULL }, { 0, "tr-encoding", false, NULL },
	{ 0, "trace", true, NULL }, { 0, "trace-ascii", true, NULL }, { 0, "trace-time", false, NULL },
	{ 0, "unix-socket", true, NULL }, { 'v', "verbose", false, NULL }, { 'w', "write-out", true, NULL },
};

/* "-H" "--header"; -1: there is none. */
static int
option_of(struct bytes o)
{
	bool word = o.len > 2 && o.at[1] == '-';

	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		if (word ? bytes_are(bytes_from(o, 2), options[i].name) : o.len == 2 && options[i].letter == (char)o.at[1])
			return (int)i;
	return -1;
}

bool
curl_takes(struct bytes option, bool *takes, struct fault *why)
{
	int i = option_of(option);

	if (i < 0)
		return fault(why, "curl's option %.*s is not known here", (int)(option.len < 60 ? option.len : 60), (const char *)option.at);
	*takes = options[i].takes;
	return true;
}

bool
curl_option(struct curl *c, struct bytes option, struct bytes value, struct fault *why)
{
	int i = option_of(option);
	struct fault own = { "" };

	c->any = true;
	if (i < 0 || !options[i].fn || options[i].fn(c, value, &own))
		return true;
	return fault(why, "%.*s: %.120s", (int)(option.len < 40 ? option.len : 40), (const char *)option.at, own.text);
}

bool
curl_url(struct curl *c, struct bytes url, struct fault *why)
{
	if (c->urls)
		return fault(why, "a second URL in one command: give it a command of its own");
	c->any = c->urls = true;
	return curl_add(&c->typed.url, url) || curl_full(why);
}
