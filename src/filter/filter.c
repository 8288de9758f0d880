/* Filter expressions: from text to a tree. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "pick.h"
#include "soth/buf.h"

enum { DEPTH_MAX = 100, REGEX_MAX = 4096, NAME_MAX_ = 32 };

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
	pick_free(n->pick);
	free(n->literals);
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
node_of(const struct term *term)
{
	struct node *n = node_new(NODE_TERM, NULL, NULL);

	n->term = term;
	term_foresee(term, &n->asks, &n->source);
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

/* A regex, bare or in quotes. False: there is none, or it is wrong. */
static bool
parse_regex(struct parse *p, struct buf *out)
{
	size_t begin = p->at;
	struct fault why = { "" };

	return argument_text(p->text, &p->at, out, &why) || (*why.text && parse_wrong(p, begin, why.text));
}

static struct node *
term_regex(struct parse *p, const struct term *term)
{
	struct node *n = NULL;
	size_t begin = p->at, where = 0;
	struct literals literals;
	struct buf regex;
	struct match *m;
	struct fault why;

	buf_init(&regex, REGEX_MAX);
	if (parse_regex(p, &regex)) {
		m = match_new(buf_bytes(&regex), term->flags, &why, &where);
		if (!m) {
			parse_wrong(p, begin + where, why.text);
		} else {
			n = node_of(term);
			n->match = m;
			if (n->source && match_literals(buf_bytes(&regex), &literals))
				node_keep(n, &literals);
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
		if (s[1] == 'x' && s[2] == 'x' && !argument_bare(s[3]))
			return 3;
		while (isdigit((unsigned char)s[n]))
			n++;
		return s[n] == '.' && s[n + 1] == '.' ? n + 2 + strspn(s + n + 2, "0123456789") : n;
	}
	while (argument_bare(s[n]) && s[n] != '&' && s[n] != '|')
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
	made = node_of(term);
	made->range = range;
	return made;
}

static struct node *
term_pick(struct parse *p, const struct term *term)
{
	struct fault why;
	struct pick *pick = pick_parse(term->argument, p->text, &p->at, &why);
	struct node *n;

	if (!pick)
		return parse_wrong(p, p->at, why.text);
	n = node_of(term);
	n->pick = pick;
	if (n->source) {
		struct literals literals = { .count = 1 };

		literal_set(&literals.text[0], bytes_of(pick->name));
		node_keep(n, &literals);
	}
	return n;
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

	while (isalnum((unsigned char)p->text[p->at]) && name.len < NAME_MAX_) {
		name.len++;
		p->at++;
	}
	term = term_named(name);
	if (!term)
		return parse_wrong(p, begin, "no term is called so: soth-filter(7) lists them");
	if (term->argument == ARG_NONE)
		return node_of(term);
	if (p->text[p->at] && !isspace((unsigned char)p->text[p->at]) && p->text[p->at] != '"' && p->text[p->at] != '\'')
		return parse_wrong(p, p->at, "a space is missing here");
	parse_space(p);
	if (term->argument == ARG_NAMED || term->argument == ARG_PATH)
		return term_pick(p, term);
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
	if (!n)
		return NULL;
	parse_space(p);
	if (p->text[p->at] != ')') {
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

enum filter_depth
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

/* About: reading costs most, then regexes, and of these those on what has to be put together first. */
static unsigned
node_cost(const struct node *n)
{
	unsigned regex = !n->match ? 0 : n->source & (SCENE_URL | SCENE_HEADS) ? 2 : 1;
	unsigned a, b;

	if (n->kind == NODE_TERM)
		return n->term->needs * 4 + regex;
	a = node_cost(n->a);
	b = n->b ? node_cost(n->b) : 0;
	return a > b ? a : b;
}

/* What costs less is asked first. */
static void
node_order(struct node *n)
{
	if (n->a)
		node_order(n->a);
	if (!n->b)
		return;
	node_order(n->b);
	if (node_cost(n->b) < node_cost(n->a)) {
		struct node *first = n->b;

		n->b = n->a;
		n->a = first;
	}
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
	node_order(root);
	f = xalloc(sizeof(*f));
	f->root = root;
	f->needs = node_needs(root);
	f->asks = node_asks(root);
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

struct filter_term_about
term_about(const struct term *t)
{
	return (struct filter_term_about){ t->name, argument_words[t->argument], t->about, t->values ? t->values : "" };
}

bool
filter_term(size_t i, struct filter_term_about *out)
{
	if (terms[i].name)
		*out = term_about(&terms[i]);
	return terms[i].name;
}
