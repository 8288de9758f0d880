/* Bytes being put together, never past their limit. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blob.h"
#include "soth/buf.h"

enum { ROOM_FIRST = 256 };

void
buf_init(struct buf *b, size_t limit)
{
	*b = (struct buf){ .limit = limit };
}

void
buf_release(struct buf *b)
{
	free(b->blob);
	buf_init(b, b->limit);
}

/* Move what is left to the front, in a block of `room` bytes. */
static void
buf_move(struct buf *b, size_t room)
{
	struct blob *blob = b->blob;

	if (room > b->room)
		blob = xgrow(NULL, 1, sizeof(*blob) + room);
	if (b->len)
		memmove(blob->data, b->at, b->len);
	if (blob != b->blob) {
		free(b->blob);
		b->blob = blob;
		b->room = room;
	}
	b->at = blob->data;
}

uint8_t *
buf_room(struct buf *b, size_t n)
{
	size_t eaten = b->blob ? (size_t)(b->at - b->blob->data) : 0;

	if (n > b->limit - b->len)
		return NULL;
	if (n > b->room - eaten - b->len || !b->blob) {
		size_t room = b->room ? b->room : ROOM_FIRST;

		/* Moving to the front is worth it only when it frees much. */
		while (room - b->len < n || (room == b->room && eaten < room / 2))
			room *= 2;
		buf_move(b, room);
	}
	return b->at + b->len;
}

void
buf_grew(struct buf *b, size_t n)
{
	b->len += n;
}

bool
buf_add(struct buf *b, struct bytes more)
{
	uint8_t *to = buf_room(b, more.len);

	if (!to)
		return false;
	if (more.len)
		memcpy(to, more.at, more.len);
	buf_grew(b, more.len);
	return true;
}

bool
buf_addf(struct buf *b, const char *fmt, ...)
{
	char line[512], *text = line;
	va_list ap, again;
	bool ok;
	int len;

	va_start(ap, fmt);
	va_copy(again, ap);
	len = vsnprintf(line, sizeof(line), fmt, ap);
	if (len >= (int)sizeof(line)) {
		text = xalloc((size_t)len + 1);
		vsnprintf(text, (size_t)len + 1, fmt, again);
	}
	va_end(again);
	va_end(ap);
	ok = len >= 0 && buf_add(b, (struct bytes){ (uint8_t *)text, (size_t)len });
	if (text != line)
		free(text);
	return ok;
}

void
buf_eat(struct buf *b, size_t n)
{
	b->len -= n;
	b->at = b->len ? b->at + n : b->blob ? b->blob->data : NULL;
}

struct slice
buf_seal(struct buf *b)
{
	struct slice s = { 0 };

	if (b->len) {
		atomic_init(&b->blob->refs, 1);
		b->blob->len = b->room;
		s = (struct slice){ buf_bytes(b), b->blob };
		b->blob = NULL;
	}
	buf_release(b);
	return s;
}
