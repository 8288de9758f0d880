#ifndef UI_FOLDING_H
#define UI_FOLDING_H

#include "watch.h"

/*
 * Flows of the catalog that follow each other and ask the same of the same
 * server, with the same outcome, as one line: a run. Only what is over is in
 * one. In another order than that in which they came, there are none.
 *
 * Only runs are kept, so that flows that are in none cost nothing.
 */
struct run {
	uint32_t first, last;	/* indices of the store */
	uint32_t count;		/* of the flows in it, two at least */
	uint32_t hidden;	/* by the runs before it, so many */
	bool open;		/* each has a line */
};

struct folding {
	struct watch watch;
	bool on;
	uint64_t moved;		/* grows when lines have */
	struct run *run;
	size_t runs, room;
	size_t true_to;		/* `hidden` is right of so many */
	struct row row;		/* of the flow that was told of last */
	size_t row_index;
};

void folding_open(struct folding *f, const struct catalog *c);	/* borrows it */
void folding_close(struct folding *f);
void folding_switch(struct folding *f, bool on);
/* With what has come, after the catalog; false: there is more to look at. */
bool folding_refresh(struct folding *f);
size_t folding_lines(const struct folding *f);
/* The line of the catalog that a line stands for: of a run, its newest flow. */
size_t folding_at(const struct folding *f, size_t line);
/* The run that begins on a line; NULL: there is none. */
const struct run *folding_run(const struct folding *f, size_t line);
size_t folding_line(const struct folding *f, size_t at);	/* where a line of the catalog is; SIZE_MAX stays so */
bool folding_turn(struct folding *f, size_t line);	/* opens or closes what is there; false: no run is */

#endif
