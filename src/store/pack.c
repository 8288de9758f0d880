/*
 * The blocks of a compacted session, in the seekable format of zstd: frames,
 * and behind them a frame that is skipped, a table of how long they are.
 *
 *	+--------------+--------------+ ... +-----------------------------+
 *	| zstd frame   | zstd frame   |     | 0x184d2a5e, length: 4 each  |
 *	| 256 KiB      | 256 KiB      |     | frame's length, plain: 4 each, for each frame
 *	+--------------+--------------+ ... | frames 4, 0, 0x8f92eab1     |
 *	                                    +-----------------------------+
 *
 * Numbers are little-endian. A file that is cut off has no table: then the
 * frames themselves say how long they are.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "le32.h"
#include "pack.h"
#include "soth/buf.h"

enum { LEVEL = 3, FRAME_LEAST = 9, FRAME_MOST = PACK_BLOCK + (PACK_BLOCK >> 8) + 1024, HEAD = 8, ENTRY = 8, FOOT = 9 };

static const uint32_t table_magic = 0x184d2a5e, foot_magic = 0x8f92eab1;

struct pack {
	int fd;
	uint64_t at;
	ZSTD_CCtx *zstd;
	size_t waiting;
	struct buf table;
	uint32_t frames;
	uint8_t plain[PACK_BLOCK], packed[FRAME_MOST];
};

struct pack *
pack_new(int fd, uint64_t at)
{
	struct pack *p = xalloc(sizeof(*p));

	p->fd = fd;
	p->at = at;
	p->zstd = ZSTD_createCCtx();
	if (!p->zstd)
		abort();
	ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_checksumFlag, 1);
	buf_init(&p->table, UINT32_MAX);
	return p;
}

void
pack_free(struct pack *p)
{
	ZSTD_freeCCtx(p->zstd);
	buf_release(&p->table);
	free(p);
}

static bool
pack_write(struct pack *p, struct bytes b, struct fault *why)
{
	while (b.len) {
		ssize_t n = pwrite(p->fd, b.at, b.len, (off_t)p->at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fault(why, "%s", strerror(n < 0 ? errno : ENOSPC));
		p->at += (uint64_t)n;
		b = bytes_from(b, (size_t)n);
	}
	return true;
}

static bool
pack_block(struct pack *p, struct fault *why)
{
	size_t len = ZSTD_compress2(p->zstd, p->packed, sizeof(p->packed), p->plain, p->waiting);
	uint8_t entry[ENTRY];

	if (ZSTD_isError(len))
		return fault(why, "zstd: %s", ZSTD_getErrorName(len));
	put_le32(entry, (uint32_t)len);
	put_le32(entry + 4, (uint32_t)p->waiting);
	p->waiting = 0;
	p->frames++;
	return pack_write(p, (struct bytes){ p->packed, len }, why) &&
		(buf_add(&p->table, (struct bytes){ entry, ENTRY }) || fault(why, "too many blocks"));
}

bool
pack_add(struct pack *p, struct bytes more, struct fault *why)
{
	while (more.len) {
		size_t room = sizeof(p->plain) - p->waiting, n = more.len < room ? more.len : room;

		memcpy(p->plain + p->waiting, more.at, n);
		p->waiting += n;
		more = bytes_from(more, n);
		if (p->waiting == sizeof(p->plain) && !pack_block(p, why))
			return false;
	}
	return true;
}

bool
pack_end(struct pack *p, struct fault *why)
{
	uint8_t head[HEAD], foot[FOOT] = { 0 };

	if (p->waiting && !pack_block(p, why))
		return false;
	put_le32(head, table_magic);
	put_le32(head + 4, (uint32_t)p->table.len + FOOT);
	put_le32(foot, p->frames);
	put_le32(foot + 5, foot_magic);
	return pack_write(p, (struct bytes){ head, HEAD }, why) && pack_write(p, buf_bytes(&p->table), why) &&
		pack_write(p, (struct bytes){ foot, FOOT }, why);
}

static size_t
read_at(int fd, void *to, size_t len, uint64_t at)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = pread(fd, (uint8_t *)to + got, len - got, (off_t)(at + got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	return got;
}

static void
index_begin(struct pack_index *x, uint64_t at, size_t room)
{
	*x = (struct pack_index){ .place = xgrow(NULL, room + 1, sizeof(*x->place)) };
	x->place[0] = at;
}

/* False: it is not one behind the others, so none can be. All but the last are whole. */
static bool
index_add(struct pack_index *x, uint64_t len, uint64_t plain)
{
	if (len < FRAME_LEAST || len > FRAME_MOST || !plain || plain > PACK_BLOCK || (x->count && x->last != PACK_BLOCK))
		return false;
	x->place[x->count + 1] = x->place[x->count] + len;
	x->count++;
	x->last = (size_t)plain;
	return true;
}

/* The table's first byte in the file, and how many frames it tells of; false: there is none. */
static bool
table_find(int fd, uint64_t at, uint64_t size, uint64_t *table, uint32_t *frames)
{
	uint8_t foot[FOOT], head[HEAD];
	uint64_t len;

	if (size < at + HEAD + FOOT || read_at(fd, foot, FOOT, size - FOOT) != FOOT || get_le32(foot + 5) != foot_magic || foot[4])
		return false;
	*frames = get_le32(foot);
	len = HEAD + (uint64_t)*frames * ENTRY + FOOT;
	if (len > size - at)
		return false;
	*table = size - len;
	return read_at(fd, head, HEAD, *table) == HEAD && get_le32(head) == table_magic &&
		get_le32(head + 4) == len - HEAD;
}

static bool
table_read(int fd, uint64_t at, uint64_t size, struct pack_index *x)
{
	uint8_t entry[512 * ENTRY];
	uint64_t table = 0;
	uint32_t frames = 0;
	bool ok = true;

	if (!table_find(fd, at, size, &table, &frames))
		return false;
	index_begin(x, at, frames);
	for (uint32_t i = 0, n; ok && i < frames; i += n) {
		n = frames - i < 512 ? frames - i : 512;
		ok = read_at(fd, entry, n * ENTRY, table + HEAD + (uint64_t)i * ENTRY) == n * ENTRY;
		for (uint32_t k = 0; ok && k < n; k++)
			ok = index_add(x, get_le32(entry + k * ENTRY), get_le32(entry + k * ENTRY + 4));
	}
	if (ok && x->place[x->count] == table)
		return true;
	pack_index_release(x);
	return false;
}

/* Frame by frame, as far as they are whole. */
static void
frames_read(int fd, uint64_t at, struct pack_index *x)
{
	uint8_t *frame = xalloc(FRAME_MOST);
	size_t room = 64, got, len;

	index_begin(x, at, room);
	while ((got = read_at(fd, frame, FRAME_MOST, x->place[x->count])) >= FRAME_LEAST) {
		unsigned long long plain = ZSTD_getFrameContentSize(frame, got);

		len = ZSTD_findFrameCompressedSize(frame, got);
		if (ZSTD_isError(len) || plain > PACK_BLOCK || get_le32(frame) == table_magic || !index_add(x, len, plain))
			break;
		if (x->count == room)
			x->place = xgrow(x->place, (room *= 2) + 1, sizeof(*x->place));
	}
	x->cut = true;
	free(frame);
}

bool
pack_find(int fd, uint64_t at, struct pack_index *out, struct fault *why)
{
	off_t size = lseek(fd, 0, SEEK_END);

	if (size < 0)
		return fault(why, "%s", strerror(errno));
	if (!table_read(fd, at, (uint64_t)size, out))
		frames_read(fd, at, out);
	return true;
}

void
pack_index_release(struct pack_index *x)
{
	free(x->place);
	*x = (struct pack_index){ 0 };
}

struct unpacker {
	ZSTD_DCtx *zstd;
	uint8_t packed[FRAME_MOST];
};

struct unpacker *
unpacker_new(void)
{
	struct unpacker *u = xgrow(NULL, 1, sizeof(*u));

	u->zstd = ZSTD_createDCtx();
	if (!u->zstd)
		abort();
	return u;
}

void
unpacker_free(struct unpacker *u)
{
	if (!u)
		return;
	ZSTD_freeDCtx(u->zstd);
	free(u);
}

/* It may say that it is larger than it was announced: there is room for no more. */
size_t
unpacker_block(struct unpacker *u, int fd, const struct pack_index *x, size_t i, uint8_t *to)
{
	size_t len = (size_t)(x->place[i + 1] - x->place[i]), want = i + 1 < x->count ? PACK_BLOCK : x->last, got;

	if (read_at(fd, u->packed, len, x->place[i]) != len)
		return 0;
	got = ZSTD_decompressDCtx(u->zstd, to, want, u->packed, len);
	return !ZSTD_isError(got) && got == want ? got : 0;
}
