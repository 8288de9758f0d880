/*
 * Views that a person saved. A line of the file:
 *
 *	NUMBER TAB NAME TAB FILTER TAB COLUMNS TAB ORDER
 *
 * The last line of a number counts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "keepsake.h"
#include "ranking.h"
#include "saved.h"
#include "soth/filter.h"

struct saved {
	char *path;		/* NULL: in memory alone */
	struct saved_view view[SAVED_MAX + 1];
	bool there[SAVED_MAX + 1];
};

static bool
filter_good(const char *text, struct fault *why)
{
	size_t at;
	struct filter *f = *text ? filter_parse(text, why, &at) : NULL;

	filter_free(f);
	return f || !*text;
}

static bool
sort_good(const char *by, struct fault *why)
{
	struct ranking *r = *by ? ranking_new(by) : NULL;

	ranking_free(r);
	return r || !*by || fault(why, "no column is called '%.40s'", by);
}

static bool
view_good(const struct saved_view *v, struct fault *why)
{
	struct columns columns;

	if (!keepsake_clean(v->name) || !keepsake_clean(v->filter) || !keepsake_clean(v->columns))
		return fault(why, "a view with controls in it is not saved");
	return filter_good(v->filter, why) && columns_parse(&columns, v->columns, why) && sort_good(v->sort, why);
}

/* A field that fits. */
static bool
field_take(char **line, char *out, size_t room)
{
	const char *field;

	if (!*line)
		return false;
	field = keepsake_field(line);
	return snprintf(out, room, "%s", field) < (int)room;
}

/* 0: it is none of ours. */
static unsigned
line_number(const char *line)
{
	return *line >= '1' && *line < '1' + SAVED_MAX && line[1] == '\t' ? (unsigned)(*line - '0') : 0;
}

static void
saved_line(void *saved, char *line)
{
	struct saved *s = saved;
	unsigned number = line_number(line);
	struct saved_view v;
	struct fault why;

	line += 2;
	if (!number || !field_take(&line, v.name, sizeof(v.name)) || !field_take(&line, v.filter, sizeof(v.filter)) ||
			!field_take(&line, v.columns, sizeof(v.columns)) || !field_take(&line, v.sort, sizeof(v.sort)) || line ||
			!view_good(&v, &why))
		return;
	s->view[number] = v;
	s->there[number] = true;
}

struct saved *
saved_open(const char *path, const char *columns)
{
	struct saved *s = xalloc(sizeof(*s));

	snprintf(s->view[0].columns, sizeof(s->view[0].columns), "%s", columns);
	s->there[0] = true;
	if (!path || !*path)
		return s;
	s->path = xstrdup(path);
	keepsake_read(path, saved_line, s);
	return s;
}

void
saved_close(struct saved *s)
{
	free(s->path);
	free(s);
}

const struct saved_view *
saved_at(const struct saved *s, unsigned number)
{
	return number <= SAVED_MAX && s->there[number] ? &s->view[number] : NULL;
}

/* The file as it is now, but for one number: others may have written into it meanwhile. */
struct rewriting { const struct saved *saved; unsigned number; FILE *to; };

static void
line_again(void *rewriting, char *line)
{
	struct rewriting *w = rewriting;

	if (line_number(line) != w->number)
		fprintf(w->to, "%s\n", line);
}

static void
saved_write(void *rewriting, FILE *to)
{
	struct rewriting *w = rewriting;
	const struct saved_view *v = &w->saved->view[w->number];

	w->to = to;
	keepsake_read(w->saved->path, line_again, w);
	fprintf(to, "%u\t%s\t%s\t%s\t%s\n", w->number, v->name, v->filter, v->columns, v->sort);
}

bool
saved_put(struct saved *s, unsigned number, const struct saved_view *view, struct fault *why)
{
	struct rewriting w = { s, number, NULL };

	if (!number || number > SAVED_MAX)
		return fault(why, "views are saved under 1 to %d", SAVED_MAX);
	if (!view_good(view, why))
		return false;
	s->view[number] = *view;
	s->there[number] = true;
	return !s->path || keepsake_write(s->path, saved_write, &w, why);
}

unsigned
saved_same(const struct saved *s, const struct saved_view *v)
{
	for (unsigned i = 1; i <= SAVED_MAX; i++)
		if (s->there[i] && !strcmp(s->view[i].filter, v->filter) && !strcmp(s->view[i].columns, v->columns) &&
				!strcmp(s->view[i].sort, v->sort))
			return i;
	return 0;
}
