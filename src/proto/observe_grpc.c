/*
 * gRPC: where its messages end. Of the gRPC over HTTP/2 protocol,
 * Length-Prefixed-Message:
 *
 *	 0        1        2        3        4        5
 *	+--------+--------+--------+--------+--------+-- ...
 *	| 0 or 1 |   length of the message, be32     | the message
 *	+--------+--------+--------+--------+--------+-- ...
 *
 * The first byte is 1 where the message is compressed. gRPC-Web has the same
 * frames, and one more for the trailers: there the byte's first bit is set.
 */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "observe_inside.h"
#include "soth/reader.h"

enum { PREFIX = 5, COMPRESSED = 0x01, WEB_TRAILERS = 0x80 };

struct grpc_observer {
	enum side side;
	uint8_t flags;		/* those that there may be */
	uint8_t prefix[PREFIX];
	size_t prefixed;	/* bytes of it that have come */
	uint32_t length, left;	/* of the message, once its prefix is there */
};

static bool
begins(struct bytes type, const char *with)
{
	size_t len = strlen(with);

	return type.len >= len && !strncasecmp((const char *)type.at, with, len);
}

/* grpc-web-text is in Base64: its frames are not seen. */
static bool
start(void *st, enum side side, const struct head *request, const struct head *response)
{
	struct grpc_observer *o = st;
	const struct head *own = side == CLIENT ? request : response;
	struct bytes type = protocol_media(own);

	o->side = side;
	o->flags = COMPRESSED | (begins(type, "application/grpc-web") ? WEB_TRAILERS : 0);
	return protocol_of(own, NULL) == PROTOCOL_GRPC && !begins(type, "application/grpc-web-text");
}

static bool
prefix_read(struct grpc_observer *o, struct moves *out)
{
	struct reader r = { { o->prefix, PREFIX }, false };
	uint8_t flag = read_u8(&r);

	o->length = o->left = read_be32(&r);
	if (flag & ~o->flags)
		return observe_fault(out, o->side, "gRPC: invalid compressed flag: a message's first byte is %u, not 0 or 1",
			flag);
	if (o->length > OBSERVE_MESSAGE_MAX)
		return observe_fault(out, o->side, "gRPC: message too large: %" PRIu32 " bytes are more than 16 MiB",
			o->length);
	return true;
}

static size_t
less(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* As many bytes as there are of the prefix, or of the message; how many. */
static size_t
take(struct grpc_observer *o, struct bytes more)
{
	size_t n;

	if (o->prefixed < PREFIX) {
		n = less(PREFIX - o->prefixed, more.len);
		memcpy(o->prefix + o->prefixed, more.at, n);
		o->prefixed += n;
		return n;
	}
	n = less(o->left, more.len);
	o->left -= (uint32_t)n;
	return n;
}

static void
message_tell(struct grpc_observer *o, struct moves *out)
{
	uint8_t flag = o->prefix[0];

	observe_mark(out, o->side, MARK_GRPC_MESSAGE | (flag & COMPRESSED ? MARK_COMPRESSED : 0) |
		(flag & WEB_TRAILERS ? MARK_NO_EVENT : 0), PREFIX + (uint64_t)o->length);
	o->prefixed = 0;
}

static bool
data(void *st, struct bytes more, struct moves *out)
{
	struct grpc_observer *o = st;

	while (more.len) {
		bool prefixed = o->prefixed == PREFIX;
		size_t n = take(o, more);

		more.at += n;
		more.len -= n;
		if (!prefixed && o->prefixed == PREFIX && !prefix_read(o, out))
			return false;
		if (o->prefixed == PREFIX && !o->left)
			message_tell(o, out);
	}
	return true;
}

static void
end(void *st, bool broken, struct moves *out)
{
	struct grpc_observer *o = st;

	if (broken || !o->prefixed)
		return;
	if (o->prefixed < PREFIX)
		observe_fault(out, o->side, "gRPC: truncated prefix: the body ends %zu bytes into it", o->prefixed);
	else
		observe_fault(out, o->side, "gRPC: length mismatch: the body ends %" PRIu32 " bytes before the message does",
			o->left);
}

static void
stop(void *st)
{
	(void)st;
}

const struct observer_ops observe_grpc = {
	PROTOCOL_GRPC, false, sizeof(struct grpc_observer), start, data, end, stop
};
