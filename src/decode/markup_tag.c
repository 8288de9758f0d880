/* Tags of HTML and XML: <name key="value"> and </name>, and what they open and close. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "markup_inside.h"

/* Is the name one of the words? */
static bool
among(struct bytes name, const char *words)
{
	while (*words) {
		size_t len = strcspn(words, " ");

		if (len == name.len && !strncasecmp(words, (const char *)name.at, len))
			return true;
		words += len + (words[len] == ' ');
	}
	return false;
}

/* https://html.spec.whatwg.org/#void-elements */
bool
markup_void(struct bytes name)
{
	return among(name, "area base br col embed hr img input link meta source track wbr");
}

/* What a new element ends, when nothing stands between: https://html.spec.whatwg.org/#optional-tags */
static bool
tag_ends(struct bytes name, const char *open)
{
	static const struct { const char *opens, *ends; } rules[] = {
		{ "li", "li" },
		{ "dt dd", "dt dd" },
		{ "option", "option" },
		{ "optgroup", "option optgroup" },
		{ "td th", "td th" },
		{ "tr", "td th tr" },
		{ "thead tbody tfoot", "td th tr thead tbody tfoot" },
		{ "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 "
			"header hr main nav ol p pre section table ul", "p" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (among(name, rules[i].opens) && among(bytes_of(open), rules[i].ends))
			return true;
	return false;
}

size_t
markup_name(struct bytes s)
{
	size_t len = 0;

	while (len < s.len && !markup_space(s.at[len]) && !(s.at[len] && strchr("/>=\"'<?", s.at[len])))
		len++;
	return len;
}

static uint32_t
tag_hash(struct bytes name, bool fold)
{
	uint32_t hash = 2166136261u;	/* FNV-1a */

	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ (fold ? (uint32_t)tolower(name.at[i]) : name.at[i])) * 16777619u;
	return hash;
}

static void
tag_pop(struct markup_walk *w)
{
	w->m->depth--;
	doc_out(w->to);
}

/* </name>: ends what it closes, and all that is open in that. False: it closes nothing. */
static bool
tag_close(struct markup_walk *w)
{
	struct markup *m = w->m;
	unsigned i = m->depth;

	if (m->over) {
		m->over--;
		markup_break(w);
		return true;
	}
	while (i && m->open[i - 1].hash != m->tag_hash)
		i--;
	if (!m->html && (!i || i != m->depth))
		return m->depth ? markup_fail(w, "</%s> does not close <%s>", m->tag, m->open[m->depth - 1].name) :
			markup_fail(w, "</%s> closes nothing", m->tag);
	if (!i || i != m->depth)
		markup_break(w);
	while (i && m->depth >= i)
		tag_pop(w);
	m->fresh = false;
	return true;
}

static void
tag_open(struct markup_walk *w, struct bytes name)
{
	struct markup *m = w->m;

	markup_break(w);
	while (m->html && m->depth && !m->over && tag_ends(name, m->open[m->depth - 1].name))
		tag_pop(w);
}

/* The name is whole in the reader; in HTML a name may be any. */
bool
markup_tag_begin(struct markup_walk *w)
{
	struct markup *m = w->m;
	bool closing = w->in->rest.at[1] == '/';
	size_t skip = closing ? 2 : 1;
	struct bytes at = w->in->rest, name = { at.at + skip, at.len - skip };

	name.len = markup_name(name);
	if (name.len > MARKUP_NAME_MAX)
		name.len = MARKUP_NAME_MAX;
	else if (skip + name.len == at.len && !w->last)
		return false;
	m->tag_hash = tag_hash(name, m->html);
	snprintf(m->tag, sizeof(m->tag), "%.*s", (int)name.len, (const char *)name.at);
	m->closing = closing;
	if (!closing)
		tag_open(w, name);
	else if (!tag_close(w))
		return false;
	if (!closing)
		decode_mark(w->d, (struct bytes){ at.at, 0 });
	doc_put(w->to, ROLE_MARK, (struct bytes){ at.at, skip });
	doc_put(w->to, ROLE_WORD, name);
	doc_in(w->to);		/* a value may go on in lines of its own */
	(void)read_bytes(w->in, skip + name.len);
	m->mode = MARKUP_TAG;
	m->in = MARKUP_IN_NAME;
	m->space = m->slash = m->value_next = m->cut_word = m->type_next = false;
	m->script = MARKUP_AS_CODE;
	m->raw = m->html && !closing ? markup_raw(name) : 0;
	return true;
}

/* What is put next is not the first of the tag. */
static void
tag_space(struct markup_walk *w)
{
	if (w->m->space)
		doc_put(w->to, ROLE_MARK, LIT(" "));
	w->m->space = w->m->slash = false;
}

/* Behind the >: the element is open, unless it has no end. */
static bool
tag_done(struct markup_walk *w)
{
	struct markup *m = w->m;
	bool open = !m->closing && !m->slash && !(m->html && markup_void(bytes_of(m->tag)));

	doc_put(w->to, ROLE_MARK, read_bytes(w->in, 1));
	m->mode = m->raw == 0 || !open ? MARKUP_TEXT : m->raw <= 2 ? MARKUP_SCRIPT : MARKUP_TEXT;
	m->raw = open ? m->raw : 0;
	m->leading = true;
	m->inlined = false;
	m->scanned = 0;
	if (open && m->depth < MARKUP_DEPTH_MAX) {
		m->open[m->depth].hash = m->tag_hash;
		snprintf(m->open[m->depth++].name, sizeof(m->tag), "%s", m->tag);
		m->fresh = true;
		return true;
	}
	m->over += open;
	doc_out(w->to);
	doc_line(w->to);
	return true;
}

/* "value": a line of it, or as much as there is. */
static bool
tag_quoted(struct markup_walk *w)
{
	struct markup *m = w->m;
	struct bytes all = w->in->rest;
	size_t n = 0;

	while (n < all.len && all.at[n] != m->quote && all.at[n] != '\n')
		n++;
	if (n == all.len && all.at[n - 1] == '\r' && !w->last)
		n--;
	if (n < all.len && all.at[n] == '\n') {
		doc_put(w->to, ROLE_STRING, (struct bytes){ all.at, n && all.at[n - 1] == '\r' ? n - 1 : n });
		doc_line(w->to);
		return read_bytes(w->in, n + 1).len;
	}
	if (n < all.len && all.at[n] == m->quote) {
		m->in = MARKUP_IN_NAME;
		n++;
	}
	doc_put(w->to, ROLE_STRING, read_bytes(w->in, n));
	return n;
}

/* <script type=...>: what its content is, as far as a person would see it as code. */
static enum markup_script
tag_script(struct bytes type)
{
	size_t len = type.len;

	if (!len || among(type, "module text/javascript application/javascript text/ecmascript text/css"))
		return MARKUP_AS_CODE;
	if (among(type, "importmap speculationrules") || (len >= 4 && bytes_like((struct bytes){ type.at + len - 4, 4 }, "json")))
		return MARKUP_AS_JSON;
	return MARKUP_AS_TEXT;
}

/* The value that begins here may say what a script is. */
static bool
tag_quote(struct markup_walk *w)
{
	struct markup *m = w->m;
	struct bytes all = w->in->rest, value = { all.at + 1, all.len - 1 };
	const uint8_t *end = memchr(value.at, *all.at, value.len < MARKUP_WORD_MAX ? value.len : MARKUP_WORD_MAX);

	if (m->type_next && m->raw == 1) {
		if (!end && value.len < MARKUP_WORD_MAX && !w->last)
			return false;
		value.len = end ? (size_t)(end - value.at) : 0;
		m->script = end ? tag_script(value) : MARKUP_AS_TEXT;
	}
	tag_space(w);
	m->quote = *all.at;
	m->in = MARKUP_IN_QUOTES;
	m->value_next = m->type_next = false;
	doc_put(w->to, ROLE_STRING, read_bytes(w->in, 1));
	return true;
}

/* A name, or a value without quotes; of a long one, what there is. */
static bool
tag_word(struct markup_walk *w)
{
	struct markup *m = w->m;
	struct bytes all = w->in->rest, word = { all.at, 0 };
	bool value = m->value_next || m->in == MARKUP_IN_VALUE, whole;

	while (word.len < all.len && !markup_space(all.at[word.len]) && all.at[word.len] != '>' &&
			(value || (all.at[word.len] != '=' && all.at[word.len] != '/')) && (m->html || all.at[word.len] != '<'))
		word.len++;
	whole = word.len < all.len || w->last;
	if (!whole && word.len <= MARKUP_WORD_MAX)
		return false;
	tag_space(w);
	if (value && m->type_next && m->raw == 1)
		m->script = whole && word.len <= MARKUP_WORD_MAX ? tag_script(word) : MARKUP_AS_TEXT;
	m->type_next = !value && !m->cut_word && bytes_like(word, "type");
	m->in = value && !whole ? MARKUP_IN_VALUE : MARKUP_IN_NAME;
	m->cut_word = !whole;
	m->value_next = false;
	doc_put(w->to, value ? ROLE_STRING : ROLE_KEY, word);
	(void)read_bytes(w->in, word.len);
	return true;
}

static bool
tag_sign(struct markup_walk *w, uint8_t c)
{
	tag_space(w);
	w->m->slash = c == '/';
	w->m->value_next = c == '=';
	doc_put(w->to, ROLE_MARK, read_bytes(w->in, 1));
	return true;
}

bool
markup_tag_step(struct markup_walk *w)
{
	struct markup *m = w->m;
	uint8_t c = *w->in->rest.at;

	if (m->in == MARKUP_IN_QUOTES)
		return tag_quoted(w);
	if (markup_space(c) && !m->cut_word) {
		m->space = true;
		return read_bytes(w->in, 1).len;
	}
	if (c == '>')
		return tag_done(w);
	if (m->value_next && (c == '"' || c == '\''))
		return tag_quote(w);
	if (!m->html && (c == '<' || m->value_next))
		return markup_fail(w, c == '<' ? "< within the tag <%s" : "a value without quotes in <%s", m->tag);
	if (m->in != MARKUP_IN_VALUE && !m->value_next && (c == '=' || c == '/'))
		return tag_sign(w, c);
	return tag_word(w);
}
