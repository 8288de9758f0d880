#ifndef PROTO_H1_INSIDE_H
#define PROTO_H1_INSIDE_H

#include "chunked.h"
#include "framing.h"
#include "h1.h"
#include "soth/buf.h"

/* What h1.c (what comes up) and h1_send.c (what goes down) share. */
struct h1 {
	bool server;
	size_t head_limit;
	enum {
		READ_HEAD,
		READ_LENGTH,	/* `left` bytes of a body */
		READ_CHUNKED,
		READ_CLOSE,	/* a body until the peer closes */
		READ_WAIT,	/* for our answer to go down */
		READ_SILENT,	/* for the layer that takes over */
		READ_BROKEN,
	} reading;
	struct buf in;			/* came and was not used yet */
	struct framing in_framing;
	uint64_t left;
	struct chunked chunked;
	const struct slice *now;	/* while chunks are read: their bytes ... */
	struct out *now_out;		/* ... and where they go */
	char method[24];		/* of the request under way */
	size_t method_len;
	bool outstanding;		/* a request without its answer */
	bool paused, stalled, eof;
	bool fresh;			/* something may be read that could not before */

	struct buf out;			/* gathered until it settles */
	struct framing out_framing;
	struct head *trailer;
	bool peer_persists, self_persists;
};

static inline struct bytes
h1_method(const struct h1 *h)
{
	return (struct bytes){ (const uint8_t *)h->method, h->method_len };
}

void h1_chunk(void *arg, struct bytes piece);
void h1_settle(void *st, struct out *out);
void h1_flush(struct h1 *h, struct out *out);
void h1_command(void *st, struct command *cmd, struct out *out);

#endif
