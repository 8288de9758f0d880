#ifndef SOTH_STUDY_H
#define SOTH_STUDY_H

#include "soth/base.h"

/*
 * A thread that reads on for the screen, so that the screen need not wait:
 * one for each thing that is looked at, as long as it is looked at.
 */
struct study;

/* Calls read(of) again and again: true means there is more to do at once, and
 * false nothing until study_poke(). What `of` shows the screen it guards
 * itself. The screen hears of progress by a write to `wake`, an eventfd, at
 * most each 30 ms, and when there is nothing to do. */
struct study *study_start(bool (*read)(void *of), void *of, int wake);
void study_poke(struct study *s);
/* Waits until there is nothing to do, at most so long. */
bool study_wait(struct study *s, unsigned milliseconds);
bool study_busy(struct study *s);
void study_stop(struct study *s);		/* waits for the call that runs; NULL is fine */
/* Does not wait: what it reads is released when the call that runs is over. */
void study_leave(struct study *s, void (*release)(void *of));
void studies_wait(void);			/* until all that were left are released */

#endif
