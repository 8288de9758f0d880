/* Every flow: a row in memory, the rest in the journal. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "eventlog.h"
#include "handshakes.h"
#include "store_inside.h"
#include "soth/journal.h"
#include "soth/log.h"
#include "soth/map.h"
#include "soth/trail.h"

enum { BATCH = 1 << 20 };

struct store *
store_new(const char *path)
{
	struct store *s = xalloc(sizeof(*s));
	pthread_rwlockattr_t fair;

	pthread_rwlockattr_init(&fair);
	/* Those who read row after row do not keep the recorder from writing. Of glibc. */
	pthread_rwlockattr_setkind_np(&fair, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&s->lock, &fair);
	pthread_rwlockattr_destroy(&fair);
	pthread_mutex_init(&s->writing, NULL);
	s->far = map_new();
	s->hosts = map_new();
	s->handshakes = handshake_table_new();
	s->carried = map_new();
	shelf_init(&s->row, sizeof(struct kept));
	shelf_init(&s->ended, sizeof(uint32_t));
	shelf_init(&s->at, sizeof(uint32_t));
	s->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	keylog_init(&s->keys);
	s->wanted = true;
	snprintf(s->stats.path, sizeof(s->stats.path), "%s", path);
	return s;
}

struct store *
store_create(const char *path, struct fault *why)
{
	struct journal *j = journal_create(path, why);
	struct store *s;

	if (!j)
		return NULL;
	s = store_new(path);
	s->journal = j;
	s->file = volume_of(journal_fd(j));
	return s;
}

void
store_free(struct store *s)
{
	if (s->loading)
		loading_stop(s->loading);
	if (s->journal)
		journal_close(s->journal);
	if (s->log)
		eventlog_close(s->log);
	keylog_release(&s->keys);
	for (size_t i = 0; i < s->rows; i++)
		if (store_kept(s, i))
			kept_release(store_kept(s, i));
	shelf_release(&s->row);
	shelf_release(&s->ended);
	shelf_release(&s->at);
	eviction_free(s->eviction);
	map_free(s->carried, NULL);
	free(s->trigrams);
	free(s->remarked);
	map_free(s->far, NULL);
	map_free(s->hosts, free);
	handshake_table_free(s->handshakes);
	volume_close(s->file);
	close(s->wake);
	pthread_rwlock_destroy(&s->lock);
	pthread_mutex_destroy(&s->writing);
	free(s);
}

static const char *
host_kept(struct store *s, struct bytes host)
{
	char *kept;

	if (host.len > 255)
		host.len = 255;
	kept = map_find(s->hosts, host);
	if (kept)
		return kept;
	kept = xalloc(host.len + 1);
	if (host.len)
		memcpy(kept, host.at, host.len);
	map_put(s->hosts, host, kept);
	return kept;
}

static void
row_ended(struct store *s, const struct kept *k)
{
	*(uint32_t *)shelf_put(&s->ended, s->ends++) = (uint32_t)store_place(s, k->id) + 1;
	s->stats.live--;
	s->stats.failed += k->state == ROW_FAILED;
}

/* A flow that has no row, where the file's beginning is gone: a crash kept what it began with from being written anew. */
static bool
is_beheaded(const struct store *s, const struct note *n)
{
	return n->flow && volume_whole(s->file) > VOLUME_LINE;
}

/* Whether the note comes in its turn, before it is folded into its row. */
static void
check(struct store *s, struct kept *k, const struct note *n)
{
	struct ordering_flow over = ordering_over();

	if (!k && is_beheaded(s, n))
		return;
	ordering_note(&s->ordering, !k ? NULL : k->state == ROW_LIVE ? &k->ordering : &over, n);
}

/* The row of the one that opened its connection, which is there before it; 0: itself. */
static uint32_t
opener_of(struct store *s, flow_id id, flow_id opened_by)
{
	size_t opener = opened_by && opened_by != id ? store_place(s, opened_by) : SIZE_MAX;
	const struct kept *k = store_kept(s, opener);

	return k && !k->opener ? (uint32_t)opener + 1 : 0;
}

/* Once its row has heard the note. Most notes are of no handshake, and cost nothing. */
static void
handshakes_hear(struct store *s, const struct kept *k, const struct note *n)
{
	if (n->kind == NOTE_STEP || n->kind == NOTE_FLOW ||
	    (n->kind == NOTE_PART && n->part.kind == PART_HEAD && n->side == SERVER))
		handshake_note(s->handshakes, k, store_process(s, k), n);
}

/* Numbers the note, and folds it into its row. NULL: it has none. */
static struct kept *
fold(struct store *s, struct note *n)
{
	struct kept *k = n->flow ? store_row(s, n->flow) : NULL;

	if (!k && n->kind == NOTE_FLOW && n->flow)
		k = store_row_new(s, n->flow);
	n->order = ++s->order;
	n->flow_order = k ? ++k->orders : 0;
	s->stats.notes++;
	s->changed = true;
	s->heard = n->when > s->heard ? n->when : s->heard;
	check(s, k, n);
	if (!k)
		return NULL;
	if (n->kind == NOTE_REMARK) {
		store_remark_row(s, k, n);
		return k;
	}
	if (k->state != ROW_LIVE) {
		s->stats.late++;
		return k;	/* out of turn: kept in the file, and nothing more */
	}
	s->stats.held -= k->held != 0;
	if (n->kind == NOTE_FLOW)
		k->opener = opener_of(s, n->flow, n->origin->opened_by);
	kept_note(k, n);
	s->stats.held += k->held != 0;
	if (n->kind == NOTE_FLOW)
		k->host = host_kept(s, n->origin->host);
	if (n->kind == NOTE_STEP && step_kind(n->step) == STEP_PROCESS && step_find(n->step, "name").len) {
		k->process = host_kept(s, step_find(n->step, "name"));
		k->pid = step_number(n->step, "pid");
	}
	handshakes_hear(s, k, n);
	if (n->kind == NOTE_GONE)
		row_ended(s, k);
	return k;
}

static void
learned_at(struct store *s, const struct note *n, uint64_t at)
{
	if (n->kind != NOTE_LOG || n->part.kind != PART_DATA || n->part.code != LOG_TRIGRAMS || !at)
		return;
	s->trigrams = xgrow(s->trigrams, s->learned + 1, sizeof(*s->trigrams));
	s->trigrams[s->learned++] = at;
}

/* Traffic goes on, rows too; only what is in them can no longer be read. */
static void
recording_stopped(struct store *s, const struct fault *why)
{
	journal_close(s->journal);
	s->journal = NULL;
	s->stats.stopped = true;
	snprintf(s->stats.trouble, sizeof(s->stats.trouble), "recording has stopped: %.170s", why->text);
}

/* Whoever looks at it has something to read, if only in the log. */
static void
store_rouse(struct store *s)
{
	pthread_rwlock_wrlock(&s->lock);
	s->changed = true;
	pthread_rwlock_unlock(&s->lock);
}

static void
log_flush(struct store *s)
{
	struct fault why;

	if (!s->log || eventlog_write(s->log, &why))
		return;
	eventlog_close(s->log);
	s->log = NULL;
	log_line("the event log has stopped: %s", why.text);
	store_rouse(s);
}

void
store_tell(struct store *s)
{
	if (!s->changed)
		return;
	s->changed = false;
	s->stats.version++;
	if (s->wanted)
		(void)!write(s->wake, &(uint64_t){ 1 }, 8);
	s->wanted = false;
}

static void
flush(struct store *s)
{
	struct fault why;
	bool ok = !s->journal || !journal_waiting(s->journal) || journal_write(s->journal, &why);

	log_flush(s);
	pthread_rwlock_wrlock(&s->lock);
	if (!ok)
		recording_stopped(s, &why);
	if (s->journal)
		s->stats.file_bytes = journal_end(s->journal);
	s->told = s->ends;
	store_tell(s);
	pthread_rwlock_unlock(&s->lock);
	if (s->eviction && s->journal)
		eviction_turn(s);
}

void
store_flush(struct store *s)
{
	pthread_mutex_lock(&s->writing);
	flush(s);
	pthread_mutex_unlock(&s->writing);
}

void
store_note(struct store *s, struct note *n)
{
	struct kept *k;

	pthread_mutex_lock(&s->writing);
	pthread_rwlock_wrlock(&s->lock);
	k = fold(s, n);
	if (s->journal) {
		uint64_t at = journal_add(s->journal, n, k ? k->last : 0);

		if (k && at) {
			if (k->last < s->stats.file_bytes)
				k->flushed = k->last;
			kept_at(k, n, at);
		}
		learned_at(s, n, at);
	}
	pthread_rwlock_unlock(&s->lock);
	if (s->log)
		eventlog_note(s->log, n);
	note_drop(n);
	if ((s->journal && journal_waiting(s->journal) >= BATCH) || (s->log && eventlog_waiting(s->log) >= BATCH))
		flush(s);
	pthread_mutex_unlock(&s->writing);
}

void
store_progress(struct store *s, uint64_t done, uint64_t size)
{
	pthread_rwlock_wrlock(&s->lock);
	s->stats.reading = done < size;
	s->stats.done = done;
	s->stats.size = size;
	s->changed = true;
	store_tell(s);
	pthread_rwlock_unlock(&s->lock);
}

void
store_end(struct store *s)
{
	pthread_rwlock_wrlock(&s->lock);
	ordering_end(&s->ordering);
	pthread_rwlock_unlock(&s->lock);
	store_flush(s);
}

bool
store_event_log(struct store *s, const char *path, struct fault *why)
{
	s->log = eventlog_open(path, why);
	return s->log;
}

void
store_keylog(struct store *s, int fd)
{
	keylog_set(&s->keys, fd);
}

void
store_keys_stopped(struct store *s, const struct fault *why)
{
	log_line("%s", why->text);
	store_rouse(s);
}

/* Of what a flow began with, before which others are gone: the note's numbers are as it says. */
static void
numbers_begin(struct store *s, const struct note *n)
{
	struct kept *k = n->flow ? store_row(s, n->flow) : NULL;

	s->order = n->order - 1;
	if (k)
		k->orders = (uint32_t)n->flow_order - 1;
}

void
store_hear(struct store *s, struct note *n, uint64_t at)
{
	struct note read = *n;
	bool carried = at < volume_whole(s->file);
	struct kept *k;

	if (carried)
		numbers_begin(s, &read);
	else if (s->order < volume_order(s->file))
		s->order = volume_order(s->file);
	k = fold(s, n);
	if (k || !is_beheaded(s, n))
		ordering_numbers(&s->ordering, &read, n->order, n->flow_order);
	if (k)
		kept_at(k, n, at);
	learned_at(s, n, at);
	if (carried && k)
		store_carry(s, k->id, at);
}

struct store_stats
store_stats(struct store *s)
{
	struct store_stats stats;

	pthread_rwlock_wrlock(&s->lock);
	stats = s->stats;
	stats.misordered = s->ordering.broken;
	snprintf(stats.disorder, sizeof(stats.disorder), "%s", s->ordering.first.text);
	stats.memory = shelf_memory(&s->row) + shelf_memory(&s->ended) + shelf_memory(&s->at);
	pthread_rwlock_unlock(&s->lock);
	return stats;
}

struct volume *
store_file(const struct store *s)
{
	return s->file;
}

int
store_fd(struct store *s)
{
	return s->wake;
}

void
store_seen(struct store *s)
{
	uint64_t count;

	pthread_rwlock_wrlock(&s->lock);
	(void)!read(s->wake, &count, sizeof(count));
	s->wanted = true;
	pthread_rwlock_unlock(&s->lock);
}

bool
store_writes(struct store *s)
{
	bool writes;

	pthread_rwlock_wrlock(&s->lock);
	writes = s->journal && !s->remarks_alone;
	pthread_rwlock_unlock(&s->lock);
	return writes;
}

flow_id
store_new_id(struct store *s)
{
	flow_id id;

	pthread_rwlock_wrlock(&s->lock);
	id = ++s->highest;
	pthread_rwlock_unlock(&s->lock);
	return id;
}
