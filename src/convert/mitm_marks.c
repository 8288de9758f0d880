/* Messages in a body that came from a file: events, records and gRPC, marked as live traffic is. */
#include <string.h>
#include <strings.h>

#include "mitm_inside.h"
#include "soth/coding.h"
#include "soth/reader.h"
#include "soth/sse.h"

enum { GRPC_PREFIX = 5, GRPC_COMPRESSED = 0x01, GRPC_WEB_TRAILERS = 0x80, PLAIN_MAX = 256 << 20 };

struct marking {
	struct mitm_reading *to;
	enum side side;
	uint64_t when;
	uint32_t flags;		/* MARK_DECODED */
	struct sse sse;
	uint64_t size;		/* of the line so far */
	bool blank;		/* ... nothing but white space */
	void (*feed)(void *marking, struct bytes more);
};

static void
mark(struct marking *m, uint32_t code, uint64_t count)
{
	mitm_part(m->to, m->side, m->when, (struct part){ .kind = PART_MARK, .code = code | m->flags, .count = count });
}

static void
block_mark(struct marking *m, const struct sse_block *b)
{
	mark(m, MARK_SSE_EVENT | (b->dispatched ? 0 : MARK_NO_EVENT), b->size);
}

static void
sse_feed(void *marking, struct bytes more)
{
	struct marking *m = marking;
	struct sse_block b;

	while (sse_next(&m->sse, &more, &b))
		block_mark(m, &b);
}

static void
line_mark(struct marking *m)
{
	mark(m, MARK_RECORD | (m->blank ? MARK_NO_EVENT : 0), m->size);
	m->size = 0;
	m->blank = true;
}

static void
line_feed(void *marking, struct bytes more)
{
	struct marking *m = marking;

	for (size_t i = 0; i < more.len; i++) {
		uint8_t c = more.at[i];

		m->size++;
		m->blank = m->blank && (c == ' ' || c == '\t' || c == '\r' || c == '\n');
		if (c == '\n')
			line_mark(m);
	}
}

/* The body as it is: gRPC has its codings inside. */
static void
grpc_marks(struct marking *m, struct bytes type, struct bytes body)
{
	static const char web[] = "application/grpc-web", text[] = "application/grpc-web-text";
	bool is_web = type.len >= sizeof(web) - 1 && !strncasecmp((const char *)type.at, web, sizeof(web) - 1);
	uint8_t allowed = (uint8_t)(GRPC_COMPRESSED | (is_web ? GRPC_WEB_TRAILERS : 0));
	struct reader r = { body, false };

	if (type.len >= sizeof(text) - 1 && !strncasecmp((const char *)type.at, text, sizeof(text) - 1))
		return;
	while (r.rest.len) {
		uint8_t flag = read_u8(&r);
		uint32_t len = read_be32(&r);

		read_bytes(&r, len);
		if (r.ran_out || flag & ~allowed)
			return;
		mark(m, MARK_GRPC_MESSAGE | (flag & GRPC_COMPRESSED ? MARK_COMPRESSED : 0) |
			(flag & GRPC_WEB_TRAILERS ? MARK_NO_EVENT : 0), GRPC_PREFIX + (uint64_t)len);
	}
}

/* Behind the body's content codings, where it has some. */
static void
body_feed(struct marking *m, const struct head *own, struct bytes body)
{
	struct hint h = { .type = LIT("application/octet-stream"), .coding = head_find(own, "content-encoding") };
	bool coded = h.coding.len && !bytes_like(h.coding, "identity");
	struct coding *c = coded ? coding_new(&h, NULL, PLAIN_MAX) : NULL;

	m->flags = coded ? MARK_DECODED : 0;
	if (!c) {
		m->feed(m, body);
		return;
	}
	coding_feed(c, body, m->feed, m);
	coding_end(c, m->feed, m);
	coding_free(c);
}

void
mitm_marks(struct mitm_reading *r, enum side side, uint64_t when, const struct head *request,
	const struct head *response, struct bytes body, bool whole)
{
	const struct head *own = side == CLIENT ? request : response;
	enum protocol p = own ? protocol_of(request, response) : PROTOCOL_HTTP, of_own = own ? protocol_of(own, NULL) : p;
	struct marking m = { .to = r, .side = side, .when = when, .blank = true };
	struct sse_block b;

	if (p == PROTOCOL_GRPC && of_own == p)
		grpc_marks(&m, protocol_media(own), body);
	if (p == PROTOCOL_SSE && side == SERVER) {
		m.feed = sse_feed;
		sse_init(&m.sse, 0);
		body_feed(&m, own, body);
		if (sse_end(&m.sse, &b))
			block_mark(&m, &b);
		sse_release(&m.sse);
	}
	if (p == PROTOCOL_NDJSON && of_own == p) {
		m.feed = line_feed;
		body_feed(&m, own, body);
		if (m.size && whole)
			line_mark(&m);
	}
}
