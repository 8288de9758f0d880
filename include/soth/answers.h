#ifndef SOTH_ANSWERS_H
#define SOTH_ANSWERS_H

#include "soth/note.h"
#include "soth/sayings.h"

/*
 * Answers that were recorded, found by the request they are to. Put together
 * by one thread; from then on it never changes but for how many of the answers
 * to one request have been given, so any thread may look. Counted.
 *
 * Requests are the same where scheme, host, port, method, path and query are,
 * and the body; answers to the same request are given in their order.
 */
struct answer {
	flow_id flow;		/* of the recording */
	uint64_t when;		/* it came: microseconds since the epoch */
	struct head *head;	/* its length is that of the body */
	struct slice body;
	struct head *trailer;	/* NULL: none */
	struct sayings *says;	/* in place of the body, each in its time behind the head; NULL: all at once */
	bool decoded;		/* what it says is without its content codings */
};

struct answers_how {		/* what makes requests the same; lists have commas between */
	bool ignore_content, ignore_host, ignore_port;
	const char *headers;	/* these too */
	const char *params;	/* of the query, but these */
	const char *payload;	/* of a body that is a form, but these */
};

struct answers_request {
	struct bytes scheme, host;
	uint16_t port;
	const struct head *head;
	struct bytes body;
};

struct answers;

struct answers *answers_new(const struct answers_how *how);	/* copies it */
/* Takes what the answer carries. An answer that cannot be given again (1xx, a tunnel's) is left out. */
void answers_add(struct answers *a, const struct answers_request *to, struct answer *an);
struct answers *answers_ref(struct answers *a);
void answers_drop(struct answers *a);		/* NULL is fine */

size_t answers_count(const struct answers *a);
bool answers_want_body(const struct answers *a);	/* which answer it is hangs on the request's body */
/* The next one; with `reuse` always the first. NULL: there is none, or no more. Good as long as `a`. */
const struct answer *answers_find(const struct answers *a, const struct answers_request *to, bool reuse);
/* Its head, with the dates in it as much later as it is now; to be dropped. */
struct head *answer_head(const struct answer *an, bool refresh, uint64_t now);

#endif
