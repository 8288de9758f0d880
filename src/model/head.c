/* Heads: one block of text and where its fields lie; read, searched, made anew. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "soth/buf.h"
#include "soth/head.h"

enum { HEAD_TEXT_MAX = 16 << 20 };	/* of a head that is made, not read */

/* Offsets and lengths in the text; 32 bits do: see HEAD_TEXT_MAX. */
struct span32 { uint32_t at, len; };
struct field32 { struct span32 name, value; };

/*
 *	+------+----------------+---------------+
 *	| head | field32 * room | text          |
 *	+------+----------------+---------------+
 */
struct head {
	atomic_uint refs;
	enum head_kind kind;
	enum http_version version;
	unsigned status;
	struct span32 method, target, reason;
	size_t count;
	struct bytes text;
	struct field32 field[];
};

static const char *const version_texts[] = { "HTTP/1.0", "HTTP/1.1", "HTTP/2" };

/* token, RFC 9110 section 5.6.2: a bit for each such byte */
static const uint64_t token_bytes[4] = { 0x03ff6cfa00000000u, 0x57ffffffc7fffffeu };

bool
head_token_has(uint8_t c)
{
	return token_bytes[c >> 6] >> (c & 63) & 1;
}

bool
head_is_token(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (!head_token_has(b.at[i]))
			return false;
	return b.len > 0;
}

/* Eight bytes at once: none below 0x20 and none 0x7f. May be wrong about a
 * byte that stands after such a one, never about there being one. */
static bool
no_control(uint64_t eight)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	uint64_t del = eight ^ ones * 0x7f;

	return !((((eight - ones * 0x20) & ~eight) | ((del - ones) & ~del)) & high);
}

/* field-value, RFC 9110 section 5.5: no control but HTAB */
static bool
all_value(struct bytes b)
{
	uint64_t eight;

	for (; b.len >= sizeof(eight); b.at += sizeof(eight), b.len -= sizeof(eight)) {
		memcpy(&eight, b.at, sizeof(eight));
		if (!no_control(eight))
			break;
	}
	for (size_t i = 0; i < b.len; i++)
		if ((b.at[i] < 0x20 && b.at[i] != '\t') || b.at[i] == 0x7f)
			return false;
	return true;
}

static struct bytes
at(const struct head *h, struct span32 s)
{
	return (struct bytes){ h->text.at + s.at, s.len };
}

static struct span32
span(const struct head *h, struct bytes b)
{
	return (struct span32){ b.len ? (uint32_t)(b.at - h->text.at) : 0, (uint32_t)b.len };
}

static bool
version_read(struct bytes text, enum http_version *version)
{
	for (unsigned i = 0; i < ARRAY_LEN(version_texts); i++) {
		*version = (enum http_version)i;
		if (bytes_are(text, version_texts[i]))
			return true;
	}
	return false;
}

/* Up to the next space, which is eaten; all of it where there is none. */
static struct bytes
word(struct bytes *rest)
{
	const uint8_t *sp = rest->len ? memchr(rest->at, ' ', rest->len) : NULL;
	struct bytes w = { rest->at, sp ? (size_t)(sp - rest->at) : rest->len };
	size_t used = w.len + (sp ? 1 : 0);

	*rest = (struct bytes){ rest->at + used, rest->len - used };
	return w;
}

static bool
request_line(struct head *h, struct bytes line, struct fault *why)
{
	struct bytes method = word(&line), target = word(&line);

	if (!head_is_token(method))
		return fault(why, "the request line does not begin with a method (RFC 9112 section 3.1)");
	if (!target.len || !all_value(target) || memchr(target.at, '\t', target.len))
		return fault(why, "the request line has no valid target (RFC 9112 section 3.2)");
	if (!version_read(line, &h->version))
		return fault(why, "the request line does not end with HTTP/1.0 or HTTP/1.1 (RFC 9112 section 2.3)");
	h->method = span(h, method);
	h->target = span(h, target);
	return true;
}

static bool
status_line(struct head *h, struct bytes line, struct fault *why)
{
	struct bytes version = word(&line), status = word(&line);

	if (!version_read(version, &h->version))
		return fault(why, "the status line does not begin with HTTP/1.0 or HTTP/1.1 (RFC 9112 section 4)");
	if (status.len != 3)
		return fault(why, "the status is not three digits (RFC 9110 section 15)");
	for (size_t i = 0; i < 3; i++) {
		if (status.at[i] < '0' || status.at[i] > '9')
			return fault(why, "the status is not three digits (RFC 9110 section 15)");
		h->status = h->status * 10 + status.at[i] - '0';
	}
	if (h->status < 100)
		return fault(why, "the status is below 100 (RFC 9110 section 15)");
	if (!all_value(line))
		return fault(why, "the reason phrase has a control character (RFC 9112 section 4)");
	h->reason = span(h, line);
	return true;
}

static bool
field_line(struct head *h, struct bytes line, struct fault *why)
{
	const uint8_t *colon = memchr(line.at, ':', line.len);
	struct bytes name = { line.at, colon ? (size_t)(colon - line.at) : 0 }, value;

	if (*line.at == ' ' || *line.at == '\t')
		return fault(why, "field %zu is folded over lines (RFC 9112 section 5.2)", h->count);
	if (!colon)
		return fault(why, "field %zu has no colon (RFC 9112 section 5)", h->count + 1);
	if (!head_is_token(name))
		return fault(why, "field %zu has no valid name (RFC 9112 section 5.1)", h->count + 1);
	value = bytes_trim((struct bytes){ colon + 1, line.len - name.len - 1 });
	if (!all_value(value))
		return fault(why, "field %.*s has a control character (RFC 9110 section 5.5)",
			(int)(name.len < 80 ? name.len : 80), (const char *)name.at);
	h->field[h->count++] = (struct field32){ span(h, name), span(h, value) };
	return true;
}

/* The next line without its CRLF. */
static bool
line_next(struct bytes *rest, struct bytes *line, struct fault *why)
{
	const uint8_t *lf = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;

	if (!lf)
		return fault(why, "the head is not whole");
	*line = (struct bytes){ rest->at, (size_t)(lf - rest->at) };
	*rest = (struct bytes){ lf + 1, rest->len - line->len - 1 };
	if (!line->len || lf[-1] != '\r')
		return fault(why, "a line ends without CR (RFC 9112 section 2.2)");
	line->len--;
	return true;
}

static size_t
lines_in(struct bytes text)
{
	size_t lines = 0;
	const uint8_t *p = text.at, *end = text.at + text.len;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
		lines++;
		p++;
	}
	return lines;
}

static bool
head_read(struct head *h, struct fault *why)
{
	struct bytes rest = h->text, line;

	if (h->kind != HEAD_FIELDS && (!line_next(&rest, &line, why) ||
			!(h->kind == HEAD_REQUEST ? request_line : status_line)(h, line, why)))
		return false;
	for (;;) {
		if (!line_next(&rest, &line, why))
			return false;
		if (!line.len)
			break;
		if (!field_line(h, line, why))
			return false;
	}
	return !rest.len || fault(why, "something follows the empty line");
}

struct head *
head_parse(struct bytes text, enum head_kind kind, struct fault *why)
{
	size_t room = lines_in(text) * sizeof(struct field32);
	struct head *h;

	if (text.len > HEAD_TEXT_MAX) {
		fault(why, "the head is larger than %u bytes", HEAD_TEXT_MAX);
		return NULL;
	}
	h = xgrow(NULL, 1, sizeof(*h) + room + text.len);
	*h = (struct head){ .kind = kind, .version = HTTP_1_1 };
	atomic_init(&h->refs, 1);
	h->text = (struct bytes){ (uint8_t *)h + sizeof(*h) + room, text.len };
	if (text.len)
		memcpy((uint8_t *)h + sizeof(*h) + room, text.at, text.len);
	if (head_read(h, why))
		return h;
	free(h);
	return NULL;
}

struct head *
head_ref(struct head *h)
{
	atomic_fetch_add_explicit(&h->refs, 1, memory_order_relaxed);
	return h;
}

void
head_drop(struct head *h)
{
	if (h && atomic_fetch_sub_explicit(&h->refs, 1, memory_order_acq_rel) == 1)
		free(h);
}

struct bytes head_text(const struct head *h) { return h->text; }
enum head_kind head_kind(const struct head *h) { return h->kind; }
enum http_version head_version(const struct head *h) { return h->version; }
struct bytes head_method(const struct head *h) { return at(h, h->method); }
struct bytes head_target(const struct head *h) { return at(h, h->target); }
unsigned head_status(const struct head *h) { return h->status; }
struct bytes head_reason(const struct head *h) { return at(h, h->reason); }
size_t head_count(const struct head *h) { return h->count; }

struct field
head_field(const struct head *h, size_t i)
{
	return (struct field){ at(h, h->field[i].name), at(h, h->field[i].value) };
}

/* The index of the first such field from i on; count: none. */
static size_t
head_index(const struct head *h, const char *name, size_t i)
{
	size_t len = strlen(name);

	for (; i < h->count; i++) {
		struct span32 n = h->field[i].name;

		if (n.len == len && !strncasecmp((const char *)h->text.at + n.at, name, len))
			break;
	}
	return i;
}

bool
head_has(const struct head *h, const char *name)
{
	return head_index(h, name, 0) < h->count;
}

struct bytes
head_find(const struct head *h, const char *name)
{
	size_t i = head_index(h, name, 0);

	return i < h->count ? at(h, h->field[i].value) : (struct bytes){ 0 };
}

static bool
list_has(struct bytes list, const char *member)
{
	while (list.len) {
		const uint8_t *comma = memchr(list.at, ',', list.len);
		size_t len = comma ? (size_t)(comma - list.at) : list.len;

		if (bytes_like(bytes_trim((struct bytes){ list.at, len }), member))
			return true;
		len += comma ? 1 : 0;
		list = (struct bytes){ list.at + len, list.len - len };
	}
	return false;
}

bool
head_lists(const struct head *h, const char *name, const char *member)
{
	for (size_t i = head_index(h, name, 0); i < h->count; i = head_index(h, name, i + 1))
		if (list_has(at(h, h->field[i].value), member))
			return true;
	return false;
}
