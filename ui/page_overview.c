/* What pages have in common, and the overview. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "marks.h"
#include "page.h"
#include "words.h"

enum { TYPED_LINES = 200 };

void
page_name(struct doc *to, const char *name)
{
	doc_putf(to, ROLE_KEY, "%-*s ", PAGE_NAME_COLUMNS, name);
	doc_hang(to, PAGE_NAME_COLUMNS + 1);
}

void
page_pair(struct doc *to, const char *name, enum role role, struct bytes value)
{
	if (!value.len)
		return;
	page_name(to, name);
	doc_put(to, role, value);
	doc_line(to);
}

void
page_pairf(struct doc *to, const char *name, enum role role, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	page_pair(to, name, role, bytes_of(text));
}

void
page_heading(struct doc *to, const char *text)
{
	if (doc_lines(to))
		doc_line(to);
	doc_putf(to, ROLE_TITLE, "%s", text);
	doc_line(to);
}

static void
page_url(const struct flow *f, struct doc *to)
{
	const struct origin *o = f->origin;
	struct bytes target = f->half[CLIENT].head ? head_target(f->half[CLIENT].head) : LIT("");
	bool tls = bytes_are(o->scheme, "https"), v6 = o->host.len && memchr(o->host.at, ':', o->host.len);

	page_name(to, "URL");
	if (target.len && *target.at != '/' && *target.at != '*' && memmem(target.at, target.len, "://", 3)) {
		doc_put(to, ROLE_LINK, target);
		doc_line(to);
		return;
	}
	doc_put(to, ROLE_LINK, o->scheme);
	doc_put(to, ROLE_LINK, v6 ? LIT("://[") : LIT("://"));
	doc_put(to, ROLE_LINK, o->host);
	if (v6)
		doc_put(to, ROLE_LINK, LIT("]"));
	if (o->port && o->port != (tls ? 443 : 80))
		doc_putf(to, ROLE_LINK, ":%u", o->port);
	doc_put(to, ROLE_LINK, target);
	doc_line(to);
}

static const struct step *
page_step(const struct flow *f, enum step_kind kind, const char *peer)
{
	for (size_t i = f->moments; i--;) {
		const struct step *s = f->moment[i].step;

		if (s && step_kind(s) == kind && (!peer || bytes_are(step_find(s, "peer"), peer)))
			return s;
	}
	return NULL;
}

static void
page_status(const struct flow *f, struct doc *to)
{
	static const enum role roles[] = { ROLE_FAINT, ROLE_WORD, ROLE_GOOD, ROLE_WORD, ROLE_WARN, ROLE_BAD };
	const struct head *h = f->half[SERVER].head;
	unsigned status = h ? head_status(h) : 0;

	if (!h)
		return;
	page_pairf(to, "Status", roles[status / 100 < ARRAY_LEN(roles) ? status / 100 : 0], "%u %.*s", status,
		(int)head_reason(h).len, (const char *)head_reason(h).at);
}

/* Why it went wrong, in the words of whoever saw it. */
static void
page_trouble(const struct flow *f, struct doc *to)
{
	for (size_t i = 0; i < f->moments; i++) {
		const struct step *s = f->moment[i].step;

		if (s && (step_kind(s) == STEP_TLS_FAILED || step_kind(s) == STEP_CONNECT_FAILED))
			page_pair(to, "Trouble", ROLE_ERROR, step_find(s, "detail"));
		if (s && step_kind(s) == STEP_PARSE_FAILED)
			page_pair(to, "Trouble", ROLE_ERROR, step_find(s, "parse_error_detail"));
	}
	page_pair(to, "Request broken", ROLE_ERROR, f->half[CLIENT].broken.bytes);
	page_pair(to, "Answer broken", ROLE_ERROR, f->half[SERVER].broken.bytes);
	if (f->ended)
		page_pairf(to, "Closed", ROLE_FAINT, "%s%s%.*s", close_name(f->close), f->detail.bytes.len ? ": " : "",
			(int)f->detail.bytes.len, (const char *)f->detail.bytes.at);
	else
		page_pairf(to, "Closed", ROLE_KEY, "not yet");
}

/* The fields that a person typed for HTTP/2, as they went. */
static void
page_typed(const struct half *h, struct doc *to)
{
	struct bytes rest = h->typed.bytes;

	for (size_t i = 0; i < TYPED_LINES && rest.len; i++) {
		const uint8_t *end = memchr(rest.at, '\n', rest.len);
		struct bytes line = { rest.at, end ? (size_t)(end - rest.at) : rest.len };

		rest = bytes_from(rest, line.len + (end != NULL));
		if (line.len)
			page_pair(to, i ? "" : "As typed", ROLE_TEXT, line);
	}
	if (rest.len > 1)
		page_pair(to, "", ROLE_FAINT, LIT("and more"));
}

/* What hands did with a message. */
static void
page_hands(const struct flow *f, struct doc *to)
{
	static const char *const held[] = { "Request held", "Response held" }, *const edited[] = { "Request edited", "Response edited" };
	char text[WORDS_MAX];

	for (int side = CLIENT; side <= SERVER; side++) {
		const struct half *h = &f->half[side];

		if (h->held)
			page_pairf(to, held[side], ROLE_WARN, "since %s: %.*s", words_clock(h->held, false, text),
				(int)h->held_why.bytes.len, (const char *)h->held_why.bytes.at);
		else if (h->held_why.owner || h->freed_why.owner)
			page_pairf(to, held[side], ROLE_FAINT, "and let go: %.*s", (int)h->freed_why.bytes.len,
				(const char *)h->freed_why.bytes.at);
		if (h->edits)
			page_pair(to, edited[side], ROLE_WORD, h->edited_by.bytes);
		if (h->altered || h->dropped)
			page_pairf(to, "", ROLE_WORD, "%llu of its messages edited, %llu dropped", (unsigned long long)h->altered,
				(unsigned long long)h->dropped);
		if (h->injected)
			page_pairf(to, side == CLIENT ? "Request" : "Response", ROLE_WORD, "%llu of its messages injected by hand",
				(unsigned long long)h->injected);
		if (h->raw.owner)
			page_pairf(to, side == CLIENT ? "Request sent" : "Response sent", ROLE_WARN, "raw: %.*s", (int)h->raw.bytes.len,
				(const char *)h->raw.bytes.at);
		page_typed(h, to);
		if (h->ruled_by.owner)
			page_pair(to, side == CLIENT ? "Request ruled" : "Response ruled", ROLE_WORD, h->ruled_by.bytes);
		if (h->left)
			page_pairf(to, "", ROLE_WARN, "the %s has left meanwhile", side == CLIENT ? "client" : "server");
	}
}

static void
page_body(const struct half *h, const char *name, struct doc *to)
{
	char size[WORDS_MAX], left[WORDS_MAX];

	if (!h->head && !h->bytes)
		return;
	page_pairf(to, name, ROLE_NUMBER, "%s bytes%s%s%s", words_count(h->bytes, size), h->skipped ? ", " : "",
		h->skipped ? words_size(h->skipped, left) : "", h->skipped ? " of them not read" : "");
	if (h->head)
		page_pair(to, "", ROLE_FAINT, head_find(h->head, "content-type"));
}

static void
page_secured(const struct flow *f, const char *name, const char *peer, struct doc *to)
{
	const struct step *s = page_step(f, STEP_TLS_ESTABLISHED, peer);

	if (s)
		page_pairf(to, name, ROLE_GOOD, "%.*s %.*s", (int)step_find(s, "version").len,
			(const char *)step_find(s, "version").at, (int)step_find(s, "cipher").len,
			(const char *)step_find(s, "cipher").at);
	s = page_step(f, STEP_TLS_FAILED, peer);
	if (s)
		page_pairf(to, name, ROLE_BAD, "failed: %.*s", (int)step_find(s, "tls_failure_reason").len,
			(const char *)step_find(s, "tls_failure_reason").at);
}

/* Certificates of a person's, and the client's. */
static void
page_credentials(const struct flow *f, const char *peer, struct doc *to)
{
	const struct step *s = page_step(f, STEP_TLS_ESTABLISHED, peer);
	const struct step *late = page_step(f, STEP_TLS_ASKED, peer);
	struct bytes client = late || s ? step_find(late ? late : s, "client_certificate") : LIT("");
	struct bytes shown = s ? step_find(s, "shown_certificate") : LIT("");
	struct bytes subject = s && client.len && !strcmp(peer, "downstream") ? step_find(s, "subject") : LIT("");

	if (client.len)
		page_pairf(to, "", ROLE_WORD, "client certificate: %.*s%s%.*s", (int)subject.len, (const char *)subject.at,
			subject.len ? " " : "", (int)client.len, (const char *)client.at);
	if (shown.len)
		page_pairf(to, "", ROLE_WORD, "certificate shown: %.*s", (int)shown.len, (const char *)shown.at);
}

/* What a person says of it; a comment may have lines. */
static void
page_remarks(const struct page *p, struct doc *to)
{
	char said[REMARK_ROOM];
	struct bytes rest;

	if (store_said(p->desk->store, p->flow->id, REMARK_MARK, said, sizeof(said)))
		page_pair(to, "Marked", mark_of(said).role, bytes_of(said));
	rest = (struct bytes){ (const uint8_t *)said, store_said(p->desk->store, p->flow->id, REMARK_COMMENT, said, sizeof(said)) };
	for (const char *name = "Comment"; rest.len; name = "") {
		size_t len = strcspn((const char *)rest.at, "\n");

		page_pair(to, name, ROLE_EDITED, (struct bytes){ rest.at, len });
		rest = bytes_from(rest, len < rest.len ? len + 1 : len);
	}
}

/* All of it is told of the flow that opened the connection; the list has its name for the others too. */
static void
page_process(const struct page *p, struct doc *to)
{
	const struct step *s = page_step(p->flow, STEP_PROCESS, NULL);
	struct row r;

	if (store_rows(p->desk->store, store_index(p->desk->store, p->flow->id), 1, &r) == 1 && *r.process)
		page_pairf(to, "Process", ROLE_WORD, "%s (%u)", r.process, r.pid);
	if (!s)
		return;
	page_pair(to, "Command", ROLE_TEXT, step_find(s, "command"));
	page_pair(to, "User", ROLE_TEXT, step_find(s, "user"));
	page_pair(to, "Came of", ROLE_FAINT, step_find(s, "parents"));
}

void
page_overview(const struct page *p, struct doc *to)
{
	const struct flow *f = p->flow;
	const struct step *s = page_step(f, STEP_CONNECTED, NULL);
	uint64_t end = f->ended ? f->ended : p->desk->now;
	char text[WORDS_MAX];

	if (!f->origin)
		return;
	page_url(f, to);
	if (f->half[CLIENT].head)
		page_pair(to, "Method", ROLE_METHOD, head_method(f->half[CLIENT].head));
	page_status(f, to);
	page_remarks(p, to);
	page_trouble(f, to);
	page_hands(f, to);
	page_protocol(p, to);
	page_heading(to, "Sizes and times");
	page_body(&f->half[CLIENT], flow_is_raw(f) ? "From client" : "Request body", to);
	page_body(&f->half[SERVER], flow_is_raw(f) ? "From server" : "Answer body", to);
	page_pairf(to, "Began", ROLE_TEXT, "%s", words_clock(f->begun, true, text));
	page_pairf(to, "Took", ROLE_NUMBER, "%s", words_time(end > f->begun ? end - f->begun : 0, text));
	page_heading(to, "Between");
	page_pair(to, "Client", ROLE_TEXT, f->origin->client);
	page_process(p, to);
	page_pair(to, "Through", ROLE_TEXT, f->origin->listener);
	page_pair(to, "Mode", ROLE_TEXT, f->origin->mode);
	page_pairf(to, "Server", ROLE_HOST, "%.*s port %u", (int)f->origin->host.len, (const char *)f->origin->host.at,
		f->origin->port);
	if (s)
		page_pair(to, "Server address", ROLE_TEXT, step_find(s, "address"));
	page_secured(f, "TLS to client", "downstream", to);
	page_credentials(f, "downstream", to);
	page_secured(f, "TLS to server", "upstream", to);
	page_credentials(f, "upstream", to);
	if (f->origin->opened_by && f->origin->opened_by != f->id)
		page_pairf(to, "Connection", ROLE_FAINT, "opened by flow %llu", (unsigned long long)f->origin->opened_by);
	page_pairf(to, "Flow", ROLE_FAINT, "%llu", (unsigned long long)f->id);
}
