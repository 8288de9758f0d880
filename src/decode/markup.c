/*
 * HTML and XML, a tag a line and indented. HTML is read as browsers do: what
 * is no markup is text, and what is never closed ends with what it stands in.
 * XML that is broken is said where it is.
 * https://html.spec.whatwg.org/#parsing https://www.w3.org/TR/xml/
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "markup_inside.h"
#include "type.h"

static bool
starts(struct bytes s, const char *with)
{
	size_t len = strlen(with);

	return s.len >= len && bytes_like((struct bytes){ s.at, len }, with);
}

static bool
markup_guesses(const struct hint *h)
{
	return !h->type.len || type_is(h->type, "text/plain") || type_is(h->type, "application/octet-stream");
}

static struct bytes
markup_first(struct bytes first)
{
	if (starts(first, "\xef\xbb\xbf"))
		first = (struct bytes){ first.at + 3, first.len - 3 };
	while (first.len && markup_space(*first.at))
		first = (struct bytes){ first.at + 1, first.len - 1 };
	return first;
}

static int
html_suits(const struct hint *h, struct bytes first)
{
	if (type_is(h->type, "text/html"))
		return 90;
	first = markup_first(first);
	return markup_guesses(h) && (starts(first, "<!doctype html") || starts(first, "<html")) ? 40 : 0;
}

static int
xml_suits(const struct hint *h, struct bytes first)
{
	if (type_is(h->type, "application/xml") || type_is(h->type, "text/xml") || type_ends(h->type, "+xml") ||
			type_is(h->type, "text/xsl"))
		return 90;
	return markup_guesses(h) && starts(markup_first(first), "<?xml") ? 40 : 0;
}

bool
markup_space(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

void
markup_break(struct markup_walk *w)
{
	if (w->m->fresh)
		doc_line(w->to);
	w->m->fresh = false;
}

/* Counts the lines and columns of what has been read since the call began. */
static void
markup_count(struct markup_walk *w)
{
	const uint8_t *at = w->began, *end = w->in->rest.at, *nl;

	while (at < end && (nl = memchr(at, '\n', (size_t)(end - at)))) {
		w->m->line++;
		w->m->column = 0;
		at = nl + 1;
	}
	w->m->column += (uint64_t)(end - at);
	w->began = end;
}

bool
markup_fail(struct markup_walk *w, const char *fmt, ...)
{
	char words[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof(words), fmt, ap);
	va_end(ap);
	markup_count(w);
	decode_fail(w->d, "line %llu, column %llu: %s", (unsigned long long)w->m->line + 1,
		(unsigned long long)w->m->column + 1, words);
	w->failed = true;
	return false;
}

static void
markup_run(struct markup_walk *w)
{
	static bool (*const step[])(struct markup_walk *w) = {
		[MARKUP_TEXT] = markup_text_step, [MARKUP_TAG] = markup_tag_step,
		[MARKUP_ASIDE] = markup_aside_step, [MARKUP_SCRIPT] = markup_script_step,
	};

	if (!w->m->begun) {
		w->m->begun = w->m->leading = true;
		w->m->base = doc_nested(w->to);
	}
	while (w->in->rest.len && step[w->m->mode](w))
		;
	if (!w->failed)
		markup_count(w);
}

static void
markup_feed(struct markup *m, struct reader *in, struct decode *d, bool html)
{
	struct markup_walk w = { .m = m, .in = in, .d = d, .to = decode_doc(d), .began = in->rest.at };

	m->html = html;
	markup_run(&w);
}

/* XML has an end of its own. */
static bool
markup_whole(struct markup_walk *w)
{
	const struct markup *m = w->m;
	static const char *const what[] = { "text", "a tag", "a comment or the like", "a script" };

	if (m->html || w->failed)
		return true;
	if (m->mode != MARKUP_TEXT)
		return markup_fail(w, "the end of %s is missing", what[m->mode]);
	if (m->depth)
		return markup_fail(w, "the end of <%s> is missing", m->open[m->depth - 1].name);
	return true;
}

static void
markup_end(struct markup *m, struct reader *in, struct decode *d, bool html)
{
	struct markup_walk w = { .m = m, .in = in, .d = d, .to = decode_doc(d), .began = in->rest.at, .last = true };

	m->html = html;
	markup_run(&w);
	if (doc_open(w.to))
		doc_line(w.to);
	doc_nest(w.to, m->base);
	(void)markup_whole(&w);
}

static void
html_feed(void *st, struct reader *in, struct decode *d)
{
	markup_feed(st, in, d, true);
}

static void
html_end(void *st, struct reader *in, struct decode *d)
{
	markup_end(st, in, d, true);
}

static void
xml_feed(void *st, struct reader *in, struct decode *d)
{
	markup_feed(st, in, d, false);
}

static void
xml_end(void *st, struct reader *in, struct decode *d)
{
	markup_end(st, in, d, false);
}

/* Behind the > that stands in no quotes; 0: there is none. */
static size_t
extent_tag(struct bytes s, size_t at)
{
	uint8_t quote = 0;

	for (; at < s.len; at++) {
		if (quote)
			quote = s.at[at] == quote ? 0 : quote;
		else if (s.at[at] == '>')
			return at + 1;
		else if ((s.at[at] == '"' || s.at[at] == '\'') && s.at[at - 1] == '=')
			quote = s.at[at];
	}
	return 0;
}

/* Where the < of the next tag of that name is; 0: there is none. */
static size_t
extent_next(struct bytes s, size_t at, struct bytes name)
{
	const uint8_t *lt;

	while (at < s.len && (lt = memchr(s.at + at, '<', s.len - at))) {
		struct bytes rest = { lt, s.len - (size_t)(lt - s.at) }, is;
		size_t skip = rest.len > 1 && lt[1] == '/' ? 2 : 1;
		bool comment = starts(rest, "<!--");
		const uint8_t *end = comment ? memmem(lt, rest.len, "-->", 3) : NULL;

		if (comment && !end)
			return 0;
		is = (struct bytes){ lt + skip, rest.len - skip };
		is.len = markup_name(is);
		at = (size_t)(lt - s.at);
		if (bytes_same(is, name))
			return at;
		at = end ? (size_t)(end - s.at) : at + 1;
	}
	return 0;
}

/* An element, from its < to behind its end. */
static size_t
markup_extent(struct bytes from, bool html)
{
	struct bytes name = { from.at + 1, from.len - 1 };
	size_t at, depth = 0, next = 0;

	name.len = markup_name(name);
	if (!name.len)
		return 0;
	do {
		bool closes = from.at[next + 1] == '/';

		at = extent_tag(from, next + 1);
		if (!at)
			return 0;
		depth += closes ? (size_t)-1 : from.at[at - 2] != '/' && !(html && markup_void(name));
	} while (depth && (next = extent_next(from, at, name)));
	return depth ? 0 : at;
}

static size_t
html_extent(struct bytes from)
{
	return from.len > 1 && *from.at == '<' ? markup_extent(from, true) : 0;
}

static size_t
xml_extent(struct bytes from)
{
	return from.len > 1 && *from.at == '<' ? markup_extent(from, false) : 0;
}

const struct decoder decoder_html = {
	.name = "html", .about = "HTML, a tag a line", .stage = STAGE_PAYLOAD, .size = sizeof(struct markup),
	.suits = html_suits, .feed = html_feed, .end = html_end, .extent = html_extent,
};
const struct decoder decoder_xml = {
	.name = "xml", .about = "XML, a tag a line", .stage = STAGE_PAYLOAD, .size = sizeof(struct markup),
	.suits = xml_suits, .feed = xml_feed, .end = xml_end, .extent = xml_extent,
};
