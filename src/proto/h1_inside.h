#ifndef PROTO_H1_INSIDE_H
#define PROTO_H1_INSIDE_H

#include "framing.h"
#include "gather.h"
#include "h1.h"
#include "mend.h"

/*
 * What the two files of HTTP/1 share: h1.c reads, h1_send.c writes.
 *
 * An exchange has two halves, what comes and what goes; one of them is the
 * request. When both have ended the next exchange may begin.
 */
enum half { HALF_IDLE, HALF_BODY, HALF_ENDED };

struct h1 {
	bool server;
	size_t head_limit;
	bool lenient;
	struct head *request;	/* of the exchange under way; NULL: none */
	enum half coming, going;

	struct slice in;	/* what came and is not yet read, and then ... */
	struct buf more;	/* ... what came after it */
	size_t line, scanned;	/* of a head not yet whole: where its last line begins; how far it was looked through */
	unsigned blanks;	/* empty lines before it */
	struct mended mended;	/* of what has come, and was not told */
	struct body body;
	bool loose_told;	/* that its chunks are not written as they should be */
	bool trailing;		/* in the trailers of a chunked body */

	struct framing framing;	/* of what goes; .length counts down */
	struct slice instead;	/* of the next that goes */
	bool trailed;		/* its trailers were the end of its chunks */
	struct buf gathered;

	bool keep;		/* nobody has said that this connection ends */
	bool silent;		/* it is not ours any more: 101, CONNECT */
	bool over;		/* what else comes is not read */
	bool paused;		/* the owner wants nothing */
	bool stopped;		/* CMD_PAUSE was the last that went down */
	bool eof, eof_told;
};

/* The head of a request or of its answer passes, in either direction. */
void h1_request(struct h1 *h, struct head *head);
void h1_response(struct h1 *h, const struct head *head, struct framing framing);
/* Where both halves have ended, the next exchange may begin. */
void h1_turn(struct h1 *h);

/* Takes what of the part it keeps. */
void h1_send(struct h1 *h, struct part *p, struct out *out);

#endif
