/*
 * JSON values, a record each: lines (https://github.com/ndjson/ndjson-spec), or
 * texts that begin with RS (https://www.rfc-editor.org/rfc/rfc7464):
 *
 *	{"a":1} LF  {"a":2} LF		1e {"a":1} LF  1e {"a":2} LF
 */
#include <string.h>

#include "json.h"
#include "type.h"

enum { RECORD_MAX = 4 << 20, RS = 0x1e };

struct ndjson {
	uint64_t records;
	size_t searched;	/* of what is unread: here no record ends */
	bool begun, sequence;	/* a record begins with RS */
};

static int
ndjson_suits(const struct hint *h, struct bytes first)
{
	static const char *const types[] = {
		"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonl",
		"application/jsonlines", "application/x-jsonlines", "application/json-lines",
		"application/json-seq", "application/x-json-stream", "application/stream+json",
	};

	(void)first;
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (type_is(h->type, types[i]))
			return 90;
	return type_ends(h->type, "+json-seq") ? 95 : 0;
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == RS;
}

static struct bytes
record_trim(struct bytes b)
{
	for (; b.len && is_blank(*b.at); b.at++)
		b.len--;
	while (b.len && is_blank(b.at[b.len - 1]))
		b.len--;
	return b;
}

/* "record 1  118 bytes", and below it the value. */
static void
ndjson_record(struct ndjson *n, struct bytes record, struct decode *d)
{
	struct hint hint = { .as = "json", .message = true, .side = decode_hint(d)->side };
	struct doc *to = decode_doc(d);

	record = record_trim(record);
	if (!record.len)
		return;
	n->records++;
	decode_mark(d, record);
	doc_put(to, ROLE_KEY, LIT("record "));
	doc_putf(to, ROLE_NUMBER, "%llu", (unsigned long long)n->records);
	doc_putf(to, ROLE_FAINT, "  %zu byte%s", record.len, record.len == 1 ? "" : "s");
	doc_line(to);
	decode_inner(d, &hint, record);
}

/* Where the first record ends, and what ends it. The first byte of a sequence is an RS. */
static const uint8_t *
ndjson_end_of(const struct ndjson *n, struct bytes rest)
{
	size_t from = n->searched ? n->searched : n->sequence && *rest.at == RS;

	return from < rest.len ? memchr(rest.at + from, n->sequence ? RS : '\n', rest.len - from) : NULL;
}

/* False: no whole record is there. */
static bool
ndjson_next(struct ndjson *n, struct reader *in, struct decode *d)
{
	const uint8_t *end = ndjson_end_of(n, in->rest);
	size_t len = end ? (size_t)(end - in->rest.at) : in->rest.len;

	if (len > RECORD_MAX) {
		decode_fail(d, "record %llu: more than %d MiB", (unsigned long long)n->records + 1, RECORD_MAX >> 20);
		return false;
	}
	n->searched = end ? 0 : len;
	if (end)
		ndjson_record(n, read_bytes(in, len + !n->sequence), d);
	return end;
}

static void
ndjson_feed(void *st, struct reader *in, struct decode *d)
{
	struct ndjson *n = st;

	if (!n->begun && in->rest.len) {
		n->begun = true;
		n->sequence = *in->rest.at == RS;
	}
	while (in->rest.len && ndjson_next(n, in, d))
		;
	decode_words(d, "%llu record%s", (unsigned long long)n->records, n->records == 1 ? "" : "s");
}

static void
ndjson_end(void *st, struct reader *in, struct decode *d)
{
	struct ndjson *n = st;

	ndjson_feed(st, in, d);
	if (in->rest.len && in->rest.len <= RECORD_MAX)
		ndjson_record(n, read_bytes(in, in->rest.len), d);
	decode_words(d, "%llu record%s", (unsigned long long)n->records, n->records == 1 ? "" : "s");
}

const struct decoder decoder_ndjson = {
	.name = "ndjson", .about = "JSON records: lines, or a sequence", .stage = STAGE_FRAMING,
	.size = sizeof(struct ndjson), .suits = ndjson_suits, .feed = ndjson_feed, .end = ndjson_end,
	.extent = json_extent,
};
