/* Bytes on their way down, gathered so that many small things go as one. */
#include "gather.h"

enum { GATHER_MAX = 64 << 10, GATHER_BIG = 16 << 10 };

static void
gather_send(struct slice data, struct out *out)
{
	out_down(out, (struct command){ .kind = CMD_SEND, .data = data });
}

void
gather_init(struct buf *b)
{
	buf_init(b, GATHER_MAX);
}

void
gather_flush(struct buf *b, struct out *out)
{
	if (b->len)
		gather_send(buf_seal(b), out);
}

void
gather_bytes(struct buf *b, struct bytes more, struct out *out)
{
	if (buf_add(b, more))
		return;
	gather_flush(b, out);
	if (!buf_add(b, more))
		gather_send(slice_copy(more), out);
}

void
gather_slice(struct buf *b, struct slice *more, struct out *out)
{
	if (more->bytes.len <= GATHER_BIG) {
		gather_bytes(b, more->bytes, out);
		return;
	}
	gather_flush(b, out);
	gather_send(*more, out);
	*more = (struct slice){ 0 };
}
