/*
 * Signatures of flows by the trigrams of their texts. Each is a record:
 *
 *	u32  index of the flow; those of one flow stand together
 *	u16  .bytes of the bits
 *	u8   .log: a trigram's hash has so many bits ...
 *	u8   1 where it is the flow's last
 *	...  ... which are folded to those there are
 *
 * The bits are twice as many as there are trigrams, but at most a bit for
 * each byte of the text and a quarter.
 */
#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "search_inside.h"
#include "soth/spool.h"

enum { HEADER = 8, LOG_LEAST = 6, MADE_MAX = 64 << 20, WAITING = 1 << 20, SPOOLED = 256 << 10 };

struct record { uint32_t index; uint16_t bytes; uint8_t log, last; };

static uint32_t
hash(const uint8_t *at)
{
	return (at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16) * 0x9e3779b1u;
}

void
signer_init(struct signer *s)
{
	*s = (struct signer){ .text = xalloc(SIGNED), .bits = xalloc(SIGNED + 8) };
	buf_init(&s->made, MADE_MAX);
}

void
signer_release(struct signer *s)
{
	free(s->text);
	free(s->bits);
	buf_release(&s->made);
}

/* A hash has eight places for each byte of the text. */
static unsigned
signer_log(const struct signer *s)
{
	unsigned log = LOG_LEAST;

	while (log < 31 && ((size_t)1 << log) < s->len * 8)
		log++;
	return log;
}

static size_t
signer_count(struct signer *s, unsigned log)
{
	size_t count = 0;

	memset(s->bits, 0, (size_t)1 << log >> 3);
	for (size_t i = 0; i + 3 <= s->len; i++) {
		uint32_t at = hash(s->text + i) >> (32 - log);

		s->bits[at / 64] |= 1ull << at % 64;
	}
	for (size_t i = 0; i < (size_t)1 << log >> 6; i++)
		count += (size_t)__builtin_popcountll(s->bits[i]);
	return count;
}

static void
signer_fold(const struct signer *s, unsigned log, size_t bits, uint8_t *to)
{
	memset(to, 0, bits / 8);
	for (size_t i = 0; i < (size_t)1 << log >> 6; i++)
		for (uint64_t left = s->bits[i]; left; left &= left - 1) {
			uint64_t at = (i * 64 + (uint64_t)__builtin_ctzll(left)) * bits >> log;

			to[at / 8] |= (uint8_t)(1u << at % 8);
		}
}

static void
signer_flush(struct signer *s)
{
	unsigned log = signer_log(s);
	size_t count = signer_count(s, log), most = s->len + s->len / 4;
	size_t bytes = ((count * 2 < most ? count * 2 : most) + 7) / 8;
	struct record r = { .bytes = (uint16_t)bytes, .log = (uint8_t)log };
	uint8_t *to = buf_room(&s->made, HEADER + bytes);

	if (!to)
		return;		/* of a flow with so much, nothing is known: see trigrams_put() */
	memcpy(to, &r, HEADER);
	signer_fold(s, log, bytes * 8, to + HEADER);
	buf_grew(&s->made, HEADER + bytes);
}

void
signer_begin(struct signer *s)
{
	buf_eat(&s->made, s->made.len);
	s->len = 0;
}

void
signer_text(struct signer *s, struct bytes text)
{
	while (text.len) {
		size_t n = SIGNED - s->len < text.len ? SIGNED - s->len : text.len;

		for (size_t i = 0; i < n; i++)
			s->text[s->len + i] = (uint8_t)tolower(text.at[i]);
		s->len += n;
		text = (struct bytes){ text.at + n, text.len - n };
		if (s->len < SIGNED)
			return;
		signer_flush(s);
		memmove(s->text, s->text + SIGNED - (LITERAL_MAX - 1), LITERAL_MAX - 1);
		s->len = LITERAL_MAX - 1;
	}
}

struct trigrams {
	pthread_mutex_t lock;
	unsigned refs;
	struct spool *file;
	struct buf waiting;	/* not in the file yet */
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
	buf_init(&t->waiting, WAITING + MADE_MAX);
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
	struct record r;

	for (size_t left = made.len; left; at += HEADER + r.bytes) {
		memcpy(&r, at, HEADER);
		left -= HEADER + r.bytes;
		r.index = index;
		r.last = !left;
		memcpy(at, &r, HEADER);
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

void
trigrams_put(struct trigrams *t, uint32_t index, struct signer *s)
{
	signer_flush(s);
	stamp(buf_bytes(&s->made), index);
	pthread_mutex_lock(&t->lock);
	if (!t->full && !known(t, index) && s->made.len < MADE_MAX / 2 && buf_add(&t->waiting, buf_bytes(&s->made))) {
		know(t, index);
		if (t->waiting.len >= SPOOLED)
			spill(t);
	}
	pthread_mutex_unlock(&t->lock);
}

static bool
may_have(const uint8_t *bits, struct record r, const uint32_t *wanted, size_t count)
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
	struct record r;
	bool may = false;

	for (const uint8_t *at = records.at, *end = at + records.len; at < end; at += HEADER + r.bytes) {
		memcpy(&r, at, HEADER);
		may = may || may_have(at + HEADER, r, wanted, count);
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
		wanted[count++] = hash(literal.at + i);
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
