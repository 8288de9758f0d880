#ifndef FILTER_INSIDE_H
#define FILTER_INSIDE_H

#include "soth/filter.h"
#include "soth/match.h"

/* A flow that is asked about: what is asked for is read once. */
struct asked {
	struct lens *lens;
	const struct row *row;
	struct head *head[2];
	bool head_tried[2];
	struct flow flow;
	struct flow opener;	/* the flow that made its connection, and has the steps of that */
	bool tried, there, opener_tried, opener_there;
};

const struct head *asked_head(struct asked *a, enum side side);	/* NULL: there is none */
const struct flow *asked_flow(struct asked *a);		/* NULL: nothing of it can be read */
const struct flow *asked_opener(struct asked *a);	/* NULL: it is the same, or cannot be read */

/* What stands behind a term's name. */
enum argument { ARG_NONE, ARG_REGEX, ARG_NUMBER, ARG_SIZE, ARG_TIME, ARG_CLOCK, ARG_CODE };
static const char *const argument_words[] = { "", "REGEX", "N", "SIZE", "DURATION", "TIME", "CODE" };

struct range { uint64_t from, to; };	/* both within */

struct node {
	enum { NODE_AND, NODE_OR, NODE_NOT, NODE_TERM } kind;
	struct node *a, *b;
	const struct term *term;
	struct match *match;	/* ARG_REGEX */
	struct range range;	/* the others */
};

struct term {
	const char *name;
	enum argument argument;
	enum filter_depth needs;
	unsigned flags;		/* enum match_flags */
	bool (*holds)(const struct node *n, struct asked *a);
	const char *about;
};

extern const struct term terms[];	/* ends with a NULL name */

/* An argument as written; false: a fault. */
bool argument_range(enum argument kind, struct bytes text, struct range *out, struct fault *why);

#endif
