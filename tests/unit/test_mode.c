/* Mode specs: how a listener works, as people write it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "soth/mode.h"

static void
every_mode_and_scheme_is_read(void **state)
{
	static const struct {
		const char *spec;
		struct mode want;
	} rows[] = {
		{ "regular", { .kind = MODE_REGULAR, .name = "regular" } },
		{ "REGULAR@8081", { .kind = MODE_REGULAR, .name = "regular", .listen = "8081" } },
		{ "socks5@0.0.0.0:1080", { .kind = MODE_SOCKS5, .name = "socks5", .listen = "0.0.0.0:1080" } },
		{ "socks5@[::1]:1080", { .kind = MODE_SOCKS5, .name = "socks5", .listen = "[::1]:1080" } },
		{ "transparent", { .kind = MODE_TRANSPARENT, .name = "transparent" } },
		{ "reverse:example.com", { .kind = MODE_REVERSE, .name = "reverse", .scheme = SCHEME_HTTPS, .tls = true,
			.host = "example.com", .port = 443 } },
		{ "reverse:example.com:8443", { .kind = MODE_REVERSE, .name = "reverse", .scheme = SCHEME_HTTPS, .tls = true,
			.host = "example.com", .port = 8443 } },
		{ "reverse:http://a", { .kind = MODE_REVERSE, .name = "reverse", .scheme = SCHEME_HTTP, .host = "a", .port = 80 } },
		{ "reverse:HTTP://a/", { .kind = MODE_REVERSE, .name = "reverse", .scheme = SCHEME_HTTP, .host = "a", .port = 80 } },
		{ "reverse:https://[2001:db8::1]:4443@:9", { .kind = MODE_REVERSE, .name = "reverse", .scheme = SCHEME_HTTPS,
			.tls = true, .host = "2001:db8::1", .port = 4443, .listen = ":9" } },
		{ "reverse:h2c://a", { .kind = MODE_REVERSE, .name = "reverse", .scheme = SCHEME_H2C, .host = "a", .port = 80 } },
		{ "reverse:tcp://a:22", { .kind = MODE_REVERSE, .name = "reverse", .scheme = SCHEME_TCP, .host = "a", .port = 22 } },
		{ "reverse:tls://a:853", { .kind = MODE_REVERSE, .name = "reverse", .scheme = SCHEME_TLS, .tls = true,
			.host = "a", .port = 853 } },
		{ "reverse:udp://a:53", { .kind = MODE_REVERSE, .name = "reverse", .scheme = SCHEME_UDP, .datagrams = true,
			.host = "a", .port = 53 } },
		{ "reverse:quic://a", { .kind = MODE_REVERSE, .name = "reverse", .scheme = SCHEME_QUIC, .datagrams = true,
			.host = "a", .port = 443 } },
		{ "upstream:a:3128", { .kind = MODE_UPSTREAM, .name = "upstream", .scheme = SCHEME_HTTP, .host = "a", .port = 3128 } },
		{ "upstream:http://a", { .kind = MODE_UPSTREAM, .name = "upstream", .scheme = SCHEME_HTTP, .host = "a", .port = 80 } },
		{ "upstream:https://a", { .kind = MODE_UPSTREAM, .name = "upstream", .scheme = SCHEME_HTTPS, .tls = true,
			.host = "a", .port = 443 } },
		{ "upstream:socks5://a", { .kind = MODE_UPSTREAM, .name = "upstream", .scheme = SCHEME_SOCKS5, .host = "a", .port = 1080 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct mode *want = &rows[i].want;
		struct fault why = { "" };
		struct mode m;

		if (!mode_parse(rows[i].spec, &m, &why))
			fail_msg("%s: %s", rows[i].spec, why.text);
		assert_string_equal(m.spec, rows[i].spec);
		assert_string_equal(m.name, want->name);
		assert_string_equal(m.host, want->host);
		assert_string_equal(m.listen, want->listen);
		if (m.kind != want->kind || m.scheme != want->scheme || m.tls != want->tls || m.datagrams != want->datagrams ||
				m.port != want->port)
			fail_msg("%s: kind %d, scheme %d, tls %d, datagrams %d, port %u", m.spec, m.kind, m.scheme, m.tls,
				m.datagrams, m.port);
	}
}

/* What a person has to read to mend it stands in the fault. */
static void
a_fault_names_what_was_written_and_the_choices(void **state)
{
	static const struct {
		const char *spec, *says;
	} rows[] = {
		{ "", "'' is not known: expected one of regular, socks5, reverse, upstream, transparent" },
		{ "socks", "'socks' is not known: expected one of regular, socks5" },
		{ "regularly", "'regularly' is not known" },
		{ "regular:x", "regular takes nothing behind it, not 'x'" },
		{ "transparent:80", "transparent takes nothing behind it" },
		{ "reverse", "expected reverse:SCHEME://HOST[:PORT], SCHEME one of http, https, h2c, tcp, tls, udp, quic" },
		{ "reverse:ftp://a", "'ftp://a': expected reverse:SCHEME://" },
		{ "reverse:socks5://a", "expected reverse:SCHEME://" },
		{ "reverse:http://", "expected reverse:SCHEME://" },
		{ "reverse:http://a:0", "expected reverse:SCHEME://" },
		{ "reverse:http://a:65536", "expected reverse:SCHEME://" },
		{ "reverse:http://a:8x", "expected reverse:SCHEME://" },
		{ "reverse:http://a/path", "expected reverse:SCHEME://" },
		{ "reverse:http://a b", "expected reverse:SCHEME://" },
		{ "reverse:http://[::1", "expected reverse:SCHEME://" },
		{ "reverse:tcp://a", "tcp needs a port" },
		{ "reverse:tls://a", "tls needs a port" },
		{ "reverse:udp://a", "udp needs a port" },
		{ "upstream", "expected upstream:SCHEME://HOST[:PORT], SCHEME one of http, https, socks5" },
		{ "upstream:h2c://a", "SCHEME one of http, https, socks5" },
		{ "regular@", "expected [HOST:]PORT behind the @" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fault why = { "" };
		struct mode m;

		if (mode_parse(rows[i].spec, &m, &why))
			fail_msg("%s was taken", rows[i].spec);
		if (!strstr(why.text, rows[i].says))
			fail_msg("%s: %s; expected: %s", rows[i].spec, why.text, rows[i].says);
	}
}

static void
what_is_too_long_is_a_fault_and_not_cut(void **state)
{
	struct fault why = { "" };
	struct mode m;
	size_t count;
	char spec[800];

	(void)state;
	snprintf(spec, sizeof(spec), "reverse:http://%0256d", 7);
	assert_false(mode_parse(spec, &m, &why));
	snprintf(spec, sizeof(spec), "reverse:http://%0255d", 7);
	assert_true(mode_parse(spec, &m, &why));
	assert_int_equal(strlen(m.host), 255);
	snprintf(spec, sizeof(spec), "regular@%0300d", 7);
	assert_false(mode_parse(spec, &m, &why));
	snprintf(spec, sizeof(spec), "regular:%0700d", 7);
	assert_false(mode_parse(spec, &m, &why));
	assert_false(modes_parse(spec, &m, 1, &count, &why));
	assert_non_null(strstr(why.text, "too long"));
}

static void
a_list_is_read_in_its_order(void **state)
{
	struct fault why = { "" };
	struct mode m[3];
	size_t count;

	(void)state;
	assert_true(modes_parse(" regular , socks5@1080,reverse:http://a:81@82", m, 3, &count, &why));
	assert_int_equal(count, 3);
	assert_string_equal(m[0].spec, "regular");
	assert_string_equal(m[1].spec, "socks5@1080");
	assert_string_equal(m[2].spec, "reverse:http://a:81@82");
	assert_int_equal(m[2].port, 81);
	assert_true(modes_parse("socks5", m, 3, &count, &why));
	assert_int_equal(count, 1);
}

static void
a_list_with_a_fault_or_too_many_is_refused(void **state)
{
	static const char *const rows[][2] = {
		{ "", "'' is not known" },
		{ "regular,", "'' is not known" },
		{ "regular,,socks5", "'' is not known" },
		{ "regular,sock5@1", "'sock5@1' is not known" },
		{ "regular,regular@1,regular@2,regular@3", "more than 3 at once" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fault why = { "" };
		struct mode m[3];
		size_t count;

		assert_false(modes_parse(rows[i][0], m, 3, &count, &why));
		if (!strstr(why.text, rows[i][1]))
			fail_msg("%s: %s", rows[i][0], why.text);
	}
}

static void
an_address_is_split_into_host_and_port(void **state)
{
	static const struct {
		const char *text, *host;
		int port;
	} rows[] = {
		{ "a", "a", -1 }, { "a:1", "a", 1 }, { "[::1]", "::1", -1 }, { "[::1]:65535", "::1", 65535 }, { "::1", "::1", -1 },
		{ ":80", "", 80 }, { "80", "", 80 }, { "a:0", "a", 0 },
	};
	static const char *const bad[] = { "", "a:", "a:65536", "a:x", "[]:1", "[::1]1", "[::1]:", "a b:1", "a/b", "a@b" };
	char host[64];
	int port;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_true(address_split(bytes_of(rows[i].text), host, sizeof(host), &port));
		assert_string_equal(host, rows[i].host);
		assert_int_equal(port, rows[i].port);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (address_split(bytes_of(bad[i]), host, sizeof(host), &port))
			fail_msg("'%s' was taken", bad[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mode_and_scheme_is_read),
		cmocka_unit_test(a_fault_names_what_was_written_and_the_choices),
		cmocka_unit_test(what_is_too_long_is_a_fault_and_not_cut),
		cmocka_unit_test(a_list_is_read_in_its_order),
		cmocka_unit_test(a_list_with_a_fault_or_too_many_is_refused),
		cmocka_unit_test(an_address_is_split_into_host_and_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
