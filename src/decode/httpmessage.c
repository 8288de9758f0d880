/*
 * HTTP messages as bodies: message/http, application/http and the parts of a
 * batch. RFC 9112 sections 2 to 6, 10.
 *
 *	GET /path HTTP/1.1		or	HTTP/1.1 200 OK
 *	name: value
 *	(an empty line)
 *	body
 */
#include <string.h>

#include "soth/decode.h"
#include "type.h"

struct message {
	struct hint inner;
	uint64_t length;	/* of the body; UINT64_MAX: it goes to the end */
};

static int
http_suits(const struct hint *h, struct bytes first)
{
	(void)first;
	return type_is(h->type, "message/http") || type_is(h->type, "application/http") ? 90 : 0;
}

/* Up to the next space, which is skipped. */
static struct bytes
word_take(struct bytes *line)
{
	const uint8_t *space = line->len ? memchr(line->at, ' ', line->len) : NULL;
	struct bytes word = { line->at, space ? (size_t)(space - line->at) : line->len };
	size_t used = word.len + (space != NULL);

	*line = (struct bytes){ line->at + used, line->len - used };
	return word;
}

static bool
is_version(struct bytes word)
{
	return word.len > 5 && !memcmp(word.at, "HTTP/", 5);
}

static enum role
status_role(struct bytes status)
{
	static const enum role roles[] = { ROLE_NUMBER, ROLE_NUMBER, ROLE_GOOD, ROLE_NUMBER, ROLE_WARN, ROLE_BAD };
	unsigned class = status.len == 3 ? status.at[0] - (unsigned)'0' : 0;

	return class < ARRAY_LEN(roles) ? roles[class] : ROLE_NUMBER;
}

static void
put_words(struct doc *to, const struct span words[3])
{
	for (size_t i = 0; i < 3; i++) {
		if (i && words[i].text.len)
			doc_put(to, ROLE_MARK, LIT(" "));
		doc_put(to, words[i].role, words[i].text);
	}
	doc_line(to);
}

/* False: it is neither a request line nor a status line. */
static bool
start_line(struct decode *d, struct message *m, struct bytes line)
{
	struct bytes all = line, first = word_take(&line), second = word_take(&line);

	if (is_version(first)) {
		decode_mark(d, all);
		put_words(decode_doc(d), (struct span[3]){ { ROLE_FAINT, first }, { status_role(second), second },
			{ ROLE_TEXT, line } });
		return true;
	}
	if (!first.len || !second.len || !is_version(line))
		return false;
	m->inner.path = second;
	decode_mark(d, all);
	put_words(decode_doc(d), (struct span[3]){ { ROLE_METHOD, first }, { ROLE_PATH, second }, { ROLE_FAINT, line } });
	return true;
}

static void
field_matters(struct message *m, struct bytes name, struct bytes value)
{
	uint64_t length = 0;

	if (bytes_like(name, "content-type"))
		m->inner.type = value;
	if (bytes_like(name, "content-encoding"))
		m->inner.coding = value;
	if (!bytes_like(name, "content-length") || !value.len)
		return;
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] < '0' || value.at[i] > '9' || length > (UINT64_MAX - 9) / 10)
			return;
		length = length * 10 + value.at[i] - (unsigned)'0';
	}
	m->length = length;
}

static void
field_show(struct decode *d, struct message *m, struct bytes line)
{
	struct doc *to = decode_doc(d);
	const uint8_t *colon = memchr(line.at, ':', line.len);
	struct bytes name = { line.at, colon ? (size_t)(colon - line.at) : 0 }, value = line;

	if (colon)
		value = bytes_trim((struct bytes){ colon + 1, line.len - name.len - 1 });
	field_matters(m, name, value);
	decode_mark(d, value);
	doc_put(to, ROLE_KEY, name);
	doc_put(to, ROLE_MARK, colon ? LIT(": ") : LIT(""));
	doc_put(to, ROLE_STRING, value);
	doc_hang_behind(to, name);
	doc_line(to);
}

/* Fields up to the empty line; false: it never comes. */
static bool
fields_show(struct decode *d, struct message *m, struct reader *in)
{
	for (;;) {
		struct bytes line = read_line(in);

		if (in->ran_out)
			line = in->rest;
		if (line.len)
			field_show(d, m, line);
		if (in->ran_out || !line.len)
			return !in->ran_out;
	}
}

/* False: it cannot go on. */
static bool
message_show(struct decode *d, struct reader *in)
{
	struct message m = { { .side = decode_hint(d)->side }, UINT64_MAX };
	struct reader ahead = *in;
	struct bytes line = read_line(&ahead);

	if (ahead.ran_out)
		line = ahead.rest;
	if (!start_line(d, &m, line)) {
		decode_fail(d, "neither a request line nor a status line");
		return false;
	}
	if (ahead.ran_out || !fields_show(d, &m, &ahead)) {
		in->rest.len = 0;
		decode_fail(d, "cut off: no empty line ends its fields");
		return false;
	}
	*in = ahead;
	if (m.length == UINT64_MAX)
		m.length = in->rest.len;
	decode_inner(d, &m.inner, (struct bytes){ in->rest.at, m.length < in->rest.len ? (size_t)m.length : in->rest.len });
	if (m.length > in->rest.len) {
		decode_fail(d, "cut off: %llu bytes of its body are missing", (unsigned long long)(m.length - in->rest.len));
		m.length = in->rest.len;
	}
	(void)read_bytes(in, m.length);
	return true;
}

/* Lines before a message, and after the last, may be empty. */
static void
http_end(void *st, struct reader *in, struct decode *d)
{
	unsigned count = 0;

	(void)st;
	for (;;) {
		while (in->rest.len && (*in->rest.at == '\r' || *in->rest.at == '\n'))
			(void)read_u8(in);
		if (!in->rest.len || !message_show(d, in))
			break;
		count++;
	}
	if (count > 1)
		decode_words(d, "%u messages", count);
}

const struct decoder decoder_http = {
	.name = "http", .about = "HTTP/1 messages, as of a batch", .stage = STAGE_ENVELOPE,
	.suits = http_suits, .end = http_end,
};
