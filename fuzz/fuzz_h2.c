/*
 * HTTP/2 from a hostile peer: wherever it is cut the same comes of it, what
 * comes up of a stream is in order, and every head that comes up may go down.
 *
 *	role, owner | where to cut | what the peer sends, after the preface ...
 */
#include <stdio.h>
#include <stdlib.h>

#include "../src/proto/chain.h"
#include "../src/proto/h2.h"
#include "../src/proto/headers.h"
#include "soth/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { FIRST_BYTES = 2, HEAD_LIMIT = 4096, LOG_MAX = 64 << 20, STREAMS = 4096 };
enum role { SERVER_ROLE = 1, ANSWERS = 2, PAUSES = 4, RESETS = 8, PROXY = 16 };

static void
must(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "fuzz_h2: %s\n", what);
		abort();
	}
}

/* Whoever sits above: writes down what comes, and may do something about it. */
struct owner {
	struct chain *chain;
	struct buf log;
	uint8_t role;
	bool failed;
	bool refused;		/* a head was too long: when it is reset depends on when it settles */
	struct {
		bool begun, ended, over;
	} stream[STREAMS];
};

static void
log_add(struct owner *o, struct bytes b)
{
	must(buf_add(&o->log, b), "more came up than can have come");
}

static void
send(struct owner *o, uint32_t stream, struct part p)
{
	chain_command(o->chain, (struct command){ .kind = CMD_PART, .stream = stream, .part = p });
}

static void
send_head(struct owner *o, uint32_t stream, enum head_kind kind, const char *text)
{
	struct fault why;
	struct head *head = head_parse(bytes_of(text), kind, &why);

	must(head, "the owner's own head is refused");
	send(o, stream, (struct part){ .kind = PART_HEAD, .head = head });
}

static void
answer(struct owner *o, uint32_t stream)
{
	send_head(o, stream, HEAD_RESPONSE, "HTTP/1.1 103 Early\r\nLink: x\r\n\r\n");
	send_head(o, stream, HEAD_RESPONSE, "HTTP/1.1 200 OK\r\nConnection: close\r\nX: y\r\n\r\n");
	send(o, stream, (struct part){ .kind = PART_DATA, .data = slice_text("body") });
	send(o, stream, (struct part){ .kind = PART_END });
}

/* What owners may do on a whim, though it is not their turn. */
static void
act(struct owner *o, uint32_t stream, const struct part *p)
{
	if (o->role & PAUSES && stream % 4 == 1)
		chain_command(o->chain, (struct command){ .kind = p->kind == PART_HEAD ? CMD_PAUSE : CMD_GO, .stream = stream });
	if (o->role & RESETS && stream % 8 == 3)
		send(o, stream, (struct part){ .kind = PART_RESET, .code = stream % 16 == 3 ? H2_NO_ERROR : H2_CANCEL,
			.data = slice_text("") });
	if (o->role & ANSWERS && o->role & SERVER_ROLE && (p->kind == PART_END || p->count == 431))
		answer(o, stream);
}

static void
check_head(struct owner *o, uint32_t stream, const struct part *p)
{
	struct head *head = p->head, *again;
	struct fault why;

	must(!headers_check(head, &why), "a head came up that is refused");
	again = head_parse(head_text(head), head_kind(head), &why);
	must(again, "the text of a head cannot be read");
	must(head_count(again) == head_count(head), "the text of a head is another head");
	head_drop(again);
	must(!o->stream[stream].begun, "two heads");
	o->stream[stream].begun = head_kind(head) == HEAD_REQUEST || head_status(head) >= 200;
}

static void
check_order(struct owner *o, uint32_t stream, const struct part *p)
{
	must(!o->stream[stream].over, "something came up after a RESET");
	if (p->kind == PART_HEAD) {
		check_head(o, stream, p);
	} else if (p->kind == PART_RESET) {
		o->stream[stream].over = true;
		o->refused = o->refused || p->count == 431;
	} else {
		must(o->stream[stream].begun, "something came up before a head");
		must(!o->stream[stream].ended, "something came up after END");
		o->stream[stream].ended = p->kind == PART_END;
	}
}

static void
owner_part(struct owner *o, uint32_t stream, const struct part *p)
{
	char line[64];
	int len = snprintf(line, sizeof(line), "\n%u %s %u ", stream, part_name(p->kind), p->kind == PART_RESET ? p->code : 0);

	if (stream < STREAMS)
		check_order(o, stream, p);
	/* How DATA is cut up is nobody's business, nor between what of other streams it comes. */
	if (p->kind != PART_DATA)
		log_add(o, (struct bytes){ (uint8_t *)line, (size_t)len });
	if (p->kind == PART_HEAD || p->kind == PART_TRAILER)
		log_add(o, head_text(p->head));
	else if (p->kind == PART_DATA || p->kind == PART_RESET)
		log_add(o, p->data.bytes);
	act(o, stream, p);
}

static void
owner_up(void *arg, struct event *ev)
{
	struct owner *o = arg;

	must(!o->failed, "something came up after EV_FAIL");
	if (ev->kind == EV_PART)
		owner_part(o, ev->stream, &ev->part);
	else if (ev->kind == EV_FAIL)
		log_add(o, ev->data.bytes);
	else if (ev->kind == EV_EOF)
		log_add(o, LIT("EOF"));
	o->failed = ev->kind == EV_FAIL;
}

static void
owner_down(void *arg, struct command *cmd)
{
	(void)arg, (void)cmd;
}

static void
owner_requests(struct owner *o)
{
	static const char *const requests[] = {
		"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HEAD / HTTP/2\r\nhost: x\r\n\r\n", "CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n",
		"POST / HTTP/2\r\nhost: x\r\n\r\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
		uint32_t stream = 2 * (uint32_t)i + 1;

		send_head(o, stream, HEAD_REQUEST, requests[i]);
		send(o, stream, (struct part){ .kind = i < 2 ? PART_END : PART_NONE });
	}
}

static struct owner *
owner_new(uint8_t role)
{
	struct owner *o = xalloc(sizeof(*o));
	struct fault why;

	o->role = role;
	buf_init(&o->log, LOG_MAX);
	o->chain = chain_new((struct chain_ends){ owner_up, owner_down, o });
	must(chain_push(o->chain, &layer_h2, &(struct h2_args){ .server = role & SERVER_ROLE, .head_limit = HEAD_LIMIT,
		.proxy = role & PROXY, .websocket = true, .lenient = role & 64 }, &why), "h2 does not start");
	if (role & SERVER_ROLE)
		chain_event(o->chain, (struct event){ .kind = EV_DATA, .data = slice_text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") });
	else
		owner_requests(o);
	chain_settle(o->chain);
	return o;
}

static void
owner_free(struct owner *o)
{
	chain_free(o->chain);
	buf_release(&o->log);
	free(o);
}

static void
feed(struct owner *o, struct bytes b, size_t step)
{
	while (b.len) {
		size_t n = b.len < step ? b.len : step;

		chain_event(o->chain, (struct event){ .kind = EV_DATA, .data = slice_copy((struct bytes){ b.at, n }) });
		chain_settle(o->chain);
		b.at += n;
		b.len -= n;
	}
	chain_event(o->chain, (struct event){ .kind = EV_EOF });
	chain_settle(o->chain);
}

/* An owner that does something has done it sooner or later: only one that
 * listens hears the same. */
static void
check_cuts(uint8_t role, uint8_t step, struct bytes b)
{
	struct owner *whole = owner_new(role), *cut = owner_new(role);

	feed(whole, b, SIZE_MAX);
	feed(cut, b, step ? step : 1);
	must(role & (ANSWERS | RESETS) || whole->refused || bytes_same(buf_bytes(&whole->log), buf_bytes(&cut->log)),
		"it matters where it is cut");
	owner_free(whole);
	owner_free(cut);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bytes b = { data + FIRST_BYTES, len - FIRST_BYTES };

	if (len <= FIRST_BYTES)
		return 0;
	h2_preface(b);
	check_cuts(data[0], data[1], b);
	return 0;
}
