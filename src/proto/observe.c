/* Who reads along with a body, and the table of them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "observe_inside.h"

static const struct observer_ops *const observers[] = {
	&observe_grpc,
	&observe_record,
	&observe_sse,
	&observe_ws,
};

struct observer {
	const struct observer_ops *ops;
	bool lost;		/* it reads no further */
	_Alignas(max_align_t) uint8_t state[];
};

static const struct observer_ops *
ops_of(enum protocol protocol)
{
	for (size_t i = 0; i < ARRAY_LEN(observers); i++)
		if (observers[i]->protocol == protocol)
			return observers[i];
	return NULL;
}

struct observer *
observer_new(enum side side, const struct head *request, const struct head *response)
{
	const struct observer_ops *ops = ops_of(protocol_of(request, response));
	struct observer *o;

	if (!ops)
		return NULL;
	o = xalloc(sizeof(*o) + ops->size);
	o->ops = ops;
	if (ops->start(o->state, side, request, response))
		return o;
	free(o);
	return NULL;
}

bool
observer_replaces(const struct observer *o)
{
	return o && o->ops->replaces && !o->lost;
}

bool
observer_coded(const struct observer *o)
{
	return o->ops->coded && o->ops->coded(o->state);
}

bool
observer_open(const struct observer *o)
{
	return o->lost || o->ops->open(o->state);
}

void
observer_data(struct observer *o, struct bytes more, struct moves *out)
{
	if (more.len && !o->lost)
		o->lost = !o->ops->data(o->state, more, out);
}

void
observer_end(struct observer *o, bool broken, struct moves *out)
{
	if (!o->lost)
		o->ops->end(o->state, broken, out);
}

void
observer_free(struct observer *o)
{
	if (!o)
		return;
	o->ops->stop(o->state);
	free(o);
}

bool
observe_fault(struct moves *out, enum side side, const char *fmt, ...)
{
	struct fault why;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why.text, sizeof(why.text), fmt, ap);
	va_end(ap);
	moves_add(out, MOVE_TELL, side, (struct part){ .kind = PART_FAULT, .data = slice_text(why.text) });
	return false;
}

void
observe_mark(struct moves *out, enum side side, uint32_t code, uint64_t count)
{
	moves_add(out, MOVE_TELL, side, (struct part){ .kind = PART_MARK, .code = code, .count = count });
}

bool
observe_coded(struct coded *c, struct bytes more, coded_sink *to, void *arg, enum side side, struct moves *out)
{
	struct fault why;

	return coded_feed(c, more, to, arg, &why) || observe_fault(out, side, "content coding: %s", why.text);
}

void
observe_coded_end(const struct coded *c, enum side side, struct moves *out)
{
	if (coded_cut_off(c))
		observe_fault(out, side, "RFC 9110 section 8.4: the body ends inside its content coding");
}
