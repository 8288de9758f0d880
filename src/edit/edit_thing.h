#ifndef EDIT_THING_H
#define EDIT_THING_H

#include "edit_inside.h"

enum { EDIT_THING_MAX = 16 << 20 };

/* A change at work. The draft borrows from the head and from `text`. */
struct change {
	const struct edit_message *m;
	struct draft d;
	struct bytes name, value;	/* value.at NULL: it is taken away */
	struct buf text;
	bool new_body;			/* it is: */
	struct bytes body;		/* behind its codings */
	struct fault *why;
};

/* Each sets c->name to c->value. False: c->why. */
bool set_query(struct change *c);
bool set_cookie(struct change *c);
bool set_form(struct change *c);
/* Adds what c->name has now. False: it is not there, or there is no room. */
bool get_query(const struct change *c, struct buf *out);
bool get_cookie(const struct change *c, struct buf *out);
bool get_form(const struct change *c, struct buf *out);
bool needs_request(struct change *c, const char *what);

#endif
