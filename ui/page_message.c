/* A request or a response: its head, and its body as a decoder shows it. */
#include <stdio.h>
#include <string.h>

#include "page.h"
#include "soth/buf.h"
#include "words.h"

void
page_decoded(const struct desk *desk, const struct hint *hint, struct bytes body, struct doc *to)
{
	struct report report[DECODE_STEPS_MAX];
	char chain[400];
	struct doc *shown;
	struct decode *d;

	if (!body.len)
		return;
	/* The line above the body says what the decoding came to. */
	shown = doc_new(body.len * 2 + (1 << 20));
	d = decode_new(desk->decoders, NULL, hint, shown);
	decode_feed(d, body);
	decode_end(d);
	report_words(report, decode_reports(d, report, ARRAY_LEN(report)), chain, sizeof(chain));
	doc_putf(to, ROLE_FAINT, "%s", chain);
	doc_line(to);
	decode_free(d);
	doc_append(to, shown);
	doc_free(shown);
}

enum { FIELDS_MAX = 1 << 20 };

static void
message_start(const struct head *h, struct doc *to)
{
	static const char *const version[] = { "HTTP/1.0", "HTTP/1.1", "HTTP/2" };
	static const enum role roles[] = { ROLE_FAINT, ROLE_WORD, ROLE_GOOD, ROLE_WORD, ROLE_WARN, ROLE_BAD };
	unsigned status = head_status(h);

	if (head_kind(h) == HEAD_REQUEST) {
		doc_put(to, ROLE_METHOD, head_method(h));
		doc_put(to, ROLE_TEXT, LIT(" "));
		doc_put(to, ROLE_PATH, head_target(h));
		doc_putf(to, ROLE_FAINT, " %s", version[head_version(h)]);
	} else {
		doc_putf(to, ROLE_FAINT, "%s ", version[head_version(h)]);
		doc_putf(to, roles[status / 100 < ARRAY_LEN(roles) ? status / 100 : 0], "%u ", status);
		doc_put(to, ROLE_TEXT, head_reason(h));
	}
	doc_line(to);
}

static void
message_fields(const struct head *h, struct doc *to)
{
	for (size_t i = 0; i < head_count(h); i++) {
		struct field f = head_field(h, i);

		doc_put(to, ROLE_KEY, f.name);
		doc_put(to, ROLE_MARK, LIT(": "));
		doc_put(to, ROLE_TEXT, f.value);
		doc_hang_behind(to, f.name);
		doc_line(to);
	}
}

/* What a decoder makes of a piece of the head, under a heading. */
static void
message_section(const struct page *p, const char *heading, struct hint hint, struct bytes value, struct doc *to)
{
	struct decode *d;

	if (!value.len)
		return;
	hint.message = true;
	doc_line(to);
	doc_putf(to, ROLE_FAINT, "%s", heading);
	doc_line(to);
	doc_in(to);
	d = decode_new(p->desk->decoders, NULL, &hint, to);
	decode_feed(d, value);
	decode_end(d);
	decode_free(d);
	doc_out(to);
}

/* What follows the ? of a target. */
static void
message_query(const struct page *p, struct bytes target, struct doc *to)
{
	if (target.len && memchr(target.at, '?', target.len))
		message_section(p, "query", (struct hint){ .type = LIT("soth/query"), .path = target }, target, to);
}

/* All fields of that name, with `mark` behind each. */
static void
message_each(const struct page *p, const char *heading, const char *name, const char *mark, struct hint hint,
	const struct head *h, struct doc *to)
{
	struct buf all;

	buf_init(&all, FIELDS_MAX);
	for (size_t i = 0; i < head_count(h); i++) {
		struct field f = head_field(h, i);

		if (bytes_like(f.name, name) && !(buf_add(&all, f.value) && buf_add(&all, bytes_of(mark))))
			break;
	}
	message_section(p, heading, hint, buf_bytes(&all), to);
	buf_release(&all);
}

/* Fields that have more to say than they show. */
static void
message_inside(const struct page *p, const struct head *h, struct doc *to)
{
	if (head_kind(h) == HEAD_REQUEST) {
		message_query(p, head_target(h), to);
		message_section(p, "credentials", (struct hint){ .type = LIT("soth/authorization") },
			head_find(h, "authorization"), to);
		message_section(p, "credentials for the proxy", (struct hint){ .type = LIT("soth/authorization") },
			head_find(h, "proxy-authorization"), to);
		/* HTTP/2 may cut them into several fields (RFC 9113 section 8.2.3). */
		message_each(p, "cookies", "cookie", "; ", (struct hint){ .type = LIT("soth/cookie") }, h, to);
	} else {
		message_each(p, "cookies", "set-cookie", "\n", (struct hint){ .type = LIT("soth/set-cookie") }, h, to);
	}
}

static void
message_missing(const struct half *h, struct doc *to)
{
	char size[WORDS_MAX];

	if (h->skipped) {
		doc_putf(to, ROLE_FAINT, "… %s more passed, which are not here: :view content reads more, "
			"stream-large-bodies says what is recorded", words_size(h->skipped, size));
		doc_line(to);
	}
	if (h->broken.bytes.len) {
		doc_put(to, ROLE_ERROR, h->broken.bytes);
		doc_line(to);
	}
}

/* What a WebSocket says is no body: its messages have a page of their own. */
static void
message_said(const struct half *h, struct doc *to)
{
	char count[WORDS_MAX], size[WORDS_MAX];

	doc_putf(to, ROLE_NUMBER, "%s", words_count(h->messages, count));
	doc_putf(to, ROLE_TEXT, " message%s, %s bytes", h->messages == 1 ? "" : "s", words_count(h->bytes, size));
	doc_putf(to, ROLE_FAINT, "  see Messages");
	doc_line(to);
}

static void
message_interim(const struct page *p, enum side side, struct doc *to)
{
	for (size_t i = 0; i < p->flow->moments; i++)
		if (p->flow->moment[i].interim && p->flow->moment[i].side == side) {
			message_start(p->flow->moment[i].interim, to);
			message_fields(p->flow->moment[i].interim, to);
			doc_line(to);
		}
}

/* All that stands before the body. */
static void
message(const struct page *p, enum side side, struct doc *to)
{
	const struct half *h = &p->flow->half[side];

	if (!h->head) {
		doc_putf(to, ROLE_FAINT, !h->bytes ? (p->flow->ended ? "There was none." : "It has not come yet.") :
			side == CLIENT ? "No request, but bytes from the client:" : "No response, but bytes from the server:");
		doc_line(to);
		return;
	}
	message_interim(p, side, to);
	message_start(h->head, to);
	message_fields(h->head, to);
	message_inside(p, h->head, to);
	if (h->bytes)
		doc_line(to);
	if (h->spoke)
		message_said(h, to);
}

/* All that stands behind it. */
static void
message_foot(const struct page *p, enum side side, struct doc *to)
{
	const struct half *h = &p->flow->half[side];

	message_missing(h, to);
	if (h->trailer) {
		doc_line(to);
		doc_putf(to, ROLE_FAINT, "trailers");
		doc_line(to);
		message_fields(h->trailer, to);
	}
}

void
page_request(const struct page *p, struct doc *to)
{
	message(p, CLIENT, to);
}

void
page_response(const struct page *p, struct doc *to)
{
	message(p, SERVER, to);
}

void
page_request_foot(const struct page *p, struct doc *to)
{
	message_foot(p, CLIENT, to);
}

void
page_response_foot(const struct page *p, struct doc *to)
{
	message_foot(p, SERVER, to);
}

static void
body_alone(const struct page *p, enum side side, struct doc *to)
{
	const struct half *h = &p->flow->half[side];

	if (h->spoke) {
		message_said(h, to);
	} else if (!h->bytes) {
		doc_putf(to, ROLE_FAINT, h->ended || p->flow->ended ? "no body" : "nothing has come yet");
		doc_line(to);
	}
}

void
page_request_body(const struct page *p, struct doc *to)
{
	body_alone(p, CLIENT, to);
}

void
page_response_body(const struct page *p, struct doc *to)
{
	body_alone(p, SERVER, to);
}

static void
body_foot(const struct page *p, enum side side, struct doc *to)
{
	message_missing(&p->flow->half[side], to);
}

void
page_request_body_foot(const struct page *p, struct doc *to)
{
	body_foot(p, CLIENT, to);
}

void
page_response_body_foot(const struct page *p, struct doc *to)
{
	body_foot(p, SERVER, to);
}
