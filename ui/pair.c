/* A name and its value, as a line shows them. */
#include <string.h>

#include "pair.h"

static void
add(uint8_t to[PAIR_MAX], size_t *used, struct bytes more)
{
	size_t n = more.len < PAIR_MAX - *used ? more.len : PAIR_MAX - *used;

	memcpy(to + *used, more.at, n);
	*used += n;
}

/* Names are padded, so that values stand below each other. */
static size_t
without_padding(const uint8_t *name, size_t len)
{
	while (len && name[len - 1] == ' ')
		len--;
	return len;
}

bool
pair_of(const struct line *l, struct pair *out)
{
	size_t i = 0, from;

	*out = (struct pair){ .names = 0 };
	for (; i < l->spans && l->span[i].role == ROLE_KEY; i++)
		add(out->name, &out->names, l->span[i].text);
	out->names = without_padding(out->name, out->names);
	while (i < l->spans && l->span[i].role == ROLE_MARK)
		i++;
	for (from = i; i < l->spans && l->span[i].role == l->span[from].role && l->span[i].role != ROLE_FAINT; i++)
		add(out->value, &out->values, l->span[i].text);
	return out->names;
}
