#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/proto/hello.h"

/* Real ones: fuzz/corpus/hello. */
static struct bytes
corpus(const char *name)
{
	static uint8_t room[8192];
	char path[128];
	FILE *in;
	size_t len;

	snprintf(path, sizeof(path), "fuzz/corpus/hello/%s", name);
	in = fopen(path, "rb");
	assert_non_null(in);
	len = fread(room, 1, sizeof(room), in);
	fclose(in);
	return (struct bytes){ room, len };
}

static const struct {
	const char *file, *name, *alpn;
	uint16_t version;
} real[] = {
	{ "curl-h2",		"example.org",	"h2 http/1.1 ",	0x0304 },
	{ "curl-tls12",		"example.org",	"http/1.1 ",	0x0303 },
	{ "curl-address",	"",		"h2 http/1.1 ",	0x0304 },
	{ "openssl",		"xn--bcher-kva.example", "h2 http/1.1 acme-tls/1 ", 0x0304 },
	{ "openssl-noname",	"",		"",		0x0303 },
	{ "python",		"python.example", "",		0x0304 },
	{ "node",		"node.example",	"h2 http/1.1 ",	0x0304 },
	{ "gnutls",		"gnutls.example", "",		0x0304 },
	{ "two-records",	"example.org",	"h2 http/1.1 ",	0x0304 },
	{ "no-extensions",	"",		"",		0x0303 },
};

static void
test_what_real_clients_ask_for_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(real); i++) {
		struct hello h;
		char alpn[256] = "";

		assert_int_equal(hello_read(corpus(real[i].file), &h), HELLO_WHOLE);
		assert_true(bytes_are(h.name, real[i].name));
		assert_int_equal(h.version, real[i].version);
		for (size_t n = 0; n < h.alpns; n++) {
			strncat(alpn, (const char *)h.alpn[n].at, h.alpn[n].len);
			strcat(alpn, " ");
		}
		assert_string_equal(alpn, real[i].alpn);
		hello_release(&h);
	}
}

static void
test_every_part_of_a_hello_but_the_whole_is_short(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(real); i++) {
		struct bytes all = corpus(real[i].file);

		for (size_t len = 0; len < all.len; len++) {
			struct hello h;
			uint8_t *exact = malloc(len + 1);

			memcpy(exact, all.at, len);
			assert_int_equal(hello_read((struct bytes){ exact, len }, &h), HELLO_SHORT);
			assert_null(h.message);
			free(exact);
		}
	}
}

static void
test_what_follows_a_hello_does_not_matter(void **state)
{
	struct bytes b = corpus("curl-h2");
	struct hello h;

	(void)state;
	memcpy((uint8_t *)(uintptr_t)b.at + b.len, "\x17\x03\x03\x00\x01x", 6);
	b.len += 6;
	assert_int_equal(hello_read(b, &h), HELLO_WHOLE);
	assert_true(bytes_are(h.name, "example.org"));
	hello_release(&h);
}

static void
test_what_is_not_tls_is_other(void **state)
{
	struct hello h;

	(void)state;
	assert_int_equal(hello_read(corpus("http"), &h), HELLO_OTHER);
	assert_int_equal(hello_read(corpus("sslv2"), &h), HELLO_OTHER);
	assert_int_equal(hello_read(LIT("\x16\x02"), &h), HELLO_OTHER);
	assert_int_equal(hello_read(LIT(""), &h), HELLO_SHORT);
}

static void
test_tls_that_is_no_hello_is_bad(void **state)
{
	static const uint8_t empty[] = { 22, 3, 1, 0, 0 }, huge[] = { 22, 3, 1, 0x40, 1 };
	struct hello h;

	(void)state;
	assert_int_equal(hello_read(corpus("server-hello"), &h), HELLO_BAD);
	assert_int_equal(hello_read(corpus("broken-name"), &h), HELLO_BAD);
	assert_int_equal(hello_read(corpus("long-message"), &h), HELLO_BAD);
	assert_int_equal(hello_read((struct bytes){ empty, sizeof(empty) }, &h), HELLO_BAD);
	assert_int_equal(hello_read((struct bytes){ huge, sizeof(huge) }, &h), HELLO_BAD);
}

static void
test_a_hello_in_tiny_records_ends_somewhere(void **state)
{
	enum { RECORDS = 20000 };
	uint8_t *at = malloc(6 * RECORDS);
	struct hello h;

	(void)state;
	for (size_t i = 0; i < RECORDS; i++)
		memcpy(at + 6 * i, i ? "\x16\x03\x01\x00\x01\x00" : "\x16\x03\x01\x00\x01\x01", 6);
	at[6 * 2 + 5] = 0xc0;		/* a message of 0xc000 bytes */
	assert_int_equal(hello_read((struct bytes){ at, 60000 }, &h), HELLO_SHORT);
	assert_int_equal(hello_read((struct bytes){ at, 6 * RECORDS }, &h), HELLO_BAD);
	free(at);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_real_clients_ask_for_is_read),
		cmocka_unit_test(test_every_part_of_a_hello_but_the_whole_is_short),
		cmocka_unit_test(test_what_follows_a_hello_does_not_matter),
		cmocka_unit_test(test_what_is_not_tls_is_other),
		cmocka_unit_test(test_tls_that_is_no_hello_is_bad),
		cmocka_unit_test(test_a_hello_in_tiny_records_ends_somewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
