/* Event streams: the first byte is the step, the second the limit; what is read whole and in steps is the same,
 * and the blocks' sizes add up. */
#include <stdlib.h>

#include "soth/reader.h"
#include "soth/sse.h"

enum { LOG_MAX = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
log_block(struct buf *log, const struct sse_block *b)
{
	const uint64_t numbers[] = { b->retry, b->data_len, b->data_lines, b->size,
		b->dispatched, b->has_id, b->has_retry, b->cut };

	if (!buf_add(log, b->event) || !buf_add(log, b->data) || !buf_add(log, b->id) ||
			!buf_add(log, (struct bytes){ (const uint8_t *)numbers, sizeof(numbers) }))
		abort();
}

static void
read_all(struct bytes all, size_t step, size_t limit, struct buf *log)
{
	size_t len = all.len;
	uint64_t sizes = 0;
	struct sse s;
	struct sse_block b;

	buf_init(log, LOG_MAX);
	sse_init(&s, limit);
	while (all.len) {
		struct bytes more = { all.at, all.len < step ? all.len : step };

		all.at += more.len;
		all.len -= more.len;
		for (; sse_next(&s, &more, &b); sizes += b.size)
			log_block(log, &b);
	}
	if (sse_end(&s, &b)) {
		sizes += b.size;
		log_block(log, &b);
	}
	if (sizes > len)
		abort();
	sse_release(&s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = { { data, size }, false };
	size_t step = (size_t)read_u8(&r) + 1, limit = read_u8(&r);
	struct buf whole, pieces;

	if (r.ran_out || !r.rest.len)
		return 0;
	read_all(r.rest, r.rest.len, limit, &whole);
	read_all(r.rest, step, limit, &pieces);
	if (!bytes_same(buf_bytes(&whole), buf_bytes(&pieces)))
		abort();
	buf_release(&whole);
	buf_release(&pieces);
	return 0;
}
