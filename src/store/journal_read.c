/* The session file, read: records at their places, one after the other or as their flow leads back. */
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#include "../format/soth.h"
#include "le32.h"
#include "soth/journal.h"

enum { FRAME = 8, RECORD_MAX = 64 << 20, AHEAD = 1024, GLANCE = 96, COUNT = 9, WINDOW = 64 * 1024 };

/* The record's first bytes into scratch, and mostly all of it: most are small,
 * and each call of the system costs more than they do. */
static size_t
read_ahead(struct volume *v, uint64_t at, struct buf *scratch)
{
	uint8_t *to = buf_room(scratch, AHEAD);
	size_t got = to ? volume_read(v, at, to, AHEAD) : 0;

	buf_grew(scratch, got);
	return got;
}

/* A window over both sides of what was looked at last: the way may lead either
 * way. What is not yet in the file is not in it. */
static void
window_move(struct journal_window *w, struct volume *v, uint64_t at)
{
	uint64_t from = at < w->last ? (at + GLANCE * 4 > WINDOW ? at + GLANCE * 4 - WINDOW : 0) : at;

	if (!w->at)
		w->at = xalloc(WINDOW);
	w->from = from;
	w->len = volume_read(v, from, w->at, WINDOW);
}

/* The file's beginning has gone since, and other bytes may stand there. */
static void
window_renew(struct journal_window *w, const struct volume *v)
{
	unsigned epoch = volume_epoch(v);

	if (w->epoch != epoch)
		w->len = 0;
	w->epoch = epoch;
}

void
journal_reach(struct volume *v, struct journal_window *w, uint64_t from, uint64_t to)
{
	if (to < from || to - from > WINDOW / 2)
		return;
	window_renew(w, v);
	if (from < w->from || to + GLANCE * 4 > w->from + w->len) {
		w->last = from;
		window_move(w, v, from);
	}
	w->last = to;
}

/* Bytes at `at`, as many as there are. */
static size_t
window_read(struct journal_window *w, struct volume *v, uint64_t at, uint8_t *to, size_t len)
{
	bool near = at < w->last ? w->last - at < WINDOW / 4 : at - w->last < WINDOW / 4;

	window_renew(w, v);
	if (near && (at < w->from || at + len > w->from + w->len))
		window_move(w, v, at);
	w->last = at;
	if (w->at && at >= w->from && at + len <= w->from + w->len) {
		memcpy(to, w->at + (at - w->from), len);
		return len;
	}
	return volume_read(v, at, to, len);
}

/* Nothing more, or less than there should be. */
static bool
cut_off(const struct volume *v, uint64_t at, bool begun, struct fault *why)
{
	*why = (struct fault){ "" };
	return volume_ends(v, why) || *why->text || !begun ? false : fault(why, "cut off at byte %llu", (unsigned long long)at);
}

/* The count stands behind the bytes, which may be many. */
static bool
glance_count(struct volume *v, struct journal_window *w, struct glance *g)
{
	uint8_t behind[COUNT];
	size_t got = window_read(w, v, g->data + g->len, behind, sizeof(behind));

	return soth_glance_count((struct bytes){ behind, got }, &g->count);
}

bool
journal_glance(struct volume *v, struct journal_window *w, uint64_t at, struct glance *g, struct fault *why)
{
	uint8_t first[FRAME + GLANCE];
	size_t got = window_read(w, v, at, first, sizeof(first)), data, len;
	bool counted;
	struct note n;

	if (got < FRAME)
		return cut_off(v, at, true, why);
	if (!soth_glance((struct bytes){ first + FRAME, got - FRAME }, &n, &g->back, &data, &len, &counted))
		return fault(why, "damaged at byte %llu", (unsigned long long)at);
	g->at = at;
	g->kind = n.kind;
	g->side = n.side;
	g->flow = n.flow;
	g->when = n.when;
	g->order = n.order;
	g->flow_order = n.flow_order;
	g->part = n.kind == NOTE_PART ? n.part.kind : PART_NONE;
	g->code = n.kind == NOTE_PART || n.kind == NOTE_HAND ? n.part.code : 0;
	g->count = n.kind == NOTE_PART && n.part.kind == PART_SKIP ? n.part.count : 0;
	g->data = at + FRAME + data;
	g->len = len;
	g->next = at + FRAME + get_le32(first);
	return !counted || glance_count(v, w, g) || fault(why, "damaged at byte %llu", (unsigned long long)at);
}

/* All of the record at `at`, whose checksum is right. */
static bool
read_record(struct volume *v, uint64_t at, struct buf *scratch, struct bytes *record, struct fault *why)
{
	uint8_t *to;
	size_t got;
	uint32_t len;

	*why = (struct fault){ "" };
	buf_eat(scratch, scratch->len);
	got = read_ahead(v, at, scratch);
	if (got < FRAME)
		return cut_off(v, at, got, why);
	len = get_le32(scratch->at);
	got -= FRAME;
	to = len <= RECORD_MAX ? buf_room(scratch, len > got ? len - got : 0) : NULL;
	if (!to)
		return fault(why, "damaged at byte %llu: a record of %u bytes", (unsigned long long)at, len);
	if (len > got && volume_read(v, at + FRAME + got, to, len - got) != len - got)
		return cut_off(v, at, true, why);
	*record = (struct bytes){ scratch->at + FRAME, len };
	return libdeflate_crc32(0, record->at, len) == get_le32(scratch->at + 4) ||
		fault(why, "damaged at byte %llu: the checksum is wrong", (unsigned long long)at);
}

/* A record that is all in the window, or can be with its frame. Empty: it is not, or is damaged. */
static struct bytes
window_record(struct journal_window *w, struct volume *v, uint64_t at)
{
	size_t ahead = 0;
	const uint8_t *frame;
	uint32_t len;

	window_renew(w, v);
	for (unsigned turn = 0; turn < 2; turn++) {
		if (at < w->from || at + FRAME > w->from + w->len) {
			window_move(w, v, at);
			w->last = at;
		}
		ahead = at >= w->from ? (size_t)(w->from + w->len - at) : 0;
		if (at < w->from || ahead < FRAME)
			return (struct bytes){ 0 };
		frame = w->at + (at - w->from);
		len = get_le32(frame);
		if (len <= ahead - FRAME)
			return libdeflate_crc32(0, frame + FRAME, len) == get_le32(frame + 4) ? (struct bytes){ frame + FRAME, len } :
				(struct bytes){ 0 };
		if (len > WINDOW / 2)
			break;
		w->len = 0;	/* from there on */
		w->last = at;
	}
	return (struct bytes){ 0 };
}

bool
journal_read_near(struct volume *v, struct journal_window *w, uint64_t at, struct buf *scratch, struct note *n, uint64_t *back,
	uint64_t *next, struct fault *why)
{
	struct bytes record = window_record(w, v, at);

	if (!record.len)
		return journal_read(v, at, scratch, n, back, next, why);	/* it says what is wrong */
	*why = (struct fault){ "" };
	*next = at + FRAME + record.len;
	return soth_unpack(record, n, back, why);
}

bool
journal_read(struct volume *v, uint64_t at, struct buf *scratch, struct note *n, uint64_t *back,
	uint64_t *next, struct fault *why)
{
	struct bytes record;

	if (!read_record(v, at, scratch, &record, why))
		return false;
	*next = at + FRAME + record.len;
	return soth_unpack(record, n, back, why);
}

/* False: it is to be read. */
static bool
skim(struct volume *v, struct journal_window *w, uint64_t at, struct note *n, uint64_t *back, uint64_t *next)
{
	uint8_t first[FRAME + GLANCE];
	size_t got = window_read(w, v, at, first, sizeof(first)), data, len;
	uint64_t record = got < FRAME ? 0 : get_le32(first);
	bool counted;

	if (record <= WINDOW / 2 || record > RECORD_MAX ||
			!soth_glance((struct bytes){ first + FRAME, got - FRAME }, n, back, &data, &len, &counted) ||
			n->kind != NOTE_PART || n->part.kind != PART_DATA || len > record ||
			volume_size(v) < at + FRAME + record)
		return false;
	n->part.data = (struct slice){ .bytes = { NULL, len } };
	*next = at + FRAME + record;
	return true;
}

bool
journal_skim(struct volume *v, struct journal_window *w, uint64_t at, struct buf *scratch, struct note *n, uint64_t *back,
	uint64_t *next, struct fault *why)
{
	struct bytes record = window_record(w, v, at);

	*why = (struct fault){ "" };
	if (!record.len && skim(v, w, at, n, back, next))
		return true;
	return journal_read_near(v, w, at, scratch, n, back, next, why);
}

/* What a glance told of, out of its record. */
static bool
record_data(const struct glance *g, struct bytes record, struct bytes *data, struct fault *why)
{
	uint64_t from = g->data - g->at - FRAME;

	if (from > record.len || g->len > record.len - from)
		return fault(why, "damaged at byte %llu", (unsigned long long)g->at);
	*data = (struct bytes){ record.at + from, (size_t)g->len };
	return true;
}

bool
journal_data_near(struct volume *v, struct journal_window *w, const struct glance *g, struct buf *scratch, struct bytes *data,
	struct fault *why)
{
	struct bytes record = window_record(w, v, g->at);

	return record.len ? record_data(g, record, data, why) : journal_data(v, g, scratch, data, why);
}

bool
journal_data(struct volume *v, const struct glance *g, struct buf *scratch, struct bytes *data, struct fault *why)
{
	struct bytes record;

	return read_record(v, g->at, scratch, &record, why) && record_data(g, record, data, why);
}

struct bytes
journal_bytes(struct volume *v, uint64_t at, size_t len, struct buf *scratch)
{
	uint8_t *to;

	buf_eat(scratch, scratch->len);
	to = len && len <= RECORD_MAX ? buf_room(scratch, len) : NULL;
	buf_grew(scratch, to ? volume_read(v, at, to, len) : 0);
	return buf_bytes(scratch);
}
