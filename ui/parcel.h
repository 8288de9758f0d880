#ifndef UI_PARCEL_H
#define UI_PARCEL_H

#include "soth/store.h"

/*
 * Some flows on their way into a file, on a thread of its own. The file is
 * replaced when the new one is whole.
 */
struct parcel;
struct parcel_how {
	struct store *store;
	size_t *index;		/* of the store, in order */
	size_t count;
	bool append;		/* behind the flows of a session, where the file is there */
	int wake;		/* an eventfd: it is over */
};

/* Takes how->index, also where it is a fault. */
struct parcel *parcel_start(const struct parcel_how *how, const char *path, struct fault *why) MUST_USE;
void parcel_leave(struct parcel *p);		/* what was there stays */
/* Over: true, with what came of it in words; *well: all is there. Else how far it is. */
bool parcel_over(struct parcel *p, bool *well, char *words, size_t room);
void parcel_free(struct parcel *p);		/* leaves it, and waits; NULL is fine */

#endif
