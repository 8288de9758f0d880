/* Media types and their parameters. */
#include <string.h>

#include "type.h"

static struct bytes
type_bare(struct bytes type)
{
	const uint8_t *semi = type.len ? memchr(type.at, ';', type.len) : NULL;

	if (semi)
		type.len = (size_t)(semi - type.at);
	return bytes_trim(type);
}

bool
type_is(struct bytes type, const char *name)
{
	return bytes_like(type_bare(type), name);
}

bool
type_starts(struct bytes type, const char *prefix)
{
	size_t len = strlen(prefix);

	return type.len >= len && bytes_like((struct bytes){ type.at, len }, prefix);
}

bool
type_ends(struct bytes type, const char *suffix)
{
	size_t len = strlen(suffix);

	type = type_bare(type);
	return type.len > len && bytes_like((struct bytes){ type.at + type.len - len, len }, suffix);
}

struct bytes
type_parameter(struct bytes type, const char *name)
{
	const uint8_t *semi;

	while (type.len && (semi = memchr(type.at, ';', type.len))) {
		struct bytes rest = { semi + 1, type.len - (size_t)(semi + 1 - type.at) }, one = rest;
		const uint8_t *end = memchr(rest.at, ';', rest.len), *eq;

		if (end)
			one.len = (size_t)(end - one.at);
		type = rest;
		eq = one.len ? memchr(one.at, '=', one.len) : NULL;
		if (!eq || !bytes_like(bytes_trim((struct bytes){ one.at, (size_t)(eq - one.at) }), name))
			continue;
		one = bytes_trim((struct bytes){ eq + 1, one.len - (size_t)(eq + 1 - one.at) });
		if (one.len > 1 && *one.at == '"' && one.at[one.len - 1] == '"')
			one = (struct bytes){ one.at + 1, one.len - 2 };
		return one;
	}
	return (struct bytes){ 0 };
}
