/*
 * JSON behind what keeps a page of another origin from running it as a script
 * (https://fetch.spec.whatwg.org/#orb-algorithm looks for such prefixes, too):
 *
 *	)]}' LF {"a":1}		while(1);[1]		{}&& {"a":1}
 *
 * or all of it in a comment that begins with -secure-.
 */
#include <string.h>

#include "json.h"
#include "type.h"

enum { PREFIX_ROOM = 1024 };	/* white space, the prefix and the byte after it are in there */

struct xssi {
	bool begun;
	bool closed;		/* the end of the comment around it was there */
	struct json json;
};

static struct bytes
behind(struct bytes b, size_t n)
{
	return (struct bytes){ b.at + n, b.len - n };
}

static struct bytes
xssi_space(struct bytes b)
{
	size_t n = 0;

	while (n < b.len && (b.at[n] == ' ' || b.at[n] == '\t' || b.at[n] == '\r' || b.at[n] == '\n'))
		n++;
	return behind(b, n);
}

struct bytes
xssi_prefix(struct bytes b)
{
	static const char *const prefixes[] = {
		")]}',", ")]}'", "while(1);", "while (1);", "for(;;);", "for (;;);", "&&&START&&&", "throw 1;",
		"/*-secure-", "{}&&", "{} &&",
	};

	if (b.len > 3 && !memcmp(b.at, "\xef\xbb\xbf", 3))
		b = behind(b, 3);
	b = xssi_space(b);
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		size_t len = strlen(prefixes[i]);

		if (b.len >= len && !memcmp(b.at, prefixes[i], len))
			return (struct bytes){ b.at, len };
	}
	return (struct bytes){ 0 };
}

/* A word has to be there whole: a script may go on with "try" or "f()". */
static bool
begins_value(struct bytes b)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (b.len >= strlen(words[i]) && !memcmp(b.at, words[i], strlen(words[i])))
			return true;
	return b.len && *b.at && strchr("{[\"-0123456789", *b.at);
}

/* What is behind it, if that begins as JSON does; else empty. */
static struct bytes
xssi_behind(struct bytes b, struct bytes prefix)
{
	if (!prefix.len)
		return prefix;
	b = xssi_space(behind(b, (size_t)(prefix.at - b.at) + prefix.len));
	if (!begins_value(b))
		b.len = 0;
	return b;
}

static int
xssi_suits(const struct hint *h, struct bytes first)
{
	bool right = !h->type.len || type_is(h->type, "application/json") || type_ends(h->type, "+json") ||
		type_is(h->type, "text/json") || type_is(h->type, "text/javascript") ||
		type_is(h->type, "application/javascript") || type_is(h->type, "application/x-javascript") ||
		type_is(h->type, "text/plain");

	return right && xssi_behind(first, xssi_prefix(first)).len ? 95 : 0;
}

static void
xssi_begin(struct xssi *x, struct reader *in, struct decode *d)
{
	struct bytes first = { in->rest.at, in->rest.len < PREFIX_ROOM ? in->rest.len : PREFIX_ROOM };
	struct bytes prefix = xssi_prefix(first), behind = xssi_behind(first, prefix);
	struct doc *to = decode_doc(d);

	if (!behind.len) {
		decode_fail(d, "expected a prefix such as )]}' and JSON behind it");
		return;
	}
	x->begun = true;
	x->json.fenced = bytes_are(prefix, "/*-secure-");
	doc_put(to, ROLE_FAINT, prefix);
	doc_line(to);
	decode_words(d, "prefix %.*s left out: view only", (int)prefix.len, (const char *)prefix.at);
	json_skip(&x->json, read_bytes(in, (uint64_t)(behind.at - in->rest.at)));
}

/* The end of the comment around it, and nothing after that. */
static void
xssi_close(struct xssi *x, struct reader *in, struct decode *d)
{
	struct doc *to = decode_doc(d);

	if (in->rest.at[0] != '*' || in->rest.at[1] != '/') {
		decode_fail(d, "expected */ after the value");
		return;
	}
	if (x->json.began)
		doc_line(to);
	doc_put(to, ROLE_FAINT, read_bytes(in, 2));
	doc_line(to);
	x->closed = true;
}

static void
xssi_read(struct xssi *x, struct reader *in, struct decode *d, bool last)
{
	if (!x->begun && (in->rest.len >= PREFIX_ROOM || last))
		xssi_begin(x, in, d);
	if (!x->begun)
		return;
	if (!x->closed)
		json_read(&x->json, in, d, last);
	if (json_fenced(&x->json, in->rest) && in->rest.len > 1)
		xssi_close(x, in, d);
	if (!x->closed)
		return;
	(void)read_bytes(in, in->rest.len - xssi_space(in->rest).len);
	if (in->rest.len)
		decode_fail(d, "expected nothing after */");
}

static void
xssi_feed(void *st, struct reader *in, struct decode *d)
{
	xssi_read(st, in, d, false);
}

static void
xssi_end(void *st, struct reader *in, struct decode *d)
{
	xssi_read(st, in, d, true);
}

const struct decoder decoder_xssi = {
	.name = "xssi", .about = "JSON behind )]}', while(1); and the like", .stage = STAGE_ENVELOPE,
	.size = sizeof(struct xssi), .suits = xssi_suits, .feed = xssi_feed, .end = xssi_end, .extent = json_extent,
};
