/* Every flow: a row in memory, the rest in the journal. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "eventlog.h"
#include "row.h"
#include "soth/journal.h"
#include "soth/log.h"
#include "soth/map.h"
#include "soth/trail.h"

enum { BATCH = 1 << 20, READ_MAX = 80 << 20, ROWS_FIRST = 64, IDS_AHEAD = 1 << 16 };

/*
 * The lock guards everything but the journal's batch, which is the recorder's,
 * and the file, which only grows.
 */
struct store {
	pthread_mutex_t lock;
	struct journal *journal;	/* NULL: an opened file, or recording has stopped */
	int fd;				/* to read flows from */
	struct kept *row;
	size_t rows, room;
	uint32_t *ended;		/* indices, in the order they ended */
	size_t ends, ends_room;
	uint32_t *remarked;		/* indices, in the order of remarks */
	size_t remarked_room;
	bool unwritten;			/* remarks cannot be put into the file, and that has been said */
	uint32_t *at;			/* index + 1 of a flow, by its id: ids are dense */
	size_t at_room;
	struct map *far;		/* ... but for those that a file may make up */
	struct map *hosts;
	struct eventlog *log;		/* NULL: none. The recorder's */
	struct store_stats stats;
	struct ordering ordering;
	uint64_t order;
	int wake;
	bool wanted, changed;
};

static struct store *
store_new(const char *path)
{
	struct store *s = xalloc(sizeof(*s));

	pthread_mutex_init(&s->lock, NULL);
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
	free(s);
}

static struct bytes
id_key(const flow_id *id)
{
	return (struct bytes){ (const uint8_t *)id, sizeof(*id) };
}

static struct kept *
row_of(struct store *s, flow_id id)
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

static void
row_remarked(struct store *s, struct kept *k, const struct note *n)
{
	bool had = k->flags & KEPT_REMARKED;

	kept_remark(k, n);
	s->stats.remarked += !had && k->flags & KEPT_REMARKED;
	s->stats.remarked -= had && !(k->flags & KEPT_REMARKED);
	if (s->stats.remarks == s->remarked_room) {
		s->remarked_room = s->remarked_room ? s->remarked_room * 2 : ROWS_FIRST;
		s->remarked = xgrow(s->remarked, s->remarked_room, sizeof(*s->remarked));
	}
	s->remarked[s->stats.remarks++] = (uint32_t)(k - s->row);
}

/* Whether the note comes in its turn, before it is folded into its row. */
static void
check(struct store *s, struct kept *k, const struct note *n)
{
	struct ordering_flow over = ordering_over();

	ordering_note(&s->ordering, !k ? NULL : k->state == ROW_LIVE ? &k->ordering : &over, n);
}

/* Numbers the note, and folds it into its row. NULL: it has none. */
static struct kept *
fold(struct store *s, struct note *n)
{
	struct kept *k = n->flow ? row_of(s, n->flow) : NULL;

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
		row_remarked(s, k, n);
	if (k->state != ROW_LIVE || n->kind == NOTE_REMARK)
		return k;	/* out of turn: kept in the file, and nothing more */
	kept_note(k, n);
	if (n->kind == NOTE_FLOW)
		k->host = host_kept(s, n->origin->host);
	if (n->kind == NOTE_GONE)
		row_ended(s, k);
	return k;
}

void
store_note(struct store *s, struct note *n)
{
	struct kept *k;

	pthread_mutex_lock(&s->lock);
	k = fold(s, n);
	if (s->journal) {
		uint64_t at = journal_add(s->journal, n, k ? k->last : 0);

		if (k && at) {
			if (k->last < s->stats.file_bytes)
				k->flushed = k->last;
			k->last = at;
		}
	}
	pthread_mutex_unlock(&s->lock);
	if (s->log)
		eventlog_note(s->log, n);
	note_drop(n);
	if ((s->journal && journal_waiting(s->journal) >= BATCH) || (s->log && eventlog_waiting(s->log) >= BATCH))
		store_flush(s);
}

/* A session that was opened, and is to be written on. */
static bool
store_go_on(struct store *s, struct fault *why)
{
	struct journal *j = *s->stats.trouble ? NULL : journal_go_on(s->stats.path, s->fd, s->stats.file_bytes, why);

	if (*s->stats.trouble)
		fault(why, "its end is damaged");
	pthread_mutex_lock(&s->lock);
	s->journal = j;
	pthread_mutex_unlock(&s->lock);
	return j;
}

/* In memory alone: the notes of the file keep their numbers. */
static void
remark_unwritten(struct store *s, struct note *n)
{
	struct kept *k;

	pthread_mutex_lock(&s->lock);
	k = row_of(s, n->flow);
	if (k)
		row_remarked(s, k, n);
	s->changed = true;
	pthread_mutex_unlock(&s->lock);
	note_drop(n);
}

void
store_remark(struct store *s, struct note *n, struct fault *why)
{
	*why = (struct fault){ "" };
	if (!s->journal && !s->unwritten)
		s->unwritten = s->stats.stopped || !store_go_on(s, why);
	if (s->journal)
		store_note(s, n);
	else
		remark_unwritten(s, n);
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
store_flush(struct store *s)
{
	struct fault why;
	bool ok = !s->journal || !journal_waiting(s->journal) || journal_write(s->journal, &why);

	log_flush(s);
	pthread_mutex_lock(&s->lock);
	if (!ok)
		recording_stopped(s, &why);
	if (s->journal)
		s->stats.file_bytes = journal_end(s->journal);
	if (s->changed) {
		s->changed = false;
		s->stats.version++;
		if (s->wanted)
			(void)!write(s->wake, &(uint64_t){ 1 }, 8);
		s->wanted = false;
	}
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

/* A note that is in the file already. */
static void
fold_read(struct store *s, struct note *n, uint64_t at)
{
	struct note read = *n;
	struct kept *k = fold(s, n);

	ordering_numbers(&s->ordering, &read, n->order, n->flow_order);
	if (k)
		k->last = at;
}

struct store *
store_open(const char *path, struct fault *why)
{
	uint64_t at, next, back;
	int fd = journal_open(path, &at, why);
	struct journal_window window = { 0 };
	struct fault cut = { "" };
	struct buf scratch;
	struct store *s;
	struct note n;

	if (fd < 0)
		return NULL;
	s = store_new(path);
	s->fd = fd;
	buf_init(&scratch, READ_MAX);
	while (journal_read_near(fd, &window, at, &scratch, &n, &back, &next, &cut)) {
		fold_read(s, &n, at);
		note_drop(&n);
		at = next;
	}
	free(window.at);
	buf_release(&scratch);
	s->stats.file_bytes = at;
	s->stats.version++;
	if (*cut.text)
		snprintf(s->stats.trouble, sizeof(s->stats.trouble), "%.180s", cut.text);
	return s;
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
	for (; n < count && first + n < s->rows; n++)
		kept_show(&s->row[first + n], &out[n]);
	pthread_mutex_unlock(&s->lock);
	return n;
}

size_t
store_index(struct store *s, flow_id id)
{
	struct kept *k;
	size_t at;

	pthread_mutex_lock(&s->lock);
	k = row_of(s, id);
	at = k ? (size_t)(k - s->row) : SIZE_MAX;
	pthread_mutex_unlock(&s->lock);
	return at;
}

size_t
store_remarked(struct store *s, size_t n)
{
	size_t at;

	pthread_mutex_lock(&s->lock);
	at = n < s->stats.remarks ? s->remarked[n] : SIZE_MAX;
	pthread_mutex_unlock(&s->lock);
	return at;
}

size_t
store_said(struct store *s, flow_id id, enum remark which, char *out, size_t room)
{
	struct kept *k;
	size_t len = 0;

	pthread_mutex_lock(&s->lock);
	k = row_of(s, id);
	if (k) {
		const char *said = kept_said(k, which);

		len = strnlen(said, room - 1);
		memcpy(out, said, len);
	}
	pthread_mutex_unlock(&s->lock);
	out[len] = 0;
	return len;
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
	k = row_of(s, id);
	last = !k ? 0 : k->last < s->stats.file_bytes ? k->last : k->flushed;
	pthread_mutex_unlock(&s->lock);
	return last;
}

int
store_file(const struct store *s)
{
	return s->fd;
}

/* The rows have what the file may not have. */
static void
flow_said(struct store *s, struct flow *f)
{
	char said[REMARK_ROOM];

	for (int i = 0; i < REMARK_COUNT; i++) {
		size_t len = store_said(s, f->id, (enum remark)i, said, sizeof(said));

		slice_drop(&f->remark[i]);
		f->remark[i] = slice_copy((struct bytes){ (const uint8_t *)said, len });
	}
}

bool
store_flow(struct store *s, flow_id id, struct flow *out, struct fault *why)
{
	struct trail *t = trail_new(s, id);
	struct buf scratch;

	*out = (struct flow){ .id = id };
	buf_init(&scratch, READ_MAX);
	while (trail_tell(t, out, SIZE_MAX, &scratch, why))
		;
	buf_release(&scratch);
	trail_free(t);
	flow_said(s, out);
	return out->notes || *why->text ? out->notes : fault(why, store_last(s, id) ? "flow %llu: not written yet" :
		"flow %llu: nothing of it is in the file", (unsigned long long)id);
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
