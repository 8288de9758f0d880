/* Flows into a file: beside it, and in its place when it is whole. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heirs.h"
#include "soth/journal.h"

enum { PATH_ROOM = 4096, PIECE = 16 << 20, READ_MAX = 80 << 20, FLUSH = 4096 };

struct outlet { int fd; struct convert_watch *watch; };

static bool
is_left(struct convert_watch *w)
{
	return w && atomic_load(&w->leave);
}

static void
count(struct convert_watch *w, uint64_t bytes)
{
	if (w)
		atomic_fetch_add(&w->written, bytes);
}

/* Nothing more is taken once it was left. */
static ssize_t
outlet_write(void *cookie, const char *from, size_t len)
{
	struct outlet *o = cookie;
	ssize_t n;

	if (is_left(o->watch)) {
		errno = ECANCELED;
		return 0;
	}
	n = write(o->fd, from, len);
	count(o->watch, n > 0 ? (uint64_t)n : 0);
	return n > 0 ? n : 0;
}

/* A session that is being recorded, here or elsewhere, would go on in a file without a name. */
static bool
is_written(const char *path)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool held = fd >= 0 && !fcntl(fd, F_OFD_GETLK, &lock) && lock.l_type != F_UNLCK;

	if (fd >= 0)
		close(fd);
	return held;
}

/* An opened file beside it, that nobody has; -1: a fault. */
static int
beside_open(const char *path, char beside[PATH_ROOM], struct fault *why)
{
	struct stat there;
	int fd;

	if (!stat(path, &there) && !S_ISREG(there.st_mode))
		return fault(why, "%.150s: no file", path), -1;
	if (is_written(path))
		return fault(why, "%.150s: a session is being written to it", path), -1;
	if (snprintf(beside, PATH_ROOM, "%s.XXXXXX", path) >= PATH_ROOM)
		return fault(why, "%.150s: the path is too long", path), -1;
	fd = mkstemp(beside);
	if (fd < 0)
		fault(why, "%.150s: %s", path, strerror(errno));
	return fd;
}

/* Takes fd. */
static bool
beside_end(int fd, const char *beside, const char *path, bool ok, struct convert_watch *watch, struct fault *why)
{
	if (is_left(watch))
		ok = fault(why, "%.150s: left unfinished", path);
	if (ok && fsync(fd))
		ok = fault(why, "%.150s: %s", path, strerror(errno));
	close(fd);
	if (ok && rename(beside, path))
		ok = fault(why, "%.150s: %s", path, strerror(errno));
	if (!ok)
		unlink(beside);
	return ok;
}

bool
convert_file(const struct format *f, const char *path, const struct convert_flows *from, struct convert_watch *watch,
	struct fault *why)
{
	char beside[PATH_ROOM];
	struct outlet o = { beside_open(path, beside, why), watch };
	FILE *out = o.fd < 0 ? NULL : fopencookie(&o, "w", (cookie_io_functions_t){ .write = outlet_write });
	bool ok;

	if (o.fd < 0)
		return false;
	ok = out ? f->write(out, from, why) : fault(why, "%.150s: %s", path, strerror(errno));
	if (ok && fflush(out))
		ok = fault(why, "%.150s: %s", path, strerror(errno));
	if (out)
		fclose(out);
	return beside_end(o.fd, beside, path, ok, watch, why);
}

static bool
copy_bytes(int from, int to, struct convert_watch *watch, struct fault *why)
{
	off64_t at = 0;
	ssize_t n;

	while (!is_left(watch) && (n = copy_file_range(from, &at, to, NULL, PIECE, 0)) != 0) {
		if (n < 0 && errno != EINTR)
			return fault(why, "%s", strerror(errno));
		count(watch, n > 0 ? (uint64_t)n : 0);
	}
	return true;
}

static void
append_remark(void *to, struct note *n)
{
	store_note(to, n);
}

/* False: it is of none of those flows. It is taken in any case. */
static bool
append_note(struct store *to, const struct numbers *numbers, struct heirs *heirs, struct note *n)
{
	struct heir *heir = heirs_open(heirs, n);
	flow_id flow;
	uint64_t when = n->when;
	struct note step;

	if (heirs_keep(heirs, n) || n->kind == NOTE_LOG || !numbers_note(numbers, n)) {
		note_drop(n);
		return false;
	}
	flow = n->flow;
	store_note(to, n);
	while (heir && heir_takes(heir, &step)) {
		step.flow = flow;
		step.when = step.when < when ? when : step.when;
		store_note(to, &step);
	}
	return true;
}

/* The notes of those flows, under numbers of `to`. */
static bool
append_notes(struct store *to, const struct convert_flows *from, struct convert_watch *watch, struct fault *why)
{
	flow_id first = store_new_id(to);
	struct numbers *numbers = numbers_new(from, first);
	struct heirs *heirs = heirs_new(from, numbers);
	struct volume *v = volume_open(store_stats(from->store).path, why);
	bool there;
	uint64_t at = v ? volume_first(v) : 0, next, back, was = 0, notes = 0;
	struct fault cut;
	struct buf scratch;
	struct note n;

	buf_init(&scratch, READ_MAX);
	for (; v && !is_left(watch) && journal_read(v, at, &scratch, &n, &back, &next, &cut); at = next) {
		if (!append_note(to, numbers, heirs, &n) || ++notes % FLUSH)
			continue;
		store_flush(to);
		count(watch, store_stats(to).file_bytes - was);
		was = store_stats(to).file_bytes;
	}
	unwritten_each(from, numbers, append_remark, to);
	buf_release(&scratch);
	heirs_free(heirs);
	numbers_free(numbers);
	there = v;
	volume_close(v);
	return there;
}

static bool
append_to(const char *beside, const struct convert_flows *from, struct convert_watch *watch, struct fault *why)
{
	struct store *s = store_open(beside, why);
	struct store_stats stats;
	bool ok = s && store_go_on(s, why) && append_notes(s, from, watch, why);

	if (ok) {
		store_flush(s);
		stats = store_stats(s);
		ok = !stats.stopped || fault(why, "%.180s", stats.trouble);
	}
	if (s)
		store_free(s);
	return ok;
}

/* The file as it is, held so that nobody writes it meanwhile; -1: a fault. */
static int
old_open(const char *path, struct fault *why)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd >= 0 && !fcntl(fd, F_OFD_SETLK, &lock))
		return fd;
	fault(why, "%.150s: %s", path, fd >= 0 ? "another soth is writing it" : strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

bool
convert_append(const char *path, const struct convert_flows *from, struct convert_watch *watch, struct fault *why)
{
	char beside[PATH_ROOM];
	struct fault reason = { "" };
	int to = beside_open(path, beside, why), old = to < 0 ? -1 : old_open(path, why);
	bool ok = old >= 0 && (copy_bytes(old, to, watch, &reason) && append_to(beside, from, watch, &reason));

	if (old >= 0 && !ok)
		fault(why, "%.100s: %.150s", path, reason.text);
	if (to < 0)
		return false;
	ok = beside_end(to, beside, path, ok, watch, why);
	if (old >= 0)
		close(old);
	return ok;
}
