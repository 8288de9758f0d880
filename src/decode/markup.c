/*
 * HTML and XML, a tag a line and indented. Tolerant, as browsers are: what is
 * no markup is text, and what is never closed ends with what it stands in.
 */
#include <ctype.h>
#include <string.h>

#include "soth/decode.h"
#include "type.h"

enum { DEPTH_MAX = 256, INLINE_MAX = 100 };

struct markup {
	struct bytes all;
	size_t at;
	struct doc *to;
	bool html;
	struct bytes open[DEPTH_MAX];	/* names of what is open */
	unsigned depth;
	bool fresh;		/* the line ends with the tag that was opened last */
};

static void
text_lines(struct bytes text, enum role role, struct doc *to)
{
	struct reader r = { text, false };

	while (r.rest.len) {
		struct bytes line = read_line(&r);

		if (r.ran_out) {
			line = r.rest;
			r.rest.len = 0;
		}
		doc_put(to, role, line);
		doc_line(to);
	}
}

static int
html_suits(const struct hint *h, struct bytes first)
{
	if (type_is(h->type, "text/html"))
		return 90;
	first = bytes_trim(first);
	return !h->type.len && first.len > 14 && bytes_like((struct bytes){ first.at, 14 }, "<!doctype html") ? 60 : 0;
}

static int
xml_suits(const struct hint *h, struct bytes first)
{
	if (type_is(h->type, "application/xml") || type_is(h->type, "text/xml") || type_ends(h->type, "+xml"))
		return 90;
	return first.len > 5 && bytes_are((struct bytes){ first.at, 5 }, "<?xml") ? 60 : 0;
}

static struct bytes
markup_rest(const struct markup *m)
{
	return (struct bytes){ m->all.at + m->at, m->all.len - m->at };
}

static void
markup_break(struct markup *m)
{
	if (m->fresh)
		doc_line(m->to);
	m->fresh = false;
}

/* Elements that have no end (https://html.spec.whatwg.org/#void-elements). */
static bool
html_void(struct bytes name)
{
	static const char *const names[] = { "area", "base", "br", "col", "embed", "hr", "img", "input", "link",
		"meta", "source", "track", "wbr" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (bytes_like(name, names[i]))
			return true;
	return false;
}

static struct bytes
markup_name(struct bytes s)
{
	size_t len = 0;

	while (len < s.len && (isalnum(s.at[len]) || strchr("-_:.", s.at[len])) && s.at[len])
		len++;
	return (struct bytes){ s.at, len };
}

/* Where the tag ends: the > that stands in no quotes; 0: nowhere. */
static size_t
markup_tag(struct bytes s)
{
	uint8_t quote = 0;

	for (size_t i = 1; i < s.len; i++) {
		if (quote)
			quote = s.at[i] == quote ? 0 : quote;
		else if (s.at[i] == '>')
			return i + 1;
		else if ((s.at[i] == '"' || s.at[i] == '\'') && s.at[i - 1] == '=')
			quote = s.at[i];
	}
	return 0;
}

/* name="value" ... up to the >. */
static void
markup_attributes(struct markup *m, struct bytes s)
{
	while (s.len) {
		size_t n = 0;
		enum role role = ROLE_KEY;

		if (*s.at == '"' || *s.at == '\'') {
			const uint8_t *end = memchr(s.at + 1, *s.at, s.len - 1);

			n = end ? (size_t)(end + 1 - s.at) : s.len;
			role = ROLE_STRING;
		} else if (strchr(" \t\r\n=/>?", *s.at)) {
			n = 1;
			role = ROLE_MARK;
		} else {
			while (n < s.len && !(strchr(" \t\r\n=/>?\"'", s.at[n]) && s.at[n]))
				n++;
		}
		if (*s.at == '\n' || *s.at == '\r' || *s.at == '\t')
			doc_put(m->to, role, LIT(" "));
		else
			doc_put(m->to, role, (struct bytes){ s.at, n ? n : 1 });
		n = n ? n : 1;
		s.at += n;
		s.len -= n;
	}
}

static void
markup_pop(struct markup *m)
{
	m->depth--;
	doc_out(m->to);
}

/* </name>: what it closes, and all that is open in that. */
static void
markup_close(struct markup *m, struct bytes tag)
{
	struct bytes name = markup_name((struct bytes){ tag.at + 2, tag.len - 2 });
	unsigned i = m->depth;
	bool inline_ = m->fresh;

	while (i && !bytes_same(m->open[i - 1], name))
		i--;
	if (i != m->depth)
		markup_break(m);
	inline_ = inline_ && m->fresh;
	while (i && m->depth >= i)
		markup_pop(m);
	if (!inline_)
		markup_break(m);
	doc_put(m->to, ROLE_MARK, LIT("</"));
	doc_put(m->to, ROLE_WORD, name);
	doc_put(m->to, ROLE_MARK, LIT(">"));
	doc_line(m->to);
	m->fresh = false;
}

/* script and style hold anything up to their own end. */
static void
markup_raw(struct markup *m, struct bytes name)
{
	struct bytes rest = markup_rest(m);
	size_t len = 0;

	while (len + 2 + name.len <= rest.len && !(rest.at[len] == '<' && rest.at[len + 1] == '/' &&
			!strncasecmp((const char *)rest.at + len + 2, (const char *)name.at, name.len)))
		len++;
	if (len + 2 + name.len > rest.len)
		len = rest.len;
	m->at += len;
	if (!bytes_trim((struct bytes){ rest.at, len }).len)
		return;
	markup_break(m);
	text_lines((struct bytes){ rest.at, len }, ROLE_FAINT, m->to);
}

static void
markup_open(struct markup *m, struct bytes tag)
{
	struct bytes name = markup_name((struct bytes){ tag.at + 1, tag.len - 1 });
	bool closed = tag.len > 2 && tag.at[tag.len - 2] == '/';

	markup_break(m);
	doc_put(m->to, ROLE_MARK, LIT("<"));
	doc_put(m->to, ROLE_WORD, name);
	markup_attributes(m, (struct bytes){ tag.at + 1 + name.len, tag.len - 1 - name.len });
	m->fresh = true;
	if (closed || (m->html && html_void(name)) || m->depth == DEPTH_MAX) {
		markup_break(m);
		return;
	}
	m->open[m->depth++] = name;
	doc_in(m->to);
	if (m->html && (bytes_like(name, "script") || bytes_like(name, "style")))
		markup_raw(m, name);
}

/* Comments, <!...> and <?...?> as they are. */
static bool
markup_other(struct markup *m)
{
	static const struct { const char *begin, *end; } others[] = {
		{ "<!--", "-->" }, { "<![CDATA[", "]]>" }, { "<!", ">" }, { "<?", ">" },
	};
	struct bytes rest = markup_rest(m);

	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		size_t begin = strlen(others[i].begin), end = strlen(others[i].end), len = rest.len;
		const uint8_t *at;

		if (rest.len < begin || memcmp(rest.at, others[i].begin, begin))
			continue;
		at = memmem(rest.at + begin, rest.len - begin, others[i].end, end);
		if (at)
			len = (size_t)(at - rest.at) + end;
		markup_break(m);
		text_lines((struct bytes){ rest.at, len }, ROLE_FAINT, m->to);
		m->at += len;
		return true;
	}
	return false;
}

static void
markup_text(struct markup *m)
{
	struct bytes rest = markup_rest(m), text;
	size_t len = 1;

	while (len < rest.len && rest.at[len] != '<')
		len++;
	m->at += len;
	rest.len = len;
	text = rest;
	while (text.len && isspace(*text.at))
		text = (struct bytes){ text.at + 1, text.len - 1 };
	while (text.len && isspace(text.at[text.len - 1]))
		text.len--;
	if (!text.len)
		return;
	if (text.len <= INLINE_MAX && !memchr(text.at, '\n', text.len) && m->fresh) {
		doc_put(m->to, ROLE_TEXT, text);
		return;
	}
	markup_break(m);
	text_lines(text, ROLE_TEXT, m->to);
}

static void
markup_run(struct markup *m)
{
	while (m->at < m->all.len) {
		struct bytes rest = markup_rest(m);
		bool close = rest.len > 2 && rest.at[0] == '<' && rest.at[1] == '/' && isalpha(rest.at[2]);
		bool open = rest.len > 1 && rest.at[0] == '<' && isalpha(rest.at[1]);
		size_t len = close || open ? markup_tag(rest) : 0;

		if (!len) {
			if (*rest.at != '<' || !markup_other(m))
				markup_text(m);
			continue;
		}
		m->at += len;
		(close ? markup_close : markup_open)(m, (struct bytes){ rest.at, len });
	}
	markup_break(m);
	while (m->depth)
		markup_pop(m);
}

static void
markup_end(struct markup *m, struct reader *in, struct decode *d, bool html)
{
	m->html = html;
	m->all = in->rest;
	m->to = decode_doc(d);
	markup_run(m);
	in->rest.len = 0;
}

static void
html_end(void *st, struct reader *in, struct decode *d)
{
	markup_end(st, in, d, true);
}

static void
xml_end(void *st, struct reader *in, struct decode *d)
{
	markup_end(st, in, d, false);
}

const struct decoder decoder_html = {
	.stage = STAGE_PAYLOAD,
	.name = "html", .about = "HTML, a tag a line", .size = sizeof(struct markup),
	.suits = html_suits, .end = html_end,
};
const struct decoder decoder_xml = {
	.stage = STAGE_PAYLOAD,
	.name = "xml", .about = "XML, a tag a line", .size = sizeof(struct markup),
	.suits = xml_suits, .end = xml_end,
};
