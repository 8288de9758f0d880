/*
 * What JSON does not allow and people write: comments, as of JavaScript
 * (https://tc39.es/ecma262/#sec-comments), and a byte order mark.
 */
#include <string.h>

#include "json_inside.h"

/* Of what is wrong in its place, a byte order mark before everything is not. */
static bool
run_mark(struct run *r, const char *expected)
{
	static const uint8_t mark[3] = { 0xef, 0xbb, 0xbf };
	size_t have = (size_t)(r->end - r->at);

	if (r->j->base || r->at != r->from || memcmp(r->at, mark, have < 3 ? have : 3))
		return run_wrong(r, expected);
	if (have < 3)
		return run_waits(r, expected);
	run_put(r, ROLE_FAINT, r->at + 3);
	r->j->began = false;
	return true;
}

/*
 * ... and a comment is not. One that begins behind something goes on its line;
 * a block after , or [ or { belongs to what follows, and begins the line of that.
 */
bool
run_other(struct run *r, const char *expected)
{
	struct json *j = r->j;
	bool fresh = j->newline || !j->began;

	if (*r->at != '/')
		return run_mark(r, expected);
	if (r->end - r->at < 2)
		return run_waits(r, expected);
	if (r->at[1] != '/' && r->at[1] != '*')
		return run_wrong(r, expected);
	j->then = j->state;
	j->state = r->at[1] == '/' ? LINE_COMMENT : COMMENT;
	j->comments = true;
	fresh |= j->state == COMMENT && (j->then == ELEMENT || j->then == NAME);
	if (fresh)
		run_begin(r);
	else if (j->then != VALUE || j->glued)
		run_blank(r);
	j->glued = j->state == COMMENT && (fresh || j->glued || j->then == COLON || j->then == VALUE);
	j->newline = false;
	run_put(r, ROLE_FAINT, r->at + 2);
	return true;
}

bool
run_line_comment(struct run *r)
{
	const uint8_t *end = r->at;

	while (end < r->end && *end != '\n' && *end != '\r')
		end++;
	if (end > r->at)
		run_put(r, ROLE_FAINT, end);
	if (end == r->end)
		return true;
	if (*end == '\r') {
		r->at++;
		return true;
	}
	run_line(r);
	r->j->state = r->j->then;
	return true;
}

/* At its * or, where no more comes, at the last byte there is. */
static void
run_star(struct run *r)
{
	bool ends = r->at + 1 < r->end && r->at[1] == '/';

	if (ends)
		r->j->state = r->j->then;
	run_put(r, ROLE_FAINT, r->at + 1 + ends);
}

bool
run_comment(struct run *r)
{
	bool glued = r->j->glued;
	const uint8_t *end = r->at;

	while (end < r->end && *end != '\n' && *end != '\r' && *end != '*')
		end++;
	if (end > r->at)
		run_put(r, ROLE_FAINT, end);
	if (end == r->end)
		return true;
	if (*end == '*') {
		if (end + 1 == r->end && !r->last)
			return false;
		run_star(r);
		return true;
	}
	if (*end == '\n') {
		run_newline(r);
		run_line(r);
		r->j->newline = false;
		r->j->glued = glued;
	}
	r->at++;
	return true;
}
