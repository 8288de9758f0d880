#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../../src/proto/socks.h"

/* What a client says, and what must come of it. */
struct talk {
	const char *auth;
	struct bytes says, hears;
	enum socks_state ends;
	enum socks_command command;
	const char *host;
	uint16_t port;
	const char *why;
	size_t left;		/* bytes of `says` that are not eaten */
};

/* As LIT(), for a constant. */
#define RAW(s)		{ (const uint8_t *)(s), sizeof(s) - 1 }
#define REFUSAL(rep)	"\x05" rep "\0\x01\0\0\0\0\0\0"
#define LONG_16		"0123456789abcde."
#define LONG_127	LONG_16 LONG_16 LONG_16 LONG_16 LONG_16 LONG_16 LONG_16 "0123456789abcde"

static const struct talk talks[] = {
	{ NULL, RAW("\x05\x01\0" "\x05\x01\0\x01\xc0\0\x02\x07\x01\xbb"), RAW("\x05\0"),
		SOCKS_DONE, SOCKS_CONNECT, "192.0.2.7", 443, "", 0 },
	{ "", RAW("\x05\x02\x02\0" "\x05\x01\0\x03\x06""a.test\0\x50"), RAW("\x05\0"),
		SOCKS_DONE, SOCKS_CONNECT, "a.test", 80, "", 0 },
	{ NULL, RAW("\x05\x01\0" "\x05\x01\0\x04\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\0\x50"), RAW("\x05\0"),
		SOCKS_DONE, SOCKS_CONNECT, "2001:db8::1", 80, "", 0 },
	{ NULL, RAW("\x05\x01\0" "\x05\x03\0\x01\0\0\0\0\0\0"), RAW("\x05\0"),
		SOCKS_DONE, SOCKS_UDP, "0.0.0.0", 0, "", 0 },
	/* What follows the request is not SOCKS any more. */
	{ NULL, RAW("\x05\x01\0" "\x05\x01\0\x03\x01""a\0\x50GET /"), RAW("\x05\0"),
		SOCKS_DONE, SOCKS_CONNECT, "a", 80, "", 5 },
	{ NULL, RAW("\x05\x01\0" "\x05\x01\0\x03\xff" LONG_127 LONG_127 "x\0\x50"), RAW("\x05\0"),
		SOCKS_DONE, SOCKS_CONNECT, LONG_127 LONG_127 "x", 80, "", 0 },
	{ "user:pass", RAW("\x05\x02\0\x02" "\x01\x04user\x04pass" "\x05\x01\0\x03\x01""a\0\x50"), RAW("\x05\x02\x01\0"),
		SOCKS_DONE, SOCKS_CONNECT, "a", 80, "", 0 },
	/* The first colon parts them; the password may have more, or be empty. */
	{ "user:pa:ss", RAW("\x05\x01\x02" "\x01\x04user\x05pa:ss" "\x05\x01\0\x03\x01""a\0\x50"), RAW("\x05\x02\x01\0"),
		SOCKS_DONE, SOCKS_CONNECT, "a", 80, "", 0 },
	{ "user:", RAW("\x05\x01\x02" "\x01\x04user\0" "\x05\x01\0\x03\x01""a\0\x50"), RAW("\x05\x02\x01\0"),
		SOCKS_DONE, SOCKS_CONNECT, "a", 80, "", 0 },
	{ "user:pass", RAW("\x05\x01\x02" "\x01\x04user\x04pasS"), RAW("\x05\x02\x01\x01"),
		SOCKS_FAILED, 0, NULL, 0, "RFC 1929 section 2: user and password are not those of proxyauth", 0 },
	{ "user:pass", RAW("\x05\x01\x02" "\x01\x04user\x03pas"), RAW("\x05\x02\x01\x01"),
		SOCKS_FAILED, 0, NULL, 0, "RFC 1929 section 2: user and password are not those of proxyauth", 0 },
	{ "user:pass", RAW("\x05\x01\x02" "\x01\0\0"), RAW("\x05\x02\x01\x01"),
		SOCKS_FAILED, 0, NULL, 0, "RFC 1929 section 2: user and password are not those of proxyauth", 0 },
	{ "user:pass", RAW("\x05\x01\x02" "\x05\x01\0"), RAW("\x05\x02"),
		SOCKS_FAILED, 0, NULL, 0, "RFC 1929 section 2: the sub-negotiation is not of version 1", 3 },
	{ "user:pass", RAW("\x05\x01\0"), RAW("\x05\xff"),
		SOCKS_FAILED, 0, NULL, 0, "RFC 1928 section 3: the client offers no user and password (proxyauth)", 0 },
	{ NULL, RAW("\x05\x01\x02"), RAW("\x05\xff"),
		SOCKS_FAILED, 0, NULL, 0, "RFC 1928 section 3: the client offers no method without authentication", 0 },
	{ NULL, RAW("\x05\0"), RAW("\x05\xff"),
		SOCKS_FAILED, 0, NULL, 0, "RFC 1928 section 3: the client offers no method without authentication", 0 },
	{ NULL, RAW("\x04\x01\0\x50\xc0\0\x02\x07\0"), RAW(""),
		SOCKS_FAILED, 0, NULL, 0, "RFC 1928 section 3: the greeting is not of SOCKS version 5", 9 },
	{ NULL, RAW("\x05\x01\0" "\x04\x01\0\x01\xc0\0\x02\x07\x01\xbb"), RAW("\x05\0" REFUSAL("\x01")),
		SOCKS_FAILED, 0, NULL, 0, "RFC 1928 section 4: the request is not of SOCKS version 5", 10 },
	{ NULL, RAW("\x05\x01\0" "\x05\x02\0\x01\xc0\0\x02\x07\x01\xbb"), RAW("\x05\0" REFUSAL("\x07")),
		SOCKS_FAILED, 0, NULL, 0, "RFC 1928 section 4: BIND is not served", 0 },
	{ NULL, RAW("\x05\x01\0" "\x05\x09\0\x01\xc0\0\x02\x07\x01\xbb"), RAW("\x05\0" REFUSAL("\x07")),
		SOCKS_FAILED, 0, NULL, 0, "RFC 1928 section 4: no such command", 0 },
	{ NULL, RAW("\x05\x01\0" "\x05\x01\0\x02\xc0\0\x02\x07\x01\xbb"), RAW("\x05\0" REFUSAL("\x08")),
		SOCKS_FAILED, 0, NULL, 0, "RFC 1928 section 5: no address that can be understood", 10 },
	{ NULL, RAW("\x05\x01\0" "\x05\x01\0\x03\0\0\x50"), RAW("\x05\0" REFUSAL("\x08")),
		SOCKS_FAILED, 0, NULL, 0, "RFC 1928 section 5: no address that can be understood", 7 },
	{ NULL, RAW("\x05\x01\0" "\x05\x01\0\x03\x05""a\r\nb:\0\x50"), RAW("\x05\0" REFUSAL("\x08")),
		SOCKS_FAILED, 0, NULL, 0, "RFC 1928 section 5: no address that can be understood", 12 },
};

/* Gives the client's bytes as a driver does: all that came and was not eaten. */
static void
talk_cut(const struct talk *t, size_t cut)
{
	struct bytes rest = { t->says.at, 0 };
	struct socks s;
	struct buf out;

	buf_init(&out, 1000);
	socks_init(&s, t->auth);
	rest.len = cut;
	socks_read(&s, &rest, &out);
	rest.len = (size_t)(t->says.at + t->says.len - rest.at);
	socks_read(&s, &rest, &out);
	assert_int_equal(s.state, t->ends);
	assert_int_equal(out.len, t->hears.len);
	assert_memory_equal(out.at ? (const void *)out.at : "", t->hears.at, out.len);
	if (t->ends == SOCKS_DONE) {
		assert_int_equal(s.command, t->command);
		assert_string_equal(s.host, t->host);
		assert_int_equal(s.port, t->port);
		assert_int_equal(rest.len, t->left);
	} else {
		assert_string_equal(s.why.text, t->why);
	}
	buf_release(&out);
}

static void
test_each_talk_comes_to_the_same_wherever_it_is_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(talks); i++)
		for (size_t cut = 0; cut <= talks[i].says.len; cut++)
			talk_cut(&talks[i], cut);
}

static void
test_it_says_nothing_before_a_message_is_whole(void **state)
{
	const struct talk *t = &talks[6];
	struct bytes rest = t->says;
	struct socks s;
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	socks_init(&s, t->auth);
	rest.len = 3;
	socks_read(&s, &rest, &out);
	assert_int_equal(s.state, SOCKS_GREETING);
	assert_int_equal(out.len, 0);
	rest.len = 4;
	socks_read(&s, &rest, &out);
	assert_int_equal(s.state, SOCKS_AUTH);
	assert_int_equal(rest.len, 0);
	rest.len = 10;
	socks_read(&s, &rest, &out);
	assert_int_equal(s.state, SOCKS_AUTH);
	rest.len = 11;
	socks_read(&s, &rest, &out);
	assert_int_equal(s.state, SOCKS_REQUEST);
	assert_int_equal(out.len, 4);
	buf_release(&out);
}

static void
check_reply(enum socks_answer answer, const char *bound, struct bytes want)
{
	struct buf out;

	buf_init(&out, 300);
	socks_reply(answer, bytes_of(bound), &out);
	assert_int_equal(out.len, want.len);
	assert_memory_equal(out.at, want.at, want.len);
	buf_release(&out);
}

static void
test_a_reply_says_where_it_is_bound(void **state)
{
	(void)state;
	check_reply(SOCKS_OK, "192.0.2.1:1080", LIT("\x05\0\0\x01\xc0\0\x02\x01\x04\x38"));
	check_reply(SOCKS_OK, "[2001:db8::1]:80", LIT("\x05\0\0\x04\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\0\x50"));
	check_reply(SOCKS_OK, "a.test:80", LIT("\x05\0\0\x03\x06""a.test\0\x50"));
	check_reply(SOCKS_OK, "", LIT("\x05\0\0\x01\0\0\0\0\0\0"));
	check_reply(SOCKS_OK, "no port", LIT("\x05\0\0\x01\0\0\0\0\0\0"));
	check_reply(SOCKS_REFUSED, "", LIT("\x05\x05\0\x01\0\0\0\0\0\0"));
}

static void
test_each_failure_has_its_answer(void **state)
{
	(void)state;
	assert_int_equal(socks_answer_of(FAIL_NAME), 4);
	assert_int_equal(socks_answer_of(FAIL_REFUSED), 5);
	assert_int_equal(socks_answer_of(FAIL_TIMEOUT), 4);
	assert_int_equal(socks_answer_of(FAIL_LOOP), 2);
	assert_int_equal(socks_answer_of(FAIL_OTHER), 1);
}

static void
test_the_first_byte_tells(void **state)
{
	(void)state;
	assert_true(socks_begins(LIT("\x05")));
	assert_false(socks_begins(LIT("\x04")));
	assert_false(socks_begins(LIT("")));
}

static void
test_the_head_of_a_datagram_comes_back(void **state)
{
	static const struct { const char *host; uint16_t port; } to[] = {
		{ "192.0.2.1", 53 }, { "2001:db8::1", 443 }, { "a.test", 65535 }, { "a", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(to); i++) {
		struct bytes payload;
		char host[256];
		uint16_t port;
		struct buf b;

		buf_init(&b, 1000);
		assert_true(socks_datagram_head(to[i].host, to[i].port, &b));
		assert_true(buf_add(&b, LIT("payload")));
		assert_true(socks_datagram(buf_bytes(&b), host, &port, &payload));
		assert_string_equal(host, to[i].host);
		assert_int_equal(port, to[i].port);
		assert_true(bytes_are(payload, "payload"));
		for (size_t len = 0; len < b.len - 7; len++)
			assert_false(socks_datagram((struct bytes){ b.at, len }, host, &port, &payload));
		buf_release(&b);
	}
}

static void
test_a_name_too_long_makes_no_head(void **state)
{
	char name[258] = "";
	struct buf b;

	(void)state;
	memset(name, 'a', 256);
	buf_init(&b, 1000);
	assert_false(socks_datagram_head(name, 1, &b));
	buf_release(&b);
}

static void
test_fragments_and_what_is_no_head_are_dropped(void **state)
{
	static const struct bytes bad[] = {
		RAW("\0\0\x01\x01\xc0\0\x02\x01\0\x35x"),	/* FRAG */
		RAW("\0\0\x80\x01\xc0\0\x02\x01\0\x35x"),
		RAW("\0\x01\0\x01\xc0\0\x02\x01\0\x35x"),	/* RSV */
		RAW("\0\0\0\x02\xc0\0\x02\x01\0\x35x"),		/* ATYP */
		RAW("\0\0\0\x03\0\0\x35x"),			/* no name */
		RAW("\0\0\0\x03\x03""a/b\0\x35x"),
	};
	struct bytes payload;
	char host[256];
	uint16_t port;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(socks_datagram(bad[i], host, &port, &payload));
	assert_true(socks_datagram(LIT("\0\0\0\x01\xc0\0\x02\x01\0\x35"), host, &port, &payload));
	assert_int_equal(payload.len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_talk_comes_to_the_same_wherever_it_is_cut),
		cmocka_unit_test(test_it_says_nothing_before_a_message_is_whole),
		cmocka_unit_test(test_a_reply_says_where_it_is_bound),
		cmocka_unit_test(test_each_failure_has_its_answer),
		cmocka_unit_test(test_the_first_byte_tells),
		cmocka_unit_test(test_the_head_of_a_datagram_comes_back),
		cmocka_unit_test(test_a_name_too_long_makes_no_head),
		cmocka_unit_test(test_fragments_and_what_is_no_head_are_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
