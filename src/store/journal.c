/*
 * The session file, written: a line that says what it is, then records.
 *
 *	+-----------+-----------+------------------- - -
 *	| length 4  | crc32 4   | msgpack, `length` bytes
 *	+-----------+-----------+------------------- - -
 *
 * Numbers are little-endian. The crc is of the msgpack.
 */
#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../format/soth.h"
#include "gap.h"
#include "le32.h"
#include "soth/journal.h"

enum { FRAME = 8, BATCH_MAX = 256 << 20 };

struct journal {
	int fd;
	uint64_t written;	/* bytes in the file, whole records alone */
	struct buf batch;
	char *path;
};

/* For writing, by nobody else; -1: a fault. */
static int
open_alone(const char *path, int flags, struct fault *why)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | flags, 0600);
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fd >= 0 && !fcntl(fd, F_OFD_SETLK, &lock))
		return fd;
	fault(why, "%s: %s", path, fd >= 0 ? "another soth is writing it" : strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static struct journal *
journal_new(const char *path, int fd, uint64_t written)
{
	struct journal *j = xalloc(sizeof(*j));

	j->fd = fd;
	j->written = written;
	j->path = xstrdup(path);
	buf_init(&j->batch, BATCH_MAX);
	return j;
}

struct journal *
journal_create(const char *path, struct fault *why)
{
	int fd = open_alone(path, O_CREAT, why);
	struct journal *j;

	if (fd < 0)
		return NULL;
	/* Only now: what another one writes is not cut off. */
	(void)!ftruncate(fd, 0);
	j = journal_new(path, fd, 0);
	(void)!buf_add(&j->batch, gap_line(SESSION_PLAIN));
	if (journal_write(j, why))
		return j;
	journal_close(j);
	return NULL;
}

struct journal *
journal_go_on(const char *path, int opened, uint64_t end, struct fault *why)
{
	struct stat was, is;
	int fd = open_alone(path, 0, why);

	if (fd < 0)
		return NULL;
	if (!fstat(opened, &was) && !fstat(fd, &is) && was.st_dev == is.st_dev && was.st_ino == is.st_ino &&
			(uint64_t)is.st_size == end)
		return journal_new(path, fd, end);
	close(fd);
	fault(why, "%s: it is not as it was when it was opened", path);
	return NULL;
}

bool
journal_pack(const struct note *n, uint64_t back, struct buf *out)
{
	size_t before = out->len, len;
	uint8_t *record;

	if (!buf_add(out, (struct bytes){ (const uint8_t[FRAME]){ 0 }, FRAME }) || !soth_pack(n, back, out)) {
		out->len = before;
		return false;
	}
	record = out->at + before;
	len = out->len - before - FRAME;
	put_le32(record, (uint32_t)len);
	put_le32(record + 4, libdeflate_crc32(0, record + FRAME, len));
	return true;
}

uint64_t
journal_add(struct journal *j, const struct note *n, uint64_t back)
{
	uint64_t at = journal_end(j);

	return journal_pack(n, back, &j->batch) ? at : 0;
}

size_t
journal_waiting(const struct journal *j)
{
	return j->batch.len;
}

/* What was half written is cut off again: the file ends with a whole batch. */
bool
journal_write(struct journal *j, struct fault *why)
{
	size_t done = 0;

	while (done < j->batch.len) {
		ssize_t n = pwrite(j->fd, j->batch.at + done, j->batch.len - done, (off_t)(j->written + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			fault(why, "%s: %s", j->path, strerror(n < 0 ? errno : ENOSPC));
			(void)!ftruncate(j->fd, (off_t)j->written);
			return false;
		}
		done += (size_t)n;
	}
	j->written += done;
	j->batch.len = 0;
	j->batch.at = j->batch.blob ? j->batch.at : NULL;
	return true;
}

uint64_t
journal_end(const struct journal *j)
{
	return j->written + j->batch.len;
}

int
journal_fd(const struct journal *j)
{
	return j->fd;
}

void
journal_close(struct journal *j)
{
	close(j->fd);
	buf_release(&j->batch);
	free(j->path);
	free(j);
}
