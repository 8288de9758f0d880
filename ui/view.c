/* What all views write their lines with. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "view.h"

void
line_put(struct line *l, enum role role, struct bytes text)
{
	if (text.len && l->spans < ARRAY_LEN(l->span))
		l->span[l->spans++] = (struct span){ role, text };
}

void
line_putf(struct line *l, enum role role, const char *fmt, ...)
{
	size_t room = sizeof(l->room) - l->used;
	char *at = l->room + l->used;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(at, room, fmt, ap);
	va_end(ap);
	if (len <= 0 || room < 2)
		return;
	if ((size_t)len >= room)
		len = (int)room - 1;
	l->used += (size_t)len;
	line_put(l, role, (struct bytes){ (uint8_t *)at, (size_t)len });
}

void
line_of(struct line *l, const struct doc *doc, size_t i)
{
	l->spans = doc_spans(doc, i, l->span, ARRAY_LEN(l->span) - 1);
	l->depth = doc_depth(doc, i);
	l->hang = doc_hangs(doc, i);
	l->single = l->spans && l->span[0].paint;
}

const struct view_ops *
view_named(const struct view_ops *const *all, const char *name)
{
	for (; *all; all++)
		if (!strcmp((*all)->name, name))
			return *all;
	return NULL;
}
