/* Blocks of an event stream: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
#include <string.h>

#include "block.h"

size_t
block_end(struct block_scan *s, struct bytes in, bool last)
{
	for (size_t i = s->seen; i < in.len; i++) {
		bool empty = i == s->line;

		if (in.at[i] != '\n' && in.at[i] != '\r')
			continue;
		if (in.at[i] == '\r') {
			s->seen = i;
			if (i + 1 == in.len && !last)
				return 0;
			i += i + 1 < in.len && in.at[i + 1] == '\n';
		}
		s->line = i + 1;
		if (empty)
			return i + 1;
	}
	s->seen = in.len;
	return 0;
}

static struct bytes
line_take(struct bytes *from)
{
	struct bytes line = { from->at, 0 };
	size_t end;

	while (line.len < from->len && line.at[line.len] != '\n' && line.at[line.len] != '\r')
		line.len++;
	end = line.len;
	if (end < from->len)
		end += line.at[end] == '\r' && end + 1 < from->len && line.at[end + 1] == '\n' ? 2 : 1;
	*from = (struct bytes){ from->at + end, from->len - end };
	return line;
}

bool
block_line(struct bytes *block, struct bytes *name, struct bytes *value)
{
	struct bytes line = { 0 };
	const uint8_t *colon;

	while (block->len && !line.len)
		line = line_take(block);
	if (!line.len)
		return false;
	colon = memchr(line.at, ':', line.len);
	*name = (struct bytes){ line.at, colon ? (size_t)(colon - line.at) : line.len };
	*value = (struct bytes){ line.at + line.len, 0 };
	if (colon)
		*value = (struct bytes){ colon + 1, line.len - name->len - 1 };
	if (value->len && *value->at == ' ')
		*value = (struct bytes){ value->at + 1, value->len - 1 };
	return true;
}

size_t
block_data(struct bytes block, struct buf *joined, struct bytes *data)
{
	struct bytes name, value;
	size_t count = 0;

	buf_eat(joined, joined->len);
	*data = (struct bytes){ 0 };
	while (block_line(&block, &name, &value)) {
		if (!bytes_are(name, "data"))
			continue;
		if (count == 1 && !buf_add(joined, *data))
			return count;
		if (count && (!buf_add(joined, LIT("\n")) || !buf_add(joined, value)))
			return count;
		*data = count++ ? buf_bytes(joined) : value;
	}
	return count;
}
