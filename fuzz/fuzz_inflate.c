/* Content codings: the first byte names one, the second is the step; what is read whole and in steps is the same.
 * (zstd finds some faults in whole frames alone, so the verdicts may differ.) */
#include <stdlib.h>
#include <string.h>

#include "soth/inflate.h"
#include "soth/reader.h"

enum { OUT_MAX = 1 << 18 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
unpack(struct bytes coding, struct bytes all, size_t step, struct buf *out)
{
	struct inflater *i = inflater_new(coding);
	struct fault why;
	bool ok = true;

	buf_init(out, OUT_MAX);
	for (size_t at = 0; ok && at < all.len; at += step)
		ok = inflater_feed(i, (struct bytes){ all.at + at, all.len - at < step ? all.len - at : step }, out, &why);
	inflater_free(i);
	return ok;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const codings[] = { "gzip", "deflate", "br", "zstd", "identity" };
	struct reader r = { { data, size }, false };
	struct bytes coding = bytes_of(codings[read_u8(&r) % ARRAY_LEN(codings)]);
	size_t step = (size_t)read_u8(&r) + 2;
	struct buf whole, pieces;
	bool ok;

	if (r.ran_out || !r.rest.len)
		return 0;
	ok = unpack(coding, r.rest, r.rest.len, &whole);
	if (unpack(coding, r.rest, step, &pieces) && ok && !bytes_same(buf_bytes(&whole), buf_bytes(&pieces)))
		abort();
	buf_release(&whole);
	buf_release(&pieces);
	return 0;
}
