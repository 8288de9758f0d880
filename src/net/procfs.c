/* Processes, as /proc tells of them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "procfs.h"

enum { PATH = 64, STAT_ROOM = 1024, LINK_ROOM = 512, PPID_AT = 2, STARTED_AT = 20 };

static bool
number_of(const char *text, uint32_t *out)
{
	uint64_t n = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || n > UINT32_MAX / 10)
			return false;
		n = n * 10 + (uint64_t)(*text - '0');
	}
	*out = (uint32_t)n;
	return n <= UINT32_MAX;
}

static size_t
file_read(uint32_t pid, const char *name, char *out, size_t room)
{
	char path[PATH];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, out, room);
		close(fd);
	}
	return n > 0 ? (size_t)n : 0;
}

/* The name stands in brackets, and may have any byte, brackets too. */
bool
procfs_stat(struct bytes text, struct process *out)
{
	const uint8_t *open = text.len ? memchr(text.at, '(', text.len) : NULL;
	const uint8_t *close = text.len ? memrchr(text.at, ')', text.len) : NULL;
	char rest[STAT_ROOM], *at, *end;
	size_t len;

	*out = (struct process){ 0 };
	if (!open || !close || close < open || close + 2 > text.at + text.len)
		return false;
	len = (size_t)(text.at + text.len - (close + 2));
	len = len < sizeof(rest) ? len : sizeof(rest) - 1;
	memcpy(rest, close + 2, len);
	rest[len] = 0;
	out->pid = (uint32_t)strtoul((const char *)text.at, NULL, 10);
	snprintf(out->name, sizeof(out->name), "%.*s", (int)(close - open - 1), (const char *)open + 1);
	at = rest;
	for (int field = 1; field <= STARTED_AT; field++) {
		unsigned long long value = strtoull(at, &end, 10);

		if (field == PPID_AT)
			out->parent = (uint32_t)value;
		if (field == STARTED_AT)
			out->started = value;
		at = strchr(at, ' ');
		if (!at && field < STARTED_AT)
			return false;
		at = at ? at + 1 : NULL;
	}
	return out->pid;
}

static const char *
base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The base of its i-th word; "": there is none. */
static void
word_base(struct bytes cmdline, size_t i, char out[PROCFS_NAME])
{
	const uint8_t *at = cmdline.at, *end = cmdline.at + cmdline.len, *zero;
	char word[LINK_ROOM];

	*out = 0;
	while (at < end) {
		zero = memchr(at, 0, (size_t)(end - at));
		zero = zero ? zero : end;
		if (!i--) {
			snprintf(word, sizeof(word), "%.*s", (int)(zero - at < (ptrdiff_t)sizeof(word) ? zero - at : (ptrdiff_t)sizeof(word) - 1),
				(const char *)at);
			snprintf(out, PROCFS_NAME, "%.63s", base_of(word));
			return;
		}
		at = zero + 1;
	}
}

/* comm is cut at 15 bytes, and threads may call themselves anything. */
void
procfs_called(const char *comm, const char *exe, struct bytes cmdline, char out[PROCFS_NAME])
{
	const char *file = base_of(exe), *gone = strstr(file, " (deleted)");	/* the file, while it runs */
	char word[PROCFS_NAME];

	snprintf(out, PROCFS_NAME, "%.*s", (int)(gone ? gone - file : PROCFS_NAME - 1), *file ? file : comm);
	if (!*comm || (*file && !strncmp(file, comm, strlen(comm))))
		return;
	for (size_t i = 0; i < 2; i++) {
		word_base(cmdline, i, word);
		if (!strncmp(word, comm, strlen(comm))) {
			snprintf(out, PROCFS_NAME, "%s", word);
			return;
		}
	}
}

void
procfs_command(struct bytes cmdline, char out[PROCFS_COMMAND])
{
	size_t len = cmdline.len < PROCFS_COMMAND ? cmdline.len : PROCFS_COMMAND - 1;

	while (len && !cmdline.at[len - 1])
		len--;
	for (size_t i = 0; i < len; i++)
		out[i] = cmdline.at[i] ? (char)cmdline.at[i] : ' ';
	out[len] = 0;
}

bool
procfs_process(uint32_t pid, struct process *out)
{
	char text[STAT_ROOM];
	size_t len = file_read(pid, "stat", text, sizeof(text));

	return procfs_stat((struct bytes){ (uint8_t *)text, len }, out);
}

void
procfs_about(uint32_t pid, const char *comm, char name[PROCFS_NAME], char command[PROCFS_COMMAND])
{
	char exe[LINK_ROOM], path[PATH], text[PROCFS_COMMAND];
	size_t len = file_read(pid, "cmdline", text, sizeof(text));
	struct bytes cmdline = { (uint8_t *)text, len };
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%u/exe", pid);
	n = readlink(path, exe, sizeof(exe) - 1);
	exe[n > 0 ? n : 0] = 0;
	procfs_called(comm, exe, cmdline, name);
	procfs_command(cmdline, command);
}

bool
procfs_user(uint32_t pid, uint32_t *uid)
{
	char path[PATH];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%u", pid);
	if (stat(path, &st))
		return false;
	*uid = st.st_uid;
	return true;
}

static int
downward(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x < y) - (x > y);
}

/* The numbers that a folder has, the highest first. */
static size_t
numbers_in(DIR *dir, uint32_t *out, size_t room)
{
	struct dirent *e;
	size_t count = 0;

	while (count < room && (e = readdir(dir)))
		count += number_of(e->d_name, &out[count]);
	qsort(out, count, sizeof(*out), downward);
	return count;
}

/* A new socket is mostly the highest descriptor. */
bool
procfs_holds(uint32_t pid, uint64_t inode, size_t most, bool *seen)
{
	static uint32_t fd[PROCFS_FDS];
	char path[PATH], want[PATH], to[PATH];
	bool found = false;
	size_t count;
	DIR *dir;

	snprintf(want, sizeof(want), "socket:[%llu]", (unsigned long long)inode);
	snprintf(path, sizeof(path), "/proc/%u/fd", pid);
	dir = opendir(path);
	*seen = dir;
	count = dir ? numbers_in(dir, fd, PROCFS_FDS) : 0;
	for (size_t i = 0; i < count && i < most && !found; i++) {
		ssize_t n;

		snprintf(path, sizeof(path), "%u", fd[i]);
		n = readlinkat(dirfd(dir), path, to, sizeof(to) - 1);
		to[n > 0 ? n : 0] = 0;
		found = !strcmp(to, want);
	}
	if (dir)
		closedir(dir);
	return found;
}

bool
procfs_descriptor(uint32_t pid, uint32_t fd, uint64_t *inode)
{
	static const char socket[] = "socket:[";
	char path[PATH], to[PATH];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%u/fd/%u", pid, fd);
	n = readlink(path, to, sizeof(to) - 1);
	to[n > 0 ? n : 0] = 0;
	*inode = strncmp(to, socket, sizeof(socket) - 1) ? 0 : strtoull(to + sizeof(socket) - 1, NULL, 10);
	return n > 0;
}

bool
procfs_next(uint32_t pid, uint32_t *fd)
{
	static uint32_t number[PROCFS_FDS];
	char path[PATH];
	size_t count;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%u/fd", pid);
	dir = opendir(path);
	count = dir ? numbers_in(dir, number, PROCFS_FDS) : 0;
	for (*fd = 0; *fd < count && number[count - 1 - *fd] == *fd; ++*fd)
		;
	if (dir)
		closedir(dir);
	return dir;
}

/* A signal to a thread goes only where that is of the process said; none is sent. */
static bool
is_process(uint32_t tid)
{
	return !tgkill((pid_t)tid, (pid_t)tid, 0) || errno == EPERM;
}

uint32_t
procfs_whole(uint32_t tid)
{
	char text[STAT_ROOM + 1];
	const char *at;

	if (is_process(tid))
		return tid;
	text[file_read(tid, "status", text, STAT_ROOM)] = 0;
	at = strstr(text, "\nTgid:\t");
	return at ? (uint32_t)strtoul(at + 7, NULL, 10) : 0;
}

/* Asked so often that the file stays open. */
uint32_t
procfs_newest(void)
{
	static int fd = -1;
	char text[PATH];
	const char *last;
	ssize_t n;

	if (fd < 0)
		fd = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
	n = fd >= 0 ? pread(fd, text, sizeof(text) - 1, 0) : 0;
	text[n > 0 ? n : 0] = 0;
	last = strrchr(text, ' ');
	return last ? (uint32_t)strtoul(last, NULL, 10) : 0;
}

size_t
procfs_all(uint32_t *out, size_t room)
{
	DIR *dir = opendir("/proc");
	size_t count = dir ? numbers_in(dir, out, room) : 0;

	if (dir)
		closedir(dir);
	return count;
}
