#ifndef SOTH_ISOLATE_H
#define SOTH_ISOLATE_H

#include "soth/backend.h"

/*
 * A network of a process's own, in which every address is reached by us and
 * nothing else: all its TCP connections come to a socket that listens there,
 * and so do datagrams to port 53. What else it sends is refused at once. The
 * sockets are handed out of it, and serve in the process that started it.
 *
 * It takes no privileges where user namespaces are allowed (user_namespaces(7)):
 * the user is then the only one there is. Root stays root, and needs none.
 */
struct isolate {
	int ends[2];		/* of a socketpair; the caller's from isolate_prepare() on */
	int error;		/* why there is none: an errno ... */
	char what[60];		/* ... of what */
};

bool isolate_prepare(struct isolate *i, struct fault *why) MUST_USE;
/* In a child, which has one thread: from here on it is in there. Calls only what is safe after fork().
 * Where it fails the process ends, and isolate_take() says why. */
void isolate_enter(void *isolate);
/* In the parent: the sockets, once isolate_enter() is over. How many; 0: a fault, which says what to do. */
size_t isolate_take(struct isolate *i, struct adopted out[ISOLATE_SOCKETS], struct fault *why) MUST_USE;
void isolate_release(struct isolate *i);

#endif
