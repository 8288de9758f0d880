/*
 * Messages of a flow, cut out and shown: within what was kept, and the same whole and byte by byte.
 *
 * The first byte says which heads; then each part is a byte of its kind and side, one of its code, one of its
 * length, and what it carries.
 */
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <unistd.h>

#include "../ui/entry.h"

enum { CODE_FLAGS = 0xf0 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct { const char *request, *response; } heads[] = {
	{ NULL, NULL },
	{ "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n", "HTTP/1.1 101 S\r\nUpgrade: websocket\r\n\r\n" },
	{ "GET / HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" },
	{ "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
	  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: deflate, gzip\r\n\r\n" },
	{ "POST /s HTTP/2\r\nhost: h\r\ncontent-type: application/grpc\r\ngrpc-encoding: gzip\r\n\r\n",
	  "HTTP/2 200 \r\ncontent-type: application/grpc\r\ngrpc-encoding: gzip\r\n\r\n" },
	{ "GET / HTTP/1.1\r\nHost: h\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n" },
};

static struct store *session;

static void
begin(void)
{
	const struct origin o = { .scheme = LIT("http"), .host = LIT("h"), .port = 80 };
	struct note n = { .kind = NOTE_FLOW, .flow = 1, .when = 1, .origin = origin_new(&o) };
	struct fault why;
	char path[64];

	snprintf(path, sizeof(path), "/dev/shm/fuzz-messages-%d", (int)getpid());
	session = store_create(path, &why);
	if (!session)
		abort();
	unlink(path);
	store_note(session, &n);
}

static void
tell(struct flow *f, enum side side, struct part p)
{
	struct note n = { .kind = NOTE_PART, .side = side, .flow = 1, .flow_order = f->notes + 1, .part = part_ref(&p) };
	struct note twin = { .kind = NOTE_PART, .side = side, .flow = 1, .part = p };

	flow_note(f, &n);
	store_note(session, &twin);
}

/* Of the session, which is over. */
static struct messages *
read_all(void)
{
	struct messages *m = messages_new(session, 1);

	store_flush(session);
	while (messages_read(m))
		;
	return m;
}

static void
tell_head(struct flow *f, enum side side, const char *text)
{
	struct fault why;
	struct head *h = head_parse(bytes_of(text), side == CLIENT ? HEAD_REQUEST : HEAD_RESPONSE, &why);

	if (!h)
		abort();
	tell(f, side, (struct part){ .kind = PART_HEAD, .head = h });
}

static void
tell_data(struct flow *f, enum side side, struct bytes b, bool bytewise)
{
	for (size_t at = 0; at < b.len; at += bytewise ? 1 : b.len)
		tell(f, side, (struct part){ .kind = PART_DATA,
			.data = slice_copy((struct bytes){ b.at + at, bytewise ? 1 : b.len }) });
}

static struct flow
told(const uint8_t *at, size_t left, bool bytewise)
{
	static const enum part_kind kinds[] = { PART_DATA, PART_MESSAGE, PART_MARK, PART_FRAME, PART_FAULT, PART_SKIP };
	size_t which = *at % ARRAY_LEN(heads);
	struct flow f = { .id = 1 };

	if (heads[which].request) {
		tell_head(&f, CLIENT, heads[which].request);
		tell_head(&f, SERVER, heads[which].response);
	}
	for (at++, left--; left >= 3;) {
		enum part_kind kind = kinds[(at[0] & 7) % ARRAY_LEN(kinds)];
		enum side side = at[0] & 8 ? SERVER : CLIENT;
		uint32_t code = kind == PART_MARK ? at[1] : at[1] | (at[1] & CODE_FLAGS) << 4;
		size_t len = at[2] < left - 3 ? at[2] : left - 3;
		bool carries = kind == PART_DATA || kind == PART_MESSAGE || kind == PART_FAULT;
		struct bytes b = { at + 3, len };

		if (kind == PART_DATA)
			tell_data(&f, side, b, bytewise && which);
		else if (carries)
			tell(&f, side, (struct part){ .kind = kind, .code = code, .count = len, .data = slice_copy(b) });
		else
			tell(&f, side, (struct part){ .kind = kind, .code = code, .count = at[2] });
		at += 3 + (carries ? len : 0);
		left -= 3 + (carries ? len : 0);
	}
	return f;
}

static void
show(const struct flow *f, struct messages *m)
{
	struct desk desk = { .decoders = decoders };
	struct entry_about about = entry_about_of(&desk, f, NULL);
	struct buf scratch;

	buf_init(&scratch, 1 << 20);
	for (size_t i = 0; i < messages_count(m); i++) {
		struct line *l = calloc(1, sizeof(*l));
		struct message one = messages_get(m, i, SIZE_MAX, &scratch);

		entry_preview(&about, &one, l);
		if (l->spans > ARRAY_LEN(l->span) || l->used > sizeof(l->room))
			abort();
		free(l);
		doc_free(entry_doc(&about, &one));
	}
	buf_release(&scratch);
	entry_about_release(&about);
}

/* What belongs to nobody is a message a piece: there the pieces count. */
static void
same(struct messages *a, struct messages *b)
{
	struct buf one, other;

	if (messages_count(a) != messages_count(b))
		abort();
	buf_init(&one, 1 << 20);
	buf_init(&other, 1 << 20);
	for (size_t i = 0; i < messages_count(a); i++) {
		struct message x = messages_get(a, i, SIZE_MAX, &one), y = messages_get(b, i, SIZE_MAX, &other);

		if (x.bytes.len > x.size && x.kind == PART_MARK)
			abort();
		if (x.size != y.size || !bytes_same(x.bytes, y.bytes))
			abort();
	}
	buf_release(&one);
	buf_release(&other);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct store *first;
	struct messages *a, *b;
	struct flow whole, pieces;
	bool raw;

	if (!size)
		return 0;
	begin();
	whole = told(data, size, false);
	raw = flow_is_raw(&whole);
	first = session;
	a = read_all();
	show(&whole, a);
	flow_release(&whole);
	if (!raw) {
		begin();
		pieces = told(data, size, true);
		b = read_all();
		same(a, b);
		messages_free(b);
		flow_release(&pieces);
		store_free(session);
	}
	messages_free(a);
	store_free(first);
	return 0;
}
