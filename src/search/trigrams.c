/* What is known of flows: their signatures, in a file without a name and in a journal. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "search_inside.h"
#include "soth/spool.h"

enum { WAITING = 1 << 20, SPOOLED = 256 << 10, UNTOLD = 16 << 20, TOLD = 256 << 10 };

struct trigrams {
	pthread_mutex_t lock;
	unsigned refs;
	struct spool *file;
	struct buf waiting;	/* not in the file yet */
	struct buf untold;	/* not in the journal yet: by their numbers, not by index */
	size_t learned;		/* records of an opened journal */
	uint64_t *known;	/* a bit for each index */
	size_t words, flows;
	bool full;
};

struct trigrams *
trigrams_new(void)
{
	struct trigrams *t = xalloc(sizeof(*t));

	pthread_mutex_init(&t->lock, NULL);
	t->refs = 1;
	t->file = spool_new(TRIGRAMS_MAX);
	buf_init(&t->waiting, WAITING + SIGNATURE_MADE_MAX);
	buf_init(&t->untold, UNTOLD);
	return t;
}

struct trigrams *
trigrams_ref(struct trigrams *t)
{
	pthread_mutex_lock(&t->lock);
	t->refs++;
	pthread_mutex_unlock(&t->lock);
	return t;
}

void
trigrams_drop(struct trigrams *t)
{
	bool last;

	if (!t)
		return;
	pthread_mutex_lock(&t->lock);
	last = !--t->refs;
	pthread_mutex_unlock(&t->lock);
	if (!last)
		return;
	spool_free(t->file);
	buf_release(&t->waiting);
	buf_release(&t->untold);
	pthread_mutex_destroy(&t->lock);
	free(t->known);
	free(t);
}

void
trigrams_size(struct trigrams *t, size_t *flows, uint64_t *bytes)
{
	pthread_mutex_lock(&t->lock);
	*flows = t->flows;
	*bytes = spool_bytes(t->file).len + t->waiting.len;
	pthread_mutex_unlock(&t->lock);
}

static bool
known(const struct trigrams *t, uint32_t index)
{
	return index / 64 < t->words && t->known[index / 64] >> index % 64 & 1;
}

bool
trigrams_know(struct trigrams *t, uint32_t index)
{
	bool is;

	pthread_mutex_lock(&t->lock);
	is = t->full || known(t, index);
	pthread_mutex_unlock(&t->lock);
	return is;
}

/* The records get the flow's index; the last is marked. */
static void
stamp(struct bytes made, uint32_t index)
{
	uint8_t *at = (uint8_t *)(uintptr_t)made.at;
	struct signature r;

	for (size_t left = made.len; left; at += SIGNATURE_HEAD + r.bytes) {
		memcpy(&r, at, SIGNATURE_HEAD);
		left -= SIGNATURE_HEAD + r.bytes;
		r.index = index;
		r.last = !left;
		memcpy(at, &r, SIGNATURE_HEAD);
	}
}

static void
know(struct trigrams *t, uint32_t index)
{
	size_t words = t->words ? t->words : 64;

	while (words <= index / 64)
		words *= 2;
	if (words > t->words) {
		t->known = xgrow(t->known, words, sizeof(*t->known));
		memset(t->known + t->words, 0, (words - t->words) * sizeof(*t->known));
		t->words = words;
	}
	t->known[index / 64] |= 1ull << index % 64;
	t->flows++;
}

/* What is put into the file is known: never the one without the other. */
static void
spill(struct trigrams *t)
{
	struct fault why;

	if (spool_add(t->file, buf_bytes(&t->waiting), &why))
		buf_eat(&t->waiting, t->waiting.len);
	else
		t->full = true;
}

/* The lock is held. False: it is known, or there is no room for it. */
static bool
put(struct trigrams *t, uint32_t index, struct bytes made)
{
	if (t->full || known(t, index) || !buf_add(&t->waiting, made))
		return false;
	know(t, index);
	if (t->waiting.len >= SPOOLED)
		spill(t);
	return true;
}

void
trigrams_put(struct trigrams *t, uint32_t index, flow_id flow, struct signer *s)
{
	struct bytes made;

	signer_flush(s);
	made = buf_bytes(&s->made);
	if (made.len >= SIGNATURE_MADE_MAX / 2)
		return;
	stamp(made, index);
	pthread_mutex_lock(&t->lock);
	if (put(t, index, made) && flow <= UINT32_MAX && made.len < TOLD) {
		stamp(made, (uint32_t)flow);
		(void)!buf_add(&t->untold, made);	/* what finds no room is not told */
	}
	pthread_mutex_unlock(&t->lock);
}

void
trigrams_tell(struct trigrams *t, struct store *s, bool all)
{
	struct note n = { .kind = NOTE_LOG, .part = { .kind = PART_DATA, .code = LOG_TRIGRAMS } };

	pthread_mutex_lock(&t->lock);
	if (t->untold.len >= (all ? 1 : TOLD))
		n.part.data = buf_seal(&t->untold);
	pthread_mutex_unlock(&t->lock);
	if (n.part.data.bytes.len && store_writes(s))
		store_note(s, &n);
	else
		note_drop(&n);
}

/* The first flow's records, whole and as they should be. Empty: there are none. */
static struct bytes
first_of(struct bytes records, flow_id *flow)
{
	struct bytes left = records;
	struct signature r = { .last = 0 };

	while (!r.last) {
		if (left.len < SIGNATURE_HEAD)
			return (struct bytes){ 0 };
		memcpy(&r, left.at, SIGNATURE_HEAD);
		if (r.log < SIGNATURE_LOG_LEAST || r.log > SIGNATURE_LOG_MOST || r.last > 1 || (left.at != records.at && r.index != *flow) ||
				r.bytes > left.len - SIGNATURE_HEAD)
			return (struct bytes){ 0 };
		*flow = r.index;
		left = bytes_from(left, SIGNATURE_HEAD + r.bytes);
	}
	return (struct bytes){ records.at, records.len - left.len };
}

/* Of a flow that the journal goes on with behind them, they say nothing. */
static void
learn(struct trigrams *t, struct store *s, struct bytes records, uint64_t at)
{
	struct bytes made;
	flow_id flow = 0;

	while ((made = first_of(records, &flow)).len) {
		uint64_t last = store_last(s, flow);
		size_t index = store_index(s, flow);

		records = bytes_from(records, made.len);
		if (!last || last >= at || index > UINT32_MAX)
			continue;
		stamp(made, (uint32_t)index);
		pthread_mutex_lock(&t->lock);
		(void)put(t, (uint32_t)index, made);
		pthread_mutex_unlock(&t->lock);
	}
}

void
trigrams_learn(struct trigrams *t, struct lens *l)
{
	struct store *s = lens_store(l);
	struct glance g = { .at = 0 };
	struct fault why;
	struct note n;

	while (!store_writes(s)) {
		pthread_mutex_lock(&t->lock);
		g.at = store_trigrams(s, t->learned);
		t->learned += g.at > 0;
		pthread_mutex_unlock(&t->lock);
		if (!g.at)
			return;
		if (!lens_note(l, &g, &n, &why))
			continue;
		if (n.kind == NOTE_LOG && n.part.kind == PART_DATA)
			learn(t, s, n.part.data.bytes, g.at);
		note_drop(&n);
	}
}

static bool
may_have(const uint8_t *bits, struct signature r, const uint32_t *wanted, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t at = (uint64_t)(wanted[i] >> (32 - r.log)) * (r.bytes * 8u) >> r.log;

		if (!r.bytes || !(bits[at / 8] >> at % 8 & 1))
			return false;
	}
	return true;
}

static void
go_through(struct bytes records, const uint32_t *wanted, size_t count, uint64_t *without)
{
	struct signature r;
	bool may = false;

	for (const uint8_t *at = records.at, *end = at + records.len; at < end; at += SIGNATURE_HEAD + r.bytes) {
		memcpy(&r, at, SIGNATURE_HEAD);
		may = may || may_have(at + SIGNATURE_HEAD, r, wanted, count);
		if (!r.last)
			continue;
		if (!may)
			without[r.index / 64] |= 1ull << r.index % 64;
		may = false;
	}
}

/* The file grows meanwhile, and what is there stays: only what waits is looked at with the lock. */
uint64_t *
trigrams_without(struct trigrams *t, struct bytes literal, size_t *upto)
{
	uint32_t wanted[LITERAL_MAX];
	size_t count = 0;
	struct bytes file;
	uint64_t *without;

	*upto = 0;
	for (size_t i = 0; i + 3 <= literal.len; i++)
		wanted[count++] = trigram_hash(literal.at + i);
	if (!count)
		return NULL;
	pthread_mutex_lock(&t->lock);
	*upto = t->words * 64;
	without = *upto ? xalloc(t->words * sizeof(*without)) : NULL;
	file = spool_bytes(t->file);
	if (without)
		go_through(buf_bytes(&t->waiting), wanted, count, without);
	pthread_mutex_unlock(&t->lock);
	if (without)
		go_through(file, wanted, count, without);
	return without;
}
