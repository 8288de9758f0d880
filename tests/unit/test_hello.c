#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/proto/fingerprint.h"

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

/* JA3: what tshark 4.0.17 says of the same bytes. JA4: made of the fields that it reads. */
static const struct { const char *file, *ja3, *ja4; } prints[] = {
	{ "curl-address",	"78f0dc5ac5b19daf131a133cfdee9691", "t13i3111h2_e8f1e7e78f70_b26ce05bbdd6" },
	{ "curl-h2",		"0149f47eabf9a20d0893e2a44e5a6323", "t13d3112h2_e8f1e7e78f70_b26ce05bbdd6" },
	{ "curl-tls12",		"87b9bfc7da97115ed2276737b09f8d74", "t12d2807h1_d943125447b4_a44c6288192a" },
	{ "gnutls",		"f35ce21b44ac0b87d3266294bb1b0e20", "t13d291300_723694b0fccc_2cc26d266019" },
	{ "node",		"1a28e69016765d92e3b381168d68922c", "t13d5911h2_a33745022dd6_1f22a2ca17c4" },
	{ "openssl",		"5a1edc7f170af1014fc65c994878e63c", "t13d3111h2_e8f1e7e78f70_1f22a2ca17c4" },
	{ "openssl-noname",	"fbe7e189e37a07ee33706f86bc746344", "t12i280600_d943125447b4_e7e480e5a997" },
	{ "python",		"93c7d42c0df602fb91589311534831f5", "t13d181100_85036bcba153_d41ae481755e" },
	{ "chromium",		"7bb4e58fca6f201bb21887a7f4d85fad", "t13d1517h2_8daaf6152771_cb7bf5808d99" },
	{ "two-records",	"0149f47eabf9a20d0893e2a44e5a6323", "t13d3112h2_e8f1e7e78f70_b26ce05bbdd6" },
	{ "no-extensions",	"ea1e247991e541e39bf918cb7cfa5139", "t12i010000_0f2cb44170f4_000000000000" },
};

static void
test_fingerprints_of_real_clients_are_what_others_make_of_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(prints); i++) {
		char ja3[JA3_ROOM], ja4[JA4_ROOM];
		struct hello h;

		assert_int_equal(hello_read(corpus(prints[i].file), &h), HELLO_WHOLE);
		hello_ja3(&h, ja3);
		hello_ja4(&h, 't', ja4);
		assert_string_equal(ja3, prints[i].ja3);
		assert_string_equal(ja4, prints[i].ja4);
		hello_release(&h);
	}
}

/* Pairs of hex digits, and blanks between. */
static struct bytes
unhex(const char *hex, uint8_t *room)
{
	size_t n = 0;
	unsigned byte;
	int used;

	for (; sscanf(hex, " %2x%n", &byte, &used) == 1; hex += used)
		room[n++] = (uint8_t)byte;
	return (struct bytes){ room, n };
}

/* Each of those in the text, with nothing in it. */
static struct bytes
extensions_of(const char *hex, uint8_t *room)
{
	uint8_t ids[256];
	struct bytes list = unhex(hex, ids);

	memset(room, 0, list.len * 2);
	for (size_t i = 0; i < list.len; i += 2)
		memcpy(room + i * 2, list.at + i, 2);
	return (struct bytes){ room, list.len * 2 };
}

/* https://github.com/salesforce/ja3 has the first two, https://github.com/FoxIO-LLC/ja4 the third. */
static void
test_fingerprints_are_those_of_the_published_examples(void **state)
{
	uint8_t room[5][256];
	char ja3[JA3_ROOM], ja4[JA4_ROOM];
	struct hello h = { .legacy = 0x0301,
		.ciphers = unhex("002f 0035 0005 000a c009 c00a c013 c014 0032 0038 0013 0004", room[0]),
		.extensions = extensions_of("0000000a000b", room[1]), .groups = unhex("001700180019", room[2]),
		.points = unhex("00", room[3]) };

	(void)state;
	hello_ja3(&h, ja3);
	assert_string_equal(ja3, "ada70206e40642a3e4461f35503241d5");
	h = (struct hello){ .legacy = 0x0301, .ciphers = unhex("0004 0005 000a 0009 0064 0062 0003 0006 0013 0012 0063", room[0]) };
	hello_ja3(&h, ja3);
	assert_string_equal(ja3, "de350869b8c85de67a350c8d186f11e6");
	h = (struct hello){ .version = 0x0304, .alpn = { LIT("h2") }, .alpns = 1,
		.ciphers = unhex("3a3a 1301 1302 1303 c02b c02f c02c c030 cca9 cca8 c013 c014 009c 009d 002f 0035", room[0]),
		.extensions = extensions_of("1a1a 001b 0000 0033 0010 4469 0017 002d 000d 0005 0023 0012 002b ff01 000b 000a 0015 dada", room[1]),
		.signatures = unhex("0403 0804 0401 0503 0805 0501 0806 0601", room[2]) };
	hello_ja4(&h, 't', ja4);
	assert_string_equal(ja4, "t13d1516h2_8daaf6152771_e5627efa2ab1");
	hello_ja4(&h, 'q', ja4);
	assert_string_equal(ja4, "q13d1516h2_8daaf6152771_e5627efa2ab1");
}

static void
test_a_protocol_of_odd_bytes_is_told_in_hex(void **state)
{
	struct hello h = { .version = 0x0303, .alpn = { LIT("\xab\xcd") }, .alpns = 1 };
	char ja4[JA4_ROOM];

	(void)state;
	hello_ja4(&h, 't', ja4);
	assert_string_equal(ja4, "t12i0000ad_000000000000_000000000000");
}

/* version | random | session id | cipher | compression | extensions: MD5 of 771,4865,43-51. */
static void
test_a_server_s_hello_has_a_fingerprint_and_a_broken_one_none(void **state)
{
	uint8_t body[2 + 32 + 1 + 3 + 2 + 10] = { 3, 3, [34] = 0, [35] = 0x13, 1, 0, 0, 10, 0, 43, 0, 2, 3, 4, 0, 51, 0, 0 };
	char ja3[JA3_ROOM];

	(void)state;
	server_ja3((struct bytes){ body, sizeof(body) }, ja3);
	assert_string_equal(ja3, "f4febc55ea12b31ae17cfb7e614afda8");
	for (size_t len = 0; len < 40; len++) {
		uint8_t *exact = malloc(len + 1);

		memcpy(exact, body, len);
		server_ja3((struct bytes){ exact, len }, ja3);
		assert_string_equal(ja3, len == 38 ? "e8c07683aecf9b16e8e33f10a5161e4e" : "");
		free(exact);
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
		cmocka_unit_test(test_fingerprints_of_real_clients_are_what_others_make_of_them),
		cmocka_unit_test(test_fingerprints_are_those_of_the_published_examples),
		cmocka_unit_test(test_a_protocol_of_odd_bytes_is_told_in_hex),
		cmocka_unit_test(test_a_server_s_hello_has_a_fingerprint_and_a_broken_one_none),
		cmocka_unit_test(test_every_part_of_a_hello_but_the_whole_is_short),
		cmocka_unit_test(test_what_follows_a_hello_does_not_matter),
		cmocka_unit_test(test_what_is_not_tls_is_other),
		cmocka_unit_test(test_tls_that_is_no_hello_is_bad),
		cmocka_unit_test(test_a_hello_in_tiny_records_ends_somewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
