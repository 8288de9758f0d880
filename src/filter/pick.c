/* Arguments of filter expressions that pick something by its name or path. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "pick.h"
#include "soth/jsonpath.h"

enum { ARGUMENT_MAX = 4096, NUMBER_MAX = 64 };

/* The longer ones first. */
static const struct { const char *text; enum pick_op op; } ops[] = {
	{ "=~", PICK_MATCHES }, { "!=", PICK_IS_NOT }, { "<=", PICK_AT_MOST }, { ">=", PICK_AT_LEAST }, { "=", PICK_IS },
	{ "<", PICK_LESS }, { ">", PICK_MORE },
};

void
pick_free(struct pick *p)
{
	if (!p)
		return;
	match_free(p->match);
	free(p->name);
	free(p->value);
	free(p);
}

/* JSON's, from end to end: neither " 1" nor "0x10" nor "nan". */
static bool
number_of(struct bytes text, double *out)
{
	char room[NUMBER_MAX], *end;

	if (!text.len || text.len >= sizeof(room) || !(isdigit(*text.at) || (*text.at == '-' && text.len > 1 && isdigit(text.at[1]))))
		return false;
	memcpy(room, text.at, text.len);
	room[text.len] = '\0';
	if (strspn(room, "0123456789+-.eE") != text.len)
		return false;
	*out = strtod(room, &end);
	return !*end;
}

/* An operator, with or without white space before it. */
static size_t
op_length(enum argument kind, const char *s, enum pick_op *op)
{
	size_t space = 0;

	while (isspace((unsigned char)s[space]))
		space++;
	if (kind == ARG_NAMED)
		return *op = PICK_MATCHES, s[space] == '=' ? space + 1 : 0;
	for (size_t i = 0; i < ARRAY_LEN(ops); i++)
		if (!strncmp(s + space, ops[i].text, strlen(ops[i].text)))
			return *op = ops[i].op, space + strlen(ops[i].text);
	return *op = PICK_ANY, 0;
}

/* "[...]", with quotes in it, as far as it goes. */
static size_t
bracket_length(const char *s)
{
	size_t n = 1;

	while (s[n] && s[n] != ']') {
		char quote = s[n++];

		if (quote != '"' && quote != '\'')
			continue;
		for (; s[n] && s[n] != quote; n++)
			n += s[n] == '\\' && s[n + 1];
		n += s[n] == quote;
	}
	return n + (s[n] == ']');
}

/* As far as the operator, or what cannot be of a name. */
static size_t
name_length(enum argument kind, const char *s)
{
	const char *ends = kind == ARG_PATH ? "=<>!&|" : "=";
	size_t n = 0;

	while (s[n] && !strchr(ends, s[n]) && (argument_bare(s[n]) || s[n] == '['))
		n += kind == ARG_PATH && s[n] == '[' ? bracket_length(s + n) : 1;
	return n;
}

size_t
pick_head_length(enum argument kind, const char *s)
{
	size_t n = name_length(kind, s), behind;
	enum pick_op op;

	behind = op_length(kind, s + n, &op);
	if (!behind)
		return n;
	n += behind;
	while (isspace((unsigned char)s[n]))
		n++;
	return n;
}

static bool
pick_value(struct pick *p, struct bytes value, struct fault *why)
{
	size_t where;

	if (p->op == PICK_MATCHES)
		return (p->match = match_new(value, 0, why, &where)) != NULL;
	p->value = xalloc(value.len + 1);
	memcpy(p->value, value.at, value.len);
	p->numeric = number_of(value, &p->number);
	return true;
}

/* A name, an operator, and a text; `whole`: which is all that is behind it. */
static bool
pick_read(struct pick *p, enum argument kind, const char *text, size_t *at, bool whole, struct fault *why)
{
	size_t n = name_length(kind, text + *at), begin, op;
	struct buf value;
	bool ok;

	if (!n)
		return fault(why, kind == ARG_PATH ? "a path is missing here: $.user.id" : "a name is missing here");
	p->name = strndup(text + *at, n);
	if (kind == ARG_PATH && !jsonpath_right(p->name, why))
		return false;
	*at += n;
	op = op_length(kind, text + *at, &p->op);
	if (!op)
		return p->op = PICK_ANY, !whole || !text[*at] || fault(why, "an operator is meant: = != < <= > >= =~");
	begin = *at += op;
	while (isspace((unsigned char)text[*at]))
		begin = ++*at;
	buf_init(&value, ARGUMENT_MAX);
	if (whole)
		ok = buf_add(&value, bytes_of(text + *at)) || fault(why, "the expression is too long");
	else
		ok = argument_text(text, at, &value, why) || (!*why->text && fault(why, "a value is missing here"));
	ok = ok && pick_value(p, buf_bytes(&value), why);
	buf_release(&value);
	*at = ok ? *at : begin;
	return ok;
}

/* All of it in quotes. */
static bool
pick_quoted(struct pick *p, enum argument kind, const char *text, size_t *at, struct fault *why)
{
	size_t begin = *at, inner = 0;
	struct buf whole;
	bool ok;

	buf_init(&whole, ARGUMENT_MAX);
	ok = argument_text(text, at, &whole, why) && (buf_add(&whole, (struct bytes){ (const uint8_t *)"", 1 }) ||
		fault(why, "the expression is too long"));
	ok = ok && pick_read(p, kind, (const char *)buf_bytes(&whole).at, &inner, true, why);
	buf_release(&whole);
	*at = ok ? *at : begin;
	return ok;
}

struct pick *
pick_parse(enum argument kind, const char *text, size_t *at, struct fault *why)
{
	struct pick *p = xalloc(sizeof(*p));
	bool quoted = text[*at] == '"' || text[*at] == '\'';

	if (quoted ? pick_quoted(p, kind, text, at, why) : pick_read(p, kind, text, at, false, why))
		return p;
	pick_free(p);
	return NULL;
}

static int
text_order(struct bytes a, struct bytes b)
{
	int order = memcmp(a.at, b.at, a.len < b.len ? a.len : b.len);

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static bool
op_holds(enum pick_op op, int order)
{
	switch (op) {
	case PICK_IS:		return !order;
	case PICK_IS_NOT:	return order;
	case PICK_LESS:		return order < 0;
	case PICK_AT_MOST:	return order <= 0;
	case PICK_MORE:		return order > 0;
	case PICK_AT_LEAST:	return order >= 0;
	case PICK_ANY: case PICK_MATCHES: break;
	}
	return true;
}

bool
pick_takes(const struct pick *p, struct bytes text)
{
	if (p->op == PICK_ANY)
		return true;
	if (p->op == PICK_MATCHES)
		return match_in(p->match, text);
	/* A text is not less than a number, nor more. */
	if (p->numeric && p->op != PICK_IS && p->op != PICK_IS_NOT)
		return false;
	return text.at ? op_holds(p->op, text_order(text, bytes_of(p->value))) : op_holds(p->op, -(*p->value != '\0'));
}

/* Digits alone are compared as they are written: a double has not so many. */
static bool
is_whole(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!isdigit(text.at[i]))
			return false;
	return text.len;
}

bool
pick_takes_number(const struct pick *p, struct bytes text)
{
	double n;
	bool same = p->op == PICK_IS || p->op == PICK_IS_NOT;

	if (!p->numeric || p->op == PICK_MATCHES || !number_of(text, &n) ||
			(same && is_whole(text) && is_whole(bytes_of(p->value))))
		return (p->numeric || same || p->op == PICK_ANY || p->op == PICK_MATCHES) && pick_takes(p, text);
	return op_holds(p->op, (n > p->number) - (n < p->number));
}
