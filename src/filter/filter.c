/* Filter expressions: from text to a tree, and asking it. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "soth/buf.h"

enum { DEPTH_MAX = 100, REGEX_MAX = 4096, NAME_MAX_ = 32 };

struct filter { struct node *root; enum filter_depth needs; };

struct parse {
	const char *text;
	size_t at;
	unsigned depth;
	struct fault *why;
	size_t wrong;		/* where */
	bool failed;
};

static struct node *parse_filter(struct parse *p);

static void
node_free(struct node *n)
{
	if (!n)
		return;
	node_free(n->a);
	node_free(n->b);
	match_free(n->match);
	free(n);
}

static struct node *
node_new(int kind, struct node *a, struct node *b)
{
	struct node *n = xalloc(sizeof(*n));

	n->kind = kind;
	n->a = a;
	n->b = b;
	return n;
}

static struct node *
parse_wrong(struct parse *p, size_t at, const char *words)
{
	if (!p->failed) {
		fault(p->why, "%s", words);
		p->wrong = at;
		p->failed = true;
	}
	return NULL;
}

static void
parse_space(struct parse *p)
{
	while (p->text[p->at] && isspace((unsigned char)p->text[p->at]))
		p->at++;
}

static bool
is_bare(char c)
{
	return c && !strchr("()~'\"", c) && !isspace((unsigned char)c);
}

/* In quotes, a backslash takes the character behind it as it is, but for n, r and t. */
static bool
parse_quoted(struct parse *p, struct buf *out)
{
	char quote = p->text[p->at];
	size_t begin = p->at++;

	for (; p->text[p->at] && p->text[p->at] != quote; p->at++) {
		static const char from[] = "nrt", to[] = "\n\r\t";
		char c = p->text[p->at];
		const char *known;

		if (c == '\\' && p->text[p->at + 1]) {
			c = p->text[++p->at];
			known = strchr(from, c);
			c = known ? to[known - from] : c;
		}
		if (!buf_add(out, (struct bytes){ (const uint8_t *)&c, 1 }))
			return parse_wrong(p, begin, "the expression is too long");
	}
	if (!p->text[p->at])
		return parse_wrong(p, begin, "a quote that does not end");
	p->at++;
	return true;
}

/* A regex, bare or in quotes. False: there is none, or it is wrong. */
static bool
parse_regex(struct parse *p, struct buf *out)
{
	size_t begin = p->at;

	if (p->text[p->at] == '"' || p->text[p->at] == '\'')
		return parse_quoted(p, out);
	while (is_bare(p->text[p->at]))
		p->at++;
	if (p->at == begin)
		return false;
	return buf_add(out, (struct bytes){ (const uint8_t *)p->text + begin, p->at - begin }) ||
		parse_wrong(p, begin, "the expression is too long");
}

static struct node *
term_regex(struct parse *p, const struct term *term)
{
	struct node *n = NULL;
	size_t begin = p->at, where = 0;
	struct buf regex;
	struct match *m;
	struct fault why;

	buf_init(&regex, REGEX_MAX);
	if (parse_regex(p, &regex)) {
		m = match_new(buf_bytes(&regex), term->flags, &why, &where);
		if (!m) {
			parse_wrong(p, begin + where, why.text);
		} else {
			n = node_new(NODE_TERM, NULL, NULL);
			n->term = term;
			n->match = m;
		}
	} else {
		parse_wrong(p, p->at, "a regular expression is missing here");
	}
	buf_release(&regex);
	return n;
}

/* As much as may be of a number: so "~c 200&~q" and "(~c 200)" end where they do. */
static size_t
number_length(enum argument kind, const char *s)
{
	size_t n = 0;

	if (kind == ARG_CODE && isdigit((unsigned char)*s)) {
		if (s[1] == 'x' && s[2] == 'x' && !is_bare(s[3]))
			return 3;
		while (isdigit((unsigned char)s[n]))
			n++;
		return s[n] == '.' && s[n + 1] == '.' ? n + 2 + strspn(s + n + 2, "0123456789") : n;
	}
	while (is_bare(s[n]) && s[n] != '&' && s[n] != '|')
		n++;
	return n;
}

static struct node *
term_number(struct parse *p, const struct term *term)
{
	size_t n = number_length(term->argument, p->text + p->at);
	struct bytes text = { (const uint8_t *)p->text + p->at, n };
	struct range range;
	struct fault why;
	struct node *made;

	if (!n)
		return parse_wrong(p, p->at, "a number is missing here");
	if (!argument_range(term->argument, text, &range, &why))
		return parse_wrong(p, p->at, why.text);
	p->at += n;
	made = node_new(NODE_TERM, NULL, NULL);
	made->term = term;
	made->range = range;
	return made;
}

static const struct term *
term_named(struct bytes name)
{
	for (size_t i = 0; terms[i].name; i++)
		if (bytes_are(name, terms[i].name))
			return &terms[i];
	return NULL;
}

/* "~name argument". */
static struct node *
parse_term(struct parse *p)
{
	size_t begin = p->at++;
	struct bytes name = { (const uint8_t *)p->text + p->at, 0 };
	const struct term *term;
	struct node *n;

	while (isalnum((unsigned char)p->text[p->at]) && name.len < NAME_MAX_) {
		name.len++;
		p->at++;
	}
	term = term_named(name);
	if (!term)
		return parse_wrong(p, begin, "no term is called so: soth-filter(7) lists them");
	if (term->argument == ARG_NONE) {
		n = node_new(NODE_TERM, NULL, NULL);
		n->term = term;
		return n;
	}
	if (p->text[p->at] && !isspace((unsigned char)p->text[p->at]) && p->text[p->at] != '"' && p->text[p->at] != '\'')
		return parse_wrong(p, p->at, "a space is missing here");
	parse_space(p);
	return term->argument == ARG_REGEX ? term_regex(p, term) : term_number(p, term);
}

/* Whether a term, or what is in brackets, may begin here. */
static bool
parse_more(struct parse *p)
{
	parse_space(p);
	return p->text[p->at] && p->text[p->at] != ')';
}

static struct node *
parse_group(struct parse *p)
{
	size_t begin = p->at++;
	struct node *n;

	if (++p->depth > DEPTH_MAX)
		return parse_wrong(p, begin, "nested too deep");
	n = parse_filter(p);
	p->depth--;
	parse_space(p);
	if (n && p->text[p->at] != ')') {
		node_free(n);
		return parse_wrong(p, begin, "a bracket that does not close");
	}
	p->at++;
	return n;
}

static struct node *
parse_not(struct parse *p)
{
	struct node *n;
	char c;

	parse_space(p);
	c = p->text[p->at];
	if (c == '!') {
		size_t begin = p->at++;

		if (parse_more(p)) {
			if (++p->depth > DEPTH_MAX)
				return parse_wrong(p, begin, "nested too deep");
			n = parse_not(p);
			p->depth--;
			return n ? node_new(NODE_NOT, n, NULL) : NULL;
		}
		p->at = begin;	/* nothing to negate: a regex */
	}
	if (c == '(')
		return parse_group(p);
	if (c == '~')
		return parse_term(p);
	return term_regex(p, term_named(LIT("u")));
}

/* An operator, with something behind it. */
static bool
parse_operator(struct parse *p, char which)
{
	size_t begin;

	parse_space(p);
	begin = p->at;
	if (p->text[p->at] != which)
		return false;
	p->at++;
	if (parse_more(p))
		return true;
	p->at = begin;		/* nothing: a regex */
	return false;
}

static struct node *
parse_chain(struct parse *p, char which, int kind, struct node *(*part)(struct parse *p))
{
	struct node *a = part(p), *b;

	while (a && parse_operator(p, which)) {
		b = part(p);
		if (!b) {
			node_free(a);
			return NULL;
		}
		a = node_new(kind, a, b);
	}
	return a;
}

static struct node *
parse_and(struct parse *p)
{
	return parse_chain(p, '&', NODE_AND, parse_not);
}

static struct node *
parse_or(struct parse *p)
{
	return parse_chain(p, '|', NODE_OR, parse_and);
}

/* One beside the other: both. */
static struct node *
parse_filter(struct parse *p)
{
	struct node *a, *b;

	if (!parse_more(p))
		return parse_wrong(p, p->at, "an expression is missing here");
	a = parse_or(p);
	while (a && parse_more(p)) {
		b = parse_or(p);
		if (!b) {
			node_free(a);
			return NULL;
		}
		a = node_new(NODE_AND, a, b);
	}
	return a;
}

static enum filter_depth
node_needs(const struct node *n)
{
	enum filter_depth a, b;

	if (!n)
		return FILTER_ROW;
	if (n->kind == NODE_TERM)
		return n->term->needs;
	a = node_needs(n->a);
	b = node_needs(n->b);
	return a > b ? a : b;
}

struct filter *
filter_parse(const char *text, struct fault *why, size_t *at)
{
	struct parse p = { .text = text, .why = why };
	struct node *root = parse_filter(&p);
	struct filter *f;

	if (root && p.text[p.at]) {
		node_free(root);
		root = parse_wrong(&p, p.at, "a bracket that nothing opened");
	}
	*at = p.wrong;
	if (!root)
		return NULL;
	f = xalloc(sizeof(*f));
	f->root = root;
	f->needs = node_needs(root);
	return f;
}

void
filter_free(struct filter *f)
{
	if (!f)
		return;
	node_free(f->root);
	free(f);
}

enum filter_depth
filter_needs(const struct filter *f)
{
	return f->needs;
}

const struct head *
asked_head(struct asked *a, enum side side)
{
	if (!a->head_tried[side])
		a->head[side] = lens_head(a->lens, a->row->id, side);
	a->head_tried[side] = true;
	return a->head[side];
}

const struct flow *
asked_flow(struct asked *a)
{
	struct fault why;

	if (!a->tried)
		a->there = lens_flow(a->lens, a->row->id, &a->flow, &why);
	a->tried = true;
	return a->there ? &a->flow : NULL;
}

const struct flow *
asked_opener(struct asked *a)
{
	const struct flow *f = asked_flow(a);
	struct fault why;

	if (!a->opener_tried && f && f->origin && f->origin->opened_by && f->origin->opened_by != f->id)
		a->opener_there = lens_flow(a->lens, f->origin->opened_by, &a->opener, &why);
	a->opener_tried = true;
	return a->opener_there ? &a->opener : NULL;
}

/* What costs less is asked first. */
static bool
node_holds(const struct node *n, struct asked *a)
{
	bool b_first = n->kind != NODE_TERM && n->b && node_needs(n->b) < node_needs(n->a);
	const struct node *first = b_first ? n->b : n->a, *second = b_first ? n->a : n->b;

	switch (n->kind) {
	case NODE_AND:
		return node_holds(first, a) && node_holds(second, a);
	case NODE_OR:
		return node_holds(first, a) || node_holds(second, a);
	case NODE_NOT:
		return !node_holds(n->a, a);
	case NODE_TERM:
		return n->term->holds(n, a);
	}
	return false;
}

bool
filter_takes(const struct filter *f, struct lens *l, const struct row *row)
{
	struct asked a = { .lens = l, .row = row };
	bool takes = node_holds(f->root, &a);

	if (a.tried)
		flow_release(&a.flow);
	if (a.opener_tried)
		flow_release(&a.opener);
	head_drop(a.head[CLIENT]);
	head_drop(a.head[SERVER]);
	return takes;
}

bool
filter_term(size_t i, struct filter_term_about *out)
{
	if (!terms[i].name)
		return false;
	*out = (struct filter_term_about){ terms[i].name, argument_words[terms[i].argument], terms[i].about };
	return true;
}
