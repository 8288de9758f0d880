#ifndef UI_READING_INSIDE_H
#define UI_READING_INSIDE_H

#include "choices.h"
#include "folds.h"
#include "reading.h"
#include "soth/content.h"

/* For reading.c, which shows, and reading_act.c, which does what a person says. */
enum { MARKED_LAST = -1, RAW_PLACE = 0 };

struct reading {
	struct desk *desk;
	flow_id flow;			/* 0: bytes that are here */
	enum side side;
	char key[CHOICE_KEY_MAX];	/* of what is chosen */
	struct hint hint;		/* of bytes that are here */
	struct slice here, type, path;
	struct content *content;	/* NULL: none */
	struct study *study;		/* reads it */
	uint64_t total;			/* bytes that are recorded; 0: not known */
	bool raw;			/* as it was recorded, in hex */
	int marked;			/* place of the step that is marked; MARKED_LAST: none */
	struct folds folds;
	struct paper *paper;		/* what is laid out of it in this frame; NULL: nothing */
	size_t lines;			/* ... and how many */
	struct report report[DECODE_STEPS_MAX];	/* of the whole chain, also when a step of it is looked into */
	size_t reports;
	unsigned epoch;			/* the desk's, when it was begun */
};

/* From the beginning: after another choice. */
void reading_start(struct reading *r);
/* A step is looked into: what is behind it is not shown. */
bool reading_within(const struct reading *r);
/* Reports before the first place of a choice: the transfer coding's. */
size_t reading_before(const struct reading *r);
struct paper_line reading_at(struct reading *r, size_t line);

#endif
