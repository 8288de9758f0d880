#ifndef UI_REPLAYS_H
#define UI_REPLAYS_H

#include "soth/diff.h"

/*
 * Requests that are sent again by a thread of their own: so many at once, in the order they were asked
 * for, and what came of each. A new order begins the table anew, unless some of
 * what was ordered before is still to come: then it goes on behind that.
 */
struct replays;
struct desk;

enum { REPLAYS_MAX = 100000, AT_ONCE_MAX = 1000 };

enum sent_state { SENT_WAITS, SENT_RUNNING, SENT_DONE, SENT_FAILED, SENT_LEFT_OUT, SENT_STATES };

struct sent {
	flow_id of, flow;		/* flow: 0: it was not sent */
	enum sent_state state;
	bool checked;			/* the verdict is there */
	enum replay_verdict verdict;
	char *words;			/* what is different, or why it could not be sent; NULL: nothing */
};

struct replays_sum { size_t sent, all, state[SENT_STATES], verdict[REPLAY_UNKNOWN + 1]; };

struct replays *replays_new(struct desk *d);
void replays_free(struct replays *r);

struct replays_how {
	size_t at_once;		/* so many at the same time */
	double speed;		/* of what a client said in a stream of messages */
};

/* Those flows, one after the other, and all of them so many times. Copies. */
bool replays_add(struct replays *r, const flow_id *of, size_t flows, size_t times, const struct replays_how *how, struct fault *why) MUST_USE;
void replays_look(struct replays *r);		/* before each frame: says what came of it, once */
bool replays_stop(struct replays *r);		/* what was not sent is not; false: there was nothing */
void replays_sum(struct replays *r, struct replays_sum *out);
size_t replays_count(const struct replays *r);
/* The i-th; its words are copied. False: there is none. */
bool replays_at(struct replays *r, size_t i, struct sent *out, char words[VERDICT_ROOM]);

#endif
