/* What a person does with a body in sight: other steps, copies, files, paths. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reading_inside.h"
#include "soth/jsonpath.h"
#include "words.h"

enum { PATH_ROOM = 1000 };

/* The place that a choice is made of: the marked one; else the first decoder,
 * or for a coding the first of all. */
static size_t
reading_place(const struct reading *r, const char *name)
{
	if (r->marked != MARKED_LAST)
		return (size_t)r->marked;
	return !strcmp(name, "auto") || !strcmp(name, "raw") || decoder_named(r->desk->decoders, name) ?
		content_steps(r->content) : 0;
}

static bool
reading_choose(struct reading *r, struct fault *why)
{
	struct chosen what = *choices_find(r->desk->choices, r->key);
	const char *name = r->desk->arg;
	size_t place = reading_place(r, name);

	if (!*name)
		return false;
	if (strlen(name) >= DECODE_NAME_MAX || place >= DECODE_STEPS_MAX ||
			(strcmp(name, "auto") && strcmp(name, "raw") && !choice_known(r->desk->decoders, name)))
		return fault(why, "no decoder and no coding is called '%.40s': m and Tab list them", name) || true;
	snprintf(what.choice.step[place], DECODE_NAME_MAX, "%s", strcmp(name, "auto") ? name : "");
	/* What came behind it was another's. */
	for (size_t i = place + 1; i < DECODE_STEPS_MAX; i++)
		*what.choice.step[i] = '\0';
	(void)!choices_put(r->desk->choices, r->key, &what, why);
	r->raw = false;
	r->marked = MARKED_LAST;
	reading_start(r);
	return true;
}

/* Along the chain, and off it at its end. */
static bool
reading_step(struct reading *r, int way)
{
	int last = (int)r->reports - (int)reading_before(r) - 1;
	int at = (r->raw ? -1 : r->marked == MARKED_LAST ? last : r->marked) + way;

	r->raw = at < 0;
	r->marked = at < 0 || at >= last ? MARKED_LAST : at;
	reading_start(r);
	return true;
}

static bool
reading_raw(struct reading *r)
{
	r->raw = !r->raw;
	r->marked = MARKED_LAST;
	reading_start(r);
	return true;
}

/* The bytes that line i stands for; false: none, or it says nothing of them. */
static bool
reading_part(struct reading *r, size_t i, struct bytes *part)
{
	const struct decoder *json = decoder_named(r->desk->decoders, "json");
	struct bytes all = content_bytes(r->content);
	struct paper_line l;
	uint64_t from, to;

	if (i >= reading_lines(r))
		return false;
	l = reading_at(r, folds_line(&r->folds, i));
	if (!doc_marked(l.doc, l.line, &from, &to) || from > all.len || to > all.len)
		return false;
	*part = (struct bytes){ all.at + from, all.len - (size_t)from };
	part->len = to ? (size_t)(to - from) : json && json->extent ? json->extent(*part) : 0;
	return part->len;
}

static bool
reading_copy(struct reading *r, size_t i, struct fault *why)
{
	struct bytes part;
	char size[WORDS_MAX];

	if (!reading_part(r, i, &part))
		return false;
	if (part.len > DESK_COPY_MAX)
		fault(why, "%s is too much for the terminal's clipboard: save_part writes it into a file", words_size(part.len, size));
	else
		(void)!desk_copy(r->desk, part, why);
	return true;
}

static bool
write_file(const char *path, struct bytes all, struct fault *why)
{
	FILE *f = fopen(path, "wbe");
	bool ok;

	if (!f)
		return fault(why, "%.150s: %s", path, strerror(errno));
	ok = !all.len || fwrite(all.at, 1, all.len, f) == all.len;
	ok = !fclose(f) && ok;
	return ok || fault(why, "%.150s: %s", path, strerror(errno));
}

static bool
reading_save(struct reading *r, struct bytes what, struct fault *why)
{
	char size[WORDS_MAX];

	if (!*r->desk->arg)
		return false;		/* it is asked for */
	if (write_file(r->desk->arg, what, why))
		desk_say(r->desk, "wrote %s bytes to %.120s", words_count(what.len, size), r->desk->arg);
	return true;
}

static bool
reading_save_part(struct reading *r, size_t i, struct fault *why)
{
	struct bytes part;

	if (!reading_part(r, i, &part))
		return fault(why, "this line stands for no bytes of its own: save_body writes all") || true;
	return reading_save(r, part, why);
}

const char *
reading_last(const struct reading *r)
{
	const struct report *s = r->reports ? &r->report[r->reports - 1] : NULL;
	bool whole = s && !reading_within(r) && r->content && r->reports == content_steps(r->content) + reading_before(r) + 1;

	return whole ? s->name : "";
}

/* Whether paths are those of JSON: it is what the bytes are. */
static bool
reading_is_json(const struct reading *r)
{
	return !strcmp(reading_last(r), "json");
}

/* The name that a line begins with: "1" of `1: "text"`. */
static struct bytes
reading_name(struct reading *r, size_t line)
{
	struct paper_line l = reading_at(r, line);
	struct span s[8];
	size_t n = doc_spans(l.doc, l.line, s, ARRAY_LEN(s));

	for (size_t i = 0; i < n; i++) {
		struct bytes name = bytes_trim(s[i].text);

		if (s[i].role != ROLE_KEY)
			continue;
		while (name.len && (name.at[name.len - 1] == ':' || name.at[name.len - 1] == ' '))
			name.len--;
		return name;
	}
	return (struct bytes){ 0 };
}

/* The names of a line and of those it stands in, with dots between. */
static void
reading_names(struct reading *r, size_t line, char out[PATH_ROOM])
{
	struct bytes name = reading_name(r, line);
	struct paper *p = r->paper;
	size_t parent;
	char above[PATH_ROOM];

	snprintf(out, PATH_ROOM, "%.*s", (int)name.len, (const char *)name.at);
	while ((parent = paper_parent(p, content_bytes(r->content), line)) != line) {
		line = parent;
		name = reading_name(r, line);
		if (!name.len)
			continue;
		snprintf(above, sizeof(above), "%.*s.%s", (int)(name.len < 200 ? name.len : 200), (const char *)name.at, out);
		strcpy(out, above);
	}
}

/* Of line i; false: it has none. */
static bool
reading_path(struct reading *r, size_t i, char out[PATH_ROOM])
{
	struct paper_line l;
	uint64_t from, to;

	if (i >= reading_lines(r))
		return false;
	if (!reading_is_json(r)) {
		reading_names(r, folds_line(&r->folds, i), out);
		return *out;
	}
	l = reading_at(r, folds_line(&r->folds, i));
	return doc_marked(l.doc, l.line, &from, &to) && jsonpath_at(content_bytes(r->content), from, out, PATH_ROOM);
}

static bool
reading_copy_path(struct reading *r, size_t i, struct fault *why)
{
	char path[PATH_ROOM];

	if (!reading_path(r, i, path))
		fault(why, "this line has no path");
	else if (desk_copy(r->desk, bytes_of(path), why))
		desk_say(r->desk, "copied %.180s", path);
	return true;
}

/* The first line with that path. */
static bool
reading_find_names(struct reading *r, const char *path, size_t *line)
{
	const char *last = strrchr(path, '.');
	char own[PATH_ROOM];

	last = last ? last + 1 : path;
	for (*line = 0; *line < r->lines; ++*line) {
		if (!bytes_are(reading_name(r, *line), last))
			continue;
		reading_names(r, *line, own);
		if (!strcmp(own, path))
			return true;
	}
	return false;
}

/* What hides a line is opened; where it is then. */
static size_t
reading_unfold(struct reading *r, size_t line)
{
	while (folds_line(&r->folds, folds_index(&r->folds, line)) != line)
		folds_take(&r->folds, folds_line(&r->folds, folds_index(&r->folds, line)));
	return folds_index(&r->folds, line);
}

bool
reading_line_of(struct reading *r, uint64_t at, size_t *line)
{
	struct content_state s;

	content_state(r->content, &s);
	if (!r->paper || (!s.done && paper_reached(r->paper) <= at))
		return s.done;
	*line = r->lines ? reading_unfold(r, paper_at(r->paper, content_bytes(r->content), at)) : 0;
	return true;
}

static bool
reading_go(struct reading *r, size_t *to, struct fault *why)
{
	const char *path = r->desk->arg;
	uint64_t offset;
	size_t line;

	if (!*path)
		return false;		/* it is asked for */
	if (reading_is_json(r)) {
		if (!jsonpath_find(content_bytes(r->content), path, &offset, why))
			return true;
		line = paper_at(r->paper, content_bytes(r->content), offset);
	} else if (!reading_find_names(r, path, &line)) {
		return fault(why, "no line has the path '%.80s'", path) || true;
	}
	*to = reading_unfold(r, line);
	return true;
}

/* What a person says of the field under the cursor: a line of fixes more. */
static bool
reading_fix(struct reading *r, size_t i, struct fault *why)
{
	struct chosen what = *choices_find(r->desk->choices, r->key);
	size_t used = strlen(what.fixes);
	char path[PATH_ROOM];

	if (!*r->desk->arg)
		return false;		/* it is asked for */
	if (!strcmp(r->desk->arg, "auto"))
		*what.fixes = '\0';
	else if (!reading_path(r, i, path))
		return fault(why, "no field is under the cursor") || true;
	else if ((size_t)snprintf(what.fixes + used, sizeof(what.fixes) - used, "%s %.40s\n", path, r->desk->arg) >=
			sizeof(what.fixes) - used)
		return fault(why, "too many corrections here: `fix auto` takes them back") || true;
	(void)!choices_put(r->desk->choices, r->key, &what, why);
	reading_start(r);
	return true;
}

bool
reading_act(struct reading *r, const char *action, size_t i, size_t *to, struct fault *why)
{
	if (!r->content)
		return false;
	if (!strcmp(action, "decoder"))
		return reading_choose(r, why);
	if (!strcmp(action, "step_prev"))
		return reading_step(r, -1);
	if (!strcmp(action, "step_next"))
		return reading_step(r, 1);
	if (!strcmp(action, "raw"))
		return reading_raw(r);
	if (!strcmp(action, "copy"))
		return reading_copy(r, i, why);
	if (!strcmp(action, "copy_path"))
		return reading_copy_path(r, i, why);
	if (!strcmp(action, "path"))
		return reading_go(r, to, why);
	if (!strcmp(action, "fix"))
		return reading_fix(r, i, why);
	if (!strcmp(action, "save_body"))
		return reading_save(r, content_bytes(r->content), why);
	return !strcmp(action, "save_part") && reading_save_part(r, i, why);
}
