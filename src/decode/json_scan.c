/* Finding one's way in JSON that need not be right: where its strings, values and white space end. */
#include <string.h>

#include "json.h"

static const bool is_mark[256] = {
	['{'] = true, ['}'] = true, ['['] = true, [']'] = true, [','] = true, [':'] = true, ['"'] = true, ['/'] = true,
};

const uint8_t *
json_space_end(const uint8_t *at, const uint8_t *end)
{
	for (;;) {
		while (at < end && *at <= ' ')
			at++;
		if (end - at < 2 || *at != '/' || (at[1] != '/' && at[1] != '*'))
			return at;
		if (at[1] == '/') {
			at = memchr(at, '\n', (size_t)(end - at));
			at = at ? at : end;
		} else {
			at = memmem(at + 2, (size_t)(end - at - 2), "*/", 2);
			at = at ? at + 2 : end;
		}
	}
}

const uint8_t *
json_string_end(const uint8_t *at, const uint8_t *end)
{
	for (at++; at < end && *at != '"'; at++)
		if (*at == '\\' && at + 1 < end)
			at++;
	return at < end ? at + 1 : NULL;
}

/* At least one byte. */
const uint8_t *
json_scalar_end(const uint8_t *at, const uint8_t *end)
{
	const uint8_t *from = at;

	while (at < end && *at > ' ' && !is_mark[*at])
		at++;
	return at > from || at == end ? at : at + 1;
}

/* Brackets are counted, whatever their kind: so any depth is as good as another. */
static const uint8_t *
container_end(const uint8_t *at, const uint8_t *end)
{
	size_t open = 0;

	while (at < end) {
		uint8_t c = *at;

		if (c == '"') {
			at = json_string_end(at, end);
			if (!at)
				return NULL;
		} else if (c == '/') {
			const uint8_t *behind = json_space_end(at, end);

			at = behind > at ? behind : at + 1;
		} else {
			at++;
			open += c == '{' || c == '[';
			if ((c == '}' || c == ']') && !--open)
				return at;
		}
	}
	return NULL;
}

size_t
json_extent(struct bytes from)
{
	const uint8_t *end = from.at + from.len, *at = NULL;

	if (!from.len)
		return 0;
	if (*from.at == '{' || *from.at == '[')
		at = container_end(from.at, end);
	else if (*from.at == '"')
		at = json_string_end(from.at, end);
	else
		at = json_scalar_end(from.at, end);
	return at ? (size_t)(at - from.at) : 0;
}
