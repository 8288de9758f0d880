#ifndef DECODE_SOURCE_H
#define DECODE_SOURCE_H

#include "soth/decode.h"

/*
 * Source text, shown as it is. A line longer than SOURCE_LONG is broken where
 * blocks begin and end, and at separators, and indented; nothing but space is
 * ever dropped from it or added. What the words mean is told by a language:
 * css.c, javascript.c.
 */
enum { SOURCE_DEPTH_MAX = 64, SOURCE_LONG = 200, SOURCE_WIDE = 72, SOURCE_WORD_MAX = 64 };

/* What is open: ( [, blocks { ("R" and "D" in CSS, of rules and of declarations), and "$", code in a template. */
enum source_due { SOURCE_STAYS, SOURCE_AFTER_OPEN, SOURCE_AFTER_CLOSE, SOURCE_BREAKS };

struct source {				/* a value */
	bool begun, placed;		/* it is known whether this line is broken */
	bool broken;
	enum source_due due;		/* before what is put next */
	unsigned base;			/* the doc's depth before it */
	size_t column;			/* bytes on the line that is shown */
	unsigned blocks, depth, over;	/* open blocks; what is open; beyond SOURCE_DEPTH_MAX */
	char open[SOURCE_DEPTH_MAX];
	bool cut;			/* a long word goes on */
	enum role role;			/* ... in this */
};

struct source_walk {			/* one call */
	struct source *s;
	void *language;			/* whose state it is in */
	struct reader *in;
	struct doc *to;
	bool last;
	bool more;			/* the line may go on behind what is there */
};

/* Reads all that can be told: line ends itself, what is between by step(),
 * which reads something, at least one byte, or says false: it needs more. */
void source_run(struct source_walk *w, bool (*step)(struct source_walk *w, struct bytes line),
	void (*ended)(struct source_walk *w));

/* Reads n bytes, a token or a piece of one, and shows them. */
bool source_put(struct source_walk *w, enum role role, size_t n);
bool source_space(struct source_walk *w, size_t n);
bool source_open(struct source_walk *w, char kind);	/* ( [ { */
char source_close(struct source_walk *w);		/* ) ] }; what it closes, or 0 */
bool source_separate(struct source_walk *w);		/* ; , */
char source_inner(const struct source *s);		/* the innermost that is open; 0: none */

/* A comment up to its end, or as far as it goes on this line. True at its end. */
bool source_comment(struct source_walk *w, struct bytes line, bool *needs);
/* How long the word is that it begins with; 0: it needs more. A long one is
 * put in the role, then and there, and goes on in it: *put. */
size_t source_word(struct source_walk *w, struct bytes line, bool (*is)(uint8_t c), enum role role, bool *put);
/* The rest of such a word, as far as it is there. False: there is none. */
bool source_goes_on(struct source_walk *w, struct bytes line, bool (*is)(uint8_t c));

#endif
