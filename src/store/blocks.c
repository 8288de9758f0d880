/* The events of an event stream, read from the bytes of the response as they are told. */
#include <stdlib.h>

#include "eventline.h"
#include "soth/inflate.h"
#include "soth/sse.h"

enum { DECODED_MAX = 16 << 20 };	/* of one run of bytes */

/*
 * Marks count along: one that comes without its bytes, because they were not
 * recorded or cannot be decoded, is an event all the same, with nothing in it.
 */
struct blocks {
	struct sse sse;
	struct inflater *inflater;	/* NULL: no coding */
	bool deaf;			/* nothing more can be read */
	uint64_t events, marks;
};

void
blocks_open(struct logged *f, const struct head *response)
{
	struct bytes coding = head_find(response, "content-encoding");
	struct blocks *b;

	if (f->blocks)
		return;
	b = f->blocks = xalloc(sizeof(*b));
	sse_init(&b->sse, LOG_DATA_MAX);
	b->inflater = coding.len ? inflater_new(coding) : NULL;
	b->deaf = coding.len && !b->inflater;
}

void
blocks_free(struct blocks *b)
{
	if (!b)
		return;
	sse_release(&b->sse);
	if (b->inflater)
		inflater_free(b->inflater);
	free(b);
}

/* Without the beginning of a character at its end. */
static struct bytes
whole_characters(struct bytes text)
{
	size_t len = text.len;

	while (len && text.len - len < 3 && (text.at[len - 1] & 0xc0) == 0x80)
		len--;
	if (len && text.at[len - 1] >= 0xc0)
		text.len = len - 1;
	return text;
}

static void
block_event(struct eventlog *l, struct logged *f, const struct sse_block *read)
{
	struct attributes *a = attributes_new();

	attribute_count(a, "sequence_no", ++f->blocks->events);
	if (read) {
		attribute(a, "event", read->event.len ? read->event : LIT("message"));
		attribute(a, "id", read->id);
		attribute(a, "retry_ms", (struct bytes){ 0 });
		if (read->has_retry)
			attribute_count(a, "retry_ms", read->retry);
		attribute(a, "data", read->cut ? whole_characters(read->data) : read->data);
		attribute_count(a, "data_len", read->data_len);
		attribute_count(a, "data_line_count", read->data_lines);
	}
	eventline(l, f, LOG_SSE, a);
}

static void
blocks_read(struct eventlog *l, struct logged *f, struct bytes more)
{
	struct sse_block read;

	while (sse_next(&f->blocks->sse, &more, &read))
		if (read.dispatched)
			block_event(l, f, &read);
}

static void
blocks_data(struct eventlog *l, struct logged *f, struct bytes more)
{
	struct blocks *b = f->blocks;
	struct fault why;
	struct buf plain;

	if (b->deaf)
		return;
	if (!b->inflater) {
		blocks_read(l, f, more);
		return;
	}
	buf_init(&plain, DECODED_MAX);
	b->deaf = !inflater_feed(b->inflater, more, &plain, &why);
	blocks_read(l, f, buf_bytes(&plain));
	buf_release(&plain);
}

void
blocks_end(struct eventlog *l, struct logged *f)
{
	struct blocks *b = f->blocks;
	struct sse_block read;

	if (!b || b->deaf)
		return;
	b->deaf = true;
	if (sse_end(&b->sse, &read) && read.dispatched)
		block_event(l, f, &read);
}

/* A mark that is ahead of what was read stands at the end of the bytes. */
static void
blocks_mark(struct eventlog *l, struct logged *f, uint32_t code)
{
	if ((code & MARK_KIND) != MARK_SSE_EVENT || code & MARK_NO_EVENT)
		return;
	if (++f->blocks->marks > f->blocks->events)
		blocks_end(l, f);
	if (f->blocks->marks > f->blocks->events)
		block_event(l, f, NULL);
}

void
blocks_part(struct eventlog *l, struct logged *f, const struct note *n)
{
	if (!f->blocks || n->side != SERVER)
		return;
	if (n->part.kind == PART_DATA)
		blocks_data(l, f, n->part.data.bytes);
	else if (n->part.kind == PART_MARK)
		blocks_mark(l, f, n->part.code);
}
