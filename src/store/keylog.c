/* The key log: a file beside the session, never part of it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keylog.h"
#include "soth/store.h"

/* A pipe that nobody reads must not stop the recorder, nor the screen. */
int
keylog_open(const char *path, struct fault *why)
{
	const char *home = !strncmp(path, "~/", 2) ? getenv("HOME") : NULL;
	char whole[PATH_MAX];
	int fd;

	if (snprintf(whole, sizeof(whole), "%s%s", home ? home : "", home ? path + 1 : path) >= (int)sizeof(whole)) {
		fault(why, "tls-keylog: %.120s...: the path is too long", path);
		return -1;
	}
	fd = open(whole, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0600);
	if (fd < 0)
		fault(why, "tls-keylog: %.120s: %s", path, strerror(errno));
	return fd;
}

void
keylog_init(struct keylog *k)
{
	k->fd = -1;
	atomic_init(&k->next, KEYLOG_AS_BEFORE);
}

void
keylog_set(struct keylog *k, int fd)
{
	int unused = atomic_exchange(&k->next, fd);

	if (unused >= 0)
		close(unused);
}

void
keylog_turn(struct keylog *k)
{
	int next = atomic_load(&k->next) == KEYLOG_AS_BEFORE ? KEYLOG_AS_BEFORE : atomic_exchange(&k->next, KEYLOG_AS_BEFORE);

	if (next == KEYLOG_AS_BEFORE)
		return;
	if (k->fd >= 0)
		close(k->fd);
	k->fd = next;
}

void
keylog_release(struct keylog *k)
{
	keylog_set(k, -1);
	keylog_turn(k);
}

bool
keylog_takes(const struct note *n)
{
	return n->kind == NOTE_LOG && n->part.kind == PART_DATA && n->part.code == LOG_KEYS;
}

/* Lines are written whole, so that several programs may have one file. */
bool
keylog_note(struct keylog *k, const struct note *n, struct fault *why)
{
	struct bytes b = n->part.data.bytes;
	ssize_t done;

	if (k->fd < 0)
		return true;
	do
		done = write(k->fd, b.at, b.len);
	while (done < 0 && errno == EINTR);
	if (done == (ssize_t)b.len)
		return true;
	fault(why, "tls-keylog: %s: no more keys are written", done < 0 ? strerror(errno) : "cut off");
	close(k->fd);
	k->fd = -1;
	return false;
}
