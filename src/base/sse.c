/* Event streams: lines, fields and blocks of them, as WHATWG HTML section 9.2 has it. */
#include <string.h>

#include "soth/sse.h"

enum { ROOM_KEPT = 64 << 10 };	/* what a text may still hold when it is empty */

/* What a field's value does. `run` gets it in pieces, `end` follows the last. */
struct sse_field {
	const char *name;
	void (*begin)(struct sse *s);
	void (*run)(struct sse *s, struct bytes piece);
	void (*end)(struct sse *s);
};

void
sse_init(struct sse *s, size_t limit)
{
	*s = (struct sse){ 0 };
	buf_init(&s->data, limit);
	buf_init(&s->event, limit);
	buf_init(&s->id, limit);
	buf_init(&s->value, limit);
}

void
sse_release(struct sse *s)
{
	buf_release(&s->data);
	buf_release(&s->event);
	buf_release(&s->id);
	buf_release(&s->value);
}

static void
text_empty(struct buf *b)
{
	if (b->room > ROOM_KEPT)
		buf_release(b);
	else
		buf_eat(b, b->len);
}

/* As much of it as there is room for; false: that was not all. */
static bool
text_add(struct buf *b, struct bytes more)
{
	size_t room = b->limit - b->len;
	struct bytes fits = { more.at, more.len < room ? more.len : room };

	return (!fits.len || buf_add(b, fits)) && fits.len == more.len;
}

static void
data_add(struct sse *s, struct bytes piece)
{
	s->block.data_len += piece.len;
	if (!text_add(&s->data, piece))
		s->block.cut = true;
}

static void
data_begin(struct sse *s)
{
	if (s->block.data_lines++)
		data_add(s, LIT("\n"));
}

static void
data_end(struct sse *s)
{
	(void)s;
}

static void
value_begin(struct sse *s)
{
	text_empty(&s->value);
	s->value_cut = s->nul = false;
}

static void
value_add(struct sse *s, struct bytes piece)
{
	if (memchr(piece.at, 0, piece.len))
		s->nul = true;
	if (!text_add(&s->value, piece))
		s->value_cut = true;
}

static void
value_become(struct sse *s, struct buf *text)
{
	struct buf old = *text;

	*text = s->value;
	s->value = old;
	if (s->value_cut)
		s->block.cut = true;
}

static void
event_end(struct sse *s)
{
	value_become(s, &s->event);
}

/* An id with a NUL in it is as good as none. */
static void
id_end(struct sse *s)
{
	if (s->nul)
		return;
	value_become(s, &s->id);
	s->block.has_id = true;
}

static void
retry_begin(struct sse *s)
{
	s->digits = 0;
	s->wrong = false;
	s->number = 0;
}

static void
retry_run(struct sse *s, struct bytes piece)
{
	for (size_t i = 0; i < piece.len && !s->wrong; i++) {
		unsigned digit = piece.at[i] - (unsigned)'0';

		s->wrong = digit > 9;
		s->digits = true;
		s->number = s->number > (UINT64_MAX - 9) / 10 ? UINT64_MAX : s->number * 10 + digit;
	}
}

static void
retry_end(struct sse *s)
{
	if (s->wrong || !s->digits)
		return;
	s->block.retry = s->number;
	s->block.has_retry = true;
}

static const struct sse_field fields[] = {
	{ "data",  data_begin,  data_add,  data_end },
	{ "event", value_begin, value_add, event_end },
	{ "id",    value_begin, value_add, id_end },
	{ "retry", retry_begin, retry_run, retry_end },
};

static void
name_add(struct sse *s, uint8_t c)
{
	if (s->named < sizeof(s->name))
		s->name[s->named++] = c;
}

/* The name is complete. A comment's is empty, and so is none of ours. */
static void
field_begin(struct sse *s)
{
	struct bytes name = { s->name, s->named };

	s->field = NULL;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (bytes_are(name, fields[i].name))
			s->field = &fields[i];
	if (s->field)
		s->field->begin(s);
}

static void
block_begin(struct sse *s)
{
	s->told = s->waits = false;
	s->block = (struct sse_block){ 0 };
	text_empty(&s->data);
	text_empty(&s->event);
}

static bool
block_done(struct sse *s, struct sse_block *b)
{
	s->told = true;
	s->block.dispatched = s->block.data_lines > 0;
	s->block.event = buf_bytes(&s->event);
	s->block.data = buf_bytes(&s->data);
	s->block.id = buf_bytes(&s->id);
	*b = s->block;
	return true;
}

static void
take(struct sse *s, struct bytes *more, size_t n)
{
	s->block.size += n;
	more->at += n;
	more->len -= n;
}

/* U+FEFF before everything else is no part of the first name. What only began
 * like one is, and makes it a name that we do not know. */
static void
bom_read(struct sse *s, struct bytes *more)
{
	static const uint8_t bom[] = { 0xef, 0xbb, 0xbf };

	if (more->at[0] == bom[s->bom]) {
		take(s, more, 1);
		s->started = ++s->bom == sizeof(bom);
		return;
	}
	for (unsigned i = 0; i < s->bom; i++)
		name_add(s, bom[i]);
	s->started = true;
}

/*
 * The second half of CR LF may come later. An event must not wait for it
 * where the stream ends its lines otherwise; so the CR of an empty line waits
 * only where the line before ended in CR LF. (Else an LF after all begins the
 * next block, and is nothing there.)
 */
static bool
line_ended(struct sse *s, uint8_t c, struct sse_block *b)
{
	bool empty = s->state == SSE_NAME && !s->named;
	bool two = s->line_end == SSE_CRLF;

	if (!empty && s->state == SSE_NAME)
		field_begin(s);
	if (!empty && s->field)
		s->field->end(s);
	s->field = NULL;
	s->state = SSE_NAME;
	s->named = 0;
	s->after_cr = c == '\r';
	s->line_end = c == '\r' ? SSE_CR : SSE_LF;
	s->waits = empty && s->after_cr && two;
	return empty && !s->waits && block_done(s, b);
}

static void
name_read(struct sse *s, struct bytes *more)
{
	uint8_t c = more->at[0];

	take(s, more, 1);
	if (c == ':') {
		field_begin(s);
		s->state = SSE_SPACE;
	} else {
		name_add(s, c);
	}
}

static void
space_read(struct sse *s, struct bytes *more)
{
	if (more->at[0] == ' ')
		take(s, more, 1);
	s->state = SSE_VALUE;
}

static size_t
line_rest(struct bytes b)
{
	const uint8_t *lf = memchr(b.at, '\n', b.len);
	size_t n = lf ? (size_t)(lf - b.at) : b.len;
	const uint8_t *cr = memchr(b.at, '\r', n);

	return cr ? (size_t)(cr - b.at) : n;
}

static void
value_read(struct sse *s, struct bytes *more)
{
	struct bytes piece = { more->at, line_rest(*more) };

	if (s->field)
		s->field->run(s, piece);
	take(s, more, piece.len);
}

/* After a CR. True: that was the block's end. */
static bool
second_half(struct sse *s, struct bytes *more, struct sse_block *b)
{
	s->after_cr = false;
	if (more->at[0] == '\n') {
		take(s, more, 1);
		s->line_end = SSE_CRLF;
	}
	return s->waits && block_done(s, b);
}

bool
sse_next(struct sse *s, struct bytes *more, struct sse_block *b)
{
	if (s->told && more->len)
		block_begin(s);
	while (more->len) {
		uint8_t c = more->at[0];

		if (s->after_cr) {
			if (second_half(s, more, b))
				return true;
		} else if (!s->started) {
			bom_read(s, more);
		} else if (c == '\n' || c == '\r') {
			take(s, more, 1);
			if (line_ended(s, c, b))
				return true;
		} else if (s->state == SSE_NAME) {
			name_read(s, more);
		} else if (s->state == SSE_SPACE) {
			space_read(s, more);
		} else {
			value_read(s, more);
		}
	}
	return false;
}

bool
sse_end(struct sse *s, struct sse_block *b)
{
	return s->waits && !s->told && block_done(s, b);
}
