#ifndef NET_LOCKSMITH_H
#define NET_LOCKSMITH_H

#include "soth/backend.h"

/*
 * Makes the keys of the workers: of what options say, and anew where those are
 * set, or the files that they were read from have changed. Where that fails the
 * workers have what they had. For one thread, which may wait for the disk.
 */
struct worker;
struct keyring;

/* How files were at the last look, and when what is in them was tried last. */
struct changing { uint64_t seen, tried; };

struct locksmith {
	struct options options;		/* those of TLS as they stand */
	struct keyring *keys;
	const struct ca *ca;		/* `read`, or whose the backend was started with */
	struct ca *read;		/* NULL: it has not changed */
	struct changing of_keys, of_ca;
	void (*changed)(void *arg, const struct ca *ca);	/* told of a new authority; NULL: nobody is */
	void *changed_arg;
	bool untold;			/* it is at the next look: by then workers have it */
	struct worker **worker;		/* the backend's */
	size_t *workers;
};

bool locksmith_init(struct locksmith *l, const struct options *o, const struct ca *ca, struct fault *why) MUST_USE;
void locksmith_release(struct locksmith *l);
bool locksmith_set(struct locksmith *l, const char *assignment, struct fault *why) MUST_USE;
bool locksmith_look(struct locksmith *l, struct reread *out);	/* as backend_reread() */

#endif
