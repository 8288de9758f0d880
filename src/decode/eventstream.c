/*
 * Event streams: text/event-stream, an event after another.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 *
 *	: a comment
 *	event: name
 *	id: 7
 *	data: {"what": "its data lines, joined by LF",
 *	data:  "are decoded": true}
 *	(an empty line)
 */
#include <string.h>

#include "block.h"
#include "soth/decode.h"
#include "type.h"

enum { EVENT_MAX = 3 << 20, TEXT_MAX = 60 };	/* bytes of an event; shown of its name or id */

struct stream {			/* a value */
	struct block_scan scan;
	uint64_t events;
	bool started;		/* past where a byte order mark could be */
	bool skips;		/* the rest of what was too large */
};

struct event {
	struct bytes block, name, id, retry;
	bool named, bad_id, has_id, bad_retry, has_retry, fields;
};

static bool
field_known(struct bytes name)
{
	static const char *const known[] = { "", "data", "event", "id", "retry" };

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (bytes_are(name, known[i]))
			return true;
	return false;
}

/* A whole block of nothing but fields that we know, one of them data. */
static bool
stream_reads(struct bytes first)
{
	struct block_scan scan = { 0 };
	struct bytes block = { first.at, block_end(&scan, first, false) }, name, value;
	bool data = false;

	while (block_line(&block, &name, &value)) {
		if (!field_known(name))
			return false;
		data = data || bytes_are(name, "data");
	}
	return data;
}

static int
sse_suits(const struct hint *h, struct bytes first)
{
	if (type_is(h->type, "text/event-stream"))
		return 90;
	return !h->message && (!h->type.len || type_is(h->type, "text/plain")) && stream_reads(first) ? 35 : 0;
}

static bool
all_digits(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] < '0' || b.at[i] > '9')
			return false;
	return b.len > 0;
}

/* The last of each counts; an ID with a NUL, or a retry that is no number, does not. */
static struct event
event_read(struct bytes block)
{
	struct event e = { .block = block };
	struct bytes name, value;

	while (block_line(&block, &name, &value)) {
		e.fields = e.fields || name.len;
		if (bytes_are(name, "event")) {
			e.name = value;
		} else if (bytes_are(name, "id") && value.len && memchr(value.at, 0, value.len)) {
			e.bad_id = true;
		} else if (bytes_are(name, "id")) {
			e.id = value;
			e.has_id = true;
		} else if (bytes_are(name, "retry") && !all_digits(value)) {
			e.bad_retry = true;
		} else if (bytes_are(name, "retry")) {
			e.retry = value;
			e.has_retry = true;
		}
	}
	return e;
}

static void
put_short(struct doc *to, enum role role, const char *before, struct bytes text)
{
	doc_put(to, role, bytes_of(before));
	doc_put(to, role, (struct bytes){ text.at, text.len < TEXT_MAX ? text.len : TEXT_MAX });
	if (text.len > TEXT_MAX)
		doc_put(to, ROLE_MARK, LIT("…"));
}

static void
event_head(struct stream *st, struct decode *d, const struct event *e, bool dispatched, size_t size)
{
	struct doc *to = decode_doc(d);

	decode_mark(d, e->block);
	if (dispatched)
		doc_putf(to, ROLE_TITLE, "event %llu", (unsigned long long)++st->events);
	else
		doc_putf(to, ROLE_FAINT, "no event");
	if (e->name.len)
		put_short(to, ROLE_WORD, "  ", e->name);
	else if (dispatched)
		doc_put(to, ROLE_FAINT, LIT("  message"));
	if (dispatched)
		doc_putf(to, ROLE_FAINT, "  %zu byte%s", size, size == 1 ? "" : "s");
	else
		doc_putf(to, ROLE_FAINT, "  no data");
	if (e->has_id)
		put_short(to, ROLE_FAINT, "  id ", e->id.len ? e->id : LIT("(empty)"));
	if (e->has_retry)
		put_short(to, ROLE_FAINT, "  retry ", e->retry);
	if (e->bad_id)
		doc_put(to, ROLE_WARN, LIT("  id with a NUL: ignored"));
	if (e->bad_retry)
		doc_put(to, ROLE_WARN, LIT("  retry that is no number: ignored"));
	doc_line(to);
}

/* Comments, and fields that mean nothing. */
static void
event_asides(struct decode *d, struct bytes block)
{
	struct doc *to = decode_doc(d);
	struct bytes name, value;

	while (block_line(&block, &name, &value)) {
		if (name.len && field_known(name))
			continue;
		decode_mark(d, (struct bytes){ name.at, (size_t)(value.at + value.len - name.at) });
		doc_put(to, ROLE_FAINT, name);
		doc_put(to, ROLE_FAINT, LIT(": "));
		doc_put(to, ROLE_FAINT, value);
		doc_line(to);
	}
}

static void
event_inner(struct decode *d, struct bytes data)
{
	const struct hint *outer = decode_hint(d);
	struct hint h = { .message = true, .side = outer->side, .path = outer->path, .fixes = outer->fixes,
		.schema = outer->schema };

	decode_inner(d, &h, data);
}

/* False: there is nothing but comments in it. */
static bool
event_show(struct stream *st, struct decode *d, struct bytes block)
{
	struct event e = event_read(block);
	struct bytes data;
	struct buf joined;
	size_t lines;

	buf_init(&joined, EVENT_MAX);
	lines = block_data(block, &joined, &data);
	if (e.fields) {
		event_head(st, d, &e, lines > 0, data.len);
		doc_in(decode_doc(d));
	}
	event_asides(d, block);
	if (e.fields)
		doc_out(decode_doc(d));
	event_inner(d, data);
	buf_release(&joined);
	return e.fields;
}

/* U+FEFF at the very beginning. False: it may still be one. */
static bool
stream_start(struct stream *st, struct reader *in, bool last)
{
	static const uint8_t bom[3] = { 0xef, 0xbb, 0xbf };
	size_t n = in->rest.len < sizeof(bom) ? in->rest.len : sizeof(bom);
	bool like = n && !memcmp(in->rest.at, bom, n);

	if (like && n < sizeof(bom) && !last)
		return false;
	if (like && n == sizeof(bom))
		(void)read_bytes(in, n);
	st->started = n > 0;
	return true;
}

/* What was looked at is dropped, and where the line stands is kept. False: nothing was. */
static bool
stream_drop(struct stream *st, struct reader *in)
{
	size_t seen = st->scan.seen;

	if (seen)
		st->scan = (struct block_scan){ st->scan.line == seen ? 0 : BLOCK_WITHIN, 0 };
	return read_bytes(in, seen).len > 0;
}

static void
stream_large(struct stream *st, struct reader *in, struct decode *d)
{
	(void)event_show(st, d, (struct bytes){ in->rest.at, st->scan.seen });
	doc_putf(decode_doc(d), ROLE_ERROR, "(larger than %d MiB: its rest is left out)", EVENT_MAX >> 20);
	doc_line(decode_doc(d));
	st->skips = true;
	(void)stream_drop(st, in);
}

/* One block, or some of what is skipped; false: more is needed. */
static bool
stream_block(struct stream *st, struct reader *in, struct decode *d, bool last)
{
	struct bytes part = in->rest;
	size_t len;

	if (part.len > EVENT_MAX) {
		part.len = EVENT_MAX;
		last = false;
	}
	if (st->scan.seen > part.len)
		st->scan = (struct block_scan){ 0 };
	len = block_end(&st->scan, part, last);
	if (!len && st->skips)
		return stream_drop(st, in);
	if (!len && part.len == EVENT_MAX) {
		stream_large(st, in, d);
		return true;
	}
	if (!len)
		return false;
	st->scan = (struct block_scan){ 0 };
	if (!st->skips)
		(void)event_show(st, d, (struct bytes){ part.at, len });
	st->skips = false;
	(void)read_bytes(in, len);
	return true;
}

static void
stream_count(const struct stream *st, struct decode *d)
{
	decode_words(d, "%llu event%s", (unsigned long long)st->events, st->events == 1 ? "" : "s");
}

static void
stream_blocks(struct stream *st, struct reader *in, struct decode *d, bool last)
{
	if (!st->started && !stream_start(st, in, last))
		return;
	while (in->rest.len && stream_block(st, in, d, last))
		;
	stream_count(st, d);
}

static void
sse_feed(void *st, struct reader *in, struct decode *d)
{
	stream_blocks(st, in, d, false);
}

static void
sse_end(void *state, struct reader *in, struct decode *d)
{
	struct stream *st = state;

	bool open;

	stream_blocks(st, in, d, true);
	open = st->skips || event_show(st, d, in->rest);
	(void)read_bytes(in, in->rest.len);
	stream_count(st, d);
	if (open)
		decode_fail(d, "cut off: no empty line ends the last event");
}

const struct decoder decoder_sse = {
	.name = "sse", .about = "an event stream, each event's data decoded", .stage = STAGE_FRAMING,
	.size = sizeof(struct stream), .suits = sse_suits, .feed = sse_feed, .end = sse_end,
};
