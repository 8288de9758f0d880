#ifndef CLI_RUN_ASIDE_H
#define CLI_RUN_ASIDE_H

#include "capture.h"
#include "run_child.h"
#include "run_files.h"

/* A command beside the screen: off the terminal, and what it writes in a file. */
struct run_aside {
	int fd;			/* -1: it is not beside one */
	char path[RUN_PATH];
};

bool run_aside_open(struct run_aside *a, const char *dir, struct fault *why) MUST_USE;
void run_aside_enter(const struct run_aside *a);	/* in the child */
/* Until the person leaves; a command that is still there is ended then. */
bool run_aside_screen(const struct run_aside *a, struct run_child *child, const char *name, const struct capture *c,
	const struct options *o, struct fault *why) MUST_USE;
void run_aside_close(struct run_aside *a);		/* writes what it wrote to standard output */

#endif
