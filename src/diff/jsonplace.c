/* Where one is in JSON, in the words of jsonpath.h. */
#include <stdio.h>
#include <string.h>

#include "diff_inside.h"

void
place_init(struct place *p, const char *begins)
{
	p->len = 0;
	place_back(p, 0);
	p->len = (size_t)snprintf(p->text, sizeof(p->text), "%s", begins);
}

/* All of it, or an ellipsis for all that follows. */
static void
place_add(struct place *p, const char *before, struct bytes text, const char *behind)
{
	size_t need = strlen(before) + text.len + strlen(behind);

	if (need > sizeof(p->text) - p->len - sizeof("..."))
		p->len += (size_t)snprintf(p->text + p->len, sizeof(p->text) - p->len, "%s",
			p->len < sizeof(p->text) - 8 ? "..." : "");
	else
		p->len += (size_t)sprintf(p->text + p->len, "%s%.*s%s", before, (int)text.len, (const char *)text.at, behind);
	if (p->len >= sizeof(p->text))
		p->len = sizeof(p->text) - 1;
}

static bool
is_plain(struct bytes name)
{
	for (size_t i = 0; i < name.len; i++) {
		uint8_t c = name.at[i];

		if (c <= ' ' || strchr(".[]\"'\\", c) || c == 0x7f)
			return false;
	}
	return name.len;
}

size_t
place_name(struct place *p, struct bytes raw)
{
	size_t was = p->len;

	if (is_plain(raw))
		place_add(p, ".", raw, "");
	else
		place_add(p, "[\"", raw, "\"]");
	return was;
}

size_t
place_index(struct place *p, uint32_t i)
{
	size_t was = p->len;
	char number[16];

	snprintf(number, sizeof(number), "%u", i);
	place_add(p, "[", i == LCS_NONE ? LIT("") : bytes_of(number), "]");
	return was;
}

void
place_back(struct place *p, size_t len)
{
	p->len = len;
	p->text[len] = '\0';
}
