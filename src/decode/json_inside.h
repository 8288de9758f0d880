#ifndef JSON_INSIDE_H
#define JSON_INSIDE_H

#include "json.h"

/* JSON at work: for json_read.c, json_token.c and json_comment.c. */

/* What comes next. Up to AFTER, white space may. */
enum state {
	TOP,			/* a value, or the end */
	ELEMENT,		/* a value or ] */
	NAME,			/* a name or } */
	COLON, VALUE,
	AFTER,			/* , or what closes */
	APART,			/* white space: a number or word may not touch the next value */
	KEY, STRING,		/* more of it */
	NUMBER, MINUS, ZERO, WHOLE, POINT, FRACTION, POWER, SIGN, DIGITS,	/* after its ... */
	LINE_COMMENT, COMMENT
};

struct run {			/* one call */
	struct json *j;
	const uint8_t *from, *at, *end;
	struct decode *d;
	struct doc *to;		/* NULL: only looks whether anything is wrong */
	bool last;
	const char *expected;	/* here, and it was not; NULL: nothing is wrong */
};

#define CUT_OFF	"more: it is cut off"

static inline bool
run_wrong(struct run *r, const char *expected)
{
	r->expected = expected;
	return false;
}

/* More may come that tells; or this was all. */
static inline bool
run_waits(struct run *r, const char *expected)
{
	return r->last ? run_wrong(r, expected) : false;
}

static inline void
run_put(struct run *r, enum role role, const uint8_t *end)
{
	if (r->to)
		doc_put(r->to, role, (struct bytes){ r->at, (size_t)(end - r->at) });
	r->at = end;
	r->j->began = true;
}

static inline void
run_blank(struct run *r)
{
	if (r->to)
		doc_put(r->to, ROLE_MARK, LIT(" "));
}

static inline void
run_line(struct run *r)
{
	if (r->to)
		doc_line(r->to);
	r->j->began = false;
}

/* A line for what comes; one deeper, if it is the first in what is open. */
static inline void
run_begin(struct run *r)
{
	if (r->j->began && r->j->glued)
		run_blank(r);
	else if (r->j->began)
		run_line(r);
	if (r->j->empty && r->to)
		doc_in(r->to);
	r->j->empty = r->j->glued = false;
}

static inline void
run_newline(struct run *r)
{
	r->j->line++;
	r->j->line_at = r->j->base + (uint64_t)(r->at + 1 - r->from);
	r->j->newline = true;
	r->j->glued = false;
}

/* Each reads something and is true; or false, and needs more, or says what it expected. */
bool run_quoted(struct run *r, const uint8_t *p);	/* on from p: what is before it has been looked at */
bool run_string(struct run *r);
bool run_number(struct run *r);
bool run_word(struct run *r);
bool run_other(struct run *r, const char *expected);	/* a comment, or what has no place here */
bool run_comment(struct run *r);
bool run_line_comment(struct run *r);

#endif
