/* A command beside the screen. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run_aside.h"
#include "screen.h"

enum { PATIENCE = 100, STEP_US = 20000, COPY = 1 << 16 };

bool
run_aside_open(struct run_aside *a, const char *dir, struct fault *why)
{
	if (snprintf(a->path, sizeof(a->path), "%s/output", dir) >= RUN_PATH)
		return fault(why, "%.100s...: the path is too long", dir);
	a->fd = open(a->path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	return a->fd >= 0 || fault(why, "%s: %s", a->path, strerror(errno));
}

void
run_aside_enter(const struct run_aside *a)
{
	int none = open("/dev/null", O_RDONLY | O_CLOEXEC);

	setsid();
	dup2(none, STDIN_FILENO);
	dup2(a->fd, STDOUT_FILENO);
	dup2(a->fd, STDERR_FILENO);
}

/* As when its terminal is closed; and after a while by force. */
static void
aside_end(struct running *r)
{
	for (int i = 0; !r->over && i < 2 * PATIENCE; i++) {
		if (i % PATIENCE == 0)
			kill(-r->pid, i ? SIGKILL : SIGHUP);
		r->over = waitpid(r->pid, &r->status, WNOHANG) == r->pid;
		if (!r->over)
			usleep(STEP_US);
	}
}

bool
run_aside_screen(const struct run_aside *a, struct run_child *child, const char *name, const struct capture *c,
	const struct options *o, struct fault *why)
{
	struct running r = { .pid = child->pid, .name = name, .output = a->path };
	bool ok = screen_live(c, o, &r, why);
	bool left = !r.over;

	aside_end(&r);
	child->over = true;
	child->status = left ? 0 : r.status;	/* its end is then the person's doing */
	return ok;
}

void
run_aside_close(struct run_aside *a)
{
	char block[COPY];
	ssize_t n;

	if (a->fd < 0)
		return;
	for (off_t at = 0; (n = pread(a->fd, block, sizeof(block), at)) > 0; at += n)
		fwrite(block, 1, (size_t)n, stdout);
	fflush(stdout);
	close(a->fd);
	unlink(a->path);
	a->fd = -1;
}
