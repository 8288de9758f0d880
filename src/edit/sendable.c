/* What must be so that a message can be sent: lengths that follow the body, and fields that must or may not be there. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "edit_inside.h"

enum { HEAD_MAX = 16 << 20, DIGITS_MAX = 18 };

void
result_say(struct edit_result *r, const char *fmt, ...)
{
	va_list ap;

	if (r->saids == EDIT_SAID_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(r->said[r->saids++], EDIT_WORDS_MAX, fmt, ap);
	va_end(ap);
}

struct bytes
joined(const struct head *h, const char *name, struct buf *scratch)
{
	buf_eat(scratch, scratch->len);
	for (size_t i = 0; h && i < head_count(h); i++) {
		struct field f = head_field(h, i);

		if (bytes_like(f.name, name) &&
				!((!scratch->len || buf_add(scratch, LIT(", "))) && buf_add(scratch, f.value)))
			break;
	}
	return buf_bytes(scratch);
}

static size_t
count_of(const struct head *h, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; h && i < head_count(h); i++)
		n += bytes_like(head_field(h, i).name, name);
	return n;
}

/* The head with other bytes in place of a value of its own; all else stays as it is written. */
static struct head *
head_with(const struct head *h, struct bytes value, const char *now)
{
	struct bytes text = head_text(h);
	size_t before = (size_t)(value.at - text.at);
	struct head *made = NULL;
	struct fault wrong;
	struct buf b;

	buf_init(&b, HEAD_MAX);
	if (buf_add(&b, (struct bytes){ text.at, before }) && buf_add(&b, bytes_of(now)) &&
			buf_add(&b, behind(text, before + value.len)))
		made = head_parse(buf_bytes(&b), head_kind(h), &wrong);
	buf_release(&b);
	return made;
}

/* Another field behind the last one. */
static struct head *
head_and(const struct head *h, const char *line)
{
	struct bytes text = head_text(h);
	struct head *made = NULL;
	struct fault wrong;
	struct buf b;

	buf_init(&b, HEAD_MAX);
	if (buf_add(&b, (struct bytes){ text.at, text.len - 2 }) && buf_add(&b, bytes_of(line)) && buf_add(&b, LIT("\r\n\r\n")))
		made = head_parse(buf_bytes(&b), head_kind(h), &wrong);
	buf_release(&b);
	return made;
}

static void
result_head(struct edit_result *r, struct head *made)
{
	if (!made)
		return;
	head_drop(r->head);
	r->head = made;
	r->head_changed = true;
}

static bool
number_of(struct bytes v, uint64_t *n)
{
	*n = 0;
	for (size_t i = 0; i < v.len; i++) {
		if (v.at[i] < '0' || v.at[i] > '9' || i == DIGITS_MAX)
			return false;
		*n = *n * 10 + v.at[i] - '0';
	}
	return v.len;
}

/* As it was; but that is no number, or not the length of the body. */
static void
length_follow(struct edit_result *r)
{
	char now[24];

	snprintf(now, sizeof(now), "%zu", r->body.bytes.len);
	for (size_t i = 0; i < head_count(r->head); i++) {
		struct field f = head_field(r->head, i);

		if (!bytes_like(f.name, "content-length") || bytes_are(f.value, now))
			continue;
		result_say(r, "content-length: %.*s -> %s", (int)(f.value.len < 24 ? f.value.len : 24),
			(const char *)f.value.at, now);
		/* An empty value lies nowhere in the text: it is left, and read as wrong by who receives it. */
		if (f.value.len)
			result_head(r, head_with(r->head, f.value, now));
	}
}

static bool
length_typed(const struct edit_message *was, const struct edit_result *r, struct bytes length)
{
	return !was->head || count_of(was->head, "content-length") != count_of(r->head, "content-length") ||
		!bytes_same(head_find(was->head, "content-length"), length);
}

static bool
length_settle(const struct edit_message *was, struct bytes text, struct edit_result *r, struct spot *why)
{
	struct bytes length = head_find(r->head, "content-length");
	bool typed = length_typed(was, r, length);
	uint64_t n;

	if (!typed && !r->body_changed)
		return true;
	if (!typed) {
		length_follow(r);
		return true;
	}
	if (!number_of(length, &n) || n != r->body.bytes.len)
		return spot_fault(why, headlines_find(text, "content-length"),
			"content-length: %.*s contradicts the body of %zu bytes; raw mode sends it so",
			(int)(length.len < 24 ? length.len : 24), (const char *)length.at, r->body.bytes.len);
	return count_of(r->head, "content-length") == 1 || spot_fault(why, headlines_find(text, "content-length"),
		"content-length: one expected; raw mode sends more");
}

/* To a body of HTTP/1 that nothing announces now. */
static void
length_add(const struct edit_message *was, struct edit_result *r)
{
	char line[48];

	if (!r->body.bytes.len || (!r->body_changed && !head_has(was->head, "content-length")) ||
			head_kind(r->head) != HEAD_REQUEST || head_version(r->head) == HTTP_2 ||
			head_has(r->head, "transfer-encoding"))
		return;
	snprintf(line, sizeof(line), "Content-Length: %zu", r->body.bytes.len);
	result_head(r, head_and(r->head, line));
	result_say(r, "content-length: %zu added", r->body.bytes.len);
}

static bool
lengths_settle(const struct edit_message *was, struct bytes text, struct edit_result *r, struct spot *why)
{
	bool both = head_has(r->head, "content-length") && head_has(r->head, "transfer-encoding");

	if (both && !(head_has(was->head, "content-length") && head_has(was->head, "transfer-encoding")))
		return spot_fault(why, headlines_find(text, "content-length"),
			"content-length beside transfer-encoding: one of them expected; raw mode sends both");
	if (!head_has(r->head, "content-length")) {
		length_add(was, r);
		return true;
	}
	return length_settle(was, text, r, why);
}

static bool
host_ok(const struct edit_message *was, struct bytes text, const struct edit_result *r, struct spot *why)
{
	size_t now = count_of(r->head, "host");

	if (head_kind(r->head) != HEAD_REQUEST || now == 1 || now == count_of(was->head, "host") ||
			(!now && head_version(r->head) == HTTP_1_0))
		return true;
	if (now)
		return spot_fault(why, headlines_find(text, "host"), "host: one expected; raw mode sends more");
	return spot_fault(why, text.at, "a host field expected (RFC 9112 section 3.2); raw mode sends it without");
}

/* RFC 9113 section 8.2.2. */
static bool
version_ok(const struct edit_message *was, struct bytes text, const struct edit_result *r, struct spot *why)
{
	static const char *const never[] = { "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" };

	if ((head_version(r->head) == HTTP_2) != (head_version(was->head) == HTTP_2))
		return spot_fault(why, text.at, "the version is the connection's: %s expected",
			head_version(was->head) == HTTP_2 ? "HTTP/2" : "HTTP/1.1");
	for (size_t i = 0; head_version(r->head) == HTTP_2 && i < ARRAY_LEN(never); i++)
		if (head_has(r->head, never[i]) && !head_has(was->head, never[i]))
			return spot_fault(why, headlines_find(text, never[i]), "%s: no such field in HTTP/2 expected; raw mode sends it", never[i]);
	return true;
}

static bool
has_no_body(const struct head *h)
{
	unsigned status = head_status(h);

	return head_kind(h) == HEAD_RESPONSE && (status < 200 || status == 204 || status == 304);
}

static bool
body_ok(const struct edit_message *was, struct bytes text, const struct edit_result *r, struct spot *why)
{
	if (was->to_head && r->body.bytes.len && r->body_changed)
		return spot_fault(why, text.at, "no body expected: the answer to a HEAD has none");
	if (!has_no_body(r->head) || !r->body.bytes.len || (has_no_body(was->head) && !r->body_changed))
		return true;
	return spot_fault(why, text.at, "no body expected: a response of status %u has none", head_status(r->head));
}

bool
sendable(const struct edit_message *was, struct bytes text, struct edit_result *r, struct spot *why)
{
	if (!r->head)
		return true;
	return version_ok(was, text, r, why) && host_ok(was, text, r, why) && body_ok(was, text, r, why) &&
		lengths_settle(was, text, r, why);
}
