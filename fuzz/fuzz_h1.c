/*
 * HTTP/1 from a hostile peer: wherever it is cut the same comes of it, and a
 * request that we and llhttp both take has the same body and the same end.
 *
 *	role and method | where to cut | what the peer sends ...
 */
#include <llhttp.h>
#include <stdio.h>
#include <stdlib.h>

#include "../src/proto/chain.h"
#include "../src/proto/h1.h"
#include "soth/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { FIRST_BYTES = 2, HEAD_LIMIT = 4096, LOG_MAX = 64 << 20 };

static void
must(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "fuzz_h1: %s\n", what);
		abort();
	}
}

/* Whoever sits above h1: writes down what comes, and answers at once. */
struct owner {
	struct chain *chain;
	struct buf log, body;	/* all that came up; the first message's body */
	unsigned ends;
	bool answers, failed;
};

static void
say(struct owner *o, enum head_kind kind, const char *text)
{
	struct fault why;
	struct head *head = head_parse(bytes_of(text), kind, &why);

	must(head, "the owner's own head is refused");
	chain_command(o->chain, (struct command){ .kind = CMD_PART, .part = { .kind = PART_HEAD, .head = head } });
	chain_command(o->chain, (struct command){ .kind = CMD_PART, .part = { .kind = PART_END } });
}

static void
log_add(struct owner *o, struct bytes b)
{
	must(buf_add(&o->log, b), "more came up than can have come");
}

static void
log_part(struct owner *o, const struct part *p)
{
	/* How DATA is cut up is nobody's business. */
	if (p->kind != PART_DATA)
		log_add(o, bytes_of(part_name(p->kind)));
	if (p->kind == PART_HEAD || p->kind == PART_TRAILER)
		log_add(o, head_text(p->head));
	else if (p->kind == PART_DATA || p->kind == PART_RESET)
		log_add(o, p->data.bytes);
	if (p->kind == PART_DATA && !o->ends)
		must(buf_add(&o->body, p->data.bytes), "a body of more bytes than came");
}

static void
owner_up(void *arg, struct event *ev)
{
	struct owner *o = arg;

	if (ev->kind != EV_PART) {
		log_add(o, ev->kind == EV_EOF ? LIT("EOF") : LIT("other"));
		return;
	}
	must(!o->failed, "something came up after a RESET");
	log_part(o, &ev->part);
	o->failed = ev->part.kind == PART_RESET;
	o->ends += ev->part.kind == PART_END;
	if (ev->part.kind == PART_END && o->answers)
		say(o, HEAD_RESPONSE, "HTTP/1.1 204 No\r\n\r\n");
}

static void
owner_down(void *arg, struct command *cmd)
{
	(void)arg, (void)cmd;
}

static void
owner_open(struct owner *o, uint8_t role, bool answers)
{
	static const char *const requests[] = {
		"GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n", "HEAD / HTTP/1.1\r\n\r\n",
		"CONNECT x:1 HTTP/1.1\r\n\r\n", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
	};
	bool server = role & 1;
	struct fault why;

	*o = (struct owner){ .answers = answers && server };
	buf_init(&o->log, LOG_MAX);
	buf_init(&o->body, LOG_MAX);
	o->chain = chain_new((struct chain_ends){ owner_up, owner_down, o });
	must(chain_push(o->chain, &layer_h1,
		&(struct h1_args){ .server = server, .head_limit = HEAD_LIMIT, .lenient = role & 64 }, &why), "h1 does not start");
	if (!server)
		say(o, HEAD_REQUEST, requests[role >> 1 & 3]);
}

static void
owner_close(struct owner *o)
{
	chain_free(o->chain);
	buf_release(&o->log);
	buf_release(&o->body);
}

/* Each answer at once may let one more request come. */
static void
settle(struct owner *o)
{
	size_t before;

	do {
		before = o->log.len;
		chain_settle(o->chain);
	} while (o->log.len > before);
}

static void
feed(struct owner *o, struct bytes b, size_t step)
{
	while (b.len) {
		size_t n = b.len < step ? b.len : step;

		chain_event(o->chain, (struct event){ .kind = EV_DATA, .data = slice_copy((struct bytes){ b.at, n }) });
		settle(o);
		b.at += n;
		b.len -= n;
	}
}

static void
check_cuts(uint8_t role, uint8_t step, struct bytes b)
{
	struct owner whole, cut;

	owner_open(&whole, role, true);
	owner_open(&cut, role, true);
	feed(&whole, b, SIZE_MAX);
	feed(&cut, b, step ? step : 1);
	chain_event(whole.chain, (struct event){ .kind = EV_EOF });
	chain_event(cut.chain, (struct event){ .kind = EV_EOF });
	settle(&whole);
	settle(&cut);
	must(bytes_same(buf_bytes(&whole.log), buf_bytes(&cut.log)), "it matters where it is cut");
	owner_close(&whole);
	owner_close(&cut);
}

static int
other_body(llhttp_t *p, const char *at, size_t len)
{
	must(buf_add(p->data, (struct bytes){ (const uint8_t *)at, len }), "llhttp's body is longer than what came");
	return 0;
}

static int
other_end(llhttp_t *p)
{
	(void)p;
	return HPE_PAUSED;
}

/* How much of b llhttp takes for its first request; 0: it takes none. */
static size_t
other_opinion(struct bytes b, struct buf *body)
{
	llhttp_settings_t settings;
	llhttp_t p;

	llhttp_settings_init(&settings);
	settings.on_body = other_body;
	settings.on_message_complete = other_end;
	llhttp_init(&p, HTTP_REQUEST, &settings);
	p.data = body;
	if (llhttp_execute(&p, (const char *)b.at, b.len) != HPE_PAUSED)
		return 0;
	return (size_t)((const uint8_t *)llhttp_get_error_pos(&p) - b.at);
}

static void
check_smuggling(struct bytes b)
{
	struct owner o;
	struct slice rest;
	struct buf body;
	size_t used;

	owner_open(&o, 1, false);
	feed(&o, b, SIZE_MAX);
	buf_init(&body, LOG_MAX);
	rest = chain_pop(o.chain);
	used = o.ends && !o.failed ? other_opinion(b, &body) : 0;
	if (used) {
		must(bytes_same(buf_bytes(&body), buf_bytes(&o.body)), "llhttp reads another body");
		must(b.len - rest.bytes.len == used, "llhttp sees the next request elsewhere");
	}
	slice_drop(&rest);
	buf_release(&body);
	owner_close(&o);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes b = { data + FIRST_BYTES, len - FIRST_BYTES };

	if (len <= FIRST_BYTES)
		return 0;
	check_cuts(data[0], data[1], b);
	check_smuggling(b);
	return 0;
}
