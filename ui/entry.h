#ifndef UI_ENTRY_H
#define UI_ENTRY_H

#include "desk.h"
#include "soth/messages.h"

/* A message of a transcript: on one line, and opened. */
struct entry_about {		/* what is known of the flow's messages */
	struct desk *desk;
	const struct decoder *how;	/* the person's choice; NULL: the best */
	enum protocol protocol;
	bool ended;
	struct slice coding[2];	/* of gRPC's compressed messages, each side's */
	bool dns;		/* datagrams to or from port 53 */
	struct slice path;	/* of the request */
	struct slice spoken;	/* in a WebSocket: its subprotocol */
};

struct entry_about entry_about_of(struct desk *desk, const struct flow *f, const struct decoder *how);
void entry_about_release(struct entry_about *a);

/* On one line; m->bytes must last until it is drawn. */
void entry_preview(const struct entry_about *a, const struct message *m, struct line *out);
struct doc *entry_doc(const struct entry_about *a, const struct message *m);
/* What its sender meant: without framing, of an event its data. In *scratch
 * where that had to be put together. *hint, if asked for, borrows from a. */
struct bytes entry_payload(const struct entry_about *a, const struct message *m, struct buf *scratch, struct hint *hint);

#endif
