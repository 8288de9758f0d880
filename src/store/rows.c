/* The rows of a store: where each is, and what those who look are told of them. */
#include <string.h>

#include "handshakes.h"
#include "soth/map.h"
#include "soth/trail.h"
#include "store_inside.h"

enum { IDS_AHEAD = 1 << 16 };

static struct bytes
id_key(const flow_id *id)
{
	return (struct bytes){ (const uint8_t *)id, sizeof(*id) };
}

size_t
store_place(const struct store *s, flow_id id)
{
	const uint32_t *dense = shelf_at(&s->at, id);
	uintptr_t at = dense ? *dense : 0;

	if (!at && map_count(s->far))
		at = (uintptr_t)map_find(s->far, id_key(&id));
	return at ? at - 1 : SIZE_MAX;
}

struct kept *
store_kept(const struct store *s, size_t index)
{
	struct kept *k = index < s->rows ? shelf_at(&s->row, index) : NULL;

	return k && k->id ? k : NULL;
}

struct kept *
store_row(const struct store *s, flow_id id)
{
	return store_kept(s, store_place(s, id));
}

static void
row_index(struct store *s, flow_id id, uint32_t at)
{
	if (id >= (s->rows + IDS_AHEAD) * 2)
		(void)map_put(s->far, id_key(&id), (void *)(uintptr_t)at);
	else
		*(uint32_t *)shelf_put(&s->at, id) = at;
}

const char *
store_process(const struct store *s, const struct kept *k)
{
	const struct kept *opener = k->opener ? store_kept(s, k->opener - 1) : k;

	opener = opener ? opener : k;
	return opener->process ? opener->process : kept_client(opener);
}

void
store_forget(struct store *s, size_t index)
{
	struct kept *k = store_kept(s, index);
	uint32_t *dense = shelf_at(&s->at, k->id);

	store_carry(s, k->id, 0);
	if (dense && *dense)
		shelf_drop(&s->at, k->id);
	else
		(void)map_take(s->far, id_key(&k->id));
	kept_release(k);
	shelf_drop(&s->row, index);
}

void
store_carry(struct store *s, flow_id id, uint64_t at)
{
	if (at)
		(void)map_put(s->carried, id_key(&id), (void *)(uintptr_t)at);
	else if (map_count(s->carried))
		(void)map_take(s->carried, id_key(&id));
}

struct kept *
store_row_new(struct store *s, flow_id id)
{
	struct kept *k = shelf_put(&s->row, s->rows);

	*k = (struct kept){ .id = id, .tls_failed = -1, .grpc = -1 };
	row_index(s, id, (uint32_t)s->rows + 1);
	s->highest = id > s->highest ? id : s->highest;
	s->stats.flows++;
	s->stats.live++;
	s->rows++;
	return k;
}

static void
row_show(const struct store *s, size_t index, struct row *out)
{
	const struct kept *k = store_kept(s, index);

	const struct kept *opener = k && k->opener ? store_kept(s, k->opener - 1) : k;

	if (k)
		kept_show(k, opener ? opener : k, out);
	else
		*out = (struct row){ .id = 0 };
}

/* The lock is held. */
static size_t
rows_copy(const struct store *s, size_t first, size_t count, struct row *out)
{
	size_t n = 0;

	for (; n < count && first + n < s->rows; n++)
		row_show(s, first + n, &out[n]);
	return n;
}

size_t
store_rows(struct store *s, size_t first, size_t count, struct row *out)
{
	size_t n;

	pthread_rwlock_rdlock(&s->lock);
	n = rows_copy(s, first, count, out);
	pthread_rwlock_unlock(&s->lock);
	return n;
}

size_t
store_rows_now(struct store *s, size_t first, size_t count, struct row *out)
{
	size_t n;

	if (pthread_rwlock_tryrdlock(&s->lock))
		return 0;
	n = rows_copy(s, first, count, out);
	pthread_rwlock_unlock(&s->lock);
	return n;
}

/* Those that are gone with the file's beginning are passed over. */
uint64_t
store_trigrams(struct store *s, size_t i)
{
	uint64_t at;

	pthread_rwlock_rdlock(&s->lock);
	at = i < s->learned && s->trigrams[i] < s->stats.file_bytes ? s->trigrams[i] : 0;
	pthread_rwlock_unlock(&s->lock);
	return at;
}

size_t
store_index(struct store *s, flow_id id)
{
	size_t at;

	pthread_rwlock_rdlock(&s->lock);
	at = store_place(s, id);
	pthread_rwlock_unlock(&s->lock);
	return at;
}

size_t
store_ended(struct store *s, size_t n)
{
	const uint32_t *ended;
	size_t at = SIZE_MAX;

	pthread_rwlock_rdlock(&s->lock);
	ended = shelf_at(&s->ended, n);
	if (n < s->told)
		at = ended && *ended ? *ended - 1 : STORE_GONE;
	pthread_rwlock_unlock(&s->lock);
	return at;
}

uint64_t
store_last(struct store *s, flow_id id)
{
	struct kept *k;
	uint64_t last;

	pthread_rwlock_rdlock(&s->lock);
	k = store_row(s, id);
	last = !k ? 0 : k->last < s->stats.file_bytes ? k->last : k->flushed;
	pthread_rwlock_unlock(&s->lock);
	return last;
}

uint64_t
store_carried(struct store *s, flow_id id)
{
	uint64_t at;

	pthread_rwlock_rdlock(&s->lock);
	at = (uintptr_t)map_find(s->carried, id_key(&id));
	pthread_rwlock_unlock(&s->lock);
	return at;
}

size_t
store_left(struct store *s, uint32_t *index, size_t count)
{
	size_t left = 0;

	pthread_rwlock_rdlock(&s->lock);
	for (size_t i = 0; i < count; i++)
		if (store_kept(s, index[i]))
			index[left++] = index[i];
	pthread_rwlock_unlock(&s->lock);
	return left;
}

uint64_t
store_head(struct store *s, flow_id id, enum side side)
{
	struct kept *k;
	uint64_t at;

	pthread_rwlock_rdlock(&s->lock);
	k = store_row(s, id);
	at = k && k->head[side] < s->stats.file_bytes ? k->head[side] : 0;
	pthread_rwlock_unlock(&s->lock);
	return at;
}

/* Those that are held are among the newest: that is where to look first. */
flow_id
store_next_held(struct store *s, flow_id after)
{
	flow_id first = 0, next = 0;

	pthread_rwlock_rdlock(&s->lock);
	for (size_t i = s->rows, left = s->stats.held; i && left; i--) {
		const struct kept *k = store_kept(s, i - 1);

		if (!k || !k->held)
			continue;
		first = k->id;
		next = k->id > after ? k->id : next;
		left--;
	}
	pthread_rwlock_unlock(&s->lock);
	return next ? next : first;
}

size_t
store_handshakes(struct store *s, uint64_t now, struct handshakes *out, size_t count)
{
	pthread_rwlock_rdlock(&s->lock);
	count = handshake_lines(s->handshakes, now, out, count);
	pthread_rwlock_unlock(&s->lock);
	return count;
}

uint64_t
store_handshakes_version(struct store *s)
{
	uint64_t version;

	pthread_rwlock_rdlock(&s->lock);
	version = handshake_version(s->handshakes);
	pthread_rwlock_unlock(&s->lock);
	return version;
}

uint32_t
store_handshakes_of(struct store *s, flow_id id)
{
	const struct kept *k;
	uint32_t number;

	pthread_rwlock_rdlock(&s->lock);
	k = store_row(s, id);
	number = k ? handshake_of(s->handshakes, k, store_process(s, k)) : 0;
	pthread_rwlock_unlock(&s->lock);
	return number;
}

uint64_t
store_heard(struct store *s)
{
	uint64_t heard;

	pthread_rwlock_rdlock(&s->lock);
	heard = s->heard;
	pthread_rwlock_unlock(&s->lock);
	return heard;
}
