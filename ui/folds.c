/* Lines that are folded away under others. */
#include <stdlib.h>
#include <string.h>

#include "folds.h"

void
folds_release(struct folds *f)
{
	free(f->at);
	*f = (struct folds){ 0 };
}

/* Where it is, or would be. */
static size_t
folds_find(const struct folds *f, size_t line)
{
	size_t i = 0;

	while (i < f->count && f->at[i].line < line)
		i++;
	return i;
}

bool
folds_has(const struct folds *f, size_t line)
{
	size_t i = folds_find(f, line);

	return i < f->count && f->at[i].line == line;
}

void
folds_put(struct folds *f, size_t line, size_t past)
{
	size_t i = folds_find(f, line);

	if (i == f->count || f->at[i].line != line) {
		f->at = xgrow(f->at, f->count + 1, sizeof(*f->at));
		memmove(f->at + i + 1, f->at + i, (f->count - i) * sizeof(*f->at));
		f->count++;
	}
	f->at[i] = (struct fold){ line, past };
}

void
folds_take(struct folds *f, size_t line)
{
	size_t i = folds_find(f, line);

	if (i == f->count || f->at[i].line != line)
		return;
	f->count--;
	memmove(f->at + i, f->at + i + 1, (f->count - i) * sizeof(*f->at));
}

/* The next fold from `i` on that nothing hides; `line` is shown. */
static const struct fold *
folds_next(const struct folds *f, size_t *i, size_t line)
{
	while (*i < f->count && f->at[*i].line < line)
		(*i)++;
	return *i < f->count ? &f->at[*i] : NULL;
}

size_t
folds_shown(const struct folds *f, size_t lines)
{
	return lines ? folds_index(f, lines - 1) + 1 : 0;
}

size_t
folds_line(const struct folds *f, size_t i)
{
	const struct fold *next;
	size_t line = 0, k = 0;

	/* From one fold to the next, as many lines as are shown between them. */
	while ((next = folds_next(f, &k, line)) && i > next->line - line) {
		i -= next->line - line + 1;
		line = next->past;
	}
	return line + i;
}

size_t
folds_index(const struct folds *f, size_t wanted)
{
	const struct fold *next;
	size_t line = 0, k = 0, index = 0;

	while ((next = folds_next(f, &k, line)) && wanted > next->line) {
		index += next->line - line;
		if (wanted < next->past)
			return index;
		index++;
		line = next->past;
	}
	return index + wanted - line;
}
