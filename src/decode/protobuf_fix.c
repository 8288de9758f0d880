/* What a person said of fields, by path: "1.3.2 string"; a * is any one field. */
#include <string.h>

#include "protobuf_inside.h"

static void
fix_wrong(struct protobuf *p, struct bytes line)
{
	doc_putf(p->to, ROLE_WARN, "fix not understood: %.*s", line.len < 100 ? (int)line.len : 100, (const char *)line.at);
	doc_line(p->to);
}

static void
fix_read(struct protobuf *p, struct bytes line)
{
	const uint8_t *space = memchr(line.at, ' ', line.len);
	struct fix fix = { { line.at, space ? (size_t)(space - line.at) : 0 }, NULL };

	if (space)
		fix.kind = kind_named(bytes_trim((struct bytes){ space, line.len - fix.path.len }));
	if (!fix.kind || p->fixes == PROTOBUF_FIXES_MAX)
		fix_wrong(p, line);
	else
		p->fix[p->fixes++] = fix;
}

void
fixes_read(struct protobuf *p, struct bytes lines)
{
	while (lines.len) {
		const uint8_t *nl = memchr(lines.at, '\n', lines.len);
		size_t len = nl ? (size_t)(nl - lines.at) : lines.len;
		struct bytes line = bytes_trim((struct bytes){ lines.at, len });

		if (line.len)
			fix_read(p, line);
		len += nl ? 1 : 0;
		lines = (struct bytes){ lines.at + len, lines.len - len };
	}
}

/* One step of a path: the number, the name that a schema has for it, or any. */
static bool
step_is(struct bytes step, uint32_t number, struct bytes name)
{
	uint64_t said = 0;

	if (bytes_are(step, "*") || (name.len && bytes_same(step, name)))
		return true;
	for (size_t i = 0; i < step.len; i++) {
		if (step.at[i] < '0' || step.at[i] > '9' || said > WIRE_NUMBER_MAX)
			return false;
		said = 10 * said + (uint64_t)(step.at[i] - '0');
	}
	return step.len && said == number;
}

static bool
fix_is_here(const struct protobuf *p, struct bytes path)
{
	for (size_t i = 0; i < p->depth; i++) {
		const uint8_t *dot = path.len ? memchr(path.at, '.', path.len) : NULL;
		struct bytes step = { path.at, dot ? (size_t)(dot - path.at) : path.len };

		if (!step_is(step, p->path[i].number, p->path[i].name) || !dot != (i == p->depth - 1))
			return false;
		path = (struct bytes){ path.at + step.len + 1, dot ? path.len - step.len - 1 : 0 };
	}
	return true;
}

/* What was said last holds. */
const struct kind *
fix_find(const struct protobuf *p)
{
	for (size_t i = p->fixes; i; i--)
		if (fix_is_here(p, p->fix[i - 1].path))
			return p->fix[i - 1].kind;
	return NULL;
}
