/* Small files of keys and certificates: read whole, and written whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keyfile.h"
#include "soth/buf.h"

bool
path_in(char out[PATH_ROOM], const char *dir, const char *name, struct fault *why)
{
	if ((size_t)snprintf(out, PATH_ROOM, "%s/%s", dir, name) < PATH_ROOM)
		return true;
	return fault(why, "%.100s...: the path is too long", dir);
}

static bool
file_failed(struct fault *why, const char *path)
{
	return fault(why, "%s: %s", path, strerror(errno));
}

bool
file_read(const char *path, struct slice *out, struct fault *why)
{
	struct buf b;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return file_failed(why, path);
	buf_init(&b, FILE_MAX);
	do {
		uint8_t *to = buf_room(&b, 4096);

		if (!to) {
			close(fd);
			buf_release(&b);
			return fault(why, "%s: too large for a certificate file", path);
		}
		n = read(fd, to, 4096);
		if (n > 0)
			buf_grew(&b, (size_t)n);
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n < 0)
		file_failed(why, path);
	close(fd);
	*out = buf_seal(&b);
	if (n < 0)
		slice_drop(out);
	return n == 0;
}

static bool
fd_write(int fd, struct bytes b)
{
	while (b.len) {
		ssize_t n = write(fd, b.at, b.len);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			b.at += n;
			b.len -= (size_t)n;
		}
	}
	return fsync(fd) == 0;
}

static void
dir_sync(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

bool
file_put(const char *dir, const char *path, struct bytes b, mode_t mode, bool replace, struct fault *why)
{
	char temp[PATH_ROOM];
	bool done;
	int fd;

	if ((size_t)snprintf(temp, sizeof(temp), "%s.XXXXXX", path) >= sizeof(temp))
		return fault(why, "%.100s...: the path is too long", path);
	fd = mkostemp(temp, O_CLOEXEC);	/* exclusive, 0600 */
	if (fd < 0)
		return file_failed(why, path);
	done = fd_write(fd, b) && fchmod(fd, mode) == 0;
	if (done && replace)
		done = rename(temp, path) == 0;
	else if (done)
		done = link(temp, path) == 0 || errno == EEXIST;
	if (!done)
		file_failed(why, path);
	close(fd);
	unlink(temp);
	dir_sync(dir);
	return done;
}

bool
dir_make(const char *dir, struct fault *why)
{
	char path[PATH_ROOM];

	if (!path_in(path, dir, "", why))
		return false;
	for (char *at = path + 1; (at = strchr(at, '/')); at++) {
		*at = 0;
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			return file_failed(why, path);
		*at = '/';
	}
	return true;
}
