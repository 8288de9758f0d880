/*
 * processes [COUNT]	how long it takes to find out whose a connection is, among so many processes (500): of a program that has
 *			just been started, of one that called lately, and of one that has been there from the beginning
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../src/net/loop.h"
#include "../../src/net/process.h"

enum { TIMES = 51, MOST = 5000, FEW = 2, MANY = 12 };	/* descriptors besides those that all have */

static struct loop *loop;
static struct asker *asker;
static struct address at;
static int listener, asks[2];
static unsigned found;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
answered(void *arg, struct step *who)
{
	(void)arg;
	found += who != NULL;
	step_drop(who);
	loop_end(loop);
}

static double
look_up(void)
{
	struct address peer = { .len = sizeof(peer.v6) };
	int fd = accept(listener, &peer.any, &peer.len);
	double began = now();

	whose_is(asker, &(struct whose_socket){ .protocol = IPPROTO_TCP, .client = &peer, .server = &at }, answered, NULL);
	loop_run(loop);
	began = now() - began;
	close(fd);
	return began;
}

/* A process that has so many files open, and calls when it is asked to. */
static pid_t
caller(bool asked, int fds)
{
	pid_t pid = fork();
	char one;

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int i = 0; i < fds; i++)
		(void)!dup(0);
	while (!asked || read(asks[0], &one, 1) == 1) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		(void)!connect(fd, &at.any, at.len);
		if (!asked || one)
			pause();
	}
	_exit(0);
}

static int
upward(const void *a, const void *b)
{
	return *(const double *)a < *(const double *)b ? -1 : *(const double *)a > *(const double *)b;
}

static void
tell(const char *what, double us[TIMES])
{
	qsort(us, TIMES, sizeof(*us), upward);
	printf("%-24s median %7.1f us   p90 %7.1f us   most %7.1f us\n", what, us[TIMES / 2], us[TIMES * 9 / 10], us[TIMES - 1]);
}

int
main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 500;
	double us[TIMES];
	struct fault why;
	char again = 0, once = 1;

	signal(SIGCHLD, SIG_IGN);
	at.len = sizeof(at.v6);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listen(listener, 64) || pipe(asks) || count < 1 || count > MOST)
		return 1;
	getsockname(listener, &at.any, &at.len);
	at = address_called(&at);
	for (int i = 0; i < count; i++)
		caller(true, MANY);
	loop = loop_new(&why);
	asker = asker_new(loop);
	whose_prepare(asker);
	for (int i = 0; i < TIMES; i++) {	/* any of them, each once */
		(void)!write(asks[1], &once, 1);
		us[i] = look_up();
	}
	tell("there from the beginning", us);
	for (int many = 0; many < 2; many++) {
		for (int i = 0; i < TIMES; i++) {
			caller(false, many ? MANY : FEW);
			us[i] = look_up();
		}
		tell(many ? "just started, many files" : "just started", us);
	}
	close(asks[0]);
	if (pipe(asks))
		return 1;
	caller(true, MANY);
	for (int i = 0; i < TIMES; i++) {
		(void)!write(asks[1], &again, 1);
		us[i] = look_up();
	}
	tell("called lately", us);
	printf("%u of %d found, among %d processes\n", found, 4 * TIMES, count);
	return found == 4 * TIMES ? 0 : 1;
}
