/* Any bytes as the start of a stream: whole, and as far as they had come. */
#include <stdlib.h>

#include "../src/proto/hello.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned
touch(struct bytes b)
{
	unsigned sum = 0;

	for (size_t i = 0; i < b.len; i++)
		sum += b.at[i];
	return sum;
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

	for (size_t len = 0, step = size / 64 + 1; len < size; len += step) {
		enum hello_kind kind = feed((struct bytes){ data, len });

		if (kind != HELLO_SHORT && kind != whole)
			abort();
	}
	return 0;
}
