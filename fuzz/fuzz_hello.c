/* Any bytes as the start of a stream: whole, and as far as they had come. */
#include <stdlib.h>
#include <string.h>

#include "../src/proto/fingerprint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned
touch(struct bytes b)
{
	unsigned sum = 0;

	for (size_t i = 0; i < b.len; i++)
		sum += b.at[i];
	return sum;
}

/* As long as they ever are; and the message in fewer records says the same. */
static void
prints(const struct hello *h)
{
	char ja3[JA3_ROOM], ja4[JA4_ROOM], again[JA4_ROOM];
	struct hello second;
	struct buf whole;

	hello_ja3(h, ja3);
	hello_ja4(h, 't', ja4);
	if (strlen(ja3) != 32 || strlen(ja4) != 36)
		abort();
	buf_init(&whole, 2 * HELLO_MAX);
	hello_records(h, &whole);
	if (hello_read(buf_bytes(&whole), &second) != HELLO_WHOLE || second.len != h->len)
		abort();
	hello_ja4(&second, 't', again);
	if (strcmp(ja4, again))
		abort();
	hello_release(&second);
	buf_release(&whole);
}

static enum hello_kind
feed(struct bytes first)
{
	static volatile unsigned sink;
	struct hello h;
	enum hello_kind kind = hello_read(first, &h);

	sink += touch(h.name);
	for (size_t i = 0; i < h.alpns; i++)
		sink += touch(h.alpn[i]);
	if (kind == HELLO_WHOLE)
		prints(&h);
	if (kind == HELLO_BAD && (!h.why || h.alert <= 0))
		abort();
	if (kind != HELLO_WHOLE && (h.message || h.alpns || h.name.len))
		abort();
	hello_release(&h);
	return kind;
}

/* Once it is decided what they are, more bytes do not change that. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum hello_kind whole = feed((struct bytes){ data, size });
	char ja3s[JA3_ROOM];

	server_ja3((struct bytes){ data, size }, ja3s);
	if (hello_sslv2((struct bytes){ data, size }) == 1 && whole != HELLO_OTHER)
		abort();

	for (size_t len = 0, step = size / 64 + 1; len < size; len += step) {
		enum hello_kind kind = feed((struct bytes){ data, len });

		if (kind != HELLO_SHORT && kind != whole)
			abort();
	}
	return 0;
}
