/* Scripts, in colour: https://tc39.es/ecma262/#sec-ecmascript-language-lexical-grammar */
#include <ctype.h>
#include <string.h>

#include "source.h"
#include "type.h"

enum { REGEX_MAX = 400 };
enum javascript_mode { JS_CODE, JS_COMMENT, JS_REMARK, JS_STRING, JS_TEMPLATE };

struct javascript {		/* a value */
	struct source s;
	enum javascript_mode mode;
	uint8_t quote;
	bool escaped;		/* the next character of a string or template is just that */
	bool value;		/* a value ends here: a / divides it */
	bool member;		/* after a dot: what comes is no keyword */
	bool control;		/* after if, while and the like: ( begins a condition */
	bool flags;		/* after a regular expression */
};

static const char *const types[] = {
	"text/javascript", "application/javascript", "application/x-javascript", "text/ecmascript",
	"application/ecmascript", "text/x-javascript", "text/jscript", "module",
};

static const struct word { const char *name; bool value, control; } words[] = {
	{ "if", .control = true }, { "while", .control = true }, { "for", .control = true }, { "with", .control = true },
	{ "this", .value = true }, { "super", .value = true }, { "null", .value = true }, { "true", .value = true },
	{ "false", .value = true }, { "undefined", .value = true },
	{ "async" }, { "await" }, { "break" }, { "case" }, { "catch" }, { "class" }, { "const" }, { "continue" },
	{ "debugger" }, { "default" }, { "delete" }, { "do" }, { "else" }, { "export" }, { "extends" }, { "finally" },
	{ "function" }, { "import" }, { "in" }, { "instanceof" }, { "let" }, { "new" }, { "of" }, { "return" },
	{ "static" }, { "switch" }, { "throw" }, { "try" }, { "typeof" }, { "var" }, { "void" }, { "yield" },
};

/* Not of what is JSON under the name of a script. */
static int
javascript_suits(const struct hint *h, struct bytes first)
{
	first = bytes_trim(first);
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (type_is(h->type, types[i]))
			return first.len > 2 && (!memcmp(first.at, "{\"", 2) || !memcmp(first.at, "[{", 2)) ? 35 : 90;
	return 0;
}

static bool
js_is_word(uint8_t c)
{
	return isalnum(c) || c == '_' || c == '$' || c == '#' || c == '\\' || c >= 0x80;
}

static bool
js_is_number(uint8_t c)
{
	return js_is_word(c) || c == '.';
}

static const struct word *
js_keyword(struct bytes name)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (bytes_are(name, words[i].name))
			return &words[i];
	return NULL;
}

static bool
js_word(struct source_walk *w, struct bytes line)
{
	struct javascript *j = w->language;
	bool digit = isdigit(*line.at), put;
	enum role role = j->flags ? ROLE_STRING : digit ? ROLE_NUMBER : ROLE_TEXT;
	size_t n = source_word(w, line, digit ? js_is_number : js_is_word, role, &put);
	const struct word *k = n && !digit && !j->member && !j->flags ? js_keyword((struct bytes){ line.at, n }) : NULL;

	if (!n)
		return false;
	j->control = k && k->control;
	j->value = !k || k->value;
	j->member = j->flags = false;
	return put || source_put(w, k ? ROLE_WORD : role, n);
}

/* A sign of n characters. */
static bool
js_sign(struct source_walk *w, size_t n)
{
	struct javascript *j = w->language;

	j->member = *w->in->rest.at == '.';
	j->value = j->control = j->flags = false;
	return source_put(w, ROLE_MARK, n);
}

/* How long the regular expression is; 0: none ends on this line. */
static size_t
js_regex(struct bytes line)
{
	bool escaped = false, class = false;

	for (size_t n = 1; n < line.len && n < REGEX_MAX; n++) {
		if (escaped)
			escaped = false;
		else if (line.at[n] == '\\')
			escaped = true;
		else if (line.at[n] == '[' || line.at[n] == ']')
			class = line.at[n] == '[';
		else if (line.at[n] == '/' && !class)
			return n + 1;
	}
	return 0;
}

/* A comment, a regular expression, or a division. */
static bool
js_slash(struct source_walk *w, struct bytes line)
{
	struct javascript *j = w->language;
	bool more = w->more;
	size_t n;

	if (line.len < 2 && more)
		return false;
	if (line.len > 1 && (line.at[1] == '/' || line.at[1] == '*')) {
		j->mode = line.at[1] == '*' ? JS_COMMENT : JS_REMARK;
		return source_put(w, ROLE_FAINT, 2);
	}
	if (j->value)
		return js_sign(w, 1);
	n = js_regex(line);
	if (!n && more && line.len < REGEX_MAX)
		return false;
	if (!n)
		return js_sign(w, 1);
	j->value = j->flags = true;
	j->member = j->control = false;
	return source_put(w, ROLE_STRING, n);
}

/* ++ and -- leave a value one. */
static bool
js_twice(struct source_walk *w, struct bytes line)
{
	struct javascript *j = w->language;
	bool value = j->value;

	if (line.len < 2 && w->more)
		return false;
	if (line.len < 2 || line.at[1] != *line.at)
		return js_sign(w, 1);
	js_sign(w, 2);
	j->value = value;
	return true;
}

static bool
js_bracket(struct source_walk *w, uint8_t c)
{
	struct javascript *j = w->language;
	bool control = j->control && c == '(';
	char kind;

	j->member = j->control = j->flags = false;
	if (strchr("([{", c)) {
		j->value = false;
		return source_open(w, control ? 'i' : (char)c);
	}
	kind = source_close(w);
	j->value = kind != 'i';
	if (kind == '$' && c == '}')
		j->mode = JS_TEMPLATE;
	return true;
}

static bool
js_quote(struct source_walk *w, uint8_t c)
{
	struct javascript *j = w->language;

	j->mode = c == '`' ? JS_TEMPLATE : JS_STRING;
	j->quote = c;
	j->escaped = j->member = j->control = j->flags = false;
	return source_put(w, ROLE_STRING, 1);
}

static bool
js_code(struct source_walk *w, struct bytes line)
{
	struct javascript *j = w->language;
	uint8_t c = *line.at;
	size_t n = 0;

	while (n < line.len && (line.at[n] == ' ' || line.at[n] == '\t'))
		n++;
	if (n) {
		j->flags = false;
		return source_space(w, n);
	}
	if (js_is_word(c))
		return js_word(w, line);
	if (c == '"' || c == '\'' || c == '`')
		return js_quote(w, c);
	if (c == '/')
		return js_slash(w, line);
	if (c == '+' || c == '-')
		return js_twice(w, line);
	if (c && strchr("([{}])", c))
		return js_bracket(w, c);
	if (c != ',' && c != ';')
		return js_sign(w, 1);
	j->value = j->member = j->control = j->flags = false;
	return source_separate(w);
}

static bool
js_string(struct source_walk *w, struct bytes line)
{
	struct javascript *j = w->language;
	size_t n = 0;

	while (n < line.len && (j->escaped || line.at[n] != j->quote)) {
		j->escaped = !j->escaped && line.at[n] == '\\';
		n++;
	}
	if (n < line.len) {
		j->mode = JS_CODE;
		j->value = true;
		n++;
	}
	return source_put(w, ROLE_STRING, n);
}

/* Up to ` or ${, which code comes after. */
static bool
js_template(struct source_walk *w, struct bytes line)
{
	struct javascript *j = w->language;
	bool more = w->more;
	size_t n = 0;

	for (; n < line.len; n++) {
		uint8_t c = line.at[n];

		if (!j->escaped && c == '`')
			break;
		if (!j->escaped && c == '$' && (n + 1 == line.len ? more : line.at[n + 1] == '{'))
			break;
		j->escaped = !j->escaped && c == '\\';
	}
	if (n)
		return source_put(w, ROLE_STRING, n);
	if (*line.at == '`') {
		j->mode = JS_CODE;
		j->value = true;
		return source_put(w, ROLE_STRING, 1);
	}
	if (line.len < 2)
		return false;
	j->mode = JS_CODE;
	j->value = false;
	source_put(w, ROLE_MARK, 1);
	return source_open(w, '$');
}

static bool
js_comment(struct source_walk *w, struct bytes line)
{
	struct javascript *j = w->language;
	bool needs;

	if (source_comment(w, line, &needs))
		j->mode = JS_CODE;
	return !needs;
}

static bool
js_remark(struct source_walk *w, struct bytes line)
{
	return source_put(w, ROLE_FAINT, line.len);
}

static bool
js_step(struct source_walk *w, struct bytes line)
{
	static bool (*const step[])(struct source_walk *w, struct bytes line) = {
		[JS_CODE] = js_code, [JS_COMMENT] = js_comment, [JS_REMARK] = js_remark,
		[JS_STRING] = js_string, [JS_TEMPLATE] = js_template,
	};
	struct javascript *j = w->language;

	return source_goes_on(w, line, j->s.role == ROLE_NUMBER ? js_is_number : js_is_word) || step[j->mode](w, line);
}

/* A string ends with its line, unless that end is escaped; a remark does. */
static void
js_ended(struct source_walk *w)
{
	struct javascript *j = w->language;

	if (j->mode == JS_REMARK || (j->mode == JS_STRING && !j->escaped))
		j->mode = JS_CODE;
	j->escaped = j->flags = false;
}

static void
javascript_feed(void *st, struct reader *in, struct decode *d)
{
	struct javascript *j = st;
	struct source_walk w = { .s = &j->s, .language = j, .in = in, .to = decode_doc(d) };

	source_run(&w, js_step, js_ended);
}

static void
javascript_end(void *st, struct reader *in, struct decode *d)
{
	struct javascript *j = st;
	struct source_walk w = { .s = &j->s, .language = j, .in = in, .to = decode_doc(d), .last = true };

	source_run(&w, js_step, js_ended);
}

const struct decoder decoder_javascript = {
	.name = "javascript", .about = "scripts, in colour; long lines are broken", .stage = STAGE_PAYLOAD,
	.size = sizeof(struct javascript), .suits = javascript_suits, .feed = javascript_feed, .end = javascript_end,
};
