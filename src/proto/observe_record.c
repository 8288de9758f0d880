/* NDJSON: a record a line. Its last line may do without an LF; a blank one is no record. */
#include <string.h>

#include "observe_inside.h"

struct record_observer {
	struct coded coded;
	enum side side;
	uint32_t code;
	uint64_t size;		/* of the line, so far */
	bool blank;		/* nothing but white space in it, so far */
	struct moves *out;	/* of the call under way */
};

static bool
start(void *st, enum side side, const struct head *request, const struct head *response)
{
	struct record_observer *o = st;
	const struct head *own = side == CLIENT ? request : response;

	o->side = side;
	o->blank = true;
	if (protocol_of(own, NULL) != PROTOCOL_NDJSON || !coded_start(&o->coded, own))
		return false;
	o->code = MARK_RECORD | (o->coded.count ? MARK_DECODED : 0);
	return true;
}

static bool
is_blank(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] != ' ' && b.at[i] != '\t' && b.at[i] != '\r' && b.at[i] != '\n')
			return false;
	return true;
}

static void
line_tell(struct record_observer *o)
{
	observe_mark(o->out, o->side, o->code | (o->blank ? MARK_NO_EVENT : 0), o->size);
	o->size = 0;
	o->blank = true;
}

static void
plain(void *arg, struct bytes more)
{
	struct record_observer *o = arg;

	while (more.len) {
		const uint8_t *lf = memchr(more.at, '\n', more.len);
		struct bytes piece = { more.at, lf ? (size_t)(lf - more.at) + 1 : more.len };

		o->size += piece.len;
		o->blank = o->blank && is_blank(piece);
		if (lf)
			line_tell(o);
		more.at += piece.len;
		more.len -= piece.len;
	}
}

static bool
data(void *st, struct bytes more, struct moves *out)
{
	struct record_observer *o = st;
	o->out = out;
	return observe_coded(&o->coded, more, plain, o, o->side, out);
}

static void
end(void *st, bool broken, struct moves *out)
{
	struct record_observer *o = st;

	o->out = out;
	if (broken)
		return;
	if (o->size)
		line_tell(o);
	observe_coded_end(&o->coded, o->side, out);
}

static void
stop(void *st)
{
	coded_stop(&((struct record_observer *)st)->coded);
}

static bool
is_coded(const void *st)
{
	return ((const struct record_observer *)st)->coded.count;
}

static bool
is_open(const void *st)
{
	return ((const struct record_observer *)st)->size;
}

const struct observer_ops observe_record = {
	PROTOCOL_NDJSON, false, sizeof(struct record_observer), start, data, end, stop, is_coded, is_open
};
