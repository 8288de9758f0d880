/* A command in our place: its start, the signals that are passed on to it, and its end. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run_child.h"

enum { STATUS_CANNOT = 126, STATUS_NONE = 127 };

static const int passed[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGALRM };

void
run_child_prepare(struct run_child *c)
{
	sigset_t waits;

	signal(SIGCHLD, SIG_DFL);	/* where it is ignored nobody can be waited for */
	sigemptyset(&waits);
	sigaddset(&waits, SIGCHLD);
	for (size_t i = 0; i < ARRAY_LEN(passed); i++)
		sigaddset(&waits, passed[i]);
	sigprocmask(SIG_BLOCK, &waits, &c->before);
	c->signals = signalfd(-1, &waits, SFD_CLOEXEC | SFD_NONBLOCK);
	getrlimit(RLIMIT_NOFILE, &c->files);
}

/* Never returns. What we have changed for ourselves is as it was. */
static void
child_become(const struct run_child *c, char **command, char **env, int failed)
{
	signal(SIGXFSZ, SIG_DFL);
	setrlimit(RLIMIT_NOFILE, &c->files);
	sigprocmask(SIG_SETMASK, &c->before, NULL);
	execvpe(command[0], command, env);
	(void)!write(failed, &errno, sizeof(errno));
	_exit(STATUS_NONE);
}

bool
run_child_start(struct run_child *c, char **command, char **env, void (*enter)(void *arg), void *arg,
	int *status, struct fault *why)
{
	int report[2], error = 0;

	*status = STATUS_CANNOT;
	if (pipe2(report, O_CLOEXEC))
		return fault(why, "a pipe: %s", strerror(errno));
	c->pid = fork();
	if (!c->pid) {
		if (enter)
			enter(arg);
		child_become(c, command, env, report[1]);
	}
	close(report[1]);
	if (c->pid < 0)
		error = errno;
	else if (read(report[0], &error, sizeof(error)) == sizeof(error))
		waitpid(c->pid, NULL, 0);
	close(report[0]);
	if (error == ENOENT)
		*status = STATUS_NONE;
	return !error || fault(why, "%.100s: %s", command[0], strerror(error));
}

/* That of a terminal went to the whole group: the command has it already. */
static void
child_pass(const struct run_child *c, const struct signalfd_siginfo *s)
{
	if (s->ssi_signo != SIGCHLD && s->ssi_code <= 0 && !c->over)
		kill(c->pid, (int)s->ssi_signo);
}

/* It has stopped itself, for whoever started us: they learn it from our stopping, and we go on together.
 * Somebody who stopped it from outside has it go on likewise. */
static void
child_stopped(const struct run_child *c, int number)
{
	if (number == SIGSTOP)
		return;
	raise(SIGTSTP);
	kill(c->pid, SIGCONT);
}

void
run_child_look(struct run_child *c)
{
	struct signalfd_siginfo s;
	int status;

	while (read(c->signals, &s, sizeof(s)) == sizeof(s))
		child_pass(c, &s);
	while (!c->over && waitpid(c->pid, &status, WNOHANG | WUNTRACED) == c->pid) {
		if (WIFSTOPPED(status)) {
			child_stopped(c, WSTOPSIG(status));
			continue;
		}
		c->status = status;
		c->over = true;
	}
}

/* By the same signal, so that a shell knows it for Control-C; without a core of ours. */
int
run_child_end(const struct run_child *c)
{
	int number = WTERMSIG(c->status);
	sigset_t one;

	if (WIFEXITED(c->status))
		return WEXITSTATUS(c->status);
	prctl(PR_SET_DUMPABLE, 0);
	fflush(NULL);
	signal(number, SIG_DFL);
	sigemptyset(&one);
	sigaddset(&one, number);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	raise(number);
	return 128 + number;
}
