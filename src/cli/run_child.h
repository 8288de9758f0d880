#ifndef CLI_RUN_CHILD_H
#define CLI_RUN_CHILD_H

#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "soth/base.h"

/*
 * A command that runs in soth's place on its terminal, in the same process
 * group: Control-C and Control-Z reach it as they would without us. What is
 * sent to soth alone is passed on; when it stops, soth does too.
 */
struct run_child {
	pid_t pid;
	int signals;		/* readable when it changed, or a signal came */
	sigset_t before;	/* what was blocked, and what it is given */
	struct rlimit files;	/* likewise */
	int status;		/* of waitpid(), once it is over */
	bool over;
};

/* Before any thread is started: from now on signals wait for run_child_look(). */
void run_child_prepare(struct run_child *c);
/* `enter`: done in the child before the command takes its place; NULL: nothing. It
 * may only call what is safe after fork(), and ends the process where it fails. A
 * fault: it could not be started, and *status is 127 where there is no such program, or 126. */
bool run_child_start(struct run_child *c, char **command, char **env, void (*enter)(void *arg), void *arg,
	int *status, struct fault *why) MUST_USE;
void run_child_look(struct run_child *c);	/* after `signals` became readable */
/* As the command ended, so do we: its exit status, or by its signal. */
int run_child_end(const struct run_child *c);

#endif
