/* Small files of lines: reading what may be anything, writing so that nothing is ever half there. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keepsake.h"
#include "soth/log.h"

enum { PATH_ROOM = 4200, CHUNK = 64 << 10, COMPLAINTS = 20 };

static bool
fails(struct fault *why, const char *path)
{
	return fault(why, "%s: %s", path, strerror(errno));
}

static bool
read_all(int fd, const char *path, struct buf *out, struct fault *why)
{
	for (;;) {
		uint8_t *room = buf_room(out, CHUNK);
		ssize_t n = room ? read(fd, room, CHUNK) : 0;

		if (!room)
			return fault(why, "%s: larger than %d MiB, which is no such file: it is left alone", path, KEEPSAKE_MAX >> 20);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fails(why, path);
		if (!n)
			return true;
		buf_grew(out, (size_t)n);
	}
}

bool
keepsake_read(const char *path, struct buf *out, struct fault *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);	/* of what is no file, nothing waits */
	struct stat s;
	bool ok;

	buf_init(out, KEEPSAKE_MAX + CHUNK);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || fails(why, path);
	if (fstat(fd, &s) < 0)
		ok = fails(why, path);
	else if (!S_ISREG(s.st_mode))
		ok = fault(why, "%s: it is no file", path);
	else
		ok = read_all(fd, path, out, why);
	close(fd);
	return ok;
}

/* All folders above it. */
static bool
folder_made(const char *path, struct fault *why)
{
	char above[PATH_ROOM];

	snprintf(above, sizeof(above), "%s", path);
	for (char *slash = above + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = '\0';
		if (mkdir(above, S_IRWXU) < 0 && errno != EEXIST)
			return fails(why, above);
	}
	return true;
}

/* What is written goes there in one step, or not at all. */
static bool
replace(const char *path, mode_t mode, struct bytes text, struct fault *why)
{
	char beside[PATH_ROOM + 8];
	FILE *f = NULL;
	bool ok;
	int fd;

	snprintf(beside, sizeof(beside), "%s.XXXXXX", path);
	fd = mkstemp(beside);
	if (fd < 0)
		return fails(why, beside);
	f = fdopen(fd, "w");
	ok = f && !fchmod(fd, mode) && fwrite(text.at, 1, text.len, f) == text.len && !fflush(f) && !fsync(fd);
	ok = f && !fclose(f) && ok && !rename(beside, path);
	if (!ok) {
		fails(why, path);
		unlink(beside);
	}
	return ok;
}

bool
keepsake_write(const char *path, struct bytes text, struct fault *why)
{
	char *real = realpath(path, NULL);
	const char *to = real ? real : path;
	struct stat s;
	bool ok;

	if (strlen(to) >= PATH_ROOM)
		ok = fault(why, "%.100s...: the path is too long", to);
	else if (text.len > KEEPSAKE_MAX)
		ok = fault(why, "%s: it would be larger than %d MiB", path, KEEPSAKE_MAX >> 20);
	else
		ok = folder_made(to, why) && replace(to, stat(to, &s) < 0 ? S_IRUSR | S_IWUSR : s.st_mode & 0777, text, why);
	free(real);
	return ok;
}

/* Behind a last line that has no end, one begins anew. */
static bool
append(int fd, const char *path, const char *line, struct fault *why)
{
	char last = '\n', text[PATH_ROOM];
	struct stat s;
	int n;

	if (fstat(fd, &s) < 0 || fchmod(fd, S_IRUSR | S_IWUSR) < 0 || (s.st_size && pread(fd, &last, 1, s.st_size - 1) != 1))
		return fails(why, path);
	n = snprintf(text, sizeof(text), "%s%s\n", last == '\n' ? "" : "\n", line);
	if (n < 0 || (size_t)n >= sizeof(text) || s.st_size + n > KEEPSAKE_MAX)
		return fault(why, "%s: it has %d MiB: nothing is added to it", path, KEEPSAKE_MAX >> 20);
	return write(fd, text, (size_t)n) == n || fails(why, path);
}

bool
keepsake_append(const char *path, const char *line, struct fault *why)
{
	bool ok;
	int fd;

	if (strlen(path) >= PATH_ROOM)
		return fault(why, "%.100s...: the path is too long", path);
	if (!folder_made(path, why))
		return false;
	fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, S_IRUSR | S_IWUSR);
	if (fd < 0)
		return fails(why, path);
	ok = append(fd, path, line, why);
	close(fd);
	return ok;
}

bool
keepsake_line(struct bytes *rest, struct bytes *line)
{
	const uint8_t *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;

	*line = (struct bytes){ rest->at, end ? (size_t)(end - rest->at) : rest->len };
	if (!rest->len)
		return false;
	*rest = bytes_from(*rest, line->len + (end ? 1 : 0));
	return true;
}

size_t
keepsake_control(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < ' ' || text.at[i] == 0x7f)
			return i;
	return SIZE_MAX;
}

void
complain(struct complaint *c, unsigned line, size_t column, const char *what)
{
	struct fault one;

	fault(&one, "%s:%u:%zu: %.200s", c->path, line, column, what);
	if (!c->count++)
		c->first = one;
	if (c->count <= COMPLAINTS)
		log_line("%s", one.text);
	if (c->count == COMPLAINTS)
		log_line("%s: more is wrong in it, which is not told", c->path);
}
