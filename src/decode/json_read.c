/*
 * JSON laid out byte by byte: https://www.rfc-editor.org/rfc/rfc8259. It is
 * kinder than that: comments, commas before what closes, a byte order mark and
 * one value after another are shown as they are.
 */
#include <string.h>

#include "json_inside.h"

bool
json_fenced(const struct json *j, struct bytes rest)
{
	return j->fenced && rest.len && *rest.at == '*' && (j->state == TOP || j->state == APART);
}

static bool
in_object(const struct json *j)
{
	return j->object[(j->depth - 1) / 64] >> (j->depth - 1) % 64 & 1;
}

/* False: that was all. */
static bool
run_space(struct run *r)
{
	for (; r->at < r->end; r->at++)
		if (*r->at == '\n')
			run_newline(r);
		else if (*r->at != ' ' && *r->at != '\t' && *r->at != '\r')
			return true;
	return false;
}

static bool
run_open(struct run *r)
{
	struct json *j = r->j;
	bool object = *r->at == '{';
	uint64_t bit = 1ull << j->depth % 64, *bits = &j->object[j->depth / 64 % ARRAY_LEN(j->object)];

	if (j->depth == JSON_DEPTH_MAX)
		return run_wrong(r, "no deeper nesting than 131072");
	*bits = object ? *bits | bit : *bits & ~bit;
	j->depth++;
	j->empty = true;
	j->comma = false;
	j->state = object ? NAME : ELEMENT;
	run_put(r, ROLE_MARK, r->at + 1);
	return true;
}

static bool
run_close(struct run *r)
{
	struct json *j = r->j;

	if (!j->empty) {
		if (j->began)
			run_line(r);
		if (r->to)
			doc_out(r->to);
	}
	run_put(r, ROLE_MARK, r->at + 1);
	j->empty = j->glued = false;
	j->state = --j->depth ? AFTER : TOP;
	return true;
}

/* A word that is not there yet waits before its line begins. */
static bool
run_is_short(const struct run *r)
{
	size_t have = (size_t)(r->end - r->at);
	const char *word = *r->at == 't' ? "true" : *r->at == 'f' ? "false" : *r->at == 'n' ? "null" : "";

	return !r->last && have < strlen(word) && !memcmp(r->at, word, have);
}

static bool
begins_value(uint8_t c)
{
	return c == '"' || c == '{' || c == '[' || c == '-' || (c >= '0' && c <= '9') || c == 't' || c == 'f' || c == 'n';
}

static bool
run_value(struct run *r)
{
	struct json *j = r->j;
	uint8_t c = *r->at;

	if (!begins_value(c))
		return run_other(r, j->state == ELEMENT && j->empty ? "a value or ]" : "a value");
	if (run_is_short(r))
		return false;
	if (j->state != VALUE)
		run_begin(r);
	else if (j->glued)
		run_blank(r);
	j->glued = false;
	j->values += !j->depth;
	if (r->to)
		decode_mark(r->d, (struct bytes){ r->at, 0 });
	if (c == '{' || c == '[')
		return run_open(r);
	if (c == 't' || c == 'f' || c == 'n')
		return run_word(r);
	j->state = c == '"' ? STRING : NUMBER;
	return c == '"' ? run_quoted(r, r->at + 1) : run_number(r);
}

static bool
run_element(struct run *r)
{
	if (*r->at != ']')
		return run_value(r);
	r->j->commas |= !r->j->empty && r->j->comma;
	return run_close(r);
}

static bool
run_name(struct run *r)
{
	if (*r->at == '}') {
		r->j->commas |= !r->j->empty && r->j->comma;
		return run_close(r);
	}
	if (*r->at != '"')
		return run_other(r, r->j->comma ? "a name in double quotes" : "a name in double quotes, or }");
	run_begin(r);
	r->j->state = KEY;
	return run_quoted(r, r->at + 1);
}

static bool
run_colon(struct run *r)
{
	if (*r->at != ':')
		return run_other(r, ":");
	run_put(r, ROLE_MARK, r->at + 1);
	run_blank(r);
	r->j->glued = false;
	r->j->state = VALUE;
	return true;
}

static bool
run_after(struct run *r)
{
	bool object = in_object(r->j);

	if (*r->at == (object ? '}' : ']'))
		return run_close(r);
	if (*r->at != ',')
		return run_other(r, object ? ", or }" : ", or ]");
	run_put(r, ROLE_MARK, r->at + 1);
	r->j->glued = false;
	r->j->comma = true;
	r->j->state = object ? NAME : ELEMENT;
	return true;
}

static bool
run_apart(struct run *r)
{
	if (*r->at != ' ' && *r->at != '\t' && *r->at != '\r' && *r->at != '\n' && *r->at != '/')
		return run_wrong(r, "white space");
	r->j->state = TOP;
	return true;
}

/* Until it waits for more, or something is wrong, or all is read. */
static void
run(struct run *r)
{
	static bool (*const step[])(struct run *r) = {
		[TOP] = run_value, [ELEMENT] = run_element, [NAME] = run_name, [COLON] = run_colon,
		[VALUE] = run_value, [AFTER] = run_after, [APART] = run_apart, [KEY] = run_string,
		[STRING] = run_string, [LINE_COMMENT] = run_line_comment, [COMMENT] = run_comment,
		[NUMBER] = run_number, [MINUS] = run_number, [ZERO] = run_number, [WHOLE] = run_number,
		[POINT] = run_number, [FRACTION] = run_number, [POWER] = run_number, [SIGN] = run_number,
		[DIGITS] = run_number,
	};

	while (r->at < r->end) {
		bool between = r->j->state <= AFTER;

		if (between && !run_space(r))
			return;
		if (r->j->fenced && json_fenced(r->j, (struct bytes){ r->at, (size_t)(r->end - r->at) }))
			return;
		if (!step[r->j->state](r))
			return;
		if (between)
			r->j->newline = false;
	}
}

/* At the end of everything, what is still expected. */
static const char *
json_lacks(const struct json *j)
{
	uint8_t state = j->state == LINE_COMMENT ? j->then : j->state;
	bool number = state == ZERO || state == WHOLE || state == FRACTION || state == DIGITS;

	if (!j->values && state == TOP)
		return "a value";
	return !j->depth && (state == TOP || state == APART || number) ? NULL : CUT_OFF;
}

void
json_read(struct json *j, struct reader *in, struct decode *d, bool last)
{
	struct run r = { j, in->rest.at, in->rest.at, in->rest.at + in->rest.len, d, decode_doc(d), last, NULL };
	uint64_t at;

	run(&r);
	(void)read_bytes(in, (uint64_t)(r.at - r.from));
	at = j->base += (uint64_t)(r.at - r.from);
	if (last && !r.expected && r.at == r.end)
		r.expected = json_lacks(j);
	if (r.expected)
		decode_fail(d, "line %llu, column %llu: expected %s", (unsigned long long)j->line + 1,
			(unsigned long long)(at - j->line_at) + 1, r.expected);
}

void
json_skip(struct json *j, struct bytes skipped)
{
	for (size_t i = 0; i < skipped.len; i++)
		if (skipped.at[i] == '\n') {
			j->line++;
			j->line_at = j->base + i + 1;
		}
	j->base += skipped.len;
}

bool
json_fits(struct bytes first)
{
	struct json j = { 0 };
	struct run r = { &j, first.at, first.at, first.at + first.len, NULL, NULL, false, NULL };

	run(&r);
	return !r.expected;
}
