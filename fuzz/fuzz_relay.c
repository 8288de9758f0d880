/*
 * A whole relay between a hostile client and hostile servers: whatever comes
 * in whatever order, every note is in its turn and every flow is closed once.
 *
 *	mode | switches | step ...
 *
 * A step is one byte, what happens (low four bits) and to which connection
 * (the others); where bytes come, a byte that says how many, and those.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../tests/ordered.h"
#include "soth/ca.h"
#include "soth/relay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CONNS = 24, SECOND = 1000000 };

enum state { NONE, DIALED, OPEN, ENDED, GONE };

static const char *const modes[] = {
	"regular", "socks5", "reverse:http://a.test", "reverse:https://a.test", "reverse:h2c://a.test", "reverse:tcp://a.test:7",
	"reverse:tls://a.test:7", "upstream:http://p.test:3128", "upstream:socks5://p.test:1080", "transparent",
};

static const char *const switched[] = { "http2=no", "websocket=no", "rawtcp=no", "http3-passthrough=no",
	"body-size-limit=64", "stream-large-bodies=16", "proxyauth=u:p", "upstream-auth=u:p" };

static struct world {
	struct ordered ordered;
	enum state state[CONNS];
	uint64_t now, ids;
	unsigned overs;
} world;

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_relay: %s\n", what);
	abort();
}

static flow_id
next_id(void *arg)
{
	(void)arg;
	return ++world.ids;
}

static uint64_t
now(void *arg)
{
	(void)arg;
	return world.now;
}

/* One authority for all: a key each time would take longer than the rest. */
static struct ca *
authority(void)
{
	static struct ca *ca;
	char dir[] = "/tmp/fuzz-relay-XXXXXX", path[64];
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
			note_drop(&one.note);
		} else if (one.kind == FX_READ) {
			slice_drop(&one.data);
		} else if (one.kind == FX_COMMAND) {
			if (state && one.command.kind == CMD_CLOSE)
				*state = GONE;
			command_drop(&one.command);
		} else if (one.kind == FX_DIAL || one.kind == FX_ASSOCIATE) {
			must(!state || *state == NONE, "a number is used again");
			if (state)
				*state = DIALED;
			if (one.kind == FX_DIAL)
				slice_drop(&one.data);
		} else {
			must(!world.overs++, "over twice");
		}
	}
}

static struct bytes
take(struct bytes *rest, size_t n)
{
	struct bytes b = { rest->at, n < rest->len ? n : rest->len };

	rest->at += b.len;
	rest->len -= b.len;
	return b;
}

static uint8_t
take_u8(struct bytes *rest)
{
	struct bytes b = take(rest, 1);

	return b.len ? *b.at : 0;
}

static void
event(struct relay *r, unsigned conn, struct event ev, struct effects *fx)
{
	relay_event(r, conn, &ev, fx);
}

static void
step(struct relay *r, struct bytes *rest, struct effects *fx)
{
	uint8_t what = take_u8(rest);
	unsigned conn = what >> 4;
	enum state *state = &world.state[conn];

	switch (what & 15) {
	case 0: case 1: case 2: case 3: case 4: case 5:
		if (*state == OPEN)
			event(r, conn, (struct event){ .kind = EV_DATA, .data = slice_copy(take(rest, take_u8(rest))) }, fx);
		break;
	case 6: case 7:
		if (*state == DIALED) {
			*state = OPEN;
			event(r, conn, (struct event){ .kind = EV_OPEN, .data = slice_text("192.0.2.1:80") }, fx);
		}
		break;
	case 8:
		if (*state != NONE && *state != GONE) {
			*state = GONE;
			event(r, conn, (struct event){ .kind = EV_FAIL, .code = take_u8(rest) % (FAIL_PROTOCOL + 1),
				.data = slice_text("as it is") }, fx);
		}
		break;
	case 9:
		if (*state == OPEN) {
			*state = ENDED;
			event(r, conn, (struct event){ .kind = EV_EOF }, fx);
		}
		break;
	case 10: case 11:
		if (*state == OPEN || *state == ENDED)
			event(r, conn, (struct event){ .kind = (what & 1) ? EV_FULL : EV_DRAINED }, fx);
		break;
	case 12:
		world.now += (uint64_t)take_u8(rest) * SECOND;
		relay_tick(r, fx);
		break;
	case 13:
		relay_order(r, &(struct order){ .kind = ORDER_KILL, .flow = conn + 1 }, fx);
		break;
	default:
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes rest = { data, size };
	struct relay_world how = { NULL, authority(), next_id, now, NULL };
	struct effects fx = { 0 };
	struct options options;
	struct mode mode;
	struct relay *r;
	struct fault why = { "" };
	uint8_t bits;

	world = (struct world){ .ordered = ordered_new(), .state = { OPEN }, .now = SECOND };
	options_init(&options);
	must(mode_parse(modes[take_u8(&rest) % ARRAY_LEN(modes)], &mode, &why), why.text);
	bits = take_u8(&rest);
	for (size_t i = 0; i < ARRAY_LEN(switched); i++)
		must(!(bits >> i & 1) || option_assign(&options, switched[i], &why), why.text);
	how.options = &options;
	r = relay_new(&how, &(struct relay_from){ &mode, LIT("192.0.2.9:1"), LIT("192.0.2.8:8080"), LIT("192.0.2.7:80") });
	relay_start(r, &fx);
	carry_out(&fx);
	while (rest.len && !world.overs) {
		step(r, &rest, &fx);
		carry_out(&fx);
	}
	relay_end(r, &fx);
	carry_out(&fx);
	must(world.overs == 1, "it is not over");
	relay_free(r);
	effects_release(&fx);
	must(ordered_end(&world.ordered, &why), why.text);
	options_release(&options);
	return 0;
}
