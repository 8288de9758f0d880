/* Calling other programs. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "program.h"

extern char **environ;

bool
program_there(const char *name, char path[PROGRAM_PATH])
{
	const char *at = getenv("PATH");

	for (; at && *at; at += strcspn(at, ":"), at += *at == ':') {
		int len = (int)strcspn(at, ":");

		if (snprintf(path, PROGRAM_PATH, "%.*s/%s", len, at, name) < PROGRAM_PATH && access(path, X_OK) == 0)
			return true;
	}
	return false;
}

static int
status_of(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool
program_start(pid_t *pid, const char *const argv[], char *const env[], int said)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, usual;
	bool started;

	sigemptyset(&none);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	sigaddset(&usual, SIGXFSZ);
	posix_spawn_file_actions_init(&files);
	if (said >= 0) {
		posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
		posix_spawn_file_actions_adddup2(&files, said, 1);
		posix_spawn_file_actions_adddup2(&files, said, 2);
	}
	posix_spawn_file_actions_addclosefrom_np(&files, 3);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &usual);
	posix_spawnattr_setpgroup(&attr, 0);	/* so that what it calls can be ended with it */
	posix_spawnattr_setflags(&attr, (short)(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
		(said >= 0 ? POSIX_SPAWN_SETPGROUP : 0)));
	started = posix_spawnp(pid, argv[0], &files, &attr, (char *const *)(uintptr_t)argv, env ? env : environ) == 0;
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return started;
}

int
program_run(const char *const argv[])
{
	pid_t pid;

	fflush(stdout);
	return program_start(&pid, argv, NULL, -1) ? status_of(pid) : -1;
}

static uint64_t
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* True: it has closed its outputs; false: it is late. */
static bool
read_all(int fd, uint64_t end, struct buf *out)
{
	char some[4096];

	for (;;) {
		uint64_t now = clock_ms();
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int ready = now < end ? poll(&p, 1, (int)(end - now)) : 0;
		ssize_t n;

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return false;
		n = read(fd, some, sizeof(some));
		if (n <= 0)
			return true;
		if (out->len + (size_t)n > out->limit)
			n = (ssize_t)(out->limit - out->len);
		(void)!buf_add(out, (struct bytes){ (uint8_t *)some, (size_t)n });
	}
}

int
program_read(const char *const argv[], char *const env[], unsigned seconds, struct buf *out, bool *late)
{
	int fd[2], status = -1;
	pid_t pid;

	*late = false;
	if (pipe2(fd, O_CLOEXEC) < 0)
		return -1;
	if (program_start(&pid, argv, env, fd[1])) {
		close(fd[1]);
		*late = !read_all(fd[0], clock_ms() + seconds * 1000ull, out);
		if (*late)
			kill(-pid, SIGKILL);
		status = status_of(pid);
	} else {
		close(fd[1]);
	}
	close(fd[0]);
	return *late ? -1 : status;
}
