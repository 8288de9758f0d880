/*
 * The notes of a flow as rows of "_soth", so that nothing of a session is lost:
 *
 *	"_soth": { "begun": microseconds, "request": {...}, "response": {...}, "notes": [
 *		[ microseconds since, "name", side, stream, code, count, content ], ... ] }
 *
 * The name is FLOW, STEP, GONE or that of a part. Content is there where the
 * entry itself does not have it: a HEAD without is the entry's own, of DATA
 * the next bytes of its body, of a MESSAGE the next of _webSocketMessages.
 */
#include <string.h>

#include "har_inside.h"
#include "soth/ordering.h"

enum { ROW_WHEN, ROW_NAME, ROW_SIDE, ROW_STREAM, ROW_CODE, ROW_COUNT, ROW_CONTENT, ROW_MOST };
enum { ROWS_MAX = 4 << 20 };

static const char *
row_name(const struct note *n)
{
	static const char *const names[NOTE_COUNT] = { [NOTE_FLOW] = "FLOW", [NOTE_STEP] = "STEP", [NOTE_GONE] = "GONE",
		[NOTE_HAND] = "HAND" };

	return n->kind == NOTE_PART ? part_name(n->part.kind) : names[n->kind];
}

static json_t *
origin_row(const struct origin *o, uint64_t opener)
{
	return json_pack("{s:I,s:o,s:o,s:o,s:o,s:o,s:i}", "opened_by", (json_int_t)opener, "client", har_bytes(o->client),
		"listener", har_bytes(o->listener), "mode", har_bytes(o->mode), "scheme", har_bytes(o->scheme),
		"host", har_bytes(o->host), "port", (int)o->port);
}

static json_t *
step_row(const struct step *s)
{
	json_t *list = json_pack("[s]", step_event(step_kind(s)));

	for (size_t i = 0; i < step_count(s); i++) {
		json_array_append_new(list, har_bytes(step_value(s, i).name));
		json_array_append_new(list, har_bytes(step_value(s, i).value));
	}
	return list;
}

static bool
same_text(const struct head *a, const struct head *b)
{
	return a && b && bytes_same(head_text(a), head_text(b));
}

/* Of what the entry does not have already; NULL: it has it. */
static json_t *
content_row(const struct note *n, const struct flow *f, uint64_t opener, bool same_head, bool same_trailer)
{
	const struct half *h = &f->half[n->side];

	if (n->kind == NOTE_FLOW)
		return origin_row(n->origin, opener);
	if (n->kind == NOTE_STEP)
		return step_row(n->step);
	if (n->kind == NOTE_HAND)
		return n->part.data.bytes.len ? har_bytes(n->part.data.bytes) : NULL;
	switch (n->part.kind) {
	case PART_HEAD:
		return same_head && same_text(n->part.head, h->head) ? NULL : har_bytes(head_text(n->part.head));
	case PART_TRAILER:
		return same_trailer && same_text(n->part.head, h->trailer) ? NULL : har_bytes(head_text(n->part.head));
	case PART_MESSAGE:
		return har_message_exact(n) ? NULL : har_bytes(n->part.data.bytes);
	case PART_RESET:
	case PART_FAULT:
		return n->part.data.bytes.len ? har_bytes(n->part.data.bytes) : NULL;
	case PART_NONE:
	case PART_DATA:
	case PART_SKIP:
	case PART_END:
	case PART_FRAME:
	case PART_MARK:
	case PART_COUNT:
		break;
	}
	return NULL;
}

json_t *
har_row(const struct note *n, uint64_t begun, const struct flow *f, uint64_t opener, bool same_head, bool same_trailer)
{
	bool part = n->kind != NOTE_FLOW && n->kind != NOTE_STEP;
	uint64_t count = !part ? 0 : n->part.kind == PART_DATA ? n->part.data.bytes.len : n->part.count;
	json_t *row = json_pack("[I,s,i,I,I,I]", (json_int_t)(n->when - begun), row_name(n), (int)n->side,
		(json_int_t)n->stream, (json_int_t)(part ? n->part.code : 0), (json_int_t)count);
	json_t *content = content_row(n, f, opener, same_head, same_trailer);

	if (content)
		json_array_append_new(row, content);
	return row;
}

/* On the way back. */
struct rows {
	struct har_entry *entry;
	const struct har_openers *openers;
	struct slice body[2];	/* the entry's, or "_soth"'s own */
	size_t used[2];
	size_t message;		/* the next of _webSocketMessages */
	const json_t *row, *content;
};

static flow_id
opener_read(const struct rows *r, const json_t *o)
{
	json_int_t n = json_integer_value(json_object_get(o, "opened_by"));

	return n > 0 && (uint64_t)n <= r->openers->count ? r->openers->at[n - 1] : 0;
}

static bool
read_flow(struct rows *r, struct note *n)
{
	static const char *const names[] = { "client", "listener", "mode", "scheme", "host" };
	json_int_t port = json_integer_value(json_object_get(r->content, "port"));
	struct origin o = { .opened_by = opener_read(r, r->content), .port = (uint16_t)port };
	struct bytes *const texts[] = { &o.client, &o.listener, &o.mode, &o.scheme, &o.host };
	struct slice kept[ARRAY_LEN(names)];
	bool read = port >= 0 && port <= UINT16_MAX;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		read = har_bytes_read(json_object_get(r->content, names[i]), &kept[i]) && read;
		*texts[i] = kept[i].bytes;
		read = read && kept[i].bytes.len <= UINT16_MAX;
	}
	if (read)
		n->origin = origin_new(&o);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		slice_drop(&kept[i]);
	return read;
}

static bool
step_kind_named(struct bytes event, enum step_kind *kind)
{
	for (unsigned k = 0; k < STEP_COUNT; k++) {
		*kind = (enum step_kind)k;
		if (bytes_are(event, step_event(*kind)))
			return true;
	}
	return false;
}

static bool
read_step(struct rows *r, struct note *n)
{
	const json_t *event = json_array_get(r->content, 0);
	size_t count = json_array_size(r->content) / 2;
	struct slice kept[STEP_VALUES_MAX * 2] = { 0 };
	struct field values[STEP_VALUES_MAX];
	enum step_kind kind;
	bool read = json_is_string(event) && count <= STEP_VALUES_MAX && json_array_size(r->content) % 2 &&
		step_kind_named(bytes_of(json_string_value(event)), &kind);

	for (size_t i = 0; read && i < count * 2; i++)
		read = har_bytes_read(json_array_get(r->content, i + 1), &kept[i]);
	for (size_t i = 0; read && i < count; i++)
		values[i] = (struct field){ kept[i * 2].bytes, kept[i * 2 + 1].bytes };
	if (read)
		n->step = step_new(kind, values, count);
	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		slice_drop(&kept[i]);
	return read;
}

static bool
read_gone(struct rows *r, struct note *n)
{
	n->part = (struct part){ .kind = PART_RESET, .code = n->part.code };
	return n->part.code < CLOSE_COUNT && (!r->content || har_bytes_read(r->content, &n->part.data));
}

static bool
read_words(struct rows *r, struct note *n)
{
	return !r->content || har_bytes_read(r->content, &n->part.data);
}

static bool
read_hand(struct rows *r, struct note *n)
{
	return n->part.code < HAND_COUNT && read_words(r, n);
}

static bool
read_head(struct rows *r, struct note *n)
{
	bool trailer = n->part.kind == PART_TRAILER;
	struct head *own = (trailer ? r->entry->trailer : r->entry->head)[n->side];
	struct slice text;
	struct fault why;

	if (!r->content)
		n->part.head = own ? head_ref(own) : NULL;
	else if (har_bytes_read(r->content, &text)) {
		n->part.head = head_parse(text.bytes, trailer ? HEAD_FIELDS : n->side == CLIENT ? HEAD_REQUEST :
			HEAD_RESPONSE, &why);
		slice_drop(&text);
	}
	return n->part.head;
}

static bool
read_data(struct rows *r, struct note *n)
{
	size_t left = r->body[n->side].bytes.len - r->used[n->side];

	if (n->part.count > left)
		return false;
	if (n->part.count)
		n->part.data = slice_cut(r->body[n->side], r->used[n->side], (size_t)n->part.count);
	r->used[n->side] += (size_t)n->part.count;
	n->part.count = 0;
	return true;
}

static bool
read_message(struct rows *r, struct note *n)
{
	uint32_t opcode = n->part.code & WS_OPCODE;
	bool listed = opcode == WS_TEXT || opcode == WS_BINARY, read;
	const json_t *m = json_array_get(json_object_get(r->entry->json, "_webSocketMessages"), r->message);
	enum side side = n->side;
	uint64_t when;
	struct part p = { .kind = PART_NONE };

	r->message += listed;
	if (r->content)
		return har_bytes_read(r->content, &n->part.data);
	if (!listed)
		return false;
	read = har_message_read(m, &side, &when, &p) && side == n->side;
	if (read)
		n->part.data = slice_ref(p.data);
	part_drop(&p);
	return read;
}

static bool
read_nothing(struct rows *r, struct note *n)
{
	(void)n;
	return !r->content;
}

static const struct row_kind {
	const char *name;
	enum note_kind note;
	enum part_kind part;
	bool (*read)(struct rows *r, struct note *n);
} row_kinds[] = {
	{ "FLOW", NOTE_FLOW, PART_NONE, read_flow },
	{ "STEP", NOTE_STEP, PART_NONE, read_step },
	{ "GONE", NOTE_GONE, PART_RESET, read_gone },
	{ "HAND", NOTE_HAND, PART_DATA, read_hand },
	{ "HEAD", NOTE_PART, PART_HEAD, read_head },
	{ "DATA", NOTE_PART, PART_DATA, read_data },
	{ "SKIP", NOTE_PART, PART_SKIP, read_nothing },
	{ "MESSAGE", NOTE_PART, PART_MESSAGE, read_message },
	{ "TRAILER", NOTE_PART, PART_TRAILER, read_head },
	{ "END", NOTE_PART, PART_END, read_nothing },
	{ "RESET", NOTE_PART, PART_RESET, read_words },
	{ "FRAME", NOTE_PART, PART_FRAME, read_nothing },
	{ "MARK", NOTE_PART, PART_MARK, read_nothing },
	{ "FAULT", NOTE_PART, PART_FAULT, read_words },
};

static bool
number_in(const json_t *row, size_t i, uint64_t most, uint64_t *n)
{
	const json_t *j = json_array_get(row, i);
	json_int_t value = json_integer_value(j);

	*n = (uint64_t)value;
	return json_is_integer(j) && value >= 0 && *n <= most;
}

/* False: nothing is in *n. */
static bool
row_read(struct rows *r, uint64_t begun, struct note *n)
{
	const json_t *name = json_array_get(r->row, ROW_NAME), *since = json_array_get(r->row, ROW_WHEN);
	json_int_t when = json_integer_value(since);
	uint64_t side, stream, code, count;

	*n = (struct note){ .kind = NOTE_LOG };
	if (!json_is_string(name) || !json_is_integer(since) || json_array_size(r->row) > ROW_MOST ||
			!number_in(r->row, ROW_SIDE, SERVER, &side) || !number_in(r->row, ROW_STREAM, UINT32_MAX, &stream) ||
			!number_in(r->row, ROW_CODE, UINT32_MAX, &code) || !number_in(r->row, ROW_COUNT, INT64_MAX, &count))
		return false;
	if (when < -INT64_C(0x3fffffffffffffff) || when > INT64_C(0x3fffffffffffffff) || (when < 0 && begun < (uint64_t)-when))
		return false;
	r->content = json_array_get(r->row, ROW_CONTENT);
	for (size_t i = 0; i < ARRAY_LEN(row_kinds); i++) {
		const struct row_kind *k = &row_kinds[i];

		if (strcmp(json_string_value(name), k->name))
			continue;
		*n = (struct note){ .kind = k->note, .side = (enum side)side, .stream = (uint32_t)stream,
			.when = begun + (uint64_t)when };
		if (k->note != NOTE_FLOW && k->note != NOTE_STEP)
			n->part = (struct part){ .kind = k->part, .code = (uint32_t)code, .count = count };
		if (k->read(r, n))
			return true;
		*n = (struct note){ .kind = NOTE_LOG };
		return false;
	}
	return false;
}

/* In turn, from FLOW to GONE. */
static bool
rows_in_turn(const struct har_notes *notes, struct fault *why)
{
	struct ordering o = { 0 };
	struct ordering_flow f = { 0 };

	for (size_t i = 0; i < notes->count; i++)
		if (!ordering_note(&o, &f, &notes->at[i]))
			return fault(why, "%.150s", o.first.text);
	return (notes->count && notes->at[notes->count - 1].kind == NOTE_GONE) || fault(why, "it has no end");
}

static bool
rows_body(struct rows *r, enum side side)
{
	const json_t *own = json_object_get(json_object_get(r->entry->soth, side == CLIENT ? "request" : "response"), "body");

	if (own)
		return har_bytes_read(own, &r->body[side]);
	r->body[side] = slice_ref(r->entry->body[side]);
	return true;
}

bool
har_rows_read(struct har_entry *e, const struct har_openers *openers, struct har_notes *to, struct fault *why)
{
	struct rows r = { .entry = e, .openers = openers };
	const json_t *list = json_object_get(e->soth, "notes");
	uint64_t begun = 0;
	bool read = json_array_size(list) <= ROWS_MAX && rows_body(&r, CLIENT) && rows_body(&r, SERVER) &&
		json_is_integer(json_object_get(e->soth, "begun"));
	size_t i = 0;

	begun = read ? (uint64_t)json_integer_value(json_object_get(e->soth, "begun")) : 0;
	read = read && begun < UINT64_MAX / 4;
	for (; read && i < json_array_size(list); i++) {
		struct note n;

		r.row = json_array_get(list, i);
		read = row_read(&r, begun, &n);
		if (read)
			har_note(to, n);
	}
	slice_drop(&r.body[CLIENT]);
	slice_drop(&r.body[SERVER]);
	return read ? rows_in_turn(to, why) : fault(why, "note %zu of it is not one", i);
}
