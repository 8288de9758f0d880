/* Source text, line by line; lines that are too long to be read are broken. */
#include <string.h>

#include "source.h"

static bool
block(char kind)
{
	return kind && strchr("{RD", kind);
}

char
source_inner(const struct source *s)
{
	return s->depth && !s->over ? s->open[s->depth - 1] : 0;
}

static void
source_break(struct source_walk *w)
{
	if (w->s->column)
		doc_line(w->to);
	w->s->column = 0;
	w->s->due = SOURCE_STAYS;
}

/* Does a break come before a token that begins so? */
static bool
source_due(const struct source *s, uint8_t c)
{
	switch (s->due) {
	case SOURCE_STAYS:
		return false;
	case SOURCE_AFTER_OPEN:
		return c != '}';
	case SOURCE_AFTER_CLOSE:
		return !strchr(";,.()]", c);
	case SOURCE_BREAKS:
		break;
	}
	return true;
}

bool
source_put(struct source_walk *w, enum role role, size_t n)
{
	struct source *s = w->s;
	struct bytes text = read_bytes(w->in, n);
	char inner = source_inner(s);
	bool hangs = s->due == SOURCE_BREAKS && inner && !block(inner);	/* a list goes on */

	if (!text.len)
		return false;
	if (s->broken && source_due(s, *text.at))
		source_break(w);
	s->due = SOURCE_STAYS;
	if (!s->column)
		doc_nest(w->to, s->base + (s->broken ? s->blocks + hangs : 0));
	doc_put(w->to, role, text);
	s->column += text.len;
	return true;
}

/* Where a line was broken, or begins, indentation stands for it. */
bool
source_space(struct source_walk *w, size_t n)
{
	if (w->s->broken && (w->s->due == SOURCE_BREAKS || w->s->due == SOURCE_AFTER_OPEN || !w->s->column))
		return read_bytes(w->in, n).len;
	if (w->s->due != SOURCE_STAYS) {
		enum source_due due = w->s->due;

		w->s->due = SOURCE_STAYS;
		source_put(w, ROLE_TEXT, n);
		w->s->due = due;
		return true;
	}
	return source_put(w, ROLE_TEXT, n);
}

bool
source_open(struct source_walk *w, char kind)
{
	struct source *s = w->s;

	source_put(w, ROLE_MARK, 1);
	if (s->depth == SOURCE_DEPTH_MAX)
		s->over++;
	else
		s->open[s->depth++] = kind;
	s->blocks += block(kind) && !s->over;
	if (block(kind))
		s->due = SOURCE_AFTER_OPEN;
	return true;
}

static char
source_pop(struct source *s)
{
	char kind;

	if (s->over) {
		s->over--;
		return 0;
	}
	if (!s->depth)
		return 0;
	kind = s->open[--s->depth];
	s->blocks -= block(kind);
	return kind;
}

/* A brace has a line of its own, unless nothing is in it. */
char
source_close(struct source_walk *w)
{
	struct source *s = w->s;
	bool empty = s->due == SOURCE_AFTER_OPEN;
	char kind = source_pop(s);

	if (s->broken && block(kind) && !empty)
		source_break(w);
	source_put(w, ROLE_MARK, 1);
	if (block(kind))
		s->due = kind == '{' ? SOURCE_AFTER_CLOSE : SOURCE_BREAKS;
	return kind;
}

bool
source_separate(struct source_walk *w)
{
	struct source *s = w->s;
	char inner = source_inner(s);
	bool ends = *w->in->rest.at == ';';

	source_put(w, ROLE_MARK, 1);
	if (ends ? !inner || block(inner) : s->column > SOURCE_WIDE)
		s->due = SOURCE_BREAKS;
	return true;
}

bool
source_comment(struct source_walk *w, struct bytes line, bool *needs)
{
	const uint8_t *end = memmem(line.at, line.len, "*/", 2);
	size_t n = end ? (size_t)(end - line.at) + 2 : line.len;
	/* A * at the end may be the first half of it. */
	bool half = !end && line.at[n - 1] == '*' && w->more;

	*needs = half && n == 1;
	source_put(w, ROLE_FAINT, n - half);
	return end;
}

size_t
source_word(struct source_walk *w, struct bytes line, bool (*is)(uint8_t c), enum role role, bool *put)
{
	size_t n = 1;
	bool ends;

	while (n < line.len && is(line.at[n]))
		n++;
	ends = n < line.len || !w->more;
	*put = false;
	if (!ends && n <= SOURCE_WORD_MAX)
		return 0;
	if (n <= SOURCE_WORD_MAX)
		return n;
	w->s->cut = !ends;
	w->s->role = role;
	*put = source_put(w, role, n);
	return n;
}

bool
source_goes_on(struct source_walk *w, struct bytes line, bool (*is)(uint8_t c))
{
	size_t n = 0;

	if (!w->s->cut)
		return false;
	while (n < line.len && is(line.at[n]))
		n++;
	w->s->cut = n == line.len;
	return source_put(w, w->s->role, n);
}

/* Is this line to be broken? False: that cannot be told yet. */
static bool
source_place(struct source_walk *w)
{
	struct bytes all = w->in->rest;
	size_t most = all.len > SOURCE_LONG ? SOURCE_LONG + 1 : all.len;
	bool ends = memchr(all.at, '\n', most);

	if (!ends && most <= SOURCE_LONG && !w->last)
		return false;
	w->s->broken = !ends && most > SOURCE_LONG;
	w->s->placed = true;
	return true;
}

/* LF or CR LF. */
static bool
source_newline(struct source_walk *w, size_t n)
{
	doc_nest(w->to, w->s->base);
	doc_line(w->to);
	w->s->column = 0;
	w->s->due = SOURCE_STAYS;
	w->s->placed = w->s->cut = false;
	return read_bytes(w->in, n).len;
}

/* What is on this line still; false: it may end here, and that cannot be told. */
static bool
source_rest(struct source_walk *w, struct bytes *line)
{
	const uint8_t *nl = memchr(w->in->rest.at, '\n', w->in->rest.len);

	w->more = !nl && !w->last;
	*line = w->in->rest;
	if (nl)
		line->len = (size_t)(nl - line->at);
	if (line->len && line->at[line->len - 1] == '\r' && (nl || w->more))
		line->len--;
	return line->len || nl;
}

void
source_run(struct source_walk *w, bool (*step)(struct source_walk *w, struct bytes line),
	void (*ended)(struct source_walk *w))
{
	struct bytes line;

	if (!w->s->begun)
		w->s->base = doc_nested(w->to);
	w->s->begun = true;
	while (w->in->rest.len && (w->s->placed || source_place(w)) && source_rest(w, &line)) {
		const uint8_t *end = line.at + line.len;

		while (line.len && step(w, line))
			line = (struct bytes){ w->in->rest.at, (size_t)(end - w->in->rest.at) };
		if (line.len || w->in->rest.len == 0 || (*end == '\r' && w->in->rest.len < 2))
			break;
		ended(w);
		source_newline(w, *end == '\r' ? 2 : 1);
	}
	if (w->last) {
		if (w->s->column)
			doc_line(w->to);
		w->s->column = 0;
		doc_nest(w->to, w->s->base);
	}
}
