#ifndef PROTO_CHAIN_H
#define PROTO_CHAIN_H

#include "soth/layer.h"

/*
 * The layers of one connection, the wire's end first. What passes the top
 * goes to ends.up, what passes the bottom to ends.down; both are called
 * between layers, never inside one, and may call chain_event(), _feed() and
 * _command() again: what comes of that is delivered in its turn. They may
 * push, pop and swap layers too, but not free the chain.
 */
enum { CHAIN_DEPTH = 4 };

struct chain_ends {
	void (*up)(void *arg, struct event *ev);
	void (*down)(void *arg, struct command *cmd);
	void *arg;
};

struct chain;

struct chain *chain_new(struct chain_ends ends);
void chain_free(struct chain *c);

/* Puts a layer on top. `args` is as the layer's header says, borrowed. */
bool chain_push(struct chain *c, const struct layer_ops *ops, const void *args, struct fault *why) MUST_USE;
/* Takes the topmost layer away; the bytes it had not used are the caller's. */
struct slice chain_pop(struct chain *c);
/* Puts a layer in place of the topmost, and hands it the bytes that one had
 * not used. Where it fails the old one is gone all the same. */
bool chain_swap(struct chain *c, const struct layer_ops *ops, const void *args, struct fault *why) MUST_USE;

void chain_event(struct chain *c, struct event ev);	/* at the bottom; takes it */
void chain_feed(struct chain *c, struct slice data);	/* bytes for the topmost layer; takes them */
void chain_end(struct chain *c);		/* EV_EOF for the topmost layer, which is new there and has not heard it */
void chain_command(struct chain *c, struct command cmd);	/* at the top; takes it */
void chain_settle(struct chain *c);

/* The state of the topmost layer of that kind, for its own functions; NULL: none. */
void *chain_find(const struct chain *c, const struct layer_ops *ops);
const struct layer_ops *chain_top(const struct chain *c);	/* NULL: no layer */

#endif
