#ifndef DECODE_MARKUP_INSIDE_H
#define DECODE_MARKUP_INSIDE_H

#include "soth/decode.h"

/* HTML and XML at work; for markup.c, markup_tag.c and markup_text.c. */
enum { MARKUP_DEPTH_MAX = 128, MARKUP_NAME_MAX = 256, MARKUP_WORD_MAX = 64 };

enum markup_mode { MARKUP_TEXT, MARKUP_TAG, MARKUP_ASIDE, MARKUP_SCRIPT };
enum markup_in { MARKUP_IN_NAME, MARKUP_IN_VALUE, MARKUP_IN_QUOTES };	/* of a tag */
enum markup_script { MARKUP_AS_CODE, MARKUP_AS_JSON, MARKUP_AS_TEXT };

struct markup_open {			/* an element that is open */
	uint32_t hash;			/* of its name */
	char name[28];			/* ... as far as it fits */
};

struct markup {				/* a value: it can be copied */
	bool html, begun;
	enum markup_mode mode;
	unsigned base;			/* the doc's depth before it */
	bool fresh;			/* the line ends with the tag that was opened last */
	bool leading;			/* of text, nothing but space has come */
	bool inlined;			/* the text stands on the line of its tag */
	uint8_t raw;			/* 1 + index in the elements that hold no markup; 0: none */
	uint8_t aside;			/* 1 + index: a comment and the like */
	bool subset;			/* within the [ ] of a doctype */
	enum markup_in in;
	uint8_t quote;
	bool closing, space, slash, value_next, cut_word, type_next;
	enum markup_script script;
	uint32_t tag_hash;
	char tag[28];			/* the name of the tag it is in */
	unsigned depth, over;		/* open elements; those beyond MARKUP_DEPTH_MAX */
	struct markup_open open[MARKUP_DEPTH_MAX];
	size_t scanned;			/* of what is unread: no end in there */
	uint64_t line, column;		/* before what is unread, from 0 */
};

struct markup_walk {			/* one call */
	struct markup *m;
	struct reader *in;
	struct decode *d;
	struct doc *to;
	const uint8_t *began;		/* where the call found the reader */
	bool last, failed;
};

/* Each reads something or changes the mode; false: it needs more, or it failed. */
bool markup_text_step(struct markup_walk *w);
bool markup_aside_step(struct markup_walk *w);
bool markup_script_step(struct markup_walk *w);
bool markup_tag_step(struct markup_walk *w);
bool markup_tag_begin(struct markup_walk *w);	/* at <name or </name; changes the mode */

void markup_break(struct markup_walk *w);	/* ends the line of the tag before */
bool markup_fail(struct markup_walk *w, const char *fmt, ...) PRINTF(2, 3);	/* false */
bool markup_space(uint8_t c);
size_t markup_name(struct bytes s);		/* the length of the name it begins with */
bool markup_void(struct bytes name);		/* HTML: an element without an end */
uint8_t markup_raw(struct bytes name);		/* HTML: see .raw */

#endif
