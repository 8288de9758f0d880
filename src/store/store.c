/* Every flow: a row in memory, the rest in the journal. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "eventlog.h"
#include "store_inside.h"
#include "soth/journal.h"
#include "soth/log.h"
#include "soth/map.h"
#include "soth/trail.h"

enum { BATCH = 1 << 20, ROWS_FIRST = 64, IDS_AHEAD = 1 << 16 };

struct store *
store_new(const char *path)
{
	struct store *s = xalloc(sizeof(*s));

	pthread_mutex_init(&s->lock, NULL);
	pthread_mutex_init(&s->writing, NULL);
	s->far = map_new();
	s->hosts = map_new();
	s->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	s->fd = -1;
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
	s->fd = dup(journal_fd(j));
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
	for (size_t i = 0; i < s->rows; i++)
		kept_release(&s->row[i]);
	free(s->row);
	free(s->ended);
	free(s->remarked);
	free(s->at);
	map_free(s->far, NULL);
	map_free(s->hosts, free);
	if (s->fd >= 0)
		close(s->fd);
	close(s->wake);
	pthread_mutex_destroy(&s->lock);
	pthread_mutex_destroy(&s->writing);
	free(s);
}

static struct bytes
id_key(const flow_id *id)
{
	return (struct bytes){ (const uint8_t *)id, sizeof(*id) };
}

struct kept *
store_row(struct store *s, flow_id id)
{
	uintptr_t at = id < s->at_room ? s->at[id] : 0;

	if (!at && map_count(s->far))
		at = (uintptr_t)map_find(s->far, id_key(&id));

	return at ? &s->row[at - 1] : NULL;
}

static void
row_index(struct store *s, flow_id id, uint32_t at)
{
	size_t room = s->at_room ? s->at_room : ROWS_FIRST;

	if (id >= (s->rows + IDS_AHEAD) * 2) {
		map_put(s->far, id_key(&id), (void *)(uintptr_t)at);
		return;
	}
	while (room <= id)
		room *= 2;
	if (room > s->at_room) {
		s->at = xgrow(s->at, room, sizeof(*s->at));
		memset(s->at + s->at_room, 0, (room - s->at_room) * sizeof(*s->at));
		s->at_room = room;
	}
	s->at[id] = at;
}

static struct kept *
row_new(struct store *s, flow_id id)
{
	if (s->rows == s->room) {
		s->room = s->room ? s->room * 2 : ROWS_FIRST;
		s->row = xgrow(s->row, s->room, sizeof(*s->row));
	}
	s->row[s->rows] = (struct kept){ .id = id, .tls_failed = -1, .grpc = -1 };
	row_index(s, id, (uint32_t)s->rows + 1);
	s->highest = id > s->highest ? id : s->highest;
	s->stats.flows++;
	s->stats.live++;
	return &s->row[s->rows++];
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
	if (s->ends == s->ends_room) {
		s->ends_room = s->ends_room ? s->ends_room * 2 : ROWS_FIRST;
		s->ended = xgrow(s->ended, s->ends_room, sizeof(*s->ended));
	}
	s->ended[s->ends++] = (uint32_t)(k - s->row);
	s->stats.live--;
	s->stats.failed += k->state == ROW_FAILED;
}

/* Whether the note comes in its turn, before it is folded into its row. */
static void
check(struct store *s, struct kept *k, const struct note *n)
{
	struct ordering_flow over = ordering_over();

	ordering_note(&s->ordering, !k ? NULL : k->state == ROW_LIVE ? &k->ordering : &over, n);
}

/* The row of the one that opened its connection, which is there before it; 0: itself. */
static uint32_t
opener_of(struct store *s, flow_id id, flow_id opened_by)
{
	const struct kept *opener = opened_by && opened_by != id ? store_row(s, opened_by) : NULL;

	return opener && !opener->opener ? (uint32_t)(opener - s->row) + 1 : 0;
}

/* Numbers the note, and folds it into its row. NULL: it has none. */
static struct kept *
fold(struct store *s, struct note *n)
{
	struct kept *k = n->flow ? store_row(s, n->flow) : NULL;

	if (!k && n->kind == NOTE_FLOW && n->flow)
		k = row_new(s, n->flow);
	n->order = ++s->order;
	n->flow_order = k ? ++k->orders : 0;
	s->stats.notes++;
	s->changed = true;
	check(s, k, n);
	if (!k)
		return NULL;
	if (n->kind == NOTE_REMARK)
		store_remark_row(s, k, n);
	if (k->state != ROW_LIVE || n->kind == NOTE_REMARK)
		return k;	/* out of turn: kept in the file, and nothing more */
	s->stats.held -= k->held != 0;
	if (n->kind == NOTE_FLOW)
		k->opener = opener_of(s, n->flow, n->origin->opened_by);
	kept_note(k, n);
	s->stats.held += k->held != 0;
	if (n->kind == NOTE_FLOW)
		k->host = host_kept(s, n->origin->host);
	if (n->kind == NOTE_GONE)
		row_ended(s, k);
	return k;
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

static void
log_flush(struct store *s)
{
	struct fault why;

	if (!s->log || eventlog_write(s->log, &why))
		return;
	eventlog_close(s->log);
	s->log = NULL;
	log_line("event log: %s", why.text);
	pthread_mutex_lock(&s->lock);
	s->stats.log_stopped = s->changed = true;
	snprintf(s->stats.log_trouble, sizeof(s->stats.log_trouble), "the event log has stopped: %.170s", why.text);
	pthread_mutex_unlock(&s->lock);
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
	pthread_mutex_lock(&s->lock);
	if (!ok)
		recording_stopped(s, &why);
	if (s->journal)
		s->stats.file_bytes = journal_end(s->journal);
	store_tell(s);
	pthread_mutex_unlock(&s->lock);
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
	pthread_mutex_lock(&s->lock);
	k = fold(s, n);
	if (s->journal) {
		uint64_t at = journal_add(s->journal, n, k ? k->last : 0);

		if (k && at) {
			if (k->last < s->stats.file_bytes)
				k->flushed = k->last;
			kept_at(k, n, at);
		}
	}
	pthread_mutex_unlock(&s->lock);
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
	pthread_mutex_lock(&s->lock);
	s->stats.reading = done < size;
	s->stats.done = done;
	s->stats.size = size;
	s->changed = true;
	store_tell(s);
	pthread_mutex_unlock(&s->lock);
}

void
store_end(struct store *s)
{
	pthread_mutex_lock(&s->lock);
	ordering_end(&s->ordering);
	pthread_mutex_unlock(&s->lock);
	store_flush(s);
}

bool
store_event_log(struct store *s, const char *path, struct fault *why)
{
	s->log = eventlog_open(path, why);
	return s->log;
}

void
store_hear(struct store *s, struct note *n, uint64_t at)
{
	struct note read = *n;
	struct kept *k = fold(s, n);

	ordering_numbers(&s->ordering, &read, n->order, n->flow_order);
	if (k)
		kept_at(k, n, at);
}

struct store_stats
store_stats(struct store *s)
{
	struct store_stats stats;

	pthread_mutex_lock(&s->lock);
	stats = s->stats;
	stats.misordered = s->ordering.broken;
	snprintf(stats.disorder, sizeof(stats.disorder), "%s", s->ordering.first.text);
	stats.memory = s->room * sizeof(*s->row) + s->ends_room * sizeof(*s->ended);
	pthread_mutex_unlock(&s->lock);
	return stats;
}

size_t
store_rows(struct store *s, size_t first, size_t count, struct row *out)
{
	size_t n = 0;

	pthread_mutex_lock(&s->lock);
	for (; n < count && first + n < s->rows; n++) {
		const struct kept *k = &s->row[first + n];

		kept_show(k, k->opener ? &s->row[k->opener - 1] : k, &out[n]);
	}
	pthread_mutex_unlock(&s->lock);
	return n;
}

size_t
store_index(struct store *s, flow_id id)
{
	struct kept *k;
	size_t at;

	pthread_mutex_lock(&s->lock);
	k = store_row(s, id);
	at = k ? (size_t)(k - s->row) : SIZE_MAX;
	pthread_mutex_unlock(&s->lock);
	return at;
}

size_t
store_ended(struct store *s, size_t n)
{
	size_t at;

	pthread_mutex_lock(&s->lock);
	at = n < s->ends ? s->ended[n] : SIZE_MAX;
	pthread_mutex_unlock(&s->lock);
	return at;
}

uint64_t
store_last(struct store *s, flow_id id)
{
	struct kept *k;
	uint64_t last;

	pthread_mutex_lock(&s->lock);
	k = store_row(s, id);
	last = !k ? 0 : k->last < s->stats.file_bytes ? k->last : k->flushed;
	pthread_mutex_unlock(&s->lock);
	return last;
}

uint64_t
store_head(struct store *s, flow_id id, enum side side)
{
	struct kept *k;
	uint64_t at;

	pthread_mutex_lock(&s->lock);
	k = store_row(s, id);
	at = k && k->head[side] < s->stats.file_bytes ? k->head[side] : 0;
	pthread_mutex_unlock(&s->lock);
	return at;
}

int
store_file(const struct store *s)
{
	return s->fd;
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

	pthread_mutex_lock(&s->lock);
	(void)!read(s->wake, &count, sizeof(count));
	s->wanted = true;
	pthread_mutex_unlock(&s->lock);
}

/* Those that are held are among the newest: that is where to look first. */
flow_id
store_next_held(struct store *s, flow_id after)
{
	flow_id first = 0, next = 0;

	pthread_mutex_lock(&s->lock);
	for (size_t i = s->rows, left = s->stats.held; i && left; i--) {
		const struct kept *k = &s->row[i - 1];

		if (!k->held)
			continue;
		first = k->id;
		next = k->id > after ? k->id : next;
		left--;
	}
	pthread_mutex_unlock(&s->lock);
	return next ? next : first;
}

bool
store_writes(struct store *s)
{
	bool writes;

	pthread_mutex_lock(&s->lock);
	writes = s->journal && !s->remarks_alone;
	pthread_mutex_unlock(&s->lock);
	return writes;
}

flow_id
store_new_id(struct store *s)
{
	flow_id id;

	pthread_mutex_lock(&s->lock);
	id = ++s->highest;
	pthread_mutex_unlock(&s->lock);
	return id;
}
