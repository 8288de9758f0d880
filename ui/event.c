/* An event stream's block, read for showing. */
#include <string.h>

#include "event.h"

static struct bytes
line_next(struct bytes *s)
{
	struct bytes line = { s->at, 0 };
	size_t end;

	while (line.len < s->len && s->at[line.len] != '\r' && s->at[line.len] != '\n')
		line.len++;
	end = line.len;
	if (end < s->len)
		end += s->at[end] == '\r' && end + 1 < s->len && s->at[end + 1] == '\n' ? 2 : 1;
	s->at += end;
	s->len -= end;
	return line;
}

bool
event_line(struct bytes *block, struct bytes *name, struct bytes *value)
{
	struct bytes line = { 0 };
	const uint8_t *colon;

	while (block->len && !line.len)
		line = line_next(block);
	if (line.len >= 3 && !memcmp(line.at, "\xef\xbb\xbf", 3)) {	/* a mark at the stream's beginning */
		line.at += 3;
		line.len -= 3;
	}
	if (!line.len)
		return false;
	colon = memchr(line.at, ':', line.len);
	*name = (struct bytes){ line.at, colon ? (size_t)(colon - line.at) : line.len };
	*value = (struct bytes){ 0 };
	if (colon)
		*value = (struct bytes){ colon + 1, line.len - name->len - 1 };
	if (value->len && *value->at == ' ') {
		value->at++;
		value->len--;
	}
	return true;
}
