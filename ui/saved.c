/* Views that a person saved, and the file of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "keepsake.h"
#include "saved.h"
#include "soth/filter.h"

enum { LINE_MAX_BYTES = SAVED_NAME * 2 + SAVED_FILTER + SAVED_COLUMNS * 2 + 128 };

struct saved {
	char *path;		/* NULL: in memory alone */
	struct saved_view view[SAVED_MAX + 1];
	bool there[SAVED_MAX + 1];
};

static bool
filter_good(const char *text, size_t *at, struct fault *why)
{
	struct filter *f = *text ? filter_parse(text, why, at) : NULL;

	filter_free(f);
	return f || !*text;
}

static bool
sort_good(const char *by, struct fault *why)
{
	struct ranking *r = *by ? ranking_new(by) : NULL;

	ranking_free(r);
	return r || !*by || fault(why, "the list is not sorted by '%.40s'", by);
}

/* A line that is being read. */
struct scan { const char *at, *begin; struct fault *why; };

static bool
next_is(struct scan *s, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(s->at, word, len))
		return false;
	s->at += len;
	return true;
}

static void
spaces(struct scan *s)
{
	s->at += strspn(s->at, " \t");
}

/* A word, or what is in quotes, where a backslash stands before " and itself. */
static bool
value(struct scan *s, char *out, size_t room)
{
	const char *from = s->at;
	bool quoted = next_is(s, "\"");
	size_t n = 0;

	while (*s->at && (quoted ? *s->at != '"' : *s->at != ' ' && *s->at != '\t')) {
		s->at += quoted && *s->at == '\\' && s->at[1];
		if (n + 1 == room)
			return s->at = from, fault(s->why, "longer than %zu bytes", room - 1);
		if (*s->at == '\t')
			return fault(s->why, "a tab");
		out[n++] = *s->at++;
	}
	out[n] = '\0';
	if (quoted && !next_is(s, "\""))
		return s->at = from, fault(s->why, "these quotes do not end");
	return true;
}

/* Goes back to where it began, if it is wrong. */
static bool
columns_value(struct scan *s, struct saved_view *v)
{
	const char *from = s->at;
	struct columns columns;

	return value(s, v->columns, sizeof(v->columns)) && (columns_parse(&columns, v->columns, s->why) || (s->at = from, false));
}

static bool
sort_value(struct scan *s, struct saved_view *v)
{
	const char *from = s->at;

	return value(s, v->sort, sizeof(v->sort)) && (sort_good(v->sort, s->why) || (s->at = from, false));
}

static bool
filter_value(struct scan *s, struct saved_view *v)
{
	size_t at;

	spaces(s);
	at = strcspn(s->at, "\t");
	if (s->at[at])
		return s->at += at, fault(s->why, "a tab");
	if (strlen(s->at) >= sizeof(v->filter))
		return fault(s->why, "the filter is longer than %zu bytes", sizeof(v->filter) - 1);
	strcpy(v->filter, s->at);
	if (!filter_good(v->filter, &at, s->why))
		return s->at += at, false;
	s->at += strlen(s->at);
	return true;
}

static bool
inverted_value(struct scan *s, struct saved_view *v)
{
	v->inverted = true;
	return !*s->at || *s->at == ' ' || *s->at == '\t' || fault(s->why, "expected a space behind inverted");
}

static const struct {
	const char *word;
	bool (*read)(struct scan *s, struct saved_view *v);
} settings[] = {
	{ "sort=", sort_value }, { "columns=", columns_value }, { "inverted", inverted_value }, { "filter=", filter_value },
};

static bool
setting_scan(struct scan *s, struct saved_view *v)
{
	for (size_t i = 0; i < ARRAY_LEN(settings); i++)
		if (next_is(s, settings[i].word))
			return settings[i].read(s, v);
	return fault(s->why, "expected sort=, columns=, inverted or filter=");
}

static bool
view_scan(struct scan *s, unsigned *number, struct saved_view *v)
{
	*v = (struct saved_view){ "" };
	if (*s->at < '1' || *s->at > '0' + SAVED_MAX || (s->at[1] != ' ' && s->at[1] != '\t'))
		return fault(s->why, "expected a number from 1 to %d, and a name", SAVED_MAX);
	*number = (unsigned)(*s->at++ - '0');
	spaces(s);
	if (!*s->at)
		return fault(s->why, "expected a name; \"\" for none");
	if (!value(s, v->name, sizeof(v->name)))
		return false;
	while (spaces(s), *s->at)
		if (!setting_scan(s, v))
			return false;
	return true;
}

/* False: `why`, at that byte. */
static bool
view_read(struct bytes line, unsigned *number, struct saved_view *v, size_t *at, struct fault *why)
{
	char text[LINE_MAX_BYTES];
	struct scan s = { text, text, why };
	bool ok;

	*at = 0;
	if (line.len >= sizeof(text))
		return fault(why, "the line is longer than %zu bytes", sizeof(text) - 1);
	for (size_t i = 0; i < line.len; i++)
		if ((line.at[i] < ' ' && line.at[i] != '\t') || line.at[i] == 0x7f)
			return *at = i, fault(why, "a control character");
	memcpy(text, line.at, line.len);
	text[line.len] = '\0';
	spaces(&s);
	ok = view_scan(&s, number, v);
	*at = (size_t)(s.at - s.begin);
	return ok;
}

static bool
is_comment(struct bytes line)
{
	line = bytes_trim(line);
	return !line.len || *line.at == '#';
}

static void
saved_lines(struct saved *s, struct bytes text, struct complaint *c)
{
	struct bytes line;
	struct saved_view v;
	struct fault why;
	unsigned number;
	size_t at;

	for (unsigned i = 1; keepsake_line(&text, &line); i++) {
		if (is_comment(line))
			continue;
		if (!view_read(line, &number, &v, &at, &why)) {
			complain(c, i, at + 1, why.text);
		} else if (s->there[number]) {
			complain(c, i, 1, "another line has that number: it holds");
		} else {
			s->view[number] = v;
			s->there[number] = true;
		}
	}
}

struct saved *
saved_open(const char *path, const char *columns, struct fault *why)
{
	struct saved *s = xalloc(sizeof(*s));
	struct complaint c = { .path = path };
	struct buf text;

	snprintf(s->view[0].columns, sizeof(s->view[0].columns), "%s", columns);
	s->there[0] = true;
	*why = (struct fault){ "" };
	if (!path || !*path)
		return s;
	s->path = xstrdup(path);
	if (keepsake_read(path, &text, &c.first))
		saved_lines(s, buf_bytes(&text), &c);
	buf_release(&text);
	*why = c.first;
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

static bool
put_quoted(struct buf *to, const char *text)
{
	bool ok = buf_addf(to, "\"");

	for (; *text; text++)
		ok = ok && buf_addf(to, "%s%c", *text == '"' || *text == '\\' ? "\\" : "", *text);
	return ok && buf_addf(to, "\"");
}

static bool
view_write(struct buf *to, unsigned number, const struct saved_view *v)
{
	bool ok = buf_addf(to, "%u ", number) && put_quoted(to, v->name);

	if (*v->sort)
		ok = ok && buf_addf(to, " sort=") && (strpbrk(v->sort, " \"\\") ? put_quoted(to, v->sort) : buf_addf(to, "%s", v->sort));
	if (*v->columns)
		ok = ok && buf_addf(to, " columns=") && put_quoted(to, v->columns);
	if (v->inverted)
		ok = ok && buf_addf(to, " inverted");
	if (*v->filter)
		ok = ok && buf_addf(to, " filter=%s", v->filter);
	return ok && buf_addf(to, "\n");
}

/* The file as it is now, but for one line: others may have written into it meanwhile. */
static bool
text_with(struct buf *to, struct bytes was, unsigned number, const struct saved_view *v)
{
	struct bytes line;
	struct saved_view other;
	struct fault why;
	unsigned its;
	size_t at;
	bool ok = true, there = false;

	while (ok && keepsake_line(&was, &line)) {
		if (!there && !is_comment(line) && view_read(line, &its, &other, &at, &why) && its == number)
			ok = there = view_write(to, number, v);
		else
			ok = buf_add(to, line) && buf_addf(to, "\n");
	}
	return ok && (there || view_write(to, number, v));
}

static bool
saved_write(const struct saved *s, unsigned number, struct fault *why)
{
	struct buf was, text;
	bool ok;

	buf_init(&text, KEEPSAKE_MAX);
	ok = keepsake_read(s->path, &was, why) && (text_with(&text, buf_bytes(&was), number, &s->view[number]) ||
		fault(why, "%s: it is too large", s->path)) && keepsake_write(s->path, buf_bytes(&text), why);
	buf_release(&was);
	buf_release(&text);
	return ok;
}

static bool
is_clean(const struct saved_view *v)
{
	return keepsake_control(bytes_of(v->name)) == SIZE_MAX && keepsake_control(bytes_of(v->filter)) == SIZE_MAX &&
		keepsake_control(bytes_of(v->columns)) == SIZE_MAX;
}

bool
saved_put(struct saved *s, unsigned number, const struct saved_view *view, struct fault *why)
{
	struct columns columns;
	size_t at;

	if (!number || number > SAVED_MAX)
		return fault(why, "views are saved under 1 to %d", SAVED_MAX);
	if (!is_clean(view))
		return fault(why, "a view with controls in it is not saved");
	if (!filter_good(view->filter, &at, why) || !columns_parse(&columns, view->columns, why) || !sort_good(view->sort, why))
		return false;
	s->view[number] = *view;
	s->there[number] = true;
	return !s->path || saved_write(s, number, why);
}

unsigned
saved_same(const struct saved *s, const struct saved_view *v)
{
	for (unsigned i = 1; i <= SAVED_MAX; i++)
		if (s->there[i] && !strcmp(s->view[i].filter, v->filter) && !strcmp(s->view[i].columns, v->columns) &&
				!strcmp(s->view[i].sort, v->sort) && s->view[i].inverted == v->inverted)
			return i;
	return 0;
}
