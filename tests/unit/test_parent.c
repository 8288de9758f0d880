/* A parent proxy that is asked for a connection, by CONNECT or by SOCKS5. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../src/proto/chain.h"
#include "../../src/proto/parent.h"
#include "../../src/proto/proxyauth.h"
#include "soth/buf.h"

/* What passes the ends, a line each; data that goes the same way is joined. */
static struct {
	struct chain *chain;
	struct buf log;
	char last;		/* 'u' or 'd': data went that way */
} at;

static void
put(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.at[i];
		bool plain = (c >= ' ' && c < 0x7f) || c == '\r' || c == '\n';

		if (c == '\r' || c == '\n')
			assert_true(buf_add(&at.log, c == '\r' ? LIT("\\r") : LIT("\\n")));
		else
			assert_true(plain ? buf_addf(&at.log, "%c", c) : buf_addf(&at.log, "<%02x>", c));
	}
}

static void
line(const char *what, struct bytes data, char last)
{
	if (!last || at.last != last)
		assert_true(buf_addf(&at.log, "%s%s", at.log.len ? "\n" : "", what));
	put(data);
	at.last = last;
}

static void
ends_up(void *arg, struct event *ev)
{
	char fail[20];

	(void)arg;
	snprintf(fail, sizeof(fail), "fail %u ", ev->code);
	if (ev->kind == EV_DATA)
		line("up ", ev->data.bytes, 'u');
	else if (ev->kind == EV_FAIL)
		line(fail, ev->data.bytes, 0);
	else
		line(ev->kind == EV_OPEN ? "open " : ev->kind == EV_EOF ? "eof" : "other", ev->data.bytes, 0);
}

static void
ends_down(void *arg, struct command *cmd)
{
	(void)arg;
	if (cmd->kind == CMD_SEND)
		line("down ", cmd->data.bytes, 'd');
	else
		line(cmd->kind == CMD_SHUT ? "shut" : cmd->kind == CMD_CLOSE ? "close" : cmd->kind == CMD_PAUSE ? "pause" : "go",
			(struct bytes){ 0 }, 0);
}

static void
begin(const struct layer_ops *ops, const struct parent_args *args)
{
	struct fault why;

	buf_init(&at.log, 1 << 20);
	at.last = 0;
	at.chain = chain_new((struct chain_ends){ ends_up, ends_down, NULL });
	if (!chain_push(at.chain, ops, args, &why))
		fail_msg("%s", why.text);
}

static void
done(void)
{
	chain_free(at.chain);
	buf_release(&at.log);
}

static void
give(struct bytes data)
{
	if (data.len)
		chain_event(at.chain, (struct event){ .kind = EV_DATA, .data = slice_copy(data) });
}

static void
eof(void)
{
	chain_event(at.chain, (struct event){ .kind = EV_EOF });
}

static void
send_down(const char *text)
{
	chain_command(at.chain, (struct command){ .kind = CMD_SEND, .data = slice_text(text) });
}

static void
check(const char *want)
{
	assert_true(buf_add(&at.log, LIT("\0")));
	assert_string_equal((const char *)at.log.at, want);
	at.log.len--;
}

static const struct parent_args plain = { .host = "a.test", .port = 443, .proxy = "proxy.test:3128", .head_limit = 200 };
static const struct parent_args secret = { .host = "a.test", .port = 443, .proxy = "proxy.test:3128", .head_limit = 200,
	.auth = "user:pass" };

#define ASKED	"down CONNECT a.test:443 HTTP/1.1\\r\\nHost: a.test:443\\r\\n\\r\\n"

/* What the parent says, in two pieces, cut at every byte; it ends there where `ends`. */
struct talk {
	const struct layer_ops *ops;
	const struct parent_args *args;
	struct bytes says;
	bool ends;
	const char *want;
};
#define FILL	"0123456789012345678901234567890123456789012345678901234"	/* 55 */
#define RAW(s)	{ (const uint8_t *)(s), sizeof(s) - 1 }

static const struct talk talks[] = {
	{ &layer_connect, &plain, RAW("HTTP/1.1 200 OK\r\n\r\n"), false, ASKED "\nopen " },
	{ &layer_connect, &plain, RAW("HTTP/1.0 200 Connection established\r\nVia: x\r\n\r\nfirst bytes"), true,
		ASKED "\nopen \nup first bytes\neof" },
	{ &layer_connect, &plain, RAW("HTTP/1.1 204 No Content\r\n\r\n"), false, ASKED "\nopen " },
	{ &layer_connect, &plain, RAW("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nxyz"),
		false, ASKED "\nopen \nup xyz" },
	/* RFC 9110 section 9.3.6: a length in a 2xx to CONNECT means nothing. */
	{ &layer_connect, &plain, RAW("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nxyz"), false, ASKED "\nopen \nup xyz" },
	{ &layer_connect, &plain, RAW("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\n\r\nxyz"), true,
		ASKED "\nfail 2 proxy.test:3128 answered 502 Bad Gateway" },
	{ &layer_connect, &plain, RAW("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n"), true,
		ASKED "\nfail 2 proxy.test:3128 answered 407 Proxy Authentication Required: see upstream-auth" },
	{ &layer_connect, &plain, RAW("HTTP/1.1 302 Found\r\nLocation: x\r\n\r\n"), false,
		ASKED "\nfail 2 proxy.test:3128 answered 302 Found" },
	{ &layer_connect, &plain, RAW("HTTP/1.1 200 OK\r\nVia"), true,
		ASKED "\nfail 5 proxy.test:3128 closed the connection without an answer" },
	{ &layer_connect, &plain, RAW(""), true, ASKED "\nfail 5 proxy.test:3128 closed the connection without an answer" },
	/* 201 bytes of a head, where 200 are allowed. */
	{ &layer_connect, &plain, RAW("HTTP/1.1 200 OK\r\nA: " FILL FILL FILL "123456789012\r\n\r\n"), true,
		ASKED "\nfail 0 proxy.test:3128 answers with a head that is too long" },
	{ &layer_connect, &plain, RAW("HTTP/1.1 200 OK\r\nA: " FILL FILL FILL "12345678901\r\n\r\n"), false, ASKED "\nopen " },
	{ &layer_connect, &secret, RAW("HTTP/1.1 200 OK\r\n\r\n"), false, "down CONNECT a.test:443 HTTP/1.1\\r\\nHost: a.test:443\\r\\n"
		"Proxy-Authorization: Basic dXNlcjpwYXNz\\r\\n\\r\\n\nopen " },

	{ &layer_socks, &plain, RAW("\x05\0" "\x05\0\0\x01\0\0\0\0\0\0"), false,
		"down <05><01><00><05><01><00><03><06>a.test<01><bb>\nopen " },
	{ &layer_socks, &plain, RAW("\x05\0" "\x05\0\0\x03\x03""abc\0\x50""first bytes"), true,
		"down <05><01><00><05><01><00><03><06>a.test<01><bb>\nopen \nup first bytes\neof" },
	{ &layer_socks, &plain, RAW("\x05\0" "\x05\0\0\x04""0123456789abcdef\0\x50""x"), false,
		"down <05><01><00><05><01><00><03><06>a.test<01><bb>\nopen \nup x" },
	{ &layer_socks, &secret, RAW("\x05\x02" "\x01\0" "\x05\0\0\x01\0\0\0\0\0\0"), false,
		"down <05><02><00><02><01><04>user<04>pass<05><01><00><03><06>a.test<01><bb>\nopen " },
	/* It need not want to know. */
	{ &layer_socks, &secret, RAW("\x05\0" "\x05\0\0\x01\0\0\0\0\0\0"), false,
		"down <05><02><00><02><05><01><00><03><06>a.test<01><bb>\nopen " },
	{ &layer_socks, &secret, RAW("\x05\x02" "\x01\x01"), true,
		"down <05><02><00><02><01><04>user<04>pass\nfail 2 proxy.test:3128 refused user and password: see upstream-auth" },
	{ &layer_socks, &plain, RAW("\x05\xff"), true,
		"down <05><01><00>\nfail 2 proxy.test:3128 takes none of our ways to authenticate: see upstream-auth" },
	{ &layer_socks, &plain, RAW("\x05\x02"), true,
		"down <05><01><00>\nfail 2 proxy.test:3128 takes none of our ways to authenticate: see upstream-auth" },
	{ &layer_socks, &plain, RAW("\x04\x5a"), true,
		"down <05><01><00>\nfail 0 proxy.test:3128 speaks no SOCKS5 (RFC 1928 section 3)" },
	{ &layer_socks, &plain, RAW("\x05\0" "\x05\x05\0\x01\0\0\0\0\0\0"), true,
		"down <05><01><00><05><01><00><03><06>a.test<01><bb>\nfail 2 proxy.test:3128 says that the server refused the connection" },
	{ &layer_socks, &plain, RAW("\x05\0" "\x05\x06\0\x01\0\0\0\0\0\0"), false,
		"down <05><01><00><05><01><00><03><06>a.test<01><bb>\nfail 3 proxy.test:3128 says that the time was up" },
	{ &layer_socks, &plain, RAW("\x05\0" "\x05\x77\0\x01\0\0\0\0\0\0"), false,
		"down <05><01><00><05><01><00><03><06>a.test<01><bb>\nfail 0 proxy.test:3128 answers what nobody knows (RFC 1928 section 6)" },
	{ &layer_socks, &plain, RAW("\x05\0" "\x05\0\0"), true,
		"down <05><01><00><05><01><00><03><06>a.test<01><bb>\nfail 5 proxy.test:3128 closed the connection without an answer" },
};

static void
test_each_talk_comes_to_the_same_wherever_it_is_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(talks); i++) {
		const struct talk *t = &talks[i];

		for (size_t cut = 0; cut <= t->says.len; cut++) {
			begin(t->ops, t->args);
			give((struct bytes){ t->says.at, cut });
			give((struct bytes){ t->says.at + cut, t->says.len - cut });
			if (t->ends)
				eof();
			check(t->want);
			done();
		}
	}
}

static void
test_what_comes_down_waits_until_it_has_agreed(void **state)
{
	(void)state;
	begin(&layer_connect, &plain);
	send_down("early");
	chain_command(at.chain, (struct command){ .kind = CMD_SHUT });
	check(ASKED);
	give(LIT("HTTP/1.1 200 OK\r\n\r\nlate"));
	check(ASKED "\nopen \ndown early\nshut\nup late");
	send_down("after");
	give(LIT("answer"));
	check(ASKED "\nopen \ndown early\nshut\nup late\ndown after\nup answer");
	done();
}

static void
test_what_waits_is_dropped_where_it_refuses(void **state)
{
	(void)state;
	begin(&layer_socks, &plain);
	send_down("early");
	give(LIT("\x05\xff"));
	give(LIT("more of it"));
	eof();
	check("down <05><01><00>\nfail 2 proxy.test:3128 takes none of our ways to authenticate: see upstream-auth");
	done();
}

static void
test_a_close_does_not_wait(void **state)
{
	(void)state;
	begin(&layer_connect, &plain);
	send_down("early");
	chain_command(at.chain, (struct command){ .kind = CMD_CLOSE });
	check(ASKED "\nclose");
	done();
}

static void
test_a_connection_that_breaks_says_so(void **state)
{
	(void)state;
	begin(&layer_connect, &plain);
	give(LIT("HTTP/1.1 2"));
	chain_event(at.chain, (struct event){ .kind = EV_FAIL, .code = FAIL_RESET, .data = slice_text("reset by peer") });
	check(ASKED "\nfail 5 reset by peer");
	done();
}

static void
test_a_head_too_long_is_not_waited_for(void **state)
{
	(void)state;
	begin(&layer_connect, &plain);
	give(LIT("HTTP/1.1 200 OK\r\nA: "));
	for (int i = 0; i < 30; i++)
		give(LIT("0123456789"));
	check(ASKED "\nfail 0 proxy.test:3128 answers with a head that is too long");
	done();
}

static void
test_what_is_no_http_is_refused(void **state)
{
	static const struct bytes bad[] = {
		RAW("SSH-2.0-x\r\n\r\n"), RAW("HTTP/1.1 200 OK\r\nA : b\r\n\r\n"), RAW("HTTP/1.1 2000 OK\r\n\r\n"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		begin(&layer_connect, &plain);
		give(bad[i]);
		assert_non_null(memmem(at.log.at, at.log.len, "\nfail 0 proxy.test:3128 ", 24));
		done();
	}
}

static void
test_ipv6_stands_in_brackets(void **state)
{
	struct parent_args v6 = plain;

	(void)state;
	v6.host = "2001:db8::1";
	begin(&layer_connect, &v6);
	check("down CONNECT [2001:db8::1]:443 HTTP/1.1\\r\\nHost: [2001:db8::1]:443\\r\\n\\r\\n");
	done();
}

/* A length of one byte says how long each is: RFC 1929 section 2. */
static void
test_what_socks_cannot_say_is_refused_before_it_is_said(void **state)
{
	struct { size_t user, password; bool fits; } cases[] = {
		{ 255, 255, true }, { 256, 1, false }, { 1, 256, false }, { 400, 400, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct parent_args args = plain;
		char auth[1000];
		struct chain *c = chain_new((struct chain_ends){ ends_up, ends_down, NULL });
		struct fault why = { "" };

		memset(auth, 'x', sizeof(auth));
		auth[cases[i].user] = ':';
		auth[cases[i].user + 1 + cases[i].password] = 0;
		args.auth = auth;
		assert_int_equal(chain_push(c, &layer_socks, &args, &why), cases[i].fits);
		assert_int_equal(!*why.text, cases[i].fits);
		chain_free(c);
	}
}

static void
test_proxyauth_takes_those_credentials_alone(void **state)
{
	static const struct { const char *value; bool fits; } given[] = {
		{ "Basic dXNlcjpwYXNz", true }, { "basic dXNlcjpwYXNz", true }, { "Basic dXNlcjpwYXNZ", false },
		{ "Basic dXNlcjpwYXN", false }, { "Basic dXNlcjpwYXNzz", false }, { "Basic DXNlcjpwYXNz", false },
		{ "Bearer dXNlcjpwYXNz", false }, { "Basic", false }, { "", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(given); i++) {
		struct fault why;
		struct head *h;
		char text[200];

		snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nProxy-Authorization: %s\r\n\r\n", given[i].value);
		assert_non_null(h = head_parse(bytes_of(text), HEAD_REQUEST, &why));
		assert_int_equal(proxyauth_fits(h, "user:pass"), given[i].fits);
		head_drop(h);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_talk_comes_to_the_same_wherever_it_is_cut),
		cmocka_unit_test(test_what_comes_down_waits_until_it_has_agreed),
		cmocka_unit_test(test_what_waits_is_dropped_where_it_refuses),
		cmocka_unit_test(test_a_close_does_not_wait),
		cmocka_unit_test(test_a_connection_that_breaks_says_so),
		cmocka_unit_test(test_a_head_too_long_is_not_waited_for),
		cmocka_unit_test(test_what_is_no_http_is_refused),
		cmocka_unit_test(test_ipv6_stands_in_brackets),
		cmocka_unit_test(test_what_socks_cannot_say_is_refused_before_it_is_said),
		cmocka_unit_test(test_proxyauth_takes_those_credentials_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
