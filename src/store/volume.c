/* A session's file, as it is read: plain, or in blocks that are unpacked when someone wants them. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gap.h"
#include "pack.h"
#include "soth/volume.h"

enum { SLOTS = 8 };

/* A block that was unpacked last of those that fall here. */
struct slot {
	pthread_mutex_t lock;
	size_t block, len;		/* len 0: none */
	struct unpacker *unpacker;	/* NULL until there is one */
	uint8_t *plain;
};

struct volume {
	int fd;
	_Atomic uint64_t first, whole, order;
	_Atomic unsigned epoch;
	bool compacted;
	struct pack_index index;
	struct slot slot[SLOTS];
	_Atomic uint64_t damaged;	/* the place of a block that could not be unpacked; 0: none */
};

struct volume *
volume_of(int fd)
{
	struct volume *v = xalloc(sizeof(*v));

	v->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	volume_stir(v);
	volume_begin(v, 0, VOLUME_LINE, VOLUME_LINE);
	for (size_t i = 0; i < SLOTS; i++)
		pthread_mutex_init(&v->slot[i].lock, NULL);
	return v;
}

void
volume_close(struct volume *v)
{
	if (!v)
		return;
	for (size_t i = 0; i < SLOTS; i++) {
		pthread_mutex_destroy(&v->slot[i].lock);
		unpacker_free(v->slot[i].unpacker);
		free(v->slot[i].plain);
	}
	pack_index_release(&v->index);
	if (v->fd >= 0)
		close(v->fd);
	free(v);
}

static bool
volume_plain_gap(struct volume *v, struct fault *why)
{
	struct gap g;

	if (!gap_read(v->fd, volume_size(v), &g, why))
		return false;
	volume_stir(v);
	volume_begin(v, g.order, g.to, g.whole);
	return true;
}

/* What is in the blocks is a session as it was before. */
static bool
volume_compacted(struct volume *v, struct fault *why)
{
	uint8_t line[VOLUME_LINE];
	struct bytes want = gap_line(SESSION_PLAIN);

	v->compacted = true;
	if (!pack_find(v->fd, VOLUME_LINE, &v->index, why))
		return false;
	return !v->index.count || (volume_read(v, 0, line, VOLUME_LINE) == VOLUME_LINE && !memcmp(line, want.at, want.len)) ||
		fault(why, "damaged at byte %d: its first block", VOLUME_LINE);
}

static bool
volume_begins(struct volume *v, struct fault *why)
{
	unsigned version;

	if (!gap_version(v->fd, &version, why))
		return false;
	return version == SESSION_COMPACTED ? volume_compacted(v, why) : version == SESSION_PLAIN || volume_plain_gap(v, why);
}

struct volume *
volume_open(const char *path, struct fault *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct fault what;
	struct volume *v;

	if (fd < 0) {
		fault(why, "%s: %s", path, strerror(errno));
		return NULL;
	}
	v = volume_of(fd);
	close(fd);
	if (v->fd >= 0 && volume_begins(v, &what))
		return v;
	fault(why, "%s: %s", path, v->fd < 0 ? strerror(errno) : what.text);
	volume_close(v);
	return NULL;
}

static size_t
plain_read(const struct volume *v, uint64_t at, uint8_t *to, size_t len)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = pread(v->fd, to + got, len - got, (off_t)(at + got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	return got;
}

static void
slot_fill(struct volume *v, struct slot *s, size_t block)
{
	if (s->len && s->block == block)
		return;
	if (!s->unpacker) {
		s->unpacker = unpacker_new();
		s->plain = xgrow(NULL, 1, PACK_BLOCK);
	}
	s->block = block;
	s->len = unpacker_block(s->unpacker, v->fd, &v->index, block, s->plain);
	if (!s->len)
		atomic_store(&v->damaged, v->index.place[block]);
}

/* Of one block. */
static size_t
block_read(struct volume *v, uint64_t at, uint8_t *to, size_t len)
{
	uint64_t block = at / PACK_BLOCK;
	size_t from = (size_t)(at % PACK_BLOCK), n = 0;
	struct slot *s = &v->slot[block % SLOTS];

	if (block >= v->index.count)
		return 0;
	pthread_mutex_lock(&s->lock);
	slot_fill(v, s, (size_t)block);
	if (from < s->len) {
		n = s->len - from < len ? s->len - from : len;
		memcpy(to, s->plain + from, n);
	}
	pthread_mutex_unlock(&s->lock);
	return n;
}

size_t
volume_read(struct volume *v, uint64_t at, uint8_t *to, size_t len)
{
	size_t got = 0, n;

	if (!v->compacted)
		return plain_read(v, at, to, len);
	while (got < len && (n = block_read(v, at + got, to + got, len - got)))
		got += n;
	return got;
}

uint64_t
volume_size(const struct volume *v)
{
	off_t size;

	if (v->compacted)
		return v->index.count ? (uint64_t)(v->index.count - 1) * PACK_BLOCK + v->index.last : VOLUME_LINE;
	size = lseek(v->fd, 0, SEEK_END);
	return size < 0 ? 0 : (uint64_t)size;
}

uint64_t
volume_first(const struct volume *v)
{
	return atomic_load(&v->first);
}

uint64_t
volume_order(const struct volume *v)
{
	return atomic_load(&v->order);
}

void
volume_stir(struct volume *v)
{
	atomic_fetch_add(&v->epoch, 1);
}

void
volume_begin(struct volume *v, uint64_t order, uint64_t first, uint64_t whole)
{
	atomic_store(&v->order, order);
	atomic_store(&v->whole, whole);
	atomic_store(&v->first, first);
	atomic_fetch_add(&v->epoch, 1);
}

uint64_t
volume_whole(const struct volume *v)
{
	return atomic_load(&v->whole);
}

unsigned
volume_epoch(const struct volume *v)
{
	return atomic_load(&v->epoch);
}

bool
volume_ends(const struct volume *v, struct fault *why)
{
	uint64_t damaged = atomic_load(&v->damaged);

	if (damaged)
		return fault(why, "damaged at byte %llu: a block cannot be unpacked", (unsigned long long)damaged);
	if (v->compacted && v->index.cut)
		return fault(why, "cut off at byte %llu", (unsigned long long)v->index.place[v->index.count]);
	return false;
}

bool
volume_is_compacted(const struct volume *v)
{
	return v->compacted;
}

int
volume_fd(const struct volume *v)
{
	return v->fd;
}
