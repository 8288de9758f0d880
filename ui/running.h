#ifndef UI_RUNNING_H
#define UI_RUNNING_H

#include <sys/types.h>

#include "soth/base.h"

struct desk;

/* The command that soth was started for, as `soth run --screen`: the caller's. */
struct running {
	pid_t pid;
	const char *name, *output;	/* the file with what it writes */
	bool over;			/* it has ended, and was waited for: */
	int status;			/* as waitpid() has it */
};

void running_look(struct desk *d);	/* before each frame: says when it has ended */

#endif
