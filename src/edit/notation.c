/* Values as text: read into a list of tokens, each of those that open with its count. */
#include <stdlib.h>
#include <string.h>

#include "notation.h"

enum { NODES_MAX = 1 << 22 };

struct parse {
	struct notation *n;
	struct bytes rest;
	struct spot *why;
	unsigned depth;
};

static bool value(struct parse *p);

static bool
wrong(struct parse *p, const char *expected)
{
	return spot_fault(p->why, p->rest.at, "%s expected", expected);
}

static int
peek(struct parse *p)
{
	while (p->rest.len && *p->rest.at && strchr(" \t\r\n", *p->rest.at))
		p->rest = behind(p->rest, 1);
	return p->rest.len ? *p->rest.at : -1;
}

static struct bytes
take(struct parse *p, size_t len)
{
	struct bytes b = { p->rest.at, len };

	p->rest = behind(p->rest, len);
	return b;
}

/* Good until the next. NULL: too many. */
static struct node *
add(struct parse *p, enum node_kind kind, struct bytes token)
{
	struct notation *n = p->n;

	if (n->nodes == NODES_MAX) {
		spot_fault(p->why, token.at, "too many values");
		return NULL;
	}
	if (n->nodes == n->room) {
		n->room = n->room ? 2 * n->room : 64;
		n->node = xgrow(n->node, n->room, sizeof(*n->node));
	}
	n->node[n->nodes] = (struct node){ .kind = kind, .token = token };
	return &n->node[n->nodes++];
}

static bool
is_word(uint8_t c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

size_t
word_length(struct bytes b)
{
	size_t n = b.len && *b.at == '-';

	if (n == b.len || !is_word(b.at[n]) || (b.at[n] >= '0' && b.at[n] <= '9'))
		return 0;
	while (n < b.len && is_word(b.at[n]))
		n++;
	return n;
}

size_t
number_length(struct bytes b)
{
	size_t n = b.len && *b.at == '-';

	if (n == b.len || b.at[n] < '0' || b.at[n] > '9')
		return 0;
	while (n < b.len && ((b.at[n] >= '0' && b.at[n] <= '9') || b.at[n] == '.' || (b.at[n] | 0x20) == 'e' ||
			((b.at[n] == '+' || b.at[n] == '-') && (b.at[n - 1] | 0x20) == 'e')))
		n++;
	return n;
}

size_t
quoted_length(struct bytes b)
{
	if (!b.len || *b.at != '"')
		return 0;
	for (size_t i = 1; i < b.len && b.at[i] >= 0x20; i++)
		if (b.at[i] == '"')
			return i + 1;
		else if (b.at[i] == '\\')
			i++;
	return 0;
}

/* "_1", right behind it. */
static void
suffix(struct parse *p, struct node *n)
{
	size_t len = 1;

	if (!p->rest.len || *p->rest.at != '_')
		return;
	while (len < p->rest.len && is_word(p->rest.at[len]))
		len++;
	n->said = true;
	n->suffix = behind(take(p, len), 1);
}

static bool
leaf(struct parse *p, enum node_kind kind, struct bytes token)
{
	struct node *n = add(p, kind, token);

	if (!n)
		return false;
	suffix(p, n);
	return true;
}

/* Behind one item: a comma, or what closes; one may stand before what closes. */
static bool
items(struct parse *p, size_t open, int close)
{
	if (++p->depth > EDIT_DEPTH_MAX)
		return wrong(p, "no deeper nesting");
	while (peek(p) != close) {
		if (!value(p))
			return false;
		p->n->node[open].count++;
		if (p->n->node[open].kind == NODE_MAP && p->n->node[open].count % 2) {
			if (peek(p) != ':')
				return wrong(p, "a colon");
			take(p, 1);
			continue;
		}
		if (peek(p) != ',' && peek(p) != close)
			return wrong(p, close == '}' ? "a comma or }" : close == ']' ? "a comma or ]" : "a comma or )");
		if (peek(p) == ',')
			take(p, 1);
	}
	if (p->n->node[open].kind == NODE_MAP && p->n->node[open].count % 2)
		return wrong(p, "a value");
	p->depth--;
	return true;
}

static bool
shut(struct parse *p, size_t open)
{
	struct node *n = add(p, NODE_CLOSE, take(p, 1));

	if (!n)
		return false;
	n->open = open;
	if (p->n->node[open].kind == NODE_CALL)
		suffix(p, n);
	return true;
}

static bool
nest(struct parse *p, enum node_kind kind, struct bytes token, int close)
{
	size_t open = p->n->nodes;
	struct node *n = add(p, kind, token);

	if (!n)
		return false;
	suffix(p, n);
	if (!items(p, open, close))
		return false;
	return shut(p, open);
}

/* 32("...") or 32_1("..."). */
static bool
number(struct parse *p)
{
	struct bytes token = take(p, number_length(p->rest));
	struct node *n = add(p, NODE_NUMBER, token);
	size_t open = p->n->nodes - 1;

	if (!n)
		return false;
	suffix(p, n);
	if (!p->rest.len || *p->rest.at != '(')
		return true;
	take(p, 1);
	n->kind = NODE_TAG;
	if (!items(p, open, ')'))
		return false;
	if (p->n->node[open].count != 1)
		return wrong(p, "one value behind a tag");
	return shut(p, open);
}

static bool
word(struct parse *p)
{
	static const struct { char sign; enum node_kind kind; } kinds[] = {
		{ 'h', NODE_BYTES }, { 't', NODE_TEXT }, { 'f', NODE_FLOAT },
	};
	size_t len = word_length(p->rest);
	struct bytes token = take(p, len);
	const uint8_t *end;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (len != 1 || *token.at != kinds[i].sign || !p->rest.len || *p->rest.at != '\'')
			continue;
		take(p, 1);
		end = memchr(p->rest.at, '\'', p->rest.len);
		if (!end)
			return wrong(p, "a ' at the end");
		token = take(p, (size_t)(end - p->rest.at));
		take(p, 1);
		return leaf(p, kinds[i].kind, token);
	}
	if (!p->rest.len || *p->rest.at != '(')
		return leaf(p, NODE_WORD, token);
	take(p, 1);
	return nest(p, NODE_CALL, token, ')');
}

static bool
value(struct parse *p)
{
	int c = peek(p);

	if (c == '{')
		return nest(p, NODE_MAP, take(p, 1), '}');
	if (c == '[')
		return nest(p, NODE_LIST, take(p, 1), ']');
	if (c == '(')
		return nest(p, NODE_PIECES, take(p, 1), ')');
	if (c == '"' && quoted_length(p->rest))
		return leaf(p, NODE_STRING, take(p, quoted_length(p->rest)));
	if (c == '"')
		return wrong(p, "a string with a quote at its end, on its line");
	if (number_length(p->rest))
		return number(p);
	return word_length(p->rest) ? word(p) : wrong(p, "a value");
}

bool
notation_read(struct notation *n, struct bytes text, struct spot *why)
{
	struct parse p = { .n = n, .rest = text, .why = why };

	*n = (struct notation){ NULL };
	while (peek(&p) >= 0)
		if (!value(&p)) {
			notation_release(n);
			return false;
		}
	return true;
}

void
notation_release(struct notation *n)
{
	free(n->node);
	*n = (struct notation){ NULL };
}
