#ifndef UI_REWRITE_H
#define UI_REWRITE_H

#include "desk.h"
#include "soth/edit.h"
#include "soth/sending.h"
#include "undo.h"

/*
 * A message that is edited by hand: taken from the journal, written to a file
 * of ours, given to an editor, and read back. While its text is wrong the file
 * stays, to be edited on.
 */
struct rewrite {
	bool anew;		/* nothing waits for it: it is to be a request of its own, */
	struct sending sending;	/* ... of which this is where it goes */
	bool answers;		/* it is to be the answer to the flow, whose request waits */
	bool injects;		/* it is to be put between the flow's messages, as if .side had said it */
	flow_id flow;
	enum side side;
	uint64_t number;	/* of a stream's messages, from 1; 0: the whole message */
	struct head *head, *trailers;
	struct slice body;
	struct slice raw;	/* as it goes now, where that was typed raw; empty: it was not */
	bool list;		/* ... as the fields of HTTP/2 */
	bool forced;		/* it could not be sent, and is typed raw now */
	enum part_kind kind;	/* of a stream's message */
	uint32_t code;
	struct bytes type;	/* ... its media type; lasts with .response */
	struct head *response;
	struct edit_form form;
	struct buf text;	/* as it was written down */
	char path[64];		/* of the file; "": there is none */
};

/* Of a flow whose message waits for a person. False: why not. */
bool rewrite_take(struct rewrite *w, struct desk *desk, flow_id flow, enum side side, struct fault *why) MUST_USE;
/* Of any flow, its request, to be sent anew; or, of flow 0, one from nothing. */
bool rewrite_take_anew(struct rewrite *w, struct desk *desk, flow_id flow, struct fault *why) MUST_USE;
/* Likewise, of a command of curl. */
bool rewrite_take_pasted(struct rewrite *w, const char *text, struct fault *why) MUST_USE;
/* Likewise, a GET of that URL. */
bool rewrite_take_url(struct rewrite *w, const char *url, struct fault *why) MUST_USE;
/* What is to be injected: the last message of that side, to begin with, or nothing. */
bool rewrite_take_inject(struct rewrite *w, struct desk *desk, flow_id flow, enum side side, struct fault *why) MUST_USE;
/* An answer that is to be written. */
bool rewrite_take_answer(struct rewrite *w, flow_id flow, const char *status, struct fault *why) MUST_USE;
/* What is to be sent, of what was written: shares it with w and r. */
bool rewrite_sending(const struct rewrite *w, const struct edit_result *r, struct sending *out, struct fault *why) MUST_USE;
/* Into a file, as `mode` has it, and through the editor. */
bool rewrite_edit(struct rewrite *w, struct desk *desk, enum edit_mode mode, struct fault *why) MUST_USE;
/* The file, read back. *same: nothing was changed. False: a fault in it, with its place. */
bool rewrite_read(struct rewrite *w, struct desk *desk, struct edit_result *out, bool *same, struct fault *why) MUST_USE;
/* One thing of it, as edit_field() has it. */
bool rewrite_change(const struct rewrite *w, struct desk *desk, const char *what, struct bytes value, struct edit_result *out,
	struct fault *why) MUST_USE;
bool rewrite_value(const struct rewrite *w, struct desk *desk, const char *what, struct buf *out) MUST_USE;
struct undo_of rewrite_of(const struct rewrite *w);
/* As it came, of a flow whose message was edited and still waits. */
bool rewrite_came(struct rewrite *w, struct desk *desk, flow_id flow, enum side side, struct edit_result *out, struct fault *why) MUST_USE;
struct parts *rewrite_parts(const struct rewrite *w, const struct edit_result *r);	/* what goes on, of it */
void rewrite_release(struct rewrite *w);	/* and removes the file */

#endif
