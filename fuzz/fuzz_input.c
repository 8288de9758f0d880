/* A terminal's bytes: names of keys are text, and the same whole and byte by byte. */
#include <stdlib.h>
#include <string.h>

#include "../ui/input.h"
#include "soth/buf.h"

enum { OUT_MAX = 1 << 22 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
key(struct buf *out, const char *name)
{
	size_t len = strnlen(name, INPUT_NAME_MAX);

	if (!len || len == INPUT_NAME_MAX)
		abort();
	for (size_t i = 0; i < len; i++)
		if ((uint8_t)name[i] < 0x20 || name[i] == 0x7f)
			abort();
	(void)!(buf_add(out, bytes_of(name)) && buf_add(out, LIT("\n")));
}

static void
keys(struct bytes all, size_t step, struct buf *out)
{
	struct input in = { .len = 0 };
	char name[INPUT_NAME_MAX];

	buf_init(out, OUT_MAX);
	for (size_t at = 0; at < all.len; at += step) {
		struct bytes more = { all.at + at, all.len - at < step ? all.len - at : step };

		while (input_key(&in, &more, name))
			key(out, name);
		if (more.len)
			abort();
	}
	if (input_idle(&in, name))
		key(out, name);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes all = { data, size };
	struct buf whole, pieces;

	if (!size)
		return 0;
	keys(all, size, &whole);
	keys(all, 1, &pieces);
	if (!bytes_same(buf_bytes(&whole), buf_bytes(&pieces)))
		abort();
	buf_release(&whole);
	buf_release(&pieces);
	return 0;
}
