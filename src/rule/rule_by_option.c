/* The rules that options ask for: of a file, and of those that mitmproxy has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rule_inside.h"

/* In the order in which mitmproxy does what they say. */
static const struct { const char *name; size_t field; } lists[] = {
	{ "block-list", offsetof(struct options, block_list) }, { "map-local", offsetof(struct options, map_local) },
	{ "map-remote", offsetof(struct options, map_remote) }, { "modify-body", offsetof(struct options, modify_body) },
	{ "modify-headers", offsetof(struct options, modify_headers) },
};

bool
rules_are_by(const char *option)
{
	const struct option *named = option_named(option);

	for (size_t i = 0; named && i < ARRAY_LEN(lists); i++)
		if (!strcmp(lists[i].name, named->name))
			return true;
	return named && !strcmp(named->name, "rules");
}

/* A value a line. */
static bool
list_write(const char *name, char *text, struct buf *out, struct fault *why)
{
	const char **value = NULL;
	size_t count = 0;
	struct fault wrong = { "" };
	bool ok;

	for (char *line = text; *line; line += strlen(line) + 1) {
		line[strcspn(line, "\n")] = '\0';
		value = xgrow(value, count + 1, sizeof(*value));
		value[count++] = line;
	}
	ok = !count || rules_option(name, value, count, out, &wrong);
	free(value);
	return ok || fault(why, "%s%s%.180s", strncmp(wrong.text, name, strlen(name)) ? name : "",
		strncmp(wrong.text, name, strlen(name)) ? ": " : "", wrong.text);
}

static bool
lists_write(const struct options *o, struct buf *out, struct fault *why)
{
	bool ok = true;

	for (size_t i = 0; ok && i < ARRAY_LEN(lists); i++) {
		const char *text = *(char *const *)((const char *)o + lists[i].field);
		size_t len = strlen(text);
		char *copy = xalloc(len + 1);

		memcpy(copy, text, len);
		ok = list_write(lists[i].name, copy, out, why);
		free(copy);
	}
	return ok;
}

/* Where the first thing is wrong, and how many more there are. */
static bool
wrong_say(const char *path, const struct rules_wrong *wrong, struct fault *why)
{
	char more[40] = "";

	if (wrong->count > 1)
		snprintf(more, sizeof(more), " (and %zu more)", wrong->count - 1);
	if (!wrong->at[0].line)
		return fault(why, "%.100s: %.120s", path, wrong->at[0].why.text);
	return fault(why, "%.100s:%u:%u: %.120s%s", path, wrong->at[0].line, wrong->at[0].column, wrong->at[0].why.text, more);
}

struct rules *
rules_of_options(const struct options *o, const struct rules *before, struct fault *why)
{
	struct rules_wrong *wrong = xalloc(sizeof(*wrong));
	struct rules *r = NULL;
	struct buf more;

	*why = (struct fault){ "" };
	buf_init(&more, RULES_TEXT_MAX);
	if (lists_write(o, &more, why) && (*o->rules || more.len)) {
		r = *o->rules ? rules_load_and(o->rules, buf_bytes(&more), before, wrong) :
			rules_read(buf_bytes(&more), NULL, before, wrong);
		if (!r)
			(void)!wrong_say(*o->rules ? o->rules : "options", wrong, why);
	}
	buf_release(&more);
	free(wrong);
	return r;
}
