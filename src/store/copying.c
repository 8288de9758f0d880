/* A copy of a session's file while it is written, and while its beginning goes. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gap.h"
#include "store_inside.h"

enum { PIECE = 64 << 20, PAGE = 4096, WAIT_MS = 1 };

struct copying { int from, to; const atomic_bool *leave; };

/* Bytes are shared where the file system can, else copied by the kernel. */
static bool
copy_range(const struct copying *c, uint64_t at, uint64_t end, struct fault *why)
{
	while (at < end) {
		off64_t from = (off64_t)at, to = (off64_t)at;
		ssize_t n = copy_file_range(c->from, &from, c->to, &to, end - at < PIECE ? (size_t)(end - at) : PIECE, 0);

		if (c->leave && atomic_load(c->leave))
			return fault(why, "left unfinished");
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fault(why, "%s", n ? strerror(errno) : "the session became shorter");
		at += (uint64_t)n;
	}
	return true;
}

/* What it begins with now, until it stays as it is while it is copied. */
static bool
copy_beginning(const struct copying *c, const struct volume *v, uint64_t end, struct fault *why)
{
	unsigned epoch;
	struct gap g;

	do {
		while ((epoch = volume_epoch(v)) % 2)
			(void)poll(NULL, 0, WAIT_MS);
		g = (struct gap){ .order = volume_order(v), .to = volume_first(v), .whole = volume_whole(v) };
		if (g.whole > end)
			return fault(why, "all that was to be copied is gone: session-size");
		if (!copy_range(c, g.to, g.whole, why) || !gap_write(c->to, &g, why))
			return false;
	} while (volume_epoch(v) != epoch);
	(void)!fallocate(c->to, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, PAGE, g.to > PAGE ? (off_t)g.to - PAGE : 1);
	return true;
}

bool
store_copy(struct store *s, int to, const atomic_bool *leave, struct fault *why)
{
	struct copying c = { volume_fd(s->file), to, leave };
	uint64_t end = store_stats(s).file_bytes, first = volume_first(s->file);
	struct stat file;

	if (volume_is_compacted(s->file)) {
		if (fstat(c.from, &file))
			return fault(why, "%s", strerror(errno));
		return copy_range(&c, 0, (uint64_t)file.st_size, why);
	}
	if (!copy_range(&c, first > VOLUME_LINE ? first : 0, end, why))
		return false;
	return volume_whole(s->file) == VOLUME_LINE || copy_beginning(&c, s->file, end, why);
}
