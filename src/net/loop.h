#ifndef NET_LOOP_H
#define NET_LOOP_H

#include "soth/base.h"

/*
 * A thread's event loop, and what it watches: a descriptor that can be read
 * or written, or a time. Behind this header alone stands libevent, whose
 * `struct event` is not ours.
 *
 * A loop and its watches belong to one thread. A watch is born off. One on a
 * descriptor stays on until it is turned off; one on a time goes off once. A
 * watch may be freed in its own call; its descriptor is closed after it.
 */
struct loop;
struct watch;

enum watch_kind { WATCH_READS, WATCH_WRITES, WATCH_TIME };

struct loop *loop_new(struct fault *why) MUST_USE;
void loop_free(struct loop *l);			/* after its watches */
void loop_run(struct loop *l);			/* until loop_end() */
void loop_end(struct loop *l);

/* Closes what was watched, at the loop's next turn: a watch that was freed is
 * only then taken out of the kernel's set, and the number may be another's
 * before. */
void loop_close(struct loop *l, int fd);

struct watch *watch_new(struct loop *l, int fd, enum watch_kind kind, void (*fn)(void *arg), void *arg);
void watch_free(struct watch *w);		/* NULL is fine */
void watch_on(struct watch *w);
void watch_in(struct watch *w, unsigned ms);	/* of WATCH_TIME; anew where it was on */
void watch_off(struct watch *w);

#endif
