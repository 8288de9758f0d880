/* The key log: a file beside the session, never part of it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "keylog.h"
#include "soth/store.h"

int
keylog_open(const char *path, struct fault *why)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0)
		fault(why, "tls-keylog: %.120s: %s", path, strerror(errno));
	return fd;
}

bool
keylog_takes(const struct note *n)
{
	return n->kind == NOTE_LOG && n->part.kind == PART_DATA && n->part.code == LOG_KEYS;
}

/* Lines are written whole, so that several programs may have one file. */
bool
keylog_note(int fd, const struct note *n, struct fault *why)
{
	struct bytes b = n->part.data.bytes;
	ssize_t done;

	do
		done = write(fd, b.at, b.len);
	while (done < 0 && errno == EINTR);
	return done == (ssize_t)b.len || fault(why, "tls-keylog: %s: no more keys are written", done < 0 ? strerror(errno) : "cut off");
}
