/* Each case is a little script: what comes and goes, and then all that came of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../src/proto/chain.h"
#include "../../src/proto/h1.h"
#include "soth/buf.h"

#define MENDS	"; validate-inbound-headers=no mends that"

/*
 * A step is "<bytes" (they come from the wire), "<eof", "full" (EV_FULL, which
 * passes), "pause", "go", "swap" (raw takes the place of h1), or a part that goes down: "head TEXT", "data
 * TEXT", "trailer TEXT", "end", "reset". What comes of it is written down as
 * "up ..." and "down ...", a line each; runs of DATA and of SEND are joined,
 * since where they are cut is nobody's business.
 */
enum last { LAST_OTHER, LAST_DATA, LAST_SEND };

struct stage {
	struct chain *chain;
	struct buf log;
	enum last last;
	unsigned sends;
	bool server;
};

static void
put(struct stage *s, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.at[i];
		bool ok = c == '\r' ? buf_add(&s->log, LIT("\\r")) : c == '\n' ? buf_add(&s->log, LIT("\\n")) :
			buf_add(&s->log, (struct bytes){ &c, 1 });

		assert_true(ok);
	}
}

static void
line(struct stage *s, const char *what, struct bytes text, enum last last)
{
	if (s->last != last || last == LAST_OTHER) {
		if (s->log.len)
			assert_true(buf_add(&s->log, LIT("\n")));
		put(s, bytes_of(what));
	}
	put(s, text);
	s->last = last;
}

static void
line_part(struct stage *s, const struct part *p)
{
	char code[32];

	switch (p->kind) {
	case PART_HEAD:
		line(s, "up head ", head_text(p->head), LAST_OTHER);
		break;
	case PART_TRAILER:
		line(s, "up trailer ", head_text(p->head), LAST_OTHER);
		break;
	case PART_DATA:
		line(s, "up data ", p->data.bytes, LAST_DATA);
		break;
	case PART_END:
		line(s, "up end", (struct bytes){ 0 }, LAST_OTHER);
		break;
	case PART_RESET:
		snprintf(code, sizeof(code), "up reset %u ", p->code);
		line(s, code, p->data.bytes, LAST_OTHER);
		break;
	case PART_FAULT:
		line(s, "up fault ", p->data.bytes, LAST_OTHER);
		break;
	default:
		fail();
	}
}

static void
stage_up(void *arg, struct event *ev)
{
	if (ev->kind == EV_PART)
		line_part(arg, &ev->part);
	else
		line(arg, ev->kind == EV_EOF ? "up eof" : ev->kind == EV_FULL ? "up full" : "up other",
			(struct bytes){ 0 }, LAST_OTHER);
}

static void
stage_down(void *arg, struct command *cmd)
{
	static const char *const names[] = {
		[CMD_SEND] = "down ", [CMD_SHUT] = "down shut", [CMD_CLOSE] = "down close",
		[CMD_PAUSE] = "down pause", [CMD_GO] = "down go",
	};

	((struct stage *)arg)->sends += cmd->kind == CMD_SEND;
	line(arg, names[cmd->kind], cmd->kind == CMD_SEND ? cmd->data.bytes : (struct bytes){ 0 },
		cmd->kind == CMD_SEND ? LAST_SEND : LAST_OTHER);
}

/* All in one, or `cut` bytes and then the rest; 0: byte by byte. */
static void
come(struct stage *s, const char *text, size_t cut)
{
	size_t len = strlen(text);

	for (size_t at = 0; at < len; ) {
		size_t n = cut == 0 ? 1 : at == 0 && cut < len ? cut : len - at;

		chain_event(s->chain, (struct event){ .kind = EV_DATA,
			.data = slice_copy((struct bytes){ (const uint8_t *)text + at, n }) });
		at += n;
	}
}

static struct part
part_of_step(const struct stage *s, const char *step)
{
	const char *arg = strchr(step, ' ') ? strchr(step, ' ') + 1 : "";
	struct fault why;
	struct part p = { .kind = PART_NONE };

	if (!strncmp(step, "head ", 5)) {
		p.kind = PART_HEAD;
		p.head = head_parse(bytes_of(arg), s->server ? HEAD_RESPONSE : HEAD_REQUEST, &why);
		assert_non_null(p.head);
	} else if (!strncmp(step, "trailer ", 8)) {
		p.kind = PART_TRAILER;
		p.head = head_parse(bytes_of(arg), HEAD_FIELDS, &why);
		assert_non_null(p.head);
	} else if (!strncmp(step, "data ", 5)) {
		p.kind = PART_DATA;
		p.data = slice_text(arg);
	} else {
		p.kind = !strcmp(step, "end") ? PART_END : PART_RESET;
		assert_true(p.kind == PART_END || !strcmp(step, "reset"));
	}
	return p;
}

static void
take_step(struct stage *s, const char *step, size_t cut)
{
	struct fault why;

	if (!strcmp(step, "<eof"))
		chain_event(s->chain, (struct event){ .kind = EV_EOF });
	else if (!strcmp(step, "full"))
		chain_event(s->chain, (struct event){ .kind = EV_FULL });
	else if (*step == '<')
		come(s, step + 1, cut);
	else if (!strcmp(step, "pause") || !strcmp(step, "go"))
		chain_command(s->chain, (struct command){ .kind = *step == 'p' ? CMD_PAUSE : CMD_GO });
	else if (!strcmp(step, "swap"))
		assert_true(chain_swap(s->chain, &layer_raw, NULL, &why));
	else
		chain_command(s->chain, (struct command){ .kind = CMD_PART, .part = part_of_step(s, step) });
	chain_settle(s->chain);
}

enum { HEAD_LIMIT = 300 };

static bool lenient;	/* of what is played */

static void
stage_open(struct stage *s, bool server)
{
	struct fault why;

	*s = (struct stage){ .server = server };
	buf_init(&s->log, 1 << 20);
	s->chain = chain_new((struct chain_ends){ stage_up, stage_down, s });
	assert_true(chain_push(s->chain, &layer_h1,
		&(struct h1_args){ .server = server, .head_limit = HEAD_LIMIT, .lenient = lenient }, &why));
}

static void
stage_close(struct stage *s)
{
	chain_free(s->chain);
	buf_release(&s->log);
}

static void
play_cut(bool server, const char *const *steps, const char *want, size_t cut)
{
	struct stage s;

	stage_open(&s, server);
	for (size_t i = 0; steps[i]; i++)
		take_step(&s, steps[i], cut);
	if (!bytes_are(buf_bytes(&s.log), want))
		fail_msg("cut at %zu:\n%.*s\nwanted:\n%s", cut, (int)s.log.len, (const char *)s.log.at, want);
	stage_close(&s);
}

static bool
says(const struct stage *s, const char *what)
{
	return memmem(s->log.at, s->log.len, what, strlen(what));
}

/* The same must come of it wherever what comes is cut. */
static void
play(bool server, const char *const *steps, const char *want)
{
	size_t longest = 0;

	for (size_t i = 0; steps[i]; i++)
		longest = strlen(steps[i]) > longest ? strlen(steps[i]) : longest;
	for (size_t cut = 0; cut <= longest; cut++)
		play_cut(server, steps, want, cut);
}

#define SERVER_PLAY(want, ...)	play(true, (const char *const[]){ __VA_ARGS__, NULL }, want)
#define CLIENT_PLAY(want, ...)	play(false, (const char *const[]){ __VA_ARGS__, NULL }, want)

#define GET		"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
#define GET_UP		"up head GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n\n"
#define GET_DOWN	"down GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n\n"
#define OK_0		"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
#define OK_0_DOWN	"down HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
#define OK_0_UP		"up head HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n\n"

static void
test_a_request_without_a_body_ends_with_its_head(void **state)
{
	(void)state;
	SERVER_PLAY(GET_UP "up end", "<" GET);
}

static void
test_a_request_body_is_as_long_as_it_says(void **state)
{
	(void)state;
	SERVER_PLAY("up head POST / HTTP/1.1\\r\\nhost: x\\r\\ncontent-LENGTH: 005\\r\\n\\r\\n\n"
		"up data hello\n"
		"up end",
		"<POST / HTTP/1.1\r\nhost: x\r\ncontent-LENGTH: 005\r\n\r\nhello");
}

static void
test_chunks_are_joined_and_trailers_come_up(void **state)
{
	(void)state;
	SERVER_PLAY("up head POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: Chunked\\r\\n\\r\\n\n"
		"up data hello world, all\n"
		"up trailer Digest: 1\\r\\nX-y: 2\\r\\n\\r\\n\n"
		"up end",
		"<POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
		"5\r\nhello\r\n00A ;a=\"b;c\"\r\n world, al\r\n1;x\r\nl\r\n"
		"0\r\nDigest: 1\r\nX-y: 2\r\n\r\n");
}

static void
test_chunks_may_end_without_trailers(void **state)
{
	(void)state;
	SERVER_PLAY("up head POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
		"up end\n"
		OK_0_DOWN "\n" GET_UP "up end",
		"<POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n000\r\n\r\n" GET,
		"head " OK_0, "end");
}

static void
test_pipelined_requests_come_up_one_by_one(void **state)
{
	(void)state;
	SERVER_PLAY(
		"up head POST /a HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 1\\r\\n\\r\\n\nup data a\nup end\n"
		OK_0_DOWN "\n" GET_UP "up end\n"
		OK_0_DOWN "\nup head BREW / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n\nup end",
		"<POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na" GET
		"BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
		"head " OK_0, "end", "head " OK_0, "end");
}

static void
test_an_answer_before_the_requests_end_does_not_lose_the_next_request(void **state)
{
	(void)state;
	SERVER_PLAY(
		"up head POST /a HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 2\\r\\n\\r\\n\nup data a\n"
		OK_0_DOWN "\nup data b\nup end\n" GET_UP "up end",
		"<POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na",
		"head " OK_0, "end", "<b" GET);
}

static void
test_empty_lines_before_a_request_are_skipped_but_not_without_end(void **state)
{
	(void)state;
	SERVER_PLAY(GET_UP "up end", "<\r\n\r\n" GET);
	SERVER_PLAY("up reset 400 too many empty lines before a head (RFC 9112 section 2.2)", "<\r\n\r\n\r\n\r\n\r\n" GET);
}

static void
test_interim_answers_go_before_the_last(void **state)
{
	(void)state;
	SERVER_PLAY(GET_UP "up end\n"
		"down HTTP/1.1 103 Early\\r\\nLink: a\\r\\n\\r\\nHTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi",
		"<" GET, "head HTTP/1.1 103 Early\r\nLink: a\r\n\r\n",
		"head HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", "data hi", "end");
	CLIENT_PLAY(GET_DOWN
		"up head HTTP/1.1 100 Continue\\r\\n\\r\\n\n"
		"up head HTTP/1.1 103 \\r\\n\\r\\n\n"
		OK_0_UP "up end",
		"head " GET, "end", "<HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 \r\n\r\n" OK_0);
}

static void
test_an_http_1_0_client_gets_no_interim_answer_and_no_second_turn(void **state)
{
	(void)state;
	SERVER_PLAY("up head GET / HTTP/1.0\\r\\n\\r\\n\nup end\n"
		"down HTTP/1.0 200 OK\\r\\n\\r\\nhi\ndown shut",
		"<GET / HTTP/1.0\r\n\r\n", "head HTTP/1.1 100 Continue\r\n\r\n",
		"head HTTP/1.0 200 OK\r\n\r\n", "data hi", "end", "<" GET);
}

static void
test_an_http_1_0_client_stays_where_both_say_so(void **state)
{
	(void)state;
	SERVER_PLAY("up head GET / HTTP/1.0\\r\\nConnection: Keep-Alive\\r\\n\\r\\n\nup end\n"
		"down HTTP/1.1 204 No\\r\\nConnection: keep-alive\\r\\n\\r\\n\n" GET_UP "up end",
		"<GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
		"head HTTP/1.1 204 No\r\nConnection: keep-alive\r\n\r\n", "end", "<" GET);
	SERVER_PLAY("up head GET / HTTP/1.0\\r\\nConnection: Keep-Alive\\r\\n\\r\\n\nup end\n"
		"down HTTP/1.1 204 No\\r\\n\\r\\n\ndown shut",
		"<GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
		"head HTTP/1.1 204 No\r\n\r\n", "end", "<" GET);
}

static void
test_after_close_the_connection_is_shut_and_nothing_more_is_read(void **state)
{
	(void)state;
	SERVER_PLAY("up head GET / HTTP/1.1\\r\\nHost: x\\r\\nConnection: x, Close\\r\\n\\r\\n\nup end\n"
		OK_0_DOWN "\ndown shut",
		"<GET / HTTP/1.1\r\nHost: x\r\nConnection: x, Close\r\n\r\n" GET, "head " OK_0, "end", "<" GET);
	SERVER_PLAY(GET_UP "up end\n"
		"down HTTP/1.1 204 No\\r\\nConnection: close\\r\\n\\r\\n\ndown shut",
		"<" GET GET, "head HTTP/1.1 204 No\r\nConnection: close\r\n\r\n", "end");
	SERVER_PLAY(GET_UP "up end\n"
		"down HTTP/1.1 200 OK\\r\\n\\r\\nab\ndown shut",
		"<" GET GET, "head HTTP/1.1 200 OK\r\n\r\n", "data a", "data b", "end");
}

static void
test_each_data_part_is_a_chunk_and_trailers_end_them(void **state)
{
	(void)state;
	SERVER_PLAY(GET_UP "up end\n"
		"down HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n"
		"b\\r\\nhello world\\r\\n1\\r\\n!\\r\\n0\\r\\nA: b\\r\\n\\r\\n\n" GET_UP "up end",
		"<" GET, "head HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
		"data hello world", "data ", "data !", "trailer A: b\r\n\r\n", "end", "<" GET);
	CLIENT_PLAY("down PUT / HTTP/1.1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n"
		"2\\r\\nhi\\r\\n0\\r\\n\\r\\n\n" OK_0_UP "up end",
		"head PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "data hi", "end", "<" OK_0);
}

static void
test_trailers_of_what_is_not_chunked_are_left_out(void **state)
{
	(void)state;
	SERVER_PLAY(GET_UP "up end\n"
		"down HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\n\\r\\na",
		"<" GET, "head HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n", "data a", "trailer A: b\r\n\r\n", "end");
}

static void
test_a_body_that_is_not_as_long_as_said_is_cut_or_closes(void **state)
{
	(void)state;
	SERVER_PLAY(GET_UP "up end\n"
		"down HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\nabc\n" GET_UP "up end",
		"<" GET, "head HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "data ab", "data cd", "data e", "end", "<" GET);
	SERVER_PLAY(GET_UP "up end\n"
		"down HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\nab\ndown close",
		"<" GET, "head HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "data ab", "end", "<" GET);
	SERVER_PLAY(GET_UP "up end\n"
		"down HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n2\\r\\nab\\r\\n\ndown close",
		"<" GET, "head HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "data ab", "reset", "<" GET);
}

static void
test_answers_that_have_no_body_have_none(void **state)
{
	(void)state;
	SERVER_PLAY("up head HEAD / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n\nup end\n"
		"down HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\n\n" GET_UP "up end",
		"<HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", "head HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "data xx", "end",
		"<" GET);
	CLIENT_PLAY("down HEAD / HTTP/1.1\\r\\n\\r\\n\n"
		"up head HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\n\nup end\n"
		GET_DOWN "up head HTTP/1.1 304 Same\\r\\nContent-Length: 9\\r\\n\\r\\n\nup end\n"
		GET_DOWN "up head HTTP/1.1 204 No\\r\\n\\r\\n\nup end",
		"head HEAD / HTTP/1.1\r\n\r\n", "end", "<HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
		"head " GET, "end", "<HTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n",
		"head " GET, "end", "<HTTP/1.1 204 No\r\n\r\n");
}

static void
test_an_answer_may_run_until_the_end(void **state)
{
	(void)state;
	CLIENT_PLAY(GET_DOWN "up head HTTP/1.0 200\\r\\n\\r\\n\nup data all of it\nup end\nup eof",
		"head " GET, "end", "<HTTP/1.0 200\r\n\r\nall of it", "<eof");
}

static void
test_an_answer_nobody_asked_for_is_broken(void **state)
{
	(void)state;
	CLIENT_PLAY("up reset 502 an answer came to no request (RFC 9112 section 9.3)", "<" OK_0);
	CLIENT_PLAY(GET_DOWN OK_0_UP "up end\nup reset 502 an answer came to no request (RFC 9112 section 9.3)",
		"head " GET, "end", "<" OK_0 OK_0);
	CLIENT_PLAY(GET_DOWN OK_0_UP "up end\n" GET_DOWN OK_0_UP "up end",
		"head " GET, "end", "<" OK_0 "\r\n", "head " GET, "end", "<" OK_0);
}

static void
test_the_end_between_messages_passes_and_inside_one_breaks(void **state)
{
	(void)state;
	SERVER_PLAY("up eof", "<eof");
	SERVER_PLAY(GET_UP "up end\nup eof\n" OK_0_DOWN, "<" GET, "<eof", "head " OK_0, "end");
	SERVER_PLAY(GET_UP "up end\n" OK_0_DOWN "\n" GET_UP "up end\nup eof",
		"<" GET GET, "<eof", "head " OK_0, "end");
	SERVER_PLAY("up reset 400 the connection ended inside a message (RFC 9112 section 8)", "<GET / H", "<eof");
	SERVER_PLAY("up head POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 2\\r\\n\\r\\n\nup data a\n"
		"up reset 400 the connection ended inside a message (RFC 9112 section 8)",
		"<POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na", "<eof");
	CLIENT_PLAY(GET_DOWN "up eof", "head " GET, "end", "<eof");
	CLIENT_PLAY(GET_DOWN "up head HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\nup data a\n"
		"up reset 502 the connection ended inside a message (RFC 9112 section 8)",
		"head " GET, "end", "<HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n", "<eof");
}

static void
test_while_paused_nothing_comes_up(void **state)
{
	(void)state;
	SERVER_PLAY("down pause\nup full\ndown go\n"
		"up head POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 4\\r\\n\\r\\n\n"
		"up data abcd\nup end\nup eof",
		"pause", "<POST / HTTP/1.1\r\nHost: x\r\n", "<Content-Length: 4\r\n\r\na", "<bcd", "<eof", "full", "go");
	CLIENT_PLAY(GET_DOWN "up head HTTP/1.1 200 OK\\r\\n\\r\\n\nup data a\ndown pause\nup full\n"
		"down go\nup data bcd\nup end\nup eof",
		"head " GET, "end", "<HTTP/1.1 200 OK\r\n\r\na", "pause", "<b", "<c", "full", "go", "<d", "<eof");
	SERVER_PLAY("up head POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
		"down pause\nup full\ndown go\nup data hello\nup end",
		"<POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
		"pause", "<5\r", "<\nhel", "<lo\r\n0\r\n\r\n", "full", "go");
}

static void
test_while_paused_answers_still_go(void **state)
{
	(void)state;
	SERVER_PLAY(GET_UP "up end\ndown pause\n" OK_0_DOWN "\ndown go\n" GET_UP "up end",
		"<" GET, "pause", "<" GET, "head " OK_0, "end", "go");
}

static void
test_too_much_sent_ahead_pauses_the_peer_until_it_is_read(void **state)
{
	static char ahead[80 << 10];
	struct stage s;

	(void)state;
	for (size_t i = 0; i + sizeof(GET) <= sizeof(ahead); i += sizeof(GET) - 1)
		memcpy(ahead + i, GET, sizeof(GET));
	stage_open(&s, true);
	come(&s, GET, 0);
	come(&s, ahead, SIZE_MAX);
	assert_true(bytes_are(buf_bytes(&s.log), GET_UP "up end\ndown pause"));
	for (size_t n = strlen(ahead) / (sizeof(GET) - 1); n; n--) {
		take_step(&s, "head " OK_0, 0);
		take_step(&s, "end", 0);
	}
	assert_true(says(&s, "\ndown go\n"));
	assert_false(says(&s, "reset"));
	assert_true(s.log.len > 100 << 10);
	stage_close(&s);
}

static void
test_after_a_tunnel_or_a_switch_the_heir_gets_what_came(void **state)
{
	(void)state;
	SERVER_PLAY("up head CONNECT x:1 HTTP/1.1\\r\\nHost: x:1\\r\\n\\r\\n\nup end\n"
		"down HTTP/1.1 200 OK\\r\\n\\r\\n\nup data \\x16hello GET",
		"<CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n\\x16he", "head HTTP/1.1 200 OK\r\n\r\n", "<llo", "swap",
		"< GET");
	SERVER_PLAY("up head GET / HTTP/1.1\\r\\nHost: x\\r\\nUpgrade: y\\r\\n\\r\\n\nup end\n"
		"down HTTP/1.1 101 Go\\r\\n\\r\\n\nup data early\nup end",
		"<GET / HTTP/1.1\r\nHost: x\r\nUpgrade: y\r\n\r\nearly", "head HTTP/1.1 101 Go\r\n\r\n", "swap", "<eof");
	CLIENT_PLAY("down GET / HTTP/1.1\\r\\nUpgrade: y\\r\\n\\r\\n\n"
		"up head HTTP/1.1 101 Go\\r\\n\\r\\n\nup data HTTP/9 bytes",
		"head GET / HTTP/1.1\r\nUpgrade: y\r\n\r\n", "end", "<HTTP/1.1 101 Go\r\n\r\nHTTP/9 ", "swap", "<bytes");
	CLIENT_PLAY("down CONNECT x:1 HTTP/1.1\\r\\n\\r\\n\n"
		"up head HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\n\nup data bytes",
		"head CONNECT x:1 HTTP/1.1\r\n\r\n", "end", "<HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbytes", "swap");
}

static void
test_a_tunnel_refused_is_an_answer_like_any(void **state)
{
	(void)state;
	SERVER_PLAY("up head CONNECT x:1 HTTP/1.1\\r\\nHost: x:1\\r\\n\\r\\n\nup end\n"
		"down HTTP/1.1 407 No\\r\\nContent-Length: 2\\r\\n\\r\\nno\n" GET_UP "up end",
		"<CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n" GET,
		"head HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\n", "data no", "end");
}

static void
test_a_switch_nobody_asked_for_is_broken(void **state)
{
	(void)state;
	CLIENT_PLAY(GET_DOWN "up reset 502 101 answers a request that asked for no upgrade (RFC 9110 section 7.8)",
		"head " GET, "end", "<HTTP/1.1 101 Go\r\n\r\nx");
}

static void
test_a_head_past_the_limit_is_431(void **state)
{
	char big[HEAD_LIMIT + 100];
	const char *const steps[] = { big, NULL };

	(void)state;
	/* As long as the limit, to the byte; then one more. */
	for (int more = 0; more < 2; more++) {
		int fill = HEAD_LIMIT + more - (int)strlen("GET / HTTP/1.1\r\nHost: x\r\nA: \r\n\r\n");

		snprintf(big, sizeof(big), "<GET / HTTP/1.1\r\nHost: x\r\nA: %0*d\r\n\r\n", fill, 0);
		if (more)
			play(true, steps, "up reset 431 the head is longer than 300 bytes");
		else
			for (size_t cut = 0; cut <= strlen(big); cut++) {
				struct stage s;

				stage_open(&s, true);
				come(&s, big + 1, cut);
				assert_true(s.log.len > 300 && !memcmp(s.log.at, "up head", 7));
				stage_close(&s);
			}
	}
	CLIENT_PLAY(GET_DOWN "up head HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
		"up reset 502 the head is longer than 300 bytes", "head " GET, "end",
		"<HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: "
		"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789");
}

static void
test_request_heads_that_two_could_read_differently_are_refused(void **state)
{
	(void)state;
	play(true, (const char *const[]){ "<GET / HTTP/1.1\nHost: x\n\n", NULL },
		"up reset 400 a line ends without CR (RFC 9112 section 2.2)" MENDS);
	SERVER_PLAY("up reset 400 a line ends without CR (RFC 9112 section 2.2)" MENDS, "<GET / HTTP/1.1\n");
	SERVER_PLAY("up reset 400 a line ends without CR (RFC 9112 section 2.2)" MENDS, "<GET / HTTP/1.1\r\nHost: x\r\n\n");
	SERVER_PLAY("up reset 400 a line ends without CR (RFC 9112 section 2.2)" MENDS, "<GET / HTTP/1.1\r\nA: b\nTransfer-Encoding: chunked\r\n\r\n");
	SERVER_PLAY("up reset 400 a line ends without CR (RFC 9112 section 2.2)" MENDS, "<\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
	SERVER_PLAY("up reset 400 field 1 is folded over lines (RFC 9112 section 5.2)",
		"<POST / HTTP/1.1\r\nTransfer-Encoding:\r\n chunked\r\n\r\n");
	SERVER_PLAY("up reset 400 field X has a control character (RFC 9110 section 5.5)",
		"<POST / HTTP/1.1\r\nHost: x\r\nX: \rxTransfer-Encoding: chunked\r\n\r\n");
	SERVER_PLAY("up reset 400 field 1 has no valid name (RFC 9112 section 5.1)", "<GET / HTTP/1.1\r\nHost : x\r\n\r\n");
	SERVER_PLAY("up reset 400 field 1 has no valid name (RFC 9112 section 5.1)" MENDS, "<GET / HTTP/1.1\r\n: x\r\nHost: x\r\n\r\n");
	SERVER_PLAY("up reset 400 content-length and transfer-encoding are both there (RFC 9112 section 6.1)",
		"<POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
	SERVER_PLAY("up reset 400 there are 2 content-length fields (RFC 9110 section 8.6)",
		"<POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\ncontent-length: 4\r\n\r\nabcd");
	SERVER_PLAY("up reset 400 transfer-encoding is not chunked alone (RFC 9112 section 6.1)",
		"<POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
	SERVER_PLAY("up reset 505 HTTP/2 in the form of HTTP/1 (RFC 9112 section 2.3)", "<PRI * HTTP/2\r\n\r\n");
	SERVER_PLAY("up reset 400 the request line does not end with HTTP/1.0 or HTTP/1.1 (RFC 9112 section 2.3)", "<GET /\r\n\r\n");
}

#define CHUNKS_REFUSED(because, data, chunks) SERVER_PLAY( \
	"up head POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n" data \
	"up reset 400 " because, "<POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" chunks)

static void
test_chunks_that_two_could_read_differently_are_refused(void **state)
{
	(void)state;
	CHUNKS_REFUSED("a chunk begins without its size (RFC 9112 section 7.1)", "", "\r\n");
	CHUNKS_REFUSED("a chunk begins without its size (RFC 9112 section 7.1)", "", ";a\r\nb");
	CHUNKS_REFUSED("a chunk's size is not a hexadecimal number (RFC 9112 section 7.1)", "", "0x5\r\nhello\r\n");
	CHUNKS_REFUSED("a chunk begins without its size (RFC 9112 section 7.1)", "", "-1\r\nhello\r\n");
	CHUNKS_REFUSED("a chunk begins without its size (RFC 9112 section 7.1)", "", " 5\r\nhello\r\n");
	CHUNKS_REFUSED("a chunk's size is followed by white space (RFC 9112 section 7.1)", "", "5 \r\nhello\r\n");
	CHUNKS_REFUSED("a chunk's size is followed by white space (RFC 9112 section 7.1)", "", "5 5\r\nhello\r\n");
	CHUNKS_REFUSED("a chunk's size has too many digits (RFC 9112 section 7.1)", "", "0000000000000005\r\nhello\r\n");
	CHUNKS_REFUSED("a chunk's size is not a hexadecimal number (RFC 9112 section 7.1)", "", "5\nhello\r\n");
	CHUNKS_REFUSED("a chunk's line has a control character (RFC 9112 section 7.1.1)", "", "5;a\nhello\r\n");
	CHUNKS_REFUSED("a chunk's line has CR without LF (RFC 9112 section 7.1)", "", "5\rhello\r\n");
	CHUNKS_REFUSED("a chunk's line has CR without LF (RFC 9112 section 7.1)", "", "5;a\rb\r\nhello\r\n");
	CHUNKS_REFUSED("a chunk is longer than its size (RFC 9112 section 7.1)", "up data hello\n", "5\r\nhello!\r\n");
	CHUNKS_REFUSED("a chunk is longer than its size (RFC 9112 section 7.1)", "up data hello\n", "5\r\nhello\n0\r\n\r\n");
	CHUNKS_REFUSED("a chunk does not end with CRLF (RFC 9112 section 7.1)", "up data hello\n", "5\r\nhello\r0\r\n\r\n");
	CHUNKS_REFUSED("a line ends without CR (RFC 9112 section 2.2)" MENDS, "", "0\r\n\n");
	CHUNKS_REFUSED("a line ends without CR (RFC 9112 section 2.2)" MENDS, "", "0\r\nA: b\n\r\n");
	CHUNKS_REFUSED("field 1 is folded over lines (RFC 9112 section 5.2)" MENDS, "", "0\r\nA: b\r\n c\r\n\r\n");
	CHUNKS_REFUSED("a trailer says content-length (RFC 9110 section 6.5.1)", "", "0\r\nContent-Length: 5\r\n\r\n");
}

static void
test_answers_are_read_as_strictly(void **state)
{
	(void)state;
	CLIENT_PLAY(GET_DOWN "up reset 502 a line ends without CR (RFC 9112 section 2.2)" MENDS, "head " GET, "end", "<HTTP/1.1 200 OK\nA: b\n\n");
	CLIENT_PLAY(GET_DOWN "up reset 502 content-length and transfer-encoding are both there (RFC 9112 section 6.1)", "head " GET, "end",
		"<HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n");
	CLIENT_PLAY(GET_DOWN "up reset 502 transfer-encoding in a 204 response (RFC 9112 section 6.1)", "head " GET, "end",
		"<HTTP/1.1 204 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
	CLIENT_PLAY(GET_DOWN "up reset 502 the status line does not begin with HTTP/1.0 or HTTP/1.1 (RFC 9112 section 4)", "head " GET, "end",
		"<SSH-2.0-x\r\n\r\n");
}

#define LENIENT(play)	do { lenient = true; play; lenient = false; } while (0)

static void
test_what_careless_peers_say_is_mended_for_the_lenient(void **state)
{
	(void)state;
	LENIENT(SERVER_PLAY(GET_UP "up fault a line ends without CR (RFC 9112 section 2.2), and 2 more: mended\nup end", "<GET / HTTP/1.1\nHost: x\n\n"));
	LENIENT(SERVER_PLAY(GET_UP "up end", "<" GET));
	LENIENT(CLIENT_PLAY(GET_DOWN "up head HTTP/1.1 200 OK\\r\\nA: b c\\r\\nContent-Length: 2\\r\\n\\r\\n\n"
		"up fault a field is folded over lines (RFC 9112 section 5.2): mended\nup data hi\nup end", "head " GET, "end",
		"<HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 2\r\n\r\nhi"));
	/* An interim answer's is told behind the last. */
	LENIENT(CLIENT_PLAY(GET_DOWN "up head HTTP/1.1 103 Early\\r\\nA: b\\r\\n\\r\\n\n" OK_0_UP
		"up fault white space between A and its colon (RFC 9112 section 5.1): mended\nup end", "head " GET, "end",
		"<HTTP/1.1 103 Early\r\nA : b\r\n\r\n" OK_0));
	/* The next message begins where it should. */
	LENIENT(CLIENT_PLAY(GET_DOWN OK_0_UP "up fault a line ends without CR (RFC 9112 section 2.2): mended\nup end\n" GET_DOWN OK_0_UP "up end",
		"head " GET, "end", "<HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n", "head " GET, "end", "<" OK_0));
}

static void
test_chunks_and_trailers_are_mended_for_the_lenient(void **state)
{
	(void)state;
	LENIENT(SERVER_PLAY("up head POST / HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
		"up fault white space behind a chunk's size (RFC 9112 section 7.1): mended\nup data helloyou\n"
		"up trailer A: b\\r\\n\\r\\n\nup fault a line ends without CR (RFC 9112 section 2.2): mended\nup end",
		"<POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n3 \t\r\nyou\r\n0\r\nA: b\n\r\n"));
}

static void
test_what_two_could_read_differently_the_lenient_refuse_too(void **state)
{
	(void)state;
	LENIENT(SERVER_PLAY("up reset 400 content-length and transfer-encoding are both there (RFC 9112 section 6.1)",
		"<POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"));
	LENIENT(SERVER_PLAY("up reset 400 field 1 has no valid name (RFC 9112 section 5.1)", "<GET / HTTP/1.1\r\nHost : x\r\n\r\n"));
	LENIENT(SERVER_PLAY("up reset 400 field 2 is folded over lines (RFC 9112 section 5.2)",
		"<POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n chunked\r\n\r\n"));
	LENIENT(SERVER_PLAY("up reset 400 there are 2 content-length fields (RFC 9110 section 8.6)",
		"<POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n"));
	LENIENT(CHUNKS_REFUSED("a chunk's size is not a hexadecimal number (RFC 9112 section 7.1)", "", "5\nhello\r\n"));
	LENIENT(CHUNKS_REFUSED("a chunk's line has a control character (RFC 9112 section 7.1.1)", "", "5;a\nhello\r\n"));
	LENIENT(CHUNKS_REFUSED("a chunk's size is followed by white space (RFC 9112 section 7.1)", "", "5 5\r\nhello\r\n"));
	LENIENT(CHUNKS_REFUSED("a trailer says content-length (RFC 9110 section 6.5.1)", "", "0\r\nA : b\r\nContent-Length: 5\r\n\r\n"));
}

static void
test_what_cannot_be_read_can_be_answered(void **state)
{
	(void)state;
	SERVER_PLAY("up reset 400 there is no host field (RFC 9112 section 3.2)\n"
		"down HTTP/1.1 400 Bad\\r\\nContent-Length: 2\\r\\n\\r\\nno\ndown shut",
		"<GET / HTTP/1.1\r\n\r\n" GET, "head HTTP/1.1 400 Bad\r\nContent-Length: 2\r\n\r\n", "data no", "end", "<" GET);
}

static const struct h1 *
h1_of(const struct stage *s)
{
	return chain_find(s->chain, &layer_h1);
}

static void
test_idle_is_between_exchanges_alone(void **state)
{
	struct stage s;

	(void)state;
	stage_open(&s, true);
	assert_true(h1_idle(h1_of(&s)));
	come(&s, "G", 0);
	assert_false(h1_idle(h1_of(&s)));
	come(&s, &GET[1], 0);
	assert_false(h1_idle(h1_of(&s)));
	take_step(&s, "head " OK_0, 0);
	assert_false(h1_idle(h1_of(&s)));
	take_step(&s, "end", 0);
	assert_true(h1_idle(h1_of(&s)));
	assert_true(h1_persists(h1_of(&s)));
	stage_close(&s);
}

static void
test_an_http_1_0_answer_persists_only_where_it_says_so(void **state)
{
	static const struct { const char *answer; bool persists; } cases[] = {
		{ "HTTP/1.0 204 No\r\n\r\n", false },
		{ "HTTP/1.0 204 No\r\nConnection: keep-alive\r\n\r\n", true },
		{ "HTTP/1.1 204 No\r\nConnection: close\r\n\r\n", false },
		{ "HTTP/1.1 200 OK\r\n\r\n", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct stage s;

		stage_open(&s, false);
		take_step(&s, "head " GET, 0);
		take_step(&s, "end", 0);
		come(&s, cases[i].answer, 0);
		assert_int_equal(h1_persists(h1_of(&s)), cases[i].persists);
		stage_close(&s);
	}
}

static void
test_big_data_goes_down_uncopied_and_in_order(void **state)
{
	struct stage s;
	uint8_t *at;
	struct slice big = slice_new(100 << 10, &at);

	(void)state;
	memset(at, 'x', big.bytes.len);
	stage_open(&s, true);
	come(&s, GET, 0);
	take_step(&s, "head HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 0);
	chain_command(s.chain, (struct command){ .kind = CMD_PART, .part = { .kind = PART_DATA, .data = big } });
	take_step(&s, "end", 0);
	assert_true(says(&s, "\\r\\n\\r\\n19000\\r\\nxxx"));
	assert_true(says(&s, "xxx\\r\\n0\\r\\n\\r\\n"));
	stage_close(&s);
}

static void
test_raw_bytes_pass_both_ways_and_so_do_their_ends(void **state)
{
	(void)state;
	SERVER_PLAY("up data ab\ndown cd\nup full\nup end\ndown ef\ndown shut",
		"swap", "<ab", "data c", "data d", "full", "<eof", "data ef", "end");
	SERVER_PLAY("down ab\ndown close", "swap", "data ab", "reset");
	SERVER_PLAY("down pause\ndown go", "swap", "pause", "go");
}

/* Whoever sends the END is still busy with the exchange that it ends. */
static void
test_the_next_request_does_not_come_inside_the_command_that_lets_it(void **state)
{
	struct stage s;

	(void)state;
	stage_open(&s, true);
	come(&s, GET GET, SIZE_MAX);
	buf_eat(&s.log, s.log.len);
	chain_command(s.chain, (struct command){ .kind = CMD_PART, .part = part_of_step(&s, "head " OK_0) });
	chain_command(s.chain, (struct command){ .kind = CMD_PART, .part = part_of_step(&s, "end") });
	assert_false(says(&s, "up"));
	chain_settle(s.chain);
	assert_true(says(&s, "up head GET"));
	stage_close(&s);
}

static void
test_a_settled_turn_is_one_send(void **state)
{
	struct stage s;

	(void)state;
	stage_open(&s, true);
	come(&s, GET, 0);
	chain_command(s.chain, (struct command){ .kind = CMD_PART,
		.part = part_of_step(&s, "head HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n") });
	chain_command(s.chain, (struct command){ .kind = CMD_PART, .part = part_of_step(&s, "data hi") });
	chain_command(s.chain, (struct command){ .kind = CMD_PART, .part = part_of_step(&s, "end") });
	assert_false(says(&s, "down"));
	chain_settle(s.chain);
	assert_true(says(&s, "Content-Length: 2\\r\\n\\r\\nhi"));
	assert_int_equal(s.sends, 1);
	stage_close(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_request_without_a_body_ends_with_its_head),
		cmocka_unit_test(test_a_request_body_is_as_long_as_it_says),
		cmocka_unit_test(test_chunks_are_joined_and_trailers_come_up),
		cmocka_unit_test(test_chunks_may_end_without_trailers),
		cmocka_unit_test(test_pipelined_requests_come_up_one_by_one),
		cmocka_unit_test(test_an_answer_before_the_requests_end_does_not_lose_the_next_request),
		cmocka_unit_test(test_empty_lines_before_a_request_are_skipped_but_not_without_end),
		cmocka_unit_test(test_interim_answers_go_before_the_last),
		cmocka_unit_test(test_an_http_1_0_client_gets_no_interim_answer_and_no_second_turn),
		cmocka_unit_test(test_an_http_1_0_client_stays_where_both_say_so),
		cmocka_unit_test(test_after_close_the_connection_is_shut_and_nothing_more_is_read),
		cmocka_unit_test(test_each_data_part_is_a_chunk_and_trailers_end_them),
		cmocka_unit_test(test_trailers_of_what_is_not_chunked_are_left_out),
		cmocka_unit_test(test_a_body_that_is_not_as_long_as_said_is_cut_or_closes),
		cmocka_unit_test(test_answers_that_have_no_body_have_none),
		cmocka_unit_test(test_an_answer_may_run_until_the_end),
		cmocka_unit_test(test_an_answer_nobody_asked_for_is_broken),
		cmocka_unit_test(test_the_end_between_messages_passes_and_inside_one_breaks),
		cmocka_unit_test(test_while_paused_nothing_comes_up),
		cmocka_unit_test(test_while_paused_answers_still_go),
		cmocka_unit_test(test_too_much_sent_ahead_pauses_the_peer_until_it_is_read),
		cmocka_unit_test(test_after_a_tunnel_or_a_switch_the_heir_gets_what_came),
		cmocka_unit_test(test_a_tunnel_refused_is_an_answer_like_any),
		cmocka_unit_test(test_a_switch_nobody_asked_for_is_broken),
		cmocka_unit_test(test_a_head_past_the_limit_is_431),
		cmocka_unit_test(test_request_heads_that_two_could_read_differently_are_refused),
		cmocka_unit_test(test_chunks_that_two_could_read_differently_are_refused),
		cmocka_unit_test(test_answers_are_read_as_strictly),
		cmocka_unit_test(test_what_careless_peers_say_is_mended_for_the_lenient),
		cmocka_unit_test(test_chunks_and_trailers_are_mended_for_the_lenient),
		cmocka_unit_test(test_what_two_could_read_differently_the_lenient_refuse_too),
		cmocka_unit_test(test_what_cannot_be_read_can_be_answered),
		cmocka_unit_test(test_idle_is_between_exchanges_alone),
		cmocka_unit_test(test_an_http_1_0_answer_persists_only_where_it_says_so),
		cmocka_unit_test(test_big_data_goes_down_uncopied_and_in_order),
		cmocka_unit_test(test_raw_bytes_pass_both_ways_and_so_do_their_ends),
		cmocka_unit_test(test_the_next_request_does_not_come_inside_the_command_that_lets_it),
		cmocka_unit_test(test_a_settled_turn_is_one_send),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
