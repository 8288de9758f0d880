#ifndef PROTO_PARENT_H
#define PROTO_PARENT_H

#include "soth/buf.h"
#include "socks.h"

/*
 * What layer_socks and layer_connect have in common: a parent proxy is asked
 * for a connection, and what comes down meanwhile waits.
 */
enum { PARENT_WAIT_MAX = 1 << 20, WORDS_MAX = 200 };

struct parent {
	char host[256], proxy[300], auth[512];
	uint16_t port;
	size_t head_limit;
	struct buf in;		/* what the parent said and is not read yet */
	struct command *wait;
	size_t waits;
	unsigned step;		/* the layer's own */
	bool open, dead;
};

bool parent_start(struct parent *p, const struct parent_args *a, struct fault *why) MUST_USE;
void parent_say(struct out *out, struct buf *b);	/* sends it, and leaves nothing */
/* Agreed: EV_OPEN goes up, what waited down, and what is unread up. */
void parent_opened(struct parent *p, struct bytes bound, struct out *out);
void parent_failed(struct parent *p, enum fail code, const char *words, struct out *out);

/* For the tables of both. */
void parent_event(struct parent *p, struct event *ev, struct out *out, void (*read)(struct parent *p, struct out *out));
void parent_command(void *st, struct command *cmd, struct out *out);
void parent_stop(void *st);

/* "user:password" as the value of Proxy-Authorization (RFC 7617); false: no room. */
bool parent_basic(const char *auth, struct buf *out) MUST_USE;

#endif
