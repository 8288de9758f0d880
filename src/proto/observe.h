#ifndef PROTO_OBSERVE_H
#define PROTO_OBSERVE_H

#include "exchange.h"
#include "soth/protocol.h"

/*
 * Reads along with one side of an exchange, and says where its messages are.
 * It never changes, keeps back or stops a byte: what breaks a rule is told as
 * a FAULT part (the first one alone), and passes on all the same. Where it can
 * no longer say where messages begin it reads no further.
 *
 * WebSocket's observers stand for the bytes: their frames are told as MESSAGE
 * and FRAME parts, and the bytes as DATA only from where it reads no further.
 * The others tell MARKs after the bytes. Memory is bounded by OBSERVE_MESSAGE_MAX.
 *
 * To add one: src/proto/observe_NAME.c, and its line in the table of observe.c.
 */
enum { OBSERVE_MESSAGE_MAX = 16 << 20 };

struct observer_ops {
	enum protocol protocol;
	bool replaces;			/* what it tells stands for the bytes */
	size_t size;			/* of its state, which is handed over zeroed */
	/* False: there is nothing for it on this side after all. */
	bool (*start)(void *st, enum side side, const struct head *request, const struct head *response);
	bool (*data)(void *st, struct bytes more, struct moves *out);	/* false: it reads no further */
	void (*end)(void *st, bool broken, struct moves *out);	/* END, or RESET */
	void (*stop)(void *st);
	bool (*coded)(const void *st);	/* its messages lie behind content codings; NULL: never */
	bool (*open)(const void *st);	/* ... and one has begun, and has not ended */
};

struct observer;

/* For that side of that exchange, or NULL. `response` is NULL for a request's
 * body. Borrows the heads for the call. */
struct observer *observer_new(enum side side, const struct head *request, const struct head *response);
bool observer_replaces(const struct observer *o);	/* false too once it reads no further, and of NULL */
/* The bytes cannot be cut where its messages end: those lie behind content codings. */
bool observer_coded(const struct observer *o);
bool observer_open(const struct observer *o);		/* of one that is coded: a message is under way, or it reads no further */
void observer_data(struct observer *o, struct bytes more, struct moves *out);
void observer_end(struct observer *o, bool broken, struct moves *out);
void observer_free(struct observer *o);			/* NULL is fine */

#endif
