/*
 * SOCKS5 from a hostile client, and a parent proxy's answers: wherever they
 * are cut the same comes of it.
 *
 *	who speaks | where to cut | what it says ...
 *
 * who: 0 a client; 1 a client that must give a password; 2 a SOCKS5 parent;
 * 3 the same, with a password to give; 4 an HTTP parent; 5 a datagram's head.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/proto/chain.h"
#include "../src/proto/socks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD_LIMIT = 1024, LOG_MAX = 64 << 20 };

static struct buf heard;
static bool in_data;

static void
must(bool ok, const char *what)
{
	if (!ok) {
		fprintf(stderr, "fuzz_socks: %s\n", what);
		abort();
	}
}

static void
hear(uint8_t what, bool data, struct bytes b)
{
	if (!data || !in_data)
		must(buf_add(&heard, (struct bytes){ &what, 1 }), "too much");
	must(buf_add(&heard, b), "more came than can have");
	in_data = data;
}

static void
ends_up(void *arg, struct event *ev)
{
	(void)arg;
	hear((uint8_t)('A' + ev->kind), ev->kind == EV_DATA, ev->data.bytes);
}

static void
ends_down(void *arg, struct command *cmd)
{
	(void)arg;
	hear((uint8_t)('a' + cmd->kind), false, cmd->kind == CMD_SEND ? cmd->data.bytes : (struct bytes){ 0 });
}

static void
client(uint8_t who, struct bytes says, size_t cut)
{
	struct bytes rest = { says.at, cut };
	struct socks s;

	socks_init(&s, who == 1 ? "user:pass" : NULL);
	socks_read(&s, &rest, &heard);
	rest.len = says.len - (size_t)(rest.at - says.at);
	socks_read(&s, &rest, &heard);
	must(s.state != SOCKS_DONE || (*s.host && strlen(s.host) < sizeof(s.host)), "done without a host");
	must((s.state == SOCKS_FAILED) == !!*s.why.text, "failed without a reason");
	hear((uint8_t)s.state, false, bytes_of(s.why.text));
	if (s.state >= SOCKS_DONE)
		hear((uint8_t)(s.port >> 8), false, bytes_of(s.host));
	hear((uint8_t)(s.state >= SOCKS_DONE ? s.port : 0), false, s.state == SOCKS_DONE ? rest : (struct bytes){ 0 });
}

static void
parent(uint8_t who, struct bytes says, size_t cut)
{
	struct parent_args args = { .host = "a.test", .port = 443, .proxy = "proxy.test:1", .head_limit = HEAD_LIMIT,
		.auth = who == 3 ? "user:pass" : NULL };
	struct chain *c = chain_new((struct chain_ends){ ends_up, ends_down, NULL });
	struct fault why;

	must(chain_push(c, who == 4 ? &layer_connect : &layer_socks, &args, &why), why.text);
	chain_command(c, (struct command){ .kind = CMD_SEND, .data = slice_text("waits") });
	for (int i = 0; i < 2; i++) {
		struct bytes piece = i ? (struct bytes){ says.at + cut, says.len - cut } : (struct bytes){ says.at, cut };

		if (piece.len)
			chain_event(c, (struct event){ .kind = EV_DATA, .data = slice_copy(piece) });
	}
	chain_event(c, (struct event){ .kind = EV_EOF });
	chain_free(c);
}

/* What it reads and writes again reads the same. */
static void
datagram(struct bytes says)
{
	struct bytes payload, again;
	char host[256], host_again[256];
	uint16_t port, port_again;
	struct buf b;

	if (!socks_datagram(says, host, &port, &payload))
		return;
	buf_init(&b, 1000);
	must(socks_datagram_head(host, port, &b), "what was read cannot be written");
	must(socks_datagram(buf_bytes(&b), host_again, &port_again, &again), "what was written cannot be read");
	must(!strcmp(host, host_again) && port == port_again && !again.len, "it reads otherwise");
	buf_release(&b);
}

static struct slice
listen_to(uint8_t who, struct bytes says, size_t cut)
{
	buf_init(&heard, LOG_MAX);
	in_data = false;
	if (who < 2)
		client(who, says, cut);
	else if (who < 5)
		parent(who, says, cut);
	else
		datagram(says);
	return buf_seal(&heard);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes says;
	struct slice whole, pieces;
	uint8_t who;

	if (size < 2)
		return 0;
	who = data[0] % 6;
	says = (struct bytes){ data + 2, size - 2 };
	whole = listen_to(who, says, says.len);
	pieces = listen_to(who, says, says.len ? data[1] % (says.len + 1) : 0);
	must(bytes_same(whole.bytes, pieces.bytes), "cut, it is something else");
	slice_drop(&whole);
	slice_drop(&pieces);
	return 0;
}
