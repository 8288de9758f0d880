#ifndef UI_HUNT_H
#define UI_HUNT_H

#include "desk.h"
#include "soth/search.h"

/*
 * The search through the session that goes on, or was the last: its hits are
 * the lines of the view "search", and one of them after the other is shown in
 * its flow.
 */
struct hunt;

struct hunt *hunt_new(struct desk *desk);
void hunt_free(struct hunt *h);

/* Instead of the one before: through the flows that the list shows. False: it
 * is wrong, at byte *at. */
bool hunt_begin(struct hunt *h, const char *text, bool regex, struct fault *why, size_t *at) MUST_USE;
const char *hunt_text(const struct hunt *h);	/* ""; nothing was searched for */
const char *hunt_filter(const struct hunt *h);	/* of the list, as it was then; "": all flows */
unsigned hunt_count(const struct hunt *h);	/* how many there were: another number is another one */
void hunt_refresh(struct hunt *h);		/* before each drawing: hears of what has come */
void hunt_state(struct hunt *h, struct search_state *out);
bool hunt_hit(struct hunt *h, size_t i, struct search_hit *out);

/* Shows the i-th in its flow, over everything. */
bool hunt_show(struct hunt *h, size_t i, struct fault *why);
bool hunt_step(struct hunt *h, int way, struct fault *why);
/* The one that was shown last; *count grows with each. NULL: none was. */
const struct search_hit *hunt_shown(const struct hunt *h, size_t *i, unsigned *count);

/* What a hit reads, as far as it stands on one line. */
void hunt_reads(const struct search_hit *h, char *out, size_t room);

/* "1 204 hits in 311 flows, 42%", or "hit 3 of 1 204 in ..." while one is shown; "": there is nothing to say. */
enum { HUNT_WORDS = 120 };
const char *hunt_words(struct hunt *h, char out[HUNT_WORDS]);

#endif
