#ifndef GRPC_INSIDE_H
#define GRPC_INSIDE_H

#include "soth/decode.h"

/* What grpc.c and grpc_text.c share. */
enum {
	GRPC_PREFIX = 5, GRPC_MESSAGE_MAX = 16 << 20,
	GRPC_SHOWN_MAX = 3 << 20,	/* larger messages are passed over */
	GRPC_TEXT_SHOWN_MAX = 2 << 20,	/* ... in Base64, which is a third longer */
};

struct grpc_frame {
	uint8_t flags;
	uint32_t length;
};

struct grpc {
	size_t messages;
	bool ended, failed;
	uint32_t skip;		/* of a message that is passed over */
	/* Of Base64: */
	uint8_t carry[8];	/* bytes that have been decoded, and not used */
	size_t carried;
	bool framed;		/* .frame has come; its payload has not */
	struct grpc_frame frame;
	size_t seen, counted;	/* characters that are left in the reader, and the bytes in carry and them */
};

/* Says that the message that comes is broken; but not before there is enough of
 * it, from where it begins, to tell whether it reads as text. Always false. */
bool grpc_broken(struct grpc *g, struct bytes rest, struct decode *d, const char *fmt, ...) PRINTF(4, 5);
/* False: it is no frame. `rest`: where it begins. */
bool grpc_frame_read(struct grpc *g, struct decode *d, struct bytes rest, struct bytes prefix, struct grpc_frame *f);
/* All of the payload, or of what is cut off as much as there is. */
void grpc_payload(struct grpc *g, struct decode *d, const struct grpc_frame *f, struct bytes payload);
/* Says that the frame is passed over. */
void grpc_pass(struct grpc *g, struct decode *d, const struct grpc_frame *f);
void grpc_cut(struct grpc *g, struct decode *d, const struct grpc_frame *f, size_t there);

void grpc_text_feed(struct grpc *g, struct reader *in, struct decode *d);
void grpc_text_end(struct grpc *g, struct reader *in, struct decode *d);

#endif
