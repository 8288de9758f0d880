/* Where sessions go by default, how many are kept, and the events of one. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "eventlog.h"
#include "soth/journal.h"
#include "soth/store.h"

enum { RECORD_ROOM = 80 << 20, LOG_BATCH = 1 << 20, PATH_ROOM = 1400, SUFFIX = 5, EMPTY = 15 };

static bool
folder_make(const char *dir, struct fault *why)
{
	char path[900];

	snprintf(path, sizeof(path), "%s", dir);
	for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = 0;
		if (mkdir(path, 0700) && errno != EEXIST)
			return fault(why, "%s: %s", path, strerror(errno));
		*slash = '/';
	}
	if (mkdir(path, 0700) && errno != EEXIST)
		return fault(why, "%s: %s", path, strerror(errno));
	return true;
}

static int
is_session(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return !strncmp(e->d_name, "session-", 8) && len > 13 && !strcmp(e->d_name + len - 5, ".soth");
}

/* "session-1.soth": "session-1.open". */
static bool
mark_path(const char *session, char out[PATH_ROOM])
{
	size_t len = strlen(session);

	return len > SUFFIX && !strcmp(session + len - SUFFIX, ".soth") &&
		snprintf(out, PATH_ROOM, "%.*s.open", (int)(len - SUFFIX), session) < PATH_ROOM;
}

/* Nobody writes it any more. */
static bool
is_left(const char *path)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(path, O_RDWR | O_CLOEXEC);
	bool left = fd >= 0 && !fcntl(fd, F_OFD_SETLK, &lock);

	if (fd >= 0)
		close(fd);
	return left;
}

void
session_closed(const char *path)
{
	char mark[PATH_ROOM];

	if (mark_path(path, mark))
		unlink(mark);
}

/* It was not closed, and there is something in it. */
static bool
is_lost(const char *path)
{
	char mark[PATH_ROOM];
	struct stat about;

	if (!mark_path(path, mark) || access(mark, F_OK) || !is_left(path))
		return false;
	unlink(mark);
	return !stat(path, &about) && about.st_size > EMPTY;
}

bool
session_lost(const char *dir, char *out, size_t room)
{
	struct dirent **name;
	int count = scandir(dir, &name, is_session, alphasort);
	char path[PATH_ROOM];
	bool lost = false;

	for (int i = 0; i < count; i++) {
		if (snprintf(path, sizeof(path), "%s/%s", dir, name[i]->d_name) < PATH_ROOM && is_lost(path))
			lost = snprintf(out, room, "%s", path) < (int)room || lost;
		free(name[i]);
	}
	if (count >= 0)
		free(name);
	return lost;
}

/* Names sort by time, so the oldest come first. One that a process still writes stays. */
static void
folder_prune(const char *dir, unsigned keep)
{
	struct dirent **name;
	int count = scandir(dir, &name, is_session, alphasort);

	for (int i = 0; i < count; i++) {
		char path[1200];

		snprintf(path, sizeof(path), "%s/%s", dir, name[i]->d_name);
		if (i + (int)keep < count && is_left(path)) {
			session_closed(path);
			unlink(path);
		}
		free(name[i]);
	}
	if (count >= 0)
		free(name);
}

bool
session_default(const char *dir, unsigned keep, char *out, size_t room, struct fault *why)
{
	time_t now = time(NULL);
	char stamp[32] = "", mark[PATH_ROOM];
	struct tm tm;
	int fd;

	if (!folder_make(dir, why))
		return false;
	folder_prune(dir, keep);
	if (localtime_r(&now, &tm))
		strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &tm);
	snprintf(out, room, "%s/session-%s-%ld.soth", dir, stamp, (long)getpid());
	if (mark_path(out, mark) && (fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) >= 0)
		close(fd);
	return true;
}

bool
session_event_log(const char *session, const char *path, struct fault *why)
{
	struct volume *from = volume_open(session, why);
	struct eventlog *l = from ? eventlog_open(path, why) : NULL;
	uint64_t at = from ? volume_first(from) : 0, back;
	struct fault cut = { "" };
	struct buf scratch;
	struct note n;
	bool ok = l;

	buf_init(&scratch, RECORD_ROOM);
	while (ok && journal_read(from, at, &scratch, &n, &back, &at, &cut)) {
		eventlog_note(l, &n);
		note_drop(&n);
		ok = eventlog_waiting(l) < LOG_BATCH || eventlog_write(l, why);
	}
	ok = ok && eventlog_write(l, why);
	buf_release(&scratch);
	if (l)
		eventlog_close(l);
	volume_close(from);
	return ok;
}
