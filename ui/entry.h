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
};

struct entry_about entry_about_of(struct desk *desk, const struct flow *f, const struct decoder *how);
void entry_about_release(struct entry_about *a);

void entry_preview(const struct entry_about *a, const struct message *m, struct line *out);
struct doc *entry_doc(const struct entry_about *a, const struct message *m);
struct bytes entry_payload(const struct message *m);	/* without framing; borrowed */

#endif
