/* A session written anew: without what is gone, and in blocks that are compressed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gap.h"
#include "pack.h"
#include "soth/journal.h"
#include "soth/map.h"
#include "soth/store.h"

enum { READ_MAX = 80 << 20, BATCH = 1 << 20, PATH_ROOM = 4096 };

struct link { uint64_t last, orders; };		/* of a flow: its record before, and how many there were */

struct compaction {
	struct volume *from;
	struct pack *to;
	struct map *links;
	struct buf batch;
	uint64_t at, notes;		/* of the plain session that is in the blocks */
};

static struct bytes
id_key(const flow_id *id)
{
	return (struct bytes){ (const uint8_t *)id, sizeof(*id) };
}

/* NULL: it is of a flow of which nothing before is left. */
static struct link *
link_of(struct compaction *c, const struct note *n)
{
	struct link *l = map_find(c->links, id_key(&n->flow));

	if (l || (n->kind != NOTE_FLOW && volume_whole(c->from) > VOLUME_LINE))
		return l;
	l = xalloc(sizeof(*l));
	(void)map_put(c->links, id_key(&n->flow), l);
	return l;
}

static bool
compact_flush(struct compaction *c, struct fault *why)
{
	bool ok = pack_add(c->to, buf_bytes(&c->batch), why);

	buf_eat(&c->batch, c->batch.len);
	return ok;
}

static bool
compact_note(struct compaction *c, struct note *n, struct fault *why)
{
	struct link *l = n->flow ? link_of(c, n) : NULL;
	size_t before = c->batch.len;

	if (n->flow && !l)
		return true;
	n->order = ++c->notes;
	n->flow_order = l ? ++l->orders : 0;
	if (!journal_pack(n, l ? l->last : 0, &c->batch))
		return fault(why, "note %llu is too large", (unsigned long long)n->order);
	if (l)
		l->last = c->at;
	c->at += c->batch.len - before;
	return c->batch.len < BATCH || compact_flush(c, why);
}

/* As far as it is whole; what is wrong behind that is in `cut`. */
static bool
compact_all(struct compaction *c, const atomic_bool *leave, struct fault *cut, struct fault *why)
{
	uint64_t at = volume_first(c->from), back;
	struct bytes line = gap_line(SESSION_PLAIN);
	struct buf scratch;
	struct note n;
	bool ok = pack_add(c->to, line, why);

	c->at = line.len;
	buf_init(&scratch, READ_MAX);
	while (ok && journal_read(c->from, at, &scratch, &n, &back, &at, cut)) {
		ok = !leave || !atomic_load(leave) ? compact_note(c, &n, why) : fault(why, "left unfinished");
		note_drop(&n);
	}
	buf_release(&scratch);
	return ok && compact_flush(c, why) && pack_end(c->to, why);
}

static bool
compact_to(struct volume *from, int fd, const atomic_bool *leave, struct fault *cut, struct fault *why)
{
	struct bytes line = gap_line(SESSION_COMPACTED);
	struct compaction c = { .from = from, .to = pack_new(fd, line.len), .links = map_new() };
	bool ok;

	buf_init(&c.batch, READ_MAX + BATCH);
	errno = ENOSPC;
	ok = write(fd, line.at, line.len) == (ssize_t)line.len || fault(why, "%s", strerror(errno));
	ok = ok && compact_all(&c, leave, cut, why) && (!fsync(fd) || fault(why, "%s", strerror(errno)));
	pack_free(c.to);
	map_free(c.links, free);
	buf_release(&c.batch);
	return ok;
}

/* Beside it, and in its place when it is whole. */
static bool
compact_file(struct volume *from, const char *path, const atomic_bool *leave, struct fault *cut, struct fault *why)
{
	char beside[PATH_ROOM];
	struct fault what;
	bool ok;
	int fd;

	if (snprintf(beside, sizeof(beside), "%s.XXXXXX", path) >= (int)sizeof(beside))
		return fault(why, "%.120s: the path is too long", path);
	fd = mkstemp(beside);
	if (fd < 0)
		return fault(why, "%.120s: %s", path, strerror(errno));
	ok = compact_to(from, fd, leave, cut, &what);
	if (close(fd) && ok)
		ok = fault(&what, "%s", strerror(errno));
	if (ok && rename(beside, path))
		ok = fault(&what, "%s", strerror(errno));
	if (!ok)
		unlink(beside);
	return ok || fault(why, "%.120s: %.70s", path, what.text);
}

bool
session_compact(const char *from, const char *to, const atomic_bool *leave, struct fault *cut, struct fault *why)
{
	struct volume *v = volume_open(from, why);
	bool ok;

	*cut = (struct fault){ "" };
	if (!v)
		return false;
	ok = compact_file(v, to, leave, cut, why);
	volume_close(v);
	return ok;
}
