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

enum { RECORD_ROOM = 80 << 20, LOG_BATCH = 1 << 20 };

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

/* Names sort by time, so the oldest come first. One that a process still writes stays. */
static void
folder_prune(const char *dir, unsigned keep)
{
	struct dirent **name;
	int count = scandir(dir, &name, is_session, alphasort);

	for (int i = 0; i < count; i++) {
		char path[1200];

		snprintf(path, sizeof(path), "%s/%s", dir, name[i]->d_name);
		if (i + (int)keep < count) {
			int fd = open(path, O_RDWR | O_CLOEXEC);
			struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

			if (fd >= 0 && !fcntl(fd, F_OFD_SETLK, &lock))
				unlink(path);
			if (fd >= 0)
				close(fd);
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
	char stamp[32] = "";
	struct tm tm;

	if (!folder_make(dir, why))
		return false;
	folder_prune(dir, keep);
	if (localtime_r(&now, &tm))
		strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &tm);
	snprintf(out, room, "%s/session-%s-%ld.soth", dir, stamp, (long)getpid());
	return true;
}

bool
session_event_log(const char *session, const char *path, struct fault *why)
{
	uint64_t at, back;
	int fd = journal_open(session, &at, why);
	struct eventlog *l = fd >= 0 ? eventlog_open(path, why) : NULL;
	struct fault cut = { "" };
	struct buf scratch;
	struct note n;
	bool ok = l;

	buf_init(&scratch, RECORD_ROOM);
	while (ok && journal_read(fd, at, &scratch, &n, &back, &at, &cut)) {
		eventlog_note(l, &n);
		note_drop(&n);
		ok = eventlog_waiting(l) < LOG_BATCH || eventlog_write(l, why);
	}
	ok = ok && eventlog_write(l, why);
	buf_release(&scratch);
	if (l)
		eventlog_close(l);
	if (fd >= 0)
		close(fd);
	return ok;
}
