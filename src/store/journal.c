/*
 * The session file: a line that says what it is, then records.
 *
 *	+-----------+-----------+------------------- - -
 *	| length 4  | crc32 4   | msgpack, `length` bytes
 *	+-----------+-----------+------------------- - -
 *
 * Numbers are little-endian. The crc is of the msgpack.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "../format/soth.h"
#include "soth/journal.h"

static const char magic[] = "soth session 1\n";
enum { MAGIC = sizeof(magic) - 1, FRAME = 8, RECORD_MAX = 64 << 20, BATCH_MAX = 256 << 20, AHEAD = 1024, GLANCE = 96, COUNT = 9, WINDOW = 64 * 1024 };

struct journal {
	int fd;
	uint64_t written;	/* bytes in the file, whole records alone */
	struct buf batch;
	char *path;
};

static void
put_le32(uint8_t *to, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(n >> 8 * i);
}

static uint32_t
get_le32(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

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
	(void)!buf_add(&j->batch, LIT(magic));
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

uint64_t
journal_add(struct journal *j, const struct note *n, uint64_t back)
{
	uint64_t at = journal_end(j);
	size_t before = j->batch.len, len;
	uint8_t *record;

	if (!buf_add(&j->batch, (struct bytes){ (const uint8_t[FRAME]){ 0 }, FRAME }) ||
			!soth_pack(n, back, &j->batch)) {
		j->batch.len = before;
		return 0;
	}
	record = j->batch.at + before;
	len = j->batch.len - before - FRAME;
	put_le32(record, (uint32_t)len);
	put_le32(record + 4, (uint32_t)crc32(0, record + FRAME, (uInt)len));
	return at;
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

int
journal_open(const char *path, uint64_t *first, struct fault *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char start[MAGIC];

	if (fd < 0) {
		fault(why, "%s: %s", path, strerror(errno));
		return -1;
	}
	if (pread(fd, start, MAGIC, 0) != MAGIC || memcmp(start, magic, MAGIC)) {
		close(fd);
		fault(why, "%s: not a soth session: it does not begin with '%.14s'", path, magic);
		return -1;
	}
	*first = MAGIC;
	return fd;
}

static bool
read_whole(int fd, uint8_t *to, size_t len, uint64_t at, size_t *got)
{
	*got = 0;
	while (*got < len) {
		ssize_t n = pread(fd, to + *got, len - *got, (off_t)(at + *got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		*got += (size_t)n;
	}
	return true;
}

/* The record's first bytes into scratch, and mostly all of it: most are small,
 * and each call of the system costs more than they do. */
static size_t
read_ahead(int fd, uint64_t at, struct buf *scratch)
{
	uint8_t *to = buf_room(scratch, AHEAD);
	size_t got = 0;

	if (to)
		(void)!read_whole(fd, to, AHEAD, at, &got);
	buf_grew(scratch, got);
	return got;
}

/* A window over both sides of what was looked at last: the way may lead either
 * way. What is in the file does not change; what is not yet, is not in it. */
static void
window_move(struct journal_window *w, int fd, uint64_t at)
{
	uint64_t from = at < w->last ? (at + GLANCE * 4 > WINDOW ? at + GLANCE * 4 - WINDOW : 0) : at;

	if (!w->at)
		w->at = xalloc(WINDOW);
	w->from = from;
	(void)!read_whole(fd, w->at, WINDOW, from, &w->len);
}

/* Bytes at `at`, as many as there are. */
static size_t
window_read(struct journal_window *w, int fd, uint64_t at, uint8_t *to, size_t len)
{
	bool near = at < w->last ? w->last - at < WINDOW / 4 : at - w->last < WINDOW / 4;
	size_t got;

	if (near && (at < w->from || at + len > w->from + w->len))
		window_move(w, fd, at);
	w->last = at;
	if (w->at && at >= w->from && at + len <= w->from + w->len) {
		memcpy(to, w->at + (at - w->from), len);
		return len;
	}
	(void)!read_whole(fd, to, len, at, &got);
	return got;
}

/* The count stands behind the bytes, which may be many. */
static bool
glance_count(int fd, struct journal_window *w, struct glance *g)
{
	uint8_t behind[COUNT];
	size_t got = window_read(w, fd, g->data + g->len, behind, sizeof(behind));

	return soth_glance_count((struct bytes){ behind, got }, &g->count);
}

bool
journal_glance(int fd, struct journal_window *w, uint64_t at, struct glance *g, struct fault *why)
{
	uint8_t first[FRAME + GLANCE];
	size_t got = window_read(w, fd, at, first, sizeof(first)), data, len;
	bool counted;
	struct note n;

	if (got < FRAME)
		return fault(why, "cut off at byte %llu", (unsigned long long)at);
	if (!soth_glance((struct bytes){ first + FRAME, got - FRAME }, &n, &g->back, &data, &len, &counted))
		return fault(why, "damaged at byte %llu", (unsigned long long)at);
	g->at = at;
	g->kind = n.kind;
	g->side = n.side;
	g->flow = n.flow;
	g->when = n.when;
	g->flow_order = n.flow_order;
	g->part = n.kind == NOTE_PART ? n.part.kind : PART_NONE;
	g->code = n.kind == NOTE_PART || n.kind == NOTE_HAND ? n.part.code : 0;
	g->count = n.kind == NOTE_PART && n.part.kind == PART_SKIP ? n.part.count : 0;
	g->data = at + FRAME + data;
	g->len = len;
	return !counted || glance_count(fd, w, g) || fault(why, "damaged at byte %llu", (unsigned long long)at);
}

/* All of the record at `at`, whose checksum is right. */
static bool
read_record(int fd, uint64_t at, struct buf *scratch, struct bytes *record, struct fault *why)
{
	uint8_t *to;
	size_t got, more;
	uint32_t len;

	*why = (struct fault){ "" };
	buf_eat(scratch, scratch->len);
	got = read_ahead(fd, at, scratch);
	if (got < FRAME)
		return got ? fault(why, "cut off at byte %llu", (unsigned long long)at) : false;
	len = get_le32(scratch->at);
	got -= FRAME;
	to = len <= RECORD_MAX ? buf_room(scratch, len > got ? len - got : 0) : NULL;
	if (!to)
		return fault(why, "damaged at byte %llu: a record of %u bytes", (unsigned long long)at, len);
	if (len > got && !read_whole(fd, to, len - got, at + FRAME + got, &more))
		return fault(why, "cut off at byte %llu", (unsigned long long)at);
	*record = (struct bytes){ scratch->at + FRAME, len };
	return crc32(0, record->at, len) == get_le32(scratch->at + 4) ||
		fault(why, "damaged at byte %llu: the checksum is wrong", (unsigned long long)at);
}

/* A record that is all in the window, or can be with its frame. Empty: it is not, or is damaged. */
static struct bytes
window_record(struct journal_window *w, int fd, uint64_t at)
{
	size_t ahead = 0;
	const uint8_t *frame;
	uint32_t len;

	for (unsigned turn = 0; turn < 2; turn++) {
		if (at < w->from || at + FRAME > w->from + w->len) {
			window_move(w, fd, at);
			w->last = at;
		}
		ahead = at >= w->from ? (size_t)(w->from + w->len - at) : 0;
		if (at < w->from || ahead < FRAME)
			return (struct bytes){ 0 };
		frame = w->at + (at - w->from);
		len = get_le32(frame);
		if (len <= ahead - FRAME)
			return crc32(0, frame + FRAME, len) == get_le32(frame + 4) ? (struct bytes){ frame + FRAME, len } :
				(struct bytes){ 0 };
		if (len > WINDOW / 2)
			break;
		w->len = 0;	/* from there on */
		w->last = at;
	}
	return (struct bytes){ 0 };
}

bool
journal_read_near(int fd, struct journal_window *w, uint64_t at, struct buf *scratch, struct note *n, uint64_t *back,
	uint64_t *next, struct fault *why)
{
	struct bytes record = window_record(w, fd, at);

	if (!record.len)
		return journal_read(fd, at, scratch, n, back, next, why);	/* it says what is wrong */
	*why = (struct fault){ "" };
	*next = at + FRAME + record.len;
	return soth_unpack(record, n, back, why);
}

bool
journal_read(int fd, uint64_t at, struct buf *scratch, struct note *n, uint64_t *back,
	uint64_t *next, struct fault *why)
{
	struct bytes record;

	if (!read_record(fd, at, scratch, &record, why))
		return false;
	*next = at + FRAME + record.len;
	return soth_unpack(record, n, back, why);
}

/* False: it is to be read. */
static bool
skim(int fd, struct journal_window *w, uint64_t at, struct note *n, uint64_t *back, uint64_t *next)
{
	uint8_t first[FRAME + GLANCE];
	size_t got = window_read(w, fd, at, first, sizeof(first)), data, len;
	uint64_t record = got < FRAME ? 0 : get_le32(first);
	bool counted;

	if (record <= WINDOW / 2 || record > RECORD_MAX ||
			!soth_glance((struct bytes){ first + FRAME, got - FRAME }, n, back, &data, &len, &counted) ||
			n->kind != NOTE_PART || n->part.kind != PART_DATA || len > record ||
			(uint64_t)lseek(fd, 0, SEEK_END) < at + FRAME + record)
		return false;
	n->part.data = (struct slice){ .bytes = { NULL, len } };
	*next = at + FRAME + record;
	return true;
}

bool
journal_skim(int fd, struct journal_window *w, uint64_t at, struct buf *scratch, struct note *n, uint64_t *back,
	uint64_t *next, struct fault *why)
{
	struct bytes record = window_record(w, fd, at);

	*why = (struct fault){ "" };
	if (!record.len && skim(fd, w, at, n, back, next))
		return true;
	return journal_read_near(fd, w, at, scratch, n, back, next, why);
}

/* What a glance told of, out of its record. */
static bool
record_data(const struct glance *g, struct bytes record, struct bytes *data, struct fault *why)
{
	uint64_t from = g->data - g->at - FRAME;

	if (from > record.len || g->len > record.len - from)
		return fault(why, "damaged at byte %llu", (unsigned long long)g->at);
	*data = (struct bytes){ record.at + from, (size_t)g->len };
	return true;
}

bool
journal_data_near(int fd, struct journal_window *w, const struct glance *g, struct buf *scratch, struct bytes *data,
	struct fault *why)
{
	struct bytes record = window_record(w, fd, g->at);

	return record.len ? record_data(g, record, data, why) : journal_data(fd, g, scratch, data, why);
}

bool
journal_data(int fd, const struct glance *g, struct buf *scratch, struct bytes *data, struct fault *why)
{
	struct bytes record;

	return read_record(fd, g->at, scratch, &record, why) && record_data(g, record, data, why);
}

struct bytes
journal_bytes(int fd, uint64_t at, size_t len, struct buf *scratch)
{
	uint8_t *to;
	size_t got = 0;

	buf_eat(scratch, scratch->len);
	to = len && len <= RECORD_MAX ? buf_room(scratch, len) : NULL;
	if (to)
		(void)!read_whole(fd, to, len, at, &got);
	buf_grew(scratch, got);
	return buf_bytes(scratch);
}
