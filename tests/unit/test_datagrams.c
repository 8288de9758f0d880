#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "soth/datagram.h"
#include "../ordered.h"
#include "../quic_seal.h"

enum { HELLO_TRIES = 8 };	/* datagrams that may go by before the ClientHello is whole */

/* What is told of a flow, a line a note; each one is heard by the ordering machine too. */
static struct {
	struct options options;
	struct mode mode;
	struct ordered ordered;
	struct buf told;
	struct datagrams *d;
	uint64_t clock;
	flow_id flows;
} at;

static flow_id
next_id(void *arg)
{
	(void)arg;
	return ++at.flows;
}

static uint64_t
now(void *arg)
{
	(void)arg;
	return at.clock;
}

static void
line(const char *fmt, ...)
{
	char text[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	assert_true(buf_addf(&at.told, "%s\n", text));
}

static void
line_step(const struct note *n)
{
	char values[1024] = "";
	size_t len = 0;

	for (size_t i = 0; i < step_count(n->step); i++) {
		struct field f = step_value(n->step, i);

		len += (size_t)snprintf(values + len, sizeof(values) - len, " %.*s=%.*s", (int)f.name.len, (const char *)f.name.at,
			(int)f.value.len, (const char *)f.value.at);
	}
	line("%s%s", step_event(step_kind(n->step)), values);
}

static void
line_part(const struct note *n)
{
	const char *who = n->side == CLIENT ? "client" : "server";

	if (n->part.kind == PART_SKIP)
		line("skip %s %llu", who, (unsigned long long)n->part.count);
	else if (n->part.kind == PART_DATA)
		line("data %s %.*s", who, (int)n->part.data.bytes.len, (const char *)n->part.data.bytes.at);
	else
		fail();
}

static void
hear(void *arg, struct note *n)
{
	(void)arg;
	assert_int_equal(n->flow, at.flows);
	assert_int_equal(n->when, at.clock);
	if (!ordered_note(&at.ordered, n))
		fail_msg("%s", at.ordered.ordering.first.text);
	if (n->kind == NOTE_FLOW)
		line("flow %.*s:%u", (int)n->origin->host.len, (const char *)n->origin->host.at, n->origin->port);
	else if (n->kind == NOTE_STEP)
		line_step(n);
	else if (n->kind == NOTE_PART)
		line_part(n);
	else if (n->kind == NOTE_GONE)
		line("gone %s %.*s", close_name(n->part.code), (int)n->part.data.bytes.len, (const char *)n->part.data.bytes.at);
	note_drop(n);
}

static struct datagrams *
start(const char *host, uint16_t port)
{
	struct datagrams_world world = { .options = &at.options, .next_id = next_id, .now = now, .note = hear };

	at.d = datagrams_new(&world, &(struct datagrams_from){ &at.mode, LIT("127.0.0.1:5000"), LIT("127.0.0.1:1080"),
		bytes_of(host), port });
	return at.d;
}

static int
begin(void **state)
{
	struct fault why;

	(void)state;
	memset(&at, 0, sizeof(at));
	at.clock = 1000;
	options_init(&at.options);
	assert_true(mode_parse("socks5", &at.mode, &why));
	at.ordered = ordered_new();
	buf_init(&at.told, 1 << 20);
	return 0;
}

static int
done(void **state)
{
	struct fault why;

	(void)state;
	if (!ordered_end(&at.ordered, &why))
		fail_msg("%s", why.text);
	options_release(&at.options);
	buf_release(&at.told);
	return 0;
}

static void
option(const char *text)
{
	struct fault why;

	assert_true(option_assign(&at.options, text, &why));
}

static void
check_told(const char *want)
{
	char *got = xalloc(at.told.len + 1);

	memcpy(got, at.told.at, at.told.len);
	assert_string_equal(got, want);
	free(got);
	buf_eat(&at.told, at.told.len);
}

static void
test_a_flow_of_datagrams_from_its_start_to_its_end(void **state)
{
	struct datagrams *d = start("192.0.2.1", 53);

	(void)state;
	assert_true(datagrams_pass(d, CLIENT, LIT("question")));
	datagrams_connected(d, LIT("192.0.2.1:53"));
	assert_true(datagrams_pass(d, SERVER, LIT("answer")));
	assert_true(datagrams_pass(d, CLIENT, LIT("")));
	datagrams_end(d, CLOSE_IDLE, "nothing came any more");
	datagrams_free(d);
	check_told(
		"flow 192.0.2.1:53\n"
		"data client question\n"
		"dialing host=192.0.2.1 port=53\n"
		"connected address=192.0.2.1:53\n"
		"data server answer\n"
		"data client \n"
		"gone idle_watchdog_timeout nothing came any more\n");
}

static void
test_it_is_closed_once_and_nothing_follows(void **state)
{
	struct datagrams *d = start("a.test", 53);

	(void)state;
	datagrams_failed(d, "no address");
	datagrams_end(d, CLOSE_IDLE, "again");
	datagrams_failed(d, "once more");
	datagrams_connected(d, LIT("192.0.2.1:53"));
	assert_false(datagrams_pass(d, CLIENT, LIT("late")));
	assert_false(datagrams_pass(d, SERVER, LIT("late")));
	datagrams_free(d);
	check_told("flow a.test:53\ndialing host=a.test port=53\nconnect_failed detail=no address\n"
		"gone upstream_connect_failed no address\n");
}

static void
test_one_that_is_freed_is_closed(void **state)
{
	(void)state;
	datagrams_free(start("a.test", 53));
	check_told("flow a.test:53\ngone relay_eof soth ended\n");
}

static void
test_past_the_limit_bytes_are_counted_on_each_side(void **state)
{
	struct datagrams *d;

	(void)state;
	option("stream-large-bodies=10");
	d = start("a.test", 53);
	assert_true(datagrams_pass(d, CLIENT, LIT("12345678")));
	assert_true(datagrams_pass(d, CLIENT, LIT("123")));
	assert_true(datagrams_pass(d, CLIENT, LIT("12")));
	assert_true(datagrams_pass(d, CLIENT, LIT("1234")));
	assert_true(datagrams_pass(d, SERVER, LIT("1234567890")));
	datagrams_end(d, CLOSE_RELAY_EOF, "");
	datagrams_free(d);
	check_told("flow a.test:53\ndata client 12345678\ndata client 12\ndata server 1234567890\nskip client 7\ngone relay_eof \n");
}

static void
test_the_switch_keeps_all_whatever_the_limit_is(void **state)
{
	struct datagrams *d;

	(void)state;
	option("stream-large-bodies=1");
	option("store-streamed-bodies=yes");
	d = start("a.test", 53);
	assert_true(datagrams_pass(d, CLIENT, LIT("12345678")));
	datagrams_free(d);
	check_told("flow a.test:53\ndata client 12345678\ngone relay_eof soth ended\n");
}

static void
test_it_knows_when_the_last_one_passed(void **state)
{
	struct datagrams *d = start("a.test", 53);

	(void)state;
	assert_int_equal(datagrams_moved(d), 1000);
	at.clock = 2000;
	assert_true(datagrams_pass(d, SERVER, LIT("x")));
	at.clock = 3000;
	assert_int_equal(datagrams_moved(d), 2000);
	datagrams_free(d);
}

static struct slice
initial(const char *name, const char *alpn, size_t padding, size_t from, size_t to, uint32_t version)
{
	const struct sealer s = { .version = version, .dcid = LIT("12345678") };
	struct buf hello, frames, out;

	buf_init(&hello, 4096);
	buf_init(&frames, 4096);
	buf_init(&out, 8192);
	seal_hello(name, alpn, padding, &hello);
	seal_crypto(buf_bytes(&hello), from, (to < hello.len ? to : hello.len) - from, &frames);
	seal_initial(&s, buf_bytes(&frames), &out);
	buf_release(&hello);
	buf_release(&frames);
	return buf_seal(&out);
}

static bool
pass(struct datagrams *d, struct slice datagram)
{
	bool passed = datagrams_pass(d, CLIENT, datagram.bytes);

	slice_drop(&datagram);
	return passed;
}

static void
test_quic_is_told_by_its_name_and_counted(void **state)
{
	struct datagrams *d = start("192.0.2.1", 443);

	(void)state;
	assert_true(pass(d, initial("name.test", "h3", 1000, 600, 2000, QUIC_V1)));
	datagrams_connected(d, LIT("192.0.2.1:443"));
	check_told("flow 192.0.2.1:443\ndialing host=192.0.2.1 port=443\nconnected address=192.0.2.1:443\n");
	assert_true(pass(d, initial("name.test", "h3", 1000, 0, 600, QUIC_V1)));
	check_told("http3_passthrough passthrough_protocol=http3 passthrough_mode=tunnel requested_by=socks5 "
		"sni=name.test alpn=h3 version=1 ja4=q12d0103h3_0f2cb44170f4_4298e3b3ed58\nflow name.test:443\n");
	assert_true(datagrams_pass(d, SERVER, LIT("ten bytes.")));
	assert_true(datagrams_pass(d, CLIENT, LIT("six...")));
	datagrams_end(d, CLOSE_RELAY_EOF, "");
	datagrams_free(d);
	check_told("skip client 1170\nskip server 10\ngone relay_eof \n");
}

static void
test_what_is_not_http_in_quic_is_called_quic(void **state)
{
	struct datagrams *d = start("name.test", 853);

	(void)state;
	assert_true(pass(d, initial("name.test", "doq", 0, 0, 2000, QUIC_V2)));
	buf_eat(&at.told, sizeof("flow name.test:853\n") - 1);
	check_told("http3_passthrough passthrough_protocol=quic passthrough_mode=tunnel requested_by=socks5 "
		"sni=name.test alpn=doq version=2 ja4=q12d0103dq_0f2cb44170f4_4298e3b3ed58\n");
	datagrams_free(d);
}

/* A first datagram of a version that is not ours, after it the server's answer. */
static void
test_quic_of_a_foreign_version_has_no_name_and_passes(void **state)
{
	struct datagrams *d = start("192.0.2.1", 443);
	uint8_t first[QUIC_DATAGRAM] = "\xc0\x1a\x2a\x3a\x4a\x08""12345678";

	(void)state;
	assert_true(datagrams_pass(d, CLIENT, (struct bytes){ first, sizeof(first) }));
	assert_true(datagrams_pass(d, SERVER, LIT("\x80\0\0\0\0\0\x08""12345678\0\0\0\x01\x6b\x33\x43\xcf")));
	assert_true(pass(d, initial("name.test", "h3", 0, 0, 2000, QUIC_V1)));
	datagrams_free(d);
	check_told("flow 192.0.2.1:443\n"
		"http3_passthrough passthrough_protocol=quic passthrough_mode=tunnel requested_by=socks5 sni= alpn= version=0x1a2a3a4a\n"
		"http3_passthrough passthrough_protocol=quic passthrough_mode=tunnel requested_by=socks5 version=negotiation of 1,2\n"
		"http3_passthrough passthrough_protocol=http3 passthrough_mode=tunnel requested_by=socks5 sni=name.test alpn=h3 version=1 ja4=q12d0103h3_0f2cb44170f4_4298e3b3ed58\n"
		"flow name.test:443\nskip client 1321\nskip server 23\ngone relay_eof soth ended\n");
}

/* Half of all DNS queries have the first bit set. */
static void
test_a_short_datagram_of_no_version_is_no_quic(void **state)
{
	struct datagrams *d = start("192.0.2.1", 53);

	(void)state;
	assert_true(datagrams_pass(d, CLIENT, LIT("\xc0\xff\0\0\x1d\x08""12345678\0")));
	datagrams_free(d);
	assert_non_null(memmem(at.told.at, at.told.len, "data client \xc0\xff", 14));
}

static void
test_a_hello_that_never_is_whole_is_told_after_some_tries(void **state)
{
	struct datagrams *d = start("192.0.2.1", 443);

	(void)state;
	for (unsigned i = 1; i < HELLO_TRIES; i++)
		assert_true(pass(d, initial("name.test", "h3", 1000, i, 600, QUIC_V1)));
	check_told("flow 192.0.2.1:443\n");
	assert_true(pass(d, initial("name.test", "h3", 1000, 9, 600, QUIC_V1)));
	check_told("http3_passthrough passthrough_protocol=quic passthrough_mode=tunnel requested_by=socks5 sni= alpn= version=1\n");
	datagrams_free(d);
}

static void
test_with_the_switch_off_quic_is_dropped(void **state)
{
	struct datagrams *d;

	(void)state;
	option("http3-passthrough=no");
	d = start("192.0.2.1", 443);
	assert_false(pass(d, initial("name.test", "h3", 0, 0, 2000, QUIC_V1)));
	assert_false(datagrams_pass(d, CLIENT, LIT("more")));
	datagrams_free(d);
	assert_non_null(memmem(at.told.at, at.told.len, LIT("flow name.test:443\n"
		"switch name=http3-passthrough value=no what=dropped QUIC\n"
		"gone blocked http3-passthrough is off, and this is QUIC\n").at, 50));
}

static void
test_with_the_switch_off_other_datagrams_pass(void **state)
{
	struct datagrams *d;

	(void)state;
	option("http3-passthrough=no");
	d = start("192.0.2.1", 53);
	assert_true(datagrams_pass(d, CLIENT, LIT("question")));
	datagrams_free(d);
}

/* The name is known only when the ClientHello is; the address alone does not block. */
static void
test_the_switch_may_be_off_for_one_name(void **state)
{
	struct datagrams *d;

	(void)state;
	option("http3-passthrough@*.blocked.test=no");
	d = start("192.0.2.1", 443);
	assert_true(pass(d, initial("free.test", "h3", 0, 0, 2000, QUIC_V1)));
	datagrams_free(d);
	d = start("192.0.2.1", 443);
	assert_true(pass(d, initial("www.blocked.test", "h3", 1000, 0, 600, QUIC_V1)));
	assert_false(pass(d, initial("www.blocked.test", "h3", 1000, 600, 2000, QUIC_V1)));
	datagrams_free(d);
}

int
main(void)
{
#define TEST(name)	cmocka_unit_test_setup_teardown(name, begin, done)
	const struct CMUnitTest tests[] = {
		TEST(test_a_flow_of_datagrams_from_its_start_to_its_end),
		TEST(test_it_is_closed_once_and_nothing_follows),
		TEST(test_one_that_is_freed_is_closed),
		TEST(test_past_the_limit_bytes_are_counted_on_each_side),
		TEST(test_the_switch_keeps_all_whatever_the_limit_is),
		TEST(test_it_knows_when_the_last_one_passed),
		TEST(test_quic_is_told_by_its_name_and_counted),
		TEST(test_what_is_not_http_in_quic_is_called_quic),
		TEST(test_quic_of_a_foreign_version_has_no_name_and_passes),
		TEST(test_a_short_datagram_of_no_version_is_no_quic),
		TEST(test_a_hello_that_never_is_whole_is_told_after_some_tries),
		TEST(test_with_the_switch_off_quic_is_dropped),
		TEST(test_with_the_switch_off_other_datagrams_pass),
		TEST(test_the_switch_may_be_off_for_one_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
