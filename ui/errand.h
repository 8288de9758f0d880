#ifndef UI_ERRAND_H
#define UI_ERRAND_H

#include "soth/store.h"

struct desk;

/*
 * What is done with many flows: as many of them a frame as take little time,
 * so that the screen goes on. There is one at a time; a small one is over
 * before errand_start() returns.
 */
struct errand;
struct errand_how {
	const char *word;	/* what is being done: "marking" */
	/* With one flow; false: not now, it is asked again in the next frame. */
	bool (*each)(struct desk *d, struct errand *e, size_t index, const struct row *row);
	void (*pause)(struct desk *d);		/* behind those of a frame; or NULL */
	void (*end)(struct desk *d, struct errand *e);	/* says what came of it */
};

struct errand {
	const struct errand_how *how;
	size_t *index;		/* of the store; NULL: all flows there are */
	size_t count, at;
	size_t done;		/* for how many something was done: each() counts them */
	enum remark which;
	char text[REMARK_ROOM];
	struct fault trouble;	/* the first; said in its end */
};

struct errand *errand_new(const struct errand_how *how, size_t *index, size_t count);	/* takes index */
/* Takes it. False: another is not over. */
bool errand_start(struct desk *d, struct errand *e, struct fault *why) MUST_USE;
void errand_go_on(struct desk *d);		/* before each frame */
bool errand_stop(struct desk *d);		/* what is left stays undone; false: there was none */

#endif
