/* What stands between tags: text, comments and the like, and scripts. */
#include <string.h>
#include <strings.h>

#include "markup_inside.h"

enum { INLINE_MAX = 100, LOOK = 256, SCRIPT_MAX = 64 * 1024 };

/* Elements of HTML that hold no markup, but for their own end. The first two hold code. */
static const char *const raws[] = { "script", "style", "textarea", "title" };

static const struct aside { const char *begin, *end; enum role role; bool html; } asides[] = {
	{ "<!--", "-->", ROLE_FAINT, false },
	{ "<![CDATA[", "]]>", ROLE_TEXT, false },
	{ "<!", ">", ROLE_FAINT, false },	/* the only one with a subset: <!DOCTYPE a [ <!ENTITY b "c"> ]> */
	{ "<?", "?>", ROLE_FAINT, false },
	{ "</", ">", ROLE_FAINT, true },
};
enum { ASIDE_CDATA = 1, ASIDE_DECLARATION, ASIDE_INSTRUCTION };

enum found { NOT_HERE, WAIT, TAG, ASIDE };

uint8_t
markup_raw(struct bytes name)
{
	for (uint8_t i = 0; i < ARRAY_LEN(raws); i++)
		if (bytes_like(name, raws[i]))
			return i + 1;
	return 0;
}

static bool
name_begins(const struct markup *m, uint8_t c)
{
	return (c | 0x20u) - 'a' < 26 || (!m->html && (c == '_' || c == ':' || c >= 0x80));
}

/* Does s begin with `with`? `last`: no more comes. */
static enum found
begins(struct bytes s, const char *with, bool last)
{
	size_t len = strlen(with), n = s.len < len ? s.len : len;

	if (strncasecmp((const char *)s.at, with, n))
		return NOT_HERE;
	return n == len ? ASIDE : last ? NOT_HERE : WAIT;
}

/* "</script" and what may follow a name. */
static enum found
raw_ends(const struct markup *m, struct bytes s, bool last)
{
	struct bytes name = { s.at + 2, s.len - 2 };
	size_t len = strlen(raws[m->raw - 1]);
	enum found found;

	if (s.len < 3)
		return (s.len == 2 && s.at[1] != '/') || last ? NOT_HERE : WAIT;
	if (s.at[1] != '/')
		return NOT_HERE;
	found = begins(name, raws[m->raw - 1], last);
	if (found != ASIDE)
		return found;
	if (name.len == len)
		return last ? NOT_HERE : WAIT;
	return markup_space(name.at[len]) || name.at[len] == '/' || name.at[len] == '>' ? TAG : NOT_HERE;
}

/* What begins at this <. *which: of asides. */
static enum found
markup_at(const struct markup_walk *w, struct bytes s, uint8_t *which)
{
	const struct markup *m = w->m;

	if (m->raw)
		return raw_ends(m, s, w->last);
	if (s.len < 3 && !w->last)
		return WAIT;
	if (s.len > 1 && (name_begins(m, s.at[1]) || (s.len > 2 && s.at[1] == '/' && name_begins(m, s.at[2]))))
		return TAG;
	for (uint8_t i = 0; i < ARRAY_LEN(asides); i++) {
		enum found found = asides[i].html && !m->html ? NOT_HERE : begins(s, asides[i].begin, w->last);

		*which = i;
		if (found != NOT_HERE)
			return found;
	}
	return NOT_HERE;
}

static size_t
text_space(struct bytes s)
{
	size_t n = 0;

	while (n < s.len && markup_space(s.at[n]))
		n++;
	return n;
}

/* Lines of text; the one that begins last stays open. */
static void
text_put(struct markup_walk *w, enum role role, struct bytes text)
{
	const uint8_t *nl;

	while (text.len && (nl = memchr(text.at, '\n', text.len))) {
		size_t n = (size_t)(nl - text.at);

		doc_put(w->to, role, (struct bytes){ text.at, n && nl[-1] == '\r' ? n - 1 : n });
		doc_line(w->to);
		text = (struct bytes){ nl + 1, text.len - n - 1 };
	}
	doc_put(w->to, role, text);
}

/* Where the text ends; `most`: not before there. False: that cannot be told yet. */
static bool
text_ends(const struct markup_walk *w, size_t most, size_t *end)
{
	struct bytes s = w->in->rest;
	uint8_t which;

	for (*end = 0; *end < s.len && *end < most; ++*end) {
		enum found found = NOT_HERE;

		if (s.at[*end] == '<')
			found = markup_at(w, (struct bytes){ s.at + *end, s.len - *end }, &which);
		if (found != NOT_HERE)
			return found != WAIT;
	}
	return *end == most || w->last;
}

/* Short text stands on the line of its tag. False: that cannot be told yet. */
static bool
text_begin(struct markup_walk *w)
{
	struct markup *m = w->m;
	struct bytes s = w->in->rest;

	if (m->fresh) {
		size_t end, len;

		if (!text_ends(w, LOOK, &end))
			return false;
		for (len = end; len && markup_space(s.at[len - 1]); )
			len--;
		m->inlined = end < LOOK && len <= INLINE_MAX && !memchr(s.at, '\n', len);
		if (!m->inlined)
			markup_break(w);
	}
	m->leading = false;
	return true;
}

/* The markup behind the text. */
static bool
text_end(struct markup_walk *w, enum found found, uint8_t which)
{
	struct markup *m = w->m;

	if (!m->leading && !m->inlined && doc_open(w->to))
		doc_line(w->to);
	m->leading = true;
	m->inlined = false;
	m->raw = 0;
	if (found == TAG)
		return markup_tag_begin(w);
	markup_break(w);
	m->mode = MARKUP_ASIDE;
	m->aside = which + 1;
	m->subset = false;
	doc_put(w->to, ROLE_FAINT, read_bytes(w->in, strlen(asides[which].begin)));
	return true;
}

/* Space is text when text comes after it. */
static bool
text_gap(struct markup_walk *w)
{
	struct bytes s = w->in->rest;
	size_t n;

	if (s.len > LOOK)
		s.len = LOOK;
	n = text_space(s);
	if (n == s.len && n < LOOK) {
		if (w->last)
			(void)read_bytes(w->in, n);
		return false;
	}
	if (s.at[n - (n == s.len)] == '<') {
		uint8_t which;
		enum found found = markup_at(w, (struct bytes){ s.at + n, w->in->rest.len - n }, &which);

		if (found == WAIT)
			return false;
		if (found != NOT_HERE)
			return read_bytes(w->in, n).len;
	}
	text_put(w, ROLE_TEXT, read_bytes(w->in, n));
	return true;
}

bool
markup_text_step(struct markup_walk *w)
{
	struct markup *m = w->m;
	struct bytes s = w->in->rest;
	size_t n = 0;

	if (m->leading && (n = text_space(s)))
		return read_bytes(w->in, n).len;
	if (*s.at == '<') {
		uint8_t which = 0;
		enum found found = markup_at(w, s, &which);

		if (found == WAIT)
			return false;
		if (found != NOT_HERE)
			return text_end(w, found, which);
		if (!m->html)
			return markup_fail(w, "< that begins no tag");
		n = 1;
	}
	if (m->leading && !text_begin(w))
		return false;
	if (!n && markup_space(*s.at))
		return text_gap(w);
	while (n < s.len && s.at[n] != '<' && !markup_space(s.at[n]))
		n++;
	doc_put(w->to, ROLE_TEXT, read_bytes(w->in, n));
	return true;
}

/* How much of it comes before the end, which is *len long; 0 long: it is not there. */
static size_t
aside_ends(struct markup *m, struct bytes s, size_t *len)
{
	const char *end = asides[m->aside - 1].end;
	const uint8_t *at;

	if (m->html && m->aside - 1 == ASIDE_INSTRUCTION)
		end = ">";
	*len = strlen(end);
	if (m->aside - 1 == ASIDE_DECLARATION && !m->html) {
		for (size_t n = 0; n < s.len; n++) {
			m->subset = s.at[n] == '[' || (m->subset && s.at[n] != ']');
			if (s.at[n] == '>' && !m->subset)
				return n;
		}
	} else if ((at = memmem(s.at, s.len, end, *len))) {
		return (size_t)(at - s.at);
	}
	*len = 0;
	return s.len;
}

bool
markup_aside_step(struct markup_walk *w)
{
	struct markup *m = w->m;
	struct bytes s = w->in->rest;
	size_t len, n = aside_ends(m, s, &len);

	/* The end may have begun, or that of a line. */
	if (!len && !w->last)
		while (n && s.len - n < 2 && (s.at[n - 1] == '-' || s.at[n - 1] == ']' || s.at[n - 1] == '?' ||
				s.at[n - 1] == '\r'))
			n--;
	if (!len && !n)
		return false;
	text_put(w, asides[m->aside - 1].role, read_bytes(w->in, n));
	if (!len)
		return true;
	doc_put(w->to, ROLE_FAINT, read_bytes(w->in, len));
	doc_line(w->to);
	m->mode = MARKUP_TEXT;
	m->leading = true;
	return true;
}

/* Without the space around it, but for that before the first line. */
static struct bytes
script_trim(struct bytes s)
{
	size_t n = text_space(s);

	while (n && s.at[n - 1] != '\n' && s.at[n - 1] != '\r')
		n--;
	s = (struct bytes){ s.at + n, s.len - n };
	while (s.len && markup_space(s.at[s.len - 1]))
		s.len--;
	return s;
}

static void
script_show(struct markup_walk *w, struct bytes code)
{
	static const char *const as[] = { NULL, "json", "text" };
	struct markup *m = w->m;
	struct hint hint = { .side = decode_hint(w->d)->side };

	code = script_trim(code);
	hint.as = as[m->script] ? as[m->script] : m->raw == 1 ? "javascript" : "css";
	if (!code.len)
		return;
	markup_break(w);
	doc_out(w->to);
	decode_inner(w->d, &hint, code);
	doc_in(w->to);
}

/* Code up to its end tag, if that is near; else it is text, line by line. */
bool
markup_script_step(struct markup_walk *w)
{
	struct markup *m = w->m;
	struct bytes all = w->in->rest;
	size_t n = m->scanned;
	enum found found = NOT_HERE;

	for (; n < all.len && n <= SCRIPT_MAX; n++) {
		if (all.at[n] == '<')
			found = raw_ends(m, (struct bytes){ all.at + n, all.len - n }, w->last);
		if (found != NOT_HERE)
			break;
	}
	m->scanned = n;
	m->leading = true;
	if (found == NOT_HERE && n > SCRIPT_MAX) {
		m->mode = MARKUP_TEXT;
		return true;
	}
	if (found != TAG && !w->last)
		return false;
	script_show(w, read_bytes(w->in, n));
	m->mode = MARKUP_TEXT;
	m->scanned = 0;
	return true;
}
