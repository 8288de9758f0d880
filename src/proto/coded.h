#ifndef PROTO_CODED_H
#define PROTO_CODED_H

#include "soth/head.h"
#include "soth/inflate.h"

/*
 * A body behind its content codings, as it comes. Memory is bounded: what is
 * unpacked is handed on in pieces, none of them larger than CODED_PIECE_MAX.
 */
enum { CODINGS_MAX = 4, CODED_PIECE_MAX = 16 << 20 };

struct coded {
	struct inflater *inflater[CODINGS_MAX];	/* the last one applied comes first */
	struct buf out[CODINGS_MAX];
	size_t count;		/* 0: the bytes are the body's own */
	bool begun;
};

typedef void coded_sink(void *arg, struct bytes plain);

/* False: a coding that we do not know, or too many. */
bool coded_start(struct coded *c, const struct head *h);
/* Hands on what comes out. False: it is broken. What came out before was handed on. */
bool coded_feed(struct coded *c, struct bytes more, coded_sink *to, void *arg, struct fault *why) MUST_USE;
bool coded_cut_off(const struct coded *c);	/* it began, and its end has not come */
void coded_stop(struct coded *c);

#endif
