/* Style sheets, in colour: https://www.w3.org/TR/css-syntax-3/ */
#include <ctype.h>
#include <string.h>

#include "source.h"
#include "type.h"

enum css_mode { CSS_CODE, CSS_COMMENT, CSS_STRING, CSS_URL };

struct css {			/* a value */
	struct source s;
	enum css_mode mode;
	uint8_t quote;
	bool escaped;		/* the next character of a string is just that */
	bool rules;		/* the block that comes next holds rules, as that of @media does */
	bool name;		/* a property's name comes next */
	bool value;
	bool url;		/* after url( */
};

static int
css_suits(const struct hint *h, struct bytes first)
{
	(void)first;
	return type_is(h->type, "text/css") ? 90 : 0;
}

static bool
css_is_word(uint8_t c)
{
	return isalnum(c) || c == '-' || c == '_' || c == '\\' || c == '.' || c == '%' || c >= 0x80;
}

static bool
css_is_name(uint8_t c)
{
	return css_is_word(c) && c != '.' && c != '%';
}

/* Rules whose block holds rules. */
static bool
css_holds_rules(struct bytes word)
{
	static const char *const names[] = { "@media", "@supports", "@layer", "@container", "@document", "@scope",
		"@keyframes", "@-webkit-keyframes", "@-moz-keyframes", "@-o-keyframes", "@starting-style" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (bytes_like(word, names[i]))
			return true;
	return false;
}

static enum role
css_role(const struct css *c, struct bytes word)
{
	uint8_t first = *word.at, next = word.len > 1 ? word.at[1] : 0;

	if (first == '@')
		return ROLE_WORD;
	if (c->name)
		return ROLE_KEY;
	if (c->value && (isdigit(first) || first == '#' || ((first == '-' || first == '.') && isdigit(next))))
		return ROLE_NUMBER;
	return bytes_like(word, "important") ? ROLE_WORD : ROLE_TEXT;
}

static bool
css_word(struct source_walk *w, struct bytes line)
{
	struct css *c = w->language;
	bool put;
	size_t n = source_word(w, line, c->value ? css_is_word : css_is_name, c->name ? ROLE_KEY : ROLE_TEXT, &put);
	struct bytes word = { line.at, n };

	if (!n)
		return false;
	c->url = !put && bytes_like(word, "url") && n < line.len && line.at[n] == '(';
	if (!put && *line.at == '@')
		c->rules = css_holds_rules(word);
	if (!put)
		source_put(w, css_role(c, word), n);
	c->name = false;
	return true;
}

static bool
css_brace(struct source_walk *w, uint8_t ch)
{
	struct css *c = w->language;

	c->value = false;
	if (ch == '{')
		source_open(w, c->rules ? 'R' : 'D');
	else if (ch == '}')
		source_close(w);
	else
		source_separate(w);
	c->rules = false;
	c->name = source_inner(&c->s) == 'D';
	return true;
}

/* /, which may begin a comment. */
static bool
css_slash(struct source_walk *w, struct bytes line)
{
	struct css *c = w->language;

	if (line.len < 2 && w->more)
		return false;
	if (line.len < 2 || line.at[1] != '*')
		return source_put(w, ROLE_MARK, 1);
	c->mode = CSS_COMMENT;
	return source_put(w, ROLE_FAINT, 2);
}

static bool
css_sign(struct source_walk *w, uint8_t ch)
{
	struct css *c = w->language;

	if (ch == '(' || ch == '[') {
		c->mode = c->url && ch == '(' ? CSS_URL : CSS_CODE;
		return source_open(w, (char)ch);
	}
	if (ch == ')' || ch == ']')
		return source_close(w), true;
	if (ch == ',')
		return source_separate(w);
	c->value = c->value || (ch == ':' && source_inner(&c->s) == 'D');
	c->name = false;
	return source_put(w, ROLE_MARK, 1);
}

static bool
css_code(struct source_walk *w, struct bytes line)
{
	struct css *c = w->language;
	uint8_t ch = *line.at;
	size_t n = 0;

	while (n < line.len && (line.at[n] == ' ' || line.at[n] == '\t'))
		n++;
	if (n)
		return source_space(w, n);
	if (ch == '"' || ch == '\'') {
		c->mode = CSS_STRING;
		c->quote = ch;
		return source_put(w, ROLE_STRING, 1);
	}
	if (ch == '/')
		return css_slash(w, line);
	if (ch == '{' || ch == '}' || ch == ';')
		return css_brace(w, ch);
	return css_is_name(ch) || ch == '@' || (c->value && (ch == '#' || ch == '.')) ?
		css_word(w, line) : css_sign(w, ch);
}

static bool
css_string(struct source_walk *w, struct bytes line)
{
	struct css *c = w->language;
	size_t n = 0;

	while (n < line.len && (c->escaped || line.at[n] != c->quote)) {
		c->escaped = !c->escaped && line.at[n] == '\\';
		n++;
	}
	if (n < line.len) {
		c->mode = CSS_CODE;
		n++;
	}
	return source_put(w, ROLE_STRING, n);
}

/* What stands in url( without quotes. */
static bool
css_address(struct source_walk *w, struct bytes line)
{
	struct css *c = w->language;
	const uint8_t *end = memchr(line.at, ')', line.len);
	bool begins = c->url;

	c->url = false;
	if (end == line.at || (begins && strchr(" \t\"'", *line.at))) {
		c->mode = CSS_CODE;
		return css_code(w, line);
	}
	return source_put(w, ROLE_STRING, end ? (size_t)(end - line.at) : line.len);
}

static bool
css_comment(struct source_walk *w, struct bytes line)
{
	struct css *c = w->language;
	bool needs;

	if (source_comment(w, line, &needs))
		c->mode = CSS_CODE;
	return !needs;
}

static bool
css_step(struct source_walk *w, struct bytes line)
{
	static bool (*const step[])(struct source_walk *w, struct bytes line) = {
		[CSS_CODE] = css_code, [CSS_COMMENT] = css_comment, [CSS_STRING] = css_string, [CSS_URL] = css_address,
	};
	struct css *c = w->language;

	return source_goes_on(w, line, c->value ? css_is_word : css_is_name) || step[c->mode](w, line);
}

/* A string ends with its line, unless that end is escaped. */
static void
css_ended(struct source_walk *w)
{
	struct css *c = w->language;

	if (c->mode == CSS_URL || (c->mode == CSS_STRING && !c->escaped))
		c->mode = CSS_CODE;
	c->escaped = false;
}

static void
css_feed(void *st, struct reader *in, struct decode *d)
{
	struct css *c = st;
	struct source_walk w = { .s = &c->s, .language = c, .in = in, .to = decode_doc(d) };

	source_run(&w, css_step, css_ended);
}

static void
css_end(void *st, struct reader *in, struct decode *d)
{
	struct css *c = st;
	struct source_walk w = { .s = &c->s, .language = c, .in = in, .to = decode_doc(d), .last = true };

	source_run(&w, css_step, css_ended);
}

const struct decoder decoder_css = {
	.name = "css", .about = "style sheets, in colour; long lines are broken", .stage = STAGE_PAYLOAD,
	.size = sizeof(struct css), .suits = css_suits, .feed = css_feed, .end = css_end,
};
