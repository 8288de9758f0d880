/* A message of a transcript. */
#include <stdio.h>
#include <string.h>

#include "codes.h"
#include "entry.h"
#include "event.h"
#include "page.h"
#include "preview.h"
#include "soth/buf.h"
#include "words.h"

enum { DOC_MAX = 16 << 20, GRPC_PREFIX = 5, CLOSE_CODE = 2, FLAT_MAX = 600, DNS_PORT = 53 };

struct entry_about
entry_about_of(struct desk *desk, const struct flow *f, const struct decoder *how)
{
	struct entry_about a = { .desk = desk, .how = how, .protocol = flow_protocol(f), .ended = f->ended };

	for (int side = CLIENT; side <= SERVER; side++)
		if (f->half[side].head)
			a.coding[side] = slice_copy(head_find(f->half[side].head, "grpc-encoding"));
	a.dns = a.protocol == PROTOCOL_UDP && f->origin && f->origin->port == DNS_PORT;
	if (f->half[CLIENT].head)
		a.path = slice_copy(head_target(f->half[CLIENT].head));
	if (f->half[SERVER].head)
		a.spoken = slice_copy(head_find(f->half[SERVER].head, "sec-websocket-protocol"));
	return a;
}

void
entry_about_release(struct entry_about *a)
{
	slice_drop(&a->coding[CLIENT]);
	slice_drop(&a->coding[SERVER]);
	slice_drop(&a->path);
	slice_drop(&a->spoken);
}

static bool
is_mark(const struct message *m, unsigned kind)
{
	return m->kind == PART_MARK && (m->code & MARK_KIND) == kind;
}

/* The data of an event: its lines, joined by LF. */
static struct bytes
payload_event(struct bytes block, struct buf *scratch)
{
	struct bytes name, value;
	bool more = false;

	buf_eat(scratch, scratch->len);
	while (event_line(&block, &name, &value)) {
		if (!bytes_are(name, "data"))
			continue;
		if ((more && !buf_add(scratch, LIT("\n"))) || !buf_add(scratch, value))
			break;
		more = true;
	}
	return buf_bytes(scratch);
}

struct bytes
entry_payload(const struct entry_about *a, const struct message *m, struct buf *scratch, struct hint *hint)
{
	struct bytes payload = m->bytes;
	struct hint h = { .message = true, .side = m->side, .path = a->path.bytes, .schema = a->desk->schema };

	if (is_mark(m, MARK_SSE_EVENT)) {
		payload = payload_event(m->bytes, scratch);
	} else if (is_mark(m, MARK_GRPC_MESSAGE)) {
		payload = bytes_from(m->bytes, GRPC_PREFIX);
		h.type = payload.len && *payload.at == '{' ? LIT("application/json") : LIT("soth/protobuf");
		h.coding = m->code & MARK_COMPRESSED ? a->coding[m->side].bytes : (struct bytes){ 0 };
	} else if (is_mark(m, MARK_RECORD)) {
		h.type = LIT("application/json");
	} else if (m->kind == PART_MESSAGE && a->spoken.bytes.len >= 4 &&
			bytes_like((struct bytes){ a->spoken.bytes.at, 4 }, "mqtt")) {
		h.type = LIT("soth/mqtt");
	} else if (m->kind == PART_DATA && a->dns) {
		h.type = LIT("application/dns-message");
	}
	if (hint)
		*hint = h;
	return payload;
}

static bool
is_cut(const struct message *m)
{
	return m->kind == PART_MESSAGE ? m->code & WS_CUT : m->bytes.len < m->size;
}

/* What stands for bytes that are not here. */
static void
preview_missing(const struct message *m, struct line *out)
{
	if (is_cut(m) && !m->bytes.len)
		line_putf(out, ROLE_FAINT, "its content is not here: stream-large-bodies says what is recorded");
}

static void
preview_close(const struct message *m, struct line *out)
{
	unsigned number = m->bytes.len >= CLOSE_CODE ? (unsigned)(m->bytes.at[0] << 8 | m->bytes.at[1]) : 1005;
	const struct code *c = code_close(number);

	line_putf(out, ROLE_WORD, "close ");
	if (m->bytes.len >= CLOSE_CODE)
		line_putf(out, c->role, "%u ", number);
	line_putf(out, c->role, "%s ", c->name);
	preview_flat(out, ROLE_TEXT, bytes_from(m->bytes, CLOSE_CODE), FLAT_MAX);
}

static void
preview_websocket(const struct entry_about *a, const struct message *m, struct line *out)
{
	unsigned opcode = m->code & WS_OPCODE;

	(void)a;
	if (opcode == WS_CLOSE) {
		preview_close(m, out);
		return;
	}
	if (opcode != WS_TEXT && opcode != WS_BINARY)
		line_putf(out, ROLE_FAINT, "%s ", code_opcode(opcode));
	preview_put(out, m->bytes);
	preview_missing(m, out);
}

static void
preview_event(const struct message *m, struct line *out)
{
	struct bytes block = m->bytes, name, value;

	while (event_line(&block, &name, &value)) {
		if (bytes_are(name, "data"))
			preview_put(out, value);
		else if (bytes_are(name, "event"))
			preview_flat(out, ROLE_WORD, value, FLAT_MAX / 4);
		else if (!name.len)
			preview_flat(out, ROLE_FAINT, value, FLAT_MAX / 2);
		else
			continue;
		line_putf(out, ROLE_TEXT, " ");
	}
	for (block = m->bytes; event_line(&block, &name, &value);)
		if (bytes_are(name, "id") || bytes_are(name, "retry")) {
			preview_flat(out, ROLE_FAINT, name, FLAT_MAX / 4);
			line_putf(out, ROLE_FAINT, " ");
			preview_flat(out, ROLE_FAINT, value, FLAT_MAX / 4);
			line_putf(out, ROLE_FAINT, " ");
		}
}

static void
preview_mark(const struct entry_about *a, const struct message *m, struct line *out)
{
	unsigned kind = m->code & MARK_KIND;
	struct bytes payload = kind == MARK_GRPC_MESSAGE ? bytes_from(m->bytes, GRPC_PREFIX) : m->bytes;

	(void)a;
	if (m->code & MARK_COMPRESSED)
		line_putf(out, ROLE_FAINT, "compressed ");
	if (kind == MARK_SSE_EVENT)
		preview_event(m, out);
	else if (kind == MARK_RECORD || (payload.len && *payload.at == '{'))	/* gRPC may speak JSON, too */
		preview_put(out, payload);
	else if (m->size > GRPC_PREFIX)
		preview_hex(out, payload);
	else
		line_putf(out, ROLE_FAINT, "empty");
	preview_missing(m, out);
}

static void
preview_data(const struct entry_about *a, const struct message *m, struct line *out)
{
	if (m->begun)
		line_putf(out, a->ended ? ROLE_ERROR : ROLE_FAINT, a->ended ? "cut off " : "not whole yet ");
	preview_put(out, m->bytes);
}

static void
preview_fault(const struct entry_about *a, const struct message *m, struct line *out)
{
	(void)a;
	line_putf(out, ROLE_ERROR, "⚠ ");
	line_put(out, ROLE_ERROR, m->bytes);
}

static void (*const previews[PART_COUNT])(const struct entry_about *a, const struct message *m, struct line *out) = {
	[PART_MESSAGE] = preview_websocket,
	[PART_MARK] = preview_mark,
	[PART_DATA] = preview_data,
	[PART_FAULT] = preview_fault,
};

void
entry_preview(const struct entry_about *a, const struct message *m, struct line *out)
{
	previews[m->kind](a, m, out);
}

/* What is told of it in one faint line. */
static void
doc_about(const struct message *m, struct doc *to)
{
	char size[WORDS_MAX];

	if (m->kind == PART_MESSAGE) {
		doc_putf(to, ROLE_FAINT, "%s, %s byte%s", code_opcode(m->code & WS_OPCODE), words_count(m->size, size),
			m->size == 1 ? "" : "s");
		if (m->code & WS_DEFLATED)
			doc_putf(to, ROLE_FAINT, " deflated, %s without", words_count(m->bytes.len, size));
		if (m->frames)
			doc_putf(to, ROLE_FAINT, ", in %u frames", m->frames);
		doc_putf(to, ROLE_FAINT, m->code & WS_MASKED ? ", masked" : ", not masked");
	} else if (m->kind == PART_MARK && (m->code & MARK_KIND) == MARK_GRPC_MESSAGE) {
		doc_putf(to, ROLE_FAINT, "%scompressed, length %s", m->code & MARK_COMPRESSED ? "" : "not ",
			words_count(m->size >= GRPC_PREFIX ? m->size - GRPC_PREFIX : 0, size));
	} else {
		return;
	}
	doc_line(to);
}

/* The fields of an event beside its data. */
static void
doc_fields(struct bytes block, struct doc *to)
{
	struct bytes name, value;

	while (event_line(&block, &name, &value)) {
		if (bytes_are(name, "data"))
			continue;
		doc_put(to, name.len ? ROLE_KEY : ROLE_FAINT, name.len ? name : LIT("comment"));
		doc_put(to, ROLE_MARK, LIT(": "));
		doc_put(to, name.len ? ROLE_TEXT : ROLE_FAINT, value);
		doc_line(to);
	}
}

static void
doc_close(const struct message *m, struct doc *to)
{
	unsigned number = m->bytes.len >= CLOSE_CODE ? (unsigned)(m->bytes.at[0] << 8 | m->bytes.at[1]) : 1005;
	struct bytes reason = bytes_from(m->bytes, CLOSE_CODE);

	page_pairf(to, "code", code_close(number)->role, "%u %s", number, code_close(number)->name);
	page_pair(to, "reason", ROLE_TEXT, reason);
}

static void
doc_content(const struct entry_about *a, const struct message *m, struct doc *to)
{
	struct buf scratch;
	struct bytes payload;
	struct hint hint;

	buf_init(&scratch, DOC_MAX);
	payload = entry_payload(a, m, &scratch, &hint);
	hint.as = a->how ? a->how->name : NULL;
	page_decoded(a->desk, &hint, payload, to);
	if (is_cut(m)) {
		doc_putf(to, ROLE_FAINT, "… not all of it is here: stream-large-bodies says what is recorded");
		doc_line(to);
	}
	buf_release(&scratch);
}

struct doc *
entry_doc(const struct entry_about *a, const struct message *m)
{
	struct doc *to = doc_new(DOC_MAX + (1 << 20));

	doc_about(m, to);
	if (m->kind == PART_FAULT) {
		doc_put(to, ROLE_ERROR, m->bytes);
		doc_line(to);
	} else if (m->kind == PART_MESSAGE && (m->code & WS_OPCODE) == WS_CLOSE) {
		doc_close(m, to);
	} else {
		if (is_mark(m, MARK_SSE_EVENT))
			doc_fields(m->bytes, to);
		doc_content(a, m, to);
	}
	return to;
}
