/* The editor that a person likes, on our terminal. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "editor.h"
#include "screen.h"

struct program {
	const char *name, *command, *named, *lost;
};

/* In a group of its own, so that its Control-C is not ours. */
static void
editor_become(const char *command, const char *path)
{
	static const int usual[] = { SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGPIPE, SIGWINCH, SIGHUP, SIGTTOU };
	int tty = open("/dev/tty", O_RDWR);
	sigset_t none;

	setpgid(0, 0);
	if (tty >= 0) {
		tcsetpgrp(tty, getpid());
		for (int fd = 0; fd < 3; fd++)
			dup2(tty, fd);
		if (tty > 2)
			close(tty);
	}
	for (size_t i = 0; i < ARRAY_LEN(usual); i++)
		signal(usual[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execl("/bin/sh", "sh", "-c", command, "sh", path, (char *)NULL);
	_exit(127);
}

/* One that stops itself would leave a terminal that nobody has: it goes on. */
static bool
editor_wait(pid_t pid, const struct program *p, struct fault *why)
{
	int status = 0;

	for (;;) {
		if (waitpid(pid, &status, WUNTRACED) < 0 && errno != EINTR)
			return fault(why, "the %s: %s", p->name, strerror(errno));
		if (WIFSTOPPED(status)) {
			kill(-pid, SIGCONT);
			continue;
		}
		if (WIFEXITED(status) || WIFSIGNALED(status))
			break;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return fault(why, "no %s could be started: %s one", p->name, p->named);
	return WIFEXITED(status) && !WEXITSTATUS(status) ? true : fault(why, "the %s did not end well%s", p->name, p->lost);
}

static bool
program_run(const struct program *p, const char *path, struct fault *why)
{
	sigset_t block, before;
	pid_t pid;
	bool ok;
	int tty;

	sigemptyset(&block);
	sigaddset(&block, SIGTTOU);	/* we set the terminal's group from behind */
	sigprocmask(SIG_BLOCK, &block, &before);
	screen_suspend();
	pid = fork();
	if (!pid)
		editor_become(p->command, path);
	if (pid > 0)
		setpgid(pid, pid);
	ok = pid > 0 ? editor_wait(pid, p, why) : fault(why, "no process for the %s: %s", p->name, strerror(errno));
	tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (tty >= 0) {
		tcsetpgrp(tty, getpgrp());
		close(tty);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	screen_resume();
	return ok;
}

bool
editor_run(const char *path, struct fault *why)
{
	static const struct program editor = { "editor", "exec ${VISUAL:-${EDITOR:-vi}} \"$1\"", "VISUAL or EDITOR names",
		": nothing is taken" };

	return program_run(&editor, path, why);
}

bool
pager_run(const char *path, struct fault *why)
{
	static const struct program pager = { "pager", "exec ${PAGER:-less} \"$1\"", "PAGER names", "" };

	return program_run(&pager, path, why);
}
