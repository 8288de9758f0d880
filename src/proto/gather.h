#ifndef PROTO_GATHER_H
#define PROTO_GATHER_H

#include "soth/buf.h"
#include "soth/layer.h"

/*
 * Bytes on their way down, gathered until the layer is told to settle, so
 * that many small things go as one. At 64 KiB they go at once, and a slice of
 * more than 16 KiB goes by itself, not copied. Order is kept.
 */
void gather_init(struct buf *b);
void gather_bytes(struct buf *b, struct bytes more, struct out *out);
void gather_slice(struct buf *b, struct slice *more, struct out *out);	/* may take it */
void gather_flush(struct buf *b, struct out *out);

#endif
