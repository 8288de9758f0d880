/* One end of HTTP/2 and a peer that writes frames by hand: which rules it may not break, and what comes of it. */
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
#include "soth/reader.h"

#define MENDS	"; validate-inbound-headers=no mends that"

/*
 * What the peer sends is a text, a frame a line: a letter, the stream, "." and
 * flags where there are any ("e" END_STREAM, "m" more follows: no END_HEADERS,
 * "a" ACK), and what is in it:
 *
 *	H1.e :method=GET;:path=/	HEADERS, literal fields
 *	C1 name=value			CONTINUATION
 *	D1.e text			DATA
 *	R1 8				RST_STREAM and its code
 *	S 3=100				SETTINGS
 *	P				PING
 *	G5 2 words			GOAWAY, its last stream and code
 *	W0 100				WINDOW_UPDATE
 *	Y1 1				PRIORITY: depends on
 *	X2a.1@5 0a0b			a frame of type 0x2a, its flags, stream and content in hex
 *
 * Lines of steps that begin with "<" are that; "> " is a command for the layer
 * as in test_h2.c: "> 1 head TEXT".
 */
struct stage {
	struct chain *chain;
	struct buf up, down, sent;
	bool server;
	bool over;
};

static struct buf wire;

static void
add(struct bytes b)
{
	assert_true(buf_add(&wire, b));
}

static void
frame(uint8_t type, uint8_t flags, uint32_t stream, struct bytes payload)
{
	const uint8_t head[9] = {
		(uint8_t)(payload.len >> 16), (uint8_t)(payload.len >> 8), (uint8_t)payload.len, type, flags,
		(uint8_t)(stream >> 24), (uint8_t)(stream >> 16), (uint8_t)(stream >> 8), (uint8_t)stream,
	};

	add((struct bytes){ head, sizeof(head) });
	add(payload);
}

/* RFC 7541 section 5.1 with a prefix of seven bits, and then the string itself. */
static void
hpack_string(struct buf *b, struct bytes s)
{
	size_t rest = s.len;
	uint8_t c = s.len < 127 ? (uint8_t)s.len : 127;

	assert_true(buf_add(b, (struct bytes){ &c, 1 }));
	if (s.len >= 127) {
		for (rest -= 127; rest >= 128; rest /= 128) {
			c = (uint8_t)(rest % 128 + 128);
			assert_true(buf_add(b, (struct bytes){ &c, 1 }));
		}
		c = (uint8_t)rest;
		assert_true(buf_add(b, (struct bytes){ &c, 1 }));
	}
	assert_true(buf_add(b, s));
}

/* "name=value;name=value": literals without indexing. `\n` stands for LF, `\r` for CR, `\0` for NUL, `\s` for ;. */
static struct bytes
unescaped(const char *at, size_t len, char *room)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		char c = at[i];

		if (c == '\\' && i + 1 < len) {
			c = at[++i];
			c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == '0' ? '\0' : ';';
		}
		room[n++] = c;
	}
	return (struct bytes){ (uint8_t *)room, n };
}

static void
hpack(struct buf *b, const char *fields)
{
	char name[4096], value[4096];

	while (*fields) {
		size_t len = strcspn(fields, ";"), eq = 1 + strcspn(fields + 1, "=");

		assert_true(buf_add(b, (struct bytes){ (const uint8_t *)"", 1 }));
		hpack_string(b, unescaped(fields, eq, name));
		hpack_string(b, unescaped(fields + eq + 1, len - eq - 1, value));
		fields += len + (fields[len] == ';');
	}
}

static void
be32(struct buf *b, uint32_t n)
{
	const uint8_t at[4] = { (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n };

	assert_true(buf_add(b, (struct bytes){ at, 4 }));
}

static void
write_settings(struct buf *b, const char *arg)
{
	char *end;

	for (; *arg; arg = *end ? end + 1 : end) {
		unsigned long id = strtoul(arg, &end, 10);
		const uint8_t at[2] = { (uint8_t)(id >> 8), (uint8_t)id };

		assert_true(buf_add(b, (struct bytes){ at, 2 }));
		be32(b, (uint32_t)strtoul(end + 1, &end, 10));
	}
}

static void
write_hex(struct buf *b, const char *arg)
{
	for (unsigned c; sscanf(arg, "%2x", &c) == 1; arg += 2)
		assert_true(buf_add(b, (struct bytes){ (const uint8_t[]){ (uint8_t)c }, 1 }));
}

static void
write_payload(struct buf *b, char kind, const char *arg)
{
	char *end;

	switch (kind) {
	case 'H': case 'C':
		hpack(b, arg);
		break;
	case 'D':
		assert_true(buf_add(b, bytes_of(arg)));
		break;
	case 'S':
		write_settings(b, arg);
		break;
	case 'P':
		assert_true(buf_add(b, LIT("12345678")));
		break;
	case 'R': case 'W':
		be32(b, (uint32_t)strtoul(arg, NULL, 10));
		break;
	case 'Y':
		be32(b, (uint32_t)strtoul(arg, NULL, 10));
		assert_true(buf_add(b, LIT("\x10")));
		break;
	case 'G':
		be32(b, (uint32_t)strtoul(arg, &end, 10));
		assert_true(!*end || buf_add(b, bytes_of(end + 1)));
		break;
	default:
		write_hex(b, arg);
	}
}

static void
write_line(const char *line)
{
	static const char kinds[] = "DHYRS?PGWC";
	char kind = *line, *at = (char *)line + 1;
	uint8_t type = kind == 'X' ? (uint8_t)strtoul(line + 1, &at, 16) : (uint8_t)(strchr(kinds, kind) - kinds);
	uint32_t stream = 0;
	uint8_t flags = kind == 'H' || kind == 'C' ? 4 : 0;
	struct buf b;

	if (kind == 'X')
		flags = *at == '.' ? (uint8_t)strtoul(at + 1, &at, 16) : 0,
		stream = *at == '@' ? (uint32_t)strtoul(at + 1, &at, 16) : 0;
	else if (*at != ' ')
		stream = (uint32_t)strtoul(at, &at, 10);
	for (; *at && *at != ' '; at++)
		flags = *at == 'e' || *at == 'a' ? flags | 1 : *at == 'm' ? flags & ~4 : flags;
	buf_init(&b, 1 << 20);
	if (kind == 'G') {
		be32(&b, stream);
		stream = 0;
	}
	write_payload(&b, kind, *at ? at + 1 : at);
	frame(type, flags, stream, buf_bytes(&b));
	buf_release(&b);
}

static void
write_lines(const char *text)
{
	char line[8192];

	while (*text) {
		size_t len = strcspn(text, "\n");

		assert_true(len < sizeof(line));
		memcpy(line, text, len);
		line[len] = '\0';
		write_line(line);
		text += len + (text[len] == '\n');
	}
}

/* What went down, a line each; what always goes is left out. */
static void
told_frame(struct stage *s, uint8_t type, uint8_t flags, uint32_t stream, struct bytes payload)
{
	static const char *const names[] = { "DATA", "HEADERS", "PRIORITY", "RST", NULL, NULL, "PING", "GOAWAY" };
	struct reader r = { payload, false };

	if (type >= ARRAY_LEN(names) || !names[type])
		return;
	assert_true(buf_addf(&s->down, "%s %u%s", names[type], type == 7 ? read_be32(&r) : stream,
		type < 2 && flags & 1 ? " end" : ""));
	if (type == 3 || type == 7)
		assert_true(buf_addf(&s->down, " %s", h2_code_name(read_be32(&r))));
	assert_true(buf_add(&s->down, LIT("\n")));
}

static void
told(struct stage *s)
{
	struct reader r = { buf_bytes(&s->sent), false };

	if (!s->server)
		read_bytes(&r, 24);
	while (r.rest.len) {
		uint32_t head = read_be32(&r), stream;
		uint8_t flags = read_u8(&r);

		stream = read_be32(&r);
		told_frame(s, (uint8_t)head, flags, stream, read_bytes(&r, head >> 8));
		assert_false(r.ran_out);
	}
}

static void
put(struct buf *b, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.at[i];

		assert_true(c == '\r' ? true : c == '\n' ? buf_add(b, LIT("|")) : buf_add(b, (struct bytes){ &c, 1 }));
	}
	assert_true(buf_add(b, LIT("\n")));
}

static void
stage_up(void *arg, struct event *ev)
{
	struct stage *s = arg;

	if (ev->kind == EV_PART && ev->part.kind == PART_RESET)
		assert_true(buf_addf(&s->up, "%u reset %s%s ", ev->stream, h2_code_name(ev->part.code),
			ev->part.count == 431 ? " (431)" : ""));
	else if (ev->kind == EV_PART)
		assert_true(buf_addf(&s->up, "%u %s ", ev->stream, part_name(ev->part.kind)));
	else if (ev->kind == EV_FAIL)
		assert_true(buf_add(&s->up, LIT("fail ")));
	else
		return;
	if (ev->kind == EV_FAIL || ev->part.kind == PART_RESET || ev->part.kind == PART_DATA ||
			ev->part.kind == PART_FAULT)
		put(&s->up, ev->kind == EV_FAIL ? ev->data.bytes : ev->part.data.bytes);
	else
		put(&s->up, ev->part.kind == PART_END ? (struct bytes){ 0 } : head_text(ev->part.head));
}

static void
stage_down(void *arg, struct command *cmd)
{
	struct stage *s = arg;

	if (cmd->kind == CMD_SEND)
		assert_true(buf_add(&s->sent, cmd->data.bytes));
	s->over = s->over || cmd->kind == CMD_CLOSE;
}

enum { HEAD_LIMIT = 1000 };

static bool lenient;	/* of what is played */

static void
stage_open(struct stage *s, bool server)
{
	struct fault why;

	*s = (struct stage){ .server = server };
	buf_init(&s->up, 64 << 20);
	buf_init(&s->down, 64 << 20);
	buf_init(&s->sent, 64 << 20);
	s->chain = chain_new((struct chain_ends){ stage_up, stage_down, s });
	assert_true(chain_push(s->chain, &layer_h2,
		&(struct h2_args){ .server = server, .head_limit = HEAD_LIMIT, .websocket = true, .lenient = lenient }, &why));
	chain_settle(s->chain);
}

static void
stage_close(struct stage *s)
{
	chain_free(s->chain);
	buf_release(&s->up);
	buf_release(&s->down);
	buf_release(&s->sent);
}

/* Everything that is in `wire`: in one piece, cut once, or (0) byte by byte. */
static void
come(struct stage *s, size_t cut)
{
	for (size_t at = 0; at < wire.len; ) {
		size_t left = wire.len - at, n = !cut ? 1 : !at && cut < left ? cut : left;

		chain_event(s->chain, (struct event){ .kind = EV_DATA, .data = slice_copy((struct bytes){ wire.at + at, n }) });
		chain_settle(s->chain);
		at += n;
	}
	buf_eat(&wire, wire.len);
}

static void
command(struct stage *s, const char *step)
{
	char *what;
	uint32_t stream = (uint32_t)strtoul(step, &what, 10);
	struct part p = { .kind = PART_END };
	struct fault why;

	if (!strncmp(what, " head ", 6)) {
		p = (struct part){ .kind = PART_HEAD,
			.head = head_parse(bytes_of(what + 6), s->server ? HEAD_RESPONSE : HEAD_REQUEST, &why) };
		assert_non_null(p.head);
	} else if (!strncmp(what, " data ", 6)) {
		p = (struct part){ .kind = PART_DATA, .data = slice_text(what + 6) };
	}
	chain_command(s->chain, (struct command){ .kind = CMD_PART, .stream = stream, .part = p });
}

static void
play_cut(bool server, const char *const *steps, const char *up, const char *down, size_t cut)
{
	struct stage s;

	stage_open(&s, server);
	for (size_t i = 0; steps[i]; i++) {
		if (*steps[i] == '<') {
			write_lines(steps[i] + 1);
			come(&s, cut);
		} else if (*steps[i] == '!') {
			add(bytes_of(steps[i] + 1));
			come(&s, cut);
		} else {
			command(&s, steps[i] + 2);
			if (!steps[i + 1] || *steps[i + 1] != '>')
				chain_settle(s.chain);
		}
	}
	told(&s);
	if (!bytes_are(buf_bytes(&s.up), up) || !bytes_are(buf_bytes(&s.down), down))
		fail_msg("%s, cut at %zu:\n%.*s--\n%.*swanted:\n%s--\n%s", steps[1] ? steps[1] : "", cut, (int)s.up.len,
			(const char *)s.up.at, (int)s.down.len, (const char *)s.down.at, up, down);
	stage_close(&s);
}

enum { CUTS = 130 };

static void
play(bool server, const char *const *steps, const char *up, const char *down)
{
	for (size_t cut = 0; cut < CUTS; cut++)
		play_cut(server, steps, up, down, cut);
}

#define PREFACE	"!PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
#define SERVER_PLAY(up, down, ...)	play(true, (const char *const[]){ PREFACE, __VA_ARGS__, NULL }, up, down)
#define CLIENT_PLAY(up, down, ...)	play(false, (const char *const[]){ __VA_ARGS__, NULL }, up, down)

#define HELLO	"<S\nS.a"
#define GET	":method=GET;:scheme=https;:path=/;:authority=x"
#define POST	":method=POST;:scheme=https;:path=/;:authority=x"
#define GET_UP	"HEAD GET / HTTP/2|host: x||\n"
#define POST_UP	"HEAD POST / HTTP/2|host: x||\n"

static void
test_a_list_of_a_request_that_breaks_a_rule_is_reset(void **state)
{
	static const struct { const char *fields, *because; } cases[] = {
		{ GET ";Accept=x", "RFC 9113 section 8.2.1: the name Accept has an upper-case letter" MENDS },
		{ GET ";a b=x", "RFC 9113 section 8.2.1: the name a b has a character that names have not" MENDS },
		{ GET ";a:b=x", "RFC 9113 section 8.2.1: the name a:b has a character that names have not" MENDS },
		{ GET ";a= x", "RFC 9113 section 8.2.1: the value of a has white space around it" MENDS },
		{ GET ";a=x\t", "RFC 9113 section 8.2.1: the value of a has white space around it" MENDS },
		{ GET ";a=x\\r\\nb: y", "RFC 9113 section 8.2.1: the value of a has CR, LF or NUL" },
		{ GET ";a=x\\ny", "RFC 9113 section 8.2.1: the value of a has CR, LF or NUL" },
		{ GET ";a=x\\0y", "RFC 9113 section 8.2.1: the value of a has CR, LF or NUL" },
		{ GET ";a=x\001y", "field a has a control character (RFC 9110 section 5.5)" },
		{ GET ";connection=close", "RFC 9113 section 8.2.2: the field connection" MENDS },
		{ GET ";keep-alive=5", "RFC 9113 section 8.2.2: the field keep-alive" MENDS },
		{ GET ";proxy-connection=x", "RFC 9113 section 8.2.2: the field proxy-connection" MENDS },
		{ GET ";transfer-encoding=chunked", "RFC 9113 section 8.2.2: the field transfer-encoding" },
		{ GET ";upgrade=h2c", "RFC 9113 section 8.2.2: the field upgrade" MENDS },
		{ GET ";te=gzip", "RFC 9113 section 8.2.2: te says other than trailers" MENDS },
		{ GET ";te=trailers, gzip", "RFC 9113 section 8.2.2: te says other than trailers" MENDS },
		{ GET ";:path=/", "RFC 9113 section 8.3: there are two :path" },
		{ ":method=GET;:scheme=https;:path=/;a=b;:authority=x", "RFC 9113 section 8.3: :authority after other fields" },
		{ GET ";:status=200", "RFC 9113 section 8.3: a request has :status" },
		{ GET ";:what=x", "RFC 9113 section 8.3: :what is no pseudo-header field" },
		{ ":method=GET;:scheme=https;:authority=x", "RFC 9113 section 8.3.1: there is no :path" },
		{ ":method=GET;:path=/;:authority=x", "RFC 9113 section 8.3.1: there is no :scheme" },
		{ ":scheme=https;:path=/;:authority=x", "RFC 9113 section 8.3.1: there is no :method" },
		{ ":method=GET;:scheme=https;:path=;:authority=x", "RFC 9113 section 8.3.1: :path has no valid value" },
		{ ":method=GET;:scheme=https;:path=/ HTTP/1.1;:authority=x", "RFC 9113 section 8.3.1: :path has no valid value" },
		{ ":method=GET;:scheme=https;:path=x;:authority=x", "RFC 9113 section 8.3.1: :path does not begin with /" },
		{ ":method=GET;:scheme=https;:path=*;:authority=x", "RFC 9113 section 8.3.1: :path does not begin with /" },
		{ ":method=GET;:scheme=1s;:path=/;:authority=x", "RFC 9113 section 8.3.1: :scheme is no scheme" },
		{ ":method=GET;:scheme=https;:path=/;:authority=u@x", "host is not a host and a port (RFC 9110 section 7.2)" },
		{ GET ";host=y", "RFC 9113 section 8.3.1: host and :authority differ" },
		{ GET ";host=x;host=x", "RFC 9113 section 8.3.1: there are 2 host fields" },
		{ ":method=GET;:scheme=https;:path=/;host=x;host=x", "there are 2 host fields (RFC 9112 section 3.2)" },
		{ ":method=CONNECT;:authority=x:1;:path=/", "RFC 9113 section 8.5: CONNECT has :path" },
		{ ":method=CONNECT;:authority=x:1;:scheme=https", "RFC 9113 section 8.5: CONNECT has :scheme" },
		{ ":method=CONNECT", "RFC 9113 section 8.5: CONNECT has no :authority" },
	};
	char step[512], up[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(step, sizeof(step), "<S\nH1.e %s\nP\nH3.e " GET, cases[i].fields);
		snprintf(up, sizeof(up), "1 reset PROTOCOL_ERROR %s\n3 " GET_UP "3 END \n", cases[i].because);
		SERVER_PLAY(up, "RST 1 PROTOCOL_ERROR\nPING 0\n", step);
	}
}

static void
test_faults_of_other_documents_say_so(void **state)
{
	(void)state;
	SERVER_PLAY("1 reset PROTOCOL_ERROR RFC 8441 section 4: :protocol without CONNECT\n", "RST 1 PROTOCOL_ERROR\n",
		HELLO "\nH1.e " GET ";:protocol=websocket");
	SERVER_PLAY("1 reset PROTOCOL_ERROR there are 2 content-length fields (RFC 9110 section 8.6)\n", "RST 1 PROTOCOL_ERROR\n",
		HELLO "\nH1 " POST ";content-length=1;content-length=1");
	SERVER_PLAY("1 reset PROTOCOL_ERROR content-length is not a number (RFC 9110 section 8.6)\n", "RST 1 PROTOCOL_ERROR\n",
		HELLO "\nH1 " POST ";content-length=+1");
}

static void
test_what_is_right_comes_up(void **state)
{
	(void)state;
	SERVER_PLAY("1 HEAD GET / HTTP/2|host: x|te: trailers|priority: u=1|a: ||\n1 END \n", "",
		HELLO "\nH1.e " GET ";te=trailers;priority=u=1;host=X;a=");
	SERVER_PLAY("1 HEAD OPTIONS * HTTP/2|host: x||\n1 END \n", "",
		HELLO "\nH1.e :method=OPTIONS;:scheme=https;:path=*;host=x");
	SERVER_PLAY("1 HEAD CONNECT x:1 HTTP/2|host: x:1||\n", "", HELLO "\nH1 :method=CONNECT;:authority=x:1");
	SERVER_PLAY("1 HEAD CONNECT /c HTTP/2|host: x|upgrade: websocket||\n", "",
		HELLO "\nH1 :method=CONNECT;:protocol=websocket;:scheme=https;:path=/c;:authority=x");
	SERVER_PLAY("1 HEAD GET / HTTP/2|host: x|a: 1|b: 2||\n1 END \n", "",
		HELLO "\nH1.em :method=GET;:scheme=https\nC1.m :path=/;:authority=x;a=1\nC1 b=2");
}

static void
test_data_is_as_long_as_content_length_says(void **state)
{
#define LENGTH_UP	"1 HEAD POST / HTTP/2|host: x|content-length: 3||\n"
	(void)state;
	SERVER_PLAY("1 HEAD POST / HTTP/2|host: x|content-length: 0||\n1 END \n", "", HELLO "\nH1 " POST ";content-length=0\nD1.e");
	SERVER_PLAY("1 reset PROTOCOL_ERROR a CONNECT request has a body (RFC 9110 section 9.3.6)\n", "RST 1 PROTOCOL_ERROR\n",
		HELLO "\nH1 :method=CONNECT;:authority=x:1;content-length=4");
	SERVER_PLAY(LENGTH_UP "1 reset PROTOCOL_ERROR RFC 9113 section 8.1.1: the body is shorter than its content-length\n",
		"RST 1 PROTOCOL_ERROR\n", HELLO "\nH1.e " POST ";content-length=3");
	SERVER_PLAY(LENGTH_UP "1 reset PROTOCOL_ERROR RFC 9113 section 8.1.1: the body is shorter than its content-length\n",
		"RST 1 PROTOCOL_ERROR\n", HELLO "\nH1 " POST ";content-length=3\nD1.e");
	SERVER_PLAY("1 HEAD POST / HTTP/2|host: x|content-length: 0||\n"
		"1 reset PROTOCOL_ERROR RFC 9113 section 8.1.1: DATA where the head allows no body\n",
		"RST 1 PROTOCOL_ERROR\n", HELLO "\nH1 " POST ";content-length=0\nD1 a");
	CLIENT_PLAY("1 HEAD HTTP/2 204 ||\n"
		"1 reset PROTOCOL_ERROR RFC 9113 section 8.1.1: DATA where the head allows no body\n",
		"HEADERS 1 end\nRST 1 PROTOCOL_ERROR\n",
		"> 1 head GET / HTTP/2\r\nhost: x\r\n\r\n", "> 1 end", HELLO "\nH1 :status=204\nD1 a");
}

static void
test_trailers_end_the_stream_and_say_nothing_of_its_frame(void **state)
{
	(void)state;
	SERVER_PLAY("1 " POST_UP "1 TRAILER a: b||\n1 END \n", "", HELLO "\nH1 " POST "\nH1.e a=b");
	SERVER_PLAY("1 " POST_UP "1 reset PROTOCOL_ERROR RFC 9113 section 8.1: trailers that do not end the stream\n",
		"RST 1 PROTOCOL_ERROR\n", HELLO "\nH1 " POST "\nH1 a=b");
	SERVER_PLAY("1 " POST_UP "1 reset PROTOCOL_ERROR RFC 9113 section 8.1: a trailer has pseudo-header fields\n",
		"RST 1 PROTOCOL_ERROR\n", HELLO "\nH1 " POST "\nH1.e :path=/");
	SERVER_PLAY("1 " POST_UP "1 reset PROTOCOL_ERROR a trailer says content-length (RFC 9110 section 6.5.1)\n",
		"RST 1 PROTOCOL_ERROR\n", HELLO "\nH1 " POST "\nH1.e content-length=0");
}

static void
test_a_list_of_a_response_that_breaks_a_rule_is_reset(void **state)
{
	static const struct { const char *frames, *because; } cases[] = {
		{ "H1 a=b", "RFC 9113 section 8.3.2: there is no :status" },
		{ "H1 :status=200;:path=/", "RFC 9113 section 8.3: a response has pseudo-header fields of a request" },
		{ "H1 :status=101", "RFC 9113 section 8.6: a 101 response" },
		{ "H1 :status=20", "the status is not three digits (RFC 9110 section 15)" },
		{ "H1 :status=2000", "the status is not three digits (RFC 9110 section 15)" },
		{ "H1.e :status=103", "RFC 9113 section 8.1: an interim response ends the stream" },
		{ "H1 :status=200;Upper=x", "RFC 9113 section 8.2.1: the name Upper has an upper-case letter" MENDS },
		{ "H1 :status=200;connection=x", "RFC 9113 section 8.2.2: the field connection" MENDS },
	};
	char step[512], up[512];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(step, sizeof(step), HELLO "\n%s", cases[i].frames);
		snprintf(up, sizeof(up), "1 reset PROTOCOL_ERROR %s\n", cases[i].because);
		CLIENT_PLAY(up, "HEADERS 1 end\nRST 1 PROTOCOL_ERROR\n",
			"> 1 head GET / HTTP/2\r\nhost: x\r\n\r\n", "> 1 end", step);
	}
	CLIENT_PLAY("1 HEAD HTTP/2 103 ||\n1 reset PROTOCOL_ERROR RFC 9113 section 8.1: DATA before a head\n",
		"HEADERS 1 end\nRST 1 PROTOCOL_ERROR\n",
		"> 1 head GET / HTTP/2\r\nhost: x\r\n\r\n", "> 1 end", HELLO "\nH1 :status=103\nD1 a");
	CLIENT_PLAY("1 HEAD HTTP/2 103 ||\n1 reset PROTOCOL_ERROR RFC 9113 section 8.1: the stream ended before its head\n",
		"HEADERS 1 end\nRST 1 PROTOCOL_ERROR\n",
		"> 1 head GET / HTTP/2\r\nhost: x\r\n\r\n", "> 1 end", HELLO "\nH1 :status=103\nD1.e");
}

static void
test_a_rule_of_the_connection_ends_it(void **state)
{
	static const struct { const char *frames, *code, *because; } cases[] = {
		{ "D1 a\nH3 " GET, "PROTOCOL_ERROR", "section 5.1: DATA on an idle stream" },
		{ "D0 a", "PROTOCOL_ERROR", "section 6.1: DATA on stream 0" },
		{ "H0 a=b", "PROTOCOL_ERROR", "section 6.2: HEADERS on stream 0" },
		{ "H2 " GET, "PROTOCOL_ERROR", "section 5.1.1: a client's stream has an odd number" },
		{ "R1 8", "PROTOCOL_ERROR", "section 6.4: RST_STREAM on an idle stream" },
		{ "W1 1", "PROTOCOL_ERROR", "section 5.1: WINDOW_UPDATE on an idle stream" },
		{ "W0 0", "PROTOCOL_ERROR", "section 6.9: WINDOW_UPDATE by 0" },
		{ "W0 2147483647", "FLOW_CONTROL_ERROR", "section 6.9.1: more was sent, or allowed, than a window holds" },
		{ "C1 a=b", "PROTOCOL_ERROR", "section 6.10: CONTINUATION without HEADERS before it" },
		{ "Y1 1", "PROTOCOL_ERROR", "section 5.3: a stream that depends on itself" },
		{ "Y0 1", "PROTOCOL_ERROR", "section 6.3: PRIORITY on stream 0" },
		{ "S 2=2", "PROTOCOL_ERROR", "section 6.5.2: SETTINGS_ENABLE_PUSH is neither 0 nor 1" },
		{ "S 5=1", "PROTOCOL_ERROR", "section 6.5.2: SETTINGS_MAX_FRAME_SIZE is out of bounds" },
		{ "S 4=2147483648", "FLOW_CONTROL_ERROR", "section 6.5.2: SETTINGS_INITIAL_WINDOW_SIZE is out of bounds" },
		{ "S.a\nS.a", "PROTOCOL_ERROR", "section 6.5.3: an acknowledgement of SETTINGS that were not sent" },
		{ "X4 00", "FRAME_SIZE_ERROR", "section 4.2: a frame has a length that its type cannot have" },
		{ "X6 00", "FRAME_SIZE_ERROR", "section 4.2: a frame has a length that its type cannot have" },
		{ "X5 00", "FRAME_SIZE_ERROR", "section 4.2: a frame has a length that its type cannot have" },
	};
	char step[512], up[512], down[100];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(step, sizeof(step), "<S\n%s\nH5 " GET "\nP", cases[i].frames);
		snprintf(up, sizeof(up), "fail RFC 9113 %s\n", cases[i].because);
		snprintf(down, sizeof(down), "GOAWAY 0 %s\n", cases[i].code);
		SERVER_PLAY(up, down, step);
	}
}

static void
test_a_header_block_is_in_one_piece(void **state)
{
#define BETWEEN	"RFC 9113 section 6.10: something between HEADERS and CONTINUATION\n"
	(void)state;
	SERVER_PLAY("1 reset PROTOCOL_ERROR " BETWEEN "fail " BETWEEN, "GOAWAY 1 PROTOCOL_ERROR\n",
		HELLO "\nH1.m " GET "\nP");
	SERVER_PLAY("1 reset PROTOCOL_ERROR " BETWEEN "fail " BETWEEN, "GOAWAY 1 PROTOCOL_ERROR\n",
		HELLO "\nH1.m " GET "\nC3 a=b");
}

static void
test_streams_under_way_are_told_when_the_connection_breaks(void **state)
{
	(void)state;
	SERVER_PLAY("1 " GET_UP "1 END \n3 " POST_UP
		"3 reset STREAM_CLOSED RFC 9113 section 5.1: a frame on a stream that was ended\n"
		"1 reset STREAM_CLOSED RFC 9113 section 5.1: a frame on a stream that was ended\n"
		"fail RFC 9113 section 5.1: a frame on a stream that was ended\n", "GOAWAY 3 STREAM_CLOSED\n",
		HELLO "\nH1.e " GET "\nH3 " POST "\nD1 a");
}

static void
test_nothing_may_come_on_a_stream_that_the_peer_closed(void **state)
{
#define CLOSED	"fail RFC 9113 section 5.1: a frame on a stream that was ended\n"
	(void)state;
	SERVER_PLAY("1 " GET_UP "1 END \n" CLOSED, "HEADERS 1 end\nGOAWAY 1 STREAM_CLOSED\n",
		HELLO "\nH1.e " GET, "> 1 head HTTP/1.1 204 N\r\n\r\n", "> 1 end", "<D1 a");
	SERVER_PLAY("1 " GET_UP "1 END \n" CLOSED, "HEADERS 1 end\nGOAWAY 1 STREAM_CLOSED\n",
		HELLO "\nH1.e " GET, "> 1 head HTTP/1.1 204 N\r\n\r\n", "> 1 end", "<W1 1\nR1 8\nY1 3\nH1 " GET);
	SERVER_PLAY("1 " POST_UP "1 reset CANCEL the client reset the stream: CANCEL\n" CLOSED, "GOAWAY 1 STREAM_CLOSED\n",
		HELLO "\nH1 " POST "\nR1 8\nD1 a");
}

static void
test_numbers_of_streams_only_grow(void **state)
{
	(void)state;
	SERVER_PLAY("3 " GET_UP "3 END \n"
		"3 reset PROTOCOL_ERROR RFC 9113 section 5.1.1: a frame on a stream that was passed over\n"
		"fail RFC 9113 section 5.1.1: a frame on a stream that was passed over\n", "GOAWAY 3 PROTOCOL_ERROR\n",
		HELLO "\nH3.e " GET "\nH1.e " GET);
}

static void
test_what_careless_peers_say_is_mended_for_the_lenient(void **state)
{
	(void)state;
	lenient = true;
	SERVER_PLAY("1 HEAD GET / HTTP/2|host: x|a: b||\n1 FAULT the name A has an upper-case letter (RFC 9113 section 8.2.1), "
		"and 3 more: mended\n1 END \n", "", HELLO "\nH1.e " GET ";A= b;connection=close;te=gzip");
	SERVER_PLAY("1 " GET_UP "1 END \n", "", HELLO "\nH1.e " GET);
	SERVER_PLAY("1 " POST_UP "1 DATA a\n1 TRAILER b: c||\n1 FAULT the name B has an upper-case letter (RFC 9113 section 8.2.1): mended\n1 END \n",
		"", HELLO "\nH1 " POST "\nD1 a\nH1.e B=c");
	CLIENT_PLAY("1 HEAD HTTP/2 200 |a: x y||\n1 FAULT field a has a control character (RFC 9110 section 5.5): mended\n1 END \n",
		"HEADERS 1 end\n", "> 1 head GET / HTTP/1.1\r\nHost: x\r\n\r\n", "> 1 end", HELLO "\nH1.e :status=200;a=x\001y");
	lenient = false;
}

static void
test_what_two_could_read_differently_the_lenient_refuse_too(void **state)
{
	static const struct { const char *fields, *because; } cases[] = {
		{ GET ";transfer-encoding=chunked", "RFC 9113 section 8.2.2: the field transfer-encoding" },
		{ GET ";Transfer-Encoding=chunked", "RFC 9113 section 8.2.2: the field transfer-encoding" },
		{ GET ";content-length:=5", "RFC 9113 section 8.2.1: the name content-length: has a character that names have not" },
		{ GET ";a=x\\r\\nb: y", "RFC 9113 section 8.2.1: the value of a has CR, LF or NUL" },
		{ GET ";a=x\\0y", "RFC 9113 section 8.2.1: the value of a has CR, LF or NUL" },
		{ GET ";Host=y", "RFC 9113 section 8.3.1: host and :authority differ" },
		{ GET ";Content-Length=5;content-length=6", "there are 2 content-length fields (RFC 9110 section 8.6)" },
		{ GET ";:path=/", "RFC 9113 section 8.3: there are two :path" },
		{ ":method=GET;:scheme=https;:path=/ HTTP/1.1;:authority=x", "RFC 9113 section 8.3.1: :path has no valid value" },
	};

	(void)state;
	lenient = true;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char up[300], text[300];

		snprintf(up, sizeof(up), "1 reset PROTOCOL_ERROR %s\n", cases[i].because);
		snprintf(text, sizeof(text), HELLO "\nH1.e %s", cases[i].fields);
		SERVER_PLAY(up, "RST 1 PROTOCOL_ERROR\n", text);
	}
	lenient = false;
}

static void
test_what_comes_after_our_reset_is_nothing(void **state)
{
	(void)state;
	SERVER_PLAY("1 reset PROTOCOL_ERROR RFC 9113 section 8.2.2: the field connection" MENDS "\n", "RST 1 PROTOCOL_ERROR\nPING 0\n",
		HELLO "\nH1 " POST ";connection=a\nD1 a\nD1 b\nH1.e a=b\nW1 5\nP");
}

static void
test_the_preface_is_read_to_the_letter(void **state)
{
	(void)state;
	play(true, (const char *const[]){ "!PRI * HTTP/2.0\r\n\r\nSM\r\n\r ", NULL },
		"fail RFC 9113 section 3.4: the connection preface is not HTTP/2's\n", "GOAWAY 0 PROTOCOL_ERROR\n");
	SERVER_PLAY("fail RFC 9113 section 3.4: the first frame is not SETTINGS\n", "GOAWAY 0 PROTOCOL_ERROR\n", "<P\nS");
	assert_int_equal(h2_preface(LIT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nmore")), 1);
	assert_int_equal(h2_preface(LIT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r")), -1);
	assert_int_equal(h2_preface(LIT("PRI * HTTP/2.0\r\n\r\nSN")), 0);
	assert_int_equal(h2_preface((struct bytes){ 0 }), -1);
	assert_int_equal(h2_preface(LIT("GET / HTTP/1.1\r\n")), 0);
}

static void
test_what_answers_in_another_protocol_is_alien(void **state)
{
	struct stage s;

	(void)state;
	CLIENT_PLAY("1 reset PROTOCOL_ERROR RFC 9113 section 3.4: what answered speaks no HTTP/2\n"
		"fail RFC 9113 section 3.4: what answered speaks no HTTP/2\n", "HEADERS 1 end\n",
		"> 1 head GET / HTTP/2\r\nhost: x\r\n\r\n", "> 1 end", "!HTTP/1.1 400 Bad Request\r\n\r\n");
	stage_open(&s, false);
	assert_false(h2_alien(chain_find(s.chain, &layer_h2)));
	chain_event(s.chain, (struct event){ .kind = EV_EOF });
	assert_true(h2_alien(chain_find(s.chain, &layer_h2)));
	stage_close(&s);
}

static void
test_a_server_pushes_nothing(void **state)
{
	(void)state;
	CLIENT_PLAY("1 reset PROTOCOL_ERROR RFC 9113 section 8.4: PUSH_PROMISE, though push is switched off\n"
		"fail RFC 9113 section 8.4: PUSH_PROMISE, though push is switched off\n",
		"HEADERS 1 end\nGOAWAY 0 PROTOCOL_ERROR\n",
		"> 1 head GET / HTTP/2\r\nhost: x\r\n\r\n", "> 1 end", "<S\nX5.4@1 0000000200");
}

static void
test_goaway_refuses_what_it_did_not_look_at(void **state)
{
#define THREE	"> 1 head GET / HTTP/2\r\nhost: x\r\n\r\n", "> 1 end", "> 3 head GET / HTTP/2\r\nhost: x\r\n\r\n", "> 3 end", \
	"> 5 head GET / HTTP/2\r\nhost: x\r\n\r\n", "> 5 end"
	(void)state;
	CLIENT_PLAY("5 reset REFUSED_STREAM the server is going away: NO_ERROR: bye\n"
		"3 reset REFUSED_STREAM the server is going away: NO_ERROR: bye\n"
		"1 HEAD HTTP/2 204 ||\n1 END \n", "HEADERS 1 end\nHEADERS 3 end\nHEADERS 5 end\n",
		THREE, HELLO "\nG1 0 bye\nH1.e :status=204");
	/* What waits for a place may not go any more, whatever its number. */
	CLIENT_PLAY("5 reset REFUSED_STREAM the server is going away: NO_ERROR\n"
		"3 reset REFUSED_STREAM the server is going away: NO_ERROR\n"
		"1 HEAD HTTP/2 204 ||\n1 END \n", "HEADERS 1 end\n",
		"<S 3=1", THREE, "<G2147483647 0\nH1.e :status=204");
}

static void
test_a_client_that_goes_away_is_let_go_when_the_last_stream_has_ended(void **state)
{
	struct stage s;

	(void)state;
	stage_open(&s, true);
	add(bytes_of(PREFACE + 1));
	write_lines("S\nS.a\nH1.e " GET "\nG0 0");
	come(&s, SIZE_MAX);
	assert_false(s.over);
	command(&s, "1 head HTTP/1.1 204 N\r\n\r\n");
	command(&s, "1 end");
	chain_settle(s.chain);
	assert_true(s.over);
	stage_close(&s);
}

static void
test_more_streams_than_the_server_takes_wait(void **state)
{
	(void)state;
	CLIENT_PLAY("1 HEAD HTTP/2 204 ||\n1 END \n", "HEADERS 1 end\nHEADERS 3 end\n",
		"<S 3=1", THREE, "<H1.e :status=204");
}

static void
test_a_list_that_is_too_long_may_be_answered(void **state)
{
	char step[1500], value[1001];

	(void)state;
	memset(value, 'a', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	snprintf(step, sizeof(step), HELLO "\nH1 " POST ";long=%s\nD1 a", value);
#define TOO_LONG	"RFC 9113 section 10.5.1: the header list is longer than 1000 bytes\n"
	SERVER_PLAY("1 reset ENHANCE_YOUR_CALM (431) " TOO_LONG, "RST 1 ENHANCE_YOUR_CALM\n", step, "<D1 b");
	snprintf(step, sizeof(step), HELLO "\nH1 :status=200;long=%s", value);
	CLIENT_PLAY("1 reset ENHANCE_YOUR_CALM " TOO_LONG, "HEADERS 1 end\nRST 1 ENHANCE_YOUR_CALM\n",
		"> 1 head GET / HTTP/2\r\nhost: x\r\n\r\n", "> 1 end", step);
}

/* Answers what is refused before it settles. */
static void
answer_refused(void *arg, struct event *ev)
{
	struct stage *s = arg;

	stage_up(arg, ev);
	if (ev->kind == EV_PART && ev->part.count == 431) {
		command(s, "1 head HTTP/1.1 431 No\r\n\r\n");
		command(s, "1 data no");
		command(s, "1 end");
	}
}

static void
test_the_answer_to_a_list_that_is_too_long_goes(void **state)
{
	char lines[1500], value[1001];
	struct stage s;
	struct fault why;

	(void)state;
	stage_open(&s, true);
	chain_free(s.chain);
	s.chain = chain_new((struct chain_ends){ answer_refused, stage_down, &s });
	assert_true(chain_push(s.chain, &layer_h2, &(struct h2_args){ .server = true, .head_limit = HEAD_LIMIT }, &why));
	s.sent.len = 0;
	memset(value, 'a', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	add(bytes_of(PREFACE + 1));
	snprintf(lines, sizeof(lines), "S\nS.a\nH1 " POST ";long=%s\nD1 a", value);
	write_lines(lines);
	come(&s, SIZE_MAX);
	told(&s);
	assert_true(bytes_are(buf_bytes(&s.up), "1 reset ENHANCE_YOUR_CALM (431) " TOO_LONG));
	assert_true(bytes_are(buf_bytes(&s.down), "HEADERS 1\nDATA 1 end\nRST 1 NO_ERROR\n"));
	stage_close(&s);
}

/* Many times the same, and then what came of it. */
static void
flood(bool server, const char *first, const char *again, unsigned times, uint32_t step, const char *up_end, const char *down_end)
{
	struct stage s;

	stage_open(&s, server);
	if (server)
		add(bytes_of(PREFACE + 1));
	write_lines(first);
	come(&s, SIZE_MAX);
	for (unsigned i = 0; i < times; i++) {
		char lines[600];

		snprintf(lines, sizeof(lines), again, 1 + i * step, 1 + i * step);
		write_lines(lines);
		come(&s, SIZE_MAX);
	}
	told(&s);
	if (*up_end) {
		assert_true(s.up.len >= strlen(up_end));
		assert_string_equal(buf_addf(&s.up, "%c", 0) ? (char *)s.up.at + s.up.len - 1 - strlen(up_end) : "", up_end);
		assert_string_equal(buf_addf(&s.down, "%c", 0) ? (char *)s.down.at + s.down.len - 1 - strlen(down_end) : "", down_end);
	}
	assert_int_equal(s.over, *up_end != '\0');
	stage_close(&s);
}

static void
count_down(void *arg, struct command *cmd)
{
	if (cmd->kind == CMD_SEND)
		*(size_t *)arg += cmd->data.bytes.len;
}

static void
ignore_up(void *arg, struct event *ev)
{
	(void)arg, (void)ev;
}

static void
come_at_once(struct chain *c)
{
	chain_event(c, (struct event){ .kind = EV_DATA, .data = slice_copy(buf_bytes(&wire)) });
	buf_eat(&wire, wire.len);
}

static void
test_what_large_windows_let_go_at_once_goes(void **state)
{
	enum { STREAMS = 100, EACH = 1000000 };
	size_t sent = 0;
	struct chain *c = chain_new((struct chain_ends){ ignore_up, count_down, &sent });
	struct fault why;

	(void)state;
	assert_true(chain_push(c, &layer_h2, &(struct h2_args){ .server = true, .head_limit = HEAD_LIMIT }, &why));
	add(bytes_of(PREFACE + 1));
	write_lines("S 4=1048576\nS.a\nW0 1000000000");
	for (uint32_t i = 0; i < STREAMS; i++) {
		char line[100];

		snprintf(line, sizeof(line), "H%u.e " GET, 2 * i + 1);
		write_lines(line);
	}
	come_at_once(c);
	for (uint32_t i = 0; i < STREAMS; i++) {
		struct part p = { .kind = PART_HEAD, .head = head_parse(LIT("HTTP/2 200 \r\n\r\n"), HEAD_RESPONSE, &why) };
		uint8_t *at;

		chain_command(c, (struct command){ .kind = CMD_PART, .stream = 2 * i + 1, .part = p });
		p = (struct part){ .kind = PART_DATA, .data = slice_new(EACH, &at) };
		memset(at, 'x', EACH);
		chain_command(c, (struct command){ .kind = CMD_PART, .stream = 2 * i + 1, .part = p });
	}
	chain_settle(c);
	assert_true(sent > (size_t)STREAMS * EACH);
	chain_free(c);
}

static void
test_floods_of_frames_that_carry_nothing_end_the_connection(void **state)
{
	static const char *const frames[] = { "P", "S", "S.a", "Y%u 3", "W0 1", "X2a 00", "D1", "R1 8" };
	static const char *const because = "fail RFC 9113 section 10.5: too many frames that carry nothing\n";

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(frames); i++) {
		if (strchr(frames[i], '.') || *frames[i] == 'R')
			continue;	/* those are faults before long */
		flood(true, "S\nS.a\nH1 " POST, frames[i], 9900, 0, "", "");
		flood(true, "S\nS.a\nH1 " POST, frames[i], 11000, 0, because, "GOAWAY 1 ENHANCE_YOUR_CALM\n");
	}
	/* Among frames that do something they are as many as they like. */
	flood(true, "S\nS.a\nH1 " POST, "P\nP\nP\nD1 a", 11000, 0, "", "");
	flood(true, "S\nS.a", "H1.em " GET "\nC1.m\nC1.m\nC1.m\nC1.m\nC1.m\nC1.m\nC1.m\nC1.m\nC1", 1, 0,
		"fail RFC 9113 section 10.5: a head comes in too many CONTINUATION frames\n", "GOAWAY 1 ENHANCE_YOUR_CALM\n");
}

static void
test_a_rapid_reset_ends_the_connection(void **state)
{
	(void)state;
	flood(true, "S\nS.a", "H%u " POST "\nR%u 8", 200, 2, "", "");
	flood(true, "S\nS.a", "H%u " POST "\nR%u 8", 201, 2,
		"fail RFC 9113 section 10.5: too many streams were broken off before their answer\n", "GOAWAY 401 ENHANCE_YOUR_CALM\n");
	flood(true, "S\nS.a", "H%u " POST ";connection=x", 201, 2,
		"fail RFC 9113 section 10.5: too many streams were broken off before their answer\n", "GOAWAY 401 ENHANCE_YOUR_CALM\n");
}

static void
test_a_list_beyond_all_measure_ends_the_connection(void **state)
{
	char value[1001], lines[1200];
	struct stage s;

	(void)state;
	memset(value, 'a', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	stage_open(&s, true);
	add(bytes_of(PREFACE + 1));
	write_lines("S\nS.a\nH1.m " GET);
	for (unsigned i = 0; i < 8; i++) {
		snprintf(lines, sizeof(lines), "C1.m a=%s;b=%s", value, value + 900);
		write_lines(lines);
	}
	come(&s, SIZE_MAX);
	assert_int_equal(s.up.len, 0);
	/* The dynamic table makes much of little: one entry, and then its number over and over. */
	stage_close(&s);
	stage_open(&s, true);
	add(bytes_of(PREFACE + 1));
	{
		struct buf b;

		buf_init(&b, 1 << 20);
		hpack(&b, GET);
		assert_true(buf_add(&b, LIT("\x40\x01" "a")));
		hpack_string(&b, bytes_of(value));
		for (unsigned i = 0; i < 20; i++)
			assert_true(buf_add(&b, LIT("\xbe")));
		write_lines("S\nS.a");
		frame(1, 5, 1, buf_bytes(&b));
		buf_release(&b);
	}
	come(&s, SIZE_MAX);
	told(&s);
	assert_true(bytes_are(buf_bytes(&s.up), "1 reset ENHANCE_YOUR_CALM RFC 9113 section 10.5.1: a header list beyond all measure\n"
		"fail RFC 9113 section 10.5.1: a header list beyond all measure\n"));
	assert_true(bytes_are(buf_bytes(&s.down), "GOAWAY 1 ENHANCE_YOUR_CALM\n"));
	stage_close(&s);
}

static void
test_a_header_block_that_cannot_be_read_ends_the_connection(void **state)
{
	(void)state;
	SERVER_PLAY("1 reset COMPRESSION_ERROR RFC 9113 section 4.3: a header block cannot be decompressed\n"
		"fail RFC 9113 section 4.3: a header block cannot be decompressed\n", "GOAWAY 1 COMPRESSION_ERROR\n",
		HELLO "\nX1.4@1 80");
}

static int
set_up(void **state)
{
	(void)state;
	buf_init(&wire, 64 << 20);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	buf_release(&wire);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_list_of_a_request_that_breaks_a_rule_is_reset),
		cmocka_unit_test(test_faults_of_other_documents_say_so),
		cmocka_unit_test(test_what_is_right_comes_up),
		cmocka_unit_test(test_data_is_as_long_as_content_length_says),
		cmocka_unit_test(test_trailers_end_the_stream_and_say_nothing_of_its_frame),
		cmocka_unit_test(test_a_list_of_a_response_that_breaks_a_rule_is_reset),
		cmocka_unit_test(test_a_rule_of_the_connection_ends_it),
		cmocka_unit_test(test_a_header_block_is_in_one_piece),
		cmocka_unit_test(test_streams_under_way_are_told_when_the_connection_breaks),
		cmocka_unit_test(test_nothing_may_come_on_a_stream_that_the_peer_closed),
		cmocka_unit_test(test_numbers_of_streams_only_grow),
		cmocka_unit_test(test_what_careless_peers_say_is_mended_for_the_lenient),
		cmocka_unit_test(test_what_two_could_read_differently_the_lenient_refuse_too),
		cmocka_unit_test(test_what_comes_after_our_reset_is_nothing),
		cmocka_unit_test(test_the_preface_is_read_to_the_letter),
		cmocka_unit_test(test_what_answers_in_another_protocol_is_alien),
		cmocka_unit_test(test_a_server_pushes_nothing),
		cmocka_unit_test(test_goaway_refuses_what_it_did_not_look_at),
		cmocka_unit_test(test_a_client_that_goes_away_is_let_go_when_the_last_stream_has_ended),
		cmocka_unit_test(test_more_streams_than_the_server_takes_wait),
		cmocka_unit_test(test_a_list_that_is_too_long_may_be_answered),
		cmocka_unit_test(test_the_answer_to_a_list_that_is_too_long_goes),
		cmocka_unit_test(test_what_large_windows_let_go_at_once_goes),
		cmocka_unit_test(test_floods_of_frames_that_carry_nothing_end_the_connection),
		cmocka_unit_test(test_a_rapid_reset_ends_the_connection),
		cmocka_unit_test(test_a_list_beyond_all_measure_ends_the_connection),
		cmocka_unit_test(test_a_header_block_that_cannot_be_read_ends_the_connection),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
