/* The messages of a flow: where each is, in the journal or in a body. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "soth/coding.h"
#include "soth/messages.h"
#include "soth/spool.h"
#include "soth/trail.h"

enum { CHUNK = 4096, CHUNKS = 1 << 16, AT_ONCE = 4096, RECORD_MAX = 80 << 20 };
#define BODY_MAX ((uint64_t)4 << 30)	/* address space */

struct entry {
	uint64_t when, at;		/* microseconds; in the journal, or in its side's body */
	uint64_t size;
	uint32_t kept, code;
	uint16_t frames;
	uint8_t kind;
	uint8_t side : 1, injected : 1;
};

/* A body that MARKs count in: as it is, or, where they say so, behind its codings. */
struct marked {
	struct head *head;
	struct spool *raw, *plain;	/* plain NULL: raw is what they count in */
	struct coding *coding;
	bool told;			/* a MARK said which */
	bool deaf;			/* no more is put into it */
	uint64_t upto;			/* the last MARK */
	uint64_t last;			/* when the last DATA came */
	unsigned frames;		/* of a message that is not whole yet */
	bool injects;			/* a person put the next one there */
};

struct messages {
	struct trail *trail;
	struct volume *file;
	struct buf scratch;
	pthread_mutex_t lock;		/* of all that the screen asks for */
	struct entry *chunk[CHUNKS];
	size_t count;
	struct marked side[2];
	struct messages_sums sums;
	bool raw;			/* its bytes are nobody's */
};

struct messages *
messages_new(struct store *s, flow_id id)
{
	struct messages *m = xalloc(sizeof(*m));

	m->trail = trail_new(s, id);
	m->file = trail_file(m->trail);
	m->raw = true;
	buf_init(&m->scratch, RECORD_MAX);
	pthread_mutex_init(&m->lock, NULL);
	return m;
}

void
messages_free(struct messages *m)
{
	if (!m)
		return;
	for (int side = CLIENT; side <= SERVER; side++) {
		head_drop(m->side[side].head);
		spool_free(m->side[side].raw);
		spool_free(m->side[side].plain);
		coding_free(m->side[side].coding);
	}
	for (size_t i = 0; i < CHUNKS && m->chunk[i]; i++)
		free(m->chunk[i]);
	trail_free(m->trail);
	buf_release(&m->scratch);
	pthread_mutex_destroy(&m->lock);
	free(m);
}

static void
messages_add(struct messages *m, struct entry one)
{
	size_t chunk = m->count / CHUNK;

	if (chunk == CHUNKS)
		return;
	one.injected = m->side[one.side].injects;
	m->side[one.side].injects = false;
	pthread_mutex_lock(&m->lock);
	if (!m->chunk[chunk])
		m->chunk[chunk] = xalloc(CHUNK * sizeof(one));
	m->chunk[chunk][m->count++ % CHUNK] = one;
	pthread_mutex_unlock(&m->lock);
}

/* Its bytes are nobody's: of no request, or behind an upgrade. */
static bool
is_raw(const struct messages *m)
{
	const struct head *request = m->side[CLIENT].head, *response = m->side[SERVER].head;
	unsigned status = response ? head_status(response) : 0;

	return !request || status == 101 ||
		(bytes_are(head_method(request), "CONNECT") && status >= 200 && status < 300);
}

static void
messages_head(struct messages *m, const struct glance *g)
{
	struct marked *k = &m->side[g->side];
	uint64_t back, next;
	struct fault why;
	struct note n;

	if (!journal_read(m->file, g->at, &m->scratch, &n, &back, &next, &why))
		return;
	if (n.kind == NOTE_PART && n.part.kind == PART_HEAD && (head_kind(n.part.head) == HEAD_REQUEST ||
			head_status(n.part.head) >= 200 || head_status(n.part.head) == 101)) {
		head_drop(k->head);
		k->head = n.part.head;
		n.part = (struct part){ .kind = PART_NONE };
		m->raw = is_raw(m);
	}
	note_drop(&n);
}

static void
marked_put(struct spool *to, struct marked *k, struct bytes more)
{
	struct fault why;

	if (!k->deaf && !spool_add(to, more, &why))
		k->deaf = true;
}

static void
marked_plain(void *arg, struct bytes out)
{
	struct marked *k = arg;

	marked_put(k->plain, k, out);
}

static void
messages_body(struct messages *m, const struct glance *g)
{
	struct marked *k = &m->side[g->side];
	struct bytes data;
	struct fault why;

	pthread_mutex_lock(&m->lock);
	k->last = g->when;
	pthread_mutex_unlock(&m->lock);
	if (k->deaf)
		return;
	if (!journal_data(m->file, g, &m->scratch, &data, &why)) {
		k->deaf = true;
		return;
	}
	if (!k->raw) {
		struct spool *made = spool_new(BODY_MAX);

		pthread_mutex_lock(&m->lock);
		k->raw = made;
		pthread_mutex_unlock(&m->lock);
	}
	if (k->coding)
		coding_feed(k->coding, data, marked_plain, k);
	else
		marked_put(k->raw, k, data);
}

/* The first MARK says whether it counts behind the codings. */
static void
marked_tell(struct messages *m, struct marked *k, bool decoded)
{
	struct hint h = { .type = LIT("application/octet-stream") };
	struct spool *plain;

	k->told = true;
	if (!decoded || !k->head || !k->raw)
		return;
	h.coding = head_find(k->head, "content-encoding");
	plain = spool_new(BODY_MAX);
	pthread_mutex_lock(&m->lock);
	k->plain = plain;
	pthread_mutex_unlock(&m->lock);
	k->coding = coding_new(&h, NULL, BODY_MAX);
	coding_feed(k->coding, spool_bytes(k->raw), marked_plain, k);
}

static void
messages_mark(struct messages *m, const struct glance *g)
{
	struct marked *k = &m->side[g->side];

	if (!k->told)
		marked_tell(m, k, g->code & MARK_DECODED);
	messages_add(m, (struct entry){ .when = g->when, .at = k->upto, .size = g->count, .code = g->code,
		.kind = PART_MARK, .side = g->side == SERVER });
	pthread_mutex_lock(&m->lock);
	k->upto = g->count < UINT64_MAX - k->upto ? k->upto + g->count : UINT64_MAX;
	pthread_mutex_unlock(&m->lock);
}

static void
messages_message(struct messages *m, const struct glance *g)
{
	struct marked *k = &m->side[g->side];
	bool pieces = g->part == PART_MESSAGE && g->code & WS_PIECES;

	messages_add(m, (struct entry){ .when = g->when, .at = g->data, .kept = (uint32_t)g->len,
		.size = g->part == PART_MESSAGE ? g->count : g->len, .code = g->code,
		.frames = pieces ? (uint16_t)(k->frames < UINT16_MAX ? k->frames : UINT16_MAX) : 0,
		.kind = (uint8_t)g->part, .side = g->side == SERVER });
	if (pieces)
		k->frames = 0;
}

static void
messages_sum(struct messages *m, const struct glance *g)
{
	struct part p = { .kind = g->part, .code = g->code };

	pthread_mutex_lock(&m->lock);
	if (g->part == PART_DATA) {
		m->sums.bytes[g->side] += g->len;
		m->sums.count[g->side] += m->raw;
	} else if (g->part == PART_SKIP) {
		m->sums.bytes[g->side] += g->count;
		m->sums.count[g->side] += g->code;
	} else if (g->part == PART_MESSAGE || g->part == PART_MARK) {
		m->sums.bytes[g->side] += g->part == PART_MESSAGE ? g->count : 0;
		m->sums.count[g->side] += part_is_message(&p);
	}
	pthread_mutex_unlock(&m->lock);
}

static void
messages_part(struct messages *m, const struct glance *g)
{
	messages_sum(m, g);
	if (g->part == PART_HEAD)
		messages_head(m, g);
	else if (g->part == PART_DATA && !m->raw)
		messages_body(m, g);
	else if (g->part == PART_MARK)
		messages_mark(m, g);
	else if (g->part == PART_FRAME)
		m->side[g->side].frames++;
	else if (g->part == PART_MESSAGE || g->part == PART_FAULT || g->part == PART_DATA)
		messages_message(m, g);
}

bool
messages_read(void *messages)
{
	struct messages *m = messages;
	struct glance g;
	struct fault why;

	for (size_t i = 0; i < AT_ONCE; i++) {
		if (!trail_next(m->trail, &g, &why))
			return trail_busy(m->trail);
		if (g.kind == NOTE_PART)
			messages_part(m, &g);
		else if (g.kind == NOTE_HAND && g.code == HAND_INJECTED)
			m->side[g.side].injects = true;
	}
	return true;
}

static struct bytes
marked_bytes(const struct marked *k)
{
	struct spool *s = k->plain ? k->plain : k->raw;

	return s ? spool_bytes(s) : (struct bytes){ 0 };
}

/* What the body has behind its last MARK. */
static bool
marked_begun(const struct marked *k)
{
	return k->upto && marked_bytes(k).len > k->upto;
}

size_t
messages_count(struct messages *m)
{
	size_t count;

	pthread_mutex_lock(&m->lock);
	count = m->count + marked_begun(&m->side[CLIENT]) + marked_begun(&m->side[SERVER]);
	pthread_mutex_unlock(&m->lock);
	return count;
}

static struct message
begun(const struct marked *k, enum side side)
{
	return (struct message){ .when = k->last, .side = side, .kind = PART_DATA, .begun = true,
		.size = marked_bytes(k).len - k->upto };
}

/* The lock is held. */
static struct message
message_of(const struct messages *m, size_t i, struct entry *e)
{
	*e = (struct entry){ 0 };
	if (i >= m->count) {
		bool first = i == m->count && marked_begun(&m->side[CLIENT]);
		const struct marked *k = &m->side[first ? CLIENT : SERVER];

		e->at = k->upto;
		return begun(k, first ? CLIENT : SERVER);
	}
	*e = m->chunk[i / CHUNK][i % CHUNK];
	return (struct message){ .when = e->when, .side = (enum side)e->side, .kind = (enum part_kind)e->kind,
		.code = e->code, .frames = e->frames, .size = e->size, .injected = e->injected };
}

struct message
messages_at(struct messages *m, size_t i)
{
	struct message one;
	struct entry e;

	pthread_mutex_lock(&m->lock);
	one = message_of(m, i, &e);
	pthread_mutex_unlock(&m->lock);
	return one;
}

static struct bytes
cut(struct bytes body, uint64_t from, uint64_t len, size_t most)
{
	if (from >= body.len)
		return (struct bytes){ 0 };
	body = (struct bytes){ body.at + from, body.len - (size_t)from };
	body.len = len < body.len ? (size_t)len : body.len;
	body.len = most < body.len ? most : body.len;
	return body;
}

struct message
messages_get(struct messages *m, size_t i, size_t most, struct buf *scratch)
{
	struct message one;
	struct bytes body;
	struct entry e;

	pthread_mutex_lock(&m->lock);
	one = message_of(m, i, &e);
	body = marked_bytes(&m->side[one.side]);
	pthread_mutex_unlock(&m->lock);
	if (one.kind == PART_MARK || one.begun)
		one.bytes = cut(body, e.at, one.size, most);
	else
		one.bytes = journal_bytes(m->file, e.at, e.kept < most ? e.kept : most, scratch);
	return one;
}

struct messages_sums
messages_sums(struct messages *m)
{
	struct messages_sums sums;

	pthread_mutex_lock(&m->lock);
	sums = m->sums;
	pthread_mutex_unlock(&m->lock);
	return sums;
}
