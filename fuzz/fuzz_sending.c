/*
 * A request of soth's own and hostile servers: whatever they say and whenever,
 * every note is in its turn and the flow is closed once.
 *
 *	what | step ...
 *
 * A step is one byte, what happens (low four bits) and on which connection
 * (the others); where bytes come, a byte that says how many, and those.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../tests/ordered.h"
#include "soth/ca.h"
#include "soth/relay.h"
#include "soth/sending.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CONNS = 24, SECOND = 1000000 };

enum state { NONE, DIALED, OPEN, GONE };

static const char *const heads[] = {
	"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n",
	"POST http://a/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
};
static const char *const modes[] = { "regular", "upstream:http://p.test:3128", "upstream:socks5://p.test:1080", "regular" };

static struct world {
	struct ordered ordered;
	enum state state[CONNS];
	uint64_t now;
	unsigned overs;
} world;

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_sending: %s\n", what);
	abort();
}

static flow_id
next_id(void *arg)
{
	(void)arg;
	return 2;
}

static uint64_t
now(void *arg)
{
	(void)arg;
	return world.now;
}

static struct ca *
authority(void)
{
	static struct ca *ca;
	char dir[] = "/tmp/fuzz-sending-XXXXXX", path[64];
	struct fault why;

	if (ca)
		return ca;
	must(mkdtemp(dir), "no folder");
	ca = ca_open(dir, &why);
	must(ca, "no authority");
	snprintf(path, sizeof(path), "rm -r %s", dir);
	must(!system(path), "the folder stays");
	return ca;
}

static void
carry_out(struct effects *fx)
{
	struct effect one;

	while (effects_take(fx, &one)) {
		enum state *state = one.conn < CONNS ? &world.state[one.conn] : NULL;

		if (one.kind == FX_NOTE) {
			must(ordered_note(&world.ordered, &one.note), world.ordered.ordering.first.text);
			must(one.note.flow == 1, "it is another flow");
			note_drop(&one.note);
		} else if (one.kind == FX_COMMAND) {
			if (state && one.command.kind == CMD_CLOSE)
				*state = GONE;
			must(one.conn || one.command.kind != CMD_SEND, "bytes for no client");
			command_drop(&one.command);
		} else if (one.kind == FX_DIAL) {
			must(!state || *state == NONE, "a number is used again");
			if (state)
				*state = DIALED;
			slice_drop(&one.data);
		} else {
			must(one.kind == FX_OVER && !world.overs++, "over twice");
		}
	}
}

static uint8_t
take_u8(struct bytes *rest)
{
	uint8_t c = rest->len ? *rest->at : 0;

	*rest = bytes_from(*rest, 1);
	return c;
}

static struct bytes
take(struct bytes *rest, size_t n)
{
	struct bytes b = { rest->at, n < rest->len ? n : rest->len };

	*rest = bytes_from(*rest, b.len);
	return b;
}

static void
event(struct relay *r, unsigned conn, struct event ev, struct effects *fx)
{
	relay_event(r, conn, &ev, fx);
	carry_out(fx);
}

static void
step(struct relay *r, struct bytes *rest, struct effects *fx)
{
	uint8_t what = take_u8(rest);
	unsigned conn = what >> 4;
	enum state *state = &world.state[conn];

	if ((what & 15) < 6 && *state == OPEN) {
		event(r, conn, (struct event){ .kind = EV_DATA, .data = slice_copy(take(rest, take_u8(rest))) }, fx);
	} else if ((what & 15) < 9 && *state == DIALED) {
		*state = OPEN;
		event(r, conn, (struct event){ .kind = EV_OPEN, .data = slice_text("192.0.2.1:80") }, fx);
	} else if ((what & 15) == 9 && *state == OPEN) {
		event(r, conn, (struct event){ .kind = EV_EOF }, fx);
	} else if ((what & 15) == 10 && (*state == OPEN || *state == DIALED)) {
		*state = GONE;
		event(r, conn, (struct event){ .kind = EV_FAIL, .code = take_u8(rest) % (FAIL_PROTOCOL + 1), .data = slice_text("so") }, fx);
	} else if ((what & 15) < 13 && *state == OPEN) {
		event(r, conn, (struct event){ .kind = (what & 1) ? EV_FULL : EV_DRAINED }, fx);
	} else if ((what & 15) == 13) {
		world.now += (uint64_t)take_u8(rest) * SECOND;
		relay_tick(r, fx);
	} else if ((what & 15) == 14) {
		relay_order(r, &(struct order){ .kind = ORDER_KILL, .flow = 1 }, fx);
	} else if (!conn) {
		event(r, 0, (struct event){ .kind = EV_FAIL, .code = FAIL_TIMEOUT, .data = slice_text("idle") }, fx);
	}
	carry_out(fx);
}

/* In parts, as its sender says it. */
static void
say(struct relay *r, const struct sending *s, struct effects *fx)
{
	event(r, 0, (struct event){ .kind = EV_PART, .part = { .kind = PART_HEAD, .count = !s->body.bytes.len, .head = head_ref(s->head) } }, fx);
	if (s->body.bytes.len)
		event(r, 0, (struct event){ .kind = EV_PART, .part = { .kind = PART_DATA, .data = slice_ref(s->body) } }, fx);
	event(r, 0, (struct event){ .kind = EV_PART, .part = { .kind = PART_END } }, fx);
}

static struct sending
request(uint8_t what)
{
	struct sending s = { .of = 3, .tls = what & 16, .host = "a", .port = 80, .h1_only = what & 32 };
	struct fault why;
	struct draft d;
	struct head *h;

	if (what & 128) {
		sending_raw(&s, slice_text("BAD  / x\r\n\r\nyes"));
		return s;
	}
	h = head_parse(bytes_of(heads[what & 3]), HEAD_REQUEST, &why);
	must(h, "no head");
	draft_of(&d, h);
	d.version = what & 64 ? HTTP_2 : HTTP_1_1;
	s.head = head_make(&d, &why);
	must(s.head, "no head of that version");
	draft_release(&d);
	head_drop(h);
	s.body = what & 2 ? slice_text("body") : (struct slice){ 0 };
	return s;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = { data, size };
	uint8_t what = take_u8(&rest);
	struct sending s = request(what);
	struct options options;
	struct relay_world how = { &options, authority(), next_id, now, NULL };
	struct effects fx = { 0 };
	struct fault why = { "" };
	struct mode mode;
	struct relay *r;

	world = (struct world){ .ordered = ordered_new(), .now = SECOND };
	options_init(&options);
	must(mode_parse(modes[what >> 2 & 3], &mode, &why), why.text);
	r = relay_new(&how, &(struct relay_from){ .mode = &mode, .client = LIT("soth"), .sends = &s, .flow = 1 });
	relay_start(r, &fx);
	carry_out(&fx);
	say(r, &s, &fx);
	while (rest.len && !world.overs)
		step(r, &rest, &fx);
	relay_end(r, &fx);
	carry_out(&fx);
	must(world.overs == 1, "it is not over");
	relay_free(r);
	effects_release(&fx);
	must(ordered_end(&world.ordered, &why), why.text);
	options_release(&options);
	sending_release(&s);
	return 0;
}
