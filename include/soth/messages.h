#ifndef SOTH_MESSAGES_H
#define SOTH_MESSAGES_H

#include "soth/buf.h"
#include "soth/store.h"

/*
 * The messages of a flow, in the order they were recorded: what a WebSocket
 * says, control frames too; what MARKs cut out of a body of events, records
 * or gRPC; of bytes that are nothing we know, each run of them; and each
 * FAULT. Read by one thread, looked at by another; a message costs 40 bytes
 * of memory, and its content is read when it is looked at. With more of the
 * flow told, those that were there have the same indices, but for the .begun
 * at the end.
 */
struct message {
	uint64_t when;
	enum side side;
	enum part_kind kind;	/* MESSAGE, MARK, DATA, FAULT */
	uint32_t code;		/* of its part */
	unsigned frames;	/* MESSAGE: that it came in, when not in one; else 0 */
	bool injected;		/* a person put it there */
	bool begun;		/* DATA behind the last MARK: more of it is to come */
	uint64_t size;		/* MESSAGE: on the wire; MARK, DATA: its bytes */
	struct bytes bytes;	/* as far as they were kept and asked for */
};

struct messages;

struct messages *messages_new(struct store *s, flow_id id);
void messages_free(struct messages *m);		/* NULL is fine */
/* The reader's: a little at a time. False: nothing more for now. */
bool messages_read(void *messages);

/* Anyone's. */
size_t messages_count(struct messages *m);
/* Without its bytes. */
struct message messages_at(struct messages *m, size_t i);
/* With at most `most` of its bytes, which last until `scratch` is used again. */
struct message messages_get(struct messages *m, size_t i, size_t most, struct buf *scratch);
struct messages_sums { uint64_t count[2], bytes[2]; };	/* by side; of bytes that are nobody's, runs */
struct messages_sums messages_sums(struct messages *m);

#endif
