#ifndef UI_FOLDING_H
#define UI_FOLDING_H

#include "soth/store.h"

/*
 * Flows that follow each other and ask the same, with the same outcome, as one
 * line, that of the newest: a run. The same is what has the same method, host,
 * port and path, whatever its query, and ended with the same status.
 */
struct run {
	uint32_t line;		/* its line, or the first of those that it has */
	uint32_t count;		/* of its flows, two at least */
	uint32_t first;		/* of its flows, as an index of the store */
	bool open;		/* each of them has a line */
};

/* What is equal for flows that are the same; 0: it goes on, and is like no other. */
uint64_t folding_key(const struct row *r, uint64_t seed);

/* Flows as they came, with their keys. A run with a mark within, which are
 * indices in order, is open. */
struct folding {
	const uint32_t *shown;
	const uint64_t *key;
	size_t count;
	const uint32_t *mark;
	size_t marks;
};

/* Gives their lines, and the runs by line. There is room for as many lines as
 * there are flows, and for half as many runs. */
void folding_lay(const struct folding *f, uint32_t *line, size_t *lines, struct run *run, size_t *runs);
/* The run that a line is of; NULL: none. */
const struct run *folding_run(const struct run *run, size_t runs, size_t line);

#endif
