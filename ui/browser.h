#ifndef UI_BROWSER_H
#define UI_BROWSER_H

#include "soth/base.h"

struct desk;

/*
 * Browsers that were started, each on a profile of its own under desk->profiles,
 * with the proxy set and our authority believed. They stay when soth leaves.
 */
struct browsers;

struct browsers *browsers_new(void);
void browsers_free(struct browsers *b);
/* "", a NAME as programs have it, and words for it behind. Says that it starts. */
bool browser_start(struct desk *d, const char *arg, struct fault *why) MUST_USE;
void browsers_stop(struct desk *d);
void browsers_look(struct desk *d);	/* before each frame: says of one that ended badly what it said */

#endif
