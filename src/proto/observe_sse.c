/* Event streams: where their blocks end, and which of them are events. */
#include "observe_inside.h"
#include "soth/sse.h"

struct sse_observer {
	struct coded coded;
	struct sse sse;
	uint32_t code;
	struct moves *out;	/* of the call under way */
};

static bool
start(void *st, enum side side, const struct head *request, const struct head *response)
{
	struct sse_observer *o = st;

	(void)request;
	if (side == CLIENT || !coded_start(&o->coded, response))
		return false;
	o->code = MARK_SSE_EVENT | (o->coded.count ? MARK_DECODED : 0);
	sse_init(&o->sse, 0);
	return true;
}

static void
block_tell(struct sse_observer *o, const struct sse_block *b)
{
	observe_mark(o->out, SERVER, o->code | (b->dispatched ? 0 : MARK_NO_EVENT), b->size);
}

static void
plain(void *arg, struct bytes more)
{
	struct sse_observer *o = arg;
	struct sse_block b;

	while (sse_next(&o->sse, &more, &b))
		block_tell(o, &b);
}

static bool
data(void *st, struct bytes more, struct moves *out)
{
	struct sse_observer *o = st;
	o->out = out;
	return observe_coded(&o->coded, more, plain, o, SERVER, out);
}

static void
end(void *st, bool broken, struct moves *out)
{
	struct sse_observer *o = st;
	struct sse_block b;

	o->out = out;
	if (sse_end(&o->sse, &b))
		block_tell(o, &b);
	if (!broken)
		observe_coded_end(&o->coded, SERVER, out);
}

static void
stop(void *st)
{
	struct sse_observer *o = st;

	coded_stop(&o->coded);
	sse_release(&o->sse);
}

static bool
is_coded(const void *st)
{
	return ((const struct sse_observer *)st)->coded.count;
}

static bool
is_open(const void *st)
{
	const struct sse *s = &((const struct sse_observer *)st)->sse;

	return s->block.size && !s->told;
}

const struct observer_ops observe_sse = {
	PROTOCOL_SSE, false, sizeof(struct sse_observer), start, data, end, stop, is_coded, is_open
};
