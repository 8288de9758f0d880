/* The head and the trailers as lines that a person edits, and back. */
#include <stdlib.h>
#include <string.h>

#include "edit_inside.h"

enum { LINES_MAX = 16 << 20 };

static const char trailers_line[] = "#! trailers";

/* Without the empty line at its end. */
static bool
lines_put(struct bytes text, struct buf *out)
{
	while (text.len > 2) {
		const uint8_t *end = memmem(text.at, text.len, "\r\n", 2);
		struct bytes line = { text.at, end ? (size_t)(end - text.at) : text.len };

		if (!buf_add(out, line) || !buf_add(out, LIT("\n")))
			return false;
		text = behind(text, line.len + 2);
	}
	return true;
}

bool
headlines_put(const struct head *head, const struct head *trailers, struct buf *out)
{
	if (!lines_put(head_text(head), out))
		return false;
	if (trailers && !(buf_add(out, bytes_of(trailers_line)) && buf_add(out, LIT("\n")) &&
			lines_put(head_text(trailers), out)))
		return false;
	return buf_add(out, LIT("\n"));
}

static const uint8_t *
token_end(struct bytes line)
{
	const uint8_t *p = line.at, *end = line.at + line.len;

	while (p < end && head_token_has(*p))
		p++;
	return p;
}

/* NULL: there is none but HTAB. */
static const uint8_t *
control_in(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if ((b.at[i] < 0x20 && b.at[i] != '\t') || b.at[i] == 0x7f)
			return b.at + i;
	return NULL;
}

static bool
no_control(struct bytes b, struct spot *why)
{
	const uint8_t *bad = control_in(b);

	return !bad || spot_fault(why, bad, "a control character, 0x%02x: none may stand here", *bad);
}

static bool
version_ok(struct bytes v, const uint8_t *at, struct spot *why)
{
	return bytes_are(v, "HTTP/1.1") || bytes_are(v, "HTTP/1.0") || bytes_are(v, "HTTP/2") ||
		spot_fault(why, at, "HTTP/1.1, HTTP/1.0 or HTTP/2 expected");
}

/* Up to the next space. */
static struct bytes
word_of(struct bytes line)
{
	const uint8_t *space = line.len ? memchr(line.at, ' ', line.len) : NULL;

	return (struct bytes){ line.at, space ? (size_t)(space - line.at) : line.len };
}

static bool
request_line(struct bytes line, struct spot *why)
{
	const uint8_t *end = token_end(line);
	struct bytes rest = behind(line, (size_t)(end - line.at) + 1), target = word_of(rest);

	if (end == line.at)
		return spot_fault(why, end, "a request line expected: GET /path HTTP/1.1");
	if (end == line.at + line.len || *end != ' ')
		return spot_fault(why, end, "a space after the method expected; a method holds no such character");
	if (!target.len)
		return spot_fault(why, end + 1, "a target after the method expected, and one space before it");
	if (memchr(target.at, '\t', target.len))
		return spot_fault(why, memchr(target.at, '\t', target.len), "a target without blanks expected");
	if (!no_control(target, why))
		return false;
	rest = behind(rest, target.len + 1);
	return version_ok(rest, target.at + target.len, why);
}

static bool
status_line(struct bytes line, struct spot *why)
{
	struct bytes version = word_of(line), rest = behind(line, version.len + 1), status = word_of(rest);
	const uint8_t *at = version.at + version.len + (version.len < line.len);

	if (!version_ok(version, line.at, why))
		return false;
	for (size_t i = 0; i < status.len; i++)
		if (status.at[i] < '0' || status.at[i] > '9')
			return spot_fault(why, status.at + i, "a status of three digits expected");
	if (status.len != 3 || *status.at == '0')
		return spot_fault(why, at, "a status from 100 to 999 expected");
	return no_control(behind(rest, 4), why);
}

static bool
field_line(struct bytes line, struct spot *why)
{
	const uint8_t *end = token_end(line);
	bool colon = memchr(line.at, ':', line.len);

	if (*line.at == ' ' || *line.at == '\t')
		return spot_fault(why, line.at, "a field stands on one line: a name expected, not a blank");
	if (!colon)
		return spot_fault(why, end, "a colon after the name of a field expected; an empty line ends the head");
	if (end == line.at || *end != ':')
		return spot_fault(why, end, "the name of a field expected, and a colon right after it");
	return no_control(behind(line, (size_t)(end - line.at) + 1), why);
}

struct headlines {
	enum head_kind kind;
	struct buf text[2];		/* of the head, and of the trailers */
	bool begun, trailers;
};

static bool
is_note(struct bytes line)
{
	return bytes_are(line, "#!") || (line.len > 2 && !memcmp(line.at, "#! ", 3));
}

static bool
headlines_add(struct headlines *h, struct bytes line, struct spot *why)
{
	bool start = !h->begun && h->kind != HEAD_FIELDS;

	if (start ? !(h->kind == HEAD_REQUEST ? request_line : status_line)(line, why) : !field_line(line, why))
		return false;
	h->begun = true;
	return (buf_add(&h->text[h->trailers], line) && buf_add(&h->text[h->trailers], LIT("\r\n"))) ||
		spot_fault(why, line.at, "the head is too large");
}

static bool
headlines_lines(struct headlines *h, struct bytes *rest, bool notes, struct spot *why)
{
	while (rest->len) {
		struct bytes line = bytes_line(rest);

		if (!line.len && (h->begun || h->kind == HEAD_FIELDS))
			return true;
		if (!line.len)
			return spot_fault(why, line.at, "the start line expected: %s",
				h->kind == HEAD_REQUEST ? "GET /path HTTP/1.1" : "HTTP/1.1 200 OK");
		if (h->begun && bytes_are(bytes_trim(line), trailers_line)) {
			h->trailers = true;
			continue;
		}
		if (is_note(line) && (h->begun || notes))
			continue;
		if (!headlines_add(h, line, why))
			return false;
	}
	return h->begun || spot_fault(why, rest->at, "the start line expected: the head is empty");
}

static struct head *
headlines_make(struct buf *text, enum head_kind kind, const uint8_t *at, struct spot *why)
{
	struct head *made;
	struct fault wrong;

	if (!buf_add(text, LIT("\r\n"))) {
		spot_fault(why, at, "the head is too large");
		return NULL;
	}
	made = head_parse(buf_bytes(text), kind, &wrong);
	if (!made)
		spot_fault(why, at, "%s", wrong.text);
	return made;
}

/* A body alone: what may stand before it are lines about it, and an empty one. */
static void
notes_skip(struct bytes *rest)
{
	struct bytes ahead = *rest, line = { 0 };

	if (!ahead.len || !is_note(bytes_line(&ahead)))
		return;
	ahead = *rest;
	while (ahead.len && is_note(line = bytes_line(&ahead)))
		;
	if (!line.len)
		*rest = ahead;
}

bool
headlines_read(struct bytes *rest, enum head_kind kind, bool notes, struct head **head, struct head **trailers,
	struct spot *why)
{
	struct headlines h = { .kind = kind };
	const uint8_t *at = rest->at;
	bool ok;

	*head = *trailers = NULL;
	if (kind == HEAD_FIELDS) {
		if (notes)
			notes_skip(rest);
		return true;
	}
	buf_init(&h.text[0], LINES_MAX);
	buf_init(&h.text[1], LINES_MAX);
	ok = headlines_lines(&h, rest, notes, why) && (*head = headlines_make(&h.text[0], kind, at, why)) &&
		(!h.trailers || (*trailers = headlines_make(&h.text[1], HEAD_FIELDS, at, why)));
	if (!ok) {
		head_drop(*head);
		*head = NULL;
	}
	buf_release(&h.text[0]);
	buf_release(&h.text[1]);
	return ok;
}

const uint8_t *
headlines_find(struct bytes text, const char *name)
{
	size_t len = strlen(name);
	const uint8_t *found = NULL;

	while (text.len) {
		struct bytes line = bytes_line(&text);

		if (!line.len)
			break;
		if (line.len > len && line.at[len] == ':' && bytes_like((struct bytes){ line.at, len }, name))
			found = line.at;
	}
	return found;
}
