#ifndef UI_SELECTION_H
#define UI_SELECTION_H

#include "soth/base.h"

struct desk;

/*
 * The flows that a person has chosen for what comes next, by their indices in
 * the store: for the moment, and kept nowhere. A bit each, once one is chosen.
 */
struct selection {
	uint64_t *bits;
	size_t words;
	size_t count;
	size_t anchor;		/* the last that was chosen or left by itself; SIZE_MAX: none */
};

void selection_init(struct selection *s);
void selection_release(struct selection *s);
bool selection_has(const struct selection *s, size_t index);
void selection_put(struct selection *s, size_t index, bool on);
void selection_clear(struct selection *s);

/* The one under the list's cursor, or where that is on its way to, as an index of the store; SIZE_MAX: `why`. */
size_t selection_cursor(struct desk *d, struct fault *why);
/* The flows that an action is about: those that are selected, in the order they
 * came, or else the one under the list's cursor. To be freed; NULL: there is none. */
size_t *selection_flows(struct desk *d, size_t *count, struct fault *why);

#endif
