/* Bytes that grow at the end and stay where they are. */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "soth/spool.h"

enum { SMALL = 256 * 1024 };	/* whole pages */

struct spool {
	uint8_t *at;		/* `room` bytes of address space */
	size_t room;
	atomic_size_t len;
	int fd;			/* -1: it is small */
};

struct spool *
spool_new(uint64_t most)
{
	struct spool *s = xalloc(sizeof(*s));
	uint64_t pages = (most + SMALL - 1) / SMALL;

	s->room = (size_t)(pages ? pages : 1) * SMALL;
	s->fd = -1;
	s->at = mmap(NULL, s->room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (s->at == MAP_FAILED || mprotect(s->at, SMALL, PROT_READ | PROT_WRITE)) {
		if (s->at != MAP_FAILED)
			munmap(s->at, s->room);
		s->at = NULL;
		s->room = 0;
	}
	return s;
}

void
spool_free(struct spool *s)
{
	if (!s)
		return;
	if (s->at)
		munmap(s->at, s->room);
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

/* A file that nobody else can open. */
static int
spool_file(struct fault *why)
{
	const char *dir = getenv("TMPDIR");
	char path[4096];
	int fd;

	dir = dir && *dir ? dir : "/var/tmp";
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	snprintf(path, sizeof(path), "%.4000s/soth-XXXXXX", dir);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		fault(why, "%.100s: %s", dir, strerror(errno));
	else
		unlink(path);
	return fd;
}

static bool
spool_write(int fd, struct bytes more, uint64_t at, struct fault *why)
{
	while (more.len) {
		ssize_t n = pwrite(fd, more.at, more.len, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fault(why, "no room to unpack it: %s", strerror(n < 0 ? errno : ENOSPC));
		more = (struct bytes){ more.at + n, more.len - (size_t)n };
		at += (uint64_t)n;
	}
	return true;
}

/* What was small goes to a file; its mapping takes the place of the memory at
 * once, with the same bytes, so that whoever looks sees no difference. */
static bool
spool_grow(struct spool *s, size_t len, struct fault *why)
{
	int fd = spool_file(why);

	if (fd < 0)
		return false;
	if (!spool_write(fd, (struct bytes){ s->at, len }, 0, why) ||
			mmap(s->at, s->room, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED) {
		close(fd);
		return *why->text ? false : fault(why, "no memory to look at it");
	}
	s->fd = fd;
	return true;
}

bool
spool_add(struct spool *s, struct bytes more, struct fault *why)
{
	size_t len = atomic_load_explicit(&s->len, memory_order_relaxed);

	*why = (struct fault){ "" };
	if (more.len > s->room - len)
		return fault(why, "more than %zu MiB: the rest is not shown", s->room >> 20);
	if (s->fd < 0 && len + more.len > SMALL && !spool_grow(s, len, why))
		return false;
	if (s->fd >= 0) {
		if (!spool_write(s->fd, more, len, why))
			return false;
	} else if (more.len) {
		memcpy(s->at + len, more.at, more.len);
	}
	atomic_store_explicit(&s->len, len + more.len, memory_order_release);
	return true;
}

struct bytes
spool_bytes(const struct spool *s)
{
	return (struct bytes){ s->at, atomic_load_explicit(&s->len, memory_order_acquire) };
}

void
spool_rest(struct spool *s)
{
	if (s->fd >= 0)
		madvise(s->at, s->room, MADV_DONTNEED);
}
