/* Fingerprints of how a client asks for TLS, and a server answers: JA3, JA3S, JA4. */
#include <gnutls/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fingerprint.h"
#include "soth/buf.h"

enum {
	TEXT_MAX = 256 << 10,
	COUNT_SHOWN = 99,
	SHORT_HASH = 12,
	EXT_SERVER_NAME = 0,
	EXT_ALPN = 16,
};

struct numbers { uint16_t *at; size_t count; };

/* Those of a list on the wire that are no grease. */
static struct numbers
numbers_of(struct bytes list)
{
	struct numbers n = { xgrow(NULL, list.len / 2 + 1, sizeof(uint16_t)), 0 };
	struct reader r = { list, false };

	while (r.rest.len >= 2) {
		uint16_t number = read_be16(&r);

		if (!hello_grease(number))
			n.at[n.count++] = number;
	}
	return n;
}

static struct numbers
numbers_of_extensions(struct bytes list)
{
	struct numbers n = { xgrow(NULL, list.len / 4 + 1, sizeof(uint16_t)), 0 };
	struct reader r = { list, false };

	while (r.rest.len >= 4) {
		uint16_t id = read_be16(&r);

		read_bytes(&r, read_be16(&r));
		if (!r.ran_out && !hello_grease(id))
			n.at[n.count++] = id;
	}
	return n;
}

static void
put(struct buf *to, const char *format, unsigned number)
{
	char text[16];

	snprintf(text, sizeof(text), format, number);
	(void)!buf_add(to, bytes_of(text));
}

/* "4865-4866"; or in JA4's way "1301,1302". Frees the numbers. */
static void
put_numbers(struct buf *to, struct numbers n, const char *format, const char *between)
{
	for (size_t i = 0; i < n.count; i++) {
		if (i)
			(void)!buf_add(to, bytes_of(between));
		put(to, format, n.at[i]);
	}
	free(n.at);
}

static void
put_hash(gnutls_digest_algorithm_t kind, struct bytes text, size_t digits, char *out)
{
	uint8_t hash[32] = { 0 };

	*out = 0;
	if (gnutls_hash_fast(kind, text.at, text.len, hash) < 0)
		return;
	for (size_t i = 0; i * 2 < digits; i++)
		snprintf(out + i * 2, 3, "%02x", hash[i]);
}

void
hello_ja3(const struct hello *h, char out[JA3_ROOM])
{
	struct buf text;

	buf_init(&text, TEXT_MAX);
	put(&text, "%u,", h->legacy);
	put_numbers(&text, numbers_of(h->ciphers), "%u", "-");
	(void)!buf_add(&text, LIT(","));
	put_numbers(&text, numbers_of_extensions(h->extensions), "%u", "-");
	(void)!buf_add(&text, LIT(","));
	put_numbers(&text, numbers_of(h->groups), "%u", "-");
	(void)!buf_add(&text, LIT(","));
	for (size_t i = 0; i < h->points.len; i++)
		put(&text, i ? "-%u" : "%u", h->points.at[i]);
	put_hash(GNUTLS_DIG_MD5, buf_bytes(&text), 32, out);
	buf_release(&text);
}

/* version:2 | random:32 | session id <1> | cipher:2 | compression:1 | extensions <2> */
void
server_ja3(struct bytes body, char out[JA3_ROOM])
{
	struct reader r = { body, false };
	struct buf text;

	*out = 0;
	buf_init(&text, TEXT_MAX);
	put(&text, "%u,", read_be16(&r));
	read_bytes(&r, 32);
	read_bytes(&r, read_u8(&r));
	put(&text, "%u,", read_be16(&r));
	read_u8(&r);
	if (r.rest.len)
		put_numbers(&text, numbers_of_extensions(read_bytes(&r, read_be16(&r))), "%u", "-");
	if (!r.ran_out)
		put_hash(GNUTLS_DIG_MD5, buf_bytes(&text), 32, out);
	buf_release(&text);
}

static int
by_number(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

/* Nothing has no hash: it is noughts. */
static void
put_short_hash(struct buf *text, char *out)
{
	if (text->len)
		put_hash(GNUTLS_DIG_SHA256, buf_bytes(text), SHORT_HASH, out);
	else
		snprintf(out, SHORT_HASH + 1, "%012u", 0);
	buf_release(text);
}

static void
put_ciphers(struct numbers n, char out[SHORT_HASH + 1])
{
	struct buf text;

	buf_init(&text, TEXT_MAX);
	qsort(n.at, n.count, sizeof(*n.at), by_number);
	put_numbers(&text, n, "%04x", ",");
	put_short_hash(&text, out);
}

/* The name and the protocols are told by themselves. */
static void
put_extensions(struct numbers n, struct numbers signatures, char out[SHORT_HASH + 1])
{
	struct buf text;
	size_t left = 0;

	for (size_t i = 0; i < n.count; i++)
		if (n.at[i] != EXT_SERVER_NAME && n.at[i] != EXT_ALPN)
			n.at[left++] = n.at[i];
	n.count = left;
	buf_init(&text, TEXT_MAX);
	qsort(n.at, n.count, sizeof(*n.at), by_number);
	put_numbers(&text, n, "%04x", ",");
	if (signatures.count && text.len)
		(void)!buf_add(&text, LIT("_"));
	put_numbers(&text, signatures, "%04x", ",");
	put_short_hash(&text, out);
}

static const char *
version_digits(uint16_t version)
{
	static const struct { uint16_t version; const char *digits; } known[] = {
		{ 0x0304, "13" }, { 0x0303, "12" }, { 0x0302, "11" }, { 0x0301, "10" }, { 0x0300, "s3" },
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (known[i].version == version)
			return known[i].digits;
	return "00";
}

static bool
is_alnum(uint8_t c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* The first protocol's ends: its characters, or those of its hex digits. */
static void
protocol_ends(const struct hello *h, char out[3])
{
	static const char digits[] = "0123456789abcdef";
	struct bytes name = h->alpns ? h->alpn[0] : (struct bytes){ 0 };
	uint8_t first, last;

	strcpy(out, "00");
	if (!name.len)
		return;
	first = name.at[0];
	last = name.at[name.len - 1];
	out[0] = is_alnum(first) && is_alnum(last) ? (char)first : digits[first >> 4];
	out[1] = is_alnum(first) && is_alnum(last) ? (char)last : digits[last & 15];
}

static unsigned
shown(size_t count)
{
	return count < COUNT_SHOWN ? (unsigned)count : COUNT_SHOWN;
}

static bool
has_extension(struct numbers n, uint16_t id)
{
	for (size_t i = 0; i < n.count; i++)
		if (n.at[i] == id)
			return true;
	return false;
}

void
hello_ja4(const struct hello *h, char transport, char out[JA4_ROOM])
{
	struct numbers ciphers = numbers_of(h->ciphers), extensions = numbers_of_extensions(h->extensions);
	char alpn[3], first[SHORT_HASH + 1], second[SHORT_HASH + 1];
	unsigned counts[] = { shown(ciphers.count), shown(extensions.count) };
	bool named = has_extension(extensions, EXT_SERVER_NAME);

	protocol_ends(h, alpn);
	put_ciphers(ciphers, first);
	put_extensions(extensions, numbers_of(h->signatures), second);
	snprintf(out, JA4_ROOM, "%c%s%c%02u%02u%s_%s_%s", transport, version_digits(h->version), named ? 'd' : 'i',
		counts[0], counts[1], alpn, first, second);
}
