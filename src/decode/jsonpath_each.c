/* From a path to each value in JSON that it leads to. */
#include <string.h>

#include "json.h"
#include "jsonpath_inside.h"
#include "soth/jsonpath.h"

enum { LOOKED_AT = 1024 };

struct every {
	struct way way;
	bool (*each)(void *arg, struct bytes value);
	void *arg;
};

static bool every_from(struct every *e, const char *rest, const uint8_t *at);

/* ".*" or "[*]" */
static size_t
star_length(const char *s)
{
	if (!strncmp(s, "[*]", 3))
		return 3;
	return !strncmp(s, ".*", 2) && (!s[2] || strchr(".[", s[2])) ? 2 : 0;
}

bool
jsonpath_right(const char *path, struct fault *why)
{
	struct way w = { .path = path, .at = path, .why = why };
	uint64_t before;
	struct step s;

	if (!way_root(&w, &before))
		return false;
	for (unsigned steps = 0; *w.at; steps++) {
		size_t star = star_length(w.at);

		if (steps == JSONPATH_STEPS_MAX)
			return way_fails(&w, "too many steps");
		w.at += star;
		if (!star && !step_read(&w, &s))
			return false;
	}
	return true;
}

/* Where the value of the member at `at` begins; NULL: that is no member. */
static const uint8_t *
member_value(const struct way *w, const uint8_t *at)
{
	const uint8_t *end = *at == '"' ? json_string_end(at, w->end) : NULL;

	at = way_space(w, end);
	return at && *at == ':' ? way_space(w, at + 1) : NULL;
}

/* Of all that is in the object or array at `at`. */
static bool
every_within(struct every *e, const char *rest, const uint8_t *at)
{
	const struct way *w = &e->way;
	bool object = *at == '{';

	if (!object && *at != '[')
		return false;
	at++;
	while ((at = way_space(w, at)) && *at != ']' && *at != '}') {
		if (*at == ',' || *at == ':') {
			at++;
			continue;
		}
		at = object ? member_value(w, at) : at;
		if (!at)
			return false;
		if (!way_is_value(at))
			continue;
		if (every_from(e, rest, at))
			return true;
		at = way_over(w, at);
	}
	return false;
}

/* `rest` of the path, from the value at `at`. As deep as the path has steps. */
static bool
every_from(struct every *e, const char *rest, const uint8_t *at)
{
	size_t star = star_length(rest);
	struct step s;

	if (!*rest) {
		size_t len = json_extent((struct bytes){ at, (size_t)(e->way.end - at) });

		return len && e->each(e->arg, (struct bytes){ at, len });
	}
	if (star)
		return every_within(e, rest + star, at);
	e->way.at = rest;
	if (!step_read(&e->way, &s) || *at != (s.named ? '{' : '['))
		return false;
	rest = e->way.at;
	at = s.named ? way_member(&e->way, at, &s) : way_element(&e->way, at, s.index);
	return at && every_from(e, rest, at);
}

static bool
looks_like_json(struct bytes json)
{
	json.len = json.len < LOOKED_AT ? json.len : LOOKED_AT;
	return json.len && json_fits(json);
}

bool
jsonpath_each(struct bytes json, const char *path, bool (*each)(void *arg, struct bytes value), void *arg)
{
	struct fault why;
	struct every e = { .way = { .path = path, .at = path, .why = &why }, .each = each, .arg = arg };
	struct bytes prefix = xssi_prefix(json);
	const uint8_t *at;
	uint64_t before;

	if (prefix.len)
		json = bytes_from(json, (size_t)(prefix.at - json.at) + prefix.len);
	if (!looks_like_json(json) || !jsonpath_right(path, &why) || !way_root(&e.way, &before))
		return false;
	e.way.json = json.at;
	e.way.end = json.at + json.len;
	at = way_outermost(&e.way, before);
	return at && every_from(&e, e.way.at, at);
}

bool
jsonpath_text(struct bytes string, struct buf *out)
{
	struct name n = { .rest = { string.at + 1, string.len - 2 }, .escaped = true };
	int c;

	if (string.len < 2)
		return false;
	while ((c = name_byte(&n)) >= 0)
		if (!buf_add(out, (struct bytes){ (const uint8_t[]){ (uint8_t)c }, 1 }))
			return false;
	return true;
}
