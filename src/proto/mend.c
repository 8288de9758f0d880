/* Heads of careless peers, written as they should have been. */
#include <string.h>

#include "mend.h"

enum { SHOWN = 60, LOOKED_AT = 64 };

static void
mend_say(struct mended *m, const char *form, struct bytes name)
{
	if (*m->first.text)
		m->more++;
	else
		fault(&m->first, form, (int)(name.len < SHOWN ? name.len : SHOWN), (const char *)name.at);
}

void
mended_add(struct mended *to, const struct mended *m)
{
	if (*to->first.text)
		to->more += m->more + !!*m->first.text;
	else
		*to = *m;
}

void
mended_words(const struct mended *m, struct fault *out)
{
	if (m->more)
		fault(out, "%s, and %u more: mended", m->first.text, m->more);
	else
		fault(out, "%s: mended", m->first.text);
}

/* Which a reader that passes over what is no letter might take for one that frames or routes. */
static bool
looks_like_framing(struct bytes name)
{
	static const char *const names[] = { "contentlength", "transferencoding", "host", "connection", "te", "upgrade", "expect" };
	char letters[LOOKED_AT];
	size_t n = 0;

	for (size_t i = 0; i < name.len && n < sizeof(letters); i++)
		if ((name.at[i] | 0x20) >= 'a' && (name.at[i] | 0x20) <= 'z')
			letters[n++] = (char)name.at[i];
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (bytes_like((struct bytes){ (const uint8_t *)letters, n }, names[i]))
			return true;
	return false;
}

/* Up to its colon, or to the first white space where it has none. */
static struct bytes
name_of(struct bytes line)
{
	const uint8_t *colon = line.len ? memchr(line.at, ':', line.len) : NULL;
	size_t len = 0;

	if (colon)
		return (struct bytes){ line.at, (size_t)(colon - line.at) };
	while (len < line.len && line.at[len] != ' ' && line.at[len] != '\t')
		len++;
	return (struct bytes){ line.at, len };
}

/* Written with its control characters as spaces; true: there were some. */
static bool
put_value(struct buf *out, struct bytes value, bool *room)
{
	bool any = false;

	*room = *room && buf_add(out, value);
	for (uint8_t *c = out->at + out->len - value.len; *room && c < out->at + out->len; c++)
		if ((*c < ' ' && *c != '\t') || *c == 0x7f) {
			*c = ' ';
			any = true;
		}
	return any;
}

/* A head on its way: which field is being put together, and what may become of it. */
struct mending {
	enum head_kind kind;
	struct buf *out;
	struct mended *said;
	struct bytes length;	/* the Content-Length that was put out */
	bool any, dropped;	/* there was a field; the last one was left out */
	bool framing;		/* the last one is not to be mended */
	bool room;
};

static bool
is_length(struct bytes value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.at[i] < '0' || value.at[i] > '9')
			return false;
	return value.len;
}

/* Said again, the same: once is enough. */
static bool
says_again(struct mending *m, struct bytes name, struct bytes value)
{
	bool again = m->length.len && bytes_same(m->length, value);

	if (m->kind != HEAD_RESPONSE || !bytes_like(name, "content-length") || !is_length(value))
		return false;
	m->length = value;
	return again;
}

static void
drop(struct mending *m, const char *form, struct bytes name)
{
	m->dropped = true;
	mend_say(m->said, form, name);
}

/* A name that is one, and white space before the colon or not. */
static bool
put_named(struct mending *m, struct bytes name, struct bytes value, bool apart)
{
	if (apart && (m->framing || m->kind == HEAD_REQUEST))
		return false;
	if (says_again(m, name, value)) {
		drop(m, "%.*s is said again", name);
		return true;
	}
	if (apart)
		mend_say(m->said, "white space between %.*s and its colon (RFC 9112 section 5.1)", name);
	m->room = m->room && buf_add(m->out, name) && buf_add(m->out, LIT(": "));
	if (!put_value(m->out, value, &m->room))
		return true;
	mend_say(m->said, "field %.*s has a control character (RFC 9110 section 5.5)", name);
	return !m->framing;
}

static bool
put_field_line(struct mending *m, struct bytes line)
{
	struct bytes name = name_of(line), token = bytes_trim(name);
	bool colon = name.len < line.len && line.at[name.len] == ':';

	m->any = true;
	m->dropped = false;
	m->framing = looks_like_framing(name);
	if (colon && head_is_token(token))
		return put_named(m, token, bytes_trim(bytes_from(line, name.len + 1)), token.len != name.len);
	drop(m, colon ? "a field's name is none, and is left out (RFC 9112 section 5.1)" :
		"a line has no colon, and is left out (RFC 9112 section 5)", name);
	return !m->framing;
}

/* It goes on the line of the one before it. */
static bool
put_folded(struct mending *m, struct bytes line)
{
	struct bytes more = bytes_trim(line);

	if (!m->any || m->framing || looks_like_framing(name_of(more)))
		return false;
	if (m->dropped)
		return true;
	m->out->len -= 2;	/* the end of that line */
	m->room = m->room && buf_add(m->out, LIT(" "));
	(void)put_value(m->out, more, &m->room);
	mend_say(m->said, "a field is folded over lines (RFC 9112 section 5.2)", more);
	return true;
}

/* Without its end. False: there is no more, or one that none may read. */
static bool
line_take(struct bytes *rest, struct bytes *line, struct mended *m)
{
	const uint8_t *lf = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;

	if (!lf)
		return false;
	*line = (struct bytes){ rest->at, (size_t)(lf - rest->at) };
	*rest = bytes_from(*rest, line->len + 1);
	if (line->len && lf[-1] == '\r')
		line->len--;
	else
		mend_say(m, "a line ends without CR (RFC 9112 section 2.2)", *line);
	return !line->len || (!memchr(line->at, '\r', line->len) && !memchr(line->at, '\0', line->len));
}

bool
mend_head(struct bytes text, enum head_kind kind, struct buf *out, struct mended *said)
{
	struct mending m = { .kind = kind, .out = out, .said = said, .room = true };
	struct bytes line;
	bool start = kind != HEAD_FIELDS, ok = true;

	*said = (struct mended){ 0 };
	while (ok && line_take(&text, &line, said)) {
		if (!line.len)
			return buf_add(out, LIT("\r\n")) && m.room && !text.len && *said->first.text;
		if (start)
			m.room = buf_add(out, line);
		else
			ok = *line.at == ' ' || *line.at == '\t' ? put_folded(&m, line) : put_field_line(&m, line);
		if (!m.dropped)
			m.room = m.room && buf_add(out, LIT("\r\n"));
		start = false;
	}
	return false;
}

/* What is said between neighbours on HTTP/1; its framing is not among it. */
static bool
is_neighbours(struct bytes name, struct bytes value)
{
	return bytes_are(name, "connection") || bytes_are(name, "keep-alive") || bytes_are(name, "proxy-connection") ||
		bytes_are(name, "upgrade") || (bytes_are(name, "te") && !bytes_like(value, "trailers"));
}

static bool
put_small(struct buf *room, struct bytes name)
{
	bool any = false;

	if (!buf_add(room, name))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (room->at[i] >= 'A' && room->at[i] <= 'Z') {
			room->at[i] |= 0x20;
			any = true;
		}
	return any;
}

static bool
left_out(struct field *out, const char *form, struct bytes name, struct mended *m)
{
	*out = (struct field){ { 0 } };
	mend_say(m, form, name);
	return true;
}

bool
mend_field(struct field f, struct buf *room, struct field *out, struct mended *m)
{
	struct bytes value = bytes_trim(f.value), name;
	bool fits = true;

	buf_eat(room, room->len);
	if (!head_is_token(f.name))
		return !looks_like_framing(f.name) && left_out(out, "a field's name is none, and is left out (RFC 9113 section 8.2.1)", f.name, m);
	if (value.len && (memchr(value.at, '\r', value.len) || memchr(value.at, '\n', value.len) || memchr(value.at, '\0', value.len)))
		return false;
	if (put_small(room, f.name))
		mend_say(m, "the name %.*s has an upper-case letter (RFC 9113 section 8.2.1)", f.name);
	if (room->len != f.name.len)
		return false;
	if (value.len != f.value.len)
		mend_say(m, "the value of %.*s has white space around it (RFC 9113 section 8.2.1)", f.name);
	if (put_value(room, value, &fits))
		mend_say(m, "field %.*s has a control character (RFC 9110 section 5.5)", f.name);
	name = (struct bytes){ room->at, f.name.len };
	*out = (struct field){ name, { room->at + name.len, value.len } };
	if (is_neighbours(name, value))
		return left_out(out, "the field %.*s is left out (RFC 9113 section 8.2.2)", f.name, m);
	return fits;
}
