#ifndef SOTH_CONTENT_H
#define SOTH_CONTENT_H

#include "soth/paper.h"
#include "soth/store.h"

/*
 * One side's body as it is recorded, freed of its codings and laid out, as it
 * comes: read by one thread, looked at by another. Memory is bounded whatever
 * its size: what is not small lies in a file meanwhile (see spool.h).
 */
struct content;

struct content_how {
	struct store *store;
	flow_id flow;
	enum side side;
	const struct decoder *const *decoders;
	struct choice choice;
	struct bytes fixes;		/* copied */
	const struct schema *schema;	/* outlives the body */
	uint64_t unpack_max;		/* bytes behind its codings */
	/* Instead of a side of a flow, with a hint: bytes that are here (a
	 * message of one). Copied, and so is what the hint points to. */
	const struct hint *hint;
	struct bytes bytes;
};

struct content *content_new(const struct content_how *how);
void content_free(struct content *c);			/* NULL is fine */

/* The reader's: a little at a time. False: nothing more for now. */
bool content_read(void *content);

struct content_state {
	uint64_t came;		/* bytes, as recorded */
	uint64_t skipped;	/* that passed and were not recorded */
	uint64_t messages;	/* WebSocket messages, which are no body */
	bool ended;		/* no more comes */
	bool done;		/* ... and it is laid out */
	char trouble[200];	/* empty: none */
};

/* Anyone's. */
void content_state(struct content *c, struct content_state *out);
size_t content_reports(struct content *c, struct report *out, size_t max);
size_t content_steps(struct content *c);		/* places of a choice that its codings take */
struct bytes content_bytes(struct content *c);	/* behind its codings; they stay where they are */
struct paper *content_paper(struct content *c);	/* NULL: nothing of it has come */

#endif
