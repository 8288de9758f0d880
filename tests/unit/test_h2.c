/* A client and a server back to back: each case is a script, and all that came up at both ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../src/proto/chain.h"
#include "../../src/proto/h2.h"
#include "soth/buf.h"

/*
 * A step is "END STREAM WHAT": END is c (the client's) or s, and WHAT is "head
 * TEXT", "data TEXT", "fill N" (so many bytes of data), "trailer TEXT", "end",
 * "reset N", "pause", "go"; on stream 0 "shut", "close", "eof", "full" and
 * "drained". After each step everything moves until nothing does. DATA is
 * joined, since how it is cut is nobody's business.
 */
struct side_of {
	struct chain *chain;
	struct buf wire, log;
	uint32_t data_on;	/* the last line is DATA of this stream */
	size_t bytes;		/* of DATA, all in all */
	bool count;		/* DATA is counted, not written down, nor is FULL */
	bool full[4096];	/* by stream */
	bool closed;
	bool server;
};

struct pair {
	struct side_of client, server;
};

static void
put(struct buf *b, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.at[i];

		assert_true(c == '\r' ? true : c == '\n' ? buf_add(b, LIT("|")) : buf_add(b, (struct bytes){ &c, 1 }));
	}
}

static void
line(struct side_of *e, uint32_t stream, const char *what, struct bytes text)
{
	e->data_on = 0;
	assert_true(buf_addf(&e->log, "%u %s%s", stream, what, text.len ? " " : ""));
	put(&e->log, text);
	assert_true(buf_add(&e->log, LIT("\n")));
}

static void
line_data(struct side_of *e, uint32_t stream, struct bytes text)
{
	e->bytes += text.len;
	if (e->count)
		return;
	if (e->data_on == stream)
		e->log.len--;
	else
		line(e, stream, "data ", (struct bytes){ 0 }), e->log.len--;
	put(&e->log, text);
	assert_true(buf_add(&e->log, LIT("\n")));
	e->data_on = stream;
}

static void
line_part(struct side_of *e, uint32_t stream, const struct part *p)
{
	char reset[64];

	switch (p->kind) {
	case PART_HEAD:
	case PART_TRAILER:
		line(e, stream, p->kind == PART_HEAD ? "head" : "trailer", head_text(p->head));
		break;
	case PART_DATA:
		line_data(e, stream, p->data.bytes);
		break;
	case PART_END:
		line(e, stream, "end", (struct bytes){ 0 });
		break;
	case PART_RESET:
		snprintf(reset, sizeof(reset), "reset %s%s", h2_code_name(p->code), p->count == 431 ? " (431)" : "");
		line(e, stream, reset, p->data.bytes);
		break;
	default:
		fail();
	}
}

static void
end_up(void *arg, struct event *ev)
{
	static const char *const names[] = {
		[EV_OPEN] = "open", [EV_EOF] = "eof", [EV_FAIL] = "fail", [EV_FULL] = "full", [EV_DRAINED] = "drained",
	};

	struct side_of *e = arg;

	if (ev->kind == EV_FULL || ev->kind == EV_DRAINED)
		e->full[ev->stream] = ev->kind == EV_FULL;
	if (ev->kind == EV_PART)
		line_part(arg, ev->stream, &ev->part);
	else if (ev->kind != EV_OPEN && !e->count)
		line(arg, ev->stream, names[ev->kind], ev->kind == EV_FAIL ? ev->data.bytes : (struct bytes){ 0 });
}

static void
end_down(void *arg, struct command *cmd)
{
	struct side_of *e = arg;

	if (cmd->kind == CMD_SEND)
		assert_true(buf_add(&e->wire, cmd->data.bytes));
	else
		line(e, cmd->stream, cmd->kind == CMD_CLOSE ? "closes" : cmd->kind == CMD_PAUSE ? "pauses" : "goes",
			(struct bytes){ 0 });
	e->closed = e->closed || cmd->kind == CMD_CLOSE;
}

enum { HEAD_LIMIT = 1000, WIRE_MAX = 256 << 20 };

static void
end_open(struct side_of *e, struct h2_args args)
{
	struct fault why;

	*e = (struct side_of){ .server = args.server };
	buf_init(&e->wire, WIRE_MAX);
	buf_init(&e->log, WIRE_MAX);
	e->chain = chain_new((struct chain_ends){ end_up, end_down, e });
	assert_true(chain_push(e->chain, &layer_h2, &args, &why));
}

static void
end_close(struct side_of *e)
{
	chain_free(e->chain);
	buf_release(&e->wire);
	buf_release(&e->log);
}

static struct h2 *
h2_of(const struct side_of *e)
{
	return chain_find(e->chain, &layer_h2);
}

/* What `from` has sent, in one piece; with a cut, so many bytes and the rest; with 0, byte by byte. */
static bool
move(struct side_of *from, struct side_of *to, size_t cut)
{
	struct slice all;

	chain_settle(from->chain);
	if (!from->wire.len)
		return false;
	all = buf_seal(&from->wire);
	buf_init(&from->wire, WIRE_MAX);
	for (size_t at = 0; at < all.bytes.len && !to->closed; ) {
		size_t left = all.bytes.len - at, n = !cut ? 1 : !at && cut < left ? cut : left;

		chain_event(to->chain, (struct event){ .kind = EV_DATA, .data = slice_copy((struct bytes){ all.bytes.at + at, n }) });
		chain_settle(to->chain);
		at += n;
	}
	slice_drop(&all);
	return true;
}

static void
pump(struct pair *p, size_t cut)
{
	bool moved;

	do {
		moved = move(&p->client, &p->server, cut);
		moved = move(&p->server, &p->client, cut) || moved;
	} while (moved);
}

static struct head *
head_of(const char *text, enum head_kind kind)
{
	struct fault why;
	struct head *h = head_parse(bytes_of(text), kind, &why);

	if (!h)
		fail_msg("%s: %s", text, why.text);
	return h;
}

static struct part
part_of(const struct side_of *e, const char *what)
{
	const char *arg = strchr(what, ' ') ? strchr(what, ' ') + 1 : "";
	struct part p = { .kind = PART_END };

	if (!strncmp(what, "head ", 5)) {
		p = (struct part){ .kind = PART_HEAD, .head = head_of(arg, e->server ? HEAD_RESPONSE : HEAD_REQUEST) };
	} else if (!strncmp(what, "trailer ", 8)) {
		p = (struct part){ .kind = PART_TRAILER, .head = head_of(arg, HEAD_FIELDS) };
	} else if (!strncmp(what, "data ", 5)) {
		p = (struct part){ .kind = PART_DATA, .data = slice_text(arg) };
	} else if (!strncmp(what, "fill ", 5)) {
		uint8_t *at;

		p = (struct part){ .kind = PART_DATA, .data = slice_new((size_t)atol(arg), &at) };
		memset(at, 'x', p.data.bytes.len);
	} else if (!strncmp(what, "reset ", 6)) {
		p = (struct part){ .kind = PART_RESET, .code = (uint32_t)atol(arg), .data = slice_text("by hand") };
	} else {
		assert_string_equal(what, "end");
	}
	return p;
}

static void
give(struct side_of *e, uint32_t stream, const char *what)
{
	static const struct { const char *word; bool up; int kind; } plain[] = {
		{ "pause", false, CMD_PAUSE }, { "go", false, CMD_GO }, { "shut", false, CMD_SHUT },
		{ "close", false, CMD_CLOSE }, { "eof", true, EV_EOF }, { "full", true, EV_FULL },
		{ "drained", true, EV_DRAINED }, { "lost", true, EV_FAIL },
	};

	for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
		if (strcmp(what, plain[i].word))
			continue;
		if (plain[i].up)
			chain_event(e->chain, (struct event){ .kind = plain[i].kind, .stream = stream });
		else
			chain_command(e->chain, (struct command){ .kind = plain[i].kind, .stream = stream });
		return;
	}
	chain_command(e->chain, (struct command){ .kind = CMD_PART, .stream = stream, .part = part_of(e, what) });
}

/* "+" before a step: it goes with the one before, and nothing moves between them. */
static void
take_step(struct pair *p, const char *step, size_t cut)
{
	struct side_of *e = *step == 'c' ? &p->client : &p->server;
	char *what;
	uint32_t stream = (uint32_t)strtoul(step + 2, &what, 10);

	give(e, stream, what + 1);
	(void)cut;
}

static void
pair_open(struct pair *p, bool proxy)
{
	end_open(&p->client, (struct h2_args){ .head_limit = HEAD_LIMIT, .tls = true });
	end_open(&p->server, (struct h2_args){ .head_limit = HEAD_LIMIT, .server = true, .proxy = proxy, .websocket = true });
}

static void
pair_close(struct pair *p)
{
	end_close(&p->client);
	end_close(&p->server);
}

static void
check_log(const struct side_of *e, const char *want, size_t cut)
{
	if (!bytes_are(buf_bytes(&e->log), want))
		fail_msg("cut at %zu, the %s:\n%.*swanted:\n%s", cut, e->server ? "server" : "client",
			(int)e->log.len, (const char *)e->log.at, want);
}

static void
play_steps(struct pair *p, const char *const *steps, size_t cut)
{
	pump(p, cut);
	for (size_t i = 0; steps[i]; i++) {
		take_step(p, steps[i] + (*steps[i] == '+'), cut);
		if (!steps[i + 1] || *steps[i + 1] != '+')
			pump(p, cut);
	}
}

enum { CUTS = 150 };

static void
play_on(bool proxy, const char *const *steps, const char *client, const char *server)
{
	for (size_t cut = 0; cut < CUTS; cut++) {
		struct pair p;

		pair_open(&p, proxy);
		play_steps(&p, steps, cut);
		check_log(&p.server, server, cut);
		check_log(&p.client, client, cut);
		pair_close(&p);
	}
}

#define PLAY(client, server, ...)	play_on(false, (const char *const[]){ __VA_ARGS__, NULL }, client, server)
#define PLAY_PROXY(client, server, ...)	play_on(true, (const char *const[]){ __VA_ARGS__, NULL }, client, server)

#define GET	"head GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
#define POST	"head POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
#define GET_UP	"1 head GET /a HTTP/2|host: x||\n1 end\n"
#define POST_UP	"1 head POST /a HTTP/2|host: x||\n"
#define OK	"head HTTP/1.1 200 OK\r\n\r\n"
#define OK_UP	"1 head HTTP/2 200 ||\n"

static void
test_a_request_and_its_answer_pass(void **state)
{
	(void)state;
	PLAY(OK_UP "1 data hello\n1 end\n", GET_UP,
		"c 1 " GET, "+c 1 end", "s 1 " OK, "+s 1 data hel", "+s 1 data lo", "+s 1 end");
	PLAY(OK_UP "1 end\n3 head HTTP/2 204 ||\n3 end\n",
		POST_UP "1 data abcd\n1 end\n3 head GET /a HTTP/2|host: x||\n3 end\n",
		"c 1 " POST, "c 1 data ab", "c 1 data cd", "c 1 end", "s 1 " OK, "s 1 end",
		"c 3 " GET, "c 3 end", "s 3 head HTTP/1.1 204 No\r\n\r\n", "+s 3 end");
}

static void
test_what_is_the_connections_does_not_pass(void **state)
{
	(void)state;
	PLAY("1 head HTTP/2 200 |content-type: a||\n1 end\n",
		"1 head GET /a HTTP/2|host: x|accept: */*|te: trailers||\n1 end\n",
		"c 1 head GET /a HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, X-Mine, TE\r\nKeep-Alive: 5\r\n"
		"X-Mine: 1\r\nTE: gzip, trailers\r\nAccept: */*\r\nUpgrade: h2c\r\nHTTP2-Settings: A\r\n"
		"Proxy-Connection: x\r\n\r\n", "+c 1 end",
		"s 1 head HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: a\r\n\r\n", "+s 1 end");
}

static void
test_targets_in_all_their_forms(void **state)
{
	(void)state;
	PLAY_PROXY("", "1 head GET http://h:81/p?q HTTP/2|host: h:81||\n1 end\n"
		"3 head GET https://x/a HTTP/2|host: x||\n3 end\n"
		"5 head OPTIONS http://h HTTP/2|host: h||\n5 end\n"
		"7 head CONNECT h:443 HTTP/2|host: h:443||\n7 data in\n"
		"9 head GET http://h/ HTTP/2|host: h||\n9 end\n",
		"c 1 head GET http://h:81/p?q HTTP/1.1\r\nHost: z\r\n\r\n", "+c 1 end",
		"c 3 " GET, "+c 3 end",
		"c 5 head OPTIONS http://h HTTP/1.1\r\nHost: h\r\n\r\n", "+c 5 end",
		"c 7 head CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n", "+c 7 data in",
		"c 9 head GET http://h HTTP/1.1\r\nHost: h\r\n\r\n", "+c 9 end");
	PLAY("", "1 head OPTIONS * HTTP/2|host: h||\n1 end\n3 head GET /p HTTP/2|host: h||\n3 end\n",
		"c 1 head OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "+c 1 end",
		"c 3 head GET http://h/p HTTP/1.1\r\nHost: z\r\n\r\n", "+c 3 end");
}

static void
test_a_websocket_is_an_extended_connect(void **state)
{
	(void)state;
	PLAY(OK_UP "1 data out\n", "1 head CONNECT /chat HTTP/2|host: x|upgrade: websocket|origin: o||\n1 data in\n",
		"c 1 head CONNECT /chat HTTP/2\r\nhost: x\r\norigin: o\r\nupgrade: websocket\r\n\r\n",
		"s 1 head HTTP/2 200 \r\n\r\n", "c 1 data in", "s 1 data out");
}

static void
test_cookies_are_one_field(void **state)
{
	(void)state;
	PLAY("", "1 head GET /a HTTP/2|host: x|a: 1|cookie: b=1; c=2; d=3|e: 5||\n1 end\n",
		"c 1 head GET /a HTTP/2\r\nhost: x\r\na: 1\r\ncookie: b=1\r\ncookie: c=2\r\ne: 5\r\nCookie: d=3\r\n\r\n", "+c 1 end");
}

static void
test_interim_answers_go_before_the_last(void **state)
{
	(void)state;
	PLAY("1 head HTTP/2 100 ||\n1 head HTTP/2 103 |link: a||\n" OK_UP "1 end\n", POST_UP "1 data body\n1 end\n",
		"c 1 " POST, "s 1 head HTTP/1.1 100 Continue\r\n\r\n", "s 1 head HTTP/1.1 103 Early\r\nLink: a\r\n\r\n",
		"c 1 data body", "c 1 end", "s 1 " OK, "s 1 end");
}

static void
test_trailers_pass_both_ways(void **state)
{
	(void)state;
	PLAY(OK_UP "1 data b\n1 trailer grpc-status: 0||\n1 end\n", POST_UP "1 data a\n1 trailer digest: 1|x: y||\n1 end\n",
		"c 1 " POST, "+c 1 data a", "+c 1 trailer Digest: 1\r\nX: y\r\n\r\n", "+c 1 end",
		"s 1 " OK, "s 1 data b", "s 1 trailer grpc-status: 0\r\n\r\n", "s 1 end");
	PLAY(OK_UP "1 trailer grpc-status: 0||\n1 end\n", GET_UP,
		"c 1 " GET, "+c 1 end", "s 1 " OK, "+s 1 trailer grpc-status: 0\r\n\r\n", "+s 1 end");
}

static void
test_answers_that_have_no_body_may_say_how_long_it_would_be(void **state)
{
	(void)state;
	PLAY("1 head HTTP/2 200 |content-length: 5||\n1 end\n3 head HTTP/2 304 |content-length: 5||\n3 end\n",
		"1 head HEAD / HTTP/2|host: x||\n1 end\n3 head GET /a HTTP/2|host: x||\n3 end\n",
		"c 1 head HEAD / HTTP/2\r\nhost: x\r\n\r\n", "+c 1 end",
		"s 1 head HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "+s 1 data drop", "+s 1 end",
		"c 3 " GET, "+c 3 end", "s 3 head HTTP/1.1 304 N\r\nContent-Length: 5\r\n\r\n", "s 3 end");
}

static void
test_a_body_that_is_not_as_long_as_said_is_cut_or_broken_off(void **state)
{
	(void)state;
	PLAY("1 head HTTP/2 200 |content-length: 3||\n1 data abc\n1 end\n", GET_UP,
		"c 1 " GET, "+c 1 end", "s 1 head HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "s 1 data ab", "s 1 data cde", "s 1 end");
	PLAY("1 head HTTP/2 200 |content-length: 3||\n1 data ab\n1 reset INTERNAL_ERROR the server reset the stream: INTERNAL_ERROR\n",
		GET_UP "1 reset INTERNAL_ERROR the body is shorter than its content-length\n",
		"c 1 " GET, "+c 1 end", "s 1 head HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "s 1 data ab", "s 1 end");
}

static void
test_an_answer_may_end_while_the_request_goes_on(void **state)
{
	(void)state;
	PLAY(OK_UP "1 data no\n1 end\n", POST_UP "1 data ab\n1 end\n",
		"c 1 " POST, "c 1 data a", "s 1 " OK, "+s 1 data no", "+s 1 end", "c 1 data b", "+c 1 end");
	PLAY(OK_UP "1 data no\n1 end\n1 reset NO_ERROR the server reset the stream: NO_ERROR\n", POST_UP "1 data a\n",
		"c 1 " POST, "c 1 data a", "s 1 " OK, "+s 1 data no", "+s 1 end", "+s 1 reset 0", "c 1 data b", "c 1 end");
	PLAY(OK_UP "1 end\n1 reset NO_ERROR the server reset the stream: NO_ERROR\n", POST_UP "1 data a\n",
		"c 1 " POST, "c 1 data a", "s 1 " OK, "s 1 end", "s 1 reset 0", "c 1 data b");
}

static void
test_a_reset_ends_one_stream_alone(void **state)
{
	(void)state;
	PLAY("3 head HTTP/2 200 ||\n3 end\n",
		GET_UP "3 head GET /a HTTP/2|host: x||\n3 end\n1 reset CANCEL the client reset the stream: CANCEL\n",
		"c 1 " GET, "+c 1 end", "c 3 " GET, "+c 3 end", "c 1 reset 8", "s 1 " OK, "s 1 end", "s 3 " OK, "s 3 end");
	PLAY("1 reset REFUSED_STREAM the server reset the stream: REFUSED_STREAM\n", POST_UP,
		"c 1 " POST, "s 1 reset 7", "c 1 data a");
}

static void
test_a_request_that_was_given_up_at_once_uses_its_number(void **state)
{
	(void)state;
	PLAY("", "3 head GET /a HTTP/2|host: x||\n3 end\n",
		"c 1 " POST, "+c 1 reset 8", "+c 3 " GET, "+c 3 end");
}

static void
test_a_head_that_may_not_go_is_a_reset(void **state)
{
	(void)state;
	PLAY("1 reset INTERNAL_ERROR there is no host field (RFC 9112 section 3.2)\n",
		"3 head GET /a HTTP/2|host: x||\n3 end\n",
		"c 1 head GET / HTTP/1.1\r\n\r\n", "c 1 end", "c 3 " GET, "c 3 end");
	PLAY("1 reset INTERNAL_ERROR RFC 9113 section 8.3.1: the target has neither :path nor :scheme\n", "",
		"c 1 head GET a HTTP/1.1\r\nHost: x\r\n\r\n", "c 1 end");
	PLAY("1 reset INTERNAL_ERROR the server reset the stream: INTERNAL_ERROR\n",
		GET_UP "1 reset INTERNAL_ERROR RFC 9113 section 8.6: a 101 response\n",
		"c 1 " GET, "+c 1 end", "s 1 head HTTP/1.1 101 S\r\nUpgrade: x\r\n\r\n");
	PLAY(OK_UP "1 reset INTERNAL_ERROR the server reset the stream: INTERNAL_ERROR\n",
		GET_UP "1 reset INTERNAL_ERROR a trailer says host (RFC 9110 section 6.5.1)\n",
		"c 1 " GET, "+c 1 end", "s 1 " OK, "s 1 trailer Host: x\r\n\r\n");
}

static void
test_shut_lets_what_is_under_way_end(void **state)
{
	(void)state;
	PLAY(OK_UP "1 end\n", GET_UP "0 closes\n",
		"c 1 " GET, "+c 1 end", "s 0 shut", "s 1 " OK, "s 1 end");
	PLAY(OK_UP "1 end\n0 closes\n", GET_UP "0 closes\n0 eof\n",
		"c 1 " GET, "+c 1 end", "c 0 shut", "s 1 " OK, "s 1 end");
}

static void
test_after_goaway_a_request_is_refused_here(void **state)
{
	(void)state;
	PLAY("3 reset REFUSED_STREAM the server is going away: NO_ERROR\n" OK_UP "1 end\n",
		GET_UP "0 closes\n",
		"c 1 " GET, "+c 1 end", "s 0 shut", "c 3 " GET, "s 1 " OK, "s 1 end");
}

static void
test_requests_that_cross_a_goaway_can_be_sent_again(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, false);
	pump(&p, 1000);
	give(&p.client, 1, GET);
	give(&p.client, 1, "end");
	pump(&p, 1000);
	give(&p.server, 0, "shut");
	chain_settle(p.server.chain);
	give(&p.client, 3, GET);
	give(&p.client, 3, "end");
	pump(&p, 1000);
	check_log(&p.client, "3 reset REFUSED_STREAM the server is going away: NO_ERROR\n", 0);
	check_log(&p.server, GET_UP, 0);
	assert_false(h2_accepts(h2_of(&p.client)));
	pair_close(&p);
}

static void
test_close_and_the_end_of_the_connection_reset_what_is_under_way(void **state)
{
	(void)state;
	PLAY("1 reset CONNECT_ERROR the server closed the connection\n0 eof\n", GET_UP,
		"c 1 " GET, "+c 1 end", "c 0 eof");
	PLAY("", GET_UP "1 reset CONNECT_ERROR the client closed the connection\n0 eof\n",
		"c 1 " GET, "+c 1 end", "s 0 eof");
	PLAY("1 reset CONNECT_ERROR the server is going away: NO_ERROR\n0 eof\n", GET_UP "0 closes\n",
		"c 1 " GET, "+c 1 end", "s 0 close", "c 0 eof");
	PLAY("0 fail\n", GET_UP, "c 1 " GET, "+c 1 end", "c 0 lost");
}

static void
test_a_new_request_on_a_dead_connection_is_refused(void **state)
{
	(void)state;
	PLAY("0 eof\n1 reset REFUSED_STREAM the connection is over\n", "", "c 0 eof", "c 1 " GET, "c 1 end");
}

static void
requests_open(struct pair *p, uint32_t count)
{
	pair_open(p, false);
	pump(p, SIZE_MAX);
	p->client.count = p->server.count = true;
	for (uint32_t i = 0; i < count; i++) {
		give(&p->client, 2 * i + 1, GET);
		give(&p->client, 2 * i + 1, "end");
		pump(p, SIZE_MAX);
		give(&p->server, 2 * i + 1, OK);
	}
	pump(p, SIZE_MAX);
}

/* As much of `left` as goes until the stream is full. */
static void
pour(struct side_of *e, uint32_t stream, size_t *left)
{
	for (; *left && !e->full[stream]; *left -= 10000)
		give(e, stream, "fill 10000");
}

static void
test_a_paused_stream_fills_and_its_neighbours_go_on(void **state)
{
	static struct pair p;
	size_t left = 300000, neighbour = 300000;

	(void)state;
	requests_open(&p, 2);
	give(&p.client, 1, "pause");
	for (unsigned round = 0; round < 50; round++) {
		pour(&p.server, 1, &left);
		pour(&p.server, 3, &neighbour);
		pump(&p, SIZE_MAX);
	}
	assert_true(p.server.full[1]);
	assert_false(p.server.full[3]);
	assert_int_equal(neighbour, 0);
	assert_in_range(left, 100000, 200000);
	assert_int_equal(p.client.bytes, 300000 + H2_WINDOW);
	give(&p.client, 1, "go");
	pump(&p, SIZE_MAX);
	assert_false(p.server.full[1]);
	assert_int_equal(p.client.bytes, 300000 + 300000 - left);
	pair_close(&p);
}

static void
test_a_thousand_streams_of_slow_readers_hold_no_more_than_their_windows(void **state)
{
	enum { STREAMS = 1000, SLOW = 999, EACH = 400000 };
	static size_t left[STREAMS];
	static struct pair p;
	size_t poured = 0, rest = 0;

	(void)state;
	requests_open(&p, STREAMS);
	for (uint32_t i = 0; i < STREAMS; i++) {
		left[i] = EACH;
		if (i < SLOW)
			give(&p.client, 2 * i + 1, "pause");
	}
	for (unsigned round = 0; round < 8; round++) {
		for (uint32_t i = 0; i < STREAMS; i++)
			pour(&p.server, 2 * i + 1, &left[i]);
		pump(&p, SIZE_MAX);
	}
	for (uint32_t i = 0; i < SLOW; i++)
		poured += EACH - left[i];
	assert_int_equal(left[SLOW], 0);
	assert_int_equal(p.client.bytes, EACH + SLOW * H2_WINDOW);
	assert_true(poured <= SLOW * (size_t)(H2_WINDOW + H2_STREAM_HIGH + 10000));
	for (uint32_t i = 0; i < SLOW; i++)
		give(&p.client, 2 * i + 1, "go");
	do {
		pump(&p, SIZE_MAX);
		rest = 0;
		for (uint32_t i = 0; i < STREAMS; i++) {
			pour(&p.server, 2 * i + 1, &left[i]);
			rest += left[i];
		}
	} while (rest);
	pump(&p, SIZE_MAX);
	assert_int_equal(p.client.bytes, (size_t)STREAMS * EACH);
	assert_int_equal(h2_streams(h2_of(&p.client)), STREAMS);
	pair_close(&p);
}

static void
test_a_window_grows_while_it_is_read_fast_and_shrinks_with_a_pause(void **state)
{
	static struct pair p;
	size_t left = 4000000, before;

	(void)state;
	requests_open(&p, 2);
	while (left) {
		pour(&p.server, 1, &left);
		pump(&p, SIZE_MAX);
	}
	/* What goes without a word from the client. */
	before = p.client.bytes;
	for (unsigned i = 0; i < 300; i++) {
		give(&p.server, 1, "fill 10000");
		move(&p.server, &p.client, SIZE_MAX);
	}
	assert_in_range(p.client.bytes - before, H2_WINDOW_MAX / 2, H2_WINDOW_MAX);
	before = p.client.bytes;
	for (unsigned i = 0; i < 300; i++) {
		give(&p.server, 3, "fill 10000");
		move(&p.server, &p.client, SIZE_MAX);
	}
	assert_in_range(p.client.bytes - before, H2_WINDOW - 1, H2_WINDOW);
	/* What the peer was allowed it may still send, but that comes back no more. */
	pump(&p, SIZE_MAX);
	give(&p.client, 1, "pause");
	give(&p.server, 1, "fill 2000000");
	pump(&p, SIZE_MAX);
	give(&p.client, 1, "go");
	before = p.client.bytes;
	move(&p.client, &p.server, SIZE_MAX);
	move(&p.server, &p.client, SIZE_MAX);
	assert_in_range(p.client.bytes - before, 1, H2_WINDOW);
	pair_close(&p);
}

static void
test_what_is_full_below_keeps_everything_here(void **state)
{
	(void)state;
	PLAY("", GET_UP, "s 0 full", "c 1 " GET, "+c 1 end", "s 1 " OK, "s 1 data a");
	PLAY(OK_UP "1 data a\n1 end\n", GET_UP, "s 0 full", "c 1 " GET, "+c 1 end", "s 1 " OK, "s 1 data a", "s 1 end", "s 0 drained");
	PLAY("", "0 pauses\n0 goes\n", "s 0 pause", "s 0 go");
}

static void
test_it_says_what_may_be_asked_of_it(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p, false);
	assert_false(h2_takes_websocket(h2_of(&p.client)));
	assert_true(h2_accepts(h2_of(&p.client)));
	pump(&p, SIZE_MAX);
	assert_true(h2_takes_websocket(h2_of(&p.client)));
	assert_false(h2_alien(h2_of(&p.client)));

	give(&p.client, 1, GET);

	assert_int_equal(h2_streams(h2_of(&p.client)), 1);
	give(&p.client, 1, "end");
	pump(&p, SIZE_MAX);
	assert_int_equal(h2_streams(h2_of(&p.server)), 1);
	give(&p.server, 1, OK);
	give(&p.server, 1, "end");
	pump(&p, SIZE_MAX);
	assert_int_equal(h2_streams(h2_of(&p.server)), 0);
	assert_int_equal(h2_streams(h2_of(&p.client)), 0);
	assert_string_equal(h2_code_name(H2_HTTP_1_1_REQUIRED), "HTTP_1_1_REQUIRED");
	assert_string_equal(h2_code_name(14), "?");
	pair_close(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_request_and_its_answer_pass),
		cmocka_unit_test(test_what_is_the_connections_does_not_pass),
		cmocka_unit_test(test_targets_in_all_their_forms),
		cmocka_unit_test(test_a_websocket_is_an_extended_connect),
		cmocka_unit_test(test_cookies_are_one_field),
		cmocka_unit_test(test_interim_answers_go_before_the_last),
		cmocka_unit_test(test_trailers_pass_both_ways),
		cmocka_unit_test(test_answers_that_have_no_body_may_say_how_long_it_would_be),
		cmocka_unit_test(test_a_body_that_is_not_as_long_as_said_is_cut_or_broken_off),
		cmocka_unit_test(test_an_answer_may_end_while_the_request_goes_on),
		cmocka_unit_test(test_a_reset_ends_one_stream_alone),
		cmocka_unit_test(test_a_request_that_was_given_up_at_once_uses_its_number),
		cmocka_unit_test(test_a_head_that_may_not_go_is_a_reset),
		cmocka_unit_test(test_shut_lets_what_is_under_way_end),
		cmocka_unit_test(test_after_goaway_a_request_is_refused_here),
		cmocka_unit_test(test_requests_that_cross_a_goaway_can_be_sent_again),
		cmocka_unit_test(test_close_and_the_end_of_the_connection_reset_what_is_under_way),
		cmocka_unit_test(test_a_paused_stream_fills_and_its_neighbours_go_on),
		cmocka_unit_test(test_a_thousand_streams_of_slow_readers_hold_no_more_than_their_windows),
		cmocka_unit_test(test_a_window_grows_while_it_is_read_fast_and_shrinks_with_a_pause),
		cmocka_unit_test(test_what_is_full_below_keeps_everything_here),
		cmocka_unit_test(test_it_says_what_may_be_asked_of_it),
		cmocka_unit_test(test_a_new_request_on_a_dead_connection_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
