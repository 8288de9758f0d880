/*
 * Lists of URIs, one a line: playlists with tags between them (HLS, RFC 8216)
 * and text/uri-list (RFC 2483).
 *
 *	#EXTM3U
 *	#EXT-X-STREAM-INF:BANDWIDTH=1280000,CODECS="mp4a.40.2,avc1"
 *	#EXTINF:9.009,a title
 *	low/segment.ts
 *	# a comment
 */
#include <string.h>

#include "soth/decode.h"
#include "type.h"

enum { LINE_LIMIT = 1 << 20 };

struct list { uint64_t uris; };		/* a value */

static bool
begins(struct bytes b, const char *with)
{
	size_t len = strlen(with);

	return b.len >= len && !memcmp(b.at, with, len);
}

static int
hls_suits(const struct hint *h, struct bytes first)
{
	static const char *const types[] = { "application/vnd.apple.mpegurl", "application/x-mpegurl", "audio/mpegurl",
		"audio/x-mpegurl" };

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (type_is(h->type, types[i]))
			return 90;
	return begins(first, "#EXTM3U\n") || begins(first, "#EXTM3U\r\n") ? 40 : 0;
}

static int
uris_suits(const struct hint *h, struct bytes first)
{
	(void)first;
	return type_is(h->type, "text/uri-list") ? 90 : 0;
}

/* How many bytes come before c. */
static size_t
span_to(struct bytes b, char c)
{
	const uint8_t *at = b.len ? memchr(b.at, c, b.len) : NULL;

	return at ? (size_t)(at - b.at) : b.len;
}

/* A quoted value goes to its quote, any other to the next comma. */
static size_t
value_len(struct bytes b)
{
	size_t n;

	if (!b.len || *b.at != '"')
		return span_to(b, ',');
	n = 1 + span_to(bytes_from(b, 1), '"');
	return n < b.len ? n + 1 : n;
}

static enum role
value_role(struct bytes name, struct bytes value)
{
	if (bytes_are(name, "URI"))
		return ROLE_LINK;
	if (value.len && *value.at == '"')
		return ROLE_STRING;
	return value.len && ((*value.at >= '0' && *value.at <= '9') || *value.at == '-') ? ROLE_NUMBER : ROLE_WORD;
}

/* How long the name in "NAME=..." is, which is of capitals, digits and hyphens; 0: it is none. */
static size_t
name_len(struct bytes b)
{
	size_t n = 0;

	while (n < b.len && ((b.at[n] >= 'A' && b.at[n] <= 'Z') || (b.at[n] >= '0' && b.at[n] <= '9') || b.at[n] == '-'))
		n++;
	return n < b.len && b.at[n] == '=' ? n : 0;
}

/* "BANDWIDTH=1280000" of a list, or a value with no name. */
static size_t
attribute_show(struct doc *to, struct bytes rest)
{
	size_t name = name_len(rest), used = 0, len;
	struct bytes value;

	if (name) {
		doc_put(to, ROLE_KEY, (struct bytes){ rest.at, name });
		doc_put(to, ROLE_MARK, LIT("="));
		used = name + 1;
	}
	value = bytes_from(rest, used);
	value.len = len = value_len(value);
	doc_put(to, value_role((struct bytes){ rest.at, name }, value), value);
	used += len;
	if (used < rest.len && rest.at[used] == ',') {
		doc_put(to, ROLE_MARK, LIT(","));
		used++;
	}
	return used;
}

/* "9.009,a title", "6000@120", "2024-01-01T00:00:00Z" */
static void
plain_show(struct doc *to, struct bytes value)
{
	size_t n = span_to(value, ',');

	doc_put(to, ROLE_NUMBER, (struct bytes){ value.at, n });
	if (n < value.len) {
		doc_put(to, ROLE_MARK, LIT(","));
		doc_put(to, ROLE_STRING, bytes_from(value, n + 1));
	}
}

static void
tag_show(struct doc *to, struct bytes line)
{
	size_t name = span_to(line, ':');
	struct bytes rest = bytes_from(line, name);

	doc_put(to, ROLE_WORD, (struct bytes){ line.at, name });
	if (!rest.len)
		return;
	doc_put(to, ROLE_MARK, LIT(":"));
	rest = bytes_from(rest, 1);
	if (!name_len(rest)) {
		plain_show(to, rest);
		return;
	}
	while (rest.len)
		rest = bytes_from(rest, attribute_show(to, rest));
}

static void
line_show(struct list *l, struct decode *d, struct bytes line)
{
	struct doc *to = decode_doc(d);

	if (line.len)
		decode_mark(d, line);
	if (begins(line, "#EXT")) {
		tag_show(to, line);
	} else if (begins(line, "#")) {
		doc_put(to, ROLE_FAINT, line);
	} else {
		doc_put(to, ROLE_LINK, line);
		l->uris += line.len > 0;
	}
	doc_line(to);
}

static void
list_feed(void *st, struct reader *in, struct decode *d)
{
	struct list *l = st;

	for (;;) {
		struct reader ahead = { { in->rest.at, in->rest.len < LINE_LIMIT ? in->rest.len : LINE_LIMIT }, false };
		struct bytes line = read_line(&ahead);

		if (ahead.ran_out)
			break;
		(void)read_bytes(in, (size_t)(ahead.rest.at - in->rest.at));
		line_show(l, d, line);
	}
	if (in->rest.len >= LINE_LIMIT)
		decode_fail(d, "a line is larger than %d MiB", LINE_LIMIT >> 20);
	decode_words(d, "%llu URI%s", (unsigned long long)l->uris, l->uris == 1 ? "" : "s");
}

static void
list_end(void *st, struct reader *in, struct decode *d)
{
	struct list *l = st;

	list_feed(st, in, d);
	if (!in->rest.len || in->rest.len >= LINE_LIMIT)
		return;
	line_show(l, d, read_bytes(in, in->rest.len));
	decode_words(d, "%llu URI%s", (unsigned long long)l->uris, l->uris == 1 ? "" : "s");
}

const struct decoder decoder_hls = {
	.name = "hls", .about = "a playlist of media: tags and URIs", .stage = STAGE_PAYLOAD,
	.size = sizeof(struct list), .suits = hls_suits, .feed = list_feed, .end = list_end,
};
const struct decoder decoder_uris = {
	.name = "uris", .about = "a list of URIs, one a line", .stage = STAGE_PAYLOAD,
	.size = sizeof(struct list), .suits = uris_suits, .feed = list_feed, .end = list_end,
};
