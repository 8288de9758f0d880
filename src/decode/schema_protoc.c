/* .proto files: protoc, where it is installed, makes descriptor sets of them. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schema_inside.h"

enum { ROOTS_MAX = 8, SAID_MAX = 160 };

extern char **environ;

/* In the folder `root`. What it says goes to `said`; it gets nothing else of ours. */
static int
protoc_spawn(char *const argv[], const char *root, int said, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, usual;
	int wrong;

	sigemptyset(&none);
	sigfillset(&usual);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, said, 1);
	posix_spawn_file_actions_adddup2(&files, said, 2);
	posix_spawn_file_actions_addclosefrom_np(&files, 3);
	posix_spawn_file_actions_addchdir_np(&files, root);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &usual);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	wrong = posix_spawnp(pid, "protoc", &files, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return wrong;
}

/* The first line of what it says; the rest is read and dropped, so that it ends. */
static void
protoc_listen(int from, char said[SAID_MAX])
{
	char piece[512];
	size_t used = 0;
	ssize_t n;

	while ((n = read(from, piece, sizeof(piece))) > 0 || (n < 0 && errno == EINTR))
		for (ssize_t i = 0; i < n && used < SAID_MAX - 1; i++)
			said[used++] = piece[i];
	said[used] = '\0';
	said[strcspn(said, "\n")] = '\0';
}

static bool
protoc_ended_well(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

/* With `root` as the folder that imports are looked for in; the path is from
 * there. Neither is an argument of its own, where some characters would mean more. */
static bool
protoc_once(const char *path, const char *root, const char *to, struct fault *why)
{
	char out[PATH_MAX + 2], from[PATH_MAX + 2], said[SAID_MAX];
	char *argv[] = { (char[]){ "protoc" }, (char[]){ "-I." }, (char[]){ "--include_imports" }, out, from, NULL };
	int pipes[2], wrong;
	pid_t pid;

	snprintf(from, sizeof(from), "./%s", path);
	snprintf(out, sizeof(out), "-o%s", to);
	if (pipe2(pipes, O_CLOEXEC))
		return fault(why, "%s", strerror(errno));
	wrong = protoc_spawn(argv, *root ? root : "/", pipes[1], &pid);
	close(pipes[1]);
	if (!wrong)
		protoc_listen(pipes[0], said);
	close(pipes[0]);
	if (wrong == ENOENT)
		return fault(why, "protoc is not installed; a descriptor set (protoc --include_imports -o) does without");
	if (wrong)
		return fault(why, "protoc: %s", strerror(wrong));
	return protoc_ended_well(pid) || fault(why, "%s", *said ? said : "protoc failed, and does not say why");
}

/* Which folder its imports begin at, the file does not say: its own is tried,
 * and those above. The first has the say on what is wrong. */
bool
protoc_run(const char *path, const char *to, struct fault *why)
{
	char full[PATH_MAX], root[PATH_MAX], *slash;
	struct fault other, first;

	if (!realpath(path, full))
		return fault(why, "%s: %s", path, strerror(errno));
	snprintf(root, sizeof(root), "%s", full);
	for (int i = 0; i < ROOTS_MAX && (slash = strrchr(root, '/')); i++) {
		*slash = '\0';
		if (protoc_once(full + strlen(root) + 1, root, to, i ? &other : &first))
			return true;
	}
	return fault(why, "%.60s: %.135s", path, first.text);
}
