/*
 * A session that may grow no larger: the oldest of it goes.
 *
 * Its file is cut at a place between two records. What flows that go on began
 * with is gathered from what is before it; that those bytes are gone is written
 * at the file's beginning, all at once; what was gathered is written right
 * before the place; and the room is given back. A crash in between leaves a
 * file that can be read.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "carry.h"
#include "gap.h"
#include "soth/log.h"
#include "store_inside.h"

enum { ROWS = 256, SEAMS_FIRST = 128, CARRY_MAX = 256 << 20, PAGE = 4096, SHARE = 10, SEAMS = 64 };
static const uint64_t bite_most = 64 << 20, step_most = 8 << 20;

/* A place between two records, and what had come before it. */
struct seam { uint64_t at, order; size_t rows; };

struct eviction {
	uint64_t limit;
	struct seam *seam;		/* the oldest first */
	size_t seams, room;
	uint64_t again;			/* not before the file goes so far: little could go */
	size_t ended;			/* those that ended before are gone */
};

void
eviction_free(struct eviction *e)
{
	if (!e)
		return;
	free(e->seam);
	free(e);
}

static uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static bool
punch(int fd, uint64_t from, uint64_t to)
{
	return from >= to || !fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)from, (off_t)(to - from));
}

bool
store_limit(struct store *s, uint64_t bytes, struct fault *why)
{
	uint64_t behind = journal_end(s->journal) + PAGE;
	struct eviction *e;

	if (!bytes)
		return true;
	if (!punch(journal_fd(s->journal), behind, behind + PAGE)) {
		fault(why, "session-size does not hold: the file system of %.80s gives no room back: %s", s->stats.path, strerror(errno));
		snprintf(s->stats.limit_trouble, sizeof(s->stats.limit_trouble), "%s", why->text);
		log_line("%s", why->text);
		return false;
	}
	e = s->eviction = xalloc(sizeof(*e));
	e->limit = s->stats.limit = bytes;
	return true;
}

static void
eviction_seam(struct store *s)
{
	struct eviction *e = s->eviction;
	uint64_t at = journal_end(s->journal), last = e->seams ? e->seam[e->seams - 1].at : volume_whole(s->file);

	if (at - last < least(e->limit / SEAMS, step_most))
		return;
	if (e->seams == e->room) {
		e->room = e->room ? e->room * 2 : SEAMS_FIRST;
		e->seam = xgrow(e->seam, e->room, sizeof(*e->seam));
	}
	e->seam[e->seams++] = (struct seam){ at, s->order, s->rows };
}

static bool
goes(const struct kept *k, const struct seam *m)
{
	return k->state != ROW_LIVE && k->last < m->at;
}

/* For the rows before a seam that are there, some at a time: nobody waits for long. */
static void
rows_before(struct store *s, const struct seam *m, void (*each)(struct store *s, size_t index, const struct seam *m, void *arg),
	void *arg)
{
	for (size_t from = s->stats.first; from < m->rows; from += ROWS) {
		pthread_rwlock_wrlock(&s->lock);
		for (size_t i = from; i < from + ROWS && i < m->rows; i++)
			if (store_kept(s, i))
				each(s, i, m, arg);
		pthread_rwlock_unlock(&s->lock);
	}
}

static void
row_goes_on(struct store *s, size_t index, const struct seam *m, void *arg)
{
	const struct kept *k = store_kept(s, index);

	if (!goes(k, m))
		carry_flow(arg, k->id);
}

static void
row_goes(struct store *s, size_t index, const struct seam *m, void *arg)
{
	(void)arg;
	if (!goes(store_kept(s, index), m))
		return;
	store_forget(s, index);
	s->stats.gone++;
	s->changed = true;
}

/* A flow's records are where they were written anew. */
static void
row_moves(struct store *s, const struct carried *c, const struct seam *m)
{
	struct kept *k = store_kept(s, store_place(s, c->id));

	if (!k)
		return;
	store_carry(s, c->id, c->last);
	k->flags |= c->last ? KEPT_PARTIAL : 0;
	k->last = k->last < m->at ? c->last : k->last;
	k->flushed = k->flushed < m->at ? c->last : k->flushed;
	for (int side = CLIENT; side <= SERVER; side++)
		k->head[side] = k->head[side] < m->at ? c->head[side] : k->head[side];
}

static uint64_t
clock_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static bool
gap_tell(struct store *s, const struct seam *m, uint64_t to, struct fault *why)
{
	return gap_write(journal_fd(s->journal), &(struct gap){ clock_us(), m->order, to, m->at }, why);
}

/* Nobody waits for what does not come. */
static bool
cut_failed(struct store *s, struct fault *why)
{
	volume_stir(s->file);
	return *why->text ? false : fault(why, "%s", strerror(errno));
}

/* The file first, then those who read it. */
static bool
file_cut(struct store *s, const struct seam *m, const struct carry *c, struct bytes carried, struct fault *why)
{
	uint64_t to = m->at - carried.len;
	int fd = journal_fd(s->journal);

	volume_stir(s->file);
	if (!gap_tell(s, m, m->at, why) || (carried.len && (pwrite(fd, carried.at, carried.len, (off_t)to) != (ssize_t)carried.len ||
			!gap_tell(s, m, to, why))))
		return cut_failed(s, why);
	pthread_rwlock_wrlock(&s->lock);
	volume_begin(s->file, m->order, to, m->at);
	for (size_t i = 0; carry_at(c, i); i++)
		row_moves(s, carry_at(c, i), m);
	s->stats.freed = to;
	pthread_rwlock_unlock(&s->lock);
	return true;
}

static bool
file_punch(struct store *s, uint64_t from, struct fault *why)
{
	from = from / PAGE * PAGE;
	return punch(journal_fd(s->journal), from < PAGE ? PAGE : from, volume_first(s->file)) || fault(why, "%s", strerror(errno));
}

/* Indices before the first that is left, and ends before the first of those. */
static void
ends_pass(struct store *s)
{
	struct eviction *e = s->eviction;
	const uint32_t *ended;

	pthread_rwlock_wrlock(&s->lock);
	while (s->stats.first < s->rows && !store_kept(s, s->stats.first))
		s->stats.first++;
	while (e->ended < s->told && (ended = shelf_at(&s->ended, e->ended)) && *ended && !store_kept(s, *ended - 1))
		shelf_drop(&s->ended, e->ended++);
	pthread_rwlock_unlock(&s->lock);
}

static void
eviction_stop(struct store *s, const struct fault *why)
{
	pthread_rwlock_wrlock(&s->lock);
	s->stats.limit = 0;
	snprintf(s->stats.limit_trouble, sizeof(s->stats.limit_trouble), "session-size does not hold any more: %.140s", why->text);
	s->changed = true;
	pthread_rwlock_unlock(&s->lock);
	log_line("%s", s->stats.limit_trouble);
	eviction_free(s->eviction);
	s->eviction = NULL;
}

/* The first seam behind which there is little enough; it and those before are done with. */
static struct seam
seam_take(struct eviction *e, uint64_t want)
{
	struct seam m;
	size_t i = 0;

	while (i + 1 < e->seams && e->seam[i].at < want)
		i++;
	m = e->seam[i];
	e->seams -= i + 1;
	memmove(e->seam, e->seam + i + 1, e->seams * sizeof(*e->seam));
	return m;
}

static void
evict(struct store *s, const struct seam *m)
{
	uint64_t gone = s->stats.gone, first = volume_first(s->file);
	struct carry *c = carry_new();
	struct fault why = { "" };
	struct buf out;
	bool ok;

	buf_init(&out, CARRY_MAX);
	rows_before(s, m, row_goes_on, c);
	ok = carry_read(c, s->file, m->at, &why);
	/* Where that is more than there is room for, the next seam may do better. */
	if (ok && carry_pack(c, m->at, &out) && out.len + GAP_MOST < m->at) {
		ok = file_cut(s, m, c, buf_bytes(&out), &why);
		if (ok)
			rows_before(s, m, row_goes, NULL);
		ok = ok && file_punch(s, first, &why);
		ends_pass(s);
		log_line("session-size: %llu of the oldest flows are gone", (unsigned long long)(s->stats.gone - gone));
	}
	buf_release(&out);
	carry_free(c);
	if (!ok)
		eviction_stop(s, &why);
}

void
eviction_turn(struct store *s)
{
	struct eviction *e = s->eviction;
	uint64_t end = journal_end(s->journal), bite = least(e->limit / SHARE, bite_most), left;
	struct seam m;

	eviction_seam(s);
	if (end - volume_first(s->file) <= e->limit || !e->seams || end < e->again)
		return;
	m = seam_take(e, end - e->limit + bite);
	evict(s, &m);
	if (!s->eviction)
		return;
	left = end - volume_first(s->file);
	e->again = left > e->limit - bite / 2 ? end + left / 4 : 0;
	pthread_rwlock_wrlock(&s->lock);
	store_tell(s);
	pthread_rwlock_unlock(&s->lock);
}
